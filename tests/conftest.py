"""Shared fixtures: a copy of the raw tables that a test may spoil, and the texts where they are at hand."""

import csv
import shutil
from pathlib import Path

import pytest

from helpers import articles, cleaning, growth, paths


@pytest.fixture
def raw(tmp_path) -> Path:
    """A copy of data/raw without the texts."""
    return Path(shutil.copytree(paths.RAW, tmp_path / "raw", ignore=shutil.ignore_patterns("articles")))


@pytest.fixture(scope="session")
def figures():
    return cleaning.clean()


@pytest.fixture(scope="session")
def derived(figures):
    return growth.derive(figures)


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The texts by article; the test is skipped where one is not at hand."""
    found = {article: articles.text(article) for article in articles.manifest().article}
    missing = [article for article, text in found.items() if text is None]
    if missing:
        pytest.skip(f"texts not at hand: {', '.join(missing)}")
    return found


@pytest.fixture
def edit():
    """edit(file, line, column, value): change one cell of a CSV file, as an editor would."""

    def change(file: Path, line: int, column: str, value: str) -> None:
        with open(file, newline="", encoding="utf-8") as handle:
            rows = list(csv.reader(handle))
        rows[line - 1][rows[0].index(column)] = value
        with open(file, "w", newline="", encoding="utf-8") as handle:
            csv.writer(handle, lineterminator="\n").writerows(rows)

    return change


@pytest.fixture
def line_of():
    """line_of(file, column, value): the line on which a value stands first."""

    def find(file: Path, column: str, value: str) -> int:
        with open(file, newline="", encoding="utf-8") as handle:
            return next(n for n, row in enumerate(csv.DictReader(handle), 2) if row[column] == value)

    return find
