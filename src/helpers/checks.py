"""Claims held against what follows from other figures and other sources: intervals in, verdicts out.

What is tested is data (`claims.csv`); how is one of the small tests of this module. A claim is consistent
when the interval observed and the interval expected have a value in common, ends included. Where they have
none, the claim's own `otherwise` says whether that contradicts it or only puts it in tension, because a
definition or a reading may differ; a source of the lowest grade never contradicts. A claim whose words
allow several readings is tested under each, and stands if one of them does. The idea of testing a printed
number through its rounding is that of GRIM (Brown & Heathers 2017) and statcheck (Nuijten et al. 2016).
"""

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from . import cleaning, growth, paths, tables
from .tables import BadInput, Fault
from .vocabulary import GRADES, SLUG, UNTESTED, VERDICTS

COLUMNS = [
    "check_id", "claim", "kind", "inputs", "expected_low", "expected_high", "observed_low",
    "observed_high", "verdict", "explanation",
]  # fmt: skip
CLAIM_COLUMNS = [
    "check_id", "claim_id", "kind", "claim", "reading", "test", "observed", "expected", "otherwise",
    "same_source", "note",
]  # fmt: skip
READING_COLUMNS = ["check_id", "claim_id", "reading", "test", "grade", "same_source"]
VERDICT_COLUMNS = ["claim_id", "claim", "kind", "verdict", "stands", "checks", "grade"]
COVERAGE_COLUMNS = ["figure_id", "article", "entity", "tested", "verdicts", "checks", "why_not"]
UNTESTED_COLUMNS = ["figure_id", "reason", "note"]
NONE = pd.DataFrame(columns=[*COLUMNS, *READING_COLUMNS[1:]], dtype="str")  # no checks at all
WEAKEST = list(GRADES)[-1]

Interval = tuple[float, float]

TESTS: dict[str, tuple[Callable[[Interval], Interval], str]] = {
    "equals": (lambda expected: expected, "the same as"),
    "at_most": (lambda expected: (-math.inf, expected[1]), "at most"),
    "at_least": (lambda expected: (expected[0], math.inf), "at least"),
}
NO_TEST = "none"  # something was claimed, and nothing was found to hold it against


def verdict(observed: Interval, expected: Interval, otherwise: str) -> str:
    """`consistent` if the closed intervals meet, else `otherwise`."""
    meet = max(observed[0], expected[0]) <= min(observed[1], expected[1])
    return "consistent" if meet else otherwise


# -- claims ------------------------------------------------------------------------------------------


def read_claims(known: set[str], raw: Path = paths.RAW) -> pd.DataFrame:
    """`claims.csv`, indexed by line; `known` are the ids of figures, derived quantities, constants, comparators.

    Rows with one `claim_id` are readings of one claim; where it is empty the row stands alone and gets its
    `check_id`. Raises BadInput for unknown tests, kinds, ids or verdicts, doubled check ids, a claim that is
    expected to be itself, and readings of one claim that say the same or not the same claim.
    """
    file = raw / "claims.csv"
    schema = pa.DataFrameSchema(
        {
            "check_id": tables.column(
                "a slug that nothing else has", lambda v: SLUG.fullmatch(v) and v not in known, unique=True
            ),
            "claim_id": tables.column(
                "a slug that nothing else has, or nothing",
                lambda v: not v or (SLUG.fullmatch(v) and v not in known),
            ),
            "kind": tables.one_of(["internal", "external"]),
            "claim": tables.column("what is claimed", bool),
            "test": tables.one_of([*TESTS, NO_TEST]),
            "observed": tables.column(
                "a figure, a constant, a comparator or a derived id", known.__contains__
            ),
            "otherwise": tables.one_of(["in tension", "contradicted", "not checkable"]),
            "same_source": tables.one_of(["", "yes"]),
        }
    )
    table = tables.validate(tables.read(file, CLAIM_COLUMNS), schema, file)
    faults = []
    for row in table.itertuples():
        untestable = row.test == NO_TEST
        if untestable and row.expected:
            faults.append(
                Fault(file, row.Index, "expected", row.expected, f"nothing, as the test is {NO_TEST}")
            )
        if not untestable and row.expected not in known:
            expected = "a figure, a constant, a comparator or a derived id"
            faults.append(Fault(file, row.Index, "expected", row.expected, expected))
        if row.observed == row.expected:
            expected = "something else than what is observed"
            faults.append(Fault(file, row.Index, "expected", row.expected, expected))
        if untestable != (row.otherwise == "not checkable"):
            expected = "not checkable" if untestable else "in tension or contradicted"
            faults.append(
                Fault(file, row.Index, "otherwise", row.otherwise, f"{expected}, as the test is {row.test}")
            )
        if untestable and not row.note:
            faults.append(Fault(file, row.Index, "note", "", "what was looked for and not found"))
        if row.claim_id in set(table.check_id):
            faults.append(
                Fault(file, row.Index, "claim_id", row.claim_id, "a slug that no check has, or nothing")
            )
    for _, group in table[table.claim_id != ""].groupby("claim_id"):
        first = group.iloc[0]
        for row in group.itertuples():
            if row.claim != first.claim:
                faults.append(
                    Fault(file, row.Index, "claim", row.claim, f"{first.claim!r}, as in its first reading")
                )
        for row in group[group.reading.duplicated() | (group.reading == "")].itertuples():
            faults.append(Fault(file, row.Index, "reading", row.reading, "a reading of its own"))
    if faults:
        raise BadInput(faults)
    return table.assign(claim_id=table.claim_id.where(table.claim_id != "", table.check_id))


