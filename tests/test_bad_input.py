"""Everything wrong is said well, and bad input never becomes a number.

One table of what may be spoilt and what is then said; properties that hold for any cell; and a long run of
random damage (`FUZZ=5000 pytest tests/test_bad_input.py -k damage`).
"""

import base64
import csv
import hashlib
import io
import os
import random
import re
import shutil
import time
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from conftest import SMALL, results
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import corpus
from helpers.corpus import schema
from helpers.corpus.corpus import read_key_table, read_table
from helpers.corpus.faults import BadInput
from helpers.corpus.files import read_cells
from helpers.corpus.texts import read_text
from helpers.deriving.cleaning import corrected_figures, valued
from helpers.deriving.intervals import Print, interval, step
from helpers.vocabulary import SCALES

ARTICLE, OTHER = "daily-2022-harbour", "gazette-2023-quay"
SHEET, OTHER_SHEET = f"transcription/{ARTICLE}.csv", f"transcription/{OTHER}.csv"
SECOND = f"second_transcription/{ARTICLE}.csv"
SETTLED = "second_transcription/settled.csv"
TABLES = sorted(str(file.relative_to(SMALL)) for file in SMALL.rglob("*.csv"))
LANMOUTH = "lanmouth-gdp-2021"  # a figure whose row many cases spoil: line 4, 41.69 from 97 to 102
MULTIPLE = "lanmouth-multiple"  # a claim of several readings


def made(folder: Path):
    """All that is made of the raw tables of a folder."""
    return results(corpus.load(folder))


VERB = re.compile(r"\b(is|are|must|needs?)\b")  # without one, advice is no clause


def lines_of(file: Path) -> int:
    return max(1, len(list(io.StringIO(file.read_bytes().decode("utf-8", "replace"), newline=""))))


# -- ways to spoil a file: each takes the file and returns line and column of the fault -------------------


def cell(key, column: str, value: str, at: str = ""):
    """One cell of the row that a line or the first cell with `key` names; the fault is there, or in `at`."""

    def spoil(file: Path):
        rows = list(csv.reader(open(file, newline="", encoding="utf-8")))
        line = key if isinstance(key, int) else next(n for n, row in enumerate(rows, 1) if key in row)
        rows[line - 1][rows[0].index(column)] = value
        file.write_text("".join(map(_csv, rows)), encoding="utf-8", newline="")
        return line, at or column

    return spoil


def both(key: str, **cells: str):
    """Several cells of a row; the fault is in the last of them."""

    def spoil(file: Path):
        return [cell(key, column, value)(file) for column, value in cells.items()][-1]

    return spoil


def _csv(row, delimiter=",") -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", delimiter=delimiter).writerow(row)
    return out.getvalue()


def rows(change, line: int, column: str):
    """The rows, header included, as `change` returns them."""

    def spoil(file: Path):
        found = list(csv.reader(open(file, newline="", encoding="utf-8")))
        file.write_text("".join(map(_csv, change(found))), encoding="utf-8", newline="")
        return line, column

    return spoil


def octets(change, line: int, column: str):
    """The bytes, as `change` returns them."""

    def spoil(file: Path):
        file.write_bytes(change(file.read_bytes()))
        return line, column

    return spoil


def encoded(encoding: str, before: bytes = b""):
    return lambda content: before + content.decode("utf-8").encode(encoding)


def delimited(delimiter: str):
    def change(content: bytes) -> bytes:
        found = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
        return "".join(_csv(row, delimiter) for row in found).encode()

    return change


def place(what):
    """Something else in the place of the file."""

    def spoil(file: Path):
        file.unlink()
        what(file)
        return 1, "file"

    return spoil


def linked_elsewhere(file: Path):
    other = file.parent.parent / f"elsewhere-{file.name}"
    shutil.copy(SMALL / "units.csv", other)
    file.symlink_to(other)


def header(old: str, new: str):
    return octets(lambda content: content.replace(old.encode(), new.encode(), 1), 1, "header")


def named(position: int, name: str):
    return rows(
        lambda found: [[*found[0][:position], name, *found[0][position + 1 :]], *found[1:]], 1, "header"
    )


def doubled(line: int, column: str):
    return rows(lambda found: [*found, found[line - 1]], 0, column)  # 0: the last line


