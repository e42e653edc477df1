"""Pages of executed notebooks, as a run makes them.

    python -m helpers.running.exports build 05_findings
    python -m helpers.running.exports build

The first makes the page and the PDF of one executed notebook of the build folder, the second the front page.
"""

import sys
from pathlib import Path

from ..corpus.faults import BadInput
from . import jobs


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when the pages are made, 1 with the reason on stderr when they cannot be."""
    folder, *names = sys.argv[1:] if arguments is None else arguments
    build = Path(folder)
    jobs.skip_address_grammar()
    # imported here: it imports nbformat, for which the grammar must have been spared
    from ..reporting import pages

    try:
        for name in names:
            pages.export_pages(build / "notebooks" / f"{name}.ipynb", build / "reports")
        if not names:
            _front_page(build)
    except (pages.ReportError, BadInput, OSError) as error:
        print(f"{names[0] if names else 'The front page'}: {error}", file=sys.stderr)
        return 1
    return 0


def _front_page(build: Path) -> None:
    from .. import corpus, paths
    from ..corpus import schema
    from ..corpus.processed import read_checks, read_processed, read_statistics
    from ..reporting.frontpage import export_front_page
    from ..reporting.prose import Report

    raw, processed = corpus.load(paths.RAW), build / "processed"
    report = Report(
        raw,
        figures=read_processed(schema.FIGURES, processed),
        derived=read_processed(schema.DERIVED, processed),
        checks=read_checks(processed),
        coverage=read_processed(schema.COVERAGE, processed),
        statistics=read_statistics(processed, "transcription_statistics", "check_statistics"),
    )
    profiles = jobs.profiled_entities(raw)
    export_front_page(report, profiles, build / "notebooks", processed, build / "reports")


if __name__ == "__main__":
    raise SystemExit(main())
