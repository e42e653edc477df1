"""Where plots are drawn: two widths, one look, rows with their names, and words that do not touch.

A plot is drawn wide, for a page or a screen, and narrow, for a phone; text is as large in both. Every line of
text is a text of its own, so that it keeps its place in whatever font it is shown.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import matplotlib
import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import LoadFlags
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from . import fonts
from .svg import PALETTE, SIZE

INK, SOFT, LINE, PAPER, OK, TEN, NO, BAD, ALT = (PALETTE[name].light for name in PALETTE)
COLOURS = [OK, TEN, NO, INK, ALT]
MARKERS = ["o", "s", "D", "^", "v"]
VERDICT_LOOKS = {  # colour and mark: told apart without colour too
    "consistent": (OK, "o"),
    "in tension": (TEN, "s"),
    "contradicted": (BAD, "X"),
    "undecided": (ALT, "D"),
    "not checkable": (NO, "v"),
}
WIDTH, NARROW = 7.2, 3.5  # inches: 720 pixels and the 350 that a phone of 390 leaves
INCH_OF_POINT = 1 / 72
LEADING = 11.5  # points from line to line


def theme() -> None:
    """Set the look of every plot that follows. seaborn resets fonts, so ours come after it."""
    sns.set_theme(context="notebook", style="whitegrid", palette=COLOURS)
    _add_chinese()
    matplotlib.rcParams.update(
        {
            "font.family": ["DejaVu Sans", "Noto Sans CJK SC"],
            **dict.fromkeys(("font.size", "axes.titlesize", "axes.labelsize", "legend.fontsize"), SIZE),
            **dict.fromkeys(("xtick.labelsize", "ytick.labelsize"), SIZE),
            **dict.fromkeys(("text.color", "axes.labelcolor", "axes.titlecolor"), INK),
            **dict.fromkeys(("xtick.labelcolor", "ytick.labelcolor"), SOFT),
            **dict.fromkeys(("axes.edgecolor", "grid.color"), LINE),
            **dict.fromkeys(("axes.facecolor", "figure.facecolor"), PAPER),
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "axes.xmargin": 0.03,
            "grid.linewidth": 0.6,
            "axes.linewidth": 0.8,
            "xtick.major.pad": 3,
            "ytick.major.pad": 3,
            "text.parse_math": False,  # names are drawn letter by letter, dollar signs too
            "svg.fonttype": "none",
            "svg.hashsalt": "bay-and-old-area",
            "figure.dpi": 72,
        }
    )


def _add_chinese() -> None:
    """Have matplotlib know our Chinese font, which serves as bold too."""
    known = font_manager.fontManager
    if not any(entry.fname == str(fonts.CHINESE_FONT) for entry in known.ttflist):
        known.addfont(fonts.CHINESE_FONT)
        known.ttflist.append(dataclasses.replace(known.ttflist[-1], weight=700))


class Row(NamedTuple):
    """A row of a plot: its name, and where its marks stand, in points from the top."""

    label: str
    place: float


def canvas(
    narrow: bool, height: float, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Figure, Any]:
    """A figure of `height` inches with an array of axes; whatever is drawn at them makes its own room."""
    size = (NARROW if narrow else WIDTH, height)
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False, **options)
    engine: Any = figure.get_layout_engine()
    engine.set(w_pad=2 * INCH_OF_POINT, h_pad=2 * INCH_OF_POINT, wspace=0.05, hspace=0.03)
    return figure, axes


def width_of(text: str, size: float = SIZE, bold: bool = False) -> float:
    """How wide a line is in DejaVu Sans, in points; a Chinese character counts as its size."""
    name = font_manager.FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    font = font_manager.get_font(font_manager.findfont(name))
    font.set_size(size, 72)
    latin = "".join(letter for letter in text if ord(letter) < 0x2E80)
    font.set_text(latin, 0.0, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64 + size * (len(text) - len(latin))


def wrapped(text: str, width: float, size: float = SIZE, bold: bool = False) -> list[str]:
    """The text in lines of at most `width` points, but for a word that is longer."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.append("")
        for word in paragraph.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and width_of(longer, size, bold) > width:
                lines.append(word)
            else:
                lines[-1] = longer
    return lines


def say(
    axes: Axes,
    at: tuple[float, float],
    text: str | Sequence[str],
    move: tuple[float, float] = (0, 0),
    across: str = "left",
    down: str = "center",
    coords: Any = "data",
    **style: Any,
) -> None:
    """Write lines beside a point, `move` points away from it, each a text of its own.

    `across` and `down` say which side of the lines stands there, as matplotlib's ha and va.
    """
    lines = text.split("\n") if isinstance(text, str) else list(text)
    first = {"center": (len(lines) - 1) / 2, "bottom": len(lines) - 1, "top": 0}[down] * LEADING
    for number, line in enumerate(lines):
        place = (move[0], move[1] + first - number * LEADING)
        axes.annotate(
            line, at, place, coords, textcoords="offset points", ha=across, va=down, annotation_clip=False,
            **{"color": INK} | style,
        )  # fmt: skip


