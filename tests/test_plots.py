"""Plots in both widths: words that fit and do not touch, colours of the page, the same bytes, the given data."""

import functools
import itertools
import re
from xml.etree import ElementTree

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest

from helpers import paths
from helpers.checking.claims import COLUMNS_OF_CHECKS, relative_claims
from helpers.corpus import schema
from helpers.corpus.processed import read_processed
from helpers.reporting import canvas, pictured, plots, svg
from helpers.reporting.evidence import Evidence

matplotlib.use("Agg")
NAN = float("nan")
BOTH = pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])


@pytest.fixture(autouse=True)
def theme():
    plots.theme()
    yield
    plt.close("all")


FRAME = pd.DataFrame(
    [("A", "one", 1.0, 2.0, 3.0), ("A", "two", 2.0, 3.0, 4.0), ("B", "one", 1.0, 2.0, 9.0)],
    columns=["label", "group", "low", "value", "high"],
)
YEARS = pd.DataFrame(
    [
        (a, g, y, v - 0.5, v, v + 0.5)
        for a in "AB"
        for g in "xy"
        for y in range(2011, 2022)
        for v in [y - 2010.0]
    ],
    columns=["label", "group", "year", "low", "value", "high"],
)
CLAIMS = pd.DataFrame(
    [
        ("as it is", "S", "consistent", 0.9, 1.1, 1, 1),
        ("far below", "S", "consistent", 0.001, 0.002, NAN, 1),
        ("too high", "T", "in tension", 20, 30, 1, NAN),
    ],
    columns=["label", "section", "verdict", "low", "high", "expected_low", "expected_high"],
)
NUMERALS = pd.DataFrame(
    [("Paper", 0.1, True, True, False, "1 of 2"), ("Paper", 0.9, True, False, False, "1 of 2"),
     ("Paper", 1.0, False, False, False, "1 of 2"), ("News", 0.4, True, True, True, "1 of 1")],
    columns=["article", "at", "figure", "tested", "tension", "remark"],
)  # fmt: skip
LONG = "a name of a row that is much too long to stand in one line beside its marks"
TIMES = pd.DataFrame(
    [("GDP", 2011, 2021, "2.7 times", True), (LONG, 2022, 2022, "a plan", False)],
    columns=["label", "first", "last", "text", "outcome"],
)
MARKS = FRAME.assign(panel=FRAME.group, text="more than 3,500 enterprises", tone="main", section=FRAME.group)
EVERY = {
    "intervals": (plots.intervals_plot, (FRAME, "percent"), {"group": "group"}),
    "bars": (plots.bars_plot, (MARKS, "percent"), {"line": (2.5, "a line")}),
    "pairs": (plots.pairs_plot, (MARKS,), {}),
    "sum": (plots.sum_plot, (FRAME, (6.0, 8.0, "printed: about 7"), "yuan"), {}),
    "bases": (
        plots.bases_plot,
        (FRAME.assign(reading=FRAME.group), FRAME.assign(basis=FRAME.group, value=[2.0, 3.0, NAN]), "times"),
        {},
    ),
    "forest": (plots.forest_plot, (CLAIMS, "a multiple"), {"edges": (0.03, 6)}),
    "stacks": (plots.stacks_plot, (FRAME.assign(part=FRAME.group, value=[3, 4, 5]), "claims"), {}),
    "coverage": (plots.coverage_plot, (NUMERALS,), {}),
    "timeline": (plots.timeline_plot, (TIMES,), {}),
    "series": (plots.series_plot, (YEARS[YEARS.group == "x"], "billion yuan"), {}),
    "change": (
        plots.change_plot,
        (FRAME.assign(panel=LONG[:30], year=[2013, 2017, 2021], text="2.67", tone="main"),),
        {},
    ),
    "leads": (plots.leads_plot, (YEARS, "points"), {}),
    "years": (plots.years_plot, (YEARS, "percent a year"), {}),
    "catching up": (
        plots.catching_up_plot,
        (pd.DataFrame({"label": ["a", "b", "c"], "group": ["g", "g", "h"], "x": [1.0, 10, 100], "y": [9.0, 7, 5]}),
         "share", "growth"),
        {},
    ),
    "counts": (plots.counts_plot, (FRAME.assign(n=[1, 2, 3]).drop(index=2), "label", "group", "n"), {}),
    "verdicts": (
        plots.verdicts_plot,
        (pd.DataFrame({"label": ["a", "a"], "choice": ["now", "else"], "verdict": ["consistent", "none"]}),),
        {},
    ),
    "strips": (plots.strips_plot, (FRAME,), {"x": "value", "y": "label", "xlabel": "width"}),
}  # fmt: skip
ALL = pytest.mark.parametrize("name", list(EVERY))


