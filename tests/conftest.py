"""Shared fixtures: the small corpus of the tests, the real one, and copies of both that a test may spoil."""

import csv
import hashlib
import shutil
from pathlib import Path
from types import SimpleNamespace

import checkouts
import hypothesis
import pandas as pd
import pytest

from helpers import corpus, notebooks, paths
from helpers.checking.claims import check
from helpers.checking.coverage import coverage
from helpers.checking.ranks_and_lists import ranks_and_lists
from helpers.corpus import schema
from helpers.corpus.processed import read_checks, read_processed, read_statistics
from helpers.corpus.texts import paragraphs
from helpers.deriving.cleaning import clean
from helpers.deriving.derivations import derive

hypothesis.settings.register_profile(  # a busy machine is slow, not wrong
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

SMALL = Path(__file__).parent / "small"  # a corpus of our own: two short texts on an invented harbour city


def results(raw: corpus.Corpus) -> SimpleNamespace:
    """A corpus and all that is made of it: corpus, figures, derived, checks, coverage, orders."""
    figures = clean(raw)
    derived = derive(raw, figures)
    checks = check(raw, figures, derived)
    covered = coverage(raw, figures, derived, checks)
    orders = ranks_and_lists(raw, figures, derived)
    made = {"corpus": raw, "figures": figures, "derived": derived, "checks": checks, "coverage": covered}
    return SimpleNamespace(**made, orders=orders)


@pytest.fixture
def small(tmp_path) -> Path:
    """A copy of the small corpus, texts included, that a test may spoil."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


@pytest.fixture
def bare(small) -> Path:
    """A copy of the small corpus as a machine has it that has no texts."""
    shutil.rmtree(small / "articles")
    return small


@pytest.fixture(scope="session")
def small_corpus() -> corpus.Corpus:
    """The small corpus as it is."""
    return corpus.load(SMALL)


@pytest.fixture(scope="session")
def small_results(small_corpus) -> SimpleNamespace:
    """The small corpus and all that is made of it."""
    return results(small_corpus)


@pytest.fixture(scope="session")
def real() -> SimpleNamespace:
    """The five articles and all that is made of them, for tests marked `corpus` alone."""
    return results(corpus.load(paths.RAW))


@pytest.fixture(scope="session", name="corpus")
def real_corpus(real) -> corpus.Corpus:
    """The five articles."""
    return real.corpus


@pytest.fixture(scope="session", name="results")
def committed() -> dict[str, pd.DataFrame]:
    """The committed results, by the names that `Evidence` and `Report` give them."""
    return {
        "figures": read_processed(schema.FIGURES),
        "derived": read_processed(schema.DERIVED),
        "checks": read_checks(),
        "coverage": read_processed(schema.COVERAGE),
        "statistics": read_statistics(paths.PROCESSED, *notebooks.STATISTICS_TABLES),
    }


@pytest.fixture
def raw(tmp_path) -> Path:
    """A copy of data/raw without the texts."""
    return Path(shutil.copytree(paths.RAW, tmp_path / "raw", ignore=shutil.ignore_patterns("articles")))


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """A copy of the checkout, under a Chinese name, in which everything is made.

    What `make report` has left in the checkout counts there, as far as it is of today's inputs, and the rest is
    made. It is made once for all tests and all workers: who edits takes a `checkouts.twin` of it.
    """

    def make(folder: Path) -> None:
        checkouts.copy_of_all(folder)
        checkouts.run(folder)

    return checkouts.once(tmp_path_factory, "赣州", make)


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The texts of the five articles; the test is skipped where one is not at hand."""
    articles, found, *_ = corpus.texts_at_hand(paths.RAW)
    missing = [article for article in articles.article if article not in found]
    if missing:
        pytest.skip(f"texts not at hand: {', '.join(missing)}")
    return found


@pytest.fixture
def edit():
    """edit(file, line, column, value): change one cell of a CSV file, as an editor would."""

    def change(file: Path, line: int, column: str, value: str) -> None:
        with open(file, newline="", encoding="utf-8") as handle:
            rows = list(csv.reader(handle))
        rows[line - 1][rows[0].index(column)] = value
        with open(file, "w", newline="", encoding="utf-8") as handle:
            csv.writer(handle, lineterminator="\n").writerows(rows)

    return change


@pytest.fixture
def line_of():
    """line_of(file, column, value): the line on which a value stands first."""

    def find(file: Path, column: str, value: str) -> int:
        with open(file, newline="", encoding="utf-8") as handle:
            return next(n for n, row in enumerate(csv.DictReader(handle), 2) if row[column] == value)

    return find


LURES = [  # what would be a tag, a link, a placeholder, mathematics, code or a heading if it were no text
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "[x](javascript:window.hit=1)",
    "![p](https://example.org/x.png)",
    '[z]{onclick="window.hit=1"}',
    "{{ganzhou-gdp-2021}}",
    "{{nonsense}} {{ganzhou|name}}",
    "$x^2$",
    r"$\frac$",
    r"\(x\) \$ \begin{a}",
    "`code`",
    "~~~",
    "# heading",
    "| cell |",
    "*b* _i_ ~s~ ^t^",
    "</details></a></div>",
    "--> ... -- end",
    '"onmouseover="window.hit=1',
    "'tis '90s",
    "&lt;b&gt; &amp; &#36;",
    "[^1] [@x] @ref",
    "#evidence",
    '#import "x.typ"',
    "#link(<label>)[x] //",
    "= heading",
    "1. list",
    "- bullet",
    "+ bullet",
    "/ term: x",
    ": term",
    "]] }} \\",
    "javascript:window.hit=1",
    "a" * 120,
]


PATIENCE = 30000  # milliseconds that a browser is given: a busy machine is slow, not wrong
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)


