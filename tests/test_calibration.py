"""Prints whose true value is known: where it lies, and whether the rules of intervals hold it."""

from dataclasses import replace

import pandas as pd
import pytest

from helpers.checking.calibration import calibration, calibration_statistics
from helpers.corpus.tallies import statistics_table
from helpers.deriving.quantities import all_quantities


@pytest.fixture(scope="module")
def quantities(small_results):
    return all_quantities(small_results.corpus, small_results.figures, small_results.derived)


def pairs(results, *rows):
    """The small corpus with these pairs: print, truth, qualifier."""
    table = pd.DataFrame(rows, columns=["print", "truth", "qualifier"]).assign(
        source="independent", note="same"
    )
    return replace(results.corpus, calibration=table)


def one(results, quantities, printed, truth, true_value, qualifier=""):
    known = quantities.copy()
    known.loc[truth, ["value", "low", "high"]] = true_value
    (row,) = calibration(pairs(results, (printed, truth, qualifier)), known).itertuples()
    return row


@pytest.mark.parametrize(
    ("printed", "true_value", "distance", "within"),
    [
        ("lanmouth-gdp-2021", 41.694e9, 0.4, "yes yes yes"),  # 41.69, half a step is 0.005
        ("lanmouth-gdp-2021", 41.697e9, 0.7, "no no yes"),
        ("lanmouth-gdp-2021", 41.71e9, 2.0, "no no no"),
        ("harbour-tonnes", 3.2e6, 0.667, "no yes yes"),  # more than 3 million: a step is a tenth of it
        ("harbour-tonnes", 2.9e6, -0.333, "no no no"),
        ("harbour-workers-share", 6.5, -1.5, "no no yes"),  # nearly 8
    ],
)  # fmt: skip
def test_where_the_true_value_lies(small_results, quantities, printed, true_value, distance, within):
    row = one(small_results, quantities, printed, "gdp-lanmouth-2021", true_value)
    assert row.distance == distance
    assert f"{row.narrow} {row.usual} {row.wide}" == within


def test_a_finer_print_of_the_same_figure_does_not_help(small_results, quantities):
    """41.7 alone allows 41.65, though 41.69 in another article does not."""
    row = one(small_results, quantities, "lanmouth-gdp-2021-again", "gdp-lanmouth-2021", 41.66e9)
    assert row.usual == "yes" and row.distance == -0.4


def test_a_comparator_is_read_by_its_digits_and_the_hedge_of_the_pair(small_results, quantities):
    truth = "gdp-growth-lanmouth-2022"
    plain = one(small_results, quantities, "gdp-growth-lanmouth-2021", truth, 8.06, "exact")
    hedged = one(small_results, quantities, "gdp-growth-lanmouth-2021", truth, 8.06, "more_than")
    assert (plain.step, plain.usual, hedged.usual) == (0.1, "no", "yes")  # printed 8.0


def test_a_true_value_that_is_rounded_lies_within_if_its_interval_meets(small_results, quantities):
    known = quantities.copy()
    known.loc["gdp-lanmouth-2021", ["value", "low", "high"]] = 41.697e9, 41.694e9, 41.7e9
    (row,) = calibration(
        pairs(small_results, ("lanmouth-gdp-2021", "gdp-lanmouth-2021", "")), known
    ).itertuples()
    assert row.usual == "yes"


def test_shares_by_hand(small_results, quantities):
    found = pd.DataFrame(
        {"print": list("abcd"), "truth": "t", "qualifier": ["exact", "exact", "exact", "about"],
         "distance": [0.1, 0.6, -0.6, 0.9], "narrow": ["yes", "no", "no", "no"],
         "usual": ["yes", "no", "no", "yes"], "wide": "yes"}
    )  # fmt: skip
    value = statistics_table(calibration_statistics(found)).set_index("statistic_id").value
    assert value["calibration-plain"] == 3 and value["calibration-hedged"] == 1
    assert value["calibration-plain-usual"] == value["calibration-cut"] == pytest.approx(100 / 3)
    assert value["calibration-hedged-usual"] == 100 and value["calibration-of-b"] == 0.6
    assert len(calibration_statistics(found[:0])) == 2


@pytest.mark.corpus
def test_the_usual_rules_hold_what_is_known(real):
    """A rule that most true values leave would have to go."""
    found = calibration(real.corpus, all_quantities(real.corpus, real.figures, real.derived))
    plain = found.qualifier == "exact"
    assert len(found) >= 30 and plain.sum() >= 18
    assert (found.usual[~plain] == "yes").all() and (found.usual[plain] == "yes").mean() > 0.9
