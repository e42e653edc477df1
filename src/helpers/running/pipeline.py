"""The whole run: one at a time in a checkout, and what a killed or failed one has left never counts.

    python -m helpers.running.pipeline --cores 2

Snakemake decides what is to be done; arguments are Snakemake's. Its jobs work in the build folder. When it
has ended, well or not, what finished jobs made is published: put in its place, file by file and each file
whole. So a job that fails, or a disk that is full, leaves the last good version of each file, and a published
file that was deleted or edited by hand is mended. Beyond that: a run waits until another one has ended, and
is never held up by one that was killed; of a killed run, processes that are still alive cannot write any more
(`files.pen`).
"""

import logging
import os
import sys
import uuid
from pathlib import Path

import filelock
from snakemake import cli

from .. import paths
from ..corpus import BadInput
from ..corpus.files import RUN, UNFINISHED, replace_file
from . import jobs


def run(arguments: list[str]) -> int:
    """Run Snakemake on the checkout with `arguments` once no other run is at work, and publish what is
    finished.

    Returns Snakemake's exit status, or 1 if something could not be published; why is said on stderr. Raises
    OSError where the checkout cannot be written.
    """
    paths.STATE.mkdir(exist_ok=True)
    # the system frees it when this process ends, however it ends
    lock = filelock.FileLock(paths.STATE / "run.lock")
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        print("Another run is at work in this checkout; waiting for it to end.", file=sys.stderr, flush=True)
        lock.acquire(poll_interval=0.5)
    with lock:
        begin()
        logging.raiseExceptions = False  # no traceback for each line that a full disk keeps out of a log
        os.chdir(paths.ROOT)
        # jobs and kernels, which work in other folders, take this Python and these modules
        _put_first("PATH", Path(sys.executable).parent)
        _put_first("PYTHONPATH", paths.ROOT / "src")
        status = 0
        try:
            cli.main(
                ["--quiet", "rules", "host", "--nolock", "--rerun-incomplete", "--keep-going", *arguments]
            )
        except SystemExit as ended:
            status = int(ended.code or 0)
        except KeyboardInterrupt:  # before the first job; after it, Snakemake itself stops them
            return 130
        troubles = publish()
        for trouble in troubles:
            print(trouble, file=sys.stderr)
        return status or int(bool(troubles))


def _put_first(variable: str, folder: Path) -> None:
    """Let processes that this one starts look in `folder` before all others that the variable names."""
    others = os.environ.get(variable)
    os.environ[variable] = f"{folder}{os.pathsep}{others}" if others else str(folder)


def begin() -> None:
    """Make this process and its children the only ones of any run that may write, and sweep up what others
    left.
    """
    name = uuid.uuid4().hex
    with filelock.FileLock(paths.STATE / "pen.lock"):
        paths.RUN.write_text(name, encoding="ascii")
        for folder in (paths.RAW, paths.PROCESSED, paths.REPORTS, paths.BUILD):
            for left in folder.rglob(f".*{UNFINISHED}"):
                left.unlink()
    os.environ[RUN] = name


def publish() -> list[str]:
    """Copy each file that a finished job left in the build folder to its place, unless it is there already.

    Of a job that did not finish nothing is published. Returns what could not be put in its place, and why.
    """
    try:
        names = jobs.names()
    except BadInput:  # Snakemake has said so, and has begun nothing
        return []
    outputs = (jobs.run_outputs, jobs.export_outputs)
    left = [output(name) for name in names for output in outputs] + [jobs.front_outputs()]
    troubles = []
    for files in left:
        if all(file.is_file() for file in files):
            for file in files:
                place, content = _place(file), file.read_bytes()
                try:
                    if not place.is_file() or place.read_bytes() != content:
                        place.parent.mkdir(parents=True, exist_ok=True)
                        replace_file(place, content)
                except OSError as error:
                    troubles.append(str(error))
    return troubles


def _place(file: Path) -> Path:
    """Where a file of the build folder is published."""
    folder, *rest = file.relative_to(paths.BUILD).parts
    places = {
        "processed": paths.PROCESSED,
        "reports": paths.REPORTS,
        "notebooks": paths.REPORTS / "notebooks",
    }
    return places[folder].joinpath(*rest)


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0 when all is made."""
    try:
        return run(sys.argv[1:] if arguments is None else arguments)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
