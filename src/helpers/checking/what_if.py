"""What if a number were another? Many hypothetical changes at once, each derived and checked again.

Every change sets value, low and high of some figures, constants or comparators. What it touches stands beside
the unchanged ids under names of its own, `id~change`, so that one pass derives and compares all of them. The
result is that of computing each change by itself from a changed corpus; tests hold it to that.
"""

import functools
from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.graph import closure, resting_on
from ..deriving.cleaning import corrected_figures, narrowed, prints
from ..deriving.derivations import computed, planned
from ..deriving.intervals import USUAL, RuleSet
from ..deriving.quantities import BOUNDS, all_quantities, derived_graph, inputs_at_hand
from .claims import all_claims, claim_verdict, compared, prints_alike, verdicts

LOST = "nothing could be computed"  # the verdict of a check, or of a claim, for want of a finite value
CHANGED = ["change", "id", *BOUNDS]  # the columns of a table of changes
_ENDS = ["observed_low", "observed_high", "expected_low", "expected_high"]
_OF_CHECKS = ["change", "check_id", "claim_id", "test", "otherwise", "verdict", *_ENDS]


class Outcomes(NamedTuple):
    """What comes of changes.

    `checks` has the comparisons of every claim that a change touches: change, check_id, claim_id, test,
    otherwise, verdict and the four ends as of `claims.check`. `claims` has change, claim_id and verdict of
    these claims. `quantities` has change, id, value, low and high of all that a change touches, derived
    quantities too. `lost` are the changes after which some quantity has no finite value. A verdict may be
    `LOST`; a claim is lost if one of its readings is and none is consistent.
    """

    checks: pd.DataFrame
    claims: pd.DataFrame
    quantities: pd.DataFrame
    lost: frozenset[int]