def stack(
    labels: Iterable[tuple[str, str]],
    narrow: bool,
    row: float | Sequence[float] = 19,
    share: float = 0.42,
    foot: float = 32,
) -> tuple[Figure, Axes, list[Row]]:
    """Axes whose rows have names: beside them where there is room, above them where there is not.

    `labels` are pairs of a heading, empty where there is none, and a name; a heading is written where it
    changes. The ordinate is in points, `row` of them a row at least, or as many as it says for each; `foot`
    is left for what is below.
    """
    room = (NARROW if narrow else WIDTH) / INCH_OF_POINT
    rows: list[Row] = []
    writing: list[tuple[str, float, list[str], bool]] = []
    y, last = 0.0, ""
    labels = list(labels)
    heights = [row] * len(labels) if isinstance(row, int | float) else list(row)
    for (heading, name), own in zip(labels, heights, strict=True):
        if heading != last and heading:
            lines = wrapped(heading, room - 8, bold=True)
            y += 6 if rows else 0
            writing.append(("", y + len(lines) * LEADING / 2 + 1, lines, True))
            y += len(lines) * LEADING + 4
        last = heading
        lines = wrapped(name, room - 8 if narrow else room * share) if name else []
        tall = len(lines) * LEADING
        if narrow:
            writing.append((name, y + tall / 2 + 2, lines, False))
            y += tall + 3
            rows.append(Row(name, y + own / 2 - 1))
            y += own
        else:
            whole = max(own, tall + 6)
            rows.append(Row(name, y + whole / 2))
            writing.append((name, y + whole / 2, lines, False))
            y += whole
    figure, panels = canvas(narrow, (y + foot) * INCH_OF_POINT)
    axes = panels[0, 0]
    axes.set(ylim=(y, 0), yticks=[])
    axes.grid(axis="both" if narrow else "y", visible=False)  # no line runs through a name
    sns.despine(ax=axes, left=True, bottom=True)
    widest = max((width_of(line) for _, _, lines, head in writing if not head for line in lines), default=0)
    for _, place, lines, head in writing:
        say(
            axes, (0, place), lines, (0 if narrow else -widest - 8, 0),
            coords=("axes fraction", "data"), weight="bold" if head else "normal",
        )  # fmt: skip
    return figure, axes, rows


def look_of(number: int) -> tuple[str, str]:
    """Colour and mark of the group of that number."""
    return COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]


def legend(figure: Figure, handles: Sequence[Any], narrow: bool) -> None:
    """Name marks above a figure, from the left, in as many columns as there is room for; the figure grows."""
    room = (NARROW if narrow else WIDTH) / INCH_OF_POINT
    widest = max(width_of(str(handle.get_label())) for handle in handles) + 28
    columns = max(1, min(len(handles), int(room // widest)))
    lines = -(-len(handles) // columns)
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0, 1), ncols=columns, frameon=False, fontsize=SIZE,
        borderaxespad=0, borderpad=0.15, handlelength=1.2, handletextpad=0.5, columnspacing=1.2,
        labelspacing=0.35,
    ).set_in_layout(False)  # fmt: skip
    grow(figure, lines * 13 + 5)


def grow(figure: Figure, points: float) -> float:
    """Make a figure taller by room at its top that nothing is laid out in; gives all such room in points."""
    engine: Any = figure.get_layout_engine()
    before = figure.get_figheight() / INCH_OF_POINT
    kept = before * (1 - engine.get()["rect"][3]) + points
    figure.set_figheight((before + points) * INCH_OF_POINT)
    engine.set(rect=(0, 0, 1, 1 - kept / (before + points)))
    return kept


def plain_number_of(value: float, _position: int = 0) -> str:
    """A tick as it is read: 0.1, 20, 1,000."""
    return f"{value:,.6g}".replace("-", "−")


def plain_axis(axis: Any) -> None:
    """Label an axis with plain numbers, no powers."""
    axis.set_major_formatter(FuncFormatter(plain_number_of))
    axis.set_minor_formatter(NullFormatter())


def ticks(axis: Any, places: Sequence[float]) -> None:
    """Set the ticks of a logarithmic axis, and no others between them."""
    axis.set_ticks(places, [plain_number_of(place) for place in places])
    axis.set_minor_locator(NullLocator())


def few(axis: Any, narrow: bool, wide: int = 8, small: int = 4) -> None:
    """Let an axis have no more ticks than its labels have room for."""
    axis.set_major_locator(matplotlib.ticker.MaxNLocator(small if narrow else wide))
    plain_axis(axis)


def apart(places: Sequence[float], least: float) -> list[float]:
    """The places, in their order, moved as little as needed to be `least` from each other."""
    order = sorted(range(len(places)), key=lambda k: places[k])
    groups: list[tuple[list[int], float]] = []  # members and the middle of their block
    for k in order:
        groups.append(([k], places[k]))
        while len(groups) > 1:
            (one, low), (two, high) = groups[-2:]
            if high - low >= least * (len(one) + len(two)) / 2:
                break
            members = one + two
            groups[-2:] = [(members, sum(places[m] for m in members) / len(members))]
    found = list(places)
    for members, middle in groups:
        for number, member in enumerate(members):
            found[member] = middle + (number - (len(members) - 1) / 2) * least
    return found