CASES = [
    # -- the file --------------------------------------------------------------------------------
    ("no file", "units.csv", place(lambda file: None), "is missing; a file is needed here"),
    ("a folder", "units.csv", place(Path.mkdir), "a folder or a device"),
    ("a pipe", "units.csv", place(lambda file: os.mkfifo(file)), "a folder or a device"),
    (
        "a link that leads nowhere",
        "units.csv",
        place(lambda f: f.symlink_to(f.parent / "x")),
        "a link that leads nowhere",
    ),
    ("a link to itself", "units.csv", place(lambda f: f.symlink_to(f)), "it must be a file that can be read"),
    ("a link to another folder", "units.csv", place(linked_elsewhere), "it must be a file of this folder"),
    ("a folder for a sheet", SHEET, place(Path.mkdir), "a folder or a device"),
    (
        "an empty file",
        "units.csv",
        octets(lambda c: b"", 1, "header"),
        "it must be unit,kind,singular,plural,halves,note",
    ),
    (
        "only a mark",
        "units.csv",
        octets(lambda c: b"\xef\xbb\xbf", 1, "header"),
        "it must be unit,kind,singular",
    ),
    # -- encodings ---------------------------------------------------------------------------------
    (
        "UTF-16 with its mark",
        "units.csv",
        octets(encoded("utf-16-le", b"\xff\xfe"), 1, "encoding"),
        'seems to be UTF-16, little end first: save it as "CSV UTF-8"',
    ),
    (
        "UTF-16, the other end",
        "units.csv",
        octets(encoded("utf-16-be", b"\xfe\xff"), 1, "encoding"),
        "seems to be UTF-16, big end first",
    ),
    (
        "UTF-16 without a mark",
        "entities.csv",
        octets(encoded("utf-16-le"), 1, "encoding"),
        "seems to be UTF-16, little end first",
    ),
    (
        "UTF-16 without a mark, the other end",
        "claims.csv",
        octets(encoded("utf-16-be"), 1, "encoding"),
        "seems to be UTF-16, big end first",
    ),
    (
        "UTF-32",
        "units.csv",
        octets(encoded("utf-32-le", b"\xff\xfe\0\0"), 1, "encoding"),
        "seems to be UTF-32",
    ),
    ("GB18030", "entities.csv", octets(encoded("gb18030"), 2, "encoding"), "byte 0xC0 at"),
    ("GBK", "corrections.csv", octets(encoded("gbk"), 2, "encoding"), "seems to be GB18030 (GBK)"),
    (
        "Windows-1252",
        "units.csv",
        octets(lambda c: c.decode().encode("cp1252", "ignore"), 13, "encoding"),
        "seems to be Windows-1252: save it as",
    ),
    (
        "one row of another encoding",
        "entities.csv",
        octets(
            lambda c: c.replace("Sandwick,沙维克".encode(), "Sand’wick,沙维克".encode("gb18030")),
            3,
            "encoding",
        ),
        "in some lines, UTF-8 in others",
    ),
    (
        "cut within a character",
        "units.csv",
        octets(lambda c: c + "里".encode()[:2], 0, "encoding"),
        "UTF-8, cut off within its last character",
    ),
    # -- characters ----------------------------------------------------------------------------------
    ("a zero byte", "claims.csv", cell(5, "note", "a\0b"), "it must be text without the character U+0000"),
    ("a control character", SHEET, cell(7, "note", "a\x0bb"), "it must be text without the character U+000B"),
    (
        "a tab in a cell",
        "entities.csv",
        cell(3, "name", "Sand\twick"),
        "it must be text without the character U+0009",
    ),
    (
        "a character that turns the text",
        "comparators.csv",
        cell(3, "source", "a\u202eb"),
        "it must be text without the character U+202E",
    ),
    (
        "what another program could not read",
        "claims.csv",
        cell(5, "claim", "Sand\ufffdwick"),
        "it must be text without the character U+FFFD",
    ),
    ("a long cell", "claims.csv", cell(5, "note", "x" * 10_001), "at most 10,000 characters"),
    ("a very long cell", "claims.csv", cell(5, "note", "x" * 1_000_000), "at most 10,000 characters"),
    # -- rows and columns ----------------------------------------------------------------------------
    (
        "semicolons",
        "entities.csv",
        octets(delimited(";"), 1, "header"),
        "there must be commas between the cells, not semicolons",
    ),
    (
        "tabs",
        "comparators.csv",
        octets(delimited("\t"), 1, "header"),
        "there must be commas between the cells, not tabs",
    ),
    (
        "a misspelt column",
        SHEET,
        named(9, "periode"),
        "header is 'periode'; it must be 'period', as this column is called",
    ),
    ("a column with spaces", SHEET, named(9, " Period "), "header is ' Period '; it must be 'period'"),
    ("a column with a capital", "units.csv", named(0, "Unit"), "header is 'Unit'; it must be 'unit'"),
    (
        "no column",
        "comparators.csv",
        rows(lambda found: [row[:5] + row[6:] for row in found], 1, "header"),
        "header is missing; a column 'step' is needed",
    ),
    (
        "one column more",
        "units.csv",
        rows(lambda found: [[*row, "x"] for row in found], 1, "header"),
        "header is 'x'; it must be one of the columns unit, kind",
    ),
    (
        "columns exchanged",
        "constants.csv",
        rows(lambda found: [[row[0], row[2], row[1], *row[3:]] for row in found], 1, "header"),
        "it must have this order: constant,value,low",
    ),
    (
        "a column twice",
        "units.csv",
        rows(lambda found: [[*row, row[1]] for row in found], 1, "header"),
        "header is 'kind'; each column must be there only once",
    ),
    (
        "no header",
        "units.csv",
        rows(lambda found: found[1:], 1, "header"),
        "it must be unit,kind,singular,plural,halves,note",
    ),
    (
        "the header twice",
        "units.csv",
        rows(lambda found: [*found, found[0]], 0, "row"),
        "it must be there only once, the header",
    ),
    (
        "a comma without quotation marks",
        "claims.csv",
        octets(
            lambda c: c.replace(b"Plain counts of one sentence.", b"Plain counts, of one sentence."), 2, "row"
        ),
        "12 cells, not 13; a cell with a comma stands in quotation marks",
    ),
    (
        "all rows short",
        SECOND,
        rows(lambda found: [found[0], *(row[:-1] for row in found[1:])], 2, "row"),
        "12 cells, not 11; so in 23 rows",
    ),
    (
        "a quotation mark that is left open",
        "units.csv",
        octets(lambda c: c.replace(b"\nusd,", b'\nusd,"'), 3, "row"),
        "those inside doubled",
    ),
    (
        "one that nothing closes",
        "fingerprints.csv",
        octets(lambda c: c.replace(b"daily-2022-harbour,3,", b'daily-2022-harbour,"3,'), 3, "row"),
        "a quotation mark at the end of the cell",
    ),
    (
        "a quotation mark in the middle",
        "claims.csv",
        octets(lambda c: c.replace(b"\nbridges-add-up,,", b'\nbridges-add-up,"a" b,'), 2, "row"),
        "those inside doubled",
    ),
    (
        "a line break in a cell",
        "units.csv",
        cell(4, "note", "a\nb", "row"),
        "there must be no line break inside a cell",
    ),
    (
        "cells of two columns exchanged",
        "claims.csv",
        rows(lambda found: [found[0], *([r[9], *r[1:9], r[0], *r[10:]] for r in found[1:])], 2, "otherwise"),
        "so in 14 of 14 rows",
    ),
    (
        "empty rows between",
        "units.csv",
        rows(lambda found: [*found[:5], [""] * 6, [""] * 6, *found[5:]], 6, "row"),
        "there must be no empty row between others; so in 2 rows",
    ),
    # -- what spreadsheets do -------------------------------------------------------------------------
    (
        "a month made a date",
        SHEET,
        cell(LANMOUTH, "period", "Mar-21"),
        "2016/.. or 2022-Q1, or nothing (a spreadsheet seems to have made a date of it)",
    ),
    ("a day with slashes", SHEET, cell(LANMOUTH, "period", "3/1/2021"), "seems to have made a date of it"),
    ("the year first", SHEET, cell(LANMOUTH, "period", "2021/3/1"), "seems to have made a date of it"),
    (
        "a day with its time",
        SHEET,
        cell(LANMOUTH, "period", "2021-03-01 00:00:00"),
        "seems to have made a date of it",
    ),
    (
        "the number of a day",
        SHEET,
        cell(LANMOUTH, "period", "44197"),
        "a spreadsheet counts days so: 44197 is 2021-01-01",
    ),
    (
        "a year with a decimal",
        SHEET,
        cell(LANMOUTH, "period", "2021.0"),
        "a program seems to have added the decimal",
    ),
    (
        "an id made a number",
        "comparators.csv",
        cell(2, "comparator_id", "1.68199E+11"),
        "a spreadsheet seems to have shortened it",
    ),
    (
        "a value shortened",
        "comparators.csv",
        cell(2, "value", "8.31E+12"),
        "a spreadsheet seems to have shortened it",
    ),
    (
        "a value in small letters",
        "comparators.csv",
        cell(2, "value", "1e5"),
        "numbers and ids are written out",
    ),
    (
        "commas dropped from a token",
        SHEET,
        cell("harbour-workers", "token", "12400"),
        "6 characters, from 204 to 210; a spreadsheet seems to have dropped the commas of 12,400",
    ),
    (
        "a ratio made a time",
        OTHER_SHEET,
        cell("2.67:1", "token", "2:40:00"),
        "a spreadsheet seems to have made a time of it",
    ),
    (
        "a truth value",
        "claims.csv",
        cell(2, "source", "TRUE"),
        "a spreadsheet seems to have made a truth value of it",
    ),
    (
        "an unknown name",
        SHEET,
        cell(LANMOUTH, "entity", "#NAME?"),
        "which seems to have taken the cell for a formula",
    ),
    (
        "a reference that is gone",
        "derivations.csv",
        cell(2, "inputs", "#REF!"),
        "which seems to have taken the cell for a formula",
    ),
    (
        "a narrow column",
        "comparators.csv",
        cell(2, "value", "########"),
        "what a spreadsheet shows of a cell that is too narrow",
    ),
    ("a decimal comma", "comparators.csv", cell(3, "value", "0,5"), "a decimal comma; write a point"),
    (
        "commas between thousands",
        "comparators.csv",
        cell(2, "value", "41,690,000,000"),
        "leave out the commas",
    ),
    (
        "a formula for a number",
        "constants.csv",
        cell(2, "value", "=1/2"),
        "a formula to a spreadsheet; nothing here is computed",
    ),
    (
        "curly quotation marks",
        SHEET,
        cell(LANMOUTH, "class", "“figure”"),
        "near to it: figure (curly quotation marks, U+201C)",
    ),
    (
        "a space that is none",
        SHEET,
        cell(LANMOUTH, "status", "outcome\u00a0"),
        "near to it: outcome (there are spaces around it; a space that is no plain space, U+00A0)",
    ),
    ("a space before", SHEET, cell(LANMOUTH, "entity", " lanmouth"), "near to it: lanmouth"),
    ("a space behind", "claims.csv", cell(2, "test", "equals "), "(there are spaces around it)"),
    (
        "an apostrophe",
        "comparators.csv",
        cell(2, "period", "'2022"),
        "a spreadsheet marks text by the apostrophe before it",
    ),
    ("full-width digits", SHEET, cell(LANMOUTH, "period", "２０２１"), "digits other than 0 to 9, U+FF12"),
    ("a full-width letter", SHEET, cell(LANMOUTH, "class", "ｆigure"), "full-width letters or signs, U+FF46"),
    ("a dash", SHEET, cell(LANMOUTH, "period", "2011–2021"), "a dash that is no hyphen, U+2013"),
    ("a character that does not show", SHEET, cell(LANMOUTH, "unit", "yuan\u200b"), "near to it: yuan"),
    (
        "sorted by a column",
        SHEET,
        rows(lambda found: [found[0], *sorted(found[1:], key=lambda row: row[4])], 3, "start"),
        "rows in reading order",
    ),
    # -- words that are not in their list ------------------------------------------------------------------
    ("a class", SHEET, cell(LANMOUTH, "class", "Figures"), "near to it: figure"),
    (
        "an indicator",
        SHEET,
        cell(LANMOUTH, "indicator", "gdp_multipel"),
        "one of those in indicators.csv, or nothing; near to it: gdp_multiple",
    ),
    ("an entity", SHEET, cell(LANMOUTH, "entity", "lanmoth"), "near to it: lanmouth"),
    (
        "a unit",
        SHEET,
        cell(LANMOUTH, "unit", "yuans"),
        "one of those in units.csv, or nothing; near to it: yuan",
    ),
    ("a scale", SHEET, cell(LANMOUTH, "scale", "bilion"), "near to it: billion"),
    ("a qualifier", SHEET, cell(LANMOUTH, "qualifier", "more than"), "near to it: more_than"),
    ("a status", SHEET, cell(LANMOUTH, "status", "outcomes"), "near to it: outcome"),
    ("a kind of unit", "units.csv", cell("hour", "kind", "measures"), "near to it: measure"),
    ("a kind of indicator", "indicators.csv", cell("gdp", "kind", "mony"), "near to it: money"),
    ("a whole", "entities.csv", cell("lanmouth", "part_of", "norlandt"), "near to it: norland"),
    ("a measure", "derivations.csv", cell(4, "measure", "implied_bases"), "near to it: implied_base"),
    (
        "an input",
        "derivations.csv",
        cell(4, "inputs", "lanmouth-gdp-2021 lanmouth-gpd-multiple"),
        "near to it: lanmouth-gdp-multiple",
    ),
    ("a test", "claims.csv", cell(2, "test", "equal"), "near to it: equals"),
    ("a verdict", "claims.csv", cell(2, "otherwise", "in_tension"), "near to it: in tension"),
    ("a quantity", "claims.csv", cell(2, "observed", "bridge-sum"), "near to it: bridges-sum"),
    ("a grade", "comparators.csv", cell(2, "grade", "b"), "it must be one of: A, B, C; near to it: B"),
    ("a basis", "comparators.csv", cell(2, "price_basis", "currrent"), "near to it: current"),
    (
        "a reason",
        "untested.csv",
        cell("waiting-time", "reason", "nobody counts it"),
        "near to it: nobody else counts it",
    ),
    ("a figure", "untested.csv", cell(2, "figure_id", "quay-area-targt"), "near to it: quay-area-target"),
    ("a column", "corrections.csv", cell(2, "column", "units"), "near to it: unit"),
    ("what is read", "corrections.csv", cell(2, "corrected", "mus"), "near to it: mu"),
    ("how sure", "corrections.csv", cell(2, "confidence", "hihg"), "near to it: high"),
    (
        "a figure to correct",
        "corrections.csv",
        cell(2, "figure", "quay-area-targets"),
        "near to it: quay-area-target",
    ),
    ("a class in a second transcription", SECOND, cell(4, "class", "figur"), "near to it: figure"),
    ("a status in a second transcription", SECOND, cell(4, "status", "planned"), "near to it: plan"),
    ("what was settled", SETTLED, cell(3, "settled", "abscent"), "near to it: absent"),
    (
        "an article that was settled",
        SETTLED,
        cell(2, "article", "daily-2022-harbor"),
        "near to it: daily-2022-harbour",
    ),
    # -- periods ----------------------------------------------------------------------------------------
    (
        "an end before its start",
        SHEET,
        cell(LANMOUTH, "period", "2021/2011"),
        "(its end is before its start)",
    ),
    (
        "a quarter before its month",
        "comparators.csv",
        cell(2, "period", "2021-05/2021-Q1"),
        "(its end is before its start)",
    ),
    (
        "a day that no month has",
        "derivations.csv",
        cell(4, "period", "2021-02-30"),
        "(there is no 2021-02-30)",
    ),
    *[
        (f"the period {value}", SHEET, cell(LANMOUTH, "period", value), words)
        for value, words in [
            ("0000", "of the years 1000 to 2100"),
            ("0999", "(a year is not one of 1000 to 2100)"),
            ("2201-Q1", "(a year is not one of 1000 to 2100)"),
            ("2011/2201", "(a year is not one of 1000 to 2100)"),
            ("2021/2021", "(one of its ends is part of the other)"),
            ("2021/2021-06", "(one of its ends is part of the other)"),
            ("2021-06/2021", "(one of its ends is part of the other)"),
            ("2021-Q1/2021-03", "(one of its ends is part of the other)"),
        ]
    ],
    *[
        (
            f"the date {value} of an article",
            "articles.csv",
            cell(2, "date", value),
            "a day, a month or a year",
        )
        for value in ("2011/2021", "2021-Q1", "2016/..", "0022", "2022-13")
    ],
    (
        "a word",
        SHEET,
        cell(LANMOUTH, "period", "last year"),
        "such as 2021, 2022-03, 2011/2021, 2016/.. or 2022-Q1",
    ),
    (
        "no interval where one is needed",
        "derivations.csv",
        cell(2, "period", "2021"),
        "it must be an interval of years such as 2011/2021",
    ),
    # -- numbers ----------------------------------------------------------------------------------------
    *[
        (
            f"the value {value!r}",
            "comparators.csv",
            cell(2, "value", value),
            "it must be a decimal number such as",
        )
        for value in (
            "",
            "-",
            "NaN",
            "inf",
            "Infinity",
            "٣",
            "1_000",
            "1" * 40,
            "1234567890.1234567",
            "1000000000000000000",
            "5 %",
            "0x1F",
        )
    ],
    ("too many digits in a token", SHEET, cell(LANMOUTH, "token", "1" * 16, "token"), "5 characters"),
    ("a negative step", "comparators.csv", cell(2, "step", "-1"), "a decimal number, 0 for a plain count"),
    ("a step above its value", "comparators.csv", cell(3, "step", "10"), "at most the value, 6.1"),
    (
        "a value in parts of its step",
        "comparators.csv",
        cell(4, "step", "0.3", "value"),
        "a whole number of steps of 0.3",
    ),
    (
        "billions for yuan",
        "comparators.csv",
        cell("gdp-lanmouth-2011-revised", "value", "15.16"),
        "a size like that of its series",
    ),
    (
        "a thousandfold",
        "comparators.csv",
        cell("gdp-norland-2021", "value", "226540000000000"),
        "values are in base units",
    ),
    (
        "workers in kilometres",
        SHEET,
        cell("harbour-workers", "unit", "kilometre"),
        "a unit of count, which workers is by indicators.csv",
    ),
    (
        "a comparator in kilometres",
        "comparators.csv",
        cell("gdp-norland-2020", "unit", "kilometre"),
        "a unit of money, which gdp is by indicators.csv",
    ),
    (
        "a value outside its bounds",
        "constants.csv",
        cell(2, "low", "0.9", "value"),
        "between low, 0.9, and high, 0.5",
    ),
    ("a value in a second transcription", SECOND, cell(4, "value", "358 cranes"), "or nothing"),
    ("a value that was settled", SETTLED, cell(3, "column", "value", "first"), "a decimal number"),
    # -- what can never be right ---------------------------------------------------------------------------
    *[
        (f"{file} {column} {value!r}", file, cell(key, column, value), words)
        for file, key, column, value, words in [
            ("articles.csv", 2, "language", "english", "the code of a language"),
            ("articles.csv", 2, "language", "EN", "the code of a language"),
            ("comparators.csv", 2, "url", "https://me:secret@example.org/x", "without a name or password"),
            ("comparators.csv", 2, "url", "http://localhost/x", "it must be a web address"),
            ("comparators.csv", 2, "url", "https://.", "it must be a web address"),
            (
                "comparators.csv",
                "museum-visits-2023",
                "value",
                "-1076",
                "not be below zero, as it is a count",
            ),
            ("derivations.csv", "bridges-sum", "inputs", "bridges-begun bridges-begun", "only once"),
            ("fingerprints.csv", 2, "article", "no-such-article", "it must be one of: daily-2022-harbour"),
            (OTHER_SHEET, "bridges-finished", "period", "2024", "it must begin before the article appeared"),
        ]
    ],
    *[
        (
            f"two rows that say the same in {file}",
            file,
            rows(lambda found: [*found, ["again", *found[1][1:]]], 0, column),
            "it must be a row of its own; line 2 says the same",
        )
        for file, column in [
            ("comparators.csv", "comparator_id"),
            ("derivations.csv", "derived_id"),
            ("claims.csv", "check_id"),
        ]
    ],
    # -- two transcriptions --------------------------------------------------------------------------------
    (
        "an empty second transcription",
        SECOND,
        rows(lambda found: found[:1], 1, "row"),
        "a row for every numeral is needed",
    ),
    (
        "settled to another period",
        SETTLED,
        cell(2, "settled", "2011"),
        "it must be what the sheet says now, 2011/2021",
    ),
    (
        "settled to another class",
        SETTLED,
        cell(3, "settled", "ordinal"),
        "it must be what the sheet says now, absent",
    ),
    (
        "another second period",
        SETTLED,
        cell(2, "second", "2012/2021"),
        "the second transcription has there, 2011/2021",
    ),
    (
        "a second class that is none",
        SETTLED,
        cell(3, "second", "date"),
        "the second transcription has there, ordinal",
    ),
    (
        "two that agree",
        SETTLED,
        cell(2, "first", "2011/2021", "second"),
        "it must differ from what the sheet had first or has now",
    ),
    (
        "a numeral that neither has",
        SETTLED,
        cell(2, "start", "300"),
        "the second transcription has a numeral",
    ),
    ("the middle of a numeral", SETTLED, cell(2, "start", "311"), "it must be 310, where the numeral begins"),
    ("another numeral", SETTLED, cell(2, "token", "4.5"), "it must be '5.4', the numeral there"),
    (
        "settled, but never read twice",
        SETTLED,
        cell(2, "article", OTHER),
        "it must be an article that has a second transcription",
    ),
    (
        "a second value that differs",
        SETTLED,
        both(2, first="1", settled="5.4", column="value", second="5.5"),
        "the second transcription has there, 5.4",
    ),
    (
        "a second row twice",
        SECOND,
        rows(lambda found: [*found[:4], found[3], *found[4:]], 5, "start"),
        "it must be at least 102, where the row before ends",
    ),
    ("a value of what is no figure", SECOND, cell(2, "value", "10"), "it must be empty for class date"),
    # -- ids and what refers to them -------------------------------------------------------------------------
    (
        "a figure twice",
        OTHER_SHEET,
        cell("waiting-time-saved", "figure_id", "waiting-time"),
        "a name of its own in the corpus; it stands in gazette-2023-quay.csv, line 16",
    ),
    ("a comparator twice", "comparators.csv", doubled(2, "comparator_id"), "it stands on line 2 already"),
    ("an entity twice", "entities.csv", doubled(5, "entity"), "it stands on line 5 already"),
    ("a paragraph twice", "fingerprints.csv", doubled(3, "paragraph"), "a paragraph of an article only once"),
    ("a disagreement twice", SETTLED, doubled(3, "column"), "one row for a column of a numeral"),
    ("a correction twice", "corrections.csv", doubled(2, "column"), "one correction of a column of a figure"),
    ("an id that a figure has", "constants.csv", cell(2, "constant", LANMOUTH), "a slug that no figure"),
    ("a place that is longer than its token", SHEET, cell(LANMOUTH, "start", "90", "token"), "12 characters"),
    (
        "an overlap",
        SHEET,
        rows(lambda found: [*found[:7], ["n007", *found[6][1:]], *found[8:]], 8, "start"),
        "at least 145, where the row before ends",
    ),
    (
        "a row out of order",
        SHEET,
        rows(lambda found: [*found[:5], found[6], found[5], *found[7:]], 6, "numeral_id"),
        "n005, in reading order",
    ),
    (
        "a row left out",
        SHEET,
        rows(lambda found: found[:9] + found[10:], 10, "numeral_id"),
        "(later ones may only have shifted)",
    ),
    (
        "positions of another version",
        SHEET,
        rows(
            lambda found: [
                found[0],
                *([*row[:2], str(int(row[2]) + 3), str(int(row[3]) + 3), *row[4:]] for row in found[1:]),
            ],
            3,
            "token",
        ),
        "the positions seem to be those of another version",
    ),
    (
        "a guard that no longer matches",
        "corrections.csv",
        cell(2, "expect", "hectare"),
        "what is printed now, 'acre'",
    ),
    (
        "a correction of nothing",
        "corrections.csv",
        cell(2, "corrected", "acre"),
        "something else than is printed",
    ),
    (
        "an input of itself",
        "derivations.csv",
        cell(4, "inputs", "lanmouth-gdp-2011-implied lanmouth-gdp-multiple"),
        "there must be no circle",
    ),
    (
        "a multiple that no level has",
        "derivations.csv",
        cell("three-cities-gdp-multiple", "inputs", "lanmouth-gdp-2021 fenby-gdp-2021 lanmouth-gdp-multiple"),
        "as many multiples as levels",
    ),
    (
        "a quantity without a value",
        "derivations.csv",
        cell(
            "lanmouth-share-of-three",
            "measure",
            "fenby-gdp-2021 / (lanmouth-gdp-2021 − lanmouth-gdp-2021 + 0 × sandwick-gdp-2021)",
        ),
        "there is no result",
    ),
    (
        "a formula that ends early",
        "derivations.csv",
        cell("lanmouth-share-of-three", "measure", "fenby-gdp-2021 +"),
        "it must be a formula",
    ),
    (
        "a formula of an unknown id",
        "derivations.csv",
        cell("lanmouth-share-of-three", "measure", "fenbi-gdp-2021 × 1"),
        "fenby-gdp-2021 is near",
    ),
    (
        "a formula in another unit",
        "derivations.csv",
        cell("lanmouth-share-of-three", "measure", "fenby-gdp-2021 × 2"),
        "The result of fenby-gdp-2021 × 2 is in yuan",
    ),
    (
        "inputs beside a formula",
        "derivations.csv",
        cell("lanmouth-share-of-three", "inputs", LANMOUTH),
        "it must be empty, as the formula names its inputs itself",
    ),
    (
        "inputs of two units",
        "derivations.csv",
        cell("bridges-sum", "inputs", "bridges-finished museum-visitors"),
        "they must be quantities of one unit, not bridge, visit",
    ),
    (
        "a result in another unit",
        "derivations.csv",
        cell("bridges-sum", "unit", "visit"),
        "it must be bridge, the unit of total here",
    ),
    ("no inputs", "derivations.csv", cell(2, "inputs", ""), "1 for compound_annual_growth_rate(multiple)"),
    (
        "an untested figure that is tested",
        "untested.csv",
        cell(2, "figure_id", LANMOUTH),
        "a figure that no claim involves; it takes part in",
    ),
    (
        "a reading that tests the same",
        "claims.csv",
        rows(
            lambda found: [
                *found,
                [
                    *("a-copy", MULTIPLE),
                    *next(row[2:4] for row in found if row[1] == MULTIPLE),
                    "another",
                    "at_most",
                    *next(row[6:] for row in found if row[1] == MULTIPLE),
                ],
            ],
            0,
            "expected",
        ),
        "another reading of the claim tests the same two",
    ),
    # -- ranks and lists --------------------------------------------------------------------------------
    *[
        (f"of {key} the {column} {value!r}", "ranks_and_lists.csv", cell(key, column, value), words)
        for key, column, value, words in [
            ("lanmouth-rank", "article", "daily-2022-harbor", "near to it: daily-2022-harbour"),
            ("lanmouth-rank", "numeral_id", "n118", "it must be a numeral of daily-2022-harbour"),
            ("bridges-counted", "numeral_id", "n015", "it must state a rank or a count, but is '5-6'"),
            ("lanmouth-rank", "kind", "list", "it must be rank, as the test is some rivals"),
            ("lanmouth-rank", "own", "", "it must be one id, as the test is some rivals"),
            ("lanmouth-rank", "own", "lanmouth-gpd-2021", "near to it: lanmouth-gdp-2021"),
            ("lanmouth-rank", "against", "", "it must be one id or more, as the test is some rivals"),
            ("lanmouth-rank", "against", "fenby-gpd-2021", "near to it: fenby-gdp-2021"),
            ("lanmouth-rank", "against", "museum-visitors", "a quantity in yuan, as what is ranked"),
            ("bridges-counted", "against", "bridges-sum salt-sold", "it must be one id, as the test is as"),
            ("bridges-counted", "items", "one", "it must be empty, as the test is as counted"),
            ("plans-numbered", "items", "", "it must have items, as the test is sequence"),
            ("plans-numbered", "items", "n019; two", "they must be numerals of the article"),
            ("plans-numbered", "items", "n019; n099", "it must be a numeral of daily-2022-harbour"),
            (
                "plans-numbered",
                "items",
                "n019; n018",
                "it must be a numeral of its own; line 2 has it already",
            ),
            ("bridges-told", "items", "north; north", "there must be items, each once"),
            ("bridges-told", "items", "north; ", "there must be items, each once"),
            ("first-quay", "reason", "", "it must say why there is no test"),
            ("first-quay", "reason", "order of do", "near to it: order of doing"),
            ("first-quay", "otherwise", "contradicted", "it must be not checkable, as the test is none"),
            ("plans-numbered", "reason", "one batch", "it must be empty, as there is a test"),
            ("plans-numbered", "claim", "\u200b", "what is claimed"),
            ("plans-numbered", "order_id", "lists-all", "it must not begin with lists-, as ids of"),
            ("plans-numbered", "order_id", "bridges-sum", "it must be a slug that nothing else has"),
        ]
    ],
    # -- calibration --------------------------------------------------------------------------------------
    *[
        (f"of {key} the {column} {value!r}", "calibration.csv", cell(key, column, value), words)
        for key, column, value, words in [
            ("harbour-tonnes", "print", "harbor-tonnes", "near to it: harbour-tonnes"),
            ("harbour-tonnes", "print", "tonnes-per-crane", "it must be a figure or a comparator"),
            ("harbour-tonnes", "truth", "harbor-tonnes-2021", "near to it: harbour-tonnes-2021"),
            ("harbour-tonnes", "truth", "museum-visitors", "it must be a comparator or a derived quantity"),
            ("harbour-tonnes", "truth", "gdp-lanmouth-2021", "it must be a quantity in tonne, as the print"),
            ("harbour-tonnes", "qualifier", "more_than", "it must be empty, as the sheet has that"),
            ("harbour-tonnes", "truth", "harbour-tonnes", "it must be a comparator or a derived quantity"),
            ("harbour-tonnes", "note", " \u200b", "why the two are of the same thing"),
            ("harbour-tonnes", "print", "lanmouth-gdp-2021-again", "it must be a print of its own"),
        ]
    ],
    # -- ids of statistics -----------------------------------------------------------------------------------
    *[
        (f"{column} {value}", file, cell(key, column, value), f"it must not begin with {start}, as ids of")
        for file, key, column, value, start in [
            (OTHER_SHEET, "berth-fee", "figure_id", "figures-exact", "figures-"),
            ("constants.csv", "years-of-decade", "constant", "width-median-about", "width-median-"),
            ("comparators.csv", "gdp-norland-2012", "comparator_id", "numerals-all", "numerals-"),
            ("derivations.csv", "norland-cagr", "derived_id", "differential-mean-china", "differential-"),
            ("claims.csv", "bridges-add-up", "check_id", "claims-all", "claims-"),
            ("claims.csv", "bridges-add-up", "check_id", "checks-of-mine", "checks-"),
            ("claims.csv", "bridges-add-up", "claim_id", "coverage-all", "coverage-"),
            ("constants.csv", "years-of-decade", "constant", "agreement-class-kappa", "agreement-"),
            ("constants.csv", "years-of-decade", "constant", "heaped-five-p", "heaped-"),
            ("constants.csv", "years-of-decade", "constant", "mutants-made-all", "mutants-"),
        ]
    ],
    *[
        (
            f"the claim {value}",
            "claims.csv",
            cell(2, "claim_id", value),
            "it must be a slug that nothing else has",
        )
        for value in (LANMOUTH, "kilograms-per-jin", "gdp-norland-2011", "norland-cagr")
    ],
    # -- names ---------------------------------------------------------------------------------------------
    *[
        (f"the name {value!r}", file, cell(key, column, value), words)
        for file, key, column, value, words in [
            ("entities.csv", "fenby", "name", "\u200b", "some text"),
            ("entities.csv", "fenby", "name", "\u00a0", "some text"),
            ("entities.csv", "fenby", "name", "\u3164", "some text"),
            ("entities.csv", "fenby", "name", "\u0301", "some text"),
            ("entities.csv", "fenby", "name", "\u2800\ufe0f", "some text"),
            ("indicators.csv", "gdp", "name", "\u2060", "some text"),
            ("units.csv", "yuan", "singular", "\u00ad", "some text"),
            ("comparators.csv", "gdp-norland-2012", "source", "\u200b", "where the value was published"),
            ("claims.csv", "traffic-growth-as-reported", "note", "\u200b", "it must say what was looked for"),
            ("claims.csv", "lanmouth-multiple-times-revised", "reading", "\u200b", "a reading of its own"),
            ("entities.csv", "fenby", "name", "Sandwick", "a name of its own; line 3 has it already"),
            (
                "entities.csv",
                "fenby",
                "name",
                "ＳＡＮＤ ＷＩＣＫ",
                "a name of its own; line 3 has it already",
            ),
            ("entities.csv", "fenby", "name", "sand\u200bwick", "a name of its own; line 3 has it already"),
            ("entities.csv", "fenby", "chinese", " 兰港", "a name of its own; line 2 has it already"),
            ("indicators.csv", "gdp_multiple", "name", "gdp", "a name of its own; line 2 has it already"),
            ("units.csv", "usd", "plural", "", "some text"),
        ]
    ],
    # -- steps of other sources ------------------------------------------------------------------------------
    *[
        (f"no step of {key} {value}", "comparators.csv", both(key, value=value, step="0"), words)
        for key, value, words in [
            ("gdp-lanmouth-2021", "41690000001", "as only a plain count has none"),
            ("gdp-growth-lanmouth-2022", "6", "as only a plain count has none"),
            ("income-ratio-norland-2022", "2", "as only a plain count has none"),
            ("harbour-tonnes-2021", "3140001", "as only a plain count has none"),
            ("museum-visits-2023", "1076.5", "as only a plain count has none"),
        ]
    ],
    *[
        (
            f"a plain count of {value}",
            "comparators.csv",
            both("museum-visits-2023", value=value, note="\u200b"),
            f"it must say why {value} is a plain count, as it ends in zeros",
        )
        for value in ("1000", "10700", "-5000")
    ],
    # -- claims ------------------------------------------------------------------------------------------
    (
        "unlike units",
        "claims.csv",
        cell(2, "expected", "museum-visitors"),
        "it must be a quantity in bridge, as observed",
    ),
    (
        "an internal claim on another source",
        "claims.csv",
        cell("museum-visitors-as-counted", "kind", "internal"),
        "it must be external, as it rests on a comparator",
    ),
    (
        "an external claim on figures alone",
        "claims.csv",
        cell(2, "kind", "external"),
        "it must be internal, as it rests on figures alone",
    ),
    (
        "the id of a comparison of prints",
        "claims.csv",
        cell(2, "check_id", "lanmouth-gdp-2021-printed-alike"),
        "it must be an id of its own; prints of one quantity are compared under it",
    ),
    *[
        (
            f"a {column} like the id of a comparison of prints",
            file,
            both(key, **dict.fromkeys(("reading", column)[-size:], f"{LANMOUTH}-printed-alike")),
            "it must be an id of its own; prints of one quantity are compared under it",
        )
        for file, key, column, size in [
            ("constants.csv", "years-of-decade", "constant", 1),
            ("comparators.csv", "gdp-norland-2012", "comparator_id", 1),
            ("derivations.csv", "tonnes-per-crane", "derived_id", 1),
            ("claims.csv", "bridges-add-up", "claim_id", 2),  # which then needs a reading
        ]
    ],
    (
        "a claim on itself",
        "claims.csv",
        cell(2, "expected", "bridges-sum"),
        "it must be something else than what is observed",
    ),
    (
        "nothing expected",
        "claims.csv",
        cell(2, "expected", ""),
        "it must be a figure, a constant, a comparator or a derived id",
    ),
    (
        "something expected without a test",
        "claims.csv",
        cell("traffic-growth-as-reported", "expected", "gdp-growth-lanmouth-2021"),
        "it must be empty, as the test is none",
    ),
    (
        "a verdict without a test",
        "claims.csv",
        cell("traffic-growth-as-reported", "otherwise", "contradicted"),
        "it must be not checkable, as the test is none",
    ),
    (
        "nothing said of what was looked for",
        "claims.csv",
        cell("traffic-growth-as-reported", "note", " "),
        "it must say what was looked for and not found",
    ),
    (
        "nothing said of why nothing follows",
        "claims.csv",
        cell("income-ratio-as-in-norland", "note", ""),
        "it must say why nothing follows if the two differ",
    ),
    (
        "a claim named like a check",
        "claims.csv",
        cell(2, "claim_id", "island-within-workers"),
        "it must be a slug that no check has, or nothing",
    ),
    (
        "a reading of another claim",
        "claims.csv",
        cell("lanmouth-multiple-times-revised", "claim", "Another"),
        "as in its first reading",
    ),
    (
        "a reading that is not said",
        "claims.csv",
        cell("lanmouth-multiple-times-revised", "reading", ""),
        "it must be a reading of its own",
    ),
    (
        "a check named like a figure",
        "claims.csv",
        cell(2, "check_id", LANMOUTH),
        "it must be a slug that nothing else has",
    ),
    (
        "a comparator named like a figure",
        "comparators.csv",
        cell("income-ratio-norland-2022", "comparator_id", LANMOUTH),
        "it must be a slug that no figure and no constant has",
    ),
    (
        "a derived id named like a comparator",
        "derivations.csv",
        cell("bridges-sum", "derived_id", "gdp-norland-2011"),
        "it must be a slug that no figure, constant or comparator has",
    ),
    (
        "a source that is not named",
        "comparators.csv",
        cell(2, "source", " "),
        "it must be where the value was published",
    ),
    (
        "a licence that is not said",
        "comparators.csv",
        cell(2, "licence", ""),
        "it must be what may be done with the value",
    ),
    (
        "an address with a bracket",
        "comparators.csv",
        cell(2, "url", "https://x.org/a) b"),
        "it must be a web address without a name or password of yours, or nothing",
    ),
    (
        "a slug with capitals",
        "comparators.csv",
        cell(2, "comparator_id", "GDP"),
        "it must be a slug of lower-case letters",
    ),
    # -- names that would leave their folder ---------------------------------------------------------------
    *[
        (
            f"the id {value!r}",
            "articles.csv",
            cell(2, "article", value),
            "it must be a slug of lower-case letters, digits and hyphens",
        )
        for value in ("../x", "/etc/passwd", "a/b", "con", "two words", "..", "C:", "x" * 101)
    ],
    *[
        (
            f"the entity {value!r}",
            "entities.csv",
            cell("lanmouth", "entity", value),
            "it must be a key of lower-case letters, digits, - and _",
        )
        for value in ("../x", "a/b", "nul", "-")
    ],
    (
        "a figure named by a path",
        SHEET,
        cell(LANMOUTH, "figure_id", "../../x"),
        "it must be a slug of lower-case letters",
    ),
    (
        "a derived id of markup",
        "derivations.csv",
        cell(2, "derived_id", "<script>"),
        "it must be a slug of lower-case letters",
    ),
    (
        "an address that runs",
        "comparators.csv",
        cell(2, "url", "javascript:alert(1)"),
        "it must be a web address without a name or password of yours, or nothing",
    ),
]


