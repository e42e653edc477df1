"""Derived quantities: worked examples, what their intervals promise, formulas of one's own, bad derivations."""

import csv
import itertools
import math
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import corpus
from helpers.corpus import BadInput, schema
from helpers.corpus.corpus import read_table
from helpers.corpus.graph import all_leaves, closure, generations, resting_on
from helpers.deriving import derivations
from helpers.deriving.cleaning import clean
from helpers.deriving.derivations import derive, kept_digits, rates_by_reading, years_of
from helpers.deriving.formula_language import parse
from helpers.deriving.measures import MEASURES
from helpers.deriving.quantities import all_quantities, derived_graph, inputs_at_hand

POINTS = 100  # true values that are tried at once
BOTH = ["small_results", pytest.param("real", marks=pytest.mark.corpus)]
COLUMNS = schema.DERIVATIONS.columns


@pytest.fixture(scope="session")
def results(request) -> SimpleNamespace:
    """The results of a corpus by the name of its fixture."""
    return request.getfixturevalue(request.param)


def interval_of(derived, name):
    row = derived.set_index("derived_id").loc[name]
    return row.value, row.low, row.high


def row(key, measure, unit, inputs="", period="2021", **cells) -> dict[str, str]:
    """A row of derivations.csv on GDP of Lanmouth."""
    plain = dict.fromkeys(COLUMNS, "") | {"indicator": "gdp", "entity": "lanmouth"}
    return (
        plain
        | {"derived_id": key, "measure": measure, "unit": unit, "inputs": inputs, "period": period}
        | cells
    )


def with_rows(results, *rows):
    """What is derived when there are further rows of derivations.csv, by id."""
    before = results.corpus.derivations
    lines = range(before.index.max() + 1, before.index.max() + 1 + len(rows))
    more = pd.DataFrame(rows, columns=COLUMNS, index=lines, dtype="str")
    changed = replace(results.corpus, derivations=pd.concat([before, more]))
    return derive(changed, results.figures).set_index("derived_id")


# -- worked examples --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        # 2.75 to the tenth part: ln 2.75 = 1.011601, ln 2.745 = 1.009781, ln 2.755 = 1.013417
        ("lanmouth-gdp-cagr", (10.64539, 10.62526, 10.66549)),
        ("lanmouth-gdp-cagr-grew-by", (14.1309, 14.1157, 14.1461)),  # 3.75, 3.745 and 3.755
        ("lanmouth-gdp-2011-implied", (15.16e9, 41.685e9 / 2.755, 41.695e9 / 2.745)),
        ("lanmouth-multiple-grew-by", (3.75, 3.745, 3.755)),
        ("lanmouth-multiple-revised", (2.75, 41.685 / 15.165, 41.695 / 15.155)),
        ("three-cities-gdp-2021", (84.99e9, 84.885e9, 85.095e9)),  # 41.69 + 25.3 + 18.0, each to its digits
        ("lanmouth-gdp-2021-before-growth", (42.60132e9, 42.53415e9, 42.66856e9)),  # 45.2 / 1.061
        (
            "lanmouth-growth-of-two-years",
            (1.14588, 1.1448098, 1.1469503),
        ),  # 1.08 × 1.061, ends 1.0795 × 1.0605 …
        (
            "harbour-workers-on-island",
            (6200, 5557.5, 6847.5),
        ),  # half of 12,400, 45 % of 12,350, 55 % of 12,450
        ("city-workers-implied", (155_000, 154_375, 12_450 / 0.07)),  # "nearly 8 %" is 7 to 8
        ("tonnes-per-crane", (3e6 / 350, 3e6 / 360, 3.3e6 / 340)),
        ("salt-sold-tonnes", (150_000, 142_500, 157_500)),
        ("bridges-sum", (9, 9, 9)),
        ("income-ratio-fall", (0.27, 0.215, 0.325)),  # 2.67 − 2.4, ends 2.665 − 2.45 and 2.675 − 2.35
        # 41.69 / 84.99, where its own rounding moves both: 41.685 / (41.685 + 25.35 + 18.05), and so on
        ("lanmouth-share-of-three", (100 * 41.69 / 84.99, 100 * 41.685 / 85.085, 100 * 41.695 / 84.895)),
    ],
)
def test_worked_examples(small_results, name, by_hand):
    assert interval_of(small_results.derived, name) == pytest.approx(by_hand, rel=5e-6)


