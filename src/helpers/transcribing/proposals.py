"""The reading that is proposed for each numeral of a text, for a person to confirm.

What is proposed follows from the words around a numeral by the rules below, which know the codebook but not
the subject. Nothing here decides: a proposed row carries the mark of `schema.is_proposal`, and its article
stays out of all results until somebody has taken the last mark away.
"""

import bisect
import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from ..corpus.schema import MEANING, SHEET
from ..corpus.texts import paragraphs
from ..numerals.finder import Numeral, find
from ..numerals.values import number
from ..vocabulary import PROPOSED, SCALE_SIGNS, SCALES, is_period

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = rf"(?:{'|'.join(_MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
_YEAR = re.compile(r"(?:1[89]|20)\d{2}")
_QUARTERS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_SCALED = [word for word in SCALES if word]
_SCALE_WORDS = {word: word for word in _SCALED}
_SCALE_WORDS |= SCALE_SIGNS | {"bn": "billion", "mn": "million"}

# Words for units beside their names in units.csv: unit, then its words between bars.
_OTHER_WORDS = {
    "percent": "%|％|percent|per cent|pct",
    "percentage_point": "percentage points|percentage point|个百分点",
    "percent_per_year": "% a year",
    "yuan": "rmb|renminbi|元|¥|￥|cny",
    "usd": "us dollars|u.s. dollars|dollars|dollar|美元|us$|usd|$",
    "kilometre": "km|kilometers|kilometer|公里",
    "km2": "square kilometers|square kilometres|sq km|km²|km2|平方公里",
    "mu": "亩",
    "tonne": "tons|ton|metric tons",
    "hour": "hrs|小时",
    "person": "persons|residents|inhabitants|人",
    "times": "fold|times|倍",
}
_UNIT_WORDS = {word: unit for unit, words in _OTHER_WORDS.items() for word in words.split("|")}
_CURRENCY = r"(?:US\$|HK\$|[A-Z]?\$|¥|￥|€|£|RMB|CNY|USD)"
_SIGN = re.compile(rf"({_CURRENCY})\s?$")

# Words right before a numeral that qualify it; what is denied comes first ("no more than").
_QUALIFIED = {
    name: re.compile(rf"(?<![A-Za-z])(?:{words})\s*(?:a total of |the |an? )?$", re.IGNORECASE)
    for name, words in {
        "at_most": "at most|up to|(?:no|not) (?:more|higher|greater|over) than|not over|not above|"
        "not exceed(?:s|ed|ing)?|(?:does|do|did|may|must|can|shall|will) not exceed|不超过|至多|最多",
        "at_least": "at least|upwards of|(?:no|not) (?:less|fewer|lower) than|not (?:under|below)|不少于|"
        "不低于|至少",
        "less_than": "less than|fewer than|lower than|under|below|不到|不足|低于",
        "about": "about|around|approximately|roughly|some|circa|an estimated|约|大约|近似",
        "nearly": "nearly|almost|close to|just under|as many as|将近|近",
        "more_than": "more than|over|above|higher than|greater than|exceed(?:s|ed|ing)?|"
        "surpass(?:es|ed|ing)?|超过|超|逾",
    }.items()
}
# Words right after it, or after its scale and unit.
_BOUNDED = {
    "at_least": re.compile(r"(?:\s\w+){0,2}?(?:\s(?:or more|or over|or above|and above)\b|\s?以上)"),
    "at_most": re.compile(r"(?:\s\w+){0,2}?(?:\s(?:or less|or fewer|or below|and below)\b|\s?以[下内])"),
    "more_than": re.compile(r"\s*(?:\+|odd\b|plus\b|多)"),
}
# A fall that is printed without a sign.
_FELL = re.compile(
    r"\b(?:fell|fall|drop|dropped|declin\w*|decreas\w*|down|shrank|shrunk|contract\w*|lost|lower\w*|"
    r"reduc\w*) (?:\w+ ){0,2}$"
)

# Where a sentence ends: not after No., vs., U.S. or the short name of a month.
_SENTENCE = re.compile(
    r"(?<=[.!?。！？])[”\"'’)]?\s+(?=[“\"(‘]?[A-Z0-9])"
    r"(?<!\bNo\.\s)(?<!\bvs\.\s)(?<!U\.S\.\s)(?<!\b[JFMASOND][a-z]{2}\.\s)(?<!\bSept\.\s)"
    r"|(?<=[。！？])|\n+"
)
_LONGEST = 2000  # characters of what is looked at as one sentence
# What stands between two numerals of a list whose scale and unit are printed once, at its end.
_LIST = re.compile(
    rf"(?: ?(?:{'|'.join(_SCALED)}))?\s*(?:,|，|、|and|or|&|,\s*and|,\s*or)\s*"
    rf"(?:about |nearly |more than |over )?(?P<sign>{_CURRENCY})?\s*"
)


