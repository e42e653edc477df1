"""What readers get: HTML and PDF made of an executed notebook."""

import base64
import hashlib
import html
import re
import tomllib
from importlib.metadata import EntryPoint

import nbformat
import pandas as pd
import pytest
from conftest import LURES

from helpers import paths
from helpers.reporting import numbers, pages, paper, plots, prose

pytestmark = [pytest.mark.slow, pytest.mark.corpus]
DATA = pd.DataFrame({"year": [2011, 2021], "value": [1.0, 2.7]})


def executed(*outputs, source="# A title\n\nText with $x^{1/n}$ and a note.[^a]\n\n[^a]: The note."):
    cells = [nbformat.v4.new_markdown_cell(source)]
    for output in outputs:
        cell = nbformat.v4.new_code_cell("show()")
        cell.outputs, cell.execution_count = [output], 1
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells)


def markdown(text):
    return nbformat.v4.new_output("display_data", {"text/markdown": text})


@pytest.fixture(scope="module")
def page(corpus, results):
    """A notebook with everything that reports have: prose, table, plot, evidence, Chinese."""
    report = prose.Report(corpus, **results)
    said = report.say(
        "Ganzhou (赣州) had {{ganzhou-gdp-2021}} and grew by {{ganzhou-gdp-cagr-2011-2021|range}}."
    )
    table = report.quantities(["ganzhou-gdp-2021", "ganzhou-gdp-2011-implied"], "A table")
    plots.theme()
    frame = DATA.assign(label="赣州", low=DATA.value, high=DATA.value)
    words = {"caption": "A caption", "alt": 'A "line" that rises'}
    data, meta = plots.show(plots.series_plot, frame, "yuan", data=DATA, **words)._repr_mimebundle_()
    plot = nbformat.v4.new_output("display_data", data, metadata=meta)
    evidence = nbformat.v4.new_output("display_data", report.evidence()._repr_mimebundle_())
    return executed(markdown(said.text), markdown(table.text), plot, evidence)


def test_the_page_needs_no_network_and_its_links_resolve(page):
    html = re.sub(r"<script>.*?</script>", "", pages.to_html(page), flags=re.DOTALL)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html) and "@import" not in html
    ids = re.findall(r'(?<![-\w])id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets <= set(ids) and len(targets) > 5
    assert '<section class="evidence-list"><h2>Evidence</h2>' in html
    assert '<html lang="en">' in html and "<title>A title · bay-and-old-area</title>" in html
    assert 'role="img" aria-label="A &#34;line&#34; that rises"' in html and "<math" in html


def test_numbers_of_the_page_are_those_of_the_tables(page, corpus, results):
    html = pages.to_html(page)
    numbers = re.findall(r'<a class="number" href="#evidence-([^"]+)">([^<]+)</a>', html)
    known = prose.Report(corpus, **results).known
    assert len(numbers) >= 4
    for key, shown in numbers:
        assert any(form.startswith(shown) for form in (known.value(key), known.range(key)))


def test_floats_are_numbered_and_a_plot_offers_its_data(page):
    html = pages.to_html(page)
    assert '<span class="label">Figure 1:</span> A caption' in html
    assert '<span class="label">Table 1:</span> A table' in html
    found = re.search(
        r'<a href="data:text/csv;charset=utf-8;base64,([^"]+)"[^>]*download="a-caption.csv"', html
    )
    assert base64.b64decode(found[1]).decode() == "year,value\n2011,1\n2021,2.7\n"


def test_a_plot_stands_in_the_page_in_both_widths_as_text(page):
    html = pages.to_html(page)
    figure = re.search(r"<figure>(.*?)</figure>", html, re.DOTALL)[1]
    assert re.findall(r'<svg class="(\w+)" aria-hidden="true" xmlns', figure) == ["wide", "narrow"]
    assert figure.count(">赣州</text>") == 2 and "<img" not in figure and "tabindex" not in figure
    assert "var(--ok,#0b4f8a)" in figure


def test_title_caption_words_and_output_of_a_plot_are_text():
    outputs = []
    for lure in LURES:
        about = {"image/svg+xml": {"alt": lure, "caption": lure, "data": "a\n1\n"}}
        plot = {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain": lure}
        outputs.append(nbformat.v4.new_output("display_data", plot, metadata=about))
        outputs.append(nbformat.v4.new_output("stream", name="stdout", text=f"{lure}\n~~~~~~~\n{lure}\n"))
    title = " ".join(LURES)
    notebook = executed(*outputs, source=f"# {numbers.escaped(title)}")
    page = pages.to_html(notebook)
    body = page[page.index("<main") : page.index("</main>")]
    tags = {"main", "figure", "img", "figcaption", "span", "a", "details", "summary", "pre", "code"}
    assert set(re.findall(r"<(\w+)", body)) == tags

    def found(pattern, text=body):
        return [html.unescape(words).replace("\xa0", " ") for words in re.findall(pattern, text, re.DOTALL)]

    assert found(r'alt="([^"]*)"') == LURES
    assert found(r'"label">Figure \d+:</span> (.*?) <a') == LURES
    assert found(r"<pre><code>(.*?)</code>") == [f"{lure}\n~~~~~~~\n{lure}" for lure in LURES]
    assert found("<h1>(.*?)</h1>", page) == [title] and found("<title>(.*?) · ", page) == [title]
    assert len(paper.to_pdf(notebook)) > 1000


def test_a_page_runs_no_script_but_its_own(page):
    """Whatever a cell shows, such as HTML that somebody put together: the hash lets only ours run."""
    html = pages.to_html(page)
    digest = re.search(r"default-src 'none'; script-src 'sha256-([^']+)';", html)[1]
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() == digest
    assert html.index("Content-Security-Policy") < html.index("<style")


def test_captions_count_figures_and_tables_apart_and_name_the_frames_of_tables(corpus, results):
    report = prose.Report(corpus, **results)
    tables = [
        report.quantities(["ganzhou-gdp-2021"], caption)
        for caption in (report.say("One {{claims-all}}"), "Two")
    ]
    bare = "| a |\n|---|\n| b |"
    page = pages.to_html(executed(*(markdown(text) for text in (tables[0].text, bare, tables[1].text))))
    frames = re.findall(r'<div class="table" role="region" tabindex="0" aria-label="([^"]*)">\s*<table', page)
    assert frames == [f"Table 1: One {report.known.value('claims-all')}", "Table", "Table 2: Two"]
    assert page.count("<table") == 3 and page.count('class="label"') == 2


def test_the_same_notebook_gives_the_same_bytes(page):
    assert pages.to_html(page) == pages.to_html(page)
    assert paper.to_pdf(page) == paper.to_pdf(page)


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (
            nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[]),
            "a cell failed: ValueError",
        ),
        (
            nbformat.v4.new_output("display_data", {"image/png": base64.b64encode(b"x").decode()}),
            "no alternative text",
        ),
        (markdown("A rare name: 𠮷"), "no glyph for 𠮷"),
    ],
)
def test_what_would_not_be_an_honest_report_is_refused(output, message):
    for make in (pages.to_html, paper.to_pdf):
        with pytest.raises(pages.ReportError, match=message):
            make(executed(output))


