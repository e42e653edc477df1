"""Executed notebooks to HTML and PDF, through exporters of nbconvert.

Both come from one Markdown document that `notebook_document` writes of a notebook, so that they say the
same: pandoc makes HTML of it with MathML, and typst's source, from which the typst wheel sets the PDF;
`assets/report.lua` adapts pandoc's tree to each. Both are one file that needs no network, and the same
notebook gives the same bytes.

    jupyter nbconvert --to report_html reports/notebooks/07_findings.ipynb
"""

import base64
import hashlib
import html
import importlib.metadata
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mistune
import nbformat
import pypandoc
import typst
from nbconvert.exporters import Exporter

from ..corpus.files import replace_file
from ..vocabulary import QUALIFIER_WORDS, SCALE_WORDS
from . import fonts
from .fonts import REPORT_ASSETS
from .numbers import escaped, quoted

SUBTITLE = (
    "Numbers of press articles on Ganzhou, the former Central Soviet Area, Zhaoqing, Guangdong and the "
    "Greater Bay Area, each traced to where it was printed"
)
_MARKDOWN = "markdown+gfm_auto_identifiers-citations-tex_math_double_backslash-task_lists"
_LOST = "\ufffd"  # what stands for a character that could not be decoded


class ReportError(ValueError):
    """A notebook that cannot become an honest report, such as one with a failed cell or a missing glyph."""


# -- what a notebook says ------------------------------------------------------------------------------


def headings(text: str, level: int) -> list[str]:
    """The headings of a level in a text of Markdown, as plain text."""
    tokens: Any = mistune.create_markdown(renderer=None)(text)
    found = [token for token in tokens if token["type"] == "heading" and token["attrs"]["level"] == level]
    return [html.unescape(_words(token)).strip() for token in found]


def _words(token: dict[str, Any]) -> str:
    return token.get("raw", " ") if "children" not in token else "".join(map(_words, token["children"]))


