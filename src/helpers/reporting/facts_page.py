"""The page of all facts: every figure, derived quantity, comparator, constant, claim and check in one list.

The page holds them as packed data (see `packing`) and draws what the reader asks for. A fact's own address,
`facts.html#id=<id>`, opens its calculation: what it is made of, how much of its width each input causes, what
was compared, and what other sets of rules for intervals make of it.
"""

import html
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd

from ..checking.claims import check
from ..corpus.corpus import Corpus
from ..corpus.files import replace_file
from ..corpus.graph import graph_of, resting_on
from ..deriving.cleaning import clean
from ..deriving.contributions import contributions
from ..deriving.derivations import derive
from ..deriving.intervals import RULE_SETS, USUAL, rule_set
from ..notebooks import FACTS
from ..vocabulary import GRADES, SOURCES, TESTS, VERDICT_SIGNS, VERDICTS
from .evidence import Evidence
from .fonts import asset
from .packing import packed
from .pages import bare_page

TITLE_OF_FACTS = "All facts"
SUBTITLE_OF_FACTS = (
    "Every figure that the articles print, all that is derived from it, all that it is compared with, and "
    "every claim and comparison"
)
STYLES = ("tables.css", "facets.css", "facts.css")
SCRIPTS = ("packing.js", "facets.js", "facts.js")
KINDS = {  # each kind of fact, and what readers call it
    "figure": "printed figure",
    "derived": "derived quantity",
    "comparator": "value of another source",
    "constant": "constant",
    "claim": "claim with several readings",
    "check": "comparison",
}
FACETS = {  # what a reader can choose by, and its name
    "kind": "Kind",
    "article": "Article",
    "status": "Status",
    "entity": "Place or firm",
    "unit": "Unit",
    "qualifier": "Hedge",
    "tested": "Tested",
    "against": "Compared with",
    "verdict": "Verdict",
    "grade": "Weakest source",
}


def every_fact(corpus: Corpus, known: Evidence) -> dict[str, dict[str, Any]]:
    """The facts of `Evidence.fact` but statistics, by id, each with what readers choose by.

    Besides the values of `FACETS` these are `printed` (article, paragraph, start, end and token of every
    place), `why_not` of a figure that is not tested, `claim` of a check, and `shares`, as of
    `contributions.contributions`, in the order of the inputs.
    """
    numerals = corpus.numerals.set_index(["article", "numeral_id"])
    shares = contributions(corpus, known.figures.reset_index(), known.derived.reset_index())
    keys = [key for wanted in KINDS for key, (kind, _) in known.rows.items() if kind == wanted]
    graph = graph_of({key: known.inputs(key) for key in keys})
    behind = {key: {key, *nx.ancestors(graph, key)} for key in keys}
    part = {(row.derived_id, row.input): round(row.share, 4) for row in shares.itertuples()}
    found = {}
    for key in keys:
        kind, row = known.row(key)
        fact = known.fact(key)
        printed = [known.rows[name][1] for name in behind[key] if known.rows[name][0] == "figure"]
        grades = [known.rows[name][1].grade for name in behind[key] if known.rows[name][0] == "comparator"]
        fact |= _chosen_by(known, graph, key, kind, row)
        if kind == "figure":
            fact["printed"] = _places(row, numerals)
        fact["article"] = sorted({one.article for one in printed})
        fact["grade"] = fact.get("grade") or max(grades, default="")
        fact["shares"] = [part.get((key, name), 0) for name in fact.get("inputs", [])]
        fact["shares"] = fact["shares"] if any(fact["shares"]) else []
        found[key] = {name: value for name, value in fact.items() if value not in ("", [], None)}
    return found


def _chosen_by(known: Evidence, graph: nx.DiGraph, key: str, kind: str, row: Any) -> dict[str, Any]:
    """What readers choose a fact by, and the page says of it besides."""
    if kind in ("claim", "check"):
        checks = known.inputs(key) if kind == "claim" else [key]
        about = known.row(known.checks.inputs[checks[0]].split()[0])[1]
        found = {"verdict": [row.verdict], "claim": "" if kind == "claim" else row.claim_id}
    else:
        about = row
        checks = sorted(name for name in resting_on(graph, [key]) if known.rows[name][0] == "check")
        verdicts = known.verdicts.verdict[known.checks.claim_id[checks]]
        found = {"verdict": [word for word in VERDICTS if word in set(verdicts)]}
    sources = set(known.checks.source[checks])
    found["against"] = [SOURCES[word] for word in SOURCES if word in sources]
    found["unit"] = known.units.plural.get(about.unit, "")
    found["entity"] = known.entity(about.entity) if about.get("entity", "") else ""
    if kind == "figure":
        found["qualifier"] = row.qualifier
        if key in known.coverage.index:
            covered = known.coverage.loc[key]
            found |= {"tested": covered.tested, "why_not": covered.why_not}
    return found


def _places(row: Any, numerals: pd.DataFrame) -> list[list[Any]]:
    """Where the quantity of a figure is printed: its own place first."""
    again = [tuple(place.split(" ")) for place in row.also_printed.split("; ") if place]
    places = [(row.article, row), *((article, numerals.loc[article, key]) for article, key in again)]
    return [[at, int(one.paragraph), int(one.start), int(one.end), one.token] for at, one in places]


