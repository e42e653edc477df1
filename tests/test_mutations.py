"""Seeded changes of figures: of the promised kinds, repeatable, and noticed as a plain computation notices them."""

import itertools
import random
from dataclasses import replace

import pandas as pd
import pytest

from helpers.checking import mutations
from helpers.checking.claims import check, verdicts
from helpers.corpus import BadInput
from helpers.corpus.schema import MUTANTS
from helpers.deriving.cleaning import clean, corrected_figures
from helpers.deriving.derivations import derive

SAMPLE = 15  # changes of the real corpus that are computed plainly too


def run(results, seed=2021, **more):
    return mutations.mutants(results.corpus, results.figures, results.derived, results.checks, seed, **more)


@pytest.fixture(scope="module")
def mutants(small_results):
    return run(small_results)


@pytest.fixture(scope="module")
def real_mutants(real):
    return run(real)


def cells_of(results):
    """The figures as they are believed to be printed."""
    return corrected_figures(results.corpus).to_dict("index")


# -- side by side or one by one --------------------------------------------------------------------------


def plainly(results, cells) -> list[str]:
    """The claims that a change turns, everything being computed anew from a corpus that has it."""
    believed = cells_of(results)
    numerals, columns = results.corpus.numerals.copy(), ["token", "scale", "unit", "indicator", "entity", "period",
                                                        "qualifier", "status"]  # fmt: skip
    printed = results.corpus.numerals.set_index("figure_id")[columns]
    for number, row in numerals[numerals.figure_id.isin(believed)].iterrows():
        own = printed[printed.index == row.figure_id].iloc[0]
        if row["class"] == "repeat" and any(row[name] != own[name] for name in columns):
            continue  # printed again in other words
        changed = believed[row.figure_id] | cells.get(row.figure_id, {})
        numerals.loc[number, columns] = [changed[name] for name in columns]
    changed = replace(results.corpus, numerals=numerals, corrections=results.corpus.corrections[:0])
    try:
        figures = clean(changed)
        checks = check(changed, figures, derive(changed, figures))
    except BadInput:
        return [mutations.LOST]
    before, after = (verdicts(rows).set_index("claim_id").verdict for rows in (results.checks, checks))
    assert list(before.index) == list(after.index)
    return before.index[before != after].tolist()


def compare(results, mutants, numbers):
    """Whether these changes turn what `plainly` finds."""
    drawn = mutations.drawn(cells_of(results), 2021, 2)
    assert drawn.figure_id.tolist() == mutants.figure_id.tolist()
    for number in numbers:
        one = mutants.loc[number]
        assert sorted(one.turned.split()) == sorted(
            " ".join(plainly(results, drawn.cells[number])).split()
        ), one


def test_side_by_side_turns_what_one_by_one_turns(small_results, mutants):
    compare(small_results, mutants, mutants.index[mutants.tested != "none"])
    assert (mutants.noticed == "yes").sum() >= 20


@pytest.mark.corpus
def test_side_by_side_turns_what_one_by_one_turns_in_the_five_articles(real, real_mutants):
    tested = real_mutants.index[real_mutants.tested != "none"].tolist()
    compare(real, real_mutants, random.Random(2021).sample(tested, SAMPLE))


def test_no_change_turns_nothing(monkeypatch, small_results):
    """The engine itself finds no difference where there is none."""

    def same(name, change, printed):
        return [{name: {"token": printed[name]["token"]}}]

    monkeypatch.setattr(mutations, "variants", same)
    assert (run(small_results, seed=1).noticed == "no").all()


# -- what is changed -----------------------------------------------------------------------------------


def test_changes_are_of_the_promised_kinds_and_repeatable(small_results, mutants):
    assert list(mutants.columns) == MUTANTS.columns
    assert set(mutants.change) == set(mutations.CHANGES) and set(mutants.tested) == set(mutations.TESTED)
    assert (mutants.before != mutants.after).all()
    assert mutants.groupby(["figure_id", "change"]).size().max() == 2
    swapped = mutants[mutants.change == "neighbouring digits exchanged"]
    assert all(sorted(a) == sorted(b) for a, b in zip(swapped.before, swapped.after, strict=True))
    pd.testing.assert_frame_equal(mutants, run(small_results))
    assert not mutants.equals(run(small_results, seed=2022))
    assert run(small_results, each=1).groupby(["figure_id", "change"]).size().max() == 1


