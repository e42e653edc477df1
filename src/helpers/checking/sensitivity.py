"""Sensitivity: what other choices would make of every verdict and of every headline number.

A scenario is one choice of each kind: the set of rules for intervals, whether plain numbers were rounded or
cut, whether they may be off by half a step or a whole one, the vintage of GDP in the first year and in the
last, and whether corrections of medium confidence are made. All combinations are derived and checked. The
table keeps of each claim and headline those of the choices on which it depends.
"""

import itertools
from collections.abc import Iterable, Set
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput
from ..corpus.graph import all_leaves, closure
from ..corpus.schema import SENSITIVITY
from ..corpus.tallies import Statistic, tally
from ..deriving.cleaning import clean, corrected_figures, narrowed, prints
from ..deriving.derivations import without_result
from ..deriving.intervals import RULE_SETS, rule_set
from ..deriving.quantities import BOUNDS, derived_graph
from .claims import all_claims, prints_alike, verdicts
from .what_if import CHANGED, LOST, WhatIf, verdict_of_readings

CHOICES = {  # each kind of choice with its choices, that of the project first
    "rules": ("usual", *(name for name in RULE_SETS if name != "usual")),
    "rounding": ("rounded", "cut"),
    "step": ("half", "whole"),
    "base": ("as used", "older", "newer"),
    "last": ("as used", "older", "newer"),
    "corrections": ("all", "without medium"),
}
CHOICE_WORDS = {  # every other choice, in words that follow "would differ"
    ("rules", "narrow"): "with narrow intervals",
    ("rules", "wide"): "with wide intervals",
    ("rounding", "cut"): "if plain numbers were cut instead of rounded",
    ("step", "whole"): "if plain numbers may be off by one in the last digit",
    ("base", "older"): "with the older levels of the first year",
    ("base", "newer"): "with the newer levels of the first year",
    ("last", "older"): "with the older levels of the last year",
    ("last", "newer"): "with the newer levels of the last year",
    ("corrections", "without medium"): "without the corrections of medium confidence",
}
_OF_RULES = ("rules", "rounding", "step")


class Scenario(NamedTuple):
    """One choice of each kind, by the names in `CHOICES`."""

    rules: str
    rounding: str
    step: str
    base: str
    last: str
    corrections: str


def _scenarios(corpus: Corpus, rules: str) -> list[Scenario]:
    """All combinations of choices, that of the project first; of vintages those that there are."""
    there = {*zip(corpus.vintages.year, corpus.vintages.vintage, strict=True)}
    choices = [
        [name for name in names if kind not in ("base", "last") or name == names[0] or (kind, name) in there]
        for kind, names in CHOICES.items()
    ]
    choices[0].sort(key=lambda name: name != rules)
    return [Scenario(*names) for names in itertools.product(*choices)]


