"""Every measure at a worked example by hand, the formulas that readers see, and wrong inputs."""

import pytest

from helpers.deriving.formula_language import parse
from helpers.deriving.measures import MEASURES

BY_HAND = {  # inputs in order, years of the period, result
    "compound_annual_growth_rate": ([8], 3, 100),  # 8 = 2³: doubles each year
    "compound_annual_growth_rate_of_increase": ([7], 3, 100),  # 1 + 7 = 8 = 2³
    "compound_annual_growth_rate_between": ([100, 121], 2, 10),  # 1.21 = 1.1²
    "doubling_time": ([8], 9, 3),  # 8 = 2³: three doublings in 9 years
    "doubling_time_of_increase": ([3], 10, 5),  # 1 + 3 = 2²: two doublings in 10 years
    "gap_of_readings": ([7], 3, 8.706881722761),  # (∛8 − ∛7) × 100 = (2 − 1.91293118277239) × 100
    "compounded_multiple": ([10, 2], None, 1.21),  # 1.1 × 1.1
    "product_of_growth": ([10, 20, -50], None, 0.66),  # 1.1 × 1.2 × 0.5
    "multiple_of_increase": ([2.7], None, 3.7),  # 1 + 2.7
    "multiple_of_growth": ([25], None, 1.25),  # 1 + 0.25
    "multiple": ([4, 10], None, 2.5),  # 10 / 4
    "growth": ([80, 100], None, 25),  # 100 / 80 = 1.25
    "implied_base": ([10, 2.5], None, 4),  # 10 / 2.5
    "implied_base_of_increase": ([10, 1.5], None, 4),  # 10 / 2.5
    "increase_over_base": ([10, 2.5], None, 6),  # 10 − 4
    "increase_over_base_of_increase": ([10, 1.5], None, 6),  # 10 − 4
    "level_before_growth": ([120, 20], None, 100),  # 120 / 1.2
    "increase_of_growth": ([120, 20], None, 20),  # 120 − 100
    "level_before_increase": ([120, 20], None, 100),  # 120 − 20
    "growth_of_increase": ([120, 20], None, 20),  # 20 of 100
    "compound_annual_growth_rate_of_level_and_increase": ([121, 21], 2, 10),  # 121 / 100 = 1.1²
    "level_beyond_growth": ([100, 132, 10], None, 1.2),  # 100 grown by 10 % is 110; 132 / 110
    "difference": ([3, 10], None, 7),  # 10 − 3
    "total": ([1, 2, 4], None, 7),  # 1 + 2 + 4
    "pooled_multiple": ([6, 8, 3, 2], None, 7 / 3),  # (6 + 8) / (6 / 3 + 8 / 2) = 14 / 6
    "pooled_multiple_of_increase": ([6, 8, 2, 1], None, 7 / 3),  # (6 + 8) / (6 / 3 + 8 / 2) = 14 / 6
    "share": ([3, 12], None, 25),  # a quarter
    "share_of_total": ([2, 3, 5], None, 20),  # 2 of 10
    "ratio": ([5, 2], None, 2.5),  # 5 / 2
    "share_saved": ([8, 6], None, 25),  # 2 of 8
    "per_item": ([12, 4], None, 3),  # 12 / 4
    "per_item_outside_part": ([20, 8, 7, 3], None, 3),  # 12 / 4
    "part_of_level": ([25, 80], None, 20),  # a quarter of 80
    "part_of_implied_base": ([25, 80, 2], None, 10),  # a quarter of 40
    "part_of_implied_base_of_increase": ([25, 80, 1], None, 10),  # a quarter of 40
    "relative_growth_of_denominator": ([121, 100], 2, 10),  # 1.21 = 1.1²
    # three amounts that grow by 200 percent and add up to 13: 1, 3, 9
    "first_of_constant_growth": ([13, 200, 3], None, 1),
    "last_of_constant_growth": ([13, 200, 3], None, 9),
    "year_before_constant_growth": ([13, 200, 3], None, 1 / 3),
    "amount_of_constant_growth": ([13, 200, 3, 3], None, 9),
    # the last is nine times the first: x / 9 + x + x = 19, and x / 9 + x / 9 + x = 11
    "least_last_of_rising_amounts": ([19, 200, 3, 2], None, 9),
    "greatest_last_of_rising_amounts": ([11, 200, 3, 2], None, 9),
    # wholes 10, 30, 18 lowered to later ones are 10, 18, 18; 9.5 / (18 / 9 + 18 + 18), and 9.2 / (10 + 18 + 18)
    "least_peak_share": ([9.5, 200, 2, 10, 30, 18], None, 25),
    "least_peak_share_of_free_start": ([9.2, 10, 30, 18], None, 20),
    "share_of_increase": ([9, 200, 2, 10, 26], None, 50),  # (9 − 9 / 9) / (26 − 10) = 8 / 16
    "whole_of_share": ([5, 25], None, 20),  # 5 is a quarter of 20
    "whole_of_share_to_level": ([5, 25, 80], None, 25),  # 20 of 80
    "converted": ([10, 63, 9], None, 70),  # 7 for 1
    "tonnes_of_jin": ([4000, 0.5], None, 2),  # 2000 kg
    "trains_of_pairs": ([3, 4], None, 14),  # 7 pairs
    "over_days": ([6, 7], None, 42),  # 6 × 7
    "per_item_and_day": ([84, 3, 7], None, 4),  # 84 / 21
}