@pytest.mark.parametrize(
    ("file", "spoil", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_wrong_is_said_with_its_place_and_no_number_comes_out(bare, file, spoil, words):
    line, column = spoil(bare / file)
    began = time.process_time()
    with pytest.raises(BadInput) as caught:
        made(bare)
    assert time.process_time() - began < 10
    found = caught.value.faults
    line = line or lines_of(bare / file)
    here = [fault for fault in found if (fault.file, fault.line, fault.column) == (bare / file, line, column)]
    assert any(words in str(fault) for fault in here), str(caught.value)
    assert len(found) <= 3  # one cause is not said often
    assert all(len(str(fault)) < 1200 and VERB.search(fault.advice) for fault in found)


TEXT = "In 2021 the output was\n\n416.9 billion “yuan”, 赣州.\n"


@pytest.fixture
def text(small):
    """The file of a text of our own, and the record of it."""
    file = small / "articles" / f"{OTHER}.txt"
    file.write_bytes(TEXT.encode())
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    for column, value in {"sha256": digest, "characters": str(len(TEXT)), "paragraphs": "2"}.items():
        cell(OTHER, column, value)(small / "articles.csv")
    articles = read_table(small, schema.ARTICLES, {})
    record = articles[articles.article == OTHER].iloc[0]
    assert read_text(small, record) == TEXT
    return file, record


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (TEXT.encode("utf-16"), 1, "seems to be UTF-16, little end first: save it as UTF-8 text"),
        (TEXT.encode("utf-16-be"), 1, "seems to be UTF-16, big end first"),
        (TEXT.encode("gb18030"), 3, "byte 0xA1 at"),
        (TEXT.replace("赣州", "").encode("cp1252"), 3, "byte 0x93 at"),
        (TEXT.replace("\n", "\r\n").encode(), 1, "this one differs by its line ends alone"),
        (TEXT.encode("utf-8-sig"), 1, "differs by a byte order mark at its beginning alone"),
        (TEXT.rstrip().encode(), 1, "differs by a line end at its end alone"),
        (b"", 1, "the version of"),
        (TEXT.replace("416.9", "461.9").encode(), 1, "the version of"),
    ],
)
def test_a_text_that_is_not_the_recorded_one_is_refused(small, text, content, line, words):
    file, record = text
    file.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_text(small, record)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == (file, line) and words in str(fault)


