"""Tokens to values and intervals by the written rules, and corrections with their guards."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import corpus
from helpers.corpus import BadInput
from helpers.deriving import cleaning
from helpers.transcribing.machine import acknowledge
from helpers.vocabulary import QUALIFIERS, SCALES


@pytest.mark.parametrize(
    ("token", "scale", "kind", "qualifier", "status", "expected"),
    [
        ("416.9", "billion", "money", "exact", "outcome", ("416900000000", "416850000000", "416950000000")),
        ("0.32", "", "share", "exact", "outcome", ("0.32", "0.315", "0.325")),
        ("2.67:1", "", "multiple", "exact", "outcome", ("2.67", "2.665", "2.675")),
        ("2,584", "", "count", "exact", "outcome", ("2584", "2584", "2584")),
        ("4.5", "", "count", "exact", "plan", ("4.5", "4.5", "4.5")),
        ("466,000", "", "count", "exact", "forecast", ("466000", "465500", "466500")),
        ("5-6", "", "measure", "exact", "outcome", ("5.5", "4.5", "6.5")),
        ("1,200-1,500", "million", "money", "about", "outcome", ("1350000000", "1100000000", "1600000000")),
        ("176,300", "", "count", "exact", "outcome", ("176300", "176250", "176350")),
        ("zero", "", "share", "exact", "outcome", ("0", "0", "0.5")),
        ("50-100", "", "measure", "exact", "outcome", ("75", "45", "105")),
        ("10-12.5", "", "share", "more_than", "outcome", ("11.25", "10", "12.6")),
        ("3-5", "", "count", "exact", "outcome", ("4", "3", "5")),
        ("0", "", "count", "exact", "outcome", ("0", "0", "0")),
        ("two and a quarter", "", "measure", "exact", "outcome", ("2.25", "2.125", "2.375")),
        ("-3.5", "", "share", "exact", "outcome", ("-3.5", "-3.55", "-3.45")),
        ("508", "wan", "count", "exact", "outcome", ("5080000", "5075000", "5085000")),
        ("12.6", "trillion", "money", "about", "outcome", ("12600000000000", "12500000000000", "12700000000000")),
        ("900", "", "count", "more_than", "outcome", ("900", "900", "1000")),
        ("60,000", "", "count", "nearly", "outcome", ("60000", "50000", "60000")),
        ("15", "", "share", "exact", "policy", ("15", "15", "15")),
        ("15", "", "share", "exact", "target", ("15", "15", "15")),
        ("15", "", "share", "exact", "plan", ("15", "14.5", "15.5")),
        ("15", "", "share", "about", "target", ("15", "14", "16")),
        ("15", "billion", "money", "exact", "target", ("15000000000", "15000000000", "15000000000")),
        ("2,000", "", "count", "exact", "outcome", ("2000", "1500", "2500")),
        ("2,100", "", "count", "exact", "outcome", ("2100", "2100", "2100")),
        ("12,100", "", "count", "exact", "outcome", ("12100", "12050", "12150")),
        ("12,110", "", "count", "exact", "outcome", ("12110", "12110", "12110")),
        ("10,000", "", "count", "exact", "outcome", ("10000", "5000", "15000")),
        ("0.4", "", "measure", "exact", "outcome", ("0.4", "0.35", "0.45")),
        ("0", "", "measure", "exact", "outcome", ("0", "0", "0.5")),
        ("Half", "", "share", "exact", "outcome", ("50", "45", "55")),
        ("one and a half", "", "measure", "exact", "outcome", ("1.5", "1.25", "1.75")),
    ],
)  # fmt: skip
def test_the_interval_by_the_written_rule(token, scale, kind, qualifier, status, expected):
    assert cleaning.interval(token, scale, kind, qualifier, status) == tuple(map(Decimal, expected))


def test_every_qualifier_has_a_rule():
    assert set(cleaning.RULES) == set(QUALIFIERS)


@given(
    st.decimals("0.001", "999999", places=3),
    st.sampled_from(["", "million", "billion"]),
    st.sampled_from(["exact", "about", "more_than", "nearly"]),
)
def test_an_interval_holds_its_value_and_no_less_than_rounding(number, scale, qualifier):
    token = f"{number:f}"
    value, low, high = cleaning.interval(token, scale, "measure", qualifier, "outcome")
    assert low <= value <= high and low < high
    assert high - low in {cleaning.step(token) * SCALES[scale] * n for n in (1, 2)}


@given(st.decimals("1", "99999", places=2), st.integers(0, 2))
def test_rounding_a_true_value_prints_a_number_whose_interval_holds_it(true, places):
    printed = f"{true:.{places}f}"
    _, low, high = cleaning.interval(printed, "", "measure", "exact", "outcome")
    assert low <= true <= high


@pytest.mark.parametrize(
    ("token", "scale", "kind", "why"),
    [
        ("15-12", "", "measure", "no range that ascends"),
        ("2020-21", "", "measure", "no range that ascends"),
        ("3.5", "trillion", "share", "a share has no scale"),
        ("一亿三千万", "wan", "money", "stands in it already"),
        ("9" * 19, "", "count", "at most 15 significant digits"),
        ("all", "", "count", "no single number"),
        ("1+5+N", "", "count", "no single number"),
    ],
)
def test_no_interval_is_made_of_what_cannot_be_meant(token, scale, kind, why):
    with pytest.raises(ValueError, match=why):
        cleaning.interval(token, scale, kind, "exact", "outcome")


# -- figures of the small corpus ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("lanmouth-gdp-2021", (41.69e9, 41.685e9, 41.695e9)),
        ("harbour-workers", (12_400, 12_350, 12_450)),  # a 万 with two decimals, so no plain count
        ("harbour-workers-share", (8, 7, 8)),  # nearly 8 %
        ("harbour-workers-on-island-share", (50, 45, 55)),  # half of them
        ("harbour-tonnes", (3e6, 3e6, 4e6)),  # more than 3 million
        ("harbour-cranes", (350, 340, 360)),  # about 350
        ("quay-area-target", (500, 500, 500)),  # a target is exact
        ("museum-visitors", (1067, 1067, 1067)),  # a plain count
        ("bridges-begun", (6, 6, 6)),  # "six"
        ("bridges-cost", (1.2e8, 1.15e8, 1.25e8)),  # 1.2亿
        ("waiting-time", (5.5, 4.5, 6.5)),  # 5-6 hours
        ("waiting-time-saved", (1.5, 1.25, 1.75)),  # one and a half hours
        ("landing-fees", (45e6, 44.5e6, 45.5e6)),  # corrected from 4,500 million
        ("income-ratio-before", (2.67, 2.665, 2.675)),  # 2.67:1
    ],
)
def test_a_figure_gets_what_its_print_allows(small_results, figure, expected):
    row = small_results.figures.set_index("figure_id").loc[figure]
    assert (row.value, row.low, row.high) == pytest.approx(expected, rel=1e-15)


def test_every_figure_of_the_sheets_is_there_once_in_their_order(small_results):
    numerals = small_results.corpus.numerals
    printed = numerals[numerals["class"] == "figure"]
    figures = small_results.figures
    assert figures.figure_id.tolist() == printed.figure_id.tolist()
    assert figures.token.tolist() == printed.token.tolist()  # corrected or not
    assert ((figures.low <= figures.value) & (figures.value <= figures.high)).all()


def test_a_correction_says_what_was_printed_and_changes_the_value(small_results):
    figures = small_results.figures.set_index("figure_id")
    fees, area = figures.loc["landing-fees"], figures.loc["quay-area-target"]
    assert (fees.token, fees.corrected) == ("4,500", "token: printed 4,500, read as 45")
    assert (area.unit, area.corrected) == ("mu", "unit: printed acre, read as mu")
    assert (figures.corrected != "").sum() == 2


def test_two_corrections_of_a_figure_are_both_said(small_corpus):
    more = small_corpus.corrections.iloc[[1]].assign(column="period", expect="2022", corrected="2021")
    both = replace(small_corpus, corrections=_appended(small_corpus.corrections, more))
    fees = cleaning.clean(both).set_index("figure_id").loc["landing-fees"]
    assert fees.corrected == "token: printed 4,500, read as 45; period: printed 2022, read as 2021"
    assert fees.period == "2021"


def test_a_cell_that_is_read_as_nothing_is_said_to_be_so(small_corpus):
    more = small_corpus.corrections.iloc[[1]].assign(column="period", expect="2022", corrected="")
    both = replace(small_corpus, corrections=_appended(small_corpus.corrections, more))
    fees = cleaning.clean(both).set_index("figure_id").loc["landing-fees"]
    assert fees.corrected.endswith("; period: printed 2022, read as nothing") and fees.period == ""


def _appended(table, rows):
    return pd.concat([table, rows.set_axis([table.index.max() + 1 + n for n in range(len(rows))])])


def faults(folder):
    """What is wrong with a corpus, or with the figures of it."""
    with pytest.raises(BadInput) as caught:
        cleaning.clean(corpus.load(folder))
    return caught.value.faults


@pytest.mark.parametrize(
    ("column", "value", "faulty"),
    [
        ("expect", "hectare", "expect"),
        ("figure", "nowhere-2021", "figure"),
        ("column", "value", "column"),
        ("reason", "", "reason"),
        ("confidence", "certain", "confidence"),
        ("corrected", "mou", "corrected"),
        ("corrected", "", "corrected"),
        ("corrected", "acre", "corrected"),  # what is printed anyway
    ],
)
def test_a_bad_correction_is_refused(small, edit, column, value, faulty):
    edit(small / "corrections.csv", 2, column, value)
    found = [(fault.file.name, fault.line, fault.column) for fault in faults(small)]
    assert found == [("corrections.csv", 2, faulty)]


@pytest.mark.parametrize(
    ("column", "corrected"),
    [
        ("qualifier", "roughly"),
        ("status", "done"),
        ("scale", "milliard"),
        ("period", "last year"),
        ("token", "many"),
        ("entity", "gansu"),
    ],
)
def test_a_correction_cannot_bring_in_what_a_sheet_may_not_say(small, edit, column, corrected):
    edit(small / "corrections.csv", 2, "column", column)
    edit(small / "corrections.csv", 2, "corrected", corrected)
    assert [(f.line, f.column, f.value) for f in faults(small)] == [(2, "corrected", corrected)]


def test_a_correction_fails_once_the_sheet_has_been_mended(small, edit, line_of):
    sheet = small / "transcription/daily-2022-harbour.csv"
    edit(sheet, line_of(sheet, "figure_id", "quay-area-target"), "unit", "mu")
    acknowledge("daily-2022-harbour", "The sheet was mended", small)
    assert [f.advice for f in faults(small)] == ["it must be what is printed now, 'mu'"]


def test_a_correction_of_a_numeral_that_is_no_figure_is_refused(small_corpus):
    numerals = small_corpus.numerals.copy()
    numerals.loc[numerals.figure_id == "quay-area-target", ["class", "figure_id"]] = ["name", ""]
    with pytest.raises(
        BadInput, match="corrections.csv:2: figure is 'quay-area-target'; it must be a figure"
    ):
        cleaning.clean(replace(small_corpus, numerals=numerals))


def test_a_figure_whose_token_states_no_number_is_refused(small, edit, line_of):
    sheet = small / "transcription/gazette-2023-quay.csv"
    line = line_of(sheet, "figure_id", "bridges-begun")
    edit(sheet, line, "token", "all")
    found = faults(small)  # the text too has "six" there
    assert {(f.file.name, f.line, f.column) for f in found} == {(sheet.name, line, "token")}


def test_a_token_without_a_value_is_refused_with_its_line(small_corpus):
    numerals = small_corpus.numerals.copy()
    numerals.loc[numerals.figure_id == "bridges-begun", "token"] = "all"
    with pytest.raises(
        BadInput, match=r"gazette-2023-quay.csv:13: token is 'all'; it must be a number \('all'"
    ):
        cleaning.clean(replace(small_corpus, numerals=numerals))


def test_a_unit_of_another_kind_than_the_indicator_is_refused_also_after_a_correction(small, edit):
    edit(small / "corrections.csv", 2, "corrected", "yuan")
    (fault,) = faults(small)
    assert (fault.column, fault.value) == ("unit", "yuan")
    assert fault.advice == (
        "it must be a unit of measure, which area is by indicators.csv (after the corrections of quay-area-target)"
    )


def test_without_a_finished_sheet_there_are_no_figures(small, edit):
    for sheet in (small / "transcription").glob("*.csv"):
        edit(sheet, 2, "note", "proposed")
    (fault,) = faults(small)
    assert (fault.file.name, fault.advice) == ("articles.csv", "one finished sheet is needed")
    assert "daily-2022-harbour: 1 of 22 numerals are proposals" in fault.value


def test_tallies_of_figures_by_qualifier(small_results):
    found = {row.statistic_id: row for row in cleaning.figure_tallies(small_results.figures)}
    counts = [found[f"figures-{name.replace('_', '-')}"].value for name in cleaning.RULES]
    assert sum(counts) == len(small_results.figures) and counts[1:] == [1, 1, 1]
    assert found["width-median-about"].value == pytest.approx(100 * 20 / 350)
    assert found["width-median-more-than"].value == pytest.approx(100 / 3)


# -- the five articles ------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_corrections_of_the_five_articles(real):
    figures = real.figures.set_index("figure_id")
    target = figures.loc["zhaoqing-agriculture-output-target"]
    assert (target.token, target.value) == ("1,000,000", 1e11)
    assert "printed 1,000,000, read as 100" in target.corrected
    assert figures.unit["zhaoqing-platform-area-target"] == "mu"
    clusters = figures.loc["guangdong-trillion-clusters"]
    assert (clusters.value, clusters.unit) == (7, "cluster")
    assert figures.indicator["ganzhou-high-tech-firms"] == "high_tech_firms"


@pytest.mark.corpus
def test_known_values_of_the_five_articles(real):
    value = real.figures.set_index("figure_id").value
    assert value["gba-gdp-2021"] == 12.6e12
    assert value["deqing-tangerine-output-2022"] == 115e6
    assert value["y-talk-followers"] == 347_000
    assert value["mingluo-guns-before"] == value["mingluo-robots-after"] == 25
