"""Whom and what time a derived quantity is about: what follows from its inputs, and what departs."""

import csv

import pytest

from helpers import corpus
from helpers.corpus import BadInput
from helpers.deriving.cleaning import clean
from helpers.deriving.derivations import derive
from helpers.deriving.measures import MEASURES
from helpers.deriving.scopes import Scope, entity_advice, period_advice


def scopes(*periods) -> dict[str, list[Scope]]:
    """Inputs of these periods; those of a tuple are one list."""
    several = [each if isinstance(each, tuple) else (each,) for each in periods]
    return {f"x{n}": [Scope("lanmouth", period) for period in each] for n, each in enumerate(several)}


FOLLOWS = [  # measure, periods of its inputs in order, period of its result
    ("compound_annual_growth_rate", ["2011/2021"], "2011/2021"),
    ("multiple", ["2011", "2021"], "2011/2021"),
    ("growth", ["2011", "2011"], "2011"),  # two prints of one level
    ("growth", ["2011/2021", "2011/2021"], "2011/2021"),
    ("difference", ["2020-10", "2022-09"], "2020-10/2022-09"),
    ("difference", ["2011/2015", "2016/2020"], "2011/2020"),
    ("implied_base", ["2021", "2011/2021"], "2011"),
    ("increase_over_base", ["2021", "2011/2021"], "2011/2021"),
    ("level_before_growth", ["2021", "2021"], "2020"),
    ("level_before_growth", ["2022-Q1", "2022-Q1"], "2021-Q1"),
    ("level_before_growth", ["2020-02", "2020-02"], "2019-02"),
    ("increase_of_growth", ["2021", "2021"], "2020/2021"),
    ("product_of_growth", [("2012", "2013", "2014")], "2011/2014"),
    ("total", [("2012", "2014", "2013")], "2012/2014"),
    ("total", [("2021", "2021")], "2021"),
    ("least_peak_share_of_free_start", ["2012/2014", ("2012", "2013", "2014")], "2012/2014"),
    ("year_before_constant_growth", ["2012/2021", "2012/2021", ""], "2011"),
    ("amount_of_constant_growth", ["2012/2021", "2012/2021", "", ""], "2015"),
    ("share", ["2021", ""], "2021"),  # of which the article gives no time
    ("share", ["", ""], ""),
]


@pytest.mark.parametrize(("measure", "inputs", "period"), FOLLOWS)
def test_the_period_that_follows_is_right_and_no_other_is(measure, inputs, period):
    rule = MEASURES[measure].periods
    assert period_advice(period, rule, scopes(*inputs)) == ""
    for other in {"", "2010", "2022", "2011/2020", "2016/..", "2022-Q2"} - {period}:
        assert period_advice(other, rule, scopes(*inputs))


DOES_NOT = [  # inputs that no result follows from
    ("share", ["2022", "2021"], "2021 is not 2022"),
    ("implied_base", ["2020", "2011/2021"], "2020 is not the end of 2011/2021"),
    ("level_beyond_growth", ["2018", "2019", "2018"], "2018 is not the end of 2018/2019"),
    ("product_of_growth", [("2012", "2014")], "2012, 2014 is not each later year of 2011/2014"),
    ("product_of_growth", [("2013", "2012")], "2013, 2012 is not each later year of 2011/2013"),
    (
        "least_peak_share_of_free_start",
        ["2012/2014", ("2012", "2013")],
        "2012, 2013 is not each year of 2012/2014",
    ),
    ("multiple", ["2021", "2011"], "2021 is after 2011"),
    ("total", [("2012", "2014")], "2012, 2014 is not 2012/2014"),
    ("total", [("2012", "2013", "2013", "2014")], "2012, 2013, 2013, 2014 is not 2012/2014"),
]


@pytest.mark.parametrize(("measure", "inputs", "said"), DOES_NOT)
def test_inputs_of_times_that_do_not_go_together_are_refused(measure, inputs, said):
    for period in ("2021", "2011/2021", ""):
        assert said in period_advice(period, MEASURES[measure].periods, scopes(*inputs))


@pytest.mark.parametrize(
    ("rule", "entity", "inputs", "said"),
    [
        ("one", "a", "a a", ""),
        ("one", "b", "a a", "it must be a, which the inputs are about"),
        ("one", "a", "a b", "there must be inputs about one entity, not a, b"),
        ("first", "a", "a b", ""),
        ("first", "b", "a b", "it must be a, which the inputs are about"),
        ("group", "both", "a b a b", ""),
        ("group", "a", "a", ""),
        ("group", "both", "a c", "it must be a group of a, c; the members of both are a, b"),
        ("group", "both", "a b c", "it must be a group of a, b, c; the members of both are a, b"),
        ("group", "a", "a b", "it must be a group of a, b"),
        ("group", "both", "a", "it must be a, which the inputs are about"),
        ("some", "both", "a b", ""),
        ("some", "b", "a b", ""),
        ("some", "c", "a b", "it must be one of a, b, or a group of them"),
        ("one", "a", "", ""),  # of constants alone
    ],
)
def test_the_entity_that_follows(rule, entity, inputs, said):
    members = ["a", "b"] if entity == "both" else []
    assert entity_advice(entity, rule, [Scope(name, "") for name in inputs.split()], members) == said