@pytest.mark.parametrize(("column", "value"), [("characters", "54"), ("paragraphs", "3")])
def test_a_record_that_counts_otherwise_is_refused(small, text, column, value):
    _, record = text
    with pytest.raises(BadInput) as caught:
        read_text(small, record.replace(record[column], int(value)))
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.column) == (small / "articles.csv", 3, column)
    assert fault.advice == f"it must be {record[column]}, as in the text"


@pytest.mark.parametrize("what", [Path.mkdir, lambda file: file.symlink_to(file.parent / "gone")])
def test_a_text_that_is_no_file_is_refused(small, what):
    file = small / "articles" / f"{OTHER}.txt"
    file.unlink()
    what(file)
    with pytest.raises(BadInput, match="it must be a file"):
        corpus.load(small)


def test_positions_of_another_version_are_said_once_where_the_text_is_at_hand(small):
    rows(
        lambda found: [
            found[0],
            *([*r[:2], str(int(r[2]) + 3), str(int(r[3]) + 3), *r[4:]] for r in found[1:]),
        ],
        2,
        "",
    )(small / SHEET)
    with pytest.raises(BadInput) as caught:
        corpus.load(small)
    (fault,) = caught.value.faults
    assert fault.line == 2 and "another version of the text; so in" in fault.advice


