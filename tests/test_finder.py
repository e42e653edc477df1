"""Finding numerals: positions, separators, number words and idioms."""

import contextlib
import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import corpus, paths
from helpers.numerals.finder import IDIOMS, digit_runs, find, number_words
from helpers.numerals.values import number
from helpers.transcribing import proposals


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("41.69, 25.3, and 18.0 billion", ["41.69", "25.3", "18.0"]),
        ("at 2.63:1 in 2014", ["2.63:1", "2014"]),
        ("2,480. Then 1,090", ["2,480", "1,090"]),
        ("602万人 31.5万只", ["602", "31.5"]),
        ("5G and the 40th", ["5", "40"]),
    ],
)
def test_digits_are_found_with_their_separators(text, tokens):
    assert [n.token for n in digit_runs(text)] == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("one and a half hours", ["one", "half"]),
        ("visited twice, three times", ["twice", "three"]),
        ("one-quarter of the islands", ["one", "quarter"]),
        ("one of the first batch", ["first"]),
        ("On the one hand, first-class and two-way; once again, one after another", []),
        ("it was once poor; the island, once known as; the once poor village", []),
        ("In the first quarter of this year", ["first"]),
        ("someone, often, tenure, stone", []),
        (
            "the Fourteenth plan, zero waste, tenfold, tens of millions",
            ["Fourteenth", "zero", "tenfold", "tens", "millions"],
        ),
    ],
)
def test_number_words_are_found_and_idioms_left_alone(text, tokens):
    assert [n.token for n in number_words(text)] == tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "41.69, 25.3, and 18.0 billion yuan",
            [("41.69", "41.69"), ("25.3", "25.3"), ("18.0", "18.0")],
        ),
        ("1 234 567", [("1", "1"), ("234", "234"), ("567", "567")]),  # plain spaces separate numbers
        ("1\u202f234\u202f567 tons", [("1\u202f234\u202f567", "1234567")]),
        ("5-6 hours, 3–5 percent", [("5-6", None), ("3–5", None)]),
        ("2011-2021 and 2021-22", [("2011-2021", None), ("2021-22", None)]),
        ("2.63:1 and 16:9, at 9:30", [("2.63:1", "2.63"), ("16:9", None), ("9:30", None)]),
        ("1+5+N, 1 +1+N, 3+2", [("1+5+N", None), ("1 +1+N", None), ("3+2", None)]),
        ("5G, the 40th, the 1980s, 4A", [("5G", None), ("40th", None), ("1980s", None), ("4A", None)]),
        ("0797-8123456 or +86 20 8313 5000", [("0797-8123456", None), ("+86 20 8313 5000", None)]),
        ("on 2022-03-15", [("2022-03-15", None)]),
        ("$5.2m, ¥300, €7", [("5.2", "5.2"), ("300", "300"), ("7", "7")]),
        ("1/3, ½, 2½, 2 1/2", [("1/3", "33.3"), ("½", "50"), ("2½", "2.5"), ("2 1/2", "2.5")]),
        ("10⁶ and 3.5×10⁶", [("10⁶", "1E+6"), ("3.5×10⁶", "3.5E+6")]),
        ("12 km², 3 m³ of CO₂", [("12", "12"), ("3", "3")]),
        ("growth¹ and 2021.²", [("¹", None), ("2021", "2021"), ("²", None)]),
        ("① ②", [("①", None), ("②", None)]),
        ("−3.5% or -2", [("−3.5", "-3.5"), ("-2", "-2")]),
        ("10%-15%", [("10", "10"), ("15", "15")]),
        ("１，２３４．５ and ٣٤", [("１，２３４．５", "1234.5"), ("٣٤", "34")]),
        ("1.2万亿元、3万5千人、2千亿", [("1.2", "1.2"), ("3万5千", "35000"), ("2千", "2000")]),
        (
            "三分之一，百分之五十，十二万五千人",
            [("三分之一", "33.3"), ("百分之五十", "50"), ("十二万五千", "125000")],
        ),
        ("二〇二一年第三届，统一、一起", [("二〇二一", "2021"), ("第三", None)]),
        (
            "一万一千人，三十一个，十分好，一千万个",
            [("一万一千", "11000"), ("三十一", "31"), ("一千", "1000")],
        ),
        ("two million people", [("two", "2")]),
        ("one hundred thousand jobs", [("one hundred", "100")]),
        ("two million five hundred thousand", [("two million five hundred thousand", "2500000")]),
        ("one hundred and twenty-three", [("one hundred and twenty-three", "123")]),
        ("a hundred and fifty", [("hundred and fifty", "150")]),
        ("five hundred, six hundred", [("five hundred", "500"), ("six hundred", "600")]),
        ("the twenty-third, one third", [("twenty-third", None), ("one third", "33.3")]),
        (
            "（-3.5%）：-4, 5,-6 and –7%",
            [("-3.5", "-3.5"), ("-4", "-4"), ("5", "5"), ("-6", "-6"), ("–7", "-7")],
        ),
        ("一亿三千万元，1亿3000万元", [("一亿三千万", "130000000"), ("1亿3000万", "130000000")]),
        ("one, two or three", [("one", "1"), ("two", "2"), ("three", "3")]),
        ("between twenty and thirty", [("twenty", "20"), ("thirty", "30")]),
        (
            "a million, half a million, two dozen",
            [("million", "1000000"), ("half a million", "500000"), ("two", "2"), ("dozen", "12")],
        ),
        (
            "two-fifths, three quarters, a third of it",
            [("two-fifths", "40"), ("three quarters", "75"), ("third", "33.3")],
        ),
        ("one and a half, two-and-a-quarter", [("one and a half", "1.5"), ("two-and-a-quarter", "2.25")]),
        (
            "dozens, several hundred, tens of thousands",
            [("dozens", None), ("several hundred", None), ("tens of thousands", None)],
        ),
        ("twice, doubled, tenfold", [("twice", "2"), ("doubled", "2"), ("tenfold", "10")]),
        ("the twenty-first century, firstly", [("twenty-first", None), ("firstly", None)]),
        ("😀 5 and 😀 seven", [("5", "5"), ("seven", "7")]),
        ("one of them, twenty-one of them", [("twenty-one", "21")]),
    ],
)
def test_whole_numerals_are_found_with_the_number_that_they_state(text, found):
    def value(token):
        try:
            return str(number(token))
        except ValueError:
            return None

    assert [(n.token, value(n.token)) for n in find(text)] == found