@dataclass
class _Reading:
    """What is proposed for one numeral, before it becomes a row."""

    numeral: Numeral
    before: str  # of the sentence, up to the numeral
    after: str  # of the sentence, from the numeral on
    place: int  # number of the sentence
    kind: str = "figure"
    remark: str = ""
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> str:
        """The sentence."""
        return self.before + self.numeral.token + self.after


def propose(
    text: str,
    entities: pd.DataFrame,
    indicators: pd.DataFrame,
    units: pd.DataFrame,
    date: str = "",
    taken: Collection[str] = (),
) -> pd.DataFrame:
    """A sheet for `text`: one row a numeral, the columns of `schema.SHEET` as text, all marked as proposals.

    The three tables are the key tables of a corpus. `date` is that of the article, in ISO 8601, or empty:
    "this year" then stays unresolved. Class, scale, unit, qualifier, period and status are proposed from the
    words around the numeral; entity and indicator where one of their names stands in the sentence. What
    cannot be told is left empty. A proposed `figure_id` is none of `taken`.
    """
    year = date[:4]
    sentences = _sentences(text)
    readings = list(_readings(text, sentences))
    for reading in readings:
        reading.kind, reading.remark, reading.cells["period"] = _class_of(reading, year)
    _quantify(readings, _unit_words(units), set(units.unit))
    _name(readings, entities, indicators, units)
    mentions = _dates(text, readings, sentences, year)
    starts = [start for start, _ in paragraphs(text)]
    seen: dict[tuple[str, int], dict[str, str]] = {}
    rows, ids = [], set(taken)
    for count, reading in enumerate(readings, 1):
        numeral = reading.numeral
        row = dict.fromkeys(SHEET.columns, "") | {
            "numeral_id": f"n{count:03d}",
            "paragraph": str(bisect.bisect_right(starts, numeral.start)),
            "start": str(numeral.start),
            "end": str(numeral.end),
            "token": numeral.token,
            "class": reading.kind,
        }
        if reading.kind == "figure":
            reading.cells["period"] = _period(reading, mentions.get(reading.place, []), text)
            reading.cells["status"] = _status(reading, year)
        row |= reading.cells
        if row["entity"] and row["indicator"]:
            row["figure_id"] = fresh(f"{row['entity']}-{row['indicator']}-{row['period']}", ids)
            ids.add(row["figure_id"])
        row["note"] = f"{PROPOSED}: {reading.remark}" if reading.remark else PROPOSED
        if row["class"] == "figure":
            first = seen.setdefault((reading.whole.strip(), len(reading.before)), row)
            if first is not row:  # the text prints the sentence again
                row |= {name: first[name] for name in [*MEANING, "figure_id"]}
                row |= {"class": "repeat", "note": f"{PROPOSED}: the sentence of {first['numeral_id']} again"}
        rows.append(row)
    return pd.DataFrame(rows, columns=SHEET.columns, dtype="str")


def sentence(text: str, place: int) -> tuple[int, int]:
    """Start and end of the sentence in which a character of `text` stands."""
    return next(span for span in _sentences(text) if span[0] <= place < span[1])


def fresh(name: str, taken: Collection[str]) -> str:
    """A slug like `name` that is not in `taken`."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    names = itertools.chain([slug], (f"{slug}-{count}" for count in itertools.count(2)))
    return next(found for found in names if found not in taken)


def _sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence; one that never ends, as in a table without lines, is cut at a blank."""
    ends = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text) + 1]
    cuts = []
    for start, end in itertools.pairwise(ends):
        cuts.append(start)
        while end - cuts[-1] > _LONGEST:
            blank = text.rfind(" ", cuts[-1] + 1, cuts[-1] + _LONGEST)
            cuts.append(blank if blank > 0 else cuts[-1] + _LONGEST)
    return list(itertools.pairwise([*cuts, len(text) + 1]))