def test_a_file_that_may_not_be_read_is_a_fault(small, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(BadInput, match="file is 'Permission denied'; it must be a file that can be read"):
        read_key_table(small, schema.UNITS)


@pytest.mark.parametrize("change", [
    octets(lambda c: b"\xef\xbb\xbf" + c, 0, ""),
    octets(lambda c: c.replace(b"\n", b"\r\n"), 0, ""),
    octets(lambda c: c.replace(b"\n", b"\r"), 0, ""),
    octets(lambda c: c.replace(b"\n", b"\r\n", 20), 0, ""),
    octets(lambda c: c.rstrip(b"\n"), 0, ""),
    octets(lambda c: c + b"\n\n", 0, ""),
    rows(lambda found: [[*row, "", ""] for row in found], 0, ""),
    rows(lambda found: [*found, [""] * len(found[0]), [""] * len(found[0])], 0, ""),
], ids=["mark", "CR LF", "CR", "mixed", "no end", "blank lines", "empty columns", "empty rows"])  # fmt: skip
@pytest.mark.parametrize("file", [SHEET, "comparators.csv", "units.csv"])
def test_what_editors_leave_and_loses_nothing_is_accepted(bare, small_corpus, file, change):
    columns = next(csv.reader(open(bare / file, encoding="utf-8")))
    before = read_cells(bare / file, columns)
    change(bare / file)
    assert read_cells(bare / file, columns).equals(before)

    found = corpus.load(bare)
    for name in ("sheets", "comparators", "units"):  # lines are counted as the file has them, without a gap
        assert getattr(found, name).equals(getattr(small_corpus, name))


def test_a_token_of_more_digits_than_are_computed_with_is_refused(small_corpus):
    printed = corrected_figures(small_corpus)
    printed.loc[LANMOUTH, "token"] = "1.00000000000000001"
    with pytest.raises(BadInput, match="token is '1.00000000000000001'; it must be .*15 significant digits"):
        valued(printed, small_corpus)


def test_the_minus_of_a_formula_is_not_taken_for_a_slip(bare):
    file = bare / "derivations.csv"
    cell("lanmouth-share-of-three", "measure", "fenby-gdp-2021 − sandwick-gdp-2021")(file)
    with pytest.raises(BadInput, match="is in yuan, not in a plain number") as caught:
        made(bare)
    assert "dash" not in str(caught.value)
    cell("lanmouth-share-of-three", "measure", "fenby-gdp-2021 – sandwick-gdp-2021")(file)  # an en dash
    with pytest.raises(BadInput, match="a dash that is no hyphen, U\\+2013"):
        made(bare)


@pytest.mark.parametrize("scale", ["", "wan", "trillion"])
def test_no_interval_is_rounded_unsaid(scale):
    value, low, high = interval(Print("1.23456789012345", scale, "money", "exact", "outcome"))
    assert step("1.23456789012345") == Decimal("1E-14")
    assert (low + high) / 2 == value and high - low == Decimal("1E-14") * SCALES[scale]


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    """Raw tables that are spoilt and mended again and again."""
    folder = tmp_path_factory.mktemp("damaged") / "small"
    return Path(shutil.copytree(SMALL, folder, ignore=shutil.ignore_patterns("articles")))


def outcome(folder: Path):
    """What comes of a folder: its faults, each on a line that its file has, or all that is made of it."""
    try:
        return made(folder)
    except BadInput as bad:
        assert bad.faults
        for fault in bad.faults:
            assert 1 <= fault.line <= (lines_of(fault.file) if fault.file.is_file() else 1), fault
            assert VERB.search(fault.advice) and len(str(fault)) < 1200, fault
        return bad.faults


ODD = st.sampled_from(
    [
        "",
        " ",
        "=1+1",
        "@SUM(A1)",
        "<script>",
        "#REF!",
        "0",
        "-0",
        "1e5",
        "2021/",
        "/..",
        "a" * 200,
        "½",
        "\ud7ff",
        "{{x}}",
    ]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(TABLES), st.integers(0, 10**6), st.integers(0, 20), st.text(max_size=30) | ODD)
def test_whatever_a_cell_holds_all_is_valid_or_said(damaged, file, row, column, value):
    kept = (damaged / file).read_bytes()
    found = list(csv.reader(io.StringIO(kept.decode(), newline="")))
    row, column = row % len(found), column % len(found[0])
    found[row][column] = value.encode("utf-8", "replace").decode()
    (damaged / file).write_text("".join(map(_csv, found)), encoding="utf-8", newline="")
    try:
        outcome(damaged)
    finally:
        (damaged / file).write_bytes(kept)


# -- text that would run -----------------------------------------------------------------------------

LURES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "[a](javascript:alert(1))",
]


