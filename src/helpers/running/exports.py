"""Pages of executed notebooks, as a run makes them.

    python -m helpers.running.exports build 07_findings
    python -m helpers.running.exports build bay-and-old-area
    python -m helpers.running.exports build

The first makes the page and the PDF of one executed notebook of the build folder, the second one PDF of all
notebooks, the third the front page.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from ..corpus.faults import BadInput
from ..corpus.files import replace_file
from . import jobs, records, surroundings


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when the pages are made, 1 with the reason on stderr when they cannot be."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.running.exports", description=surroundings.purpose(__doc__)
    )
    parser.add_argument("build", type=Path, help="the folder of a run, such as build")
    parser.add_argument(
        "name", nargs="?", help="an executed notebook, or that of the book; the front page if there is none"
    )
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
    """Make the pages of a notebook, the book or the front page, and record them if a run has planned them."""
    from ..notebooks import BOOK

    inputs = jobs.exporters(front=not name)
    before = records.digests(inputs) if planned else {}
    if planned:
        records.require_planned(before, planned)
    if name == BOOK:
        _book(build)
    elif name:
        _pages(build, name)
    else:
        _front_page(build)
    if planned:
        records.require_unedited(before, inputs)
        made = {None: jobs.front_outputs, BOOK: jobs.book_outputs}.get(name)
        records.record(made() if made else jobs.export_outputs(str(name)))


def _pages(build: Path, name: str) -> None:
    import nbformat

    from ..notebooks import FINDINGS
    from ..reporting.executed import linked_findings
    from ..reporting.pages import to_html
    from ..reporting.paper import to_pdf

    notebook, concluding = (build / "notebooks" / f"{book}.ipynb" for book in (name, FINDINGS))
    _require_notebook(notebook)
    known = concluding.exists()  # in a run it always does
    findings = linked_findings(nbformat.read(concluding, as_version=4)) if known else []
    content, folder = nbformat.read(notebook, as_version=4), build / "reports"
    made = {".html": to_html(content, findings, name).encode("utf-8"), ".pdf": to_pdf(content)}
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, page in made.items():  # neither changes unless both could be made
        replace_file(folder / (name + suffix), page)


def _book(build: Path) -> None:
    import nbformat

    from .. import corpus, paths
    from ..corpus import schema
    from ..corpus.processed import read_checks, read_processed
    from ..notebooks import BOOK, FINDINGS, NOTEBOOKS
    from ..reporting.paper import to_book

    books = {}
    for name in sorted(NOTEBOOKS, key=lambda name: name != FINDINGS):
        file = build / "notebooks" / f"{name}.ipynb"
        _require_notebook(file)
        books[name] = nbformat.read(file, as_version=4)
    counts = [
        (str(len(corpus.load(paths.RAW).articles)), "articles"),
        (str(len(read_processed(schema.FIGURES, build / "processed"))), "figures that they print"),
        (str(read_checks(build / "processed").claim_id.nunique()), "claims tested"),
    ]
    replace_file(build / "reports" / f"{BOOK}.pdf", to_book(books, counts))


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
    import nbformat

    from .. import corpus, paths
    from ..corpus import schema
    from ..corpus.processed import read_checks, read_processed, read_statistics
    from ..notebooks import FINDINGS, NOTEBOOKS, STATISTICS_TABLES
    from ..reporting.executed import findings, linked_findings
    from ..reporting.facts_page import export_facts_page
    from ..reporting.frontpage import export_front_page
    from ..reporting.prose import Report
    from ..reporting.what_if_page import export_what_if, what_if_page

    for name in NOTEBOOKS:
        _require_notebook(build / "notebooks" / f"{name}.ipynb")
    raw, processed = corpus.load(paths.RAW), build / "processed"
    figures, derived = (read_processed(table, processed) for table in (schema.FIGURES, schema.DERIVED))
    checks = read_checks(processed)
    report = Report(
        raw,
        figures=figures,
        derived=derived,
        checks=checks,
        coverage=read_processed(schema.COVERAGE, processed),
        statistics=read_statistics(processed, *STATISTICS_TABLES),
    )
    profiles = jobs.profiled_entities(raw)
    book = nbformat.read(build / "notebooks" / f"{FINDINGS}.ipynb", as_version=4)
    page = what_if_page(raw, figures, derived, checks, findings(book))
    power = read_processed(schema.POWERS, processed)
    export_front_page(report, raw, profiles, build / "notebooks", processed, build / "reports", power)
    export_facts_page(raw, report.known, linked_findings(book), build / "reports")
    export_what_if(page, build / "reports")


if __name__ == "__main__":
    raise SystemExit(main())