def printed_twice(figures: pd.DataFrame) -> pd.DataFrame:
    """A claim for each quantity that two articles print for the same entity and period, as rows of `claims.csv`."""
    dated = figures[figures.period != ""]
    rows = []
    for _, group in dated.groupby(["indicator", "entity", "period", "unit"], sort=False):
        for one, two in itertools.combinations(group.itertuples(), 2):
            if one.article != two.article:
                name = f"{one.figure_id}-as-{two.figure_id}"
                note = "Found because indicator, entity, period and unit are the same."
                claim = "Two articles print the same quantity alike"
                rows.append(
                    [
                        name,
                        name,
                        "internal",
                        claim,
                        "",
                        "equals",
                        one.figure_id,
                        two.figure_id,
                        "in tension",
                        "",
                        note,
                    ]
                )
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def check(figures: pd.DataFrame, derived: pd.DataFrame, raw: Path = paths.RAW) -> pd.DataFrame:
    """Every claim or reading tested, one row each: `COLUMNS` and those of `READING_COLUMNS`, all text.

    A bound that is open is empty; `grade` is that of the weakest comparator which a check rests on, empty
    if there is none. `figures` and `derived` as from `cleaning.clean` and `growth.derive`. Quantities that
    two articles print are compared without being declared. Raises BadInput as `read_claims` does, for a claim
    that compares unlike units, and for an internal claim that rests on a comparator or an external one that
    rests on nothing from outside.
    """
    sources = pd.concat([growth.inputs_at_hand(figures, raw), derived.set_index("derived_id")])
    claims = pd.concat([read_claims(set(sources.index), raw), printed_twice(figures)])
    return compare(claims, sources, growth.leaves(derived), raw)


def compare(
    claims: pd.DataFrame, sources: pd.DataFrame, leaves: dict[str, frozenset[str]], raw: Path = paths.RAW
) -> pd.DataFrame:
    """What `check` returns, from claims, their quantities by id (low, high, unit, grade) and `growth.leaves`."""
    grades = sources.grade.dropna()
    outside = set(sources.index[sources.source.notna()])
    file, rows, faults = raw / "claims.csv", [], []
    for claim in claims.itertuples():
        inputs = [claim.observed, claim.expected] if claim.expected else [claim.observed]
        made_of = frozenset().union(*(leaves.get(name, {name}) for name in inputs))
        weakest = max((grades[name] for name in made_of if name in grades.index), default="")
        if claim.kind == "internal" and weakest:
            faults.append(
                Fault(file, claim.Index, "kind", claim.kind, "external, as it rests on a comparator")
            )
        if claim.kind == "external" and claim.expected and not made_of & outside:
            faults.append(
                Fault(file, claim.Index, "kind", claim.kind, "internal, as it rests on figures alone")
            )
        units = [sources.unit[name] for name in inputs]
        if len(set(units)) > 1:
            expected = f"a quantity in {units[0]}, as observed"
            faults.append(Fault(file, claim.Index, "expected", claim.expected, expected))
            continue
        boxes = [(float(sources.low[name]), float(sources.high[name])) for name in inputs]
        said = [f"Reading: {claim.reading}."] if claim.reading else []
        if claim.test == NO_TEST:
            allowed, found = (-math.inf, math.inf), "not checkable"
            said.insert(0, f"Nothing was found to hold {claim.observed} against.")
        else:
            bounds, words = TESTS[claim.test]
            allowed = bounds(boxes[1])
            found = verdict(boxes[0], allowed, claim.otherwise)
            said.insert(0, f"{claim.observed} is expected to be {words} {claim.expected}.")
        if claim.note:
            said.append(claim.note)
        if found == "contradicted" and weakest == WEAKEST:
            found = "in tension"
            said.append(f"A source of grade {WEAKEST} cannot contradict.")
        rows.append(
            {
                "check_id": claim.check_id,
                "claim": claim.claim,
                "kind": claim.kind,
                "inputs": " ".join(inputs),
                "expected_low": _bound(allowed[0]),
                "expected_high": _bound(allowed[1]),
                "observed_low": _bound(boxes[0][0]),
                "observed_high": _bound(boxes[0][1]),
                "verdict": found,
                "explanation": " ".join(said),
                "claim_id": claim.claim_id,
                "reading": claim.reading,
                "test": claim.test,
                "grade": weakest,
                "same_source": claim.same_source,
            }
        )
    if faults:
        raise BadInput(faults)
    return pd.DataFrame(rows, columns=NONE.columns, dtype="str")