def sensitivity(
    corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame, checks: pd.DataFrame, rules: str = "usual"
) -> pd.DataFrame:
    """`sensitivity.csv`: every claim and headline under every combination of choices on which it depends.

    Columns of `schema.SENSITIVITY`. A choice is empty where it makes no difference to anything that the claim
    or headline rests on. `figures`, `derived` and `checks` as from `clean`, `derive` and `check`, by the set
    of rules of the name `rules`, which is the first row of each id. A correction without which a figure has
    no value stays.
    """
    scenarios = _scenarios(corpus, rules)
    printed = _Printed(corpus, scenarios)
    behind = _behind(corpus, derived)
    depends = {key: _depends(leaves, corpus, printed) for key, leaves in behind.items()}
    vintages = {
        (row.year, row.vintage, row.comparator_id): row.instead for row in corpus.vintages.itertuples()
    }
    levels = corpus.comparators.set_index("comparator_id")[BOUNDS]
    known = figures.set_index("figure_id")[BOUNDS]
    rows: list[tuple] = []
    needed = {scenario: _needing(scenario, scenarios[0], depends) for scenario in scenarios}
    graph, closures = derived_graph(derived), dict[frozenset, frozenset]()
    wanted: dict[int, frozenset[str]] = {}
    changes: list[tuple] = []
    for number, scenario in enumerate(scenarios):
        needing = needed[scenario]
        if needing not in closures:
            closures[needing] = frozenset(closure(graph, _compared(corpus, needing)))
        wanted[number] = closures[needing]
        now = printed.bounds[scenario[:3], scenario.corrections]
        other = now[(now != known.loc[now.index]).any(axis=1) & now.index.isin(wanted[number])]
        changes += [(number, *row) for row in other.itertuples()]
        for (year, vintage, name), instead in vintages.items():
            if getattr(scenario, year) == vintage and name in wanted[number]:
                changes.append((number, name, *levels.loc[instead]))
    engine = WhatIf(corpus, figures, derived, checks, rule_set(rules))
    found = engine.if_quantities(pd.DataFrame(changes, columns=CHANGED), wanted)
    verdict = {(number, key): word for number, key, word in found.claims.itertuples(index=False)}
    numbers = {(number, key): ends for number, key, *ends in found.quantities.itertuples(index=False)}
    before = pd.concat([known, derived.set_index("derived_id")[BOUNDS]])
    headlines = [key for key in dict.fromkeys(corpus.headlines.headline) if key in before.index]
    claims = verdicts(checks).claim_id
    lost_readings = _readings_on(corpus, printed.lost)
    of_check = {
        (number, key): word
        for number, key, word in found.checks[["change", "check_id", "verdict"]].itertuples(index=False)
    }
    for kind, keys in (("claim", claims), ("number", headlines)):
        for key in keys:
            kinds = depends.get(key, _depends_of_prints(key, printed) if kind == "claim" else frozenset())
            for number, scenario in enumerate(scenarios):
                if any(a != b for kind_, a, b in _by_kind(scenario, scenarios[0]) if kind_ not in kinds):
                    continue
                shown = [name if kind_ in kinds else "" for kind_, name, _ in _by_kind(scenario, scenario)]
                without = scenario.corrections != CHOICES["corrections"][0]
                if kind == "claim":
                    own = printed.alike[scenario[:3], scenario.corrections].get(key, "")
                    word = own or verdict.get((number, key), engine.verdict_before[key])
                    if without and key in lost_readings:
                        word = verdict_of_readings(
                            {
                                LOST if lost else of_check.get((number, check), engine.check_before[check])
                                for check, lost in lost_readings[key].items()
                            }
                        )
                    rows.append((key, kind, *shown, word, *[float("nan")] * 3))
                    continue
                value, low, high = numbers.get((number, key), before.loc[key].tolist())
                if (without and key in printed.lost) or pd.isna(low):
                    rows.append((key, kind, *shown, LOST, *[float("nan")] * 3))
                else:
                    rows.append((key, kind, *shown, "", low, value, high))
    return pd.DataFrame(rows, columns=SENSITIVITY.columns)


def _needing(one: Scenario, first: Scenario, depends: dict[str, frozenset[str]]) -> frozenset[str]:
    """The ids that depend on every kind in which a scenario makes another choice than the first."""
    other = {kind for kind, a, b in _by_kind(one, first) if a != b}
    return frozenset(key for key, kinds in depends.items() if other <= kinds)


def _by_kind(one: Scenario, two: Scenario) -> Iterable[tuple[str, str, str]]:
    return zip(Scenario._fields, one, two, strict=True)


class _Printed:
    """What figures allow under each choice of rules and of corrections.

    `bounds` and `alike`, the verdicts on prints of one quantity, by the choices of rules and of corrections;
    `dropped` are the figures of corrections that may be left out, `lost` the derived quantities that have no
    result without them; `moved` has for each figure the kinds of choice that change its interval.
    """

    def __init__(self, corpus: Corpus, scenarios: list[Scenario]):
        first, without = CHOICES["corrections"]
        fewer = _without_medium(corpus)
        gone = corpus.corrections.index.difference(fewer.corrections.index)
        self.dropped = frozenset(corpus.corrections.figure[gone])
        self.bounds: dict[tuple, pd.DataFrame] = {}
        self.alike: dict[tuple, dict[str, str]] = {}
        for choice in dict.fromkeys(scenario[:3] for scenario in scenarios):
            rules = rule_set(choice[0], cut=choice[1] == "cut", whole=choice[2] == "whole")
            for name, one in ((first, corpus), (without, fewer)):
                found = prints(corrected_figures(one), one, rules)
                self.bounds[choice, name] = narrowed(found)
                alike = prints_alike(found)
                self.alike[choice, name] = dict(zip(alike.claim_id, alike.verdict, strict=True))
        self.lost = frozenset(without_result(fewer, clean(fewer))) if self.dropped else frozenset()
        self.moved: dict[str, set[str]] = {}
        choices = [choice for choice, name in self.bounds if name == first]
        for one, two in itertools.combinations(choices, 2):
            kinds = [kind for kind, a, b in zip(_OF_RULES, one, two, strict=True) if a != b]
            if len(kinds) == 1:
                a, b = self.bounds[one, first], self.bounds[two, first]
                for name in a.index[(a != b).any(axis=1)]:
                    self.moved.setdefault(str(name), set()).add(kinds[0])


