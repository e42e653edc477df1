"""Whether places become more alike: the spread of their GDP, and whether the smaller ones grow faster.

Spread (σ) is the standard deviation of the logarithm of GDP over all places; whether it changed is tested as
Pitman (1939, Biometrika 31:9) and Morgan (1939, Biometrika 31:13) do for two variances of the same places.
Catching up (β) is the slope of yearly growth on the logarithm of the first GDP, by least squares, with the
covariance HC3 (MacKinnon & White 1985, Journal of Econometrics 29:305) that small samples ask for. An error
in the first level lowers β: it makes a place both smaller and faster. A negative β need not narrow the
spread.
"""

import math
from typing import Any

import numpy as np
import pandas as pd

from ..corpus.tallies import UPPER, Statistic

LEAST_PLACES = 5


def volumes(first: pd.Series, growth: pd.DataFrame) -> pd.DataFrame:
    """Levels in prices of the first year: first levels, and yearly growth in percent chained on them.

    `first` has a level for each place, `growth` a row for each place and a column for each later year in
    order. Returns a row for each place and a column for each year.
    """
    steps = (1 + growth.loc[first.index] / 100).cumprod(axis=1).mul(first, axis=0)
    return pd.concat([first.rename(int(growth.columns[0]) - 1), steps], axis=1)


def sigma(levels: pd.Series) -> float:
    """Standard deviation of the logarithms of the levels, over all of them."""
    return float(np.log(levels.to_numpy(dtype=float)).std())


def ratio_of_spreads(first: pd.Series, last: pd.Series) -> tuple[float, float, float]:
    """Spread of the last over that of the first levels, with the 95 % interval of Pitman and Morgan."""
    from scipy.stats import t

    x, y = np.log(first.to_numpy(dtype=float)), np.log(last.loc[first.index].to_numpy(dtype=float))
    size, r = len(x), float(np.corrcoef(x, y)[0, 1])
    spread = y.var() / x.var()
    k = 1 + 2 * max(0.0, 1 - r * r) * t.ppf(UPPER, size - 2) ** 2 / (size - 2)
    room = math.sqrt(k * k - 1)
    return math.sqrt(spread), math.sqrt(spread * (k - room)), math.sqrt(spread * (k + room))


def yearly_rates(first: pd.Series, last: pd.Series, years: int) -> pd.Series:
    """Growth from first to last, in percent a year by logarithms, of each place."""
    return 100 * np.log(last.loc[first.index] / first) / years


def beta(first: pd.Series, last: pd.Series, years: int) -> tuple[float, float, float]:
    """How much faster a place grows whose first GDP is twice as large, with its 95 % interval.

    In percentage points a year; below zero if smaller places grow faster.
    """
    from scipy.stats import t
    from statsmodels.regression.linear_model import OLS  # takes a second to import

    size = np.log2(first.to_numpy(dtype=float))
    design = np.column_stack([np.ones(len(size)), size - size.mean()])
    fit = OLS(yearly_rates(first, last, years).to_numpy(), design).fit(cov_type="HC3")
    reach = t.ppf(UPPER, len(size) - 2) * fit.bse[1]
    return fit.params[1], fit.params[1] - reach, fit.params[1] + reach


def dispersion_statistics(levels: pd.DataFrame, name: str, label: str) -> list[Statistic]:
    """Spread and catching up, as statistics `dispersion-…-<name>` and `convergence-…-<name>`.

    `levels` has a row for each place and a column for each year, of which the first and the last count.
    σ of both years (`sigma-first`, `sigma-last`), the ratio of the spreads with its interval (`ratio`), β
    with its interval (`slope`), its standard error (`error`), and the least and the most that it is when any
    one place is left out (`slope-without-one`). Raises ValueError for fewer than `LEAST_PLACES` places, and
    for levels that are not positive.
    """
    first, last = levels.iloc[:, 0], levels.iloc[:, -1]
    start, end = int(levels.columns[0]), int(levels.columns[-1])
    if len(levels) < LEAST_PLACES or not (levels[[start, end]] > 0).all(axis=None):
        raise ValueError(f"levels above zero of {LEAST_PLACES} places at least are needed")
    count = f"{len(levels)} places"
    slope, low, high = beta(first, last, end - start)
    from scipy.stats import t

    error = round((high - slope) / float(t.ppf(UPPER, len(levels) - 2)), 3)
    others = [beta(first.drop(place), last.drop(place), end - start)[0] for place in levels.index]
    points, fitted = "percentage_point", f"growth of {start} to {end} on log2 of GDP of {start}, {count}"
    rows: list[tuple[Any, ...]] = [
        *(
            (
                f"dispersion-sigma-{word}",
                f"standard deviation of log GDP in the {word} year",
                *[round(sigma(part), 3)] * 3,
                "",
                f"over {count}, {year}, divided by their number",
            )
            for word, part, year in (("first", first, start), ("last", last, end))
        ),
        (
            "dispersion-ratio",
            "spread of log GDP in the last year over that in the first",
            *ratio_of_spreads(first, last),
            "times",
            f"ratio of standard deviations of {end} and {start}, {count}; 95 % interval by Pitman and Morgan",
        ),
        (
            "convergence-slope",
            "how much faster a place grows whose first GDP is twice as large",
            slope,
            low,
            high,
            points,
            f"slope of {fitted}, least squares; 95 % interval, HC3 and Student's t",
        ),
        ("convergence-error", "standard error of that slope", *[error] * 3, points, f"HC3, {fitted}"),
        (
            "convergence-slope-without-one",
            "that slope when any one place is left out",
            slope,
            min(*others, slope),
            max(*others, slope),
            points,
            f"least and most over {count} left out in turn",
        ),
    ]
    return [Statistic(f"{key}-{name}", f"{what}, {label}", *rest) for key, what, *rest in rows]
