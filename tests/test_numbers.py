"""Numbers as readers see them: by hand, and with all that is said of them in the small corpus."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pandas as pd
import pytest

from helpers.checking.coverage import check_tallies
from helpers.corpus.tallies import statistics_table
from helpers.deriving.cleaning import figure_tallies
from helpers.reporting.evidence import Evidence, described
from helpers.reporting.numbers import Quantity, escaped, grouped, shown_step

UNITS = {
    "yuan": {"kind": "money", "singular": "yuan", "plural": "yuan"},
    "bridge": {"kind": "count", "singular": "bridge", "plural": "bridges"},
    "tonne": {"kind": "measure", "singular": "tonne", "plural": "tonnes"},
    "percent": {"kind": "share", "singular": "%", "plural": "%"},
    "point": {"kind": "share", "singular": "percentage point", "plural": "percentage points"},
    "rate": {"kind": "rate", "singular": "% a year", "plural": "% a year"},
}


# -- by hand ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "low", "high", "significant", "step"),
    [
        (5, 4.79, 5.21, 4, "0.1"),  # half the width is 0.21
        (5, 4.9, 5.1, 4, "0.1"),  # and 0.1
        (5, 4.91, 5.09, 4, "0.01"),
        (16, 16, 16, 4, "1"),
        (16, 16, 17, 4, "0.1"),  # a whole number, but not the only one
        (16.5, 16.5, 16.5, 4, "0.01"),
        (123456, 123455.9, 123456.1, 6, "1"),
        (123456, 123455.9, 123456.1, 4, "1E+2"),
        (-123.4, -123.5, -123.3, 4, "0.1"),
        (0, 0, 0, 4, "1"),
        (0, 0, 0.00001, 4, "0.0001"),
        (0, -0.5, 0.5, 4, "0.1"),
    ],
)
def test_the_step_is_the_first_digit_of_the_uncertainty(value, low, high, significant, step):
    assert shown_step(value, low, high, significant) == Decimal(step)


@pytest.mark.parametrize(
    ("value", "step", "more", "text"),
    [
        ("1234.56", "0.1", [], "1,234.6"),
        ("1250", "1E+2", [], "1,200"),  # half to even
        ("1250", "1E+2", [ROUND_CEILING], "1,300"),
        ("1299", "1E+2", [ROUND_FLOOR], "1,200"),
        ("-1234.5", "1", [ROUND_FLOOR], "−1,235"),
        ("7", "0.010", [], "7.00"),
    ],
)
def test_a_number_is_rounded_to_its_step(value, step, more, text):
    assert grouped(Decimal(value), Decimal(step), *more) == text


@pytest.mark.parametrize(
    ("kind", "numbers", "unit", "qualifier", "value", "allowed", "ends"),
    [
        ("figure", (11, 10, 12), None, "nearly", "nearly 11", "10 to 12", ("10", "12")),
        ("figure", (11, 11, 12), None, "exact", "11", "11 to 12", ("11", "12")),
        ("derived", (11, 10, 12), None, "", "11.0", "10.0 to 12.0", ("10.0", "12.0")),
        ("derived", (10, 10, 12), None, "", "at least 10.0", "10.0 to 12.0", ("10.0", "12.0")),
        ("derived", (12, 10, 12), None, "", "at most 12.0", "10.0 to 12.0", ("10.0", "12.0")),
        ("derived", (11.04, 10.04, 12.04), None, "", "11.0", "10.0 to 12.1", ("10.0", "12.1")),  # outwards
        ("derived", (50, 45, 65), None, "", "50", "45 to 65", ("45", "65")),
        ("derived", (60, 10, 110), None, "", "60", "10 to 110", ("10", "110")),
        ("derived", (0, 0, 0), None, "", "0", "exactly 0", ("0", "0")),
        ("derived", (16 / 3, 5.33333333333, 5.33333333334), None, "", "5.333", "5.333", ("5.333", "5.333")),
        ("statistic", (11, 10, 12), None, "", "11", "10 to 12", ("10", "12")),
        ("statistic", (0.2, 0.2, 0.2), "percent", "", "0.2 percent", "0.2 percent", ("0.2 percent",) * 2),
        ("statistic", (-0.01, -0.01, -0.01), None, "", "−0.01", "−0.01", ("−0.01",) * 2),
        ("statistic", (16, 16, 16), None, "", "16", "exactly 16", ("16", "16")),
        ("statistic", (0.001, 0, 0.001), None, "less_than", "less than 0.001", "0.000 to 0.001", ("0.000", "0.001")),
        ("comparator", (1.5, 1.45, 1.55), None, "", "1.5", "1.45 to 1.55", ("1.45", "1.55")),
        ("constant", (0.5, 0.5, 0.5), None, "", "0.5", "exactly 0.5", ("0.5", "0.5")),
        ("figure", (999_999, 999_999, 999_999), "yuan", "", "999,999 yuan", "exactly 999,999 yuan", ("999,999 yuan",) * 2),
        ("figure", (1e6, 1e6, 1e6), "yuan", "", "1 million yuan", "exactly 1 million yuan", ("1 million yuan",) * 2),
        ("figure", (-2.5e9, -2.6e9, -2.4e9), "yuan", "", "−2.5 billion yuan", "−2.6 to −2.4 billion yuan", ("−2.6 billion yuan", "−2.4 billion yuan")),
        ("figure", (1, 1, 1), "bridge", "", "1 bridge", "exactly 1 bridge", ("1 bridge",) * 2),
        ("figure", (6, 5, 7), "bridge", "about", "about 6 bridges", "5 to 7 bridges", ("5 bridges", "7 bridges")),
        ("figure", (3e6, 3e6, 4e6), "tonne", "more_than", "more than 3,000,000 tonnes", "3,000,000 to 4,000,000 tonnes", ("3,000,000 tonnes", "4,000,000 tonnes")),
        ("derived", (10.645, 10.625, 10.665), "rate", "", "10.6 percent a year", "10.6 percent a year", ("10.6 percent a year",) * 2),
        ("derived", (10.44, 10.23, 10.65), "rate", "", "10.4 percent a year", "10.2 to 10.7 percent a year", ("10.2 percent a year", "10.7 percent a year")),
        ("derived", (0.445, 0.42, 0.47), "rate", "", "0.4 percent a year", "0.4 percent a year", ("0.4 percent a year",) * 2),
        ("derived", (76.2504, 76.2502, 76.2506), "percent", "", "76.3 percent", "76.3 percent", ("76.3 percent",) * 2),
        ("derived", (-0.405, -0.4052, -0.4048), "percent", "", "−0.4 percent", "−0.4 percent", ("−0.4 percent",) * 2),
        ("comparator", (8, 7.95, 8.05), "percent", "", "8.0 percent", "7.95 to 8.05 percent", ("7.95 percent", "8.05 percent")),
        ("statistic", (0.5, 0.324, 0.676), "point", "", "0.50 percentage points", "0.32 to 0.68 percentage points", ("0.32 percentage points", "0.68 percentage points")),
        ("derived", (-0.405, -0.4052, -0.4049), "point", "", "−0.40 percentage points", "−0.40 percentage points", ("−0.40 percentage points",) * 2),
        ("statistic", (0.5, 0.5, 0.5), None, "", "0.5", "0.5", ("0.5", "0.5")),  # it has been rounded
        ("statistic", (94.3, 89.9, 98.7), "percent", "", "94 percent", "89 to 99 percent", ("89 percent", "99 percent")),
        ("statistic", (-0.03, -0.6, 0.6), "point", "", "−0.03 percentage points", "−0.60 to 0.60 percentage points", ("−0.60 percentage points", "0.60 percentage points")),
        ("derived", (0.04, 0.0399, 0.0401), "percent", "", "0.04 percent", "0.04 percent", ("0.04 percent",) * 2),
        ("derived", (3.54, 3.48, 3.59), "point", "", "3.5 percentage points", "3.4 to 3.6 percentage points", ("3.4 percentage points", "3.6 percentage points")),
        ("derived", (25.0131e9, 25.0069e9, 25.0193e9), "yuan", "", "25.01 billion yuan", "25.00 to 25.02 billion yuan", ("25.00 billion yuan", "25.02 billion yuan")),
        ("derived", (66.7, 54.5, 66.7), "tonne", "", "at most 67 tonnes", "54 to 67 tonnes", ("54 tonnes", "67 tonnes")),
        ("derived", (104.16, 104.16, 109.7), "tonne", "", "at least 104 tonnes", "104 to 110 tonnes", ("104 tonnes", "110 tonnes")),
        ("derived", (-0.05, -0.1, -0.001), "tonne", "", "−0.05 tonnes", "−0.10 to 0.00 tonnes", ("−0.10 tonnes", "0.00 tonnes")),
        ("comparator", (151.951e9, 151.9505e9, 151.9515e9), "yuan", "", "152.0 billion yuan", "152.0 billion yuan", ("152.0 billion yuan",) * 2),
        ("comparator", (-6.544779, -6.5447795, -6.5447785), "rate", "", "−6.54 percent a year", "−6.54 percent a year", ("−6.54 percent a year",) * 2),
        ("comparator", (8368440, 8368440, 8368440), "bridge", "", "8.36844 million bridges", "exactly 8.36844 million bridges", ("8.36844 million bridges",) * 2),
        ("figure", (2e6, 1.8e6, 2e6), "bridge", "nearly", "nearly 2 million bridges", "1.8 to 2.0 million bridges", ("1.8 million bridges", "2.0 million bridges")),
        ("figure", (8, 7.5, 8.5), "percent", "", "8 percent", "7.5 to 8.5 percent", ("7.5 percent", "8.5 percent")),
    ],
)  # fmt: skip
def test_how_a_value_and_its_interval_are_shown(kind, numbers, unit, qualifier, value, allowed, ends):
    row = pd.Series(dict(zip(("value", "low", "high"), numbers, strict=True)) | {"qualifier": qualifier})
    shown = Quantity(kind, row, unit and pd.Series(UNITS[unit]))
    assert shown.qualified() == value
    assert shown.allowed() == allowed
    assert (shown.end(0), shown.end(1)) == ends


@pytest.mark.parametrize(
    ("token", "value", "unit", "corrected", "shown", "full"),
    [
        ("3.0", 3, "percent", "", "3.0 percent", "3.0 percent"),
        ("12.0", 12e12, "yuan", "", "12.0 trillion yuan", "12.0 trillion yuan"),
        ("3.60", 3.6, "rate", "", "3.60 percent a year", "3.60 percent a year"),
        ("416.90", 416.9e9, "yuan", "", "416.90 billion yuan", "416.90 billion yuan"),
        ("2.50:1", 2.5, None, "", "2.50", "2.50"),
        ("508", 5.08e6, "bridge", "", "5.08 million bridges", "5.08 million bridges"),  # 508 wan
        ("1,000,000", 1e11, "yuan", "", "100 billion yuan", "100 billion yuan"),
        ("3.0", 5, "percent", "token: printed 3.0, read as 5", "5 percent", "5 percent"),
        ("half", 50, "percent", "", "50 percent", "50 percent"),
        ("1.20", 3.4, "percent", "", "3.4 percent", "3.4 percent"),  # no power of ten between them
    ],
)
def test_a_figure_keeps_the_digits_that_were_printed(token, value, unit, corrected, shown, full):
    row = {"value": value, "low": value * 0.99, "high": value * 1.01, "token": token, "corrected": corrected}
    found = Quantity("figure", pd.Series(row), unit and pd.Series(UNITS[unit]))
    assert (found.united(), found.full()) == (shown, full)
    assert found.bare().replace(",", "").startswith(f"{value:.0f}" if value > 100 else shown.split()[0])


def test_the_card_has_all_digits():
    row = pd.Series({"value": 154.4074074e9, "low": 151.58e9, "high": 157.34e9})
    assert Quantity("derived", row, pd.Series(UNITS["yuan"])).full() == "154.4074074 billion yuan"
    row = pd.Series({"value": 10.4425375237, "low": 10.2, "high": 10.6})
    assert Quantity("derived", row, pd.Series(UNITS["rate"])).full() == "10.4425375237 percent a year"


def test_the_bare_value_has_neither_scale_word_nor_unit():
    row = pd.Series({"value": 41.69e9, "low": 41.685e9, "high": 41.695e9, "qualifier": "nearly"})
    assert Quantity("figure", row, pd.Series(UNITS["yuan"])).bare() == "41,690,000,000"


def test_text_of_a_table_is_shown_letter_by_letter():
    assert escaped(" a\n *b* <i> & [c]_d ") == r"a \*b\* &#60;i&#62; &#38; \[c\]\_d"
    assert escaped(1.5) == "1.5" and escaped('"quoted"') == r"\"quoted\""


# -- the small corpus ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tables(small_results):
    made = {name: getattr(small_results, name) for name in ("figures", "derived", "checks", "coverage")}
    rows = figure_tallies(small_results.figures) + check_tallies(small_results.checks, small_results.coverage)
    return made | {"statistics": statistics_table(rows)}


@pytest.fixture(scope="module")
def known(small_corpus, tables):
    return Evidence(small_corpus, **tables)


MULTIPLES = [
    f"lanmouth-multiple-{name}" for name in ("times-first-print", "times-revised", "grew-by-revised")
]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            "lanmouth-gdp-2021",
            [
                "Lanmouth (兰港), GDP, 2021: 41.69 billion yuan",
                "the print allows 41.685 to 41.695 billion yuan",
                "printed “41.69” in Harbour Daily, paragraph 2, characters 97 to 102",
                "printed again in Norland Gazette, numeral n008",
                "printed again in Harbour Daily, numeral n017",
                "outcome",
                "tested as equal: lanmouth-growth-fits-levels (in tension)",
                "lanmouth-multiple (consistent)",
                "lanmouth-gdp-2021-as-published (consistent)",
                "lanmouth-gdp-2021-printed-alike (consistent)",
            ],
        ),
        (
            "landing-fees",
            [
                "the harbour of Lanmouth (兰港码头), fees, 2022: 45 million yuan",
                "the print allows 44.5 to 45.5 million yuan",
                "printed “4,500” in Norland Gazette, paragraph 4, characters 437 to 442",
                "outcome",
                "read otherwise than printed (token: printed 4,500, read as 45)",
                "not tested: no statistic found",
            ],
        ),
        (
            "lanmouth-gdp-cagr",
            [
                "Lanmouth (兰港), GDP, 2011 to 2021, compound annual growth rate: 10.6 percent a year",
                "compound annual growth rate = (lanmouth-gdp-multiple ^ (1 / 10) − 1) × 100",
                "reading: times that of: last over first",
                "Prices as those of the multiple",
            ],
        ),
        (
            "salt-sold-tonnes",
            [
                "Lanmouth (兰港), salt sold, 2022, tonnes of jin: 150,000 tonnes",
                "its inputs allow 142,000 to 158,000 tonnes",
                "tonnes of jin = salt-sold × kilograms-per-jin / 1000",
            ],
        ),
        (
            "gdp-lanmouth-2021",
            [
                "Lanmouth (兰港), GDP, 2021: 41.69 billion yuan",
                "its digits allow 41.685 to 41.695 billion yuan",
                "current prices, first print",
                "Statistics of Lanmouth, bulletin of 2021",
                "https://example.org/lanmouth/2021",
                "licence: cite values only",
                "grade A, the source's own publication",
                "Perhaps the source of the article",
            ],
        ),
        (
            "gdp-growth-lanmouth-2021",
            [
                "Lanmouth (兰港), growth of GDP, 2021: 8.0 percent",
                "its digits allow 7.95 to 8.05 percent",
                "Statistics of Lanmouth, bulletin of 2021",
                "licence: cite values only",
                "grade A, the source's own publication",
                "Printed 8.0",
            ],
        ),
        (
            "kilograms-per-jin",
            [
                "kilograms per jin: 0.5 kg per jin",
                "its inputs allow exactly 0.5 kg per jin",
                "The metric jin",
            ],
        ),
        (
            "figures-about",
            ["figures printed as about: 1", "its inputs allow exactly 1", "rows of figures.csv"],
        ),
        (
            "width-median-exact",
            [
                "width of the interval of figures printed as exact, median and quartiles: 1.6 percent",
                "its inputs allow 0.3 to 6.3 percent",
                "(high − low) / value × 100 over rows of figures.csv with low < high",
            ],
        ),
        (
            "museum-visitors-as-counted",
            [
                "Visitors are as many as the museum counted: contradicted (they cannot both be true, and nothing that was found explains it)",
                "museum-visitors is expected to be the same as museum-visits-2023. Two digits are exchanged",
                "compared with another source than that of the article, as far as is known",
                "weakest source: grade A, the source's own publication",
            ],
        ),
        (
            "bridges-add-up",
            [
                "Bridges finished and begun make up all bridges: consistent (what is printed and what it is compared with can both be true, at least in one sense of the words)",
                "bridges-sum is expected to be the same as bridges-planned. Plain counts of one sentence",
                "compared with the same article, statement or statistic",
            ],
        ),
        (
            "lanmouth-multiple",
            [
                "The multiple of Lanmouth fits published levels: consistent (what is printed and what it is compared with can both be true, at least in one sense of the words)",
                "it stands when read as: times that of, base as revised",
                "it fails when read as: times that of, base as first printed · grew by, base as revised",
            ],
        ),
    ],
)
def test_all_that_is_said_of_a_number(known, key, said):
    assert described(known.fact(key)) == "; ".join(said) + "."


def test_what_a_number_is_made_of_stands_after_it(known):
    assert known.inputs("salt-sold-tonnes") == ["salt-sold", "kilograms-per-jin"]
    assert known.inputs("lanmouth-multiple") == MULTIPLES
    assert known.inputs("lanmouth-gdp-2021") == known.inputs("figures-about") == []
    assert known.closure(["lanmouth-multiple"]) == [
        "lanmouth-multiple", *MULTIPLES,
        "lanmouth-multiple-first-print", "lanmouth-multiple-revised", "lanmouth-multiple-grew-by",
        "lanmouth-gdp-multiple", "lanmouth-gdp-2021",
        "gdp-lanmouth-2011-first-print", "gdp-lanmouth-2011-revised",
    ]  # fmt: skip
    assert known.interval("harbour-workers-share") == (7, 8)
    assert known.subject(known.row("salt-sold")[1]) == ("Lanmouth", "salt sold")
    assert known.entity("lanmouth") == "Lanmouth (兰港)"


def test_an_unknown_id_is_refused_with_the_nearest(known):
    with pytest.raises(KeyError, match="no figure, derived .* or statistic; near to it: lanmouth-gdp-2022, "):
        known.row("lanmouth-gdp-2012")
    with pytest.raises(KeyError, match="near to it: none"):
        known.row("0")
