"""Claims compared with what follows from other figures and from other sources: intervals in, verdicts out.

What is tested is data (`claims.csv`); how is one of three tests. A claim is consistent when the interval
observed and the interval expected have a value in common, ends included. Where they have none, the claim's
own `otherwise` says whether that contradicts it or only puts it in tension, because a definition or a reading
may differ; a source of the lowest grade never contradicts. A claim whose words allow several readings is
tested under each, and stands if one of them does. The idea of testing a printed number through its rounding
is that of GRIM (Brown & Heathers 2017) and statcheck (Nuijten et al. 2016).
"""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput, Fault
from ..corpus.graph import all_leaves
from ..corpus.schema import CHECK_READINGS, CHECKS, CLAIMS
from ..corpus.sheets import sheet_file
from ..corpus.symptoms import visible
from ..corpus.tallies import Statistic
from ..deriving.derivations import kept_digits
from ..deriving.quantities import all_quantities, derived_graph
from ..deriving.scopes import Scope, scopes_of
from ..vocabulary import GRADES, NO_TEST, TESTS

COLUMNS_OF_CHECKS = [*CHECKS.columns, *CHECK_READINGS.columns[1:]]
RANKED = ("consistent", "in tension", "contradicted", "not checkable")  # the most favourable verdict first
WEAKEST = list(GRADES)[-1]
_ENDS = ["observed_low", "observed_high", "expected_low", "expected_high"]


def printed_twice(figures: pd.DataFrame) -> pd.DataFrame:
    """A claim for each quantity that two articles print for the same entity, period and status, as rows of
    `claims.csv`.
    """
    dated = figures[figures.period != ""]
    same = ["indicator", "entity", "period", "unit", "status"]
    dated = dated[dated.duplicated(same, keep=False)]
    rows = []
    for _, group in dated.groupby(same, sort=False):
        for one, two in itertools.combinations(group.itertuples(), 2):
            if one.article != two.article:
                key = f"{one.figure_id}-as-{two.figure_id}"
                rows.append(
                    dict.fromkeys(CLAIMS.columns, "")
                    | {
                        "check_id": key,
                        "claim_id": key,
                        "kind": "internal",
                        "claim": "Two articles print the same quantity alike",
                        "test": "equals",
                        "observed": one.figure_id,
                        "expected": two.figure_id,
                        "otherwise": "in tension",
                        "note": "Found because indicator, entity, period, unit and status are the same.",
                    }
                )
    return pd.DataFrame(rows, columns=CLAIMS.columns, dtype="str")


def all_claims(corpus: Corpus, figures: pd.DataFrame) -> pd.DataFrame:
    """Claims declared in `claims.csv`, and those of `printed_twice` that nobody declared.

    All have a `claim_id`.
    """
    declared, found = corpus.claims, printed_twice(figures)
    pairs = {frozenset(pair) for pair in zip(declared.observed, declared.expected, strict=True)}
    fresh = [frozenset(pair) not in pairs for pair in zip(found.observed, found.expected, strict=True)]
    declared = declared.assign(claim_id=declared.claim_id.where(declared.claim_id != "", declared.check_id))
    return pd.concat([declared, found[pd.Series(fresh, dtype=bool)]])


