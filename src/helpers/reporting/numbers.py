"""How a number is shown: no finer than its interval deserves, with commas, a scale word and its unit."""

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import pandas as pd

from ..vocabulary import QUALIFIER_WORDS, SCALE_WORDS, plain_number

SIGNIFICANT = 4  # digits shown at most of a number that nobody printed
SOURCE_DIGITS = 6  # digits shown at most of a comparator
LEAST_SCALE = 10**6  # smaller numbers are written out
PRINTED = ("figure", "comparator")  # what somebody printed with its digits
# The finest step in which a number that nobody printed is shown, by what it means. Percentages below one have
# a digit more, and percentage points always have two.
FINEST = {"share": Decimal("0.1"), "rate": Decimal("0.1"), "multiple": Decimal("0.01")}
BELOW_ONE = ("share", "rate")
FINEST_POINT = Decimal("0.01")
# What may mean something in Markdown wherever it stands, and what is set as dashes, dots or quotation marks;
# the apostrophe within a word is left to be set as one.
_MARKUP = re.compile(
    r"""[\\`*_{}\[\]<>&#|~$^@!"]|(?<![^\W\d_])'|'(?![^\W\d_])|-(?=-)|(?<=-)-|\.(?=\.)|(?<=\.)\."""
)
_ENTITIES = "&<>\\"  # of these, the signs for which a backslash is not enough everywhere
_BEGINS = re.compile(r"^(\(?\w*)([-+:%=.)])(?=[ :=]|$)")  # what may begin a list or another block


def shown_step(value: float, low: float, high: float, significant: int = SIGNIFICANT) -> Decimal:
    """The finest decimal step in which a value is shown: the first digit of its uncertainty.

    Half the width of the interval counts as uncertainty: 0.21 gives 0.1. An exact whole number is
    shown whole; nothing else is shown with more than `significant` digits.
    """
    if low == high == value and float(value).is_integer():
        return Decimal(1)
    exponent = math.floor(math.log10(abs(value))) - significant + 1 if value else -significant
    if high - low > 0:
        exponent = max(exponent, math.floor(math.log10((high - low) / 2) + 1e-9))
    return Decimal(1).scaleb(exponent)


def grouped(value: Decimal, step: Decimal, direction: str = ROUND_HALF_EVEN) -> str:
    """`value` rounded to `step`, with commas between thousands and the decimals of the step."""
    places = max(0, -_exponent(step.normalize()))
    return f"{(value / step).quantize(Decimal(1), rounding=direction) * step:,.{places}f}".replace("-", "−")


def escaped(text: object) -> str:
    """Text of a table, such as a name, as Markdown that shows it letter by letter and runs nothing."""
    line = _MARKUP.sub(
        lambda sign: _entity(sign[0]) if sign[0] in _ENTITIES else f"\\{sign[0]}", " ".join(str(text).split())
    )
    return _BEGINS.sub(r"\1\\\2", line)


def quoted(text: object) -> str:
    """Text of a table as the value of an attribute, in quotation marks, within Markdown or HTML."""
    return '"' + re.sub(r"[^\w\s.,;:()/-]", lambda sign: _entity(sign[0]), " ".join(str(text).split())) + '"'


def _entity(sign: str) -> str:
    return f"&#{ord(sign)};"