@pytest.mark.corpus
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
        ("ganzhou-jobs-per-workshop", (66.6667, 54.54545, 66.6667)),
        ("shenzhen-completed-share", (19.6429, 19.6429, 19.6429)),
        ("xinfeng-shenzhen-time-saved", (4.0, 3.5, 4.5)),
        # 466,000 / (2 × 73.5 × 40)
        ("ganshen-passengers-per-train-a-day", (79.2517, 79.1667, 79.3367)),
        ("deqing-tangerine-tonnes-2022", (57500, 57250, 57750)),
        # (505.9 − 212.9) / (526 − 358)
        ("ganzhou-investment-per-remaining-project", (1.744048e9, 1.743452e9, 1.744643e9)),
        # (2.67 / 2.46)^(1/8) − 1
        ("guangdong-rural-lead", (1.02922, 0.979923, 1.078558)),
        # 187.869 / 1.1169
        ("gree-revenue-2020-implied", (168.2057e9, 168.1978e9, 168.2137e9)),
        ("shantou-zone-two-year-multiple", (1.44, 1.44, 1.4884)),
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
        # 849.0 over 416.9 / 2.7 + 252.6 / 2.7 + 179.5 / 2.5; 848.95 over 416.85 / 2.65 + 252.55 / 2.65 + 179.55 / 2.45
        # and 849.05 over 416.95 / 2.75 + 252.65 / 2.75 + 179.45 / 2.55
        ("three-cities-gdp-multiple-2011-2021", (2.655092, 2.605024, 2.705157)),
    ],
)
def test_worked_examples_of_the_five_articles(real, name, by_hand):
    assert interval_of(real.derived, name) == pytest.approx(by_hand, rel=5e-6)


@pytest.mark.corpus
def test_rates_by_reading_hold_each_city_under_each_reading(real):
    cities, readings = {"jian": "Ji'an", "ganzhou": "Ganzhou"}, {"": "a", "-grew-by": "b"}
    rates = rates_by_reading(real.derived, cities, readings)
    pairs = [["Ji'an", "a"], ["Ji'an", "b"], ["Ganzhou", "a"], ["Ganzhou", "b"]]
    assert rates[["label", "reading"]].values.tolist() == pairs
    assert rates.value.tolist() == pytest.approx([10.4425, 13.9778] * 2, rel=1e-5)


# -- what the intervals promise ----------------------------------------------------------------------------


def at_points(results, points: dict[str, np.ndarray], keys=None) -> dict[str, np.ndarray]:
    """Every derived quantity, or those of `keys`, where each input has the true values of `points`."""
    values, formulas = dict(points), results.derived.set_index("derived_id").formula
    wanted = set(formulas.index) if keys is None else set(keys)
    for key in itertools.chain.from_iterable(generations(derived_graph(results.derived))):
        if key in wanted and key in formulas.index:
            values[key] = parse(formulas[key]).evaluate(values)
    return values


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), ends=st.booleans())
@pytest.mark.parametrize("results", BOTH, indirect=True)
def test_no_true_value_that_the_print_allows_leaves_its_interval(results, seed, ends):
    """The property that the intervals promise, over the whole tree of derivations."""
    dice, box = np.random.default_rng(seed), inputs_at_hand(results.corpus, results.figures)
    share = dice.integers(0, 2, (len(box), POINTS)) if ends else dice.uniform(0, 1, (len(box), POINTS))
    low, high = (box[end].to_numpy()[:, None] for end in ("low", "high"))
    values = at_points(results, dict(zip(box.index, low + (high - low) * share, strict=True)))
    for row in results.derived.itertuples():
        slack = 1e-12 * max(1.0, abs(row.high))
        found = values[row.derived_id]
        assert (row.low - slack <= found).all() and (found <= row.high + slack).all(), row.derived_id


