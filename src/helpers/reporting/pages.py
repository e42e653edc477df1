"""Executed notebooks to HTML, through an exporter of nbconvert.

HTML and PDF (`paper`) come from one Markdown document that `notebook_document` writes of a notebook, so that
they say the same: pandoc makes HTML of it with MathML, and typst's source; `assets/report.lua` adapts
pandoc's tree to each. Both are one file that needs no network, and the same notebook gives the same bytes.

    jupyter nbconvert --to report_html reports/notebooks/07_findings.ipynb
"""

import base64
import hashlib
import html
import importlib.metadata
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import mistune
import nbformat
import pypandoc
from nbconvert.exporters import Exporter

from ..notebooks import NOTEBOOKS
from ..vocabulary import QUALIFIER_WORDS, SCALE_WORDS
from . import fonts, panel, svg
from .numbers import escaped, quoted

SUBTITLE = (
    "Numbers of press articles on Ganzhou, the former Central Soviet Area, Zhaoqing, Guangdong and the "
    "Greater Bay Area, each traced to where it was printed"
)
_MARKDOWN = "markdown+gfm_auto_identifiers-citations-tex_math_double_backslash-task_lists"
_STYLES = ("page.css", "verdicts.css", "plots.css", "tables.css", "panel.css")
_PRINT = "print.css"  # after all other styles
_SCRIPTS = ("page.js", "contents.js", "tables.js", "packing.js", "panel.js")
_START = "start.js"  # after all other scripts
MORE_PAGES = {"facts": "All facts", "what_if": "What if"}  # pages that are no notebook, and their titles
IN_JUPYTERLAB = "in-jupyterlab"  # the tag of a cell for who opens the notebook, which no page shows
_ID_AGAIN = re.compile(r'(<a class="number") data-id="([^"]+)"(?= href="#evidence-\2")')
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
    if cell.cell_type == "markdown" and IN_JUPYTERLAB not in cell.metadata.get("tags", []):
        yield cell.source
    if cell.cell_type == "code":
        if cell.source.strip():
            if cell.execution_count is None:
                raise ReportError("a cell has not been run; run the notebook before it is exported")
            if media is None and not cell.source.startswith("%%"):  # what a magic was told is shown itself
                code = _verbatim(cell.source, " python")
                yield f'<details class="code">\n<summary>Code</summary>\n\n{code}\n\n</details>'
        for output in cell.outputs:
            yield output_document(output, media)


def output_document(output: nbformat.NotebookNode, media: Path | None = None) -> str:
    """One output of a cell as Markdown; `media` and errors are as in `notebook_document`."""
    if output.output_type == "error":
        raise ReportError(f"a cell failed: {output.ename}: {output.evalue}")
    if output.output_type == "stream":
        return _verbatim(output.text.rstrip()) if output.name == "stdout" else ""
    data, meta = output.data, output.get("metadata", {})
    if panel.EVIDENCE in data:  # a page has it in its panel, paper at its end
        return ""
    for mime, suffix in (("image/svg+xml", "svg"), ("image/png", "png")):
        if mime in data:
            about = meta.get(mime) or {}
            if not about.get("alt"):
                raise ReportError("a plot has no alternative text; show it with reporting.plots.show")
            if about.get("narrow"):
                return _plot(data[mime], about, media)
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
    caption = escaped(about.get("caption", ""))
    if media is not None:
        source = f"plot-{len(list(media.glob('plot-*'))) + 1}.{suffix}"
        (media / source).write_bytes(content)
    else:
        source = f"data:{mime};base64,{base64.b64encode(content).decode()}"
        caption += _data_link(about)
    return f"![{caption}]({source}){{alt={quoted(about['alt'])}}}"


def _plot(wide: str, about: dict[str, str], media: Path | None) -> str:
    """A plot of `plots.show`: in the page as text and lines in both widths, in a PDF the wide one.

    `assets/report.lua` makes a numbered figure of it.
    """
    if media is not None:
        return _image(svg.plain(wide).encode(), "image/svg+xml", "svg", about, media)
    both = "".join(
        f'<svg class="{name}" aria-hidden="true" {drawn.removeprefix("<svg ").strip()}'
        for name, drawn in (("wide", wide), ("narrow", about["narrow"]))
    )
    inner = f'<div class="plot" role="img" aria-label={quoted(about["alt"])}>{both}</div>'
    fence = "`" * 6
    caption = escaped(about.get("caption", "")) + _data_link(about)
    return f"::: {{.picture}}\n{fence}{{=html}}\n{inner}\n{fence}\n\n{caption}\n:::"


def _data_link(about: dict[str, str]) -> str:
    """A link that downloads the data of a plot, named after its title or the first words of its caption."""
    if not about.get("data"):
        return ""
    table = f"data:text/csv;charset=utf-8;base64,{base64.b64encode(about['data'].encode()).decode()}"
    words = about.get("title") or about.get("caption", "")
    name = "-".join(re.findall(r"[a-z0-9]+", words.lower())[:6])
    return f' [Data as CSV]({table}){{.data download="{name}.csv"}}'


# -- what readers get ----------------------------------------------------------------------------------


