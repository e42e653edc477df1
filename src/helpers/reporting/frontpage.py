"""The front page of the reports: findings at a glance, the way from print to finding, profiles, downloads.

It repeats nothing by hand: findings and the summary are taken out of the executed notebook, numbers and
counts out of the tables.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

from ..corpus import schema
from ..corpus.files import harmless_csv, read_cells, replace_file
from ..notebooks import DOWNLOADS, FINDINGS, NOTEBOOKS
from . import prose
from .numbers import escaped
from .pages import ReportError, anchors, headings, title_of, to_html

EXAMPLE = ("ganzhou-gdp-cagr-2011-2021", "ganzhou-gdp-multiple-2011-2021")  # a number and what it is made of
WAY = {  # what each notebook has: the words after its count
    "01_transcription": "numerals: in the articles, each with its place and kind",
    "02_cleaning": "figures: in base units, with what the print allows",
    "03_growth": "derived quantities: growth, levels and shares, each with its formula",
    "04_consistency": "claims: compared with each other and with other sources",
    "05_growth_compared": "pairs of places: compared in growth, year by year",
    "06_sensitivity": "verdicts that depend on choices: other rules, vintages and corrections",
    FINDINGS: "findings: each with the verdicts that it rests on",
}


def findings(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """The findings of an executed notebook: the parts of `prose.FINDING`, title and anchor.

    Links to evidence lead to the page of the notebook. Raises ReportError when there is none.
    """
    found: list[dict[str, Any]] = []
    title = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            title = (headings(cell.source, 2) or [title])[-1]
        found += [{"title": title} | parts for parts in _shown(cell, prose.FINDING)]
    if not found:
        raise ReportError(f"{FINDINGS} shows no finding")
    targets = anchors([escaped(row["title"]) for row in found])
    return [row | {"anchor": target} for row, target in zip(found, targets, strict=True)]


def summary(notebook: nbformat.NotebookNode) -> str:
    """The summary that an executed notebook shows, as Markdown; nothing if it shows none."""
    shown = [parts["summary"] for cell in notebook.cells for parts in _shown(cell, prose.SUMMARY)]
    return "\n\n".join(shown)


def _shown(cell: nbformat.NotebookNode, mime: str) -> list[dict[str, Any]]:
    """What the outputs of a cell hold under a MIME type; its links lead to the page of the findings."""
    outputs = (output.get("data", {}).get(mime) for output in cell.get("outputs", []))
    return [
        {name: _on(FINDINGS, part) if isinstance(part, str) else part for name, part in parts.items()}
        for parts in outputs
        if parts
    ]


def _on(page: str, text: str) -> str:
    """Markdown of a page for use on another: its links to evidence lead there."""
    return text.replace('href="#', f'href="{page}.html#')


def front_page(report: prose.Report, profiles: list[str], executed: Path) -> nbformat.NotebookNode:
    """The front page as an executed notebook, for `pages.to_html`.

    `report` knows the derived quantities, coverage and statistics; `profiles` are the entities that have a
    page of their own, `executed` is the folder of the executed notebooks. Raises ReportError for a notebook
    without a title and where there is no finding.
    """
    books = {name: nbformat.read(executed / f"{name}.ipynb", as_version=4) for name in NOTEBOOKS}
    titles = {name: escaped(title_of(book)) for name, book in books.items()}
    found, known = findings(books[FINDINGS]), report.known

    def number(key: str, page: str) -> str:
        return _on(page, report.number(key).text)

    counts = [
        number("numerals-all", "01_transcription"),
        number("coverage-all", "04_consistency"),
        f'<a href="03_growth.html">{len(known.derived)}</a>',
        number("claims-all", "04_consistency"),
        number("differential-pairs", "05_growth_compared"),
        number("sensitivity-claims-that-change", "06_sensitivity"),
        f'<a href="{FINDINGS}.html">{len(found)}</a>',
    ]
    way = "\n".join(
        f'<li><a href="{page}.html">{titles[page]}</a><br>{count} {WAY[page]}</li>'
        for page, count in zip(titles, counts, strict=True)
    )
    shown, printed = EXAMPLE
    parts = [
        "# Press figures, traced and tested",
        f"[{len(known.articles)}](#the-articles) press articles, read as numbers. Every numeral of the "
        "articles is accounted for, and every number of a finding leads back to the outlet, paragraph and "
        "position where it was printed, or to the source of a comparator.",
        summary(books[FINDINGS]),
        "A finding begins with the verdict on the claims that it rests on. Follow its title for the "
        "evidence, or a number for its own.",
        report.legend("verdicts", "strengths").text,
        "## Findings",
    ]
    for row in found:
        title = re.sub(
            r"\\([\"'])", r"\1", escaped(row["title"])
        )  # its quotation marks are set as they are there
        parts += [
            f"### [{title}]({FINDINGS}.html#{row['anchor']})",
            row["opening"],
            f"*{row['question']}* {row['answer']}",
            f"**Strength:** {row['strength']}.",
        ]
    parts += [
        "## The way from print to finding",
        f'<ol class="way">\n{way}\n</ol>',
        f"To follow one number: {number(shown, FINDINGS)} is how fast Ganzhou is said to have grown. Its "
        f"evidence names the formula and leads to the printed {number(printed, FINDINGS)}, with article, "
        "paragraph and position.",
        "## The articles",
        _listed(
            f"{escaped(outlet)}, {escaped(title)}, {date or 'without a date'}"
            for outlet, title, date in known.articles[["outlet", "title", "date"]].values
        ),
        "## Profiles",
        "All that the articles say of one place or firm, what follows from it, how it was tested, and what "
        "other sources print.",
        _listed(
            f"[{escaped(known.entity(name))}](profile_{name}.html) ([PDF](profile_{name}.pdf))"
            for name in profiles
        ),
        "## Downloads",
        _listed(f"[{title}]({name}.html), and [as PDF]({name}.pdf)" for name, title in titles.items()),
        _listed(f"[{name}.csv](data/{name}.csv): {said}" for name, said in DOWNLOADS.items()),
    ]
    cell = nbformat.v4.new_markdown_cell("\n\n".join(part for part in parts if part))
    return nbformat.v4.new_notebook(cells=[cell])


def _listed(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def export_front_page(
    report: prose.Report, profiles: list[str], executed: Path, processed: Path, folder: Path
) -> Path:
    """Write `index.html` and the tables for download, in which no cell is a formula; returns the page.

    The first three are as in `front_page`; `processed` is the folder of the tables, and `folder` that of the
    pages. Raises ReportError, BadInput for a table that is missing or damaged, and OSError for a file that
    cannot be written.
    """
    page = to_html(front_page(report, profiles, executed))
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name in DOWNLOADS:
        text = read_cells(processed / f"{name}.csv", schema.TABLES[f"processed/{name}.csv"].columns)
        replace_file(folder / "data" / f"{name}.csv", harmless_csv(text).encode("utf-8"))
    replace_file(folder / "index.html", page.encode("utf-8"))
    return folder / "index.html"
