"""The only module that writes what lasts, whole or not at all, and the one that reads CSV.

A file appears under its name only once it is complete, so that a run that is killed leaves the last good
version.
"""

import csv
import io
import os
import re
import tempfile
import uuid
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

import filelock
import pandas as pd

from .. import paths
from ..vocabulary import DECIMAL, plain_number
from . import symptoms
from .faults import BadInput, Fault, refuse, shown

UNFINISHED = ".unfinished"  # how the name of a file ends that is still being written; git ignores it
RUN = "BAY_RUN"  # the variable of the environment that tells a process of a run which run it is of
LONGEST_CELL = 10_000  # characters; more is no cell that a person wrote
_TOO_LONG = f"it must have at most {LONGEST_CELL:,} characters"


class NotWritten(OSError):
    """A file that could not be written.

    The message says which and why; what was there before is still there.
    """


# -- reading -----------------------------------------------------------------------------------------


def content(file: Path) -> bytes:
    """The bytes of an input. Raises BadInput when it is missing, no file, or cannot be read."""
    try:
        if file.exists() and not file.is_file():  # a folder; or a pipe, which would never end
            raise refuse(file, 1, "file", "a folder or a device", "it must be a file")
        return file.read_bytes()
    except BadInput:
        raise
    except FileNotFoundError:
        if file.is_symlink():
            raise refuse(file, 1, "file", "a link that leads nowhere", "it must be a file") from None
        raise refuse(file, 1, "file", "missing", "a file is needed here") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        why = getattr(error, "strerror", None) or str(error)
        raise refuse(file, 1, "file", why, "it must be a file that can be read") from None


def decoded(octets: bytes, file: Path, kind: str) -> str:
    """The bytes of a file as text, which must be UTF-8; `kind` is `csv` or `text`, for the advice.

    Raises BadInput that says where the first byte stands that is no UTF-8, and what the file seems to be.
    Nothing is decoded by a guess.
    """
    seems = symptoms.encoding(octets)
    if not seems:
        return octets.decode("utf-8")
    at = octets.find(0)
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError as error:
        at = min(at, error.start) if at >= 0 else error.start
    before = octets[:at]
    line = before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1
    advice = f"it must be UTF-8; the file seems to be {seems}: {symptoms.SAVE_AS[kind]}"
    raise refuse(file, line, "encoding", f"byte 0x{octets[at]:02X} at {at}", advice)


