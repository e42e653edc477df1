"""Power: would a slip of a printed figure have been noticed by the checks that rest on it?

For each figure behind a check its value and interval are multiplied and divided by 1.1, 2 and 10, and all
that rests on it is derived and checked again. A slip is noticed by a check if its verdict turns, and by a
claim if the claim's does; a comparison that cannot be computed any more counts as turned. That a share cannot
exceed a hundred percent, or a count be broken, is not used: it would be noticed without the check. What a
test of this kind can tell is called power or severity (Mayo & Spanos 2006, Brit. J. Phil. Sci. 57:323).
"""

import itertools
from collections.abc import Set

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.schema import POWERS
from ..corpus.tallies import Statistic, tally
from ..deriving.intervals import USUAL, RuleSet
from ..deriving.quantities import BOUNDS
from ..vocabulary import NO_TEST
from .claims import made_of, verdicts
from .what_if import CHANGED, WhatIf

SIZES = {"10_percent": 1.1, "factor_2": 2.0, "factor_10": 10.0}  # how large a slip is, and its factor
SIZE_WORDS = {"10_percent": "of 10 percent", "factor_2": "of a factor 2", "factor_10": "of a factor 10"}
SHARES = {"all": "every slip", "some": "some slips, not all,", "none": "no slip"}


def power_of_checks(
    corpus: Corpus,
    figures: pd.DataFrame,
    derived: pd.DataFrame,
    checks: pd.DataFrame,
    rules: RuleSet = USUAL,
) -> pd.DataFrame:
    """`power.csv`: one row a check in the order of `checks`; columns of `schema.POWERS`.

    `noticed_…` is the percentage of slips of that size, in both directions and of every figure that the check
    rests on, after which the verdict of the check differs; `slips` is how many were tried of each size.
    `claim_…` is the same for the verdict of the claim, over all figures behind any of its checks. A check
    that compares nothing has empty cells, and so has a claim of such checks alone. `figures`, `derived` and
    `checks` as from `clean`, `derive` and `check`, by the same `rules`.
    """
    engine = WhatIf(corpus, figures, derived, checks, rules)
    printed = frozenset(figures.figure_id)
    behind = {key: printed & names for key, names in made_of(checks, derived).items()}
    tested = checks[checks.test != NO_TEST]
    of_claim: dict[str, set[str]] = {}
    for key, claim in zip(tested.check_id, tested.claim_id, strict=True):
        of_claim.setdefault(claim, set()).update(behind[key])
    slips = _slips(figures, set().union(*of_claim.values()))
    found = engine.if_prints(slips, dict.fromkeys(slips.change, engine.needed(of_claim)))
    check_turned = _turned(found.checks, "check_id", engine.check_before, slips)
    claim_turned = _turned(found.claims, "claim_id", engine.verdict_before, slips)
    claims = verdicts(checks).set_index("claim_id").verdict
    rows = []
    for row in checks.itertuples():
        own = behind[row.check_id] if row.test != NO_TEST else frozenset()
        every = of_claim.get(row.claim_id, set())
        rows.append(
            {
                **{"check_id": row.check_id, "claim_id": row.claim_id, "verdict": row.verdict},
                **{"source": row.source, "slips": 2 * len(own)},
                **{f"noticed_{size}": _share(check_turned, row.check_id, size, own) for size in SIZES},
                **{"claim_verdict": claims[row.claim_id], "claim_slips": 2 * len(every)},
                **{
                    f"claim_noticed_{size}": _share(claim_turned, row.claim_id, size, every) for size in SIZES
                },
            }
        )
    return pd.DataFrame(rows, columns=POWERS.columns)


def _slips(figures: pd.DataFrame, tested: Set[str]) -> pd.DataFrame:
    """Every slip of every figure that is tested: the columns of changes, and `size`."""
    known = figures.set_index("figure_id")[BOUNDS]
    rows: list[tuple] = []
    for name in known.index[known.index.isin(tested)]:
        for (size, factor), up in itertools.product(SIZES.items(), (True, False)):
            ends = known.loc[name] * factor if up else known.loc[name] / factor
            rows.append((len(rows), name, *ends, size))
    return pd.DataFrame(rows, columns=[*CHANGED, "size"])


def _turned(found: pd.DataFrame, key: str, before: dict[str, str], slips: pd.DataFrame) -> dict:
    """How many slips turn the verdict of a check or a claim, by its id, the size and the figure."""
    turned = found[found.verdict != found[key].map(before)].drop_duplicates(["change", key])
    about = turned.merge(slips[["change", "id", "size"]], on="change")
    return about.groupby([key, "size", "id"]).size().to_dict()


def _share(turned: dict, key: str, size: str, names: Set[str]) -> float:
    """The percentage of the slips of these figures that turn a verdict; missing where there is none."""
    if not names:
        return float("nan")
    return round(100 * sum(turned.get((key, size, name), 0) for name in names) / (2 * len(names)), 1)


def power_statistics(found: pd.DataFrame) -> list[Statistic]:
    """How many checks and claims notice every slip, some or none, by size: statistics `power-…`.

    `power-checks-consistent-10-percent-all` counts consistent checks of which every slip of 10 percent would
    have turned the verdict; likewise `-claims-`, `-others-` for those of any other verdict, and
    `-could-have-failed` for all and some together.
    """
    claims = found.drop_duplicates("claim_id")
    rows = []
    for what, table, verdict, column in (
        ("checks", found, "verdict", "noticed_"),
        ("claims", claims, "claim_verdict", "claim_noticed_"),
    ):
        for which, part in (
            ("consistent", table[table[verdict] == "consistent"]),
            ("others", table[table[verdict] != "consistent"]),
        ):
            label = f"consistent {what}" if which == "consistent" else f"{what} of any other verdict"
            for size, words in SIZE_WORDS.items():
                shares = part[f"{column}{size}"].dropna()
                counts = {
                    "all": int((shares == 100).sum()),
                    "some": int(shares.between(0, 100, inclusive="neither").sum()),
                    "none": int((shares == 0).sum()),
                }
                key = f"power-{what}-{which}-{size.replace('_', '-')}"
                rows += [
                    tally(f"{key}-{share}", f"{label} that would notice {SHARES[share]} {words}", count,
                          "rows of power.csv")
                    for share, count in counts.items()
                ]  # fmt: skip
                rows.append(
                    tally(f"{key}-could-have-failed", f"{label} that would notice a slip {words} at least",
                          counts["all"] + counts["some"], "rows of power.csv")
                )  # fmt: skip
    return rows
