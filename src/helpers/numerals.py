"""Text to numerals: every digit and every number word, with its position.

This finds; it never decides what a numeral means. The completeness check of the sheets uses it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from .vocabulary import NUMBER_WORDS

# Number words that are no numerals, by the codebook: each is left alone wherever it stands.
IDIOMS = [
    r"one of\b",
    r"on (the )?one hand",
    r"one after another",
    r"first-class",
    r"all-in-one",
    r"one-stop",
    r"two-way",
    r"three-dimensional",
    r"once again",
    r"\b(was|were|is|are|the) once\b",  # once as "formerly"
    r"once (known|poor|was)\b",
    r"quarter of (this|last|the) year",  # the quarter is the period; its ordinal is the numeral
    r"at once|second-hand|no one|one another|one by one",
]

_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand dozen tens hundreds thousands millions billions dozens ones twos"
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth "
    "fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth "
    "firstly secondly thirdly fourthly fifthly"
)
_OTHERS = "half halves quarter quarters thirds once twice thrice double triple quadruple twofold threefold fourfold fivefold tenfold"
_WORDS = re.compile(
    r"(?<![^\W_])(" + "|".join(f"{_CARDINALS} {_ORDINALS} {_OTHERS}".split()) + r")(?![^\W_])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d(?:[\d.,:]*\d)?")
_NUMBER = re.compile(r"([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,30})(\.[0-9]{1,30})?")
_IDIOMS = re.compile("|".join(IDIOMS), re.IGNORECASE)


@dataclass(frozen=True)
class Numeral:
    """A run of digits or a number word: `text[start:end] == token`, offsets in code points."""

    start: int
    end: int
    token: str


def digits(text: str) -> list[Numeral]:
    """Every run of decimal digits, in any script, with the separators inside it."""
    return [Numeral(m.start(), m.end(), m.group()) for m in _DIGITS.finditer(text)]


def words(text: str) -> list[Numeral]:
    """Every English number word that is not part of an idiom of `IDIOMS`."""
    idioms = [m.span() for m in _IDIOMS.finditer(text)]
    return [
        Numeral(m.start(), m.end(), m.group())
        for m in _WORDS.finditer(text)
        if not any(start <= m.start() and m.end() <= end for start, end in idioms)
    ]


def number(token: str) -> Decimal:
    """The value of a token by itself, without its scale: `2,584` is 2584, `2.67:1` is 2.67, `Half` is 50.

    Raises ValueError for a token that states no single number, commas out of place included.
    """
    word = token.lower()
    if word in NUMBER_WORDS:
        return Decimal(NUMBER_WORDS[word])
    digits = token.removesuffix(":1")
    if not _NUMBER.fullmatch(digits):
        raise ValueError(f"{token!r} states no single number")
    return Decimal(digits.replace(",", ""))
