"""One visual language for every plot: intervals always drawn, readable in grey, described in words.

Shapes and fills tell groups apart, not hues alone. `show` turns a figure into a repeatable SVG that
carries its alternative text, caption and data to the exporters.
"""

import io
import textwrap
import warnings
from collections.abc import Hashable, Sequence
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import LogFormatter, NullLocator

from ..corpus.files import harmless_csv
from . import fonts

INK, GREY, PALE = "#1d1d1f", "#6b7078", "#c9ccd1"
COLOURS = ["#0b4f8a", "#d95f02", "#6b7078", "#1d1d1f", "#8e4a9e"]  # also far apart in grey, but for the last
MARKERS = ["o", "s", "D", "^", "v"]
VERDICT_LOOKS = {
    "consistent": (COLOURS[0], "o"),
    "in tension": (COLOURS[1], "s"),
    "contradicted": (INK, "X"),
    "not checkable": (GREY, "$?$"),
}
VERDICT_SHADES = {  # in a heat map: shade and letter; what is no verdict is white
    "consistent": ("#dce9f5", "C"),
    "not checkable": ("#eceded", "N"),
    "undecided": ("#f3d9a4", "U"),
    "in tension": ("#e08b3c", "T"),
    "contradicted": (INK, "X"),
}
WIDTH = 7.2  # inches


def theme() -> None:
    """Set the look of every plot that follows. seaborn resets fonts, so ours come after it."""
    sns.set_theme(context="notebook", style="whitegrid", palette=COLOURS)
    font_manager.fontManager.addfont(fonts.CHINESE_FONT)
    matplotlib.rcParams.update(
        {
            "font.family": ["DejaVu Sans", "Noto Sans CJK SC"],
            "font.size": 10,
            "axes.titlesize": 11,
            "axes.labelsize": 10,
            "xtick.labelsize": 9,
            "ytick.labelsize": 9,
            "legend.fontsize": 9,
            "axes.edgecolor": GREY,
            "axes.titlelocation": "left",
            "grid.color": "#e3e5e8",
            "svg.fonttype": "path",
            "svg.hashsalt": "bay-and-old-area",
            "figure.dpi": 100,
        }
    )


class Plot:
    """A plot as SVG (`svg`), with its alternative text, caption and data as CSV (`about`)."""

    def __init__(self, svg: str, about: dict[str, str]):
        self.svg, self.about = svg, about

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"image/svg+xml": self.svg, "text/plain": self.about["alt"]}, {"image/svg+xml": self.about}


def show(figure: Figure, caption: str, alt: str, data: pd.DataFrame) -> Plot:
    """The figure ready to be shown as a cell's value, with the table that it shows; closes it.

    Its texts are drawn letter by letter, dollar signs too. `alt` says what a reader would see. Raises
    ValueError for a glyph that is missing, and where there is no caption, no alternative text or no data.
    """
    if not alt or not caption:
        raise ValueError("a plot needs a caption and an alternative text")
    if data.empty:
        raise ValueError("a plot needs the data that it shows")
    _draw_letters(figure)
    fonts.require_glyphs("".join(text.get_text() for text in figure.findobj(Text)))
    buffer = io.StringIO()
    with warnings.catch_warnings():  # of other scripts matplotlib only warns
        warnings.filterwarnings("error", message="Glyph .* missing")
        figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return Plot(buffer.getvalue(), {"alt": alt, "caption": caption, "data": harmless_csv(data)})


def _draw_letters(figure: Figure) -> None:
    """Have no text of a figure taken for mathematics but the powers that matplotlib writes at its axes."""
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    for axis in [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]:
        powers = axis.get_majorticklabels() if isinstance(axis.get_major_formatter(), LogFormatter) else []
        powers += axis.get_minorticklabels() if isinstance(axis.get_minor_formatter(), LogFormatter) else []
        for text in powers:
            text.set_parse_math(True)


def _look(number: int) -> tuple[str, str]:
    """Colour and marker of the group of that number."""
    return COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]


