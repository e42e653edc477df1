"""Habits of rounding: digits counted by hand, exact tests against textbook values."""

import pandas as pd
import pytest

from helpers.checking import digit_heaping as heaping
from helpers.corpus.schema import CORRECTIONS

NONE = pd.DataFrame(columns=CORRECTIONS.columns, dtype="str")


def figures(*tokens, qualifier="exact", article="a"):
    keys = [f"f{k}" for k in range(len(tokens))]
    return pd.DataFrame({"figure_id": keys, "article": article, "qualifier": qualifier, "token": tokens})


def digits(*tokens, **cells):
    return heaping.final_digits(figures(*tokens, **cells), NONE)


def statistics(found, seed=1):
    return {row.statistic_id: row for row in heaping.heaping_statistics(found, seed)}


@pytest.mark.parametrize(
    ("token", "printed", "significant", "heaped"),
    [
        ("416.9", 4, 4, False),
        ("39,000", 5, 2, True),
        ("2.50", 3, 3, True),
        ("0.32", 2, 2, False),
        ("1,067", 4, 4, False),
        ("15", 2, 2, True),
        ("7", 1, 1, False),
        ("100", 3, 1, True),
        ("0", 1, 1, True),
    ],
)
def test_digits_of_a_numeral(token, printed, significant, heaped):
    row = digits(token).iloc[0]
    assert (row.printed, row.significant, row.heaped) == (printed, significant, heaped)


def test_words_and_ratios_are_left_out():
    assert digits("half", "2.67:1", "one and a half", "1+5+N", "5-6", "12").figure_id.tolist() == ["f5"]


def test_a_token_that_is_not_believed_does_not_count():
    doubt = pd.DataFrame({"figure": ["f0", "f1"], "column": ["token", "unit"]})
    assert heaping.final_digits(figures("1,000,000", "21"), doubt).figure_id.tolist() == ["f1"]


def test_digits_of_the_small_corpus(small_results):
    found = heaping.final_digits(small_results.figures, small_results.corpus.corrections).set_index(
        "figure_id"
    )
    assert "landing-fees" not in found.index and "quay-area-target" in found.index  # its unit is not believed
    assert {"waiting-time", "income-ratio-before", "bridges-begun"}.isdisjoint(found.index)
    assert found.loc["harbour-workers", ["printed", "significant", "heaped"]].tolist() == [5, 3, True]


def test_the_exact_test_and_its_interval_are_those_of_the_binomial():
    """Eight of ten: P(X >= 8) at one in five is 0.0000779; Clopper and Pearson give 0.444 to 0.975."""
    found = statistics(digits(*["20"] * 8, "21", "22"))
    share = found["heaped-share-all"]
    assert (share.value, share.low, share.high) == (
        80,
        pytest.approx(44.39, abs=0.01),
        pytest.approx(97.48, abs=0.01),
    )
    p = found["heaped-p-all"]
    assert (p.value, p.low, p.high, p.qualifier) == (0.001, 0, 0.001, "less_than")
    two = statistics(digits("20", "25", *["21"] * 8))["heaped-p-all"]
    assert two.value == pytest.approx(1.0) and two.qualifier == ""


def test_power_by_hand():
    """Of five numbers, four or five heaped are needed: at a share of one half that has chance 6 in 32."""
    assert heaping.power_of_test(5, 0.5) == pytest.approx(6 / 32)
    assert heaping.power_of_test(60, 0.5) > 0.99
    assert heaping.detectable(5) > heaping.detectable(50) > heaping.EXPECTED


def test_power_is_that_of_the_test_that_is_made():
    """The exact test rejects the counts that are least likely, which need not make two equal tails."""
    from math import comb

    def chance(count, share):
        return comb(24, count) * share**count * (1 - share) ** (24 - count)

    expected = [chance(k, 0.2) for k in range(25)]
    rejected = [k for k in range(25) if sum(p for p in expected if p <= expected[k] * (1 + 1e-9)) <= 0.05]
    assert rejected != [0, 1, *range(10, 25)] and 10 in rejected
    assert heaping.power_of_test(24, 0.44) == pytest.approx(sum(chance(k, 0.44) for k in rejected))
    least = next(s / 100 for s in range(21, 100) if sum(chance(k, s / 100) for k in rejected) >= 0.8)
    assert heaping.detectable(24) == least


