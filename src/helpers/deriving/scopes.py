"""Who and when a derived quantity is about: how its entity and its period follow from those of its inputs.

`measures.csv` says both for each measure. Its column `entities` has one of:

- `one`: all inputs are about one entity, and so is the result.
- `first`: the result is about the entity of the first input; the others may be about others.
- `group`: as `one`, or the inputs are about the members of the entity of the result, each of them.

A formula of its own is about the entity of one of its inputs, or a group of which they are the members, and
about a time among theirs.

Its column `periods` has the part of the result in a span of time, a colon, and the part of each input:

- `whole`: all of the span; `start`, `end`: its first or its last part, as of a level.
- `before`: the like time of the year before the span begins; `since_before`: from there to its end.
- `each`: one year of the span after the other; `after`: the same, but for the first.
- `parts`: times that make up the span, as all of its years do, or each of them all of it.
- `within`: a time in the span.
- `any`: no time of its own, such as a number of years.

Constants have neither entity nor period. A period that an article does not give fits everywhere; but where no
input has one, the result has none.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.schema import is_formula
from ..corpus.symptoms import visible
from .measures import MEASURES, Measure

_OPEN = "9999"  # the end of a time that has none


class Scope(NamedTuple):
    """Whom, what time and what a quantity is about; empty where that is not known."""

    entity: str
    period: str
    indicator: str = ""


class Span(NamedTuple):
    """A span of time by its first and its last part, as ISO 8601: `2011` and `2021`, twice `2021-Q1`."""

    start: str
    end: str

    def __str__(self) -> str:
        end = self.end.replace(_OPEN, "..")
        return self.start if self.start == end else f"{self.start}/{end}"

    @property
    def years(self) -> list[str]:
        """The years from the first to the last; none for a span of other parts."""
        if not (re.fullmatch("[0-9]{4}", self.start) and re.fullmatch("[0-9]{4}", self.end)):
            return []
        return [str(year) for year in range(int(self.start), int(self.end) + 1)]


def _span(period: str) -> Span:
    first, _, last = period.partition("/")
    return Span(first, last.replace("..", _OPEN) or first)


def _year_before(date: str) -> str:
    return f"{int(date[:4]) - 1:04d}{date[4:]}"


def _hull(periods: Sequence[str]) -> Span:
    spans = [_span(period) for period in periods]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


# What a part of a span is, for those that are one time.
_PARTS: dict[str, Callable[[Span], str]] = {
    "whole": str,
    "start": lambda span: span.start,
    "end": lambda span: span.end,
    "before": lambda span: _year_before(span.start),
    "since_before": lambda span: f"{_year_before(span.start)}/{span.end}",
}

_SAID = {
    "start": "the start of ",
    "end": "the end of ",
    "each": "each year of ",
    "after": "each later year of ",
}


def _frame(parts: Sequence[tuple[str, str]]) -> Span | None:
    """The span that the parts of the inputs make, each a word and a period; None where they do not say."""
    of: dict[str, list[str]] = {}
    for part, period in parts:
        if period:
            of.setdefault(part, []).append(period)
    if "whole" in of:
        return _span(of["whole"][0])
    if "start" in of and "end" in of:
        return Span(_span(of["start"][0]).start, _span(of["end"][0]).end)
    if "after" in of:
        first, last = _hull(of["after"])
        return Span(_year_before(first), last)
    together = of.get("each", []) + of.get("parts", [])
    return _hull(together) if together else None


def _fits(part: str, period: str, span: Span) -> bool:
    """Whether the period of an input can be its part of the span."""
    its = _span(period)
    if part == "start":
        return its.start == span.start
    if part == "end":
        return its.end == span.end
    if part in ("within", "parts"):
        return span.start[:4] <= its.start[:4] and its.end[:4] <= span.end[:4]
    return part == "any" or period == _PARTS[part](span)


def period_advice(period: str, parts: str, inputs: Mapping[str, Sequence[Scope]]) -> str:
    """What is wrong with the period of a result; empty if it follows from its inputs.

    `parts` is the cell of `measures.csv`, and `inputs` has the scopes of each input in order, by its name.
    """
    result, _, words = parts.partition(": ")
    named = list(zip(words.split(), inputs.values(), strict=True))
    flat = [(part, scope.period) for part, scopes in named for scope in scopes]
    span = _frame(flat)
    if span is None:
        timed = any(found for part, found in flat if part != "any")
        return "" if timed or not period else "it must be empty, as no input has a period"
    for part, scopes in named:
        found = [scope.period for scope in scopes]
        if part in ("each", "after"):
            sound = not all(found) or found == span.years[part == "after" :]
        elif part == "parts" and result == "whole" and len(set(found)) > 1:
            sound = not all(found) or not span.years or sorted(found) == span.years
        else:
            sound = all(_fits(part, one, span) for one in found if one)
        if not sound:
            what = f"{', '.join(filter(None, found))} is not {_SAID.get(part, '')}{span}"
            return f"it must follow from the periods of the inputs, but {what}"
    if span.start > span.end:
        return f"it must follow from the periods of the inputs, but {span.start} is after {span.end}"
    if result == "within":
        return "" if period and _fits(result, period, span) else f"it must lie in {span}, as the inputs do"
    wanted = _PARTS[result](span)
    return "" if period == wanted else f"it must be {wanted}, as follows from the periods of the inputs"


def entity_advice(entity: str, rule: str, inputs: Sequence[Scope], members: Sequence[str]) -> str:
    """What is wrong with the entity of a result; empty if it follows from its inputs by the rule.

    `members` are those of the entity, if it is a group.
    """
    found = list(dict.fromkeys(scope.entity for scope in inputs if scope.entity))
    if rule == "first":
        found = found[:1]
    whole = rule in ("group", _SOME) and members and set(found) == set(members)
    if not found or found == [entity] or whole or (rule == _SOME and entity in found):
        return ""
    if len(found) == 1:
        return f"it must be {found[0]}, which the inputs are about"
    listed = ", ".join(found)
    if rule == "one":
        return f"there must be inputs about one entity, not {listed}"
    have = f"; the members of {entity} are {', '.join(members)}" if members else ""
    either = f"one of {listed}, or a group of them" if rule == _SOME else f"a group of {listed}"
    return f"it must be {either}{have}"


_SOME, _AMONG = "some", "within: parts"  # the rules for a formula of its own


def advice(row, ids: Sequence[str], scopes: Mapping[str, Scope], members: Mapping[str, list[str]]) -> dict:
    """What is wrong with entity and period of a derivation: advice by column, empty if all follows.

    `row` is one of `derivations`, `ids` are its inputs, `scopes` those of all quantities, and `members` the
    members of each group. A row that departs and says why is sound; one that says so and does not is not.
    """
    known = [scopes.get(name, Scope("", "")) for name in ids]
    if is_formula(row.measure):
        rule, parts, named = _SOME, _AMONG, {"inputs": known}
    else:
        measure: Measure = MEASURES[row.measure]
        rule, parts = measure.entities, measure.periods
        bound: dict[str, Any] = dict(measure.binding(ids, 1))
        bound.pop("years", None)
        of = dict(zip(ids, known, strict=True))
        named = {
            name: [of[key] for key in ([its] if isinstance(its, str) else its)] for name, its in bound.items()
        }
    lists = [[scope.entity for scope in scopes] for name, scopes in named.items() if len(scopes) > 1]
    exchanged = rule == "group" and any(one != lists[0] for one in lists)
    pairs = "there must be in each list of inputs the same entities in the same order"
    found = {
        "entity": entity_advice(row.entity, rule, known, members.get(row.entity, [])) or pairs * exchanged,
        "period": period_advice(row.period, parts, named),
    }
    found = {column: text for column, text in found.items() if text}
    if visible(row.departs):
        why = "it must be empty, as entity and period follow from the inputs"
        return {} if found else {"departs": why}
    return {column: f"{text}; else departs must say why" for column, text in found.items()}


def scopes_of(corpus: Corpus, figures: pd.DataFrame) -> dict[str, Scope]:
    """What every figure, comparator and derived quantity is about, by id; constants have no scope."""
    tables = (
        (figures, "figure_id"),
        (corpus.comparators, "comparator_id"),
        (corpus.derivations, "derived_id"),
    )
    return {
        key: Scope(*about)
        for table, column in tables
        for key, *about in table[[column, *Scope._fields]].itertuples(index=False)
    }
