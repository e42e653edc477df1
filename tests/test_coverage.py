"""Which figures are tested and how, reasons for those that are not, and tallies."""

from dataclasses import replace

import pandas as pd
import pytest

from helpers import corpus
from helpers.checking.claims import check, made_of, verdicts
from helpers.checking.coverage import NOBODY, WAYS, check_tallies, coverage
from helpers.corpus import BadInput
from helpers.corpus.tallies import statistics_table
from helpers.deriving.cleaning import clean
from helpers.deriving.derivations import derive
from helpers.vocabulary import GRADES, VERDICTS

FIRST = ["cns-2022-ganzhou", "hkeh-2023-zhaoqing", "peoples-daily-2022-guangdong", "thepaper-2022-gannan", "yangcheng-2024-guangdong"]  # fmt: skip
BOTH = ["small_results", pytest.param("real", marks=pytest.mark.corpus)]


@pytest.fixture(params=BOTH)
def results(request):
    """The results of each corpus in turn."""
    return request.getfixturevalue(request.param)


def test_every_figure_is_there_once_tested_or_with_a_reason(results):
    covered = results.coverage
    assert covered.figure_id.tolist() == results.figures.figure_id.tolist()
    assert set(covered.tested) <= set(WAYS)
    untested = covered.tested.isin(["no", "not checkable"])
    assert (covered.why_not[untested] != "").all() and (covered.why_not[~untested] == "").all()
    assert ((covered.tested == "no") == (covered.checks == "")).all()


def test_coverage_is_what_its_definition_says(results):
    """Figure by figure and check by check, without any table of both."""
    uses, verdict = (
        made_of(results.checks, results.derived),
        verdicts(results.checks).set_index("claim_id").verdict,
    )
    for row in results.coverage.itertuples():
        mine = results.checks[[row.figure_id in uses[key] for key in results.checks.check_id]]
        assert row.checks.split() == mine.check_id.tolist()
        found = set(mine.claim_id.map(verdict))
        assert row.verdicts == ", ".join(name for name in VERDICTS if name in found)
        decided = mine[mine.verdict != "not checkable"]
        own = set(decided.test[(decided.kind == "internal") | (decided.source == "independent")])
        if "equals" in own:
            assert row.tested == "as equal"
        elif own:
            assert row.tested == "as a bound"
        else:
            assert row.tested == ("as a copy" if len(decided) else "not checkable" if len(mine) else "no")


@pytest.mark.parametrize(
    ("figure", "tested", "verdict"),
    [
        ("lanmouth-gdp-multiple", "as equal", "consistent"),  # of the claim, not of each reading
        ("bridges-begun", "as equal", "consistent"),  # through a derived sum
        ("museum-visitors", "as equal", "contradicted"),
        ("harbour-tonnes", "as a bound", "consistent"),
        ("harbour-workers-on-island-share", "as a bound", "consistent"),
        ("sandwick-gdp-2021", "as a copy", "consistent"),
        ("harbour-traffic-growth", "not checkable", "not checkable"),
        ("income-ratio-now", "not checkable", "not checkable"),
        ("quay-area-target", "no", ""),
    ],
)
def test_how_a_figure_is_tested(small_results, figure, tested, verdict):
    row = small_results.coverage.set_index("figure_id").loc[figure]
    assert (row.tested, row.verdicts) == (tested, verdict)


def test_a_reason_is_what_the_table_or_the_check_says(small_results):
    why = small_results.coverage.set_index("figure_id").why_not
    assert why["quay-area-target"] == "not an outcome: a plan of the harbour"
    assert why["bridges-cost"] == "not an outcome"
    assert why["harbour-traffic-growth"] == "Looked for in ten yearly reports; none has a growth rate."


def again(results, **tables):
    """Coverage with other raw tables."""
    raw = replace(results.corpus, **tables)
    checks = check(raw, results.figures, results.derived)
    return coverage(raw, results.figures, results.derived, checks)


def test_a_figure_that_nobody_has_looked_at_is_said_to_be_so(small_results):
    untested = small_results.corpus.untested
    covered = again(small_results, untested=untested[untested.figure_id != "salt-sold"]).set_index(
        "figure_id"
    )
    assert covered.why_not["salt-sold"] == NOBODY and (covered.why_not == NOBODY).sum() == 1


def test_without_claims_nothing_is_tested_and_nothing_breaks(small_results):
    figures, derived, numerals = small_results.figures, small_results.derived, small_results.corpus.numerals
    once = numerals.assign(period=numerals.period.mask(numerals.figure_id == "lanmouth-gdp-2021-again", ""))
    raw = replace(small_results.corpus, claims=small_results.corpus.claims[:0], numerals=once)
    checks = check(raw, figures, derived)
    covered = coverage(raw, figures, derived, checks)
    assert set(covered.tested) == {"no"} and set(covered.verdicts) == {""}
    value = statistics_table(check_tallies(checks, covered)).set_index("statistic_id").value
    assert value["claims-all"] == 0 and value["coverage-share"] == 0