def _readings(text: str, sentences: list[tuple[int, int]]) -> Iterator[_Reading]:
    place = 0
    for numeral in find(text):
        while sentences[place][1] <= numeral.start:
            place += 1
        first, last = sentences[place]
        yield _Reading(numeral, text[first : numeral.start], text[numeral.end : last], place)


# -- class -------------------------------------------------------------------------------------------

_Class = tuple[str, str, str]  # class, remark and period
_FIGURE: _Class = ("figure", "", "")
_BY_FORM: dict[str, _Class] = {
    "formula": ("name", "a formula", ""),
    "phone": ("name", "a telephone number", ""),
    "chain": ("name", "a label", ""),
    "label": ("name", "a label", ""),
    "marker": ("ordinal", "a mark", ""),
    "note": ("ordinal", "a mark", ""),
    "time": ("date", "a time of day", ""),
    "vague": ("rhetorical", "states no single number", ""),
}
# A short saying or name in quotation marks.
_QUOTED = re.compile(r"[“\"‘「]([^“”\"‘’「」\n]{1,60})[”\"’」]")
# What a number right after it names, as in Highway 105 or top 500.
_LABELLED = re.compile(
    r"(?:\b(?:Article|Chapter|Highway|Route|Line|Terminal|Building|Room|Gate|Phase|Boeing|Airbus|Industry|Web|"
    r"Type|Model|Bus|Platform|Exit|Zone|Street|Road|Document|Order|Version|Table|Chart|Figure|Column|Section|"
    r"Part|Top)\s(?:No\. ?)?|\btop )$"
)
# A letter right after a number is part of a label, but not of one of these units.
_SHORT_UNIT = re.compile(r"(?:km|kg|m|kW|MW|GW|tons?|mm|cm|bn|mn|am|pm|x)\b")
_RANKED = re.compile(r"\b(?:No\.|Number|number|[Rr]ank(?:ed|s|ing)?|place) ?$")
# "in three aspects": a count that announces the list which follows.
_ANNOUNCED = re.compile(
    r" (?:\w+ ){0,2}(?:aspects|respects|suggestions|recommendations|ways|reasons|dimensions|approaches|steps|"
    r"preparations|directions|efforts|tips|lessons)\b"
)
# "two-hour circle", "100-billion-yuan clusters": the number is part of a name or a class of size.
_HYPHENED_NAME = re.compile(
    r"-(?:\w+-)?\w+(?: \w+){0,2} "
    r"(?:plan|circle|action|campaign|war|policy|strategy|belt|corridor|cluster|clusters|system)\b"
    r"|-(?:star|wheel|level)\b"
    r"|-(?:billion|million|trillion)-(?:yuan|dollar)[- ](?:level|class|industr|cluster|enterprise|foreign)",
    re.IGNORECASE,
)


def _class_of(reading: _Reading, year: str) -> _Class:
    """Class, remark, and the period of a date, from form and neighbours; a figure if nothing else fits."""
    token, form, before, after = reading.numeral.token, reading.numeral.form, reading.before, reading.after
    if form in _BY_FORM:
        return _BY_FORM[form]
    if form in ("day", "decade", "years"):
        return _date(_written_date(token, form))
    if dated := _date_by_neighbours(reading, year):
        return dated
    if form == "ordinal" or (form == "chinese" and token.startswith("第")):
        named = re.match(r"(?: (?:[a-z]+ )?)?[ -][A-Z]\w+", after) and not re.match(rf" {_MONTH}", after)
        if named and (token[0].isdecimal() or token[0].isupper() and before.strip()):
            return "name", "before a name", ""
        return "ordinal", "a rank or an order", ""
    if not re.search(r"[^\s(（[]", before) and re.match(r"[.)、）\]](?!\d)", after) and len(token) <= 3:
        return "ordinal", "a list mark", ""
    if _RANKED.search(before):
        return "ordinal", "a rank or a number", ""
    labelled = _LABELLED.search(before) or re.search(r"[A-Za-z]-?$", before) or re.match(r"[A-Za-z]", after)
    if labelled and not re.search(rf"{_CURRENCY}$", before) and not _SHORT_UNIT.match(after):
        return "name", "part of a label", ""
    if re.match(r" ?[ap]\.?m\b" if form in ("number", "words") else r"[ap]m\b", after):
        return _BY_FORM["time"]
    if _HYPHENED_NAME.match(after):
        return "name", "part of a compound", ""
    if _ANNOUNCED.match(after):
        return "ordinal", "announces a list", ""
    titled = token[:1].isupper() and form == "words" and before.strip() and re.match(r"[ -][A-Z]", after)
    inside = any(m.start(1) <= len(before) < m.end(1) for m in _QUOTED.finditer(reading.whole))
    if titled or (inside and not re.match(r"\s*(?:%|percent|per cent|times)", after)):
        return "name", "part of a name or a saying", ""
    return _FIGURE


