"""The front page: findings as the notebook showed them, and the way to the print in few clicks."""

import csv
import json
import re
from types import SimpleNamespace

import nbformat
import pytest

from helpers import paths
from helpers.checking import claims
from helpers.corpus import schema
from helpers.corpus.graph import closure, graph_of
from helpers.notebooks import DOWNLOADS, DOWNLOADS_BESIDE, FACTS, NOTEBOOKS, WHAT_IF
from helpers.reporting import downloads, frontpage, magics, pages, panel, prose
from helpers.reporting import executed as books

pytestmark = pytest.mark.corpus


def notebook(*sections):
    """A notebook of sections, each a title and what its cell shows."""
    cells = [nbformat.v4.new_markdown_cell("# Title")]
    for title, shown in sections:
        cell = nbformat.v4.new_code_cell("x", execution_count=1)
        cell.outputs = [nbformat.v4.new_output("display_data", part._repr_mimebundle_()) for part in shown]
        cells += [nbformat.v4.new_markdown_cell(f"## {title}"), cell] if title else [cell]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def report(corpus, results):
    return prose.Report(corpus, **results)


def said(report, text, magic="say"):
    """What a cell of a magic shows."""
    return list(magics.told(report, magic, "", text, {}))


FINDING = """
claims: xpeng-plant-within-deliveries
strength: weak

## Cars & "plans": {{shenzhen-key-tasks|number}}

As many as {{xpeng-zhaoqing-vehicles-2022}}.

**How sure.** A plan, perhaps.

**Why.** One print.
"""


def test_a_finding_is_taken_as_it_was_shown(report):
    told = notebook(
        ("No finding", said(report, "**Question.** Text.")), ("", said(report, FINDING, "finding"))
    )
    (parts,) = books.findings(told)
    found = SimpleNamespace(**parts)
    assert (
        found.title == 'Cars & "plans": 56' and found.strength == "weak" and found.sure == "A plan, perhaps."
    )
    assert found.opening.startswith(
        '<span class="verdict in-tension">■ In tension</span>: *<a class="number"'
    )
    assert found.answer.startswith("As many as <a") and found.answer.endswith("</a>.")
    assert 'href="#evidence-xpeng-zhaoqing-vehicles-2022"' in found.answer and found.plot == ""
    page = pages.to_html(notebook(("", [prose.Markdown(f"## {found.title}\n\nText.")])))
    assert f'<h2 id="{found.anchor}">' in page


def test_the_summary_is_taken_as_it_was_shown(report):
    told = notebook(
        ("In short", said(report, "Of {{claims-all}} claims.", "summary")),
        ("Other", said(report, "More.")),
    )
    assert books.summary(told).startswith("Of <a") and books.summary(told).endswith("</a> claims.")
    assert 'href="#evidence-claims-all"' in books.summary(told)
    assert books.summary(notebook(("In short", said(report, "Text.")))) == ""


def test_a_notebook_without_findings_has_no_front_page():
    with pytest.raises(pages.ReportError, match="shows no finding"):
        books.findings(notebook(("Nothing", [prose.Markdown("Text.")])))


# -- the page as a whole ---------------------------------------------------------------------------------


@pytest.fixture
def executed(tmp_path, report):
    """A folder of executed notebooks: each with a title, the last with a summary and two findings."""

    def finding(strength):
        text = f"claims: shenzhen-tasks-add-up\nstrength: {strength}\n\n## Tasks & more\n\n"
        text += "{{shenzhen-key-tasks}}.\n\n**How sure.** B.\n\n**Why.** E."
        return "", said(report, text, "finding")

    for number, name in enumerate(NOTEBOOKS, 1):
        told = notebook(("In short", said(report, "Of {{claims-all}} claims.", "summary")),
                        finding("weak"), finding("a count"))  # fmt: skip
        book = told if name == "07_findings" else notebook()
        book.cells[0].source = f"# Title {number} of {name[3:]}"
        nbformat.write(book, tmp_path / f"{name}.ipynb")
    return tmp_path


@pytest.fixture
def front(report, corpus, executed):
    """front(profiles=…): the front page as an executed notebook."""
    return lambda profiles=("gree", "ganzhou"): frontpage.front_page(report, corpus, list(profiles), executed)


def section(page, title):
    """The text of a section, without its links."""
    text = page.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return re.sub("<a [^>]*>|</a>", "", text).strip()


