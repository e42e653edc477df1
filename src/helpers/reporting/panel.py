"""The evidence of a page: one block of data for the panel, and a list for readers without scripts.

A notebook shows its evidence as one output. Its bundle has `{id: fact}` (see `Evidence.fact`) under the MIME
type `EVIDENCE`. Pages put it into the panel, the PDF into its annex, and JupyterLab opens the same panel.
"""

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..corpus.graph import closure, graph_of
from ..vocabulary import VERDICT_SIGNS
from .fonts import asset
from .packing import ID, Facts, packed

if TYPE_CHECKING:  # notebooks import this module, and would wait a second for what they do not need
    from nbformat import NotebookNode

EVIDENCE = "application/vnd.bay-and-old-area.evidence+json"
_LINK = re.compile(r'href="#evidence-([^"]+)"')


def facts_of(notebook: "NotebookNode") -> dict[str, dict[str, Any]]:
    """The facts that an executed notebook shows, by id, in its order; none if it shows no evidence."""
    return _part(notebook, "facts")


def articles_of(notebook: "NotebookNode") -> dict[str, dict[str, str]]:
    """What the evidence of an executed notebook says of the articles, by their id."""
    return _part(notebook, "articles")


def _part(notebook: "NotebookNode", name: str) -> dict[str, dict[str, Any]]:
    """A part of all evidence that an executed notebook shows, by id."""
    outputs = (output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))
    found: dict[str, dict[str, Any]] = {}
    for data in outputs:
        found |= data.get(EVIDENCE, {}).get(name, {})
    return found


def articles(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Outlet, title, date and SHA-256 of each article, for its citation and to know its text again."""
    return {
        str(key): {name: row[name] for name in ("outlet", "title", "date", "sha256")}
        for key, row in table.iterrows()
    }


def panel_data(
    facts: Facts,
    articles: Mapping[str, Mapping[str, str]],
    findings: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """What `mountPanel` takes.

    `findings` have title, href and ids; of their ids those of the page are kept.
    """
    kept = [
        {"title": one["title"], "href": one["href"], "ids": [key for key in one["ids"] if key in facts]}
        for one in findings
    ]
    return {
        "project": "bay-and-old-area",
        "facts": packed(facts),
        "articles": articles,
        "findings": [one for one in kept if one["ids"]],
        "signs": VERDICT_SIGNS,
    }


def as_json(data: object) -> str:
    """JSON that may stand within HTML: no tag or comment can begin in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def data_block(name: str, data: object) -> str:
    """Data of a page for its script, which finds it by the id `name`."""
    return f'<script type="application/json" id="{name}">{as_json(data)}</script>'


def linked(text: str) -> list[str]:
    """The ids to whose evidence a text links."""
    return list(dict.fromkeys(_LINK.findall(text)))


def static_list(facts: Facts, keys: Iterable[str]) -> str:
    """The evidence of ids and of what they are made of as HTML for readers without scripts.

    It has a numbered entry for each, which links reach, and names each source and method once. Nothing where
    there are no facts. With scripts the fold is filled when it is opened.
    """
    graph, linked = graph_of({key: fact.get("inputs", []) for key, fact in facts.items()}), list(keys)
    order = {key: number for number, key in enumerate((k for k in closure(graph, linked) if k in facts), 1)}
    if not order:
        return ""
    # the text links to the id of a number; within the list its place is enough, which is shorter
    own = set(linked)
    anchors = {key: f"evidence-{key}" if key in own else f"e{number}" for key, number in order.items()}
    sources: dict[str, int] = {}
    entries = "\n".join(_entry(key, facts[key], order, anchors, sources) for key in order)
    named = "\n".join(f'<li id="source-{number}">{said}</li>' for said, number in sources.items())
    return (
        '<details class="evidence-list"><summary>All evidence of this page</summary></details>\n'
        f'<noscript><section class="evidence-list"><h2>Evidence</h2><ol>\n{entries}\n</ol>\n'
        f"<h3>Sources and methods</h3>\n<ol>\n{named}\n</ol></section></noscript>"
    )


def _entry(
    key: str,
    fact: Mapping[str, Any],
    order: Mapping[str, int],
    anchors: Mapping[str, str],
    sources: dict[str, int],
) -> str:
    """One fact as an item of the list: what it is, where it was printed or which entries it is made of."""

    def link(match: re.Match) -> str:
        key = match[0]
        return f'<a href="#{anchors[key]}">{order[key]}</a>' if key in order else key

    said = [
        f"{html.escape(fact['name'])}: <b>{html.escape(fact['value'])}</b>",
        html.escape(_range_alone(fact.get("range", ""), fact["value"])),
    ]
    if fact["kind"] == "figure":
        where = f"{html.escape(fact['outlet'])}, paragraph {fact['paragraph']}"
        said.append(f"“{html.escape(fact['token'])}” in {where}, characters {fact['start']} to {fact['end']}")
    elif fact["kind"] in ("comparator", "constant", "statistic"):
        about = f"{fact['source']} {fact.get('url', '')}" if "source" in fact else fact["formula"]
        number = sources.setdefault(html.escape(about.strip()), len(sources) + 1)
        said.append(f'<a href="#source-{number}">{"source" if "source" in fact else "method"} {number}</a>')
    elif fact["kind"] == "claim":
        said += [link(match) for part in fact["inputs"] if (match := ID.fullmatch(part))]
    else:
        said.append(
            ID.sub(link, html.escape(fact.get("formula") or fact.get("explanation", "").split(". ")[0]))
        )
    return f'<li id="{anchors[key]}">{"; ".join(part for part in said if part)}</li>'


def _range_alone(allowed: str, value: str) -> str:
    """A range without the unit that the value beside it says, and nothing where it is the value again."""
    unit = re.sub(r"^.*?\d[\d,.]*", "", value)
    return "" if allowed.startswith("exactly") else allowed.removesuffix(unit)


def for_lab(data: Mapping[str, Any]) -> str:
    """The panel as HTML of an output in JupyterLab, where a click on a number of the notebook opens it."""
    colours = (
        ":root { --ink: var(--jp-content-font-color1); --soft: var(--jp-content-font-color2); "
        "--line: var(--jp-border-color2); --edge: var(--jp-border-color1); --paper: var(--jp-layout-color1); "
        "--link: var(--jp-content-link-color); --mark: var(--jp-warn-color3); --ok: var(--jp-info-color0); "
        "--tension: var(--jp-warn-color0); --bad: var(--jp-error-color0); }\n"
    )
    styles = colours + asset("verdicts.css", "panel.css")
    scripts = asset("page.js", "packing.js", "panel.js", "lab.js")
    return (
        f"<style>{styles}</style><p>Choose a number of this notebook: its evidence opens beside it, and "
        "Escape leads back.</p><script>(() => {\n"
        f'"use strict";\nconst DATA = {as_json(data)};\n{scripts}\n}})();</script>'
    )
