"""The corpus: read once, frozen, typed; without what rests on unfinished sheets; every fault said at once."""

import contextlib
import csv
import dataclasses
import hashlib
import os
import re
import sys
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from conftest import SMALL, results
from pandas.testing import assert_frame_equal

from helpers import __main__ as commands
from helpers import corpus, paths
from helpers.checking.coverage import check_tallies
from helpers.corpus import schema
from helpers.corpus.faults import BadInput
from helpers.corpus.files import write_table
from helpers.corpus.graph import resting_on
from helpers.corpus.processed import read_checks, read_processed, read_statistics
from helpers.corpus.tallies import statistics_table
from helpers.deriving.cleaning import clean, figure_tallies
from helpers.deriving.quantities import derived_graph
from helpers.vocabulary import is_period

ARTICLE, OTHER = "daily-2022-harbour", "gazette-2023-quay"
FRAMES = [f.name for f in dataclasses.fields(corpus.Corpus) if f.type is pd.DataFrame]
TABLES = {"sheets": schema.SHEET, "numerals": schema.SHEET, "untested": schema.UNTESTED_FIGURES}
TABLES |= {table.name: table for table in schema.RAW if table.name in FRAMES}
TABLES |= {"second": schema.SECOND, "machine": schema.MACHINE}


def same(one: corpus.Corpus, two: corpus.Corpus) -> bool:
    """Whether two corpora hold the same tables."""
    return all(getattr(one, name).equals(getattr(two, name)) for name in FRAMES)


def sheet(folder: Path, article: str) -> Path:
    return folder / "transcription" / f"{article}.csv"


# -- frozen and typed --------------------------------------------------------------------------------


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(corpus.Corpus)])
def test_no_part_of_a_corpus_can_be_exchanged(small_corpus, field):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(small_corpus, field, None)


def test_its_texts_and_what_is_left_out_cannot_change(small_corpus):
    for mapping in (small_corpus.texts, small_corpus.unfinished):
        with pytest.raises(TypeError):
            mapping["new"] = "text"
    assert isinstance(small_corpus.left_out, frozenset)


@pytest.mark.parametrize("name", FRAMES)
def test_every_column_has_the_type_of_the_schema(small_corpus, name):
    frame, table = getattr(small_corpus, name), TABLES[name]
    assert len(frame) and set(table.columns) <= set(frame.columns)
    assert [str(frame[f.name].dtype) for f in table.fields] == [f.dtype for f in table.fields]
    assert not frame[[f.name for f in table.fields if f.dtype == "str"]].isna().any(axis=None)


def test_every_table_of_the_schema_is_in_the_corpus():
    assert {table.file for table in TABLES.values()} == {table.file for table in schema.RAW}
    assert set(TABLES) == set(FRAMES)


def test_rows_are_indexed_by_the_line_of_their_file(small_corpus, line_of):
    for name, key in [
        ("comparators", "comparator_id"),
        ("claims", "check_id"),
        ("derivations", "derived_id"),
    ]:
        for line, value in getattr(small_corpus, name)[key].items():
            assert line == line_of(SMALL / f"{name}.csv", key, value)
    for row in small_corpus.sheets[small_corpus.sheets["class"] == "figure"].itertuples():
        assert row.line == line_of(sheet(SMALL, row.article), "figure_id", row.figure_id)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("gdp-lanmouth-2011-revised", 15_155_000_000, 15_165_000_000),
        ("gdp-growth-lanmouth-2021", 7.95, 8.05),  # printed 8.0, of which a table keeps 8
        ("harbour-tonnes-2021", 3_135_000, 3_145_000),
        ("museum-visits-2023", 1076, 1076),  # a plain count
    ],
)
def test_a_comparator_has_half_a_step_either_way(small_corpus, name, low, high):
    row = small_corpus.comparators.set_index("comparator_id").loc[name]
    assert (row.low, row.high) == (low, high)


@pytest.mark.parametrize("cell", ["0.1", "0.30000000000004", "123456789012345", "0.7", "1.005", "-2.675"])
def test_a_number_is_the_nearest_to_what_is_written(small, edit, cell):
    edit(small / "constants.csv", 2, "value", cell)
    edit(small / "constants.csv", 2, "low", "-3")
    edit(small / "constants.csv", 2, "high", "999999999999999")
    assert corpus.load(small).constants.value.iloc[0] == float(cell)


