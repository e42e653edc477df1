"""Would the checks notice a wrong number? Seeded changes of printed figures, and the share that turns a
verdict.

Mutation testing (DeMillo, Lipton & Sayward 1978, Computer 11:34) of data: one printed figure is changed as a
slip of the pen would, everything that rests on it is derived and checked again, and a change is noticed if
the verdict of a claim differs or no result is possible. All changes are computed side by side: what a change
touches stands beside the unchanged ids under names of its own. What fingerprints of the texts would notice
besides is not counted.
"""

import itertools
import random

import numpy as np
import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.schema import MUTANTS
from ..corpus.tallies import Statistic, tally
from ..deriving.cleaning import as_prints, corrected_figures
from ..deriving.intervals import USUAL, Print, RuleSet, interval
from ..vocabulary import NO_TEST, SCALE_WORDS, plain_number
from .claims import is_copy, made_of, verdicts
from .what_if import CHANGED, LOST, WhatIf

TESTED = {
    "stands": "in an exact check that is consistent",
    "fails": "in an exact check, none of which is consistent",
    "bound": "in no exact check",
    "none": "in no check that can decide anything",
}
CHANGES = {
    "neighbouring digits exchanged": "two digits beside each other change places",
    "digit changed": "one digit becomes another",
    "scale word changed": "the scale word becomes the next smaller or larger one",
    "values exchanged": "two figures of one article and unit change places",
}
RESAMPLES = 2000  # of figures, for the interval of a share
LADDER = ["", *SCALE_WORDS]

Cells = dict[str, dict[str, str]]  # cells by figure: those that a change sets, or all


def _with_digits(token: str, digits: list[str]) -> str:
    new = iter(digits)
    return "".join(next(new) if c.isdigit() else c for c in token)


def variants(name: str, change: str, printed: Cells) -> list[Cells]:
    """All ways to make one kind of change to one printed figure, each as the cells that it sets."""
    row = printed[name]
    token, scale = row["token"], row["scale"]
    digits = [c for c in token if c.isdigit()]
    if change == "neighbouring digits exchanged":
        swapped = [[*digits[:k], digits[k + 1], digits[k], *digits[k + 2 :]] for k in range(len(digits) - 1)]
        kept = [new for new in swapped if new != digits and (new[0] != "0" or digits[0] == "0")]
        return [{name: {"token": _with_digits(token, new)}} for new in kept]
    if change == "digit changed":
        return [
            {name: {"token": _with_digits(token, [*digits[:k], new, *digits[k + 1 :]])}}
            for k, old in enumerate(digits)
            for new in "0123456789"
            if new != old and not (k == 0 < len(digits) - 1 and new == "0")
        ]
    if change == "scale word changed":
        if scale not in LADDER[1:]:
            return []
        step = LADDER.index(scale)
        return [{name: {"scale": LADDER[n]}} for n in (step - 1, step + 1) if 0 < n < len(LADDER)]
    return [
        {name: {"token": other["token"], "scale": other["scale"]}, key: {"token": token, "scale": scale}}
        for key, other in printed.items()
        if (other["article"], other["unit"]) == (row["article"], row["unit"])
        and (other["token"], other["scale"]) != (token, scale)
    ]


def drawn(printed: Cells, seed: int, each: int) -> pd.DataFrame:
    """Up to `each` changes of every kind to every figure: columns figure_id, change, cells.

    Which of the possible changes are made is drawn with `seed`, for each figure and kind by itself.
    """
    rows = []
    for name, change in itertools.product(printed, CHANGES):
        possible = variants(name, change, printed)
        draw = random.Random(f"{seed} {name} {change}")  # text: the same draw on every machine
        rows += [(name, change, cells) for cells in draw.sample(possible, min(each, len(possible)))]
    return pd.DataFrame(rows, columns=["figure_id", "change", "cells"])


