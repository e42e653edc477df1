"""Sheets: what is wrong is said with its place, value and advice; and two transcriptions side by side."""

import dataclasses
import hashlib

import pytest

from helpers import corpus
from helpers.corpus import schema
from helpers.corpus.faults import BadInput
from helpers.corpus.texts import fingerprint, fingerprints
from helpers.transcribing.agreement import agreement, disagreements, numeral_tallies, side_by_side
from helpers.vocabulary import QUALIFIERS

ARTICLE, OTHER = "daily-2022-harbour", "gazette-2023-quay"
SHEET = f"transcription/{ARTICLE}.csv"
SECOND = f"second_transcription/{ARTICLE}.csv"
LANMOUTH = "lanmouth-gdp-2021"  # 41.69, from 97 to 102, of paragraph 2
HEADER = ",".join(schema.SHEET.columns)


def faults(folder, file=""):
    """The faults of a folder, or of one file in it."""
    with pytest.raises(BadInput) as caught:
        corpus.load(folder)
    return [fault for fault in caught.value.faults if not file or fault.file == folder / file]


def test_the_small_sheets_are_valid_and_typed(small_corpus):
    sheets = small_corpus.sheets
    assert set(sheets.article) == set(small_corpus.articles.article) == {ARTICLE, OTHER}
    figures = sheets[sheets["class"] == "figure"]
    assert figures.figure_id.is_unique and (figures.unit != "").all()
    assert set(sheets["class"]) == set(schema.CLASSES)
    assert set(figures.qualifier) == {"exact", "about", "nearly", "more_than"} < set(QUALIFIERS)
    assert [str(sheets[name].dtype) for name in ("paragraph", "start", "end", "line")] == ["int64"] * 4


@pytest.mark.corpus
def test_the_sheets_of_the_five_articles_are_valid(real):
    assert len(real.corpus.articles) == 5 and not real.corpus.unfinished
    assert set(real.corpus.numerals.article) == set(real.corpus.articles.article)
    figures = real.corpus.numerals[real.corpus.numerals["class"] == "figure"]
    assert figures.figure_id.is_unique and (figures.unit != "").all()


SPOILT = [  # column, value, what is said; with what is said where the text is at hand, if that differs
    ("token", "41.9", "it must have 5 characters, from 97 to 102"),
    ("token", "441.69", "it must have 5 characters, from 97 to 102"),
    (
        "token",
        "46.19",
        "it must have the 26 digits of paragraph 2",
        "it must be '41.69', printed from 97 to 102",
    ),
    ("start", "96", "it must have 6 characters"),
    ("start", "-1", "it must be a whole number"),
    ("paragraph", "", "it must be a whole number"),
    ("paragraph", "²", "it must be a whole number"),
    ("paragraph", "1", "it must be at least 2, as in the row before"),
    ("end", "１０２", "it must be a whole number"),
    ("class", "figures", "it must be one of: figure"),
    ("class", "date", "it must be empty for class date"),
    ("figure_id", "", "a figure needs a figure_id"),
    ("figure_id", "Lanmouth GDP", "it must be a slug of lower-case letters"),
    ("indicator", "", "a figure needs an indicator"),
    ("indicator", "gdpp", "it must be one of"),
    ("entity", "sandwich", "it must be one of"),
    ("period", "2021-13", "it must be an ISO 8601"),
    ("period", "2021/2011", "it must be an ISO 8601"),
    ("scale", "milliard", "it must be one of: empty, thousand"),
    ("unit", "", "a figure needs a unit"),
    ("unit", "yuans", "it must be one of"),
    ("qualifier", "", "a figure needs a qualifier"),
    ("qualifier", "roughly", "it must be one of"),
    ("status", "done", "it must be one of"),
    ("numeral_id", "n099", "it must be n003, in reading order (later"),
]