def test_a_draw_does_not_depend_on_other_figures(small_results, mutants):
    """A figure more, of another article, leaves the changes of every figure as they were."""
    cells = cells_of(small_results)
    other = cells["museum-visitors"] | {"article": "another"}
    drawn = mutations.drawn({"before": other, **cells, "after": other}, 2021, 2)
    kept = drawn[drawn.figure_id.isin(cells)].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, mutations.drawn(cells, 2021, 2))


def printed(token, scale="", article="a", unit="yuan"):
    return {"token": token, "scale": scale, "article": article, "unit": unit}


@pytest.mark.parametrize(
    ("token", "change", "expected"),
    [
        ("41.69", "neighbouring digits exchanged", {"14.69", "46.19", "41.96"}),
        ("100", "neighbouring digits exchanged", set()),  # 010 is no number anyone prints
        ("0.32", "neighbouring digits exchanged", {"3.02", "0.23"}),
        ("2.4", "digit changed", {*(f"{d}.4" for d in "13456789"), *(f"2.{d}" for d in "012356789")}),
        ("7", "digit changed", set("012345689")),
        ("half", "digit changed", set()),
        ("half", "neighbouring digits exchanged", set()),
    ],
)
def test_the_ways_to_change_the_digits_of_a_numeral(token, change, expected):
    found = mutations.variants("x", change, {"x": printed(token)})
    assert {cells["x"]["token"] for cells in found} == expected and len(found) == len(expected)


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("billion", ["million", "trillion"]),
        ("thousand", ["million"]),
        ("trillion", ["billion"]),
        ("", []),
        ("yi", []),
    ],
)
def test_the_ways_to_change_a_scale_word(scale, expected):
    found = mutations.variants("x", "scale word changed", {"x": printed("1.2", scale)})
    assert [cells["x"]["scale"] for cells in found] == expected


def test_two_figures_of_one_article_and_unit_change_places():
    cells = {
        "x": printed("1", "million"),
        "y": printed("2"),
        "same": printed("1", "million"),
        "unit": printed("3", unit="usd"),
        "article": printed("4", article="b"),
    }
    found = mutations.variants("x", "values exchanged", cells)
    assert found == [{"x": {"token": "2", "scale": ""}, "y": {"token": "1", "scale": "million"}}]


# -- what is noticed -------------------------------------------------------------------------------------


def test_a_change_is_noticed_by_the_claim_that_it_breaks(mutants):
    rows = mutants[(mutants.figure_id == "bridges-begun") & (mutants.change == "values exchanged")]
    # with 3 and 6 exchanged the sum is the same; with 9 planned it is not
    assert {row.after: row.turned for row in rows.itertuples()} == {"3": "", "9": "bridges-add-up"}
    assert (rows.tested == "stands").all()
    assert rows.still.tolist().count("bridges-add-up: 9 to 9 meets 9 to 9") == 1


def test_how_a_figure_is_tested_before_any_change(mutants):
    tested = mutants.drop_duplicates("figure_id").set_index("figure_id").tested
    assert tested["lanmouth-gdp-2021"] == "stands"
    assert tested["museum-visitors"] == tested["harbour-workers-share"] == "fails"
    assert tested["harbour-tonnes"] == tested["sandwick-gdp-2021"] == "bound"
    assert tested["salt-sold"] == "none"
    assert tested["harbour-traffic-growth"] == tested["income-ratio-now"] == "none"


def test_what_no_check_can_decide_is_never_noticed(mutants):
    none = mutants[mutants.tested == "none"]
    assert len(none) and (none.noticed == "no").all() and (none.still == "").all()


def test_what_is_not_noticed_says_what_it_still_agrees_with(mutants):
    missed = mutants[(mutants.tested == "stands") & (mutants.noticed == "no")]
    assert len(missed) and missed.still.str.contains(" meets ").all()
    assert (mutants.still[mutants.noticed == "yes"] == "").all()


def test_a_change_after_which_nothing_can_be_computed_is_noticed(small_results, monkeypatch):
    """A multiple of 1 has no doubling time."""
    cells = {"lanmouth-gdp-multiple": {"token": "1.00"}}
    many = itertools.repeat(pd.DataFrame([("lanmouth-gdp-multiple", "digit changed", {"lanmouth-gdp-multiple": {"token": "0.00"}}),
                                          ("lanmouth-gdp-multiple", "digit changed", cells)],
                                         columns=["figure_id", "change", "cells"]))  # fmt: skip
    monkeypatch.setattr(mutations, "drawn", lambda *_: next(many).copy())
    assert run(small_results).turned.tolist() == [mutations.LOST] * 2


