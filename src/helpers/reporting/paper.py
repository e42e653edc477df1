"""Executed notebooks to PDF: one notebook, or all of them as a book.

pandoc makes typst's source of the same Markdown as the HTML page, and the typst wheel sets it. On paper a
number is a numbered reference: it leads to its entry in an annex, which says where it was printed, by which
formula it follows, or which source has it. The annex has what the prose shows and what that is made of, each
once; numbers that stand only in tables have theirs on the page. `assets/paper.typ` has the looks.

    jupyter nbconvert --to report_pdf reports/notebooks/07_findings.ipynb
"""

import importlib.metadata
import importlib.util
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import typst

from . import fonts, panel
from .fonts import REPORT_ASSETS
from .pages import SUBTITLE, NotebookExporter, ReportError, converted, notebook_document, title_of

BOOK_TITLE = "Press figures, traced and tested"
_NUMBER = re.compile(r'<a class="number" data-id="([^"]+)"')
_EMPTY_SECTION = re.compile(r"(?:\A|\n)#+ [^\n]*\s*\Z")  # a heading at the end, such as that of the evidence
_IN_TABLE = 0  # instead of a reference


def to_typst(notebook: nbformat.NotebookNode, folder: Path) -> Path:
    """An executed notebook as typst source with its plots, in `folder`; returns the file to be compiled.

    Raises ReportError, also for a number of which the notebook has no evidence.
    """
    text, facts = _text(notebook, folder), panel.facts_of(notebook)
    references = _references([text], facts)
    _write_chapter(notebook, text, references, folder / "chapter.typ")
    given = {"title": title_of(notebook), "subtitle": SUBTITLE, "version": _version()}
    return _write_main("report", given, 'chapter: include "chapter.typ"', references, facts, folder)


def to_pdf(notebook: nbformat.NotebookNode) -> bytes:
    """An executed notebook as a tagged PDF with live links and embedded fonts. Raises ReportError.

    A number without evidence, a link that leads nowhere, and any warning of typst, such as a missing font,
    is an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        return _compiled(to_typst(notebook, Path(folder)))


def to_book(notebooks: Mapping[str, nbformat.NotebookNode], counts: Sequence[tuple[str, str]]) -> bytes:
    """Executed notebooks by name, in their order, as one PDF: cover, contents, chapters, one annex.

    `counts` stand on the cover, each a number and what it counts. Raises ReportError as `to_pdf` does.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        texts = {name: _text(notebook, folder) for name, notebook in notebooks.items()}
        facts: dict[str, dict[str, Any]] = {}
        for notebook in notebooks.values():  # what the first says of an id counts, as it is read first
            facts = panel.facts_of(notebook) | facts
        references = _references(texts.values(), facts)

        chapters = []
        for name, notebook in notebooks.items():
            _write_chapter(notebook, texts[name], references, folder / f"{name}.typ", f"{name}-")
            content = f"include {_quoted(f'{name}.typ')}"
            chapters.append(f"({_quoted(title_of(notebook))}, <{name}-top>, {content}),")
        given = {"title": BOOK_TITLE, "subtitle": SUBTITLE, "version": _version()}
        told = "".join(f"({_quoted(number)}, {_quoted(words)})," for number, words in counts)
        more = f"counts: ({told}), chapters: ({''.join(chapters)})"
        return _compiled(_write_main("book", given, more, references, facts, folder))


class ReportPDFExporter(NotebookExporter):
    """nbconvert's `report_pdf`: a tagged PDF from pandoc and typst, both in wheels."""

    export_from_notebook, output_mimetype, file_extension = "Report (PDF)", "application/pdf", ".pdf"
    make = staticmethod(to_pdf)


# -- the text ------------------------------------------------------------------------------------------


def _version() -> str:
    return importlib.metadata.version("bay-and-old-area")


def _text(notebook: nbformat.NotebookNode, folder: Path) -> str:
    """The notebook as Markdown with its plots in `folder`."""
    return _EMPTY_SECTION.sub("", notebook_document(notebook, folder))


