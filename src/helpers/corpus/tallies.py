"""Tallies and agreements of our own, which are neither figures nor derived from them, as rows of a table."""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from .schema import STATISTICS

# How the ids of statistics begin. No other id may begin so, or a report could not tell which of two is meant.
PREFIXES = (
    *("agreement-", "calibration-", "checks-", "claims-", "convergence-", "coverage-", "differential-"),
    *(
        "dispersion-",
        "figures-",
        "heaped-",
        "lists-",
        "machine-",
        "mutants-",
        "numerals-",
        "power-",
        "ranks-",
    ),
    *("ranks-", "sensitivity-", "simulated-", "stands-from-", "stands-to-", "vintages-", "width-median-"),
)


CONFIDENCE = 95  # percent, of every interval of confidence
UPPER = (100 + CONFIDENCE) / 200  # the share of a distribution below the upper end of such an interval


class Statistic(NamedTuple):
    """A row of a table of statistics; the names of `schema.STATISTICS`."""

    statistic_id: str
    statistic: str
    value: float
    low: float
    high: float
    unit: str
    formula: str
    qualifier: str = ""


def tally(key: str, label: str, count: int, formula: str) -> Statistic:
    """A count, which is exact."""
    return Statistic(key, label, count, count, count, "", formula)


def parameter(key: str, label: str, value: float, unit: str = "") -> Statistic:
    """A choice of ours that prose names, such as a level of confidence."""
    return Statistic(key, label, value, value, value, unit, "a choice of this project")


def statistics_table(rows: Iterable[Statistic]) -> pd.DataFrame:
    """Statistics as a table, numbers at ten significant digits: the digits after them differ by machine.

    Raises ValueError for an id that begins with none of `PREFIXES`, and for one that stands twice.
    """
    table = pd.DataFrame(list(rows), columns=list(Statistic._fields))
    strange = [key for key in table.statistic_id if not key.startswith(PREFIXES)]
    if strange or table.statistic_id.duplicated().any():
        doubled = list(table.statistic_id[table.statistic_id.duplicated()])
        raise ValueError(f"ids of statistics must begin with one of PREFIXES, each once: {strange + doubled}")
    numbers = ["value", "low", "high"]
    table[numbers] = table[numbers].map(lambda number: float(f"{number:.10g}"))
    return table[STATISTICS.columns]
