"""Claims compared with what follows from other figures and from other sources: intervals in, verdicts out.

What is tested is data (`claims.csv`); how is one of three tests. A check is consistent when the interval
observed and the interval expected have a value in common, ends included. Where they have none, the claim's
own `otherwise` says whether that contradicts it or only puts it in tension, because a definition or a reading
may differ. Such a difference explains values that are up to `EXPLAINED` times apart, by assumption; beyond
that they contradict each other all the same. A source of the lowest grade never contradicts.

A claim is consistent if one of its readings is; if none is but one could not be tested, it is undecided;
otherwise it has the mildest verdict of its readings. Claims of one `matter` are one agreement or one
discrepancy, however many they are. The idea of testing a printed number through its rounding is that of GRIM
(Brown & Heathers 2017) and statcheck (Nuijten et al. 2016).
"""

from pathlib import Path

import numpy as np
import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput, Fault
from ..corpus.graph import all_leaves
from ..corpus.schema import CHECK_READINGS, CHECKS
from ..corpus.sheets import sheet_file
from ..corpus.symptoms import visible
from ..deriving.cleaning import corrected_figures, prints
from ..deriving.derivations import kept_digits
from ..deriving.intervals import USUAL, RuleSet
from ..deriving.quantities import all_quantities, derived_graph
from ..deriving.scopes import Scope, scopes_of
from ..vocabulary import DOUBTFUL, GRADES, INDEPENDENT, NO_TEST, TESTS, VERDICTS

COLUMNS_OF_CHECKS = [*CHECKS.columns, *CHECK_READINGS.columns[1:]]
EXPLAINED = 2  # times that a difference of definition or reading may explain
WEAKEST = list(GRADES)[-1]
ALIKE = "-printed-alike"  # how the ids of checks of prints of one quantity end
_ENDS = ["observed_low", "observed_high", "expected_low", "expected_high"]


def all_claims(corpus: Corpus) -> pd.DataFrame:
    """The claims of `claims.csv`, all with a `claim_id`."""
    declared = corpus.claims
    return declared.assign(claim_id=declared.claim_id.where(declared.claim_id != "", declared.check_id))


def prints_alike(found: pd.DataFrame) -> pd.DataFrame:
    """One check for each quantity that is printed more than once, from `cleaning.prints`.

    The rows that `check` appends, columns as of it. However many prints there are, they are one comparison:
    all have a value in common if the print with the greatest low end meets the one with the least high end.
    What repeats a figure in the same words is not compared.
    """
    rows = []
    for quantity, group in found[found.quantity.duplicated(keep=False)].groupby("quantity", sort=False):
        if len(group.drop_duplicates(["low", "high"])) == 1 and group.figure_id.nunique() == 1:
            continue
        upper, lower = group.low.idxmax(), group.high.idxmin()
        others = group.drop(upper)
        low, high = (
            (others.low.max(), others.high.min()) if upper == lower else found.loc[lower, ["low", "high"]]
        )
        ids = list(dict.fromkeys(group.figure_id))
        key = f"{quantity}{ALIKE}"
        meet = found.low[upper] <= high
        rows.append(
            dict.fromkeys(COLUMNS_OF_CHECKS, "")
            | {
                "check_id": key,
                "claim_id": key,
                "claim": "All prints of one quantity allow a common value",
                "kind": "internal",
                "inputs": " ".join(ids),
                "test": "equals",
                "expected_low": low,
                "expected_high": high,
                "observed_low": found.low[upper],
                "observed_high": found.high[upper],
                "otherwise": "in tension",
                "source": INDEPENDENT if group.article.nunique() > 1 else "same",
                "verdict": "consistent" if meet else "in tension",
                "explanation": f"{len(group)} prints of {quantity} are expected to allow a common value.",
                "note": "Found because sheets give these prints as the same quantity.",
            }
        )
    table = pd.DataFrame(rows, columns=COLUMNS_OF_CHECKS)
    return table.astype({name: "float64" if name in _ENDS else "str" for name in COLUMNS_OF_CHECKS})