def _without_medium(corpus: Corpus) -> Corpus:
    """The corpus without its corrections of medium confidence, but for those that figures need."""
    kept = corpus.corrections
    for line in kept.index[kept.confidence == "medium"]:
        fewer = replace(corpus, corrections=kept.drop(index=line))
        try:
            clean(fewer)
        except BadInput:
            continue
        kept = fewer.corrections
    return replace(corpus, corrections=kept)


def _compared(corpus: Corpus, keys: Iterable[str]) -> list[str]:
    """What claims of these ids compare, and the other ids themselves."""
    claims, keys = all_claims(corpus), set(keys)
    own = claims[claims.claim_id.isin(keys)]
    return sorted({*own.observed, *own.expected, *(keys - set(claims.claim_id))} - {""})


def _behind(corpus: Corpus, derived: pd.DataFrame) -> dict[str, frozenset[str]]:
    """What each declared claim and each headline rests on in the end."""
    leaves, claims = all_leaves(derived_graph(derived)), all_claims(corpus)
    found: dict[str, frozenset[str]] = {}
    for row in claims.itertuples():
        for name in {row.observed, row.expected} - {""}:
            found[row.claim_id] = found.get(row.claim_id, frozenset()) | leaves.get(name, frozenset([name]))
    return found | {key: leaves.get(key, frozenset([key])) for key in corpus.headlines.headline}


def _depends(leaves: Set[str], corpus: Corpus, printed: _Printed) -> frozenset[str]:
    """The kinds of choice that make a difference to one of these ids."""
    found = set().union(*(printed.moved.get(name, set()) for name in leaves))
    found |= set(corpus.vintages.year[corpus.vintages.comparator_id.isin(leaves)])
    return frozenset(found | ({"corrections"} if leaves & printed.dropped else set()))


def _depends_of_prints(key: str, printed: _Printed) -> frozenset[str]:
    """The same of a claim that prints of one quantity agree: rules, if a verdict differs."""
    return (
        frozenset(_OF_RULES) if len({found.get(key) for found in printed.alike.values()}) > 1 else frozenset()
    )


def _readings_on(corpus: Corpus, lost: Set[str]) -> dict[str, dict[str, bool]]:
    """For each claim of which some reading compares a lost quantity, whether each of its readings does."""
    claims = all_claims(corpus)
    hit = claims.observed.isin(lost) | claims.expected.isin(lost)
    found: dict[str, dict[str, bool]] = {}
    for claim, check, one in zip(claims.claim_id, claims.check_id, hit, strict=True):
        found.setdefault(claim, {})[check] = bool(one)
    return {claim: readings for claim, readings in found.items() if any(readings.values())}


# -- what it amounts to -----------------------------------------------------------------------------------


def differing(found: pd.DataFrame) -> pd.DataFrame:
    """The claims whose verdict depends on choices, one row a claim and a single choice that changes it.

    From `sensitivity`: columns claim_id, before (the verdict), kind, choice, words, after. Where only several
    choices together change a verdict, `kind` and `choice` are empty and `words` names the fewest that do.
    """
    claims = found[found.kind == "claim"]
    kinds = list(CHOICES)
    rows = []
    for key, group in claims.groupby("id", sort=False):
        first = group.iloc[0]
        other = group[group.verdict != first.verdict]
        alone = (other[kinds] != first[kinds]).sum(axis=1) == 1
        for row in other[alone].itertuples():
            kind = next(kind for kind in kinds if getattr(row, kind) != first[kind])
            choice = getattr(row, kind)
            rows.append((key, first.verdict, kind, choice, CHOICE_WORDS[kind, choice], row.verdict))
        if len(other) and not alone.any():
            count = (other[kinds] != first[kinds]).sum(axis=1)
            for row in other[count == count.min()].itertuples():
                words = " and ".join(
                    CHOICE_WORDS[kind, getattr(row, kind)]
                    for kind in kinds
                    if getattr(row, kind) != first[kind]
                )
                rows.append((key, first.verdict, "", "", words, row.verdict))
    return pd.DataFrame(rows, columns=["claim_id", "before", "kind", "choice", "words", "after"], dtype="str")


