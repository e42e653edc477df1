"""The tables that a reader can download beside the processed ones; nothing is computed anew."""

import pandas as pd

from ..checking.claims import ALIKE
from ..corpus import schema
from ..corpus.codebook import held
from ..corpus.corpus import Corpus
from ..corpus.files import read_cells
from ..corpus.tables import Column
from ..notebooks import DOWNLOADS, DOWNLOADS_BESIDE
from .evidence import Evidence

_CLAIMS = {  # the columns of claims.csv, and the table that defines each
    "claim_id": schema.CHECK_READINGS, "claim": schema.CHECKS, "claim_verdict": schema.POWERS,
    "check_id": schema.CHECKS, "reading": schema.CHECK_READINGS, "verdict": schema.CHECKS,
    "kind": schema.CHECKS, "matter": schema.CHECK_READINGS, "test": schema.CHECK_READINGS,
    "observed": schema.CLAIMS, "expected": schema.CLAIMS, "grade": schema.CHECK_READINGS,
    "source": schema.CHECK_READINGS, "note": schema.CHECK_READINGS,
}  # fmt: skip


def downloads_beside(corpus: Corpus, known: Evidence) -> dict[str, pd.DataFrame]:
    """The tables of `notebooks.DOWNLOADS_BESIDE` by name, every cell a text.

    `comparators` and `articles` are the raw ones; `claims` has one row a comparison, with its verdict and
    that of its claim; `data_dictionary` has the columns of all tables for download. Raises BadInput.
    """
    made = {
        "claims": _claims(known),
        "comparators": read_cells(corpus.folder / "comparators.csv", schema.COMPARATORS.columns),
        "articles": read_cells(corpus.folder / "articles.csv", schema.ARTICLES.columns),
        "data_dictionary": _dictionary(),
    }
    return {name: made[name] for name in DOWNLOADS_BESIDE}


def _claims(known: Evidence) -> pd.DataFrame:
    checks = known.checks.reset_index()
    sides = checks.inputs.str.split()
    # prints of one quantity are compared with each other: none of them is what is expected of the rest
    declared = ~checks.check_id.isin([key for key in checks.check_id if key.endswith(ALIKE)])
    checks = checks.assign(
        claim_verdict=checks.claim_id.map(known.verdicts.verdict),
        observed=sides.str[0].where(declared, checks.inputs),
        expected=sides.str[1].where(declared, "").fillna(""),
    )
    return checks[list(_CLAIMS)]


def _dictionary() -> pd.DataFrame:
    tables = {name: schema.TABLES[f"processed/{name}.csv"].fields for name in DOWNLOADS}
    tables["claims"] = [table.field(name) for name, table in _CLAIMS.items()]
    tables |= {"comparators": schema.COMPARATORS.fields, "articles": schema.ARTICLES.fields}
    rows = [(f"{name}.csv", *_described(field)) for name, fields in tables.items() for field in fields]
    return pd.DataFrame(rows, columns=["file", "column", "type", "meaning", "example"])


def _described(field: Column) -> tuple[str, str, str, str]:
    return field.name, held(field), field.meaning, field.example