def test_what_is_made_of_a_corpus_changes_nothing_in_it(small_results):
    assert same(small_results.corpus, corpus.load(SMALL))
    again = results(small_results.corpus)
    for name in ("figures", "derived", "checks", "coverage"):
        assert_frame_equal(getattr(again, name), getattr(small_results, name), check_exact=True)


# -- unfinished sheets ---------------------------------------------------------------------------------

RESTS_ON = {  # what rests on the figures of each article, besides these figures
    ARTICLE: """lanmouth-gdp-cagr lanmouth-gdp-cagr-grew-by lanmouth-gdp-2011-implied tonnes-per-crane
        lanmouth-gdp-2011-implied-grew-by lanmouth-multiple-grew-by lanmouth-multiple-first-print
        lanmouth-multiple-revised lanmouth-cagr-first-print lanmouth-cagr-revised three-cities-gdp-2021
        lanmouth-cagr-lost-by-revision lanmouth-share-of-norland three-cities-gdp-multiple
        lanmouth-share-of-three lanmouth-doubling-time harbour-workers-on-island
        city-workers-implied""".split(),
    OTHER: """lanmouth-gdp-growth-nominal lanmouth-gdp-2021-before-growth lanmouth-growth-of-two-years
        salt-sold-tonnes bridges-sum income-ratio-fall""".split(),
}
CLAIMS_LEFT = {  # and the claims that are left without it
    ARTICLE: set(
        """bridges-add-up lanmouth-growth-as-published museum-visitors-as-counted
        income-ratio-as-in-norland""".split()
    ),
    OTHER: set(
        """island-within-workers lanmouth-multiple-times-first-print lanmouth-multiple-times-revised
        lanmouth-multiple-grew-by-revised lanmouth-gdp-2021-as-published sandwick-gdp-as-published
        harbour-share-as-on-the-web harbour-tonnes-reached traffic-growth-as-reported""".split()
    ),
}


@pytest.mark.parametrize("article", [ARTICLE, OTHER])
def test_what_rests_on_an_unfinished_sheet_is_left_out_and_nothing_else(small, edit, small_corpus, article):
    edit(sheet(small, article), 2, "note", "proposed: why")
    raw = corpus.load(small)
    rows = small_corpus.numerals[small_corpus.numerals.article == article]
    own = set(rows.figure_id) - {""}
    assert raw.left_out == own | set(RESTS_ON[article])
    assert dict(raw.unfinished) == {article: "1 of 22 numerals are proposals"}
    assert set(raw.numerals.article) == {ARTICLE, OTHER} - {article}
    assert len(raw.sheets) == len(small_corpus.sheets) and len(raw.articles) == 2
    assert set(raw.claims.check_id) == CLAIMS_LEFT[article]
    assert set(small_corpus.derivations.derived_id) - set(raw.derivations.derived_id) == set(
        RESTS_ON[article]
    )
    for name, column in [("corrections", "figure"), ("untested", "figure_id")]:
        kept, whole = getattr(raw, name)[column], getattr(small_corpus, name)[column]
        assert set(kept) == set(whole) - own and 0 < len(kept) < len(whole)
    assert set(raw.headlines.headline) == set(small_corpus.headlines.headline) - raw.left_out
    assert len(raw.second) == (0 if article == ARTICLE else 23)
    for name in (
        "constants",
        "comparators",
        "entities",
        "indicators",
        "units",
        "settled",
        "fingerprints",
        "machine_differences",
        "vintages",
    ):
        assert getattr(raw, name).equals(getattr(small_corpus, name))


@pytest.mark.parametrize("article", [ARTICLE, OTHER])
def test_what_is_left_is_as_it_was(small, edit, small_results, article):
    edit(sheet(small, article), 2, "note", "proposed")
    found = results(corpus.load(small))
    twice = small_results.figures.figure_id[small_results.figures.also_printed.str.contains(f"{article} ")]
    narrowed = {*twice, *resting_on(derived_graph(small_results.derived), twice)}
    assert len(twice)
    for name, key in [("figures", "figure_id"), ("derived", "derived_id"), ("checks", "check_id")]:
        now, before = getattr(found, name), getattr(small_results, name)
        assert 0 < len(now) < len(before)
        if name != "checks":  # what the other article printed too is not narrowed by it any more
            now, before = (
                table[~table[key].isin(narrowed)].reset_index(drop=True) for table in (now, before)
            )
        part = before[before[key].isin(now[key])].reset_index(drop=True)
        assert_frame_equal(now, part, check_exact=True)
    assert set(found.coverage.article) == {ARTICLE, OTHER} - {article}


