"""The plots of the reports, each drawn wide for a page and narrow for a phone, intervals always drawn.

`show` has a plot drawn in both widths and makes repeatable SVG of it that carries its title, alternative
text, caption and data. Groups are told apart by marks, dashes or names, not by hues alone. Functions that
draw take a table and `narrow`; values are named at their marks where there is room, in the digits given.
"""

import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from matplotlib.ticker import LogFormatter

from ..corpus.files import harmless_csv
from . import canvas, fonts, svg
from .canvas import ALT, BAD, INK, LINE, NO, OK, PAPER, SOFT, TEN, VERDICT_LOOKS, apart, say, stack, theme

__all__ = ["Plot", "show", "theme"]
TONES = {"main": OK, "other": NO, "against": TEN, "alt": ALT}  # what a mark is to the idea of its plot
TITLE = 10.5  # points
_LETTERS = {"consistent": "C", "not checkable": "N", "undecided": "U", "in tension": "T", "contradicted": "X"}


class Plot:
    """A plot as SVG, `svg` wide and `narrow`, with title, alternative text, caption and data (`about`)."""

    def __init__(self, wide: str, narrow: str, about: dict[str, str]):
        self.svg, self.narrow, self.about = wide, narrow, about

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, Any], dict[str, Any]]:
        about = self.about | {"narrow": self.narrow}
        return {"image/svg+xml": self.svg, "text/plain": self.about["alt"]}, {"image/svg+xml": about}


def show(
    draw: Callable[..., Figure],
    *tables: Any,
    caption: str,
    alt: str,
    data: pd.DataFrame,
    title: str = "",
    **given: Any,
) -> Plot:
    """What `draw` draws of `tables`, and of `given` by name, ready to be shown as a cell's value.

    `draw` is called twice, with `narrow` false and true. `title` is written above the plot: what it says.
    `caption` says how to read it, `alt` what a reader would see, `data` is the table behind it. Raises
    ValueError for a glyph that is missing, and where there is no caption, no alternative text or no data.
    """
    if not alt or not caption:
        raise ValueError("a plot needs a caption and an alternative text")
    if data.empty:
        raise ValueError("a plot needs the data that it shows")
    wide, narrow = (_finished(draw(*tables, **given, narrow=small), title) for small in (False, True))
    about = {"alt": alt, "caption": caption, "data": harmless_csv(data)}
    return Plot(wide, narrow, about | ({"title": title} if title else {}))


def _finished(figure: Figure, title: str) -> str:
    """The figure as SVG for a page, under its title; closes it."""
    for axis in [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]:
        if isinstance(axis.get_major_formatter(), LogFormatter):
            canvas.plain_axis(axis)
    entitle(figure, title)
    texts = figure.findobj(Text)
    for text in texts:
        text.set_parse_math(False)
    fonts.require_glyphs("".join(text.get_text() for text in texts))
    buffer = io.StringIO()
    with warnings.catch_warnings():  # of other scripts matplotlib only warns
        warnings.filterwarnings("error", message="Glyph .* missing")
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return svg.fit(buffer.getvalue())


def entitle(figure: Figure, title: str) -> None:
    """Write a title above a figure, which grows by the lines that it needs; marks named above move down."""
    if not title or figure.get_layout_engine() is None:
        return
    room = figure.get_figwidth() * 72
    lines = canvas.wrapped(title, room - 6, TITLE, bold=True)
    above = len(lines) * 14 + 4
    canvas.grow(figure, above)
    height = figure.get_figheight() * 72
    for names in figure.legends:
        names.set_bbox_to_anchor((0, 1 - above / height), figure.transFigure)
    for number, line in enumerate(lines):
        style: dict[str, Any] = {"fontsize": TITLE, "weight": "bold", "in_layout": False, "va": "baseline"}
        figure.text(2 / room, 1 - (11 + number * 14) / height, line, **style)


def _measure(axes: Any, words: str, narrow: bool, share: float = 0.6) -> None:
    """Say from the left, below an axis that has a share of the width of a page, what it measures."""
    room = canvas.NARROW * 72 * 0.85 if narrow else canvas.WIDTH * 72 * share
    axes.set_xlabel("\n".join(canvas.wrapped(words, room)), loc="left", color=SOFT)


def _of(row: Any, column: str, otherwise: Any = "") -> Any:
    """A cell that a table may lack or leave empty."""
    found = getattr(row, column, otherwise)
    return otherwise if not isinstance(found, str) and pd.isna(found) else found


def _name_lines(axes: Any, names: list[tuple[float, float, str, str]], least: float) -> None:
    """Write names right of the last points of lines, given as x, y, name and colour."""
    places = apart([y for _, y, _, _ in names], least)
    for (x, _, name, colour), place in zip(names, places, strict=True):
        say(axes, (x, place), name, (6, 0), color=colour)


