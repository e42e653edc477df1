"""Which figures are tested, how, and why the others are not; and how many claims came out how."""

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput, Fault
from ..corpus.schema import COVERAGE
from ..corpus.tallies import Statistic, tally
from ..vocabulary import GRADES, INDEPENDENT, KINDS_OF_CLAIM, VERDICTS
from .claims import WEAKEST, is_copy, made_of, matters, verdicts

WAYS = {  # how a figure is tested: part of a statistic's id, and words
    "as equal": ("equal", "tested as equal to something"),
    "as a bound": ("bounded", "tested as a bound only"),
    "as a copy": ("copied", "compared only with what may be their own source"),
    "not checkable": ("uncheckable", "of which claims are made that nothing can decide"),
    "no": ("untested", "in no claim"),
}
TESTED_WAYS = ("as equal", "as a bound")  # by something else than what may be their own source
NOBODY = "nobody has looked"


def coverage(
    corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame, checks: pd.DataFrame
) -> pd.DataFrame:
    """`coverage.csv`: every figure with the checks that it takes part in, directly or through derived
    quantities.

    Columns of `schema.COVERAGE`. `tested` is a key of `WAYS`: `as equal` if one of the checks asks for
    equality, `as a bound` if they only ask for more or less, `as a copy` if what they ask may be the
    article's own source, `not checkable` if nothing was found to compare its claim with, else `no`. `why_not`
    gives the reason for the last two, `NOBODY` where `untested.csv` has none. Raises BadInput for a reason
    given for a figure that a claim involves.
    """
    used = made_of(checks, derived)
    verdict = verdicts(checks).set_index("claim_id").verdict.to_dict()
    involved: dict[str, list] = {name: [] for name in figures.figure_id}
    for row in checks.itertuples():
        for name in used[row.check_id] & involved.keys():
            involved[name].append(row)
    file, stale = corpus.folder / "untested.csv", []
    for row in corpus.untested.itertuples():
        if checked := involved.get(row.figure_id):
            named = ", ".join(dict.fromkeys(check.claim_id for check in checked))
            advice = f"it must be a figure that no claim involves; it takes part in {named}"
            stale.append(Fault(file, row.Index, "figure_id", row.figure_id, advice))
    if stale:
        raise BadInput(stale)
    reasons = {
        row.figure_id: f"{row.reason}: {row.note}".rstrip(": ") for row in corpus.untested.itertuples()
    }
    rows = []
    for figure in figures[["figure_id", "article", "entity"]].itertuples(index=False):
        part = involved[figure.figure_id]
        tested, found = _way(part), {verdict[row.claim_id] for row in part}
        why = reasons.get(figure.figure_id, NOBODY) if tested == "no" else ""
        if tested == "not checkable":
            why = " ".join(dict.fromkeys(row.note for row in part))
        ids = " ".join(row.check_id for row in part)
        rows.append((*figure, tested, ", ".join(v for v in VERDICTS if v in found), ids, why))
    return pd.DataFrame(rows, columns=COVERAGE.columns, dtype="str")


def _way(checks: list) -> str:
    """How a figure is tested by the checks that involve it, a key of `WAYS`."""
    decided = [row for row in checks if row.verdict != "not checkable"]
    tests = {row.test for row in decided if not is_copy(row)}
    if not checks:
        return "no"
    if "equals" in tests:
        return "as equal"
    if tests:
        return "as a bound"
    return "as a copy" if decided else "not checkable"


def _independent(checks: pd.DataFrame) -> dict[str, set[str]]:
    """By check id, the test of each check that is decided and whose source is independent."""
    part = checks[(checks.verdict != "not checkable") & (checks.source == INDEPENDENT)]
    return {key: {test} for key, test in zip(part.check_id, part.test, strict=True)}