def read_cells(path: Path, columns: list[str], octets: bytes | None = None) -> pd.DataFrame:
    """The table of a CSV file as strings, indexed by line number.

    With `octets`, these are read as if they stood in the file already. Empty columns at the right and empty
    rows at the end, which spreadsheets leave, are passed over. Raises BadInput when the file is missing, is
    not UTF-8, is a link to another folder, has other columns than `columns`, a row of another length, an
    empty row between others, or a cell with a control character or of more than `LONGEST_CELL` characters.
    """
    if octets is None and os.path.dirname(os.path.realpath(path)) != os.path.realpath(path.parent):
        raise refuse(path, 1, "file", "a link", "it must be a file of this folder")
    text = decoded(content(path) if octets is None else octets, path, "csv").removeprefix("\ufeff")
    text = _without_empty_end(text)
    _refuse_long_lines(text, path, columns)
    odd = len(text) > LONGEST_CELL or symptoms.forbidden(
        text.translate(_LINE_ENDS)
    )  # else no cell is looked at
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines, rows, faults, line = [], [], [], 1
    empty: list[int] = []
    lengths: dict[int, list[tuple[int, list[str]]]] = {}

    def fault(line: int, column: str, value: str, advice: str) -> None:
        faults.append(Fault(path, line, column, value, advice))

    try:
        header = next(reader, [])
        spare = len(header) - len(_trimmed(header))
        for name, advice in symptoms.of_header(_trimmed(header), columns):
            fault(1, "header", name, advice)
        if faults:
            raise BadInput(faults)
        line = reader.line_num + 1
        for row in reader:
            if spare and len(row) == len(columns) + spare and not any(row[-spare:]):
                row = row[:-spare]
            whole = "".join(row)
            if "\n" in whole or "\r" in whole:  # a stray quote would swallow the rows that follow
                broken = next(cell for cell in row if "\n" in cell or "\r" in cell)
                fault(line, "row", broken, "there must be no line break inside a cell")
            elif row and not whole.strip():
                empty.append(line)
            elif row == columns:
                fault(line, "row", ",".join(row), "it must be there only once, the header")
            elif len(row) == len(columns):
                lines.append(line)
                rows.append(row)
                for name, cell in zip(columns, row, strict=True) if odd else ():
                    if len(cell) > LONGEST_CELL:
                        fault(line, name, cell[:80] + "…", _TOO_LONG)
                    elif found := symptoms.forbidden(cell):
                        fault(line, name, cell, f"it must be text without the character {found}")
            elif row:
                lengths.setdefault(len(row), []).append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        if "end of data" in str(error):
            advice = "there must be a quotation mark at the end of the cell that begins with one"
        else:
            advice = (
                "there must be commas between the cells; a cell with a comma or a quotation mark stands in "
                "quotation marks, those inside doubled"
            )
        fault(line, "row", _lines(text)[line - 1][:77], advice)
    for length, uneven in lengths.items():
        more = f"; so in {len(uneven)} rows" if len(uneven) > 1 else ""
        advice = f"it must have {len(columns)} cells, not {length}{more}"
        if length > len(columns):
            advice += "; a cell with a comma stands in quotation marks"
        fault(uneven[0][0], "row", ",".join(uneven[0][1]), advice)
    inner = [number for number in empty if lines and number < lines[-1]]
    if inner:
        more = f"; so in {len(inner)} rows" if len(inner) > 1 else ""
        fault(inner[0], "row", "", f"there must be no empty row between others{more}")
    if faults:
        raise BadInput(faults)
    return pd.DataFrame(rows, columns=columns, index=pd.Index(lines, name="line"), dtype="str")


def _without_empty_end(text: str) -> str:
    """A table without the rows at its end that are nothing but commas: a spreadsheet may write a million."""
    last = len(text.rstrip(", \t\r\n"))
    ends = [end for end in (text.find("\n", last), text.find("\r", last)) if end >= 0]
    return text[: min(ends) + 1] if ends else text


_LINE_ENDS = {ord("\n"): None, ord("\r"): None}


def _trimmed(header: list[str]) -> list[str]:
    """A header without the empty cells at its end."""
    return header[: max((n for n, name in enumerate(header, 1) if name), default=0)]


def _lines(text: str) -> list[str]:
    """The lines as the CSV reader counts them: `str.splitlines` would part them at more than line ends."""
    return list(io.StringIO(text, newline=""))


def _refuse_long_lines(text: str, path: Path, columns: list[str]) -> None:
    """Raise BadInput for a line on which the CSV reader would give up, at its first long cell."""
    limit = csv.field_size_limit()
    for number, line in enumerate(_lines(text), 1) if len(text) > limit else ():
        if len(line) > limit:
            cells = next(csv.reader([line[:limit]]))
            place = next((n for n, cell in enumerate(cells) if len(cell) > LONGEST_CELL), 0)
            name = columns[min(place, len(columns) - 1)]
            raise refuse(path, number, name, cells[place][:80] + "…", _TOO_LONG)


# -- writing -----------------------------------------------------------------------------------------


def csv_bytes(table: pd.DataFrame) -> bytes:
    """`table` without its index as the bytes of a CSV file; numbers as `plain_number` writes them."""
    return table.to_csv(index=False, lineterminator="\n", float_format=plain_number).encode("utf-8")


def harmless_csv(table: pd.DataFrame) -> str:
    """`table` without its index as CSV for download, in which no text is a formula to a spreadsheet.

    Text that begins as a formula would, and is no number, gets an apostrophe before it (OWASP, CSV
    injection); so does what follows a semicolon, which ends a cell where a comma is for decimals. Whatever
    ends a line or a cell to some reader becomes a blank. Numbers keep ten significant digits.
    """

    def cell(value):
        if isinstance(value, float):
            return "" if value != value else f"{value:.10g}"
        text = _CELL_ENDS.sub(" ", str(value))
        return text if DECIMAL.fullmatch(text) else _FORMULA.sub(r"\1'", text)

    return table.map(cell).rename(columns=cell).to_csv(index=False, lineterminator="\n")