# -- rows ------------------------------------------------------------------------------------------------


def intervals_plot(
    frame: pd.DataFrame, xlabel: str, group: str | None = None, narrow: bool = False
) -> Figure:
    """Horizontal intervals with their values, a row for each label.

    `frame` has columns label, low, value, high and, if given, `group`, whose members share a row, one above
    the other. Rows come in the order of `frame`.
    """
    groups = list(dict.fromkeys(frame[group])) if group else [None]
    labels = list(dict.fromkeys(frame.label))
    figure, axes, rows = stack([("", label) for label in labels], narrow, row=10 * len(groups) + 9, share=0.3)
    places = {row.label: row.place for row in rows}
    for number, member in enumerate(groups):
        part = frame if member is None else frame[frame[group] == member]
        y = [places[label] + (number - (len(groups) - 1) / 2) * 10 for label in part.label]
        colour, marker = canvas.look_of(number)
        axes.hlines(y, part.low, part.high, color=colour, linewidth=3, alpha=0.55)
        axes.plot(part.value, y, marker, color=colour, markersize=6, markeredgecolor=PAPER, label=member)
    _measure(axes, xlabel, narrow)
    canvas.few(axes.xaxis, narrow)
    if group:
        canvas.legend(figure, axes.get_legend_handles_labels()[0], narrow)
    return figure


def bars_plot(
    frame: pd.DataFrame, xlabel: str, line: tuple[float, str] | None = None, narrow: bool = False
) -> Figure:
    """One bar for each row, from zero to `value`, in the order of `frame`, with its value at the end.

    `frame` has columns label and value, and may have section (a heading), text (the value in words), low and
    high (a line on the bar's end) and tone (a key of `TONES`). `line` is a value to compare with, and its
    name.
    """
    rows: Any = list(frame.itertuples())
    figure, axes, places = stack([(_of(row, "section"), row.label) for row in rows], narrow, row=17)
    for row, place in zip(rows, places, strict=True):
        colour = TONES[_of(row, "tone", "main" if row.value >= 0 else "against")]
        axes.barh(place.place, row.value, 11, color=colour, alpha=0.75, edgecolor=colour, linewidth=0)
        low, high = _of(row, "low", row.value), _of(row, "high", row.value)
        if high - low > 0.01 * frame.value.abs().max():
            axes.hlines(place.place, low, high, color=INK, linewidth=1.5)
        text = _of(row, "text", canvas.plain_number_of(row.value))
        end, side = (max(high, 0), 1) if row.value >= 0 else (min(low, 0), -1)
        if line and end < line[0] < end + frame.value.max() * (
            0.2 if narrow else 0.1
        ):  # it would cross the text
            say(axes, (end, place.place), text, (-4, -0.5), "right", color=PAPER)
        else:
            say(axes, (end, place.place), text, (4 * side, -0.5), "left" if side > 0 else "right")
    axes.vlines([0] * len(places), *_edges(places, 8), color=INK, linewidth=0.8)
    if line:
        axes.vlines([line[0]] * len(places), *_edges(places, 9), color=TEN, linewidth=1.2)
        say(axes, (line[0], 0), line[1], (0, 2), "center", "bottom", color=TEN)
    axes.set(xticks=[])
    axes.grid(visible=False)
    _measure(axes, xlabel, narrow)
    return figure


def _edges(rows: Sequence[canvas.Row], half: float) -> tuple[list[float], list[float]]:
    """Where lines at rows begin and end: across the marks, not across names."""
    return [row.place - half for row in rows], [row.place + half for row in rows]


def pairs_plot(frame: pd.DataFrame, narrow: bool = False) -> Figure:
    """What is printed beside what others print: under each `panel` bars of one unit, from zero.

    `frame` has columns panel, label, value, text (the value in words) and tone, a key of `TONES`, and may
    have low and high. The bars of a panel are drawn to the longest of them; panels do not share a scale.
    """
    rows: Any = list(frame.itertuples())
    ends = frame[["value", "high"]].max(axis=1) if "high" in frame else frame.value
    longest = ends.groupby(frame.panel).max()
    figure, axes, places = stack([(row.panel, row.label) for row in rows], narrow, row=16, share=0.36, foot=8)
    for row, place in zip(rows, places, strict=True):
        whole = longest[row.panel]
        colour = TONES[row.tone]
        axes.barh(place.place, row.value / whole, 10, color=colour, alpha=0.75, edgecolor=colour, linewidth=0)
        high = _of(row, "high", row.value)
        if high - row.value > 0.01 * whole:
            axes.hlines(place.place, row.value / whole, high / whole, color=INK, linewidth=1.5)
        say(axes, (max(high, row.value) / whole, place.place), row.text, (4, -0.5))
    axes.set(xlim=(0, 1.02), xticks=[])
    axes.vlines([0] * len(places), *_edges(places, 8), color=INK, linewidth=0.8)
    axes.grid(visible=False)
    return figure