def _bound(value: float) -> str:
    return cleaning.plain(growth.rounded(value)) if math.isfinite(value) else ""


# -- what the checks amount to ------------------------------------------------------------------------


def verdicts(checks: pd.DataFrame) -> pd.DataFrame:
    """One row a claim, columns `VERDICT_COLUMNS`, from `check` or `read`.

    A claim is consistent if it is so under one of its readings, which `stands` names; else it is not checkable
    if one of them is not; else it is in tension, and contradicted only if every reading is.
    """
    rows = []
    for name, group in checks.groupby("claim_id", sort=False):
        found = [
            v
            for v in ("consistent", "not checkable", "in tension", "contradicted")
            if v in set(group.verdict)
        ]
        deciding = group[group.verdict == found[0]]
        rows.append(
            {
                "claim_id": name,
                "claim": group.claim.iloc[0],
                "kind": group.kind.iloc[0],
                "verdict": found[0],
                "stands": "; ".join(deciding.reading) if found[0] == "consistent" else "",
                "checks": " ".join(group.check_id),
                "grade": max(deciding.grade),
            }
        )
    return pd.DataFrame(rows, columns=VERDICT_COLUMNS)


def forest(checks: pd.DataFrame) -> pd.DataFrame:
    """What each claim says and what is expected of it, relative to what is expected, for a forest plot.

    One row a claim, under the first reading that decides its verdict; internal claims first. Columns label, kind,
    verdict, low, high (claimed), expected_low, expected_high; one stands for the middle of the interval expected,
    or for its only bound. A claim that cannot be checked has no numbers.
    """
    names = ["observed_low", "observed_high", "expected_low", "expected_high"]
    decided = verdicts(checks).set_index("claim_id").verdict
    deciding = checks[checks.verdict == checks.claim_id.map(decided)].drop_duplicates("claim_id")
    deciding = deciding.sort_values(
        "kind", ascending=False, key=lambda kind: kind == "internal", kind="stable"
    )
    numbers = deciding[names].apply(pd.to_numeric)
    numbers[deciding.verdict == "not checkable"] = float("nan")
    middle = numbers[["expected_low", "expected_high"]].mean(axis=1)  # of one bound if the other is open
    relative = numbers.div(middle, axis=0).rename(columns={"observed_low": "low", "observed_high": "high"})
    label = deciding.claim.where(deciding.reading == "", deciding.claim + " (" + deciding.reading + ")")
    return pd.DataFrame({"label": label, "kind": deciding.kind, "verdict": deciding.verdict}).join(relative)


def read_untested(figures: pd.DataFrame, raw: Path = paths.RAW) -> pd.DataFrame:
    """`untested.csv`: why a figure takes part in no check, one of `vocabulary.UNTESTED`, and a remark.

    Raises BadInput for an unknown figure or reason, and a figure that stands twice.
    """
    file = raw / "untested.csv"
    schema = pa.DataFrameSchema(
        {
            "figure_id": tables.column(
                "a figure of a sheet, once", set(figures.figure_id).__contains__, unique=True
            ),
            "reason": tables.one_of(UNTESTED),
        }
    )
    return tables.validate(tables.read(file, UNTESTED_COLUMNS), schema, file)


