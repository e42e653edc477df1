"""What readers print: a PDF of a notebook, one of all of them, and where their numbers come from."""

import re
import subprocess

import nbformat
import pytest
from conftest import CHROMIUM, PATIENCE

from helpers.notebooks import BOOK, FINDINGS, NOTEBOOKS
from helpers.reporting import pages, panel, paper

FACTS = {
    "city-multiple": {"kind": "figure", "name": "City (城), GDP, multiple", "value": "2.7 times",
                      "range": "2.65 to 2.75 times", "token": "2.7", "outlet": 'The "Paper"', "paragraph": 4,
                      "start": 10, "end": 13},
    "city-growth": {"kind": "derived", "name": "City, growth", "value": "10.4 percent a year",
                    "measure": "growth", "formula": "(city-multiple ^ (1 / growth-steps) − 1) × 100",
                    "inputs": ["city-multiple", "growth-steps"]},
    "growth-steps": {"kind": "constant", "name": "growth steps", "value": "10 years", "range": "exactly 10 years",
                     "source": "Arithmetic"},
    "city-gdp": {"kind": "comparator", "name": "City, GDP", "value": "152.0 billion yuan", "grade": "C",
                 "source": "A #yearbook", "url": "https://example.org/a_b?c=1", "licence": "CC BY 4.0"},
    "other-gdp": {"kind": "comparator", "name": "Other, GDP", "value": "9 billion yuan", "grade": "C",
                  "source": "A #yearbook", "url": "https://example.org/a_b?c=1", "licence": "CC BY 4.0"},
    "city-holds": {"kind": "claim", "name": "The multiple holds", "value": "consistent",
                   "inputs": ["city-holds-revised"], "stands": "on the revised base"},
    "city-holds-revised": {"kind": "check", "name": "The multiple holds: revised", "value": "consistent",
                           "explanation": "city-multiple is expected to be the same as city-gdp. A note.",
                           "note": "A note.", "inputs": ["city-multiple", "city-gdp"]},
    "rows-counted": {"kind": "statistic", "name": "rows", "value": "7", "formula": "rows of a.csv"},
}  # fmt: skip


def number(key: str) -> str:
    return f'<a class="number" data-id="{key}" href="#evidence-{key}" title="t">{FACTS[key]["value"]}</a>'


def table(rows: int) -> str:
    lines = "\n".join(
        f"| row{n} | {number('other-gdp')} | {number('city-growth')} |" for n in range(1, rows + 1)
    )
    return f"| a | b | c |\n|---|---|---|\n{lines}\n\nTable: A caption\n"


def notebook(*texts: str, title: str = "A title", facts: dict | None = None, **more: str):
    bundles = [{"text/markdown": text} for text in texts]
    bundles += [{"text/markdown": "x", panel.EVIDENCE: {"facts": FACTS if facts is None else facts}}]
    cells = [nbformat.v4.new_markdown_cell(f"# {title}")]
    for bundle in bundles:
        output = nbformat.v4.new_output("display_data", bundle, metadata=more.get("meta", {}))
        cells.append(nbformat.v4.new_code_cell("show()", outputs=[output], execution_count=1))
    cells.insert(-1, nbformat.v4.new_markdown_cell("## Evidence"))
    return nbformat.v4.new_notebook(cells=cells)


def text_of(content: bytes, folder, *options: str) -> str:
    """What a PDF says, page after page."""
    file = folder / "text.pdf"
    file.write_bytes(content)
    run = ["pdftotext", "-layout", *options, file, "-"]
    try:
        return subprocess.run(run, capture_output=True, text=True, check=True).stdout.replace("\u2060", "")
    except FileNotFoundError:
        pytest.skip("poppler is not installed")


def annex_of(text: str) -> str:
    return " ".join(text.rpartition("Annex: where the numbers come from")[2].replace("\u200b", "").split())


PROSE = f"It grew by {number('city-growth')}, as {number('city-holds')}; {number('rows-counted')} of {number('city-growth')}."


def test_entries_come_in_the_order_of_the_text_and_then_what_they_are_made_of(tmp_path):
    paper.to_typst(notebook(PROSE), tmp_path)
    source = (tmp_path / "report.typ").read_text(encoding="utf-8")
    assert re.findall(r"entry\(<evidence-([^>]+)>, (\d+),", source) == [
        (key, str(place))
        for place, key in enumerate(
            [
                "city-growth",
                "city-holds",
                "rows-counted",
                "city-multiple",
                "growth-steps",
                "city-holds-revised",
                "city-gdp",
            ],
            1,
        )
    ]
    chapter = (tmp_path / "chapter.typ").read_text(encoding="utf-8")
    assert re.findall(r"#numbered\(<evidence-([^>]+)>, (\d+)\)\[([^]]*)\]", chapter) == [
        ("city-growth", "1", "10.4 percent a year"), ("city-holds", "2", "consistent"),
        ("rows-counted", "3", "7"), ("city-growth", "1", "10.4 percent a year"),
    ]  # fmt: skip


