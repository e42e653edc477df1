"""Growth of one place less growth of another, year by year: its mean, its sign, and how it changes.

What all places share in a year, such as an epidemic, falls out of a difference of the same year. What is left
may still hang together from year to year. So the mean is the constant of a least-squares fit with the
covariance of Newey & West (1987, Econometrica 55:703), and its interval takes the critical value that Kiefer
& Vogelsang (2005, Econometric Theory 21:1130, table 1) give for this covariance when the lags are not few
beside the years; with Student's t it would be too short. How the difference changes a year is the slope of a
straight line; its interval is the wider of two, by least squares with Student's t and by that covariance. The
sign test takes years for independent and says nothing of size.
"""

import math
from typing import Any

import numpy as np
import pandas as pd

from ..corpus.tallies import UPPER, Statistic, tally

LEAST_YEARS = 8
_BARTLETT = (
    1.9600,
    2.9694,
    0.4160,
    -0.5324,
)  # 97.5 %, Bartlett's weights


def lags_for(years: int) -> int:
    """How many lags the rule of Newey & West (1994, Review of Economic Studies 61:631) takes."""
    return math.floor(4 * (years / 100) ** (2 / 9))


def critical_value(years: int, lags: int) -> float:
    """How many standard errors a 95 % interval of a mean reaches, by Kiefer & Vogelsang."""
    share = (lags + 1) / years
    return sum(factor * share**power for power, factor in enumerate(_BARTLETT))


