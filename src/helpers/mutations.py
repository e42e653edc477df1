"""Would the checks notice a wrong number? Seeded changes of printed figures, and the share that turns a verdict.

Mutation testing (DeMillo, Lipton & Sayward 1978, Computer 11:34) of data: one printed figure is changed as a slip
of the pen would, everything is derived and checked again, and a change is noticed if a verdict differs or
no result is possible. What fingerprints of the texts would notice besides is not counted.
"""

import random
from pathlib import Path

import pandas as pd

from . import checks, cleaning, growth, paths
from .tables import BadInput
from .vocabulary import STATISTIC_COLUMNS

COLUMNS = ["figure_id", "stands", "change", "before", "after", "noticed", "turned"]
CHANGES = {
    "neighbouring digits exchanged": "two digits beside each other change places",
    "digit changed": "one digit becomes another",
    "scale word changed": "the scale word becomes the next smaller or larger one",
    "values exchanged": "two figures of one article and unit change places",
}
LADDER = ["", "thousand", "million", "billion", "trillion"]


def _with_digits(token: str, digits: list[str]) -> str:
    new = iter(digits)
    return "".join(next(new) if c.isdigit() else c for c in token)


def _variants(name: str, change: str, printed: pd.DataFrame) -> list[dict[str, dict[str, str]]]:
    """All ways to make one kind of change to one figure, each as the cells that it sets by figure."""
    row = printed.loc[name]
    digits = [c for c in row.token if c.isdigit()]
    found = []
    if change == "neighbouring digits exchanged":
        for k in range(len(digits) - 1):
            swapped = [*digits[:k], digits[k + 1], digits[k], *digits[k + 2 :]]
            if swapped != digits and swapped[0] != "0":
                found.append({name: {"token": _with_digits(row.token, swapped)}})
    elif change == "digit changed":
        for k, old in enumerate(digits):
            for new in "0123456789":
                if new != old and not (k == 0 and new == "0"):
                    found.append(
                        {name: {"token": _with_digits(row.token, [*digits[:k], new, *digits[k + 1 :]])}}
                    )
    elif change == "scale word changed" and row["scale"] in LADDER[1:]:
        step = LADDER.index(row["scale"])
        for other in (step - 1, step + 1):
            if 0 < other < len(LADDER):
                found.append({name: {"scale": LADDER[other]}})
    elif change == "values exchanged":
        same = printed[(printed.article == row.article) & (printed.unit == row.unit)]
        for other in same.itertuples():
            if (other.token, other.scale) != (row.token, row["scale"]):
                found.append(
                    {
                        name: {"token": other.token, "scale": other.scale},
                        other.Index: {"token": row.token, "scale": row["scale"]},
                    }
                )
    return found


def run(seed: int, raw: Path = paths.RAW, each: int = 1) -> pd.DataFrame:
    """Make `each` change of every kind to every figure that an exact check involves, and see what is noticed.

    Which of the possible changes is made is drawn with `seed`. Columns `COLUMNS`: `stands` says whether
    one of the exact checks of the figure is consistent before the change, as a verdict that is in tension
    already cannot turn for the worse; `turned` names the claims whose verdict differs, or says that nothing
    could be computed. Figures printed in words have no digits to change, only places.
    """
    printed = cleaning.printed(raw)
    figures = cleaning.evaluate(printed, raw)
    sources = growth.inputs_at_hand(figures, raw)
    derivations = growth.read_derivations(set(sources.index), raw)
    derived = growth.evaluate(derivations, sources, raw)
    leaves = growth.leaves(derived)
    everything = pd.concat([sources, derived.set_index("derived_id")])
    claims = checks.read_claims(set(everything.index), raw)
    before = checks.compare(claims, everything, leaves, raw).set_index("check_id")
    uses = {
        row.check_id: frozenset().union(*(leaves.get(name, {name}) for name in (row.observed, row.expected)))
        for row in claims.itertuples()
    }
    exact = [row.check_id for row in claims.itertuples() if row.test == "equals" and not row.same_source]
    standing = {key for key in exact if before.verdict[key] == "consistent"}
    chosen = [name for name in figures.figure_id if any(name in uses[key] for key in exact)]
    draw, rows = random.Random(seed), []
    for name in chosen:
        for change in CHANGES:
            possible = _variants(name, change, printed)
            for cells in draw.sample(possible, min(each, len(possible))):
                changed = printed.copy()
                for figure, new in cells.items():
                    for column, value in new.items():
                        changed.at[figure, column] = value
                touched = set(cells)
                try:
                    new = cleaning.evaluate(changed.loc[list(touched)], raw).set_index("figure_id")
                    inputs = sources.copy()
                    inputs.loc[new.index, ["value", "low", "high"]] = new[["value", "low", "high"]]
                    again = derivations[[bool(leaves[key] & touched) for key in derivations.derived_id]]
                    rest = derived[~derived.derived_id.isin(again.derived_id)].set_index("derived_id")
                    redone = growth.evaluate(again, pd.concat([inputs, rest]), raw).set_index("derived_id")
                    affected = claims[[bool(uses[key] & touched) for key in claims.check_id]]
                    after = checks.compare(affected, pd.concat([inputs, rest, redone]), leaves, raw)
                    after = after.set_index("check_id")
                    turned = after.claim_id[after.verdict != before.verdict[after.index]].drop_duplicates()
                    said = " ".join(turned)
                except BadInput:
                    said = "nothing could be computed"
                ours = cells[name]
                rows.append(
                    {
                        "figure_id": name,
                        "stands": "yes" if any(name in uses[key] for key in standing) else "no",
                        "change": change,
                        "before": f"{printed.token[name]} {printed['scale'][name]}".strip(),
                        "after": f"{ours.get('token', printed.token[name])} {ours.get('scale', printed['scale'][name])}".strip(),
                        "noticed": "yes" if said else "no",
                        "turned": said,
                    }
                )
    return pd.DataFrame(rows, columns=COLUMNS)


def statistics(mutants: pd.DataFrame) -> pd.DataFrame:
    """Changes made and the share noticed, as statistics `mutants-…`.

    Over all figures, over those one of whose exact checks is consistent before the change, and of the latter by
    kind of change.
    """
    from statsmodels.stats.proportion import proportion_confint

    rows = []
    standing = mutants[mutants.stands == "yes"]
    groups = [
        ("all", "of all figures in an exact check", mutants),
        ("standing", "of figures in an exact check that is consistent", standing),
    ]
    groups += [(name.replace(" ", "-"), name, part) for name, part in standing.groupby("change", sort=False)]
    for key, label, part in groups:
        size, caught = len(part), int((part.noticed == "yes").sum())
        low, high = proportion_confint(caught, size, method="wilson")
        formula = f"{caught} of {size} changes turn a verdict; Wilson interval"
        rows.append(
            (
                f"mutants-noticed-{key}",
                f"changes noticed, {label}",
                100 * caught / size,
                100 * low,
                100 * high,
                "percent",
                formula,
            )
        )
        rows.append((f"mutants-made-{key}", f"changes made, {label}", size, size, size, "", "seeded changes"))
    return pd.DataFrame(rows, columns=STATISTIC_COLUMNS)
