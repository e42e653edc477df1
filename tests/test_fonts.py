"""The Chinese font of the reports: the glyphs that it has, and those that a page carries."""

import base64
import io
import re

import pytest
from fontTools import ttLib

from helpers.reporting import fonts

LACKING = "𠀀𪚥"  # rare characters that GB 2312 has not


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", ""),
        ("Ganzhou, 416.9 billion – ½ é", ""),  # no Chinese: other fonts have it
        ("赣州（肇庆）：广东省", ""),
        (f"{LACKING[1]}赣{LACKING[0]}{LACKING[1]}", LACKING),  # each once, in code-point order
    ],
)
def test_characters_without_a_glyph_are_named(text, missing):
    assert fonts.missing_glyphs(text) == missing


def test_the_font_has_every_character_of_gb_2312():
    rows = [bytes([0xA0 + row, 0xA0 + cell]) for row in range(16, 88) for cell in range(1, 95)]
    characters = "".join(octets.decode("gb2312", "ignore") for octets in rows)
    assert len(characters) == 6763 and fonts.missing_glyphs(characters) == ""


def test_a_text_whose_glyphs_are_there_comes_back_and_any_other_is_refused():
    assert fonts.require_glyphs("Ganzhou (赣州)") == "Ganzhou (赣州)"
    with pytest.raises(ValueError, match=f"no glyph for {LACKING} in NotoSansCJKsc-subset.otf: cut it anew"):
        fonts.require_glyphs(f"赣州{LACKING}")


def test_a_page_carries_the_glyphs_that_it_shows_and_no_others():
    style = fonts.font_face("Ganzhou (赣州), 赣 again, 416.9 ½")
    assert style.startswith('@font-face { font-family: "Noto CJK subset"; src: url("data:font/woff;base64,')
    assert style.endswith('format("woff"); unicode-range: U+5DDE, U+8D63; }')
    data = re.search('base64,([^"]+)"', style)[1]
    font = ttLib.TTFont(io.BytesIO(base64.b64decode(data)))
    assert font.flavor == "woff" and set(font.getBestCmap()) == {ord("州"), ord("赣")}
    assert len(data) < 8000  # of 2 MB that the whole font has


def test_the_same_text_gives_the_same_font_and_none_without_chinese():
    assert fonts.font_face("肇庆 and 赣州") == fonts.font_face("赣州 · 肇庆")
    assert fonts.font_face("Ganzhou, 416.9") == ""