def sum_plot(
    frame: pd.DataFrame, printed: tuple[float, float, str], xlabel: str, narrow: bool = False
) -> Figure:
    """Parts one after the other until their sum, against what is printed of it.

    `frame` has columns label and value, one row a part, in order; a row may have text. `printed` is the
    interval of the print, drawn as a band, and its words.
    """
    rows: Any = list(frame.itertuples())
    figure, axes, places = stack([("", row.label) for row in rows], narrow, row=15, share=0.3)
    axes.axvspan(printed[0], printed[1], color=OK, alpha=0.25, linewidth=0)
    done = 0.0
    for row, place in zip(rows, places, strict=True):
        left = min(done, done + row.value)
        axes.barh(place.place, abs(row.value), 9, left=left, color=TEN if row.value < 0 else NO, linewidth=0)
        before = done + row.value / 2 > frame.value.sum() * 0.75
        end = left if before else left + abs(row.value)
        words = _of(row, "text", canvas.plain_number_of(row.value))
        say(axes, (end, place.place), words, (-4 if before else 4, -0.5), "right" if before else "left")
        done += row.value
    axes.axvline(done, color=INK, linewidth=1)
    say(axes, (done, 0), printed[2], (0, 3), "right", "bottom", color=OK)
    axes.set(xlim=(0, max(done, printed[1]) * 1.01))
    _measure(axes, xlabel, narrow)
    canvas.few(axes.xaxis, narrow)
    return figure


def bases_plot(printed: pd.DataFrame, official: pd.DataFrame, xlabel: str, narrow: bool = False) -> Figure:
    """What is printed, under each reading of its words, against what each basis of the statistics gives.

    `printed` has columns label, reading, low, high: bands, the first reading filled, others in outline.
    `official` has label, basis, low, value, high: marks; one without a value is said to be not found. What a
    band and a mark is called is written where it comes first.
    """
    labels = list(dict.fromkeys(printed.label))
    first, others = (86, 38) if narrow else (66, 40)
    heights = [first, *[others] * (len(labels) - 1)]
    figure, axes, rows = stack([("", label) for label in labels], narrow, row=heights, foot=34)
    places = {row.label: row.place for row in rows}
    readings, bases = list(dict.fromkeys(printed.reading)), list(dict.fromkeys(official.basis))
    told: set[str] = set()
    half = 9
    for row in printed.itertuples():
        place, main = places[row.label], row.reading == readings[0]
        dashed = {"fill": False, "edgecolor": SOFT, "linewidth": 0.9, "linestyle": (0, (3, 2))}
        style: Any = {"facecolor": OK, "alpha": 0.25, "linewidth": 0} if main else dashed
        corner = (float(row.low), place - half)
        axes.add_patch(Rectangle(corner, float(row.high) - float(row.low), 2 * half, **style))
        if row.reading not in told:
            middle = (row.low + row.high) / 2
            say(
                axes,
                (middle, place - half),
                row.reading,
                (0, 3),
                "center",
                "bottom",
                color=OK if main else SOFT,
            )
        told.add(row.reading)
    looks = dict(
        zip(bases, [(OK, "o", True), (NO, "D", False), (NO, "^", False), (ALT, "v", False)], strict=False)
    )
    for row in official.itertuples():
        place, (colour, marker, full) = places[row.label], looks[row.basis]
        words = row.basis if row.basis not in told else ""
        if pd.isna(row.value):
            own = printed[(printed.label == row.label) & (printed.reading == readings[0])].iloc[0]
            words = f"{row.basis} not found"
            say(axes, ((own.low + own.high) / 2, place + half), words, (0, -2), "center", "top", color=TEN)
            continue
        axes.hlines(place, row.low, row.high, color=colour, linewidth=3, alpha=0.55)
        face = colour if full else PAPER
        axes.plot(
            row.value, place, marker, color=colour, markersize=7, markerfacecolor=face, markeredgewidth=1.4
        )
        if words:
            lines = words.replace(" ", "\n") if narrow else words
            say(
                axes,
                (row.value, place + half),
                lines,
                (0, -2),
                "center",
                "top",
                color=colour if full else SOFT,
            )
        told.add(row.basis)
    every = pd.concat([printed[["low", "high"]], official[["low", "high"]]])
    margin = (every.high.max() - every.low.min()) * 0.05
    _measure(axes, xlabel, narrow)
    axes.set(xlim=(every.low.min() - margin, every.high.max() + margin))
    canvas.few(axes.xaxis, narrow)
    return figure


