"""The machine as a third reader: what differs from it is acknowledged, with a reason, or is a fault."""

import csv
import shutil

import pandas as pd
import pytest

from helpers import __main__ as commands
from helpers import corpus, paths
from helpers.corpus import BadInput, schema
from helpers.corpus.differences import compared_cells, machine_differences, paired
from helpers.transcribing.machine import acknowledge, require_current, transcriptions
from helpers.transcribing.workbench import DECIDED, Sheet

ARTICLE, OTHER = "daily-2022-harbour", "gazette-2023-quay"


def faults(folder) -> list[tuple]:
    with pytest.raises(BadInput) as caught:
        require_current(corpus.load(folder))
    return [
        (f"{f.file.parent.name}/{f.file.name}", f.line, f.column, f.value, f.advice)
        for f in caught.value.faults
    ]


def acknowledged(folder) -> list[dict[str, str]]:
    with open(folder / "machine_differences.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SLIPS = [  # figure, column, what an editor made of it, what the machine reads
    ("lanmouth-gdp-2021", "scale", "million", "billion"),
    ("sandwick-gdp-2021", "scale", "", "billion"),
    ("harbour-workers-share", "qualifier", "about", "nearly"),
    ("harbour-cranes", "qualifier", "exact", "about"),
    ("harbour-tonnes", "scale", "billion", "million"),
    ("quay-area-target", "unit", "mu", "acre"),
    ("quay-area-target", "status", "plan", "target"),
    ("fenby-gdp-2021", "period", "2020", "2021"),
]


@pytest.mark.parametrize("with_text", [True, False])
@pytest.mark.parametrize(("figure", "column", "value", "read"), SLIPS)
def test_a_slip_in_a_sheet_is_noticed(small, edit, line_of, figure, column, value, read, with_text):
    if not with_text:
        shutil.rmtree(small / "articles")
    file = small / "transcription" / f"{ARTICLE}.csv"
    line = line_of(file, "figure_id", figure)
    edit(file, line, column, value)
    if figure == "lanmouth-gdp-2021":
        edit(file, line_of(file, "numeral_id", "n017"), column, value)  # its repeat
    said = f"it must be {read}, as the machine reads the text; if the sheet is right, `python -m helpers acknowledge {ARTICLE}` says so"
    assert (f"transcription/{ARTICLE}.csv", line, column, value, said) in faults(small)


def test_a_reading_that_was_acknowledged_cannot_be_changed_once_more(small, edit, line_of):
    file = small / "transcription" / f"{ARTICLE}.csv"
    line = line_of(file, "figure_id", "sandwick-gdp-multiple")
    edit(file, line, "period", "2011/2020")  # the machine reads 2011, and 2011/2021 was acknowledged
    found = faults(small)
    assert {(where, at, value) for where, at, _, value, _ in found} == {
        (f"transcription/{ARTICLE}.csv", line, "2011/2020"),
        ("machine_differences.csv".join(["small/", ""]), 4, "2011/2021"),
    }


def test_a_word_without_a_row_is_noticed_without_the_text(bare):
    file = bare / "transcription" / f"{ARTICLE}.csv"
    rows = file.read_text(encoding="utf-8").splitlines()
    assert rows[14].startswith("n014,3,350,355,twice")
    left = [rows[0]] + [f"n{n:03d}{row[4:]}" for n, row in enumerate(rows[1:14] + rows[15:], 1)]
    file.write_text("\n".join([*left, ""]), encoding="utf-8")
    assert any(
        advice.startswith("a row for 'twice' from 350 on is needed after this line") and line == 14
        for _, line, _, _, advice in faults(bare)
    )


def test_a_finished_sheet_needs_a_machine_transcription(small):
    (small / "machine_transcription" / f"{ARTICLE}.csv").unlink()
    where, line, column, value, advice = faults(small)[0]
    assert (where, line, column, value) == (f"machine_transcription/{ARTICLE}.csv", 1, "file", "missing")
    assert advice.startswith(
        "it is needed; where the text is at hand, `python -m helpers fingerprint` writes it"
    )


def test_an_unfinished_sheet_is_not_compared_yet(small, edit):
    file = small / "transcription" / f"{ARTICLE}.csv"
    edit(file, 2, "note", "proposed")
    edit(file, 5, "scale", "million")
    assert ARTICLE in corpus.load(small).unfinished


def test_sheet_and_machine_that_were_changed_alike_do_not_hide_it_from_the_text(small, edit, line_of):
    for folder, line in (("transcription", 5), ("machine_transcription", 5)):
        edit(small / folder / f"{ARTICLE}.csv", line, "scale", "million")
    (fault,) = faults(small)
    assert fault[:4] == (f"machine_transcription/{ARTICLE}.csv", 5, "scale", "million")
    assert fault[4].startswith(
        "it must be billion: what the machine reads today; `python -m helpers fingerprint`"
    )


def test_differences_are_confirmed_together_and_keep_their_reasons(small, edit, line_of, monkeypatch, capsys):
    file = small / "transcription" / f"{OTHER}.csv"  # of which there is no second transcription to be settled
    before = acknowledged(small)
    edit(file, line_of(file, "figure_id", "waiting-time"), "qualifier", "about")
    edit(file, line_of(file, "figure_id", "bridges-planned"), "status", "outcome")  # as the machine
    monkeypatch.setattr(paths, "RAW", small)
    assert commands.main(["check"]) == 1
    found = acknowledge(OTHER, "The harbour master said so", small)
    assert found[["column", "machine", "sheet"]].values.tolist() == [["qualifier", "exact", "about"]]
    after = acknowledged(small)
    new = [row for row in after if row not in before]
    assert [(row["token"], row["reason"]) for row in new] == [("5-6", "The harbour master said so")]
    assert [row["token"] for row in before if row not in after] == ["9"]
    assert commands.main(["check"]) == 0


