"""Simulation against distributions that are known, and within what enclosure allows."""

import pytest

from helpers.checking import simulation


def run(results, keys, seed=2021, draws=20_000):
    r = results
    return simulation.simulate(r.corpus, r.figures, r.derived, keys, seed, draws).set_index("derived_id")


KEYS = [
    "lanmouth-gdp-2011-implied",
    "income-ratio-fall",
    "three-cities-gdp-multiple",
    "lanmouth-doubling-time",
]


def test_simulated_ranges_lie_within_what_is_enclosed(small_results):
    found = run(small_results, KEYS)
    enclosed = small_results.derived.set_index("derived_id").loc[KEYS]
    assert (found.low > enclosed.low).all() and (found.high < enclosed.high).all()
    assert ((found.low < found.value) & (found.value < found.high)).all()


def test_a_difference_of_two_uniform_numbers_by_hand(small_results):
    """Of half-widths v and w: beyond v + w − t either way lies a corner of the rectangle, t² of 8vw."""
    figures = small_results.figures.set_index("figure_id")
    half = [(figures.high[key] - figures.low[key]) / 2 for key in ("income-ratio-now", "income-ratio-before")]
    row = run(small_results, ["income-ratio-fall"], draws=200_000).iloc[0]
    corner = (0.025 * 8 * half[0] * half[1]) ** 0.5
    assert corner < 2 * min(half)
    reach = sum(half) - corner
    assert (row.high - row.low) / 2 == pytest.approx(reach, rel=0.01)


def test_a_draw_is_the_same_for_all_that_rests_on_it_and_repeatable(small_results):
    both, alone = run(small_results, KEYS), run(small_results, KEYS[:1])
    assert both.loc[KEYS[0], "low"] == alone.loc[KEYS[0], "low"]
    assert both.equals(run(small_results, KEYS))
    assert not both.equals(run(small_results, KEYS, seed=1))


def test_headlines_of_several_uncertain_figures_are_simulated(small_results):
    r = small_results
    found = simulation.several_uncertain(r.corpus, r.figures, r.derived)
    assert found == ["three-cities-gdp-multiple", "income-ratio-fall"]
    rows = simulation.simulation_statistics(run(r, found).reset_index(), 20_000)
    assert [row.statistic_id for row in rows] == ["simulated-draws", *(f"simulated-{key}" for key in found)]


@pytest.mark.corpus
def test_three_cities_as_known_from_outside(real):
    row = run(real, ["three-cities-gdp-cagr-2011-2021"], draws=100_000).iloc[0]
    assert (round(row.low, 2), round(row.high, 2)) == (10.12, 10.39)