@pytest.mark.parametrize(
    ("column", "value", "advice"),
    [
        ("figure_id", "quay-area-targets", "it must be a figure of a sheet; near to it: quay-area-target"),
        (
            "figure_id",
            "bridges-begun",
            "it must be a figure that no claim involves; it takes part in bridges-add-up",
        ),
        (
            "figure_id",
            "harbour-traffic-growth",
            "it must be a figure that no claim involves; it takes part in traffic-",
        ),
        ("figure_id", "bridges-cost", "it must be a value of its own"),
        ("reason", "too hard", "it must be one of"),
    ],
)
def test_a_bad_reason_for_not_testing_is_refused(small, edit, column, value, advice):
    edit(small / "untested.csv", 2, column, value)
    with pytest.raises(BadInput) as caught:
        raw = corpus.load(small)
        figures = clean(raw)
        derived = derive(raw, figures)
        coverage(raw, figures, derived, check(raw, figures, derived))
    (fault,) = caught.value.faults
    assert (fault.file.name, fault.column, fault.value) == ("untested.csv", column, value)
    assert fault.line == (3 if value == "bridges-cost" else 2) and fault.advice.startswith(advice)


def test_tallies_add_up(results):
    table = statistics_table(check_tallies(results.checks, results.coverage))
    assert table.statistic_id.is_unique and (table.low == table.value).all()
    value = table.set_index("statistic_id").value
    assert value["claims-all"] == sum(value[f"claims-{name.replace(' ', '-')}"] for name in VERDICTS)
    assert value["claims-all"] == value["claims-internal"] + value["claims-external"]
    ways = ("as-equal", "as-a-bound", "as-a-copy")
    assert value["claims-consistent"] == sum(value[f"claims-consistent-{way}"] for way in ways)
    assert value["checks-all"] == len(results.checks)
    assert value["checks-all"] >= sum(value[f"checks-grade-{grade.lower()}"] for grade in GRADES)
    for where in ("", *(f"-in-{article}" for article in set(results.figures.article))):
        assert value[f"coverage-all{where}"] == sum(
            value[f"coverage-{key}{where}"] for key, _ in WAYS.values()
        )
        assert (
            value[f"coverage-tested{where}"]
            == value[f"coverage-equal{where}"] + value[f"coverage-bounded{where}"]
        )
        share = 100 * value[f"coverage-tested{where}"] / value[f"coverage-all{where}"]
        assert value[f"coverage-share{where}"] == pytest.approx(share, abs=0.05)


def test_tallies_of_the_small_corpus_by_hand(small_results):
    value = pd.Series(
        {row.statistic_id: row.value for row in check_tallies(small_results.checks, small_results.coverage)}
    )
    by_hand = {
        "claims-all": 13,
        "claims-consistent": 8,
        "claims-in-tension": 2,
        "claims-contradicted": 1,
        "claims-not-checkable": 2,
        "claims-consistent-as-a-bound": 2,  # workers on the island, tonnes
        "claims-consistent-as-a-copy": 1,  # GDP of Sandwick
        "claims-of-several-readings": 1,
        "checks-all": 15,
        "checks-grade-c": 1,
        "checks-that-could-contradict": 12,  # two are not checkable, one is of grade C
        "claims-undecided": 0,
        "claims-matters": 13,
        "claims-discrepancies": 3,
        "claims-agreements": 8,
        "claims-agreements-independent": 4,  # multiple, GDP and growth of Lanmouth, GDP in both articles
        "coverage-untested": 12,
        # GDP and multiple of Lanmouth, GDP again in the other article, growth, visitors, share of the harbour
        "coverage-independent": 6,
        "coverage-independent-bound": 1,  # tonnes; a copy and a claim that nothing decides do not count
    }
    assert value[list(by_hand)].to_dict() == by_hand


@pytest.mark.corpus
def test_coverage_of_some_figures_of_the_five_articles(real):
    covered = real.coverage.set_index("figure_id")
    assert "shenzhen-tasks-add-up" in covered.checks["shenzhen-tasks-completed"]  # through a derived sum
    first = covered[covered.article.isin(FIRST)]  # of a new article nobody need have looked yet
    assert not first.why_not.str.contains(NOBODY).any()
    assert covered.tested["gree-revenue-2021"] == "as a copy"
    assert covered.tested["ganzhou-gdp-multiple-2011-2021"] == "as equal"
    assert covered.tested["ganshen-extra-train-pairs-2022"] == "as a bound"  # its equal is of another kind
    assert covered.tested["deqing-tangerine-output-2022"] == "not checkable"
    assert (
        covered.verdicts["ganzhou-gdp-multiple-2011-2021"] == "consistent"
    )  # of the claim, not of each reading


def test_an_independent_source_counts_no_longer_once_it_may_be_the_own(small_results):
    def counted(**cells):
        checks = small_results.checks
        visitors = checks.check_id == "museum-visitors-as-counted"
        changed = checks.assign(**{name: checks[name].mask(visitors, cell) for name, cell in cells.items()})
        found = {row.statistic_id: row.value for row in check_tallies(changed, small_results.coverage)}
        return found["coverage-independent"], found["coverage-independent-bound"]

    assert counted() == (6, 1)
    assert counted(source="may be own") == counted(verdict="not checkable") == (5, 1)
    assert counted(test="at_most") == (5, 2)


def test_a_claim_that_is_consistent_both_ways_counts_once(small_results):
    checks = small_results.checks
    row = checks[
        (checks.verdict == "consistent") & (checks.test == "equals") & (checks.source == "independent")
    ].iloc[:1]
    both = pd.concat([checks, row.assign(check_id="another", test="at_most", reading="another")])
    before, after = (
        {one.statistic_id: one.value for one in check_tallies(table, small_results.coverage)}
        for table in (checks, both)
    )
    kinds = [f"claims-consistent-as-{way}" for way in ("equal", "a-bound", "a-copy")]
    assert [after[key] for key in kinds] == [before[key] for key in kinds]
