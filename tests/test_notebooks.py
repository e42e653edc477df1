"""Notebooks as they are kept: clean, with parameters, and without a typed number."""

import ast
import html
import re
import shutil
from copy import deepcopy

import nbformat
import pytest

from helpers import notebooks, paths
from helpers.reporting import prose
from helpers.reporting.findings import parsed
from helpers.running import jobs, runs

BOOKS = sorted(paths.NOTEBOOKS.glob("*.ipynb"))
TWICE = [book for book in BOOKS if book.stem[:2] in ("01", "04", "06", "07", "re")]  # all kinds of cells
PLACEHOLDER = re.compile(r"\{\{[^}]*\}\}")
# Words that state a quantity just as digits do; "half steps" names a grid of rounding.
QUANTITIES = re.compile(
    r"\d|\b(?:half(?![- ]steps?\b)|halves|thirds?|quarters? of|tenths?|dozens?|hundreds?|thousands?|[mb]illions?|trillions?|twice|thrice|doubled|tripled)\b"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?) percent\b",
    re.IGNORECASE,
)


def written(cell):
    """The Markdown of a cell, or of a magic; None for code. What a finding rests on is no prose."""
    if cell.cell_type == "markdown":
        return cell.source
    if cell.source.startswith("%%"):
        return re.sub(r"^(%%.*|claims:.*)$", "", cell.source, flags=re.MULTILINE)
    return None


def spoken(book):
    """What a notebook says to readers.

    Its Markdown without formulas, and every text of its code that is no key.
    """
    for cell in nbformat.read(book, as_version=4).cells:
        if (text := written(cell)) is not None:
            yield re.sub(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\{\{[^}]*\}\}", "", text, flags=re.DOTALL)
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            if " " in node.value.strip() or not re.search(
                "[a-z]", node.value
            ):  # others are keys and names of columns
                yield PLACEHOLDER.sub("", node.value)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_no_number_is_typed_into_narrative(book):
    for text in spoken(book):
        found = QUANTITIES.search(text)
        assert not found, f"{book.name} says {found[0]!r} in: {text.strip()[:120]}"


@pytest.mark.parametrize(
    "text", ["grew by 10 a year", "a quarter of GDP", "near ten percent", "more than a third", "half a step"]
)
def test_the_rule_sees_a_typed_number(text):
    assert QUANTITIES.search(PLACEHOLDER.sub("", text))


def put_together(code):
    """What a cell hands on as prose that is no text typed there; and where it does not call what takes prose.

    `filled` takes what `say` does and does not look whether it was typed: it is for the magics.
    """
    tree = ast.parse(code)
    named = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("say", "filled", "finding", "Markdown")
    ]
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        if call.func not in named or call.func.attr != "say":
            continue
        named.remove(call.func)
        texts = call.args[:1] + [word.value for word in call.keywords if word.arg == "text"]
        choices = [[text.body, text.orelse] if isinstance(text, ast.IfExp) else [text] for text in texts]
        yield from (ast.unparse(text) for text in sum(choices, []) if not isinstance(text, ast.Constant))
    yield from map(ast.unparse, named)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_no_text_of_a_table_is_put_into_prose_but_by_a_name(book):
    """As `say` itself refuses it; also in a cell that does nothing for the articles at hand."""
    code = [cell.source for cell in nbformat.read(book, as_version=4).cells if cell.cell_type == "code"]
    code = [cell for cell in code if not cell.startswith("%%")]  # there nothing can be put together
    assert [text for cell in code for text in put_together(cell)] == []


@pytest.mark.parametrize(
    "code",
    [
        'report.say(f"Of {name}.")',
        'report.say("Of " + name)',
        'report.say(text="Of " + name)',
        "report.filled(text, {})",
        "prose.Markdown(text)",
        "findings.finding(report, text, {})",
        "tell = report.say",
    ],
)
def test_the_rule_sees_a_text_that_is_put_together(code):
    assert list(put_together(code))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_notebook_is_kept_without_outputs_and_with_parameters(book):
    notebook = nbformat.read(book, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs") and not cell.get("execution_count")
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells) == 1


