"""Plots hold what they are given: one mark a row, bands where they belong, whatever the input."""

import matplotlib
import pandas as pd
import pytest

from helpers.checking.claims import COLUMNS_OF_CHECKS, relative_claims
from helpers.reporting import plots

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
    axes = plots.forest_plot(frame, "x").axes[0]
    assert labels(axes) == ["S", "as it is", "far below", "T", "too high", "no test"]
    marks = [line.get_marker() for line in axes.lines if line.get_marker() not in ("|", "None", None, "")]
    assert marks == ["o", "<", ">", "$?$"]


def test_the_forest_leaves_out_numbers_that_no_multiple_can_show():
    row = dict.fromkeys(COLUMNS_OF_CHECKS, "") | {
        "claim_id": "a", "check_id": "a", "verdict": "consistent", "test": "at_most", "kind": "internal",
        "observed_low": -1.0, "observed_high": 2.0, "expected_low": NAN, "expected_high": 3.0,
    }  # fmt: skip
    forest = relative_claims(pd.DataFrame([row]))
    assert forest[["low", "high"]].isna().all(axis=None)
    plots.forest_plot(forest.assign(section="S"), "x")


def test_readings_draw_a_band_for_each_reading_and_a_mark_for_each_basis():
    printed = pd.DataFrame(
        [("A", "r", 1, 2), ("A", "s", 3, 4), ("B", "r", 1, 2)], columns=["label", "reading", "low", "high"]
    )
    official = pd.DataFrame(
        [("A", "first", 1, 1.5, 2), ("B", "second", 2, 2, 2)],
        columns=["label", "basis", "low", "value", "high"],
    )
    axes = plots.readings_plot(printed, official, "x").axes[0]
    assert labels(axes) == ["A", "B"]
    assert [text.get_text() for text in axes.texts] == ["r", "s", "r"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["first", "second", "printed"]


def test_leads_have_a_panel_for_each_place_and_a_line_for_each_reference():
    frame = pd.DataFrame(
        [
            (place, than, year, -0.5, ord(place) + ord(than), 1.5)
            for place in "AB"
            for than in "xyz"
            for year in (2011, 2012)
        ],
        columns=["label", "group", "year", "low", "value", "high"],
    )
    figure = plots.leads_plot(frame, "points")
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["A", "B"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["x", "y", "z"]
    for axes, place in zip(figure.axes, "AB", strict=True):
        drawn = [list(line.get_ydata()) for line in axes.lines]
        assert drawn == [[0, 0], *([ord(place) + ord(than)] * 2 for than in "xyz")]


def test_the_line_of_catching_up_is_that_of_least_squares():
    frame = pd.DataFrame(
        {"label": list("abc"), "group": ["g", "g", "h"], "x": [1.0, 10, 100], "y": [9.0, 7, 5]}
    )
    axes = plots.catching_up_plot(frame, "x", "y").axes[0]
    assert axes.lines[0].get_ydata().tolist() == pytest.approx([9, 5])
    assert [text.get_text() for text in axes.texts] == ["a", "b", "c"]


def test_bars_begin_at_zero_and_keep_their_order():
    axes = plots.bars_plot(pd.DataFrame({"label": ["b", "a"], "value": [2.0, -1.0]}), "x").axes[0]
    assert labels(axes) == ["b", "a"]
    assert [(bar.get_x(), bar.get_width()) for bar in axes.patches] == [(0, 2), (0, -1)]


def test_a_series_with_gaps_is_dotted_and_names_do_not_touch():
    frame = pd.DataFrame(
        [("a", y, 1.0, 1.0, 1.0) for y in (2011, 2012, 2013)]
        + [("b", y, 1.01, 1.01, 1.01) for y in (2011, 2013)],
        columns=["label", "year", "low", "value", "high"],
    )
    axes = plots.series_plot(frame, "y").axes[0]
    assert [line.get_linestyle() for line in axes.lines[::2]] == ["-", ":"]
    one, two = (text.get_position()[1] for text in axes.texts)
    assert abs(one - two) >= frame.high.max() / 20


def test_intervals_share_a_row_by_group_and_strips_have_one_row_a_group():
    frame = pd.DataFrame(
        [("A", "one", 1, 2, 3), ("A", "two", 2, 3, 4), ("B", "one", 1, 2, 9)],
        columns=["label", "group", "low", "value", "high"],
    )
    axes = plots.intervals_plot(frame, "x", group="group").axes[0]
    assert labels(axes) == ["A", "B"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "two"]
    assert labels(plots.strips_plot(frame, x="value", y="label", xlabel="x").axes[0]) == ["A", "B"]


def test_counts_are_written_in_their_cells_in_the_order_given():
    frame = pd.DataFrame(
        [("b", "y", 1), ("b", "x", 2), ("a", "y", 3), ("a", "x", 4)], columns=["r", "c", "n"]
    )
    axes = plots.counts_plot(frame, rows="r", columns="c", value="n").axes[0]
    assert labels(axes) == ["b", "a"] and [text.get_text() for text in axes.texts] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("name", ["$x^2$", r"$\frac$", r"\$5 or $", "a $b$ _c_"])
def test_texts_of_a_plot_are_drawn_letter_by_letter(name):
    """Labels of rows, legends, headings and names in the plot: what would be mathematics, or faulty one."""
    frame = pd.DataFrame({"label": [name, "b"], "group": [name, "c"], "low": 1.0, "value": 2.0, "high": 3.0})
    claims = frame.assign(section=name, verdict="consistent", expected_low=1.0, expected_high=2.0)
    figures = [
        plots.intervals_plot(frame, name, group="group"),
        plots.forest_plot(claims, name),
        plots.readings_plot(frame.assign(reading=name), frame.assign(basis=name), name),
        plots.leads_plot(frame.assign(year=[2011, 2012]), name),
        plots.catching_up_plot(frame.assign(x=[1.0, 2.0], y=[3.0, 2.0]), name, name),
        plots.bars_plot(frame, name),
        plots.series_plot(frame.assign(year=[2011, 2012]), name),
        plots.counts_plot(frame.head(1).assign(n=1), "label", "group", "n"),
        plots.strips_plot(frame, x="value", y="label", xlabel=name),
    ]
    for figure in figures:
        assert plots.show(figure, name, name, frame).about["alt"] == name
        texts = [text for text in figure.findobj(matplotlib.text.Text) if text.get_text() == name]
        assert texts and not any(text._preprocess_math(name)[1] for text in texts)
        assert all(text._preprocess_math(name)[0] == name for text in texts)


def test_powers_at_a_logarithmic_axis_stay_powers():
    frame = pd.DataFrame({"label": ["$a$", "b"], "value": [0.1, 100.0]})
    figure = plots.strips_plot(frame, x="value", y="label", xlabel="x")
    plots.show(figure, "caption", "alt", frame)
    powers = [text for text in figure.axes[0].get_xticklabels() if text.get_text()]
    assert powers and all(text._preprocess_math(text.get_text())[1] for text in powers)


def test_a_plot_carries_its_words_and_data_and_is_the_same_twice():
    def made():
        frame = pd.DataFrame({"label": ["=A"], "low": [1.0], "value": [2.0], "high": [3.0]})
        return plots.show(plots.intervals_plot(frame, "x"), "caption", "alt", frame)

    bundle, about = made()._repr_mimebundle_()
    assert bundle == {"image/svg+xml": made().svg, "text/plain": "alt"}
    assert about["image/svg+xml"] == {
        "alt": "alt",
        "caption": "caption",
        "data": "label,low,value,high\n'=A,1,2,3\n",
    }


def test_an_open_band_runs_to_the_edge_on_its_open_side():
    frame = pd.DataFrame(
        [("a", "S", "consistent", 0.9, 0.95, NAN, 1.0), ("b", "S", "consistent", 1.1, 1.2, 1.0, NAN)],
        columns=["label", "section", "verdict", "low", "high", "expected_low", "expected_high"],
    )
    axes = plots.forest_plot(frame, "x", edges=(0.1, 4)).axes[0]
    bands = [
        line.get_segments()[0][:, 0].tolist() for line in axes.collections if line.get_linewidth()[0] == 6
    ]
    assert bands == [[0.1, 1.0], [1.0, 4.0]]


def test_a_heat_map_of_verdicts_has_a_letter_in_every_cell():
    frame = pd.DataFrame(
        [
            ("a claim", "as reported", "consistent"), ("a claim", "otherwise", "in tension"),
            ("another", "as reported", "contradicted"), ("another", "otherwise", "nothing could be computed"),
        ],
        columns=["label", "choice", "verdict"],
    )  # fmt: skip
    axes = plots.verdicts_plot(frame).axes[0]
    assert [text.get_text() for text in axes.texts] == ["C", "T", "X", "–"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a claim", "another"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["as reported", "otherwise"]
