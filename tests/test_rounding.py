"""Habits of rounding: digits counted by hand, exact tests against textbook values."""

import pandas as pd
import pytest

from helpers import rounding


def figures(*tokens, qualifier="exact", article="a"):
    return pd.DataFrame(
        {
            "figure_id": [f"f{k}" for k in range(len(tokens))],
            "article": article,
            "qualifier": qualifier,
            "corrected": "",
            "token": tokens,
        }
    )


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
    ],
)
def test_digits_of_a_numeral(token, printed, significant, heaped):
    row = rounding.digits(figures(token)).iloc[0]
    assert (row.printed, row.significant, row.heaped) == (printed, significant, heaped)


def test_words_and_ratios_are_left_out():
    assert rounding.digits(figures("half", "2.67:1", "one and a half", "1+5+N", "12")).figure_id.tolist() == [
        "f4"
    ]


def test_the_exact_test_and_its_interval_are_those_of_the_binomial():
    """Eight of ten: P(X >= 8) at one in five is 0.0000779; Clopper and Pearson give 0.444 to 0.975."""
    table = rounding.statistics(rounding.digits(figures(*["20"] * 8, "21", "22")), seed=1).set_index(
        "statistic_id"
    )
    share = table.loc["heaped-share-all"]
    assert (
        share.value == 80
        and share.low == pytest.approx(44.39, abs=0.01)
        and share.high == pytest.approx(97.48, abs=0.01)
    )
    assert table.value["heaped-p-all"] == 0.001
    two = rounding.statistics(rounding.digits(figures("20", "25", *["21"] * 8)), seed=1).set_index(
        "statistic_id"
    )
    assert two.value["heaped-p-all"] == pytest.approx(1.0)


def test_power_by_hand():
    """Of five numbers, four or five heaped are needed: at a share of one half that has chance 6 in 32."""
    assert rounding.power(5, 0.5) == pytest.approx(6 / 32)
    assert rounding.power(60, 0.5) > 0.99
    assert rounding.detectable(5) > rounding.detectable(50) > rounding.EXPECTED


def test_power_is_that_of_the_test_that_is_made():
    """The exact test rejects the counts that are least likely, which need not make two equal tails."""
    from math import comb

    def chance(count, share):
        return comb(24, count) * share**count * (1 - share) ** (24 - count)

    expected = [chance(k, 0.2) for k in range(25)]
    rejected = [k for k in range(25) if sum(p for p in expected if p <= expected[k] * (1 + 1e-9)) <= 0.05]
    assert rejected != [0, 1, *range(10, 25)] and 10 in rejected
    assert rounding.power(24, 0.44) == pytest.approx(sum(chance(k, 0.44) for k in rejected))
    assert rounding.detectable(24) == next(
        s / 100 for s in range(21, 100) if sum(chance(k, s / 100) for k in rejected) >= 0.8
    )


def test_a_token_that_is_not_believed_does_not_count():
    found = figures("1,000,000", "21").assign(corrected=["token: printed 1,000,000, read as 100", ""])
    assert rounding.digits(found).figure_id.tolist() == ["f1"]


def test_small_groups_have_no_row_and_seeds_repeat():
    found = pd.concat(
        [rounding.digits(figures(*["20"] * 9)), rounding.digits(figures("21", "22", article="b"))]
    )
    table = rounding.statistics(found, seed=3)
    assert not table.statistic_id.str.endswith("-b").any()
    pd.testing.assert_frame_equal(table, rounding.statistics(found, seed=3))
