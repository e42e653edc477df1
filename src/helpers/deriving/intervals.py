"""What a printed number allows: its value, and the interval of the true values that would be printed so.

The rules are data: `interval_rules.csv` has three sets of them, `narrow`, `usual` and `wide`, each rule with
its reason and with what it rests on. A rule says for each qualifier how many steps the true value may lie
below and above the number. A step is one unit of the last significant digit: the last printed decimal, or of
a whole number the last digit that is no zero.

- Zeros at the end of a whole number, or a scale word after one, hide which digit is significant. There a step
  is at most `coarse` percent of the number, but without a scale word never less than one.
- Whatever the digits, a step is at least `fine` percent of a hedged number.
- A step of "half" is ten percent and that of "one and a half" a half (`numerals.values.fraction_step`).
- Where quantities are told in halves (hours, by `units.csv`), whole numbers up to the tens and halves have a
  step of a half. `half_steps` says which others may be rounded so: numbers of a text from Chinese that are so
  many and a half 万 or 亿, or all that end in 5, but with a step of `coarse` percent at most.
- `wan_grid`: a text from Chinese prints 10 to 99 whole 万, or 亿, to one of them.
- `counts` says which plain counts without a scale word are exact. What a rule or a plan sets (status `policy`
  or `target`) is exact if it is plain.
- By the narrow rules `less_than`, `at_most` and `at_least` reach one step. By the others the first two go
  down to nought, and `at_least` up to what the quantity can be by nature
  (`indicators.csv`, column `most`), else to `factor` times the number.

No interval goes below nought for a number without a minus sign, nor beyond what the quantity can be. A range
such as `5-6` goes from its first number to its last, with the finer of their steps, by the same rules; its
last number decides whether it is a plain count. Its middle is its value for want of a better one.
"""

import csv
import functools
from decimal import Decimal, localcontext
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..corpus.relations import EXACT
from ..numerals.values import ends, fraction_step, number
from ..vocabulary import QUALIFIERS, SCALES, is_number, plain_number

_WAN, _YI = SCALES["wan"], SCALES["yi"]
SET_BY_RULE = ("policy", "target")  # statuses of plain numbers that are what a rule or a plan sets


class Print(NamedTuple):
    """A number as it is printed, and what its interval depends on besides."""

    token: str
    scale: str  # a key of SCALES
    kind: str  # of its unit, a key of UNIT_KINDS
    qualifier: str  # a key of QUALIFIERS
    status: str  # a key of STATUSES
    most: str = ""  # what the quantity can be at most by nature
    halves: bool = False  # whether quantities of its unit are told in halves
    chinese: bool = False  # whether the text is translated from Chinese


class IntervalRule(NamedTuple):
    """One rule of a set: a row of `interval_rules.csv`."""

    below: str  # in steps, or `all`
    above: str
    coarse: str  # in percent of the number
    fine: str
    factor: str
    applies: str  # of `counts`, `half_steps` and `wan_grid`: where
    reason: str
    source: str


class RuleSet(NamedTuple):
    """A named set of rules, by case: a qualifier, `counts`, `half_steps` or `wan_grid`.

    For sensitivity plain numbers may be taken as cut instead of rounded, and with whole steps for half ones.
    """

    name: str
    cases: dict[str, IntervalRule]
    cut: bool = False
    whole: bool = False


