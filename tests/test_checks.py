"""Claims and verdicts."""

import pandas as pd
import pytest

from helpers import checks
from helpers.tables import BadInput
from helpers.vocabulary import VERDICTS


@pytest.mark.parametrize(
    ("observed", "expected", "verdict"),
    [
        ((1, 2), (2, 3), "consistent"),
        ((1, 2), (2.1, 3), "contradicted"),
        ((5, 5), (5, 5), "consistent"),
        ((0, 9), (4, 5), "consistent"),
    ],
)
def test_intervals_that_meet_are_consistent(observed, expected, verdict):
    assert checks.verdict(observed, expected, "contradicted") == verdict


def test_the_verdicts_of_the_articles(figures, derived):
    result = checks.check(figures, derived).set_index("check_id")
    assert set(result.verdict) <= set(VERDICTS)
    assert result.verdict["shenzhen-tasks-add-up"] == "consistent"
    assert result.verdict["ganshen-trains-in-all"] == "in tension"
    assert result.verdict["ganshen-trains-a-day"] == "consistent"


def test_a_changed_figure_turns_a_verdict(figures, derived):
    derived = derived.copy()
    derived.loc[derived.derived_id == "shenzhen-tasks-sum", ["value", "low", "high"]] = "57"
    result = checks.check(figures, derived).set_index("check_id")
    assert result.verdict["shenzhen-tasks-add-up"] == "contradicted"


def test_the_forest_shows_every_check_on_the_side_of_its_verdict(figures, derived):
    result = checks.check(figures, derived)
    lower = result.iloc[[0]].assign(
        check_id="floor", expected_low="40", expected_high="", verdict="consistent"
    )
    forest = checks.forest(pd.concat([result, lower], ignore_index=True))
    assert len(forest) == len(result) + 1 and forest[["low", "value", "high"]].notna().all(axis=None)
    assert (forest.low[result.index][result.verdict != "consistent"] > 1).all()


def test_coverage_names_every_figure_once_and_follows_derived_inputs(figures, derived):
    covered = checks.coverage(figures, derived, checks.check(figures, derived)).set_index("figure_id")
    assert covered.index.is_unique and len(covered) == len(figures)
    assert "shenzhen-tasks-add-up" in covered.checks["shenzhen-tasks-completed"]
    assert covered.verdicts["yudu-generals"] == "not tested"


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("test", "equal", "one of"),
        ("kind", "inner", "one of"),
        ("observed", "shenzhen-task-sum", "a figure, a constant or a derived id"),
        ("expected", "ganzhou-gdp-2021", "a quantity in task, as observed"),
        ("otherwise", "consistent", "one of"),
        ("otherwise", "not checkable", "one of"),
        ("expected", "shenzhen-tasks-sum", "something else than what is observed"),
        ("check_id", "ganzhou-gdp-2021", "a slug that nothing else has"),
        ("claim", "", "what is claimed"),
    ],
)
def test_a_bad_claim_is_refused(raw, edit, figures, derived, column, value, expected):
    edit(raw / "claims.csv", 2, column, value)
    with pytest.raises(BadInput) as caught:
        checks.check(figures, derived, raw)
    assert [(f.line, f.column) for f in caught.value.faults] == [(2, column)]
    assert expected in caught.value.faults[0].expected
