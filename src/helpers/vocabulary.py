"""The words that the tables may use, each defined once: for schemas, messages and documentation."""

import calendar
import re
from decimal import Decimal
from typing import NamedTuple

CLASSES = {
    "figure": "a reported quantity about an entity",
    "date": "a year, month, day, quarter or span of years",
    "name": "part of a proper name, slogan, plan or size-class label",
    "ordinal": "a rank, an order or a list marker",
    "rhetorical": "a promise in round numbers or a figure of speech",
    "repeat": "the same figure again",
}

ABSENT = "absent"  # the class of a numeral that one of two transcriptions does not have

# A row of a sheet whose note is this, or this before a colon or semicolon and a remark, is a proposal that
# nobody has confirmed; its sheet is unfinished.
PROPOSED = "proposed"

STATUSES = {
    "outcome": "what was, or is",
    "plan": "scheduled or listed to be done",
    "forecast": "expected by the source",
    "target": "aimed at",
    "policy": "set by a rule or a decision",
}


class Qualifier(NamedTuple):
    """What is said of a number: what it means, and the words for it before a number that is shown."""

    meaning: str
    words: str
    printed: bool  # whether a transcription sheet may have it; the others only show what we computed


_QUALIFIERS = {
    "exact": Qualifier("nothing is said", "", True),
    "about": Qualifier("about, around, some", "about", True),
    "nearly": Qualifier("nearly, close to, almost", "nearly", True),
    "more_than": Qualifier("more than, over, exceeding", "more than", True),
    "less_than": Qualifier("less than, below, under", "less than", True),
    "at_most": Qualifier("at most, up to, no more than, or less", "at most", True),
    "at_least": Qualifier("at least, no fewer than, or more", "at least", True),
    "exactly": Qualifier("the interval is one value", "exactly", False),
}
QUALIFIERS = {key: qualifier.meaning for key, qualifier in _QUALIFIERS.items() if qualifier.printed}
QUALIFIER_WORDS = {key: qualifier.words for key, qualifier in _QUALIFIERS.items()}


class Scale(NamedTuple):
    """A power of ten that is written as a word after a number."""

    factor: Decimal
    word: str  # in English; empty if it has none
    sign: str  # in Chinese; empty if it has none of its own


_SCALES = {
    "": Scale(Decimal(1), "", ""),
    "thousand": Scale(Decimal(10) ** 3, "thousand", ""),
    "wan": Scale(Decimal(10) ** 4, "", "万"),
    "million": Scale(Decimal(10) ** 6, "million", ""),
    "yi": Scale(Decimal(10) ** 8, "", "亿"),
    "billion": Scale(Decimal(10) ** 9, "billion", ""),
    "trillion": Scale(Decimal(10) ** 12, "trillion", "万亿"),
}
SCALES = {key: scale.factor for key, scale in _SCALES.items()}
SCALE_WORDS = {scale.word: scale.factor for scale in _SCALES.values() if scale.word}  # smallest first
SCALE_SIGNS = {scale.sign: key for key, scale in _SCALES.items() if scale.sign}

UNIT_KINDS = {
    "money": "an amount of money",
    "share": "a part of a whole or a change, in percent",
    "rate": "a change per year, in percent",
    "multiple": "how many times",
    "measure": "a physical quantity",
    "count": "things counted",
}

VERDICTS = {  # the mildest first
    "consistent": "what is printed and what it is compared with can both be true, at least in one sense of "
    "the words",
    "undecided": "they cannot in any sense of the words that could be tested, but one could not be tested",
    "in tension": "they cannot both be true as they stand, but a definition, another sense of the words or a "
    "weak source may explain it",
    "contradicted": "they cannot both be true, and nothing that was found explains it",
    "not checkable": "nothing of the same kind was found to compare it with",
}
VERDICT_SIGNS = {  # for readers who cannot tell colours
    "consistent": "●",
    "undecided": "◆",
    "in tension": "■",
    "contradicted": "✖",
    "not checkable": "?",
}

