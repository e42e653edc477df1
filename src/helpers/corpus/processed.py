"""Tables of data/processed, as the notebooks wrote them, validated and typed again.

A cell that was changed by hand is refused where it cannot be what a notebook wrote.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from .. import paths
from ..vocabulary import DECIMAL
from .faults import BadInput, Fault, refuse
from .files import read_cells
from .schema import CHECK_READINGS, CHECKS, KEY_TABLES, STATISTICS
from .tables import Column, Keys, Rule, Table, optional

_ID = {  # the columns that name a row of a table; of the others a row may be there twice
    "figures": ["figure_id"],
    "derived": ["derived_id"],
    "checks": ["check_id"],
    "check_readings": ["check_id"],
    "coverage": ["figure_id"],
    "power": ["check_id"],
    "flips": ["claim_id", "figure_id"],
    "ranks_and_lists": ["order_id"],
    "numerals": ["article", "numeral_id"],
    STATISTICS.name: ["statistic_id"],
}
_IN_ORDER = (["low", "value", "high"], ["expected_low", "expected_high"], ["observed_low", "observed_high"])
_NUMBER = Rule("a number", DECIMAL.fullmatch)


def read_processed(table: Table, folder: Path = paths.PROCESSED) -> pd.DataFrame:
    """A processed table, as the function that made it returned it.

    Keys of entities, indicators and units must be those of data/raw where `folder` is one of the checkout.
    Raises BadInput with every fault: a file that is missing or has other columns, a cell that its column
    cannot hold, an id that stands twice, a value outside its own interval.
    """
    return _read(folder / f"{table.name}.csv", table)


def read_statistics(folder: Path, *names: str) -> pd.DataFrame:
    """The tables of statistics of these names, such as `check_statistics`, as one.

    Raises BadInput likewise.
    """
    return pd.concat([_read(folder / f"{name}.csv", STATISTICS) for name in names], ignore_index=True)


def read_checks(folder: Path = paths.PROCESSED) -> pd.DataFrame:
    """What `check` returned, from `checks.csv` and `check_readings.csv`.

    Raises BadInput likewise, and if the two differ in rows.
    """
    checks, about = (read_processed(table, folder) for table in (CHECKS, CHECK_READINGS))
    if list(checks.check_id) != list(about.check_id):
        advice = "there must be the checks of checks.csv, in their order"
        raise refuse(folder / "check_readings.csv", 1, "check_id", "other rows", advice)
    return checks.join(about.drop(columns="check_id"))


def _read(file: Path, table: Table) -> pd.DataFrame:
    cells = read_cells(file, table.columns)
    written = Table(table.file, table.rows, [_as_written(field) for field in table.fields])
    typed = written.validated(cells, lambda line: (file, line), _keys(file))
    faults = [*_doubled(cells, table, file), *_out_of_order(typed, cells, file)]
    if faults:
        raise BadInput(faults)
    return typed.reset_index(drop=True)


def _as_written(column: Column) -> Column:
    """A column as results have it: numbers have all their digits, and what names a row is `_ID`."""
    rule = column.rule
    if isinstance(rule, Rule) and column.dtype == "float64":
        rule = optional(_NUMBER) if rule.test("") else _NUMBER
    return replace(column, rule=rule, unique=False)


def _keys(file: Path) -> Keys:
    """The keys of the checkout's raw tables for a file of the checkout; of others nothing is known."""
    if not file.resolve().is_relative_to(paths.ROOT):
        return {}
    return {
        name: read_cells(paths.RAW / f"{name}.csv", table.columns).iloc[:, 0].tolist()
        for name, table in KEY_TABLES.items()
    }


def _doubled(cells: pd.DataFrame, table: Table, file: Path) -> Iterable[Fault]:
    names = _ID.get(table.name, [])
    for line, row in cells[cells.duplicated(names)].iterrows() if names else ():
        first = cells.index[(cells[names] == row[names]).all(axis=1)][0]
        advice = f"it must be a value of its own; it stands on line {first} already"
        yield Fault(file, int(str(line)), names[-1], row[names[-1]], advice)


def _out_of_order(typed: pd.DataFrame, cells: pd.DataFrame, file: Path) -> Iterable[Fault]:
    """Values outside their own interval, and intervals whose ends are exchanged."""
    for names in _IN_ORDER:
        for less, more in zip(names, names[1:], strict=False) if {*names} <= {*typed} else ():
            for line in typed.index[typed[less] > typed[more]]:
                name, other = (less, more) if less != "low" else (more, less)
                than = f"{'most' if name == less else 'least'} its {other}, {cells.at[line, other]}"
                yield Fault(file, line, name, cells.at[line, name], f"it must be at {than}")
