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

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.graph import resting_on
from ..corpus.schema import MUTANTS
from ..corpus.tallies import Statistic, tally
from ..deriving.cleaning import corrected_figures, interval
from ..deriving.derivations import computed, planned
from ..deriving.quantities import BOUNDS, all_quantities, derived_graph, inputs_at_hand
from ..vocabulary import SCALE_WORDS, plain_number
from .claims import all_claims, best, compared, made_of, verdicts

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
LOST = "nothing could be computed"
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
) -> pd.DataFrame:
    """`mutants.csv`: up to `each` changes of every kind to every figure, and what is noticed of them.

    Columns of `schema.MUTANTS`: `tested` is a key of `TESTED`; `turned` names the claims whose verdict
    differs, or says that nothing could be computed; `still` says what the exact checks of the figure compare
    after a change that is not noticed. Changes of figures that no check can decide on are not computed: they
    count as not noticed, even where one changes places with a figure that is tested. Figures printed in words
    have no digits to change, only places.
    """
    printed: Cells = corrected_figures(corpus).to_dict("index")
    uses = made_of(checks, derived)
    changes = drawn(printed, seed, each)
    tested = _tested(checks, uses)
    changes["tested"] = changes.figure_id.map(tested).fillna("none")
    outcomes = _outcomes(corpus, figures, derived, checks, uses, changes[changes.tested != "none"], printed)
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
        exact = row.test == "equals" and row.same_source == ""
        if row.otherwise == "not checkable":
            continue
        way = ("stands" if row.verdict == "consistent" else "fails") if exact else "bound"
        for figure in uses[row.check_id]:
            found[figure] = min(way, found.get(figure, "none"), key=order.index)
    return found


def _outcomes(corpus, figures, derived, checks, uses, changes, printed) -> dict[int, tuple[list[str], str]]:
    """For each change, by its number.

    The claims that it turns, and what is still compared if it turns none.
    """
    sources, quantities = inputs_at_hand(corpus, figures), all_quantities(corpus, figures, derived)
    steps, _ = planned(corpus.derivations, sources.unit.to_dict())
    claims = all_claims(corpus, figures)
    rows_of_claim = claims.reset_index(drop=True).groupby("claim_id").indices
    graph = derived_graph(derived)
    resting = {name: resting_on(graph, [name]) for name in printed}
    of_figure: dict[str, set[int]] = {}  # rows of the claims that involve a figure
    for key, claim in zip(checks.check_id, checks.claim_id, strict=True):
        for name in uses[key]:
            of_figure.setdefault(name, set()).update(rows_of_claim[claim])
    kinds, _ = corpus.kinds()
    kind_of = {name: kinds[row["unit"]] for name, row in printed.items()}
    bounds: dict[str, list[float]] = {}
    same: dict[str, str] = {}
    more, rows, lost = dict(steps), [], set()
    for number, cells in changes.cells.items():
        ends = _changed_bounds(cells, printed, kind_of)
        if ends is None:
            lost.add(number)
            continue
        touched = {key: f"{key}~{number}" for name in cells for key in (name, *resting[name])}
        same |= {own: key for key, own in touched.items()}
        bounds |= {touched[name]: pair for name, pair in ends.items()}
        for key in touched.keys() - cells.keys():
            inputs = tuple(touched.get(name, name) for name in steps[key].inputs)
            more[touched[key]] = steps[key]._replace(inputs=inputs)
        for row in sorted(set().union(*(of_figure.get(name, ()) for name in cells))):
            pair = claims.observed.iat[row], claims.expected.iat[row]
            rows.append((row, number, *(touched.get(name, name) for name in pair)))
    changed = pd.DataFrame(bounds.values(), index=list(bounds), columns=BOUNDS, dtype="float64")
    found = computed(more, pd.concat([sources[BOUNDS], changed]))
    beside = pd.concat([changed, found[~found.index.isin(steps)]])
    lost |= {int(key.rpartition("~")[2]) for key in beside.index[beside.low.isna()]}
    about = quantities.loc[[same[key] for key in beside.index], ["unit", "grade", "outside"]].set_axis(
        beside.index
    )
    places, numbers, observed, expected = zip(*rows, strict=True) if rows else ([], [], [], [])
    again = claims.iloc[list(places)].assign(observed=list(observed), expected=list(expected))
    result = compared(again, pd.concat([quantities, beside.join(about)])).assign(mutant=list(numbers))
    verdict = verdicts(checks).set_index("claim_id").verdict.to_dict()
    outcomes: dict[int, tuple[list[str], str]] = {number: ([LOST], "") for number in lost}
    beside_each_other = result[~result.mutant.isin(lost)].itertuples()  # in the order of the changes
    for number, of_change in itertools.groupby(beside_each_other, key=lambda row: row.mutant):
        group = list(of_change)
        seen: dict[str, set[str]] = {}
        for row in group:
            seen.setdefault(row.claim_id, set()).add(row.verdict)
        turned = [claim for claim in seen if best(seen[claim]) != verdict[claim]]
        own = [row for row in group if changes.figure_id[number] in uses[row.check_id]]
        outcomes[number] = (turned, "" if turned else _still(own))
    return outcomes


def _changed_bounds(cells: Cells, printed: Cells, kind_of: dict[str, str]) -> dict[str, list[float]] | None:
    """Value, low and high of the figures that a change sets; None where one states no number any more."""
    found = {}
    for name, new in cells.items():
        row = printed[name] | new
        try:
            ends = interval(row["token"], row["scale"], kind_of[name], row["qualifier"], row["status"])
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


def mutant_statistics(found: pd.DataFrame) -> list[Statistic]:
    """Changes made and the share noticed, as statistics `mutants-…`.

    By how the figure is tested (`-stands`, `-fails`, `-bound`), over all that are tested (`-tested`), over
    all figures (`-all`), and of those in an exact check that is consistent by kind of change. The changes are
    a draw, of at most so many for each figure and kind, so that no figure counts for its length.
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
        size, caught = len(part), int((part.noticed == "yes").sum())
        share = 100 * caught / size if size else 0
        formula = f"{caught} of {size} changes turn a verdict"
        rows += [
            tally(f"mutants-made-{key}", f"changes made, {label}", size, "seeded changes"),
            Statistic(
                f"mutants-noticed-{key}", f"changes noticed, {label}", share, share, share, "percent", formula
            ),
        ]
    return rows
