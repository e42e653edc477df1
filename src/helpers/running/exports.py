"""Pages of executed notebooks, as a run makes them.

    python -m helpers.running.exports build 07_findings
    python -m helpers.running.exports build

The first makes the page and the PDF of one executed notebook of the build folder, the second the front page.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from ..corpus.faults import BadInput
from . import jobs, records, surroundings


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when the pages are made, 1 with the reason on stderr when they cannot be."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.running.exports", description=surroundings.purpose(__doc__)
    )
    parser.add_argument("build", type=Path, help="the folder of a run, such as build")
    parser.add_argument("name", nargs="?", help="an executed notebook; the front page if there is none")
    parser.add_argument("--planned", default="", metavar="SHA256", help="what a run expects of its inputs")
    given = parser.parse_args(arguments)
    surroundings.text_streams()
    jobs.skip_address_grammar()
    # imported here: it imports nbformat, for which the grammar must have been spared
    from ..reporting.pages import ReportError

    try:
        with tempfile.TemporaryDirectory() as folder, surroundings.alone(Path(folder)):
            _export(given.build, given.name, given.planned)
    except (ReportError, BadInput, records.Edited, OSError) as error:
        print(f"{given.name or 'The front page'}: {error}", file=sys.stderr)
        return 1
    return 0


def _export(build: Path, name: str | None, planned: str) -> None:
    """Make the pages of a notebook, or the front page, and record them if a run has planned them."""
    inputs = jobs.exporters(front=not name)
    before = records.digests(inputs) if planned else {}
    if planned:
        records.require_planned(before, planned)
    if name:
        _pages(build, name)
    else:
        _front_page(build)
    if planned:
        records.require_unedited(before, inputs)
        records.record(jobs.export_outputs(name) if name else jobs.front_outputs())


def _pages(build: Path, name: str) -> None:
    from ..reporting import pages

    notebook = build / "notebooks" / f"{name}.ipynb"
    _require_notebook(notebook)
    pages.export_pages(notebook, build / "reports")


def _require_notebook(file: Path) -> None:
    """Raise ReportError for a file that is no notebook."""
    import nbformat

    from ..reporting.pages import ReportError

    try:
        nbformat.validate(nbformat.read(file, as_version=4))
    except OSError as error:
        raise ReportError(f"{file}: {error.strerror or error}") from None
    except Exception as error:  # nbformat has no error of its own for most of what it stumbles over
        why = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ReportError(f"{file}: cannot be read as a notebook: {why}") from None


def _front_page(build: Path) -> None:
    from .. import corpus, paths
    from ..corpus import schema
    from ..corpus.processed import read_checks, read_processed, read_statistics
    from ..notebooks import NOTEBOOKS, STATISTICS_TABLES
    from ..reporting.frontpage import export_front_page
    from ..reporting.prose import Report

    for name in NOTEBOOKS:
        _require_notebook(build / "notebooks" / f"{name}.ipynb")
    raw, processed = corpus.load(paths.RAW), build / "processed"
    report = Report(
        raw,
        figures=read_processed(schema.FIGURES, processed),
        derived=read_processed(schema.DERIVED, processed),
        checks=read_checks(processed),
        coverage=read_processed(schema.COVERAGE, processed),
        statistics=read_statistics(processed, *STATISTICS_TABLES),
    )
    profiles = jobs.profiled_entities(raw)
    export_front_page(report, profiles, build / "notebooks", processed, build / "reports")


if __name__ == "__main__":
    raise SystemExit(main())
