"""What a job read and what it left, by digests: content decides what is done again, not dates.

Snakemake compares the digest of what people write with that of the last run (`params` of a rule), and sees to
what was deleted. What it does not notice is that a file which a job left was changed since; so a job ends by
recording digests of all that it leaves, and files that differ from their record count for nothing.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from .. import paths
from ..corpus.files import replace_file


class Edited(RuntimeError):
    """An input that was edited while a job worked; the message names it, as far as it is known."""


def digests(files: Iterable[Path]) -> dict[str, str]:
    """The SHA-256 of each of the files that is there, by its path from the checkout."""
    return {_name(file): _sha256(file.read_bytes()) for file in files if file.is_file()}


def summed(found: dict[str, str]) -> str:
    """One SHA-256 for all of `digests`: of names, contents, and how many there are."""
    return _sha256(json.dumps(found, sort_keys=True).encode())


def require_unedited(before: dict[str, str], files: Iterable[Path]) -> None:
    """Raise Edited if the digests of the files are no longer those of `before`."""
    changed = sorted(name for name, _ in before.items() ^ digests(files).items())
    if changed:
        raise Edited(f"{changed[0]} was edited meanwhile; run it again")


def require_planned(found: dict[str, str], planned: str) -> None:
    """Raise Edited if a run that began with the digest `planned` finds other inputs now."""
    if summed(found) != planned:
        raise Edited("an input was edited since the run began; run it again")


def record_of(files: list[Path]) -> Path:
    """Where the record of what a job leaves lies; `files` are all that it leaves."""
    return paths.BUILD / "records" / f"{files[0].name}.json"


def record(files: list[Path]) -> None:
    """Record what a job has left. It is the last thing that the job does, so that a killed one has none.

    Raises OSError where that cannot be written.
    """
    file = record_of(files)
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, json.dumps(digests(files), indent=1, sort_keys=True).encode() + b"\n")


def stands(files: list[Path]) -> bool:
    """Whether all that a job leaves is there, and is what the job wrote."""
    found = digests(files)
    return len(found) == len(files) and _recorded(files) == found


def remove_spoilt(files: list[Path]) -> list[Path]:
    """Remove all that a job has left if it does not stand, so that Snakemake makes it again.

    Returns the files that were there and not as recorded.
    """
    recorded, found = _recorded(files), digests(files)
    if recorded == found and len(found) == len(files):
        return []
    for file in [*files, record_of(files)]:
        file.unlink(missing_ok=True)
    return [file for file in files if found.get(_name(file)) not in (None, recorded.get(_name(file)))]


def _recorded(files: list[Path]) -> dict[str, str]:
    """The digests that a job has recorded; none where there is no record that can be read."""
    try:
        found = json.loads(record_of(files).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _name(file: Path) -> str:
    """A file by its path from the checkout, or as it is where it lies elsewhere."""
    file = file.absolute()
    return (file.relative_to(paths.ROOT) if file.is_relative_to(paths.ROOT) else file).as_posix()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