_CELL_ENDS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_FORMULA = re.compile(r"((?:^|;)[\s\"]*)(?=[=+@＝＋－＠-])")


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """Write `table` without its index as CSV, whole or not at all; returns `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, csv_bytes(table))
    return path


def csv_row(cells: Iterable[str]) -> bytes:
    """The cells of a row as the bytes of a line of a CSV file, without its line end."""
    row = io.StringIO(newline="")
    csv.writer(row, lineterminator="").writerow(cells)
    return row.getvalue().encode("utf-8")


def with_row(before: bytes, cells: Iterable[str]) -> bytes:
    """The bytes of a CSV file with one row more; those that were there stay as they are."""
    end = b"\r\n" if before.endswith(b"\r\n") else b"\n"
    return before + (b"" if before.endswith(b"\n") else end) + csv_row(cells) + end


def replace_file(path: Path, octets: bytes) -> None:
    """Put `octets` at `path` in one step, leaving what was there until the last moment.

    Raises NotWritten when the system refuses, such as for a full disk, and when another run has begun.
    """
    try:
        with pen():
            name = path.with_name(f".{path.name}.{uuid.uuid4().hex}{UNFINISHED}")
            as_new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            handle = os.open(name, as_new, _mode(path))
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(octets)
                    file.flush()
                    os.fsync(file.fileno())
                # the folder is not synced: if the power fails, the old version is made anew
                os.replace(name, path)
            except BaseException:
                name.unlink(missing_ok=True)
                raise
    except OSError as error:
        why = error.strerror or error
        message = f"{shown(path)} is not written: {why}; what was there before is still there"
        raise NotWritten(message) from None


def _mode(path: Path) -> int:
    """Who may do what with a file, as far as the umask allows: texts of publishers are the user's alone."""
    return 0o600 if path.parent.name == "articles" else 0o666


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Put the bytes of several files in their places, all or none.

    Each is written whole beside its place first; then they take their places in the order of `contents`.
    Where one of them cannot, those before it are put back. Only who is killed between two of them leaves a
    part: the first ones. Raises NotWritten likewise.
    """
    coming: dict[Path, Path] = {}
    before: dict[Path, Path | None] = {}
    done: list[Path] = []
    try:
        for path, octets in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            coming[path] = _beside(path, octets)
            before[path] = _beside(path, path.read_bytes()) if os.path.lexists(path) else None
        with pen():
            for path in contents:
                os.replace(coming[path], path)
                done.append(path)
    except BaseException as error:
        for path in reversed(done):
            old = before[path]
            path.unlink() if old is None else os.replace(old, path)
        if not isinstance(error, OSError):
            raise
        named = ", ".join(str(shown(path)) for path in contents)
        raise NotWritten(f"nothing is written of {named}: {error.strerror or error}") from None
    finally:
        for unfinished in filter(None, [*coming.values(), *before.values()]):
            unfinished.unlink(missing_ok=True)


def _beside(path: Path, octets: bytes) -> Path:
    """An unfinished file with these bytes, in the folder of `path`."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED)
    os.close(handle)
    try:
        replace_file(Path(name), octets)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


@contextmanager
def pen():
    """Hold what only one process of a run may hold at a time: the right to write.

    A process may outlive its run when that is killed, and its kernel too. Were it to write when the next run
    has begun, old numbers would land on new ones; so it is refused, with OSError. A process outside a run,
    such as a notebook in JupyterLab, just writes.
    """
    mine = os.environ.get(RUN)
    if mine is None:
        yield
        return
    with filelock.FileLock(paths.STATE / "pen.lock"):
        if paths.RUN.read_text(encoding="ascii") != mine:
            raise OSError("another run has begun since")
        yield