def by_choice(found: pd.DataFrame) -> pd.DataFrame:
    """The verdicts of claims that any combination changes, for a heat map.

    From `sensitivity`, one row a claim and a single choice: columns claim_id, choice (in words; the first is
    that of the project), verdict. A choice that makes no difference to a claim leaves its verdict.
    """
    claims, kinds = found[found.kind == "claim"], list(CHOICES)
    moving = claims.groupby("id").verdict.nunique()
    used = [pair for pair in CHOICE_WORDS if (found[pair[0]] == pair[1]).any()]
    rows = []
    for key, group in claims[claims.id.isin(moving.index[moving > 1])].groupby("id", sort=False):
        first = group.iloc[0]
        rows.append((key, "as reported", first.verdict))
        for kind, choice in used:
            if choice == first[kind]:
                continue
            same = (group[[k for k in kinds if k != kind]] == first[[k for k in kinds if k != kind]]).all(
                axis=1
            )
            there = group[same & (group[kind] == choice)]
            verdict = first.verdict if there.empty else there.verdict.iloc[0]
            rows.append((key, CHOICE_WORDS[kind, choice], verdict))
    return pd.DataFrame(rows, columns=["claim_id", "choice", "verdict"])


def ranges(found: pd.DataFrame) -> pd.DataFrame:
    """Each headline over all combinations of choices.

    From `sensitivity`: columns id, low, value and high as reported, least, greatest, lost, moves. `least` and
    `greatest` are the ends over all combinations that give a result, `lost` is `LOST` where some give none,
    and `moves` says whether any of this differs from what is reported.
    """
    numbers = found[found.kind == "number"]
    rows = []
    for key, group in numbers.groupby("id", sort=False):
        first = group.iloc[0]
        lost = LOST if (group.verdict == LOST).any() else ""
        rows.append((key, first.low, first.value, first.high, group.low.min(), group.high.max(), lost))
    table = pd.DataFrame(rows, columns=["id", "low", "value", "high", "least", "greatest", "lost"])
    wider = (table.least < table.low) | (table.greatest > table.high)
    return table.assign(moves=wider | (table.lost != ""))


def sensitivity_statistics(found: pd.DataFrame) -> list[Statistic]:
    """How many verdicts other choices change: statistics `sensitivity-…`.

    `sensitivity-claims` claims in all, `-claims-that-change` under any combination, `-claims-steady` under
    none, and one for each single choice, such as `sensitivity-rules-wide`; `sensitivity-combinations` are the
    rows of claims.
    """
    claims, moved = found[found.kind == "claim"], differing(found)
    every, change = claims.id.nunique(), moved.claim_id.nunique()
    source = "rows of sensitivity.csv"
    rows = [
        tally("sensitivity-claims", "claims computed under other choices", every, source),
        tally("sensitivity-claims-that-change", "claims whose verdict some choice changes", change, source),
        tally("sensitivity-claims-steady", "claims whose verdict no choice changes", every - change, source),
        tally("sensitivity-combinations", "verdicts under some combination of choices", len(claims), source),
    ]
    together = moved.claim_id[moved.kind == ""].nunique()
    label = "claims whose verdict only several choices together change"
    rows.append(tally("sensitivity-only-together", label, together, source))
    for (kind, choice), words in CHOICE_WORDS.items():
        count = int(((moved.kind == kind) & (moved.choice == choice)).sum())
        key = f"sensitivity-{kind}-{choice}".replace(" ", "-")
        rows.append(tally(key, f"verdicts that differ {words}", count, source))
    return rows


def range_statistics(found: pd.DataFrame, units: dict[str, str]) -> list[Statistic]:
    """What each headline may be over all choices: statistics `sensitivity-range-` and its id.

    `units` gives the unit of every figure and derived quantity.
    """
    return [
        Statistic(f"sensitivity-range-{row.id}", f"{row.id} over all choices", row.value, row.least,
                  row.greatest, units[row.id], "least and greatest of sensitivity.csv")
        for row in ranges(found).itertuples()
    ]  # fmt: skip