def test_each_measure_says_of_each_input_what_part_it_has():
    for name, measure in MEASURES.items():
        result, _, words = measure.periods.partition(": ")
        assert len(words.split()) == len(measure.inputs), name
        assert result in ("whole", "start", "end", "before", "since_before", "within"), name
        assert measure.entities in ("one", "first", "group"), name


def faults(folder):
    with pytest.raises(BadInput) as caught:
        raw = corpus.load(folder)
        derive(raw, clean(raw))
    return [(fault.line, fault.column, fault.advice) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("key", "column", "value", "said"),
    [
        ("lanmouth-gdp-cagr", "period", "2011/2020", "it must be 2011/2021, as follows from the periods of the inputs"),
        ("lanmouth-gdp-cagr", "entity", "sandwick", "it must be lanmouth, which the inputs are about"),
        ("lanmouth-gdp-2011-implied", "period", "2012", "it must be 2011, as follows from the periods of the inputs"),
        ("three-cities-gdp-2021", "entity", "norland", "it must be a group of lanmouth, sandwick, fenby"),
        ("three-cities-gdp-2021", "inputs", "lanmouth-gdp-2021 sandwick-gdp-2021", "it must be a group of lanmouth, sandwick; the members of three_cities are lanmouth, sandwick, fenby"),
        ("lanmouth-share-of-three", "period", "2020", "it must lie in 2021, as the inputs do"),
        ("lanmouth-share-of-three", "entity", "norland", "it must be one of lanmouth, sandwick, fenby, or a group of them"),
    ],
)  # fmt: skip
def test_a_result_about_something_else_than_its_inputs_is_refused(
    small, edit, line_of, key, column, value, said
):
    file = small / "derivations.csv"
    line = line_of(file, "derived_id", key)
    edit(file, line, column, value)
    where = "entity" if column == "inputs" else column
    assert (line, where, f"{said}; else departs must say why") in faults(small)
    edit(file, line, "departs", "For a reason")
    derive(raw := corpus.load(small), clean(raw))


def test_levels_and_multiples_of_a_group_are_in_one_order(small, edit, line_of):
    file = small / "derivations.csv"
    levels = "lanmouth-gdp-2021 sandwick-gdp-2021 fenby-gdp-2021"
    line, multiples = (
        line_of(file, "derived_id", "three-cities-gdp-multiple"),
        "sandwick lanmouth fenby".split(),
    )
    edit(file, line, "inputs", " ".join([levels, *(f"{city}-gdp-multiple" for city in multiples)]))
    said = (
        "there must be in each list of inputs the same entities in the same order; else departs must say why"
    )
    assert (line, "entity", said) in faults(small)


@pytest.mark.parametrize("reason", [" ", "\u200b", "\u2800"])
def test_a_reason_that_nobody_can_see_is_none(small, edit, reason):
    edit(small / "derivations.csv", 2, "period", "2012/2021")
    edit(small / "derivations.csv", 2, "departs", reason)
    assert (2, "period") in [(line, column) for line, column, _ in faults(small)]


def test_a_reason_for_what_does_not_depart_is_refused(small, edit):
    edit(small / "derivations.csv", 2, "departs", "For a reason")
    assert faults(small) == [(2, "departs", "it must be empty, as entity and period follow from the inputs")]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ("lanmouth", "there must be two members at least, and each once"),
        ("lanmouth lanmouth", "there must be two members at least, and each once"),
        ("lanmouth sandwick gone", "gone must be another entity"),
        ("lanmouth three_cities", "three_cities must be another entity"),
    ],
)
def test_members_are_other_entities(small, edit, line_of, members, said):
    file = small / "entities.csv"
    line = line_of(file, "entity", "three_cities")
    edit(file, line, "members", members)
    assert (line, "members", said) in [
        (n, column, text.split("; near")[0]) for n, column, text in faults(small)
    ]


def test_groups_are_in_no_circle(small):
    file = small / "entities.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        row["members"] = {"three_cities": "lanmouth norland", "norland": "fenby three_cities"}.get(
            row["entity"], ""
        )
    with open(file, "w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    assert "there must be no circle" in [text for *_, text in faults(small)]


def test_what_is_saved_is_saved_by_one(small, edit, line_of):
    file = small / "derivations.csv"
    line = line_of(file, "derived_id", "income-ratio-fall")
    for column, value in [("measure", "share_saved"), ("unit", "percent"), ("period", "2022")]:
        edit(file, line, column, value)
    edit(file, line, "inputs", "income-ratio-now income-ratio-norland-2022")
    said = "there must be inputs about one entity, not lanmouth, norland; else departs must say why"
    assert (line, "entity", said) in faults(small)
