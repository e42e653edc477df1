"""Seeded changes of figures: of the promised kinds, repeatable, and noticed."""

import pytest

from helpers import cleaning, mutations


@pytest.fixture(scope="module")
def mutants():
    return mutations.run(seed=2021)


def test_changes_are_of_the_promised_kinds_and_repeatable(mutants):
    assert len(mutants) >= 30 and set(mutants.change) == set(mutations.CHANGES)
    assert (mutants.before != mutants.after).all()
    swapped = mutants[mutants.change == "neighbouring digits exchanged"]
    assert all(sorted(a) == sorted(b) for a, b in zip(swapped.before, swapped.after, strict=True))
    assert mutants.equals(mutations.run(seed=2021))


def test_most_changes_of_figures_whose_exact_check_stands_are_noticed(mutants):
    standing = mutants[mutants.stands == "yes"]
    assert len(standing) >= 30 and (standing.noticed == "yes").mean() >= 0.9


def test_a_change_is_noticed_by_the_claim_that_it_breaks(mutants):
    row = mutants[(mutants.figure_id == "shenzhen-key-tasks") & (mutants.change == "digit changed")].iloc[0]
    assert row.turned == "shenzhen-tasks-add-up"


def test_no_change_turns_nothing(monkeypatch):
    """The engine itself finds no difference where there is none."""
    monkeypatch.setattr(
        mutations, "_variants", lambda name, change, printed: [{name: {"token": printed.token[name]}}]
    )
    assert (mutations.run(seed=1).noticed == "no").all()


def test_variants_keep_the_form_of_the_numeral():
    printed = cleaning.printed()
    for change in ("neighbouring digits exchanged", "digit changed"):
        for cells in mutations._variants("ganzhou-livelihood-total", change, printed):
            token = cells["ganzhou-livelihood-total"]["token"]
            assert len(token) == len("556.011") and token[3] == "." and token[0] != "0"
    scales = mutations._variants("gba-gdp-2021", "scale word changed", printed)
    assert [cells["gba-gdp-2021"]["scale"] for cells in scales] == ["billion"]