def mutants(
    corpus: Corpus,
    figures: pd.DataFrame,
    derived: pd.DataFrame,
    checks: pd.DataFrame,
    seed: int,
    each: int = 2,
    rules: RuleSet = USUAL,
) -> pd.DataFrame:
    """`mutants.csv`: up to `each` changes of every kind to every figure, and what is noticed of them.

    Columns of `schema.MUTANTS`: `tested` is a key of `TESTED`; `turned` names the claims whose verdict
    differs, or says that nothing could be computed; `still` says what the exact checks of the figure compare
    after a change that is not noticed. Changes of figures that no check can decide on are not computed: they
    count as not noticed, even where one changes places with a figure that is tested. Figures printed in words
    have no digits to change, only places.
    """
    corrected = corrected_figures(corpus)
    printed: Cells = corrected.to_dict("index")
    allowed = _Allowed(corrected, corpus, rules)
    uses = made_of(checks, derived)
    changes = drawn(printed, seed, each)
    tested = _tested(checks, uses)
    changes["tested"] = changes.figure_id.map(tested).fillna("none")
    engine = WhatIf(corpus, figures, derived, checks, rules)
    outcomes = _turned(engine, changes[changes.tested != "none"], allowed, uses)
    rows = []
    for number, name, kind, cells, how in changes.itertuples():
        turned, still = outcomes.get(number, ([], ""))
        old, new = printed[name], printed[name] | cells[name]
        before, after = (f"{row['token']} {row['scale']}".strip() for row in (old, new))
        rows.append((name, how, kind, before, after, "yes" if turned else "no", " ".join(turned), still))
    return pd.DataFrame(rows, columns=MUTANTS.columns, dtype="str")


def _tested(checks: pd.DataFrame, uses: dict[str, frozenset[str]]) -> dict[str, str]:
    """How each figure that a check involves is tested before any change, a key of `TESTED`."""
    found: dict[str, str] = {}
    order = list(TESTED)
    for row in checks.itertuples():
        exact = row.test == "equals" and not is_copy(row)
        if row.otherwise == "not checkable":
            continue
        way = ("stands" if row.verdict == "consistent" else "fails") if exact else "bound"
        for figure in uses[row.check_id]:
            found[figure] = min(way, found.get(figure, "none"), key=order.index)
    return found


def _turned(
    engine: WhatIf, changes: pd.DataFrame, allowed: "_Allowed", uses: dict[str, frozenset[str]]
) -> dict[int, tuple[list[str], str]]:
    """For each change, by its number.

    The claims that it turns, and what is still compared if it turns none.
    """
    rows, lost = [], set()
    for number, cells in changes.cells.items():
        ends = allowed.after(cells)
        if ends is None:
            lost.add(number)
        else:
            rows += [(number, name, *pair) for name, pair in ends.items()]
    found = engine.if_prints(pd.DataFrame(rows, columns=CHANGED))
    lost |= found.lost
    outcomes: dict[int, tuple[list[str], str]] = {number: ([LOST], "") for number in lost}
    turned: dict[int, list[str]] = {}
    for number, claim, verdict in found.claims.itertuples(index=False, name=None):
        own = turned.setdefault(number, [])
        if engine.verdict_before[claim] != verdict:
            own.append(claim)
    compared = {int(str(number)): group for number, group in found.checks.groupby("change")}
    for number in turned.keys() - lost:
        rests = [
            row for row in compared[number].itertuples() if changes.figure_id[number] in uses[row.check_id]
        ]
        outcomes[number] = (turned[number], "" if turned[number] else _still(rests))
    return outcomes


class _Allowed:
    """What figures allow after a change of their print, by the rules of intervals."""

    def __init__(self, corrected: pd.DataFrame, corpus: Corpus, rules: RuleSet):
        self.printed: dict[str, Print] = dict(zip(corrected.index, as_prints(corrected, corpus), strict=True))
        self.rules = rules

    def after(self, cells: Cells) -> dict[str, list[float]] | None:
        """Value, low and high of the prints that a change sets; None where one states no number any more."""
        found = {}
        for name, new in cells.items():
            try:
                row = self.printed[name]
                row = row._replace(token=new.get("token", row.token), scale=new.get("scale", row.scale))
                ends = interval(row, self.rules)
            except ValueError:
                return None
            found[name] = [float(end) for end in ends]
        return found


def _still(checks: list) -> str:
    """What exact checks compare, in words."""
    words = {"consistent": "meets", "in tension": "misses, as before,", "contradicted": "misses, as before,"}
    return "; ".join(
        f"{row.check_id}: {plain_number(row.observed_low)} to {plain_number(row.observed_high)} "
        f"{words[row.verdict]} {plain_number(row.expected_low)} to {plain_number(row.expected_high)}"
        for row in checks
        if row.test == "equals" and row.otherwise != "not checkable"
    )