@pytest.mark.parametrize(
    "note",
    ["proposed", "Proposed: why", " 'proposed", "\u00a0PROPOSED", "proposed ", "proposed:", "proposed; mine"]
    + ["proposed : why", "proposed：为何", "Proposed.", "'proposed: was figure x; why", "’proposed"],
)
def test_the_mark_of_a_proposal_is_known_however_an_editor_spelt_it(small, edit, note):
    edit(sheet(small, ARTICLE), 2, "note", note)
    assert ARTICLE in corpus.load(small).unfinished


@pytest.mark.parametrize(
    "note",
    [
        "Proposed by the mayor",
        "proposed in 2019: a plan",
        "proposed-route",
        "proposed, then built",
        "a plan: proposed",
    ],
)
def test_a_note_that_begins_with_the_word_is_no_mark(small, edit, note):
    edit(sheet(small, ARTICLE), 2, "note", note)
    assert not corpus.load(small).unfinished


@pytest.mark.parametrize("column", schema.NEEDED)
def test_an_article_counts_once_its_record_is_filled_in(small, edit, column):
    edit(small / "articles.csv", 2, column, "")
    assert dict(corpus.load(small).unfinished) == {ARTICLE: f"articles.csv lacks {column}"}


@pytest.mark.parametrize(
    "name", ["lanmouth-gdp-cagr", "gdp-norland-2011", "kilograms-per-jin", "lanmouth-gdp-2021"]
)
def test_a_proposal_named_like_something_else_takes_nothing_out(small, edit, line_of, small_corpus, name):
    file = sheet(small, OTHER)
    line = line_of(file, "figure_id", "bridges-cost")
    edit(file, line, "figure_id", name)
    edit(file, line, "note", "proposed")
    edit(
        small / "untested.csv",
        line_of(small / "untested.csv", "figure_id", "bridges-cost"),
        "figure_id",
        "waiting-time",
    )
    keep_first(small / "untested.csv", "figure_id")
    raw = corpus.load(small)
    assert name not in raw.left_out
    own = set(small_corpus.numerals.figure_id[small_corpus.numerals.article == OTHER]) - {"", "bridges-cost"}
    assert raw.left_out == own | set(RESTS_ON[OTHER])
    assert len(results(raw).derived) == len(RESTS_ON[ARTICLE]) + 1  # and norland-cagr


def keep_first(file: Path, column: str) -> None:
    """Keep the first of the rows of a file that have the same cell in a column."""
    pd.read_csv(file, dtype=str, keep_default_na=False).drop_duplicates(column).to_csv(file, index=False)


def test_an_unfinished_sheet_may_lack_rows_and_have_no_fingerprints(small, bare, edit):
    file = sheet(bare, ARTICLE)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:3]), encoding="utf-8")
    edit(file, 3, "note", "proposed")
    for name in ("claims", "derivations", "untested", "corrections", "headlines"):
        keep_rows(
            bare / f"{name}.csv", CLAIMS_LEFT[ARTICLE] | {"bridges-sum", "waiting-time", "landing-fees"}
        )
    keep_rows(bare / "ranks_and_lists.csv", {"bridges-told"})
    keep_rows(bare / "calibration.csv", {"lanmouth-gdp-2021-again"})
    raw = corpus.load(bare)
    assert list(raw.unfinished) == [ARTICLE] and corpus.progress(raw).text.tolist() == ["not at hand"] * 2


def keep_rows(file: Path, keys: set[str]) -> None:
    """Keep the rows of a file whose first cell is one of some keys."""
    rows = list(csv.reader(open(file, newline="", encoding="utf-8")))
    with open(file, "w", newline="", encoding="utf-8") as handle:
        csv.writer(handle, lineterminator="\n").writerows(r for r in rows if r[0] in {*keys, rows[0][0]})


