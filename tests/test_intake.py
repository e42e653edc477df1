"""A new text to the draft of its sheet, and what an unfinished sheet does to the results."""

import csv
import os
import shutil

import pandas as pd
import pytest
from test_proposals import TEXT

from helpers.corpus import BadInput, load, schema
from helpers.corpus.corpus import progress
from helpers.corpus.files import UNFINISHED, NotWritten
from helpers.transcribing import intake
from helpers.transcribing.machine import acknowledge


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "harbour.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture
def raw(small):
    """A folder of raw tables that takes a text in."""
    return small


RECORD = {"outlet": "Harbour Daily", "title": "The harbour", "date": "2022-03-15", "machine_translated": "no"}


def confirm(file, keep=lambda row: True):
    """Take the mark off the rows of a sheet, as somebody who makes figures without entity into names would."""
    with open(file, newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        if not keep(row):
            continue
        row["note"] = ""
        if row["class"] == "figure" and not (row["figure_id"] and row["unit"]):
            row |= dict.fromkeys(["figure_id", *schema.MEANING], "") | {"class": "name"}
        if row["class"] != "figure":
            row |= dict.fromkeys(
                ["figure_id", "indicator", "entity", "scale", "unit", "qualifier", "status"], ""
            )
    with open(file, "w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, schema.SHEET.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def files(raw):
    return {file: file.read_bytes() for file in raw.rglob("*") if file.is_file()}


def test_a_draft_makes_text_record_sheet_and_fingerprints(raw, source):
    sheet = intake.draft(source, "harbour-2022", RECORD, folder=raw)
    corpus = load(raw)
    assert corpus.texts["harbour-2022"] == TEXT
    record = corpus.articles.set_index("article").loc["harbour-2022"]
    assert record.outlet == "Harbour Daily" and record.paragraphs == 5 and record.characters == len(TEXT)
    assert corpus.unfinished == {"harbour-2022": f"{len(sheet)} of {len(sheet)} numerals are proposals"}
    state = progress(corpus).set_index("article")
    assert state.text["harbour-2022"] == "verified" and state.state["gazette-2023-quay"] == "finished"


@pytest.mark.parametrize("written", range(4))
def test_a_draft_that_was_cut_off_is_finished_by_the_same_command(raw, source, monkeypatch, written):
    """It may stop before each of its four files; a text that lies in its place already is taken in too."""
    place, rename, done = raw / "articles" / "harbour-2022.txt", os.replace, []

    def stop(old, new):
        if len(done) == written:
            raise KeyboardInterrupt
        done.append(rename(old, new))

    with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):
        cut.setattr(os, "replace", stop)
        intake.draft(source, "harbour-2022", RECORD, folder=raw)
    intake.draft(source, "harbour-2022", RECORD, folder=raw)
    left = files(raw)
    assert load(raw).unfinished and place.read_text(encoding="utf-8") == TEXT
    for file in ("articles.csv", "fingerprints.csv", "transcription/harbour-2022.csv"):
        content = (raw / file).read_bytes()
        assert content.count(b"harbour-2022") or file.endswith("2022.csv"), file
    intake.draft(place, "harbour-2022", RECORD, folder=raw)
    assert files(raw) == left


@pytest.mark.parametrize("written", range(6))
def test_a_draft_that_was_killed_is_finished_by_the_same_command(raw, source, written):
    """A process that is killed puts nothing back: what it leaves is none, some or all of the five files."""
    child = os.fork()
    if not child:
        rename, done = os.replace, []

        def stop(old, new):
            if not str(new).endswith(UNFINISHED):  # what is only prepared
                done.append(new)
            if len(done) > written:
                os._exit(9)
            rename(old, new)

        os.replace = stop
        intake.draft(source, "harbour-2022", RECORD, folder=raw)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == (9 if written < 5 else 0)
    intake.draft(source, "harbour-2022", RECORD, folder=raw)
    assert list(load(raw).unfinished) == ["harbour-2022"] and "harbour-2022" in load(raw).texts


def test_a_draft_that_could_not_be_read_again_is_not_written(raw, source, monkeypatch):
    """Whatever the reason: what is read back is what counts."""
    before = files(raw)
    monkeypatch.setattr(
        intake, "propose", lambda *given: pd.DataFrame([dict.fromkeys(schema.SHEET.columns, "")])
    )
    with pytest.raises(BadInput, match="harbour-2022.csv"):
        intake.draft(source, "harbour-2022", RECORD, folder=raw)
    assert files(raw) == before


@pytest.mark.parametrize("place", ["transcription", "articles"])
def test_a_draft_that_cannot_be_written_leaves_all_as_it_was(raw, source, place):
    shutil.rmtree(raw / place, ignore_errors=True)
    (raw / place).write_bytes(b"no folder")
    before = files(raw)
    with pytest.raises((NotWritten, BadInput)):
        intake.draft(source, "harbour-2022", RECORD, folder=raw)
    assert files(raw) == before


def test_a_text_that_lies_there_is_taken_in_but_no_other_is_overwritten(raw, source):
    place = raw / "articles" / "harbour-2022.txt"
    place.parent.mkdir(exist_ok=True)
    place.write_text("5 other projects", encoding="utf-8")
    before = files(raw)
    with pytest.raises(BadInput, match="there must be no text yet"):
        intake.draft(source, "harbour-2022", RECORD, folder=raw)
    assert files(raw) == before
    intake.draft(place, "harbour-2022", RECORD, folder=raw)
    assert "harbour-2022" in load(raw).texts


def test_drafting_again_changes_nothing_and_never_takes_work_away(raw, source):
    intake.draft(source, "harbour-2022", RECORD, folder=raw)
    before = files(raw)
    intake.draft(source, "harbour-2022", RECORD, folder=raw)
    assert files(raw) == before
    confirm(raw / "transcription/harbour-2022.csv", lambda row: row["numeral_id"] == "n002")
    with pytest.raises(BadInput, match="there must be no sheet yet"):
        intake.draft(source, "harbour-2022", RECORD, folder=raw)
    source.write_text(TEXT + "More: 5.\n", encoding="utf-8")
    with pytest.raises(BadInput, match="an id that is free"):
        intake.draft(source, "harbour-2022", RECORD, folder=raw)


def test_an_unfinished_sheet_is_left_out_and_a_finished_one_joins(raw, source):
    before = load(raw)
    intake.draft(source, "harbour-2022", RECORD, folder=raw)
    assert load(raw).numerals.equals(before.numerals)
    confirm(raw / "transcription/harbour-2022.csv")
    acknowledge("harbour-2022", "Nothing of it is counted here", raw)
    corpus = load(raw)
    assert not corpus.unfinished and "harbour-2022" in set(corpus.numerals.article)


def test_a_proposal_takes_no_id_that_another_table_has(raw, source):
    before = load(raw)
    source.write_text("GDP of Lanmouth in 2021 was 849.1 billion yuan.\n", encoding="utf-8")
    sheet = intake.draft(source, "harbour-2022", RECORD, folder=raw)
    assert sheet.figure_id.tolist() == ["", "lanmouth-gdp-2021-2"]
    file = raw / "transcription/harbour-2022.csv"
    text = file.read_text(encoding="utf-8").replace("lanmouth-gdp-2021-2", "three-cities-gdp-2021")
    file.write_text(text, encoding="utf-8")
    assert load(raw).derivations.equals(before.derivations)


def test_a_text_is_taken_in_once(raw, source):
    intake.draft(source, "harbour-2022", RECORD, folder=raw)
    with pytest.raises(BadInput, match="harbour-2022 has it already"):
        intake.draft(source, "harbour-again", RECORD, folder=raw)


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        ("五个项目，第一批，共五个".encode("gb18030"), "", "seems to be GB18030.*--encoding"),
        ("5 projects, naïve".encode("cp1252"), "", "seems to be .*Windows-1252"),
        ("5 projects and more".encode("utf-16-le"), "", "--encoding utf-16-le"),
        (b"5 pro\x00jects", "", "no control character"),
        (b"one\ntwo\x07", "", "no control character"),
        (b"", "", "text is empty; a text is needed"),
        (b" \n\n", "", "a text is needed"),
        (b"nothing to count", "", "a text with numerals is needed"),
        (b"5 projects", "klingon", "an encoding that Python knows"),
        (b"5 projects", "hex", "an encoding that Python knows"),
        (b"5 projects", "undefined", "an encoding that Python knows"),
        (b"5 projects", "a\0b", "an encoding that Python knows"),
        (b"5 projects", "\udc80", "an encoding that Python knows"),
        (b"5 \\ud800", "unicode_escape", "no control character"),
        (b"5\n" + b"\0\n" * 7, "utf-8", "a.txt:2: text is 'U.0000'; .*so in 7 rows$"),
        ("5 个".encode("gb18030"), "ascii", "ascii text"),
    ],
)
def test_a_file_that_is_no_text_is_refused_and_nothing_is_written(raw, tmp_path, content, encoding, said):
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    before = files(raw)
    with pytest.raises(BadInput, match=said):
        intake.draft(file, "harbour-2022", RECORD, encoding, raw)
    assert files(raw) == before


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("5 个项目\r\n".encode("utf-8-sig"), ""),
        ("5 个项目\r\n".encode("utf-16"), ""),
        ("\ufeff5 个项目\r\n".encode(), "utf-8"),
        ("5 个项目\r\n".encode("gb18030"), "gb18030"),
    ],
)
def test_a_text_is_kept_as_utf8_with_its_line_ends(raw, tmp_path, content, encoding):
    (tmp_path / "a.txt").write_bytes(content)
    intake.draft(tmp_path / "a.txt", "harbour-2022", RECORD, encoding, raw)
    assert (raw / "articles/harbour-2022.txt").read_bytes() == "5 个项目\r\n".encode()


