"""The formula language: what is computed, what is written, what is refused, and units of own formulas."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.deriving.formula_language import FormulaError, parse
from helpers.deriving.unit_check import check_units


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("2 + 3 × 4", 14),
        ("(2 + 3) × 4", 20),
        ("2 ^ 3 ^ 2", 512),  # 2 ^ 9
        ("−2 ^ 2", -4),
        ("2 ^ −1", 0.5),
        ("8 / 4 / 2", 1),
        ("8 − 4 − 2", 2),
        ("8 - 4 - 2", 2),
        ("2 * 3 × − 1", -6),
        ("(- 3)", -3),
        ("1.5 × 2", 3),
        ("ln 1 + exp(0)", 1),
        ("ln (2 × 0.5)", 0),
        ("min(3, 1, 2) + max(3, 1, 2)", 4),
        ("sum(1, 2, 3) × product(2, 3)", 36),
        ("first(4, 5, 6) − last(4, 5, 6)", -2),
        ("sum(rest(4, 5, 6))", 11),
        ("sum(rest(4))", 0),
        ("sum(running_least(1, 3, 2, 4))", 9),  # 1, 2, 2, 4
        ("sum(c) × first(c), c = running_least(3, 2)", 8),  # 2, 2
        ("a × b, a = 2 + 1, b = a ^ 2", 27),
        ("1 / 0", math.nan),
        ("0 / 0", math.nan),
        ("ln 0", math.nan),
        ("(−8) ^ (1 / 3)", math.nan),
        ("0 ^ −1", math.nan),
        ("exp(1000)", math.nan),
        ("10 ^ 400", math.nan),
    ],
)
def test_values_by_hand(text, result):
    assert parse(text).evaluate({}) == pytest.approx(result, nan_ok=True)


def test_arrays_are_computed_item_by_item_and_give_nan_where_there_is_nothing():
    x = np.array([-4.0, 0.0, 4.0])
    assert parse("x ^ 0.5").evaluate({"x": x}) == pytest.approx([math.nan, 0, 2], nan_ok=True)
    assert parse("1 / x").evaluate({"x": x}) == pytest.approx([-0.25, math.nan, 0.25], nan_ok=True)
    assert parse("ln x").evaluate({"x": x}) == pytest.approx([math.nan, math.nan, math.log(4)], nan_ok=True)
    assert parse("min(x, 2) + max(x, y)").evaluate({"x": x, "y": 1.0}) == pytest.approx([-3, 1, 6])


def test_names_are_those_that_no_definition_explains():
    formula = parse("total × r / ((1 + r) ^ amounts − 1), r = rate / 100")
    assert formula.names == ("total", "amounts", "rate")
    assert parse("ganzhou-gdp-2021 − 2021-plan / jian-gdp").names == (
        "ganzhou-gdp-2021",
        "2021-plan",
        "jian-gdp",
    )
    assert parse("last / first").names == ("last", "first")  # functions only before a parenthesis


def test_formulas_are_put_into_formulas_and_a_shared_input_stays_one():
    outer, inner = parse("(share − 1) / rate, rate = 2"), parse("part / r, r = part + rate")
    both = outer.substitute({"share": inner})
    assert both.names == (
        "part",
        "rate",
    )  # the name of the one definition is not taken for the input of the other
    assert both.evaluate({"part": 6.0, "rate": -4.0}) == 1  # (6 / 2 − 1) / 2


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("((a) + (b))", "a + b"),
        ("a+b*c", "a + b × c"),
        ("a - (b - c)", "a − (b − c)"),
        ("a / (b × c)", "a / (b × c)"),
        ("(a / b) × c", "a / b × c"),
        ("(a ^ b) ^ c", "(a ^ b) ^ c"),
        ("a ^ (b ^ c)", "a ^ b ^ c"),
        ("−(a + b)", "−(a + b)"),
        ("(ln (a)) ^ 2", "(ln a) ^ 2"),
        ("ln(a + 1)", "ln (a + 1)"),
        ("sum(a, b, c) / 3", "(a + b + c) / 3"),
        ("d − sum(a, b)", "d − (a + b)"),
        ("d + sum(a, b)", "d + a + b"),
        ("min(a, b)", "min(a, b)"),
        ("a × r,r=b/100", "a × r, r = b / 100"),
    ],
)
def test_own_formulas_are_written_with_the_parentheses_that_they_need(text, written):
    assert parse(text).written() == written


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b-2", "7", "0.25"]),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from("+−×/^"), part).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        part.map(lambda t: f"−({t})"),
        part.map(lambda t: f"ln ({t})"),
        st.tuples(part, part).map(lambda t: f"max({t[0]}, {t[1]})"),
    ),
    max_leaves=10,
)


@given(EXPRESSIONS)
def test_what_is_written_is_read_as_the_same_formula(text):
    formula = parse(text)
    assert parse(formula.written()) == formula


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The formula is empty."),
        ("a +", 'The formula ends where a number, a name or a "(" is expected.'),
        ("a b", 'Unexpected "b" at character 3; a sign such as + or × is missing before it.'),
        ("(a + (b)", 'The "(" at character 1 is not closed; a ")" is missing after it.'),
        ("a + b)", 'The ")" at character 6 closes nothing; a "(" is missing before it.'),
        ("a × × b", 'Unexpected "×" at character 5, where a number, a name or a "(" is expected.'),
        ("a -b", 'Unexpected "-" at character 3; a minus between names is − (U+2212) or has blanks around it, because ids contain hyphens.'),
        ("a ** 2", 'Unexpected "*" at character 4; a power is written ^.'),
        ("a ÷ b", 'Unexpected "÷" at character 3; a division is written /.'),
        ("a % 2", 'Unexpected "%" at character 3; a percentage is a number like any other, so divide by 100 where needed.'),
        ("1,000", 'Unexpected "000" at character 3; after a comma comes a definition such as r = rate / 100, and numbers are written without commas.'),
        ("a × r, r", 'The formula ends where the rest of a definition such as "r = rate / 100" is expected.'),
        ("GDP / 2", 'Unexpected "G" at character 1; names and ids are in lower-case letters.'),
        ("ln a ^ 2", 'Unexpected "^" at character 6; a power of a logarithm or of its argument needs parentheses around the one or the other.'),
        ("2 + log(a)", "Unknown function log at character 5; the functions are exp, first, last, ln, max, min, product, rest, running_least, sum, and a product needs ×."),
        ("exp(a, b)", "The function exp at character 1 takes one value only."),
        ("r, r = r / 2", "The definition of r uses r, which is not defined before it."),
        ("r, r = 1, r = 2", "The name r is defined twice."),
        ("__import__(a)", 'Unexpected "_" at character 1, where a number, a name or a "(" is expected.'),
        ("−" * 200 + "a", "The formula is nested more than 100 levels deep; split it with definitions."),
    ],
)  # fmt: skip
def test_a_bad_formula_is_refused_with_a_sentence(text, message):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a-gdp-b-gdp", "No quantity has the id a-gdp-b-gdp; a minus between names is"),
        ("a-gdp-1", "No quantity has the id a-gdp-1; a minus between names is"),
        ("a-gpd / b-gdp", "No quantity has the id a-gpd; a-gdp is near."),
        ("population", "No quantity has the id population."),
    ],
)
def test_an_unknown_id_is_refused_with_what_may_be_meant(text, message):
    with pytest.raises(FormulaError) as caught:
        parse(text).check({"a-gdp", "b-gdp"})
    assert str(caught.value).startswith(message)
    parse("a-gdp − b-gdp").check({"a-gdp", "b-gdp"})


def test_lists_must_have_equal_length_and_be_made_one_number():
    with pytest.raises(FormulaError, match="Lists of unequal length, 1 and 2"):
        parse("sum(a / b)").bind({"a": ["x", "y"], "b": ["z"]})
    with pytest.raises(FormulaError, match="gives a list, not one number"):
        parse("a / 2").bind({"a": ["x", "y"]})
    with pytest.raises(FormulaError, match=r"last\(…\) needs at least one item"):
        parse("last(rest(a))").bind({})


def test_a_sum_of_very_many_items_is_no_deeper_than_one_of_two():
    names = [f"a{k}" for k in range(3000)]
    assert parse(" + ".join(names)).evaluate(dict.fromkeys(names, 1.0)) == 3000
    assert parse("sum(a)").bind({"a": names}).evaluate(dict.fromkeys(names, 1.0)) == 3000


UNITS = {
    "gdp-a": "yuan",
    "gdp-b": "yuan",
    "people": "person",
    "growth": "percent",
    "workshops": "workshop",
    "area": "km2",
    "density": "per_km2",
    "fruit": "jin",
    "weight": "kg_per_jin",
    "days": "day",
    "steps": "year",
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("gdp-a + gdp-b × (1 + growth / 100)", "yuan"),
        ("gdp-a / gdp-b × 100", "percent"),
        ("gdp-a / gdp-b", "times"),
        ("gdp-a / workshops", "yuan_per_item"),
        ("people / workshops", "person_each"),
        ("gdp-a / steps / people", "yuan_per_year_per_person"),
        ("density × area", "ratio"),
        ("1 / area", "per_km2"),
        ("fruit × weight", "kg"),
        ("max(gdp-a, gdp-b, sum(gdp-a, gdp-b))", "yuan"),
        ("ln (gdp-a / gdp-b) + exp(growth)", "ratio"),
        ("(gdp-a ^ 2) ^ 0.5", "yuan"),
        ("((gdp-a / gdp-b) ^ (1 / steps) − 1) × 100", "percent_per_year"),
        ("gdp-a × r, r = growth / 100", "yuan"),
        ("2 + 3", "times"),
    ],
)
def test_an_own_formula_in_the_wanted_unit_passes(text, wanted):
    check_units(parse(text), UNITS, wanted)


@pytest.mark.parametrize(
    ("text", "wanted", "message"),
    [
        ("gdp-a + people", "yuan", "In gdp-a + people, gdp-a is in yuan, and people is in person; all must be in one unit."),
        ("gdp-a − 1", "yuan", "In gdp-a − 1, gdp-a is in yuan, and 1 is in a plain number; all must be in one unit."),
        ("2 × max(gdp-a, days)", "yuan", "In max(gdp-a, days), gdp-a is in yuan, and days is in day; all must be in one unit."),
        ("ln gdp-a", "times", "In ln gdp-a, gdp-a is in yuan; a logarithm is taken of a plain number."),
        ("2 ^ gdp-a", "times", "In 2 ^ gdp-a, 2 is in a plain number, and gdp-a is in yuan; an exponent must be a plain number, or years over a plain number."),
        ("gdp-a / people", "yuan", "The result of gdp-a / people is in yuan / person, not in yuan, the unit yuan."),
        ("gdp-a / (people × days)", "yuan_per_item", "The result of gdp-a / (people × days) is in yuan / person / day, not in yuan / item, the unit yuan_per_item."),
        ("1 / area", "yuan", "The result of 1 / area is in 1 / km2, not in yuan, the unit yuan."),
        ("gdp-a / gdp-b", "yuan", "The result of gdp-a / gdp-b is in a plain number, not in yuan, the unit yuan."),
        ("gdp-a × gdp-a", "yuan", "The result of gdp-a × gdp-a is in yuan ^ 2, not in yuan, the unit yuan."),
    ],
)  # fmt: skip
def test_an_own_formula_in_another_unit_is_refused(text, wanted, message):
    with pytest.raises(ValueError) as caught:
        check_units(parse(text), UNITS, wanted)
    assert str(caught.value) == message
