"""Between which values of a figure does the verdict of a claim stay as it is?

Each figure is multiplied and divided by growing factors, with its interval, and all that rests on it is
derived and checked again. Where a verdict turns first is bracketed on a grid and found by bisection on the
logarithm of the factor, for all claims, figures and directions at once. The grid is finer for claims of
several readings, one of which may begin to fit where another ends; and where the figure itself is compared
with a value, that value is a point of the grid. A verdict that turns and turns back between two points is not
seen. Limits of plain counts are whole numbers.
"""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.schema import FLIPS
from ..corpus.tallies import Statistic
from ..deriving.intervals import USUAL, RuleSet
from ..deriving.quantities import BOUNDS
from ..vocabulary import NO_TEST
from .claims import made_of
from .what_if import CHANGED, WhatIf

FURTHEST = 10.0  # factor up to which a verdict is looked at
GRID = 8  # points of the grid, evenly spaced by the logarithm
FINER = 6  # times as many for a claim of several readings
ROUNDS = 13  # bisections between two points: the factor is known to about 4 parts in 100,000
DIGITS_SHOWN = 4  # significant digits of a limit


class _Side(NamedTuple):
    """A claim, a figure behind it, and whether the figure grows or shrinks."""

    claim: str
    figure: str
    up: bool


def flips(
    corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame, checks: pd.DataFrame, rules: RuleSet = USUAL
) -> pd.DataFrame:
    """`flips.csv`: one row a claim and a figure that it rests on; columns of `schema.FLIPS`.

    `low` and `high` are the limits of the figure's value between which the claim keeps its `verdict`, the
    interval of the figure being scaled with it; rounded inwards to `DIGITS_SHOWN` digits, but never beyond
    the figure itself. They are missing where the verdict stays up to a factor `FURTHEST`. `below` and
    `above` are the verdicts there. Claims that compare nothing have no rows, and figures of nought none.
    `figures`, `derived` and `checks` as from `clean`, `derive` and `check`, by the same `rules`.
    """
    engine = WhatIf(corpus, figures, derived, checks, rules)
    known = figures.set_index("figure_id")[BOUNDS]
    nonzero = set(known.index[known.value != 0])
    uses = made_of(checks, derived)
    pairs: dict[tuple[str, str], None] = {}
    for row in checks[checks.test != NO_TEST].itertuples():
        names = uses[row.check_id] & nonzero
        pairs |= dict.fromkeys((row.claim_id, name) for name in known.index if name in names)
    sides = [_Side(*pair, up) for pair in pairs for up in (False, True)]
    grid = _grid(sides, checks, known)
    seen = _verdicts(engine, known, grid)
    inside, outside, turned = dict[_Side, float](), dict[_Side, float](), dict[_Side, str]()
    for side, steps in grid.items():
        before = engine.verdict_before[side.claim]
        place = next((n for n, step in enumerate(steps) if seen[side, step] != before), None)
        if place is not None:
            inside[side], outside[side] = (steps[place - 1] if place else 0.0), steps[place]
            turned[side] = seen[side, steps[place]]
    for _ in range(ROUNDS):
        middle = {side: (inside[side] + outside[side]) / 2 for side in inside}
        seen = _verdicts(engine, known, {side: [step] for side, step in middle.items()})
        for side, step in middle.items():
            if seen[side, step] == engine.verdict_before[side.claim]:
                inside[side] = step
            else:
                outside[side], turned[side] = step, seen[side, step]
    kind, _ = corpus.kinds()
    plain = figures[(figures.low == figures.high) & (figures.unit.map(kind) == "count")]
    counts, rows = set(plain.figure_id), []
    for claim, name in pairs:
        value = float(known.value[name])
        down, up = (_Side(claim, name, way) for way in (False, True))
        if value < 0:  # a factor above one leads downwards
            down, up = up, down
        low, high = (_limit(value, side, inside) for side in (down, up))
        whole = name in counts
        ends = _inwards(low, value, ROUND_CEILING, whole), _inwards(high, value, ROUND_FLOOR, whole)
        words = turned.get(down, ""), turned.get(up, "")
        rows.append((claim, name, engine.verdict_before[claim], *ends, *words))
    return pd.DataFrame(rows, columns=FLIPS.columns)


