"""Habits of rounding: digits counted by hand, exact tests against textbook values."""

from math import comb

import pandas as pd
import pytest

from helpers.checking import digit_heaping as heaping
from helpers.corpus.schema import CORRECTIONS

NONE = pd.DataFrame(columns=CORRECTIONS.columns, dtype="str")
UNITS = pd.DataFrame({"unit": ["yuan", "firm"], "kind": ["money", "count"]})


def figures(*tokens, qualifier="exact", unit="yuan", **cells):
    """Figures of these tokens, each of an entity of its own."""
    keys = [f"f{k}" for k in range(len(tokens))]
    told = {
        "qualifier": qualifier,
        "unit": unit,
        "indicator": "gdp",
        "period": "",
        "value": 1.0,
        "entity": keys,
    }
    return pd.DataFrame({"figure_id": keys, "token": tokens} | told | cells)


def digits(*tokens, **cells):
    return heaping.final_digits(figures(*tokens, **cells), NONE, UNITS)


def statistics(*found):
    return {row.statistic_id: row for row in heaping.heaping_statistics(pd.concat(found))}


@pytest.mark.parametrize(
    ("token", "printed", "significant", "last", "round_"),
    [
        ("416.9", 4, 4, "9", False),
        ("39,000", 5, 2, "9", True),
        ("85,000", 5, 2, "5", True),
        ("2.50", 3, 2, "5", True),
        ("0.32", 2, 2, "2", False),
        ("1,067", 4, 4, "7", False),
        ("15", 2, 2, "5", True),
        ("7", 1, 1, "7", False),
        ("100", 3, 1, "1", True),
        ("0", 0, 0, "", False),
    ],
)
def test_digits_of_a_numeral(token, printed, significant, last, round_):
    row = digits(token).iloc[0]
    assert (row.printed, row.significant, row["last"], row["round"]) == (printed, significant, last, round_)


def test_words_and_ratios_are_left_out():
    assert digits("half", "2.67:1", "one and a half", "1+5+N", "5-6", "12").figure_id.tolist() == ["f5"]


def test_a_token_that_is_not_believed_does_not_count():
    doubt = pd.DataFrame({"figure": ["f0", "f1"], "column": ["token", "unit"]})
    assert heaping.final_digits(figures("1,000,000", "21"), doubt, UNITS).figure_id.tolist() == ["f1"]


def test_a_quantity_that_is_printed_twice_counts_once():
    """Of the same entity and with the same value; another entity with that value counts."""
    assert digits("2,584", "2584", "2,584", entity=["a", "a", "b"]).figure_id.tolist() == ["f0", "f2"]


def test_digits_of_the_small_corpus(small_results):
    corpus = small_results.corpus
    found = heaping.final_digits(small_results.figures, corpus.corrections, corpus.units)
    found = found.set_index("figure_id")
    assert "landing-fees" not in found.index and "quay-area-target" in found.index  # its unit is not believed
    assert {"waiting-time", "income-ratio-before", "bridges-begun"}.isdisjoint(found.index)
    cells = ["printed", "significant", "last", "round", "counted", "hedged"]
    assert found.loc["harbour-workers", cells].tolist() == [5, 3, "4", True, True, False]
    assert found.loc["harbour-cranes", cells].tolist() == [3, 2, "5", True, True, True]


def test_fives_are_tested_against_one_in_nine_by_the_binomial():
    """Four of six: P(X >= 4) at one in nine, as no count below is as unlikely."""
    found = statistics(digits("15", "2.5", "850", "16.85", "21", "22"))
    by_hand = sum(comb(6, k) * (1 / 9) ** k * (8 / 9) ** (6 - k) for k in (4, 5, 6))
    assert 0.001 < by_hand < 0.002 and found["heaped-five-p"].value == round(by_hand, 3) == 0.002
    share = found["heaped-five-share"]  # Clopper and Pearson of 4 in 6: 0.2228 to 0.9567
    assert (share.value, share.low, share.high) == pytest.approx((66.667, 22.278, 95.673), abs=0.001)
    assert share.formula.startswith("4 of 6 numbers of two significant digits or more")


def test_a_small_p_is_only_known_to_be_less():
    p = statistics(digits(*["15"] * 8, "21", "22"))["heaped-five-p"]
    assert (p.value, p.low, p.high, p.qualifier) == (0.001, 0, 0.001, "less_than")
    one = statistics(digits("15", *["21"] * 8))["heaped-five-p"]
    assert (one.value, one.low, one.high, one.qualifier) == (1, 0.9995, 1, "")


def test_first_digits_and_hedged_numbers_are_no_fives():
    """5, 50 and 500 have one significant digit, which is the first."""
    found = statistics(digits("5", "50", "500", "25", "21"), digits("15", "35", qualifier="about"))
    assert found["heaped-five-share"].formula.startswith("1 of 2 numbers")


def test_counts_and_measured_numbers_are_told_apart():
    found = statistics(digits("25", "21"), digits("15", "35", "45", "22", unit="firm"))
    assert found["heaped-five-share"].formula.startswith("4 of 6")
    assert found["heaped-five-share-measured"].formula.startswith("1 of 2")
    assert found["heaped-five-share-counted"].formula.startswith("3 of 4")


def test_round_numbers_go_with_hedges_by_fishers_test():
    """One of four without a hedge, three of three with one; the digit of a number of one is not free."""
    found = statistics(digits("20", "21", "22", "23", "5"), digits("20", "35", "300", qualifier="about"))
    plain, hedged = found["heaped-round-share-plain"], found["heaped-round-share-hedged"]
    assert (plain.value, hedged.value) == (25, 100)
    # four round of seven: of C(7, 4) = 35 ways, C(4, 1) = 4 have one plain and three hedged; C(4, 4) = 1 has
    # four plain, and is no likelier
    p = found["heaped-round-p"]
    assert p.value == round(5 / 35, 3) and p.formula == "Fisher's exact test of the table, 7 numbers"


def test_a_share_of_no_numbers_has_no_row():
    assert set(statistics(digits("25", "21"))) == {
        "heaped-five-share", "heaped-five-p", "heaped-five-share-measured", "heaped-five-p-measured",
    }  # fmt: skip
    assert statistics(digits("5")) == {}


@pytest.mark.corpus
def test_fives_of_the_five_articles_are_those_counted_by_hand(real):
    found = heaping.final_digits(real.figures, real.corpus.corrections, real.corpus.units)
    rows = statistics(found)
    assert rows["heaped-five-share"].formula.startswith("16 of 60")
    assert rows["heaped-five-share-measured"].formula.startswith("7 of 20")
    assert rows["heaped-round-share-hedged"].low > rows["heaped-round-share-plain"].high
