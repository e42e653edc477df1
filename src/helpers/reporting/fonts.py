"""The Chinese font that plots, HTML and PDF share, and the glyphs that it has.

It is Noto Sans CJK SC cut down to the characters of GB 2312. A character that it lacks is an error
wherever it would be shown: a box in place of a name is no name.
"""

import base64
import io
import re
from pathlib import Path

from fontTools import subset, ttLib

REPORT_ASSETS = Path(__file__).parent / "assets"  # font, styles, templates and script of the reports
CHINESE_FONT = REPORT_ASSETS / "NotoSansCJKsc-subset.otf"
_CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uffef\U00020000-\U0003ffff]")


def asset(*names: str) -> str:
    """The text of files of the assets, one after the other."""
    return "".join((REPORT_ASSETS / name).read_text(encoding="utf-8") for name in names)


def missing_glyphs(text: str) -> str:
    """Chinese characters of a text that the font does not have, each once, in code-point order."""
    characters = set(_CHINESE.findall(text))
    known = ttLib.TTFont(CHINESE_FONT, lazy=True).getBestCmap() if characters else {}
    return "".join(sorted(c for c in characters if ord(c) not in known))


def require_glyphs(text: str) -> str:
    """`text` itself. Raises ValueError that names the characters for which there is no glyph."""
    missing = missing_glyphs(text)
    if missing:
        name = CHINESE_FONT.name
        raise ValueError(f"no glyph for {missing} in {name}: cut it anew from Noto Sans CJK SC with them")
    return text


def font_face(text: str) -> str:
    """CSS that brings the Chinese glyphs of `text` and no others, or nothing where it has none."""
    characters = sorted(set(_CHINESE.findall(text)))
    if not characters:
        return ""
    font = ttLib.TTFont(CHINESE_FONT, recalcTimestamp=False)
    cutter = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=True))
    cutter.populate(text="".join(characters))
    cutter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    codes = ", ".join(f"U+{ord(c):X}" for c in characters)
    data = base64.b64encode(buffer.getvalue()).decode()
    return (
        '@font-face { font-family: "Noto CJK subset"; '
        f'src: url("data:font/woff;base64,{data}") format("woff"); unicode-range: {codes}; }}'
    )