def test_the_page_leads_with_the_first_finding_and_has_the_others_as_cards(front):
    page = front().cells[0].source
    assert page.startswith('# Tasks & more\n\n<div class="hero">')
    hero = page.split("\n## Findings\n")[0]
    assert ">56 tasks</a>" in hero and "<h2>How sure</h2>\n\nB." in hero and "✖ Contradicted" in hero
    said = section(page, "Findings")
    assert said.startswith("Of 134 claims.")
    assert said.split('<div class="card">')[1].split("\n\n")[1:6] == [
        '<span class="verdict consistent">● Consistent</span>',
        "### [Tasks & more](07_findings.html#tasks--more-1)",
        "56 tasks.",
        "*How sure:* a count.",
        "</div>",
    ]


def test_the_bar_is_made_of_the_counts_of_the_claims(front, results):
    page = front().cells[0].source
    sizes = [int(size) for size in re.findall(r'style="flex: (\d+)"', page)]
    verdicts = claims.verdicts(results["checks"]).verdict.value_counts()
    assert sum(sizes[:3]) == verdicts["consistent"] and sum(sizes) == verdicts.sum()


def test_every_figure_stands_in_a_strip_and_has_its_evidence_on_the_page(front, report, corpus):
    book = front()
    shown = re.findall(r'data-key="([^"]+)"', book.cells[0].source)
    assert sorted(shown) == sorted(report.known.figures.index)
    assert set(shown) < set(panel.facts_of(book))
    kinds = dict(re.findall(r'<line class="(\w+)" data-key="([^"]+)"', book.cells[0].source))
    assert set(kinds) == {"equal", "bound", "doubt", "untested"}
    doubtful = dict(re.findall(r'<line class="doubt" data-key="([^"]+)"()', book.cells[0].source))
    assert "ganzhou-livelihood-share" in doubtful and "ganzhou-gdp-multiple-2011-2021" not in doubtful


def test_the_way_has_a_step_for_each_notebook_with_its_count(front, report, results):
    page = front().cells[0].source
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


def test_articles_profiles_and_downloads_are_listed(front, report, corpus):
    report.known.articles.loc["cns-2022-ganzhou", "date"] = ""
    page = front().cells[0].source
    articles = section(page, "The articles").splitlines()
    assert len(articles) == len(corpus.articles) and sum("without a date" in one for one in articles) == 1
    assert section(page, "Profiles").splitlines()[-2:] == [
        f"- [{report.known.entity(name)}](profile_{name}.html) ([PDF](profile_{name}.pdf))"
        for name in ("gree", "ganzhou")
    ]
    book, pages, tables = section(page, "Downloads").split("\n\n")
    assert book.startswith("[All notebooks as one PDF](bay-and-old-area.pdf)")
    assert (
        pages.splitlines()[0]
        == "- [Title 1 of transcription](01_transcription.html), and [as PDF](01_transcription.pdf)"
    )
    names = [f"- [{name}.csv" for name in (*DOWNLOADS, *DOWNLOADS_BESIDE)]
    assert [line.split("](")[0] for line in tables.splitlines()] == names
    assert f"- [figures.csv](data/figures.csv): {DOWNLOADS['figures']}" in tables


def test_the_exported_page_has_its_tables_beside_it_in_which_nothing_is_a_formula(
    report, corpus, executed, tmp_path
):
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
    made = frontpage.export_front_page(report, corpus, ["gree"], executed, processed, folder)
    assert made == folder / "index.html" and "<h1" in made.read_text(encoding="utf-8")
    every = {f"{name}.csv" for name in (*DOWNLOADS, *DOWNLOADS_BESIDE)}
    assert {file.name for file in (folder / "data").iterdir()} == every
    for name in DOWNLOADS:
        before, after = ((place / f"{name}.csv").read_text("utf-8") for place in (processed, folder / "data"))
        assert after == before.replace("=1+", "'=1+")


def test_a_notebook_without_a_title_has_no_front_page(front, executed):
    book = nbformat.read(executed / "03_growth.ipynb", as_version=4)
    book.cells[0].source = "No title"
    nbformat.write(book, executed / "03_growth.ipynb")
    with pytest.raises(pages.ReportError):
        front()


# -- the tables beside the processed ones ---------------------------------------------------------------


@pytest.fixture(scope="module")
def beside(corpus, results):
    known = prose.Report(corpus, **results).known
    return SimpleNamespace(known=known, **downloads.downloads_beside(corpus, known))


