"""What makes a transcription sheet sound: its rows, the rows of all sheets together, and the texts behind
them.

All functions take rows with `article`, `line` (of the sheet) and the columns of `schema.SHEET`, and return
faults.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from ..numerals.finder import digit_runs, number_words
from ..numerals.values import number
from .faults import Fault, near, once
from .schema import FILLED, MEANING, QUANTITIES, is_proposal
from .texts import count_digits, fingerprint, paragraphs

MISSING = "missing"  # what the fault of a numeral without a row has for a value


def sheet_file(folder: Path, article: str) -> Path:
    """Where the sheet of an article lies."""
    return folder / "transcription" / f"{article}.csv"


def row_advice(row: dict[str, str]) -> dict[str, str]:
    """What is wrong between the cells of a row, by column. A proposal may lack what a figure must have."""
    kind = row["class"]
    if kind not in QUANTITIES:
        return {name: f"it must be empty for class {kind}" for name in [*FILLED, "scale"] if row[name]}
    if is_proposal(row["note"]):
        return {}
    return {name: f"a {kind} needs {_needed(name)}" for name in FILLED if not row[name]}


def _needed(column: str) -> str:
    return f"{'an' if column[0] in 'aei' else 'a'} {column}"


def within_sheets(rows: pd.DataFrame, folder: Path) -> list[Fault]:
    """Faults of rows by themselves and in their order.

    Numbering, lengths, overlaps, cells that must be filled.
    """
    faults: list[Fault] = []

    def add(bad: pd.Series, column: str, advice) -> None:
        for row in rows[bad].itertuples():
            value = str(getattr(row, column))
            faults.append(Fault(sheet_file(folder, row.article), row.line, column, value, advice(row)))

    place = rows.groupby("article").cumcount() + 1
    number = "n" + place.astype(str).str.zfill(3)
    wrong = rows.numeral_id != number
    first = wrong & (wrong.groupby(rows.article).cumsum() == 1)
    add(
        first,
        "numeral_id",
        lambda r: f"it must be {number[r.Index]}, in reading order (later ones may only have shifted)",
    )
    add(
        rows.token.str.len() != rows.end - rows.start,
        "token",
        lambda r: (
            f"it must have {r.end - r.start} characters, from {r.start} to {r.end}"
            + _dropped(r.token, r.end - r.start)
        ),
    )
    last_end = rows.groupby("article").end.shift(fill_value=0)
    add(
        rows.start < last_end,
        "start",
        lambda r: f"it must be at least {last_end[r.Index]}, where the row before ends",
    )
    last = rows.groupby("article").paragraph.shift(fill_value=1)
    add(
        rows.paragraph < last,
        "paragraph",
        lambda r: f"it must be at least {last[r.Index]}, as in the row before",
    )
    quantity = rows["class"].isin(QUANTITIES)
    filled = rows[[*FILLED, "scale"]] != ""
    suspect = (~quantity & filled.any(axis=1)) | (quantity & ~filled[FILLED].all(axis=1))
    for row in rows[suspect].to_dict("records"):
        for column, advice in row_advice(row).items():
            faults.append(Fault(sheet_file(folder, row["article"]), row["line"], column, row[column], advice))
    said = []
    for file in dict.fromkeys(fault.file for fault in faults):
        of_file = [fault for fault in faults if fault.file == file]
        of_file = once(
            of_file, "start", "there must be rows in reading order, each from where the one before ends"
        )
        said += once(of_file, "paragraph", "there must be paragraphs in their order")
    return said


def _dropped(token: str, length: int) -> str:
    """What a token of another length may have been before a spreadsheet took it for a number."""
    if re.fullmatch("[0-9]{4,12}", token) and len(f"{int(token):,}") == length:
        return f"; a spreadsheet seems to have dropped the commas of {int(token):,}"
    return ""


def between_sheets(rows: pd.DataFrame, folder: Path) -> list[Fault]:
    """Faults between rows: figure ids that stand twice, repeats that are none."""
    faults = []
    figures = rows[(rows["class"] == "figure") & (rows.figure_id != "")]
    first = figures.drop_duplicates("figure_id").set_index("figure_id")
    for row in figures[figures.figure_id.duplicated()].itertuples():
        place = f"{first.article[row.figure_id]}.csv, line {first.line[row.figure_id]}"
        advice = f"it must be a name of its own in the corpus; it stands in {place} already"
        faults.append(Fault(sheet_file(folder, row.article), row.line, "figure_id", row.figure_id, advice))
    for row in rows[rows["class"] == "repeat"].itertuples():
        file = sheet_file(folder, row.article)
        if row.figure_id not in first.index or first.article[row.figure_id] != row.article:
            own = first.index[first.article == row.article]
            advice = near(row.figure_id, own, "it must be a figure of the same article")
            faults.append(Fault(file, row.line, "figure_id", row.figure_id, advice))
            continue
        figure = first.loc[row.figure_id]
        if _value(row.token) != _value(figure.token):
            advice = f"it must be the value of the figure that it repeats, {figure.token}"
            faults.append(Fault(file, row.line, "token", row.token, advice))
        for column in MEANING:
            if getattr(row, column) != figure[column]:
                advice = f"it must be {figure[column]!r}, as in the figure that it repeats"
                faults.append(Fault(file, row.line, column, getattr(row, column), advice))
    return faults


def _value(token: str):
    """The number of a token, or the token where it states none."""
    try:
        return number(token)
    except ValueError:
        return token


def against_text(rows: pd.DataFrame, text: str, folder: Path) -> list[Fault]:
    """Faults of one sheet against its text: wrong positions, digits and number words without a row."""
    file, faults = sheet_file(folder, rows.article.iloc[0]), []
    spans = paragraphs(text)
    starts = np.array([start for start, _ in spans])
    covered = np.zeros(len(text), dtype=int)
    for row in rows.itertuples():
        covered[row.start : row.end] += 1
        printed = text[row.start : row.end]
        if printed != row.token:
            advice = f"it must be {printed!r}, printed from {row.start} to {row.end}"
            faults.append(Fault(file, row.line, "token", row.token, advice))
        if int(np.searchsorted(starts, row.start, side="right")) != row.paragraph:
            here = int(np.searchsorted(starts, row.start, side="right"))
            advice = f"it must be {here}, where character {row.start} stands"
            faults.append(Fault(file, row.line, "paragraph", str(row.paragraph), advice))
    moved = [fault for fault in faults if fault.column == "token"]
    if 2 * len(moved) > len(rows) > 10:
        advice = f"{moved[0].advice}; the positions seem to be those of another version of the text"
        return once(moved, "token", advice)
    for numeral in digit_runs(text) + number_words(text):
        if not covered[numeral.start : numeral.end].all():
            before = rows.line[rows.start <= numeral.start]
            place = f"{numeral.token!r} from {numeral.start} to {numeral.end}"
            line = int(before.max()) if len(before) else 1
            faults.append(Fault(file, line, "row", MISSING, f"a row for {place} is needed after this line"))
    return faults


def against_fingerprints(rows: pd.DataFrame, printed: pd.DataFrame, folder: Path) -> list[Fault]:
    """Faults of one sheet against the fingerprints of its text: a paragraph whose digits differ."""
    article = rows.article.iloc[0]
    file, faults = sheet_file(folder, article), []
    known = printed[printed.article == article].drop_duplicates("paragraph").set_index("paragraph")
    for paragraph, part in rows.groupby("paragraph"):
        tokens = list(zip(part.start, part.token, strict=True))
        count = sum(count_digits(token) for _, token in tokens)
        expected = (known.digits[paragraph], known.sha256[paragraph]) if paragraph in known.index else (0, "")
        if (count or expected[0]) and (count, fingerprint(tokens)) != expected:
            advice = (
                f"it must have the {expected[0]} digits of paragraph {paragraph} of the text, each at its "
                f"place (rows on lines {part.line.iloc[0]} to {part.line.iloc[-1]})"
            )
            faults.append(Fault(file, int(part.line.iloc[0]), "token", " ".join(part.token), advice))
    for paragraph in known.index.difference(rows.paragraph):
        advice = f"rows for its {known.digits[paragraph]} digits are needed"
        faults.append(Fault(file, 1, "paragraph", str(paragraph), advice))
    if 2 * len(faults) > len(known):
        advice = (
            "it must have the digits of the text where its fingerprints have them; the positions seem to be "
            "those of another version"
        )
        return once(faults, "token", advice, 2)
    return faults