# -- dates -------------------------------------------------------------------------------------------

# The day and the month before the year of a date.
_DAY_BEFORE = re.compile(
    rf"(?:(\d{{1,2}}) )?({_MONTH})(?: (?:\d{{1,2}}(?: to |-|–))?(\d{{1,2}})(?:st|nd|rd|th)?)?,? $"
)
_MONTH_BEFORE = re.compile(rf"\b({_MONTH})\s(?:the |\d{{1,2}}(?: to |-|–| and |, ))?$")
_MONTH_AFTER = re.compile(rf"\s(?:of )?({_MONTH})\b")
_YEAR_AFTER = re.compile(rf"(?:\s(?:of )?{_MONTH})?,? ({_YEAR.pattern})\b")
# What makes four digits a count, unless one of the words before them makes them a year.
_COUNTED = re.compile(
    r"\s*(?:%|percent|per cent|yuan|dollars|times|people|persons|million|billion|元|人|万|亿)"
    r"|\s(?:(?!the|a|was|is|has)[a-z]+ )?"
    r"(?!was|is|has|its|this|census|basis|plus|plans|sees|shows|goals|results|figures)[a-z]{2,}s\b"
)
_IN = re.compile(r"\b(?:in|since|by|until|during|year|of) $")
_PART_OF_YEAR = re.compile(
    r"(?:,? (?:and|or|to) \w+)?[ -](?:fiscal )?(?:quarter|half)s?(?![ -](?:a|an)\b)", re.IGNORECASE
)
_WHICH_HALF = re.compile(r"\b(?:(first|1st)|second|latter|other|2nd) $", re.IGNORECASE)
# "the past ten years": a span of time, by the words before and after its number.
_SPAN_OF_TIME = re.compile(
    r"\b(?:past|last|recent|next|coming|previous|preceding|following|first|after)(?: nearly| the)? $",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"[ -](?:years?|months?|decades?|days?|weeks?)\b", re.IGNORECASE)
_AGO = re.compile(r"[ -](?:years?|months|days|decades) (?:ago|ended|ending)\b")


def _date(period: str) -> _Class:
    return "date", "", period if is_period(period) else ""


def _written_date(token: str, form: str) -> str:
    parts = [int(part) for part in re.findall(r"\d+", token)]
    if form == "decade":
        return f"{token[:4]}/{int(token[:4]) + 9}" if len(token) == 5 else ""
    if form == "years":
        last = parts[1] if parts[1] > 99 else parts[0] // 100 * 100 + parts[1]
        return f"{parts[0]}/{last}" if last >= parts[0] else ""
    if len(str(parts[0])) == 4 and 1 <= parts[1] <= 12 and 1 <= parts[2] <= 31:
        return f"{parts[0]}-{parts[1]:02d}-{parts[2]:02d}"
    return ""  # day and month may stand in either order


def _date_by_neighbours(reading: _Reading, year: str) -> _Class | None:
    """What is said if the numeral is a year, a day, a quarter, a half of a year or a span of years."""
    token, form, before, after = reading.numeral.token, reading.numeral.form, reading.before, reading.after
    lower = token.lower()
    if _YEAR.fullmatch(token):
        if full := _DAY_BEFORE.search(before):
            period, said = f"{token}-{_month(full[2]):02d}", full[3] or full[1]
            exact = f"{period}-{int(said):02d}" if said else period
            return _date(exact if is_period(exact) else period)
        if _SIGN.search(before) or (_COUNTED.match(after) and not _IN.search(before)):
            return None
        return _date(token)
    day = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", token)
    if day and 1 <= int(day[1]) <= 31:
        month = _MONTH_BEFORE.search(before) or _MONTH_AFTER.match(after)
        named = month and (month[1] != "May" or before.endswith("May "))
        if month and named and not re.match(r"(?:\s*(?:%|percent|million|billion|yuan)|\d)", after):
            printed = _YEAR_AFTER.match(after)
            found = printed[1] if printed else year
            return _date(f"{found}-{_month(month[1]):02d}-{int(day[1]):02d}" if found else "")
    if _PART_OF_YEAR.match(after) and (lower in _QUARTERS or form == "ordinal"):
        return _date(_part_of_year(lower, after, year))
    if form == "fraction" and "quarter" in lower and re.search(r"\bfirst $", before):
        return "date", "quarters of a year", ""
    if lower == "half" and (which := _WHICH_HALF.search(before)):
        return _date(_part_of_year("first" if which[1] else "second", " half" + after, year))
    if _SPAN_OF_TIME.search(before) and _LENGTH.match(after) or _AGO.match(after):
        return "date", "a span of time", ""
    return _chinese_date(token, after) if re.match(r"[年月日号](?![^\W\d_]*[度产])", after) else None