def shown(name, title="A title that is long enough to need two lines on a telephone", **words):
    draw, tables, given = EVERY[name]
    about = {"caption": "caption", "alt": "alt", "data": FRAME, "title": title} | words
    return plots.show(draw, *tables, **given, **about)


@functools.cache
def once(name):
    plots.theme()
    return shown(name)


def written(source):
    """The lines of a plot with the boxes that they take, in points, from its SVG; turned ones are left out."""
    for text in ElementTree.fromstring(source).iter(f"{svg._SVG}text"):
        size, line = float(text.get("font-size", svg.SIZE)), "".join(text.itertext())
        wide = canvas.width_of(line, size, text.get("font-weight") == "bold")
        x, y = float(text.get("x")), float(text.get("y"))
        x -= {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor", "start")]
        if not text.get("transform"):
            yield line, (x, y - 0.73 * size, x + wide, y + 0.1 * size)


def faults_of(source):
    """Lines that leave the plot, and pairs that touch."""
    width, height = (float(size) for size in ElementTree.fromstring(source).get("viewBox").split()[2:])
    lines = list(written(source))
    out = [
        line
        for line, (x, y, x1, y1) in lines
        if x < -0.5 or y < -0.5 or x1 > width + 0.5 or y1 > height + 0.5
    ]
    touching = [
        (one, two)
        for (one, here), (two, there) in itertools.combinations(lines, 2)
        if min(here[2], there[2]) > max(here[0], there[0]) and min(here[3], there[3]) > max(here[1], there[1])
    ]
    return out, touching


def rooted(source):
    return ElementTree.fromstring(source)


# -- what is drawn -------------------------------------------------------------------------------------------


@ALL
def test_no_line_is_cut_off_and_none_touches_another(name):
    plot = once(name)
    assert faults_of(plot.svg) == ([], []) and faults_of(plot.narrow) == ([], [])


@ALL
def test_both_widths_are_of_the_size_that_they_are_shown_in(name):
    plot = once(name)
    for source, width in ((plot.svg, 518.4), (plot.narrow, 252)):
        root = rooted(source)
        assert [float(size) for size in root.get("viewBox").split()[:3]] == [0, 0, width]
        assert int(root.get("width")) == round(width * svg.PIXELS)


@ALL
def test_words_are_text_large_enough_for_a_phone_and_for_paper(name):
    plot = once(name)
    for source in (plot.svg, plot.narrow):
        sizes = [float(text.get("font-size", svg.SIZE)) for text in rooted(source).iter(f"{svg._SVG}text")]
        assert sizes and min(sizes) * svg.PIXELS >= 11  # pixels, where 252 points are 350 pixels
        assert "A title that" in re.sub("<[^>]+>", " ", source)


@ALL
def test_colours_are_properties_of_the_page_and_nothing_has_an_id(name):
    plot = once(name)
    for source in (plot.svg, plot.narrow):
        ElementTree.fromstring(source)
        assert not re.search(r"\bid=|<defs|<use|clip-path|<metadata|<style", source)
        named = re.findall(r"var\(--(\w+),(#\w+)\)", source)
        assert named and all(svg.PALETTE[name].light == colour for name, colour in named)
        assert re.findall(r'(?:fill|stroke)="#', source) == []


@ALL
def test_a_plot_is_the_same_twice_and_small(name):
    plot, again = once(name), shown(name)
    assert (plot.svg, plot.narrow) == (again.svg, again.narrow)
    assert max(len(plot.svg), len(plot.narrow)) < 14_000


def test_the_page_has_the_colours_that_plots_ask_for():
    css = (plots.fonts.REPORT_ASSETS / "page.css").read_text(encoding="utf-8")
    light, dark = css.split("@media (prefers-color-scheme: dark)")[:2]
    for name, colour in svg.PALETTE.items():
        for part, wanted in ((light, colour.light), (dark, colour.dark)):
            found = re.search(rf"--{name}: (#\w+);", part)[1]
            full = "#" + "".join(c * 2 for c in found[1:]) if len(found) == 4 else found
            assert full == wanted, name


def test_for_paper_colours_are_fixed_and_a_file_follows_the_scheme_of_its_reader():
    plot = once("bars")
    plain, alone = svg.plain(plot.svg), svg.standalone(plot.svg)
    assert "var(" not in plain and "currentColor" not in plain and "background" not in plain
    assert rooted(plain).get("font-family") == svg.PRINT_FONTS
    assert "prefers-color-scheme:dark" in alone and f"--ok:{svg.PALETTE['ok'].dark}" in alone
    rooted(alone)


def test_a_plot_carries_its_words_and_data():
    frame = pd.DataFrame({"label": ["=A"], "low": [1.0], "value": [2.0], "high": [3.0]})
    plot = plots.show(
        plots.intervals_plot, frame, "x", caption="caption", alt="alt", title="title", data=frame
    )
    bundle, about = plot._repr_mimebundle_()
    assert bundle == {"image/svg+xml": plot.svg, "text/plain": "alt"}
    assert about["image/svg+xml"] == {
        "alt": "alt",
        "caption": "caption",
        "title": "title",
        "narrow": plot.narrow,
        "data": "label,low,value,high\n'=A,1,2,3\n",
    }


@pytest.mark.parametrize("name", ["$x^2$", r"$\frac$", r"\$5 or $", "a $b$ _c_", "a < b & “c”"])
def test_texts_of_a_plot_are_written_letter_by_letter(name):
    frame = FRAME.assign(label=name, section=name, text=name, tone="main", panel=name)
    for draw, *given in ((plots.bars_plot, name), (plots.pairs_plot,), (plots.intervals_plot, name)):
        plot = plots.show(draw, frame, *given, caption=name, alt=name, title=name, data=frame)
        for source in (plot.svg, plot.narrow):
            lines = ["".join(text.itertext()) for text in rooted(source).iter(f"{svg._SVG}text")]
            assert lines.count(name) >= 2


def test_names_that_would_touch_move_apart_and_keep_their_order():
    assert canvas.apart([1.0, 5.0], 2) == [1.0, 5.0]
    found = canvas.apart([3.0, 3.0, 2.5, 9.0], 2)
    assert found[2] < found[0] < found[1] < found[3] == 9.0
    assert all(b - a >= 2 - 1e-9 for a, b in itertools.pairwise(sorted(found)))


# -- the data they hold --------------------------------------------------------------------------------------


@BOTH
def test_the_forest_has_a_row_for_every_claim_and_marks_those_beyond_its_edges(narrow):
    axes = plots.forest_plot(CLAIMS, "x", (0.03, 6), narrow=narrow).axes[0]
    assert [text.get_text() for text in axes.texts if text.get_text() in set(CLAIMS.label)] == list(
        CLAIMS.label
    )
    assert [line.get_marker() for line in axes.lines] == ["o", "<", ">"]


def test_an_open_band_runs_to_the_edge_on_its_open_side():
    axes = plots.forest_plot(CLAIMS, "x", edges=(0.1, 4)).axes[0]
    bands = [
        line.get_segments()[0][:, 0].tolist() for line in axes.collections if line.get_linewidth()[0] == 6
    ]
    assert bands == [[1, 1], [0.1, 1.0], [1.0, 4.0]]


def test_the_forest_gets_no_numbers_that_no_multiple_can_show():
    row = dict.fromkeys(COLUMNS_OF_CHECKS, "") | {
        "claim_id": "a", "check_id": "a", "verdict": "consistent", "test": "at_most", "kind": "internal",
        "observed_low": -1.0, "observed_high": 2.0, "expected_low": NAN, "expected_high": 3.0,
    }  # fmt: skip
    assert relative_claims(pd.DataFrame([row]))[["low", "high"]].isna().all(axis=None)


def test_bases_have_a_band_for_each_reading_and_a_mark_for_each_base_that_was_found():
    draw, tables, _ = EVERY["bases"]
    axes = draw(*tables).axes[0]
    assert [patch.get_x() for patch in axes.patches] == [1, 2, 1]
    assert len(axes.lines) == 2 and "one not found" in [text.get_text() for text in axes.texts]


def test_the_line_of_catching_up_is_that_of_least_squares():
    draw, tables, _ = EVERY["catching up"]
    axes = draw(*tables).axes[0]
    assert axes.lines[-1].get_ydata().tolist() == pytest.approx([9, 5])
    assert {"a", "b", "c"} <= {text.get_text() for text in axes.texts}


@BOTH
def test_bars_begin_at_zero_and_keep_their_order(narrow):
    frame = pd.DataFrame({"label": ["b", "a"], "value": [2.0, -1.0]})
    axes = plots.bars_plot(frame, "x", narrow=narrow).axes[0]
    assert [text.get_text() for text in axes.texts if text.get_text() in "ab"] == ["b", "a"]
    assert sorted((bar.get_x(), bar.get_width()) for bar in axes.patches) == [(0, -1), (0, 2)]


def test_parts_begin_where_the_last_one_ended():
    axes = plots.sum_plot(FRAME, (6.0, 8.0, "printed"), "x").axes[0]
    assert [bar.get_x() for bar in axes.patches if bar.get_height() == 9] == [0, 2, 5]


def test_a_series_with_years_left_out_is_dotted():
    frame = pd.DataFrame(
        [("a", y, 1.0, 1.0, 1.0) for y in (2011, 2012, 2013)]
        + [("b", y, 2.0, 2.0, 2.0) for y in (2011, 2013)],
        columns=["label", "year", "low", "value", "high"],
    )
    axes = plots.series_plot(frame, "y").axes[0]
    assert [line.get_linestyle() for line in axes.lines[::2]] == ["-", ":"]


def test_figures_stand_longer_than_other_numerals():
    axes = plots.coverage_plot(NUMERALS).axes[0]
    tall = {
        line.get_segments()[0][0][0]: abs(line.get_segments()[0][1][1] - line.get_segments()[0][0][1])
        for line in axes.collections
        if len(line.get_segments()[0]) == 2 and line.get_segments()[0][0][0] == line.get_segments()[0][1][0]
    }
    assert tall[1.0] < tall[0.1] == tall[0.9] < tall[0.4]


# -- the tables behind them ----------------------------------------------------------------------------------


def test_growth_at_a_constant_rate_begins_at_the_first_value():
    assert pictured.constant_growth(100, 10, [2012, 2013, 2014]).value.tolist() == pytest.approx(
        [100, 110, 121]
    )


def test_a_long_table_is_parted_evenly_and_wholly():
    parts = pictured.in_pages(pd.DataFrame({"a": range(47)}), 25)
    assert [len(part) for part in parts] == [23, 24] and list(pd.concat(parts).a) == list(range(47))


@pytest.mark.corpus
def test_rows_are_those_of_the_tables_in_the_unit_asked_for(corpus, results):
    known = Evidence(corpus, **results)
    rows = pictured.rows_of(known, [("a", "ganzhou-gdp-2021"), ("b", None)], "label", scale="billion")
    assert (
        rows.value[0] == 416.9 and rows.year[0] == 2021 and rows["text"][0] == known.value("ganzhou-gdp-2021")
    )
    assert pd.isna(rows.value[1]) and list(rows.label) == ["a", "b"]


@pytest.mark.corpus
def test_every_numeral_has_its_place_and_figures_are_counted_as_in_the_coverage(corpus, results):
    known = Evidence(corpus, **results)
    found = pictured.numerals_in_place(corpus, known)
    assert len(found) == len(corpus.numerals) and found["at"].between(0, 1).all()
    for article, remark in found.drop_duplicates("article")[["article", "remark"]].values:
        key = known.articles.index[known.articles.outlet == article][0]
        tested, every = (known.statistics.value[f"coverage-{part}-in-{key}"] for part in ("tested", "all"))
        assert remark == f"{tested:.0f} of {every:.0f} figures tested"


@pytest.mark.corpus
def test_every_consistent_claim_is_counted_once_by_how_it_came_to_be_so(corpus, results):
    known = Evidence(corpus, **results)
    found = pictured.cheapness(known, read_processed(schema.POWERS))
    assert found.value.sum() == (known.verdicts.verdict == "consistent").sum()


@pytest.mark.corpus
def test_key_figures_are_outcomes_of_the_entity_one_an_indicator(corpus, results):
    known = Evidence(corpus, **results)
    keys = pictured.key_figures(known, "ganzhou")
    rows = known.figures.loc[keys]
    assert len(keys) == 4 and set(rows.entity) == {"ganzhou"} and set(rows.status) == {"outcome"}
    assert rows.indicator.is_unique and "ganzhou-gdp-2021" in keys


def test_every_finding_has_a_plot_with_a_title():
    notebook = nbformat.read(paths.ROOT / "notebooks" / "07_findings.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    findings = [k for k, source in enumerate(cells) if re.match(r"report\.finding\(|%%finding", source)]
    assert findings
    for k in findings:
        assert "plots.show(" in cells[k - 1] and "title=" in cells[k - 1], cells[k][:80]