@pytest.mark.parametrize(
    "article",
    ["../x", "/etc/x", "a/b", "A", "", "a b", "a" * 200, "-a", "a\0b", "a\udc80", "con", "lpt1"]
    + ["settled"],
)
def test_an_id_that_no_article_can_have_is_refused(raw, source, article):
    before = files(raw)
    with pytest.raises(BadInput, match="a slug of lower-case letters.* but not settled"):
        intake.draft(source, article, RECORD, folder=raw)
    assert files(raw) == before


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_source_that_cannot_be_read_is_said(raw, tmp_path, name):
    with pytest.raises(BadInput, match="it must be a file|a file is needed"):
        intake.draft(tmp_path / name, "harbour-2022", RECORD, folder=raw)


@pytest.mark.parametrize(
    "column", ["outlet", "title", "date_printed", "date_inferred", "speaker", "language"]
)
@pytest.mark.parametrize("value", ["A\nb", "A\tb", "A\rb", "A\0b", "A\x85b", "A\udc80b", "x" * 10_001])
def test_a_record_that_no_cell_can_hold_is_said_before_anything_is_written(small, source, column, value):
    before = files(small)
    with pytest.raises(BadInput, match=f"{column} is '"):
        intake.draft(source, "harbour-2022", RECORD | {column: value}, folder=small)
    assert files(small) == before


@pytest.mark.parametrize(
    ("column", "value"), [("date", "2022-13"), ("machine_translated", "perhaps"), ("date", "2011/2021")]
)
def test_a_record_that_does_not_fit_is_said_before_anything_is_written(raw, source, column, value):
    before = files(raw)
    with pytest.raises(BadInput, match=f"{column} is {value!r};"):
        intake.draft(source, "harbour-2022", RECORD | {column: value}, folder=raw)
    assert files(raw) == before