def forest_plot(frame: pd.DataFrame, xlabel: str, edges: tuple[float, float], narrow: bool = False) -> Figure:
    """What was claimed against what was expected, one row a claim, under the headings of `section`.

    `frame` has columns label, section, verdict, low, high (the claim) and expected_low, expected_high, in
    multiples of what is expected. An open bound is missing, and its band runs to the edge; a claim beyond the
    `edges` gets an arrow there. Rows come in the order of `frame`, which has no row without numbers.
    """
    rows: Any = list(frame.itertuples())
    figure, axes, places = stack([(row.section, row.label) for row in rows], narrow, row=15, share=0.62)
    for row, place in zip(rows, places, strict=True):
        _draw_claim(axes, place.place, row, edges)
    axes.vlines([1] * len(places), *_edges(places, 7), color=INK, linewidth=0.7, zorder=0)
    axes.set(xscale="log", xlim=edges)
    _measure(axes, xlabel, narrow, 0.33)
    steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
    if edges[1] / edges[0] < 10:
        steps = [0.6, 0.8, 1, 1.2, 1.5]
    canvas.ticks(axes.xaxis, [step for step in steps if edges[0] <= step <= edges[1]])
    handles = [
        Line2D([], [], color=colour, marker=marker, linewidth=2, label=verdict)
        for verdict, (colour, marker) in VERDICT_LOOKS.items()
        if verdict in set(frame.verdict)
    ]
    canvas.legend(figure, [*handles, Line2D([], [], color=LINE, linewidth=6, label="expected")], narrow)
    return figure


def _draw_claim(axes: Any, place: float, row: Any, edges: tuple[float, float]) -> None:
    """One row of the forest plot: the band that is expected, and the claim on or beside it."""
    colour, marker = VERDICT_LOOKS[row.verdict]
    ends = (row.expected_low, row.expected_high)
    first, last = (edge if pd.isna(end) else end for end, edge in zip(ends, edges, strict=True))
    axes.hlines(place, max(first, edges[0]), min(last, edges[1]), color=LINE, linewidth=6, zorder=1)
    closed = [end for end in ends if pd.notna(end) and edges[0] < end < edges[1]]
    axes.vlines(closed, place - 3, place + 3, color=NO, linewidth=1, zorder=2)
    low, high = max(row.low, edges[0]), min(row.high, edges[1])
    if low < high:
        axes.hlines(place, low, high, color=colour, linewidth=2, zorder=3)
    middle = (row.low * row.high) ** 0.5  # both above zero
    reach = (edges[1] / edges[0]) ** 0.015
    if middle < edges[0]:
        middle, marker = edges[0] * reach, "<"
    elif middle > edges[1]:
        middle, marker = edges[1] / reach, ">"
    axes.plot(middle, place, marker=marker, color=colour, zorder=4, markersize=5, markeredgecolor=PAPER,
              markeredgewidth=0.5)  # fmt: skip


def stacks_plot(frame: pd.DataFrame, xlabel: str, narrow: bool = False) -> Figure:
    """A bar for each label, made of parts that are named above, each with its count.

    `frame` has columns label, part, value, both in order; section is a heading.
    """
    parts = list(dict.fromkeys(frame.part))
    shades = dict(zip(parts, [(OK, 0.85), (OK, 0.4), (NO, 0.3), (LINE, 0.9)], strict=False))
    labels = frame.drop_duplicates("label")
    heads = labels.section if "section" in labels else [""] * len(labels)
    figure, axes, rows = stack(list(zip(heads, labels.label, strict=True)), narrow, row=20)
    least = frame.groupby("label").value.sum().max() * (0.05 if narrow else 0.02)
    for row in rows:
        left = 0
        for part in frame[frame.label == row.label].itertuples():
            colour, alpha = shades[part.part]
            axes.barh(row.place, part.value, 14, left=left, color=colour, alpha=alpha, linewidth=0)
            if part.value >= least:
                text = {"color": PAPER if alpha > 0.8 and colour == OK else INK}
                say(axes, (left + part.value / 2, row.place), str(part.value), (0, -0.5), "center", **text)
            left += part.value
    _measure(axes, xlabel, narrow)
    canvas.few(axes.xaxis, narrow)
    handles = [Patch(color=colour, alpha=alpha, label=part) for part, (colour, alpha) in shades.items()]
    canvas.legend(figure, handles, narrow)
    return figure


