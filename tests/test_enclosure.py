"""The proved interval of a formula.

True ranges by hand, random points, and what is said where there is none.
"""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.deriving.enclosure import enclose, explain
from helpers.deriving.formula_language import parse
from helpers.deriving.measures import MEASURES


def interval(text, **box):
    """The least and the greatest value of the formula `text`, each input given as (low, high)."""
    least, greatest = enclose(parse(text), *ends(box))
    return float(least[0]), float(greatest[0])


def ends(box):
    return {name: low for name, (low, _) in box.items()}, {name: high for name, (_, high) in box.items()}


@pytest.mark.parametrize(
    ("text", "box", "least", "greatest"),
    [
        ("x − x", {"x": (1, 5)}, 0, 0),
        ("3 + 4", {}, 7, 7),
        # between 1 / (1 + 1) and 2 / (2 + 0.5)
        ("x / (x + y)", {"x": (1, 2), "y": (0.5, 1)}, 0.5, 0.8),
        # between 0 / (0 + 1 + 3) and 100 / (100 + 1 + 0), though x is far wider than y
        ("x / (x + y + z)", {"x": (0, 100), "y": (1, 1), "z": (0, 3)}, 0, 100 / 101),
        # x − x / m with x = 10: 10 − 10 / 2 and 20 − 20 / 4
        ("x − x / m", {"x": (10, 20), "m": (2, 4)}, 5, 15),
        ("min(x, y) × max(x, 2)", {"x": (1, 3), "y": (2, 5)}, 2, 9),
        ("2 × x − min(x, y)", {"x": (1, 5), "y": (2, 4)}, 1, 8),  # min rises by at most as much as x
        ("2 × x − max(x, y)", {"x": (1, 5), "y": (2, 4)}, -2, 5),
        ("min(x, y) + min(y, x)", {"x": (1, 2), "y": (2, 4)}, 2, 4),
        ("x ^ y", {"x": (2, 4), "y": (2, 2)}, 4, 16),
        ("x ^ y", {"x": (2, 4), "y": (2, 3)}, 4, 64),
        ("x ^ 0.5", {"x": (0, 9)}, 0, 3),
        ("x ^ 3", {"x": (-2, 3)}, -8, 27),
        ("−x", {"x": (1, 2)}, -2, -1),
        ("total × r", {"total": (0, 0), "r": (1, 2)}, 0, 0),
    ],
)
def test_where_the_formula_is_monotone_its_corners_are_reached_exactly(text, box, least, greatest):
    assert interval(text, **box) == (least, greatest)


@pytest.mark.parametrize(
    ("text", "box", "least", "greatest"),
    [
        ("x × (1 − x)", {"x": (0.2, 0.9)}, 0.09, 0.25),  # 0.9 × 0.1, and 0.5 × 0.5 at the turn
        ("x ^ 2", {"x": (-1, 4)}, 0, 16),
        ("x × x", {"x": (-3, 2)}, 0, 9),
        ("(x − y) × (x − y)", {"x": (1, 3), "y": (2, 4)}, 0, 9),
        ("1 / (x × x − x + 1)", {"x": (0, 2)}, 1 / 3, 4 / 3),  # the divisor is least, 0.75, at 0.5
        ("x × exp(−x)", {"x": (0, 5)}, 0, 0.36787944117144233),  # 1 / e at 1
        ("x ^ 4 − 3 × x ^ 2 + x × y", {"x": (-2, 2), "y": (0, 0)}, -2.25, 4),  # x² = 1.5: 2.25 − 4.5
        ("max(x, 1 − x)", {"x": (0, 2)}, 0.5, 2),
        ("x ^ y", {"x": (0.5, 2), "y": (-1, 1)}, 0.5, 2),
    ],
)
def test_where_it_turns_the_true_range_is_held_and_hardly_exceeded(text, box, least, greatest):
    low, high = interval(text, **box)
    width = greatest - least
    assert least - 1e-6 * width <= low <= least + 1e-15
    assert greatest - 1e-15 <= high <= greatest + 1e-6 * width