@pytest.mark.parametrize(
    ("case", "at_hand"),
    [(case, True) for case in SPOILT] + [(case, False) for case in SPOILT if len(case) > 3],
    ids=lambda part: {True: "text", False: "no text"}[part] if isinstance(part, bool) else repr(part[:2]),
)
def test_a_spoilt_cell_is_named_with_its_place(request, edit, line_of, at_hand, case):
    column, value, *said = case
    folder = request.getfixturevalue("small" if at_hand else "bare")
    file = folder / SHEET
    line = line_of(file, "figure_id", LANMOUTH)
    edit(file, line, column, value)
    found = faults(folder)
    assert all(fault.file == file for fault in found)
    here = [fault for fault in found if said[-at_hand] in fault.advice]
    assert here, "\n".join(map(str, found))
    if said[-at_hand].startswith("it must have the"):  # only the fingerprint of the paragraph sees it
        assert here[0].advice.endswith("(rows on lines 3 to 10)")
    else:
        assert {(fault.line, fault.column) for fault in here} & {
            (n, name) for n in (line, line + 1) for name in (column, "token", "start", *schema.FILLED)
        }
    assert all(str(fault).startswith(f"{file}:{fault.line}: {fault.column} is ") for fault in found)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("unit", "", "unit is empty; a figure needs a unit"),
        (
            "class",
            "dates",
            "class is 'dates'; it must be one of: figure, date, name, ordinal, rhetorical, repeat; ",
        ),
    ],
)
def test_a_fault_reads_as_a_sentence(small, edit, column, value, said):
    edit(small / SHEET, 4, column, value)
    assert str(faults(small)[0]).startswith(f"{small / SHEET}:4: {said}")


def test_all_faults_of_a_sheet_are_said_at_once(small, edit):
    for line, column, value in [(3, "class", "dates"), (5, "unit", "x"), (9, "status", "y")]:
        edit(small / SHEET, line, column, value)
    assert {(fault.line, fault.column) for fault in faults(small)} == {
        (3, "class"),
        (5, "unit"),
        (9, "status"),
    }


def test_a_row_left_out_is_noticed_without_the_text(bare):
    file = bare / SHEET
    file.write_text(
        "".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8"
    )
    (found,) = faults(bare, SHEET)
    assert (found.line, found.column) == (
        20,
        "token",
    ) and "it must have the 8 digits of paragraph 5" in found.advice


@pytest.mark.parametrize(
    ("line", "gone"),
    [(23, "'500' from 597 to 600"), (13, "'half' from 259 to 263"), (2, "'ten' from 22 to 25")],
)
def test_a_row_left_out_is_named_where_the_text_is_at_hand(small, line, gone):
    file = small / SHEET
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for number, row in enumerate(lines, 1) if number != line]
    numbered = [f"n{n:03d}{row[4:]}" if n else row for n, row in enumerate(kept)]
    file.write_text("".join(numbered), encoding="utf-8")
    (found,) = faults(small, SHEET)
    assert (found.line, found.column) == (line - 1, "row")
    assert str(found).endswith(f"row is missing; a row for {gone} is needed after this line")


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("unit", "tonne", "it must be 'yuan', as in the figure that it repeats"),
        ("period", "2020", "it must be '2021', as in the figure that it repeats"),
        ("token", "46.19", "it must be the value of the figure that it repeats, 41.69"),
        (
            "figure_id",
            "lanmouth-gdp-2022",
            "it must be a figure of the same article; near to it: lanmouth-gdp-2021",
        ),
    ],
)
def test_a_repeat_must_say_what_its_figure_says(bare, edit, line_of, column, value, said):
    line = line_of(bare / SHEET, "class", "repeat")
    edit(bare / SHEET, line, column, value)
    assert any((f.line, f.column, f.advice) == (line, column, said) for f in faults(bare))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{HEADER}\n", "a row for every numeral is needed"),
        (f"{HEADER}\n{HEADER}\n", "it must be there only once, the header"),
        (f'{HEADER}\nn001,1,0,1,2,date,,,,,,,,,"a\nb"\n', "there must be no line break inside a cell"),
        (f"{HEADER}\nn001,1\n", "it must have 15 cells, not 2"),
    ],
)
def test_a_sheet_of_odd_rows_is_refused(small, content, said):
    (small / SHEET).write_text(content, encoding="utf-8")
    assert any(said in fault.advice for fault in faults(small))


@pytest.mark.parametrize(
    ("entity", "part_of", "said"),
    [
        ("lanmouth", "lanmouth", "there must be no circle"),
        ("arcadia", "lanmouth", "there must be no circle"),
        ("lanmouth", "nowhere", "it must be one of"),
    ],
)
def test_an_entity_is_part_of_another_that_is_known(small, edit, line_of, entity, part_of, said):
    edit(small / "entities.csv", line_of(small / "entities.csv", "entity", entity), "part_of", part_of)
    (found,) = faults(small)
    assert found.column == "part_of" and said in found.advice


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("paragraph", "x"),
        ("value", "abc"),
        ("class", "figures"),
        ("start", "-1"),
        ("token", "12"),
        ("period", "x"),
    ],
)
def test_a_bad_second_transcription_is_refused(small, edit, column, value):
    edit(small / SECOND, 4, column, value)
    assert [(f.file.name, f.line, f.column) for f in faults(small)] == [(f"{ARTICLE}.csv", 4, column)]
    assert faults(small)[0].file.parent.name == "second_transcription"


