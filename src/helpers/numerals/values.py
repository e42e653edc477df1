"""The number that a token states by itself, without its scale."""

import functools
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from text_to_num import text2num

from .lexicon import (
    CARDINAL,
    COMPOUND,
    DECIMAL_DIGITS,
    DENOMINATORS,
    HAN_DIGITS,
    HAN_UNITS,
    HUNDREDS,
    MULTIPLES,
    ONES,
    TEENS,
    TENS,
    any_of,
)

_PLACES = (
    {"first": 1, "second": 2}
    | {
        word: number
        for word, number in DENOMINATORS.items()
        if re.fullmatch("third|.*th", word) and number <= 20
    }
    | {f"{teen}th": number for number, teen in enumerate(TEENS, 10)}
)
_PLACES |= {f"{ten.removesuffix('y')}ieth": 10 * number for number, ten in enumerate(TENS, 2)}
_MINUS = str.maketrans("−‑–", "---")
_NUMBER = re.compile(
    r"[-−‑–]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,3}([\u00a0\u2009\u202f][0-9]{3})+|[0-9]{1,30})(\.[0-9]{1,30})?"
)
_RANGE = re.compile(rf"({DECIMAL_DIGITS})(?:[-–—~～]| [-~–] )({DECIMAL_DIGITS})")


def number(token: str) -> Decimal:
    """The value of a token by itself, without its scale: `2,584` is 2584, `2.67:1` is 2.67, `Half` is 50.

    A simple fraction is a share in percent, to one decimal; one that is part of a mixed number is not.
    Raises ValueError for a token that states no single number: ranges, formulas, times of day, vague words,
    ordinals, commas out of place.
    """
    for value in (_digit_value, word_value, _chinese_value):
        found = value(token)
        if found is not None:
            return found
    raise ValueError(f"{token!r} states no single number")


def ordinal(token: str) -> int:
    """The place that an ordinal states: `40th` is 40, `second` and `Secondly` are 2, `twenty-first` is 21.

    Raises ValueError for a token that is no ordinal.
    """
    words = token.lower().removesuffix("ly")
    if digits := re.fullmatch("([0-9]{1,9})(st|nd|rd|th)", words):
        return int(digits[1])
    tens, _, last = words.rpartition("-")
    if last in _PLACES and (not tens or (tens in TENS and _PLACES[last] < 10)):
        return _PLACES[last] + (10 * (TENS.index(tens) + 2) if tens else 0)
    raise ValueError(f"{token!r} states no place")


def ends(token: str) -> list[str]:
    """The two numbers of a range such as `5-6`, as tokens; the token itself if it is none."""
    match = _RANGE.fullmatch(token)
    return [match[1], match[2]] if match else [token]


def fraction_step(token: str) -> Decimal | None:
    """What one unit of the last digit is to a fraction; None for any other token.

    Ten percent for a simple one, which is a share (`half`, `two-fifths`, `¾`), but never more than itself;
    for a mixed one the part that its denominator names: a half for `one and a half`.
    """
    simple = _fraction(token.lower())
    if simple is not None:
        return min(Decimal(10), _percent(simple))
    part = _mixed(token.lower())
    return None if part is None else 1 / Decimal(part[1].denominator)


def _percent(fraction: Fraction) -> Decimal:
    percent = Decimal(100 * fraction.numerator) / fraction.denominator
    smallest = Decimal("0.1") if percent >= 1 else Decimal(1).scaleb(percent.adjusted() - 2)
    return percent.quantize(smallest).normalize() + 0


def _plain_digits(token: str) -> str:
    """The token with decimal digits of any script as 0 to 9, and full-width separators as plain ones."""
    if token.isascii():
        return token
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else {"，": ",", "．": "."}.get(c, c) for c in token
    )


_SIMPLE = re.compile(r"([0-9]{1,4})[/⁄]([0-9]{1,4})")
_WORD_FRACTION = re.compile(rf"(?:({any_of(ONES + TEENS)}|a)[ -])?({any_of(DENOMINATORS)})")
_MIXED = re.compile(rf"({CARDINAL})[ -]and[ -](.+)|([0-9]{{1,9}})[ \u00a0]?(.+)")
_POWER = re.compile(r"(?:([0-9]+(?:\.[0-9]+)?) ?[×x] ?)?10([⁻⁰¹²³⁴-⁹]{1,3})")


def _fraction(token: str) -> Fraction | None:
    if len(token) == 1 and unicodedata.name(token, "").startswith("VULGAR FRACTION"):
        return Fraction(unicodedata.numeric(token)).limit_denominator(100)
    if simple := _SIMPLE.fullmatch(token):
        top, bottom = int(simple[1]), int(simple[2])
        return Fraction(top, bottom) if 0 < top < bottom else None
    if worded := _WORD_FRACTION.fullmatch(token):
        top = 1 if worded[1] in (None, "a") else text2num(worded[1], "en")
        bottom = DENOMINATORS[worded[2]]
        return Fraction(top, bottom) if 0 < top < bottom else None
    if "分之" in token and not token.startswith("百分之"):
        below, above = (_han(part) for part in token.split("分之", 1))
        if above and below and 0 < above < below and above % 1 == below % 1 == 0:
            return Fraction(int(above), int(below))
    return None


