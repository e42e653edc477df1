"""Would the checks notice a wrong number? Seeded changes of printed figures, and the share that turns a verdict.

Mutation testing (DeMillo, Lipton & Sayward 1978, Computer 11:34) of data: one printed figure is changed as a slip
of the pen would, everything is derived and checked again, and a change is noticed if a verdict differs or
no result is possible. What fingerprints of the texts would notice besides is not counted.
"""

import random
from pathlib import Path

import pandas as pd

from . import checks, cleaning, growth, paths, tables, transcription
from .tables import BadInput, Fault

COLUMNS = ["figure_id", "stands", "change", "before", "after", "noticed", "turned"]
CHANGES = {
    "neighbouring digits exchanged": "two digits beside each other change places",
    "digit changed": "one digit becomes another",
    "scale word changed": "the scale word becomes the next smaller or larger one",
    "values exchanged": "two figures of one article and unit change places",
}
BOUNDS = ["value", "low", "high"]
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


class _Corpus:
    """All tables computed once, and what a change of some figures does to the verdicts."""

    def __init__(self, raw: Path):
        self.raw = raw
        self.printed = cleaning.printed(raw)
        self.kinds = transcription.key_table("units", raw).set_index("unit").kind
        sources = growth.inputs_at_hand(cleaning.evaluate(self.printed, raw), raw)
        self.derivations = growth.read_derivations(set(sources.index), raw)
        derived = growth.evaluate(self.derivations, sources, raw)
        self.leaves = growth.leaves(derived)
        self.quantities = pd.concat([sources, derived.set_index("derived_id")])
        self.claims = checks.read_claims(set(self.quantities.index), raw)
        self.verdict = (
            checks.compare(self.claims, self.quantities, self.leaves, raw).set_index("check_id").verdict
        )
        self.uses = {
            row.check_id: frozenset().union(*(self.leaves.get(i, {i}) for i in (row.observed, row.expected)))
            for row in self.claims.itertuples()
        }

    def figures(self, keys) -> list[str]:
        """Figures that one of these checks involves, in the order of the sheets."""
        used = frozenset().union(*(self.uses[key] for key in keys))
        return [name for name in self.printed.index if name in used]

    def turned(self, cells: dict[str, dict[str, str]]) -> list[str]:
        """Claims whose verdict differs once these cells of the sheets are set. Raises BadInput if there is no result."""
        touched, now = set(cells), self.quantities.copy()
        for name in touched:
            now.loc[name, BOUNDS] = self._bounds(self.printed.loc[name].to_dict() | cells[name])
        again = self.derivations[[bool(self.leaves[key] & touched) for key in self.derivations.derived_id]]
        needed = set(" ".join(again.inputs).split()) - set(again.derived_id)
        redone = growth.evaluate(again, now.loc[sorted(needed)], self.raw).set_index("derived_id")
        now.loc[redone.index, BOUNDS] = redone[BOUNDS]
        affected = self.claims[[bool(self.uses[key] & touched) for key in self.claims.check_id]]
        after = checks.compare(affected, now, self.leaves, self.raw).set_index("check_id")
        return list(dict.fromkeys(after.claim_id[after.verdict != self.verdict[after.index]]))

    def _bounds(self, row: dict) -> list[str]:
        kind = self.kinds[row["unit"]]
        try:
            found = cleaning.interval(row["token"], row["scale"], kind, row["qualifier"], row["status"])
        except ValueError as error:
            sheet = self.raw / "transcription" / f"{row['article']}.csv"
            raise BadInput(
                [Fault(sheet, row["line"], "token", row["token"], f"a number ({error})")]
            ) from None
        return [cleaning.plain(bound) for bound in found]


def run(seed: int, raw: Path = paths.RAW, each: int = 1) -> pd.DataFrame:
    """Make `each` change of every kind to every figure that an exact check involves, and see what is noticed.

    Which of the possible changes is made is drawn with `seed`. Columns `COLUMNS`: `stands` says whether
    one of the exact checks of the figure is consistent before the change, as a verdict that is in tension
    already cannot turn for the worse; `turned` names the claims whose verdict differs, or says that nothing
    could be computed. Figures printed in words have no digits to change, only places. Raises BadInput as
    `cleaning.clean`, `growth.derive` and `checks.check` do.
    """
    corpus, draw, rows = _Corpus(raw), random.Random(seed), []
    claims = corpus.claims
    exact = claims.check_id[(claims.test == "equals") & (claims.same_source == "")]
    standing = set(corpus.figures([key for key in exact if corpus.verdict[key] == "consistent"]))
    for name in corpus.figures(exact):
        old = corpus.printed.loc[name]
        for change in CHANGES:
            possible = _variants(name, change, corpus.printed)
            for cells in draw.sample(possible, min(each, len(possible))):
                try:
                    turned = " ".join(corpus.turned(cells))
                except BadInput:
                    turned = "nothing could be computed"
                new = old.to_dict() | cells[name]
                rows.append(
                    {
                        "figure_id": name,
                        "stands": "yes" if name in standing else "no",
                        "change": change,
                        "before": f"{old.token} {old['scale']}".strip(),
                        "after": f"{new['token']} {new['scale']}".strip(),
                        "noticed": "yes" if turned else "no",
                        "turned": turned,
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
    return tables.statistics(rows)