class Quantity:
    """A value with its interval in base units, and how both are shown.

    `kind` is that of the id in `Evidence`, `row` has value, low and high, and `unit` is a row of the
    table of units, or None for a plain number.
    """

    def __init__(self, kind: str, row: pd.Series, unit: pd.Series | None):
        self.kind, self.unit, self.qualifier = kind, unit, row.get("qualifier", "")
        self.value, self.low, self.high = (
            Decimal(plain_number(row[name])) for name in ("value", "low", "high")
        )
        # whether the interval is one value, but for the last digit kept
        self.single = self.high - self.low <= abs(self.high) * Decimal("1e-9")

    def qualified(self) -> str:
        """The value with its unit, after the words that qualify it."""
        key = self.qualifier
        if self.kind == "derived" and not self.single:
            key = "at_least" if self.value == self.low else "at_most" if self.value == self.high else ""
        return f"{QUALIFIER_WORDS.get(key, '')} {self.united()}".lstrip()

    def bare(self) -> str:
        """The value in base units, without scale word, unit or qualifier."""
        return grouped(self.value, self._step())

    def united(self) -> str:
        """The value with its scale word and unit."""
        factor, word = self._scale(self.value)
        step = self._step() / factor
        if self.kind == "figure" or (self.low == self.high and (self.kind != "statistic" or factor > 1)):
            step = _last_digit((self.value / factor).normalize())  # all digits, and no zero after them
        return self._with_unit(grouped(self.value / factor, step), word, plural=self.value != 1)

    def allowed(self) -> str:
        """The interval, its ends rounded outwards, with its unit; `exactly …` if it is one value."""
        if self.value == self.low == self.high:
            return f"{QUALIFIER_WORDS['exactly']} {self.united()}"
        if self._one_step():
            return self.united()
        low, high, word = self._ends()
        return self._with_unit(f"{low} to {high}", word)

    def end(self, which: int) -> str:
        """The low (0) or the high (1) end of the interval with its unit."""
        if self._one_step():
            return self.united()
        *ends, word = self._ends()
        return self._with_unit(ends[which], word)

    def _one_step(self) -> bool:
        """Whether the interval is narrower than the digits that are shown, so that it would say nothing."""
        return self.single or (self.kind != "figure" and self.high - self.low < self._step())

    def _ends(self) -> tuple[str, str, str]:
        """Both ends of the interval, rounded outwards, and the word of their scale."""
        factor, word = self._scale(self.high)
        low, high = self.low / factor, self.high / factor
        if self.kind in PRINTED:  # the ends of what was printed have few digits: all of them
            few = [f"{end.normalize():,f}".replace("-", "−") for end in (low, high)]
            return few[0], few[1], word
        step = self._step() / factor
        return grouped(low, step, ROUND_FLOOR), grouped(high, step, ROUND_CEILING), word

    def _step(self) -> Decimal:
        """The step in which the value and both ends of its interval are shown: one for all three."""
        if self.kind in ("figure", "constant"):  # printed: all digits that were
            return _last_digit(self.value)
        width = self.high - self.low
        if self.kind == "comparator":  # printed too, but some sources print more digits than are read
            least = Decimal(1).scaleb(self.value.adjusted() - SOURCE_DIGITS + 1)
            return max(least, Decimal(1).scaleb(width.adjusted()) if width else _last_digit(self.value))
        step = shown_step(float(self.value), float(self.low), float(self.high))
        if self.kind == "statistic" and (not width or self.qualifier):  # the digits that it was given
            return max(step, _last_digit(self.value.normalize()))
        if width and (self.kind == "statistic" or 1 <= width / step < 10):
            step /= 10
        return max(step, self._finest())

    def _finest(self) -> Decimal:
        """The finest step that what the number means deserves."""
        if self.unit is None:
            return Decimal(0)
        if self.unit.plural == "percentage points":
            return FINEST_POINT
        finest = FINEST.get(self.unit.kind, Decimal(0))
        return finest / 10 if self.unit.kind in BELOW_ONE and abs(self.value) < 1 else finest

    def _scale(self, value: Decimal) -> tuple[Decimal, str]:
        if self.unit is not None and self.unit.kind in ("money", "count"):
            for word, factor in reversed(SCALE_WORDS.items()):
                if abs(value) >= factor >= LEAST_SCALE:
                    return factor, word
        return Decimal(1), ""

    def _with_unit(self, text: str, word: str, plural: bool = True) -> str:
        name = "" if self.unit is None else self.unit.plural if plural else self.unit.singular
        name = name.replace("%", "percent") if name.startswith("%") else name
        return " ".join(part for part in (text, word, name) if part)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)  # else it is no finite number
    return exponent


def _last_digit(value: Decimal) -> Decimal:
    """One unit of the last digit of a number, or 1 where that is larger."""
    return Decimal(1).scaleb(min(_exponent(value), 0))
