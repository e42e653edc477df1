"""Prose and tables whose numbers and names are bound to ids.

Nobody types a number into a report. Text names an id in double braces, and rendering puts in the value,
rounded no finer than its interval deserves, as a link to its evidence:

    {{ganzhou-gdp-2021}}           416.9 billion yuan
    {{ganzhou-gdp-2021|range}}     416.85 to 416.95 billion yuan
    {{ganzhou-listed-companies-2021|number}}   16, without scale, unit or qualifier
    {{ganzhou-gdp-2021|low}}       416.85 billion yuan, the low end of that range; `high` is the other end
    {{ganzhou-gdp-2021|period}}    2021
    {{shenzhen-tasks-add-up}}      consistent (the verdict of a check, or of a claim with several readings)
    {{ganzhou|name}}               Ganzhou, also of an indicator, or the outlet of an article
    {{ganzhou|entity}}             Ganzhou (赣州)

Prose is Markdown, so it must be typed where it is said: whatever comes out of a table or of a computation
goes in by a name of its own, and is shown letter by letter:

    report.say("{{about|entity}} is a {{kind}}.", about=entity, kind=known.entities.kind[entity])

Text of tables is only text: cells and captions are shown letter by letter, unless they are `Markdown`, as
`number` and `say` make it.

Output is Markdown in which a number is `<a class="number" data-id=… href="#evidence-…" title=…>`:
JupyterLab shows it as it is, and `pages` turns it into links of HTML and PDF.
"""

import math
import re
import sys
from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..checking.claims import is_copy
from ..checking.flips import least_room
from ..checking.sensitivity import LOST, differing
from ..vocabulary import GRADES, NO_TEST, STRENGTHS, UNSETTLED, VERDICTS
from .evidence import Evidence
from .numbers import escaped, quoted

FORMS = ("value", "number", "range", "low", "high", "period")
NAME_FORMS = ("name", "entity")
_NO_RESULT = (LOST, "could not be computed")  # what a table says of a claim, and prose
FINDING = "application/vnd.bay-and-old-area.finding+json"  # the parts of a finding, each as Markdown
SUMMARY = "application/vnd.bay-and-old-area.summary+json"  # the summary of a notebook, as Markdown
LEGENDS = {
    "verdicts": ("Verdicts", VERDICTS, ""),
    "grades": ("Grades of other sources", GRADES, f" A source of grade {max(GRADES)} never contradicts."),
    "strengths": ("Strength of a finding", STRENGTHS, ""),
}
_COVERED = ["figure_id", "entity", "tested", "checks", "why_not"]
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z0-9_-]+)\s*(?:\|\s*(\w+)\s*)?\}\}")


class Markdown:
    """Text that a notebook shows as Markdown; `data` has more of its content, by MIME type, for programs.

    Where a table takes it for a cell, it stands as it is.
    """

    def __init__(self, text: str, data: dict[str, Any] | None = None):
        self.text, self.data = text, data or {}

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {"text/markdown": self.text, **self.data}

    def __repr__(self) -> str:
        return self.text


def together(parts: Iterable[Markdown]) -> Markdown:
    """Several pieces of Markdown as one, in order."""
    return Markdown("\n\n".join(part.text for part in parts))


