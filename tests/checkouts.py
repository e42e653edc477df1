"""Copies of the checkout, runs in them, and what several tests look at made once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from helpers import paths
from helpers.corpus.files import RUN

COPIED = ["Snakefile", "pyproject.toml", "notebooks", "data", "src"]
LEFT = ["build", "reports", ".snakemake"]  # by runs


def copy(folder: Path) -> Path:
    """The checkout without texts and without what a run has left in it, in `folder`."""
    for name in COPIED:
        source = paths.ROOT / name
        ignore = shutil.ignore_patterns("__pycache__", "articles", ".ipynb_checkpoints")
        shutil.copytree(source, folder / name, ignore=ignore) if source.is_dir() else shutil.copy(
            source, folder / name
        )
    return folder


def copy_of_all(folder: Path) -> Path:
    """The checkout with texts and with what its last run has left, in `folder`: the next run there goes on."""
    copy(folder)
    for name in ("data/raw/articles", *LEFT):
        if (paths.ROOT / name).exists():
            shutil.copytree(paths.ROOT / name, folder / name, symlinks=True)
    return folder


def twin(made: Path, folder: Path) -> Path:
    """A copy of a copy with all that runs have left in it, for a test that edits."""
    return shutil.copytree(made, folder, symlinks=True)


def start(folder: Path, *targets: str, options=()) -> subprocess.Popen:
    """A run in a copy with the helpers of that copy, in a process group of its own.

    What it says goes to `said` there.
    """
    environment = {name: value for name, value in os.environ.items() if name != RUN}
    with open(folder / "said", "ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "helpers.running.pipeline", *options, "--cores", "2", "--", *targets],
            cwd=folder,
            env=environment | {"PYTHONPATH": "src"},  # as people may type it there
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def run(folder: Path, *targets: str, options=(), status: int = 0) -> str:
    """A run in a copy to its end, which must have that exit status; returns what it said."""
    (folder / "said").unlink(missing_ok=True)
    ended = start(folder, *targets, options=options).wait()
    said = (folder / "said").read_text(encoding="utf-8")
    assert ended == status, said
    return said


def contents(folder: Path, *places: str) -> dict[str, bytes]:
    """Every file that runs make in a copy, or in those `places` of it, by its path."""
    places = places or ("reports", "data/processed", "build")
    kept = [p for place in places for p in (folder / place).rglob("*") if p.is_file()]
    return {str(p.relative_to(folder)): p.read_bytes() for p in kept}


def published(folder: Path) -> dict[str, bytes]:
    """What people see of a run: reports and processed tables, but for notebooks that failed."""
    return {n: c for n, c in contents(folder, "reports", "data/processed").items() if "/failed/" not in n}


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills once in a session, whichever worker of pytest-xdist is the first to ask.

    Whoever asks meanwhile waits. If it could not be made, the test fails, and so do the later ones at once.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each worker has a folder of its own in that of the session
        shared = shared.parent
    folder, ended = shared / name, shared / f"{name}.ended"
    with filelock.FileLock(shared / f"{name}.lock"):
        if not ended.exists():
            folder.mkdir()
            try:
                make(folder)
            except BaseException as error:
                ended.write_text(str(error) or repr(error), encoding="utf-8")
                raise
            ended.touch()
    trouble = ended.read_text(encoding="utf-8")
    if trouble:
        pytest.fail(trouble)
    return folder
