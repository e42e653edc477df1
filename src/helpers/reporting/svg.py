"""The SVG that matplotlib writes, made fit for pages: small, its text as text, its colours those of the page.

Every colour of `PALETTE` becomes a property of CSS with the colour itself as fallback, so that a page turns
plots dark with itself and a viewer without a style sheet shows them as drawn. `plain` puts fixed colours and
fonts in again, for a PDF; `standalone` makes a file that follows the reader's scheme by itself.
"""

import itertools
import re
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr


class Colour(NamedTuple):
    """A colour in the light and in the dark scheme."""

    light: str
    dark: str


# By the names of the properties in `assets/page.css`.
PALETTE = {
    "ink": Colour("#1d1d1f", "#e8e8ea"),
    "soft": Colour("#55585c", "#a9adb3"),
    "line": Colour("#c9ccd1", "#45494f"),
    "paper": Colour("#ffffff", "#17181a"),
    "ok": Colour("#0b4f8a", "#8cc4ff"),  # consistent, and what a plot is about
    "tension": Colour("#a84300", "#f39a55"),  # in tension, and what is set against it
    "no": Colour("#6b7078", "#8d939c"),  # not checkable, and what is beside the point
    "bad": Colour("#7a1230", "#ff9db3"),  # contradicted
    "alt": Colour("#8e4a9e", "#cf9be0"),  # one group more
}
FONTS = 'system-ui, "Segoe UI", Roboto, Arial, "DejaVu Sans", "Noto CJK subset", sans-serif'
PRINT_FONTS = '"DejaVu Sans", "Noto Sans CJK SC"'
SIZE = 9  # points of text that says no other size
PIXELS = 100 / 72  # of a point, where a plot is shown as large as it was drawn
_NAMES = {colour.light: name for name, colour in PALETTE.items()}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?|[A-Za-z]")
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_PLACE = ("d", "cx", "cy", "r")  # where a shape is, all else is its look
_COPIED = ("stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "stroke-opacity")


def fit(source: str) -> str:
    """The SVG of a figure for a page: no background, no ids, no clipping, numbers to a tenth of a point.

    Raises ValueError for a colour that is not of `PALETTE`, and for what is not path, mark or text.
    """
    root = ElementTree.fromstring(source)
    marks = {path.get("id"): path for path in root.iter(f"{_SVG}path") if path.get("id")}
    width, height = (float(size) for size in root.get("viewBox", "").split()[2:])
    shapes = [shape for shape in _shapes(root, marks, {}, (width, height)) if shape]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_short(width)} {_short(height)}" '
        f'width="{width * PIXELS:.0f}" height="{height * PIXELS:.0f}" fill="currentColor" '
        f'font-family={quoteattr(FONTS)} font-size="{SIZE}" '
        'style="color:var(--ink,#1d1d1f);background:var(--paper,#ffffff)">\n'
        + "\n".join(_merged(shapes))
        + "\n</svg>\n"
    )


def plain(svg: str) -> str:
    """The plot with fixed colours on no background, in fonts that come with the project: for a PDF."""
    svg = svg.replace(quoteattr(FONTS), quoteattr(PRINT_FONTS)).replace("currentColor", PALETTE["ink"].light)
    return re.sub(r"var\(--\w+,(#\w+)\)", r"\1", svg.replace(";background:var(--paper,#ffffff)", ""))


def standalone(svg: str) -> str:
    """The plot as a file that is light or dark as its reader's machine asks."""
    dark = ";".join(f"--{name}:{colour.dark}" for name, colour in PALETTE.items())
    head, body = svg.split("\n", 1)
    return f"{head}\n<style>@media (prefers-color-scheme:dark){{svg{{{dark}}}}}</style>\n{body}"


def _shapes(node, marks: dict, style: dict[str, str], size: tuple[float, float]):
    """Each shape below a node as name, attributes and content, in the order of drawing."""
    style = style | _style(node)
    tag = node.tag.removeprefix(_SVG)
    if tag in ("svg", "g"):
        for child in node:
            yield from _shapes(child, marks, style, size)
    elif tag == "path":
        yield _path(_steps(node.get("d", "")), style, size)
    elif tag == "use":
        mark = marks[node.get(_HREF, "").removeprefix("#")]
        x, y = float(node.get("x", 0)), float(node.get("y", 0))
        moved = [
            (letter, [n + (x, y)[k % 2] for k, n in enumerate(at)]) for letter, at in _steps(mark.get("d"))
        ]
        yield _path(moved, _style(mark) | style, size)
    elif tag == "text":
        yield _text(node, style)
    elif tag not in ("defs", "metadata", "style", "clipPath"):
        raise ValueError(f"a plot holds a {tag}; only paths, marks and text are made fit for pages")


def _style(node) -> dict[str, str]:
    pairs = (pair.split(":", 1) for pair in node.get("style", "").split(";") if ":" in pair)
    return {name.strip(): value.strip() for name, value in pairs}


def _colour(value: str) -> str:
    if value == "none":
        return value
    name = _NAMES.get(value)
    if name is None:
        raise ValueError(f"{value} is no colour of svg.PALETTE")
    return "currentColor" if name == "ink" else f"var(--{name},{value})"


def _steps(d: str | None) -> list[tuple[str, list[float]]]:
    """A path as letters with their numbers; matplotlib writes them absolute, M, L, Q, C and z."""
    steps: list[tuple[str, list[float]]] = []
    for token in _NUMBER.findall(d or ""):
        if token.isalpha():
            steps.append((token, []))
        else:
            steps[-1][1].append(float(token))
    return steps


