"""The jobs of a run: what each depends on, and what it leaves.

Said once, for Snakemake, for who runs a single notebook, and for what is published after a run.
"""

import sys
from pathlib import Path
from typing import Any

from .. import corpus, paths
from ..notebooks import BOOK, DOWNLOADS, DOWNLOADS_BESIDE, FACTS, NOTEBOOKS, PROFILE, WHAT_IF

LEAST_FIGURES = 3  # that the articles print of an entity which gets a profile
_PACKAGE = Path(__file__).resolve().parents[1]
# the modules that make pages of executed notebooks, and those that make pages of all of them
_PAGES = ("reporting/pages.py", "reporting/paper.py")
_FRONT = (
    *("reporting/frontpage.py", "reporting/what_if_page.py", "reporting/model.py"),
    *("reporting/facts_page.py", "reporting/downloads.py"),
)


def profiled_entities(raw: corpus.Corpus) -> list[str]:
    """Entities of which the finished sheets print at least `LEAST_FIGURES` figures, in alphabetical order."""
    figures = raw.numerals[raw.numerals["class"] == "figure"]
    counts = figures.entity.value_counts()
    return sorted(counts.index[counts >= LEAST_FIGURES])


def names() -> list[str]:
    """All that is run, by the name of the executed notebook: the notebooks, then a profile for each entity.

    Raises BadInput where a raw table has faults, as then nobody knows which entities have a profile.
    """
    profiles = profiled_entities(corpus.load(paths.RAW))
    return [*NOTEBOOKS, *(f"profile_{entity}" for entity in profiles)]


# What a notebook and its pages depend on. An input that was forgotten here is a report that goes stale
# unnoticed, so that these lists rather hold too much.


def sources(notebook: Path) -> list[Path]:
    """The files that people edit and on which an executed notebook depends, in a fixed order.

    They are the notebook itself, the raw tables and texts, the modules that it may call and the font of its
    plots; which processed tables it reads, `NOTEBOOKS` says.
    """
    raw = [
        file
        for suffix in ("csv", "txt")
        for file in paths.RAW.rglob(f"*.{suffix}")
        # JupyterLab keeps copies of what it has open in a hidden folder
        if not any(part.startswith(".") for part in file.relative_to(paths.RAW).parts)
    ]
    return sorted({notebook, *raw, *_modules(*_PAGES, *_FRONT), *_data()})


def exporters(front: bool = False) -> list[Path]:
    """The modules and assets on which the pages of an executed notebook depend, or the front page, in a fixed
    order.
    """
    return sorted({*_modules(*(() if front else _FRONT)), *_data("assets")})


def _data(*folders: str) -> list[Path]:
    """What lies in the package beside its modules, such as the schema and the font.

    Or only what lies in `folders`.
    """
    beside = [file for file in _PACKAGE.rglob("*") if file.is_file() and file.suffix not in (".py", ".pyc")]
    return [file for file in beside if not folders or file.parent.name in folders]


def _modules(*left_out: str) -> list[Path]:
    """The modules of this package but for the commands and those that are named as left out."""
    found = {file.relative_to(_PACKAGE): file for file in _PACKAGE.rglob("*.py")}
    return [
        file
        for name, file in found.items()
        if name.parts[0] != "running" and name.as_posix() not in ("__main__.py", *left_out)
    ]


# What each job of a run leaves in the build folder. Snakemake removes all of it before the job begins, and
# the job records its digests when it ends, so that it has ended well where all is there as recorded, whatever
# was killed and when.


def all_outputs(run: list[str]) -> list[list[Path]]:
    """What each job leaves, job by job, of a run of the executed notebooks of these names."""
    outputs = (run_outputs, export_outputs)
    return [leaves(name) for name in run for leaves in outputs] + [front_outputs(), book_outputs()]


def run_outputs(name: str) -> list[Path]:
    """What running a notebook leaves: the executed notebook, which is written last, and its tables."""
    tables = NOTEBOOKS.get(name, PROFILE).writes
    return [paths.BUILD / "notebooks" / f"{name}.ipynb", *(paths.BUILD / "processed" / t for t in tables)]


def export_outputs(name: str) -> list[Path]:
    """What exporting an executed notebook leaves: its page and its PDF."""
    return [paths.BUILD / "reports" / f"{name}.{kind}" for kind in ("html", "pdf")]


def front_outputs() -> list[Path]:
    """What making the front page leaves: the page, those of all facts and of what if, tables for download."""
    folder = paths.BUILD / "reports"
    tables = [folder / "data" / f"{table}.csv" for table in (*DOWNLOADS, *DOWNLOADS_BESIDE)]
    return [folder / "index.html", folder / WHAT_IF, folder / FACTS, *tables]


def book_outputs() -> list[Path]:
    """What making the book leaves: the PDF of all notebooks."""
    return [paths.BUILD / "reports" / f"{BOOK}.pdf"]


def skip_address_grammar() -> None:
    """Let this process import nbformat without building a grammar of web addresses, which takes a second.

    jsonschema, under nbformat, builds it on import for the check of a format that notebooks do not use;
    without it that one check is left out. Commands call this before they import what imports nbformat.
    """
    modules: dict[str, Any] = sys.modules
    modules.setdefault("rfc3987_syntax", None)
