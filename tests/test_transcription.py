"""Sheets: what is wrong is said with file, line, column, value and expectation."""

import pytest

from helpers import articles, paths, tables, transcription
from helpers.tables import BadInput

SHEET = "transcription/thepaper-2022-gannan.csv"


def faults(raw):
    with pytest.raises(BadInput) as caught:
        transcription.load(raw)
    return caught.value.faults


def test_the_sheets_are_valid_and_hold_all_five_articles():
    table = transcription.load()
    assert set(table.article) == set(articles.manifest().article)
    figures = table[table["class"] == "figure"]
    assert figures.figure_id.is_unique and (figures.unit != "").all()


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("token", "41.9", "5 characters, from 956 to 961"),
        ("token", "4416.9", "5 characters, from 956 to 961"),
        ("token", "461.9", "digits of paragraph 4"),
        ("start", "955", "6 characters"),
        ("start", "-1", "a whole number"),
        ("paragraph", "", "a whole number"),
        ("paragraph", "²", "a whole number"),
        ("end", "９６１", "a whole number"),
        ("class", "figures", "one of: figure"),
        ("figure_id", "", "filled in for a figure"),
        ("figure_id", "Ganzhou GDP", "a slug or nothing"),
        ("figure_id", "jian-gdp-2021", "a name of its own in the corpus"),
        ("indicator", "gdpp", "one of"),
        ("entity", "gansu", "one of"),
        ("period", "2021-13", "ISO 8601"),
        ("period", "2021/2011", "ISO 8601"),
        ("scale", "milliard", "one of"),
        ("unit", "", "filled in for a figure"),
        ("unit", "yuans", "one of"),
        ("qualifier", "roughly", "one of"),
        ("status", "done", "one of"),
        ("numeral_id", "n099", "n006, in reading order (later"),
    ],
)
def test_a_spoilt_cell_is_named_with_its_place(raw, edit, line_of, column, value, expected):
    file = raw / SHEET
    line = line_of(file, "figure_id", "ganzhou-gdp-2021")
    edit(file, line, column, value)
    found = faults(raw)
    assert all(fault.file == file for fault in found)
    assert any(expected in fault.expected for fault in found), "\n".join(map(str, found))
    if value != "461.9":  # which only the fingerprint of the paragraph sees
        assert any(abs(fault.line - line) <= 1 for fault in found)


def test_all_faults_of_a_sheet_are_said_at_once(raw, edit):
    for line, column, value in [(3, "class", "dates"), (5, "unit", "x"), (9, "status", "y")]:
        edit(raw / SHEET, line, column, value)
    assert {(fault.line, fault.column) for fault in faults(raw)} == {(3, "class"), (5, "unit"), (9, "status")}


def test_a_row_left_out_is_noticed_without_the_text(raw):
    file = raw / SHEET
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    last_figure = max(n for n, line in enumerate(lines) if ",figure," in line)
    file.write_text("".join(lines[:last_figure]), encoding="utf-8")
    assert any("digits" in fault.expected for fault in faults(raw))


def test_a_repeat_must_say_what_its_figure_says(raw, edit, line_of):
    file = raw / SHEET
    edit(file, line_of(file, "class", "repeat"), "unit", "project")
    assert any("as in the figure that it repeats" in fault.expected for fault in faults(raw))


def test_a_repeat_must_print_the_value_of_its_figure(raw, edit, line_of):
    file = raw / SHEET
    edit(file, line_of(file, "class", "repeat"), "token", "2,854")
    assert any("the value of the figure that it repeats, 2,584" in fault.expected for fault in faults(raw))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (",".join(transcription.COLUMNS) + "\n", "a row for every numeral"),
        (
            ",".join(transcription.COLUMNS) + "\n" + ",".join(transcription.COLUMNS) + "\n",
            "the header only once",
        ),
        (
            ",".join(transcription.COLUMNS) + '\nn001,1,0,1,2,date,,,,,,,,,"a\nb"\n',
            "no line break inside a cell",
        ),
        (",".join(transcription.COLUMNS) + "\nn001,1\n", "15 cells"),
    ],
)
def test_a_sheet_of_odd_rows_is_refused(raw, content, expected):
    (raw / SHEET).write_text(content, encoding="utf-8")
    assert any(expected in fault.expected for fault in faults(raw))


@pytest.mark.parametrize(
    ("entity", "part_of"), [("ganzhou", "ganzhou"), ("china", "ganzhou"), ("ganzhou", "gansu")]
)
def test_an_entity_is_part_of_another_that_is_known(raw, edit, line_of, entity, part_of):
    file = raw / "entities.csv"
    edit(file, line_of(file, "entity", entity), "part_of", part_of)
    assert {fault.column for fault in faults(raw)} == {"part_of"}


