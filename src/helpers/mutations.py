"""Would the checks notice a wrong number? Seeded changes of printed figures, and the share that turns a verdict.

Mutation testing (DeMillo, Lipton & Sayward 1978, Computer 11:34) of data: one printed figure is changed as a slip
of the pen would, everything is derived and checked again, and a change is noticed if the verdict of a claim
differs or no result is possible. What fingerprints of the texts would notice besides is not counted.
"""

import random
from pathlib import Path

import pandas as pd

from . import checks, cleaning, growth, paths, tables, transcription
from .tables import BadInput, Fault

COLUMNS = ["figure_id", "tested", "change", "before", "after", "noticed", "turned", "still"]
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
BOUNDS = ["value", "low", "high"]
LADDER = ["", "thousand", "million", "billion", "trillion"]


def _with_digits(token: str, digits: list[str]) -> str:
    new = iter(digits)
    return "".join(next(new) if c.isdigit() else c for c in token)


def variants(name: str, change: str, printed: pd.DataFrame) -> list[dict[str, dict[str, str]]]:
    """All ways to make one kind of change to one figure, each as the cells that it sets by figure."""
    row = printed.loc[name]
    digits = [c for c in row.token if c.isdigit()]
    found = []
    if change == "neighbouring digits exchanged":
        for k in range(len(digits) - 1):
            swapped = [*digits[:k], digits[k + 1], digits[k], *digits[k + 2 :]]
            if swapped != digits and (swapped[0] != "0" or digits[0] == "0"):
                found.append({name: {"token": _with_digits(row.token, swapped)}})
    elif change == "digit changed":
        for k, old in enumerate(digits):
            for new in "0123456789":
                if new != old and not (k == 0 < len(digits) - 1 and new == "0"):
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
        figures = cleaning.evaluate(self.printed, raw)
        sources = growth.inputs_at_hand(figures, raw)
        self.derivations = growth.read_derivations(set(sources.index), raw)
        derived = growth.evaluate(self.derivations, sources, raw)
        self.leaves = growth.leaves(derived)
        everything = pd.concat([sources, derived.set_index("derived_id")])
        self.quantities = everything[[*BOUNDS, "unit", "source", "grade"]]
        self.claims = checks.all_claims(figures, set(everything.index), raw)
        self.checks = checks.compare(self.claims, self.quantities, self.leaves, raw)
        self.uses = checks.made_of(self.checks, derived)
        self.verdict = dict(checks.verdicts(self.checks).set_index("claim_id").verdict)

    def tested(self, name: str) -> str:
        """How a figure is tested before any change, a key of `TESTED`."""
        part = self.checks[[name in self.uses[key] for key in self.checks.check_id]]
        exact = part[(part.test == "equals") & (part.same_source == "") & (part.otherwise != "not checkable")]
        if len(exact):
            return "stands" if "consistent" in set(exact.verdict) else "fails"
        return "bound" if (part.otherwise != "not checkable").any() else "none"

    def change(self, cells: dict[str, dict[str, str]]) -> tuple[list[str], pd.DataFrame]:
        """Claims whose verdict differs once these cells of the sheets are set, and the checks that involve them.

        Raises BadInput where a token states no number any more, or nothing can be derived.
        """
        touched, now = set(cells), self.quantities.copy()
        for name in touched:
            now.loc[name, BOUNDS] = self._bounds(self.printed.loc[name].to_dict() | cells[name])
        again = self.derivations[[bool(self.leaves[key] & touched) for key in self.derivations.derived_id]]
        needed = set(" ".join(again.inputs).split()) - set(again.derived_id)
        redone = growth.evaluate(again, now.loc[sorted(needed)], self.raw).set_index("derived_id")
        now.loc[redone.index, BOUNDS] = redone[BOUNDS]
        involved = [bool(self.uses[key] & touched) for key in self.checks.check_id]
        claims = self.claims[self.claims.claim_id.isin(self.checks.claim_id[involved])]
        after = checks.compare(claims, now, self.leaves, self.raw)
        found: dict[str, set[str]] = {}
        for claim, verdict in zip(after.claim_id, after.verdict, strict=True):
            found.setdefault(claim, set()).add(verdict)
        return [claim for claim, seen in found.items() if checks.best(seen) != self.verdict[claim]], after

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