def shows(cell):
    """Whether a cell of code is there to be seen through: prose, a table, a plot, and no step of its own."""
    if cell.source.startswith("%%"):
        return True
    tree = ast.parse(cell.source)
    imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body)
    writes = re.search(r"\bwrite_\w+\(|register\(report\)", cell.source)
    ends = isinstance(tree.body[-1], ast.Expr | ast.If) or "plots.show(" in cell.source
    return ends and not imports and not writes


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_cell_that_only_shows_has_its_source_hidden_and_no_other(book):
    """So that a notebook reads as a paper in JupyterLab, and each sentence stands once."""
    for cell in nbformat.read(book, as_version=4).cells:
        if cell.cell_type == "code" and "tags" not in cell.metadata:
            hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
            assert hidden == shows(cell), cell.source


def sentences(text):
    """The sentences of prose, without markup; a line ends one, and so do a stop and a bold lead."""
    text = re.sub(r"^(#|strength:|\$\$).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\$[^$]*\$", "m", text)
    text = re.sub(r"\{\{[^}]*\}\}", "id", text)
    lines = [re.sub(r"^[-*>] |\*", "", line) for line in re.sub(r"\*\*[^*]*\.\*\*", "", text).split("\n")]
    found = [one for line in lines for one in re.split(r"(?<=[.?!])[\"”)]*\s+", line.strip())]
    return [one for one in found if re.search(r"\w", one)]


def prose_of(book):
    texts = (written(cell) for cell in nbformat.read(book, as_version=4).cells)
    return [one for text in texts if text for one in sentences(text)]


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_every_sentence_of_a_notebook_stands_in_it_once(book):
    said = prose_of(book)
    assert sorted({one for one in said if said.count(one) > 1}) == []
    shown = "".join(cell.source for cell in nbformat.read(book, as_version=4).cells)
    assert "report.summary(" not in shown and "report.finding(" not in shown


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_a_sentence_has_a_line_of_its_own(book):
    """So that a change of one sentence is a change of one line."""
    for cell in nbformat.read(book, as_version=4).cells:
        for line in (written(cell) or "").split("\n"):
            assert len(sentences(line)) <= 1, line


# -- how it reads --------------------------------------------------------------------------------------------

MOST_WORDS, MEAN_WORDS = 25, 16
MOST_NUMBERS = 2  # of an answer, and of what a line can take in
HEADLINE = 70  # characters


@pytest.fixture
def in_words(corpus, results):
    """A text as a reader sees it: every id as its number or name, and any other word as a word."""
    report = prose.Report(corpus, **results)

    def filled(found):
        try:
            return html.unescape(report.filled(found[0], {}, linked=False))
        except KeyError:
            return "word"

    return lambda text: PLACEHOLDER.sub(filled, text)


@pytest.mark.corpus
def test_sentences_of_notebooks_are_short(in_words):
    counts = {}
    for book in BOOKS:
        texts = filter(None, (written(cell) for cell in nbformat.read(book, as_version=4).cells))
        found = (one for text in texts for line in in_words(text).split("\n") for one in sentences(line))
        counts |= {(book.stem, one): len(one.split()) for one in found}
    assert {one: n for one, n in counts.items() if n > MOST_WORDS} == {}
    assert sum(counts.values()) / len(counts) <= MEAN_WORDS


def test_the_rule_counts_the_words_of_a_sentence():
    said = '**Why.** One *two* three.\nFour, five: six? Seven "eight." Nine.\n\n- Ten {{an-id|value}}.'
    assert [len(one.split()) for one in sentences(said)] == [3, 3, 2, 1, 2]


def told():
    """The typed parts of every finding."""
    cells = [cell for book in BOOKS for cell in nbformat.read(book, as_version=4).cells]
    return [parsed(cell.source.partition("\n")[2]) for cell in cells if cell.source.startswith("%%finding")]


def numbers_in(text):
    return [key for key, form in NAMED.findall(text) if form not in ("name", "entity", "period")]


NAMED = re.compile(r"\{\{\s*([a-z0-9_-]+)\s*(?:\|\s*(\w+)\s*)?\}\}")


def test_an_answer_has_two_numbers_at_most():
    assert len(told()) >= 10
    for parts in told():
        assert len(numbers_in(parts["answer"])) <= MOST_NUMBERS, parts["headline"]
        for line in "\n".join((parts["answer"], parts["sure"], parts["why"], parts["more"])).split("\n"):
            assert len(numbers_in(line)) <= MOST_NUMBERS, line


@pytest.mark.corpus
def test_a_headline_is_a_line_and_its_numbers_stand_in_the_answer(in_words):
    """In the headline a number is plain text, and in the answer it leads to its evidence."""
    titles = [in_words(parts["headline"]) for parts in told()]
    assert {title for title in titles if len(title) > HEADLINE} == set() and len(set(titles)) == len(titles)
    for parts in told():
        assert set(numbers_in(parts["headline"])) <= set(numbers_in(parts["answer"])), parts["headline"]