def converted(
    notebook: nbformat.NotebookNode,
    text: str,
    to: str,
    template: str,
    *options: str,
    head: str = "",
    **variables: Any,
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
    version, title = importlib.metadata.version("bay-and-old-area"), title_of(notebook)
    subtitle = notebook.metadata.get("subtitle", SUBTITLE)
    settings = {
        "standalone": True, "wrap": "none", "syntax-highlighting": "none",
        "filters": [{"type": "lua", "path": "report.lua"}], "template": template,
        "include-in-header": ["head.html"] if head else [], "metadata": {"title": title},
        "variables": {"subtitle": subtitle, "version": version, **variables},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        ours = ("report.lua", template)
        files = {name: fonts.asset(name) for name in ours}
        files |= {"head.html": head, "settings.yaml": json.dumps(settings, ensure_ascii=False)}
        for name, content in files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        given = ["--defaults=settings.yaml", "--data-dir=.", *options]
        made = pypandoc.convert_text(text, to, format=_MARKDOWN, extra_args=given, cworkdir=folder)
    if _LOST in made and _LOST not in text + title:
        raise ReportError(f"pandoc lost a character of the {to} page; set a locale of UTF-8, such as C.UTF-8")
    return made


def short_title(name: str) -> str:
    """What links call a notebook, from its name: `03_growth` is Growth."""
    return re.sub(r"^\d+_", "", name).replace("_", " ").capitalize()


def _ways(name: str) -> dict[str, list[dict[str, Any]]]:
    """The links of a page to all others, and to the one before and after it; `name` is without its ending."""
    books = list(NOTEBOOKS)
    every = {book: short_title(book) for book in books} | MORE_PAGES
    site = [
        {"href": f"{page}.html", "title": title} | ({"here": True} if page == name else {})
        for page, title in every.items()
    ]
    if name not in books:
        return {"site": site}
    here = books.index(name)
    around = [("prev", f"‹ {every[books[here - 1]]}", books[here - 1])] if here else []
    around += [("next", f"{every[book]} ›", book) for book in books[here + 1 : here + 2]]
    return {
        "site": site,
        "around": [{"rel": rel, "title": title, "href": f"{book}.html"} for rel, title, book in around],
    }


def to_html(
    notebook: nbformat.NotebookNode,
    findings: Iterable[Mapping[str, Any]] = (),
    name: str = "",
    styles: Iterable[str] = (),
    scripts: Iterable[str] = (),
    **data: object,
) -> str:
    """An executed notebook as one HTML page that needs nothing else, and runs no script but ours.

    `findings` are those that its evidence may name, as of `executed.linked_findings`; `name` is that of the
    page, for its links to others. A page that has no contents may come with `styles`, `scripts` and `data`
    of its own, which its scripts find as JSON by their names. Raises ReportError.
    """
    text, facts = notebook_document(notebook), panel.facts_of(notebook)
    if facts:
        data = {"facts": panel.panel_data(facts, panel.articles_of(notebook), findings)} | data
    blocks = "\n".join(panel.data_block(key, content) for key, content in data.items())
    style = fonts.font_face(text + blocks) + fonts.asset(*_STYLES, *styles, _PRINT)
    script = _script([*_SCRIPTS, *scripts, _START])
    page = converted(
        notebook, text, "html5", "report.html", "--mathml", "--toc", "--toc-depth=2",
        head=f"<style>{style}</style>", script=script, digest=_digest(script),
        evidence=panel.static_list(facts, panel.linked(text)), data=blocks, contents=not styles,
        **_ways(name),
    )  # fmt: skip
    # a link says its id once: half of a table is links
    return _ID_AGAIN.sub(r"\1", page.replace("\r\n", "\n"))


def _script(names: Iterable[str]) -> str:
    """Scripts of the assets as one, after the words that tables need."""
    words = {
        "scales": {word: int(factor) for word, factor in SCALE_WORDS.items()},
        "qualifiers": [word for word in QUALIFIER_WORDS.values() if word],
    }
    return f'"use strict";\nconst WORDS = {json.dumps(words)};\n{fonts.asset(*names)}'.rstrip()


def _digest(script: str) -> str:
    """What a Content-Security-Policy names a script by, as it stands on its lines within a page."""
    return base64.b64encode(hashlib.sha256(f"\n{script}\n".encode()).digest()).decode()


def bare_page(
    name: str,
    title: str,
    subtitle: str,
    body: str,
    styles: Iterable[str],
    scripts: Iterable[str],
    data: Mapping[str, object],
) -> str:
    """A page that no notebook makes: offline, in one file, and running no script but ours.

    `name` is that of the page without its ending, `body` is HTML, `title` and `subtitle` are text; `styles`
    and `scripts` name files of the assets, which follow those of every page. `data` are blocks of JSON by the
    id under which scripts find them. Raises ReportError for a Chinese character that the font does not have.
    """
    blocks = "\n".join(panel.data_block(key, content) for key, content in data.items())
    try:
        fonts.require_glyphs(title + subtitle + body + blocks)
    except ValueError as error:
        raise ReportError(str(error)) from None
    script = _script(["page.js", *scripts])
    sheets = fonts.asset("page.css", "verdicts.css", *styles, _PRINT)
    style = fonts.font_face(title + subtitle + body + blocks) + sheets
    site = "\n".join(
        f'<li><a href="{one["href"]}"{" aria-current=page" if "here" in one else ""}>{one["title"]}</a></li>'
        for one in _ways(name)["site"]
    )
    parts = {
        "title": html.escape(title), "subtitle": html.escape(subtitle), "body": body, "data": blocks,
        "style": style, "script": script, "digest": _digest(script), "site": site,
        "version": importlib.metadata.version("bay-and-old-area"),
    }  # fmt: skip
    return re.sub(r"\$(\w+)\$", lambda match: parts[match[1]], fonts.asset("bare.html"))


class NotebookExporter(Exporter):
    """An exporter whose output `make` makes of an executed notebook."""

    make: Callable[[nbformat.NotebookNode], str | bytes]

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """The output, and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        return self.make(notebook), resources


class ReportHTMLExporter(NotebookExporter):
    """nbconvert's `report_html`: one offline page with contents, folded code and evidence."""

    export_from_notebook, output_mimetype, file_extension = "Report (HTML)", "text/html", ".html"
    make = staticmethod(to_html)
