"""Notebooks as they are kept: clean, with parameters, and without a typed number."""

import ast
import re
import shutil
from copy import deepcopy

import nbformat
import pytest

from helpers import notebooks, paths
from helpers.running import jobs, runs

BOOKS = sorted(paths.NOTEBOOKS.glob("*.ipynb"))
PLACEHOLDER = re.compile(r"\{\{[^}]*\}\}")
# Words that state a quantity just as digits do; "half steps" names a grid of rounding.
QUANTITIES = re.compile(
    r"\d|\b(?:half(?![- ]steps?\b)|halves|thirds?|quarters? of|tenths?|dozens?|hundreds?|thousands?|[mb]illions?|trillions?|twice|thrice|doubled|tripled)\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?) percent\b",
    re.IGNORECASE,
)


def spoken(book):
    """What a notebook says to readers.

    Its Markdown without formulas, and every text of its code that is no key.
    """
    for cell in nbformat.read(book, as_version=4).cells:
        if cell.cell_type == "markdown":
            yield re.sub(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`", "", cell.source, flags=re.DOTALL)
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            if " " in node.value.strip() or not re.search(
                "[a-z]", node.value
            ):  # others are keys and names of columns
                yield PLACEHOLDER.sub("", node.value)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_no_number_is_typed_into_narrative(book):
    for text in spoken(book):
        found = QUANTITIES.search(text)
        assert not found, f"{book.name} says {found[0]!r} in: {text.strip()[:120]}"


@pytest.mark.parametrize(
    "text", ["grew by 10 a year", "a quarter of GDP", "near ten percent", "more than a third", "half a step"]
)
def test_the_rule_sees_a_typed_number(text):
    assert QUANTITIES.search(PLACEHOLDER.sub("", text))


SPEAKERS = {"say": {"text"}, "summary": {"text"}, "finding": {"question", "answer", "evidence", "because"}}


def put_together(code):
    """What a cell hands on as prose that is no text typed there; and methods of prose that it does not call."""
    tree = ast.parse(code)
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in SPEAKERS]
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        if call.func not in named:
            continue
        named.remove(call.func)
        texts = call.args[:1] if call.func.attr != "finding" else call.args[1:6]
        texts += [word.value for word in call.keywords if word.arg in SPEAKERS[call.func.attr]]
        choices = [[text.body, text.orelse] if isinstance(text, ast.IfExp) else [text] for text in texts]
        yield from (ast.unparse(text) for text in sum(choices, []) if not isinstance(text, ast.Constant))
    yield from map(ast.unparse, named)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_no_text_of_a_table_is_put_into_prose_but_by_a_name(book):
    """As `say` itself refuses it; also in a cell that does nothing for the articles at hand."""
    code = [cell.source for cell in nbformat.read(book, as_version=4).cells if cell.cell_type == "code"]
    assert [text for cell in code for text in put_together(cell)] == []


@pytest.mark.parametrize(
    "code",
    [
        'report.say(f"Of {name}.")',
        'report.say("Of " + name)',
        "report.summary(text)",
        'report.finding(None, question="Q?", answer=name, **rest)',
        "tell = report.say",
    ],
)
def test_the_rule_sees_a_text_that_is_put_together(code):
    assert list(put_together(code))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_notebook_is_kept_without_outputs_and_with_parameters(book):
    notebook = nbformat.read(book, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs") and not cell.get("execution_count")
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells) == 1


def test_every_notebook_is_listed():
    assert {book.stem for book in BOOKS} == {*notebooks.NOTEBOOKS, notebooks.PROFILED}


def test_a_notebook_reads_only_tables_of_those_before_it():
    written = set()
    for book in notebooks.NOTEBOOKS.values():
        assert set(book.reads) <= written
        written |= set(book.writes)
    assert set(notebooks.PROFILE.reads) <= written
    assert {f"{table}.csv" for table in notebooks.DOWNLOADS} <= written


def test_a_notebook_depends_on_all_that_people_write_and_that_it_may_read_or_call(tmp_path, monkeypatch):
    files = {
        "raw/claims.csv", "raw/articles/daily.txt", "raw/README.md",
        "raw/.ipynb_checkpoints/claims-checkpoint.csv", "package/transcribing/intake.py",
        "package/corpus/schema.csv", "package/__main__.py", "package/running/runs.py",
        f"package/{jobs._PAGES}", f"package/{jobs._FRONT}", "package/reporting/assets/report.css",
    }  # fmt: skip
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    monkeypatch.setattr(paths, "RAW", tmp_path / "raw")
    monkeypatch.setattr(jobs, "_PACKAGE", tmp_path / "package")

    def within(found):
        return {p.relative_to(tmp_path).as_posix() for p in found}

    called = {"package/transcribing/intake.py", "package/corpus/schema.csv"}
    assets = {"package/reporting/assets/report.css"}
    sources = jobs.sources(tmp_path / "a.ipynb")
    assert within(sources) == {"a.ipynb", "raw/claims.csv", "raw/articles/daily.txt", *called, *assets}
    assert sources == sorted(sources)
    pages = {"package/transcribing/intake.py", f"package/{jobs._PAGES}", *assets}
    assert within(jobs.exporters()) == pages
    assert within(jobs.exporters(front=True)) == {*pages, f"package/{jobs._FRONT}"}


@pytest.mark.slow
def test_a_notebook_that_was_saved_with_a_sheet_open_shows_no_view_in_a_run(bench, tmp_path):
    notebook = nbformat.read(paths.NOTEBOOKS / "01_transcription.ipynb", as_version=4)
    code = [number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    notebook.cells = notebook.cells[: code[2] + 1]  # to the view
    settings = notebook.cells[code[0]]
    settings.source = settings.source.replace('edit = ""', 'edit = "bench"')
    settings.source = settings.source.replace('raw = ""', f"raw = {str(bench.raw)!r}")
    assert '"bench"' in settings.source and "workbench.transcribe(edit" in notebook.cells[-1].source
    nbformat.write(notebook, tmp_path / "saved.ipynb")
    output = runs.run(tmp_path / "saved.ipynb", tmp_path / "executed.ipynb", {}, tmp_path / "failed")
    executed = nbformat.read(output, as_version=4)
    assert "edit = ''" in "".join(cell.source for cell in executed.cells)
    assert executed.cells[-1].execution_count and executed.cells[-1].outputs == []


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_cell_that_is_run_twice_shows_the_same(book, tmp_path):
    notebook = nbformat.read(book, as_version=4)
    cells = []
    for cell in notebook.cells:
        cells += (
            [cell, deepcopy(cell)] if cell.cell_type == "code" and "tags" not in cell.metadata else [cell]
        )
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook.cells = cells
    nbformat.write(notebook, tmp_path / book.name)
    shutil.copytree(paths.PROCESSED, tmp_path / "processed")
    given = {"raw": str(paths.RAW), "processed": str(tmp_path / "processed")}
    output = runs.run(tmp_path / book.name, tmp_path / "executed.ipynb", given, tmp_path / "failed")
    code = [cell for cell in nbformat.read(output, as_version=4).cells if cell.cell_type == "code"]
    shown = [cell for cell in code if "tags" not in cell.metadata]
    assert len(shown) >= 10
    for first, second in zip(shown[::2], shown[1::2], strict=True):
        assert first.source == second.source
        results = [[o.get("data", o.get("text")) for o in cell.outputs] for cell in (first, second)]
        assert results[0] == results[1], first.source
