"""One visual language for every plot: intervals always drawn, readable in grey, described in words.

Shapes and fills tell groups apart, not hues alone. `show` turns a figure into a repeatable SVG that
carries its alternative text and caption to the exporters.
"""

import io
import warnings

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

from . import fonts

INK, GREY, PALE = "#1d1d1f", "#6b7078", "#c9ccd1"
COLOURS = ["#0b4f8a", "#d95f02", "#6b7078", "#1d1d1f"]  # also far apart in grey
MARKERS = ["o", "s", "D", "^"]


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
    """A figure as SVG with its alternative text and caption. `alt` says what a reader would see."""

    def __init__(self, figure: Figure, caption: str, alt: str):
        if not alt or not caption:
            raise ValueError("a plot needs a caption and an alternative text")
        buffer = io.StringIO()
        fonts.require_glyphs("".join(text.get_text() for text in figure.findobj(Text)))
        with warnings.catch_warnings():  # of other scripts matplotlib only warns
            warnings.filterwarnings("error", message="Glyph .* missing")
            figure.savefig(
                buffer, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None}
            )
        plt.close(figure)
        self.svg, self.about = buffer.getvalue(), {"alt": alt, "caption": caption}

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/svg+xml": self.svg, "text/plain": self.about["alt"]}, {"image/svg+xml": self.about}


def show(figure: Figure, caption: str, alt: str) -> Plot:
    """The figure ready to be shown as a cell's value; closes it. Raises ValueError for a glyph that is missing."""
    return Plot(figure, caption, alt)


def intervals(frame: pd.DataFrame, xlabel: str, group: str | None = None, log: bool = False) -> Figure:
    """Horizontal intervals with their values: a forest plot.

    `frame` has columns label, low, value, high and, if given, `group`, whose members share a row of
    the plot, one above the other. Rows come in the order of `frame`.
    """
    labels = list(dict.fromkeys(frame.label))
    groups = list(dict.fromkeys(frame[group])) if group else [None]
    height = 0.5 * len(labels) * max(1, 0.6 * len(groups)) + 1.1
    longest = max(len(line) for label in labels for line in label.splitlines())
    figure, axes = plt.subplots(figsize=(max(3.8, 7.2 - 0.075 * longest), height))  # labels take the rest
    spread = 0.22
    for number, member in enumerate(groups):
        part = frame if member is None else frame[frame[group] == member]
        offset = (number - (len(groups) - 1) / 2) * spread
        y = [labels.index(label) + offset for label in part.label]
        colour = COLOURS[number % len(COLOURS)]
        axes.hlines(y, part.low, part.high, color=colour, linewidth=3, alpha=0.55)
        sns.scatterplot(
            x=part.value, y=y, ax=axes, color=colour, marker=MARKERS[number % len(MARKERS)], s=55,
            label=member, legend=False, zorder=3, edgecolor="white", linewidth=0.6,
        )  # fmt: skip
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set(xlabel=xlabel, ylabel="")
    axes.grid(axis="y", visible=False)
    if log:
        axes.set_xscale("log")
    if group:
        axes.legend(title="", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(groups), frameon=False)
    sns.despine(left=True)
    return figure


def counts(frame: pd.DataFrame, rows: str, columns: str, value: str) -> Figure:
    """Counts of a two-way table as a heat map with every count written in its cell."""
    table = frame.pivot(index=rows, columns=columns, values=value)
    table = table.loc[list(dict.fromkeys(frame[rows])), list(dict.fromkeys(frame[columns]))]
    figure, axes = plt.subplots(figsize=(7.2, 0.45 * len(table) + 0.9))
    sns.heatmap(
        table,
        annot=True,
        fmt="d",
        cmap="Greys",
        cbar=False,
        linewidths=1,
        ax=axes,
        vmax=table.to_numpy().max() * 1.6,
    )
    axes.set(xlabel="", ylabel="")
    axes.tick_params(axis="y", rotation=0)
    axes.xaxis.tick_top()
    return figure


def strips(frame: pd.DataFrame, x: str, y: str, xlabel: str) -> Figure:
    """Every value of `x` as a point in the row of its group `y`, on a logarithmic axis."""
    order = list(dict.fromkeys(frame[y]))
    figure, axes = plt.subplots(figsize=(7.2, 0.55 * len(order) + 1.1))
    sns.stripplot(
        data=frame, x=x, y=y, order=order, ax=axes, color=COLOURS[0], alpha=0.6, size=6, jitter=False
    )
    axes.set_xscale("log")
    axes.set(xlabel=xlabel, ylabel="")
    sns.despine(left=True)
    return figure