def mutant_statistics(found: pd.DataFrame, seed: int = 2021) -> list[Statistic]:
    """Changes made and the share noticed, as statistics `mutants-…`.

    By how the figure is tested (`-stands`, `-fails`, `-bound`), over all that are tested (`-tested`), over
    all figures (`-all`), and of those in an exact check that is consistent by kind of change. The changes are
    a draw, of at most so many for each figure and kind, so that no figure counts for its length. Changes of
    one figure are not independent of each other, so the interval of a share is the middle 95 percent of
    `RESAMPLES` bootstrap samples of whole figures, drawn with `seed` (a cluster bootstrap: Cameron, Gelbach &
    Miller 2008, Rev. Econ. Stat. 90:414).
    """
    groups: list[tuple[str, str, pd.DataFrame]] = [
        (key, f"figures {words}", found[found.tested == key]) for key, words in TESTED.items()
    ]
    groups += [
        ("tested", "figures in any check", found[found.tested != "none"]),
        ("all", "all figures", found),
    ]
    standing = found[found.tested == "stands"]
    groups += [(name.replace(" ", "-"), name, part) for name, part in standing.groupby("change", sort=False)]
    rows = []
    for key, label, part in groups:
        caught = part.noticed == "yes"
        share, low, high = _share_by_figure(caught, part.figure_id, seed)
        formula = (
            f"{caught.sum()} of {len(part)} changes turn a verdict; interval by a bootstrap over figures"
        )
        rows += [
            tally(f"mutants-made-{key}", f"changes made, {label}", len(part), "seeded changes"),
            Statistic(
                f"mutants-noticed-{key}", f"changes noticed, {label}", share, low, high, "percent", formula
            ),
        ]
    return rows


def _share_by_figure(caught: pd.Series, figures: pd.Series, seed: int) -> tuple[float, float, float]:
    """The percentage caught, with its interval by resampling whole figures."""
    if caught.empty:
        return 0.0, 0.0, 0.0
    of_figure = caught.groupby(figures, sort=False)
    hits, made = of_figure.sum().to_numpy(), of_figure.size().to_numpy()
    count = len(made)
    weights = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), RESAMPLES)
    shares = 100 * (weights @ hits) / (weights @ made)
    share = 100 * hits.sum() / made.sum()
    low, high = np.percentile(shares, [2.5, 97.5])
    return float(share), float(min(low, share)), float(max(high, share))


def mutants_by_claim(found: pd.DataFrame, checks: pd.DataFrame, derived: pd.DataFrame) -> pd.DataFrame:
    """The power of each claim, from the mutants: one row a claim that compares something.

    Columns claim_id, verdict, made (changes of figures that it rests on), noticed (those that turn this
    claim, or after which nothing can be computed). `found` as from `mutants`.
    """
    uses = made_of(checks, derived)
    behind: dict[str, set[str]] = {}
    for row in checks[checks.test != NO_TEST].itertuples():
        behind.setdefault(row.claim_id, set()).update(uses[row.check_id])
    verdict = verdicts(checks).set_index("claim_id").verdict
    turned = [set(text.split()) if text != LOST else None for text in found.turned]
    rows = []
    for claim, names in behind.items():
        own = [turns for name, turns in zip(found.figure_id, turned, strict=True) if name in names]
        noticed = sum(turns is None or claim in turns for turns in own)
        rows.append((claim, verdict[claim], len(own), noticed))
    return pd.DataFrame(rows, columns=["claim_id", "verdict", "made", "noticed"])


def by_claim_statistics(table: pd.DataFrame) -> list[Statistic]:
    """`mutants_by_claim` as statistics: `mutants-made-of-` and `mutants-noticed-of-` before the claim."""
    rows = []
    for claim, _, made, noticed in table.itertuples(index=False):
        if made:
            share = round(100 * noticed / made)  # of few changes: no more digits than that
            formula = f"{noticed} of {made} seeded changes of the figures behind it"
            rows += [
                tally(f"mutants-made-of-{claim}", f"changes of figures behind {claim}", made,
                      "seeded changes"),
                Statistic(f"mutants-noticed-of-{claim}", f"of these, changes that turn {claim}", share, share,
                          share, "percent", formula),
            ]  # fmt: skip
    return rows
