"""The transcription view: the text of an article, its numerals marked, and a sheet saved at each step.

`Sheet` takes the steps of a person and keeps the file; it knows of no browser. `transcribe` shows a sheet
in JupyterLab through anywidget. The script there (`assets/workbench.js`) only shows what `Sheet` says and
sends back what a person does: {"kind": "set", "row": 3, "column": "class", "value": "date"}. A row has a
key that stays its own while others come and go; places in the text are counted in code points.
"""

import functools
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from .. import paths
from ..corpus import schema
from ..corpus.corpus import read_key_table, read_table
from ..corpus.differences import acknowledging, machine_differences, machine_file
from ..corpus.faults import BadInput, near, refuse, said
from ..corpus.files import content, csv_bytes, csv_row, read_cells, replace_file, write_table
from ..corpus.schema import (
    FILLED,
    MACHINE,
    MACHINE_DIFFERENCES,
    MEANING,
    QUANTITIES,
    SHEET,
    is_proposal,
)
from ..corpus.sheets import against_text, between_sheets, row_advice, sheet_file, within_sheets
from ..corpus.tables import Table
from ..corpus.texts import paragraphs, read_text
from ..numerals.finder import Numeral, digit_runs, number_words
from ..vocabulary import CLASSES, PROPOSED, QUALIFIERS, SCALES, STATUSES
from .machine import machine_transcription
from .proposals import fresh

EDITABLE = SHEET.columns[SHEET.columns.index("class") :]
_ASSETS = Path(__file__).resolve().parent / "assets"
_PLACES = Table(SHEET.file, SHEET.rows, SHEET.fields[1:5])  # paragraph, start, end and token
DECIDED = "decided by the person who went through the numerals in the view"  # why a sheet is right
_SHARED = ["figure_id", *MEANING]  # what a repeat has from its figure
LETTERS = {"figure": "f", "date": "d", "name": "m", "ordinal": "o", "rhetorical": "r", "repeat": "p"}

# What a message of the view names, in the order of the parameters of the method of the same name.
STEPS = {"set": ["row", "column", "value"], "accept": ["row"], "remove": ["row"], "add": ["start", "end"]}
STEPS |= {"undo": [], "redo": [], "save": [], "reload": []}

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Refused(ValueError):
    """A step that was not taken; the message says why to the person who tried."""


@dataclass(frozen=True)
class Line:
    """A line of a sheet with its bytes as they stand in the file; no `cells` in header and blank lines."""

    raw: bytes
    cells: dict[str, str] = field(default_factory=dict)
    key: int = 0

    @property
    def end(self) -> bytes:
        """The line end: nothing in the last line of some files."""
        return self.raw[len(self.raw.rstrip(b"\r\n")) :]

    @property
    def span(self) -> tuple[int, int]:
        """Where the numeral stands in the text."""
        return int(self.cells["start"]), int(self.cells["end"])

    def with_cells(self, changes: dict[str, str]) -> "Line":
        """The line with other values in the columns of `changes`; itself where nothing differs."""
        cells = self.cells | changes
        return self if cells == self.cells else Line(csv_row(cells.values()) + self.end, cells, self.key)


def _unfit(value: str) -> str:
    """What is said of a value that no cell of a file can hold; empty for any other."""
    if "\n" in value or "\r" in value:
        return "there must be no line break inside a cell"
    return "there must be whole characters" if re.search("[\ud800-\udfff]", value) else ""


def _sound(file: Path, columns: list[str]) -> pd.DataFrame:
    """The rows of another table as text; none if it has faults, which the command `check` names."""
    try:
        return read_cells(file, columns)
    except BadInput:
        return pd.DataFrame(columns=columns, dtype="str")


def _write_new(table: pd.DataFrame, file: Path) -> None:
    """Write a table unless the file has it already."""
    if not file.exists() or content(file) != csv_bytes(table):
        write_table(table, file)


def _of(found: dict, row: int) -> dict:
    """What is kept by row and column for one row, by column."""
    return {column: kept for (key, column), kept in found.items() if key == row}