@pytest.mark.parametrize(
    ("article", "reason", "said"),
    [
        ("daily-2022-harbor", "so", "near to it: daily-2022-harbour"),
        (ARTICLE, " ", "a reason is needed"),
        (ARTICLE, "\u200b", "a reason is needed"),
        (ARTICLE, "one\ntwo", "there must be no line break inside a cell"),
        (ARTICLE, "a\x1bb", "without the character"),
        (ARTICLE, "x" * 10_001, "at most 10,000 characters"),
        (ARTICLE, "so", "it must be finished first: 1 of 22 numerals are proposals"),
    ],
)
def test_what_cannot_be_acknowledged_changes_nothing(small, edit, article, reason, said):
    edit(small / "transcription" / f"{ARTICLE}.csv", 17, "qualifier", "nearly")  # a difference that is new
    before = acknowledged(small)
    if "finished" in said:
        edit(small / "transcription" / f"{ARTICLE}.csv", 2, "note", "proposed")
    with pytest.raises(BadInput, match=said):
        acknowledge(article, reason, small)
    assert acknowledged(small) == before


def test_to_change_a_proposal_in_the_view_is_to_acknowledge_it(small, edit):
    file = small / "transcription" / f"{ARTICLE}.csv"
    edit(file, 17, "note", "proposed")  # cranes, about
    before = acknowledged(small)
    sheet = Sheet(ARTICLE, small)
    row = next(line.key for line in sheet.rows if line.cells["token"] == "350")
    sheet.set(row, "qualifier", "nearly")
    assert acknowledged(small) == before  # nothing is decided yet
    sheet.accept(row)
    (new,) = [one for one in acknowledged(small) if one not in before]
    assert (new["column"], new["machine"], new["sheet"], new["reason"]) == (
        "qualifier",
        "about",
        "nearly",
        DECIDED,
    )
    corpus.load(small)
    sheet.undo()
    assert acknowledged(small) == before
    sheet.redo()
    sheet.set(row, "qualifier", "about")
    assert acknowledged(small) == before
    corpus.load(small)


def test_the_view_says_where_it_cannot_acknowledge(small, edit):
    edit(small / "machine_differences.csv", 2, "column", "colour")
    sheet = Sheet(ARTICLE, small)
    row = next(line.key for line in sheet.rows if line.cells["token"] == "350")
    words, _ = sheet.set(row, "qualifier", "nearly")
    assert words.endswith("Not saved.") and "machine_differences.csv:2: column is 'colour'" in sheet.trouble
    edit(small / "machine_differences.csv", 2, "column", "class")
    assert sheet.save()[0] == "Saved." and not sheet.trouble
    corpus.load(small)


def test_only_what_both_read_of_numerals_of_one_kind_is_compared():
    columns = ["article", "start", "line", *schema.MACHINE_COMPARED]
    ours = [
        ["a", 1, 2, "3", "figure", "", "yuan", "exact", "2021", "outcome"],
        ["a", 5, 3, "4", "date", "", "", "", "2020", ""],
    ]
    its = [
        ["a", 1, 0, "3", "figure", "", "", "exact", "", "outcome"],
        ["a", 5, 0, "4", "date", "", "", "", "2021", ""],
        ["a", 9, 0, "5", "name", "", "", "", "", ""],
    ]
    sheets, machine = (pd.DataFrame(rows, columns=columns) for rows in (ours, its))
    found = machine_differences(sheets, machine)
    assert found[["start", "column", "machine", "sheet", "line"]].values.tolist() == [
        [5, "period", "2021", "2020", 3],
        [9, "class", "name", "absent", 3],
    ]
    pairs = paired(sheets, machine)
    assert {name: int(compared_cells(pairs, name).sum()) for name in schema.MACHINE_COMPARED} == {
        "token": 2, "class": 3, "scale": 1, "unit": 0, "qualifier": 1, "period": 1, "status": 1,
    }  # fmt: skip


@pytest.mark.corpus
def test_what_is_kept_is_what_the_machine_reads_of_the_articles(texts):
    known = corpus.texts_at_hand(paths.RAW)
    raw = corpus.load(paths.RAW)
    require_current(raw)
    for article, table in transcriptions(known.articles, texts, known.names).items():
        assert len(table) == (raw.machine.article == article).sum()


@pytest.mark.corpus
def test_nothing_stands_between_people_and_machine_unsaid(corpus):
    found = machine_differences(corpus.numerals, corpus.machine)
    assert len(found) == len(corpus.machine_differences) == 57
    assert found.column.value_counts().to_dict() == {
        "class": 22, "status": 12, "unit": 10, "period": 8, "token": 3, "scale": 1, "qualifier": 1,
    }  # fmt: skip


def test_an_unfinished_sheet_needs_no_machine_transcription(small, edit):
    edit(small / "transcription" / f"{ARTICLE}.csv", 2, "note", "proposed")
    (small / "machine_transcription" / f"{ARTICLE}.csv").unlink()
    require_current(corpus.load(small))
