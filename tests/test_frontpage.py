"""The front page: findings as the notebook showed them, and the way to the print in few clicks."""

import re
from types import SimpleNamespace

import nbformat
import pytest

from helpers.corpus import schema
from helpers.notebooks import DOWNLOADS, NOTEBOOKS
from helpers.reporting import frontpage, pages, prose

pytestmark = pytest.mark.corpus


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
    assert 'href="07_findings.html#evidence-xpeng-zhaoqing-vehicles-2022"' in found.answer
    assert f'<h2 id="{found.anchor}">' in pages.to_html(notebook((found.title, prose.Markdown("Text."))))


def test_the_summary_is_taken_as_it_was_shown(report):
    told = notebook(("In short", report.summary("Of {{claims-all}} claims.")), ("Other", report.say("More.")))
    assert frontpage.summary(told).startswith("Of <a") and frontpage.summary(told).endswith("</a> claims.")
    assert 'href="07_findings.html#evidence-claims-all"' in frontpage.summary(told)
    assert frontpage.summary(notebook(("In short", report.say("Text.")))) == ""


def test_a_notebook_without_findings_has_no_front_page():
    with pytest.raises(pages.ReportError, match="shows no finding"):
        frontpage.findings(notebook(("Nothing", prose.Markdown("Text."))))


# -- the page as a whole ---------------------------------------------------------------------------------


@pytest.fixture
def executed(tmp_path, report):
    """A folder of executed notebooks: each with a title, the last with a summary and two findings."""

    def finding(strength):
        text = {
            "question": "How many?",
            "answer": "{{shenzhen-key-tasks}}.",
            "evidence": "E.",
            "because": "B.",
        }
        return report.finding(claims=["shenzhen-tasks-add-up"], strength=strength, **text)

    for number, name in enumerate(NOTEBOOKS, 1):
        told = notebook(("In short", report.summary("Of {{claims-all}} claims.")),
                        ("Tasks & more", finding("weak")), ("Tasks & more", finding("a count")))  # fmt: skip
        book = told if name == "07_findings" else notebook()
        book.cells[0].source = f"# Title {number} of {name[3:]}"
        nbformat.write(book, tmp_path / f"{name}.ipynb")
    return tmp_path


def page_of(report, executed, profiles=("gree", "ganzhou")):
    (cell,) = frontpage.front_page(report, list(profiles), executed).cells
    return cell.source


def section(page, title):
    """The text of a section, without its links."""
    text = page.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return re.sub("<a [^>]*>|</a>", "", text).strip()


def test_the_page_repeats_summary_and_findings_of_the_notebook(report, executed):
    page = page_of(report, executed)
    assert page.startswith("# Press figures, traced and tested\n\n[5](#the-articles) press articles, ")
    assert 'Of <a class="number" data-id="claims-all" href="07_findings.html#evidence-claims-all"' in page
    assert "*robust to rounding*" in page and "*contradicted*" in page and "A source of grade" not in page
    one, two = section(page, "Findings").split("### ")[1:]
    assert one.split("\n\n")[:4] == [
        "[Tasks &#38; more](07_findings.html#tasks--more)",
        "**Consistent with all that it was compared with.**",
        "*How many?* 56 tasks.",
        "**Strength:** weak.",
    ]
    assert two.startswith("[Tasks &#38; more](07_findings.html#tasks--more-") and "a count." in two


def test_the_way_has_a_step_for_each_notebook_with_its_count(report, executed, results):
    page = page_of(report, executed)
    steps = re.findall("<li>(.*?)<br>(.*?)</li>", section(page, "The way from print to finding"))
    names = [name[3:].replace("_", r"\_") for name in NOTEBOOKS]
    assert [title for title, _ in steps] == [f"Title {n} of {name}" for n, name in enumerate(names, 1)]
    known = report.known
    counts = [known.value("numerals-all"), known.value("coverage-all"), len(results["derived"]),
              known.value("claims-all"), known.value("differential-pairs"),
              known.value("sensitivity-claims-that-change"), 2]  # fmt: skip
    words = [
        "numerals: in the",
        "figures: in base",
        "derived quantities: growth",
        "claims: compared",
        "pairs of places: compared",
        "verdicts that depend",
        "findings: each",
    ]
    assert len(steps) == 7
    for (_, said), count, start in zip(steps, counts, words, strict=True):
        assert said.startswith(f"{count} {start}")
    assert '<li><a href="01_transcription.html">' in page and '<a href="03_growth.html">' in page
    assert "10.4 percent a year is how fast" in section(page, "The way from print to finding")