def test_a_second_transcription_of_no_article_is_said(small):
    (small / SECOND).rename(small / "second_transcription/daily-2022-harbor.csv")
    (found,) = faults(small)
    assert found.value == "daily-2022-harbor" and found.advice.endswith(f"near to it: {ARTICLE}")


def test_a_text_of_another_version_is_refused(small):
    (small / "articles" / f"{OTHER}.txt").write_text("Another text.", encoding="utf-8")
    (found,) = faults(small)
    assert found.column == "SHA-256" and "SHA-256" in found.advice


@pytest.mark.parametrize(
    ("content", "column"),
    [
        (b"a,b\n1,2\n", "header"),
        (b"", "header"),
        ("numeral_id\n".encode("utf-16"), "encoding"),
        (b"\xff\xfe", "encoding"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(small, content, column):
    (small / SHEET).write_bytes(content)
    assert [fault.column for fault in faults(small)] == [column]


def test_a_sheet_without_its_article_and_an_article_without_its_sheet(small):
    (small / SHEET).rename(small / "transcription/other.csv")
    found = {(fault.value, fault.advice) for fault in faults(small)}
    assert found == {
        ("other", "it must be named as an article in articles.csv"),
        (ARTICLE, "it needs a sheet of its own in transcription/"),
    }


def test_a_text_that_no_article_owns_is_said(small):
    (small / "articles" / "misspelt.txt").write_text("x", encoding="utf-8")
    assert [(fault.value, fault.advice) for fault in faults(small)] == [
        ("misspelt", "it must be named as an article in articles.csv")
    ]


def test_a_text_without_fingerprints_is_said(small):
    file = small / "fingerprints.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith(OTHER)), encoding="utf-8")
    (found,) = faults(small)
    assert found.value == OTHER and "run `python -m helpers fingerprint`" in found.advice


def test_fingerprints_are_those_of_the_texts(small_corpus):
    stored = small_corpus.fingerprints
    found = fingerprints(small_corpus.articles.article, small_corpus.texts, stored[:0])
    assert stored.values.tolist() == found.values.tolist() and len(found) == 8


@pytest.mark.corpus
def test_fingerprints_of_the_articles_are_those_of_the_texts(texts, real):
    stored = real.corpus.fingerprints
    assert stored.values.tolist() == fingerprints(sorted(texts), texts, stored[:0]).values.tolist()


# -- two transcriptions side by side ---------------------------------------------------------------------


def differing(results):
    return disagreements(side_by_side(results.corpus, results.figures))


def settled_without_disagreement(results) -> set:
    """What settled.csv and the disagreements of the two transcriptions do not share.

    Cells that were changed although both had the same are no disagreements.
    """
    keys = ["article", "start", "column", "first", "second"]
    settled = results.corpus.settled[results.corpus.settled["first"] != results.corpus.settled.second]
    found, settled = (set(map(tuple, t[keys].values)) for t in (differing(results), settled))
    assert settled
    return found ^ settled


def cells_settled_otherwise(raw) -> list:
    """Rows of settled.csv that say something else than the sheets do now."""
    sheets = raw.sheets.set_index(["article", "start"])
    now = [
        sheets.at[(r.article, r.start), r.column] if (r.article, r.start) in sheets.index else "absent"
        for r in raw.settled.itertuples()
    ]
    return raw.settled[raw.settled.settled != now].values.tolist()


def test_the_disagreements_of_the_small_transcriptions_are_those_that_were_settled(small_results):
    assert settled_without_disagreement(small_results) == set()
    assert cells_settled_otherwise(small_results.corpus) == []
    assert len(differing(small_results)) == 2


@pytest.mark.corpus
def test_the_disagreements_of_the_five_articles_are_those_that_were_settled(real):
    assert settled_without_disagreement(real) == set()
    assert cells_settled_otherwise(real.corpus) == []


def replaced(results, **tables):
    """The results with other tables in their corpus."""
    return dataclasses.replace(results.corpus, **tables), results.figures


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("class", "date", ("class", "figure", "date")),
        ("value", 41.69e8, ("value", 41.69e9, 41.69e8)),
        ("period", "2020", ("period", "2021", "2020")),
        ("qualifier", "about", ("qualifier", "exact", "about")),
        ("status", "plan", ("status", "outcome", "plan")),
    ],
)
def test_a_cell_that_differs_is_a_disagreement(small_results, column, value, said):
    second = small_results.corpus.second
    second = second.assign(**{column: second[column].where(second.start != 97, value)})
    found = disagreements(side_by_side(*replaced(small_results, second=second)))
    (row,) = found[found.start == 97].itertuples(index=False)
    assert tuple(row)[3:] == said and len(found) == 3


@pytest.mark.parametrize("value", [41.69e9 * (1 + 1e-12), 41.69e9])
def test_the_noise_of_binary_arithmetic_is_no_disagreement(small_results, value):
    second = small_results.corpus.second
    second = second.assign(value=second.value.where(second.start != 97, value))
    assert len(disagreements(side_by_side(*replaced(small_results, second=second)))) == 2


def test_an_article_that_nobody_transcribed_twice_says_nothing_of_agreement(small_results):
    compared = side_by_side(small_results.corpus, small_results.figures)
    assert set(compared.article) == {ARTICLE}
    assert set(compared.start[compared.class_first == "absent"]) == {424}
    none = side_by_side(*replaced(small_results, second=small_results.corpus.second[:0]))
    assert none.empty and agreement(none, 1) == []


def test_agreement_of_a_transcription_with_itself_is_complete_and_a_change_lowers_it(small_results):
    compared = side_by_side(small_results.corpus, small_results.figures)
    found = {row.statistic_id: row for row in agreement(compared, 1)}
    kappa, period = found["agreement-class-kappa"], found["agreement-period-share"]
    assert 0.9 < kappa.value < 1 and kappa.low < kappa.value < kappa.high
    assert period.value == pytest.approx(100 * 13 / 14) and period.formula.startswith("13 of 14 equal")
    same = compared.assign(class_second=compared.class_first, class_same=True)
    assert agreement(same, 1)[0][2:5] == pytest.approx((1, 1, 1))  # value, low and high


def test_numerals_are_counted_by_class_and_form(small_corpus):
    found = {row.statistic_id: row.value for row in numeral_tallies(small_corpus.numerals)}
    assert found["numerals-all"] == 44 and found["numerals-repeat"] == 1 and found["numerals-figure"] == 28
    assert found["numerals-in-words"] == 9 and found["numerals-with-digits"] == 35
    for name in ("all", "with-digits", "in-words", *schema.CLASSES):
        parts = [found[f"numerals-{name}-in-{article}"] for article in (ARTICLE, OTHER)]
        assert sum(parts) == found[f"numerals-{name}"]
    assert sum(found[f"numerals-{name}"] for name in schema.CLASSES) == 44


@pytest.mark.corpus
def test_two_transcriptions_of_the_articles_agree_on_almost_every_class(real):
    compared = side_by_side(real.corpus, real.figures)
    assert set(compared.article) == set(real.corpus.articles.article)
    assert 0.9 < agreement(compared, 1)[0].value < 1


def test_digits_of_every_script_are_in_a_fingerprint():
    assert fingerprint([(0, "１２")]) != fingerprint([(0, "１３")]) and fingerprint(
        [(0, "１")]
    ) != fingerprint([])


def test_a_text_whose_line_ends_an_editor_made_plain_is_told(small, edit):
    file = small / "articles" / f"{ARTICLE}.txt"
    before = file.read_bytes()
    digest = hashlib.sha256(before.replace(b"\n", b"\r\n")).hexdigest()
    edit(small / "articles.csv", 2, "sha256", digest)
    with pytest.raises(BadInput, match="this one differs by its line ends alone"):
        corpus.load(small)


def test_a_comma_that_a_spreadsheet_dropped_is_told_for_four_digits_too(small, edit, line_of):
    file = small / "transcription" / f"{OTHER}.csv"
    edit(file, line_of(file, "token", "1,067"), "token", "1067")
    with pytest.raises(BadInput, match="a spreadsheet seems to have dropped the commas of 1,067"):
        corpus.load(small)
