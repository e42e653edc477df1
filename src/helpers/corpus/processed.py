"""Tables of data/processed, as the notebooks wrote them, typed again."""

from pathlib import Path

import pandas as pd

from .. import paths
from .faults import refuse
from .files import read_cells
from .schema import CHECK_READINGS, CHECKS, STATISTICS
from .tables import Table


def read_processed(table: Table, folder: Path = paths.PROCESSED) -> pd.DataFrame:
    """A processed table, as the function that made it returned it.

    Raises BadInput for a file that is missing or has other columns, and for a number that is none.
    """
    return _read(folder / f"{table.name}.csv", table)


def read_statistics(folder: Path, *names: str) -> pd.DataFrame:
    """The tables of statistics of these names, such as `check_statistics`, as one.

    Raises BadInput likewise.
    """
    return pd.concat([_read(folder / f"{name}.csv", STATISTICS) for name in names], ignore_index=True)


def read_checks(folder: Path = paths.PROCESSED) -> pd.DataFrame:
    """What `check` returned, from `checks.csv` and `check_readings.csv`.

    Raises BadInput if they differ in rows.
    """
    checks, about = (read_processed(table, folder) for table in (CHECKS, CHECK_READINGS))
    if list(checks.check_id) != list(about.check_id):
        advice = "there must be the checks of checks.csv, in their order"
        raise refuse(folder / "check_readings.csv", 1, "check_id", "other rows", advice)
    return checks.join(about.drop(columns="check_id"))


def _read(file: Path, table: Table) -> pd.DataFrame:
    cells = read_cells(file, table.columns)
    for name, dtype in ((field.name, field.dtype) for field in table.fields):
        for line, cell in cells[name].items() if dtype != "str" else ():
            try:
                float(cell or 0)
            except ValueError:
                raise refuse(file, int(line), name, cell, "it must be a number, or nothing") from None
    return table.typed(cells).reset_index(drop=True)
