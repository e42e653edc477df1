"""Log-linear trends of yearly GDP, with intervals that allow for autocorrelation, and their residuals.

The model is ln(level) = a + b × year + e, fitted by ordinary least squares; growth a year is e^b − 1. Errors of
one year carry over to the next, so the interval uses the covariance of Newey & West (1987, Econometrica 55:703) with
`LAGS` lags, their small-sample correction and Student's t. Eleven years are few for that: `coverage` simulates
how often such an interval holds what it should.
"""

import math

import numpy as np
import pandas as pd

from . import tables

LAGS = 2  # 4 × (years / 100)^(2/9) rounded down, the rule of Newey & West (1994), for eleven years


def _ols(y, x, lags: int):
    from statsmodels.regression.linear_model import OLS  # takes a second to import

    kwds = {"maxlags": lags, "use_correction": True}
    return OLS(y, x).fit(cov_type="HAC", cov_kwds=kwds, use_t=True)


def _design(years: int, degree: int) -> np.ndarray:
    """Powers of the year, counted from the middle, from 0 to `degree`."""
    return np.vander(np.arange(years) - (years - 1) / 2, degree + 1, increasing=True)


def _growth(slope: float) -> float:
    return math.expm1(slope) * 100


def residuals(levels: pd.Series) -> pd.Series:
    """How far each level lies from its trend, in percent of the trend, by year."""
    fit = _ols(np.log(levels.to_numpy()), _design(len(levels), 1), LAGS)
    return pd.Series(np.expm1(fit.resid) * 100, index=levels.index)


def neighbours(levels: pd.Series) -> float:
    """Correlation of the residuals of neighbouring years."""
    left = residuals(levels).to_numpy()
    return float(np.corrcoef(left[:-1], left[1:])[0, 1])


def position(ours, theirs) -> str:
    """Where one interval (low, high) lies against another: `above`, `below` or `overlapping`."""
    return (
        "above"
        if ours.iloc[0] > theirs.iloc[1]
        else "below"
        if ours.iloc[1] < theirs.iloc[0]
        else "overlapping"
    )


def statistics(levels: pd.Series, name: str, label: str) -> pd.DataFrame:
    """Trend of a yearly series and what its residuals look like, as statistics `trend-…-<name>`.

    Growth in percent a year and its change a year in percentage points (from a fit with a square), each with a
    95 % interval; Durbin and Watson's statistic; correlation of neighbouring residuals; the largest
    residual in percent. Raises ValueError for fewer than eight levels, or levels that are not positive.
    """
    from statsmodels.stats.stattools import durbin_watson

    if len(levels) < 8 or not (levels > 0).all():
        raise ValueError("a trend needs at least eight levels above zero")
    y = np.log(levels.to_numpy())
    line, curve = (_ols(y, _design(len(y), degree), LAGS) for degree in (1, 2))
    span = f"{levels.index[0]} to {levels.index[-1]}, {len(y)} years"
    resid = line.resid
    (low, high), (bend_low, bend_high) = line.conf_int()[1], 2 * 100 * curve.conf_int()[2]
    largest = float(np.abs(np.expm1(resid)).max() * 100)
    rows = [
        ("growth", "trend of GDP", _growth(line.params[1]), _growth(low), _growth(high), "percent_per_year",
         f"e^b − 1 of ln(GDP) = a + b × year, {span}; 95 % interval, Newey–West with {LAGS} lags"),
        ("bend", "change of the growth rate of GDP from year to year", 2 * 100 * curve.params[2], bend_low, bend_high,
         "percentage_point", f"2c of ln(GDP) = a + b × year + c × year², {span}; 95 % interval, Newey–West with {LAGS} lags"),
        ("durbin-watson", "Durbin and Watson's statistic of the residuals", *[durbin_watson(resid)] * 3, "",
         "2 without correlation of neighbours, near 0 with"),
        ("neighbours", "correlation of neighbouring residuals", *[neighbours(levels)] * 3, "", f"over {len(y) - 1} pairs"),
        ("largest", "largest residual, in percent of the trend", *[largest] * 3, "percent", span),
    ]  # fmt: skip
    return tables.statistics((f"trend-{key}-{name}", f"{what}, {label}", *rest) for key, what, *rest in rows)


def by_lags(levels: pd.Series, lags=range(5)) -> pd.DataFrame:
    """The interval of growth under other numbers of lags: columns lags, low, high; percent a year."""
    y, x = np.log(levels.to_numpy()), _design(len(levels), 1)
    bounds = [_ols(y, x, lag).conf_int()[1] for lag in lags]
    return pd.DataFrame([(lag, _growth(low), _growth(high)) for lag, (low, high) in zip(lags, bounds, strict=True)],
                        columns=["lags", "low", "high"])  # fmt: skip


def coverage(years: int, correlation: float, seed: int, rounds: int = 1000) -> pd.DataFrame:
    """Share of simulated series whose 95 % interval holds the true growth, as the statistic `trend-coverage`.

    Each series is a straight line with errors that follow an autoregression of order one with
    `correlation`. 95 Monte Carlo percent interval by Wilson.
    """
    from statsmodels.stats.proportion import proportion_confint

    random, x = np.random.default_rng(seed), _design(years, 1)
    shocks = random.standard_normal((rounds, years))
    errors = shocks.copy()
    errors[:, 0] /= math.sqrt(1 - correlation**2)
    for year in range(1, years):
        errors[:, year] += correlation * errors[:, year - 1]
    held = 0
    for row in errors:
        low, high = _ols(row, x, LAGS).conf_int()[1]
        held += low <= 0 <= high
    low, high = proportion_confint(held, rounds, method="wilson")
    formula = (
        f"{held} of {rounds} simulated series of {years} years, errors with a correlation of {correlation:.2f} "
        f"between neighbours, seed {seed}; Wilson interval"
    )
    label = "share of intervals of nominally 95 % that hold the true trend"
    return tables.statistics(
        [("trend-coverage", label, 100 * held / rounds, 100 * low, 100 * high, "percent", formula)]
    )