def test_progress_counts_what_an_unfinished_sheet_still_lacks(small, edit):
    file = sheet(small, OTHER)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    edit(file, 2, "note", "proposed")
    keep_first(small / "untested.csv", "figure_id")
    keep_rows(small / "headlines.csv", {"lanmouth-gdp-cagr"})
    for name in ("untested", "derivations"):
        kept = [
            row
            for row in (small / f"{name}.csv").read_text(encoding="utf-8").splitlines()
            if "ratio-before" not in row
        ]
        (small / f"{name}.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    found = corpus.progress(corpus.load(small)).set_index("article")
    assert found.state.tolist() == [
        "finished",
        "1 of 21 numerals are proposals; 1 numerals of the text have no row",
    ]
    assert found.text.tolist() == ["verified"] * 2
    assert found.loc[ARTICLE, ["numerals", "digits", "number_words"]].tolist() == [22, 50, 5]


def test_no_finished_sheet_is_a_fault_only_of_what_is_made_of_it(small, edit):
    for article in (ARTICLE, OTHER):
        edit(sheet(small, article), 2, "note", "proposed")
    raw = corpus.load(small)
    assert raw.numerals.empty and raw.claims.empty and len(raw.derivations) == 1
    with pytest.raises(BadInput, match="one finished sheet is needed"):
        clean(raw)


# -- faults --------------------------------------------------------------------------------------------


SPOILT = {  # a cell of every table of data/raw, with what is said
    "articles.csv": ("date", "someday", "a day, a month or a year"),
    "entities.csv": ("name", " ", "some text"),
    "indicators.csv": ("kind", "mony", "near to it: money"),
    "units.csv": ("singular", "", "some text"),
    "fingerprints.csv": ("digits", "x", "a whole number"),
    "corrections.csv": ("reason", "", "why the print is not believed"),
    "constants.csv": ("value", "x", "a decimal number"),
    "comparators.csv": ("grade", "D", "A, B, C"),
    "derivations.csv": ("measure", "", "a measure, or a formula of its own"),
    "claims.csv": ("test", "equal", "near to it: equals"),
    "untested.csv": ("reason", "", "one of"),
    "headlines.csv": ("headline", "Lanmouth GDP", "a slug"),
    "vintages.csv": ("year", "first", "base, last"),
    "ranks_and_lists.csv": ("test", "rivals", "one of"),
    "calibration.csv": ("source", "", "one of"),
    f"transcription/{ARTICLE}.csv": ("class", "dates", "near to it: date"),
    f"transcription/{OTHER}.csv": ("start", "-1", "a whole number"),
    f"second_transcription/{ARTICLE}.csv": ("value", "x", "or nothing"),
    "second_transcription/settled.csv": ("reason", " ", "some text"),
    f"machine_transcription/{ARTICLE}.csv": ("scale", "milion", "near to it: million"),
    f"machine_transcription/{OTHER}.csv": ("end", "x", "a whole number"),
    "machine_differences.csv": ("reason", "", "why the sheet is right"),
}


def test_every_raw_table_is_spoilt_here():
    assert set(SPOILT) == {str(file.relative_to(SMALL)) for file in SMALL.rglob("*.csv")}


def test_the_faults_of_all_tables_and_texts_are_said_together(small, edit):
    for file, (column, value, _) in SPOILT.items():
        edit(small / file, 2, column, value)
    with pytest.raises(BadInput) as caught:
        corpus.load(small)
    found = {str(fault.file.relative_to(small)): fault for fault in caught.value.faults}
    assert set(found) == set(SPOILT) and len(caught.value.faults) == len(SPOILT)
    for file, (column, value, said) in SPOILT.items():
        fault = found[file]
        assert (fault.line, fault.column, fault.value) == (2, column, value) and said in fault.advice
    assert len(str(caught.value).splitlines()) == len(SPOILT)


def test_the_fault_of_a_text_is_said_with_those_of_tables(small, edit):
    (small / "articles" / f"{OTHER}.txt").write_bytes(b"\xff\xfe")
    edit(small / "claims.csv", 2, "test", "")
    with pytest.raises(BadInput) as caught:
        corpus.load(small)
    assert [(f.file.name, f.column) for f in caught.value.faults] == [
        (f"{OTHER}.txt", "encoding"),
        ("claims.csv", "test"),
    ]


@pytest.mark.parametrize("file", sorted(SPOILT))
def test_a_table_that_cannot_be_read_hides_no_fault_of_another(small, edit, file):
    (small / file).write_bytes(b"\xff\xfe")
    another = "constants.csv" if file != "constants.csv" else "comparators.csv"
    edit(small / another, 2, "value", "x")
    with pytest.raises(BadInput) as caught:
        corpus.load(small)
    assert {(f.file, f.column) for f in caught.value.faults} == {
        (small / file, "encoding"),
        (small / another, "value"),
    }


def test_texts_at_hand_are_read_whatever_is_wrong_with_other_tables(small):
    (small / "comparators.csv").write_bytes(b"\xff\xfe")
    (small / "articles" / f"{OTHER}.txt").unlink()
    articles, texts, _, before = corpus.texts_at_hand(small)
    assert list(articles.article) == [ARTICLE, OTHER] and list(texts) == [ARTICLE] and len(before) == 8


# -- read once -------------------------------------------------------------------------------------------

_OPENED: list[str] | None = None  # what is opened, while somebody asks


def _audit(event: str, arguments: tuple) -> None:
    if _OPENED is not None and event == "open" and isinstance(arguments[0], str | bytes | Path):
        _OPENED.append(str(arguments[0]))


@contextlib.contextmanager
def opened(folder: Path):
    """Counts how often each file of a folder is opened, by whatever means, as Python tells audit hooks."""
    global _OPENED
    if not getattr(sys, "_audit_of_opens", False):
        sys.addaudithook(_audit)  # it stays until the process ends
        sys._audit_of_opens = True
    counts: Counter[Path] = Counter()
    _OPENED = []
    try:
        yield counts
    finally:
        seen, _OPENED = _OPENED, None
        counts.update(Path(name) for name in seen if Path(name).is_relative_to(folder))


def every_file(folder: Path) -> dict[Path, int]:
    """Every table and text of a folder, once."""
    return {file: 1 for file in folder.rglob("*") if file.suffix in (".csv", ".txt")}


def test_every_way_of_opening_a_file_is_counted(tmp_path):
    file = tmp_path / "x"
    with opened(tmp_path) as counts:
        file.write_bytes(b"a,b\n1,2\n")
        open(file).close()
        os.close(os.open(file, os.O_RDONLY))
        file.read_text()
        pd.read_csv(file)
    assert counts == {file: 5}


def test_loading_opens_every_file_once(small):
    with opened(small) as counts:
        corpus.load(small)
    assert counts == every_file(small) and len(counts) == 24


def test_the_command_check_opens_every_file_once(small, monkeypatch, capsys):
    monkeypatch.setattr(paths, "RAW", small)
    with opened(small) as counts:
        assert commands.main(["check"]) == 0
    assert counts == every_file(small)


def test_an_unfinished_sheet_is_opened_no_oftener(small, edit, monkeypatch, capsys):
    edit(sheet(small, ARTICLE), 2, "note", "proposed")
    monkeypatch.setattr(paths, "RAW", small)
    with opened(small) as counts:
        assert commands.main(["check"]) == 0
    assert counts == every_file(small)


@pytest.mark.corpus
def test_the_real_files_are_opened_once():
    with opened(paths.RAW) as counts:
        corpus.load(paths.RAW)
    assert counts == every_file(paths.RAW)


# -- written and read back -------------------------------------------------------------------------------


def read_back(made, folder: Path) -> None:
    """Write all that is made of a corpus as the notebooks do, and hold what is read back against it."""
    numerals = made.corpus.numerals[schema.NUMERALS.columns]
    for table, frame in [
        (schema.NUMERALS, numerals),
        (schema.FIGURES, made.figures),
        (schema.DERIVED, made.derived),
        (schema.COVERAGE, made.coverage),
        (schema.ORDERS, made.orders),
    ]:
        assert list(frame.columns) == table.columns and len(frame)
        write_table(frame, folder / f"{table.name}.csv")
        assert_frame_equal(read_processed(table, folder), frame, check_exact=True)
    write_table(made.checks[schema.CHECKS.columns], folder / "checks.csv")
    write_table(made.checks[schema.CHECK_READINGS.columns], folder / "check_readings.csv")
    assert_frame_equal(read_checks(folder), made.checks, check_exact=True)
    tallies = statistics_table(figure_tallies(made.figures) + check_tallies(made.checks, made.coverage))
    write_table(tallies, folder / "some_statistics.csv")
    assert_frame_equal(read_statistics(folder, "some_statistics"), tallies, check_exact=True)


def test_what_is_made_is_what_reading_its_files_returns(small_results, tmp_path):
    read_back(small_results, tmp_path)


@pytest.mark.corpus
def test_what_is_made_of_the_articles_is_what_reading_its_files_returns(real, tmp_path):
    read_back(real, tmp_path)


def test_a_processed_table_with_other_rows_or_no_number_is_refused(small_results, tmp_path):
    write_table(small_results.checks[schema.CHECKS.columns], tmp_path / "checks.csv")
    write_table(small_results.checks[schema.CHECK_READINGS.columns][1:], tmp_path / "check_readings.csv")
    with pytest.raises(BadInput, match="there must be the checks of checks.csv, in their order"):
        read_checks(tmp_path)
    write_table(small_results.figures.assign(value="many"), tmp_path / "figures.csv")
    with pytest.raises(BadInput, match="figures.csv:2: value is 'many'; it must be a number; so in 28 of 28"):
        read_processed(schema.FIGURES, tmp_path)
    with pytest.raises(BadInput, match="derived.csv:1: file is missing; a file is needed here"):
        read_processed(schema.DERIVED, tmp_path)


@pytest.mark.parametrize(
    ("name", "column", "value", "expected"),
    [
        ("figures", "value", "999999999999999", "it must be at most its high, "),
        ("figures", "value", "0.1", "it must be at least its low, "),
        ("figures", "high", "", "it must be a number"),
        ("figures", "unit", "youan", "it must be one of those in units.csv, or nothing"),
        ("figures", "figure_id", "fenby-gdp-2021", "it must be a value of its own; it stands on line "),
        ("figures", "start", "4.5", "it must be a whole number"),
        ("derived", "low", "9e99", "it must be a number"),
        ("checks", "verdict", "confirmed", "it must be one of: consistent, "),
        ("checks", "observed_low", "999999999999999", "it must be at most its observed_high, "),
        ("coverage", "figure_id", "fenby-gdp-2021", "it must be a value of its own; it stands on line "),
    ],
)
def test_what_no_notebook_wrote_is_refused(
    small, small_results, tmp_path, edit, monkeypatch, name, column, value, expected
):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "RAW", small)
    table = schema.TABLES[f"processed/{name}.csv"]
    file = write_table(getattr(small_results, name)[table.columns], tmp_path / f"{name}.csv")
    read_processed(table, tmp_path)
    edit(file, 2, column, value)
    with pytest.raises(BadInput) as refused:
        read_processed(table, tmp_path)
    [said] = str(refused.value).splitlines()
    found = f"is {value!r}" if value else "is empty"
    assert re.match(rf"{name}.csv:[0-9]+: {column} {re.escape(f'{found}; {expected}')}", said), said