@pytest.fixture(scope="module")
def browser():
    """Chromium as the system has it; playwright's own cannot always be fetched."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser):
    """tab(address, width=…, height=…): a page opened offline; `.said` and `.asked` have what it said and asked for."""
    contexts = []

    def open_page(address, width=1280, height=800, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


BENCH_TEXT = (
    "😀 Ganzhou in brief (赣州)\n"
    "\n"
    "  GDP reached 416.9 billion yuan in 2021, nearly 40 percent more than 36.5 <b>nobody</b> expected.\n"
    "First, the 5G stations: 1,200 of them 🚄 were built. 416.9 billion yuan is twice as much.\n"
)
BENCH_ROWS = [  # paragraph, token, cells from `class` to `note`
    (2, "416.9", "figure,,gdp,ganzhou,2021,billion,yuan,exact,outcome,proposed: the text says billion yuan"),
    (2, "2021", "date,,,,2021,,,,,proposed"),
    (2, "40", "figure,,,,,,percent,nearly,outcome,proposed: the text says nearly"),
    (
        2,
        "36.5",
        'figure,bench-growth,gdp,ganzhou,,,percent,exact,"outcome","<img src=x onerror=alert(1)>, ""so"" $x^2$ {{nonsense}}"',
    ),
    (3, "First", "ordinal,,,,,,,,,"),
    (3, "5", "name,,,,,,,,,proposed"),
    (3, "1,200", "figure,,,,,,,,,proposed"),
    (3, "416.9", "repeat,,,,,,,,,proposed"),
    (3, "twice", "rhetorical,,,,,,,,,proposed"),
]


@pytest.fixture
def bench(raw) -> SimpleNamespace:
    """An article with a sheet that waits for a person: its id, file and text, the raw tables around it."""
    article, end = "bench", 0
    (raw / "articles").mkdir()
    (raw / "articles" / "bench.txt").write_bytes(BENCH_TEXT.encode())
    lines_of_text = len(paragraphs(BENCH_TEXT))
    digest = hashlib.sha256(BENCH_TEXT.encode()).hexdigest()
    with open(raw / "articles.csv", "a", encoding="utf-8", newline="") as handle:
        handle.write(f"bench,Bench,A bench,,2022,,,en,yes,{digest},{len(BENCH_TEXT)},{lines_of_text}\n")
    lines = [",".join(schema.SHEET.columns)]
    for number, (paragraph, token, cells) in enumerate(BENCH_ROWS, 1):
        start = BENCH_TEXT.index(token, end)
        end = start + len(token)
        printed = f'"{token}"' if "," in token else token
        lines.append(f"n{number:03d},{paragraph},{start},{end},{printed},{cells}")
    file = raw / "transcription" / "bench.csv"
    file.write_bytes("\n".join([*lines, ""]).encode())
    return SimpleNamespace(article=article, raw=raw, file=file, text=BENCH_TEXT)