def _chinese_date(token: str, after: str) -> _Class | None:
    try:
        value = number(token)
    except ValueError:
        return None
    if not after.startswith("年"):
        return _date("")
    return _date(str(value)) if 1800 <= value < 2100 else None  # else so many years


def _part_of_year(which: str, after: str, year: str) -> str:
    """The period of a quarter or a half whose year is printed, or "this" or "last" year's."""
    said = re.match(rf"[ -]\w+(?: of)?(?: the)?(?: (this|last) year|,? ({_YEAR.pattern}))", after)
    if not said:
        return ""
    found = said[2] or (str(int(year) - (said[1] == "last")) if year else "")
    count = _QUARTERS.get(which)
    if not found or not count:
        return ""
    if "half" in after[:12]:
        return f"{found}-01/{found}-06" if count == 1 else f"{found}-07/{found}-12"
    return f"{found}-Q{count}"


def _month(word: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(word[:3]))


# -- scale, unit, qualifier --------------------------------------------------------------------------

_YEARLY = re.compile(
    r"\b(?:average annual|annual average|annually|a year(?![\w-])|per year|every year|each year|per annum|"
    r"annualized|年均)\b"
)
_POPULATION = re.compile(r"\bpopulation (?:of|is|was|reached) (?:\w+ ){0,2}$")
# Words at which the search for the thing counted ends.
_STOP = (
    r"(?:a|an|every|each|of|in|for|to|with|and|or|from|by|at|on|that|which|than|was|were|is|are|has|have|had|"
    r"will|as|the|into|per)"
)


def _unit_words(units: pd.DataFrame) -> dict[str, str]:
    """Words that name a unit, in lower case → its key: names in `units` and the usual other spellings."""
    words = {word: key for word, key in _UNIT_WORDS.items() if key in set(units.unit)}
    for row in units.itertuples():
        if row.kind in ("money", "measure", "count") and not re.search("(^|_)per_|_each$", row.unit):
            for word in (row.singular, row.plural, row.unit.replace("_", " ")):
                words.setdefault(word.lower(), row.unit)
    return words


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _quantify(readings: list[_Reading], units: dict[str, str], known: set[str]) -> None:
    """Scale, unit and qualifier of the figures; those of a list take over what its last one prints."""
    word = _either(units)
    scale = re.compile(rf"\)?[\s-]*({_either(_SCALE_WORDS)})(?![a-z])", re.IGNORECASE)
    unit = re.compile(rf"\)?[\s-]*(?:of )?({word})(?![A-Za-z])", re.IGNORECASE)
    noun = re.compile(rf"[\s-]+(?:(?!{_STOP}\b)[\w'’-]+ ){{0,4}}?({word})(?![A-Za-z-])", re.IGNORECASE)

    def unit_of(reading: _Reading, after: str, listed: bool) -> str:
        form, sign, adjacent = reading.numeral.form, _SIGN.search(reading.before), unit.match(after)
        named = adjacent or (None if listed else noun.match(after))
        if form == "fraction":
            return units.get("percent", "")
        if form == "ratio":
            return "ratio" if "ratio" in known else ""
        if sign:
            return units.get(sign[1].lower(), "")
        if re.match(r"\s*percentage points?", after):
            return units.get("percentage points", "")
        if named:
            return units.get(named[1].lower(), "")  # none where a case of Unicode is not undone, such as ſ
        if form == "multiplied":
            return units.get("times", "")
        return units.get("people", "") if _POPULATION.search(reading.before) else ""

    previous: _Reading | None = None
    for reading in reversed(readings):
        if reading.kind != "figure":
            previous = None
            continue
        cells, after, shared = reading.cells, reading.after, False
        listed = previous is not None and _listed(reading, previous)
        if found := scale.match(after):
            cells["scale"], after = _SCALE_WORDS.get(found[1].lower(), ""), after[found.end() :]
        cells["unit"] = unit_of(reading, after, listed)
        if previous is not None and listed:
            for name in ("scale", "unit"):
                if not cells.get(name) and previous.cells.get(name):
                    cells[name], shared = previous.cells[name], True
        if cells["unit"] == "percent" and _YEARLY.search(reading.before[-80:] + " | " + reading.after[:40]):
            cells["unit"] = units.get("% a year", "percent")
        before = re.sub(rf"{_CURRENCY}\s?$", "", reading.before)
        said = [name for name, pattern in _BOUNDED.items() if pattern.match(reading.after)]
        said += [name for name, pattern in _QUALIFIED.items() if pattern.search(before)]
        cells["qualifier"] = next(iter(said), "exact")
        if cells["unit"] in ("percent", "percent_per_year", "percentage_point") and _FELL.search(before):
            reading.remark = "a fall, but printed without a sign"
        elif shared:
            reading.remark = "scale and unit from the list"
        elif not cells["unit"]:
            counted = re.match(r"[\s-]+([A-Za-z]+(?: [a-z]+)?)", after)
            reading.remark = f"unit? after it: {counted[1]}" if counted else "unit?"
        previous = reading