@pytest.mark.parametrize("results", BOTH, indirect=True)
def test_intervals_are_no_wider_than_what_the_inputs_reach(results):
    """Both ends are reached by true values, each figure having one, however many ways lead to it."""
    box = inputs_at_hand(results.corpus, results.figures)
    graph, tried = derived_graph(results.derived), 0
    leaves = all_leaves(graph)
    for row in results.derived.itertuples():
        wide = [key for key in sorted(leaves[row.derived_id]) if box.low[key] < box.high[key]]
        if len(wide) > 13:
            continue
        corners = np.array(list(itertools.product(*([box.low[key], box.high[key]] for key in wide)))).T
        points = {key: np.full(2 ** len(wide), box.low[key]) for key in leaves[row.derived_id]}
        points |= dict(zip(wide, corners, strict=True))
        found = at_points(results, points, closure(graph, [row.derived_id]))[row.derived_id]
        # twelve digits are kept at each step, of which a small difference of large steps loses some
        slack = 1e-9 * max(1.0, abs(row.low), abs(row.high)) + 1e-6 * (row.high - row.low)
        assert found.min() - slack <= row.low and row.high <= found.max() + slack, row.derived_id
        tried += 1
    assert tried >= 0.95 * len(results.derived)


@pytest.mark.corpus
@pytest.mark.parametrize("city", ["ganzhou", "fuzhou-jiangxi"])
def test_the_gap_of_bases_is_tight(real, city):
    """The last level is in both rates: its true range, over a grid of it and of the two bases."""
    box = real.corpus.comparators.set_index("comparator_id")
    names = f"gdp-{city}-2021", f"gdp-{city}-2011-revised", f"gdp-{city}-2011-first-print"
    last, revised, first = np.meshgrid(*(np.linspace(box.low[n], box.high[n], 21) for n in names))
    gap = 100 * ((last / first) ** 0.1 - (last / revised) ** 0.1)
    _, low, high = interval_of(real.derived, f"{city}-cagr-gap-of-bases")
    width = gap.max() - gap.min()
    assert low == pytest.approx(gap.min(), abs=1e-6 * width)
    assert high == pytest.approx(gap.max(), abs=1e-6 * width)
    of_rates = [interval_of(real.derived, f"{city}-cagr-{base}") for base in ("revised", "first-print")]
    assert high - low < 0.95 * sum(end[2] - end[1] for end in of_rates)  # what two separate levels would give


def test_an_input_on_several_ways_counts_once(small_results):
    derived = small_results.derived
    assert interval_of(derived, "lanmouth-cagr-lost-by-revision") == pytest.approx(
        (
            100 * ((41.69 / 14.2) ** 0.1 - (41.69 / 15.16) ** 0.1),
            100 * ((41.685 / 14.205) ** 0.1 - (41.685 / 15.155) ** 0.1),
            100 * ((41.695 / 14.195) ** 0.1 - (41.695 / 15.165) ** 0.1),
        ),
        rel=1e-10,
    )
    found = with_rows(
        small_results,
        row("twice", "total", "yuan", "lanmouth-gdp-2021 lanmouth-gdp-2021"),
        row("none", "difference", "yuan", "lanmouth-gdp-2021 lanmouth-gdp-2021"),
        row("half", "share", "percent", "lanmouth-gdp-2021 twice"),
        row("still-half", "share", "percent", "lanmouth-gdp-2021 again"),
        row("again", "total", "yuan", "none twice"),
    )
    assert found.loc["twice", ["low", "high"]].tolist() == [83.37e9, 83.39e9]
    assert found.loc["none", ["value", "low", "high"]].tolist() == [0, 0, 0]
    halves = found.loc[["half", "still-half"], ["value", "low", "high"]]
    assert halves.values.ravel().tolist() == pytest.approx([50] * 6, rel=1e-11)


