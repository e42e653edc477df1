"""The columns of a table as readers compare them: a unit that all cells share stands in the head."""

import re
from collections.abc import Mapping, Sequence

from ..vocabulary import QUALIFIER_WORDS

_WORDS = "|".join(re.escape(words) for words in QUALIFIER_WORDS.values() if words)
_NUMBER = r"[−-]?\d[\d,]*(?:\.\d+)?"
_CELL = re.compile(
    rf"(?P<tag><a class=\"number\"[^>]*>)?(?P<number>(?:(?:{_WORDS}) )?{_NUMBER}(?: to {_NUMBER})?)"
    r"(?: (?P<unit>[^<>;:|0-9]+))?(?P<end></a>)?"
)
_YEARS = re.compile(r"\d{4}(?: to \d{4})?")  # which are no quantity


def comparable(
    names: Sequence[str], rows: Sequence[Sequence[str]], plurals: Mapping[str, str]
) -> tuple[list[str], list[list[str]], list[bool]]:
    """Heads and rows of Markdown with shared units in the heads, and which columns hold comparable numbers.

    A column does if each of its cells is empty or a number, or two from one to the other, in the same unit;
    it needs two numbers, and years are none. The first column names the rows and stays as it is. `plurals`
    has the plural of each name of a unit that is a singular.
    """
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    heads, numeric = list(names), [False] * len(columns)
    for place, column in enumerate(columns[1:], 1):
        found = [_CELL.fullmatch(cell) for cell in column if cell]
        units = {plurals.get(one["unit"] or "", one["unit"] or "") if one else None for one in found}
        if (
            all(map(_YEARS.fullmatch, filter(None, column)))
            or len(found) < 2
            or len(units) > 1
            or None in units
        ):
            continue
        numeric[place] = True
        unit = next(iter(units))
        if unit:
            heads[place] = f"{names[place]} ({unit})"
            columns[place] = [_CELL.sub(_bare, cell) for cell in column]
    return heads, [list(row) for row in zip(*columns, strict=True)], numeric


def _bare(match: re.Match) -> str:
    """A cell without its unit."""
    return f"{match['tag'] or ''}{match['number']}{match['end'] or ''}"