def test_articles_profiles_and_downloads_are_listed(report, executed, corpus):
    report.known.articles.loc["cns-2022-ganzhou", "date"] = ""
    page = page_of(report, executed)
    articles = section(page, "The articles").splitlines()
    assert len(articles) == len(corpus.articles) and sum("without a date" in one for one in articles) == 1
    assert section(page, "Profiles").splitlines()[-2:] == [
        f"- [{report.known.entity(name)}](profile_{name}.html) ([PDF](profile_{name}.pdf))"
        for name in ("gree", "ganzhou")
    ]
    pages, tables = section(page, "Downloads").split("\n\n")
    assert (
        pages.splitlines()[0]
        == "- [Title 1 of transcription](01_transcription.html), and [as PDF](01_transcription.pdf)"
    )
    assert [line.split("](")[0] for line in tables.splitlines()] == [f"- [{name}.csv" for name in DOWNLOADS]
    assert f"- [figures.csv](data/figures.csv): {DOWNLOADS['figures']}" in tables


def test_the_exported_page_has_its_tables_beside_it_in_which_nothing_is_a_formula(report, executed, tmp_path):
    processed, folder = tmp_path / "processed", tmp_path / "site"
    processed.mkdir(), folder.mkdir()
    rows = {name: schema.TABLES[f"processed/{name}.csv"].columns for name in DOWNLOADS}
    for name, columns in rows.items():
        lines = [
            ",".join(columns),
            f"=1+{name},-3" + "," * (len(columns) - 2),
            "NA" + "," * (len(columns) - 1),
        ]
        (processed / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    made = frontpage.export_front_page(report, ["gree"], executed, processed, folder)
    assert made == folder / "index.html" and "<h1" in made.read_text(encoding="utf-8")
    assert {file.name for file in (folder / "data").iterdir()} == {f"{name}.csv" for name in DOWNLOADS}
    for name in DOWNLOADS:
        before, after = ((place / f"{name}.csv").read_text("utf-8") for place in (processed, folder / "data"))
        assert after == before.replace("=1+", "'=1+")


def test_a_notebook_without_a_title_has_no_front_page(report, executed):
    book = nbformat.read(executed / "03_growth.ipynb", as_version=4)
    book.cells[0].source = "No title"
    nbformat.write(book, executed / "03_growth.ipynb")
    with pytest.raises(pages.ReportError):
        page_of(report, executed)


@pytest.fixture(scope="module")
def made(built):
    """The text of every page of the built reports by its name."""
    return {page.name: page.read_text(encoding="utf-8") for page in (built / "reports").glob("*.html")}


@pytest.mark.slow
def test_three_clicks_lead_from_every_finding_to_a_printed_numeral(made):
    index = made["index.html"]
    sections = re.split(r"<h3 ", index[: index.index('id="the-way-from-print-to-finding"')])[1:]
    assert len(sections) >= 9
    entry = r'<div id="(evidence-[^"]+)" class="evidence">(.*?)</div>'
    entries = dict(re.findall(entry, made["07_findings.html"], re.DOTALL))
    assert len(entries) > 100
    for section in sections:
        reached = set(re.findall(r'href="07_findings\.html#(evidence-[^"]+)"', section))  # the first click
        clicks = 1
        while not any("characters" in entries[name] for name in reached) and clicks < 3:
            reached |= {
                name for entry in reached for name in re.findall(r'href="#(evidence-[^"]+)"', entries[entry])
            }
            clicks += 1
        of_claims = any(
            word in section for word in ("Consistent", "Undecided:", "In tension:", "Contradicted:")
        )
        assert of_claims or "claim" not in section, section[:80]
        if of_claims:  # else it rests on other sources and on tallies alone
            assert any("printed “" in entries[name] for name in reached), section[:80]


@pytest.mark.slow
def test_the_front_page_leads_to_every_page_and_its_pdf(made):
    links = set(re.findall(r'href="([^"#]+)', made["index.html"]))
    assert {f"{name}.html" for name in NOTEBOOKS} < set(made)
    for page in set(made) - {"index.html"}:
        assert page in links and page.replace(".html", ".pdf") in links, page


@pytest.mark.slow
def test_tables_for_download_are_those_of_the_project(built):
    for name in DOWNLOADS:
        ours = (built / "data/processed" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        theirs = (built / "reports/data" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert len(ours) == len(theirs) and ours[0] == theirs[0]