def test_a_long_chain_of_shared_inputs_takes_no_longer_than_its_length(small_results):
    rows = [row("d0", "total", "yuan", "lanmouth-gdp-2021 sandwick-gdp-2021", departs="Any two will do")]
    for k in range(1, 30):  # each names the one before it by two ways
        rows.append(row(f"a{k}", "total", "yuan", f"d{k - 1}"))
        rows.append(row(f"d{k}", "total", "yuan", f"a{k} d{k - 1}"))
    found = with_rows(small_results, *rows)
    assert found.loc["d29", ["low", "high"]].tolist() == pytest.approx([2**29 * 66.935e9, 2**29 * 67.045e9])


@given(st.floats(1e-6, 1e15), st.floats(0, 1e-3))
def test_rounding_is_outwards(value, spread):
    low, high = value, value * (1 + spread)
    assert float(kept_digits(low, ROUND_FLOOR)) <= low * (1 + 1e-14)
    assert float(kept_digits(high, ROUND_CEILING)) >= high * (1 - 1e-14)
    assert float(kept_digits(low, ROUND_FLOOR)) >= low * (1 - 2e-11)


@pytest.mark.parametrize(
    ("value", "kept", "down", "up"),
    [
        (1 / 3, "0.333333333333", "0.333333333333", "0.333333333334"),
        (-2 / 3, "-0.666666666667", "-0.666666666667", "-0.666666666666"),
        (123456789012.5, "123456789012", "123456789012", "123456789013"),  # half to even
        (0.1 + 0.2, "0.3", "0.3", "0.3"),  # 0.30000000000000004: the noise of binary arithmetic
        (0.0, "0", "0", "0"),
    ],
)
def test_twelve_digits_are_kept(value, kept, down, up):
    found = [kept_digits(value), kept_digits(value, ROUND_FLOOR), kept_digits(value, ROUND_CEILING)]
    assert found == [Decimal(kept), Decimal(down), Decimal(up)]


@pytest.mark.parametrize(
    ("period", "years"),
    [
        ("2011/2021", 10),
        ("2021", None),
        ("2021/2011", None),
        ("2011/..", None),
        ("2011-12/2021-01", None),
        ("", None),
    ],
)
def test_the_years_of_a_period(period, years):
    assert years_of(period) == years


# -- what the table says of itself ---------------------------------------------------------------------------


@pytest.mark.parametrize("results", BOTH, indirect=True)
def test_every_derived_quantity_leads_back_to_numerals_or_to_a_named_source(results):
    box, leaves = inputs_at_hand(results.corpus, results.figures), all_leaves(derived_graph(results.derived))
    assert frozenset().union(*leaves.values()) <= set(box.index)
    assert results.derived.derived_id.tolist() == results.corpus.derivations.derived_id.tolist()
    assert (
        (results.derived.low <= results.derived.value) & (results.derived.value <= results.derived.high)
    ).all()


@pytest.mark.parametrize("results", BOTH, indirect=True)
def test_the_formula_names_every_input(results):
    for row in results.derived.itertuples():
        assert parse(row.formula).names and set(parse(row.formula).names) == set(row.inputs.split()), (
            row.derived_id
        )


def test_a_formula_of_its_own_is_shown_with_its_inputs(small_results):
    own = small_results.derived.set_index("derived_id").loc["lanmouth-share-of-three"]
    assert own.measure == "own_formula"
    assert own.inputs == "lanmouth-gdp-2021 sandwick-gdp-2021 fenby-gdp-2021"
    assert own.formula.startswith("lanmouth-gdp-2021 / (lanmouth-gdp-2021 + ")
    found = with_rows(
        small_results, row("own", "g × 2, g = lanmouth-gdp-2021 / three-cities-gdp-2021", "times")
    )
    # as the share of three, whose own rounding moves both sides
    assert found.loc["own", "low"] * 50 == pytest.approx(own.low, rel=1e-11)


@pytest.mark.corpus
def test_what_some_quantities_of_the_five_articles_rest_on(real):
    graph = derived_graph(real.derived)
    leaves = all_leaves(graph)
    assert leaves["ganzhou-multiple-revised"] == {"gdp-ganzhou-2011-revised", "gdp-ganzhou-2021"}
    assert "ganzhou-gdp-multiple-2011-2021" in leaves["three-cities-gdp-cagr-2011-2021"]
    found = resting_on(graph, ["gdp-ganzhou-2020"])
    assert {"ganzhou-rd-2020-implied", "ganzhou-rd-multiple", "ganzhou-rd-cagr"} <= found
    assert "ganzhou-gdp-2011-implied" not in found