def _listed(reading: _Reading, following: _Reading) -> bool:
    """Whether only a comma or a conjunction stands between two numerals: they share scale and unit."""
    if reading.place != following.place or "multiplied" in (reading.numeral.form, following.numeral.form):
        return False
    between = _LIST.fullmatch(following.before[len(reading.before) + len(reading.numeral.token) :])
    if not between:
        return False
    own = _SIGN.search(reading.before)
    return (between["sign"] or "") in ("", own[1] if own else "")


# -- period and status -------------------------------------------------------------------------------

_Mention = tuple[int, int, str]  # start, end and period of what the text says of time
_PLAN = re.compile(r"\b(1[0-9])th Five[- ]Year Plan\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(this|last|the previous) year\b", re.IGNORECASE)
_FROM_TO = re.compile(rf"\b(?:[Ff]rom|[Bb]etween) ({_YEAR.pattern}) (?:to|and) ({_YEAR.pattern})\b")
# Words that make the time after them one that is only compared with, or counted from.
_BASE = re.compile(
    r"\b(?:compared (?:with|to)|same (?:period|quarter|month|time)(?: of| in)?|prior|than(?: in| that of)?|"
    r"as in|that of|against|since|over|from|up from|down from|as of|established in|founded in|opened in|"
    r"born in)(?: the end of)? $",
    re.IGNORECASE,
)
# What may stand between a figure and the time right after it.
_UP_TO_TIME = re.compile(r"[^,;，；]{0,45}\b(?:in|of|during|for|at the end of|by the end of|by)(?: the)? ")
_STATUS_WORDS = {
    "forecast": r"\b(?:is|are|was|were) (?:expected|forecast|estimated)\b|\bexpected to\b|\bprojected\b",
    "plan": r"\b(?:plan(?:s|ned)? to|is planned|are planned|scheduled|to be (?:built|completed|invested))\b",
    "target": r"\b(?:targets?|goals?|aim(?:s|ed)? (?:to|for|at)|strive|objectives?)\b",
}


def _dates(
    text: str, readings: list[_Reading], sentences: list[tuple[int, int]], year: str
) -> dict[int, list[_Mention]]:
    """What each sentence says of time, by its number, in order.

    Years that are only compared with, or from which something is counted, are left out.
    """
    found: dict[int, list[_Mention]] = {}
    for reading in readings:
        period = reading.cells["period"] if reading.kind == "date" else ""
        if period and not _BASE.search(reading.before):
            mention = (reading.numeral.start, reading.numeral.end, period)
            found.setdefault(reading.place, []).append(mention)
    for place, (first, last) in enumerate(sentences):
        said = text[first:last]
        more = []
        for match in _RELATIVE.finditer(said) if year else ():
            ahead = said[: match.start()]
            if not _BASE.search(ahead) and not re.search(r"(?:quarter|half) (?:of )?$", ahead):
                more.append((match, str(int(year) - (match[1].lower() != "this"))))
        for match in _PLAN.finditer(said):
            start = 2021 + 5 * (int(match[1]) - 14)
            more.append((match, f"{start}/{start + 4}"))
        for match in _FROM_TO.finditer(said):
            if match[1] < match[2]:
                more.append((match, f"{match[1]}/{match[2]}"))
        for match, period in more:
            found.setdefault(place, []).append((first + match.start(), first + match.end(), period))
    return {place: sorted(mentions) for place, mentions in found.items()}


