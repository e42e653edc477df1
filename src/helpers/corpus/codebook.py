"""The codebooks: lists of columns and words between their markers, written from `schema` and `vocabulary`.

A part of a codebook that begins with `<!-- columns of raw/claims.csv -->` or `<!-- words: GRADES -->` and
ends with `<!-- end -->` is written from here (`python -m helpers codebook`); everything around it is written
by people.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from .. import paths, vocabulary
from ..vocabulary import NUMBER_EXPECTED, PERIOD_EXPECTED
from .files import replace_file
from .schema import TABLES
from .tables import Column, Key, Table

CODEBOOKS = ("data/raw/README.md", "data/raw/transcription/README.md", "data/processed/README.md")
_PART = re.compile(r"(<!-- (columns of|words:) ([\w/*<>.]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def column_table(table: Table) -> str:
    """The columns of a table as Markdown: name, meaning, what a cell may hold, an example."""
    rows = [
        f"{table.rows[0].upper()}{table.rows[1:]}.",
        "",
        "| column | meaning | may hold | example |",
        "|---|---|---|---|",
    ]
    for field in table.fields:
        cells = (
            f"`{field.name}`",
            field.meaning,
            held(field),
            f"`{field.example}`" if field.example else "",
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def held(field: Column) -> str:
    """What a cell of a column may hold, in words."""
    if isinstance(field.rule, Key):
        return f"a key of `{field.rule.table}.csv`" + (", or nothing" if field.rule.optional else "")
    expected = field.rule.expected
    return expected.replace(NUMBER_EXPECTED, "a number").replace(PERIOD_EXPECTED, "a period, or nothing")


def word_table(words: Mapping[str, object]) -> str:
    """Words and their meanings as Markdown."""
    rows = [f"| `{word}` | {meaning} |" for word, meaning in words.items() if word]
    return "\n".join(["| word | meaning |", "|---|---|", *rows])


def written(text: str) -> str:
    """A codebook with every part between markers as it should be.

    Raises KeyError for a part of an unknown name.
    """

    def part(match: re.Match) -> str:
        kind, name = match[2], match[3]
        body = column_table(TABLES[name]) if kind == "columns of" else word_table(vars(vocabulary)[name])
        return f"{match[1]}\n{body}\n\n{match[4]}"

    return _PART.sub(part, text)


def write_codebooks(root: Path = paths.ROOT) -> list[Path]:
    """Bring every codebook of a checkout up to date; returns those that changed."""
    changed = []
    for name in CODEBOOKS:
        before = (root / name).read_text(encoding="utf-8")
        after = written(before)
        if after != before:
            replace_file(root / name, after.encode("utf-8"))
            changed.append(root / name)
    return changed
