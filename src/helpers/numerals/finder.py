"""Text to numerals: every digit and every number word, with its position.

`find` proposes where the numerals of any text are; it never decides what one means. `digit_runs` and
`number_words` are what a finished sheet must cover: every digit, and every number word that is no idiom.
"""

import re
from dataclasses import dataclass

from ..vocabulary import SCALE_WORDS
from .lexicon import (
    CARDINAL,
    COMPOUND,
    DECIMAL_DIGITS,
    DENOMINATORS,
    HUNDREDS,
    MULTIPLES,
    ONES,
    TEENS,
    TENS,
    any_of,
)
from .values import ends, number, word_value

# Number words that are no numerals, by the codebook: each is left alone wherever it stands.
IDIOMS = [
    r"one of\b",
    r"on (the )?one hand",
    r"one after another",
    r"first-class",
    r"third[- ]part(y|ies)|double[- ]digits?",
    r"all-in-one",
    r"one-stop",
    r"two-way",
    r"three-dimensional",
    r"once again",
    r"\b(was|were|is|are|the) once\b",  # once as "formerly"
    r"once (known|poor|was)\b",
    r"\bonce (the|it|they|we|you|this|these|completed|built|opened|fully)\b",  # once as "as soon as"
    r"quarter of (this|last|the) year",  # the quarter is the period; its ordinal is the numeral
    r"at once|second-hand|no one|one another|one by one",
    r"\b(this|that|each|the|which|any|every) one\b|\bone (can|must|may|should|could|who)\b",  # a pronoun
    r"per second|a split second|seconds? (ago|later)",  # the unit of time
    r"second to none|at first (glance|sight)",
]

_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth "
    "fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth "
    "firstly secondly thirdly fourthly fifthly"
).split()
_JOINTS = {"a", "an", "and", "of", "point", "several", "few", "many", "couple"}
_PLURALS = "tens dozens hundreds thousands millions billions trillions".split()


# -- digits ------------------------------------------------------------------------------------------

_LONGEST = 12  # words that one number is taken to have at most
_FORMS = re.compile(
    # what a form begins with, to pass over the rest quickly
    r"(?=[\d+\-−‑–½⅓⅔¼¾⅕-⅞①-⒛⓪-⓿❶-➓㈠-㈩Ⅰ-ⅿ¹²³⁰⁴-⁹])(?:"
    + "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in {
            "phone": r"\+\d{1,3}[ -]?(?:\(\d+\)[ -]?)?\d[\d -]{4,}\d"
            r"|\b0\d{2,3}-\d{7,8}(?:-\d+)?|\b\d{3,4}-\d{3,4}-\d{3,4}\b"
            r"|(?:(?<=Tel: )|(?<=Phone: )|(?<=Fax: ))\d[\d -]{4,}\d",
            "day": r"\b\d{4}(?P<joint>[-/.])\d{1,2}(?P=joint)\d{1,2}(?!\d)|\b\d{1,2}/\d{1,2}/\d{4}\b",
            "formula": r"\d+(?: ?\+ ?(?:\d+|[NXnx]\b))+\+?",
            "time": r"\b(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?"
            r"(?:[-–—~](?:[01]?\d|2[0-4]):[0-5]\d)?(?![\d:.]|\s*(?:ratio|odds))",
            "ratio": rf"{DECIMAL_DIGITS}[:：]{DECIMAL_DIGITS}(?:[:：]{DECIMAL_DIGITS})*",
            "power": r"\d+(?:[.]\d+)? ?[×x] ?10[⁻⁰¹²³⁴-⁹]+|\b10[⁻⁰¹²³⁴-⁹]+",
            "chain": r"\d+(?:[-–]\d+){2,}",
            "years": r"\b(?:19|20)\d{2}[-–—~～](?:19|20)\d{2}(?![\d-])|\b(?:19|20)\d{2}[-–/]\d{2}(?![\d/-])",
            "range": rf"(?<![\d.])(?<![A-Za-z]-){DECIMAL_DIGITS}"
            rf"(?:[-–—~～]| [-~–] ){DECIMAL_DIGITS}(?![\d-])",
            "mixed": r"\d+ \d+[/⁄]\d+(?![\d/])|\d+[\u00a0 ]?[½⅓⅔¼¾⅕-⅞]",
            "fraction": r"\d+[/⁄]\d+(?![\d/])|[½⅓⅔¼¾⅕-⅞]",
            "decade": r"\d{4}s\b|\d0s\b",
            "ordinal": r"\d+(?:,\d{3})*(?:st|nd|rd|th)\b",
            "label": r"\b\d+[GDAKVHP]\b",
            "chinese": r"\d+(?:\.\d+)?[十百千万亿]\d+[百千万]*|\d+(?:\.\d+)?[十百千]+(?=[万亿])",
            "number": r"(?:(?<![\w.)\]）%％’”-])[-−‑]|(?<=[\s(（])–(?!\d{4}\b))"
            rf"(?=\d){DECIMAL_DIGITS}|{DECIMAL_DIGITS}",
            "marker": r"[①-⒛⓪-⓿❶-➓㈠-㈩Ⅰ-ⅿ]",
            "note": r"(?<=[^\W\d_]{3})[¹²³⁰⁴-⁹]+|(?<=[\d.,;)”’\"])[¹²³⁰⁴-⁹]+",
        }.items()
    )
    + ")"
)  # fmt: skip

