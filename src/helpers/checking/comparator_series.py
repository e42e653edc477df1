"""Yearly series of other sources: one value a year, of the vintage that is asked for."""

from collections.abc import Sequence

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput, Fault, refuse

# Vintages in the order in which they count: those known last, and those that were printed first.
LATEST = (
    "revised after the 4th economic census",
    "after the 4th economic census",
    "final",
    "as compiled",
    "compiled by city",
    "first print",
)
FIRST_PRINTS = ("first print", "before the 4th economic census", "as compiled", "compiled by city")


def yearly(
    corpus: Corpus, indicator: str, entity: str, unit: str, vintages: Sequence[str] = ()
) -> pd.DataFrame:
    """The comparators of one yearly series in order, with a column `year`.

    Of several values of a year the one counts whose vintage comes first in `vintages`; values of vintages
    that are not named are left out. Without `vintages` all count. Raises BadInput for a year that then stands
    twice.
    """
    table = corpus.comparators
    part = table[
        (table.indicator == indicator)
        & (table.entity == entity)
        & (table.unit == unit)
        & table.period.str.fullmatch("[0-9]{4}")
        & (table.vintage.isin(list(vintages)) | (not vintages))
    ]
    if vintages:
        rank = part.vintage.map({name: number for number, name in enumerate(vintages)})
        part = part[rank == rank.groupby(part.period).transform("min")]
    twice = part[part.period.duplicated()]
    if len(twice):
        file, advice = (
            corpus.folder / "comparators.csv",
            f"there must be one value a year of {indicator} of {entity}",
        )
        raise BadInput(Fault(file, r.Index, "period", r.period, advice) for r in twice.itertuples())
    return part.assign(year=part.period.astype(int)).sort_values("year")


def whole_series(
    corpus: Corpus,
    indicator: str,
    entity: str,
    unit: str,
    years: tuple[int, int],
    vintages: Sequence[str] = (),
) -> pd.DataFrame:
    """The values of a series from the first to the last of `years`: columns low, value, high, comparator_id.

    Indexed by year; `vintages` as for `yearly`. Raises BadInput for a year between them that is missing or
    stands twice.
    """
    found = yearly(corpus, indicator, entity, unit, vintages).set_index("year")
    wanted = range(years[0], years[1] + 1)
    missing = ", ".join(str(year) for year in wanted if year not in found.index)
    if missing:
        advice = f"{indicator} of {entity} in {unit} is needed for each year from {years[0]} to {years[1]}"
        raise refuse(corpus.folder / "comparators.csv", 1, "period", missing, advice)
    return found.loc[list(wanted), ["low", "value", "high", "comparator_id"]]
