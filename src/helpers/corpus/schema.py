"""Every table of the project, raw and processed, from `schema.csv` beside this file.

A row there is a column of a table: its meaning, its rule, whether its values stand once, an example; a row
without a column says what the rows of the table are. A rule is a word that `_RULES` knows (`slug`, `period`,
`number`, …), `one of` a list of the vocabulary, `key of` a key table, `filled:` with what must be there, or
`as in` another table; `or nothing` allows an empty cell. From here tables are validated, typed and written,
and the codebooks get their lists of columns (`python -m helpers codebook`; a test holds them in step).
"""

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from .. import vocabulary
from ..numerals.values import number
from ..vocabulary import (
    ABSENT,
    CLASSES,
    DATE_EXPECTED,
    NO_ARTICLES,
    NUMBER_EXPECTED,
    PERIOD_EXPECTED,
    PROPOSED,
    WHOLE,
    is_article,
    is_date,
    is_number,
    is_period,
    is_slug,
)
from .symptoms import visible
from .tables import ANYTHING, Column, Key, Rule, Table, among, optional

NEEDED = ["outlet", "title", "date", "machine_translated"]  # what a record must say before its article counts
QUANTITIES = ["figure", "repeat"]  # the classes that have a meaning
FILLED = ["figure_id", "indicator", "entity", "unit", "qualifier", "status"]  # what each of them must have
MEANING = ["indicator", "entity", "period", "scale", "unit", "qualifier", "status"]
COMPARED = ["class", "value", "period", "qualifier", "status"]  # of two transcriptions; words are free
MACHINE_COMPARED = [
    "token",
    "class",
    "scale",
    "unit",
    "qualifier",
    "period",
    "status",
]  # of machine and sheet
SECOND_FOLDER, MACHINE_FOLDER = "second_transcription", "machine_transcription"
_LISTS: Mapping[str, Iterable[str]] = {
    "COMPARED": COMPARED,
    "MACHINE_COMPARED": MACHINE_COMPARED,
    "CORRECTABLE": ["token", *MEANING],
    "OTHERWISE": ["in tension", "contradicted", "not checkable"],
    "TRANSLATED": ["yes", "no", "presumably"],
    "YES": ["yes"],
    "YEARS_OF_VINTAGES": ["base", "last"],
    "VINTAGES": ["older", "newer"],
}
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RULES = {
    "text": ANYTHING,
    "slug": Rule("a slug of lower-case letters, digits and hyphens", is_slug),
    "id of an article": Rule(
        f"a slug of lower-case letters, digits and hyphens, but not {' or '.join(NO_ARTICLES)}",
        is_article,
    ),
    "key": Rule("a key of lower-case letters, digits, - and _", lambda cell: is_slug(cell.replace("_", "-"))),
    "whole": Rule("a whole number", WHOLE.fullmatch),
    "number": Rule(NUMBER_EXPECTED, is_number),
    "step": Rule("a decimal number, 0 for a plain count", lambda cell: is_number(cell) and cell[0] != "-"),
    "period": Rule(PERIOD_EXPECTED, is_period),
    "date": Rule(DATE_EXPECTED, is_date),
    "address": Rule(
        "a web address without a name or password of yours",
        re.compile(r"""https?://[^\s<>()"'\\/?#@]+\.[^\s<>()"'\\/?#@]{2,}([/?#][^\s<>()"'\\]*)?""").fullmatch,
    ),
    "language": Rule("the code of a language, such as en or zh-Hans", _LANGUAGE.fullmatch),
    "64 hexadecimal digits": Rule("64 hexadecimal digits", re.compile("[0-9a-f]{64}").fullmatch),
    "16 hexadecimal digits": Rule("16 hexadecimal digits", re.compile("[0-9a-f]{16}").fullmatch),
}
_TYPES = {"whole": "int64", "number": "float64", "number or nothing": "float64", "step": "float64"}


def _rule(words: str) -> Rule | Key:
    """The rule that a cell of schema.csv names."""
    if words.startswith("filled: "):
        return Rule(words.removeprefix("filled: "), visible)
    name, _, nothing = words.partition(" or nothing")
    empty = words != name
    if name.startswith("key of "):
        return Key(name.removeprefix("key of "), empty)
    if name.startswith("one of "):
        listed = name.removeprefix("one of ")
        items = _LISTS.get(listed) or getattr(vocabulary, listed)
        return among(["", *items] if empty else items)
    return optional(_RULES[name]) if empty else _RULES[name]