def _is_table(line: str) -> bool:
    return line.startswith("|")


def _references(texts: Iterable[str], facts: panel.Facts) -> dict[str, int]:
    """The number of the entry of each id: what the prose shows in its order, then what that is made of.

    Raises ReportError for an id of which nothing is known.
    """
    lines = [line for text in texts for line in text.split("\n") if not _is_table(line)]
    order = list(dict.fromkeys(key for line in lines for key in _NUMBER.findall(line)))
    for key in order:  # it grows while it is read
        if key not in facts:
            raise ReportError(f"the notebook shows a number and no evidence of it: evidence-{key}")
        order += [part for part in dict.fromkeys(facts[key].get("inputs", ())) if part not in order]
    return {key: number for number, key in enumerate(order, 1)}


def _referring(text: str, references: Mapping[str, int]) -> str:
    """Markdown whose numbers have the reference that `report.lua` sets; numbers of no entry have none."""

    def refer(match: re.Match) -> str:
        ref = references.get(match[1])
        return match[0] if ref is None else f'{match[0]} data-ref="{ref}"'

    def refer_in_table(match: re.Match) -> str:
        return f'{match[0]} data-ref="{_IN_TABLE}"' if match[1] in references else match[0]

    lines = text.split("\n")
    return "\n".join(_NUMBER.sub(refer_in_table if _is_table(line) else refer, line) for line in lines)


def _write_chapter(
    notebook: nbformat.NotebookNode, text: str, references: Mapping[str, int], file: Path, prefix: str = ""
) -> None:
    variables = {"prefix": prefix} if prefix else {}
    source = converted(notebook, _referring(text, references), "typst", "chapter.typ", **variables)
    file.write_text(source, encoding="utf-8")


# -- the annex -----------------------------------------------------------------------------------------


def _write_main(
    function: str, given: Mapping[str, str], more: str, references: Mapping[str, int], facts: panel.Facts,
    folder: Path,
) -> Path:  # fmt: skip
    """The file that typst compiles: a call of a function of paper.typ, with the annex."""
    arguments = [f"{name}: {_quoted(value)}," for name, value in given.items()]
    if references:
        arguments.append(f"annex: annex({1 if function == 'book' else 2}, {_entries(references, facts)}),")
    source = '#import "paper.typ": *\n#{function}(\n{arguments}\n{more},\n)\n'
    made = source.replace("{function}", function).replace("{arguments}", "\n".join(arguments))
    (folder / "paper.typ").write_text(fonts.asset("paper.typ"), encoding="utf-8")
    file = folder / "report.typ"
    file.write_text(made.replace("{more}", more), encoding="utf-8")
    return file


def _entries(references: Mapping[str, int], facts: panel.Facts) -> str:
    """The entries of the annex, and the sources that they name, each once, as two arguments of typst."""
    sources: dict[tuple[str, ...], int] = {}
    entries = [_entry(key, facts[key], references, sources) for key in references]
    named = [
        f"entry(<source-{number}>, {_quoted(f'S{number}')}, {{{_joined(_source(*parts))}}})"
        for parts, number in sources.items()
    ]
    return f"{{{';'.join(entries)}}}, {{{';'.join(named)}}}" if named else f"{{{';'.join(entries)}}}, none"