def check(corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame) -> pd.DataFrame:
    """Every claim or reading tested, one row each: the columns of `checks.csv` and `check_readings.csv`.

    A bound that is open is missing; `grade` is that of the weakest comparator which a check rests on, empty
    if there is none. `figures` and `derived` as from `clean` and `derive`. Quantities that two articles print
    are compared without being declared. Raises BadInput for a claim that compares unlike units or rests on no
    figure, one that two quantities of another entity, period or indicator are equal though its note says
    nothing, an internal claim that rests on a comparator, an external one that rests on nothing from outside,
    and a declared id that a pair found unasked has.
    """
    claims, quantities = all_claims(corpus, figures), all_quantities(corpus, figures, derived)
    file, faults = corpus.folder / "claims.csv", []

    def add(bad: pd.Series, column: str, advice) -> None:
        for row in claims[bad.to_numpy()].itertuples():
            faults.append(Fault(file, row.Index, column, getattr(row, column), advice(row)))

    unit, grade, outside = (quantities[name].to_dict() for name in ("unit", "grade", "outside"))
    tested = claims.expected != ""
    graded = _either(claims, grade) != ""
    add(
        (claims.kind == "internal") & graded,
        "kind",
        lambda r: "it must be external, as it rests on a comparator",
    )
    add(
        (claims.kind == "external") & tested & ~_either(claims, outside).astype(bool),
        "kind",
        lambda r: "it must be internal, as it rests on figures alone",
    )
    unlike = tested & (claims.observed.map(unit) != claims.expected.map(unit))
    add(unlike, "expected", lambda r: f"it must be a quantity in {unit[r.observed]}, as observed")
    leaves, printed = all_leaves(derived_graph(derived)), set(figures.figure_id)
    sides = zip(claims.observed, claims.expected, strict=True)
    behind = [leaves.get(one, {one}) | leaves.get(two, {two}) for one, two in sides]
    add(
        pd.Series([printed.isdisjoint(names) for names in behind], dtype="bool"),
        "observed",
        lambda r: "it must rest on a figure of an article, or what is expected must",
    )
    about = scopes_of(corpus, figures)

    def apart(row) -> str:
        """In what the two sides of a test for equality differ though nothing says why."""
        one, two = about.get(row.observed), about.get(row.expected)
        if one is None or two is None or row.test != "equals" or visible(row.note):
            return ""
        return _difference(one, two)

    add(
        pd.Series([bool(apart(row)) for row in claims.itertuples()], dtype="bool"),
        "expected",
        lambda r: f"it must be about the {apart(r)} of what is observed, or the note must say why it is not",
    )
    twice = set(quantities.index) | set(claims.claim_id[claims.claim_id != claims.check_id])
    pairs = claims[len(corpus.claims) :]
    for row in pairs[pairs.check_id.isin(twice)].itertuples():
        advice = "it must be an id of its own; a pair of figures printed twice is checked under it"
        faults.append(Fault(*_place(corpus, row.check_id), row.check_id, advice))
    doubled = claims.check_id.duplicated()
    advice = "it must be an id that no pair of figures printed twice has"
    for key in claims.check_id[doubled]:
        line = int(claims.index[claims.check_id == key][0])
        faults.append(Fault(file, line, "check_id", key, advice))
    if faults:
        raise BadInput(faults)
    return compared(claims, quantities)


def _difference(one: Scope, two: Scope) -> str:
    """What two quantities are not both about; a period that is not known fits any other."""
    return next((name for name, a, b in zip(Scope._fields, one, two, strict=True) if a and b and a != b), "")


def _place(corpus: Corpus, key: str) -> tuple[Path, int, str]:
    """File, line and column of an id that is declared in a table."""
    places = [("constants", "constant"), ("comparators", "comparator_id"), ("derivations", "derived_id")]
    for name, column in [*places, ("claims", "claim_id")]:
        table = getattr(corpus, name)
        for line in table.index[table[column] == key]:
            return corpus.folder / f"{name}.csv", int(line), column
    row = corpus.numerals[corpus.numerals.figure_id == key].iloc[0]
    return sheet_file(corpus.folder, row.article), int(row.line), "figure_id"


def _either(claims: pd.DataFrame, of: dict) -> pd.Series:
    """The greater of what two quantities of a claim have."""
    observed, expected = claims.observed.map(of), claims.expected.map(of)
    expected = expected.where(claims.expected != "", observed)
    return observed.where(observed > expected, expected)


def compared(claims: pd.DataFrame, quantities: pd.DataFrame) -> pd.DataFrame:
    """What `check` returns, from sound claims as of `all_claims` and `quantities` as of `all_quantities`."""
    low, high, grade = (quantities[name].to_dict() for name in ("low", "high", "grade"))
    weakest = _either(claims, grade)
    weak = (claims.otherwise == "contradicted") & (weakest == WEAKEST)
    otherwise = claims.otherwise.where(~weak, "in tension")
    untested = claims.test == NO_TEST
    # an end is open where the test asks for none
    ends = pd.DataFrame(
        {
            "expected_low": claims.expected.map(low).where(~untested & (claims.test != "at_most"), -np.inf),
            "expected_high": claims.expected.map(high).where(~untested & (claims.test != "at_least"), np.inf),
            "observed_low": claims.observed.map(low),
            "observed_high": claims.observed.map(high),
        }
    ).astype("float64")
    meet = ends[["observed_low", "expected_low"]].max(axis=1) <= ends[["observed_high", "expected_high"]].min(
        axis=1
    )
    verdict = otherwise.where(~meet, "consistent").where(~untested, "not checkable")
    table = claims.assign(
        inputs=(claims.observed + " " + claims.expected).str.strip(),
        verdict=verdict,
        explanation=_explained(claims),
        otherwise=otherwise,
        grade=weakest,
        **ends.map(lambda end: float(kept_digits(end)) if np.isfinite(end) else np.nan),
    )
    return table[COLUMNS_OF_CHECKS].reset_index(drop=True)


def _explained(claims: pd.DataFrame) -> pd.Series:
    """What each check compares, in words."""
    said = claims.observed + " is expected to be " + claims.test.map(TESTS) + " " + claims.expected + "."
    said = said.where(claims.test != NO_TEST, "Nothing was found to hold " + claims.observed + " against.")
    said += (" Reading: " + claims.reading + ".").where(claims.reading != "", "")
    return said + (" " + claims.note).where(claims.note != "", "")


