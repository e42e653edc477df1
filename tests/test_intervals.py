"""What a printed number allows under each set of rules."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.deriving import intervals
from helpers.deriving.intervals import RULE_SETS, Print, interval, rule_set, rules_in_words, step
from helpers.vocabulary import QUALIFIERS

EACH = st.sampled_from(RULE_SETS)


def allowed(printed: Print, **how) -> list[tuple[float, float]]:
    """Low and high under each set of rules, narrow first."""
    found = [interval(printed, rule_set(name, **how)) for name in RULE_SETS]
    return [(float(low), float(high)) for _, low, high in found]


@pytest.mark.parametrize(
    ("printed", "narrow", "usual", "wide"),
    [
        # how numbers are said in the press, plain ones first
        (Print("100", "", "share", "exact", "outcome", "100"), (97.5, 100), (95, 100), (80, 100)),
        (Print("100", "", "share", "exact", "outcome"), (97.5, 102.5), (95, 105), (80, 120)),  # a change
        (Print("71", "", "share", "exact", "outcome", "100"), (70.5, 71.5), (70.5, 71.5), (70, 72)),
        (Print("70", "", "share", "exact", "outcome", "100"), (68.25, 71.75), (66.5, 73.5), (60, 80)),
        (Print("0.32", "", "share", "exact", "outcome", "100"), (0.315, 0.325), (0.315, 0.325), (0.31, 0.33)),
        (Print("500", "", "count", "exact", "outcome"), (500, 500), (475, 525), (400, 600)),
        (Print("350", "", "count", "exact", "outcome"), (350, 350), (350, 350), (300, 400)),
        (Print("1,067", "", "count", "exact", "outcome"), (1067, 1067), (1067, 1067), (1067, 1067)),
        (Print("5.5", "", "measure", "exact", "outcome", "", True), (5.25, 5.75), (5.25, 5.75), (5, 6)),
        (Print("one and a half", "", "measure", "exact", "outcome", "", True), (1.25, 1.75), (1.25, 1.75), (1, 2)),
        (Print("2", "", "measure", "exact", "outcome", "", True), (1.75, 2.25), (1.75, 2.25), (1.5, 2.5)),
        (Print("1", "trillion", "money", "exact", "outcome"), (0.975e12, 1.025e12), (0.95e12, 1.05e12), (0.8e12, 1.2e12)),
        (Print("416.9", "billion", "money", "exact", "outcome"), (416.85e9, 416.95e9), (416.85e9, 416.95e9), (416.8e9, 417e9)),
        # of a text from Chinese: 8.5万, 20万, 46.6万, 10亿
        (Print("85,000", "", "count", "exact", "outcome", "", False, True), (84500, 85500), (82500, 87500), (80000, 90000)),
        (Print("200,000", "", "money", "exact", "outcome", "", False, True), (195000, 205000), (195000, 205000), (160000, 240000)),
        (Print("466,000", "", "money", "exact", "outcome", "", False, True), (465500, 466500), (465500, 466500), (465000, 467000)),
        (Print("1", "billion", "money", "exact", "outcome", "", False, True), (0.975e9, 1.025e9), (0.95e9, 1.05e9), (0.8e9, 1.2e9)),
        (Print("1.5", "yi", "money", "exact", "outcome"), (1.45e8, 1.55e8), (1.45e8, 1.55e8), (1.2e8, 1.8e8)),
        (Print("40", "", "measure", "exact", "outcome", "", True), (39, 41), (38, 42), (32, 48)),
        # hedged ones
        (Print("1", "trillion", "money", "about", "outcome"), (0.95e12, 1.05e12), (0.9e12, 1.1e12), (0.75e12, 1.25e12)),
        (Print("12.6", "trillion", "money", "about", "outcome"), (12.55e12, 12.65e12), (12.5e12, 12.7e12), (12.096e12, 13.104e12)),
        (Print("187.869", "billion", "money", "about", "outcome"), (187.8685e9, 187.8695e9), (186.929655e9, 188.808345e9), (180.35424e9, 195.38376e9)),
        (Print("10", "", "share", "nearly", "outcome", "100"), (9.5, 10), (9, 10), (5, 10)),
        (Print("70", "", "share", "nearly", "outcome", "100"), (66.5, 70), (63, 70), (50, 70)),
        (Print("90", "", "share", "more_than", "outcome", "100"), (90, 94.5), (90, 99), (90, 100)),
        (Print("8", "trillion", "money", "more_than", "outcome"), (8e12, 8.4e12), (8e12, 8.8e12), (8e12, 10e12)),
        (Print("100", "billion", "money", "more_than", "target"), (100e9, 105e9), (100e9, 110e9), (100e9, 200e9)),
        (Print("40000", "", "count", "more_than", "outcome", "", False, True), (40000, 42000), (40000, 44000), (40000, 60000)),
        # one-sided ones: below, up to, no more than, or more
        (Print("5", "", "share", "less_than", "outcome", "100"), (4, 5), (0, 5), (0, 5)),
        (Print("300", "", "count", "at_most", "outcome"), (270, 300), (0, 300), (0, 300)),
        (Print("2", "", "measure", "at_most", "outcome", "", True), (1.5, 2), (0, 2), (0, 2)),
        (Print("40", "", "share", "at_least", "outcome", "100"), (40, 44), (40, 100), (40, 100)),
        (Print("40", "", "count", "at_least", "outcome"), (40, 44), (40, 80), (40, 400)),
        (Print("-3", "", "share", "less_than", "outcome"), (-4, -3), (-6, -3), (-6, -3)),
        # what a rule or a plan sets
        (Print("15", "", "share", "exact", "policy"), (15, 15), (15, 15), (15, 15)),
        (Print("15", "billion", "money", "exact", "target"), (15e9, 15e9), (15e9, 15e9), (15e9, 15e9)),
    ],
)  # fmt: skip
def test_what_a_print_allows_under_each_set_of_rules(printed, narrow, usual, wide):
    assert allowed(printed) == [pytest.approx(ends) for ends in (narrow, usual, wide)]


@pytest.mark.parametrize(
    ("token", "scale", "kind", "qualifier", "status", "expected"),
    [
        ("416.9", "billion", "money", "exact", "outcome", ("416900000000", "416850000000", "416950000000")),
        ("2.67:1", "", "multiple", "exact", "outcome", ("2.67", "2.665", "2.675")),
        ("4.5", "", "count", "exact", "plan", ("4.5", "4.5", "4.5")),
        ("5-6", "", "measure", "exact", "outcome", ("5.5", "4.5", "6.5")),
        ("1,200-1,500", "million", "money", "about", "outcome", ("1350000000", "1100000000", "1600000000")),
        ("176,300", "", "count", "exact", "outcome", ("176300", "176250", "176350")),
        ("zero", "", "share", "exact", "outcome", ("0", "0", "0.5")),
        ("10-12.5", "", "share", "more_than", "outcome", ("11.25", "10", "12.6")),
        ("3-5", "", "count", "exact", "outcome", ("4", "3", "5")),
        ("0", "", "count", "exact", "outcome", ("0", "0", "0")),
        ("two and a quarter", "", "measure", "exact", "outcome", ("2.25", "2.125", "2.375")),
        ("-3.5", "", "share", "exact", "outcome", ("-3.5", "-3.55", "-3.45")),
        ("508", "wan", "count", "exact", "outcome", ("5080000", "5075000", "5085000")),
        ("15", "", "share", "exact", "plan", ("15", "14.5", "15.5")),
        ("15", "", "share", "about", "target", ("15", "14", "16")),
        ("12,110", "", "count", "exact", "outcome", ("12110", "12110", "12110")),
        ("Half", "", "share", "exact", "outcome", ("50", "45", "55")),
    ],
)  # fmt: skip
def test_the_usual_interval_is_exact_to_the_digit(token, scale, kind, qualifier, status, expected):
    assert interval(Print(token, scale, kind, qualifier, status)) == tuple(map(Decimal, expected))


def test_every_set_has_a_rule_for_every_case_with_its_reason_and_what_it_rests_on():
    for name in RULE_SETS:
        cases = rule_set(name).cases
        assert set(cases) == {*QUALIFIERS, "counts", "half_steps", "wan_grid"} == set(intervals.CASES)
        assert all(rule.reason.endswith(".") and rule.source for rule in cases.values())
    assert rules_in_words().notna().all(axis=None) and len(rules_in_words()) == len(intervals.CASES)


def test_a_set_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="rules must be one of narrow, usual, wide, not 'loose'"):
        rule_set("loose")


PRINTS = st.builds(
    Print,
    st.decimals("0.1", "99999", places=1).map(lambda d: f"{d:f}") | st.integers(1, 10**6).map(str),
    st.sampled_from(["", "million"]),
    st.just("money"),
    st.sampled_from(list(QUALIFIERS)),
    st.just("outcome"),
    st.just(""),
    st.booleans(),
    st.booleans(),
)


@given(PRINTS, EACH)
def test_an_interval_holds_its_value_and_does_not_go_below_nought(printed, name):
    value, low, high = interval(printed, rule_set(name))
    assert 0 <= low <= value <= high and low < high
    if printed.qualifier in ("more_than", "at_least"):
        assert low == value
    if printed.qualifier in ("nearly", "less_than", "at_most"):
        assert high == value


@given(PRINTS)
def test_a_wider_set_allows_whatever_a_narrower_one_does(printed):
    (_, low1, high1), (_, low2, high2), (_, low3, high3) = (
        interval(printed, rule_set(name)) for name in RULE_SETS
    )
    assert low3 <= low2 <= low1 and high1 <= high2 <= high3


@given(st.decimals("1", "99999", places=2), st.integers(0, 2))
def test_rounding_a_true_value_prints_a_number_whose_usual_interval_holds_it(true, places):
    printed = f"{true:.{places}f}"
    if places or printed[-1] != "0":  # else what the last digit was is not known
        _, low, high = interval(Print(printed, "", "measure", "exact", "outcome"))
        assert low <= true <= high


@given(st.decimals("1", "99999", places=3), st.integers(1, 2))
def test_cutting_a_true_value_prints_a_number_whose_cut_interval_holds_it(true, places):
    printed = str(true)[: str(true).index(".") + 1 + places]
    value, low, high = interval(
        Print(printed, "", "measure", "exact", "outcome"), rule_set("usual", cut=True)
    )
    assert low == value and low <= true < high


def test_whole_steps_double_the_interval_of_plain_numbers_and_of_no_other():
    plain, hedged = (Print("2.7", "", "multiple", name, "outcome") for name in ("exact", "about"))
    assert allowed(plain, whole=True)[1] == pytest.approx((2.6, 2.8))
    assert allowed(plain, cut=True)[1] == pytest.approx((2.7, 2.8))
    assert allowed(hedged, whole=True, cut=True) == allowed(hedged)


@pytest.mark.parametrize(
    ("token", "scale", "kind", "most", "why"),
    [
        ("15-12", "", "measure", "", "no range that ascends"),
        ("2020-21", "", "measure", "", "no range that ascends"),
        ("3.5", "trillion", "share", "", "a share has no scale"),
        ("一亿三千万", "wan", "money", "", "stands in it already"),
        ("9" * 19, "", "count", "", "at most 15 significant digits"),
        ("all", "", "count", "", "no single number"),
        ("1+5+N", "", "count", "", "no single number"),
        ("101", "", "share", "100", "more than the 100 that the quantity can be"),
    ],
)
def test_no_interval_is_made_of_what_cannot_be_meant(token, scale, kind, most, why):
    with pytest.raises(ValueError, match=why):
        interval(Print(token, scale, kind, "exact", "outcome", most))


def test_a_step_is_one_unit_of_the_last_digit_that_counts():
    assert [step(token) for token in ("416.9", "2,584", "60,000", "1.50", "half", "one and a half")] == [
        Decimal(text) for text in ("0.1", "1", "10000", "0.01", "10", "0.5")
    ]