@pytest.mark.parametrize(
    "name",
    [
        "settled.CSV",
        "Settled.csv",
        "settled .csv",
        "X.CSV",
        "old/daily-2022-harbour.csv",
        "a.xlsx",
        "a.csv.txt",
    ],
)
@pytest.mark.parametrize("folder", ["second_transcription", "transcription"])
def test_a_table_that_nothing_would_read_is_refused(bare, folder, name):
    file = bare / folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes((sheet(bare, ARTICLE)).read_bytes())
    with pytest.raises(BadInput) as caught:
        corpus.load(bare)
    assert {fault.file for fault in caught.value.faults} == {file}


@pytest.mark.parametrize(
    "name", ["claims2.csv", "Comparators.csv", "claims.xlsx", "articles/x.TXT", "old/claims.csv"]
)
def test_a_table_or_a_text_beside_those_that_are_read_is_refused(small, name):
    (small / name).parent.mkdir(exist_ok=True)
    (small / name).write_bytes(b"a,b")
    with pytest.raises(BadInput, match="it must be one of the tables|it must be named"):
        corpus.load(small)


@pytest.mark.parametrize(
    "name", [".~lock.x.csv#", ".x.csv", "~$x.xlsx", ".ipynb_checkpoints/x.csv", "NOTES.md"]
)
def test_what_programs_leave_beside_tables_is_passed_over(bare, small_corpus, name):
    file = bare / "transcription" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"x")
    assert same(corpus.load(bare), small_corpus)