def check(
    corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame, rules: RuleSet = USUAL
) -> pd.DataFrame:
    """Every claim or reading tested, one row each: the columns of `checks.csv` and `check_readings.csv`.

    A bound that is open is missing; `grade` is that of the weakest comparator which a check rests on, empty
    if there is none. `figures` and `derived` as from `clean` and `derive`, by the same `rules`. Prints of one
    quantity are compared without being declared. Raises BadInput for a claim that compares unlike units or
    rests on no figure, one that two quantities of another entity, period or indicator are equal though its
    note says nothing, an internal claim that rests on a comparator, an external one that rests on nothing
    from outside, one that compares two prints of one quantity, and a declared id that such a comparison has.
    """
    claims, quantities = all_claims(corpus), all_quantities(corpus, figures, derived)
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
    found = prints(corrected_figures(corpus), corpus, rules)
    quantity = dict(zip(found.figure_id, found.quantity, strict=True))
    same = [
        quantity.get(one, one) == quantity.get(two, two)
        for one, two in zip(claims.observed, claims.expected, strict=True)
    ]
    add(
        pd.Series(same, dtype="bool") & tested.to_numpy(),
        "expected",
        lambda r: "it must be another quantity than what is observed: prints of one are compared unasked",
    )
    alike = prints_alike(found)
    taken = {*quantities.index, *claims.check_id, *claims.claim_id}
    for key in alike.check_id[alike.check_id.isin(taken)]:
        advice = "it must be an id of its own; prints of one quantity are compared under it"
        faults.append(Fault(*_place(corpus, key), key, advice))
    if faults:
        raise BadInput(faults)
    return pd.concat([compared(claims, quantities), alike], ignore_index=True)


def _difference(one: Scope, two: Scope) -> str:
    """What two quantities are not both about; a period that is not known fits any other."""
    return next((name for name, a, b in zip(Scope._fields, one, two, strict=True) if a and b and a != b), "")


def _place(corpus: Corpus, key: str) -> tuple[Path, int, str]:
    """File, line and column of an id that is declared in a table."""
    places = [("constants", "constant"), ("comparators", "comparator_id"), ("derivations", "derived_id")]
    for name, column in [*places, ("claims", "check_id"), ("claims", "claim_id")]:
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
    apart = np.fmax(
        ends.observed_low / ends.expected_high.where(ends.expected_high > 0),
        ends.expected_low / ends.observed_high.where(ends.observed_high > 0),
    )
    unexplained = (otherwise == "in tension") & (weakest != WEAKEST) & (apart > EXPLAINED)
    verdict = otherwise.mask(unexplained, "contradicted").where(~meet, "consistent")
    verdict = verdict.where(~untested, "not checkable")
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
    said = said.where(claims.test != NO_TEST, "Nothing was found to compare " + claims.observed + " with.")
    said += (" Reading: " + claims.reading + ".").where(claims.reading != "", "")
    return said + (" " + claims.note).where(claims.note != "", "")


# -- what the checks amount to ------------------------------------------------------------------------


def claim_verdict(verdicts) -> str:
    """The verdict of a claim from those of its readings."""
    found = set(verdicts)
    if "consistent" in found:
        return "consistent"
    if "not checkable" in found and len(found) > 1:
        return "undecided"
    return next(verdict for verdict in VERDICTS if verdict in found)