def test_a_notebook_that_was_not_run_is_refused():
    notebook = executed(markdown("x"))
    notebook.cells[1].execution_count = None
    with pytest.raises(pages.ReportError, match="has not been run"):
        pages.to_html(notebook)


def test_the_title_stands_once_and_comments_in_code_stay():
    notebook = executed(markdown("# From an output"), source="Before the title")
    notebook.cells[1].source = "# a comment\nshow()"
    html = pages.to_html(notebook)
    assert html.count("From an output</h1>") == 1 and "# a comment" in html


def test_a_title_is_text_in_both_reports():
    notebook = executed(source="# C\\# \\$5, Ji\\@an \\] a \\* b")
    assert "<h1>C# $5, Ji@an ] a * b</h1>" in pages.to_html(notebook)
    assert len(paper.to_pdf(notebook)) > 1000


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("# C\\# \\$5, a \\* b &amp; *c* `d`", "C# $5, a * b & c d"),
        ("Title\n=====", "Title"),
        ("```\n# a comment\n```\n\n## Two\n\n# One", "One"),
    ],
)
def test_the_title_is_the_first_heading(source, title):
    assert pages.title_of(executed(source=source)) == title


def test_anchors_are_those_of_the_page():
    titles = ['Cars & "plans": 2', "Ji'an, *again*", "赣州 R&D"]
    page = pages.to_html(executed(source="# Title\n\n" + "\n\n".join(f"## {title}" for title in titles)))
    assert re.findall(r'<h2 id="([^"]+)">', page) == pages.anchors(titles)


def test_a_notebook_without_a_title_is_refused():
    with pytest.raises(pages.ReportError, match="heading of level 1"):
        pages.to_html(executed(source="Text alone"))


def test_a_data_frame_reaches_both_reports():
    html = "<table><thead><tr><th>city</th></tr></thead><tbody><tr><td>Ganzhou</td></tr></tbody></table>"
    notebook = executed(nbformat.v4.new_output("execute_result", {"text/html": html, "text/plain": "x"}))
    assert re.search("<td[^>]*>Ganzhou</td>", pages.to_html(notebook))
    assert len(paper.to_pdf(notebook)) > 1000


def test_the_project_names_its_exporters_to_nbconvert():
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = project["entry-points"]["nbconvert.exporters"]
    found = {name: EntryPoint(name, place, "nbconvert.exporters").load() for name, place in named.items()}
    assert found == {"report_html": pages.ReportHTMLExporter, "report_pdf": paper.ReportPDFExporter}
    assert [exporter().file_extension for exporter in found.values()] == [".html", ".pdf"]


def test_a_plot_without_words_or_with_a_missing_glyph_is_refused():
    plots.theme()
    frame = DATA.assign(label="𠮷")
    with pytest.raises(ValueError, match="alternative text"):
        plots.show(plots.bars_plot, frame, "x", caption="caption", alt="", data=DATA)
    with pytest.raises(ValueError, match="no glyph for 𠮷"):
        plots.show(plots.bars_plot, frame, "x", caption="caption", alt="alt", data=DATA)