class Report:
    """One notebook's prose and tables, of the same tables as `Evidence`, which is `known`.

    Takes besides the tables `power`, which is shown beside verdicts, and `sensitivity` and `flips`, from
    which a finding says what would change it. Remembers in `shown` which ids it has shown, for `evidence`;
    nothing else depends on them.
    """

    def __init__(
        self,
        corpus: Any,
        power: pd.DataFrame | None = None,
        sensitivity: pd.DataFrame | None = None,
        flips: pd.DataFrame | None = None,
        **tables: pd.DataFrame | None,
    ):
        self.known = Evidence(corpus, **tables)
        self.shown: dict[str, None] = {}
        self._power = None if power is None else power.set_index("check_id").noticed_10_percent
        self._differing = None if sensitivity is None else differing(sensitivity)
        self._limits = None if flips is None else least_room(flips, self.known.figures.reset_index())

    def number(self, key: str, form: str = "value") -> Markdown:
        """The id as a linked number; `form` is one of `FORMS`. Raises KeyError, ValueError."""
        if form not in FORMS:
            forms = ", ".join((*FORMS, *NAME_FORMS))
            raise ValueError(f"{form!r} is no form of a number or a name; expected one of: {forms}")
        text = getattr(self.known, form)(key)
        self.shown[key] = None
        title = quoted(self.known.tooltip(key))
        link = f'<a class="number" data-id="{key}" href="#evidence-{key}" title={title}>'
        return Markdown(f"{link}{escaped(text)}</a>")

    def _filled(self, text: str, values: dict[str, object]) -> str:
        def fill(match: re.Match) -> str:
            word, form = match.groups()
            if word in values and form is None:
                return escaped(values[word])
            key = str(values.get(word, word))
            if form in NAME_FORMS:
                return escaped(getattr(self.known, form)(key))
            return self.number(key, form or "value").text

        return _PLACEHOLDER.sub(fill, text)

    def _numbers_of(self, text: str, values: dict[str, object]) -> set[str]:
        """The ids of which a text shows numbers."""
        found = {match.groups() for match in _PLACEHOLDER.finditer(text)}
        shown = {(word, form) for word, form in found if form not in NAME_FORMS}
        return {str(values.get(word, word)) for word, form in shown if form or word not in values}

    def say(self, text: str, **values: object) -> Markdown:
        """Prose, written in Markdown, with every `{{id}}` replaced by its linked number, or by a name.

        `{{word}}` stands for the text that `values` has under that word, shown letter by letter, and
        `{{word|form}}` for the form of the id that it has there. Raises KeyError for what is no id, and
        ValueError for an unknown form and for a text that is not typed in the code that calls.
        """
        _require_typed(text)
        return Markdown(self._filled(text, values))

    def summary(self, text: str, **values: object) -> Markdown:
        """What the notebook finds, in short: `say` of a text that the front page repeats."""
        _require_typed(text)
        said = self._filled(text, values)
        return Markdown(said, {SUMMARY: {"summary": said}})

    def legend(self, *parts: str) -> Markdown:
        """What words mean: a paragraph for each of `verdicts`, `grades` and `strengths`, or those given."""
        paragraphs = []
        for part in parts or LEGENDS:
            title, words, more = LEGENDS[part]
            meanings = "; ".join(f"*{word}*: {meaning}" for word, meaning in words.items())
            paragraphs.append(f"**{title}.** {meanings}.{more}")
        return Markdown("\n\n".join(paragraphs))

    # -- tables ------------------------------------------------------------------------------------

    def table(self, frame: pd.DataFrame, caption: str | Markdown) -> Markdown:
        """A table with its caption: text of both is shown letter by letter, `Markdown` as it is."""
        rows = [[_cell(cell) for cell in row] for row in frame.astype("object").fillna("").values]
        names = [escaped(name) for name in frame.columns]
        rule = ["-" * width for width in _widths(list(zip(names, *rows, strict=True)))]
        lines = ["| " + " | ".join(row) + " |" for row in (names, *rows)]
        lines.insert(1, "|" + "|".join(rule) + "|")
        return Markdown("\n".join(lines) + f"\n\nTable: {_cell(caption)}\n")

    def _of_rows(self, rows: list[dict[str, str | Markdown]], caption: str | Markdown) -> Markdown:
        """A table of the columns that hold something; a line that says so if there is no row."""
        if not rows:
            return Markdown(f"{_cell(caption)}: none.")
        frame = pd.DataFrame(rows)
        return self.table(frame.loc[:, (frame != "").any()], caption)

    def named(self, key: str) -> str:
        """A figure, derived quantity or comparator in words: whose, what, and by which measure."""
        kind, row = self.known.row(key)
        measure = f" ({row.measure.replace('_', ' ')})" if kind == "derived" else ""
        return ": ".join(self.known.subject(row)) + measure

    def _what(self, key: str) -> dict[str, str | Markdown]:
        """The first columns of a row on a figure, a derived quantity or a comparator."""
        return {
            "Quantity": self.named(key),
            "Period": self.known.period(key),
            "Value": self.number(key),
        }

    def quantities(self, keys: Iterable[str], caption: str | Markdown) -> Markdown:
        """A table of figures and derived quantities: value, what print or inputs allow, reading, remarks."""
        rows = []
        for key in keys:
            _, row = self.known.row(key)
            remarks = "; ".join(part for part in (row.get("reading", ""), row.note) if part)
            rows.append(
                self._what(key) | {"Allowed": self.number(key, "range"), "Reading and remarks": remarks}
            )
        return self._of_rows(rows, caption)

    def sources(self, keys: Iterable[str], caption: str | Markdown) -> Markdown:
        """A table of comparators: value, on which basis, who published it, and its grade."""
        rows = []
        for key in keys:
            _, row = self.known.row(key)
            basis = [f"{row.price_basis} prices" if row.price_basis else "", row.vintage, row.note]
            remarks = {"Basis and remarks": "; ".join(part for part in basis if part)}
            rows.append(self._what(key) | remarks | {"Source": row.source, "Grade": row.grade})
        return self._of_rows(rows, caption)

    def verdicts(self, keys: Iterable[str], caption: str | Markdown) -> Markdown:
        """A table of checks: what is claimed and expected, the verdict, the weakest source, remarks."""
        bounds = {"at_most": ("at most ", "high"), "at_least": ("at least ", "low")}
        rows = []
        for key in keys:
            _, row = self.known.row(key)
            observed, *expected = row.inputs.split()
            words, form = bounds.get(row.test, ("", "range"))
            rows.append(
                {
                    "Claim or reading": f"{row.claim}: {row.reading}" if row.reading else row.claim,
                    "Claimed": self.number(observed, "range"),
                    "Compared with": Markdown(words + self.number(expected[0], form).text)
                    if expected
                    else "nothing found"
                    if row.test == NO_TEST
                    else "another print of it",
                    "Verdict": self.number(key),
                    "Would notice a slip of 10 %": self._would_notice(key),
                    "Source": row.source,
                    "Weakest source": f"grade {row.grade}" if row.grade else "",
                    "Remarks": row.note,
                }
            )
        return self._of_rows(rows, caption)

    def _would_notice(self, key: str) -> str:
        """Whether a check would have noticed a slip of ten percent, in words; nothing without the table."""
        share = float("nan") if self._power is None else self._power.get(key, float("nan"))
        return "" if pd.isna(share) else "every" if share == 100 else "some" if share else "none"

    def claims(self, keys: Iterable[str], caption: str | Markdown) -> Markdown:
        """A table of claims by their ids: verdict, the readings that stand or do not, the sources."""
        rows, sources = [], self.known.checks.source
        for key in keys:
            row: Any = self.known.verdicts.loc[key]
            readings = {"Stands": row.stands, "Fails": row.fails, "Cannot be checked": row.open}
            rows.append(
                {
                    "Claim": row.claim,
                    "Verdict": self.number(key),
                    "By reading": ". ".join(f"{how}: {which}" for how, which in readings.items() if which),
                    "Source": ", ".join(filter(None, dict.fromkeys(sources[row.checks.split()]))),
                    "Weakest source": f"grade {row.grade}" if row.grade else "",
                }
            )
        return self._of_rows(rows, caption)

    def tested(self, covered: pd.DataFrame, caption: str | Markdown) -> Markdown:
        """A table of figures, from rows of the coverage: the claims that test each, or why none does."""
        rows = []
        for key, entity, tested, checks, why in covered[_COVERED].values:
            row = {"Figure": self.number(key), "Of": self.known.entities["name"][entity], "Tested": tested}
            if tested not in ("no", "not checkable"):
                claims = dict.fromkeys(self.known.checks.claim_id[name] for name in checks.split())
                why = Markdown("; ".join(f"{name}: {self.number(name).text}" for name in claims))
            rows.append(row | {"By which claims, or why not": why})
        return self.table(pd.DataFrame(rows), caption)

    # -- findings ----------------------------------------------------------------------------------

    def finding(
        self,
        claims: Iterable[str] | None,
        question: str,
        answer: str,
        evidence: str,
        strength: str,
        because: str,
        **values: object,
    ) -> Markdown:
        """A finding: the verdict on its claims comes first, then its text, its strength and the claims.

        `claims` are the ids of the claims that it rests on, or None for a finding on the tests themselves.
        A claim that is not settled and involves a figure which the text names is said and listed too.
        `strength` is one of `vocabulary.STRENGTHS`. The output also has its parts under the MIME type
        `FINDING`. Its texts are as those of `say`, with `values`. Raises KeyError for an unknown claim,
        ValueError for an unknown strength, and what `say` raises.
        """
        _require_typed(question, answer, evidence, because)
        if strength not in STRENGTHS:
            raise ValueError(f"{strength!r} is no strength; expected one of: {', '.join(STRENGTHS)}")
        texts = {"question": question, "answer": answer, "evidence": evidence, "because": because}
        named = self._numbers_of(" ".join(texts.values()), values)
        figures = {key for key in self.known.closure(named) if self.known.row(key)[0] == "figure"}
        verdict = self.known.verdicts.verdict
        asked = list(claims or ())
        beside = [
            key
            for key in verdict.index[verdict.isin(UNSETTLED)]
            if key not in asked and figures & set(self.known.closure([key]))
        ]
        unsettled = [key for key in asked if verdict[key] in UNSETTLED]
        keys = unsettled + [key for key in asked if key not in unsettled] + beside
        opening = "" if claims is None and not keys else self._opening(asked, beside)
        parts: dict[str, Any] = {"opening": opening}
        parts |= {name: self._filled(text, values) for name, text in texts.items()}
        parts |= {"strength": strength, "claims": keys, "change": self.what_would_change(keys).text}
        paragraphs = [
            opening,
            *(f"**{name.capitalize()}.** {parts[name]}" for name in ("question", "answer", "evidence")),
            f"**Strength: {strength}.** {parts['because']}",
            f"**What would change it.** {parts['change']}" if parts["change"] else "",
            self.claims(keys, "The claims it rests on").text if keys else "",
        ]
        return Markdown("\n\n".join(part for part in paragraphs if part), {FINDING: parts})

    def _opening(self, own: list[str], beside: list[str]) -> str:
        """The first sentences of a finding: the verdict on its own claims, then what else is not settled."""
        verdicts = self.known.verdicts

        def listed(keys: Iterable[str]) -> str:
            return "; ".join(f"*{escaped(verdicts.claim[key])}* ({self.number(key).text})" for key in keys)

        by_verdict = {
            name: [key for key in own if verdicts.verdict[key] == name]
            for name in ("contradicted", "in tension", "undecided", "not checkable", "consistent")
        }
        found = next((name for name in by_verdict if by_verdict[name]), "")
        if found in UNSETTLED:
            said = (
                f"**{found.capitalize()}:** {listed(key for name in UNSETTLED for key in by_verdict[name])}."
            )
        elif not found:
            said = "**Not tested:** nothing was found to compare it with."
        elif not by_verdict["consistent"]:
            said = f"**Not checkable:** {listed(own)}."
        elif found == "not checkable":
            said = f"**Consistent, as far as it could be compared:** {listed(by_verdict[found])}."
        else:
            said = "**Consistent with all that it was compared with.**"
        return f"{said} A number of it is in doubt elsewhere: {listed(beside)}." if beside else said

    def what_would_change(self, keys: Iterable[str]) -> Markdown:
        """What would change the verdicts of claims: other choices, and the figure that has the least room.

        Nothing without the tables `sensitivity` and `flips`, and for no claims. At most two numbers.
        """
        keys = [key for key in keys if key in self.known.verdicts.index]
        if self._differing is None or self._limits is None or not keys:
            return Markdown("")
        said = []
        for words, group in self._differing[self._differing.claim_id.isin(keys)].groupby("words", sort=False):
            each = [
                f"*{escaped(self.known.verdicts.claim[row.claim_id])}* ({row.after.replace(*_NO_RESULT)})"
                for row in group.itertuples()
            ]
            verb = "this verdict" if len(each) == 1 else "these verdicts"
            said.append(f"{words[0].upper()}{words[1:]}, {verb} would differ: {'; '.join(each)}.")
        steady = [] if said else ["No other choice that was tried changes a verdict."]
        unsettled = [key for key in keys if self.known.verdicts.verdict[key] in UNSETTLED]
        room = self._least_room(unsettled) or self._least_room(keys)
        return Markdown(" ".join([*steady, *said, room]).rstrip())

    def _least_room(self, keys: list[str]) -> str:
        """Between which values the figure with the least room may lie; nothing if none has a limit.

        Claims that compare with what may be the article's own source count only if there are no others.
        """
        if self._limits is None:
            return ""
        of_these = self._limits[self._limits.claim_id.isin(keys)]
        if of_these.empty:
            return ""
        copies = {row.claim_id for row in self.known.checks.itertuples() if is_copy(row)}
        telling = of_these[~of_these.claim_id.isin(copies)]  # what is a copy stands as printed and no further
        of_these = of_these if telling.empty else telling
        row: Any = of_these.iloc[0]
        claim = f"*{escaped(self.known.verdicts.claim[row.claim_id])}*"
        entity, indicator = map(escaped, self.known.subject(self.known.figures.loc[row.figure_id]))
        ends = {
            word: self.number(f"stands-{word}-{row.claim_id}-by-{row.figure_id}").text
            for word, limit in (("from", row.low), ("to", row.high))
            if pd.notna(limit)
        }
        if row.low == row.high:
            values = f"for {ends['from']} alone"
        elif len(ends) == 2:
            values = f"for values from {ends['from']} to {ends['to']}"
        else:
            values = (
                f"for values from {ends['from']} up" if "from" in ends else f"for values up to {ends['to']}"
            )
        when = f" ({self.known.period(row.figure_id)})" if self.known.figures.period[row.figure_id] else ""
        beyond = [f"{side} {word}" for side, word in (("below", row.below), ("above", row.above)) if word]
        beyond[0] = beyond[0].replace(" ", " that it would be ", 1)
        return (
            f"Nearest to turning is the claim {claim}. For the figure “{indicator}, {entity}{when}” it is "
            f"{row.verdict} {values}; {', '.join(beyond)}."
        )

    def evidence(self) -> Markdown:
        """An entry for every number shown so far and for all that it is made of."""
        entries = []
        for key in self.known.closure(self.shown):
            text = f"`{key}` {self.known.explanation(key)}"
            entries.append(f'<div class="evidence" id="evidence-{key}">\n\n{text}\n\n</div>')
        return Markdown("\n\n".join(entries))


