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

from ..vocabulary import DOUBTFUL, GRADES, STRENGTHS, VERDICTS
from .evidence import Evidence
from .numbers import escaped, quoted

FORMS = ("value", "number", "range", "low", "high", "period")
NAME_FORMS = ("name", "entity")
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

    Remembers in `shown` which ids it has shown, for `evidence`; nothing else depends on them.
    """

    def __init__(self, corpus: Any, **tables: pd.DataFrame | None):
        self.known = Evidence(corpus, **tables)
        self.shown: dict[str, None] = {}

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

    def _what(self, key: str) -> dict[str, str | Markdown]:
        """The first columns of a row on a figure, a derived quantity or a comparator."""
        kind, row = self.known.row(key)
        measure = f" ({row.measure.replace('_', ' ')})" if kind == "derived" else ""
        return {
            "Quantity": ": ".join(self.known.subject(row)) + measure,
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
                    else "nothing found",
                    "Verdict": self.number(key),
                    "Weakest source": f"grade {row.grade}" if row.grade else "",
                    "Remarks": row.note,
                }
            )
        return self._of_rows(rows, caption)

    def claims(self, keys: Iterable[str], caption: str | Markdown) -> Markdown:
        """A table of claims by their ids: verdict, the readings that stand or do not, the weakest source."""
        rows = []
        for key in keys:
            row: Any = self.known.verdicts.loc[key]
            readings = {"Stands": row.stands, "Fails": row.fails, "Cannot be checked": row.open}
            rows.append(
                {
                    "Claim": row.claim,
                    "Verdict": self.number(key),
                    "By reading": ". ".join(f"{how}: {which}" for how, which in readings.items() if which),
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
        """A finding: what tests say of it comes first, then its text, its strength and the claims.

        `claims` are the ids of the claims that it rests on, or None for a finding on the tests themselves.
        A claim that is in tension or contradicted and involves a figure which the text names comes first
        whether or not it is in `claims`. `strength` is one of `vocabulary.STRENGTHS`. The output also has
        its parts under the MIME type `FINDING`. Its texts are as those of `say`, with `values`. Raises
        KeyError for an unknown claim, ValueError for an unknown strength, and what `say` raises.
        """
        _require_typed(question, answer, evidence, because)
        if strength not in STRENGTHS:
            raise ValueError(f"{strength!r} is no strength; expected one of: {', '.join(STRENGTHS)}")
        texts = {"question": question, "answer": answer, "evidence": evidence, "because": because}
        named = self._numbers_of(" ".join(texts.values()), values)
        figures = {key for key in self.known.closure(named) if self.known.row(key)[0] == "figure"}
        verdict = self.known.verdicts.verdict
        asked = list(claims or ())
        doubtful = [
            key
            for key in verdict.index[verdict.isin(DOUBTFUL)]
            if key in asked or figures & set(self.known.closure([key]))
        ]
        keys = doubtful + [key for key in asked if key not in doubtful]
        opening = "" if claims is None and not keys else self._opening(keys)
        parts: dict[str, Any] = {"opening": opening}
        parts |= {name: self._filled(text, values) for name, text in texts.items()}
        parts |= {"strength": strength, "claims": keys}
        paragraphs = [
            opening,
            *(f"**{name.capitalize()}.** {parts[name]}" for name in ("question", "answer", "evidence")),
            f"**Strength: {strength}.** {parts['because']}",
            self.claims(keys, "The claims it rests on").text if keys else "",
        ]
        return Markdown("\n\n".join(part for part in paragraphs if part), {FINDING: parts})

    def _opening(self, keys: list[str]) -> str:
        """The first sentence of a finding: what is in tension, else not checkable, else that all stands."""
        verdicts = self.known.verdicts.loc[keys]

        def listed(part: pd.DataFrame) -> str:
            return "; ".join(
                f"*{escaped(claim)}* ({self.number(str(key)).text})" for key, claim in part.claim.items()
            )

        doubtful = verdicts[verdicts.verdict.isin(DOUBTFUL)]
        closed = verdicts[verdicts.verdict == "not checkable"]
        if verdicts.empty:
            return "**Not tested:** nothing was found to hold it against."
        if len(doubtful):
            return f"**In tension:** {listed(doubtful)}."
        if len(closed) == len(verdicts):
            return f"**Not checkable:** {listed(closed)}."
        if len(closed):
            return f"**Consistent, as far as it could be compared:** {listed(closed)}."
        return "**Consistent with all that it was compared with.**"

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