def _rows(axes: Axes, labels: Sequence[str], xlabel: str, top: float = -0.5) -> None:
    """Name the rows of a plot from the top down."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set(ylim=(len(labels) - 0.5, top), xlabel=xlabel, ylabel="")
    axes.grid(axis="y", visible=False)
    sns.despine(left=True)


def _legend_above(axes: Axes, columns: int, **what: Any) -> None:
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=columns, frameon=False, **what)


def _ticks(axis: Any, places: Sequence[float], **style: Any) -> None:
    """Set the ticks of a logarithmic axis, and no others between them."""
    axis.set_ticks(places, [f"{place:g}" for place in places], **style)
    axis.set_minor_locator(NullLocator())


def intervals_plot(frame: pd.DataFrame, xlabel: str, group: str | None = None) -> Figure:
    """Horizontal intervals with their values: a forest plot.

    `frame` has columns label, low, value, high and, if given, `group`, whose members share a row of
    the plot, one above the other. Rows come in the order of `frame`.
    """
    labels = list(dict.fromkeys(frame.label))
    groups: list[Hashable] = list(dict.fromkeys(frame[group])) if group else [None]
    height = 0.5 * len(labels) * max(1, 0.6 * len(groups)) + 1.1
    longest = max(len(line) for label in labels for line in label.splitlines())
    figure, axes = plt.subplots(figsize=(max(3.8, WIDTH - 0.075 * longest), height))  # labels take the rest
    for number, member in enumerate(groups):
        part = frame if member is None else frame[frame[group] == member]
        offset = (number - (len(groups) - 1) / 2) * 0.22
        y = [labels.index(label) + offset for label in part.label]
        colour, marker = _look(number)
        axes.hlines(y, part.low, part.high, color=colour, linewidth=3, alpha=0.55)
        sns.scatterplot(
            x=part.value, y=y, ax=axes, color=colour, marker=marker, s=55, label=member, legend=False,
            zorder=3, edgecolor="white", linewidth=0.6,
        )  # fmt: skip
    _rows(axes, labels, xlabel)
    if group:
        _legend_above(axes, len(groups), title="")
    return figure


def forest_plot(frame: pd.DataFrame, xlabel: str, edges: tuple[float, float] = (0.03, 6)) -> Figure:
    """What was claimed against what was expected, one row a claim, under the headings of `section`.

    `frame` has columns label, section, verdict, low, high (the claim) and expected_low, expected_high, in
    multiples of what is expected. An open bound is missing, and its band runs to the edge; a claim without
    numbers gets a question mark, one beyond the `edges` an arrow there. Rows come in the order of `frame`.
    """
    rows: list[tuple[float, str, Any]] = []
    y = 0.0
    for section, part in frame.groupby("section", sort=False):
        rows.append((y, str(section), None))
        claims: Any = part.itertuples()
        rows += [(y + k, row.label, row) for k, row in enumerate(claims, 1)]
        y += len(part) + 1.6
    figure, axes = plt.subplots(figsize=(3.6, 0.165 * y + 0.6))
    for place, _, row in rows:
        if row is not None:
            _draw_claim(axes, place, row, edges)
    axes.axvline(1, color=INK, linewidth=0.7, linestyle="--", zorder=0)
    axes.set(xscale="log", xlim=edges, ylim=(y - 1, -0.8), xlabel=xlabel)
    axes.set_yticks([place for place, *_ in rows], [label for _, label, _ in rows], fontsize=7)
    for text, (_, _, row) in zip(axes.get_yticklabels(), rows, strict=True):
        text.set_fontweight("bold" if row is None else "normal")
        if row is not None and row.verdict != "consistent":
            text.set_color(VERDICT_LOOKS[row.verdict][0])
    ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
    _ticks(axes.xaxis, [tick for tick in ticks if edges[0] <= tick <= edges[1]], fontsize=7)
    axes.grid(axis="y", visible=False)
    handles = [
        Line2D([], [], color=colour, marker=marker, linewidth=2 if marker != "$?$" else 0, label=verdict)
        for verdict, (colour, marker) in VERDICT_LOOKS.items()
        if verdict in set(frame.verdict)
    ]
    handles.append(Line2D([], [], color=PALE, linewidth=6, label="expected"))
    axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1, 1), ncols=5, frameon=False, fontsize=7)
    sns.despine(left=True)
    return figure


def _draw_claim(axes: Axes, place: float, row: Any, edges: tuple[float, float]) -> None:
    """One row of the forest plot: the band that is expected, and the claim on or beside it."""
    colour, marker = VERDICT_LOOKS[row.verdict]
    if pd.isna(row.low):
        axes.plot(1, place, marker=marker, color=colour, markersize=5)
        return
    ends = (row.expected_low, row.expected_high)
    first, last = (edge if pd.isna(end) else end for end, edge in zip(ends, edges, strict=True))
    axes.hlines(place, first, last, color=PALE, linewidth=6, zorder=1)
    closed = [end for end in ends if pd.notna(end)]
    axes.plot(closed, [place] * len(closed), "|", color=GREY, markersize=6, zorder=2)
    axes.hlines(place, row.low, row.high, color=colour, linewidth=2, zorder=3)
    middle = (row.low * row.high) ** 0.5  # both above zero, else there are no numbers
    if middle < edges[0]:
        middle, marker = edges[0] * 1.08, "<"
    elif middle > edges[1]:
        middle, marker = edges[1] / 1.08, ">"
    style: dict[str, Any] = {"markersize": 5, "markeredgecolor": "white", "markeredgewidth": 0.5}
    axes.plot(middle, place, marker=marker, color=colour, zorder=4, **style)


def readings_plot(printed: pd.DataFrame, official: pd.DataFrame, xlabel: str) -> Figure:
    """What is printed, under each reading of its words, against what each basis of the statistics gives.

    `printed` has columns label, reading, low, high, drawn as bands that name themselves; `official` has
    label, basis, low, value, high, drawn as marks. One row of the plot for each label.
    """
    labels = list(dict.fromkeys(printed.label))
    looks = {basis: _look(number) for number, basis in enumerate(dict.fromkeys(official.basis))}
    figure, axes = plt.subplots(figsize=(WIDTH, 0.85 * len(labels) + 1.1))
    for place, label in enumerate(labels):
        for row in printed[printed.label == label].itertuples():
            band = [place - 0.3, place + 0.3]
            axes.fill_betweenx(band, row.low, row.high, color=PALE, alpha=0.8, linewidth=0)
            middle = (row.low + row.high) / 2
            axes.text(middle, place - 0.32, row.reading, ha="center", va="bottom", fontsize=8, color=INK)
        for row in official[official.label == label].itertuples():
            colour, marker = looks[row.basis]
            axes.hlines(place, row.low, row.high, color=colour, linewidth=3, alpha=0.55)
            axes.plot(row.value, place, marker, color=colour, markersize=8, markeredgecolor="white")
    handles = [
        Line2D([], [], color=colour, marker=marker, linewidth=0, label=basis)
        for basis, (colour, marker) in looks.items()
    ]
    handles.append(Line2D([], [], color=PALE, linewidth=9, label="printed"))
    _legend_above(axes, len(handles), handles=handles)
    _rows(axes, labels, xlabel, top=-0.7)
    return figure


def leads_plot(frame: pd.DataFrame, ylabel: str) -> Figure:
    """Differences over the years around a line of zero: a panel for each `label`, a line for each `group`.

    `frame` has columns label, group, year, low, value, high; bars show what digits allow.
    """
    labels, groups = (list(dict.fromkeys(frame[name])) for name in ("label", "group"))
    shape: dict[str, Any] = {"sharex": True, "sharey": True, "squeeze": False}
    figure, panels = plt.subplots(1, len(labels), figsize=(WIDTH, 3.2), **shape)
    for axes, label in zip(panels[0], labels, strict=True):
        axes.axhline(0, color=GREY, linewidth=1)
        for number, group in enumerate(groups):
            part = frame[(frame.label == label) & (frame.group == group)]
            colour, marker = _look(number)
            axes.vlines(part.year, part.low, part.high, color=colour, linewidth=3, alpha=0.4)
            sns.lineplot(
                data=part, x="year", y="value", ax=axes, color=colour, marker=marker, label=group,
                legend=False, linewidth=1.2, errorbar=None,
            )  # fmt: skip
        axes.set(title=label, xlabel="", ylabel=ylabel if axes is panels[0, 0] else "")
        axes.set_xticks(sorted(set(frame.year))[::4])
    handles, _ = panels[0, 0].get_legend_handles_labels()
    figure.legend(
        handles, groups, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(groups), frameon=False
    )
    sns.despine()
    _draw_letters(figure)  # the layout measures them
    figure.tight_layout()
    return figure


def catching_up_plot(frame: pd.DataFrame, xlabel: str, ylabel: str) -> Figure:
    """Growth `y` of each `label` against its first level `x`, on a logarithmic axis, with the fitted line.

    `group` tells two kinds of places apart; the line is that of least squares through the logarithms of all.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 4.2))
    for number, (group, part) in enumerate(frame.groupby("group", sort=False)):
        colour, marker = _look(number)
        style: dict[str, Any] = {"color": colour, "marker": marker, "s": 50, "zorder": 3, "legend": False}
        sns.scatterplot(data=part, x="x", y="y", ax=axes, label=str(group), **style)
    drawn: list[tuple[float, float]] = []
    for row in frame.sort_values("x").itertuples():
        here = (float(np.log(row.x)), float(row.y))
        close = any(here[0] - x < 0.4 and abs(here[1] - y) < 0.3 for x, y in drawn)  # its name would touch
        place = (5, -11 if close else 4)
        style = {"textcoords": "offset points", "fontsize": 8, "color": INK}
        axes.annotate(str(row.label), (row.x, row.y), place, **style)
        drawn.append(here)
    slope, constant = np.polyfit(np.log(frame.x), frame.y, 1)
    ends = np.array([frame.x.min(), frame.x.max()])
    axes.plot(ends, constant + slope * np.log(ends), color=GREY, linewidth=1, linestyle="--")
    axes.set(xscale="log", xlabel=xlabel, ylabel=ylabel)
    places = [step * 10**power for power in range(-2, 7) for step in (1, 2, 5)]
    _ticks(axes.xaxis, [place for place in places if ends[0] * 0.8 <= place <= ends[1] * 1.25])
    _legend_above(axes, frame.group.nunique())
    sns.despine()
    return figure


