"""What is wrong in an input, and how it is said: file, line, column, value, and what it should be."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from .. import paths
from . import symptoms


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in an input.

    `advice` is a clause with a verb, such as "it must be one of: A, B, C" or "a figure needs a unit".
    """

    file: Path
    line: int
    column: str
    value: str
    advice: str

    def __str__(self) -> str:
        name = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(shown(self.file)))
        return f"{name}:{self.line}: {said(self.column, str(self.value), self.advice)}"


class BadInput(ValueError):
    """Faults found in the inputs. `faults` lists them; the message has one line for each."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(set(faults), key=lambda f: (str(f.file), f.line, f.column))
        super().__init__("\n".join(map(str, self.faults)))


def said(column: str, value: str, advice: str) -> str:
    """What a message says of a cell with a fault.

    What is there, what it should be, and what happened to it.
    """
    short = _short(value, 80)
    found = f"is {short!r}" if short not in ("", "missing") else f"is {short or 'empty'}"
    seems = symptoms.of_cell(column, value)
    return f"{column} {found}; {_short(advice, 600)}" + (f" ({seems})" if seems else "")


def refuse(file: Path, line: int, column: str, value: str, advice: str) -> BadInput:
    """The error for a single fault, to be raised."""
    return BadInput([Fault(file, line, column, value, advice)])


def shown(file: Path) -> Path:
    """How a message names a file: within the checkout, if it is there."""
    try:
        return file.resolve().relative_to(paths.ROOT)
    except (ValueError, OSError, RuntimeError):  # elsewhere, or a link in a circle
        return file


def near(word: str, known: Iterable[str], advice: str, least: float = 0.8) -> str:
    """`advice`, with those of the `known` words that are spelt much like `word`.

    Alike by `least` at least, of 1.
    """
    plain = {name.casefold(): name for name in sorted(known)}
    spelt = word.strip().casefold()[:100]
    found = ", ".join(plain[name] for name in difflib.get_close_matches(spelt, plain, 3, least))
    return f"{advice}; near to it: {found}" if found else advice


def once(faults: list[Fault], column: str, advice: str, most: int = 5) -> list[Fault]:
    """`faults`, those of one column said as one if they are more than `most`.

    One cause moves all that follows.
    """
    of_column = [fault for fault in faults if fault.column == column]
    if len(of_column) <= most:
        return faults
    first = replace(of_column[0], advice=f"{advice}; so in {len(of_column)} rows")
    return [fault for fault in faults if fault.column != column] + [first]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "…"