def _short(number: float, digits: int = 1) -> str:
    """A number without needless zeros."""
    text = f"{number:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{number:.0f}"
    return "0" if text in ("-0", "") else text


def _path(steps, style: dict[str, str], size: tuple[float, float]):
    """A path, or a circle where it is one, with its colours; nothing for the ground behind a figure."""
    look = _look(style)
    if not look or not steps:
        return None
    flat = [number for _, numbers in steps for number in numbers]
    across, down = flat[::2], flat[1::2]
    if "stroke" not in look and look.get("fill") == "var(--paper,#ffffff)":
        if max(across) - min(across) > size[0] / 2 or max(down) - min(down) > size[1] / 2:
            return None  # the ground of the figure or of its axes
    if "".join(letter for letter, _ in steps).lower() == "m" + "c" * 8 + "z":
        middle = [(max(part) + min(part)) / 2 for part in (across, down)]
        about = {
            "cx": _short(middle[0]),
            "cy": _short(middle[1]),
            "r": _short((max(across) - min(across)) / 2),
        }
        return "circle", about | look, ""
    return "path", {"d": _written(steps)} | look, ""


def _look(style: dict[str, str]) -> dict[str, str]:
    """The attributes of a style that differ from what SVG takes for granted; none for what is not seen."""
    fill = style.get("fill", "#1d1d1f")
    look = {} if fill == "#1d1d1f" else {"fill": _colour(fill)}
    if style.get("stroke", "none") != "none" and float(style.get("stroke-width", 1)) > 0:
        look["stroke"] = _colour(style["stroke"])
    look |= {name: style[name] for name in _COPIED if name in style}
    if "stroke" not in look:
        look = {name: value for name, value in look.items() if not name.startswith("stroke")}
        if fill == "none":
            return {}
    look.update({k: _rounded(v, 2) for k, v in look.items() if k in _COPIED})
    if look.get("stroke-width") == "1":
        del look["stroke-width"]
    return look or {"fill": "currentColor"}


def _rounded(text: str, digits: int) -> str:
    return " ".join(_short(float(number), digits) for number in re.split(r"[,\s]+", text.strip()))


def _written(steps) -> str:
    """The path in few letters: lines across and down by their end alone."""
    written, x, y = "", "", ""
    for letter, numbers in steps:
        pairs = [_short(number) for number in numbers]
        if letter == "L" and pairs[1] == y and pairs[0] != x:
            written += f"H{pairs[0]}"
        elif letter == "L" and pairs[0] == x:
            written += f"V{pairs[1]}" if pairs[1] != y else ""
        else:
            written += letter + " ".join(pairs)
        x, y = pairs[-2:] if pairs else (x, y)
    return written


def _text(node, style: dict[str, str]):
    """A line of text with what differs from the root."""
    font = re.match(r"(?:(italic|oblique) )?(?:(bold|\d00) )?([\d.]+)px", style.get("font", ""))
    size = float(style.get("font-size", font[3] + "px" if font else f"{SIZE}px").removesuffix("px"))
    weight = style.get("font-weight", (font[2] if font else "") or "")
    moved = re.match(r"translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)", node.get("transform", ""))
    x, y = (moved[1], moved[2]) if moved else (node.get("x", "0"), node.get("y", "0"))
    about = {"x": _short(float(x)), "y": _short(float(y))}
    if size != SIZE:
        about["font-size"] = _short(size)
    if weight in ("bold", "600", "700"):
        about["font-weight"] = "bold"
    if style.get("text-anchor", "start") != "start":
        about["text-anchor"] = style["text-anchor"]
    colour = _colour(style.get("fill", "#1d1d1f"))
    if colour != "currentColor":
        about["fill"] = colour
    turn = re.search(r"rotate\((-?[\d.]+)", node.get("transform", ""))
    if turn and float(turn[1]):
        about["transform"] = f"rotate({_short(float(turn[1]))} {about['x']} {about['y']})"
    return "text", about, escape("".join(node.itertext()))


def _merged(shapes):
    """The shapes written out; lines and marks of one look that follow each other become one path."""
    for _, alike in itertools.groupby(shapes, key=_looks):
        group = list(alike)
        if len(group) == 1 or group[0][0] == "text":
            yield from (_element(*shape) for shape in group)
        else:
            steps = "".join(_ring(about) if name == "circle" else about["d"] for name, about, _ in group)
            rest = {key: value for key, value in group[0][1].items() if key not in _PLACE}
            yield _element("path", {"d": steps} | rest, "")


def _looks(shape) -> tuple:
    """What two shapes have in common that may become one path; no filled area joins another."""
    name, about, _ = shape
    mark = name == "circle" or about.get("fill") == "none" or about.get("d", "").count("z") == 1
    return name, mark, *((key, value) for key, value in about.items() if key not in _PLACE)


def _ring(about: dict[str, str]) -> str:
    """A circle as steps of a path."""
    r = float(about["r"])
    half = f"a{about['r']} {about['r']} 0 1 0"
    across = _short(2 * r)
    return f"M{_short(float(about['cx']) - r)} {about['cy']}{half} {across} 0{half}-{across} 0z"


def _element(name: str, about: dict[str, str], content: str) -> str:
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in about.items())
    return f"<{name}{attributes}>{content}</{name}>" if content else f"<{name}{attributes}/>"
