"""The codebooks say what the schema says, and the tables of the repository are as the schema has them."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from conftest import SMALL, results

from helpers import corpus, paths, vocabulary
from helpers.corpus import codebook, schema
from helpers.corpus.tables import Key

MEND = "run `python -m helpers codebook`"
DATA = paths.ROOT / "data"
TABLES = (*schema.RAW, *schema.PROCESSED)
EXAMPLE = (DATA / "raw" / "README.md").read_text(encoding="utf-8").split("\n## An example\n")[1]


def books() -> dict[str, str]:
    return {name: (paths.ROOT / name).read_text(encoding="utf-8") for name in codebook.CODEBOOKS}


@pytest.mark.parametrize("name", codebook.CODEBOOKS)
def test_a_codebook_is_in_step_with_the_schema(name):
    text = books()[name]
    assert text == codebook.written(text), f"{name} is not in step with the schema: {MEND}"


def test_every_table_has_its_columns_in_one_codebook():
    parts = re.findall(r"<!-- columns of (.+) -->", "".join(books().values()))
    assert sorted(parts) == sorted(table.file for table in TABLES)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("its id, which names its sheet", "an id"),  # a meaning
        ("| `scale` |", "| `scales` |"),  # a name
        ("one of: A, B, C", "one of: A, B"),  # what a cell may hold
        ("| `equals` | the same as |", "| `equals` | alike |"),
        ("One row a comparison", "One row a test"),
    ],
)
def test_what_a_hand_changed_between_markers_is_put_back(tmp_path, before, after):
    for name, text in books().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace(before, after), encoding="utf-8")
    hit = [tmp_path / name for name, text in books().items() if before in text]
    assert hit and codebook.write_codebooks(tmp_path) == hit
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in codebook.CODEBOOKS} == books()
    assert codebook.write_codebooks(tmp_path) == []


def test_what_people_write_around_the_parts_stays():
    text = "Before.\n\n<!-- words: GRADES -->\nold\n<!-- end -->\n\nAfter: <!-- words: GRADES in prose.\n"
    after = codebook.written(text)
    assert after.startswith("Before.\n\n<!-- words: GRADES -->\n\n| word | meaning |\n")
    assert after.endswith("\n\n<!-- end -->\n\nAfter: <!-- words: GRADES in prose.\n") and "old" not in after
    assert codebook.written(after) == after


@pytest.mark.parametrize("part", ["columns of raw/nothing.csv", "words: NOTHING"])
def test_a_part_of_an_unknown_name_is_refused(part):
    with pytest.raises(KeyError):
        codebook.written(f"<!-- {part} -->\n<!-- end -->")


@pytest.mark.parametrize(
    "name", ["CLASSES", "STATUSES", "QUALIFIERS", "UNIT_KINDS", "GRADES", "TESTS", "VERDICTS"]
)
def test_every_word_of_a_closed_list_is_explained_in_a_codebook(name):
    assert f"<!-- words: {name} -->" in "".join(books().values())
    table = codebook.word_table(getattr(vocabulary, name))
    assert all(f"| `{word}` | " in table for word in getattr(vocabulary, name) if word)


# -- tables as they lie there --------------------------------------------------------------------------


def owned(data: Path) -> dict[Path, list[str]]:
    """The files of every table in a folder such as data, each with the columns that it should have."""
    found: dict[Path, list[str]] = {}
    for table in TABLES:  # settled.csv comes after what it would else be taken for
        pattern = table.file.replace("<article>", "*")
        found |= dict.fromkeys(data.glob(pattern), table.columns)
    return found


def header(file: Path) -> list[str]:
    with open(file, newline="", encoding="utf-8") as handle:
        return next(csv.reader(handle))


def test_every_table_of_the_repository_has_the_columns_of_the_schema():
    files = owned(DATA)
    assert {file: header(file) for file in files} == files
    assert set(files) == set(DATA.rglob("*.csv"))  # and there is no other
    single = {DATA / table.file for table in TABLES if not set("*<") & set(table.file)}
    assert single <= set(files)


def test_every_table_of_the_small_corpus_has_the_columns_of_the_schema(tmp_path):
    shutil.copytree(SMALL, tmp_path / "raw")
    files = owned(tmp_path)
    assert {file: header(file) for file in files} == files
    assert set(files) == set(tmp_path.rglob("*.csv")) and len(files) == 22


# -- examples --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES, ids=[table.file for table in TABLES])
def test_the_example_of_every_column_is_one_that_it_may_hold(table):
    for field in table.fields:
        if field.example and not isinstance(field.rule, Key):
            assert field.rule.test(field.example), f"{table.file}: {field.name}"
        if field.dtype != "str" and field.example:
            float(field.example)


@pytest.mark.corpus
@pytest.mark.parametrize("table", schema.RAW, ids=[table.file for table in schema.RAW])
def test_the_examples_of_keys_are_keys(real, table):
    for field in table.fields:
        if field.example and isinstance(field.rule, Key):
            keys = getattr(real.corpus, field.rule.table).iloc[:, 0]
            assert field.example in set(keys), f"{table.file}: {field.name}"


def example_rows() -> dict[str, str]:
    """The example rows of the codebook, by the name of the table before them."""
    return dict(re.findall(r"`(\w+)\.csv`.*?\n\n    (.+)\n", EXAMPLE))


def with_row(file: Path, row: str) -> None:
    """Put a row into a table, in the place of the one of its id if there is one."""
    key = row.partition(",")[0] + ","
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith(key)]
    file.write_text("\n".join([*lines, row, ""]), encoding="utf-8")


@pytest.mark.corpus
def test_the_example_rows_of_the_codebook_work(raw):
    rows = example_rows()
    assert list(rows) == ["comparators", "derivations", "claims"]
    for name, row in rows.items():
        with_row(raw / f"{name}.csv", row)
    found = results(corpus.load(raw))
    claim = rows["claims"].partition(",")[0]
    (verdict,) = found.checks.verdict[found.checks.check_id == claim]
    assert verdict == "consistent"


@pytest.mark.corpus
def test_the_example_of_a_formula_works(raw, real):
    (formula,) = re.findall(
        r"part of three cities that Ganzhou is:\n\n    (.+)\n", books()["data/raw/README.md"]
    )
    with_row(raw / "derivations.csv", f"example,{formula},gdp,ganzhou,2021,percent,,,,")
    derived = results(corpus.load(raw)).derived.set_index("derived_id")
    names = re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", formula)
    values = real.figures.set_index("figure_id").value
    assert derived.value["example"] == pytest.approx(values[names[0]] / values[names[1:]].sum() * 100)
