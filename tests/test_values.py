"""The number that a token states by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_finder import BITS

from helpers.numerals.finder import find
from helpers.numerals.values import ends, fraction_step, number


@given(st.one_of(st.text(max_size=20), st.lists(st.sampled_from(BITS), max_size=8).map("".join)))
def test_a_token_states_a_finite_number_or_is_refused(token):
    try:
        assert number(token).is_finite()
    except ValueError:
        pass


@given(st.integers(0, 999_999_999))
def test_a_number_written_in_words_is_read_as_itself(value):
    assert number(spelt(value)) == value
    assert [n.token for n in find(f"({spelt(value)}!)")][0] in spelt(value)


def spelt(value: int) -> str:
    """English words for a number below a thousand million."""
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen"
    ).split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    if value < 20:
        return small[value]
    if value < 100:
        return tens[value // 10 - 2] + (f"-{small[value % 10]}" if value % 10 else "")
    for size, word in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            joint = " and " if 0 < rest < 100 else " "
            return f"{spelt(value // size)} {word}" + (f"{joint}{spelt(rest)}" if rest else "")


@given(st.integers(1, 99_999_999))
def test_a_chinese_numeral_is_read_as_itself(value):
    if value > 999:
        assert number("".join("〇一二三四五六七八九"[int(c)] for c in str(value))) == value
    assert number(chinese(value)) == value


def chinese(value: int) -> str:
    """Chinese numerals with units for a number below a hundred million."""
    if value >= 10_000:
        rest = value % 10_000
        return (
            chinese(value // 10_000)
            + "万"
            + ("零" if 0 < rest < 1000 else "")
            + (chinese(rest) if rest else "")
        )
    said, digits = "", str(value)
    for place, digit in enumerate(digits):
        unit = ["", "十", "百", "千"][len(digits) - place - 1]
        said += ("〇一二三四五六七八九"[int(digit)] + unit) if digit != "0" else "零"
    return said.rstrip("零")


@pytest.mark.parametrize(
    ("token", "value", "step"),
    [
        ("百分之七十八点五", "78.5", None),
        ("三分之一", "33.3", "10"),
        ("1/3000", "0.0333", "0.0333"),
        ("1/20", "5", "5"),
        ("一亿三千万", "130000000", None),
        ("1亿3000万", "130000000", None),
        ("一百零五", "105", None),
        ("hundred and fifty", "150", None),
        ("three point five", "3.5", None),
        ("2½", "2.5", "0.5"),
        ("–7", "-7", None),
        ("Half", "50", "10"),
        ("Two Thirds", "66.7", "10"),
        ("two-fifths", "40", "10"),
        ("2/3", "66.7", "10"),
        ("¾", "75", "10"),
        ("a third", "33.3", "10"),
        ("三分之二", "66.7", "10"),
        ("1/1000", "0.1", "0.1"),
        ("1/7000", "0.0143", "0.0143"),
        ("two and three quarters", "2.75", "0.25"),
        ("half a dozen", "6", None),
        ("half a million", "500000", None),
        ("two dozen", "24", None),
        ("three-fold", "3", None),
        ("hundredfold", "100", None),
        ("thrice", "3", None),
        ("one hundred and five", "105", None),
        ("forty-two point zero five", "42.05", None),
        ("3×10⁴", "3E+4", None),
        ("10⁻²", "0.01", None),
        ("１，２３４", "1234", None),
        ("2：1", "2", None),
        ("1,234,567.89", "1234567.89", None),
        ("二〇二一", "2021", None),
        ("十五", "15", None),
        ("三万零五", "30005", None),
        ("一千零十", "1010", None),
        ("1万10", "10010", None),
        ("1.5万", "15000.0", None),
        ("零点五", "0.5", None),
        ("百分之零点五", "0.5", None),
    ],
)
def test_a_token_states_what_a_reader_would_read(token, value, step):
    found = fraction_step(token)
    assert (str(number(token)), None if found is None else str(found)) == (value, step)


@pytest.mark.parametrize(
    "token",
    "两三,七八,两千五,三万五,1万2,万,点,百百,三百五千,三分之二点五".split(",")
    + ["five thirds", "two halves", "twenty third", "several hundred", "2020-21", "10:30", "1+5+N", "1,23"]
    + [
        "0/5",
        "5/5",
        "6/5",
        "三分之零",
        "四分之五",
        "3:1:1",
        "12,34",
        "half an hour",
        "minus five",
        "百",
        "二百五",
        "1亿2",
        "5%",
    ],
)
def test_what_a_reader_could_read_in_two_ways_states_no_number(token):
    with pytest.raises(ValueError, match="no single number"):
        number(token)


@pytest.mark.parametrize(
    ("token", "found"),
    [
        ("5-6", ["5", "6"]),
        ("3–5", ["3", "5"]),
        ("1,200 - 1,500", ["1,200", "1,500"]),
        ("10～15.5", ["10", "15.5"]),
        ("6-5", ["6", "5"]),  # whether a range ascends is not asked here
        ("5", ["5"]),
        ("-5", ["-5"]),
        ("1-2-3", ["1-2-3"]),
        ("half", ["half"]),
    ],
)
def test_a_range_has_two_ends(token, found):
    assert ends(token) == found


def test_a_twentieth_is_five_percent_and_wan_is_not_counted_in_wan():
    assert number("one-twentieth") == 5 and number("three-twentieths") == 15
    for token in ("三万五万", "三万二十万", "三亿五亿"):
        with pytest.raises(ValueError):
            number(token)