def _grid(sides: list[_Side], checks: pd.DataFrame, known: pd.DataFrame) -> dict[_Side, list[float]]:
    """The points at which each side is looked at first, in order: logarithms to the base `FURTHEST`."""
    readings = checks.claim_id.value_counts()
    compared: dict[tuple[str, str], list[float]] = {}
    for row in checks[checks.test != NO_TEST].itertuples():
        ends = [end for end in (row.expected_low, row.expected_high) if pd.notna(end)]
        middle = sum(ends) / len(ends)
        compared.setdefault((row.claim_id, row.inputs.split()[0]), []).append(middle)
    found = {}
    for side in sides:
        points = GRID * (FINER if readings[side.claim] > 1 else 1)
        value = float(known.value[side.figure])
        factors = [target / value for target in compared.get((side.claim, side.figure), [])]
        own = [math.log(factor, FURTHEST) * (1 if side.up else -1) for factor in factors if factor > 0]
        steps = {k / points for k in range(1, points + 1)} | {step for step in own if 0 < step < 1}
        found[side] = sorted(steps)
    return found


def _verdicts(engine: WhatIf, known: pd.DataFrame, steps: dict[_Side, list[float]]) -> dict:
    """The verdict of each side at each step, the logarithm of a factor to the base `FURTHEST`."""
    numbers: dict[tuple[str, bool, float], int] = {}
    claims: dict[int, set[str]] = {}
    for side, places in steps.items():
        for step in places:
            number = numbers.setdefault((side.figure, side.up, step), len(numbers))
            claims.setdefault(number, set()).add(side.claim)
    needed = {names: engine.needed(names) for names in set(map(frozenset, claims.values()))}
    wanted = {number: needed[frozenset(names)] for number, names in claims.items()}
    rows = []
    for (name, up, step), number in numbers.items():
        factor = FURTHEST ** (step if up else -step)
        # what a factor makes is rounded, so that a plain count meets a plain count
        rows.append((number, name, *(float(f"{end * factor:.12g}") for end in known.loc[name])))
    found = engine.if_prints(pd.DataFrame(rows, columns=CHANGED), wanted).claims
    after = found.set_index(["change", "claim_id"]).verdict.to_dict()
    return {
        (side, step): after.get(
            (numbers[side.figure, side.up, step], side.claim), engine.verdict_before[side.claim]
        )
        for side, places in steps.items()
        for step in places
    }


def _limit(value: float, side: _Side, inside: dict[_Side, float]) -> float:
    """The last value with the same verdict; nan where there is no limit."""
    if side not in inside:
        return float("nan")
    return value * FURTHEST ** (inside[side] if side.up else -inside[side])


def _inwards(limit: float, value: float, direction: str, whole: bool) -> float:
    """A limit rounded towards the value, and not beyond it; to whole numbers if these are counted."""
    if pd.isna(limit):
        return limit
    exact = Decimal(repr(limit))
    step = Decimal(1).scaleb(exact.adjusted() - DIGITS_SHOWN + 1)
    step = max(step, Decimal(1)) if whole else step
    rounded = float((exact / step).quantize(Decimal(1), rounding=direction) * step)
    return min(rounded, value) if direction == ROUND_CEILING else max(rounded, value)


def flip_statistics(found: pd.DataFrame, units: dict[str, str]) -> list[Statistic]:
    """The limits of `flips`, so that prose can name them: statistics `stands-from-…` and `stands-to-…`.

    They end on the claim, `-by-` and the figure. `units` gives the unit of each figure.
    """
    rows = []
    for row in found.itertuples():
        for key, word, limit in (("from", "least", row.low), ("to", "greatest", row.high)):
            if pd.notna(limit):
                label = f"{word} value of {row.figure_id} with which {row.claim_id} is {row.verdict}"
                name = f"stands-{key}-{row.claim_id}-by-{row.figure_id}"
                formula = "bisection over what is derived and checked"
                rows.append(Statistic(name, label, limit, limit, limit, units[row.figure_id], formula))
    return rows


def least_room(found: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """The rows of `flips` with a limit, those of the figures with the least room first.

    Room is the smaller of the two factors by which a figure may grow or shrink; a further column `room` has
    it.
    """
    value = found.figure_id.map(figures.set_index("figure_id").value)
    down, up = value / found.low, found.high / value
    room = pd.concat([down.where(value > 0), up.where(value > 0)], axis=1).min(axis=1)
    return found.assign(room=room).dropna(subset="room").sort_values("room", kind="stable")