def test_quantities_know_their_weakest_source(small_results):
    found = all_quantities(small_results.corpus, small_results.figures, small_results.derived)
    assert found.grade["lanmouth-multiple-revised"] == "B" and found.outside["lanmouth-multiple-revised"]
    assert found.grade["lanmouth-growth-of-two-years"] == "A"
    assert found.grade["lanmouth-gdp-cagr"] == "" and not found.outside["lanmouth-gdp-cagr"]
    assert found.grade["salt-sold-tonnes"] == "" and found.outside["salt-sold-tonnes"]  # a constant
    assert found.kind.value_counts().to_dict() == {
        "derived": len(small_results.derived),
        "comparator": len(small_results.corpus.comparators),
        "figure": len(small_results.figures),
        "constant": len(small_results.corpus.constants),
    }


@pytest.mark.parametrize(
    "inputs",
    [
        "gdp-growth-lanmouth-2021 harbour-workers-share-2021",
        "harbour-workers-share-2021 gdp-growth-lanmouth-2021",
    ],
)
def test_the_weakest_of_several_sources_counts(small_results, inputs):
    rows = [
        row("both", "total", "percent", inputs, departs="Any two will do"),
        row("on", "total", "percent", "both lanmouth-gdp-growth-2022", departs="So will a third"),
    ]
    derived = with_rows(small_results, *rows).reset_index()
    found = all_quantities(small_results.corpus, small_results.figures, derived)
    assert found.grade[["gdp-growth-lanmouth-2021", "both", "on"]].tolist() == ["A", "C", "C"]


# -- sums and average growth ------------------------------------------------------------------------------------


def measured(name, *numbers) -> float:
    """A measure at these inputs."""
    ids = [f"input-{k}" for k in range(len(numbers))]
    used = MEASURES[name]
    return used.parsed.bind(used.binding(ids)).evaluate(dict(zip(ids, map(float, numbers), strict=True)))


@pytest.mark.corpus
def test_bounds_of_a_rising_series_hold_every_such_series(real):
    """Ten amounts that never fall, with the printed sum and growth: the last lies between the bounds."""
    _, least, _ = interval_of(real.derived, "ganzhou-livelihood-last-least")
    _, _, greatest = interval_of(real.derived, "ganzhou-livelihood-last-greatest")
    dice = np.random.default_rng(7)
    for _ in range(500):
        inner = sorted(dice.uniform(0, 1, 8) ** dice.choice([0.2, 1, 5]))
        path = [1, *(1 + (1.1685**9 - 1) * x for x in inner), 1.1685**9]
        assert least <= 556.011e9 / sum(path) * path[-1] <= greatest


@settings(max_examples=50)
@given(st.lists(st.floats(10, 100), min_size=3, max_size=8), st.floats(1, 20), st.floats(10, 200))
def test_no_path_keeps_every_share_below_the_least_peak(wholes, rate, total):
    """Against linear programming, which looks for a path; without a ceiling on the first amount, as in the formula."""
    from scipy.optimize import linprog

    size, factor = len(wholes), (1 + rate / 100) ** (len(wholes) - 1)
    least = measured("least_peak_share", total, rate, size - 1, *wholes)
    free = measured("least_peak_share_of_free_start", total, *wholes)
    # variables: the amounts and the highest share; smallest highest share
    cost = [0] * size + [1]
    below = [
        [-w / 100 if j == size else float(j == k) for j in range(size + 1)] for k, w in enumerate(wholes)
    ]
    rising = [[float(j == k) - float(j == k + 1) for j in range(size + 1)] for k in range(size - 1)]
    whole = [1.0] * size + [0.0]
    tied = [float(j == size - 1) - factor * float(j == 0) for j in range(size + 1)]
    tied_path = linprog(cost, below[1:] + rising, [0] * (2 * size - 2), [whole, tied], [total, 0])
    free_path = linprog(cost, below + rising, [0] * (2 * size - 1), [whole], [total])
    assert free == pytest.approx(free_path.fun, rel=1e-6)
    assert least <= tied_path.fun * (1 + 1e-6)


