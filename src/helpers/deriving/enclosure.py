"""The interval of a formula over a box of inputs, proved by interval arithmetic, for many rows at once.

Each row is a box: an interval for each name. Bounds of the formula and of its derivatives over the whole box
are computed with rounding outwards (Moore, Kearfott & Cloud 2009, Introduction to Interval Analysis, ch. 5 to
7). Where every derivative keeps its sign, the least and greatest value are those at two proved corners, in
ordinary arithmetic. Other boxes are halved until each part is monotone or cannot matter: the result holds the
true range and exceeds it at each end by at most `TOLERANCE` of its width, or the noise of arithmetic. Numbers
and exact inputs are taken as the floating-point numbers that they are.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from .formula_language import Call, Formula, compute, exponential, logarithm, power, walk

TOLERANCE = 1e-6  # of the width of the true range
NOISE = 1e-13  # of a result, which is what arithmetic may lose of it
MOST_BOXES = 4096  # parts of one box that are looked at for each of its two ends
SMALLEST = 1e-12  # part of the interval of a name that is divided no more

Interval: TypeAlias = tuple[Any, Any]  # low and high end: arrays, or one float for all rows
ONE, MINUS_ONE = (1.0, 1.0), (-1.0, -1.0)


# -- arithmetic of intervals -----------------------------------------------------------------------------


def _outward(low: Any, high: Any) -> Interval:
    """The next numbers below and above. A 0 stays: a sum that is 0 is exact, and so is a product with 0."""
    below, above = np.nextafter(low, -np.inf), np.nextafter(high, np.inf)
    return np.where(low == 0, low, below), np.where(high == 0, high, above)


def _where(good: Any, a: Interval) -> Interval:
    return np.where(good, a[0], np.nan), np.where(good, a[1], np.nan)


def _hull(values: Iterable[Any]) -> Interval:
    values = list(values)
    return functools.reduce(np.minimum, values), functools.reduce(np.maximum, values)


def _negated(a: Interval) -> Interval:
    return -a[1], -a[0]


def _plus(a: Interval, b: Interval) -> Interval:
    return _outward(a[0] + b[0], a[1] + b[1])


def _times(a: Interval, b: Interval) -> Interval:
    if a is ONE or b is ONE:
        return b if a is ONE else a
    # only a derivative is ever unbounded, and 0 × infinity is 0 then
    return _outward(*_hull(np.where((x == 0) | (y == 0), 0.0, x * y) for x in a for y in b))


def _over(a: Interval, b: Interval) -> Interval:
    """nan where the divisor may be 0."""
    return _where((b[0] > 0) | (b[1] < 0), _outward(*_hull(x / y for x in a for y in b)))


def _power(a: Interval, b: Interval, whole: Any) -> Interval:
    """nan where a power is not real, infinite where it divides by 0. `whole`: b is one whole number."""
    low, high = _hull(power(x, y) for x in a for y in (b[:1] if b[0] is b[1] else b))
    around, steep = (a[0] < 0) & (a[1] > 0), (a[0] == 0) & (b[0] < 0)
    low = np.where(steep | around & (b[0] > 0) & (b[0] % 2 == 0), 0.0, low)
    high = np.where(steep, np.inf, high)
    good = (whole | (a[0] >= 0)) & ~(around & (b[0] < 0))
    return _where(good, _outward(*_outward(low, high)))  # twice: the C library may be wrong in the last place


def _logarithm(a: Interval) -> Interval:
    low, high = _outward(*_outward(*map(logarithm, a)))
    low = np.where(a[0] == 0, -np.inf, low)
    return _where(low <= high, (low, high))


# -- a value and its derivatives ---------------------------------------------------------------------------


@dataclass
class Bounded:
    """Bounds of a value over each box, nan where it may have none, and of its derivatives by name."""

    value: Interval
    slopes: dict[str, Interval]


def _chained(value: Interval, *parts: tuple[Interval, Bounded]) -> Bounded:
    """`value` with its slopes by the chain rule, from its derivative by each of its parts."""
    slopes: dict[str, Interval] = {}
    for derivative, part in parts:
        for name, slope in part.slopes.items():
            term = _times(derivative, slope)
            slopes[name] = _plus(slopes[name], term) if name in slopes else term
    return Bounded(_where(np.isfinite(value[0]) & np.isfinite(value[1]), value), slopes)


def _of_one(sign: str, a: Bounded) -> Bounded:
    """A change of sign, or a function of one value."""
    if sign == "−":
        return _chained(_negated(a.value), (MINUS_ONE, a))
    if sign == "ln":
        return _chained(_logarithm(a.value), (_over(ONE, a.value), a))
    value = _outward(*_outward(*map(exponential, a.value)))
    return _chained(value, (value, a))


def _of_two(sign: str, a: Bounded, b: Bounded) -> Bounded:
    x, y = a.value, b.value
    if sign == "+":
        return _chained(_plus(x, y), (ONE, a), (ONE, b))
    if sign == "−":
        return _chained(_plus(x, _negated(y)), (ONE, a), (MINUS_ONE, b))
    if sign == "×":
        return _chained(_times(x, y), (y, a), (x, b))
    if sign == "/":
        value = _over(x, y)
        dividend = _chained(value, (ONE, a), (_negated(value), b))
        return Bounded(dividend.value, {name: _over(d, y) for name, d in dividend.slopes.items()})
    if sign == "max":
        return _of_one("−", _of_two("min", _of_one("−", a), _of_one("−", b)))
    if sign == "min":  # the derivative by the lesser part is 1, by the other 0, and else it is between
        first = x[1] <= y[0]
        second = ~first & (y[1] <= x[0])
        by_a, by_b = (1.0 * first, 1.0 - second), (1.0 * second, 1.0 - first)
        return _chained((np.minimum(x[0], y[0]), np.minimum(x[1], y[1])), (by_a, a), (by_b, b))
    whole = (y[0] == y[1]) & (y[0] % 1 == 0)
    value, less = _power(x, y, whole), _plus(y, MINUS_ONE)
    less = np.where(whole, y[0] - 1, less[0]), np.where(whole, y[1] - 1, less[1])
    by_exponent = _times(value, _logarithm(x)) if b.slopes else ONE
    return _chained(value, (_times(y, _power(x, less, whole)), a), (by_exponent, b))


def _step(call: Call, parts: list[Any]) -> Any:
    """One call of a formula; parts that are all exact stay in ordinary arithmetic."""
    if not any(isinstance(part, Bounded) for part in parts):
        return compute(call, parts)
    bounded = [part if isinstance(part, Bounded) else Bounded((part, part), {}) for part in parts]
    if len(parts) == 1:
        return _of_one(call.sign, *bounded)
    return functools.reduce(lambda a, b: _of_two(call.sign, a, b), bounded)


def _bounded(formula: Formula, exact: Mapping[str, Any], moving: Mapping[str, Interval]) -> Bounded:
    """Bounds of `formula`, with slopes by the names that are `moving`."""
    names = {name: Bounded(ends, {name: ONE}) for name, ends in moving.items()}
    with np.errstate(all="ignore"):
        result = formula.evaluate({**exact, **names}, _step)
    return result if isinstance(result, Bounded) else Bounded((result, result), {})


# -- least and greatest value ----------------------------------------------------------------------------


def enclose(
    formula: Formula, low: Mapping[str, Any], high: Mapping[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest value of `formula` over the box of each row, as two arrays.

    `low` and `high` give the ends of each name, an array with one item a row. A row is nan where the formula
    may have no finite value within its box, and where `MOST_BOXES` are too few; `explain` says why. Raises
    ValueError for a low end above its high end and for ends that are no finite numbers.
    """
    plain = formula.plain
    size = np.broadcast_shapes((1,), *(np.shape(ends[n]) for n in plain.names for ends in (low, high)))
    box = {n: tuple(np.broadcast_to(ends[n], size) * 1.0 for ends in (low, high)) for n in plain.names}
    for name, ends in box.items():
        if not np.all((ends[0] <= ends[1]) & np.isfinite(ends).all(0)):
            raise ValueError(f"{name} needs two finite ends, the low one not above the high one")
    moving: Any = {name: ends for name, ends in box.items() if np.any(ends[0] < ends[1])}
    lowest = {name: ends[0] for name, ends in box.items()}
    highest, bounded = dict(lowest), _bounded(plain, lowest, moving)
    proved = np.isfinite(np.broadcast_to(bounded.value[0], size))
    for name, ends in moving.items():
        down, up = bounded.slopes[name]
        proved = proved & ((down >= 0) | (up <= 0) | (ends[0] == ends[1]))
        lowest[name], highest[name] = np.where(down >= 0, ends, ends[::-1])
    corners = [np.broadcast_to(plain.evaluate(corner), size) for corner in (lowest, highest)]
    least, greatest = np.minimum(*corners), np.maximum(*corners)
    opposite = Formula(Call("−", (plain.result,)))
    for row in np.flatnonzero(np.isfinite(least) & ~proved):
        part = {name: (float(ends[0][row]), float(ends[1][row])) for name, ends in box.items()}
        upper = _greatest(plain, part, greatest[row], least[row])
        lower = -_greatest(opposite, part, -least[row], -upper)
        least[row], greatest[row] = (lower, upper) if np.isfinite([lower, upper]).all() else (np.nan, np.nan)
    return least, greatest


