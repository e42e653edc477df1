"""What other pages show of an executed notebook: its summary and its findings, with what these rest on."""

import html
import re
from typing import Any

import nbformat

from ..corpus.graph import closure, graph_of
from ..notebooks import FINDINGS
from . import panel
from .findings import FINDING, SUMMARY
from .pages import ReportError, anchors, output_document


def findings(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """The findings of an executed notebook: the parts of `findings.FINDING` as Markdown, and more of each.

    `plain` is its title without marks, `anchor` its place on the page of the notebook, `plot` its plot as
    Markdown, empty if it has none. Raises ReportError when there is no finding.
    """
    found: list[dict[str, Any]] = []
    for cell in notebook.cells:
        for number, output in enumerate(cell.get("outputs", [])):
            if parts := output.get("data", {}).get(FINDING):
                rest = [one for one in cell.outputs[number + 1 :] if "image/svg+xml" in one.get("data", {})]
                plots = [output_document(one) for one in rest[:1]]
                found.append({"plot": "".join(plots)} | parts)
    if not found:
        raise ReportError(f"{FINDINGS} shows no finding")
    targets = anchors([row["title"] for row in found])
    plain = [html.unescape(re.sub(r"<[^>]+>|\\(?=[^\w\s])", "", row["title"])) for row in found]
    return [
        row | {"anchor": target, "plain": words}
        for row, target, words in zip(found, targets, plain, strict=True)
    ]


def linked_findings(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """The findings of an executed notebook for panels: title, href, and the ids on which each rests."""
    inputs = {key: fact.get("inputs", []) for key, fact in panel.facts_of(notebook).items()}
    graph = graph_of(inputs)
    rows = []
    for row in findings(notebook):
        texts = " ".join(part for part in row.values() if isinstance(part, str))
        shown = dict.fromkeys([*re.findall(r'data-id="([^"]+)"', texts), *row["claims"]])
        rows.append(
            {"title": row["plain"], "href": f"{FINDINGS}.html#{row['anchor']}", "ids": closure(graph, shown)}
        )
    return rows


def summary(notebook: nbformat.NotebookNode) -> str:
    """The summary that an executed notebook shows, as Markdown; nothing if it shows none."""
    outputs = (output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))
    return "\n\n".join(data[SUMMARY]["summary"] for data in outputs if SUMMARY in data)