def test_a_divisor_that_is_0_in_every_row_gives_no_number():
    for text in ("x / ln 1", "1 / (1 − 1)", "exp(x / (2 − 2))"):
        assert all(map(math.isnan, interval(text, x=(1, 2)))), text


def test_rows_are_independent_and_exact_inputs_are_no_variables():
    least, greatest = enclose(
        parse("x × (1 − x) / y"),
        {"x": np.array([0.2, 0.6, 0.3, 0.1]), "y": np.array([1.0, 1.0, 2.0, -1.0])},
        {"x": np.array([0.9, 0.8, 0.3, 0.2]), "y": np.array([1.0, 2.0, 2.0, 1.0])},
    )
    assert least == pytest.approx([0.09, 0.08, 0.105, math.nan], nan_ok=True)
    assert greatest == pytest.approx([0.25, 0.24, 0.105, math.nan], nan_ok=True)


NAMES = ("x", "y", "z")
LEAVES = st.sampled_from([*NAMES, *NAMES, "1", "2", "0.5", "100"])
FORMULAS = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from("+−×/"), part).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(part, st.sampled_from(["2", "3", "0.5", "(1 / 3)", "(−1)", "y"])).map(
            lambda t: f"({t[0]}) ^ {t[1]}"
        ),
        part.map(lambda t: f"ln ({t})"),
        part.map(lambda t: f"exp({t} / 100)"),
        st.tuples(st.sampled_from(["min", "max"]), part, part).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
    ),
    max_leaves=7,
)
ENDS = st.one_of(st.floats(0.1, 20), st.floats(-5, 5).map(lambda v: round(v, 2) + 0.0))
BOXES = st.fixed_dictionaries({name: st.tuples(ENDS, ENDS).map(sorted) for name in NAMES})


@settings(max_examples=400)
@given(FORMULAS, BOXES, st.integers(0, 2**32))
def test_no_point_of_a_box_leaves_the_result(text, box, seed):
    formula, (low, high) = parse(text), ends(box)
    least, greatest = enclose(formula, low, high)
    if np.isnan(least[0]):
        assert isinstance(explain(formula, low, high), str)
        return
    dice = np.random.default_rng(seed)
    points = {n: np.concatenate([dice.uniform(low[n], high[n], 200), dice.choice(box[n], 50)]) for n in NAMES}
    values = formula.evaluate(points) * np.ones(250)
    noise = 1e-9 * max(abs(least[0]), abs(greatest[0]), 1e-3)
    assert np.all(values >= least[0] - noise) and np.all(values <= greatest[0] + noise)


@settings(max_examples=150)
@given(FORMULAS, BOXES)
def test_the_result_is_hardly_wider_than_the_values_of_a_formula_in_one_input(text, box):
    """A dense sample of the true range comes as near to the result as its own steps allow."""
    box = {**box, "y": (2, 2), "z": (3, 3)}
    formula, (low, high) = parse(text), ends(box)
    least, greatest = enclose(formula, low, high)
    if np.isnan(least[0]) or not low["x"] < high["x"]:
        return
    at = np.linspace(low["x"], high["x"], 20001)
    values = np.broadcast_to(formula.evaluate({"x": at, "y": 2.0, "z": 3.0}), at.shape)
    largest_step = np.abs(np.diff(values)).max()
    noise = 1e-6 * (values.max() - values.min()) + 1e-9 * np.abs(values).max() + largest_step
    assert values.min() - noise <= least[0] and greatest[0] <= values.max() + noise


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_measure_has_its_interval_at_two_of_the_corners(name):
    """As long as nothing is divided: the result is a value that the inputs allow, to the last digit."""
    used, dice = MEASURES[name], random.Random(name)
    ids = [f"id-{k}" for k in range(sum(2 if p.startswith("*") else 1 for p in used.inputs))]
    formula = used.parsed.bind(used.binding(ids, 7))
    point = {i: dice.uniform(2, 9) for i in ids}
    if name.startswith(
        ("level_before_increase", "growth_of_increase", "compound_annual_growth_rate_of_level")
    ):
        point["id-0"] = 30.0
    if name == "per_item_outside_part":
        point |= {"id-0": 30.0, "id-2": 40.0}
    if name == "share_of_increase":
        point["id-4"] = 30.0
    high = {i: value * 1.001 for i, value in point.items()}
    corners = [
        formula.evaluate({i: float((point, high)[number >> k & 1][i]) for k, i in enumerate(ids)})
        for number in range(2 ** len(ids))
    ]
    least, greatest = enclose(formula, point, high)
    assert (least[0], greatest[0]) == (min(corners), max(corners))