def other_rules(corpus: Corpus, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What other sets of rules change, by their name and the id: the parts of `Evidence.fact` that differ."""
    shown = ("value", "range", "bounds", "observed", "expected")
    found: dict[str, dict[str, Any]] = {}
    for name in (name for name in RULE_SETS if rule_set(name) != USUAL):
        figures = clean(corpus, rule_set(name))
        derived = derive(corpus, figures)
        checks = check(corpus, figures, derived, rule_set(name))
        known = Evidence(corpus, figures=figures, derived=derived, checks=checks)
        rows = found.setdefault(name, {})
        for key, fact in facts.items():
            if fact["kind"] in ("comparator", "constant") or key not in known.rows:
                continue
            now = known.fact(key)
            differs = {part: now.get(part) for part in shown if now.get(part) != fact.get(part)}
            if differs:
                rows[key] = differs
    return found


def facts_data(corpus: Corpus, known: Evidence, findings: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """What `facts.js` takes; `known` has figures, derived quantities, checks and coverage by the usual rules.

    `findings` have title, href and ids.
    """
    facts = every_fact(corpus, known)
    kept = [
        {"title": one["title"], "href": one["href"], "ids": [key for key in one["ids"] if key in facts]}
        for one in findings
    ]
    return {
        "facts": packed(facts),
        "others": other_rules(corpus, facts),
        "findings": kept,
        "articles": {
            str(key): {name: row[name] for name in ("outlet", "title", "date")}
            for key, row in known.articles.iterrows()
        },
        "facets": FACETS,
        "names": KINDS,
        "signs": VERDICT_SIGNS,
        "grades": GRADES,
        "verdicts": VERDICTS,
    }


def facts_page(data: Mapping[str, Any], known: Evidence) -> str:
    """The page of all facts, from `facts_data`; without scripts a list of the figures by article.

    Raises ReportError for a Chinese character that the font does not have.
    """
    body = asset("facts.html").replace("$list$", _static_list(known))
    return bare_page("facts", TITLE_OF_FACTS, SUBTITLE_OF_FACTS, body, STYLES, SCRIPTS, {"data": data})


def export_facts_page(
    corpus: Corpus, known: Evidence, findings: Iterable[Mapping[str, Any]], folder: Path
) -> Path:
    """Write `facts.html` into `folder`; returns its path. All else is as in `facts_data`, `facts_page`."""
    page = facts_page(facts_data(corpus, known, findings), known)
    replace_file(folder / FACTS, page.encode("utf-8"))
    return folder / FACTS


def _static_list(known: Evidence) -> str:
    """The figures by article as HTML."""
    parts = []
    for article, rows in known.figures.groupby("article", sort=False):
        record = known.articles.loc[str(article)]
        items = "\n".join(
            f'<li id="id={key}">{_said(known, str(key), row)}</li>' for key, row in rows.iterrows()
        )
        when = f" ({html.escape(record.date)})" if record.date else ""
        parts.append(f"<h2>{html.escape(record.outlet)}{when}</h2>\n<ul>\n{items}\n</ul>")
    return "\n".join(parts)


def _said(known: Evidence, key: str, row: Any) -> str:
    fact = known.fact(key)
    return html.escape(f"{fact['name']}: {fact['value']}; paragraph {row.paragraph}, printed “{row.token}”")


def _plotted(ends: list[float | None] | None) -> list[float | None] | None:
    """The ends of an interval in as many digits as a plot of a hundred pixels can show."""
    return ends and [end if end is None else float(f"{end:.6g}") for end in ends]


def claims_data(known: Evidence, power: pd.DataFrame | None = None) -> dict[str, Any]:
    """What `mountClaims` of `claims.js` takes: one row a claim, under the reading that decides its verdict.

    Of each, what there is of: id, claim, reading, verdict, test, observed and expected (low and high in six
    digits, None where open), unit, source, grade, article, and power: which of the slips of ten percent a
    claim would notice, `every`, `some` or `none`, if the table `power` is given and something was tested.
    """
    noticed = {} if power is None else dict(zip(power.claim_id, power.claim_noticed_10_percent, strict=True))
    rows = []
    for key, claim in known.verdicts.iterrows():
        checks = claim.checks.split()
        decided = "in tension" if claim.verdict == "undecided" else claim.verdict
        of_verdict = [name for name in checks if known.checks.verdict[name] == decided]
        shown = (of_verdict or checks)[0]
        fact, row = known.fact(shown), known.row(shown)[1]
        share = noticed.get(key, float("nan"))
        figures = [known.rows[name][1] for name in known.closure(checks) if known.rows[name][0] == "figure"]
        found = {
            "id": str(key),
            "claim": claim.claim,
            "reading": row.reading,
            "verdict": claim.verdict,
            "test": row.test,
            "observed": _plotted(fact.get("observed")),
            "expected": _plotted(fact.get("expected")),
            "unit": known.units.plural.get(known.row(row.inputs.split()[0])[1].unit, ""),
            "source": row.source,
            "grade": claim.grade,
            "article": sorted({one.article for one in figures}),
            "power": "" if pd.isna(share) else "every" if share == 100 else "some" if share else "none",
        }
        rows.append({name: value for name, value in found.items() if value not in ("", [], None)})
    return {
        "claims": rows,
        "signs": VERDICT_SIGNS,
        "tests": TESTS,
        "outlets": known.articles.outlet.to_dict(),
    }