def test_every_notebook_is_listed():
    assert {book.stem for book in BOOKS} == {*notebooks.NOTEBOOKS, notebooks.PROFILED}


def test_a_notebook_reads_only_tables_of_those_before_it():
    written = set()
    for book in notebooks.NOTEBOOKS.values():
        assert set(book.reads) <= written
        written |= set(book.writes)
    assert set(notebooks.PROFILE.reads) <= written
    assert {f"{table}.csv" for table in notebooks.DOWNLOADS} <= written


def test_a_notebook_depends_on_all_that_people_write_and_that_it_may_read_or_call(tmp_path, monkeypatch):
    files = {
        "raw/claims.csv", "raw/articles/daily.txt", "raw/README.md",
        "raw/.ipynb_checkpoints/claims-checkpoint.csv", "package/transcribing/intake.py",
        "package/corpus/schema.csv", "package/__main__.py", "package/running/runs.py",
        "package/reporting/assets/page.css",
        *(f"package/{module}" for module in (*jobs._PAGES, *jobs._FRONT)),
    }  # fmt: skip
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    monkeypatch.setattr(paths, "RAW", tmp_path / "raw")
    monkeypatch.setattr(jobs, "_PACKAGE", tmp_path / "package")

    def within(found):
        return {p.relative_to(tmp_path).as_posix() for p in found}

    called = {"package/transcribing/intake.py", "package/corpus/schema.csv"}
    assets = {"package/reporting/assets/page.css"}
    sources = jobs.sources(tmp_path / "a.ipynb")
    assert within(sources) == {"a.ipynb", "raw/claims.csv", "raw/articles/daily.txt", *called, *assets}
    assert sources == sorted(sources)
    pages = {"package/transcribing/intake.py", *(f"package/{module}" for module in jobs._PAGES), *assets}
    assert within(jobs.exporters()) == pages
    assert within(jobs.exporters(front=True)) == pages | {f"package/{module}" for module in jobs._FRONT}


@pytest.mark.slow
def test_a_notebook_that_was_saved_with_a_sheet_open_shows_no_view_in_a_run(bench, tmp_path):
    notebook = nbformat.read(paths.NOTEBOOKS / "01_transcription.ipynb", as_version=4)
    code = [number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    notebook.cells = notebook.cells[: code[2] + 1]  # to the view
    settings = notebook.cells[code[0]]
    settings.source = settings.source.replace('edit = ""', 'edit = "bench"')
    settings.source = settings.source.replace('raw = ""', f"raw = {str(bench.raw)!r}")
    assert '"bench"' in settings.source and "workbench.transcribe(edit" in notebook.cells[-1].source
    nbformat.write(notebook, tmp_path / "saved.ipynb")
    output = runs.run(tmp_path / "saved.ipynb", tmp_path / "executed.ipynb", {}, tmp_path / "failed")
    executed = nbformat.read(output, as_version=4)
    assert "edit = ''" in "".join(cell.source for cell in executed.cells)
    assert executed.cells[-1].execution_count and executed.cells[-1].outputs == []


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("book", TWICE, ids=lambda book: book.stem)
def test_a_cell_that_is_run_twice_shows_the_same(book, tmp_path):
    notebook = nbformat.read(book, as_version=4)
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type == "code" and "tags" not in cell.metadata:
            assert shows(cell) == cell.metadata.get("jupyter", {}).get("source_hidden", False)
            if shows(cell):
                cells.append(deepcopy(cell))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook.cells = cells
    nbformat.write(notebook, tmp_path / book.name)
    shutil.copytree(paths.PROCESSED, tmp_path / "processed")
    given = {"raw": str(paths.RAW), "processed": str(tmp_path / "processed")}
    output = runs.run(tmp_path / book.name, tmp_path / "executed.ipynb", given, tmp_path / "failed")
    code = [cell for cell in nbformat.read(output, as_version=4).cells if cell.cell_type == "code"]
    shown = [cell for cell in code if cell.metadata.get("jupyter", {}).get("source_hidden", False)]
    assert len(shown) >= 10
    for first, second in zip(shown[::2], shown[1::2], strict=True):
        assert first.source == second.source
        results = [[o.get("data", o.get("text")) for o in cell.outputs] for cell in (first, second)]
        assert results[0] == results[1], first.source