def _greatest(formula: Formula, box: dict[str, tuple[float, float]], best: float, worst: float) -> float:
    """The greatest value over one box, by branch and bound; `best` and `worst` are values within it."""
    exact = {name: low for name, (low, high) in box.items() if low == high}
    names = [name for name in box if name not in exact]
    ends = np.array([box[name] for name in names]).T.reshape(2, len(names), 1)  # by end, name and part
    whole, bound, looked_at = ends[1] - ends[0], best, 0
    while ends.size:
        looked_at += ends.shape[2]
        over = _bounded(formula, exact, {n: (ends[0, k], ends[1, k]) for k, n in enumerate(names)})
        sound = np.isfinite(over.value[1])
        slopes = [np.broadcast_arrays(*over.slopes[name], sound)[:2] for name in names]
        down, up = np.where(sound, np.swapaxes(slopes, 0, 1), np.nan)
        ends = np.where(down >= 0, ends[1], ends)  # where the formula rises, the high end alone matters
        ends = np.where(up <= 0, ends[0], ends)
        width, middle = ends[1] - ends[0], ends.mean(0)
        at = dict(zip(names, middle, strict=True))
        reached = formula.evaluate({**exact, **at})
        if looked_at > MOST_BOXES or not np.isfinite(reached).all():
            return np.nan
        best, worst = max(best, reached.max()), min(worst, reached.min())
        effect = np.where(width > 0, np.maximum(np.abs(down), np.abs(up)), 0.0) * width
        central = _bounded(formula, exact, {n: (place, place) for n, place in at.items()}).value[1]
        by_mean_value = np.nextafter(central + effect.sum(0) * 0.5000001, np.inf)
        top = np.where((width > 0).any(0), np.fmin(over.value[1], by_mean_value), reached)
        near = best + TOLERANCE * (best - worst) + NOISE * abs(best)
        order = np.where(np.isfinite(effect), effect, width)
        order = np.where(width > SMALLEST * whole, order, -1.0)
        halved = ~(top <= near) & (order >= 0).any(0)
        bound = top[~halved].max(initial=bound)
        ends, middle = ends[:, :, halved], middle[:, halved]
        cut = np.arange(len(names))[:, None] == order[:, halved].argmax(0)
        halves = (ends[0], np.where(cut, middle, ends[1])), (np.where(cut, middle, ends[0]), ends[1])
        ends = np.concatenate(halves, axis=2)
    return np.maximum(best, bound)  # nan where a part that is halved no more has no bounds