def _mixed(token: str) -> tuple[Decimal, Fraction] | None:
    """The whole and the fraction of a mixed number such as `one and a half` or `2½`."""
    mixed = _MIXED.fullmatch(_plain_digits(token))
    part = _fraction(re.sub("^a[ -]", "", mixed[2] or mixed[4])) if mixed else None
    if mixed is None or part is None:
        return None
    return Decimal(mixed[3] or text2num(mixed[1], "en")), part


def _digit_value(token: str) -> Decimal | None:
    plain = _plain_digits(token)
    ratio = plain.replace("：", ":").removesuffix(":1")
    if _NUMBER.fullmatch(ratio):
        return Decimal(re.sub(r"[,\u00a0\u2009\u202f]", "", ratio).translate(_MINUS))
    if power := _POWER.fullmatch(plain):
        return Decimal(power[1] or 1).scaleb(int(unicodedata.normalize("NFKC", power[2]).replace("−", "-")))
    if (fraction := _fraction(plain)) is not None:
        return _percent(fraction)
    return None


@functools.lru_cache(maxsize=10_000)  # a run of number words is looked at in many parts
def word_value(token: str) -> Decimal | None:
    """The value of English number words; None for words that state no single number."""
    token = re.sub(r"\s+", " ", token.lower())
    if token in MULTIPLES:
        return Decimal(MULTIPLES[token])
    if (fraction := _fraction(token)) is not None:
        return _percent(fraction)
    if (mixed := _mixed(token)) is not None:
        return (
            (mixed[0] + Decimal(mixed[1].numerator) / mixed[1].denominator)
            .quantize(Decimal("0.0001"))
            .normalize()
        )
    if decimal := re.fullmatch(rf"({CARDINAL}) point((?: {any_of([*ONES, 'zero'])})+)", token):
        digits = "".join(str(text2num(word, "en")) for word in decimal[2].split())
        return Decimal(f"{text2num(decimal[1], 'en')}.{digits}")
    if multiple := re.fullmatch(r"half an? (\w+)", token):
        return Decimal(MULTIPLES[multiple[1]]) / 2 if multiple[1] in MULTIPLES else None
    if many := re.fullmatch(rf"({CARDINAL}) dozen", token):
        return Decimal(12 * text2num(many[1], "en"))
    if fold := re.fullmatch(rf"({CARDINAL}|hundred|thousand)[ -]?fold", token):
        return word_value(fold[1])
    if re.fullmatch(HUNDREDS, token):
        token = f"one {token}"
    if not re.fullmatch(COMPOUND, token):
        return None
    try:
        return Decimal(text2num(token.replace("-and-", " and "), "en"))
    except ValueError:
        return None


def _han(token: str) -> Decimal | None:
    """The value of a Chinese numeral: positions (二〇二一) or units (三千五百万), with digits among them."""
    whole, _, decimals = token.partition("点")
    if decimals and any(c not in HAN_DIGITS for c in decimals):
        return None
    if whole and all(c in HAN_DIGITS for c in whole):
        if 1 < len(whole) < 4 and not set(whole) & set("〇零"):
            return None  # 两三 is two or three
        value: Decimal | None = Decimal("".join(str(HAN_DIGITS[c]) for c in whole))
    else:
        value = _han_units(whole)
    if value is None or not decimals:
        return value
    return value + Decimal("0." + "".join(str(HAN_DIGITS[c]) for c in decimals))


def _han_units(token: str) -> Decimal | None:
    """The value of 三千五百万 and the like.

    None for what is put together in no such way, or left in speech (三万五).
    """
    total = section = Decimal(0)
    current, zero, unit, smallest = None, False, 0, 10**13  # unit: the last one before this place
    for part in re.findall(r"[\d.]+|.", token):
        if part[0].isdecimal() or part in HAN_DIGITS:
            if current is not None or part.count(".") > 1:
                return None
            value = Decimal(_plain_digits(part)) if part[0].isdecimal() else Decimal(HAN_DIGITS[part])
            current, zero = (value, zero) if value else (None, True)
        elif part in ("万", "亿"):
            size = HAN_UNITS[part]
            if size >= smallest or not (section or current) or _bare(current, unit, zero):
                return None
            total += (section + (current or 0)) * size
            section, current, zero, unit, smallest = Decimal(0), None, False, size, size
        elif part in HAN_UNITS:
            size = HAN_UNITS[part]
            if (current is None and size > 10) or (section and unit and size >= unit):
                return None
            section += (1 if current is None else current) * size
            current, zero, unit = None, False, size
        else:
            return None
    if _bare(current, unit, zero) or not (total or section or current):
        return None
    return total + section + (current or 0)


def _bare(current: Decimal | None, unit: int, zero: bool) -> bool:
    """Whether a digit stands right after a unit but the next greater one: 三万五 is 35,000 in speech."""
    return current is not None and not zero and current < 10 and unit > 10


def _chinese_value(token: str) -> Decimal | None:
    if token.startswith("百分之"):
        return _han(token.removeprefix("百分之"))
    if "分之" in token:
        fraction = _fraction(token)
        return None if fraction is None else _percent(fraction)
    return (
        _han(token)
        if token and all(c in HAN_DIGITS or c in HAN_UNITS or c in ".点" or c.isdecimal() for c in token)
        else None
    )
