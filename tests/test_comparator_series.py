"""Yearly series of other sources: each year once, each vintage by itself; and that every comparator is used."""

from dataclasses import replace

import pytest

from helpers import paths
from helpers.checking.claims import made_of
from helpers.checking.comparator_series import FIRST_PRINTS, LATEST, whole_series, yearly
from helpers.corpus import BadInput
from helpers.corpus.graph import all_leaves
from helpers.deriving.quantities import derived_graph


def test_a_series_has_each_year_once_and_in_order(small_corpus):
    backwards = replace(small_corpus, comparators=small_corpus.comparators[::-1])
    series = yearly(backwards, "gdp", "norland", "yuan")
    assert series.year.tolist() == list(range(2011, 2022)) and series.value.is_monotonic_increasing
    assert yearly(small_corpus, "gdp", "norland", "usd").empty
    assert yearly(small_corpus, "visits", "lanmouth_harbour", "visit").empty  # of a day, not of a year


def test_levels_are_those_of_the_years_asked_for(small_corpus):
    levels = whole_series(small_corpus, "gdp", "norland", "yuan", (2012, 2014))
    assert levels.value.to_dict() == {2012: 108.95e9, 2013: 119.3e9, 2014: 130.41e9}
    assert levels.comparator_id[2013] == "gdp-norland-2013"
    assert (levels.low[2013], levels.high[2013]) == (119.295e9, 119.305e9)


def test_a_year_that_is_missing_is_named(small_corpus):
    with pytest.raises(BadInput) as caught:
        whole_series(small_corpus, "gdp", "norland", "yuan", (2009, 2012))
    (fault,) = caught.value.faults
    assert (fault.file.name, fault.line, fault.value) == ("comparators.csv", 1, "2009, 2010")
    assert fault.advice == "gdp of norland in yuan is needed for each year from 2009 to 2012"


def test_a_year_that_stands_twice_is_refused_unless_a_vintage_is_named(small_corpus):
    with pytest.raises(BadInput) as caught:
        whole_series(small_corpus, "gdp", "lanmouth", "yuan", (2011, 2011))  # a first print and a revised one
    (fault,) = caught.value.faults
    assert (fault.line, fault.value) == (6, "2011")
    assert fault.advice == "there must be one value a year of gdp of lanmouth"
    first = yearly(small_corpus, "gdp", "lanmouth", "yuan", ["first print"])
    assert first.comparator_id.tolist() == ["gdp-lanmouth-2011-first-print", "gdp-lanmouth-2021"]


def test_of_several_values_of_a_year_the_vintage_named_first_counts(small_corpus):
    order = ["revised after the census of 2018", "first print"]
    found = yearly(small_corpus, "gdp", "lanmouth", "yuan", order)
    assert found.comparator_id.tolist() == ["gdp-lanmouth-2011-revised", "gdp-lanmouth-2021"]
    found = yearly(small_corpus, "gdp", "lanmouth", "yuan", order[::-1])
    assert found.comparator_id.tolist() == ["gdp-lanmouth-2011-first-print", "gdp-lanmouth-2021"]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("gdp-lanmouth-2011-revised", 15_155_000_000, 15_165_000_000),  # printed to 0.01 of a billion
        ("gdp-growth-lanmouth-2021", 7.95, 8.05),  # 8.0, of which a table keeps 8
        ("museum-visits-2023", 1076, 1076),  # a plain count
    ],
)
def test_the_interval_is_half_a_unit_of_the_last_digit_printed(small_corpus, name, low, high):
    row = small_corpus.comparators.set_index("comparator_id").loc[name]
    assert (row.low, row.high) == (low, high)


# -- the five articles ------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_series_of_the_five_articles(real):
    series = whole_series(real.corpus, "gdp", "jiangxi", "yuan", (2011, 2021), LATEST)
    assert list(series.index) == list(range(2011, 2022)) and series.value[2011] == 1158.45e9
    assert series.comparator_id[2021] == "gdp-jiangxi-2021-final"
    base = whole_series(real.corpus, "gdp", "jiangxi", "yuan", (2011, 2011), FIRST_PRINTS)
    assert base.comparator_id[2011] == "gdp-jiangxi-2011-older"
    oecd = yearly(real.corpus, "rd_share_of_gdp", "china", "percent", ["OECD MSTI"])
    assert oecd.year.tolist()[:3] == [2010, 2011, 2012] and oecd.year.is_unique
    with pytest.raises(BadInput, match="one value a year of rd_share_of_gdp of china"):
        yearly(real.corpus, "rd_share_of_gdp", "china", "percent")


@pytest.mark.corpus
def test_every_comparator_of_the_five_articles_takes_part_in_something(real):
    others, leaves = real.corpus.comparators, all_leaves(derived_graph(real.derived))
    used = frozenset().union(*made_of(real.checks, real.derived).values(), *leaves.values())
    drawn = others.indicator.eq("rd_share_of_gdp")  # beside Ganzhou's
    compared = ["china", "guangdong", "jiangxi"]  # year by year, as the cities are
    groups = real.corpus.entities.set_index("entity").members
    compared += groups["thirteen-cities"].split()
    series = others.indicator.isin(["gdp", "gdp_growth"]) & others.unit.isin(["yuan", "percent_per_year"])
    drawn |= others.entity.isin(compared) & series & others.period.between("2011", "2021")
    said = "".join(book.read_text(encoding="utf-8") for book in paths.NOTEBOOKS.glob("0*.ipynb"))
    used |= set(real.corpus.vintages.instead)
    used |= {*real.corpus.calibration["print"], *real.corpus.calibration.truth}
    for cell in [*real.corpus.ranks_and_lists.own, *real.corpus.ranks_and_lists.against]:
        used |= frozenset().union(*(leaves.get(key, {key}) for key in cell.split()))
    idle = [key for key in others.comparator_id[~drawn] if key not in used and f"{{{{{key}" not in said]
    assert idle == []
