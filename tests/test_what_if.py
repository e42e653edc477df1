"""Many hypothetical changes at once give what each gives by itself, computed anew from changed tables."""

import random
from dataclasses import replace

import pandas as pd
import pytest

from helpers.checking.claims import ALIKE, all_claims, claim_verdict, compared
from helpers.checking.what_if import CHANGED, LOST, WhatIf
from helpers.deriving.derivations import derive
from helpers.deriving.quantities import BOUNDS, all_quantities, inputs_at_hand

ENDS = ["observed_low", "observed_high", "expected_low", "expected_high"]
FACTORS = (0.5, 0.9, 0.999, 1.001, 1.1, 2, 30)


def engine(results):
    return WhatIf(results.corpus, results.figures, results.derived, results.checks)


def changed(table, key, rows):
    """A table with what the rows of changes say of its ids."""
    table = table.set_index(key)
    for row in rows.itertuples():
        if row.id in table.index:
            table.loc[row.id, BOUNDS] = [row.value, row.low, row.high]
    return table.reset_index()


def one_by_one(results, rows):
    """Derived quantities and checks after one change, nothing being taken over."""
    figures = changed(results.figures, "figure_id", rows)
    corpus = replace(
        results.corpus,
        comparators=changed(results.corpus.comparators, "comparator_id", rows),
        constants=changed(results.corpus.constants, "constant", rows),
    )
    derived = derive(corpus, figures)
    return derived, compared(all_claims(corpus), all_quantities(corpus, figures, derived))


def drawn(results, count, seed):
    """Changes of one to four ids each, by a factor."""
    draw, sources = random.Random(seed), inputs_at_hand(results.corpus, results.figures)
    rows = []
    for number in range(count):
        for key in draw.sample(sorted(sources.index), draw.randint(1, 4)):
            factor = draw.choice(FACTORS)
            ends = sources.loc[key, BOUNDS] * factor
            rows.append((number, key, *ends))
    return pd.DataFrame(rows, columns=CHANGED)


def compare(results, count, seed):
    changes = drawn(results, count, seed)
    found = engine(results).if_quantities(changes)
    for number, rows in changes.groupby("change"):
        if number in found.lost:
            continue
        derived, checks = one_by_one(results, rows)
        own = found.quantities[found.quantities.change == number].set_index("id")
        both = derived.set_index("derived_id")[BOUNDS]
        touched = own.index[own.index.isin(both.index)]
        pd.testing.assert_frame_equal(own.loc[touched, BOUNDS], both.loc[touched], check_names=False, rtol=0)
        untouched = results.derived.set_index("derived_id").loc[both.index.difference(touched), BOUNDS]
        pd.testing.assert_frame_equal(untouched, both.loc[untouched.index], check_names=False)
        again = found.checks[found.checks.change == number].set_index("check_id")
        anew = checks.set_index("check_id")
        pd.testing.assert_frame_equal(
            again[["verdict", *ENDS]], anew.loc[again.index, ["verdict", *ENDS]], check_names=False
        )
        others = results.checks.set_index("check_id").verdict
        for key in anew.index.difference(again.index):
            assert anew.verdict[key] == others[key], (number, key)
        claims = found.claims[found.claims.change == number].set_index("claim_id").verdict
        for claim, verdict in claims.items():
            assert verdict == claim_verdict(anew.verdict[anew.claim_id == claim])
    return found


def test_side_by_side_is_one_by_one(small_results):
    found = compare(small_results, 40, 1)
    assert len(found.claims) > 40 and found.claims.verdict.nunique() > 2


@pytest.mark.corpus
def test_side_by_side_is_one_by_one_in_the_five_articles(real):
    found = compare(real, 12, 2)
    assert len(found.claims) > 12


def of_print(results, figure, factor):
    ends = results.figures.set_index("figure_id").loc[figure, BOUNDS] * factor
    return pd.DataFrame([(0, figure, *ends)], columns=CHANGED)


def test_no_change_changes_nothing(small_results):
    every = pd.concat(of_print(small_results, name, 1) for name in small_results.figures.figure_id)
    found = engine(small_results).if_prints(every.assign(change=range(len(every))))
    before = small_results.checks.set_index("check_id")
    assert (found.checks.verdict == found.checks.check_id.map(before.verdict)).all() and not found.lost
    assert len(found.checks) > 20


def test_a_print_that_another_does_not_fit_any_more_is_seen_and_leaves_the_other_as_it_is(small_results):
    """GDP of Lanmouth is printed twice, to different digits: 41.69 and 41.7 billion."""
    found = engine(small_results).if_prints(of_print(small_results, "lanmouth-gdp-2021", 2))
    verdict = found.checks.set_index("check_id").verdict
    assert verdict[f"lanmouth-gdp-2021{ALIKE}"] == "in tension"
    bounds = found.quantities.set_index("id")[BOUNDS]
    assert bounds.loc["lanmouth-gdp-2021"].tolist() == [83.38e9, 83.37e9, 83.39e9]
    assert bounds.loc["lanmouth-gdp-2021-again"].tolist() == [41.7e9, 41.65e9, 41.75e9]


def test_a_print_that_still_fits_the_other_is_narrowed_by_it(small_results):
    rows = pd.DataFrame([(7, "lanmouth-gdp-2021", 41.6e9, 41.5e9, 41.7e9)], columns=CHANGED)
    found = engine(small_results).if_prints(rows)
    bounds = found.quantities.set_index("id")[BOUNDS]
    assert bounds.loc["lanmouth-gdp-2021"].tolist() == [41.7e9, 41.65e9, 41.7e9]
    assert bounds.loc["lanmouth-gdp-2021-again"].tolist() == [41.7e9, 41.65e9, 41.7e9]
    assert found.checks.set_index("check_id").verdict[f"lanmouth-gdp-2021{ALIKE}"] == "consistent"


def test_what_cannot_be_computed_is_lost_and_says_so(small_results):
    """A multiple of exactly nought has no growth rate; its claim has no reading left that stands."""
    rows = pd.DataFrame([(3, "gdp-lanmouth-2011-revised", 0.0, 0.0, 0.0)], columns=CHANGED)
    found = engine(small_results).if_quantities(rows)
    assert found.lost == {3}
    verdict = found.checks.set_index("check_id").verdict
    assert verdict["lanmouth-multiple-times-revised"] == LOST
    assert verdict["lanmouth-multiple-times-first-print"] != LOST
    claim = found.claims.set_index("claim_id").verdict["lanmouth-multiple"]
    first = verdict["lanmouth-multiple-times-first-print"]
    assert claim == ("consistent" if first == "consistent" else LOST)
