"""The committed tables are what the notebooks make of data/raw, to the byte."""

import itertools

import checkouts
import matplotlib
import nbformat
import pytest

from helpers import notebooks, paths
from helpers.reporting import magics

pytestmark = pytest.mark.corpus

TABLES = {
    name: book
    for book, notebook in notebooks.NOTEBOOKS.items()
    for name in notebook.writes
    if name.endswith((".csv", ".md"))
}


def write_tables(book, folder):
    """Run the cells of a notebook that lead to its tables, in this process, and leave these in `folder`."""
    cells = [
        c
        for c in nbformat.read(paths.NOTEBOOKS / f"{book}.ipynb", as_version=4).cells
        if c.cell_type == "code"
    ]
    last = max((n for n, cell in enumerate(cells) if "write_" in cell.source), default=-1)
    names = {"__name__": book}
    with matplotlib.rc_context():  # a notebook sets the theme of its plots
        for cell in cells[: last + 1]:
            if cell.source.startswith("%%"):
                line, _, text = cell.source[2:].partition("\n")
                magic, _, given = line.partition(" ")
                list(magics.told(names["report"], magic, given, text, names))
                continue
            exec(compile(cell.source, book, "exec"), names)
            if "parameters" in cell.metadata.get("tags", []):
                names["processed"] = str(folder)


@pytest.fixture(scope="session")
def remade(tmp_path_factory):
    """The tables that the notebooks make of data/raw now, each from those of the notebooks before it."""

    def make(folder):
        for book in notebooks.NOTEBOOKS:
            write_tables(book, folder)

    return checkouts.once(tmp_path_factory, "processed", make)


def difference(name, committed, made):
    """Where two versions of a table differ first, and what to do if that is meant."""
    lines = itertools.zip_longest(committed.split("\n"), made.split("\n"), fillvalue="(nothing)")
    line, (old, new) = next((n, pair) for n, pair in enumerate(lines, 1) if pair[0] != pair[1])
    return (
        f"data/processed/{name}, line {line}: {TABLES[name]}.ipynb makes other bytes than are committed.\n"
        f"  committed: {old}\n  made now:  {new}\n"
        "If data/raw or the code was changed on purpose, `make report` makes the table anew; commit it then."
    )


@pytest.mark.parametrize("name", TABLES)
def test_a_committed_table_is_what_the_notebooks_make_now(name, remade):
    committed, made = ((folder / name).read_bytes() for folder in (paths.PROCESSED, remade))
    if committed != made:
        pytest.fail(difference(name, committed.decode(), made.decode()), pytrace=False)


def test_every_committed_table_is_compared():
    kept = {file.name for file in paths.PROCESSED.iterdir()}
    assert {name for name in kept if name.endswith((".csv", ".md"))} - {"README.md"} == set(TABLES)


def test_who_changed_data_on_purpose_is_told_what_to_do():
    said = difference("figures.csv", "id,value\na,1\n", "id,value\na,2\nb,3\n")
    assert "data/processed/figures.csv, line 2: 02_cleaning.ipynb makes other bytes" in said
    assert "committed: a,1" in said and "made now:  a,2" in said and "`make report`" in said
    assert "line 3" in difference("figures.csv", "id,value\na,1\n", "id,value\na,1\nb,3\n")
    assert "line 1" in difference("figures.csv", "id,value\n", "id,value\r\n")
