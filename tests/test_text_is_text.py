"""Text of tables is only text: lures in every cell that takes text, and all pages that are made of them."""

import csv
import itertools
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from conftest import CHROMIUM, LURES

from helpers import corpus, notebooks, paths
from helpers.corpus import schema
from helpers.corpus.processed import read_checks, read_processed, read_statistics
from helpers.corpus.symptoms import visible
from helpers.corpus.tables import ANYTHING, Column
from helpers.notebooks import NOTEBOOKS, PROFILED
from helpers.reporting import frontpage, pages, paper, prose

pytestmark = [pytest.mark.slow, pytest.mark.browser]

if not CHROMIUM:
    pytest.skip("needs Chromium", allow_module_level=True)

BOUND = {  # columns of any text whose cells name or state something that must be found again
    "numeral_id", "token", "figure", "figure_id", "expect", "corrected", "first", "second", "settled",
    "measure", "inputs", "observed", "expected", "members", "departs", "machine", "sheet", "print", "truth",
    "own", "against", "items", "comparator_id", "instead", "vintage",
}  # fmt: skip
ADDRESS = (
    "https://example.org/{{nonsense}}$x^2$`code`|*b*[x]_i_#h!~@ref"  # as far as an address can be a lure
)
ON_PAPER = ("02_cleaning", "04_consistency", "07_findings", "profile_ganzhou")
CODE = re.compile("‹([0-9]+)›")
SECOND = schema.SECOND.file.removeprefix("raw/")
UNSEEN = {  # columns that no page shows
    "articles.csv date_printed", "calibration.csv note", "indicators.csv definition", "units.csv note",
    "vintages.csv note", f"{SECOND} entity", f"{SECOND} note", f"{SECOND} unit",
}  # fmt: skip


def takes_text(column: Column) -> bool:
    """Whether a lure can stand in a column: the rule lets any text through, or nearly any address."""
    free = column.rule is ANYTHING or getattr(column.rule, "test", None) == visible
    return (free or column.name == "url") and column.name not in BOUND


