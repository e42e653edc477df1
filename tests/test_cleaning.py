"""Corrections with their guards, and figures with what all of their prints allow."""

from dataclasses import replace

import pandas as pd
import pytest

from helpers import corpus
from helpers.corpus import BadInput
from helpers.deriving import cleaning
from helpers.deriving.intervals import RULE_SETS, rule_set
from helpers.transcribing.machine import acknowledge
from helpers.vocabulary import QUALIFIERS

# -- figures of the small corpus ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("lanmouth-gdp-2021", (41.69e9, 41.685e9, 41.695e9)),
        ("harbour-workers", (12_400, 12_350, 12_450)),  # a 万 with two decimals, so no plain count
        ("harbour-workers-share", (8, 7, 8)),  # nearly 8 %
        ("harbour-workers-on-island-share", (50, 45, 55)),  # half of them
        ("harbour-tonnes", (3e6, 3e6, 3.3e6)),  # more than 3 million
        ("harbour-cranes", (350, 340, 360)),  # about 350
        ("quay-area-target", (500, 500, 500)),  # a target is exact
        ("museum-visitors", (1067, 1067, 1067)),  # a plain count
        ("bridges-begun", (6, 6, 6)),  # "six"
        ("bridges-cost", (1.2e8, 1.15e8, 1.25e8)),  # 1.2亿
        ("waiting-time", (5.5, 4.75, 6.25)),  # 5-6 hours
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


def changed(raw, figure, **cells):
    numerals = raw.numerals.copy()
    for column, value in cells.items():
        numerals.loc[numerals.figure_id == figure, column] = value
    return replace(raw, numerals=numerals)


def test_a_finer_print_narrows_a_coarser_one(small_corpus):
    """41.69 billion in one article, 41.7 in the other."""
    figures = cleaning.clean(small_corpus).set_index("figure_id")
    coarse = figures.loc["lanmouth-gdp-2021-again"]
    assert coarse.token == "41.7"
    assert (coarse.value, coarse.low, coarse.high) == (41.69e9, 41.685e9, 41.695e9)
    assert coarse.also_printed.startswith("gazette") or "daily-2022-harbour n0" in coarse.also_printed


def test_prints_that_overlap_in_part_leave_what_both_allow(small_corpus):
    figures = cleaning.clean(
        changed(small_corpus, "lanmouth-gdp-2021-again", token="41.6", qualifier="about")
    )
    both = figures[figures.figure_id.str.startswith("lanmouth-gdp-2021")]
    assert set(both.low) == {41.685e9} and set(both.high) == {41.695e9}  # of 41.392 to 41.808


def test_prints_that_no_value_fits_keep_their_own_intervals(small_corpus):
    figures = cleaning.clean(changed(small_corpus, "lanmouth-gdp-2021-again", token="42.0"))
    figures = figures.set_index("figure_id")
    assert figures.low["lanmouth-gdp-2021"] == 41.685e9 and figures.low["lanmouth-gdp-2021-again"] == 41.95e9


def test_two_of_one_description_in_one_article_are_two_things(small_corpus):
    other = changed(small_corpus, "lanmouth-gdp-2021-again", article="daily-2022-harbour")
    figures = cleaning.clean(other).set_index("figure_id")
    assert figures.high["lanmouth-gdp-2021-again"] == 41.75e9


def test_a_set_of_rules_is_chosen_by_its_name(small_corpus):
    low = {
        name: cleaning.clean(small_corpus, rule_set(name)).set_index("figure_id").low for name in RULE_SETS
    }
    assert [low[name]["harbour-workers-share"] for name in RULE_SETS] == [7.5, 7, 6]  # nearly 8 percent


def test_tallies_of_figures_by_qualifier(small_results):
    found = {row.statistic_id: row for row in cleaning.figure_tallies(small_results.figures)}
    counts = [found[f"figures-{name.replace('_', '-')}"].value for name in QUALIFIERS]
    assert sum(counts) == len(small_results.figures) and counts[1:] == [1, 1, 1, 0, 0, 0]
    assert found["width-median-about"].value == pytest.approx(100 * 20 / 350)
    assert found["width-median-more-than"].value == pytest.approx(10)


# -- the five articles ------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_corrections_of_the_five_articles(real):
    figures = real.figures.set_index("figure_id")
    target = figures.loc["zhaoqing-agriculture-output-target"]
    assert (target.token, target.value) == ("1,000,000", 1e11)
    assert "printed 1,000,000, read as 100" in target.corrected
    again = figures.loc["ganzhou-high-tech-firms-printed"]
    assert (again.value, again.indicator) == (2584, "industrial_firms_above_designated_size")
    assert "printed high_tech_firms" in again.corrected
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
