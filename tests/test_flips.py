"""Limits of figures within which verdicts stay: against limits by hand, and against checking anew."""

import numpy as np
import pandas as pd
import pytest

from helpers.checking import flips as f
from helpers.checking.claims import all_claims, claim_verdict, compared
from helpers.corpus.schema import FLIPS
from helpers.deriving.derivations import derive
from helpers.deriving.quantities import BOUNDS, all_quantities


def run(results):
    return f.flips(results.corpus, results.figures, results.derived, results.checks)


@pytest.fixture(scope="module")
def found(small_results):
    return run(small_results)


def verdict_at(results, claim, figure, value):
    """The verdict of a claim, all being computed anew with a figure scaled to a value."""
    figures = results.figures.set_index("figure_id")
    figures.loc[figure, BOUNDS] *= value / figures.value[figure]
    figures = figures.reset_index()
    derived = derive(results.corpus, figures)
    checks = compared(all_claims(results.corpus), all_quantities(results.corpus, figures, derived))
    return claim_verdict(checks.verdict[checks.claim_id == claim])


def compare(results, table):
    for row in table.itertuples():
        figure = results.figures.set_index("figure_id").loc[row.figure_id]
        value = float(figure.value)
        whole = results.corpus.kinds()[0][figure.unit] == "count" and figure.low == figure.high
        for limit, beyond in ((row.low, row.below), (row.high, row.above)):
            if pd.notna(limit):
                assert verdict_at(results, row.claim_id, row.figure_id, limit) == row.verdict
                step = 10.0 ** (np.floor(np.log10(abs(limit))) - f.DIGITS_SHOWN + 1)
                outwards = -1 if limit == row.low and limit <= value and beyond == row.below else 1
                past = limit + (max(step, 1) if whole else 1.1 * step) * outwards
                assert verdict_at(results, row.claim_id, row.figure_id, past) != row.verdict, row


def test_limits_are_where_verdicts_turn(small_results, found):
    """Not for prints of one quantity, of which the verdict rests on other prints."""
    alike = found.claim_id.str.endswith("printed-alike")
    twice = found.figure_id.isin(["lanmouth-gdp-2021", "lanmouth-gdp-2021-again"])
    compare(small_results, found[~alike & ~twice & (found.low.notna() | found.high.notna())])


@pytest.mark.corpus
def test_limits_are_where_verdicts_turn_in_the_five_articles(real):
    found = run(real)
    compare(real, found[found.claim_id.isin(["ganzhou-multiple", "gba-gdp-2017-sum-of-parts"])])
    row = found.set_index(["claim_id", "figure_id"]).loc[
        ("guangdong-income-ratio-2021-from-incomes", "guangdong-income-ratio-2021")
    ]
    assert 2.45 < row.low < 2.46 < row.high < 2.47


def test_limits_by_hand(found):
    """A sum of exact counts stands only as printed; a bound has one limit."""
    rows = found.set_index(["claim_id", "figure_id"])
    assert list(found.columns) == FLIPS.columns
    planned = rows.loc[("bridges-add-up", "bridges-planned")]
    assert (planned.low, planned.high) == (9, 9) and planned.below == planned.above == "contradicted"
    share = rows.loc[("island-within-workers", "harbour-workers-on-island-share")]
    assert pd.isna(share.low) and share.below == ""


@pytest.mark.parametrize(
    ("limit", "value", "direction", "whole", "expected"),
    [
        (2.69463, 2.7, f.ROUND_CEILING, False, 2.695),
        (3.17988, 2.7, f.ROUND_FLOOR, False, 3.179),
        (416887000000.0, 416900000000.0, f.ROUND_CEILING, False, 416900000000.0),
        (187868990000.0, 187869000000.0, f.ROUND_CEILING, False, 187869000000.0),
        (-2.6, -2.5, f.ROUND_CEILING, False, -2.6),
        (2.001, 4, f.ROUND_CEILING, True, 3),
        (1075.99, 1067, f.ROUND_FLOOR, True, 1075),
        (12345.6, 12000, f.ROUND_FLOOR, True, 12340),
    ],
)
def test_limits_are_rounded_inwards_and_not_beyond_the_figure(limit, value, direction, whole, expected):
    assert f._inwards(limit, value, direction, whole) == expected
    assert np.isnan(f._inwards(float("nan"), value, direction, whole))


@pytest.mark.corpus
def test_a_reading_that_begins_to_fit_between_two_others_is_seen(real):
    """Between the base as revised and the base as first printed nothing fits the multiple of Ganzhou."""
    rows = run(real).set_index(["claim_id", "figure_id"])
    multiple = rows.loc[("ganzhou-multiple", "ganzhou-gdp-multiple-2011-2021")]
    assert 2.69 < multiple.low < 2.7 < multiple.high < 2.8
    clusters = rows.loc[("ganzhou-clusters-as-the-bureau-names", "ganzhou-hundred-billion-clusters")]
    assert (clusters.low, clusters.below) == (3, "consistent")  # two are named, and two would fit


def test_the_least_room_comes_first(found, small_results):
    room = f.least_room(found, small_results.figures)
    assert room.room.is_monotonic_increasing and (room.room >= 1).all()
    assert len(room) == (found.low.notna() | found.high.notna()).sum()


def test_limits_are_statistics_that_prose_can_name(found, small_results):
    units = small_results.figures.set_index("figure_id").unit.to_dict()
    rows = {row.statistic_id: row for row in f.flip_statistics(found, units)}
    assert len(rows) == found.low.notna().sum() + found.high.notna().sum()
    assert rows["stands-to-bridges-add-up-by-bridges-planned"].value == 9
