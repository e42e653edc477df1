"""Finding numerals: positions, separators, number words and idioms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import numerals, transcription


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("416.9, 252.6, and 179.5 billion", ["416.9", "252.6", "179.5"]),
        ("from 2.67:1 in 2013", ["2.67:1", "2013"]),
        ("2,584. There are 1,067", ["2,584", "1,067"]),
        ("508万获赞 34.7万粉丝", ["508", "34.7"]),
        ("5G and the 40th", ["5", "40"]),
    ],
)
def test_digits_are_found_with_their_separators(text, tokens):
    assert [n.token for n in numerals.digits(text)] == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("one and a half hours", ["one", "half"]),
        ("visited twice, three times", ["twice", "three"]),
        ("one-quarter of the province", ["one", "quarter"]),
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
    assert [n.token for n in numerals.words(text)] == tokens


@given(st.text(max_size=80))
def test_positions_fit_the_text_whatever_it_is(text):
    found = numerals.digits(text) + numerals.words(text)
    assert all(text[n.start : n.end] == n.token for n in found)
    covered = {k for n in numerals.digits(text) for k in range(n.start, n.end)}
    assert {k for k, c in enumerate(text) if c.isdecimal()} <= covered


def test_every_numeral_of_the_articles_has_a_row(texts):
    table = transcription.load()
    for article, text in texts.items():
        rows = table[table.article == article]
        owner = {}
        for row in rows.itertuples():
            assert text[row.start : row.end] == row.token
            for k in range(row.start, row.end):
                assert k not in owner, f"character {k} lies in two rows"
                owner[k] = row.numeral_id
        for numeral in numerals.digits(text) + numerals.words(text):
            assert all(k in owner for k in range(numeral.start, numeral.end)), numeral
