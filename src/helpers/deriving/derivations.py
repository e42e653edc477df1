"""Figures and derivations to derived quantities, each with the interval that its inputs allow.

What is derived is data (`derivations.csv`): a measure and its inputs, or a formula over ids. Rows of one
measure are computed together, on arrays. `enclosure` proves the least and the greatest value over the
intervals of the inputs (Moore, Kearfott & Cloud 2009, Introduction to Interval Analysis). Where two inputs
rest on the same figure, its uncertainty counts once: the row is enclosed over the figures themselves.
"""

import functools
import itertools
import re
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput, Fault, near
from ..corpus.graph import circle, generations, graph_of, resting_on
from ..corpus.schema import DERIVED, is_formula
from . import scopes
from .enclosure import enclose, explain
from .formula_language import Formula, parse
from .measures import MEASURES, Measure
from .quantities import BOUNDS, inputs_at_hand
from .unit_check import check_units

OWN = "own_formula"  # the measure of a row that brings its own formula
DIGITS = 12  # significant digits kept; bounds are rounded outwards
DIFFERENCE_UNITS = {
    "percent": "percentage_point",
    "percent_per_year": "percentage_point",
    "ratio": "ratio_point",
}

_TIMES, _PERCENT, _YEARS = ("times",), ("percent", "percent_per_year"), ("year",)
# The units of inputs that are numbers without a dimension of their own, by their names in `measures.csv`.
UNITS_OF_INPUTS = {
    **dict.fromkeys(("multiple", "multiples", "times", "increase", "increases"), _TIMES),
    **dict.fromkeys(("rate", "rates", "growth", "share"), _PERCENT),
    **dict.fromkeys(("periods", "amounts", "steps", "position"), _YEARS),
    "days": ("day",),
    "jin": ("jin",),
    "kilograms_per_jin": ("kg_per_jin",),
}


def kept_digits(value: float, direction: str = ROUND_HALF_EVEN) -> Decimal:
    """`value` at `DIGITS` significant digits, after the noise of binary arithmetic is cut at the 15th."""
    exact = Decimal(f"{value:.14e}")
    return (
        exact.quantize(Decimal(1).scaleb(exact.adjusted() - DIGITS + 1), rounding=direction)
        if exact
        else exact
    )


def years_of(period: str) -> int | None:
    """Number of years from the first to the last of an interval of years such as `2011/2021`, else None."""
    match = re.fullmatch(r"([0-9]{4})/([0-9]{4})", period)
    return int(match[2]) - int(match[1]) if match and match[2] > match[1] else None


class Step(NamedTuple):
    """A derivation ready to be computed.

    Its line, its formula over its inputs, and what rows of its kind share.
    """

    line: int
    inputs: tuple[str, ...]
    kind: tuple  # rows of one kind have the same formula over slots
    formula: Formula  # over slots x0, x1, …; inputs that are the same id share one
    written: str

    @property
    def slots(self) -> dict[str, str]:
        """The id of each slot."""
        return {f"x{n}": key for n, key in enumerate(dict.fromkeys(self.inputs))}

    def over_ids(self) -> Formula:
        """The formula over the ids themselves."""
        return self.formula.bind(self.slots)


@functools.cache
def _of_measure(name: str, years: int | None, pattern: tuple[int, ...]) -> Formula:
    measure = MEASURES[name]
    return measure.parsed.bind(measure.binding([f"x{n}" for n in pattern], years))


def _pattern(ids: Iterable[str]) -> tuple[int, ...]:
    """Which slot each input takes: the same id the same one."""
    ids = list(ids)
    first = {key: n for n, key in enumerate(dict.fromkeys(ids))}
    return tuple(first[key] for key in ids)


