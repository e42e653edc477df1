"""Texts of articles: reading one, its paragraphs, and the fingerprints of its digits."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from . import symptoms
from .faults import BadInput, Fault, refuse
from .files import content, decoded
from .schema import FINGERPRINTS


def text_file(folder: Path, article: str) -> Path:
    """Where the text of an article lies for a researcher who has it; git ignores it."""
    return folder / "articles" / f"{article}.txt"


def read_text(folder: Path, record: pd.Series, coming: bytes | None = None) -> str | None:
    """The text of an article, or None where this machine does not have it.

    `record` is a row of articles.csv, named by its line; `coming` are bytes of a text that is not written
    yet. Line ends are kept as they are, so that offsets are those of the file. Raises BadInput for a file
    that cannot be read or is not UTF-8, for one with control characters, and for a text that is not the
    recorded one: positions would not fit another version.
    """
    file = text_file(folder, record.article)
    if coming is None and not os.path.lexists(file):
        return None
    octets = content(file) if coming is None else coming
    text = decoded(octets, file, "text")
    found = _digest(octets)
    if found != record.sha256:
        advice = f"it must be that of the version of {record.characters} characters, SHA-256 {record.sha256}"
        changed = [what for what, before in _undone(octets) if _digest(before) == record.sha256]
        advice += f"; this one differs by {changed[0]} alone" if changed else ""
        raise refuse(file, 1, "SHA-256", found, advice)
    if odd := symptoms.forbidden(text.translate(dict.fromkeys(map(ord, "\t\n\r")))):
        raise refuse(file, 1, "text", odd, "there must be no control character")
    counts = {"characters": len(text), "paragraphs": len(paragraphs(text))}
    faults = [
        Fault(folder / "articles.csv", record.name, name, record[name], f"it must be {count}, as in the text")
        for name, count in counts.items()
        if int(record[name]) != count
    ]
    if faults:
        raise BadInput(faults)
    return text


def _digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def _undone(octets: bytes) -> list[tuple[str, bytes]]:
    """What editors do to a text unasked, and the bytes before they did."""
    plain = octets.replace(b"\r\n", b"\n")
    return [
        ("its line ends", plain),
        ("its line ends", plain.replace(b"\n", b"\r\n")),
        ("a byte order mark at its beginning", octets.removeprefix(b"\xef\xbb\xbf")),
        ("a line end at its end", octets.rstrip(b"\r\n")),
        ("a line end at its end", octets + b"\n"),
    ]


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end of every line that is not blank, in code points: the paragraphs, in order."""
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            spans.append((start, start + len(line)))
        start += len(line)
    return spans


def fingerprint(parts: Iterable[tuple[int, str]]) -> str:
    """Fingerprint of the digits in parts of a text, each with its start.

    A hash of `offset:digit` for each.
    """
    digits = [f"{start + k}:{c}" for start, part in parts for k, c in enumerate(part) if c.isdecimal()]
    return hashlib.sha256(" ".join(digits).encode()).hexdigest()[:16]


def count_digits(text: str) -> int:
    """How many decimal digits of any script a text has."""
    return sum(c.isdecimal() for c in text)


def fingerprints(articles: Iterable[str], texts: dict[str, str], before: pd.DataFrame) -> pd.DataFrame:
    """`fingerprints.csv` anew: the digits of each paragraph of the texts at hand, as a count and a hash.

    They say nothing of the text, but show on a machine without it whether a sheet has its digits. Articles
    whose text is not at hand keep the rows that they had `before`.
    """
    rows: list[list] = []
    for article in articles:
        if article not in texts:
            rows += before.loc[before.article == article, FINGERPRINTS.columns].values.tolist()
            continue
        text = texts[article]
        for number, (start, end) in enumerate(paragraphs(text), 1):
            if count := count_digits(text[start:end]):
                rows.append([article, number, count, fingerprint([(start, text[start:end])])])
    return pd.DataFrame(rows, columns=FINGERPRINTS.columns)
