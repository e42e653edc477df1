"""Where a sheet differs from what the machine reads in the text, and whether somebody has said why.

The machine is a third reader: `transcribing.machine` writes down what the rules of the finder and of the
proposals read of each numeral. Its transcription is kept, so that a sheet is compared with it on a machine
without the text too. A difference that `machine_differences.csv` does not acknowledge is a fault, and so is
one that is acknowledged and no longer there.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from ..vocabulary import ABSENT
from .faults import Fault
from .schema import MACHINE_COMPARED, MACHINE_DIFFERENCES, MACHINE_FOLDER, QUANTITIES
from .sheets import sheet_file

PLACE = ["article", "start", "column"]  # what names a difference
READINGS = ["machine", "sheet"]  # what each of the two has there
_WHERE_READ = ("unit", "period")  # an empty cell of the machine is no reading of these


def machine_file(folder: Path, article: str) -> Path:
    """Where the machine transcription of an article lies."""
    return folder / MACHINE_FOLDER / f"{article}.csv"


def paired(sheets: pd.DataFrame, machine: pd.DataFrame) -> pd.DataFrame:
    """Rows of the sheets beside those of the machine that begin at the same place.

    Columns `article`, `start`, `line` (of the sheet; missing where it has no such numeral), and each of
    `MACHINE_COMPARED` twice, with `_sheet` and `_machine`; the class of a numeral that one of the two does
    not have is `absent`.
    """
    keys = ["article", "start"]
    both = sheets[[*keys, "line", *MACHINE_COMPARED]].merge(
        machine[[*keys, *MACHINE_COMPARED]], on=keys, how="outer", suffixes=("_sheet", "_machine")
    )
    words = {f"{name}_{which}": "" for name in MACHINE_COMPARED for which in READINGS}
    return both.fillna(words | {"class_sheet": ABSENT, "class_machine": ABSENT})


def compared_cells(pairs: pd.DataFrame, column: str) -> pd.Series:
    """Which rows of `paired` are compared in a column: what both read of numerals of one kind."""
    classes = pairs.class_sheet, pairs.class_machine
    if column == "class":
        return pd.Series(True, pairs.index)
    if column == "token":
        return (classes[0] != ABSENT) & (classes[1] != ABSENT)
    both = classes[0].isin(QUANTITIES) & classes[1].isin(QUANTITIES)
    if column == "period":
        both |= (classes[0] == "date") & (classes[1] == "date")
    return both & (pairs[f"{column}_machine"] != "") if column in _WHERE_READ else both


def machine_differences(sheets: pd.DataFrame, machine: pd.DataFrame) -> pd.DataFrame:
    """The cells in which sheets differ from the machine transcriptions, in order of reading.

    Columns `article`, `start`, `token`, `column`, `machine`, `sheet` and `line`, that of the sheet or of the
    row before the place.
    """
    pairs = paired(sheets, machine)
    parts = []
    for column in MACHINE_COMPARED:
        ours, its = (pairs[f"{column}_{which}"] for which in ("sheet", "machine"))
        found = pairs[compared_cells(pairs, column) & (ours != its)]
        parts.append(
            pd.DataFrame(
                {
                    "article": found.article,
                    "start": found.start,
                    "token": found.token_sheet.where(found.token_sheet != "", found.token_machine),
                    "column": column,
                    "machine": found[f"{column}_machine"],
                    "sheet": found[f"{column}_sheet"],
                    "line": found.line,
                }
            )
        )
    whole = pd.concat(parts).sort_values(["article", "start"], kind="stable", ignore_index=True)
    before = pd.merge_asof(
        whole[["article", "start"]].sort_values("start", kind="stable").reset_index(),
        sheets[["article", "start", "line"]].sort_values("start", kind="stable"),
        on="start",
        by="article",
    ).set_index("index")
    return whole.assign(line=whole.line.fillna(before.line).fillna(1).astype("int64"))


def unacknowledged(
    sheets: pd.DataFrame, machine: pd.DataFrame, acknowledged: pd.DataFrame, folder: Path
) -> list[Fault]:
    """Faults of finished sheets that differ from the machine unsaid, and of differences that are none.

    A sheet of which the machine has no transcription is one fault.
    """
    faults = []
    articles = list(dict.fromkeys(sheets.article))
    read = set(machine.article)
    for article in articles:
        if article not in read:
            advice = "it is needed; where the text is at hand, `python -m helpers fingerprint` writes it"
            faults.append(Fault(machine_file(folder, article), 1, "file", "missing", advice))
    known = sheets[sheets.article.isin(read)]
    found = machine_differences(known, machine[machine.article.isin(articles)])
    there, said = set(_keys(found)), set(_keys(acknowledged))
    faults += [
        _unsaid(row, folder)
        for row, key in zip(found.itertuples(), _keys(found), strict=True)
        if key not in said
    ]
    file = folder / f"{MACHINE_DIFFERENCES.name}.csv"
    for row, key in zip(acknowledged.itertuples(), _keys(acknowledged), strict=True):
        if key not in there and row.article in read.intersection(articles):
            advice = (
                "there must be a difference between sheet and machine, with what each has there; "
                f"`python -m helpers acknowledge {row.article}` takes away what is none"
            )
            faults.append(Fault(file, int(row.Index), row.column, row.sheet, advice))
    return faults


def _keys(table: pd.DataFrame) -> list[tuple]:
    return list(table[[*PLACE, *READINGS]].itertuples(index=False, name=None))


def _unsaid(row, folder: Path) -> Fault:
    """The fault of a difference that nobody has acknowledged."""
    how = f"if the sheet is right, `python -m helpers acknowledge {row.article}` says so"
    file = sheet_file(folder, row.article)
    if row.column == "class" and row.sheet == ABSENT:
        advice = f"a row for {row.token!r} from {row.start} on is needed after this line; {how}"
        return Fault(file, row.line, "row", "", advice)
    reads = f"it must be {row.machine or 'empty'}, as the machine reads the text"
    if row.column == "class" and row.machine == ABSENT:
        reads = "there must be a numeral that the machine finds too"
    return Fault(file, row.line, row.column, row.sheet, f"{reads}; {how}")


def acknowledging(
    found: pd.DataFrame, before: pd.DataFrame, articles: Iterable[str], reason: str
) -> pd.DataFrame:
    """`machine_differences.csv` anew: the differences `found` in the sheets of `articles`.

    Those that `before` has keep their reason, others get `reason`; the rows of other articles stay.
    """
    articles = set(articles)
    reasons = dict(zip(_keys(before), before.reason, strict=True))
    new = found[found.article.isin(articles)]
    new = new.assign(reason=[reasons.get(key, reason) for key in _keys(new)])
    whole = pd.concat([before[~before.article.isin(articles)], new])
    return whole.sort_values(["article", "start"], kind="stable")[MACHINE_DIFFERENCES.columns]