def lured(raw: Path) -> dict[int, tuple[str, str]]:
    """Put a lure and a code into each cell that takes text; returns column and lure of each code."""
    codes: dict[int, tuple[str, str]] = {}
    for table in schema.RAW:
        if table == schema.MACHINE:  # what a machine has written
            continue
        name = table.file.removeprefix("raw/")
        texts = [column.name for column in table.fields if takes_text(column)]
        same: dict[tuple[str, str], str] = {}  # a text that stands twice in a column still does
        for file in sorted(raw.glob(name.replace("<article>", "*"))):
            if table == schema.SECOND and file.stem == schema.SETTLED.name:
                continue
            with open(file, newline="", encoding="utf-8") as handle:
                rows = list(csv.DictReader(handle))
            for column, row in itertools.product(texts, rows):
                place = column, row[column]
                if not row[column] or place not in same:
                    code = len(codes) + 1
                    codes[code] = f"{name} {column}", ADDRESS if column == "url" else LURES[code % len(LURES)]
                    same[place] = with_code(code, codes)
                row[column] = same[place]
            with open(file, "w", newline="", encoding="utf-8") as handle:
                writer = csv.DictWriter(handle, table.columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    return codes


def with_code(code: int, codes: dict[int, tuple[str, str]]) -> str:
    """A lure with its code, as its cell holds it; in an address no blank is allowed."""
    lure = codes[code][1]
    return f"{lure}{'' if lure == ADDRESS else ' '}‹{code}›"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Executed notebooks, pages and PDFs of the lured corpus in a folder, and the codes of its cells."""
    folder = tmp_path_factory.mktemp("lured")
    raw, processed = folder / "raw", folder / "processed"
    shutil.copytree(paths.RAW, raw, ignore=shutil.ignore_patterns("articles", ".*"))
    processed.mkdir()
    codes = lured(raw)

    def start(name: str, book: str, *more: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "helpers.running.runs", paths.NOTEBOOKS / f"{book}.ipynb"]
        command += [folder / "notebooks" / f"{name}.ipynb", f"raw={raw}", f"processed={processed}", *more]
        return subprocess.Popen(command, cwd=folder)

    first, *others = NOTEBOOKS
    running = start(first, first)
    for book in others:
        assert start(book, book).wait() == 0
    assert start("profile_ganzhou", PROFILED, "entity=ganzhou").wait() == 0 and running.wait() == 0
    for name in (*NOTEBOOKS, "profile_ganzhou"):
        notebook = nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4)
        (folder / f"{name}.html").write_text(pages.to_html(notebook), encoding="utf-8")
        if name in ON_PAPER:
            (folder / f"{name}.pdf").write_bytes(paper.to_pdf(notebook))
    lured_corpus = corpus.load(raw)
    report = prose.Report(
        lured_corpus,
        figures=read_processed(schema.FIGURES, processed),
        derived=read_processed(schema.DERIVED, processed),
        checks=read_checks(processed),
        coverage=read_processed(schema.COVERAGE, processed),
        statistics=read_statistics(processed, *notebooks.STATISTICS_TABLES),
    )
    frontpage.export_front_page(report, lured_corpus, ["ganzhou"], folder / "notebooks", processed, folder)
    return folder, codes


class _Tags(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def shown(text: str, codes: dict[int, tuple[str, str]]) -> set[int]:
    """The codes in a text; before each its lure must stand letter by letter."""
    found = {match.end(): int(match[1]) for match in CODE.finditer(text)}
    for end, code in found.items():
        whole = with_code(code, codes)
        before = text[max(0, end - len(whole)) : end]
        assert before.casefold() == whole.casefold(), (codes[code], text[max(0, end - 160) : end])
    return set(found.values())


def texts_of(data) -> list[str]:
    """Every text within data of JSON."""
    if isinstance(data, str):
        return [data]
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [text for part in parts for text in texts_of(part)]


PAGES = [*(f"{name}.html" for name in NOTEBOOKS), "profile_ganzhou.html", "index.html"]
LEAVES = """fragments => [...document.querySelectorAll("main *")].filter(
    node => fragments.includes(node.textContent.trim())).map(node => node.outerHTML)"""
FRAGMENTS = ["b", "i", "s", "t", "x", "z", "code", "heading", "cell", "bullet", "list", "term", "evidence"]


@pytest.mark.parametrize("name", PAGES)
def test_no_lure_runs_asks_for_anything_or_makes_an_element(made, browser, name):
    folder, _ = made
    page = browser.new_page(offline=True)
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / name).as_uri())
    assert page.evaluate("window.hit === undefined && document.documentElement.classList.contains('js')")
    assert said == [] and [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate(LEAVES, FRAGMENTS) == []
    formulas = page.evaluate("[...document.querySelectorAll('annotation')].map(node => node.textContent)")
    page.close()
    notebook = paths.NOTEBOOKS / name.replace(".html", ".ipynb")
    typed = notebook.read_text(encoding="utf-8") if notebook.exists() else ""
    assert [formula for formula in formulas if json.dumps(formula)[1:-1] not in typed] == []
    tags = _Tags((folder / name).read_text(encoding="utf-8")).found
    assert [tag for tag, about in tags if about.get("type") != "application/json"].count("script") == 1
    assert {tag for tag, _ in tags}.isdisjoint({"iframe", "object", "embed", "form", "base", "link"})
    for tag, attributes in tags:
        assert not any(key.startswith("on") for key in attributes), (tag, attributes)
        assert re.match(r"#|https?://|data:text/csv|[\w./-]+(#|$)", attributes.get("href", "#")), attributes
        assert attributes.get("src", "data:image/").startswith("data:image/"), attributes


def test_each_lure_is_shown_letter_by_letter(made, browser):
    folder, codes = made
    seen, in_attributes = set[int](), set[int]()
    for name in PAGES:
        page = browser.new_page(java_script_enabled=False)
        whole = (folder / name).read_text(encoding="utf-8")
        page.set_content(re.sub(r"<script.*?</script>", "", whole, flags=re.DOTALL))
        text = " ".join((page.text_content("body") or "").replace("\xa0", " ").split())
        page.close()
        seen |= shown(text, codes)
        for block in re.findall('<script type="application/json"[^>]*>(.*?)</script>', whole, re.DOTALL):
            for words in texts_of(json.loads(block)):  # what the panel shows
                # in a formula, where `$0` is an input, a dollar is `$$`
                seen |= shown(" ".join(words.replace("$$", "$").split()), codes)
        words = [
            unquote(value) if key in ("href", "id") else value
            for _, attributes in _Tags((folder / name).read_text(encoding="utf-8")).found
            for key, value in attributes.items()
            if value and not value.startswith("data:")
        ]
        in_attributes |= {code for value in words for code in shown(value, codes)}
    assert {codes[code][1] for code in seen} == {lure for _, lure in codes.values()}
    breaking = {lure for lure in LURES if set(lure) & set("\"'<&")}  # what could end an attribute
    assert {codes[code][1] for code in in_attributes} >= breaking
    assert {place for place, _ in codes.values()} - {codes[code][0] for code in seen} == UNSEEN


def test_each_lure_is_in_the_pdf_letter_by_letter(made):
    """Without blanks and hyphens, as lines are broken there."""
    folder, codes = made
    plain = str.maketrans("", "", " \n\f-\xa0\xad\u200b")
    seen = set()
    for file in sorted(folder.glob("*.pdf")):
        run = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True)
        text = re.sub(
            r"\n\d+ of \d+\n\f.*?bay-and-old-area\n", "", run.stdout, flags=re.DOTALL
        )  # foot and head
        text = text.translate(plain).casefold()
        for code in set(map(int, CODE.findall(text))):
            whole = with_code(code, codes).removeprefix("https://")  # an address is printed without it
            assert whole.translate(plain).casefold() in text, codes[code]
            seen.add(code)
    assert {codes[code][1] for code in seen} >= set(LURES)