# -- what the checks amount to ------------------------------------------------------------------------


def best(verdicts) -> str:
    """The verdict of a claim from those of its readings.

    The most favourable, but not checkable only if all are.
    """
    return min(verdicts, key=RANKED.index)


def verdicts(checks: pd.DataFrame) -> pd.DataFrame:
    """One row a claim: claim_id, claim, kind, verdict, stands, fails, open, checks, grade.

    The verdict is the `best` of its readings; `stands`, `fails` and `open` name the readings that are
    consistent, those that are not, and those that could not be checked; `checks` are the ids, `grade` the
    weakest of those that decide.
    """
    readings: dict[str, list] = {}
    for row in checks.itertuples():
        readings.setdefault(row.claim_id, []).append(row)
    rows = []
    for name, group in readings.items():
        found = best(row.verdict for row in group)

        def of(*wanted: str, group=group) -> str:
            return " · ".join(row.reading for row in group if row.verdict in wanted)

        by_outcome = of("consistent"), of("in tension", "contradicted"), of("not checkable")
        ids, grade = (
            " ".join(row.check_id for row in group),
            max(r.grade for r in group if r.verdict == found),
        )
        rows.append((name, group[0].claim, group[0].kind, found, *by_outcome, ids, grade))
    columns = ["claim_id", "claim", "kind", "verdict", "stands", "fails", "open", "checks", "grade"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def relative_claims(checks: pd.DataFrame) -> pd.DataFrame:
    """What each claim says and what is expected of it, relative to what is expected, for a forest plot.

    One row a claim, under the first reading that decides its verdict; internal claims first. Columns label,
    kind, verdict, low, high (claimed), expected_low, expected_high; one stands for the middle of the interval
    expected, or for its only bound. A claim without a test, and one that is about a number which may be zero
    or less, which no multiple can show, has no numbers.
    """
    decided = verdicts(checks).set_index("claim_id").verdict
    deciding = checks[checks.verdict == checks.claim_id.map(decided)].drop_duplicates("claim_id")
    inside = deciding.kind == "internal"
    deciding = pd.concat([deciding[inside], deciding[~inside]])
    numbers = deciding[_ENDS].astype(float)
    numbers[(deciding.test == NO_TEST) | (numbers <= 0).any(axis=1)] = float("nan")
    middle = numbers[["expected_low", "expected_high"]].mean(axis=1)  # of one bound if the other is open
    relative = numbers.div(middle, axis=0).rename(columns={"observed_low": "low", "observed_high": "high"})
    label = deciding.claim.where(deciding.reading == "", deciding.claim + " (" + deciding.reading + ")")
    return pd.DataFrame({"label": label, "kind": deciding.kind, "verdict": deciding.verdict}).join(relative)


def made_of(checks: pd.DataFrame, derived: pd.DataFrame) -> dict[str, frozenset[str]]:
    """For each check id, the figures, constants and comparators that it rests on, through derived quantities
    too.
    """
    leaves = all_leaves(derived_graph(derived))
    return {
        key: frozenset().union(*(leaves.get(name, {name}) for name in inputs.split()))
        for key, inputs in zip(checks.check_id, checks.inputs, strict=True)
    }


def luck(checks: pd.DataFrame, claims: list[str]) -> Statistic:
    """How likely one reading would fit all of some claims by chance, as the statistic `claims-fit-by-chance`.

    Only readings that every one of the claims is tested under count. Suppose that under a wrong reading the
    expected value lies anywhere in the range which all values claimed and expected span, each place being as
    likely: it meets a claim with a chance of the claim's and its own width over that range. One of the
    readings fits all claims by chance with one less the chance that none does. Raises ValueError if no
    reading is shared.
    """
    part = checks[checks.claim_id.isin(claims) & (checks.test != NO_TEST)]
    counts = part.groupby("reading").claim_id.nunique()
    shared = counts.index[counts == len(claims)]
    if shared.empty:
        raise ValueError(f"no reading under which all of these are tested: {', '.join(claims)}")
    part = part[part.reading.isin(shared)]
    numbers = part[_ENDS].astype(float)
    span = numbers.to_numpy().max() - numbers.to_numpy().min()
    width = numbers.observed_high - numbers.observed_low + numbers.expected_high - numbers.expected_low
    each = (width / span).groupby(part.reading).prod()
    chance = float(f"{100 * (1 - (1 - each).prod()):.1g}")  # the assumption deserves no more digits
    formula = (
        f"1 − product over {len(shared)} readings of (1 − product over {len(claims)} claims of width / "
        f"range), widths claimed and expected, range {span:.3g}; assumes that a wrong "
        "reading may lie anywhere in it"
    )
    label = "chance that one reading fits all these claims by luck"
    return Statistic("claims-fit-by-chance", label, chance, chance, chance, "percent", formula)