# -- what is wrong with a row ----------------------------------------------------------------------------

STATES = {"be 0": np.equal, "be 0 or less": np.less_equal, "be below 0": np.less}


def explain(formula: Formula, low: Mapping[str, float], high: Mapping[str, float]) -> str:
    """Why `enclose` gives nan for the one row with these ends: a clause that names the inputs at fault."""
    plain = formula.plain
    calls: list[Call] = []
    walk(plain.result, lambda leaf: None, lambda call, parts: calls.append(call))
    for call in calls:
        sign, a, b = call.sign, Formula(call.parts[0]), Formula(call.parts[-1])
        (least, greatest), ends = (np.ravel(enclose(part, low, high)) for part in (a, b))
        whole = ends[0] == ends[1] and ends[0] % 1 == 0
        for fails, part, state, does in (
            (sign == "/" and ends[0] <= 0 <= ends[1], b, "be 0", "divides by 0"),
            (
                sign == "ln" and least <= 0,
                a,
                "be 0 or less",
                "takes the logarithm of a number that is not above 0",
            ),
            (sign == "^" and least < 0 and not whole, a, "be below 0", "takes a root of a number below 0"),
            (sign == "^" and least <= 0 <= greatest and ends[0] < 0, a, "be 0", "divides by 0"),
        ):
            if fails:
                return f"{_reach(part, low, high, state)}, where the formula {does}"
    for part in map(Formula, calls):
        if not np.isfinite([part.evaluate(low), part.evaluate(high)]).all():
            names = " and ".join(part.names)
            return f"{part.written()} is too large a number to compute for what {names} may be"
    names = " and ".join([n for n in plain.names if low[n] < high[n]] or plain.names)
    return f"the formula turns too often within what {names} may be for its bounds to be found"


def _reach(part: Formula, low: Mapping[str, float], high: Mapping[str, float], state: str) -> str:
    """The clause that says which input lets `part` be in a state of `STATES`."""
    wide = [name for name in part.names if low[name] < high[name]]
    if not wide:
        exact = _number(low[part.names[0]]) if len(part.names) == 1 else state[3:]
        return f"{part.written() if len(part.names) != 1 else part.names[0]} is {exact}"
    if len(wide) == 1:
        name = wide[0]
        ends = [part.evaluate({**low, name: end[name]}) for end in (low, high)]
        if STATES[state](ends[0], 0):
            return f"{name} reaches down to {_number(low[name])}"
        if STATES[state](ends[1], 0):
            return f"{name} reaches up to {_number(high[name])}"
        if ends[0] * ends[1] < 0:
            from scipy.optimize import brentq  # only here, because a message is rare

            zero = brentq(lambda value: part.evaluate({**low, name: value}), low[name], high[name])
            return f"{name} may be {_number(round(zero, 9) + 0.0)}"
    return f"{part.written()} may {state}"


def _number(value: float) -> str:
    return f"{float(value):.12g}".replace("-", "−")