def test_each_entry_says_where_it_is_from(tmp_path):
    said = annex_of(
        text_of(paper.to_pdf(notebook(PROSE)), tmp_path, "-x", "0", "-y", "0", "-W", "300", "-H", "900")
    )
    for words in (
        "City, growth: 10.4 percent a year = ([4] ^ (1 / [5]) − 1) × 100",
        "The multiple holds: consistent; it stands when read as: on the revised base; readings tested: [6]",
        "Rows: 7; rows of a.csv",
        'City (城), GDP, multiple: 2.7 times, 2.65 to 2.75 times; printed “2.7” in The "Paper", paragraph 4, characters 10 to 13',
        "Growth steps: 10 years; Arithmetic",
        "The multiple holds: revised: consistent; [4] is expected to be the same as [7]",
        "City, GDP: 152.0 billion yuan; source [S1]",
        "A #yearbook, example.org/a_b?c=1; licence: CC BY 4.0; grade C",
    ):
        assert words in said, (words, said)


def test_a_source_of_several_numbers_stands_once(tmp_path):
    paper.to_typst(notebook(f"{number('city-gdp')} and {number('other-gdp')}"), tmp_path)
    source = (tmp_path / "report.typ").read_text(encoding="utf-8")
    assert source.count("A #yearbook") == 1 and source.count("ref-to(<source-1>") == 2


def test_numbers_of_tables_have_no_entry_of_their_own_and_long_tables_are_cut(tmp_path):
    book = notebook(PROSE, table(60))
    paper.to_typst(book, tmp_path)
    chapter = (tmp_path / "chapter.typ").read_text(encoding="utf-8")
    assert "#tabled(<evidence-city-growth>)[" in chapter and "evidence-other-gdp" not in chapter
    assert chapter.count("9 billion yuan") == 25 and "The first 25 of 60 rows" in chapter
    text = text_of(paper.to_pdf(book), tmp_path)
    assert "row25" in text and "row26" not in text
    paper.to_typst(notebook(PROSE, table(40)), tmp_path)
    assert (tmp_path / "chapter.typ").read_text(encoding="utf-8").count("9 billion yuan") == 40


def test_what_a_page_folds_away_is_only_named(tmp_path):
    folded = f'<details class="more">\n<summary>More</summary>\n\nFolded {number("other-gdp")}.\n\n</details>\n\nAfter it.'
    text = text_of(paper.to_pdf(notebook(PROSE, folded)), tmp_path)
    assert "On the page: More" in text and "After it." in text and "Folded" not in text


def test_a_number_without_evidence_and_a_link_to_nowhere_are_errors():
    with pytest.raises(pages.ReportError, match="no evidence of it: evidence-city-gdp"):
        paper.to_pdf(notebook(number("city-gdp"), facts={}))
    with pytest.raises(pages.ReportError, match="typst: label `<nowhere>` does not exist"):
        paper.to_pdf(notebook("[x](#nowhere)"))


def test_plots_and_mathematics_have_words_and_colours_of_paper(tmp_path):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><path fill="var(--ok,#0b4f8a)" d="M0 0h9"/></svg>'
    about = {"image/svg+xml": {"alt": 'A "line" that rises', "caption": "A caption", "narrow": drawing}}
    book = notebook("It is $x^{1/n}$.")
    output = nbformat.v4.new_output("display_data", {"image/svg+xml": drawing}, metadata=about)
    book.cells.insert(2, nbformat.v4.new_code_cell("plot()", outputs=[output], execution_count=1))
    paper.to_typst(book, tmp_path)
    chapter = (tmp_path / "chapter.typ").read_text(encoding="utf-8")
    assert '#plot("plot-1.svg", "A \\"line\\" that rises")' in chapter
    assert '#math.equation(block: false, alt: "x^{1/n}", $x^(1 \\/ n)$)' in chapter
    assert 'fill="#0b4f8a"' in (tmp_path / "plot-1.svg").read_text(encoding="utf-8")
    assert b"/Alt (A" in paper.to_pdf(book) or b"/Figure" in paper.to_pdf(book)


def test_a_pdf_is_tagged_has_chinese_embedded_fonts_an_outline_and_live_links(tmp_path):
    content = paper.to_pdf(
        notebook(f"Ganzhou (赣州): {PROSE}", "## A part\n\nText.", title="C\\# \\$5, *赣州*")
    )
    assert b"/StructTreeRoot" in content or b"/MarkInfo" in content
    assert "Ganzhou (赣州): It grew by 10.4 percent a year" in text_of(content, tmp_path)
    file = tmp_path / "text.pdf"
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    rows = fonts.splitlines()[2:]
    assert rows and all(row.split()[-5] == "yes" for row in rows), fonts
    run = ["pdftohtml", "-xml", "-i", "-q", "-stdout", file]
    found = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    parts = re.findall(r"<item page=\"(\d+)\">([^<]*)</item>", found)
    assert parts == [("1", "A part"), ("2", "Annex: where the numbers come from")]  # on a page of its own
    assert len(re.findall(r'<a href="[^"]*#2">', found)) >= 4  # numbers lead to their entries
    assert "Cite as" in found


