"""The words and signs of which numerals are made, for the finder and for the values alike."""

from collections.abc import Iterable

from ..vocabulary import SCALE_WORDS

ONES = "one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
DENOMINATORS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12, "twentieth": 20,
    "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
DENOMINATORS |= {f"{word}s": number for word, number in DENOMINATORS.items() if not word.startswith("hal")}
MULTIPLES = {
    "once": 1, "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "triple": 3, "tripled": 3,
    "quadruple": 4, "quadrupled": 4, "dozen": 12, "hundred": 100,
} | {word: 1000 ** (k + 1) for k, word in enumerate(SCALE_WORDS)}  # fmt: skip


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches any of some words, the longest first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_INTEGER = r"(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+)"
DECIMAL_DIGITS = rf"{_INTEGER}(?:[.．]\d+)*"
CARDINAL = rf"(?:{any_of(TENS)}[ -]{any_of(ONES)}|{any_of(ONES + TEENS + TENS)}|zero)"
_GROUP = rf"{CARDINAL}(?:[ -]hundred)?(?:[ -]{any_of(SCALE_WORDS)})*"
_AFTER_SCALE = "(?:" + "|".join(f"(?<={word})" for word in ["hundred", *SCALE_WORDS]) + ")"
COMPOUND = rf"(?:{_GROUP}(?:{_AFTER_SCALE}(?: (?:and )?|-|-and-){_GROUP})*)"
HUNDREDS = rf"{any_of(['hundred', *SCALE_WORDS])}(?: (?:and )?{_GROUP})*"  # after "a"
HAN_DIGITS = dict(zip("〇零一二三四五六七八九两", [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2], strict=True))
HAN_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