def coverage_plot(frame: pd.DataFrame, narrow: bool = False) -> Figure:
    """Where the numerals of each article stand, from its beginning to its end: long lines are figures.

    `frame` has columns article, at (from 0 to 1), figure (whether it is one), tested (whether a claim decides
    on it), tension (whether a verdict on it is other than consistent) and remark (at the right of the name).
    """
    names = list(dict.fromkeys(frame.article))
    figure, axes, rows = stack([("", "") for _ in names], narrow, row=38, foot=44)
    looks: dict[str, Any] = {  # height, colour, width, dashes, and name
        "plain": (4, NO, 0.6, "-", "date, name, rank or list marker"),
        "no": (12, NO, 1.1, (0, (1.5, 1)), "figure, not tested"),
        "tested": (12, OK, 1.4, "-", "figure, tested"),
        "tension": (15, TEN, 1.8, "-", "tested, and something does not fit"),
    }
    kind = np.select([~frame.figure, ~frame.tested, ~frame.tension], ["plain", "no", "tested"], "tension")
    for name, row in zip(names, rows, strict=True):
        here = frame.article == name
        foot = row.place + 15
        say(axes, (0, foot - 17), name, (0, 0), down="bottom")
        say(axes, (1, foot - 17), str(frame[here].remark.iloc[0]), (0, 0), "right", "bottom", color=SOFT)
        axes.hlines(foot, 0, 1, color=LINE, linewidth=0.8)
        for key, (tall, colour, width, dashes, _) in looks.items():
            at = frame["at"][here & (kind == key)]
            if len(at):
                axes.vlines(at, foot - tall, foot, color=colour, linewidth=width, linestyle=dashes)
    axes.set(xlim=(-0.004, 1.004), xticks=[0, 1], xticklabels=["begins", "ends"])
    axes.grid(visible=False)
    begin, end = axes.get_xticklabels()
    begin.set_horizontalalignment("left")
    end.set_horizontalalignment("right")
    handles = [
        Line2D([], [], color=colour, linewidth=width * 1.3, linestyle=dashes, label=name)
        for _, colour, width, dashes, name in looks.values()
    ]
    canvas.legend(figure, handles, narrow)
    return figure