DOUBTFUL = ("contradicted", "in tension")  # the verdicts that make a discrepancy
UNSETTLED = (*DOUBTFUL, "undecided")  # those that a finding must say first

# What a finding is said to be, and when.
STRENGTHS = {
    "robust to rounding": "no value that the print allows changes the answer",
    "depends on a reading": "the words allow another answer",
    "weak": "it rests on an assumption of ours, on a weak source or on figures that bound more than they "
    "measure",
    "a count": "rows of our own tables are counted, and nothing is estimated",
}

GRADES = {
    "A": "the source's own publication",
    "B": "an official series or statement, read from a copy",
    "C": "a compilation or a press mirror",
}

PRICE_BASES = {"current": "in the prices of each year", "constant": "with the change of prices taken out"}

CONFIDENCES = {"high": "no other reading makes sense", "medium": "probable", "low": "possible"}

KINDS_OF_CLAIM = {
    "internal": "both sides rest on figures of the articles alone",
    "external": "one side rests on another source",
}

# How far what is expected in a claim comes from another source than what is observed.
SOURCES = {
    "independent": "another source than that of the article, as far as is known",
    "may be own": "a source from which the article may have taken the number",
    "same": "the same article, statement or statistic",
}
INDEPENDENT = "independent"

TESTS = {
    "equals": "the same as",
    "at_most": "at most",
    "at_least": "at least",
    "none": "something was looked for and not found",
}
NO_TEST = "none"

# Why a figure takes part in no check.
UNTESTED = {
    "no statistic found": "a statistic may exist, but none was found to compare it with",
    "nothing printed to match": "no period or no definition is printed, so that no statistic could be "
    "matched to it",
    "not an outcome": "a rule, a plan or a target, which nothing has shown right or wrong",
    "nobody else counts it": "only who speaks can know, or the number is part of a definition",
}

KINDS_OF_ORDER = {
    "rank": "a place in an order: by size, or in time",
    "list": "things that the article counts or numbers",
}


class OrderTest(NamedTuple):
    """How a rank or a list is tested: of which kind it is, and what the stated number should be."""

    kind: str
    meaning: str


_ORDER_TESTS = {
    "all rivals": OrderTest("rank", "one more than the values of all others that are greater"),
    "some rivals": OrderTest("rank", "at least one more than the values of some others that are greater"),
    "rivals together": OrderTest(
        "rank", "at most one more than as many as can be greater, where only the sum of all others is known"
    ),
    "rivals ahead": OrderTest("rank", "one more than as many as are known to be ahead"),
    "years since": OrderTest("rank", "the years from the first one to the day"),
    "items": OrderTest("list", "as many as the items that are named"),
    "items among others": OrderTest("list", "at least as many as the items that are named"),
    "sequence": OrderTest("list", "the last of the markers, which follow each other from one on"),
    "as counted": OrderTest("list", "as many as another source counts"),
    "none": OrderTest("", "there is no test, and a reason"),
}
ORDER_TESTS = {key: test.meaning for key, test in _ORDER_TESTS.items()}
KIND_OF_ORDER_TEST = {key: test.kind for key, test in _ORDER_TESTS.items()}

# Why a rank or a list is not tested.
ORDER_REASONS = {
    "order of doing": "it says what comes first, not what ranks first",
    "figure of speech": "nothing is ranked or counted",
    "no ranking found": "others may rank them, but no ranking was found",
    "one batch": "the first of some batches, of which no other is counted",
    "items not told apart": "the passage is cut short or garbled, or does not say which items it counts",
}

_DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?|-Q[1-4])?"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
WHOLE = re.compile(r"[0-9]{1,9}")
PERIOD = re.compile(rf"({_DATE}(/({_DATE}|\.\.))?)?")  # ISO 8601; a quarter as 2022-Q1
_YEAR = re.compile("[0-9]{4}")
_YEARS = range(1000, 2101)  # others are slips of the pen