def differences(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Growth of ours less theirs by year; both have low, value, high, in percent a year.

    The result has the same columns in percentage points; low and high are what the digits of both allow.
    Raises ValueError if the years differ, or are fewer than `LEAST_YEARS`.
    """
    if list(ours.index) != list(theirs.index) or len(ours) < LEAST_YEARS:
        raise ValueError(f"growth of two places in the same {LEAST_YEARS} years or more is needed")
    return pd.DataFrame(
        {
            "low": ours.low - theirs.high,
            "value": ours.value - theirs.value,
            "high": ours.high - theirs.low,
        }
    ).round(9)  # of decimals in binary a difference that is nothing leaves dust


def sign_chance(above: int, below: int) -> float:
    """Chance, in percent, of a split at least as uneven if above and below were equally likely (exact)."""
    from scipy.stats import binomtest

    return 100 * float(binomtest(above, above + below).pvalue) if above + below else 100.0


def _fit(y: np.ndarray, design: np.ndarray, lags: int):
    from statsmodels.regression.linear_model import OLS  # takes a second to import

    kwds = {"maxlags": lags, "use_correction": True}
    return OLS(y, design).fit(cov_type="HAC", cov_kwds=kwds)


def _mean(y: np.ndarray) -> tuple[float, float, float, float]:
    """Mean, low and high of its interval, and its standard error."""
    lags = lags_for(len(y))
    fit = _fit(y, np.ones((len(y), 1)), lags)
    reach = critical_value(len(y), lags) * fit.bse[0]
    return fit.params[0], fit.params[0] - reach, fit.params[0] + reach, fit.bse[0]


def _slope(y: np.ndarray) -> tuple[float, float, float]:
    """Change a year, low and high of its interval."""
    from scipy.stats import t
    from statsmodels.regression.linear_model import OLS

    years, lags = len(y), lags_for(len(y))
    design = np.column_stack([np.ones(years), np.arange(years) - (years - 1) / 2])
    plain = OLS(y, design).fit()
    robust = critical_value(years, lags) * _fit(y, design, lags).bse[1]
    reach = max(robust, t.ppf(UPPER, years - 2) * plain.bse[1])
    return plain.params[1], plain.params[1] - reach, plain.params[1] + reach


def differential_statistics(lead: pd.DataFrame, name: str, label: str, before: int) -> list[Statistic]:
    """What a series of `differences` says, as statistics `differential-…-<name>`, in percentage points.

    The mean of all years and of those before the year `before`, with 95 % intervals; the standard error of
    the mean, and the one without correlation; the correlation of neighbouring years; the change a year; the
    first and the last difference with what digits allow; in how many years it is above and below zero,
    whatever the digits, of how many; and the chance of the sign test in percent. Raises ValueError where
    fewer than two years come before `before`.
    """
    y = lead.value.to_numpy()
    size, lags = len(y), lags_for(len(y))
    span = f"{lead.index[0]} to {lead.index[-1]}, {size} years"
    early = lead[lead.index < before]
    if len(early) < 2:
        raise ValueError(f"there must be years before {before}")
    mean, low, high, error = _mean(y)
    early_mean, early_low, early_high, _ = _mean(early.value.to_numpy())
    slope, slope_low, slope_high = _slope(y)
    plain = float(y.std(ddof=1) / math.sqrt(size))
    left = y - y.mean()
    beside = float(np.corrcoef(left[:-1], left[1:])[0, 1]) if left[:-1].std() * left[1:].std() else 0.0
    method = f"95 % interval, Newey–West with {lags} lags and fixed-b critical value"
    above, below = int((lead.low > 0).sum()), int((lead.high < 0).sum())
    plus, minus = int((lead.value > 0).sum()), int((lead.value < 0).sum())
    chance = float(f"{sign_chance(plus, minus):.2g}")
    points = "percentage_point"
    rows: list[tuple[Any, ...]] = [
        (
            "mean",
            "mean lead in yearly growth",
            mean,
            low,
            high,
            points,
            f"constant of a least-squares fit to {span}; {method}",
        ),
        (
            "mean-early",
            f"mean lead in yearly growth before {before}",
            early_mean,
            early_low,
            early_high,
            points,
            f"as the mean, over {len(early)} years",
        ),
        (
            "error",
            "standard error of the mean lead",
            *[round(error, 3)] * 3,
            points,
            f"Newey–West with {lags} lags, small-sample correction, {span}",
        ),
        (
            "error-plain",
            "standard error of the mean lead if years were uncorrelated",
            *[round(plain, 3)] * 3,
            points,
            f"standard deviation over the root of {size} years",
        ),
        (
            "neighbours",
            "correlation of the lead in neighbouring years",
            *[round(beside, 2)] * 3,
            "",
            f"over {size - 1} pairs of years",
        ),
        (
            "slope",
            "change of the lead a year",
            slope,
            slope_low,
            slope_high,
            points,
            f"slope of a straight line through {span}; 95 % interval, the wider of ordinary least squares "
            f"with Student's t and Newey–West with {lags} lags",
        ),
    ]
    for key, words, place in (("first", "first", 0), ("last", "last", -1)):
        one = lead.iloc[place]
        rows.append(
            (
                key,
                f"lead in the {words} year",
                one.value,
                one.low,
                one.high,
                points,
                f"growth of {lead.index[place]} less growth of the same year; interval of rounding",
            )
        )
    found = [Statistic(f"differential-{key}-{name}", f"{what}, {label}", *rest) for key, what, *rest in rows]
    counts = [
        tally(
            f"differential-above-{name}",
            f"years in which the lead is above zero, {label}",
            above,
            f"growth of ours above theirs whatever the digits left out, of {size} years",
        ),
        tally(
            f"differential-below-{name}",
            f"years in which the lead is below zero, {label}",
            below,
            f"growth of ours below theirs whatever the digits left out, of {size} years",
        ),
        tally(f"differential-years-{name}", f"years compared, {label}", size, span),
    ]
    formula = (
        f"exact binomial test, two-sided, {plus} years above and {minus} below as printed; "
        "equal years left out"
    )
    label_of_chance = f"chance of so uneven a split of years by luck, {label}"
    sign = Statistic(f"differential-sign-{name}", label_of_chance, chance, chance, chance, "percent", formula)
    return [*found, *counts, sign]
