"""Yearly series of other sources: each year once, each vintage by itself; and that every comparator is used."""

from dataclasses import replace

import pytest

from helpers import paths
from helpers.checking.claims import made_of
from helpers.checking.comparator_series import gdp_levels, yearly
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
    levels = gdp_levels(small_corpus, "norland", 2012, 2014)
    assert levels.to_dict() == {2012: 108.95e9, 2013: 119.3e9, 2014: 130.41e9}


def test_a_year_that_is_missing_is_named(small_corpus):
    with pytest.raises(BadInput) as caught:
        gdp_levels(small_corpus, "norland", 2009, 2012)
    (fault,) = caught.value.faults
    assert (fault.file.name, fault.line, fault.value) == ("comparators.csv", 1, "2009, 2010")
    assert fault.advice == "GDP of norland in yuan is needed for each year from 2009 to 2012"


def test_a_year_that_stands_twice_is_refused_unless_a_vintage_is_named(small_corpus):
    with pytest.raises(BadInput) as caught:
        gdp_levels(small_corpus, "lanmouth", 2011, 2011)  # a first print and a revised value
    (fault,) = caught.value.faults
    assert (fault.line, fault.value) == (6, "2011")
    assert fault.advice == "there must be one value a year of gdp of lanmouth"
    first = yearly(small_corpus, "gdp", "lanmouth", "yuan", "first print")
    assert first.comparator_id.tolist() == ["gdp-lanmouth-2011-first-print", "gdp-lanmouth-2021"]


def test_a_year_that_stands_twice_outside_those_asked_for_does_not_matter(small_corpus):
    assert gdp_levels(small_corpus, "lanmouth", 2021, 2021).to_dict() == {2021: 41.69e9}


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
    series = gdp_levels(real.corpus, "jiangxi", 2011, 2021)
    assert list(series.index) == list(range(2011, 2022)) and series[2011] == 1158.45e9
    oecd = yearly(real.corpus, "rd_share_of_gdp", "china", "percent", "OECD MSTI")
    assert oecd.year.tolist()[:3] == [2010, 2011, 2012] and oecd.year.is_unique
    with pytest.raises(BadInput, match="one value a year of rd_share_of_gdp of china"):
        yearly(real.corpus, "rd_share_of_gdp", "china", "percent")


@pytest.mark.corpus
def test_every_comparator_of_the_five_articles_takes_part_in_something(real):
    others, leaves = real.corpus.comparators, all_leaves(derived_graph(real.derived))
    used = frozenset().union(*made_of(real.checks, real.derived).values(), *leaves.values())
    drawn = others.indicator.eq("rd_share_of_gdp")  # beside Ganzhou's
    for place in ("china", "guangdong", "jiangxi"):  # in the trends
        drawn |= others.entity.eq(place) & others.indicator.eq("gdp") & others.period.between("2011", "2021")
    said = "".join(book.read_text(encoding="utf-8") for book in paths.NOTEBOOKS.glob("0*.ipynb"))
    idle = [key for key in others.comparator_id[~drawn] if key not in used and f"{{{{{key}" not in said]
    assert idle == []