def planned(derivations: pd.DataFrame, units: dict[str, str]) -> tuple[dict[str, Step], list[tuple]]:
    """A `Step` for each derived id, and what is wrong with the rows that have none: (line, column, value,
    advice).

    `units` gives the unit of every figure, constant and comparator, by id. The order of the steps is one in
    which every input comes before what is made of it.
    """
    rows = {row.derived_id: row for row in derivations.itertuples()}
    steps, wrong, inputs, failed = {}, [], {}, set()
    for key, row in rows.items():
        try:
            inputs[key] = parse(row.measure).names if is_formula(row.measure) else tuple(row.inputs.split())
        except ValueError as error:
            inputs[key] = ()
            failed.add(key)
            wrong.append((row.Index, "measure", row.measure, f"it must be a formula: {error}"))
    graph, known, units = graph_of(inputs), {*units, *rows}, dict(units)
    if loop := circle(graph):  # one without a formula is refused when the corpus is read
        line = next(rows[key].Index for key in loop if is_formula(rows[key].measure))
        return {}, [*wrong, (line, "measure", " ← ".join(loop), "there must be no circle")]
    for key in itertools.chain.from_iterable(generations(graph)):
        if key not in rows:
            continue
        row, ids = rows[key], inputs[key]
        if key in failed or failed & set(ids):
            failed.add(key)
            continue
        column, value, advice = _advice(row, ids, units, known)
        if advice:
            wrong.append((row.Index, column, value, advice))
            failed.add(key)
            continue
        units[key] = row.unit
        years = years_of(row.period)
        if is_formula(row.measure):
            own = parse(row.measure)
            slots = own.bind({name: f"x{n}" for n, name in enumerate(ids)})
            steps[key] = Step(row.Index, ids, (row.measure,), slots, own.written())
        else:
            measure = MEASURES[row.measure]
            kind = (row.measure, years if measure.needs_years else None, _pattern(ids))
            written = measure.parsed.written(measure.binding(ids, years))
            steps[key] = Step(row.Index, ids, kind, _of_measure(*kind), written)
    return steps, wrong


def _advice(row, ids: tuple[str, ...], units: dict[str, str], known: set[str]) -> tuple[str, str, str]:
    """What is wrong with a row: column, value and advice; empty advice if nothing is."""
    if is_formula(row.measure):
        if not ids:
            return "measure", row.measure, "the formula must name a quantity"
        try:
            parse(row.measure).check(known)
            check_units(parse(row.measure), {name: units[name] for name in ids}, row.unit)
        except ValueError as error:
            return "measure", row.measure, f"it must be a formula in {row.unit}: {error}"
        return "", "", ""
    measure = MEASURES.get(row.measure)
    if measure is None:
        listed = "it must be one of those in `python -m helpers measures`, or a formula over ids"
        return "measure", row.measure, near(row.measure, MEASURES, listed)
    if measure.needs_years and not years_of(row.period):
        return "period", row.period, "it must be an interval of years such as 2011/2021"
    try:
        measure.binding(ids, years_of(row.period))
    except ValueError as error:
        return "inputs", row.inputs, f"they must fit the measure: {error}"
    return _units_of_measure(row, measure, ids, units)


def _units_of_measure(
    row, measure: Measure, ids: tuple[str, ...], units: dict[str, str]
) -> tuple[str, str, str]:
    found = [units[name] for name in ids]
    if measure.alike and len(set(found)) > 1:
        return "inputs", row.inputs, f"they must be quantities of one unit, not {', '.join(found)}"
    wanted = measure.unit if measure.unit != "same" else found[0]
    if measure.name == "difference":
        wanted = DIFFERENCE_UNITS.get(wanted, wanted)
    if wanted and row.unit != wanted:
        return "unit", row.unit, f"it must be {wanted}, the unit of {measure.name} here"
    years, plain = years_of(row.period), dict(units)
    bound: dict[str, Any] = dict(measure.binding(ids, years))
    for name, its in bound.items():
        allowed = () if name == "increase" and measure.alike else UNITS_OF_INPUTS.get(name, ())
        for key in ([its] if isinstance(its, str) else its) if allowed else ():
            if units[key] not in allowed:
                advice = f"it must be in {' or '.join(allowed)}, as {name} of {measure.name} is"
                return "inputs", key, f"{advice}, not in {units[key]}"
            plain[key] = ""
    if not measure.unit:  # the row decides
        try:
            _fits_units(measure.name, _pattern(ids), years, tuple(plain[key] for key in ids), row.unit)
        except ValueError:
            made = measure.parsed.written(measure.binding(ids, years))
            return "unit", row.unit, f"it must be a unit of {made}, of inputs in {', '.join(found)}"
    return "", "", ""


