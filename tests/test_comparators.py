"""Values of other sources: their intervals, that each is used, and bad ones."""

import pytest

from helpers import checks, comparators, paths
from helpers.tables import BadInput


@pytest.fixture(scope="module")
def others():
    return comparators.read().set_index("comparator_id")


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("gdp-ganzhou-2011-revised", "151950500000", "151951500000"),  # printed to 0.01 of 100 million
        ("gdp-growth-ganzhou-2014", "9.95", "10.05"),  # 10.0, of which a table keeps 10
        ("forest-coverage-rate-zhaoqing", "70.825", "70.835"),
        ("vehicle-deliveries-xpeng-motors-2022", "120757", "120757"),  # a count
    ],
)
def test_the_interval_is_half_a_unit_of_the_last_digit_printed(others, name, low, high):
    assert (others.low[name], others.high[name]) == (low, high)


def test_every_comparator_has_a_source_and_takes_part_in_something(others, figures, derived):
    from helpers import growth

    leaves = growth.leaves(derived)
    used = {name for row in checks.check(figures, derived).inputs for name in row.split()}
    used = used.union(*leaves.values())
    drawn = others.indicator.eq("rd_share_of_gdp")  # beside Ganzhou's
    for place in ("china", "guangdong", "jiangxi"):  # in the trends
        drawn |= others.entity.eq(place) & others.indicator.eq("gdp") & others.period.between("2011", "2021")
    said = "".join(book.read_text(encoding="utf-8") for book in paths.NOTEBOOKS.glob("0*.ipynb"))
    idle = [
        name for name in others.index if name not in used and not drawn[name] and f"{{{{{name}" not in said
    ]
    assert idle == []


def test_a_yearly_series_has_each_year_once():
    series = comparators.levels(comparators.read(), "jiangxi", 2011, 2021)
    assert list(series.index) == list(range(2011, 2022)) and series[2011] == 1158.45e9
    with pytest.raises(
        BadInput, match="'2009, 2010'; expected GDP of jiangxi in yuan for each year from 2009"
    ):
        comparators.levels(comparators.read(), "jiangxi", 2009, 2012)
    with pytest.raises(
        BadInput, match="one value a year of gdp of ganzhou"
    ):  # a first print and a revised value
        comparators.levels(comparators.read(), "ganzhou", 2011, 2011)


def test_a_vintage_tells_series_apart():
    others = comparators.read()
    oecd = comparators.yearly(others, "rd_share_of_gdp", "china", "percent", "OECD MSTI")
    assert list(oecd.year[:3]) == [2010, 2011, 2012] and oecd.year.is_unique
    with pytest.raises(BadInput, match="one value a year of rd_share_of_gdp of china"):
        comparators.yearly(others, "rd_share_of_gdp", "china", "percent")


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("comparator_id", "GDP", "a slug"),
        ("comparator_id", "gdp-china-2013", "a value of its own"),
        ("indicator", "gpd", "one of"),
        ("entity", "jiangsu", "one of"),
        ("period", "2021-13", "ISO 8601"),
        ("value", "NaN", "a decimal number"),
        ("value", "5,307", "a decimal number"),
        ("step", "-1", "a decimal number, 0 for a plain count"),
        ("unit", "RMB", "one of"),
        ("price_basis", "nominal", "one of"),
        ("source", "", "where the value was published"),
        ("url", "javascript:alert(1)", "a web address or nothing"),
        ("url", "https://x.org/a) b", "a web address or nothing"),
        ("licence", "", "what may be done with the value"),
        ("grade", "D", "one of"),
    ],
)
def test_a_bad_comparator_is_refused(raw, edit, column, value, expected):
    edit(raw / "comparators.csv", 2, column, value)
    with pytest.raises(BadInput) as caught:
        comparators.read(raw)
    assert all(f.file.name == "comparators.csv" for f in caught.value.faults)
    assert any(f.column == column and expected in f.expected for f in caught.value.faults), str(caught.value)


def test_an_id_that_a_figure_has_is_refused(raw, edit, figures):
    from helpers import growth

    edit(raw / "comparators.csv", 2, "comparator_id", "ganzhou-gdp-2021")
    with pytest.raises(BadInput, match="expected a slug that no figure and no constant has"):
        growth.inputs_at_hand(figures, raw)