NUMBER_EXPECTED = "a decimal number such as 168199000000 or 0.5"
PERIOD_EXPECTED = (
    "an ISO 8601 date, interval or quarter of the years 1000 to 2100 such as 2021, 2022-03, 2011/2021, "
    "2016/.. or 2022-Q1, or nothing"
)
DATE_EXPECTED = "a day, a month or a year such as 2022-03-15, 2022-03 or 2022, or nothing"
# Names of devices, by which some systems would not make a file.
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def is_slug(text: str) -> bool:
    """Whether `text` can be an id, which also names files and targets of links."""
    return bool(SLUG.fullmatch(text)) and len(text) <= 100 and text not in DEVICES


NO_ARTICLES = ("settled",)  # ids of no article: settled.csv lies beside second transcriptions


def is_article(text: str) -> bool:
    """Whether `text` can be the id of an article, which names its files and is part of ids of statistics."""
    return is_slug(text) and text not in NO_ARTICLES


def is_number(text: str) -> bool:
    """Whether `text` is a decimal number as our tables write it, of a size that is computed without loss.

    That is: at most 15 significant digits, the most that floating-point arithmetic keeps, and below 10 ^ 18.
    """
    if not DECIMAL.fullmatch(text):
        return False
    whole, _, decimals = text.lstrip("-").partition(".")
    significant = (whole + decimals).lstrip("0") if decimals else whole.strip("0")
    return len(significant) <= 15 and len(whole.lstrip("0")) <= 18


def is_period(text: str) -> bool:
    """Whether `text` is empty or an ISO 8601 date, quarter or interval of the years 1000 to 2100.

    An interval ends after all of its first part: `2021/2021` is `2021`, `2021/2021-06` is
    `2021-01/2021-06`.
    """
    if not PERIOD.fullmatch(text) or any(year not in _YEARS for year in map(int, _YEAR.findall(text))):
        return False
    first, _, last = text.partition("/")
    start, end = (period_ends(part) if part not in ("", "..") else ("", "") for part in (first, last))
    return start is not None and end is not None and (last in ("", "..") or start[1] < end[0])


def is_date(text: str) -> bool:
    """Whether `text` is empty or a day, a month or a year: a period that is no interval and no quarter."""
    return is_period(text) and not set(text) & set("/Q")


def period_ends(date: str) -> tuple[str, str] | None:
    """First and last day of a year, quarter, month or day as ISO 8601 dates; None if there is no such day."""
    year, _, rest = date.partition("-")
    if rest.startswith("Q"):
        months = 3 * int(rest[1]) - 2, 3 * int(rest[1])
    else:
        months = (int(rest[:2]),) * 2 if rest else (1, 12)
    last, day = calendar.monthrange(int(year), months[1])[1], rest[3:] if "Q" not in rest else ""
    if day and int(day) > last:
        return None
    return f"{year}-{months[0]:02d}-{day or '01'}", f"{year}-{months[1]:02d}-{day or last}"


def plain_number(value: float | Decimal) -> str:
    """A number as our tables write it, without exponent or needless zeros: `416900000000`, `0.32`; empty for
    none.

    Reading it back gives the same number. An open end of an interval, which is infinite, is none.
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not exact.is_finite():
        return ""
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


# One word for one thing, in code, columns, messages and prose.
GLOSSARY = {
    "numeral": "what is printed: a digit or a number word, with its place in the text",
    "figure": "a numeral that reports a quantity about an entity",
    "derived quantity": "what follows from figures and other values by a formula",
    "comparator": "a value of another source",
    "constant": "a number that a formula needs and no article prints",
    "tally": "a count of rows of ours",
    "statistic": "a tally, or an agreement or a test that was computed over rows of ours",
    "claim": "a sentence of ours that says that two things agree",
    "check": "one comparison for a claim, with its verdict",
    "reading": "one sense in which the words of an article can be taken",
    "transcription": "what a person wrote down of an article: its sheet",
    "second transcription": "what another person wrote down unseen",
    "machine transcription": "what the rules of this project read of a text, before a person looks at it",
    "finding": "what we conclude",
    "matter": "what several claims bear on, such as one list or one announcement; they count once",
    "discrepancy": "a matter of which one claim is in tension or contradicted, however many checks show it",
}