def test_a_table_of_settled_cells_under_another_name_is_missed(bare):
    (bare / "second_transcription" / "settled.csv").rename(bare / "second_transcription" / "Settled.csv")
    with pytest.raises(BadInput, match="settled.csv:1: file is missing"):
        corpus.load(bare)


def test_a_second_transcription_of_another_text_is_refused(small, edit):
    edit(small / f"second_transcription/{ARTICLE}.csv", 4, "token", "41.96")
    with pytest.raises(
        BadInput, match="second.*:4: token is '41.96'; it must be '41.69', printed from 97 to 102"
    ):
        corpus.load(small)


def test_keys_that_there_are_none_of_are_said_so(bare):
    (bare / "indicators.csv").write_text("indicator,kind,name,definition,most\n", encoding="utf-8")
    with pytest.raises(BadInput, match="it must be one of those in indicators.csv, which has none"):
        corpus.load(bare)


@pytest.mark.parametrize(("column", "value"), [("digits", "27"), ("paragraph", "3"), ("sha256", "0" * 16)])
def test_fingerprints_that_are_not_those_of_the_text_are_refused(small, edit, column, value):
    edit(small / "fingerprints.csv", 2, column, value)
    with pytest.raises(BadInput, match="fingerprints.csv:[23]: .*"):
        corpus.load(small)


