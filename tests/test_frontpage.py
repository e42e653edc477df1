"""The front page: findings as the notebook showed them, and the way to the print in few clicks."""

import re
from types import SimpleNamespace

import nbformat
import pytest

from helpers.notebooks import DOWNLOADS, NOTEBOOKS
from helpers.reporting import frontpage, pages, prose

pytestmark = [pytest.mark.slow, pytest.mark.corpus]


def notebook(*sections):
    """A notebook of sections, each a title and what its cell shows."""
    cells = [nbformat.v4.new_markdown_cell("# Title")]
    for title, shown in sections:
        cell = nbformat.v4.new_code_cell("x", execution_count=1)
        cell.outputs = [nbformat.v4.new_output("display_data", shown._repr_mimebundle_())]
        cells += [nbformat.v4.new_markdown_cell(f"## {title}"), cell]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def report(corpus, results):
    return prose.Report(corpus, **results)


def test_a_finding_is_taken_as_it_was_shown(report):
    shown = report.finding(
        claims=["xpeng-plant-within-deliveries"],
        question="How many?",
        answer="As many as {{xpeng-zhaoqing-vehicles-2022}}.",
        evidence="One print.",
        strength="weak",
        because="A plan, perhaps.",
    )
    told = notebook(("No finding", report.say("**Question.** Text.")), ('Cars & "plans": 2', shown))
    (parts,) = frontpage.findings(told)
    found = SimpleNamespace(**parts)
    assert found.title == 'Cars & "plans": 2' and found.strength == "weak" and found.question == "How many?"
    assert found.opening.startswith("**In tension:**")
    assert found.answer.startswith("As many as <a") and found.answer.endswith("</a>.")
    assert 'href="05_findings.html#evidence-xpeng-zhaoqing-vehicles-2022"' in found.answer
    assert f'<h2 id="{found.anchor}">' in pages.to_html(notebook((found.title, prose.Markdown("Text."))))


def test_the_summary_is_taken_as_it_was_shown(report):
    told = notebook(("In short", report.summary("Of {{claims-all}} claims.")), ("Other", report.say("More.")))
    assert frontpage.summary(told).startswith("Of <a") and frontpage.summary(told).endswith("</a> claims.")
    assert 'href="05_findings.html#evidence-claims-all"' in frontpage.summary(told)
    assert frontpage.summary(notebook(("In short", report.say("Text.")))) == ""


def test_a_notebook_without_findings_has_no_front_page():
    with pytest.raises(pages.ReportError, match="shows no finding"):
        frontpage.findings(notebook(("Nothing", prose.Markdown("Text."))))


@pytest.fixture(scope="module")
def made(built):
    """The text of every page of the built reports by its name."""
    return {page.name: page.read_text(encoding="utf-8") for page in (built / "reports").glob("*.html")}


def test_three_clicks_lead_from_every_finding_to_a_printed_numeral(made):
    index = made["index.html"]
    sections = re.split(r"<h3 ", index[: index.index('id="the-way-from-print-to-finding"')])[1:]
    assert len(sections) >= 9
    entry = r'<div id="(evidence-[^"]+)" class="evidence">(.*?)</div>'
    entries = dict(re.findall(entry, made["05_findings.html"], re.DOTALL))
    assert len(entries) > 100
    for section in sections:
        reached = set(re.findall(r'href="05_findings\.html#(evidence-[^"]+)"', section))  # the first click
        clicks = 1
        while not any("characters" in entries[name] for name in reached) and clicks < 3:
            reached |= {
                name for entry in reached for name in re.findall(r'href="#(evidence-[^"]+)"', entries[entry])
            }
            clicks += 1
        assert any("printed “" in entries[name] for name in reached) or "coverage-all" in section, section[
            :80
        ]


def test_the_front_page_leads_to_every_page_and_its_pdf(made):
    links = set(re.findall(r'href="([^"#]+)', made["index.html"]))
    assert {f"{name}.html" for name in NOTEBOOKS} < set(made)
    for page in set(made) - {"index.html"}:
        assert page in links and page.replace(".html", ".pdf") in links, page


def test_tables_for_download_are_those_of_the_project(built):
    for name in DOWNLOADS:
        ours = (built / "data/processed" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        theirs = (built / "reports/data" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert len(ours) == len(theirs) and ours[0] == theirs[0]