def bars_plot(frame: pd.DataFrame, xlabel: str) -> Figure:
    """One bar for each `label`, from zero to `value`, in the order of `frame`."""
    labels = list(frame.label)
    figure, axes = plt.subplots(figsize=(WIDTH, 0.3 * len(labels) + 1.0))
    colours = [COLOURS[0] if value >= 0 else COLOURS[1] for value in frame.value]
    sns.barplot(
        data=frame, x="value", y="label", hue="label", palette=colours, ax=axes, legend=False, orient="h"
    )
    axes.axvline(0, color=INK, linewidth=0.8)
    _rows(axes, labels, xlabel)
    return figure


def series_plot(frame: pd.DataFrame, ylabel: str) -> Figure:
    """Levels over the years, a line for each `label`, named at its end; bars show what its digits allow.

    `frame` has columns label, year, low, value, high; a series of one year is a point, one with years left
    out is dotted.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.6))
    top, names = frame.high.max() * 1.05, []
    for number, (label, part) in enumerate(frame.groupby("label", sort=False)):
        colour, marker = _look(number)
        gaps = (part.year.diff() > 1).any()  # between them nothing is known
        axes.plot(part.year, part.value, color=colour, linewidth=1.2, linestyle=":" if gaps else "-")
        axes.vlines(part.year, part.low, part.high, color=colour, linewidth=3, alpha=0.55)
        axes.plot(part.year, part.value, marker, color=colour, markersize=5)
        names.append((part.value.iloc[-1], part.year.iloc[-1], label, colour))
    level = -top
    for value, year, label, colour in sorted(names):  # names that would touch move up
        level = max(value, level + top / 16)
        axes.text(year + 0.25, level, str(label), va="center", color=colour, fontsize=9)
    years = range(int(frame.year.min()), int(frame.year.max()) + 1)
    axes.set_xticks(years[::2])
    axes.set(xlabel="", ylabel=ylabel, ylim=(0, top), xlim=(years[0] - 0.3, years[-1] + 2.2))
    sns.despine()
    return figure


def counts_plot(frame: pd.DataFrame, rows: str, columns: str, value: str) -> Figure:
    """Counts of a two-way table as a heat map with every count written in its cell."""
    table = frame.pivot(index=rows, columns=columns, values=value)
    table = table.loc[list(dict.fromkeys(frame[rows])), list(dict.fromkeys(frame[columns]))]
    most = table.to_numpy().max() * 1.6
    with matplotlib.rc_context({"text.parse_math": False}):  # seaborn measures the names
        figure, axes = plt.subplots(figsize=(WIDTH, 0.45 * len(table) + 0.9))
        sns.heatmap(table, annot=True, fmt="d", cmap="Greys", cbar=False, linewidths=1, ax=axes, vmax=most)
    axes.set(xlabel="", ylabel="")
    axes.tick_params(axis="y", rotation=0)
    axes.xaxis.tick_top()
    return figure


def strips_plot(frame: pd.DataFrame, x: str, y: str, xlabel: str) -> Figure:
    """Every value of `x` as a point in the row of its group `y`, on a logarithmic axis."""
    order = list(dict.fromkeys(frame[y]))
    figure, axes = plt.subplots(figsize=(WIDTH, 0.55 * len(order) + 1.1))
    style = {"color": COLOURS[0], "alpha": 0.6, "size": 6, "jitter": False}
    sns.stripplot(data=frame, x=x, y=y, order=order, ax=axes, **style)
    axes.set_xscale("log")
    axes.set(xlabel=xlabel, ylabel="")
    sns.despine(left=True)
    return figure


def verdicts_plot(frame: pd.DataFrame) -> Figure:
    """Verdicts of claims under one choice after the other as a heat map, each with the letter of its verdict.

    `frame` has columns label (of the claim), choice and verdict; both come in the order of `frame`. A verdict
    that is none of `VERDICT_SHADES` is white, with a dash.
    """
    table = frame.pivot(index="label", columns="choice", values="verdict")
    table = table.loc[list(dict.fromkeys(frame.label)), list(dict.fromkeys(frame.choice))]
    order = list(VERDICT_SHADES)
    place = table.map(lambda verdict: order.index(verdict) + 1 if verdict in VERDICT_SHADES else 0)
    letters = table.map(lambda verdict: VERDICT_SHADES.get(verdict, ("", "–"))[1])
    shades = ListedColormap(["#ffffff", *(shade for shade, _ in VERDICT_SHADES.values())])
    named = {label: "\n".join(textwrap.wrap(str(label), 38)) for label in table.index}
    lines = sum(name.count("\n") + 1 for name in named.values())
    with matplotlib.rc_context({"text.parse_math": False}):  # seaborn measures the names
        figure, axes = plt.subplots(figsize=(WIDTH * 0.7, 0.17 * lines + 0.12 * len(named) + 0.4))
        sns.heatmap(
            place.rename(index=named), annot=letters, fmt="", cmap=shades, vmin=-0.5, vmax=len(order) + 0.5,
            cbar=False, linewidths=1, ax=axes, annot_kws={"fontsize": 8},
        )  # fmt: skip
    for text in axes.texts:
        text.set_color("white" if text.get_text() == VERDICT_SHADES["contradicted"][1] else INK)
    axes.set(xlabel="", ylabel="")
    axes.tick_params(axis="y", rotation=0, labelsize=7)
    axes.xaxis.tick_top()
    wrapped = ["\n".join(textwrap.wrap(str(choice), 24)) for choice in table.columns]
    axes.set_xticks(axes.get_xticks(), wrapped, rotation=60, ha="left", fontsize=7)
    return figure