def test_constant_growth_of_nothing_has_no_result_by_the_formula():
    assert math.isnan(measured("first_of_constant_growth", 100, 0, 10))


# -- bad derivations -----------------------------------------------------------------------------------------------


def faults(folder, *rows):
    """What is wrong with the figures and derivations of a corpus to which rows of derivations.csv are added."""
    file = folder / "derivations.csv"
    with open(file, "a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, COLUMNS, lineterminator="\n").writerows(rows)
    with pytest.raises(BadInput) as caught:
        raw = corpus.load(folder)
        derive(raw, clean(raw))
    return caught.value.faults


NEW = 27  # the first line of derivations.csv that is free


@pytest.mark.parametrize(
    ("measure", "unit", "advice"),
    [
        ("lanmouth-gdp-2021 +", "yuan", 'it must be a formula: The formula ends where a number, a name or a "(" is expected.'),
        ("(lanmouth-gdp-2021", "yuan", 'it must be a formula: The "(" at character 1 is not closed'),
        ("lanmouth-gpd-2021 / 2", "yuan", "it must be a formula in yuan: No quantity has the id lanmouth-gpd-2021; lanmouth-gdp-2021 is near."),
        ("lanmouth-gdp-2021-fenby-gdp-2021", "yuan", "it must be a formula in yuan: No quantity has the id lanmouth-gdp-2021-fenby-gdp-2021; a minus between names is −"),
        ("log(lanmouth-gdp-2021)", "yuan", "it must be a formula: Unknown function log at character 1; the functions are exp, "),
        ("lanmouth-gdp-2021 + harbour-workers", "yuan", "it must be a formula in yuan: In lanmouth-gdp-2021 + harbour-workers, lanmouth-gdp-2021 is in yuan, and harbour-workers is in person"),
        ("lanmouth-gdp-2021 / 2", "person", "it must be a formula in person: The result of lanmouth-gdp-2021 / 2 is in yuan, not in person"),
        ("lanmouth-gdp-2021 / (lanmouth-gdp-multiple − 2.75)", "yuan", "there is no result: lanmouth-gdp-multiple may be 2.75, where the formula divides by 0"),
        ("lanmouth-gdp-2021 / harbour-workers-none", "yuan", "it must be a formula in yuan: No quantity has the id harbour-workers-none"),
        ("exp(lanmouth-gdp-multiple × 1000)", "times", "there is no result: exp(lanmouth-gdp-multiple × 1000) is too large a number to compute for what lanmouth-gdp-multiple may be"),
        ("2 + 3", "times", "the formula must name a quantity"),
        ("Growth", "percent", 'it must be a formula: Unexpected "G" at character 1; names and ids are in lower-case letters.'),
    ],
)  # fmt: skip
def test_a_bad_formula_of_its_own_is_refused_where_it_stands(small, measure, unit, advice):
    (fault,) = faults(small, row("own", measure, unit))
    assert (fault.file, fault.line, fault.column, fault.value) == (
        small / "derivations.csv",
        NEW,
        "measure",
        measure,
    )
    assert fault.advice.startswith(advice)
    assert "no hyphen" not in str(fault)  # a minus sign is right in a formula


def test_inputs_beside_a_formula_are_refused(small):
    (fault,) = faults(small, row("own", "lanmouth-gdp-2021 / 2", "yuan", "lanmouth-gdp-2021"))
    assert (fault.line, fault.column) == (NEW, "inputs")
    assert fault.advice == "it must be empty, as the formula names its inputs itself"


@pytest.mark.parametrize(
    ("rows", "line", "value"),
    [
        ([row("own", "own / 2", "yuan")], NEW, "own ← own"),
        ([row("one", "two / 2", "yuan"), row("two", "total", "yuan", "one")], NEW, "one ← two ← one"),
        ([row("one", "total", "yuan", "two"), row("two", "one / 2", "yuan")], NEW + 1, "one ← two ← one"),
    ],
)
def test_a_circle_through_a_formula_is_refused(small, rows, line, value):
    (fault,) = faults(small, *rows)
    assert (fault.line, fault.column) == (line, "measure")
    assert (
        set(fault.value.split(" ← ")) == set(value.split(" ← ")) and fault.advice == "there must be no circle"
    )


def test_what_rests_on_a_bad_formula_is_not_blamed(small):
    found = faults(small, row("own", "no-such / 2", "yuan"), row("after", "own / 2", "yuan"))
    assert [(fault.line, fault.column) for fault in found] == [(NEW, "measure")]
    found = faults(small, row("next", "after × 2", "yuan"), row("bad", "(", "yuan"))
    assert [fault.line for fault in found] == [NEW, NEW + 3]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (
            "measure",
            "growth_rate",
            "it must be one of those in `python -m helpers measures`, or a formula over ids",
        ),
        ("measure", "doubling_tme", "near to it: doubling_time"),
        (
            "inputs",
            "lanmouth-gdp-2012",
            "it must be a figure, a constant, a comparator or a derived id; near to it: ",
        ),
        ("inputs", "", "expected 1 for compound_annual_growth_rate(multiple), not 0"),
        (
            "inputs",
            "lanmouth-gdp-2021 fenby-gdp-2021",
            "expected 1 for compound_annual_growth_rate(multiple), not 2",
        ),
        ("inputs", "lanmouth-gdp-cagr", "there must be no circle"),
        ("period", "2021", "it must be an interval of years such as 2011/2021"),
        ("period", "", "it must be an interval of years such as 2011/2021"),
        ("period", "2011-12/2021-01", "it must be an interval of years such as 2011/2021"),
        ("period", "last year", "it must be an ISO 8601"),
        ("period", "2021/2011", "it must be an ISO 8601"),
        ("unit", "yuan", "it must be percent_per_year, the unit of compound_annual_growth_rate here"),
        ("unit", "pct", "it must be one of"),
        ("entity", "gansu", "it must be one of"),
        ("derived_id", "lanmouth-gdp-2021", "it must be a slug that no figure, constant or comparator has"),
        ("derived_id", "lanmouth-gdp-cagr-grew-by", "it must be a value of its own"),
        ("derived_id", "../../etc", "it must be a slug"),
    ],
)
def test_a_bad_derivation_is_refused(small, edit, column, value, expected):
    edit(small / "derivations.csv", 2, column, value)
    found = [f for f in faults(small) if f.file.name == "derivations.csv"]
    assert any(expected in fault.advice for fault in found), found
    assert all(fault.line in (2, 3) for fault in found)