def title_of(notebook: nbformat.NotebookNode) -> str:
    """The first heading of level 1, of the text or else of an output. Raises ReportError if there is none."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    texts += [output.get("data", {}).get("text/markdown", "") for output in outputs]
    for text in texts:
        if found := headings(text, 1):
            return found[0]
    raise ReportError("the notebook has no heading of level 1 to serve as its title")


def anchors(titles: list[str]) -> list[str]:
    """The ids that headings of different words, each a line of Markdown, have on a page."""
    text = "\n\n".join(f"## {title}" for title in titles)
    tree = json.loads(pypandoc.convert_text(text, "json", format=_MARKDOWN))
    return [block["c"][1][0] for block in tree["blocks"]]


def notebook_document(notebook: nbformat.NotebookNode, media: Path | None = None) -> str:
    """The notebook as one Markdown document: text, outputs and, for HTML, its code folded away.

    With `media`, plots are written there as files, and code is left out: the PDF. Without, plots are
    inside the document. Raises ReportError for a cell that was not run, an error among the outputs and a
    plot without alternative text.
    """
    return "\n\n".join(part for cell in notebook.cells for part in _of_cell(cell, media) if part)


def _of_cell(cell: nbformat.NotebookNode, media: Path | None) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield cell.source
    if cell.cell_type == "code":
        if cell.source.strip():
            if cell.execution_count is None:
                raise ReportError("a cell has not been run; run the notebook before it is exported")
            if media is None:
                code = _verbatim(cell.source, " python")
                yield f'<details class="code">\n<summary>Code</summary>\n\n{code}\n\n</details>'
        for output in cell.outputs:
            yield _of_output(output, media)


def _of_output(output: nbformat.NotebookNode, media: Path | None) -> str:
    if output.output_type == "error":
        raise ReportError(f"a cell failed: {output.ename}: {output.evalue}")
    if output.output_type == "stream":
        return _verbatim(output.text.rstrip()) if output.name == "stdout" else ""
    data, meta = output.data, output.get("metadata", {})
    for mime, suffix in (("image/svg+xml", "svg"), ("image/png", "png")):
        if mime in data:
            about = meta.get(mime) or {}
            if not about.get("alt"):
                raise ReportError("a plot has no alternative text; show it with reporting.plots.show")
            content = data[mime].encode() if suffix == "svg" else base64.b64decode(data[mime])
            return _image(content, mime, suffix, about, media)
    if "text/markdown" in data:
        return data["text/markdown"]
    if "text/html" in data:  # such as a data frame: through pandoc, so that the PDF has it too
        return pypandoc.convert_text(data["text/html"], "markdown-raw_html-fenced_divs", format="html")
    text = data.get("text/plain", "")
    return _verbatim(text) if text else ""


def _verbatim(text: str, language: str = "") -> str:
    """Text as a block of code, in a fence that is longer than any within it."""
    fence = "~" * max(5, *(len(run) + 1 for run in re.findall("~+", text + "~")))
    return f"{fence}{language}\n{text}\n{fence}"


def _image(content: bytes, mime: str, suffix: str, about: dict[str, str], media: Path | None) -> str:
    words = about.get("caption", "")
    caption = escaped(words)
    if media is not None:
        source = f"plot-{len(list(media.glob('plot-*'))) + 1}.{suffix}"
        (media / source).write_bytes(content)
    else:
        source = f"data:{mime};base64,{base64.b64encode(content).decode()}"
        if about.get("data"):
            table = f"data:text/csv;charset=utf-8;base64,{base64.b64encode(about['data'].encode()).decode()}"
            name = "-".join(re.findall(r"[a-z0-9]+", words.lower())[:6])  # its first words
            caption += f' [Data as CSV]({table}){{.data download="{name}.csv"}}'
    return f"![{caption}]({source}){{alt={quoted(about['alt'])}}}"


# -- what readers get ----------------------------------------------------------------------------------


def _converted(
    notebook: nbformat.NotebookNode,
    text: str,
    to: str,
    template: str,
    *options: str,
    head: str = "",
    **variables: str,
) -> str:
    """The document in another format, in one of our templates, which has places for `variables`.

    pandoc takes its arguments, and the names of files, for text of the machine's locale. So whatever may be
    in another alphabet reaches it in files, which have plain names in the folder where it works. Raises
    ReportError for a glyph that is missing, and for a character that was lost on the way.
    """
    try:
        fonts.require_glyphs(text)
    except ValueError as error:
        raise ReportError(str(error)) from None
    version = importlib.metadata.version("bay-and-old-area")
    title = title_of(notebook)
    settings = {
        "standalone": True, "wrap": "none", "syntax-highlighting": "none",
        "filters": [{"type": "lua", "path": "report.lua"}], "template": template,
        "include-in-header": ["head.html"] if head else [], "metadata": {"title": title},
        "variables": {"subtitle": SUBTITLE, "version": version, **variables},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        ours = ("report.lua", template)
        files = {name: (REPORT_ASSETS / name).read_text(encoding="utf-8") for name in ours}
        files |= {"head.html": head, "settings.yaml": json.dumps(settings, ensure_ascii=False)}
        for name, content in files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        given = ["--defaults=settings.yaml", "--data-dir=.", *options]
        made = pypandoc.convert_text(text, to, format=_MARKDOWN, extra_args=given, cworkdir=folder)
    if _LOST in made and _LOST not in text + title:
        raise ReportError(f"pandoc lost a character of the {to} page; set a locale of UTF-8, such as C.UTF-8")
    return made


def to_html(notebook: nbformat.NotebookNode) -> str:
    """An executed notebook as one HTML page that needs nothing else, and runs no script but ours.

    Raises ReportError.
    """
    text = notebook_document(notebook)
    style = fonts.font_face(text) + (REPORT_ASSETS / "report.css").read_text(encoding="utf-8")
    words = {
        "scales": {word: int(factor) for word, factor in SCALE_WORDS.items()},
        "qualifiers": [word for word in QUALIFIER_WORDS.values() if word],
    }
    script = (REPORT_ASSETS / "report.js").read_text(encoding="utf-8").rstrip()
    script = f"const WORDS = {json.dumps(words)};\n{script}"
    page = _converted(
        notebook, text, "html5", "report.html", "--mathml", "--toc", "--toc-depth=2",
        head=f"<style>{style}</style>", script=script,
        digest=base64.b64encode(hashlib.sha256(f"\n{script}\n".encode()).digest()).decode(),
    )  # fmt: skip
    return page.replace("\r\n", "\n")


def to_typst(notebook: nbformat.NotebookNode, folder: Path) -> Path:
    """An executed notebook as typst source with its plots, in `folder`. Raises ReportError."""
    text = notebook_document(notebook, folder)
    source = _converted(notebook, text, "typst", "report.typ")
    file = folder / "report.typ"
    file.write_text(source, encoding="utf-8")
    return file


def to_pdf(notebook: nbformat.NotebookNode) -> bytes:
    """An executed notebook as a tagged PDF with live links and embedded fonts. Raises ReportError.

    A link to evidence that is not there, and any warning of typst, such as a missing font, is an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = to_typst(notebook, Path(folder))
        try:
            options: Any = {"root": folder, "font_paths": [REPORT_ASSETS], "pdf_standards": ["ua-1"]}
            content, warnings = typst.compile_with_warnings(source, ignore_system_fonts=True, **options)
        except typst.TypstError as error:
            raise ReportError(f"typst: {error}") from None
    if warnings:
        raise ReportError("typst: " + "; ".join(str(warning) for warning in warnings))
    return content


def export_pages(notebook: Path, folder: Path) -> list[Path]:
    """Write the HTML page and the PDF of an executed notebook into `folder`; returns both paths.

    Neither file changes unless both could be made. Raises ReportError, and OSError if one cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = nbformat.read(notebook, as_version=4)
    made = {".html": to_html(content).encode("utf-8"), ".pdf": to_pdf(content)}
    for suffix, page in made.items():
        replace_file(folder / (notebook.stem + suffix), page)
    return [folder / (notebook.stem + suffix) for suffix in made]


class _ReportExporter(Exporter):
    """An exporter whose output `make` makes of an executed notebook."""

    make: Callable[[nbformat.NotebookNode], str | bytes]

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The output, and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        return self.make(notebook), resources


class ReportHTMLExporter(_ReportExporter):
    """nbconvert's `report_html`: one offline page with contents, folded code and evidence."""

    export_from_notebook, output_mimetype, file_extension = "Report (HTML)", "text/html", ".html"
    make = staticmethod(to_html)


class ReportPDFExporter(_ReportExporter):
    """nbconvert's `report_pdf`: a tagged PDF from pandoc and typst, both in wheels."""

    export_from_notebook, output_mimetype, file_extension = "Report (PDF)", "application/pdf", ".pdf"
    make = staticmethod(to_pdf)