class _Page(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, page: str):
        super().__init__()
        self.tags = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))


def page_of(folder: Path) -> str:
    """A small report of all that tables put into words: names, sources, notes, claims, a plot."""
    import nbformat

    from helpers.reporting import pages, plots, prose

    found = made(folder)
    report = prose.Report(
        found.corpus,
        figures=found.figures,
        derived=found.derived,
        checks=found.checks,
        coverage=found.coverage,
    )
    shown = [
        report.quantities([LANMOUTH, "lanmouth-gdp-2011-implied"], "Quantities"),
        report.sources(["gdp-lanmouth-2021", "gdp-lanmouth-2011-revised"], "Sources"),
        report.verdicts(["bridges-add-up"], "Checks"),
        report.evidence(),
    ]
    plots.theme()
    data = pd.DataFrame({"name": [*report.known.entities.name, *report.known.comparators.source]})
    frame = data.assign(label=data.name, value=1.0)
    words = {"caption": "A caption", "alt": "A line"}
    bundle, meta = plots.show(plots.bars_plot, frame, "x", data=data, **words)._repr_mimebundle_()
    outputs = [nbformat.v4.new_output("display_data", {"text/markdown": part.text}) for part in shown]
    outputs.append(nbformat.v4.new_output("display_data", bundle, metadata=meta))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A report")])
    for output in outputs:
        notebook.cells.append(nbformat.v4.new_code_cell("show()", outputs=[output], execution_count=1))
    return pages.to_html(notebook)