def _cell(content: object) -> str:
    """What a table shows of a cell or of its caption: text letter by letter, `Markdown` as it is."""
    return " ".join(content.text.split("\n")) if isinstance(content, Markdown) else escaped(content)


def _require_typed(*texts: str) -> None:
    """Raise ValueError unless each text stands as it is in the code that calls the caller of this.

    Python keeps the texts that are typed in a piece of code as its constants. What an f-string, a sum or a
    format makes is none of them, so that no text of a table ever gets into Markdown.
    """
    typed = sys._getframe(2).f_code.co_consts
    for text in texts:
        if text not in typed:
            raise ValueError(
                f"{text[:60]!r}… is put together: prose must be typed as one text where it is said; "
                'give what comes out of a table by a name, as in say("About {{name}}.", name=…)'
            )


def _widths(columns: list[tuple[str, ...]], line: int = 112) -> list[int]:
    """Characters that each column may have on a line: short ones all they need, long ones share the rest."""
    longest = [
        max(len(re.sub(r"<[^>]*>|\\", "", cell).encode("gbk", "replace")) for cell in cells) + 2
        for cells in columns
    ]
    rest = line - sum(n for n in longest if n <= 20)
    long = sum(math.sqrt(n) for n in longest if n > 20)
    return [n if n <= 20 else max(16, round(rest * math.sqrt(n) / long)) for n in longest]