def check_tallies(checks: pd.DataFrame, covered: pd.DataFrame) -> list[Statistic]:
    """Counts of verdicts and of figures tested.

    Ids: `claims-…` by verdict, by kind, by what makes a consistent one so (`-as-equal`, `-as-a-bound`,
    `-as-a-copy`) and those of several readings; `checks-…` for single comparisons, by the grade of the
    weakest source and those that could have contradicted; `coverage-…` by how figures are tested, and of
    figures with at least one decided check whose source is independent (`-independent` if one of these asks
    for equality, `-independent-bound` if all only ask for more or less); the same before `-in-` and an
    article.
    """
    claims = verdicts(checks)
    consistent = checks[checks.verdict == "consistent"]
    copied = pd.Series([is_copy(row) for row in consistent.itertuples()], consistent.index, dtype="bool")
    equal = set(consistent.claim_id[(consistent.test == "equals") & ~copied])
    bound = set(consistent.claim_id[(consistent.test != "equals") & ~copied]) - equal
    reach = checks[~checks.verdict.eq("not checkable") & (checks.grade != WEAKEST)]
    found = matters(checks)
    counts = [("claims-all", "claims tested", len(claims), "claims.csv, readings of one claim together")]
    counts += [
        (
            f"claims-{v.replace(' ', '-')}",
            f"claims {v}",
            int((claims.verdict == v).sum()),
            "verdict of the readings together",
        )
        for v in VERDICTS
    ]
    counts += [
        (f"claims-{kind}", f"{kind} claims", int((claims.kind == kind).sum()), "claims.csv")
        for kind in KINDS_OF_CLAIM
    ]
    counts += [
        ("claims-consistent-as-equal", "claims consistent with an equal value", len(equal),
         "test equals, of another source"),
        ("claims-consistent-as-a-bound", "claims consistent with a bound only", len(bound),
         "tests at_most and at_least"),
        ("claims-consistent-as-a-copy", "claims consistent with a source that is not independent",
         len(set(consistent.claim_id) - equal - bound), "an external claim whose source is not independent"),
        ("claims-of-several-readings", "claims tested under several readings",
         int(claims.checks.str.contains(" ").sum()), "claims with more than one row"),
        ("checks-all", "comparisons made", len(checks), "rows of checks.csv"),
        ("checks-that-could-contradict", "comparisons that could have contradicted", len(reach),
         "checkable, and no source of the lowest grade"),
        ("claims-matters", "matters that the claims bear on", len(found), "claims of one matter together"),
        ("claims-discrepancies", "discrepancies", int((found.outcome == "discrepancy").sum()),
         "matters with a claim in tension or contradicted"),
        ("claims-agreements", "agreements", int((found.outcome == "agreement").sum()),
         "matters with a consistent claim and none that is undecided, in tension or contradicted"),
        ("claims-agreements-independent", "agreements with an equal value of an independent source",
         int(((found.outcome == "agreement") & found.independent).sum()),
         "of these, source is independent and test equals"),
    ]  # fmt: skip
    counts += [
        (f"checks-grade-{grade.lower()}", f"comparisons whose weakest source is {words}",
         int((checks.grade == grade).sum()), "rows of check_readings.csv")
        for grade, words in GRADES.items()
    ]  # fmt: skip
    rows = [tally(*count) for count in counts]
    alone_tested = _independent(checks)
    for article in [None, *dict.fromkeys(covered.article)]:
        part = covered if article is None else covered[covered.article == article]
        suffix, where = ("", "all articles") if article is None else (f"-in-{article}", article)
        tested = int(part.tested.isin(TESTED_WAYS).sum())
        found = [("all", "figures", len(part)), ("tested", "figures tested as equal or as a bound", tested)]
        found += [
            (key, f"figures {words}", int((part.tested == way).sum())) for way, (key, words) in WAYS.items()
        ]
        asked = [set().union(*(alone_tested.get(key, set()) for key in ids.split())) for ids in part.checks]
        equal_alone = sum("equals" in tests for tests in asked)
        found += [
            ("independent", "figures tested as equal to a value of an independent source", equal_alone),
            (
                "independent-bound",
                "figures tested only as a bound by an independent source",
                sum(bool(tests) for tests in asked) - equal_alone,
            ),
        ]
        rows += [
            tally(f"coverage-{key}{suffix}", f"{label}, {where}", n, "rows of coverage.csv")
            for key, label, n in found
        ]
        share = round(100 * tested / len(part), 1)
        label = f"share of figures tested as equal or as a bound, {where}"
        formula = f"{tested} of {len(part)} rows of coverage.csv"
        rows.append(Statistic(f"coverage-share{suffix}", label, share, share, share, "percent", formula))
    return rows