@pytest.mark.parametrize(
    ("text", "box", "reason"),
    [
        ("years × ln 2 / ln multiple", {"years": (10, 10), "multiple": (0.9, 1.1)}, "multiple may be 1, where the formula divides by 0"),
        ("level / (1 + growth / 100)", {"level": (5, 6), "growth": (-100, -50)}, "growth reaches down to −100, where the formula divides by 0"),
        ("level / (1 + growth / 100)", {"level": (5, 6), "growth": (-150, -50)}, "growth may be −100, where the formula divides by 0"),
        ("a / b", {"a": (5, 6), "b": (-1, 0)}, "b reaches up to 0, where the formula divides by 0"),
        ("a / b", {"a": (5, 6), "b": (0, 0)}, "b is 0, where the formula divides by 0"),
        ("a / 0", {"a": (5, 6)}, "0 is 0, where the formula divides by 0"),
        ("a / (b − c)", {"a": (5, 6), "b": (1, 3), "c": (2, 4)}, "b − c may be 0, where the formula divides by 0"),
        ("a ^ (−1)", {"a": (-1, 4)}, "a may be 0, where the formula divides by 0"),
        ("ln (1 + g / 100)", {"g": (-150, 4)}, "g reaches down to −150, where the formula takes the logarithm of a number that is not above 0"),
        ("ln (1 − s)", {"s": (0, 1)}, "s reaches up to 1, where the formula takes the logarithm of a number that is not above 0"),
        ("m ^ (1 / 10)", {"m": (-1, 4)}, "m reaches down to −1, where the formula takes a root of a number below 0"),
        ("a × b", {"a": (1e200, 1e201), "b": (1e200, 1e201)}, "a × b is too large a number to compute for what a and b may be"),
    ],
)  # fmt: skip
def test_a_row_without_a_result_says_which_input_is_at_fault(text, box, reason):
    formula, (low, high) = parse(text), ends(box)
    assert all(np.isnan(end[0]) for end in enclose(formula, low, high))
    assert explain(formula, low, high) == reason


@pytest.mark.parametrize(
    ("box", "names"),
    [
        ({"x": (1, 3), "y": (2, 2), "z": (1, 2)}, "x and z"),  # an exact input is not at fault
        ({"x": (1, 1), "y": (2, 2), "z": (3, 3)}, "x and y and z"),
    ],
)
def test_where_no_input_is_at_fault_the_wide_ones_are_named(box, names):
    said = f"the formula turns too often within what {names} may be for its bounds to be found"
    assert explain(parse("x × y × z"), *ends(box)) == said


@pytest.mark.parametrize("box", [{"x": (2, 1)}, {"x": (math.nan, 1)}, {"x": (1, math.inf)}])
def test_ends_that_make_no_interval_are_refused(box):
    with pytest.raises(ValueError, match="x needs two finite ends"):
        enclose(parse("x + 1"), *ends(box))


@pytest.mark.parametrize("divisor", [(0, 1), (-1, 0), (-1, 1), (0, 0)])
def test_a_divisor_that_reaches_nought_has_no_result(divisor):
    assert all(np.isnan(end) for end in interval("1 / x", x=divisor))
