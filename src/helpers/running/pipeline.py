"""The whole run: one at a time in a checkout, and what a killed or failed one has left never counts.

    python -m helpers.running.pipeline --cores 2

Snakemake decides what is to be done; arguments are Snakemake's. Its jobs work in the build folder; what is
there and no longer as a job left it is removed first, so that it is made again. When Snakemake has ended,
well or not, what finished jobs made is published: put in its place, file by file and each file whole. So a
job that fails, or a disk that is full, leaves the last good version of each file, and a published file that
was deleted or edited by hand is mended. Beyond that: a run waits until another one has ended, and is never
held up by one that was killed; of a killed run, processes that are still alive cannot write any more
(`files.pen`).
"""

import argparse
import logging
import os
import re
import sys
import tempfile
import uuid
from pathlib import Path

import filelock
from snakemake import cli

from .. import paths
from ..corpus import BadInput
from ..corpus.faults import shown
from ..corpus.files import RUN, UNFINISHED, replace_file
from . import jobs, records, surroundings

OPTIONS = [
    *("--quiet", "rules", "host"),
    "--nolock",
    "--rerun-incomplete",
    "--keep-going",
    *("--max-checksum-file-size", "1000000000"),  # of a larger file the date decides
    *("--workflow-profile", "none"),  # settings of the user count only if an argument asks for them
]
ASKING = {"--help", "-h", "--version", "-v", "--dry-run", "--dryrun", "-n"}  # of a run that makes nothing


def run(arguments: list[str]) -> int:
    """Run Snakemake on the checkout with `arguments` once no other run is at work, and publish what is
    finished.

    Returns Snakemake's exit status, or 1 if something could not be published; why is said on stderr. A run
    that only asks, such as a dry one, publishes nothing. Raises OSError where the checkout cannot be written.
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
        _remove_spoilt()
        status = 0
        try:
            with tempfile.TemporaryDirectory() as folder, surroundings.alone(Path(folder)):
                cli.main([*OPTIONS, *arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        except KeyboardInterrupt:  # before the first job; after it, Snakemake itself stops them
            return 130
        troubles = [] if ASKING.intersection(arguments) else publish()
        for trouble in troubles:
            print(trouble, file=sys.stderr)
        return status or int(bool(troubles))


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


def _remove_spoilt() -> None:
    """Remove from the build folder what is not as a job wrote it, and say so."""
    spoilt = [str(shown(file)) for files in _all_outputs() for file in records.remove_spoilt(files)]
    if spoilt:
        more = f" and {len(spoilt) - 3} more" if len(spoilt) > 3 else ""
        names = ", ".join(spoilt[:3]) + more
        print(f"Not as a run has left it, so made again: {names}", file=sys.stderr, flush=True)


def _all_outputs() -> list[list[Path]]:
    try:
        return jobs.all_outputs(jobs.names())
    except BadInput:  # Snakemake says so, and begins nothing
        return []


def publish() -> list[str]:
    """Copy each file that a finished job left in the build folder to its place, unless it is there already.

    Of a job that did not finish, or whose files are not as it left them, nothing is published. Returns what
    could not be put in its place, and why.
    """
    troubles = []
    for files in _all_outputs():
        if records.stands(files):
            troubles += _put_in_place(files)
        elif records.record_of(files).is_file() and all(file.is_file() for file in files):
            troubles.append(
                f"{shown(files[0])}, or what was made with it, was edited meanwhile; run it again"
            )
    _withdraw_old()
    return troubles


def _withdraw_old() -> None:
    """Remove published pages of notebooks and entities that are gone: their numbers would be old ones."""
    published = {_place(file) for files in _all_outputs() for file in files}
    for folder in (paths.REPORTS, paths.REPORTS / "notebooks") if published else ():
        for file in [*folder.glob("profile_*"), *folder.glob("[0-9][0-9]_*")]:
            if file not in published:
                file.unlink()


def _put_in_place(files: list[Path]) -> list[str]:
    """Copy the files of the build folder to their places; returns why one could not be."""
    troubles = []
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


def _require_cores(arguments: list[str]) -> None:
    """Raise ValueError for a number of cores with which Snakemake would wait for ever, or that is none."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--cores", "-c", "--jobs", "-j", dest="cores", nargs="?", const="", action="append")
    until = arguments.index("--") if "--" in arguments else len(arguments)
    for cores in parser.parse_known_args(arguments[:until])[0].cores or []:
        if cores not in ("all", "unlimited") and not re.fullmatch("0*[1-9][0-9]*", cores):
            raise ValueError(f"the number of cores is {cores or 'empty'}; it must be 1 or more, or all")


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 0 when all is made."""
    surroundings.text_streams()
    given = sys.argv[1:] if arguments is None else arguments
    try:
        _require_cores(given)
        return run(given)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
