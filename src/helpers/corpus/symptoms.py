"""What seems to have happened to a file or a cell that does not fit: other encodings, spreadsheets, odd
characters.

Messages use it to say more than that something is wrong. Nothing here mends or decides: what is not as the
codebook has it is refused, whatever it seems to have been.
"""

import datetime
import difflib
import re
import unicodedata

from ..vocabulary import DECIMAL, PERIOD, is_number, is_period, period_ends

SAVE_AS = {"csv": 'save it as "CSV UTF-8", comma delimited', "text": "save it as UTF-8 text"}
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16, little end first",
    b"\xfe\xff": "UTF-16, big end first",
}
_GUESSES = {"gb18030": "GB18030 (GBK)", "cp1252": "Windows-1252", "big5": "Big5"}
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}

_MADE = "a spreadsheet seems to have made {} of it"
_DATE = _MADE.format("a date")
_SHAPES = [
    (re.compile(pattern), said)
    for pattern, said in [
        (r"#(NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!)|Err:[0-9]+",
         "an error of a spreadsheet, which seems to have taken the cell for a formula"),
        (r"#{3,}", "what a spreadsheet shows of a cell that is too narrow: the value is lost"),
        (r"TRUE|FALSE", _MADE.format("a truth value")),
        (r"-?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+",
         "a spreadsheet seems to have shortened it; numbers and ids are written out"),
        (r"[0-9]{1,3}:[0-9]{2}(:[0-9]{2})?( [AP]M)?", _MADE.format("a time")),
        (r"[0-9]{1,2}[/.][0-9]{1,2}[/.]([0-9]{2}|[0-9]{4})", _DATE),
        (r"[0-9]{4}/[0-9]{1,2}(/[0-9]{1,2})?|[0-9]{1,2}/[0-9]{4}", _DATE),
        (r"[A-Z][a-z]{2,8}[- ][0-9]{2,4}|[0-9]{1,2}[- ][A-Z][a-z]{2,8}([- ][0-9]{2,4})?", _DATE),
        (r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+|[0-9]{4}年.*", _DATE),
        (r"[0-9]+\.0", "a program seems to have added the decimal"),
        (r"[=+@].+", "a formula to a spreadsheet; nothing here is computed"),
        (r"-?[0-9]+,[0-9]{1,2}|-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", "a decimal comma; write a point"),
    ]
]  # fmt: skip
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_NUMBERS = {"value", "low", "high", "step", "paragraph", "start", "end", "characters", "paragraphs", "digits"}
_OF_FILES = {"file", "encoding", "header", "row", "SHA-256"}  # faults that are not about a cell
_DASHES = set("‐‑‒–—―−")
_QUOTES = set("“”„‘’‚«»")
_BLANK = set("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs to Unicode, which show nothing
_UNSEEN = set("\u00ad\u200b\u200c\u200d\u2060\ufeff")
# Control characters, what stands for a byte that could not be read, what shows text in another order, and
# halves of characters, which no file can hold.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ufffd\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def encoding(content: bytes) -> str:
    """What the bytes of a text seem to be written in, for a message; empty if that is UTF-8.

    A mark at the beginning counts first, then the zero bytes of UTF-16, then a guess from the lines that are
    no UTF-8.
    """
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            return name
    start = content[:20_000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) / 20 and min(even, odd) * 20 < max(even, odd):
        return f"UTF-16, {'little' if odd > even else 'big'} end first"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end == len(content):
            return "UTF-8, cut off within its last character"
    else:
        return ""
    lines = content.splitlines()
    utf8 = [_decodes(line, "utf-8") for line in lines]
    foreign = b"\n".join(line for line, fits in zip(lines, utf8, strict=True) if not fits)[:100_000]
    name = _guess(foreign)
    mixed = any(fits and not line.isascii() for line, fits in zip(lines, utf8, strict=True))
    return f"{name} in some lines, UTF-8 in others" if mixed else name


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _guess(foreign: bytes) -> str:
    """The encoding of lines that are no UTF-8, or all that they may be where they are too few to tell."""
    possible = {name: words for name, words in _GUESSES.items() if _decodes(foreign, name)}
    if len(possible) > 1 and sum(byte > 127 for byte in foreign) >= 40:
        from charset_normalizer import from_bytes  # only needed, and only loaded, for a file that is refused

        best = from_bytes(foreign, cp_isolation=list(possible)).best()
        if best and best.encoding in possible:
            return possible[best.encoding]
    return " or ".join(possible.values()) or "damaged, or no text"


def forbidden(text: str) -> str:
    """The first character that no cell may hold, as `U+0000`.

    Control characters and such; empty if there is none.
    """
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def visible(text: str) -> str:
    """The characters of a text that show by themselves: no blanks, no marks on others, nothing hidden."""
    return "".join(c for c in text if unicodedata.category(c)[0] not in "ZCM" and c not in _BLANK)


def of_header(found: list[str], columns: list[str]) -> list[tuple[str, str]]:
    """What differs between the header of a table and its columns.

    Pairs of what is there and what it should be.
    """
    if len(found) == 1 and len(columns) > 1:
        for delimiter, name in _DELIMITERS.items():
            if len(set(found[0].split(delimiter)) & set(columns)) * 2 > len(columns):
                return [
                    (
                        found[0],
                        f"there must be commas between the cells, not {name}; in the spreadsheet, "
                        f"{SAVE_AS['csv']}",
                    )
                ]
    wanted = [name for name in columns if name not in found]
    others = [name for name in found if name not in columns]
    faults = []
    for name in list(wanted):
        plain = {_plain(other): other for other in others}
        near = difflib.get_close_matches(_plain(name), plain, 1, 0.7)
        if near:
            faults.append((plain[near[0]], f"it must be {name!r}, as this column is called"))
            wanted.remove(name)
            others.remove(plain[near[0]])
    if len(wanted) == len(columns):
        return [(",".join(found), f"it must be {','.join(columns)}")]
    faults += [("missing", f"a column {name!r} is needed") for name in wanted]
    faults += [(name, f"it must be one of the columns {', '.join(columns)}") for name in others]
    faults += [
        (name, "each column must be there only once")
        for name in dict.fromkeys(found)
        if found.count(name) > 1 and name in columns
    ]
    return faults or (
        [(",".join(found), f"it must have this order: {','.join(columns)}")] if found != columns else []
    )


def _plain(name: str) -> str:
    return name[:100].strip().casefold().replace(" ", "_").replace("-", "_")


def of_cell(column: str, value: str) -> str:
    """What seems to have happened to a cell that does not fit, in words; empty where nothing shows."""
    if column in _OF_FILES or not value or len(value) > 200:
        return ""
    inner = value.strip()
    said = [words for pattern, words in _SHAPES if pattern.fullmatch(inner)][:1]
    if column in ("period", "date"):
        said = _of_period(inner) or said
    if column in _NUMBERS and _THOUSANDS.fullmatch(inner):
        said = ["leave out the commas"]
    said += (
        ["at most 15 significant digits, and below 10^18"]
        if DECIMAL.fullmatch(inner) and not is_number(inner)
        else []
    )
    said += ["there are spaces around it"] if inner != value and inner else []
    said += ["nothing but spaces"] if not inner else []
    said += ["a spreadsheet marks text by the apostrophe before it"] if inner.startswith("'") else []
    odd = {
        "curly quotation marks": [c for c in value if c in _QUOTES],
        "a dash that is no hyphen": [
            c
            for c in value
            if c in _DASHES and (column, c) != ("measure", "−")  # the minus of formulas
        ],
        "digits other than 0 to 9": [c for c in value if c.isdigit() and not c.isascii()],
        "full-width letters or signs": [
            c for c in value if "\uff01" <= c <= "\uff5e" and not c.isdigit() or c == "\u3000"
        ],
        "a space that is no plain space": [
            c for c in value if unicodedata.category(c) == "Zs" and c not in " \u3000"
        ],
        "a character that does not show": [c for c in value if c in _UNSEEN],
    }
    said += [f"{what}, U+{ord(found[0]):04X}" for what, found in odd.items() if found]
    return "; ".join(said)


def _of_period(value: str) -> list[str]:
    if re.fullmatch("[2-6][0-9]{4}", value):
        day = datetime.date(1899, 12, 30) + datetime.timedelta(int(value))
        return [f"a spreadsheet counts days so: {value} is {day}"]
    if PERIOD.fullmatch(value) and not is_period(value):
        first, _, last = value.partition("/")
        gone = [part for part in (first, last) if part not in ("", "..") and not period_ends(part)]
        if gone:
            return [f"there is no {gone[0]}"]
        if not (is_period(first) and is_period(last)):
            return ["a year is not one of 1000 to 2100"]
        before = is_period(f"{last}/{first}")
        return ["its end is before its start" if before else "one of its ends is part of the other"]
    return []
