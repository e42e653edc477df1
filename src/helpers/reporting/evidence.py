"""Every number that a report may show, by its id, with the evidence behind it."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..checking.claims import COLUMNS_OF_CHECKS, verdicts
from ..corpus.graph import closure, graph_of
from ..vocabulary import GRADES, SOURCES, VERDICTS
from .numbers import Quantity

_WAYS = {"stands": "it stands", "fails": "it fails", "open": "it cannot be checked"}


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

    def full(self, key: str) -> str:
        """The value with its unit and all digits that are known, for its card; for a check, its verdict."""
        kind, row = self.row(key)
        return row.verdict if kind in ("check", "claim") else self._quantity(key).full()

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

    def fact(self, key: str) -> dict[str, Any]:
        """The evidence of an id as data for JSON; what it has nothing of is left out.

        All have `kind`, `name` and `value`; quantities `range` (unless the value says it), `bounds` (value,
        low, high in base units) and `unit`. Besides, by kind: article, outlet, paragraph, start, end, token,
        again (where it is printed besides), status, corrected, tested (how, or why not); inputs, formula,
        measure, reading; source, url, licence, grade, basis; explanation and both intervals of a check,
        `observed` and `expected`; how a claim stands, fails or is open; note. Text is plain. Raises KeyError.
        """
        kind, row = self.row(key)
        found: dict[str, Any] = {"kind": kind, "name": self._title(kind, row), "value": self.value(key)}
        if kind not in ("check", "claim"):
            allowed = self.range(key)
            found["range"] = "" if allowed == found["value"] else allowed
            found["bounds"] = [float(row[name]) for name in ("value", "low", "high")]
            found["unit"] = row.unit
        found |= getattr(self, f"_{kind}_fact")(key, row)
        found |= {"inputs": self.inputs(key), "note": row.get("note", "")}
        return {name: value for name, value in found.items() if value not in ("", [], None)}

    def facts(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The facts of ids and of all that they are made of, by id, in the order of `closure`."""
        return {key: self.fact(key) for key in self.closure(keys)}

    def _title(self, kind: str, row: Any) -> str:
        """What an id is called: its claim, its statistic, or whose quantity of when it is."""
        if kind in ("check", "claim"):
            return f"{row.claim}: {row.reading}" if row.get("reading", "") else row.claim
        if kind == "statistic":
            return row.statistic
        if kind == "constant":
            return str(row.name).replace("-", " ")
        measure = row.measure.replace("_", " ") if kind == "derived" else ""
        parts = [self.entity(row.entity), self.subject(row)[1], self.period(str(row.name)), measure]
        return ", ".join(part for part in parts if part)

    def _figure_fact(self, key: str, row: Any) -> dict[str, Any]:
        places = [place.split(" ") for place in row.also_printed.split("; ") if place]
        return {
            **{name: row[name] for name in ("article", "token", "status", "corrected")},
            **{name: int(row[name]) for name in ("paragraph", "start", "end")},
            "outlet": self.articles.outlet[row.article],
            "again": [f"{self.articles.outlet[article]}, numeral {numeral}" for article, numeral in places],
            "tested": self._tests_of(key),
        }

    def _tests_of(self, key: str) -> str:
        """How a figure is tested, by which claims, or why it is not."""
        if key not in self.coverage.index:
            return ""
        found = self.coverage.loc[key]
        if found.why_not:
            return f"not tested: {found.why_not}"
        claims = dict.fromkeys(self.checks.claim_id[name] for name in found.checks.split())
        said = "; ".join(f"{name} ({self.verdicts.verdict[name]})" for name in claims)
        return f"tested {found.tested}: {said}"

    def _derived_fact(self, key: str, row: Any) -> dict[str, Any]:
        return {name: row[name] for name in ("measure", "formula", "reading")}

    def _comparator_fact(self, key: str, row: Any) -> dict[str, Any]:
        basis = [f"{row.price_basis} prices" if row.price_basis else "", row.vintage]
        return {"basis": ", ".join(part for part in basis if part)} | {
            name: row[name] for name in ("source", "url", "licence", "grade")
        }

    def _constant_fact(self, key: str, row: Any) -> dict[str, Any]:
        return {"source": row.source}

    def _statistic_fact(self, key: str, row: Any) -> dict[str, Any]:
        return {"formula": row.formula}

    def _check_fact(self, key: str, row: Any) -> dict[str, Any]:
        def ends(side: str) -> list[float | None]:
            found = [row[f"{side}_{end}"] for end in ("low", "high")]
            return [] if all(map(pd.isna, found)) else [None if pd.isna(one) else float(one) for one in found]

        return {
            **{name: row[name] for name in ("explanation", "grade")},
            "source": SOURCES.get(row.source, ""),
            "observed": ends("observed"),
            "expected": ends("expected"),
        }

    def _claim_fact(self, key: str, row: Any) -> dict[str, Any]:
        return {name: row[name] for name in ("stands", "fails", "open")}


def described(fact: Mapping[str, Any]) -> str:
    """A fact of `Evidence.fact` in one paragraph of plain text."""
    say, kind, value = fact.get, fact["kind"], fact["value"]
    allow = {"figure": "the print allows", "comparator": "its digits allow"}.get(kind, "its inputs allow")
    parts = [
        f"{fact['name']}: {value} ({VERDICTS[value]})" if value in VERDICTS else f"{fact['name']}: {value}",
        f"{allow} {fact['range']}" if "range" in fact else "",
    ]
    if fact["kind"] == "figure":
        where = f"{fact['outlet']}, paragraph {fact['paragraph']}"
        parts.append(f"printed “{fact['token']}” in {where}, characters {fact['start']} to {fact['end']}")
        parts += [f"printed again in {place}" for place in say("again", ())]
    formula, source, grade = say("formula", ""), say("source", ""), say("grade", "")
    weakest, compared = ("weakest source: ", "compared with ") if kind == "check" else ("", "")
    parts += [
        say("status", ""),
        f"read otherwise than printed ({fact['corrected']})" if "corrected" in fact else "",
        say("tested", ""),
        f"{fact['measure'].replace('_', ' ')} = {formula}" if "measure" in fact else formula,
        f"reading: {fact['reading']}" if "reading" in fact else "",
        say("explanation", "").rstrip("."),
        *(f"{how} when read as: {fact[name]}" for name, how in _WAYS.items() if name in fact),
        say("basis", ""),
        f"{compared}{source}" if source else "",
        say("url", ""),
        f"licence: {fact['licence']}" if "licence" in fact else "",
        f"{weakest}grade {grade}, {GRADES[grade]}" if grade else "",
        "" if "explanation" in fact else say("note", ""),  # that of a check has its note
    ]
    return "; ".join(part for part in parts if part).rstrip(".") + "."