UNITS = {  # of the result, with the measures that have it; a star where all inputs must have one unit
    "percent_per_year": "compound_annual_growth_rate compound_annual_growth_rate_of_increase "
    "compound_annual_growth_rate_between* compound_annual_growth_rate_of_level_and_increase* "
    "relative_growth_of_denominator*",
    "year": "doubling_time doubling_time_of_increase",
    "percentage_point": "gap_of_readings",
    "times": "compounded_multiple product_of_growth multiple_of_increase multiple_of_growth multiple* "
    "level_beyond_growth pooled_multiple pooled_multiple_of_increase",
    "percent": "growth* growth_of_increase* share share_of_total* share_saved* least_peak_share "
    "least_peak_share_of_free_start share_of_increase whole_of_share_to_level",
    "ratio": "ratio*",
    "tonne": "tonnes_of_jin",
    "train": "trains_of_pairs*",
    "same": "implied_base implied_base_of_increase increase_over_base increase_over_base_of_increase "
    "level_before_growth increase_of_growth level_before_increase* difference* total* over_days "
    "first_of_constant_growth last_of_constant_growth year_before_constant_growth whole_of_share "
    "least_last_of_rising_amounts greatest_last_of_rising_amounts amount_of_constant_growth",
    "": "per_item per_item_outside_part part_of_level part_of_implied_base part_of_implied_base_of_increase "
    "converted per_item_and_day",
}


def test_every_measure_has_an_example():
    assert set(BY_HAND) == set(MEASURES)


def test_a_measure_says_in_which_unit_it_comes_and_whether_its_inputs_have_one():
    by_hand = {
        name.rstrip("*"): (unit, name.endswith("*"))
        for unit, names in UNITS.items()
        for name in names.split()
    }
    assert {name: (used.unit, used.alike) for name, used in MEASURES.items()} == by_hand


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_gives_what_the_hand_gives(name):
    numbers, years, result = BY_HAND[name]
    ids = [f"input-{k}" for k in range(len(numbers))]
    formula = MEASURES[name].parsed.bind(MEASURES[name].binding(ids, years))
    values = dict(zip(ids, map(float, numbers), strict=True))
    assert formula.evaluate(values) == pytest.approx(result, rel=1e-12)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_uses_all_its_inputs_and_says_what_it_means(name):
    used = MEASURES[name]
    assert set(used.parsed.names) - {"years"} == {i.lstrip("*") for i in used.inputs}
    assert used.meaning.endswith(".") and (not used.note or used.note.endswith("."))


@pytest.mark.parametrize(
    ("name", "ids", "written"),
    [
        ("product_of_growth", "a b", "(1 + a / 100) × (1 + b / 100)"),
        ("pooled_multiple", "a b x y", "(a + b) / (a / x + b / y)"),
        ("pooled_multiple_of_increase", "a b x y", "(a + b) / (a / (1 + x) + b / (1 + y))"),
        ("least_peak_share", "t g n a b", "t / (last(c) / (1 + g / 100) ^ n + sum(rest(c))) × 100, c = running_least(a, b)"),
        ("least_peak_share_of_free_start", "t a b", "t / sum(c) × 100, c = running_least(a, b)"),
        ("first_of_constant_growth", "t g n", "t × r / ((1 + r) ^ n − 1), r = g / 100"),
        ("first_of_constant_growth", "r g n", "r × r2 / ((1 + r2) ^ n − 1), r2 = g / 100"),  # an id spelt like r
        ("share_of_total", "a b c", "a / (a + b + c) × 100"),
        ("trains_of_pairs", "a b", "2 × (a + b)"),
        ("total", "a", "a"),
        ("part_of_level", "a b", "a / 100 × b"),  # a product is the same either way, its inputs are not
        ("part_of_implied_base", "a b c", "a / 100 × b / c"),
        ("part_of_implied_base_of_increase", "a b c", "a / 100 × b / (1 + c)"),
        ("converted", "a b c", "a × b / c"),
        ("tonnes_of_jin", "a b", "a × b / 1000"),
        ("over_days", "a b", "a × b"),
    ],
)  # fmt: skip
def test_inputs_are_written_in_their_places_and_lists_out(name, ids, written):
    used = MEASURES[name]
    assert used.parsed.written(used.binding(ids.split())) == written
    numbers = dict(zip(ids.split(), (2.0, 3.0, 5.0, 7.0, 11.0), strict=False))
    bound = used.parsed.bind(used.binding(ids.split()))
    assert parse(written).evaluate(numbers) == pytest.approx(bound.evaluate(numbers), rel=1e-15)


@pytest.mark.parametrize(
    ("name", "ids", "years", "message"),
    [
        ("share", "a", None, r"expected 2 for share\(part, whole\), not 1"),
        ("share", "a b c", None, r"expected 2 for share\(part, whole\), not 3"),
        ("total", "", None, r"expected more than 0 for total\(\*values\), not 0"),
        ("share_of_total", "a", None, r"expected more than 1 for share_of_total\(part, \*others\), not 1"),
        ("pooled_multiple", "a b c", None, "expected as many multiples as levels for pooled_multiple, not 3 in all"),
        ("compound_annual_growth_rate", "a", None, "needs the number of years of an interval such as 2011/2021"),
    ],
)  # fmt: skip
def test_a_wrong_number_of_inputs_is_refused(name, ids, years, message):
    with pytest.raises(ValueError, match=message):
        MEASURES[name].binding(ids.split(), years)


def test_parameters_are_named_for_messages():
    assert MEASURES["pooled_multiple"].parameters == ["*levels_then_multiples"]
    assert MEASURES["least_peak_share"].parameters == ["total", "rate", "steps", "*wholes"]
    assert MEASURES["doubling_time"].needs_years and not MEASURES["share"].needs_years
