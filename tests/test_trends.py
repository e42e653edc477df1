"""Trends of yearly levels: by hand, by formula, by simulation."""

import math

import numpy as np
import pandas as pd
import pytest

from helpers.checking import trends
from helpers.checking.comparator_series import gdp_levels


def series(values):
    return pd.Series(values, index=range(2011, 2011 + len(values)))


def statistic(rows, key):
    (row,) = (row for row in rows if row.statistic_id == key)
    return row.value, row.low, row.high


def test_constant_growth_is_found_without_error():
    table = trends.trend_statistics(series([100 * 1.07**k for k in range(11)]), "x", "X")
    assert statistic(table, "trend-growth-x") == pytest.approx((7, 7, 7), abs=1e-6)
    assert statistic(table, "trend-bend-x")[0] == pytest.approx(0, abs=1e-6)
    assert statistic(table, "trend-largest-x")[0] == pytest.approx(0, abs=1e-6)


def test_the_slope_and_its_error_are_those_of_the_formulas():
    """Least squares and the covariance of Newey and West, written out."""
    levels = series([100, 111, 118, 131, 140, 150, 166, 175, 190, 188, 210.0])
    y, t = np.log(levels.to_numpy()), np.arange(11) - 5.0
    slope = (t * y).sum() / (t * t).sum()
    e = y - y.mean() - slope * t
    score = t * e
    weights = [1 - lag / 3 for lag in range(3)]  # Bartlett, two lags
    middle = weights[0] * (score * score).sum()
    middle += sum(2 * weights[lag] * (score[lag:] * score[:-lag]).sum() for lag in (1, 2))
    error = math.sqrt(11 / 9 * middle) / (t * t).sum()
    student = 2.262157  # 97.5 %, nine degrees of freedom
    expected = [100 * math.expm1(slope + k * student * error) for k in (0, -1, 1)]
    assert statistic(trends.trend_statistics(levels, "x", "X"), "trend-growth-x") == pytest.approx(
        expected, rel=1e-6
    )


def test_a_growth_rate_that_falls_shows_as_a_bend():
    growth = [0.12 - 0.008 * k for k in range(10)]
    levels = series(100 * np.exp(np.concatenate([[0], np.cumsum(growth)])))
    value, low, high = statistic(trends.trend_statistics(levels, "x", "X"), "trend-bend-x")
    assert value == pytest.approx(-0.8, abs=1e-6) and low <= value <= high < 0


@pytest.mark.parametrize("values", [[1, 2, 3], [1.0] * 10 + [0.0], [1.0] * 10 + [-1.0]])
def test_too_few_levels_or_none_above_zero_are_refused(values):
    with pytest.raises(ValueError, match="at least eight levels above zero"):
        trends.trend_statistics(series(values), "x", "X")


def test_simulated_intervals_hold_less_the_more_errors_are_correlated():
    levels = {"x": series([100 * 1.07**k * (1 + 0.02 * (k % 3)) for k in range(11)])}
    table = trends.calibration(levels, {"x": "X"}, seed=1, rounds=300)
    shares = [statistic(table, f"trend-coverage-{percent}")[0] for percent in (0, 30, 60, 90)]
    assert shares == sorted(shares, reverse=True) and shares[-1] < 70 < shares[0] < 95
    assert table == trends.calibration(levels, {"x": "X"}, seed=1, rounds=300)
    narrow = statistic(trends.trend_statistics(levels["x"], "x", "X"), "trend-growth-x")
    wide = statistic(table, "trend-growth-wide-x")
    assert wide[0] == narrow[0] and wide[1] < narrow[1] and narrow[2] < wide[2]


def test_long_series_hold_what_the_name_promises():
    from scipy.stats import t

    assert (trends.simulated(200, 0.0, seed=1, rounds=300) <= t.ppf(0.975, 198)).mean() > 0.9


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ((3, 4), (1, 2), "above"),
        ((1, 2), (3, 4), "below"),
        ((1, 3), (2, 4), "overlapping"),
        ((1, 2), (2, 3), "overlapping"),
    ],
)
def test_where_an_interval_lies(ours, theirs, said):
    assert trends.position(ours, theirs) == said


def test_series_of_unlike_length_are_refused():
    levels = {"x": series([1.0] * 8), "y": series([1.0] * 9)}
    with pytest.raises(ValueError, match=r"series of one length are needed, not of \[8, 9\] years"):
        trends.calibration(levels, {"x": "X", "y": "Y"}, seed=1, rounds=1)


def test_residuals_lie_about_the_trend(small_corpus):
    levels = gdp_levels(small_corpus, "norland", 2011, 2021)
    away = trends.residuals(levels)
    assert list(away.index) == list(range(2011, 2022)) and away.max() > 0 > away.min()
    assert np.log1p(away / 100).sum() == pytest.approx(0, abs=1e-9)  # least squares of logarithms
    left = away.to_numpy()
    assert trends.neighbours(levels) == pytest.approx(np.corrcoef(left[:-1], left[1:])[0, 1])
    rows = trends.trend_statistics(levels, "norland", "Norland")
    assert statistic(rows, "trend-largest-norland")[0] == pytest.approx(np.abs(left).max())
    value, low, high = statistic(rows, "trend-growth-norland")
    assert low < 100 * ((226.54 / 98.4) ** 0.1 - 1) < high and low < value < high