def _period(reading: _Reading, here: list[_Mention], text: str) -> str:
    """The period printed with a figure: right after it, else the last before it, else the next after it."""
    start, end = reading.numeral.start, reading.numeral.end
    ahead = [mention for mention in here if mention[1] <= start]
    behind = next((mention for mention in here if mention[0] >= end), None)
    if behind:
        between, words = text[end : behind[0]], text[behind[0] : behind[1]]
        this_year = re.fullmatch(r"[^,;，；\d]{0,30} ", between) and words.endswith("year")
        if this_year or _UP_TO_TIME.fullmatch(between):
            return behind[2]
        if not ahead and not re.search(r"[;；]", between):
            return behind[2]
    if not ahead:
        return ""
    latest = ahead[-1]
    spans = [m for m in ahead if "/" in m[2] and m[0] <= latest[0] and latest[1] <= m[1]]
    return (spans or ahead)[-1][2]


def _status(reading: _Reading, year: str) -> str:
    """By the words around, and by the year: machine translation writes past outcomes in the future tense."""
    period, words = reading.cells["period"], reading.before[-120:] + reading.after[:60]
    for status, pattern in _STATUS_WORDS.items():
        if re.search(pattern, words, re.IGNORECASE):
            return status
    return "target" if year and period[:4] > year else "outcome"


# -- entity and indicator ----------------------------------------------------------------------------


def _names(table: pd.DataFrame, columns: list[str]) -> tuple[re.Pattern, dict[str, str]]:
    """A pattern of every name of a key table, and the key of each, in lower case."""
    names: dict[str, str] = {}
    for key, *printed in table[[table.columns[0], *columns]].itertuples(index=False):
        for text in printed:
            name = re.sub(r"\s*\(.*\)$", "", text).strip()
            # not a group, whose members are meant one by one
            if len(name) > 1 and not re.search(r",| and ", name):
                names.setdefault(name.lower(), key)
    return re.compile(rf"(?<![A-Za-z])(?:{_either(names) or '(?!)'})(?![A-Za-z])", re.IGNORECASE), names


def _name(
    readings: list[_Reading], entities: pd.DataFrame, indicators: pd.DataFrame, units: pd.DataFrame
) -> None:
    """Entity and indicator of each figure: the last named before it in its sentence, else the first after it.

    An indicator must be of the kind of the unit. In a list that shares its unit, as many entities named
    together before it are taken one by one.
    """
    names = _names(entities, ["name", "chinese"]), _names(indicators, ["name"])
    kind_of_unit = dict(zip(units.unit, units.kind, strict=True))
    kind_of = dict(zip(indicators.indicator, indicators.kind, strict=True))
    group: list[_Reading] = []
    figures = [reading for reading in readings if reading.kind == "figure"]
    named: dict[int, list[list[tuple[int, str]]]] = {}  # by sentence: where each is named
    for k, reading in enumerate(figures):
        if reading.place not in named:
            named[reading.place] = [
                [(m.start(), keys.get(m.group().lower(), "")) for m in pattern.finditer(reading.whole)]
                for pattern, keys in names
            ]
        places, quantities = named[reading.place]
        kind, here = kind_of_unit.get(reading.cells["unit"]), len(reading.before)
        quantities = [(at, key) for at, key in quantities if kind_of.get(key) == kind]
        reading.cells |= {"entity": _nearest(places, here), "indicator": _nearest(quantities, here)}
        group = [*group, reading] if group and _listed(group[-1], reading) else [reading]
        goes_on = k + 1 < len(figures) and _listed(reading, figures[k + 1])
        before = [key for at, key in places if at < len(group[0].before)]
        before = list(dict.fromkeys(before[-len(group) :]))
        if not goes_on and len(group) > 1 and len(before) == len(group):
            for member, key in zip(group, before, strict=True):
                member.cells["entity"], member.remark = key, "entity by its place in the list"


def _nearest(named: list[tuple[int, str]], here: int) -> str:
    """The key named last before a place, else the first after it; empty if none is."""
    before = [key for at, key in named if at < here]
    return before[-1] if before else named[0][1] if named else ""