@pytest.mark.slow
def test_text_that_would_run_is_shown_as_text_and_downloads_are_neutralised(bare):
    harmless = _Page(page_of(bare)).tags
    lure = " ".join(LURES)
    for number, (file, key, column) in enumerate(
        [
            ("entities.csv", "lanmouth", "name"),
            ("entities.csv", "lanmouth", "note"),
            ("indicators.csv", "gdp", "name"),
            ("articles.csv", ARTICLE, "outlet"),
            ("articles.csv", ARTICLE, "title"),
            (SHEET, LANMOUTH, "note"),
            ("comparators.csv", "gdp-lanmouth-2021", "source"),
            ("comparators.csv", "gdp-lanmouth-2011-revised", "vintage"),
            ("comparators.csv", "gdp-lanmouth-2011-revised", "licence"),
            ("comparators.csv", "gdp-lanmouth-2011-revised", "note"),
            ("derivations.csv", "lanmouth-gdp-2011-implied", "reading"),
            ("derivations.csv", "lanmouth-gdp-2011-implied", "note"),
            ("claims.csv", "bridges-add-up", "claim"),
            ("claims.csv", "bridges-add-up", "note"),
            ("units.csv", "yuan", "plural"),
        ]
    ):
        cell(key, column, LURES[(number + 2) % len(LURES)] + lure)(bare / file)
    page = page_of(bare)
    found = _Page(page).tags
    for tag in ("script", "img", "iframe", "object", "form"):
        assert [name for name, _ in found].count(tag) == [name for name, _ in harmless].count(tag)
    for tag, attributes in found:
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        assert not (attributes.get("href") or "").lower().startswith("javascript:")
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 10 and "=1+1" in page
    (address,) = [
        a["href"] for tag, a in found if tag == "a" and (a.get("href") or "").startswith("data:text/csv")
    ]
    cells = list(csv.reader(io.StringIO(base64.b64decode(address.partition(",")[2]).decode())))
    assert not any(row[0].startswith(("=", "+", "-", "@", "\t", "\r")) for row in cells)
    assert sum(row[0].startswith(("'=", "'+", "'@")) for row in cells) == 2


