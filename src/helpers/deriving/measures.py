"""The known measures, of `measures.csv`: formulas over named inputs, units of results and what they mean.

Names follow official statistics: a difference of shares is in percentage points, growth per year is the
compound annual growth rate. An input with `*` is a list, and two lists have equal length.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .formula_language import Formula, Names, parse


@dataclass(frozen=True)
class Measure:
    """A way to derive one quantity from others, whose ids are given in the order of `inputs`."""

    name: str
    inputs: tuple[str, ...]
    unit: str  # of the result: a key of units.csv, `same` as the first input, or empty where the row decides
    alike: bool  # whether all inputs must have one unit
    entities: str  # how the entity of the result follows from those of the inputs, and its period from
    periods: str  # theirs: words of `scopes`
    formula: str  # over the inputs, and over `years`, the number of years of the period
    meaning: str  # one sentence
    note: str

    @property
    def parsed(self) -> Formula:
        """The formula, ready to bind to ids."""
        return parse(self.formula)

    @property
    def needs_years(self) -> bool:
        """Whether the measure takes the number of years of the period."""
        return "years" in self.parsed.names

    @property
    def _single(self) -> list[str]:
        return [name for name in self.inputs if not name.startswith("*")]

    @property
    def _lists(self) -> list[str]:
        return [name[1:] for name in self.inputs if name.startswith("*")]

    @property
    def parameters(self) -> list[str]:
        """Names of the inputs for messages; one with `*` takes any number, `*a_then_b` as many a as b."""
        return self._single + [f"*{'_then_'.join(self._lists)}"] * bool(self._lists)

    def binding(self, ids: Sequence[str], years: int | None = None) -> Names:
        """What `Formula.bind` and `Formula.written` take, from the ids of the inputs and the years.

        Raises ValueError for a wrong number of ids and for missing years.
        """
        single, lists = self._single, self._lists
        rest = list(ids[len(single) :])
        if len(ids) < len(single) + bool(lists) or (rest and not lists):
            count = f"{'more than ' * bool(lists)}{len(single)}"
            raise ValueError(
                f"expected {count} for {self.name}({', '.join(self.parameters)}), not {len(ids)}"
            )
        size, left = divmod(len(rest), max(len(lists), 1))
        if left:
            wanted = f"as many {lists[1]} as {lists[0]} for {self.name}"
            raise ValueError(f"expected {wanted}, not {len(rest)} in all")
        if self.needs_years and not years:
            raise ValueError(f"{self.name} needs the number of years of an interval such as 2011/2021")
        parts = {name: rest[size * k : size * (k + 1)] for k, name in enumerate(lists)}
        fixed = {"years": years} if self.needs_years and years else {}
        return {**dict(zip(single, ids, strict=False)), **parts, **fixed}


_TABLE = Path(__file__).with_name("measures.csv").read_text(encoding="utf-8")
MEASURES = {
    row["name"]: Measure(**row | {"inputs": tuple(row["inputs"].split()), "alike": row["alike"] == "yes"})
    for row in csv.DictReader(_TABLE.splitlines())
}