class Sheet:
    """The sheet of an article as a person works on it: steps, each saved at once, and the way back.

    Every step returns what was done, in words, and the key of the row to look at next; it raises Refused
    when it cannot be taken. Lines that a step does not touch keep their bytes. `trouble` says why the file
    does not hold what is here; it is empty when it does. `unwritten` holds values that the rules refuse, each
    with what it should be, by the key of the row and the column. With the sheet it keeps, in
    machine_differences.csv, where confirmed rows differ from what the machine reads.
    """

    def __init__(self, article: str, folder: Path = paths.RAW):
        """Read sheet, text and keys. Raises BadInput when they cannot be worked on."""
        self.article, self.folder, self.file = article, folder, sheet_file(folder, article)
        self._keys = itertools.count(1)
        self._read()

    def _read(self) -> None:
        articles = read_table(self.folder, schema.ARTICLES, {})
        record = articles[articles.article == self.article]
        if record.empty:
            advice = near(self.article, articles.article, "it must be the id of an article")
            raise refuse(self.folder / "articles.csv", 1, "article", self.article, advice)
        names = {name: read_key_table(self.folder, table) for name, table in schema.KEY_TABLES.items()}
        rules = SHEET.rules({name: table.iloc[:, 0].tolist() for name, table in names.items()})
        text = read_text(self.folder, record.iloc[0])
        if not self.file.exists():
            advice = "a sheet is needed, which the command draft makes of the text"
            raise refuse(self.file, 1, "file", "missing", advice)
        octets = content(self.file)  # before its rows: if it changes in between, the first step is refused
        table = read_cells(self.file, SHEET.columns)
        self._require_places(table, text)
        sheets = [
            _sound(f, SHEET.columns).assign(article=f.stem) for f in sorted(self.file.parent.glob("*.csv"))
        ]
        figures = pd.concat(sheets).reset_index(names="line").query("`class` == 'figure'")
        lines = [
            Line(raw, table.loc[n].to_dict(), next(self._keys)) if n in table.index else Line(raw)
            for n, raw in enumerate(_LINE.findall(octets), 1)
        ]
        self.lines, self.text, self.names = tuple(lines), text, names
        self._disk, self._rules = octets, {name: rules[name] for name in EDITABLE}
        self._others = figures[figures.article != self.article]
        beside = [schema.CONSTANTS, schema.COMPARATORS, schema.DERIVATIONS]
        columns = [_sound(self.folder / f"{table.name}.csv", table.columns).iloc[:, 0] for table in beside]
        self._taken = set(self._others.figure_id).union(*columns)
        self._machine = self._read_by_machine(record.iloc[0].date)
        self._paragraphs = [] if text is None else paragraphs(text)
        self._printed = [] if text is None else digit_runs(text) + number_words(text)
        self._past: list[_Step] = []
        self._future: list[_Step] = []
        self.unwritten: dict[tuple[int, str], tuple[str, str]] = {}
        self.trouble = ""

    def _require_places(self, table: pd.DataFrame, text: str | None) -> None:
        """Raise BadInput unless each numeral stands where its row says, in reading order."""
        placed = _PLACES.validated(table, lambda line: (self.file, line), {})
        placed = placed.assign(article=self.article, line=table.index)
        faults = [fault for fault in within_sheets(placed, self.folder) if fault.column == "start"]
        if text is not None and not placed.empty:  # the view shows what has no row
            faults += [f for f in against_text(placed, text, self.folder) if f.column != "row"]
        if faults:
            raise BadInput(faults)

    def _read_by_machine(self, date: str) -> pd.DataFrame | None:
        """What the machine reads of the text; where that is not at hand what it read once, or None."""
        if self.text is not None:
            return machine_transcription(self.text, date, self.names)
        file = machine_file(self.folder, self.article)
        return _sound(file, MACHINE.columns) if file.exists() else None

    @property
    def rows(self) -> list[Line]:
        """The lines that are rows, in the order of the file."""
        return [line for line in self.lines if line.cells]

    def _row(self, key: int) -> Line:
        for line in self.rows:
            if line.key == key:
                return line
        raise Refused("That row is gone.")

    def set(self, row: int, column: str, value: str) -> tuple[str, int]:
        """Put `value` into a cell, with what follows from it, as one step.

        A row that becomes no figure loses what only figures have; a repeat takes over the meaning of the
        figure that it names; what changes in a figure changes in its repeats. A value that the rules
        refuse is kept in `unwritten`.
        """
        line, value = self._row(row), value.strip()
        if column not in EDITABLE:
            raise Refused(f"{column} is not for editing.")
        self.unwritten.pop((row, column), None)
        if value == line.cells[column]:
            return "", row
        numeral, advice, lines = line.cells["numeral_id"], _unfit(value), list(self.lines)
        if not advice:
            changes = self._changes(line, column, value)
            lines = [one.with_cells(changes.get(one.key, {})) if one.cells else one for one in lines]
            advice = self._against(lines, row, column)
        if advice:
            self.unwritten[row, column] = (value, advice)
            raise Refused(f"{numeral} is not changed: {said(column, value, advice)}.")
        if column == "class":  # what waits in fields that this class has not is moot
            self.unwritten = {place: kept for place, kept in self.unwritten.items() if place[0] != row}
        return self._take(f"{numeral}: {column} is {f'“{value}”' if value else 'empty'}", lines, row)

    def _changes(self, line: Line, column: str, value: str) -> dict[int, dict[str, str]]:
        """A new value of a cell and what follows from it, by row and column."""
        kind, named, changes = line.cells["class"], line.cells["figure_id"], {line.key: {column: value}}
        own = changes[line.key]
        if column == "class" and value not in QUANTITIES:
            own |= dict.fromkeys([*FILLED, "scale"], "")
            if kind in QUANTITIES and not is_proposal(line.cells["note"]):
                # one key takes much away: it must be confirmed again
                was = f"{PROPOSED}: was {kind} {named}".rstrip()
                own["note"] = "; ".join(filter(None, [was, line.cells["note"]]))
        elif column == "class":
            own["figure_id"] = ""  # its own name is none that it repeats, nor the other way about
        for other in self.rows:
            its, pair = other.cells["figure_id"], (kind, other.cells["class"])
            if pair == ("repeat", "figure") and column == "figure_id" and its == value:
                own |= {name: other.cells[name] for name in MEANING}
            elif pair == ("figure", "repeat") and column in _SHARED and its == named != "":
                changes[other.key] = {column: value}
        return changes

    def _against(self, lines: list[Line], row: int, column: str) -> str:
        """What speaks against a new value of a cell; nothing where all is well.

        A new class may leave cells to be filled in; any other value must bring no fault into the sheet.
        """
        found, before = self._faults(lines), self._faults(self.lines)
        if (row, column) in found or column == "class":
            return found.get((row, column), "")
        for (key, name), advice in found.items():
            if (key, name) not in before:
                cells = next(line.cells for line in lines if line.key == key)
                return f"then in {cells['numeral_id']} {said(name, cells[name], advice)}"
        return ""

    def accept(self, row: int) -> tuple[str, int]:
        """Confirm a proposal: take mark and remark of the machine from its note. On to the next proposal.

        What a person wrote stands after a semicolon, and stays.
        """
        cells = self._row(row).cells
        name = cells["numeral_id"]
        if not is_proposal(cells["note"]):
            return f"{name} is decided already.", self._next_proposal(row)
        faults = _of(self._faults(self.lines, confirmed=True), row)
        wrong = {c: (cells[c], advice) for c, advice in faults.items()} | _of(self.unwritten, row)
        if wrong:
            sentences = [f"{said(column, value, advice)}." for column, (value, advice) in wrong.items()]
            raise Refused(f"{name} stays a proposal: {' And '.join(sentences)}")
        note = cells["note"].partition("; ")[2]
        lines = [one.with_cells({"note": note}) if one.key == row else one for one in self.lines]
        words, _ = self._take(f"{name} accepted as {cells['class']}", lines, row)
        return words, self._next_proposal(row)

    def _next_proposal(self, row: int) -> int:
        """The key of the next proposal after a row, from the top after the last; `row` if there is none."""
        rows = self.rows
        at = next(number for number, line in enumerate(rows) if line.key == row)
        found = (line.key for line in rows[at + 1 :] + rows[:at] if is_proposal(line.cells["note"]))
        return next(found, row)

    def remove(self, row: int) -> tuple[str, int]:
        """Take out a row that is no numeral. Every digit keeps its row."""
        cells = self._row(row).cells
        name, token = cells["numeral_id"], cells["token"]
        if any(c.isdecimal() for c in token):
            raise Refused(f"{name} stays: every digit has a row, and “{token}” has digits.")
        keys = [one.key for one in self.rows]
        after = keys[keys.index(row) + 1 :] or keys[: keys.index(row)] or [0]
        lines = _numbered([one for one in self.lines if one.key != row or not one.cells])
        return self._take(f"{name} “{token}” removed", lines, row)[0], after[0]

    def add(self, start: int, end: int) -> tuple[str, int]:
        """Make one numeral, a proposal, of the text from `start` to `end`, in place of those inside it."""
        text = self.text or ""
        if not 0 <= start <= end <= len(text):
            raise Refused("Select a numeral in the text.")
        token = text[start:end].strip()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = start + len(token)
        around = [number for number, (a, b) in enumerate(self._paragraphs, 1) if a <= start and end <= b]
        if not token or not around:
            raise Refused("Select a numeral in the text, inside one paragraph.")
        inside = [line for line in self.rows if line.span[0] < end and start < line.span[1]]
        for line in inside:
            if line.span[0] < start or end < line.span[1]:
                name = f"{line.cells['numeral_id']} “{line.cells['token']}”"
                raise Refused(f"{name} is selected in part: select all of it or nothing.")
        if [line.span for line in inside] == [(start, end)]:
            raise Refused(f"{inside[0].cells['numeral_id']} is this numeral already.")
        place = {"paragraph": str(around[0]), "start": str(start), "end": str(end), "token": token}
        meaning = inside[0].cells if inside else {"class": next(iter(CLASSES))}
        cells = dict.fromkeys(SHEET.columns, "") | meaning | place | {"note": PROPOSED}
        key, lines = next(self._keys), list(self.lines)
        if inside:
            at = lines.index(inside[0])
            new = Line(csv_row(cells.values()) + inside[0].end, cells, key)
        else:
            before = [number for number, line in enumerate(lines) if not line.cells or line.span[0] < start]
            at = 1 + max(number for number in before if not number or lines[number].cells)
            above, line_end = lines[at - 1], lines[0].end or b"\n"
            if not above.end:
                lines[at - 1] = Line(above.raw + line_end, above.cells, above.key)
            new = Line(csv_row(cells.values()) + (line_end if above.end else b""), cells, key)
        lines.insert(at, new)
        lines = _numbered([line for line in lines if line not in inside])
        return self._take(f"“{token}” is a numeral, proposed as {cells['class']}", lines, key)

    def _take(self, words: str, lines: list[Line], key: int) -> tuple[str, int]:
        self._past.append((words, key, self.lines))
        self._future.clear()
        self.lines = tuple(lines)
        return self._saved(words), key

    def _saved(self, words: str) -> str:
        self.save()
        return f"{words}. Not saved." if self.trouble else f"{words}. Saved."

    def undo(self) -> tuple[str, int]:
        """Take back the last value that was not written, else the last step."""
        if self.unwritten:
            (row, column), (value, _) = self.unwritten.popitem()
            return f"“{value}” for {column} dropped; it was not written.", row
        return self._step(self._past, self._future, "Taken back", "There is nothing to take back.")

    def redo(self) -> tuple[str, int]:
        """Take the last step that was taken back once more."""
        return self._step(self._future, self._past, "Once more", "There is nothing to take once more.")

    def _step(self, of: list["_Step"], onto: list["_Step"], how: str, nothing: str) -> tuple[str, int]:
        if not of:
            raise Refused(nothing)
        words, key, lines = of.pop()
        onto.append((words, key, self.lines))
        self.lines = lines
        return self._saved(f"{how}: {words}"), key

    def save(self) -> tuple[str, int]:
        """Write the file if it is as it was last read or written here; else `trouble` says what it is."""
        octets = b"".join(line.raw for line in self.lines)
        try:
            found = content(self.file) if self.file.exists() else None
            if found not in (self._disk, octets):
                what = "was changed elsewhere" if found is not None else "is gone"
                self.trouble = (
                    f"Not saved: the sheet {what} since it was read here. Read it again to go on from what "
                    "stands there now; steps that are not saved are lost then."
                )
                return "", 0
            if found != octets:
                replace_file(self.file, octets)
            self._disk = octets
            self._acknowledge()
        except (BadInput, OSError) as error:
            self.trouble = f"Not saved: {error}. Nothing is lost here; save again when that is mended."
            return "", 0
        self.trouble = ""
        return "Saved.", 0

    def _acknowledge(self) -> None:
        """Write down where confirmed rows differ from the machine: who changes a proposal has decided."""
        if self._machine is None:
            return
        if self.text is not None:
            _write_new(self._machine, machine_file(self.folder, self.article))
        rows = pd.DataFrame([line.cells for line in self.rows], columns=SHEET.columns, dtype="str")
        proposals = rows.start[rows.note.map(is_proposal)].astype("int64")
        ours, its = (
            table.typed(cells).assign(article=self.article, line=1)
            for table, cells in ((SHEET, rows), (MACHINE, self._machine))
        )
        found = machine_differences(ours, its)
        before = read_table(self.folder, MACHINE_DIFFERENCES, {"articles": None})
        found = found[~found.start.isin(proposals)]
        after = acknowledging(found, before, [self.article], DECIDED)
        _write_new(after, self.folder / f"{MACHINE_DIFFERENCES.name}.csv")

    def reload(self) -> tuple[str, int]:
        """Read everything anew, keys and text too.

        The way back stays where the sheet is what it was; so do refused values, which are tried again.
        """
        kept = self.lines, self._past, self._future
        waiting = [(self._row(key).span, name, value) for (key, name), (value, _) in self.unwritten.items()]
        octets = b"".join(line.raw for line in self.lines)
        try:
            unchanged = self.file.exists() and content(self.file) == self._disk == octets
            self._read()
        except (BadInput, OSError) as error:
            raise Refused(f"It cannot be read: {error}") from None
        if unchanged:
            self.lines, self._past, self._future = kept
        for place, name, value in waiting:  # what the keys now allow is written, the rest waits on
            for line in [line for line in self.rows if line.span == place]:
                try:
                    self.set(line.key, name, value)
                except Refused:
                    pass
        return "Read again.", 0

    def _faults(self, lines: Iterable[Line], confirmed: bool = False) -> dict[tuple[int, str], str]:
        """What is said of each wrong cell, by row and column: wrong by itself, in its row, in the corpus.

        With `confirmed`, as if no row were a proposal.
        """
        note = {"note": ""} if confirmed else {}
        rows = {line.key: (n, line.cells | note) for n, line in enumerate(lines, 1) if line.cells}
        found: dict[tuple[int, str], str] = {}
        named = []
        for key, (number, cells) in rows.items():
            wrong = {name: rule for name, rule in self._rules.items() if not rule.test(cells[name])}
            by_cell = {name: rule.advice(cells[name]) for name, rule in wrong.items()}
            found |= {(key, name): advice for name, advice in (row_advice(cells) | by_cell).items()}
            if cells["class"] in QUANTITIES and cells["figure_id"]:
                named.append(cells | {"article": self.article, "line": number})
        keys = {number: key for key, (number, _) in rows.items()}
        for fault in between_sheets(pd.concat([self._others, pd.DataFrame(named)]), self.folder):
            if fault.file == self.file:
                found.setdefault((keys[fault.line], fault.column), fault.advice)
        return found

    def _suggestion(self, cells: dict[str, str]) -> str:
        """A name for a figure that has none yet, of what it is about; empty where that is not said."""
        if cells["class"] != "figure" or cells["figure_id"] or not (cells["entity"] and cells["indicator"]):
            return ""
        words = "-".join([cells["entity"], cells["indicator"], cells["period"]])
        return fresh(words, self._taken | {line.cells["figure_id"] for line in self.rows})

    def state(self) -> dict:
        """What the view shows of the rows: cells, what is wrong, how far the work is, and the way back."""
        wrong, rows = self._faults(self.lines, confirmed=True), list[dict]()
        for line in self.rows:
            cells = line.cells
            rows.append(
                {
                    "key": line.key,
                    "id": cells["numeral_id"],
                    "token": cells["token"],
                    "proposed": is_proposal(cells["note"]),
                    "cells": {name: cells[name] for name in EDITABLE},
                    "faults": _of(wrong, line.key),
                    "unwritten": {c: list(kept) for c, kept in _of(self.unwritten, line.key).items()},
                    "suggestion": self._suggestion(cells),
                }
            )
        decided = sum(not row["proposed"] for row in rows)
        incomplete = sum(bool(row["faults"]) and row["cells"]["class"] in QUANTITIES for row in rows)
        figures = "1 figure" if incomplete == 1 else f"{incomplete} figures"
        without = len(self._rowless())
        return {
            "rows": rows,
            "progress": f"{decided} of {len(rows)} decided, {figures} incomplete"
            + (f", {without} without a row" if without else ""),
            "undo": bool(self._past or self.unwritten),
            "redo": bool(self._future),
            "trouble": self.trouble,
        }

    def _rowless(self) -> list[Numeral]:
        """The numerals of the text of which no part has a row."""
        covered = {place for line in self.rows for place in range(*line.span)}
        return [n for n in self._printed if covered.isdisjoint(range(n.start, n.end))]

    def paragraphs(self) -> list[dict]:
        """The text in pieces: for each paragraph its number and its parts.

        A part has its text; its start, unless the text is not at hand; and for a numeral the key of its
        row, or 0 where it has none. Without the text the numerals stand by themselves.
        """
        if self.text is None:
            found: dict[str, list[dict]] = {}
            for line in self.rows:
                parts = found.setdefault(line.cells["paragraph"], [])
                parts += [{"text": " … "}, {"text": line.cells["token"], "row": line.key}]
            return [{"number": number, "parts": parts} for number, parts in found.items()]
        marks = {line.span: line.key for line in self.rows}
        marks |= {(n.start, n.end): 0 for n in self._rowless()}
        shown = []
        for number, (at, end) in enumerate(self._paragraphs, 1):
            parts, last = [], at + len(self.text[at:end].splitlines()[0])
            for (first, after), key in sorted(mark for mark in marks.items() if at <= mark[0][0] < last):
                if at < first:
                    parts.append({"text": self.text[at:first], "start": at})
                parts.append({"text": self.text[first:after], "start": first, "row": key})
                at = after
            if at < last:
                parts.append({"text": self.text[at:last], "start": at})
            shown.append({"number": str(number), "parts": parts})
        return shown

    def fields(self) -> list[dict]:
        """The columns that a person fills in: name, and each key of a column of keys with what it stands for.

        `closed` says that nothing else can be chosen.
        """
        entities, indicators, units = (self.names[name] for name in schema.KEY_TABLES)
        several = units.plural.where(units.plural != "", units.singular)
        closed = {"class": CLASSES, "qualifier": QUALIFIERS, "status": STATUSES}
        closed["scale"] = dict.fromkeys(SCALES, "")
        known = {
            "entity": zip(entities.entity, entities["name"], strict=True),
            "indicator": zip(indicators.indicator, indicators["name"], strict=True),
            "unit": zip(units.unit, several, strict=True),
        }
        options = {name: words.items() for name, words in closed.items()} | known
        return [
            {
                "name": name,
                "closed": name in closed,
                "options": [[key, words] for key, words in options.get(name, ()) if key],
                "optional": name not in ["class", *FILLED],
                "quantity": name in [*FILLED, "scale"],
            }
            for name in EDITABLE
        ]