# -- number words ------------------------------------------------------------------------------------

_MANY = rf"{any_of(_PLURALS)}(?: of {any_of(_PLURALS)})"
_PARTS = {
    "rank": rf"(?:{CARDINAL}[ -]hundred(?: and)?[ -])?{any_of(TENS)}[ -]{any_of(_ORDINALS[:9])}",
    "decimal": rf"{CARDINAL} point(?: {any_of([*ONES, 'zero'])})+",
    "mixed": rf"{CARDINAL}[ -]and[ -]"
    rf"(?:a[ -](?:half|quarter|third)|{any_of(ONES)}[ -]{any_of(DENOMINATORS)})",
    "multiple": rf"half (?:a |an? )(?:dozen|hundred|{any_of(SCALE_WORDS)})",
    "fraction": rf"{any_of(ONES + TEENS)}[ -]{any_of(set(DENOMINATORS) - {'half', 'halves'})}"
    rf"(?![\w-]*[ -](?:party|place|prize))|{any_of(ONES)}[ -]hal(?:f|ves)"
    rf"|(?<=\ba ){any_of(set(DENOMINATORS) - {'half'})}(?= of\b)|half|halves",
    "vague": rf"(?:(?:several|a few|many|few|couple of) )(?:dozen|hundred|{any_of(SCALE_WORDS)})s?"
    rf"(?: of {any_of(_PLURALS)})?|{_MANY}*|ones|twos",
    "ordinal": any_of(_ORDINALS),
    "words": rf"{COMPOUND}|(?:{CARDINAL} )?dozen|(?<=\ba ){HUNDREDS}|hundred|thousand",
    "multiplied": rf"{any_of(set(MULTIPLES) - {'dozen', 'hundred', *SCALE_WORDS})}"
    rf"|(?:{CARDINAL}|hundred|thousand)[ -]?fold",
}
_WORDS = re.compile(
    r"\b(?=[a-fhm-qstz])(?<![^\W_])(?:"
    + "|".join(f"(?P<{name}>{part})" for name, part in _PARTS.items())
    + r")(?![^\W_])",
)
_IDIOMS = re.compile("|".join(IDIOMS))
_SCALED = re.compile(rf"(?:\d|{any_of(ONES + TEENS + TENS + ['hundred', *SCALE_WORDS])})[ -]$")

# -- Chinese -----------------------------------------------------------------------------------------

_HAN = "〇零一二三四五六七八九十百千两"
_COUNTED = (
    "年月日号天周时分秒岁代个位项家户人名次元倍成折届级类种批座条台辆亩斤吨米点度城省市县区镇村大期世季车"
)
_CHINESE = re.compile(
    rf"百分之[{_HAN}万]+(?:点[{_HAN}]+)?|[{_HAN}]+分之[{_HAN}]+"
    rf"|第[{_HAN}]+|[{_HAN}]*[{_HAN}](?:[万亿]+[{_HAN}]+)+[万亿]*|[{_HAN}]+点[{_HAN}]+"
    rf"|[{_HAN}]{{2,}}|[{_HAN}](?=[万亿{_COUNTED}、）)])"
)  # fmt: skip
_CHINESE_IDIOMS = re.compile(
    "[统唯专单如]一|(?<!分)之一|一[起定些样直般切致旦律下边面体流路]|进一步|一方面|一时间|一带一路"
    rf"|(?<![{_HAN}])(?:十分(?!之)|千万(?![元人吨])|万一)|三农|三亚|零售|零件|两岸"
)


