"""What a table is: columns with their meaning and rule, and how its cells are validated and typed.

The tables themselves stand in `schema`. pandera validates: a column here becomes a `pandera.Column` whose
check carries, as its error, the sentence that a reader of the fault gets. Its coercion is not used, as it
would take "1e5" or " 5" for numbers; text is tested first and typed afterwards.
"""

import dataclasses
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from .faults import BadInput, Fault, near

Keys = Mapping[
    str, Iterable[str] | None
]  # the keys of each key table; None where that table has faults itself


@dataclass(frozen=True)
class Rule:
    """What a cell may hold: words that complete "it must be …", the test, and the words of a closed list."""

    expected: str
    test: Callable[[str], object]
    words: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What a message says of a cell that does not fit."""
        return f"it must be {self.expected}"

    def advice(self, value: str) -> str:
        """The same for a cell that holds `value`: with the words of the list that are spelt much like it."""
        return near(value, self.words, self.sentence, 0.6)


@dataclass(frozen=True)
class Key:
    """A cell that names a row of another table."""

    table: str
    optional: bool = False

    def rule(self, keys: Keys) -> Rule:
        """The rule for the keys that there are; anything goes where that table itself has faults."""
        known = keys.get(self.table)
        if known is None:
            return ANYTHING
        words = ("", *known) if self.optional else tuple(known)
        return among(words, f"{self.table}.csv" + (", or nothing" if self.optional else ""))


def among(words: Iterable[str], where: str = "") -> Rule:
    """One of a closed list; a long one is named by `where` it stands."""
    words = tuple(words)
    if where and not any(words):
        return Rule(f"one of those in {where}, which has none", frozenset(words).__contains__, words)
    shown = ", ".join(word or "empty" for word in words[:12]) + (", …" if len(words) > 12 else "")
    expected = f"one of those in {where}" if where and len(words) > 12 else f"one of: {shown}"
    return Rule(expected, frozenset(words).__contains__, words)


def optional(rule: Rule) -> Rule:
    """The same rule for a cell that may be empty."""
    return Rule(f"{rule.expected}, or nothing", lambda cell: not cell or rule.test(cell), rule.words)


ANYTHING = Rule("text", lambda cell: True)


def _check(rule: Rule) -> pa.Check | None:
    """The rule as pandera wants it.

    pandera misreads what a pattern returns, a match or None: hence bool.
    """
    if rule is ANYTHING:
        return None
    return pa.Check(lambda cell: bool(rule.test(cell)), element_wise=True, error=rule.sentence)


@dataclass(frozen=True)
class Column:
    """A column of a table. `dtype` is what its cells become: `str`, `int64` or `float64`."""

    name: str
    meaning: str
    rule: Rule | Key = ANYTHING
    example: str = ""
    dtype: str = "str"
    unique: bool = False


@dataclass(frozen=True)
class Table:
    """A table: the name of its file below data/, one sentence on its rows, and its columns in order."""

    file: str
    rows: str
    fields: list[Column] = dataclasses.field(default_factory=list)

    @cached_property
    def columns(self) -> list[str]:
        """The names of its columns, in order."""
        return [field.name for field in self.fields]

    def field(self, name: str) -> Column:
        """The column of this name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def name(self) -> str:
        """The name of its file without folder and ending."""
        return Path(self.file).stem

    def rules(self, keys: Keys) -> dict[str, Rule]:
        """What each column may hold, with the keys that there are."""
        return {f.name: f.rule.rule(keys) if isinstance(f.rule, Key) else f.rule for f in self.fields}

    def validated(
        self, cells: pd.DataFrame, places: Callable[[int], tuple[Path, int]], keys: Keys
    ) -> pd.DataFrame:
        """`cells`, all text, with every column typed. Raises BadInput with every fault of the table.

        `places` gives file and line of a label of the index, which is unique. A column of which hardly a row
        of a file fits, as where two were exchanged, is one fault.
        """
        rules = self.rules(keys)
        columns = {  # no dtype: all cells are text, and asking takes a third of the time
            field.name: pa.Column(
                None,
                _check(rules[field.name]),
                unique=field.unique,
                report_duplicates="exclude_first",
                description=field.meaning,
            )
            for field in self.fields
            if field.unique or rules[field.name] is not ANYTHING  # pandera takes a millisecond for each
        }
        try:
            pa.DataFrameSchema(columns).validate(cells, lazy=True)
        except pa.errors.SchemaErrors as errors:
            raise BadInput(self._faults(errors.failure_cases, cells, places, rules)) from None
        return self.typed(cells)

    def _faults(self, cases: pd.DataFrame, cells: pd.DataFrame, places, rules) -> list[Fault]:
        found = []
        for case in cases.itertuples():
            name, value = str(case.column), str(case.failure_case)
            file, line = places(int(case.index))
            if case.check == "field_uniqueness":
                first = places(cells.index[cells[name] == value][0])[1]
                advice = f"it must be a value of its own in this file; it stands on line {first} already"
            else:
                advice = rules[name].advice(value)
            found.append(Fault(file, line, name, value, advice))
        sizes = Counter(places(label)[0] for label in cells.index)
        faults = []
        for (file, _), group in itertools.groupby(sorted(found, key=_place), lambda f: (f.file, f.column)):
            of_column = list(group)
            if len(of_column) - 1 > max(10, 0.8 * sizes[file]):
                advice = f"{of_column[0].advice}; so in {len(of_column)} of {sizes[file]} rows"
                of_column = [replace(of_column[0], advice=advice)]
            faults += of_column
        return faults

    def typed(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Cells that fit, as text, with numbers where they are numbers; an empty number is missing."""
        return cells.assign(
            **{f.name: _TYPES[f.dtype](cells[f.name]) for f in self.fields if f.dtype != "str"}
        )


_TYPES: dict[str, Callable[[pd.Series], pd.Series]] = {
    "int64": lambda cells: cells.astype("int64"),
    # not pandas' own parser, which may miss the nearest number by the last bit
    "float64": lambda cells: cells.map(lambda cell: float(cell) if cell else float("nan")).astype("float64"),
}


def _place(fault: Fault) -> tuple[str, str, int]:
    return str(fault.file), fault.column, fault.line
