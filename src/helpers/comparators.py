"""Statistics of other sources that claims are held against, each with its source and how good it is.

A comparator is one value that somebody else published, taken over with source, licence and grade. Its
interval is half a unit of the last digit that the source prints (`step`) either way.
"""

import re
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from . import cleaning, paths, tables, transcription
from .tables import BadInput, Fault
from .vocabulary import DECIMAL, GRADES, SLUG, is_period

COLUMNS = [
    "comparator_id", "indicator", "entity", "period", "value", "step", "unit", "price_basis", "vintage",
    "source", "url", "licence", "grade", "note",
]  # fmt: skip

_ADDRESS = re.compile(r"""(https?://[^\s<>()"'\\]+)?""")


def read(raw: Path = paths.RAW) -> pd.DataFrame:
    """`comparators.csv`, indexed by line, with columns `low` and `high` beside `COLUMNS`, all text.

    Values are in base units; `step` is one unit of the last digit printed, in the same unit, and 0 for
    a plain count. Raises BadInput for unknown keys and grades, bad numbers, a missing source or licence,
    an address that is no web address, and doubled ids.
    """
    file = raw / "comparators.csv"
    keys = {name: transcription.key_table(name, raw) for name in ("units", "entities", "indicators")}
    schema = pa.DataFrameSchema(
        {
            "comparator_id": tables.column("a slug of its own", SLUG.fullmatch, unique=True),
            "indicator": tables.one_of(keys["indicators"].indicator),
            "entity": tables.one_of(keys["entities"].entity),
            "period": tables.column("an ISO 8601 period or nothing", is_period),
            "value": tables.column("a decimal number", DECIMAL.fullmatch),
            "step": tables.column(
                "a decimal number, 0 for a plain count", lambda v: DECIMAL.fullmatch(v) and v[0] != "-"
            ),
            "unit": tables.one_of(keys["units"].unit),
            "price_basis": tables.one_of(["", "current", "constant"]),
            "source": tables.column("where the value was published", tables.said),
            "url": tables.column("a web address or nothing", _ADDRESS.fullmatch),
            "licence": tables.column("what may be done with the value", tables.said),
            "grade": tables.one_of(GRADES),
        }
    )
    table = tables.validate(tables.read(file, COLUMNS), schema, file)
    spread = [(Decimal(row.value), Decimal(row.step) / 2) for row in table.itertuples()]
    return table.assign(
        low=[cleaning.plain(value - half) for value, half in spread],
        high=[cleaning.plain(value + half) for value, half in spread],
    )


def yearly(
    comparators: pd.DataFrame,
    indicator: str,
    entity: str,
    unit: str,
    vintage: str = "",
    raw: Path = paths.RAW,
) -> pd.DataFrame:
    """The rows of one yearly series in order, with a column `year`; only those of `vintage`, if one is given.

    `raw` is the folder that a message names. Raises BadInput for a year that stands twice.
    """
    part = comparators[
        (comparators.indicator == indicator)
        & (comparators.entity == entity)
        & (comparators.unit == unit)
        & comparators.period.str.fullmatch("[0-9]{4}")
        & ((comparators.vintage == vintage) | (vintage == ""))
    ]
    twice = part[part.period.duplicated()]
    if len(twice):
        expected = f"one value a year of {indicator} of {entity}"
        raise BadInput(
            [
                Fault(raw / "comparators.csv", r.Index, "period", r.period, expected)
                for r in twice.itertuples()
            ]
        )
    return part.assign(year=part.period.astype(int)).sort_values("year")


def levels(comparators: pd.DataFrame, entity: str, first: int, last: int, raw: Path = paths.RAW) -> pd.Series:
    """GDP in yuan of one entity, as numbers by year from `first` to `last`.

    Raises BadInput for a year between them that is missing or stands twice.
    """
    within = comparators[comparators.period.isin(map(str, range(first, last + 1)))]
    found = yearly(within, "gdp", entity, "yuan", raw=raw)
    missing = [str(year) for year in range(first, last + 1) if year not in set(found.year)]
    if missing:
        expected = f"GDP of {entity} in yuan for each year from {first} to {last}"
        raise BadInput([Fault(raw / "comparators.csv", 1, "period", ", ".join(missing), expected)])
    return found.set_index("year").value.astype(float)
