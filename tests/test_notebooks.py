"""Notebooks as they are kept: clean, with parameters, and without a typed number."""

import ast
import re

import nbformat
import pytest

from helpers import paths

BOOKS = sorted(paths.NOTEBOOKS.glob("*.ipynb"))
PLACEHOLDER = re.compile(r"\{\{[^}]*\}\}")
# Words that state a quantity just as digits do.
QUANTITIES = re.compile(
    r"\d|\b(?:half|halves|thirds?|quarters? of|tenths?|dozens?|hundreds?|thousands?|[mb]illions?|trillions?|twice|thrice|doubled|tripled)\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?) percent\b",
    re.IGNORECASE,
)


def spoken(book):
    """What a notebook says to readers: its Markdown without formulas, and every text of its code that is no key."""
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
    "text", ["grew by 10 a year", "a quarter of GDP", "near ten percent", "more than a third"]
)
def test_the_rule_sees_a_typed_number(text):
    assert QUANTITIES.search(PLACEHOLDER.sub("", text))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_notebook_is_kept_without_outputs_and_with_parameters(book):
    notebook = nbformat.read(book, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs") and not cell.get("execution_count")
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells) == 1


def test_there_is_a_rule_for_every_notebook():
    snakefile = (paths.ROOT / "Snakefile").read_text(encoding="utf-8")
    for book in BOOKS:
        assert f"notebooks/{book.name}" in snakefile