# -- random damage ------------------------------------------------------------------------------------------


def hurt(content: bytes, dice: random.Random) -> tuple[str, bytes]:
    """One random change of a table, and what it is."""
    kind = dice.choice(
        [
            "flip",
            "flip",
            "delete",
            "insert",
            "digit",
            "double",
            "drop",
            "exchange rows",
            "swap columns",
            "cut",
            "cells",
        ]
    )
    place = dice.randrange(len(content))
    lines = content.splitlines(keepends=True)
    one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
    if kind == "flip":
        return kind, content[:place] + bytes([content[place] ^ 1 << dice.randrange(8)]) + content[place + 1 :]
    if kind == "delete":
        return kind, content[:place] + content[place + dice.choice([1, 1, 2, 9]) :]
    if kind == "insert":
        return kind, content[:place] + bytes(
            dice.randrange(256) for _ in range(dice.choice([1, 1, 3]))
        ) + content[place:]
    if kind == "digit":
        places = [n for n, byte in enumerate(content) if 48 <= byte <= 57]
        place = dice.choice(places or [place])
        return kind, content[:place] + str(dice.randrange(10)).encode() + content[place + 1 :]
    if kind == "double":
        return kind, b"".join([*lines[: two + 1], lines[one], *lines[two + 1 :]])
    if kind == "drop":
        return kind, b"".join(lines[:one] + lines[one + 1 :])
    if kind == "cut":
        return kind, content[:place]
    if kind == "exchange rows":
        lines[one], lines[two] = lines[two], lines[one]
        return kind, b"".join(lines)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    left, right = dice.randrange(len(rows[0])), dice.randrange(len(rows[0]))
    for row in rows[dice.choice([0, 1]) :] if kind == "swap columns" else [rows[one % len(rows)]]:
        row[left], row[right] = row[right], row[left]
    return kind, "".join(map(_csv, rows)).encode()


def digits_of(sheets: pd.DataFrame) -> set:
    """Every digit of the sheets with its place."""
    return {
        (row.article, row.start + k, c)
        for row in sheets.itertuples()
        for k, c in enumerate(row.token)
        if c.isdecimal()
    }


@pytest.mark.slow
def test_damage_is_said_or_changes_no_number_that_it_should_not(damaged, small_results):
    """`FUZZ` rounds of random damage to the raw tables, the same in each run."""
    rounds = int(os.environ.get("FUZZ", "80"))
    seen = dict.fromkeys(["refused", "accepted", "the same"], 0)
    for number in range(rounds):
        dice = random.Random(number)
        file = dice.choice(TABLES)
        kept = (damaged / file).read_bytes()
        kind, content = hurt(kept, dice)
        if content == kept:
            seen["the same"] += 1
            continue
        (damaged / file).write_bytes(content)
        try:
            found = outcome(damaged)
            seen["refused" if isinstance(found, list) else "accepted"] += 1
            if not isinstance(found, list):
                _still_sound(file, damaged, found, small_results)
        except Exception as error:
            raise AssertionError(f"round {number}, {kind} of {file}: {error!r}") from error
        finally:
            (damaged / file).write_bytes(kept)
    print(f"{rounds} rounds of damage: {seen}")
    assert seen["refused"] > rounds / 3


def _still_sound(file: str, folder: Path, found, before) -> None:
    """That damage which was accepted moved no printed digit, and no value but by a cell that decides it."""
    if file in ("comparators.csv", "constants.csv"):
        plain = list(csv.DictReader(open(folder / file, newline="", encoding="utf-8-sig")))
        table = getattr(found.corpus, Path(file).stem)
        assert list(table.value) == [float(row["value"]) for row in plain if any(row.values())]
    if file.startswith("second_transcription/") or file == "fingerprints.csv":
        assert found.checks.equals(before.checks)
    assert digits_of(found.corpus.sheets) == digits_of(before.corpus.sheets)
    was, now = corrected_figures(before.corpus), corrected_figures(found.corpus)
    values = before.figures.set_index("figure_id")[["value", "low", "high"]]
    moved = found.figures.set_index("figure_id")[["value", "low", "high"]]
    decisive = ["token", "scale", "unit", "qualifier", "status", "corrected", "as_printed"]
    for name in moved.index.intersection(values.index):
        if tuple(moved.loc[name]) != tuple(values.loc[name]):
            same = all(now.at[name, column] == was.at[name, column] for column in decisive)
            assert not same or file == "units.csv", name