def timeline_plot(frame: pd.DataFrame, narrow: bool = False) -> Figure:
    """Figures by the years that they are about: a mark a figure, a line where it is about several years.

    `frame` has columns label, first and last (years), text (the value in words) and outcome (whether it has
    come about; a mark is open where it has not). A label has one row, which says its values.
    """
    frame = frame.sort_values(["first", "last"], kind="stable")
    parts = {str(label): part for label, part in frame.groupby("label", sort=False)}
    named = [("", f"{label}: {' · '.join(part.text)}") for label, part in parts.items()]
    figure, axes, rows = stack(named, narrow, row=16, share=0.6, foot=22)
    first, last = int(frame["first"].min()), int(frame["last"].max())
    for row, part in zip(rows, parts.values(), strict=True):
        axes.hlines(row.place, first, last, color=LINE, linewidth=0.8)
        for one in part.itertuples():
            if one.last > one.first:
                axes.hlines(row.place, one.first, one.last, color=OK, linewidth=2)
            face = OK if one.outcome else PAPER
            axes.plot(one.last, row.place, "o", color=OK, markersize=5, markerfacecolor=face)
    axes.set(xlim=(first - 0.5, last + 0.5))
    step = max(1, -(-(last - first) // 5))
    axes.set_xticks(range(last, first - 1, -step)[::-1])
    return figure


# -- years -----------------------------------------------------------------------------------------------


def series_plot(frame: pd.DataFrame, ylabel: str, years: Sequence[int] = (), narrow: bool = False) -> Figure:
    """Levels over the years, a line for each `label`, named at its end; bars show what its digits allow.

    `frame` has columns label, year, low, value, high, and may have dashed (whether a line is); a series of
    one year is a point. A line with years left out is dotted, unless `years` names those to be shown.
    """
    figure, panels = canvas.canvas(narrow, 3.2 if narrow else 3.4)
    axes = panels[0, 0]
    names = []
    shown = frame[frame.year.isin(list(years))] if years else frame
    for number, (label, part) in enumerate(shown.groupby("label", sort=False)):
        colour, marker = canvas.look_of(number)
        gaps = not years and (part.year.diff() > 1).any()  # between them nothing is known
        dashes = "--" if "dashed" in part and part.dashed.any() else ":" if gaps else "-"
        axes.plot(part.year, part.value, color=colour, linewidth=1.4, linestyle=dashes)
        if (part.high > part.low).any():
            axes.vlines(part.year, part.low, part.high, color=colour, linewidth=4, alpha=0.45)
        axes.plot(part.year, part.value, marker, color=colour, markersize=4.5, linestyle="none")
        names.append((part.year.iloc[-1], part.value.iloc[-1], str(label), colour))
    top = shown.high.max() * 1.05
    _name_lines(axes, names, top / (3.0 * 72) * LEAST)
    marks = list(years) or list(range(int(shown.year.min()), int(shown.year.max()) + 1))
    axes.set_xticks(marks if years else marks[:: 4 if narrow else 2])
    axes.set(xlabel="", ylim=(0, top), xlim=(marks[0] - 0.3, marks[-1] + 0.3))
    _above(axes, ylabel)
    canvas.plain_axis(axes.yaxis)
    axes.grid(axis="x", visible=False)
    sns.despine(ax=axes, left=True)
    return figure


LEAST = 13  # points between two names of lines


def _above(axes: Any, ylabel: str) -> None:
    """Name what an ordinate measures above it, where it reads from left to right."""
    room = 170 if axes.figure.get_figwidth() < 4 else 300
    lines = canvas.wrapped(ylabel, room)
    say(axes, (0, 1), lines, (0, 5), down="bottom", coords="axes fraction", color=SOFT)


def _head(axes: Any, name: str, ylabel: str) -> None:
    """Name a panel, and above the first what its ordinate measures."""
    say(axes, (0, 1), name, (0, 4), down="bottom", coords="axes fraction", weight="bold")
    if ylabel:
        room = canvas.width_of(name, bold=True) + 10
        say(axes, (0, 1), ylabel, (room, 4), down="bottom", coords="axes fraction", color=SOFT)


def change_plot(frame: pd.DataFrame, narrow: bool = False) -> Figure:
    """From one year to another in panels of their own, beside each other: a line with its two values.

    `frame` has columns panel, year, value, text (the value in words) and tone.
    """
    names = list(dict.fromkeys(frame.panel))
    figure, panels = canvas.canvas(narrow, 2.3, columns=len(names))
    for axes, name in zip(panels[0], names, strict=True):
        part = frame[frame.panel == name].sort_values("year")
        colour = TONES[part.tone.iloc[0]]
        axes.plot(part.year, part.value, "o-", color=colour, linewidth=2, markersize=6)
        rise = part.value.iloc[-1] > part.value.iloc[0]
        for k, row in enumerate(part.itertuples()):
            below = (k == 0) == rise
            side = "left" if k == 0 else "right"
            say(
                axes,
                (row.year, row.value),
                row.text,
                (0, -9 if below else 9),
                side,
                "top" if below else "bottom",
            )
        axes.set(ylim=(0, part.value.max() * 1.3), yticks=[], xlabel="")
        axes.set_xlim(part.year.min() - 0.5, part.year.max() + 0.5)
        axes.set_xticks(part.year)
        for label, side in zip(axes.get_xticklabels(), ("left", "right"), strict=False):
            label.set_horizontalalignment(side)
        room = (canvas.NARROW if narrow else canvas.WIDTH) * 72 / len(names) - 14
        lines = canvas.wrapped(name, room, bold=True)
        say(axes, (0, 1), lines, (0, 4), down="bottom", coords="axes fraction", weight="bold")
        axes.grid(visible=False)
        axes.axhline(0, color=LINE, linewidth=0.8)
    sns.despine(left=True)
    return figure


def leads_plot(frame: pd.DataFrame, ylabel: str, narrow: bool = False) -> Figure:
    """Differences over the years around a line of zero: a panel for each `label`, a line for each `group`.

    `frame` has columns label, group, year, low, value, high; bars show what digits allow. Panels stand beside
    each other, or, narrow, one below the other.
    """
    labels, groups = (list(dict.fromkeys(frame[name])) for name in ("label", "group"))
    shape = {"rows": len(labels), "columns": 1} if narrow else {"rows": 1, "columns": len(labels)}
    height = 1.6 * len(labels) + 0.3 if narrow else 2.9
    figure, panels = canvas.canvas(narrow, height, **shape, sharex=True, sharey=True)
    handles = []
    for axes, label in zip(panels.flat, labels, strict=True):
        axes.axhline(0, color=INK, linewidth=0.9)
        for number, group in enumerate(groups):
            part = frame[(frame.label == label) & (frame.group == group)]
            colour, marker = canvas.look_of(number)
            axes.vlines(part.year, part.low, part.high, color=colour, linewidth=4, alpha=0.35)
            style = {"color": colour, "marker": marker, "linewidth": 1.2, "markersize": 4.5, "label": group}
            handles += axes.plot(part.year, part.value, **style)
        _head(axes, str(label), ylabel if axes is panels.flat[0] else "")
        years = sorted(set(frame.year))
        axes.set_xticks(years[:: -(-len(years) // 3)])
        axes.set(xlabel="")
        axes.grid(axis="x", visible=False)
        canvas.plain_axis(axes.yaxis)
    if len(groups) > 1:
        canvas.legend(figure, handles[: len(groups)], narrow)
    sns.despine(left=True)
    return figure


def years_plot(frame: pd.DataFrame, ylabel: str, narrow: bool = False) -> Figure:
    """Two values of each year joined: a panel for each `label`, `group` tells the two apart.

    `frame` has columns label, group, year and value; the two are a full and an open mark.
    """
    labels, groups = (list(dict.fromkeys(frame[name])) for name in ("label", "group"))
    columns = 2 if narrow else min(3, len(labels))
    lines = -(-len(labels) // columns)
    figure, panels = canvas.canvas(narrow, 1.75 * lines + 0.3, lines, columns, sharex=True, sharey=True)
    handles = []
    for axes in panels.flat[len(labels) :]:
        axes.set_visible(False)
    for axes, label in zip(panels.flat, labels, strict=False):
        part = frame[frame.label == label].pivot(index="year", columns="group", values="value")[groups]
        axes.vlines(part.index, part.min(axis=1), part.max(axis=1), color=NO, linewidth=1.2)
        for number, group in enumerate(groups):
            colour, marker = canvas.look_of(number)
            face = PAPER if number else colour
            style = {"color": colour, "marker": marker, "markersize": 4.5, "markerfacecolor": face}
            handles += axes.plot(part.index, part[group], linestyle="none", label=group, **style)
        _head(axes, str(label), ylabel if axes is panels.flat[0] else "")
        axes.set_xticks(sorted(set(frame.year))[:: 4 if narrow else 3])
        axes.tick_params(labelbottom=True)
        axes.set(xlabel="")
        axes.grid(axis="x", visible=False)
        canvas.plain_axis(axes.yaxis)
    if len(groups) > 1:
        canvas.legend(figure, handles[: len(groups)], narrow)
    sns.despine(left=True)
    return figure


# -- others ----------------------------------------------------------------------------------------------


def catching_up_plot(frame: pd.DataFrame, xlabel: str, ylabel: str, narrow: bool = False) -> Figure:
    """Growth `y` of each `label` against its first level `x`, on a logarithmic axis, with the fitted line.

    `group` tells two kinds of places apart; the line is that of least squares through the logarithms of all.
    """
    figure, panels = canvas.canvas(narrow, 3.6 if narrow else 3.8)
    axes = panels[0, 0]
    handles = []
    for number, (group, part) in enumerate(frame.groupby("group", sort=False)):
        colour, marker = canvas.look_of(number)
        handles += axes.plot(part.x, part.y, marker, color=colour, markersize=6.5, label=str(group))
    slope, constant = np.polyfit(np.log(frame.x), frame.y, 1)
    ends = np.array([frame.x.min(), frame.x.max()])
    axes.plot(ends, constant + slope * np.log(ends), color=SOFT, linewidth=1, linestyle="--")
    axes.set(xscale="log")
    _measure(axes, xlabel, narrow)
    reach = frame.y.max() - frame.y.min()
    axes.set(
        xlim=(ends[0] * 0.85, ends[1] * 1.25), ylim=(frame.y.min() - 0.1 * reach, frame.y.max() + 0.1 * reach)
    )
    places = [step * 10**power for power in range(-2, 7) for step in ((1, 3) if narrow else (1, 2, 5))]
    canvas.ticks(axes.xaxis, [place for place in places if ends[0] * 0.85 <= place <= ends[1] * 1.25])
    canvas.plain_axis(axes.yaxis)
    _above(axes, ylabel)
    canvas.legend(figure, handles, narrow)
    sns.despine(ax=axes, left=True)
    _name_points(figure, axes, frame)
    return figure


def _name_points(figure: Figure, axes: Any, frame: pd.DataFrame) -> None:
    """Name each point on the side of it where its name touches neither a point nor another name."""
    figure.canvas.draw()
    spots = axes.transData.transform(frame[["x", "y"]].to_numpy())
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in spots]
    frame_box = axes.get_window_extent()
    for row, (x, y) in zip(frame.itertuples(), spots, strict=True):
        wide = canvas.width_of(str(row.label), 8)
        sides = [("left", 6, 0), ("right", -6, 0), ("center", 0, 9), ("center", 0, -9), ("left", 4, 9),
                 ("left", 4, -9), ("right", -4, 9), ("right", -4, -9)]  # fmt: skip
        best: tuple[Any, ...] = ()
        for across, dx, dy in sides:
            left = x + dx - {"left": 0, "right": wide, "center": wide / 2}[across]
            box = (left, y + dy - 5, left + wide, y + dy + 5)
            hits = sum(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken) - (
                abs(dx) < 5 > abs(dy)
            )
            outside = box[0] < frame_box.x0 or box[2] > frame_box.x1
            if not best or (hits + 3 * outside) < best[0]:
                best = (hits + 3 * outside, across, dx, dy, box)
        taken.append(best[4])
        say(axes, (row.x, row.y), str(row.label), (best[2], best[3]), best[1], fontsize=8)


def counts_plot(frame: pd.DataFrame, rows: str, columns: str, value: str, narrow: bool = False) -> Figure:
    """A table of counts, the darker, the more; `rows`, `columns` and `value` name columns of `frame`."""
    table = frame.pivot(index=rows, columns=columns, values=value)
    table = table.loc[list(dict.fromkeys(frame[rows])), list(dict.fromkeys(frame[columns]))].astype(int)
    most = max(int(table.to_numpy().max()), 1)
    shades = [[(OK, 0.08 + 0.42 * count / most) for count in line] for line in table.to_numpy()]
    words = [[str(count) for count in line] for line in table.to_numpy()]
    return _grid(list(table.index), list(table.columns), shades, words, narrow)


def verdicts_plot(frame: pd.DataFrame, narrow: bool = False) -> Figure:
    """Verdicts of claims under one choice after the other, each with the letter of its verdict.

    `frame` has columns label (of the claim), choice and verdict; both come in the order of `frame`. What is
    no verdict has a dash.
    """
    table = frame.pivot(index="label", columns="choice", values="verdict")
    table = table.loc[list(dict.fromkeys(frame.label)), list(dict.fromkeys(frame.choice))]
    looks = {
        "consistent": (OK, 0.15),
        "not checkable": (NO, 0.2),
        "undecided": (ALT, 0.35),
        "in tension": (TEN, 0.55),
        "contradicted": (BAD, 1.0),
    }
    shades = [[looks.get(verdict, (PAPER, 0.0)) for verdict in line] for line in table.to_numpy()]
    words = [[_LETTERS.get(verdict, "–") for verdict in line] for line in table.to_numpy()]
    return _grid(list(table.index), list(table.columns), shades, words, narrow)


def _grid(rows: list, columns: list, shades: list, words: list, narrow: bool) -> Figure:
    """A table of shaded cells with words in them; columns have their names above, turned if they are long."""
    room = (canvas.NARROW if narrow else canvas.WIDTH) * 72
    share = 0.4 if len(columns) < 8 else 0.42
    wide = (room if narrow else room * (1 - share)) / len(columns) - 4
    words_of = [word for name in columns for word in str(name).split()]
    turned = max(map(canvas.width_of, words_of), default=0) > wide
    size = 8 if turned else 9
    names = [canvas.wrapped(str(name), 95 if turned else wide, size) for name in columns]
    tallest = max(map(len, names))
    head = 100 if turned else tallest * canvas.LEADING + 6
    figure, axes, places = stack([("", str(row)) for row in rows], narrow, row=17, share=share, foot=head)
    for place, colours, texts in zip(places, shades, words, strict=True):
        for k, ((colour, alpha), text) in enumerate(zip(colours, texts, strict=True)):
            style = {"facecolor": colour, "alpha": alpha, "edgecolor": PAPER, "linewidth": 1}
            if alpha:
                axes.add_patch(Rectangle((k, place.place - 8), 1, 16, **style))
            say(axes, (k + 0.5, place.place), text, (0, -0.5), "center", color=PAPER if alpha == 1 else INK)
    for k, lines in enumerate(names):
        if turned:
            for number, line in enumerate(lines[:2]):
                shift = (number - (min(2, len(lines)) - 1) / 2) * 9.5
                axes.annotate(
                    line, (k + 0.5, 0), (shift, 4), textcoords="offset points", rotation=90, ha="center",
                    va="bottom", fontsize=size, annotation_clip=False, rotation_mode="default",
                )  # fmt: skip
        else:
            say(axes, (k + 0.5, 0), lines, (0, 4), "center", "bottom")
    axes.set(xlim=(0, len(columns)), xticks=[])
    axes.grid(visible=False)
    return figure


def strips_plot(frame: pd.DataFrame, x: str, y: str, xlabel: str, narrow: bool = False) -> Figure:
    """Every value of `x` as a point in the row of its group `y`, on a logarithmic axis."""
    order = list(dict.fromkeys(frame[y]))
    figure, axes, rows = stack([("", str(name)) for name in order], narrow, row=22)
    for name, row in zip(order, rows, strict=True):
        values = frame.loc[frame[y] == name, x]
        axes.vlines(values, row.place - 6, row.place + 6, color=OK, linewidth=1.2)
    axes.set(xscale="log")
    _measure(axes, xlabel, narrow)
    canvas.plain_axis(axes.xaxis)
    return figure
