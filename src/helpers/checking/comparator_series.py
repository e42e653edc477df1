"""Yearly series of other sources, to compare with and to fit trends to."""

from dataclasses import replace

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput, Fault, refuse


def yearly(corpus: Corpus, indicator: str, entity: str, unit: str, vintage: str = "") -> pd.DataFrame:
    """The comparators of one yearly series in order, with a column `year`; only those of `vintage`, if one is
    given.

    Raises BadInput for a year that stands twice.
    """
    table = corpus.comparators
    part = table[
        (table.indicator == indicator)
        & (table.entity == entity)
        & (table.unit == unit)
        & table.period.str.fullmatch("[0-9]{4}")
        & ((table.vintage == vintage) | (vintage == ""))
    ]
    twice = part[part.period.duplicated()]
    if len(twice):
        file, advice = (
            corpus.folder / "comparators.csv",
            f"there must be one value a year of {indicator} of {entity}",
        )
        raise BadInput(Fault(file, r.Index, "period", r.period, advice) for r in twice.itertuples())
    return part.assign(year=part.period.astype(int)).sort_values("year")


def gdp_levels(corpus: Corpus, entity: str, first: int, last: int) -> pd.Series:
    """GDP in yuan of one entity, by year from `first` to `last`.

    Raises BadInput for a year between them that is missing or stands twice.
    """
    years = range(first, last + 1)
    within = corpus.comparators[corpus.comparators.period.isin(map(str, years))]
    found = yearly(replace(corpus, comparators=within), "gdp", entity, "yuan")
    missing = ", ".join(str(year) for year in years if year not in set(found.year))
    if missing:
        advice = f"GDP of {entity} in yuan is needed for each year from {first} to {last}"
        raise refuse(corpus.folder / "comparators.csv", 1, "period", missing, advice)
    return found.set_index("year").value