@functools.cache
def _fits_units(
    name: str, pattern: tuple[int, ...], years: int | None, units: tuple[str, ...], wanted: str
) -> None:
    """Raise ValueError unless a measure of inputs in these units is in the unit `wanted`.

    Things counted have no unit in a density such as `per_km2`.
    """
    formula = _of_measure(name, years, pattern)
    own = dict(zip((f"x{n}" for n in pattern), units, strict=True))
    try:
        check_units(formula, own, wanted)
    except ValueError:
        if not wanted.startswith("per_"):
            raise
        first = formula.names[0]
        check_units(formula, own | {first: ""}, wanted)


def computed(
    steps: dict[str, Step], sources: pd.DataFrame, before: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Value, low and high of every step, by derived id; missing where there is no finite value.

    `sources` has value, low and high of what the steps rest on, by id; `before` those of steps that were
    computed from them before and are taken over. Digits as `kept_digits` keeps them, bounds rounded outwards.
    """
    box = {key: bounds for key, *bounds in sources[BOUNDS].itertuples()}
    leaves = {key: {key} if bounds[1] < bounds[2] else set() for key, bounds in box.items()}
    if before is not None:
        box |= {key: bounds for key, *bounds in before[BOUNDS].itertuples()}
    over: dict[str, Formula] = {}
    order = generations(graph_of({key: step.inputs for key, step in steps.items()}))
    for generation in order:
        new = [key for key in generation if key in steps and key not in box]
        ready = sorted(new, key=lambda key: repr(steps[key].kind))
        for _, group in itertools.groupby(ready, key=lambda key: steps[key].kind):
            keys = list(group)
            for key, bounds in zip(keys, _together([steps[key] for key in keys], box), strict=True):
                box[key] = bounds
        fresh = set(ready)
        for key in (key for key in generation if key in steps):
            parts = [leaves[name] for name in dict.fromkeys(steps[key].inputs)]
            leaves[key] = set().union(*parts)
            if key in fresh and len(leaves[key]) < sum(map(len, parts)):
                box[key] = _narrowed(box[key], _over_leaves(key, steps, over), box)
    return pd.DataFrame([[key, *box[key]] for key in steps], columns=["derived_id", *BOUNDS]).set_index(
        "derived_id"
    )


def _together(steps: list[Step], box: dict) -> list[list[float]]:
    """Value, low and high of steps of one kind."""
    slots = list(steps[0].slots)
    columns = np.array([[box[key] for key in step.slots.values()] for step in steps], dtype=float)
    values, low, high = ({slot: columns[:, n, end] for n, slot in enumerate(slots)} for end in range(3))
    sound = np.isfinite(columns).all(axis=(1, 2))
    result = np.full((len(steps), 3), np.nan)
    if sound.any():
        kept = [{slot: ends[sound] for slot, ends in part.items()} for part in (values, low, high)]
        least, greatest = enclose(steps[0].formula, kept[1], kept[2])
        with np.errstate(all="ignore"):
            middle = np.broadcast_to(steps[0].formula.evaluate(kept[0]), least.shape)
        result[sound] = np.column_stack([middle, least, greatest])
    return [_kept(*row) for row in result]


def _kept(value: float, low: float, high: float) -> list[float]:
    if not (np.isfinite(value) and np.isfinite(low) and np.isfinite(high)):
        return [np.nan] * 3
    ends = (value, ROUND_HALF_EVEN), (low, ROUND_FLOOR), (high, ROUND_CEILING)
    return [float(kept_digits(*end)) for end in ends]


def _over_leaves(key: str, steps: dict[str, Step], found: dict[str, Formula]) -> Formula:
    """The formula of a derived quantity over figures, constants and comparators alone; `found` keeps it."""
    if key not in found:
        inner = {name: _over_leaves(name, steps, found) for name in steps[key].inputs if name in steps}
        found[key] = steps[key].over_ids().substitute(inner)
    return found[key]


def _narrowed(bounds: list[float], formula: Formula, box: dict) -> list[float]:
    """Bounds cut down to what the formula over leaves allows: an input that occurs twice is one."""
    low, high = ({name: box[name][end] for name in formula.names} for end in (1, 2))
    least, greatest = (float(ends[0]) for ends in enclose(formula, low, high))
    value, *_ = bounds
    narrow = _kept(value, least, greatest)
    if np.isnan(narrow[1]):
        return bounds
    least, greatest = max(bounds[1], narrow[1]), min(bounds[2], narrow[2])
    # a small difference of large steps loses their last digits, and would lie beside its own bounds
    return [min(max(value, least), greatest), least, greatest]


def derive(corpus: Corpus, figures: pd.DataFrame) -> pd.DataFrame:
    """`derived.csv`: one row a derivation in the order of `derivations.csv`, columns of `schema.DERIVED`.

    `figures` is `clean(corpus)`. Raises BadInput for an unknown measure, a formula that cannot be read, a
    wrong number of inputs, units that do not fit, a period without the years that a measure needs, an entity
    or a period that does not follow from the inputs though nothing says why, and a quantity without a finite
    value.
    """
    file = corpus.folder / "derivations.csv"
    sources = inputs_at_hand(corpus, figures)
    steps, wrong = planned(corpus.derivations, sources.unit.to_dict())
    wrong += _out_of_scope(corpus, figures, steps)
    if wrong:
        raise BadInput(Fault(file, *one) for one in wrong)
    found = computed(steps, sources)
    box = {key: bounds for key, *bounds in pd.concat([sources[BOUNDS], found]).itertuples()}
    lost = set(found.index[found.low.isna()])
    if lost:
        first = [steps[key] for key in lost if lost.isdisjoint(steps[key].inputs)]
        raise BadInput(Fault(file, step.line, *_no_result(step, box)) for step in first)
    table = corpus.derivations.join(found, on="derived_id")
    own = table.measure.map(is_formula)
    return table.assign(
        measure=table.measure.where(~own, OWN),
        inputs=[" ".join(steps[key].inputs) for key in table.derived_id],
        formula=[steps[key].written for key in table.derived_id],
    )[DERIVED.columns].reset_index(drop=True)


def without_result(corpus: Corpus, figures: pd.DataFrame) -> set[str]:
    """The derived quantities whose rows `derive` refuses for these figures, and all that rests on them."""
    steps, wrong = planned(corpus.derivations, inputs_at_hand(corpus, figures).unit.to_dict())
    wrong += _out_of_scope(corpus, figures, steps)
    refused = {corpus.derivations.derived_id[line] for line, *_ in wrong}
    refused |= set(corpus.derivations.derived_id) - steps.keys()
    return refused | resting_on(graph_of({key: step.inputs for key, step in steps.items()}), refused)


def _out_of_scope(corpus: Corpus, figures: pd.DataFrame, steps: dict[str, Step]) -> list[tuple]:
    """Line, column, value and advice of rows whose entity or period does not follow from their inputs."""
    known = scopes.scopes_of(corpus, figures)
    members = corpus.entities.set_index("entity").members.str.split().to_dict()
    return [
        (row.Index, column, getattr(row, column), text)
        for row in corpus.derivations[corpus.derivations.derived_id.isin(steps)].itertuples()
        for column, text in scopes.advice(row, steps[row.derived_id].inputs, known, members).items()
    ]


def _no_result(step: Step, box: dict) -> tuple[str, str, str]:
    """Column, value and advice of a step that has no finite value within its inputs."""
    low, high = ({name: box[name][end] for name in step.inputs} for end in (1, 2))
    advice = f"there is no result: {explain(step.over_ids(), low, high)}"
    measure = step.kind[0]
    return ("measure", measure, advice) if is_formula(measure) else ("inputs", " ".join(step.inputs), advice)


def rates_by_reading(derived: pd.DataFrame, labels: dict[str, str], readings: dict[str, str]) -> pd.DataFrame:
    """Growth of GDP a year of some entities under each reading of their multiple, for a plot.

    `labels` gives the label of each entity, `readings` the words for each ending of a derived id. Columns
    label, reading, low, value, high; percent a year.
    """
    known = derived.set_index("derived_id")
    rows = [
        {"label": label, "reading": reading}
        | known.loc[f"{entity}-gdp-cagr-2011-2021{ending}", ["low", "value", "high"]].to_dict()
        for entity, label in labels.items()
        for ending, reading in readings.items()
    ]
    return pd.DataFrame(rows)
