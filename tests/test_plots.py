"""Plots hold what they are given: one mark a row, bands where they belong, and odd input does not break them."""

import matplotlib
import pandas as pd
import pytest

from helpers import checks, plots

matplotlib.use("Agg")
NAN = float("nan")


@pytest.fixture(autouse=True)
def theme():
    plots.theme()
    yield
    matplotlib.pyplot.close("all")


def labels(axes):
    return [text.get_text() for text in axes.get_yticklabels()]


def test_the_forest_has_a_row_for_every_claim_and_marks_those_beyond_its_edges():
    frame = pd.DataFrame(
        [
            ("as it is", "S", "consistent", 0.9, 1.1, 1, 1),
            ("far below", "S", "consistent", 0.001, 0.002, NAN, 1),
            ("too high", "T", "in tension", 20, 30, NAN, 1),
            ("no test", "T", "not checkable", NAN, NAN, NAN, NAN),
        ],
        columns=["label", "section", "verdict", "low", "high", "expected_low", "expected_high"],
    )
    axes = plots.forest(frame, "x").axes[0]
    assert labels(axes) == ["S", "as it is", "far below", "T", "too high", "no test"]
    marks = [line.get_marker() for line in axes.lines if line.get_marker() not in ("|", "None", None, "")]
    assert marks == ["o", "<", ">", "$?$"]


def test_the_forest_leaves_out_numbers_that_no_multiple_can_show():
    row = dict.fromkeys(checks.NONE.columns, "") | {
        "claim_id": "a", "check_id": "a", "verdict": "consistent", "test": "at_most", "kind": "internal",
        "observed_low": "-1", "observed_high": "2", "expected_high": "3",
    }  # fmt: skip
    forest = checks.forest(pd.DataFrame([row]))
    assert forest[["low", "high"]].isna().all(axis=None)
    plots.forest(forest.assign(section="S"), "x")


def test_readings_draw_a_band_for_each_reading_and_a_mark_for_each_basis():
    printed = pd.DataFrame(
        [("A", "r", 1, 2), ("A", "s", 3, 4), ("B", "r", 1, 2)], columns=["label", "reading", "low", "high"]
    )
    official = pd.DataFrame(
        [("A", "first", 1, 1.5, 2), ("B", "second", 2, 2, 2)],
        columns=["label", "basis", "low", "value", "high"],
    )
    axes = plots.readings(printed, official, "x").axes[0]
    assert labels(axes) == ["A", "B"]
    assert [text.get_text() for text in axes.texts] == ["r", "s", "r"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["first", "second", "printed"]


@pytest.mark.parametrize("count", [1, 3])
def test_trends_have_a_column_for_each_series(count):
    levels = pd.DataFrame({f"s{k}": [100, 107, 115, 130] for k in range(count)}, index=range(2011, 2015))
    figure = plots.trends(levels, levels * 0)
    assert len(figure.axes) == 2 * count


def test_a_series_with_gaps_is_dotted_and_names_do_not_touch():
    frame = pd.DataFrame(
        [("a", y, 1.0, 1.0, 1.0) for y in (2011, 2012, 2013)]
        + [("b", y, 1.01, 1.01, 1.01) for y in (2011, 2013)],
        columns=["label", "year", "low", "value", "high"],
    )
    axes = plots.series(frame, "y").axes[0]
    assert [line.get_linestyle() for line in axes.lines[::2]] == ["-", ":"]
    one, two = (text.get_position()[1] for text in axes.texts)
    assert abs(one - two) >= frame.high.max() / 20
