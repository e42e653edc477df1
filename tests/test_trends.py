"""Trends of yearly levels: by hand, by formula, by simulation."""

import math
from types import SimpleNamespace

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
    table, student = trends.trend_statistics(levels, "x", "X"), 2.262157  # 97.5 %, nine degrees of freedom
    for key, lags in (("", 2), ("-0-lags", 0), ("-1-lags", 1), ("-3-lags", 3), ("-4-lags", 4)):
        slope, error = slope_and_error(levels, lags)
        expected = [100 * math.expm1(slope + k * student * error) for k in (0, -1, 1)]
        assert statistic(table, f"trend-growth{key}-x") == pytest.approx(expected, rel=1e-6)


def slope_and_error(levels, lags):
    """The slope of the logarithms of eleven levels, and its standard error, with Bartlett's weights."""
    y, t = np.log(levels.to_numpy()), np.arange(11) - 5.0
    slope = (t * y).sum() / (t * t).sum()
    score = t * (y - y.mean() - slope * t)
    middle = (score * score).sum()
    middle += sum(
        2 * (1 - lag / (lags + 1)) * (score[lag:] * score[:-lag]).sum() for lag in range(1, lags + 1)
    )
    return slope, math.sqrt(11 / 9 * middle) / (t * t).sum()


def test_what_the_residuals_say_is_that_of_the_formulas():
    levels = series([100, 111, 118, 131, 140, 150, 166, 175, 190, 188, 210.0])
    y, t = np.log(levels.to_numpy()), np.arange(11) - 5.0
    e = y - y.mean() - (t * y).sum() / (t * t).sum() * t
    table = trends.trend_statistics(levels, "x", "X")
    assert statistic(table, "trend-durbin-watson-x")[0] == pytest.approx(
        (np.diff(e) ** 2).sum() / (e**2).sum()
    )
    assert statistic(table, "trend-bend-x")[0] == pytest.approx(2 * 100 * np.polyfit(t, y, 2)[0])
    assert statistic(table, "trend-largest-x")[0] == pytest.approx(100 * np.abs(np.expm1(e)).max())
    beside = np.corrcoef(np.expm1(e[:-1]), np.expm1(e[1:]))[0, 1]
    assert statistic(table, "trend-neighbours-x") == pytest.approx((beside,) * 3)


def test_eight_levels_are_enough():
    table = trends.trend_statistics(series([100 * 1.07**k for k in range(8)]), "x", "X")
    assert statistic(table, "trend-growth-x")[0] == pytest.approx(7)


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


def test_the_wide_interval_is_as_wide_as_the_simulation_needs():
    levels = series([100, 111, 118, 131, 140, 150, 166, 175, 190, 188, 210.0])
    table = trends.calibration({"x": levels}, {"x": "X"}, seed=4, rounds=60)
    slope, error = slope_and_error(levels, 2)
    wide = np.quantile(trends.simulated(11, 0.6, seed=4, rounds=60), 0.95)
    expected = [100 * math.expm1(slope + k * wide * error) for k in (0, -1, 1)]
    assert statistic(table, "trend-growth-wide-x") == pytest.approx(expected, rel=1e-6)
    for correlation in (0.0, 0.3, 0.6, 0.9):
        held = (trends.simulated(11, correlation, seed=4, rounds=60) <= 2.262157).mean()
        assert statistic(table, f"trend-coverage-{100 * correlation:.0f}") == pytest.approx((100 * held,) * 3)


def test_simulated_errors_have_one_variance_and_the_correlation_of_their_name(monkeypatch):
    rows = []

    def fit(y, x, lags):
        rows.append(y)
        return SimpleNamespace(tvalues=[0.0, -1.5])

    monkeypatch.setattr(trends, "_ols", fit)
    assert (trends.simulated(6, 0.6, seed=1, rounds=20_000) == 1.5).all()
    errors = np.array(rows)
    assert errors.var(axis=0) == pytest.approx([1 / (1 - 0.36)] * 6, rel=0.05)
    assert [np.corrcoef(errors[:, k], errors[:, k + 1])[0, 1] for k in range(5)] == pytest.approx(
        [0.6] * 5, abs=0.02
    )


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


def test_intervals_that_touch_overlap():
    assert trends.position((2, 3), (1, 2)) == trends.position((1, 2), (2, 3)) == "overlapping"
