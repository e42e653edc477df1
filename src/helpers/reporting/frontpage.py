"""The front page of the reports: the lead finding with its plot, how sure it is, all findings, every claim.

It repeats nothing by hand: findings and plots are taken out of the executed notebook, numbers and counts out
of the tables.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from ..corpus import schema
from ..corpus.corpus import Corpus
from ..corpus.files import harmless_csv, read_cells, replace_file
from ..notebooks import BOOK, DOWNLOADS, DOWNLOADS_BESIDE, FACTS, FINDINGS, NOTEBOOKS
from ..vocabulary import UNSETTLED, VERDICTS
from . import panel, prose
from .downloads import downloads_beside
from .executed import findings, linked_findings, summary
from .facts_page import claims_data
from .numbers import escaped
from .pages import title_of, to_html

CONSISTENT = {  # how a consistent claim came by its verdict: the id of its count, and words after the count
    "equal": ("claims-consistent-as-equal", "agree with an equal value"),
    "bound": ("claims-consistent-as-a-bound", "stay within a bound"),
    "copy": ("claims-consistent-as-a-copy", "agree with a source that is not independent"),
}
IN_SHORT = {  # what the other verdicts mean, in few words
    "undecided": "fits in no sense that could be tested, and one could not be",
    "in tension": "does not fit, but a definition or a weak source may explain it",
    "contradicted": "does not fit, and nothing that was found explains it",
    "not checkable": "nothing of the same kind was found",
}
WAY = {  # what each notebook has: the words after its count
    "01_transcription": "numerals: in the articles, each with its place and kind",
    "02_cleaning": "figures: in base units, with what the print allows",
    "03_growth": "derived quantities: growth, levels and shares, each with its formula",
    "04_consistency": "claims: compared with each other and with other sources",
    "05_growth_compared": "pairs of places: compared in growth, year by year",
    "06_sensitivity": "verdicts that depend on choices: other rules, vintages and corrections",
    FINDINGS: "findings: each with the verdicts that it rests on",
}
_KEYS = re.compile(r'data-(?:id|key)="([^"]+)"')
STRIP = 600  # units of a strip from the first to the last character of an article


def front_page(
    report: prose.Report, corpus: Corpus, profiles: list[str], executed: Path
) -> nbformat.NotebookNode:
    """The front page as an executed notebook, for `pages.to_html`.

    `report` knows the derived quantities, coverage and statistics; `profiles` are the entities that have a
    page of their own, `executed` is the folder of the executed notebooks. Raises ReportError for a notebook
    without a title and where there is no finding.
    """
    books = {name: nbformat.read(executed / f"{name}.ipynb", as_version=4) for name in NOTEBOOKS}
    titles = {name: escaped(title_of(book)) for name, book in books.items()}
    lead, *others = findings(books[FINDINGS])
    tables = DOWNLOADS | DOWNLOADS_BESIDE
    parts = [
        "# " + re.sub(r'"([^"]*)"', r"“\1”", lead["title"]),  # pandoc sets quotes in text, but not in a title
        *_hero(report, lead),
        "## Findings",
        summary(books[FINDINGS]),
        '<div class="cards">',
        *(_card(row) for row in others),
        "</div>",
        report.legend("strengths").text,
        "## Where the numerals stand, and which are tested",
        "Each line is a numeral at its place in the article. A long line is a figure: choose it for its "
        f"evidence, or look it up in [the list of all facts]({FACTS}). A short line is a date, a name, a "
        "rank or a figure printed again.",
        _strips(report, corpus),
        "## Every claim",
        report.legend("verdicts").text,
        '<div id="list-of-claims"></div>',
        '<noscript><p>The claims are in the table <a href="data/claims.csv">claims.csv</a>.</p></noscript>',
        "## The way from print to finding",
        _way(report, titles, len(others) + 1),
        "## The articles",
        _listed(
            f"{escaped(outlet)}, {escaped(title)}, {date or 'without a date'}"
            for outlet, title, date in report.known.articles[["outlet", "title", "date"]].values
        ),
        "## Profiles",
        "All that the articles say of one place or firm, what follows from it, how it was tested, and what "
        "other sources print.",
        _listed(
            f"[{escaped(report.known.entity(name))}](profile_{name}.html) ([PDF](profile_{name}.pdf))"
            for name in profiles
        ),
        "## Downloads",
        f"[All notebooks as one PDF]({BOOK}.pdf), with contents and one annex: where its numbers come from.",
        _listed(f"[{title}]({name}.html), and [as PDF]({name}.pdf)" for name, title in titles.items()),
        _listed(f"[{name}.csv](data/{name}.csv): {said}" for name, said in tables.items()),
    ]
    cells = [nbformat.v4.new_markdown_cell("\n\n".join(part for part in parts if part))]
    shown = dict.fromkeys(_KEYS.findall(cells[0].source))
    facts = panel.facts_of(books[FINDINGS])
    facts = {key: facts.get(key) or report.known.fact(key) for key in report.known.closure(shown)}
    evidence = {"facts": facts, "articles": panel.articles(report.known.articles)}
    output = nbformat.v4.new_output("display_data", {panel.EVIDENCE: evidence})
    cells.append(nbformat.v4.new_code_cell("", outputs=[output]))
    subtitle = (
        f"Press figures, traced and tested · {len(report.known.articles)} articles · "
        f"{len(report.known.figures)} figures"
    )
    return nbformat.v4.new_notebook(cells=cells, metadata={"subtitle": subtitle})


def _hero(report: prose.Report, lead: dict[str, Any]) -> list[str]:
    """The lead finding: answer and plot, beside them the verdicts on all claims, how sure, what if."""
    counts = {verdict: report.number(f"claims-{verdict.replace(' ', '-')}").text for verdict in VERDICTS}
    ways = {how: (report.number(key).text, words) for how, (key, words) in CONSISTENT.items()}
    sizes = {how: int(report.known.statistics.value[key]) for how, (key, _) in CONSISTENT.items()}
    others = [verdict for verdict in VERDICTS if verdict != "consistent"]
    sizes |= {name: int(report.known.statistics.value[f"claims-{name.replace(' ', '-')}"]) for name in others}
    bar = "".join(
        f'<span class="{name.replace(" ", "-")}" style="flex: {size}"></span>'
        for name, size in sizes.items()
        if size
    )
    said = [
        f"<li>{prose.verdict_sign('consistent')} {counts['consistent']}, of which "
        + ", ".join(f'<span class="key {how}"></span>{count} {words}' for how, (count, words) in ways.items())
        + "</li>"
    ]
    said += [
        f'<li>{prose.verdict_sign(name)} {counts[name]} <span class="soft">{IN_SHORT[name]}</span></li>'
        for name in others
        if sizes[name]
    ]
    return [
        '<div class="hero">\n<div>',
        f'<div class="dek">\n\n{lead["answer"]}\n\n</div>',
        lead.get("plot", ""),
        f"[Evidence and tables of this finding]({FINDINGS}.html#{lead['anchor']})",
        "</div>\n<aside>",
        f"<h2>{report.number('claims-all').text} claims tested</h2>",
        f'<div class="bar" aria-hidden="true">{bar}</div>\n<ul class="verdicts">{"".join(said)}</ul>',
        "<h2>How sure</h2>",
        lead["sure"],
        "<h2>What if it were read otherwise?</h2>",
        '<div id="what-if"></div>',
        "[Change any printed figure](what_if.html), and see every number, verdict and finding that moves.",
        "</aside>\n</div>",
    ]


def _card(row: dict[str, Any]) -> str:
    """One finding in short."""
    verdict = row["verdict"]
    return "\n\n".join(
        [
            '<div class="card">',
            prose.verdict_sign(verdict)
            if verdict
            else '<span class="verdict">○ Our own estimate or count</span>',
            f"### [{row['title']}]({FINDINGS}.html#{row['anchor']})",
            row["answer"],
            f"*How sure:* {row['strength']}.",
            "</div>",
        ]
    )


def _strips(report: prose.Report, corpus: Corpus) -> str:
    """Every numeral at its place, a strip for each article: one SVG each, with how much of it is tested."""
    known, numerals = report.known, corpus.numerals
    verdict_of = known.verdicts.verdict.reindex(known.checks.claim_id).set_axis(known.checks.index)
    doubtful = [
        key for key, names in known.coverage.checks.items() if set(verdict_of[names.split()]) & set(UNSETTLED)
    ]
    kinds = known.coverage.tested.map({"as equal": "equal", "as a bound": "bound"}).fillna("untested")
    kinds[doubtful] = "doubt"
    strips = []
    for article, about in known.articles.iterrows():
        own = numerals[numerals.article == article]
        places = own.start.astype("int64") * STRIP / int(about.characters)
        figures = own["class"] == "figure"
        short = "".join(f"M{place:.0f} 36v-9" for place in places[~figures])
        long = "".join(
            f'<line class="{kinds[row.figure_id]}" data-key="{row.figure_id}" x1="{places[row.Index]:.0f}" '
            f'x2="{places[row.Index]:.0f}" y1="8" y2="36"><title>“{escaped(row.token)}”</title></line>'
            for row in own[figures].itertuples()
        )
        tested, every = (report.number(f"coverage-{name}-in-{article}").text for name in ("tested", "all"))
        count = f"{len(own)} numerals, of which {int(figures.sum())} are figures"
        strips.append(
            f'<div class="strip"><span>{escaped(about.outlet)}</span><svg viewBox="0 0 {STRIP} 37" '
            f'preserveAspectRatio="none" role="img" aria-label="{count}"><path d="M0 36.5h{STRIP}"/>'
            f'<path class="short" d="{short}"/>{long}</svg><span>{tested} of {every} tested</span></div>'
        )
    keys = {
        "equal": "compared with an equal value", "bound": "compared with a bound",
        "doubt": "in a claim that does not fit", "untested": "not tested",
    }  # fmt: skip
    legend = " ".join(
        f'<span class="named"><span class="key {kind}"></span>{words}</span>' for kind, words in keys.items()
    )
    return f'<div class="strips">{"".join(strips)}<p class="soft">{legend}</p></div>'


def _way(report: prose.Report, titles: dict[str, str], found: int) -> str:
    """What each notebook makes, with its count."""
    counts = [
        report.number("numerals-all").text,
        report.number("coverage-all").text,
        str(len(report.known.derived)),
        report.number("claims-all").text,
        report.number("differential-pairs").text,
        report.number("sensitivity-claims-that-change").text,
        str(found),
    ]
    steps = "\n".join(
        f'<li><a href="{page}.html">{titles[page]}</a><br>{count} {WAY[page]}</li>'
        for page, count in zip(titles, counts, strict=True)
    )
    return f'<ol class="way">\n{steps}\n</ol>'


def _listed(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def export_front_page(
    report: prose.Report,
    corpus: Corpus,
    profiles: list[str],
    executed: Path,
    processed: Path,
    folder: Path,
    power: pd.DataFrame | None = None,
) -> Path:
    """Write `index.html` and the tables for download, in which no cell is a formula; returns the page.

    The first four are as in `front_page`; `processed` is the folder of the tables, `folder` that of the
    pages, and `power` the table of that name, which the list of claims shows. Raises ReportError, BadInput
    for a table that is missing or damaged, and OSError for a file that cannot be written.
    """
    linked = linked_findings(nbformat.read(executed / f"{FINDINGS}.ipynb", as_version=4))
    page = to_html(
        front_page(report, corpus, profiles, executed),
        linked,
        "index",
        styles=["facets.css", "front.css"],
        scripts=["facets.js", "claims.js", "front.js"],
        claims=claims_data(report.known, power),
    )
    (folder / "data").mkdir(parents=True, exist_ok=True)
    tables = {
        name: read_cells(processed / f"{name}.csv", schema.TABLES[f"processed/{name}.csv"].columns)
        for name in DOWNLOADS
    }
    for name, table in (tables | downloads_beside(corpus, report.known)).items():
        replace_file(folder / "data" / f"{name}.csv", harmless_csv(table).encode("utf-8"))
    replace_file(folder / "index.html", page.encode("utf-8"))
    return folder / "index.html"
