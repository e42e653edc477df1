"""Claims held against what follows from other figures: intervals in, verdicts out.

What is tested is data (`claims.csv`); how is one of the small tests of this module. A claim is consistent
when the interval observed and the interval expected have a value in common, ends included. Where they have none, the
claim's own `otherwise` says whether that contradicts it or only puts it in tension, because a
definition or a reading may differ. The idea of testing a printed number through its rounding is that
of GRIM (Brown & Heathers 2017) and statcheck (Nuijten et al. 2016).
"""

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from . import cleaning, growth, paths, tables
from .tables import BadInput, Fault
from .vocabulary import SLUG, STATISTIC_COLUMNS, VERDICTS

COLUMNS = [
    "check_id", "claim", "kind", "inputs", "expected_low", "expected_high", "observed_low",
    "observed_high", "verdict", "explanation",
]  # fmt: skip
CLAIM_COLUMNS = ["check_id", "kind", "claim", "test", "observed", "expected", "otherwise", "note"]

Interval = tuple[float, float]

TESTS: dict[str, tuple[Callable[[Interval], Interval], str]] = {
    "equals": (lambda expected: expected, "the same as"),
    "at_most": (lambda expected: (-math.inf, expected[1]), "at most"),
    "at_least": (lambda expected: (expected[0], math.inf), "at least"),
}


def verdict(observed: Interval, expected: Interval, otherwise: str) -> str:
    """`consistent` if the closed intervals meet, else `otherwise`."""
    meet = max(observed[0], expected[0]) <= min(observed[1], expected[1])
    return "consistent" if meet else otherwise


def read_claims(known: set[str], raw: Path = paths.RAW) -> pd.DataFrame:
    """`claims.csv`, indexed by line; `known` are the ids of figures, derived quantities and constants.

    Raises BadInput for unknown tests, kinds, ids or verdicts, and doubled check ids.
    """
    file = raw / "claims.csv"
    schema = pa.DataFrameSchema(
        {
            "check_id": tables.column(
                "a slug that nothing else has", lambda v: SLUG.fullmatch(v) and v not in known, unique=True
            ),
            "kind": tables.one_of(["internal", "external"]),
            "claim": tables.column("what is claimed", bool),
            "test": tables.one_of(TESTS),
            "observed": tables.column("a figure, a constant or a derived id", known.__contains__),
            "expected": tables.column("a figure, a constant or a derived id", known.__contains__),
            "otherwise": tables.one_of(["in tension", "contradicted"]),
        }
    )
    table = tables.validate(tables.read(file, CLAIM_COLUMNS), schema, file)
    same = table[table.observed == table.expected]
    if len(same):
        raise BadInput(
            [
                Fault(file, r.Index, "expected", r.expected, "something else than what is observed")
                for r in same.itertuples()
            ]
        )
    return table


def check(figures: pd.DataFrame, derived: pd.DataFrame, raw: Path = paths.RAW) -> pd.DataFrame:
    """`checks.csv`: one row a claim, columns `COLUMNS`; a bound that is open is empty.

    `figures` and `derived` as from `cleaning.clean` and `growth.derive`. Raises BadInput as
    `read_claims` does, and for a claim that compares unlike units.
    """
    constants = growth.read_constants(raw)
    sources = pd.concat(
        [figures.set_index("figure_id"), derived.set_index("derived_id"), constants.set_index("constant")]
    )
    claims = read_claims(set(sources.index), raw)
    rows, faults = [], []
    for claim in claims.itertuples():
        observed, expected = sources.loc[claim.observed], sources.loc[claim.expected]
        if observed.unit != expected.unit:
            faults.append(
                Fault(
                    raw / "claims.csv",
                    claim.Index,
                    "expected",
                    claim.expected,
                    f"a quantity in {observed.unit}, as observed",
                )
            )
            continue
        bounds, words = TESTS[claim.test]
        seen = (float(observed.low), float(observed.high))
        allowed = bounds((float(expected.low), float(expected.high)))
        rows.append(
            {
                "check_id": claim.check_id,
                "claim": claim.claim,
                "kind": claim.kind,
                "inputs": f"{claim.observed} {claim.expected}",
                "expected_low": _bound(allowed[0]),
                "expected_high": _bound(allowed[1]),
                "observed_low": _bound(seen[0]),
                "observed_high": _bound(seen[1]),
                "verdict": verdict(seen, allowed, claim.otherwise),
                "explanation": f"{claim.observed} is expected to be {words} {claim.expected}. {claim.note}".strip(),
            }
        )
    if faults:
        raise BadInput(faults)
    return pd.DataFrame(rows, columns=COLUMNS)


def _bound(value: float) -> str:
    return cleaning.plain(growth.rounded(value)) if math.isfinite(value) else ""


def forest(checks: pd.DataFrame) -> pd.DataFrame:
    """What is observed in each check relative to the bound that it could cross, for a forest plot.

    Columns label, low, value, high, verdict; one stands for the highest value expected, or for the lowest
    where only that is set.
    """
    numbers = checks[["expected_low", "expected_high", "observed_low", "observed_high"]].apply(pd.to_numeric)
    bound = numbers.expected_high.fillna(numbers.expected_low)
    frame = pd.DataFrame(
        {
            "label": checks.claim,
            "low": numbers.observed_low / bound,
            "high": numbers.observed_high / bound,
            "verdict": checks.verdict,
        }
    )
    return frame.assign(value=(frame.low + frame.high) / 2)


def coverage(figures: pd.DataFrame, derived: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """Which figure takes part in which check, directly or through derived quantities.

    One row a figure: figure_id, article, entity, checks (ids, space-separated), verdicts.
    """
    inputs = dict(zip(derived.derived_id, derived.inputs.str.split(), strict=True))

    def leaves(name):
        return set().union(*map(leaves, inputs[name])) if name in inputs else {name}

    used = {row.check_id: set().union(*map(leaves, row.inputs.split())) for row in checks.itertuples()}
    verdicts = dict(zip(checks.check_id, checks.verdict, strict=True))
    rows = []
    for row in figures.itertuples():
        tested = [name for name, found in used.items() if row.figure_id in found]
        rows.append(
            {
                "figure_id": row.figure_id,
                "article": row.article,
                "entity": row.entity,
                "checks": " ".join(tested),
                "verdicts": ", ".join(sorted({verdicts[name] for name in tested})) or "not tested",
            }
        )
    return pd.DataFrame(rows)


def tallies(checks: pd.DataFrame, covered: pd.DataFrame) -> pd.DataFrame:
    """Counts of verdicts and of figures tested, as statistics."""
    counts = {
        f"checks-{name.replace(' ', '-')}": (f"claims {name}", int((checks.verdict == name).sum()))
        for name in VERDICTS
    }
    counts["checks-all"] = ("claims tested", len(checks))
    counts["figures-all"] = ("figures of all articles", len(covered))
    counts["figures-tested"] = ("figures that take part in a check", int((covered.checks != "").sum()))
    return pd.DataFrame(
        [(key, name, n, n, n, "", "rows of checks.csv and figures.csv") for key, (name, n) in counts.items()],
        columns=STATISTIC_COLUMNS,
    )


def read(processed: Path = paths.PROCESSED) -> pd.DataFrame:
    """`checks.csv` as written by `check`, all text."""
    return tables.read(processed / "checks.csv", COLUMNS).reset_index(drop=True)