@pytest.mark.parametrize(
    ("column", "value"), [("paragraph", "x"), ("value", "abc"), ("class", "figures"), ("start", "-1")]
)
def test_a_bad_second_reading_is_refused(raw, edit, column, value):
    edit(raw / "second_reading/cns-2022-ganzhou.csv", 2, column, value)
    with pytest.raises(BadInput) as caught:
        transcription.second_reading(raw)
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(2, column)]


def test_a_text_of_another_version_is_refused(raw):
    folder = raw / "articles"
    folder.mkdir()
    (folder / "yangcheng-2024-guangdong.txt").write_text("Another text.", encoding="utf-8")
    found = faults(raw)
    assert found[0].column == "SHA-256" and "SHA-256" in found[0].expected


@pytest.mark.parametrize(
    ("content", "column"),
    [
        (b"a,b\n1,2\n", "header"),
        (b"", "header"),
        ("numeral_id\n".encode("utf-16"), "encoding"),
        (b"\xff\xfe", "encoding"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(raw, content, column):
    (raw / SHEET).write_bytes(content)
    assert faults(raw)[0].column == column


def test_a_sheet_without_its_article_and_an_article_without_its_sheet(raw):
    (raw / "transcription/yangcheng-2024-guangdong.csv").rename(raw / "transcription/other.csv")
    assert {fault.value for fault in faults(raw)} == {"other", "yangcheng-2024-guangdong"}


def test_a_text_that_no_article_owns_is_said(raw):
    (raw / "articles").mkdir()
    (raw / "articles" / "misspelt.txt").write_text("x", encoding="utf-8")
    assert [(fault.value, fault.expected) for fault in faults(raw)] == [
        ("misspelt", "the id of an article in articles.csv")
    ]


def test_a_text_without_fingerprints_is_said(raw, texts):
    import shutil

    shutil.copytree(paths.RAW / "articles", raw / "articles")
    file = raw / "fingerprints.csv"
    kept = [
        line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("yangcheng")
    ]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert [fault.value for fault in faults(raw)] == ["yangcheng-2024-guangdong"]


def test_an_article_that_nobody_read_twice_says_nothing_of_agreement(figures):
    sheets, settled, second = (
        transcription.load(),
        transcription.settlements(),
        transcription.second_reading(),
    )
    part = second[second.article != "thepaper-2022-gannan"]
    compared = transcription.compare(sheets, part, settled, figures)
    assert "thepaper-2022-gannan" not in set(compared.article) and "absent" not in set(
        compared.class_second[compared.class_first == "figure"]
    )


def test_fingerprints_are_those_of_the_texts(texts):
    stored = tables.read(paths.RAW / "fingerprints.csv", transcription.FINGERPRINT_COLUMNS)
    assert stored.values.tolist() == transcription.fingerprints().values.tolist()


def test_the_disagreements_of_the_two_readings_are_those_that_were_settled(figures):
    sheets, settled = transcription.load(), transcription.settlements()
    compared = transcription.compare(sheets, transcription.second_reading(), settled, figures)
    found = transcription.disagreements(compared)
    keys = ["article", "start", "column", "first", "second"]
    assert sorted(map(tuple, found[keys].values)) == sorted(map(tuple, settled[keys].values))


def test_settled_values_are_what_the_sheets_say_now():
    sheets = transcription.load().set_index(["article", "start"])
    for row in transcription.settlements().itertuples():
        now = (
            sheets.loc[(row.article, row.start), row.column]
            if (row.article, row.start) in sheets.index
            else "absent"
        )
        assert now == row.settled


def test_agreement_of_a_reading_with_itself_is_complete_and_a_change_lowers_it(figures):
    sheets, settled, second = (
        transcription.load(),
        transcription.settlements(),
        transcription.second_reading(),
    )
    compared = transcription.compare(sheets, second, settled, figures)
    kappa = transcription.agreement(compared).set_index("statistic_id").value["agreement-class-kappa"]
    assert 0.9 < kappa < 1
    same = compared.assign(class_second=compared.class_first, class_same=True)
    assert transcription.agreement(same).value[0] == pytest.approx(1)


def test_kappa_of_a_worked_table():
    import pandas as pd

    # 20 + 15 of 50 equal; by chance (25·30 + 25·20) / 50² = 0.5, so kappa = (0.7 − 0.5) / 0.5
    pairs = (
        [("figure", "figure")] * 20
        + [("figure", "name")] * 5
        + [("name", "figure")] * 10
        + [("name", "name")] * 15
    )
    compared = pd.DataFrame(pairs, columns=["class_first", "class_second"])
    compared["class_same"] = compared.class_first == compared.class_second
    for name in ("value", "period", "qualifier", "status"):
        compared[f"{name}_same"] = True
    result = transcription.agreement(compared).set_index("statistic_id")
    assert result.value["agreement-class-kappa"] == pytest.approx(0.4)
    assert result.value["agreement-class-share"] == pytest.approx(70)