def test_unlike_units_are_not_added(small, edit, line_of):
    file = small / "derivations.csv"
    line = line_of(file, "derived_id", "three-cities-gdp-2021")
    edit(file, line, "inputs", "lanmouth-gdp-2021 harbour-workers")
    (fault,) = faults(small)
    assert (fault.line, fault.column) == (line, "inputs")
    assert fault.advice == "they must be quantities of one unit, not yuan, person"


@pytest.mark.parametrize(
    ("figure", "bounds", "derived", "why"),
    [
        ("lanmouth-gdp-multiple", (0.5, 0, 1), "lanmouth-gdp-2011-implied", "lanmouth-gdp-multiple reaches down to 0, where the formula divides by 0"),
        ("lanmouth-gdp-multiple", (1, 1, 1), "lanmouth-doubling-time", "lanmouth-gdp-multiple is 1, where the formula divides by 0"),
        ("lanmouth-gdp-multiple", (-2, -3, -1), "lanmouth-gdp-cagr", "lanmouth-gdp-multiple reaches down to −3, where the formula takes a root of a number below 0"),
        ("harbour-cranes", (0, -1, 1), "tonnes-per-crane", "harbour-cranes may be 0, where the formula divides by 0"),
        ("lanmouth-gdp-growth-2022", (-100, -150, -50), "lanmouth-gdp-2021-before-growth", "lanmouth-gdp-growth-2022 may be −100, where the formula divides by 0"),
    ],
)  # fmt: skip
def test_a_quantity_without_a_finite_value_names_its_input(small_results, figure, bounds, derived, why):
    spoilt = small_results.figures.copy()
    spoilt.loc[spoilt.figure_id == figure, ["value", "low", "high"]] = bounds
    with pytest.raises(BadInput) as caught:
        derive(small_results.corpus, spoilt)
    rows = small_results.corpus.derivations
    line, inputs = next((row.Index, row.inputs) for row in rows.itertuples() if row.derived_id == derived)
    said = {(fault.line, fault.column): (fault.value, fault.advice) for fault in caught.value.faults}
    assert said[line, "inputs"] == (inputs, f"there is no result: {why}")