def test_statistics_are_shares_of_the_changes_made(mutants):
    rows = {row.statistic_id: row.value for row in mutations.mutant_statistics(mutants)}
    assert rows["mutants-made-all"] == len(mutants)
    assert rows["mutants-made-tested"] == (mutants.tested != "none").sum()
    assert rows["mutants-made-all"] == sum(rows[f"mutants-made-{key}"] for key in mutations.TESTED)
    assert rows["mutants-noticed-all"] == pytest.approx(100 * (mutants.noticed == "yes").mean())
    assert rows["mutants-noticed-none"] == 0
    kinds = [name.replace(" ", "-") for name in mutations.CHANGES]
    assert rows["mutants-made-stands"] == sum(rows[f"mutants-made-{kind}"] for kind in kinds)


def test_statistics_of_no_changes_at_all_are_nought():
    rows = {
        r.statistic_id: r.value for r in mutations.mutant_statistics(pd.DataFrame(columns=MUTANTS.columns))
    }
    assert rows["mutants-made-all"] == rows["mutants-noticed-all"] == 0


# -- the five articles ---------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_most_changes_of_figures_whose_exact_check_stands_are_noticed(real_mutants):
    standing = real_mutants[real_mutants.tested == "stands"]
    assert len(standing) >= 30 and (standing.noticed == "yes").mean() >= 0.9
    assert standing.still[standing.noticed == "no"].str.contains(" meets ").all()
    none = real_mutants[real_mutants.tested == "none"]
    assert {"lianzhang-income-2021", "deqing-tangerine-output-2022"} <= set(none.figure_id)
    tasks = real_mutants[real_mutants.figure_id == "shenzhen-key-tasks"].set_index("change")
    assert set(tasks.turned["digit changed"]) == {"shenzhen-tasks-add-up"}


def test_a_share_has_an_interval_over_figures_not_over_changes(mutants):
    """Ten times the same changes are no more figures: the interval stays."""
    once = {row.statistic_id: row for row in mutations.mutant_statistics(mutants)}["mutants-noticed-tested"]
    more = pd.concat([mutants] * 10)
    again = {row.statistic_id: row for row in mutations.mutant_statistics(more)}["mutants-noticed-tested"]
    assert (once.low, once.high) == pytest.approx((again.low, again.high))
    assert once.low < once.value < once.high
    assert once == {r.statistic_id: r for r in mutations.mutant_statistics(mutants)}["mutants-noticed-tested"]


def test_the_interval_of_a_share_by_hand():
    """Two figures, one always noticed, one never: samples of both are nought, a half or one."""
    caught, figures = pd.Series([True] * 3 + [False] * 3), pd.Series(["a"] * 3 + ["b"] * 3)
    assert mutations._share_by_figure(caught, figures, 1) == (50, 0, 100)


def test_the_interval_of_a_share_is_that_of_a_proportion_of_figures():
    """A hundred figures of four changes each, half of them always noticed: 1.96 times 5 percent either way."""
    figures = pd.Series([f"figure-{n // 4}" for n in range(400)])
    caught = pd.Series([n // 4 < 50 for n in range(400)])
    share, low, high = mutations._share_by_figure(caught, figures, 3)
    assert share == 50 and (high - low) / 2 == pytest.approx(9.8, abs=0.8)


def test_power_of_a_claim_is_the_share_of_its_own_changes_that_turn_it(mutants, small_results):
    r = small_results
    table = mutations.mutants_by_claim(mutants, r.checks, r.derived).set_index("claim_id")
    rows = mutants[mutants.figure_id.isin(["bridges-finished", "bridges-begun", "bridges-planned"])]
    assert table.made["bridges-add-up"] == len(rows)
    turns = rows.turned.map(lambda text: text == mutations.LOST or "bridges-add-up" in text.split())
    assert table.noticed["bridges-add-up"] == turns.sum() > 0
    assert "traffic-growth-as-reported" not in table.index
    shares = {row.statistic_id: row.value for row in mutations.by_claim_statistics(table.reset_index())}
    assert shares["mutants-noticed-of-bridges-add-up"] == round(100 * turns.mean())