class WhatIf:
    """The engine for one corpus and what was made of it: `figures`, `derived` and `checks` by `rules`."""

    def __init__(
        self,
        corpus: Corpus,
        figures: pd.DataFrame,
        derived: pd.DataFrame,
        checks: pd.DataFrame,
        rules: RuleSet = USUAL,
    ):
        self._sources, self._quantities = (
            inputs_at_hand(corpus, figures),
            all_quantities(corpus, figures, derived),
        )
        self._steps, _ = planned(corpus.derivations, self._sources.unit.to_dict())
        self._known = derived.set_index("derived_id")[BOUNDS]
        self._graph = derived_graph(derived)
        self._claims = all_claims(corpus).reset_index(drop=True)
        self._rows_of_claim = self._claims.groupby("claim_id").indices
        self._claims_of: dict[str, list[str]] = {}  # by what they compare
        for row in self._claims.itertuples():
            for name in {row.observed, row.expected} - {""}:
                self._claims_of.setdefault(name, []).append(row.claim_id)
        self.verdict_before: dict[str, str] = verdicts(checks).set_index("claim_id").verdict.to_dict()
        self.check_before: dict[str, str] = checks.set_index("check_id").verdict.to_dict()
        found = prints(corrected_figures(corpus), corpus, rules)
        different = found.drop_duplicates(["quantity", "figure_id", "low", "high"])
        several = found.quantity.isin(different.quantity[different.quantity.duplicated()])
        self._prints = dict(list(found[several].groupby("quantity", sort=False)))
        self._quantity = found[several].set_index("figure_id").quantity.to_dict()
        self._resting = functools.cache(lambda key: frozenset(resting_on(self._graph, [key])))

    def resting(self, key: str) -> frozenset[str]:
        """The derived quantities that rest on an id."""
        return self._resting(key)

    def needed(self, claims: Iterable[str]) -> frozenset[str]:
        """What claims compare and all that it is made of."""
        rows = self._claims[self._claims.claim_id.isin(set(claims))]
        return frozenset(closure(self._graph, {*rows.observed, *rows.expected} - {""}))

    def if_prints(self, changes: pd.DataFrame, wanted: Mapping[int, Set[str]] | None = None) -> Outcomes:
        """What comes of `changes` of prints; columns `CHANGED`. `wanted` as in `if_quantities`.

        What prints a changed figure again in the same words changes with it. Other prints of the quantity
        stay: they narrow it still, or do not agree any more, which the checks of prints say.
        """
        again = changes[changes.id.isin(self._quantity)]
        rest = changes[~changes.id.isin(self._quantity)]
        parts, alike = [rest], []
        for (number, quantity), group in again.groupby(["change", again.id.map(self._quantity)], sort=False):
            found = self._prints[quantity].copy()
            for row in group.itertuples():
                own = found.figure_id == row.id
                first = found[own].iloc[0]
                own &= (found.low == first.low) & (found.high == first.high)
                found.loc[own, BOUNDS] = [row.value, row.low, row.high]
            after = narrowed(found)
            parts.append(after.rename_axis("id").reset_index().assign(change=number))
            alike.append(prints_alike(found).assign(change=number))
        both = pd.concat(parts, ignore_index=True)[CHANGED].astype({"change": "int64"})
        return self._found(both.sort_values("change", kind="stable"), alike, wanted)

    def if_quantities(self, changes: pd.DataFrame, wanted: Mapping[int, Set[str]] | None = None) -> Outcomes:
        """What comes of `changes` of what figures, constants and comparators are worth; columns `CHANGED`.

        Other prints of a figure are not looked at. Of the derived quantities only those `wanted` of a change
        are computed, which must have among them all that they are made of, such as `needed` has; all of them
        if it is None. Claims that compare others are then not to be relied on.
        """
        return self._found(changes, [], wanted)

    def _found(
        self,
        changes: pd.DataFrame,
        alike: Iterable[pd.DataFrame],
        wanted: Mapping[int, Set[str]] | None = None,
    ) -> Outcomes:
        bounds: dict[str, list[float]] = {}
        same: dict[str, str] = {}
        touched_by: dict[int, dict[str, str]] = {}
        for number, key, *ends in changes[CHANGED].itertuples(index=False, name=None):
            touched = touched_by.setdefault(number, {})
            resting = self._resting(key)
            for name in (key, *(resting if wanted is None else resting & wanted[number])):
                touched[name] = f"{name}~{number}"
            bounds[touched[key]] = ends
        more, rows = dict(self._steps), []
        for number, touched in touched_by.items():
            same |= {own: name for name, own in touched.items()}
            for name, own in touched.items():
                if own not in bounds:
                    step = self._steps[name]
                    more[own] = step._replace(inputs=tuple(touched.get(one, one) for one in step.inputs))
            claims = {claim for name in touched for claim in self._claims_of.get(name, ())}
            for row in sorted(row for claim in claims for row in self._rows_of_claim[claim]):
                pair = self._claims.observed.iat[row], self._claims.expected.iat[row]
                rows.append((row, number, *(touched.get(name, name) for name in pair)))
        changed = pd.DataFrame(bounds.values(), index=list(bounds), columns=BOUNDS, dtype="float64")
        found = computed(more, pd.concat([self._sources[BOUNDS], changed]), self._known)
        beside = pd.concat([changed, found[~found.index.isin(self._steps)]])
        checks = pd.concat([self._compared(rows, beside, same), *alike], ignore_index=True)[_OF_CHECKS]
        checks = checks.astype({"change": "int64"}).sort_values("change", kind="stable")
        names = [same[own] for own in beside.index]
        numbers = [int(own.rpartition("~")[2]) for own in beside.index]
        quantities = beside.assign(change=numbers, id=names)[CHANGED].reset_index(drop=True)
        lost = frozenset(quantities.change[quantities.low.isna()])
        return Outcomes(checks.reset_index(drop=True), _by_claim(checks), quantities, lost)

    def _compared(self, rows: list[tuple], beside: pd.DataFrame, same: dict[str, str]) -> pd.DataFrame:
        """The comparisons of `rows`: a row of the claims, the number of a change, and what is compared."""
        places, numbers, observed, expected = zip(*rows, strict=True) if rows else ([], [], [], [])
        again = self._claims.iloc[list(places)].assign(observed=list(observed), expected=list(expected))
        about = self._quantities.loc[[same[own] for own in beside.index], ["unit", "grade", "outside"]]
        every = pd.concat([self._quantities, beside.join(about.set_axis(beside.index))])
        low = every.low.to_dict()
        missing = [
            pd.isna(low[one]) or pd.isna(low.get(two, 0)) for one, two in zip(observed, expected, strict=True)
        ]
        table = compared(again, every).assign(change=list(numbers))
        return table.assign(verdict=table.verdict.mask(pd.Series(missing, table.index, dtype="bool"), LOST))


def _by_claim(checks: pd.DataFrame) -> pd.DataFrame:
    """The verdict of every claim after every change."""
    seen: dict[tuple[int, str], set[str]] = {}
    for number, claim, verdict in checks[["change", "claim_id", "verdict"]].itertuples(
        index=False, name=None
    ):
        seen.setdefault((number, claim), set()).add(verdict)
    rows = [(*key, verdict_of_readings(found)) for key, found in seen.items()]
    return pd.DataFrame(rows, columns=["change", "claim_id", "verdict"])


def verdict_of_readings(found: Set[str]) -> str:
    """The verdict of a claim from those of its readings, of which some may be `LOST`."""
    return LOST if LOST in found and "consistent" not in found else claim_verdict(found - {LOST})
