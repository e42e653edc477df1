"""Seeded changes of figures: of the promised kinds, repeatable, and noticed."""

import pandas as pd
import pytest

from helpers import cleaning, mutations


@pytest.fixture(scope="module")
def mutants():
    return mutations.run(seed=2021)


def test_changes_are_of_the_promised_kinds_and_repeatable(mutants):
    assert set(mutants.change) == set(mutations.CHANGES) and set(mutants.tested) == set(mutations.TESTED)
    assert (mutants.before != mutants.after).all()
    swapped = mutants[mutants.change == "neighbouring digits exchanged"]
    assert all(sorted(a) == sorted(b) for a, b in zip(swapped.before, swapped.after, strict=True))
    assert mutants.equals(mutations.run(seed=2021))


def test_most_changes_of_figures_whose_exact_check_stands_are_noticed(mutants):
    standing = mutants[mutants.tested == "stands"]
    assert len(standing) >= 30 and (standing.noticed == "yes").mean() >= 0.9
    missed = standing[standing.noticed == "no"]
    assert missed.still.str.contains(" meets ").all()  # each says what it still agrees with


def test_what_no_check_can_decide_is_never_noticed(mutants):
    assert (mutants.noticed[mutants.tested == "none"] == "no").all()
    assert {"yudu-generals", "deqing-tangerine-output-2022"} <= set(
        mutants.figure_id[mutants.tested == "none"]
    )


def test_a_change_is_noticed_by_the_claim_that_it_breaks(mutants):
    row = mutants[(mutants.figure_id == "shenzhen-key-tasks") & (mutants.change == "digit changed")].iloc[0]
    assert row.turned == "shenzhen-tasks-add-up"


def test_no_change_turns_nothing(monkeypatch):
    """The engine itself finds no difference where there is none."""
    monkeypatch.setattr(
        mutations, "variants", lambda name, change, printed: [{name: {"token": printed.token[name]}}]
    )
    assert (mutations.run(seed=1).noticed == "no").all()


def test_a_draw_does_not_depend_on_other_figures(mutants, raw):
    """A claim more leaves the changes of every figure as they were."""
    with open(raw / "claims.csv", "a", encoding="utf-8") as file:
        file.write("own,,internal,As many,,at_most,yudu-generals,yudu-generals-twice,in tension,,\n")
    with open(raw / "derivations.csv", "a", encoding="utf-8") as file:
        file.write("yudu-generals-twice,total,generals,yudu,,person,yudu-generals yudu-generals,,\n")
    again = mutations.run(seed=2021, raw=raw)
    drawn = ["figure_id", "change", "before", "after"]
    pd.testing.assert_frame_equal(again[drawn], mutants[drawn])


def test_variants_keep_the_form_of_the_numeral():
    printed = cleaning.printed()
    for change in ("neighbouring digits exchanged", "digit changed"):
        for cells in mutations.variants("ganzhou-livelihood-total", change, printed):
            token = cells["ganzhou-livelihood-total"]["token"]
            assert len(token) == len("556.011") and token[3] == "." and token[0] != "0"
    scales = mutations.variants("gba-gdp-2021", "scale word changed", printed)
    assert [cells["gba-gdp-2021"]["scale"] for cells in scales] == ["billion"]
    swaps = mutations.variants("ganzhou-rd-share-2011", "neighbouring digits exchanged", printed)
    assert {cells["ganzhou-rd-share-2011"]["token"] for cells in swaps} == {"3.02", "0.23"}


def test_statistics_of_no_changes_at_all_are_nought():
    value = mutations.statistics(pd.DataFrame(columns=mutations.COLUMNS)).set_index("statistic_id").value
    assert value["mutants-made-all"] == value["mutants-noticed-all"] == 0
