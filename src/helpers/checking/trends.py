"""Log-linear trends of yearly GDP, with intervals that allow for autocorrelation, and their residuals.

The model is ln(level) = a + b × year + e, fitted by ordinary least squares; growth a year is e^b − 1. Errors
of one year carry over to the next, so the interval uses the covariance of Newey & West (1987, Econometrica
55:703) with `LAGS` lags, their small-sample correction and Student's t. Eleven years are few for that:
`calibration` simulates how often such an interval holds what it should, and how wide it must be to hold it.
"""

import math

import numpy as np
import pandas as pd

from ..corpus.tallies import Statistic

LAGS = 2  # 4 × (years / 100)^(2/9) rounded down, the rule of Newey & West (1994), for eleven years

CORRELATIONS = (0.0, 0.3, 0.6, 0.9)  # of the errors of neighbouring years, for simulation
TAKEN = 0.6  # an assumption on the safe side
OTHER_LAGS = (0, 1, 3, 4)  # for comparison; 0 allows for unequal variances alone


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
    if ours[0] > theirs[1]:
        return "above"
    return "below" if ours[1] < theirs[0] else "overlapping"


def trend_statistics(levels: pd.Series, name: str, label: str) -> list[Statistic]:
    """Trend of a yearly series and what its residuals look like, as statistics `trend-…-<name>`.

    Growth in percent a year, also under `OTHER_LAGS`, and its change a year in percentage points (from a fit
    with a square), each with a 95 % interval; Durbin and Watson's statistic; correlation of neighbouring
    residuals; the largest residual in percent. Raises ValueError for fewer than eight levels, or levels that
    are not positive.
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
    rate, watson, beside = _growth(line.params[1]), durbin_watson(resid), neighbours(levels)
    method = f"{span}; 95 % interval, Newey–West with {LAGS} lags"
    rows = [
        ("growth", "trend of GDP", rate, _growth(low), _growth(high), "percent_per_year",
         f"e^b − 1 of ln(GDP) = a + b × year, {method}"),
        ("bend", "change of the growth rate of GDP from year to year", 2 * 100 * curve.params[2],
         bend_low, bend_high, "percentage_point", f"2c of ln(GDP) = a + b × year + c × year², {method}"),
        ("durbin-watson", "Durbin and Watson's statistic of the residuals", watson, watson, watson, "",
         "2 without correlation of neighbours, near 0 with"),
        ("neighbours", "correlation of neighbouring residuals", beside, beside, beside, "",
         f"over {len(y) - 1} pairs"),
        ("largest", "largest residual, in percent of the trend", largest, largest, largest, "percent", span),
    ]  # fmt: skip
    for lags in OTHER_LAGS:
        low, high = map(_growth, _ols(y, _design(len(y), 1), lags).conf_int()[1])
        formula = f"as the trend of GDP, but with {lags} lags"
        label_of_lags = f"trend of GDP, {lags} lags"
        rows.append((f"growth-{lags}-lags", label_of_lags, rate, low, high, "percent_per_year", formula))
    return [Statistic(f"trend-{key}-{name}", f"{what}, {label}", *rest) for key, what, *rest in rows]


def simulated(years: int, correlation: float, seed: int, rounds: int) -> np.ndarray:
    """Distance of the fitted from the true slope in standard errors, over simulated series.

    Each is a straight line with errors that follow an autoregression of order one with `correlation`.
    """
    random, x = np.random.default_rng(seed), _design(years, 1)
    errors = random.standard_normal((rounds, years))
    errors[:, 0] /= math.sqrt(1 - correlation**2)
    for year in range(1, years):
        errors[:, year] += correlation * errors[:, year - 1]
    return np.abs([_ols(row, x, LAGS).tvalues[1] for row in errors])


def calibration(
    levels: dict[str, pd.Series], labels: dict[str, str], seed: int, rounds: int = 1000
) -> list[Statistic]:
    """What intervals of nominally 95 % hold in truth, and intervals that hold it, as statistics.

    `trend-coverage-<percent>` is the share of simulated series whose interval holds the true slope, for each
    of `CORRELATIONS`; `trend-growth-wide-<name>` the interval of a series that would hold it in 95 % of them
    at `TAKEN`. How much the errors are correlated, eleven years cannot tell: their residuals show less than
    there is.
    """
    from scipy.stats import t

    years = {len(series) for series in levels.values()}
    if len(years) != 1:
        raise ValueError(f"series of one length are needed, not of {sorted(years)} years")
    size = years.pop()
    nominal, wide, rows = t.ppf(0.975, size - 2), 0.0, list[Statistic]()
    for correlation in CORRELATIONS:
        distance = simulated(size, correlation, seed, rounds)
        held = int((distance <= nominal).sum())
        share = 100 * held / rounds
        formula = (
            f"{held} of {rounds} simulated series of {size} years, errors of neighbouring years correlated "
            f"by {correlation}, seed {seed}"
        )
        label = f"share of intervals of nominally 95 % that hold the true trend, correlation {correlation}"
        key = f"trend-coverage-{correlation * 100:.0f}"
        rows.append(Statistic(key, label, share, share, share, "percent", formula))
        if correlation == TAKEN:
            wide = float(np.quantile(distance, 0.95))
    for name, series in levels.items():
        fit = _ols(np.log(series.to_numpy()), _design(size, 1), LAGS)
        low, high = (_growth(fit.params[1] + side * wide * fit.bse[1]) for side in (-1, 1))
        formula = (
            f"slope ± {wide:.2f} standard errors, which held the truth in 95 % of {rounds} simulated series "
            f"with a correlation of {TAKEN}, seed {seed}"
        )
        key, label = f"trend-growth-wide-{name}", f"trend of GDP, wide interval, {labels[name]}"
        rate = _growth(fit.params[1])
        rows.append(Statistic(key, label, rate, low, high, "percent_per_year", formula))
    return rows