def _read_schema() -> dict[str, Table]:
    tables: dict[str, Table] = {}
    with open(Path(__file__).with_suffix(".csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        name, rule = row["table"], row["rule"]
        if not row["column"]:
            tables[name] = Table(name, row["meaning"])
        elif rule.startswith("as in "):
            tables[name].fields.append(tables[rule.removeprefix("as in ")].field(row["column"]))
        else:
            dtype, unique = _TYPES.get(rule, "str"), row["unique"] == "yes"
            column = Column(row["column"], row["meaning"], _rule(rule), row["example"], dtype, unique)
            tables[name].fields.append(column)
    return tables


TABLES = _read_schema()
RAW, PROCESSED = (
    [table for table in TABLES.values() if table.file.startswith(folder)] for folder in ("raw/", "processed/")
)
ARTICLES, ENTITIES, INDICATORS, UNITS = (
    TABLES[f"raw/{name}.csv"] for name in ("articles", "entities", "indicators", "units")
)
KEY_TABLES = {"entities": ENTITIES, "indicators": INDICATORS, "units": UNITS}
SHEET, SECOND, MACHINE = (
    TABLES[f"raw/{folder}/<article>.csv"] for folder in ("transcription", SECOND_FOLDER, MACHINE_FOLDER)
)
MACHINE_DIFFERENCES = TABLES["raw/machine_differences.csv"]
SETTLED, FINGERPRINTS = TABLES[f"raw/{SECOND_FOLDER}/settled.csv"], TABLES["raw/fingerprints.csv"]
DERIVATIONS, CLAIMS = TABLES["raw/derivations.csv"], TABLES["raw/claims.csv"]
CORRECTIONS, CONSTANTS, COMPARATORS = (
    TABLES[f"raw/{name}.csv"] for name in ("corrections", "constants", "comparators")
)
UNTESTED_FIGURES, RANKS_AND_LISTS, CALIBRATION = (
    TABLES[f"raw/{name}.csv"] for name in ("untested", "ranks_and_lists", "calibration")
)
HEADLINES, VINTAGES = TABLES["raw/headlines.csv"], TABLES["raw/vintages.csv"]
# the raw tables that are neither key tables nor about articles
BESIDE = [
    FINGERPRINTS,
    MACHINE_DIFFERENCES,
    CORRECTIONS,
    CONSTANTS,
    COMPARATORS,
    DERIVATIONS,
    CLAIMS,
    UNTESTED_FIGURES,
    HEADLINES,
    VINTAGES,
    RANKS_AND_LISTS,
    CALIBRATION,
]
ORDERS, CALIBRATIONS = TABLES["processed/ranks_and_lists.csv"], TABLES["processed/calibration.csv"]
(
    NUMERALS,
    FIGURES,
    DERIVED,
    CHECKS,
    CHECK_READINGS,
    COVERAGE,
    POWERS,
    SENSITIVITY,
    FLIPS,
    MUTANTS,
    STATISTICS,
) = (
    TABLES[f"processed/{name}.csv"]
    for name in (
        *(
            "numerals",
            "figures",
            "derived",
            "checks",
            "check_readings",
            "coverage",
            "power",
            "sensitivity",
            "flips",
            "mutants",
        ),
        "*_statistics",
    )
)
COMPARED_RULES = {  # what a cell that was settled may hold
    "class": among((*CLASSES, ABSENT)),
    "value": optional(_RULES["number"]),
    **{name: SHEET.rules({})[name] for name in ("period", "qualifier", "status")},
}


def _states_a_number(token: str) -> bool:
    try:
        return number(token).is_finite()
    except ValueError:
        return False


NUMERIC_TOKEN = Rule("a number", _states_a_number)  # what a token may be corrected to


def is_formula(measure: str) -> bool:
    """Whether the cell `measure` of a derivation holds a formula of its own: anything but a plain name."""
    return not re.fullmatch("[a-z0-9_]*", measure)


# The mark alone, or before a remark: what a person or a spreadsheet may make of it, but no sentence.
_MARK = re.compile(
    rf"[\s'’\"\ufeff]*{PROPOSED}(?:[.'’\"]?\s*|\s*[:;：；].*|\s+[-–—].*)", re.IGNORECASE | re.DOTALL
)


def is_proposal(note: str) -> bool:
    """Whether a row with this note is a proposal that nobody has confirmed.

    Its note is `proposed`, or begins with `proposed:` or `proposed;`, in whatever case. One that begins with
    the word in a sentence, as in `Proposed by the mayor`, is a remark of a person.
    """
    return bool(_MARK.fullmatch(note))