def test_every_comparison_is_in_the_claims_with_what_it_compares_and_both_verdicts(beside, results):
    rows = beside.claims.set_index("check_id")
    assert list(rows.index) == list(results["checks"].check_id)
    for check in results["checks"].itertuples():
        row = rows.loc[check.check_id]
        assert row.verdict == check.verdict and " ".join([row.observed, row.expected]).strip() == check.inputs
        assert row.claim_verdict == beside.known.verdicts.verdict[check.claim_id]


def test_a_comparison_of_prints_has_all_of_them_as_what_is_observed(corpus, results):
    checks = results["checks"].head(1).assign(check_id="a-b-printed-alike", claim_id="a-b-printed-alike")
    known = prose.Report(corpus, **results | {"checks": checks.assign(inputs="a b c")}).known
    (row,) = downloads.downloads_beside(corpus, known)["claims"].itertuples()
    assert (row.observed, row.expected) == ("a b c", "")


def test_comparators_and_articles_are_the_raw_ones_to_the_last_digit(beside, corpus):
    for name, key in (("comparators", "comparator_id"), ("articles", "article")):
        with open(paths.RAW / f"{name}.csv", encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file)) == getattr(beside, name).to_dict("records")
        assert list(getattr(beside, name)[key]) == list(getattr(corpus, name)[key])


def test_the_data_dictionary_explains_every_column_of_every_table_for_download(beside):
    for name in DOWNLOADS:
        rows = beside.data_dictionary[beside.data_dictionary.file == f"{name}.csv"]
        assert list(rows.column) == schema.TABLES[f"processed/{name}.csv"].columns
    for name in ("claims", "comparators", "articles"):
        rows = beside.data_dictionary[beside.data_dictionary.file == f"{name}.csv"]
        assert list(rows.column) == list(getattr(beside, name).columns)
    assert (beside.data_dictionary[["file", "column", "type", "meaning"]] != "").all(axis=None)


@pytest.fixture(scope="module")
def made(built):
    """The text of every page of the built reports by its name."""
    return {page.name: page.read_text(encoding="utf-8") for page in (built / "reports").glob("*.html")}


def opened(packed):
    """Kind, name and inputs of facts as `packing.packed` has packed them, by id."""
    facts = {}
    for key, (number, *cells) in zip(packed["ids"], packed["rows"], strict=True):
        kind = list(packed["kinds"])[number]
        found = dict(zip(packed["kinds"][kind], cells, strict=False))
        inputs = [packed["ids"][place] for place in found.get("inputs") or []]
        facts[key] = {"kind": kind, "name": found["name"], "inputs": inputs}
    return facts


@pytest.mark.slow
def test_every_finding_leads_to_a_printed_numeral(made):
    """By its numbers and by what they are made of, all of which the panel of the page has."""
    index = made["index.html"]
    text = index[: index.index('id="where-the-numerals-stand')]
    facts = opened(json.loads(re.search(r'id="facts">(.*?)</script>', index, re.DOTALL)[1])["facts"])
    sections = [text.split('<div class="cards">')[0], *text.split('<div class="card">')[1:]]
    assert len(sections) >= 9
    graph = graph_of({key: fact.get("inputs", []) for key, fact in facts.items()})
    for said in sections:
        reached = [facts[key] for key in closure(graph, panel.linked(said))]
        assert reached and all("name" in fact for fact in reached)
        tested = any(
            word in said for word in ("● Consistent", "◆ Undecided", "■ In tension", "✖ Contradicted")
        )
        if tested and panel.linked(said):
            assert {"figure", "comparator", "statistic"} & {fact["kind"] for fact in reached}, said[:200]


@pytest.mark.slow
def test_the_front_page_leads_to_every_page_and_its_pdf(made):
    links = set(re.findall(r'href="([^"#]+)', made["index.html"]))
    assert {f"{name}.html" for name in NOTEBOOKS} < set(made)
    assert {WHAT_IF, FACTS} <= links
    for page in set(made) - {"index.html", WHAT_IF, FACTS}:
        assert page in links and page.replace(".html", ".pdf") in links, page


@pytest.mark.slow
def test_tables_for_download_are_those_of_the_project(built):
    for name in DOWNLOADS:
        ours = (built / "data/processed" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        theirs = (built / "reports/data" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert len(ours) == len(theirs) and ours[0] == theirs[0]