def run(seed: int, raw: Path = paths.RAW, each: int = 2) -> pd.DataFrame:
    """Make up to `each` changes of every kind to every figure, and see what is noticed.

    Which of the possible changes are made is drawn with `seed`, for each figure and kind by itself. Columns
    `COLUMNS`: `tested` is a key of `TESTED`; `turned` names the claims whose verdict differs, or says that nothing
    could be computed; `still` says what the exact checks of the figure compare after a change that is not
    noticed. Figures printed in words have no digits to change, only places. Raises BadInput as
    `cleaning.clean`, `growth.derive` and `checks.check` do.
    """
    corpus, rows = _Corpus(raw), []
    for name, old in corpus.printed.iterrows():
        tested = corpus.tested(name)
        for change in CHANGES:
            possible = variants(name, change, corpus.printed)
            draw = random.Random(f"{seed} {name} {change}")  # text: the same draw on every machine
            for cells in draw.sample(possible, min(each, len(possible))):
                turned, still = [], ""
                if tested != "none":
                    try:
                        turned, after = corpus.change(cells)
                        still = (
                            ""
                            if turned
                            else _said(after[[name in corpus.uses[key] for key in after.check_id]])
                        )
                    except BadInput:
                        turned = ["nothing could be computed"]
                new = old.to_dict() | cells[name]
                rows.append(
                    {
                        "figure_id": name,
                        "tested": tested,
                        "change": change,
                        "before": f"{old.token} {old['scale']}".strip(),
                        "after": f"{new['token']} {new['scale']}".strip(),
                        "noticed": "yes" if turned else "no",
                        "turned": " ".join(turned),
                        "still": still,
                    }
                )
    return pd.DataFrame(rows, columns=COLUMNS)


def _said(after: pd.DataFrame) -> str:
    """What exact checks compare, in words."""
    exact = after[(after.test == "equals") & (after.otherwise != "not checkable")]
    words = {"consistent": "meets", "in tension": "misses, as before,", "contradicted": "misses, as before,"}
    return "; ".join(
        f"{row.check_id}: {row.observed_low} to {row.observed_high} {words[row.verdict]} {row.expected_low} to {row.expected_high}"
        for row in exact.itertuples()
    )


def statistics(mutants: pd.DataFrame) -> pd.DataFrame:
    """Changes made and the share noticed, as statistics `mutants-…`.

    By how the figure is tested (`-stands`, `-fails`, `-bound`), over all that are tested (`-tested`), over all
    figures (`-all`), and of those in an exact check that is consistent by kind of change. The changes are a
    draw, of at most so many for each figure and kind, so that no figure counts for its length.
    """
    groups = [(key, f"figures {words}", mutants[mutants.tested == key]) for key, words in TESTED.items()]
    groups += [
        ("tested", "figures in any check", mutants[mutants.tested != "none"]),
        ("all", "all figures", mutants),
    ]
    standing = mutants[mutants.tested == "stands"]
    groups += [(name.replace(" ", "-"), name, part) for name, part in standing.groupby("change", sort=False)]
    rows = []
    for key, label, part in groups:
        size, caught = len(part), int((part.noticed == "yes").sum())
        rows.append((f"mutants-made-{key}", f"changes made, {label}", size, size, size, "", "seeded changes"))
        share = 100 * caught / size if size else 0
        formula = f"{caught} of {size} changes turn a verdict"
        rows.append(
            (f"mutants-noticed-{key}", f"changes noticed, {label}", share, share, share, "percent", formula)
        )
    return tables.statistics(rows)
