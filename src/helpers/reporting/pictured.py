"""The tables that plots show, made of ids and of the tables of the project; nothing is typed in."""

import itertools
from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..checking.claims import is_copy
from ..checking.coverage import TESTED_WAYS
from ..corpus.corpus import Corpus
from ..vocabulary import SCALE_WORDS
from .evidence import Evidence

ROWS_OF_A_PAGE = 25
LEAST_ROWS = 4  # a timeline of fewer is not worth a picture
ORIGINS = {  # how a consistent claim came to be so, from the strongest on
    "independent equality": "equal to another source",
    "inside": "equal inside the article",
    "bound": "within a bound only",
    "copy": "equal to what may be its own source",
}


def rows_of(known: Evidence, entries: Iterable[tuple], *columns: str, scale: str = "") -> pd.DataFrame:
    """One row for each of `entries`, which are names for `columns` and, last, an id, or None for none found.

    Columns: `columns`, low, value, high (in `scale`, a word such as billion), text (the value in words), year
    (the last that its period names) and id. Raises KeyError for what is no id.
    """
    found: list[dict[str, Any]] = []
    per = float(SCALE_WORDS[scale]) if scale else 1.0
    for *names, key in entries:
        row = dict(zip(columns, names, strict=True))
        if key is None:
            nothing = float("nan")
            found.append(row | {"low": nothing, "value": nothing, "high": nothing, "text": "", "id": ""})
            continue
        kind, about = known.row(key)
        ends = (about.low, about.value, about.high)
        row |= {name: float(end) / per for name, end in zip(("low", "value", "high"), ends, strict=True)}
        period = str(about.get("period") or "") if kind != "constant" else ""
        years = [part[:4] for part in period.split("/") if part[:4].isdigit()]
        found.append(row | {"text": known.value(key), "year": int(years[-1]) if years else 0, "id": key})
    return pd.DataFrame(found)


def constant_growth(first: float, growth: float, years: Iterable[int]) -> pd.DataFrame:
    """A value that grows by `growth` percent a year from the first of `years` on: columns year, value."""
    every = list(years)
    return pd.DataFrame(
        {"year": every, "value": [first * (1 + growth / 100) ** k for k in range(len(every))]}
    )


def numerals_in_place(corpus: Corpus, known: Evidence) -> pd.DataFrame:
    """Every numeral at its place in its article, and whether it is a figure that a claim decides on.

    Columns article (its outlet), at (0 to 1, where the last numeral stands at 1), figure, tested, tension and
    remark (how many figures are tested), articles in the order of their records.
    """
    numerals = corpus.numerals.assign(figure=corpus.numerals["class"].isin(["figure", "repeat"]))
    about = known.coverage.reindex(numerals.figure_id)
    decided = about.tested.isin(TESTED_WAYS)
    doubtful = about.verdicts.fillna("").str.contains("in tension|contradicted|undecided")
    last = numerals.groupby("article").end.transform("max").astype(float)
    found = pd.DataFrame(
        {
            "article": numerals.article.to_numpy(),
            "at": (numerals.start.astype(float) / last).to_numpy(),
            "figure": numerals.figure.to_numpy(),
            "tested": decided.to_numpy(),
            "tension": (decided & doubtful).to_numpy(),
        }
    )
    ways = known.coverage.groupby("article").tested.agg(
        lambda ways: f"{int(ways.isin(TESTED_WAYS).sum())} of {len(ways)} figures tested"
    )
    found["remark"] = found.article.map(ways).fillna("no figure")
    order = {name: number for number, name in enumerate(known.articles.index)}
    found = found.sort_values("article", key=lambda column: column.map(order), kind="stable")
    return found.assign(article=found.article.map(known.articles.outlet))


def cheapness(known: Evidence, power: pd.DataFrame) -> pd.DataFrame:
    """How consistent claims came to be so, and how many of their slips of 10 percent would be noticed.

    `power` is `power.csv`. Columns label (of `ORIGINS`), part (all, some or no slips noticed) and value
    (claims). A claim counts under the strongest of its consistent checks.
    """
    checks = known.checks.reset_index()
    noticed = power.drop_duplicates("claim_id").set_index("claim_id").claim_noticed_10_percent
    parts = ["every wrong figure noticed", "some noticed", "none noticed"]
    rows = []
    for claim in known.verdicts.itertuples():
        if claim.verdict != "consistent":
            continue
        own = checks[(checks.claim_id == claim.Index) & (checks.verdict == "consistent")]
        origins = {
            "copy" if is_copy(row)
            else "bound" if row.test != "equals"
            else "independent equality" if row.kind == "external"
            else "inside"
            for row in own.itertuples()
        }  # fmt: skip
        origin = next(key for key in ORIGINS if key in origins)
        share = noticed[claim.Index]
        part = parts[0] if share == 100 else parts[2] if share == 0 else parts[1]
        rows.append((ORIGINS[origin], part))
    counts = pd.Series(rows).value_counts()
    return pd.DataFrame(
        [(label, part, int(counts.get((label, part), 0))) for label in ORIGINS.values() for part in parts],
        columns=["label", "part", "value"],
    )


def in_pages(frame: pd.DataFrame, rows: int = ROWS_OF_A_PAGE) -> list[pd.DataFrame]:
    """A long table in parts of nearly as many rows each, none above `rows`: a plot of one fits paper."""
    parts = -(-len(frame) // rows)
    ends = [len(frame) * number // parts for number in range(parts + 1)]
    return [frame.iloc[start:end] for start, end in itertools.pairwise(ends)]


def timeline(known: Evidence, keys: Iterable[str]) -> pd.DataFrame:
    """The figures of `keys` that say of which years they are: columns label, first, last, text, outcome.

    Labels are the names of their indicators. Empty where there are fewer than `LEAST_ROWS`.
    """
    rows = []
    for key in keys:
        _, row = known.row(key)
        years = [int(part[:4]) for part in str(row.period).split("/") if part[:4].isdigit()]
        if years:
            name = known.indicators["name"][row.indicator]
            rows.append((name, years[0], years[-1], known.value(key), row.status == "outcome"))
    found = pd.DataFrame(rows, columns=["label", "first", "last", "text", "outcome"])
    return found if len(found) >= LEAST_ROWS else found.head(0)


def key_figures(known: Evidence, entity: str, most: int = 4) -> list[str]:
    """The ids of a few figures that tell most of an entity, by rule.

    Outcomes only, one an indicator: those which most derived quantities and claims rest on come first, then
    those that are printed first.
    """
    figures = known.figures[(known.figures.entity == entity) & (known.figures.status == "outcome")]
    uses = {
        key: known.derived.inputs.str.split().map(lambda ids, key=key: key in ids).sum()
        + len(str(known.coverage.checks.get(key, "")).split())
        for key in figures.index
    }
    order = sorted(figures.index, key=lambda key: -uses[key])  # stable: as printed
    chosen = figures.loc[order].drop_duplicates("indicator")
    return list(chosen.index[:most])