def coverage(
    figures: pd.DataFrame, derived: pd.DataFrame, checks: pd.DataFrame, raw: Path = paths.RAW
) -> pd.DataFrame:
    """`coverage.csv`: every figure with the checks that it takes part in, directly or through derived quantities.

    Columns `COVERAGE_COLUMNS`. `tested` is `exactly` if one of them asks for equality, `as a bound` if they
    only ask for more or less, `as a copy` if what they ask may be the article's own source, `not checkable` if nothing was found to hold its claim against, else `no`;
    `verdicts` are those of the claims. `why_not` gives the reason for the last two, `nobody has looked` where
    `untested.csv` has none. Raises BadInput as `read_untested` does, and for a reason given for a figure that
    is tested.
    """
    leaves, untested = growth.leaves(derived), read_untested(figures, raw)
    reasons = {row.figure_id: f"{row.reason}: {row.note}".rstrip(": ") for row in untested.itertuples()}
    claims = verdicts(checks).set_index("claim_id").verdict
    used = [frozenset().union(*(leaves.get(name, {name}) for name in row.split())) for row in checks.inputs]
    rows = []
    for figure in figures.itertuples():
        part = checks[[figure.figure_id in found for found in used]]
        ways = set(part.test[part.same_source == ""])
        tested = (
            "exactly" if "equals" in ways
            else "as a bound" if ways - {NO_TEST}
            else "as a copy" if "yes" in set(part.same_source)
            else "not checkable" if ways
            else "no"
        )  # fmt: skip
        why = ""
        if tested == "not checkable":
            why = " ".join(dict.fromkeys(text.partition(". ")[2] for text in part.explanation))
        elif tested == "no":
            why = reasons.get(figure.figure_id, "nobody has looked")
        rows.append(
            {
                "figure_id": figure.figure_id,
                "article": figure.article,
                "entity": figure.entity,
                "tested": tested,
                "verdicts": ", ".join(v for v in VERDICTS if v in set(claims[list(part.claim_id)])),
                "checks": " ".join(part.check_id),
                "why_not": why,
            }
        )
    table = pd.DataFrame(rows, columns=COVERAGE_COLUMNS)
    stale = untested[untested.figure_id.isin(table.figure_id[table.tested != "no"])]
    if len(stale):
        raise BadInput(
            [
                Fault(
                    raw / "untested.csv", r.Index, "figure_id", r.figure_id, "a figure that no claim involves"
                )
                for r in stale.itertuples()
            ]
        )
    return table


def tallies(checks: pd.DataFrame, covered: pd.DataFrame) -> pd.DataFrame:
    """Counts of verdicts and of figures tested, over all articles and by article, as statistics.

    Ids are `claims-…` by verdict and kind, `checks-all`, and `coverage-…` by how figures are
    tested, the same before `-in-` and an article.
    """
    claims = verdicts(checks)
    several = claims.checks.str.contains(" ")
    counts = [("claims-all", "claims tested", len(claims)), ("checks-all", "comparisons made", len(checks))]
    counts += [
        (f"claims-{v.replace(' ', '-')}", f"claims {v}", int((claims.verdict == v).sum())) for v in VERDICTS
    ]
    for kind in ("internal", "external"):
        counts.append((f"claims-{kind}", f"{kind} claims", int((claims.kind == kind).sum())))
    copied = checks.claim_id[checks.same_source == "yes"].nunique()
    counts.append(("claims-of-same-source", "claims held against what may be their own source", copied))
    counts.append(("claims-of-several-readings", "claims tested under several readings", int(several.sum())))
    rows = [(key, name, n, n, n, "", "rows of checks.csv, by claim") for key, name, n in counts]
    used = checks[checks.grade != ""]
    for grade, words in GRADES.items():
        n = int((used.grade == grade).sum())
        rows.append(
            (
                f"checks-grade-{grade.lower()}",
                f"comparisons whose weakest source is {words}",
                n,
                n,
                n,
                "",
                "rows of check_readings.csv",
            )
        )
    ways = {
        "exactly": "exactly",
        "as a bound": "bounded",
        "as a copy": "copied",
        "not checkable": "uncheckable",
        "no": "untested",
    }
    for article in [None, *dict.fromkeys(covered.article)]:
        part = covered if article is None else covered[covered.article == article]
        suffix, where = ("", "all articles") if article is None else (f"-in-{article}", article)
        tested = part.tested.isin(["exactly", "as a bound"])
        counts = {"all": len(part), "tested": int(tested.sum())}
        counts |= {word: int((part.tested == way).sum()) for way, word in ways.items()}
        said = {
            "all": "figures",
            "bounded": "figures tested as a bound",
            "copied": "figures held only against what may be their source",
            "uncheckable": "figures not checkable",
        }
        for name, n in counts.items():
            label = f"{said.get(name, f'figures {name}' if name != 'exactly' else 'figures tested exactly')}, {where}"
            rows.append((f"coverage-{name}{suffix}", label, n, n, n, "", "rows of coverage.csv"))
        share = 100 * tested.mean()
        rows.append(
            (f"coverage-share{suffix}", f"share of figures tested, {where}", share, share, share, "percent",
             f"{int(tested.sum())} of {len(part)} rows of coverage.csv")
        )  # fmt: skip
    return tables.statistics(rows)


def read(processed: Path = paths.PROCESSED) -> pd.DataFrame:
    """What `check` returned, from `checks.csv` and `check_readings.csv`, all text. Raises BadInput if they differ in rows."""
    table = tables.read(processed / "checks.csv", COLUMNS)
    about = tables.read(processed / "check_readings.csv", READING_COLUMNS)
    if list(table.check_id) != list(about.check_id):
        raise BadInput(
            [Fault(processed / "check_readings.csv", 1, "check_id", "rows", "the checks of checks.csv")]
        )
    return table.join(about.drop(columns="check_id")).reset_index(drop=True)
