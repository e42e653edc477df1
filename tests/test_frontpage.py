"""The front page: findings as the notebook showed them, and the way to the print in few clicks."""

import re

import nbformat
import pytest

from helpers import frontpage, narrative, paths, reports

pytestmark = pytest.mark.slow


def notebook(*sections):
    cells = [nbformat.v4.new_markdown_cell("# Title")]
    for title, text in sections:
        cell = nbformat.v4.new_code_cell("x", execution_count=1)
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/markdown": text})]
        cells += [nbformat.v4.new_markdown_cell(f"## {title}"), cell]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_finding_is_taken_as_it_was_shown():
    shown = narrative.Report().finding(
        claims=["xpeng-plant-within-deliveries"],
        question="How many?",
        answer="As many as {{xpeng-zhaoqing-vehicles-2022}}.",
        evidence="One print.",
        strength="weak",
        because="A plan, perhaps.",
    )
    found = frontpage.findings(notebook(("No finding", "Text."), ('Cars & "plans": 2', shown.text))).iloc[0]
    assert found.title == 'Cars & "plans": 2' and found.strength == "weak" and found.question == "How many?"
    assert found.opening.startswith("**In tension with what it was held against:**")
    assert found.answer.startswith("As many as <a") and found.answer.endswith("</a>.")
    assert 'href="05_findings.html#evidence-xpeng-zhaoqing-vehicles-2022"' in found.answer
    page = reports.to_html(notebook((found.title, "Text.")))
    assert f'<h2 id="{found.anchor}">' in page


def test_a_notebook_without_findings_has_no_front_page():
    with pytest.raises(reports.ReportError, match="shows no finding"):
        frontpage.findings(notebook(("Nothing", "Text.")))


@pytest.fixture(scope="module")
def pages():
    found = {page.name: page.read_text(encoding="utf-8") for page in paths.REPORTS.glob("*.html")}
    if "index.html" not in found:
        pytest.skip("needs the reports of `make report`")
    return found


def test_three_clicks_lead_from_every_finding_to_a_printed_numeral(pages):
    index = pages["index.html"]
    sections = re.split(r"<h3 ", index[: index.index('id="the-way-from-print-to-finding"')])[1:]
    assert len(sections) >= 9
    entries = dict(
        re.findall(
            r'<div id="(evidence-[^"]+)" class="evidence">(.*?)</div>', pages["05_findings.html"], re.DOTALL
        )
    ) or dict(
        re.findall(
            r'<div class="evidence" id="(evidence-[^"]+)">(.*?)</div>', pages["05_findings.html"], re.DOTALL
        )
    )
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


def test_the_front_page_leads_to_every_page_and_its_pdf(pages):
    links = set(re.findall(r'href="([^"#]+)', pages["index.html"]))
    for page in set(pages) - {"index.html"}:
        assert page in links and page.replace(".html", ".pdf") in links, page


def test_tables_for_download_are_those_of_the_project(pages):
    for name in frontpage.TABLES:
        ours = (paths.PROCESSED / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        theirs = (paths.REPORTS / "data" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert len(ours) == len(theirs) and ours[0] == theirs[0]