def verdicts(checks: pd.DataFrame) -> pd.DataFrame:
    """One row a claim: claim_id, claim, kind, matter, verdict, stands, fails, open, checks, grade.

    The verdict is the `claim_verdict` of its readings; `stands`, `fails` and `open` name the readings that
    are consistent, those that are not, and those that could not be checked; `checks` are the ids, `grade` the
    weakest of those that decide.
    """
    readings: dict[str, list] = {}
    for row in checks.itertuples():
        readings.setdefault(row.claim_id, []).append(row)
    rows = []
    for name, group in readings.items():
        found = claim_verdict(row.verdict for row in group)

        def of(*wanted: str, group=group) -> str:
            return " · ".join(row.reading for row in group if row.verdict in wanted)

        by_outcome = of("consistent"), of("in tension", "contradicted"), of("not checkable")
        ids, grade = (
            " ".join(row.check_id for row in group),
            max(r.grade for r in group if r.verdict == found or found == "undecided"),
        )
        first = group[0]
        rows.append((name, first.claim, first.kind, first.matter, found, *by_outcome, ids, grade))
    columns = ["claim_id", "claim", "kind", "matter", "verdict", "stands", "fails", "open", "checks", "grade"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def matters(checks: pd.DataFrame) -> pd.DataFrame:
    """One row a matter, or a claim that stands for itself: matter, outcome, claims, independent.

    `outcome` is `discrepancy` if one of its claims is in tension or contradicted, else `undecided` if one is,
    else `agreement` if one is consistent, else `not checkable`. `claims` are its ids; `independent` says of
    an agreement whether one of its checks compares with an equal value of an independent source.
    """
    claims = verdicts(checks)
    claims = claims.assign(matter=claims.matter.where(claims.matter != "", claims.claim_id))
    other = (checks.source == INDEPENDENT) & (checks.test == "equals") & (checks.verdict == "consistent")
    independent = set(checks.claim_id[other])
    rows = []
    for matter, group in claims.groupby("matter", sort=False):
        found, ids = set(group.verdict), group.claim_id.tolist()
        outcome = (
            "discrepancy" if found & set(DOUBTFUL)
            else "undecided" if "undecided" in found
            else "agreement" if "consistent" in found
            else "not checkable"
        )  # fmt: skip
        rows.append((matter, outcome, " ".join(ids), not independent.isdisjoint(ids)))
    return pd.DataFrame(rows, columns=["matter", "outcome", "claims", "independent"])


def relative_claims(checks: pd.DataFrame) -> pd.DataFrame:
    """What each claim says and what is expected of it, relative to what is expected, for a forest plot.

    One row a claim, under the first reading that decides its verdict; internal claims first. Columns label,
    kind, test, verdict, low, high (claimed), expected_low, expected_high; one stands for the middle of the
    interval expected, or for its only bound. A claim without a test, and one that is about a number which may
    be zero or less, which no multiple can show, has no numbers.
    """
    decided = verdicts(checks).set_index("claim_id").verdict
    decided = decided.replace("undecided", "in tension")  # shown under a reading that could be tested
    deciding = checks[checks.verdict == checks.claim_id.map(decided)].drop_duplicates("claim_id")
    inside = deciding.kind == "internal"
    deciding = pd.concat([deciding[inside], deciding[~inside]])
    numbers = deciding[_ENDS].astype(float)
    numbers[(deciding.test == NO_TEST) | (numbers <= 0).any(axis=1)] = float("nan")
    middle = numbers[["expected_low", "expected_high"]].mean(axis=1)  # of one bound if the other is open
    relative = numbers.div(middle, axis=0).rename(columns={"observed_low": "low", "observed_high": "high"})
    label = deciding.claim.where(deciding.reading == "", deciding.claim + " (" + deciding.reading + ")")
    about = {name: deciding[name] for name in ("kind", "test", "verdict")}
    return pd.DataFrame({"label": label} | about).join(relative)


def just_the_same(relative: pd.DataFrame) -> pd.Series:
    """Which rows of `relative_claims` compare exact numbers that are the same: a plot shows nothing of it."""
    return (relative[["low", "high", "expected_low", "expected_high"]] == 1).all(axis=1)


def doubtful(relative: pd.DataFrame) -> str:
    """The claims among rows of `relative_claims` that are not consistent, with their verdicts, in words."""
    part = relative[relative.verdict != "consistent"]
    return "; ".join(f"{row.label} ({row.verdict})" for row in part.itertuples()) or "none"


def is_copy(check) -> bool:
    """Whether a check compares with what may be the article's own source, and so shows that a number was
    copied rightly and little more.
    """
    return check.kind == "external" and check.source not in ("", INDEPENDENT)


def made_of(checks: pd.DataFrame, derived: pd.DataFrame) -> dict[str, frozenset[str]]:
    """For each check id, the figures, constants and comparators that it rests on, through derived quantities
    too.
    """
    leaves = all_leaves(derived_graph(derived))
    return {
        key: frozenset().union(*(leaves.get(name, {name}) for name in inputs.split()))
        for key, inputs in zip(checks.check_id, checks.inputs, strict=True)
    }