def test_a_book_has_a_chapter_for_each_notebook_and_one_annex(tmp_path):
    first = notebook(
        PROSE, "## Part\n\n[there](02_two.html#part), [top](02_two.html), [here](#part)", title="One (赣州)"
    )
    second = notebook(f"{number('city-gdp')}.", "## Part\n\n[here](#part)", title="Two & two")
    books = {"01_one": first, "02_two": second}
    content = paper.to_book(books, [("5", "articles"), ("113", "figures")])
    assert content == paper.to_book(books, [("5", "articles"), ("113", "figures")])
    cover, contents, one, two, annex = text_of(content, tmp_path).rstrip("\f").split("\f")
    assert paper.BOOK_TITLE in cover and re.search(r"113\s+articles\s+figures", cover) and "0.1.0" in cover
    listed = re.findall(r"^\s*(\S.*?)(?: \.)+ (\d+)$", contents, re.MULTILINE)
    assert listed == [("One (赣州)", "3"), ("Part", "3"), ("Two & two", "4"), ("Part", "4"),
                      ("Annex: where the numbers come from", "5")]  # fmt: skip
    assert "It grew by" in one and "Two & two" in two and "4 of 5" in two
    assert annex.count("City, GDP: ") == 1
    with pytest.raises(pages.ReportError, match="02_two-lost"):
        paper.to_book(books | {"03_three": notebook("[x](02_two.html#lost)")}, [])


def test_the_same_notebook_gives_the_same_bytes():
    book = notebook(PROSE, table(3))
    assert paper.to_pdf(book) == paper.to_pdf(book)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_printed_by_a_browser_is_dark_on_white_whole_and_without_controls(browser, tmp_path, scheme):
    folded = '<details class="more">\n<summary>More</summary>\n\nFolded words.\n\n</details>'
    file = tmp_path / "a.html"
    link = "[there](https://example.org/x)"
    file.write_text(pages.to_html(notebook(PROSE, table(8), folded, link), name=FINDINGS), encoding="utf-8")
    page = browser.new_page(color_scheme=scheme)
    page.goto(file.as_uri(), timeout=PATIENCE)
    page.emulate_media(media="print", color_scheme=scheme)
    colours = "getComputedStyle(document.body)"
    assert page.evaluate(f"{colours}.color + {colours}.backgroundColor") == "rgb(0, 0, 0)rgb(255, 255, 255)"
    assert page.locator("nav:visible, input:visible, #panel:visible, details.code:visible").count() == 0
    assert page.locator("button:visible:not(.sort)").count() == 0
    assert page.get_by_text("Folded words.").bounding_box()["height"] > 5
    page.pdf(path=tmp_path / "b.pdf", format="A4")
    text = text_of((tmp_path / "b.pdf").read_bytes(), tmp_path)
    assert "Folded words." in text and "there (https://example.org/x)" in text and "Find" not in text
    page.close()


# -- the reports of a run ----------------------------------------------------------------------------------


def before_annex(text: str) -> int:
    """How many pages stand before the annex, which begins on a page of its own."""
    parts = text.split("\f")
    return next(
        n for n, part in enumerate(parts) if re.match(r"[^\n]*\n+Annex: where|Annex: where", part.lstrip())
    )


@pytest.mark.slow
def test_findings_take_at_most_eight_pages_and_no_notebook_takes_thirty(built):
    for name in NOTEBOOKS:
        text = text_of((built / "reports" / f"{name}.pdf").read_bytes(), built.parent)
        length = before_annex(text)
        assert length <= 30 and text.count("\f") <= 40, name
        if name == FINDINGS:
            assert 4 <= length <= 8


@pytest.mark.slow
def test_the_book_has_every_notebook_the_findings_first_and_every_entry_names_its_place(built):
    text = text_of((built / "reports" / f"{BOOK}.pdf").read_bytes(), built.parent)
    books = {
        name: nbformat.read(built / "reports/notebooks" / f"{name}.ipynb", as_version=4) for name in NOTEBOOKS
    }
    contents = text.split("\f")[1]
    order = sorted(NOTEBOOKS, key=lambda name: name != FINDINGS)
    places = [contents.index(pages.title_of(books[name])) for name in order]
    assert places == sorted(places)
    assert text.count("\f") < 120 and len((built / "reports" / f"{BOOK}.pdf").read_bytes()) < 8_000_000
    facts: dict = {}
    for book in books.values():
        facts |= panel.facts_of(book)
    for key, fact in facts.items():
        assert {"token", "formula", "source", "inputs", "explanation"} & fact.keys(), key
