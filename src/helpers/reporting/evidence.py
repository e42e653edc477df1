"""Every number that a report may show, by its id, with the evidence behind it."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..checking.claims import COLUMNS_OF_CHECKS, verdicts
from ..corpus.graph import closure, graph_of
from ..vocabulary import GRADES, SOURCES, VERDICTS
from .numbers import Quantity, escaped

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def _link(key: str) -> str:
    return f"[{key}](#evidence-{key})"


class Evidence:
    """Numbers and verdicts by id: how each is shown, and how it is explained.

    Takes the `corpus` of raw tables and those of the tables `figures`, `derived`, `checks` (as of
    `claims.check`), `coverage` and `statistics` that the report shows; one that is left out counts as
    empty. They become attributes, indexed by id, with `verdicts`, one row a claim, and `claims`, those of
    several readings. Raises ValueError for an id that stands in two tables.
    """

    def __init__(
        self,
        corpus: Any,
        figures: pd.DataFrame | None = None,
        derived: pd.DataFrame | None = None,
        checks: pd.DataFrame | None = None,
        coverage: pd.DataFrame | None = None,
        statistics: pd.DataFrame | None = None,
    ):
        def keyed(table: pd.DataFrame | None, key: str) -> pd.DataFrame:
            return (pd.DataFrame({key: []}, dtype="str") if table is None else table).set_index(key)

        checks = pd.DataFrame(columns=COLUMNS_OF_CHECKS, dtype="str") if checks is None else checks
        self.figures = keyed(figures, "figure_id")
        self.derived = keyed(derived, "derived_id")
        self.checks = keyed(checks, "check_id")
        self.verdicts = keyed(verdicts(checks), "claim_id")
        # others have the id of their check
        self.claims = self.verdicts[self.verdicts.checks.str.contains(" ")]
        self.coverage = keyed(coverage, "figure_id")
        self.statistics = keyed(statistics, "statistic_id")
        self.comparators = keyed(corpus.comparators, "comparator_id")
        self.constants = keyed(corpus.constants, "constant")
        self.articles = keyed(corpus.articles, "article")
        self.entities = keyed(corpus.entities, "entity")
        self.indicators = keyed(corpus.indicators, "indicator")
        self.units = keyed(corpus.units, "unit")
        kinds = {
            "claim": self.claims,
            "check": self.checks,
            "derived": self.derived,
            "figure": self.figures,
            "comparator": self.comparators,
            "constant": self.constants,
            "statistic": self.statistics,
        }
        self._order = list(kinds)
        self.rows = {str(key): (kind, row) for kind, table in kinds.items() for key, row in table.iterrows()}
        if len(self.rows) != sum(map(len, kinds.values())):
            every = pd.Series([key for table in kinds.values() for key in table.index])
            raise ValueError(f"an id must stand in one table only: {', '.join(every[every.duplicated()])}")
        self._graph = graph_of({key: self.inputs(key) for key in self.rows})

    def row(self, key: str) -> tuple[str, Any]:
        """Kind and row of an id. Raises KeyError that names the nearest ids."""
        if key not in self.rows:
            near = ", ".join(difflib.get_close_matches(key, self.rows, 3)) or "none"
            kinds = "figure, derived quantity, check, claim, comparator, constant or statistic"
            raise KeyError(f"{key} is no {kinds}; near to it: {near}")
        return self.rows[key]

    def interval(self, key: str) -> tuple[float, float]:
        """Low and high of a figure, derived quantity, comparator, constant or statistic, in base units."""
        _, row = self.row(key)
        return float(row.low), float(row.high)

    def entity(self, key: str) -> str:
        """Name of an entity with its Chinese name: `Ganzhou (赣州)`. Raises KeyError as `name` does."""
        if key not in self.entities.index:
            raise KeyError(self._no_key(key, self.entities.index))
        entity = self.entities.loc[key]
        chinese = f" ({entity.chinese})" if entity.chinese else ""
        return f"{entity['name']}{chinese}"

    def name(self, key: str) -> str:
        """Name of an entity or an indicator, or the outlet of an article, by its key.

        Raises KeyError for what is no such key, and ValueError for a key that stands in two of these tables.
        """
        columns = [self.entities["name"], self.indicators["name"], self.articles["outlet"]]
        found = [column[key] for column in columns if key in column.index]
        if len(found) > 1:
            raise ValueError(f"{key} is the key of two things that have names")
        if not found:
            raise KeyError(self._no_key(key, [known for column in columns for known in column.index]))
        return found[0]

    def _no_key(self, key: str, known: Iterable[str]) -> str:
        near = ", ".join(difflib.get_close_matches(key, known, 3)) or "none"
        return f"{key} is no key of something that has a name; near to it: {near}"

    def subject(self, row: Any) -> tuple[str, str]:
        """Names of the entity and of the indicator that a row is about."""
        return self.entities["name"][row.entity], self.indicators["name"][row.indicator]

    # -- how a number is shown: the methods named in `prose.FORMS` ---------------------------------

    def _quantity(self, key: str) -> Quantity:
        kind, row = self.row(key)
        unit = self.units.loc[row.unit] if row.unit in self.units.index else None  # kappa has none
        return Quantity(kind, row, unit)

    def value(self, key: str) -> str:
        """The value with its unit, as prose shows it; for a check, its verdict."""
        kind, row = self.row(key)
        return row.verdict if kind in ("check", "claim") else self._quantity(key).qualified()

    def number(self, key: str) -> str:
        """The value in base units, without scale word, unit or qualifier."""
        return self._quantity(key).bare()

    def range(self, key: str) -> str:
        """What the print allows, `10.23 to 10.65 % a year`, rounded outwards; `exactly …` if one value."""
        return self._quantity(key).allowed()

    def low(self, key: str) -> str:
        """The low end of the range, with its unit."""
        return self._quantity(key).end(0)

    def high(self, key: str) -> str:
        """The high end of the range, with its unit."""
        return self._quantity(key).end(1)

    def period(self, key: str) -> str:
        """The period in words: `2011 to 2021`, `since 2016`, `quarter 1 of 2022`."""
        words = re.sub(r"(\d{4})-Q(\d)", r"quarter \2 of \1", self.row(key)[1].period)
        first, _, last = words.partition("/")
        return f"since {first}" if last == ".." else f"{first} to {last}" if last else first

    # -- how a number is explained -----------------------------------------------------------------

    def inputs(self, key: str) -> list[str]:
        """Ids that an id is made of; none for what was printed, set or counted."""
        kind, row = self.row(key)
        made_of = row.checks if kind == "claim" else row.inputs if kind in ("derived", "check") else ""
        return list(dict.fromkeys(made_of.split()))

    def closure(self, keys: Iterable[str]) -> list[str]:
        """The ids and everything that they are made of: checks, derived quantities, then what was printed."""
        found = closure(self._graph, keys)
        return sorted(found, key=lambda key: self._order.index(self.row(key)[0]))

    def tooltip(self, key: str) -> str:
        """One line for whoever points at a number: where it was printed, or what it is made of."""
        kind, row = self.row(key)
        if kind == "figure":
            changed = "; read otherwise than printed" if row.corrected else ""
            outlet = self.articles.outlet[row.article]
            return f"{outlet}, paragraph {row.paragraph}, printed “{row.token}”{changed}"
        if kind == "derived":
            return f"Derived: {row.formula}; its inputs allow {self.range(key)}"
        if kind == "comparator":
            return f"Other source, grade {row.grade}: {row.source}"
        if kind == "constant":
            return f"Constant: {row.source}"
        return row.claim if kind in ("check", "claim") else f"Statistic: {row.formula}"

    def explanation(self, key: str) -> str:
        """The evidence of one id as Markdown, with links to what it is made of."""
        kind, row = self.row(key)
        parts = getattr(self, f"_explain_{kind}")(key, row)
        if kind != "check":  # the explanation of a check has its note
            parts.append(escaped(row.get("note", "")))
        return "; ".join(part for part in parts if part).rstrip(".") + "."

    def _what(self, key: str, row: Any, allow: str) -> list[str]:
        """What a quantity is, its value, and what its print or inputs `allow`."""
        when = f", {self.period(key)}" if row.period else ""
        subject = f"{escaped(self.entity(row.entity))}, {escaped(self.subject(row)[1])}{when}"
        return [f"{subject}: **{escaped(self.value(key))}**", f"{allow} {escaped(self.range(key))}"]

    def _linked(self, text: str) -> str:
        """Text of a table as Markdown in which every id is a link to its evidence."""
        return _ID.sub(lambda match: _link(match[0]) if match[0] in self.rows else match[0], escaped(text))

    def _explain_figure(self, key: str, row: Any) -> list[str]:
        where = f"{escaped(self.articles.outlet[row.article])}, paragraph {row.paragraph}"
        return [
            *self._what(key, row, "the print allows"),
            f"printed “{escaped(row.token)}” in {where}, characters {row.start} to {row.end}",
            row.status,
            f"read otherwise than printed ({escaped(row.corrected)})" if row.corrected else "",
            self._printed_again(row.also_printed),
            self._tests_of(key),
        ]

    def _printed_again(self, places: str) -> str:
        """Where the quantity of a figure is printed besides."""
        found = [place.split(" ") for place in places.split("; ") if place]
        said = [f"{self.articles.outlet[article]}, numeral {numeral}" for article, numeral in found]
        return escaped(f"printed again in {'; '.join(said)}") if said else ""

    def _tests_of(self, key: str) -> str:
        """How a figure is tested, by which claims, or why it is not."""
        if key not in self.coverage.index:
            return ""
        found = self.coverage.loc[key]
        if found.why_not:
            return escaped(f"not tested: {found.why_not}")
        claims = dict.fromkeys(self.checks.claim_id[name] for name in found.checks.split())
        said = "; ".join(f"{name} ({self.verdicts.verdict[name]})" for name in claims)
        return escaped(f"tested {found.tested}: {said}")

    def _explain_derived(self, key: str, row: Any) -> list[str]:
        return [
            *self._what(key, row, "its inputs allow"),
            f"{row.measure.replace('_', ' ')} = {self._linked(row.formula)}",
            f"reading: {escaped(row.reading)}" if row.reading else "",
        ]

    def _explain_comparator(self, key: str, row: Any) -> list[str]:
        return [
            *self._what(key, row, "its digits allow"),
            f"{escaped(row.price_basis)} prices" if row.price_basis else "",
            escaped(row.vintage),
            escaped(row.source),
            f"[{escaped(row.url)}]({escaped(row.url)})" if row.url else "",
            f"licence: {escaped(row.licence)}",
            f"grade {row.grade}, {GRADES[row.grade]}",
        ]

    def _explain_constant(self, key: str, row: Any) -> list[str]:
        return [f"Constant of no article: **{escaped(self.value(key))}**", escaped(row.source)]

    def _explain_statistic(self, key: str, row: Any) -> list[str]:
        ends = f", {escaped(self.range(key))}" if row.low != row.high else ""
        return [f"{escaped(row.statistic)}: **{escaped(self.value(key))}**{ends}", escaped(row.formula)]

    def _explain_check(self, key: str, row: Any) -> list[str]:
        return [
            f"{escaped(row.claim)}: **{row.verdict}** ({VERDICTS[row.verdict]})",
            self._linked(row.explanation).rstrip("."),
            f"weakest source: grade {row.grade}, {GRADES[row.grade]}" if row.grade else "",
            f"compared with {SOURCES[row.source]}" if row.source else "",
        ]

    def _explain_claim(self, key: str, row: Any) -> list[str]:
        ways = {"stands": row.stands, "fails": row.fails, "cannot be checked": row.open}
        return [
            f"{escaped(row.claim)}: **{row.verdict}** ({VERDICTS[row.verdict]})",
            *(f"it {how} when read as: {escaped(which)}" for how, which in ways.items() if which),
            "readings tested: " + ", ".join(map(_link, self.inputs(key))),
        ]