def _entry(
    key: str, fact: Mapping[str, Any], references: Mapping[str, int], sources: dict[tuple[str, ...], int]
) -> str:
    """What is known of an id, in short; a source that was not named before gets a number in `sources`."""
    say = fact.get
    parts = [_quoted(f"{fact['name'][0].upper()}{fact['name'][1:]}: "), f"strong({_quoted(fact['value'])})"]
    if "range" in fact and not fact["range"].startswith("exactly"):
        parts.append(_quoted(f", {fact['range']}"))
    if fact["kind"] == "figure":
        place = f"paragraph {fact['paragraph']}, characters {fact['start']} to {fact['end']}"
        parts.append(_quoted(f"; printed “{fact['token']}” in {fact['outlet']}, {place}"))
    if "corrected" in fact:
        parts.append(_quoted(f"; read otherwise than printed ({fact['corrected']})"))
    if "formula" in fact:
        equals = " = " if "inputs" in fact else "; "
        parts += [_quoted(equals), *_with_references(fact["formula"], references)]
    if "reading" in fact:
        parts.append(_quoted(f"; reading: {fact['reading']}"))
    if fact["kind"] == "check":
        said = say("explanation", "").removesuffix(say("note", "")).strip().rstrip(".")
        parts += [_quoted("; "), *_with_references(said, references)] if said else []
    elif fact["kind"] == "claim":
        stands = f"; it stands when read as: {fact['stands']}" if "stands" in fact else ""
        parts.append(_quoted(f"{stands}; readings tested: "))
        parts += _listed([key for key in fact["inputs"] if key in references], references)
    elif "source" in fact:
        grade = f"grade {fact['grade']}" if "grade" in fact else ""
        source = (fact["source"], say("url", ""), say("licence", ""), grade)
        if source[1:] == ("", "", ""):
            parts.append(_quoted(f"; {fact['source']}"))
        else:
            number = sources.setdefault(source, len(sources) + 1)
            parts += [_quoted("; source "), f"ref-to(<source-{number}>, {_quoted(f'S{number}')})"]
    return f"entry(<evidence-{key}>, {references[key]}, {{{_joined(parts)}}})"


def _source(source: str, url: str, licence: str, grade: str) -> list[str]:
    parts = [_quoted(source)]
    if url:
        parts += [_quoted(", "), f"link({_quoted(url)}, {_quoted(_breakable(url))})"]
    more = [f"licence: {licence}" if licence else "", grade]
    return [*parts, _quoted("".join(f"; {part}" for part in more if part))]


def _breakable(url: str) -> str:
    """A web address as it is shown, with places where a line may end."""
    return re.sub(r"([/&?=_.-])", "\\1\u200b", re.sub("^https?://", "", url))


def _with_references(text: str, references: Mapping[str, int]) -> list[str]:
    """Text in which each id is the reference to its entry."""
    parts, end = [], 0
    for match in panel.ID.finditer(text):
        if match[0] in references:
            parts += [_quoted(text[end : match.start()]), _reference(match[0], references)]
            end = match.end()
    return [*parts, _quoted(text[end:])]


def _listed(keys: Iterable[str], references: Mapping[str, int]) -> list[str]:
    return [part for key in keys for part in (_reference(key, references), _quoted(" "))]


def _reference(key: str, references: Mapping[str, int]) -> str:
    return f"ref-to(<evidence-{key}>, {references[key]})"


def _joined(parts: Iterable[str]) -> str:
    return ";".join(part for part in parts if part != '""')


def _quoted(text: str) -> str:
    """Text as a string of typst, which shows it letter by letter."""
    return json.dumps(text.replace("\t", " "), ensure_ascii=False)


# -- typst ---------------------------------------------------------------------------------------------


def _font_folders() -> list[Path]:
    """Our font, and those that matplotlib brings, in which plots are lettered."""
    matplotlib = importlib.util.find_spec("matplotlib")
    return [REPORT_ASSETS, Path(str(matplotlib and matplotlib.origin)).parent / "mpl-data" / "fonts" / "ttf"]


def _compiled(file: Path) -> bytes:
    """The PDF of typst source. Raises ReportError for its errors and its warnings."""
    try:
        options: Any = {"root": file.parent, "font_paths": _font_folders(), "pdf_standards": ["ua-1"]}
        content, warnings = typst.compile_with_warnings(file, ignore_system_fonts=True, **options)
    except typst.TypstError as error:
        raise ReportError(f"typst: {error}") from None
    if warnings:
        raise ReportError("typst: " + "; ".join(str(warning) for warning in warnings))
    return content
