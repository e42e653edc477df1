"""Derived quantities: worked examples, enclosure, and bad derivations."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import growth
from helpers.tables import BadInput


def interval_of(derived, name):
    row = derived.set_index("derived_id").loc[name]
    return float(row.value), float(row.low), float(row.high)


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        # ln 2.7 = 0.993252; e^0.0993252 = 1.104425; with 2.65 and 2.75: 1.102363 and 1.106454
        ("ganzhou-gdp-cagr-2011-2021", (10.4425, 10.2363, 10.6454)),
        # 3.7^0.1: ln 3.7 = 1.308333; e^0.1308333 = 1.139778
        ("ganzhou-gdp-cagr-2011-2021-grew-by", (13.9778, 13.8228, 14.1309)),
        # 416.9 / 2.7; 416.85 / 2.75; 416.95 / 2.65
        ("ganzhou-gdp-2011-implied", (154.407e9, 151.582e9, 157.340e9)),
        # 10 × 0.693147 / 0.993252
        ("ganzhou-gdp-doubling-time", (6.97856, 6.85198, 7.11241)),
        ("ganzhou-rd-share-change", (1.26, 1.245, 1.275)),
        # 556.011 × 0.1685 × 1.1685^9 / (1.1685^10 − 1) = 556.011 × 0.1685 × 4.06124 / 3.74556
        ("ganzhou-livelihood-last-nine-steps", (101.584e9, 101.570e9, 101.598e9)),
        ("gba-gdp-2017-implied", (10.2e12, 10.0e12, 10.4e12)),
        # (12.6 / 10.2)^(1/4) − 1; (12.5 / 10.2)…(12.7 / 10.2) with both ends moved: 12.7/10.4, 12.5/10.0
        ("gba-gdp-cagr-2017-2021", (5.42475, 5.12175, 5.73713)),
        ("ganzhou-jobs-per-workshop", (66.6667, 50.0, 66.6667)),
        ("shenzhen-completed-share", (19.6429, 19.6429, 19.6429)),
        ("xinfeng-shenzhen-time-saved", (4.0, 3.7, 4.3)),
        # 466,000 / (2 × 73.5 × 40)
        ("ganshen-passengers-per-train-a-day", (79.2517, 79.1667, 79.3367)),
        ("deqing-tangerine-tonnes-2022", (57500, 57250, 57750)),
        # (505.9 − 212.9) / (526 − 358)
        ("ganzhou-investment-per-remaining-project", (1.744048e9, 1.743452e9, 1.744643e9)),
        # (2.67 / 2.46)^(1/8) − 1
        ("guangdong-rural-lead", (1.02922, 0.979923, 1.078558)),
        # 187.869 / 1.1169
        ("gree-revenue-2020-implied", (168.2057e9, 168.1978e9, 168.2137e9)),
        ("shantou-zone-two-year-multiple", (1.44, 1.44, 1.69)),
        # from other sources: 416.937 / 133.600 and 416.937 / 151.951, half a million either way
        ("ganzhou-multiple-first-print", (3.120786, 3.120771, 3.120801)),
        ("ganzhou-multiple-revised", (2.743891, 2.743879, 2.743903)),
        # 1.119 × 1.105 × 1.1 × 1.096 × 1.095 × 1.095 × 1.093 × 1.084 × 1.042 × 1.091
        ("ganzhou-multiple-constant-prices", (2.407497, 2.396493, 2.418546)),
        # 341.273 + 50.384 bn dollars at 83,203.595 / 12,310.491, and 7,495.326 bn yuan
        ("gba-gdp-of-parts-2017", (10.142441e12, 10.142436e12, 10.142445e12)),
        ("guangdong-income-ratio-of-incomes-2013", (2.668760, 2.668743, 2.668776)),
        # (2085.41 / 1742.23 / 1.081) / (24667.3 / 22716.5 / 1.079)
        ("jian-census-revision", (10.02757, 9.924695, 10.13054)),
        # 0.0158 × 364.52 over 0.0032 × 416.9 / 2.7
        ("ganzhou-rd-multiple", (11.65629, 11.19177, 12.13840)),
        # 25.0131 bn × 1.1685^3, of which 556.011 bn is the sum
        ("ganzhou-livelihood-2015-implied", (39.90737e9, 39.90266e9, 39.91207e9)),
        ("ganzhou-livelihood-share-of-ten-years", (76.250859, 76.250785, 76.250933)),
        # 0.0158 × 364.52 over 0.0032 × 133.6
        ("ganzhou-rd-multiple-first-print", (13.47169, 13.18041, 13.77221)),
        # 556.011 over 96.109 / 4.06124 + 48.042 + 53.627 + 61.497 + 67.683 + 77.633 + 85.759 + 3 × 96.109
        ("ganzhou-livelihood-least-peak", (78.72899, 78.72789, 78.73008)),
        ("ganzhou-livelihood-least-peak-ten-steps", (76.90486, 76.90479, 76.90494)),
    ],
)
def test_worked_examples(derived, name, by_hand):
    assert interval_of(derived, name) == pytest.approx(by_hand, rel=5e-6)


def test_rates_by_reading_hold_each_city_under_each_reading(derived):
    rates = growth.rates_by_reading(
        derived, {"jian": "Ji'an", "ganzhou": "Ganzhou"}, {"": "a", "-grew-by": "b"}
    )
    assert rates[["label", "reading"]].values.tolist() == [
        ["Ji'an", "a"],
        ["Ji'an", "b"],
        ["Ganzhou", "a"],
        ["Ganzhou", "b"],
    ]
    assert rates.value.tolist() == pytest.approx([10.4425, 13.9778] * 2, rel=1e-5)


def test_the_pooled_multiple_is_the_sum_over_the_sum_of_bases(derived):
    value, low, high = interval_of(derived, "three-cities-gdp-multiple-2011-2021")
    assert value == pytest.approx(849.0 / (416.9 / 2.7 + 252.6 / 2.7 + 179.5 / 2.5), rel=1e-9)
    assert 2.605 < low < value < high < 2.7052


def recompute(derived, leaves):
    """Every derived quantity at one point inside the box of the inputs."""
    values = dict(leaves)
    rows = {row.derived_id: row for row in derived.itertuples()}

    def at(name):
        if name not in values:
            row = rows[name]
            used = growth.MEASURES[row.measure]
            extra = {"years": growth.years_of(row.period)} if used.needs_years else {}
            values[name] = used.function(*map(at, row.inputs.split()), **extra)
        return values[name]

    return {name: at(name) for name in rows}


@pytest.fixture(scope="module")
def sources(figures):
    return growth.inputs_at_hand(figures)


@given(st.integers(0, 2**32), st.sampled_from(["inside", "ends"]))
def test_no_true_value_that_the_print_allows_leaves_its_interval(sources, derived, seed, where):
    """The property that the intervals promise, over the whole tree of derivations."""
    dice = random.Random(seed)
    boxes = [(r.Index, r.low, r.high) for r in sources.itertuples()]
    leaves = {
        name: dice.uniform(float(low), float(high)) if where == "inside" else float(dice.choice([low, high]))
        for name, low, high in boxes
    }
    results = recompute(derived, leaves)
    for row in derived.itertuples():
        slack = 1e-12 * max(1.0, abs(float(row.high)))
        assert float(row.low) - slack <= results[row.derived_id] <= float(row.high) + slack, row.derived_id


def test_intervals_are_no_wider_than_their_corners_force(figures, derived):
    """Where the inputs are figures, each once, both ends are reached by values that the print allows."""
    box = {r.figure_id: (float(r.low), float(r.high)) for r in figures.itertuples()}
    tried = 0
    for row in derived.itertuples():
        inputs = row.inputs.split()
        if not all(i in box for i in inputs) or len(set(inputs)) != len(inputs):
            continue
        used = growth.MEASURES[row.measure]
        extra = {"years": growth.years_of(row.period)} if used.needs_years else {}
        corners = [used.function(*corner, **extra) for corner in itertools.product(*(box[i] for i in inputs))]
        low, high = min(corners), max(corners)
        assert float(row.low) == pytest.approx(low, rel=1e-9) and float(row.high) == pytest.approx(
            high, rel=1e-9
        )
        tried += 1
    assert tried > 50


@pytest.mark.parametrize("name", sorted(growth.MEASURES))
def test_every_measure_is_monotone_in_each_input(name):
    """On which the evaluation of corners rests: along each input, with the others fixed, no turn."""
    used = growth.MEASURES[name]
    dice = random.Random(name)
    for _ in range(60):
        count = sum(2 if p.startswith("*") else 1 for p in used.parameters)
        count += any("then" in p for p in used.parameters) * 2
        point = [dice.uniform(2, 9) for _ in range(count)]
        if name in (
            "level_before_increase",
            "growth_of_increase",
            "compound_annual_growth_rate_of_level_and_increase",
        ):
            point[0] = 30 + dice.random()
        if name == "per_item_outside_part":
            point[0], point[2] = 30 + dice.random(), 30 + dice.random()
        if name == "share_of_increase":
            point[4] = 30 + dice.random()
        extra = {"years": 7} if used.needs_years else {}
        for position in range(len(point)):
            values = []
            for step in range(9):
                moved = list(point)
                moved[position] *= 1 + step / 40
                values.append(used.function(*moved, **extra))
            rises = [b - a for a, b in zip(values, values[1:], strict=False)]
            noise = 1e-9 * max(map(abs, values))
            assert all(r >= -noise for r in rises) or all(r <= noise for r in rises), (name, position)


def test_every_derived_quantity_leads_back_to_numerals_or_to_a_named_source(sources, derived):
    leaves = growth.leaves(derived)
    assert set(leaves) == set(derived.derived_id)
    assert frozenset().union(*leaves.values()) <= set(sources.index)
    assert leaves["ganzhou-multiple-revised"] == {"gdp-ganzhou-2011-revised", "gdp-ganzhou-2021"}
    assert "ganzhou-gdp-multiple-2011-2021" in leaves["three-cities-gdp-cagr-2011-2021"]


def test_quantities_that_rest_on_another_source_are_found(derived):
    found = growth.resting_on(derived, ["gdp-ganzhou-2020"])
    assert {"ganzhou-rd-2020-implied", "ganzhou-rd-multiple", "ganzhou-rd-cagr"} <= found
    assert "ganzhou-gdp-2011-implied" not in found


def test_the_formula_names_every_input(derived):
    for row in derived.itertuples():
        assert all(i in row.formula for i in row.inputs.split()), row.derived_id


@given(st.floats(1e-6, 1e15), st.floats(0, 1e-3))
def test_rounding_is_outwards(value, spread):
    low, high = value, value * (1 + spread)
    assert float(growth.rounded(low, growth.ROUND_FLOOR)) <= low * (1 + 1e-14)
    assert float(growth.rounded(high, growth.ROUND_CEILING)) >= high * (1 - 1e-14)


def test_no_finite_value_is_an_error():
    with pytest.raises(ValueError, match="no finite value"):
        growth.enclose(lambda x: 1 / x, [(0.0, 1.0)])
    with pytest.raises(ValueError, match="no finite value"):
        growth.enclose(lambda x: math.inf * x, [(1.0, 2.0)])
    with pytest.raises(ValueError, match="a pole or a turn"):
        growth.enclose(growth.MEASURES["share"].function, [(1.0, 2.0), (-1.0, 2.0)])
    with pytest.raises(ValueError, match="no finite value"):
        growth.enclose(growth.MEASURES["level_before_growth"].function, [(5.0, 6.0), (-150.0, -50.0)])


def test_a_result_that_does_not_exist_is_a_fault_with_its_line(figures, line_of):
    spoilt = figures.copy()
    spoilt.loc[spoilt.figure_id == "ganzhou-gdp-multiple-2011-2021", ["value", "low", "high"]] = [
        "1",
        "1",
        "1",
    ]
    with pytest.raises(BadInput, match="ganzhou-gdp-multiple-2011-2021'; expected a result"):
        growth.derive(spoilt)


def test_constant_growth_of_nothing_is_an_equal_share():
    assert growth.MEASURES["first_of_constant_growth"].function(100, 0, 10) == 10


def test_unlike_units_are_not_added(raw, edit, figures, line_of):
    file = raw / "derivations.csv"
    edit(
        file,
        line_of(file, "derived_id", "three-cities-gdp-2021"),
        "inputs",
        "ganzhou-gdp-2021 ganzhou-workshops",
    )
    with pytest.raises(BadInput, match="expected quantities of one unit, not yuan, workshop"):
        growth.derive(figures, raw)


def test_a_constant_outside_its_own_bounds_is_refused(raw, edit, figures):
    edit(raw / "constants.csv", 2, "low", "0.9")
    with pytest.raises(BadInput, match="expected between low, 0.9, and high, 0.5"):
        growth.derive(figures, raw)


def test_bounds_of_a_rising_series_hold_every_such_series(derived):
    """Ten amounts that never fall, with the printed sum and growth: the last lies between the bounds."""
    _, least, _ = interval_of(derived, "ganzhou-livelihood-last-least")
    _, _, greatest = interval_of(derived, "ganzhou-livelihood-last-greatest")
    dice = random.Random(7)
    for _ in range(500):
        inner = sorted(dice.uniform(0, 1) ** dice.choice([0.2, 1, 5]) for _ in range(8))
        path = [1, *(1 + (1.1685**9 - 1) * x for x in inner), 1.1685**9]
        assert least <= 556.011e9 / sum(path) * path[-1] <= greatest


@settings(deadline=None)
@given(st.lists(st.floats(10, 100), min_size=3, max_size=8), st.floats(1, 20), st.floats(10, 200))
def test_no_path_keeps_every_share_below_the_least_peak(wholes, rate, sum):
    """Against linear programming, which looks for a path; without a ceiling on the first amount, as in the formula."""
    from scipy.optimize import linprog

    size, factor = len(wholes), (1 + rate / 100) ** (len(wholes) - 1)
    least = growth.MEASURES["least_peak_share"].function(sum, rate, size - 1, *wholes)
    free = growth.MEASURES["least_peak_share_of_free_start"].function(sum, *wholes)
    # variables: the amounts and the highest share; smallest highest share
    cost = [0] * size + [1]
    below = [
        [-w / 100 if j == size else float(j == k) for j in range(size + 1)] for k, w in enumerate(wholes)
    ]
    rising = [[float(j == k) - float(j == k + 1) for j in range(size + 1)] for k in range(size - 1)]
    total = [1.0] * size + [0.0]
    tied = [float(j == size - 1) - factor * float(j == 0) for j in range(size + 1)]
    tied_path = linprog(cost, below[1:] + rising, [0] * (2 * size - 2), [total, tied], [sum, 0])
    free_path = linprog(cost, below + rising, [0] * (2 * size - 1), [total], [sum])
    assert free == pytest.approx(free_path.fun, rel=1e-6)
    assert least <= tied_path.fun * (1 + 1e-6)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("measure", "growth_rate", "one of"),
        ("inputs", "ganzhou-gdp-2012", "a figure, a constant, a comparator or a derived id"),
        ("inputs", "", "1 for compound_annual_growth_rate(multiple)"),
        ("inputs", "ganzhou-gdp-2021 jian-gdp-2021", "1 for compound_annual_growth_rate(multiple)"),
        ("inputs", "ganzhou-gdp-cagr-2011-2021", "no circle"),
        ("period", "2021", "an interval of years"),
        ("period", "last year", "ISO 8601"),
        ("period", "2021/2011", "ISO 8601"),
        ("period", "2011-12/2021-01", "an interval of years"),
        ("unit", "yuan", "percent_per_year, the unit of compound_annual_growth_rate"),
        ("unit", "pct", "one of"),
        ("entity", "gansu", "one of"),
        ("derived_id", "ganzhou-gdp-2021", "that no figure, constant or comparator has"),
        ("derived_id", "jian-gdp-cagr-2011-2021", "a value of its own"),
        ("derived_id", "../../etc", "a slug"),
    ],
)
def test_a_bad_derivation_is_refused(raw, edit, figures, column, value, expected):
    edit(raw / "derivations.csv", 2, column, value)
    with pytest.raises(BadInput) as caught:
        growth.derive(figures, raw)
    assert any(f.file.name == "derivations.csv" and expected in f.expected for f in caught.value.faults), str(
        caught.value
    )


@pytest.mark.parametrize("value", ["", "NaN", "inf", "0,5", "half", "1e400", "0_5", " 0.5", "０.５"])
def test_a_constant_that_is_no_number_is_refused(raw, edit, figures, value):
    edit(raw / "constants.csv", 2, "value", value)
    with pytest.raises(BadInput, match="expected a decimal number"):
        growth.derive(figures, raw)