@dataclass(frozen=True)
class Numeral:
    """A numeral: `text[start:end] == token`, offsets in code points; `form` says how it is written."""

    start: int
    end: int
    token: str
    form: str = ""


def find(text: str) -> list[Numeral]:
    """Every numeral of a text, in reading order, none overlapping another.

    All decimal digits of any script lie inside one. A range, a ratio, a formula such as `1+5+N`, a telephone
    number and a compound number word are one numeral each; the scale word after it, the unit, the sign of a
    currency and `%` stay outside. Exponents of units (`km²`) and indices of formulas are none. Forms: those
    of digits (number, range, years, ratio, formula, fraction, mixed, power, decade, ordinal, label, day,
    time, phone, chain, marker, note), of words (words, fraction, mixed, multiple, multiplied, ordinal, vague)
    and chinese.
    """
    found, taken = [], bytearray(len(text))
    for match in _FORMS.finditer(text):
        form = match.lastgroup or ""
        if form == "range" and not _ascends(match.group()):
            form = "chain"
        found.append(Numeral(match.start(), match.end(), match.group(), form))
        taken[match.start() : match.end()] = b"\1" * len(match.group())
    lower = _lower(text)
    idioms = _marked(_IDIOMS, lower)
    for match in _WORDS.finditer(lower):
        span = slice(*match.span())
        if not all(idioms[span]) and not any(taken[span]):
            found += _split(text, lower, match)
    idioms = _marked(_CHINESE_IDIOMS, text)
    for match in _CHINESE.finditer(text):
        span = slice(*match.span())
        if not any(idioms[span]) and not any(taken[span]):
            found.append(Numeral(match.start(), match.end(), match.group(), "chinese"))
    return sorted(found, key=lambda numeral: numeral.start)


def _lower(text: str) -> str:
    """`text` in lower case, every character at its place.

    Patterns that ignore case are several times slower.
    """
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def _marked(pattern: re.Pattern, text: str) -> bytearray:
    """One byte a character: 1 where it lies in a match."""
    marks = bytearray(len(text))
    for match in pattern.finditer(text):
        marks[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return marks


def _ascends(token: str) -> bool:
    """Whether both ends of a range state numbers, the second not below the first."""
    try:
        first, last = (number(end) for end in ends(token))
    except ValueError:
        return False
    return first <= last


def _split(text: str, lower: str, match: re.Match) -> list[Numeral]:
    """The numerals of a run of number words: as long as they make one number; the scale after it left out."""
    form, start, end = match.lastgroup or "", *match.span()
    if form != "words":
        return [Numeral(start, end, text[start:end], "ordinal" if form == "rank" else form)]
    if match.group() in SCALE_WORDS and _SCALED.search(lower, max(0, start - 12), start):
        return []  # the scale of the numeral before it
    words = [(w.start(), w.end()) for w in re.finditer(r"[^\W_]+", match.group())]
    parts, first = [], 0
    while first < len(words):
        for last in range(min(len(words), first + _LONGEST), first, -1):
            begin, stop = start + words[first][0], start + words[last - 1][1]
            if word_value(lower[begin:stop]) is not None:
                parts.append(_without_scale(text, begin, stop))
                break
        else:
            last = first + 1  # a joining "and"
        first = last
    return parts


def _without_scale(text: str, start: int, end: int) -> Numeral:
    token = text[start:end]
    shorter = re.fullmatch(rf"(.+?)[ -]{any_of(SCALE_WORDS)}", token, re.IGNORECASE)
    if shorter and not re.search(any_of(SCALE_WORDS), shorter[1], re.IGNORECASE):
        end = start + len(shorter[1])
    return Numeral(start, end, text[start:end], "words")


def digit_runs(text: str) -> list[Numeral]:
    """Every run of decimal digits, in any script, with the separators inside it."""
    return [Numeral(m.start(), m.end(), m.group()) for m in re.finditer(r"\d(?:[\d.,:]*\d)?", text)]


def number_words(text: str) -> list[Numeral]:
    """Every single English number word of the numerals that `find` finds: what a sheet must have a row for.

    They are taken one by one, since a row may hold more than `find` would put together, or a part of it.
    """
    return [
        Numeral(numeral.start + word.start(), numeral.start + word.end(), word.group())
        for numeral in find(text)
        if numeral.form in _PARTS and not any(c.isdecimal() for c in numeral.token)
        for word in re.finditer(r"[^\W_]+", numeral.token)
        if word.group().lower() not in _JOINTS
    ]