def sum_of_values(text):
    """What the numbers of a text come to, where they are numbers; the text as one token, too."""
    for token in [text, *(n.token for n in find(text))]:
        with contextlib.suppress(ValueError):
            number(token)


# Bits of which texts with numerals are made, so that hypothesis meets their joints.
BITS = (
    "0 1 12 2021 1,234 3.5 , . : - – + / % ½ ² ① × ¥ $ N G th 万 亿 三 分之 点 第 one two twenty hundred "
    "thousand million and a half dozen of several tens billions first once \u3000 😀"
).split(" ") + [" ", "\u00a0", "\n", "\r"]


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(BITS), max_size=25).map("".join),
        st.lists(st.sampled_from(BITS), max_size=25).map(" ".join),
    )
)
def test_numerals_never_overlap_and_hold_every_digit_and_number_word(text):
    found = find(text)
    assert all(text[n.start : n.end] == n.token and n.token for n in found)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
    covered = {k for n in found for k in range(n.start, n.end)}
    assert {k for k, c in enumerate(text) if c.isdecimal()} <= covered
    for word in number_words(text):
        assert set(range(word.start, word.end)) <= covered


@given(st.text(max_size=80))
def test_positions_fit_the_text_whatever_it_is(text):
    found = digit_runs(text) + number_words(text)
    assert all(text[n.start : n.end] == n.token for n in found)
    covered = {k for n in digit_runs(text) for k in range(n.start, n.end)}
    assert {k for k, c in enumerate(text) if c.isdecimal()} <= covered


RUNS = [
    "one hundred and ",
    "seven ",
    "twenty-",
    "1,234,",
    "1,",
    "7",
    "1+",
    "1-",
    "1:",
    "½ ",
    "and ",
    "a ",
    '"7 ',
    "“",
]
RUNS += [
    "万",
    "三万",
    "三分之",
    "百分之三",
    "三点",
    "第三",
    "half a ",
    "several ",
    "dozens of ",
    "one point ",
]
RUNS += ["The port has 7 ships and ", "1 234\u00a0", "5% ", "2021-22 ", "No. ", "U.S. ", " ", "\n", "first-"]


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("look", [find, number_words, digit_runs, proposals._sentences, sum_of_values])
def test_four_times_the_text_takes_about_four_times_as_long(run, look):
    """Once is too short to be timed well: the least of three rounds counts, and twelve times is allowed."""

    def took(size: int) -> float:
        text, spans = run * (size // len(run)), []
        for _ in range(3):
            began = time.process_time()
            look(text)
            spans.append(time.process_time() - began)
        return min(spans)

    assert took(16_000) < 12 * took(4_000) + 0.05


IDIOMS_OF_THE_CODEBOOK = """
one of, on the one hand, on one hand, one after another, one another, one by one, no one, first-class,
one-stop, all-in-one, two-way, three-dimensional, third party, third-parties, double digits, second-hand,
second to none, at first sight, at once, quarter of the year, per second, seconds ago, was once, once it,
once poor, once again, this one, one who
""".strip()


@pytest.mark.parametrize("idiom", re.split(r",\s+", IDIOMS_OF_THE_CODEBOOK))
def test_no_idiom_of_the_codebook_needs_a_row(idiom):
    assert number_words(f"So it is, {idiom} there.") == []
    assert number_words(f"So it is, seven {idiom} there.")[0].token == "seven"


def test_every_pattern_of_an_idiom_is_met_by_one_of_these():
    said = [f"{idiom} " for idiom in re.split(r",\s+", IDIOMS_OF_THE_CODEBOOK)]
    assert [pattern for pattern in IDIOMS if not any(re.search(pattern, idiom) for idiom in said)] == []


def rows_hold_every_numeral(sheets, texts) -> int:
    """How many numerals of the texts need a row; fails for one without, and for rows that overlap."""
    wanted = 0
    for article, text in texts.items():
        owner = {}
        for row in sheets[sheets.article == article].itertuples():
            assert text[row.start : row.end] == row.token
            for k in range(row.start, row.end):
                assert k not in owner, f"character {k} lies in two rows"
                owner[k] = row.numeral_id
        for numeral in digit_runs(text) + number_words(text):
            wanted += 1
            assert all(k in owner for k in range(numeral.start, numeral.end)), numeral
    return wanted


def test_every_numeral_of_the_small_texts_has_a_row(small_corpus):
    assert rows_hold_every_numeral(small_corpus.sheets, small_corpus.texts) > 40


@pytest.mark.corpus
def test_every_numeral_of_the_articles_has_a_row(texts):
    assert rows_hold_every_numeral(corpus.load(paths.RAW).sheets, texts) == 320


def test_a_range_may_have_equal_ends():
    assert [n.form for n in find("It took 5-5 hours.")] == [n.form for n in find("It took 5-6 hours.")]
