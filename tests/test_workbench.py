"""The steps of the transcription view: what each leaves in the file, and that each can be taken back."""

import csv
import io
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.corpus import BadInput, schema
from helpers.corpus.files import read_cells
from helpers.corpus.sheets import within_sheets
from helpers.transcribing import workbench
from helpers.transcribing.workbench import Refused, Sheet


@pytest.fixture
def sheet(bench):
    return Sheet("bench", bench.raw)


@pytest.fixture
def key(sheet):
    """key("n003"): the key of the row that has this number now."""
    return lambda number: next(line.key for line in sheet.rows if line.cells["numeral_id"] == number)


def saved(sheet):
    """The rows of the file by number."""
    text = sheet.file.read_bytes().decode("utf-8-sig")
    return {row["numeral_id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def shown(sheet, number):
    return next(row for row in sheet.state()["rows"] if row["id"] == number)


def test_nothing_is_shown_when_no_article_is_named():
    assert workbench.transcribe("") is None


def test_a_step_changes_its_line_and_no_other(sheet, key):
    before = sheet.file.read_bytes().splitlines(keepends=True)
    words, row = sheet.set(key("n002"), "period", " 2021-12 ")
    after = sheet.file.read_bytes().splitlines(keepends=True)
    assert words == "n002: period is “2021-12”. Saved." and row == key("n002")
    assert [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [2]
    assert after[2] == b"n002,2,61,65,2021,date,,,,2021-12,,,,,proposed\n"
    sheet.undo()
    assert sheet.file.read_bytes() == b"".join(before)
    sheet.redo()
    assert sheet.file.read_bytes() == b"".join(after)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [True, False])
def test_mark_line_ends_and_a_missing_last_end_are_kept(bench, end, mark, last):
    original = mark + bench.file.read_bytes().replace(b"\n", end) + (end if last else b"")
    original = original if last else original[: -len(end)]
    bench.file.write_bytes(original)
    sheet = Sheet("bench", bench.raw)
    sheet.set(sheet.rows[-1].key, "class", "name")
    assert sheet.file.read_bytes() == original.replace(b"twice,rhetorical", b"twice,name")
    place = bench.text.index("much")
    sheet.add(place, place + 4)
    content = sheet.file.read_bytes()
    assert content.startswith(mark + b"numeral_id") and content.count(end) == original.count(end) + 1
    assert len(read_cells(sheet.file, schema.SHEET.columns)) == 10
    sheet.undo(), sheet.undo()
    assert sheet.file.read_bytes() == original


def test_a_row_that_is_no_figure_loses_what_figures_have_in_one_step(sheet, key):
    before = sheet.file.read_bytes()
    sheet.set(key("n001"), "class", "name")
    row = saved(sheet)["n001"]
    assert not any(row[name] for name in [*schema.FILLED, "scale"]) and row["period"] == "2021"
    assert row["note"].startswith("proposed: ")
    sheet.undo()
    assert sheet.file.read_bytes() == before


def test_a_confirmed_figure_that_is_made_something_else_must_be_confirmed_again(sheet, key):
    before = shown(sheet, "n004")
    assert before["cells"]["class"] == "figure" and not before["proposed"]
    sheet.set(key("n004"), "class", "rhetorical")
    row = saved(sheet)["n004"]
    assert row["note"].startswith("proposed: was figure bench-growth") and row["note"].endswith(
        before["cells"]["note"]
    )
    assert shown(sheet, "n004")["proposed"]


def test_a_refused_value_waits_until_the_keys_know_it(sheet, key, bench):
    with pytest.raises(Refused, match="entities.csv"):
        sheet.set(key("n001"), "entity", "harbour")
    sheet.reload()
    assert shown(sheet, "n001")["unwritten"]["entity"][0] == "harbour"
    with open(bench.raw / "entities.csv", "a", encoding="utf-8") as file:
        file.write("harbour,Harbour,,city,china,,\n")
    sheet.reload()
    assert saved(sheet)["n001"]["entity"] == "harbour" and not shown(sheet, "n001")["unwritten"]


def test_a_proposal_is_accepted_once_nothing_is_missing(sheet, key):
    with pytest.raises(
        Refused, match=r"^n001 stays a proposal: figure_id is empty; a figure needs a figure_id\.$"
    ):
        sheet.accept(key("n001"))
    assert saved(sheet)["n001"]["note"] == "proposed: the text says billion yuan"
    assert shown(sheet, "n001")["suggestion"] == "ganzhou-gdp-2021-2"  # another article has the plain name
    sheet.set(key("n001"), "figure_id", shown(sheet, "n001")["suggestion"])
    words, row = sheet.accept(key("n001"))
    assert words == "n001 accepted as figure. Saved." and row == key("n002")
    assert saved(sheet)["n001"]["note"] == "" and shown(sheet, "n001")["suggestion"] == ""
    assert sheet.state()["progress"] == "3 of 9 decided, 3 figures incomplete"
    assert sheet.accept(key("n001")) == ("n001 is decided already.", key("n002"))


def test_a_repeat_takes_over_what_its_figure_means_and_follows_it(sheet, key):
    sheet.set(key("n001"), "figure_id", "bench-gdp")
    sheet.set(key("n008"), "figure_id", "bench-gdp")
    assert all(saved(sheet)["n008"][c] == saved(sheet)["n001"][c] for c in schema.MEANING)
    sheet.set(key("n001"), "period", "2022")
    sheet.set(key("n001"), "figure_id", "bench-gdp-2022")
    assert saved(sheet)["n008"]["period"] == "2022" and saved(sheet)["n008"]["figure_id"] == "bench-gdp-2022"
    with pytest.raises(Refused, match="'2022', as in the figure that it repeats"):
        sheet.set(key("n008"), "period", "2020")
    with pytest.raises(Refused, match="a figure of the same article"):
        sheet.set(key("n008"), "figure_id", "gree-employees")
    with pytest.raises(Refused, match="then in n008 token is '416.9'; it must be the value .* 36.5"):
        sheet.set(key("n008"), "figure_id", "bench-growth")


@pytest.mark.parametrize(
    ("number", "column", "value", "expected"),
    [
        ("n001", "period", "2021-13", "an ISO 8601 date"),
        ("n001", "entity", "gansu", "one of those in entities.csv"),
        ("n001", "class", "figures", "one of: figure, "),
        ("n001", "figure_id", "Ganzhou GDP", "a slug of lower-case letters"),
        ("n001", "figure_id", "jian-gdp-2021", "a name of its own in the corpus"),
        ("n001", "figure_id", "bench-growth", "a name of its own in the corpus"),
        ("n004", "unit", "", "a figure needs a unit"),
        ("n005", "unit", "yuan", "it must be empty for class ordinal"),
        ("n004", "note", "one\nline", "no line break inside a cell"),
        ("n004", "note", "one\rline", "no line break inside a cell"),
        ("n004", "note", "\ud83d", "whole characters"),
    ],
)
def test_a_bad_value_is_not_written_but_kept_with_what_was_expected(
    sheet, key, number, column, value, expected
):
    before = sheet.file.read_bytes()
    with pytest.raises(Refused, match="is not changed"):
        sheet.set(key(number), column, value)
    assert sheet.file.read_bytes() == before
    kept, words = shown(sheet, number)["unwritten"][column]
    assert kept == value and expected in words
    sheet.undo()
    assert shown(sheet, number)["unwritten"] == {} and not sheet.state()["undo"]


def test_a_word_can_be_no_numeral_but_a_digit_cannot(sheet, key):
    with pytest.raises(Refused, match="every digit has a row"):
        sheet.remove(key("n006"))
    words, row = sheet.remove(key("n005"))
    assert "“First” removed" in words and row == key("n005")
    assert [*saved(sheet)] == [f"n{number:03d}" for number in range(1, 9)]
    assert saved(sheet)["n005"]["token"] == "5"
    assert sheet.state()["progress"].endswith(", 1 without a row")
    with pytest.raises(Refused, match="gone"):
        sheet.remove(-1)


def test_a_selection_becomes_one_numeral_counted_in_code_points(sheet, bench, key):
    place = bench.text.index("🚄 were")
    words, new = sheet.add(place - 1, place + 6)
    assert words == "“🚄 were” is a numeral, proposed as figure. Saved." and new == key("n008")
    row = saved(sheet)["n008"]
    assert (row["start"], row["end"], row["token"], row["paragraph"]) == (
        str(place),
        str(place + 6),
        "🚄 were",
        "3",
    )
    first = bench.text.index("1,200")
    with pytest.raises(Refused, match="n007 “1,200” is selected in part"):
        sheet.add(first + 1, first + 9)
    with pytest.raises(Refused, match="is this numeral already"):
        sheet.add(first, first + 5)
    with pytest.raises(Refused, match="inside one paragraph"):
        sheet.add(bench.text.index("expected"), first)
    with pytest.raises(Refused):
        sheet.add(5, 9**9)
    sheet.add(first, place + 6)  # takes in both
    assert saved(sheet)["n007"]["token"] == "1,200 of them 🚄 were" and len(saved(sheet)) == 9
    assert saved(sheet)["n007"]["note"] == "proposed"
    cells = read_cells(sheet.file, schema.SHEET.columns)
    rows = schema.SHEET.validated(cells, lambda line: (sheet.file, line), {})
    assert within_sheets(rows.assign(article="bench", line=rows.index), bench.raw) == []


def test_parts_make_up_the_text_and_their_starts_are_places_in_it(sheet, bench):
    for paragraph in sheet.paragraphs():
        for part in paragraph["parts"]:
            start = part["start"]
            assert bench.text[start : start + len(part["text"])] == part["text"]
    whole = ["".join(part["text"] for part in one["parts"]) for one in sheet.paragraphs()]
    assert whole == [line for line in bench.text.splitlines() if line]


def test_a_file_changed_elsewhere_is_left_alone_until_it_is_read_again(sheet, key):
    theirs = sheet.file.read_bytes().replace(b"36.5,figure", b"36.5,name")
    theirs = theirs.replace(b',bench-growth,gdp,ganzhou,,,percent,exact,"outcome",', b",,,,,,,,,")
    sheet.file.write_bytes(theirs)
    words, _ = sheet.set(key("n002"), "period", "2020")
    assert "Not saved" in words and "was changed elsewhere" in sheet.trouble
    assert sheet.file.read_bytes() == theirs
    assert shown(sheet, "n002")["cells"]["period"] == "2020"
    sheet.undo()
    assert sheet.file.read_bytes() == theirs
    assert sheet.reload() == ("Read again.", 0) and sheet.trouble == ""
    sheet.set(key("n002"), "period", "2020")
    assert saved(sheet)["n004"]["class"] == "name" and saved(sheet)["n002"]["period"] == "2020"
    sheet.reload()  # nothing changed elsewhere: the way back is kept
    sheet.undo()
    assert sheet.file.read_bytes() == theirs


def test_a_file_that_is_gone_or_spoilt_is_said_and_nothing_is_lost(sheet, key):
    content = sheet.file.read_bytes()
    sheet.file.write_bytes(b"spoilt")
    with pytest.raises(Refused, match="cannot be read"):
        sheet.reload()
    sheet.file.unlink()
    sheet.set(key("n002"), "period", "2020")
    assert "is gone" in sheet.trouble and not sheet.file.exists()
    with pytest.raises(Refused, match="cannot be read"):
        sheet.reload()
    sheet.file.write_bytes(content)
    sheet.save()
    assert sheet.trouble == "" and saved(sheet)["n002"]["period"] == "2020"


def test_a_write_that_fails_loses_nothing(sheet, key, monkeypatch):
    before = sheet.file.read_bytes()

    def full(file):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        words, _ = sheet.set(key("n002"), "period", "2020")
    assert words.endswith("Not saved.") and "No space left on device" in sheet.trouble
    assert sheet.file.read_bytes() == before and shown(sheet, "n002")["cells"]["period"] == "2020"
    assert sheet.save() == ("Saved.", 0) and saved(sheet)["n002"]["period"] == "2020"


def test_what_cannot_be_worked_on_is_refused_with_its_place(bench, edit):
    with pytest.raises(BadInput, match="near to it: bench"):
        Sheet("bensh", bench.raw)
    edit(bench.file, 3, "start", "60")
    with pytest.raises(BadInput, match="bench.csv:3: token"):
        Sheet("bench", bench.raw)
    edit(bench.file, 3, "start", "x")
    with pytest.raises(BadInput, match="bench.csv:3: start is 'x'; it must be a whole number"):
        Sheet("bench", bench.raw)
    bench.file.unlink()
    with pytest.raises(BadInput, match="bench.csv:1: file is missing"):
        Sheet("bench", bench.raw)


def test_a_cell_that_is_wrong_in_the_file_is_shown_with_what_was_expected(bench, edit):
    edit(bench.file, 2, "unit", "yuans")
    sheet = Sheet("bench", bench.raw)
    assert "near to it: yuan" in shown(sheet, "n001")["faults"]["unit"]
    sheet.set(sheet.rows[0].key, "period", "2020")  # the others can be worked on
    assert saved(sheet)["n001"]["period"] == "2020"


def test_without_the_text_rows_are_classified_but_none_is_added(bench):
    (bench.raw / "articles" / "bench.txt").unlink()
    view = workbench.transcribe("bench", bench.raw)
    assert view.about["text"] == "data/raw/articles/bench.txt"
    assert [part["text"] for part in view.paragraphs[0]["parts"] if "row" in part][:2] == ["416.9", "2021"]
    view.sheet.set(view.sheet.rows[0].key, "class", "name")
    with pytest.raises(Refused):
        view.sheet.add(0, 3)


def test_the_view_answers_each_message_with_the_sheet_and_who_asked(bench):
    view = workbench.transcribe("bench", bench.raw)
    row = view.state["rows"][1]["key"]
    view.answer({"kind": "accept", "row": row, "view": "a"})
    answer = view.state["answer"]
    assert answer["done"] and answer["view"] == "a" and answer["row"] == view.state["rows"][2]["key"]
    view.answer({"kind": "set", "row": row, "column": "period", "value": "soon", "view": "a"})
    assert not view.state["answer"]["done"] and "ISO 8601" in view.state["answer"]["words"]
    assert view.state["rows"][1]["unwritten"]["period"][0] == "soon"
    assert "ganzhou" in dict(next(field["options"] for field in view.fields if field["name"] == "entity"))


WORDS = st.sampled_from(
    ["", "figure", "date", "repeat", "name", "ganzhou", "gdp", "2021", "percent", "exact", "outcome", "bench-growth",
     "bench-a", "proposed", "proposed: x", 'a "quoted", note', "bad\nline", "赣州 😀"]
)  # fmt: skip
ACTIONS = st.one_of(
    st.tuples(st.just("set"), st.integers(0, 9), st.sampled_from(workbench.EDITABLE), WORDS),
    st.tuples(st.sampled_from(["accept", "remove"]), st.integers(0, 9)),
    st.tuples(st.just("add"), st.integers(0, 215), st.integers(0, 215)),
    st.tuples(st.sampled_from(["undo", "undo", "redo", "redo", "save", "reload"])),
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTIONS, max_size=12))
def test_whatever_was_done_the_file_holds_it_and_undoing_all_gives_the_same_bytes(bench, actions):
    original = bench.file.read_bytes()
    sheet = Sheet("bench", bench.raw)
    for kind, *given_ in actions:
        if given_ and kind != "add":
            given_[0] = ([line.key for line in sheet.rows] + [-1] * 10)[given_[0]]
        try:
            getattr(sheet, kind)(*given_)
        except Refused:
            pass
        assert sheet.trouble == "" and sheet.file.read_bytes() == b"".join(line.raw for line in sheet.lines)
        table = read_cells(sheet.file, schema.SHEET.columns)
        assert table.to_dict("records") == [line.cells for line in sheet.rows]
        assert table.numeral_id.tolist() == [f"n{number:03d}" for number in range(1, len(table) + 1)]
        covered = {place for line in sheet.rows for place in range(*line.span)}
        assert all(n.start in covered for n in sheet._printed if n.token[0].isdecimal())
    with pytest.raises(Refused, match="nothing to take back"):
        while True:
            sheet.undo()
    assert sheet.file.read_bytes() == original


def test_a_note_of_a_person_that_begins_with_the_word_proposed_leaves_its_row_decided(bench):
    sheet = Sheet(bench.article, bench.raw)
    line = next(line for line in sheet.rows if line.cells["token"] == "2021")
    sheet.accept(line.key)
    sheet.set(line.key, "note", "Proposed by the mayor")
    assert sheet.accept(line.key)[0].endswith("is decided already.")
    sheet.set(line.key, "class", "figure")
    sheet.set(line.key, "class", "date")
    assert sheet._row(line.key).cells["note"] == "proposed: was figure; Proposed by the mayor"


def test_to_accept_a_proposal_keeps_what_a_person_has_written(sheet, key):
    row = key("n002")  # a year
    sheet.set(row, "note", "Proposed by the mayor")
    sheet.set(row, "note", "proposed: was date; Proposed by the mayor")
    sheet.accept(row)
    assert saved(sheet)["n002"]["note"] == "Proposed by the mayor"
