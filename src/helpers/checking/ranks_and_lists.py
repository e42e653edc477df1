"""Ranks and lists that the articles print: what a numeral states, and what can be found of it.

A rank among values is one more than the values that are greater. Where intervals overlap, where not all
others are known, or where only their sum is, that is an interval too. A list states a count, and is tested by
the items that it names or numbers, or by another count. What is stated is read from the sheet each time, and
never typed. The verdicts are those of claims: consistent if what is stated lies within what is found, else
what the row says of that; a source of the lowest grade never contradicts.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput, Fault
from ..corpus.relations import is_numeral_id, items_of, stated
from ..corpus.schema import ORDERS
from ..corpus.tallies import Statistic, tally
from ..deriving.quantities import all_quantities
from ..vocabulary import KINDS_OF_ORDER, NO_TEST, ORDER_REASONS, VERDICTS
from .claims import WEAKEST


class Found(NamedTuple):
    """What was found for a rank or a list: the least and the greatest number, and the same in words."""

    low: float
    high: float
    evidence: str


def ranks_and_lists(corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame) -> pd.DataFrame:
    """`processed/ranks_and_lists.csv`: one row a row of the raw table, columns of `schema.ORDERS`.

    `figures` and `derived` as from `clean` and `derive`. `stated` is a count or a place; `found_low` and
    `found_high` are missing where nothing was looked for, the second also where there is no greatest. Raises
    BadInput for values that are ranked in unlike units.
    """
    quantities = all_quantities(corpus, figures, derived)
    numerals = corpus.numerals.set_index(["article", "numeral_id"])
    token, period = numerals.token.to_dict(), numerals.period.to_dict()
    unit, grade = quantities.unit.to_dict(), quantities.grade.to_dict()
    file, faults, rows = corpus.folder / "ranks_and_lists.csv", [], []
    for row in corpus.ranks_and_lists.itertuples():
        against = row.against.split()
        if row.own and (unlike := [key for key in against if unit[key] != unit[row.own]]):
            advice = f"it must be a quantity in {unit[row.own]}, as what is ranked"
            faults.append(Fault(file, row.Index, "against", unlike[0], advice))
            continue
        number = float(stated(token[row.article, row.numeral_id]))
        own = {key: at for (article, key), at in token.items() if article == row.article}
        day = {key: at for (article, key), at in period.items() if article == row.article}
        found = _found(row, against, quantities, own, day)
        weakest = max((grade[key] for key in [*row.own.split(), *against]), default="")
        verdict = _verdict(row, number, found, weakest)
        ends = (math.nan, math.nan) if found is None else (found.low, found.high)
        rows.append(
            {
                **row._asdict(),
                "stated": number,
                "found_low": ends[0],
                "found_high": ends[1] if math.isfinite(ends[1]) else math.nan,
                "verdict": verdict,
                "grade": weakest,
                "evidence": _why_not(row) if found is None else found.evidence,
            }
        )
    if faults:
        raise BadInput(faults)
    numbers = dict.fromkeys(["stated", "found_low", "found_high"], "float64")
    return pd.DataFrame(rows, columns=ORDERS.columns).astype(numbers)


def _verdict(row, number: float, found: Found | None, grade: str) -> str:
    """The verdict on what is stated."""
    if found is None:
        return "not checkable"
    if found.low <= number <= found.high:
        return "consistent"
    return "in tension" if row.otherwise == "contradicted" and grade == WEAKEST else row.otherwise


def _why_not(row) -> str:
    """Why a row is not tested, in words."""
    return f"Not tested: {row.reason}, as {ORDER_REASONS[row.reason]}."


def _found(
    row, against: list[str], quantities: pd.DataFrame, token: Mapping[str, str], period: Mapping[str, str]
) -> Found | None:
    """What was found for a row; None if it has no test. `token` and `period` are those of its article."""
    if row.test == NO_TEST:
        return None
    bounds = {key: (quantities.low[key], quantities.high[key]) for key in [*row.own.split(), *against]}
    if row.test in ("all rivals", "some rivals"):
        return rank_among(bounds[row.own], {key: bounds[key] for key in against}, row.test == "all rivals")
    if row.test == "rivals together":
        return rank_beside_sum(bounds[row.own], bounds[against[0]])
    items = items_of(row.items)
    if row.test == "sequence":
        return sequence([(item, int(stated(token[item]))) for item in items])
    if row.test in ("items", "items among others"):
        return named(items, [token[item] if is_numeral_id(item) else item for item in items], row.test)
    low, high = bounds[against[0]]
    if row.test == "rivals ahead":
        return Found(low + 1, high + 1, f"{low:g} came before, by {against[0]}.")
    if row.test == "years since":
        day = next(period[item] for item in items if period.get(item))
        years = int(day[:4]) - int(low)
        return Found(years, years, f"From {int(low)}, by {against[0]}, to {day} it is {years} years.")
    return Found(low, high, f"Counted elsewhere: {against[0]}.")


def rank_among(own: tuple[float, float], rivals: Mapping[str, tuple[float, float]], all_known: bool) -> Found:
    """The place of a value among others, the greatest first, each an interval (low, high).

    If not all others are known, the place has no greatest number.
    """
    ahead = [key for key, (low, _) in rivals.items() if low > own[1]]
    perhaps = [key for key, (_, high) in rivals.items() if high > own[0] and key not in ahead]
    said = f"Greater: {', '.join(ahead) or 'none'}."
    said += f" Perhaps greater: {', '.join(perhaps)}." if perhaps else ""
    behind = [key for key in rivals if key not in (*ahead, *perhaps)]
    said += f" Not greater: {', '.join(behind)}." if behind else ""
    said += "" if all_known else " Others are not known."
    high = 1 + len(ahead) + len(perhaps) if all_known else math.inf
    return Found(1 + len(ahead), high, said)


def rank_beside_sum(own: tuple[float, float], together: tuple[float, float]) -> Found:
    """The places that a value can have if only the sum of all others is known, none of which is below zero.

    As many others can be greater as its least value goes into their sum, less one if it goes in evenly.
    Raises ValueError for a value that may be zero or less.
    """
    if own[0] <= 0:
        raise ValueError("a value that may be zero has no rank beside a sum")
    ahead = max(0, math.ceil(together[1] / own[0]) - 1)
    if ahead == 0:
        return Found(1, 1, "All others together are not greater, so none is.")
    return Found(1, 1 + ahead, f"At most {ahead} others can be greater, as all together show.")


def sequence(markers: list[tuple[str, int]]) -> Found:
    """How far markers count, each an id and the number that it states.

    Found is the last number if they follow each other from one on; else nothing fits, and both ends are
    missing.
    """
    numbers = [number for _, number in markers]
    if numbers == list(range(1, len(numbers) + 1)):
        return Found(len(numbers), len(numbers), f"The markers go from 1 to {len(numbers)} without a gap.")
    told = ", ".join(f"{key} says {number}" for key, number in markers)
    return Found(math.nan, math.nan, f"The markers do not follow each other from 1 on: {told}.")


def named(items: list[str], words: list[str], test: str) -> Found:
    """How many items are named; if they are some among others, there are at least as many.

    `words` are the items as they are shown.
    """
    shown = [word if word == item else f"{word} ({item})" for item, word in zip(items, words, strict=True)]
    most = len(items) if test == "items" else math.inf
    return Found(len(items), most, f"Named: {'; '.join(shown)}.")


def orders_in_words(orders: pd.DataFrame) -> pd.DataFrame:
    """Ranks and lists for a reader: those that do not fit first, then the others, those without a test last.

    From a table as of `ranks_and_lists`. Columns Claim, Kind, Stated, Found, Verdict, What was found: text.
    """
    order = orders.verdict.map({"contradicted": 0, "in tension": 0, "consistent": 1, "not checkable": 2})
    rows = [
        {
            "Claim": row.claim,
            "Kind": row.kind.capitalize(),
            "Stated": f"{row.stated:g}",
            "Found": _range_in_words(row.found_low, row.found_high),
            "Verdict": row.verdict,
            "What was found": f"{row.evidence} {row.note}".strip(),
        }
        for row in orders.iloc[order.argsort(kind="stable")].itertuples()
    ]
    return pd.DataFrame(rows, columns=["Claim", "Kind", "Stated", "Found", "Verdict", "What was found"])


def _range_in_words(low: float, high: float) -> str:
    """The numbers found, as text."""
    if math.isnan(low) and math.isnan(high):
        return "nothing"
    if math.isnan(high):
        return f"{low:g} or more"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def unaccounted(corpus: Corpus) -> list[tuple[str, str]]:
    """Article and id of every numeral of class ordinal that no row of ranks and lists has."""
    held = {
        (row.article, name)
        for row in corpus.ranks_and_lists.itertuples()
        for name in [row.numeral_id, *items_of(row.items)]
    }
    ordinals = corpus.numerals[corpus.numerals["class"] == "ordinal"]
    return [pair for pair in zip(ordinals.article, ordinals.numeral_id, strict=True) if pair not in held]


def order_tallies(corpus: Corpus, orders: pd.DataFrame) -> list[Statistic]:
    """Counts of ranks and lists by verdict, and of the ordinals that are accounted for.

    Ids: `ranks-…` and `lists-…` with `all`, or a verdict; `ranks-ordinals` all numerals of class ordinal,
    `ranks-ordinals-tested` those in a row with a test, `ranks-ordinals-open` those in no row.
    """
    rows = []
    for kind in KINDS_OF_ORDER:
        part = orders[orders.kind == kind]
        rows.append(tally(f"{kind}s-all", f"{kind}s", len(part), "rows of ranks_and_lists.csv"))
        rows += [
            tally(
                f"{kind}s-{verdict.replace(' ', '-')}",
                f"{kind}s {verdict}",
                int((part.verdict == verdict).sum()),
                "rows of ranks_and_lists.csv",
            )
            for verdict in VERDICTS
        ]
    ordinals = corpus.numerals[corpus.numerals["class"] == "ordinal"]
    held = set(zip(ordinals.article, ordinals.numeral_id, strict=True))
    tested = {
        (row.article, name)
        for row in corpus.ranks_and_lists.itertuples()
        if row.test != NO_TEST
        for name in [row.numeral_id, *items_of(row.items)]
    }
    counts = [
        ("ranks-ordinals", "numerals of class ordinal", len(held)),
        ("ranks-ordinals-tested", "ordinals in a rank or a list that is tested", len(held & tested)),
        ("ranks-ordinals-open", "ordinals in no rank and no list", len(unaccounted(corpus))),
    ]
    return rows + [tally(*count, "rows of the sheets and of ranks_and_lists.csv") for count in counts]
