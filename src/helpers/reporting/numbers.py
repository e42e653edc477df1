"""How a number is shown: no finer than its interval deserves, with commas, a scale word and its unit."""

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import pandas as pd

from ..vocabulary import QUALIFIER_WORDS, SCALE_WORDS, plain_number

SIGNIFICANT = 4  # digits shown at most of a number, whatever its uncertainty: the card has all of them
LEAST_SCALE = 10**6  # smaller numbers are written out
PRINTED = ("figure", "comparator")  # what somebody printed with its digits
# The finest step in which a number is shown that follows from others, by the kind of its unit, and why.
# A number that is smaller than the step keeps its first digit.
FINEST = {
    "rate": Decimal("0.1"),  # percent a year: statistical offices print one decimal
    "share": Decimal("0.1"),  # percent: as they do
    "multiple": Decimal("0.01"),  # ratios near one differ in the second decimal
    "measure": Decimal("0.01"),  # hours, people per workshop
}
MOST_DIGITS = {
    "multiple": 3,
    "measure": 3,
}  # of these no more digits than that, but whole numbers are written out
POINT, POINT_BELOW_ONE = Decimal("0.1"), Decimal("0.01")  # percentage points: differences of one decimal
SOURCE_DECIMALS = Decimal("0.01")  # of percentages that a source prints with up to seven decimals
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
    rounded = _rounded(value, step, direction) or Decimal(0)  # and no minus before 0
    return f"{rounded:,.{places}f}".replace("-", "−")


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
    table of units, or None for a plain number. A figure also has its `token`, whose digits it keeps, and
    what was `corrected`.
    """

    def __init__(self, kind: str, row: pd.Series, unit: pd.Series | None):
        self.kind, self.unit, self.qualifier = kind, unit, row.get("qualifier", "")
        self.token = "" if "token:" in str(row.get("corrected", "")) else str(row.get("token", ""))
        self.value, self.low, self.high = (
            Decimal(plain_number(row[name])) for name in ("value", "low", "high")
        )
        # whether the interval is one value, but for the last digit kept
        self.single = self.high - self.low <= abs(self.high) * Decimal("1e-9")
        if kind == "derived" and not self.single:
            ends = {self.low: "at_least", self.high: "at_most"}
            self.qualifier = ends.get(self.value, "")
        # the step in which the value and both ends of its interval are shown: one for all three
        self.step = self._step()

    def qualified(self) -> str:
        """The value with its unit, after the words that qualify it."""
        return f"{QUALIFIER_WORDS.get(self.qualifier, '')} {self.united()}".lstrip()

    def bare(self) -> str:
        """The value in base units, without scale word, unit or qualifier."""
        return grouped(self._shown(), self.step)

    def united(self) -> str:
        """The value with its scale word and unit."""
        return self._united(self._shown(), self.step)

    def full(self) -> str:
        """The value with its scale word and unit, and all digits that are known: for the card of a number."""
        return self._united(self.value, min(self.step, _last_digit(self.value)))

    def allowed(self) -> str:
        """The interval, its ends rounded outwards, with its unit; `exactly …` if it is one value.

        Only the value where the interval is narrower than the step, and so would say nothing.
        """
        if self.value == self.low == self.high == self._shown() and self._is_exact():
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

    def _united(self, value: Decimal, step: Decimal) -> str:
        factor, word = self._scale(value)
        return self._with_unit(grouped(value / factor, step / factor), word, plural=value != 1)

    def _shown(self) -> Decimal:
        """The value in its step; what is said to be the least or the most is rounded as that end is."""
        ways = {"at_least": ROUND_FLOOR, "at_most": ROUND_CEILING} if self.kind == "derived" else {}
        return _rounded(self.value, self.step, ways.get(self.qualifier, ROUND_HALF_EVEN))

    def _one_step(self) -> bool:
        """Whether the interval is narrower than the digits that are shown, so that it would say nothing."""
        return self.single or (self.kind != "figure" and self.high - self.low < self.step)

    def _is_exact(self) -> bool:
        """Whether one value stands for itself: of our statistics only counts, as others have been rounded."""
        count = self.unit is None or self.unit.kind == "count"
        return self.kind != "statistic" or count and self.value == self.value.to_integral()

    def _ends(self) -> tuple[str, str, str]:
        """Both ends of the interval, rounded outwards, and the word of their scale.

        Those of what was printed lie half a step beside it and have few digits: they have all of them.
        """
        factor, word = self._scale(self.high)
        step = self.step
        if self.kind in PRINTED:
            least = min(_exponent((end / factor).normalize()) for end in (self.low, self.high))
            step = Decimal(1).scaleb(min(0, least)) * factor
        ends = [
            _rounded(end, step, way) for end, way in ((self.low, ROUND_FLOOR), (self.high, ROUND_CEILING))
        ]
        low, high = (grouped(end / factor, step / factor) for end in ends)
        return low, high, word

    def _step(self) -> Decimal:
        """The step in which all is shown, by what is known and by what it means."""
        given, width = _last_digit(self.value), self.high - self.low
        if self.kind in ("figure", "constant"):  # the digits that were printed
            return min(self._token_step(), given)
        if self.kind == "comparator":  # the interval of a source says how many digits it prints
            return max(Decimal(1).scaleb(width.adjusted()) if width else given, self._least_of_source())
        if not width and (self.kind == "statistic" or self.value == self.value.to_integral()):
            return given  # counts and limits have the digits that they were given
        if not width:
            return max(given, self._digits(SIGNIFICANT), self._finest())
        step = shown_step(float(self.value), float(self.low), float(self.high))
        if self.kind == "statistic" and self._of_counts():
            step = min(step, self._digits(2))
        elif 1 <= width / step < 10 or self.kind == "statistic" and self._points():
            step /= 10
        step = max(step, self._digits(SIGNIFICANT), self._finest())
        return max(step, given) if self.kind == "statistic" and self.unit is None else step

    def _of_counts(self) -> bool:
        """Whether a statistic is a share of counts or an agreement, which deserve two digits."""
        return self.unit is None or self.unit.kind == "share" and not self._points()

    def _token_step(self) -> Decimal:
        """One unit of the last decimal of the token, in base units; 0 decimals say nothing of their own."""
        found = re.match(r"([\d,]+)(\.\d+)", self.token)
        number = Decimal(found[0].replace(",", "")) if found else Decimal(0)
        if found is None or not number or not self.value:
            return Decimal("Infinity")
        factor = self.value / number
        scaled = factor.normalize().as_tuple().digits == (1,)  # else the token is not this value, but scaled
        return factor.scaleb(1 - len(found[2])) if scaled else Decimal("Infinity")

    def _digits(self, number: int) -> Decimal:
        """The step that leaves the value so many digits; whole numbers are not rounded."""
        step = Decimal(1).scaleb((self.value or self.high).adjusted() - number + 1)
        return min(step, Decimal(1)) if number < SIGNIFICANT else step

    def _points(self) -> bool:
        return self.unit is not None and self.unit.plural == "percentage points"

    def _finest(self) -> Decimal:
        """The finest step that what the number means deserves."""
        if self.unit is None or not (self.value or self.high):
            return Decimal(0)
        if self._points():
            finest = POINT_BELOW_ONE if abs(self.value) < 1 else POINT
        else:
            finest = FINEST.get(self.unit.kind, Decimal(0))
            if self.unit.kind in MOST_DIGITS:
                finest = max(finest, self._digits(MOST_DIGITS[self.unit.kind]))
        small = self.high - self.low < finest  # so that not even one digit might be left
        return min(finest, self._digits(1)) if small else finest

    def _least_of_source(self) -> Decimal:
        """The finest step in which the value of a source is shown."""
        kind = "" if self.unit is None else self.unit.kind
        if kind in ("rate", "share"):
            return SOURCE_DECIMALS
        return self._digits(SIGNIFICANT) if kind == "money" else Decimal(0)

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
    """One unit of the last digit of a number that is not 0; 1 for 0."""
    return Decimal(1).scaleb(_exponent(value.normalize())) if value else Decimal(1)


def _rounded(value: Decimal, step: Decimal, direction: str) -> Decimal:
    return (value / step).quantize(Decimal(1), rounding=direction) * step