_Step = tuple[str, int, tuple[Line, ...]]  # what was done, to which row, and the lines before it


def _numbered(lines: list[Line]) -> list[Line]:
    """The lines with the numerals numbered in reading order."""
    count = itertools.count(1)
    return [one.with_cells({"numeral_id": f"n{next(count):03d}"}) if one.cells else one for one in lines]


@functools.cache
def _view_class():
    # imported here: a notebook that shows no sheet need not wait for it
    import anywidget
    import traitlets

    class View(anywidget.AnyWidget):
        """A sheet as JupyterLab shows it: messages come in as steps, and the sheet after them goes out."""

        _esm = _ASSETS / "workbench.js"
        _css = _ASSETS / "workbench.css"
        about = traitlets.Dict().tag(sync=True)
        fields: Any = traitlets.List().tag(sync=True)
        paragraphs: Any = traitlets.List().tag(sync=True)
        state = traitlets.Dict().tag(sync=True)

        def __init__(self, sheet: Sheet):
            super().__init__()
            self.sheet, self._answers = sheet, 0
            self.on_msg(lambda _, message, buffers: self.answer(message))
            self.show("", 0, True, None)

        def answer(self, message: dict) -> None:
            """Take the step of a message and show what came of it."""
            kind = message["kind"]
            try:
                words, row = getattr(self.sheet, kind)(*(message[name] for name in STEPS[kind]))
                self.show(words, row, True, message.get("view"))
            except Refused as refused:
                self.show(str(refused), message.get("row", 0), False, message.get("view"))

        def show(self, words: str, row: int, done: bool, view: str | None) -> None:
            """Send the sheet as it is, with what was done or why not, and where `view` is to go."""
            sheet, self._answers = self.sheet, self._answers + 1
            with self.hold_sync():
                place = "" if sheet.text is not None else f"data/raw/articles/{sheet.article}.txt"
                self.about = {"article": sheet.article, "text": place, "letters": LETTERS}
                self.fields, self.paragraphs = sheet.fields(), sheet.paragraphs()
                answer = {"number": self._answers, "words": words, "done": done, "row": row, "view": view}
                self.state = sheet.state() | {"answer": answer}

    return View


def transcribe(article: str, folder: Path = paths.RAW):
    """The view of the sheet of an article, for the end of a notebook's cell; None when `article` is empty.

    Raises BadInput when sheet, text or keys cannot be worked on.
    """
    return _view_class()(Sheet(article, folder)) if article else None