@pytest.mark.parametrize("value", ["", "NaN", "inf", "0,5", "half", "1e400", "0_5", " 0.5", "０.５"])
def test_a_constant_that_is_no_number_is_refused(small, edit, value):
    edit(small / "constants.csv", 2, "value", value)
    with pytest.raises(BadInput) as caught:
        read_table(small, schema.CONSTANTS, {"units": None})
    assert [f.column for f in caught.value.faults] == ["value"]
    assert caught.value.faults[0].advice.startswith("it must be a decimal number")


def test_a_constant_outside_its_own_bounds_is_refused(small, edit):
    edit(small / "constants.csv", 2, "low", "0.9")
    (fault,) = faults(small)
    assert fault.advice == "it must be between low, 0.9, and high, 0.5"


def test_an_input_of_which_only_the_low_end_is_open_is_shared_too(small_results):
    """Twice nearly 8 percent less itself is nearly 8 percent: 7 to 8, not 6 to 9."""
    share, of_share = "harbour-workers-share", {"entity": "lanmouth_harbour", "period": "2022"}
    rows = [
        row("twice", f"2 × {share}", "percent", **of_share),
        row("rest", f"twice − {share}", "percent", **of_share),
    ]
    assert with_rows(small_results, *rows).loc["rest", ["low", "high"]].tolist() == [7, 8]


@pytest.mark.parametrize(
    ("key", "column", "value", "said"),
    [
        ("tonnes-per-crane", "unit", "percent", "it must be a unit of harbour-tonnes / harbour-cranes, of inputs in tonne, crane"),
        ("tonnes-per-crane", "inputs", "harbour-cranes harbour-tonnes", "it must be a unit of harbour-cranes / harbour-tonnes"),
        ("lanmouth-gdp-2011-implied", "inputs", "lanmouth-gdp-2021 lanmouth-gdp-cagr", "it must be in times, as multiple of implied_base is, not in percent_per_year"),
        ("lanmouth-gdp-cagr", "inputs", "harbour-workers", "it must be in times, as multiple of compound_annual_growth_rate is, not in person"),
        ("harbour-workers-on-island", "inputs", "harbour-cranes harbour-workers", "it must be in percent or percent_per_year, as share of part_of_level is, not in crane"),
        ("harbour-workers-on-island", "unit", "usd", "it must be a unit of harbour-workers-on-island-share / 100 × harbour-workers"),
        ("salt-sold-tonnes", "inputs", "salt-sold lanmouth-gdp-multiple", "it must be in kg_per_jin, as kilograms_per_jin of tonnes_of_jin is, not in times"),
    ],
)  # fmt: skip
def test_a_measure_of_inputs_in_units_that_do_not_fit_is_refused(
    small, edit, line_of, key, column, value, said
):
    file = small / "derivations.csv"
    line = line_of(file, "derived_id", key)
    edit(file, line, column, value)
    assert any(f.line == line and f.advice.startswith(said) for f in faults(small)), [
        str(f) for f in faults(small)
    ]


def test_a_value_that_lost_its_last_digits_stays_within_its_own_bounds():
    """Large steps keep twelve digits; their small difference keeps fewer than its bounds, which know more."""
    box = {
        "a": [358667742.6666, 358667742.6665, 358667742.6667],
        "b": [358667384.0, 358667384.0, 358667384.0],
    }
    value, low, high = derivations._narrowed([358.667, 358.0, 359.0], parse("a − b"), box)
    assert low <= value <= high == pytest.approx(358.6667, abs=1e-6)