@functools.cache
def _all_rules() -> dict[str, dict[str, IntervalRule]]:
    found: dict[str, dict[str, IntervalRule]] = {}
    table = Path(__file__).with_name("interval_rules.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        name, case = row.pop("rules"), row.pop("case")
        found.setdefault(name, {})[case] = IntervalRule(**row)
    return found


def rule_set(name: str, cut: bool = False, whole: bool = False) -> RuleSet:
    """A rule set by its name, `narrow`, `usual` or `wide`. Raises ValueError for any other name."""
    if name not in _all_rules():
        raise ValueError(f"rules must be one of {', '.join(_all_rules())}, not {name!r}")
    return RuleSet(name, _all_rules()[name], cut, whole)


RULE_SETS = tuple(_all_rules())
USUAL = rule_set("usual")


def step(token: str) -> Decimal:
    """One unit in the last significant digit of a token, before its scale is applied."""
    part = fraction_step(token)
    if part is not None:
        return part
    _, digits, exponent = number(token).as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{token} is no finite number")
    if exponent < 0:
        return Decimal(1).scaleb(exponent)
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0")) if any(digits) else 0
    return Decimal(1).scaleb(zeros)


def step_of(token: str, printed: Print, rules: RuleSet) -> Decimal:
    """The step of one number of a print in base units, by a rule set."""
    factor, rule = SCALES[printed.scale], rules.cases[printed.qualifier]
    value, last_digit = abs(number(token)) * factor, step(token) * factor
    unit = last_digit
    if fraction_step(token) is None:
        least = Decimal(0) if printed.scale else Decimal(1)
        hidden = unit >= factor if printed.scale else unit > 1  # which digits count
        if hidden:
            unit = min(unit, max(value * Decimal(rule.coarse) / 100, least))
        if printed.chinese and rules.cases["wan_grid"].applies == "yes":
            unit = min([unit, *(whole for whole in (_WAN, _YI) if 10 * whole <= value < 100 * whole)])
        if printed.halves and last_digit <= 1 and value * 2 % 1 == 0:
            unit = Decimal(1) / 2
        else:
            most = value * Decimal(rule.coarse) / 100
            half = _half_step(value, last_digit, printed.chinese, rules.cases["half_steps"].applies)
            unit = max(unit, min(half, most))
    return max(unit, value * Decimal(rule.fine) / 100)


def _half_step(value: Decimal, last_digit: Decimal, chinese: bool, applies: str) -> Decimal:
    """The step of a number that may be rounded to halves of the next digit; nought for any other."""
    if applies == "nothing" or not value:
        return Decimal(0)
    if applies == "every 5" and value / last_digit % 10 == 5:
        return 5 * last_digit
    large = _YI if value >= _YI else _WAN
    return large / 2 if chinese and value >= large and value % large == large / 2 else Decimal(0)


def interval(printed: Print, rules: RuleSet = USUAL) -> tuple[Decimal, Decimal, Decimal]:
    """Value, low and high of a print in base units by a rule set, exact to the digit.

    Raises ValueError for a token that is no number or no range that ascends, one of more digits than are
    computed with, a scale where there can be none, and a number above what the quantity can be.
    """
    token, scale, kind, qualifier, status, *_ = printed
    if scale and kind in ("share", "rate", "multiple"):
        raise ValueError(f"a {kind} has no scale, such as {scale}")
    if scale and set(token) & set("万亿"):
        raise ValueError(f"the scale of {token} stands in it already")
    with localcontext(prec=EXACT):
        factor = SCALES[scale]
        first, last = (number(end) * factor for end in (ends(token) * 2)[:2])
        if first > last:
            raise ValueError(f"{token} is no range that ascends")
        if not all(is_number(plain_number(bound)) for bound in (first, last)):
            raise ValueError("at most 15 significant digits and below 10^18")
        if printed.most and last > Decimal(printed.most):
            raise ValueError(f"more than the {printed.most} that the quantity can be at most")
        value = (first + last) / 2
        if qualifier == "exact" and (status in SET_BY_RULE or _counted(first, last, printed, rules)):
            return value, first, last
        unit = min(step_of(end, printed, rules) for end in ends(token))
        low, high = _bounds(first, last, unit, printed, rules)
        return value, max(low, Decimal(0)) if first >= 0 else low, high


def _bounds(
    first: Decimal, last: Decimal, unit: Decimal, printed: Print, rules: RuleSet
) -> tuple[Decimal, Decimal]:
    rule = rules.cases[printed.qualifier]
    if printed.qualifier == "exact":
        times = 2 if rules.whole else 1
        below, above = (Decimal(0), Decimal(1)) if rules.cut else (Decimal(rule.below), Decimal(rule.above))
        low, high = first - times * below * unit, last + times * above * unit
    else:
        factor = Decimal(rule.factor or 2)
        far = first * factor if first < 0 else Decimal(0)
        low = far if rule.below == "all" else first - Decimal(rule.below) * unit
        high = max(last * factor, last) if rule.above == "all" else last + Decimal(rule.above) * unit
        if rule.above == "all" and printed.most:
            high = Decimal(printed.most)
    return low, min(high, Decimal(printed.most)) if printed.most else high


def _counted(first: Decimal, last: Decimal, printed: Print, rules: RuleSet) -> bool:
    """Whether a plain number is a count of all, so that nothing was rounded."""
    if printed.kind != "count" or printed.scale:
        return False
    thousands = 100 if last >= 10_000 else 1000  # a 万 has two decimals at most
    round_to = {"not thousands": thousands, "not hundreds": 100, "not tens": 10}
    return not last or last % round_to[rules.cases["counts"].applies] != 0


# -- the rules in words -----------------------------------------------------------------------------------

_STEPS = {"0": "", "0.5": "half a step", "1": "a step", "2": "two steps"}
_APPLIES = {
    "counts": {
        "not thousands": "exact without a scale word, unless it ends in three zeros or, from 10,000 on, two",
        "not hundreds": "exact without a scale word, unless it ends in two zeros",
        "not tens": "exact without a scale word, unless it ends in a zero",
    },
    "half_steps": {
        "nothing": "for hours only",
        "halves": "for hours, and for so many and a half 万 or 亿",
        "every 5": "for hours, and for every number that ends in 5",
    },
    "wan_grid": {"yes": "10 to 99 whole 万 or 亿 are printed to one of them", "no": "not used"},
}
CASES = QUALIFIERS | {
    "counts": "plain counts",
    "half_steps": "rounding to half steps",
    "wan_grid": "rounding to whole 万 and 亿",
}


def rule_in_words(case: str, rule: IntervalRule) -> str:
    """What a rule allows, in words."""
    if case in _APPLIES:
        return _APPLIES[case][rule.applies]
    if rule.below == "all":
        return "anything below"
    if rule.above == "all":
        return f"anything above that it can be, else up to {rule.factor} times"
    below, above = _STEPS[rule.below], _STEPS[rule.above]
    reach = f"{below} either way" if below == above else f"{below} below" if below else f"{above} above"
    fine = f" and at least {rule.fine} percent" if rule.fine != "0" else ""
    hidden = f"a step is at most {rule.coarse} percent where zeros or a scale word hide it"
    return f"{reach}; {hidden}, but at least one without a scale word{fine}"


def rules_in_words() -> pd.DataFrame:
    """Every rule, one row a case: columns case, in words, and one for each set of rules."""
    rows = [
        {"case": words} | {name: rule_in_words(case, rule_set(name).cases[case]) for name in RULE_SETS}
        for case, words in CASES.items()
    ]
    return pd.DataFrame(rows)