@pytest.mark.parametrize("cell", [" ", "\u200b", "\u3164"])
def test_a_record_that_nobody_can_see_is_lacking(small, edit, cell):
    edit(small / "articles.csv", 2, "title", cell)
    assert dict(corpus.load(small).unfinished) == {ARTICLE: "articles.csv lacks title"}


@pytest.mark.parametrize("last", ["", "n099" + "," * 14 + "\n"])
def test_a_million_empty_rows_are_passed_over_or_refused_fast(bare, small_corpus, last):
    file = sheet(bare, ARTICLE)
    with open(file, "a", encoding="utf-8") as handle:
        handle.write((("," * 14) + "\n") * 1_000_000 + last)
    began = time.process_time()
    if last:
        with pytest.raises(BadInput, match="no empty row between others; so in 1000000 rows"):
            corpus.load(bare)
    else:
        assert same(corpus.load(bare), small_corpus)
    assert time.process_time() - began < 15


def test_a_value_of_one_step_is_sound_and_an_interval_ends_after_its_first_part(small, edit, line_of):
    file = small / "comparators.csv"
    edit(file, line_of(file, "comparator_id", "harbour-tonnes-2021"), "step", "3140000")
    corpus.load(small)
    assert not is_period("2021/2021-06") and not is_period("2021-06/2021") and is_period("2021/2022-06")


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u202e"])
def test_a_mark_that_turns_the_direction_of_text_is_refused(small, edit, mark):
    edit(small / "indicators.csv", 2, "name", f"GDP{mark}")
    with pytest.raises(BadInput, match="it must be text without the character"):
        corpus.load(small)


def test_a_folder_of_tables_that_is_a_link_is_refused(small, tmp_path):
    (small / "transcription").rename(tmp_path / "elsewhere")
    (small / "transcription").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="transcription:1: file is 'a link'; it must be a folder"):
        corpus.load(small)


def test_a_name_of_a_file_cannot_write_lines_of_its_own(small):
    (small / "transcription" / "a\x1b[2J\nall tables are valid.csv").write_bytes(b"x")
    with pytest.raises(BadInput) as caught:
        corpus.load(small)
    assert len(str(caught.value).splitlines()) == len(caught.value.faults) and "\x1b" not in str(caught.value)


def test_a_text_with_control_characters_is_refused(small, edit):
    file = small / "articles" / f"{ARTICLE}.txt"
    octets = file.read_bytes() + b"\x1bc\n"
    file.write_bytes(octets)
    edit(small / "articles.csv", 2, "sha256", hashlib.sha256(octets).hexdigest())
    with pytest.raises(BadInput, match=r"U\+001B'; there must be no control character"):
        corpus.load(small)


def test_articles_entities_and_indicators_have_keys_of_their_own(small, edit, line_of):
    with open(small / "entities.csv", "a", encoding="utf-8") as file:
        file.write("gdp,The paper GDP,,firm,,,\n")
    with pytest.raises(
        BadInput, match="indicator is 'gdp'; it must be a key of its own; entities.csv has it"
    ):
        corpus.load(small)