def test_a_test_of_equal_shares_has_power_only_where_they_differ():
    assert heaping.power_between([60, 60], [0.2, 0.2], seed=1, rounds=200) < 0.1
    assert heaping.power_between([60, 60], [0.1, 0.6], seed=1, rounds=200) > 0.99


def test_small_groups_have_no_row_and_seeds_repeat():
    found = pd.concat([digits(*["20"] * 9), digits("21", "22", article="b")])
    rows = statistics(found, seed=3)
    assert not any(key.endswith("-b") for key in rows) and "heaped-share-a" in rows
    assert rows == statistics(found, seed=3)


def test_p_values_are_adjusted_for_the_groups_that_are_tested():
    """Holm: the least p of n groups is multiplied by n."""
    found = pd.concat(
        [digits(*["20"] * 4, "21", "21"), digits(*["21"] * 9, "20", article="b", qualifier="about")]
    )
    rows = statistics(found)
    groups = [key for key in rows if key.startswith("heaped-share-")]
    assert rows["heaped-p-a"].value == 0.017  # P(X >= 4) of six at one in five: 0.01536 + 0.00154 + 0.00006
    assert len(groups) == 5 and rows["heaped-p-holm-a"].value == pytest.approx(5 * 0.01696, abs=0.0005)


def test_all_that_is_said_of_two_groups():
    """Four of six in a without a qualifier, one of ten in b with one."""
    found = pd.concat(
        [
            digits(*["20"] * 4, "21", "21"),
            digits(*["210"] * 9, "211", article="b", qualifier="about").assign(heaped=[True] + [False] * 9),
        ]
    )
    rows = statistics(found)
    # of the tables with these margins: C(5, 4) C(11, 2) + C(5, 5) C(11, 1) of C(16, 6) are no likelier
    for key in ("articles", "qualifiers"):
        between = rows[f"heaped-p-between-{key}"]
        assert between.value == round((5 * 55 + 11) / 8008, 3) == 0.036
        assert between.statistic == f"p of equal heaping in all {key}"
        assert between.formula == "Fisher's exact test of the table, 16 numbers"
    assert rows["heaped-share-exact"].statistic.endswith(", nothing is said")
    assert rows["heaped-share-qualified"].statistic.endswith(", with a qualifier")
    assert rows["heaped-share-b"].statistic == "numbers that end in nought or five, b"
    assert (rows["heaped-share-b"].value, rows["heaped-share-all"].value) == (10, 31.25)
    assert rows["heaped-detectable-a"].value == 100 * heaping.detectable(6)
    median = rows["digits-median-b"]
    assert (median.value, median.low, median.high) == (2, 2, 2)
    power = rows["heaped-power-between-articles"]
    assert power.value == 100 * heaping.power_between([6, 10], [4 / 6, 0.1], seed=1)
    assert (
        power.unit == "percent" and "simulation of 2 articles" in power.formula and "seed 1" in power.formula
    )


def test_several_articles_are_compared_by_permutation():
    found = pd.concat([digits(*["20"] * 5, *["21"] * 5, article=name) for name in "abc"])
    between = statistics(found, seed=7)["heaped-p-between-articles"]
    assert (
        between.value == 1
        and between.formula == "Fisher's exact test by 9999 permutations, seed 7, 30 numbers"
    )


def test_five_numbers_make_a_group_and_one_digit_no_number():
    rows = statistics(pd.concat([digits(*["20"] * 5), digits("21", "22", "23", "24", "5", article="b")]))
    assert rows["heaped-share-all"].formula.startswith("5 of 9 numbers") and "heaped-share-a" in rows
    assert "heaped-share-b" not in rows


@pytest.mark.corpus
def test_the_five_articles_have_a_row_each(real):
    found = heaping.final_digits(real.figures, real.corpus.corrections)
    rows = statistics(found)
    assert rows["heaped-share-all"].low < rows["heaped-share-all"].value < rows["heaped-share-all"].high
    assert {
        "heaped-p-between-articles",
        "heaped-p-between-qualifiers",
        "heaped-power-between-articles",
    } <= set(rows)
