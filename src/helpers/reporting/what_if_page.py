"""The page `what_if.html`, on which a reader changes what is printed and sees what moves, without a network.

The page is one file: `assets/what_if.html` with the model of `model`, the engine and its own script. Its
address holds the state: `#rules=wide&ganzhou-gdp-multiple-2011-2021=2.8,about` changes rules, a number and
its qualifier, and `#ganzhou-gdp-2021` opens the page with a figure chosen.
"""

import html
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.files import replace_file
from ..notebooks import FINDINGS, WHAT_IF
from ..vocabulary import VERDICT_SIGNS
from .fonts import asset
from .model import engine_model
from .pages import bare_page

_TITLE = "What if a number were another?"
_SUBTITLE = (
    "Change what an article prints, how it words it, or how much a print allows. Everything that follows is "
    "computed again on this page, as the tables were."
)
_RULES = {  # each set of rules, in words for a reader
    "narrow": "Narrow: every printed digit counts",
    "usual": "Usual: the rules of the reports",
    "wide": "Wide: writers may cut a number, or stop at a round one",
}
_SHOWN = re.compile(r'data-id="([a-z0-9-]+)"')


def what_if_page(
    corpus: Corpus,
    figures: pd.DataFrame,
    derived: pd.DataFrame,
    checks: pd.DataFrame,
    found: Iterable[Mapping[str, Any]],
) -> str:
    """The page as HTML. Tables as of `clean`, `derive` and `check`; `found` as of `executed.findings`.

    A finding moves on the page with the ids that its parts show and the claims that it rests on. Raises
    BadInput as `engine_model` does, and ReportError for a character without a glyph.
    """
    found = list(found)
    model = engine_model(corpus, figures, derived, checks)
    model["derived"]["measure"] = [
        "" if name == "own_formula" else name
        for name in derived.set_index("derived_id").measure.loc[model["derived"]["id"]]
    ]
    findings = [
        {"title": row["plain"], "href": f"{FINDINGS}.html#{row['anchor']}", "ids": shown_ids(row)}
        for row in found
    ]
    body = Template(asset("what_if.html")).substitute(
        findings="\n".join(
            f'<li><a href="{html.escape(row["href"])}">{html.escape(row["title"])}</a></li>'
            for row, parts in zip(findings, found, strict=True)
            if parts.get("claims")
        ),
        rules="\n".join(
            f'<label><input type="radio" name="rules" value="{name}"> {_RULES.get(name, name)}</label>'
            for name in model["rules"]
        ),
    )
    return bare_page(
        Path(WHAT_IF).stem,
        _TITLE,
        _SUBTITLE,
        body,
        styles=["what_if.css"],
        scripts=["engine.js", "what_if.js"],
        data={"model": {"model": model, "findings": findings, "signs": VERDICT_SIGNS}},
    )


def shown_ids(finding: Mapping[str, Any]) -> list[str]:
    """The ids that a finding shows in its parts, and those of its claims, each once."""
    texts = [part for part in finding.values() if isinstance(part, str)]
    return list(dict.fromkeys([*finding.get("claims", ()), *_SHOWN.findall(" ".join(texts))]))


def export_what_if(page: str, folder: Path) -> Path:
    """Write the page into a folder, and return its path. Raises OSError if it cannot be written."""
    replace_file(folder / WHAT_IF, page.encode("utf-8"))
    return folder / WHAT_IF
