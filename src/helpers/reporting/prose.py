"""Prose and tables whose numbers are bound to ids.

Nobody types a number into a report. Text names an id in double braces, and rendering puts in the value,
rounded no finer than its interval deserves, as a link to its evidence:

    {{ganzhou-gdp-2021}}           416.9 billion yuan
    {{ganzhou-gdp-2021|range}}     416.85 to 416.95 billion yuan
    {{ganzhou-listed-companies-2021|number}}   16, without scale, unit or qualifier
    {{ganzhou-gdp-2021|low}}       416.85 billion yuan, the low end of that range; `high` is the other end
    {{ganzhou-gdp-2021|period}}    2021
    {{shenzhen-tasks-add-up}}      consistent (the verdict of a check, or of a claim with several readings)

Output is Markdown in which such a link is `<a class="number" data-id=… href="#evidence-…" title=…>`:
JupyterLab shows it as it is, and `pages` turns it into links of HTML and PDF.
"""

import html
import math
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..vocabulary import DOUBTFUL, GRADES, STRENGTHS, VERDICTS
from .evidence import Evidence
from .numbers import escaped

FORMS = ("value", "number", "range", "low", "high", "period")
FINDING = "application/vnd.bay-and-old-area.finding+json"  # the parts of a finding, each as Markdown
SUMMARY = "application/vnd.bay-and-old-area.summary+json"  # the summary of a notebook, as Markdown
LEGENDS = {
    "verdicts": ("Verdicts", VERDICTS, ""),
    "grades": ("Grades of other sources", GRADES, f" A source of grade {max(GRADES)} never contradicts."),
    "strengths": ("Strength of a finding", STRENGTHS, ""),
}
_COVERED = ["figure_id", "entity", "tested", "checks", "why_not"]
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z0-9-]+)\s*(?:\|\s*(\w+)\s*)?\}\}")
_ESCAPED = re.compile(
    r"\\\{\\\{\s*([a-z0-9-]+)\s*(?:\\\|\s*([\w\\]+)\s*)?\\\}\\\}"
)  # the same after `escaped`


class Markdown:
    """Text that a notebook shows as Markdown; `data` has more of its content, by MIME type, for programs."""

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

    def number(self, key: str, form: str = "value") -> str:
        """The id as a linked number; `form` is one of `FORMS`. Raises KeyError, ValueError."""
        if form not in FORMS:
            raise ValueError(f"{form!r} is no form of a number; expected one of: {', '.join(FORMS)}")
        text = getattr(self.known, form)(key)
        self.shown[key] = None
        title = html.escape(self.known.tooltip(key), quote=True)
        link = f'<a class="number" data-id="{key}" href="#evidence-{key}" title="{title}">'
        return f"{link}{escaped(text)}</a>"

    def _filled(self, text: str) -> str:
        return _PLACEHOLDER.sub(lambda match: self.number(match[1], match[2] or "value"), text)

    def say(self, text: str) -> Markdown:
        """Prose, written in Markdown, with every `{{id}}` replaced by its linked number.

        What comes out of a table into prose, such as a name, goes through `numbers.escaped` first.
        """
        return Markdown(self._filled(text))

    def summary(self, text: str) -> Markdown:
        """What the notebook finds, in short: `say` of a text that the front page repeats."""
        said = self._filled(text)
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

    def cell(self, text: str) -> str:
        """Text of a table with every `{{id}}` replaced by its linked number and all else shown as it is."""
        return _ESCAPED.sub(lambda match: self.number(match[1], match[2] or "value"), escaped(text))

    def table(self, frame: pd.DataFrame, caption: str) -> Markdown:
        """A table with its caption; cells and caption are plain text that may hold `{{id}}`."""
        rows = [[self.cell(cell) for cell in row] for row in frame.fillna("").astype(str).values]
        names = [escaped(name) for name in frame.columns]
        rule = ["-" * width for width in _widths(list(zip(names, *rows, strict=True)))]
        lines = ["| " + " | ".join(row) + " |" for row in (names, *rows)]
        lines.insert(1, "|" + "|".join(rule) + "|")
        return Markdown("\n".join(lines) + f"\n\nTable: {self.cell(caption)}\n")

    def _of_rows(self, rows: list[dict[str, str]], caption: str) -> Markdown:
        """A table of the columns that hold something; a line that says so if there is no row."""
        if not rows:
            return Markdown(f"{self.cell(caption)}: none.")
        frame = pd.DataFrame(rows)
        return self.table(frame.loc[:, (frame != "").any()], caption)

    def _what(self, key: str) -> dict[str, str]:
        """The first columns of a row on a figure, a derived quantity or a comparator."""
        kind, row = self.known.row(key)
        measure = f" ({row.measure.replace('_', ' ')})" if kind == "derived" else ""
        return {
            "Quantity": ": ".join(self.known.subject(row)) + measure,
            "Period": self.known.period(key),
            "Value": _slot(key),
        }

    def quantities(self, keys: Iterable[str], caption: str) -> Markdown:
        """A table of figures and derived quantities: value, what print or inputs allow, reading, remarks."""
        rows = []
        for key in keys:
            _, row = self.known.row(key)
            remarks = "; ".join(part for part in (row.get("reading", ""), row.note) if part)
            rows.append(self._what(key) | {"Allowed": _slot(key, "range"), "Reading and remarks": remarks})
        return self._of_rows(rows, caption)

    def sources(self, keys: Iterable[str], caption: str) -> Markdown:
        """A table of comparators: value, on which basis, who published it, and its grade."""
        rows = []
        for key in keys:
            _, row = self.known.row(key)
            basis = [f"{row.price_basis} prices" if row.price_basis else "", row.vintage, row.note]
            remarks = {"Basis and remarks": "; ".join(part for part in basis if part)}
            rows.append(self._what(key) | remarks | {"Source": row.source, "Grade": row.grade})
        return self._of_rows(rows, caption)

    def verdicts(self, keys: Iterable[str], caption: str) -> Markdown:
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
                    "Claimed": _slot(observed, "range"),
                    "Compared with": words + _slot(expected[0], form) if expected else "nothing found",
                    "Verdict": _slot(key),
                    "Weakest source": f"grade {row.grade}" if row.grade else "",
                    "Remarks": row.note,
                }
            )
        return self._of_rows(rows, caption)

    def claims(self, keys: Iterable[str], caption: str) -> Markdown:
        """A table of claims by their ids: verdict, the readings that stand or do not, the weakest source."""
        rows = []
        for key in keys:
            row: Any = self.known.verdicts.loc[key]
            readings = {"Stands": row.stands, "Fails": row.fails, "Cannot be checked": row.open}
            rows.append(
                {
                    "Claim": row.claim,
                    "Verdict": _slot(key),
                    "By reading": ". ".join(f"{how}: {which}" for how, which in readings.items() if which),
                    "Weakest source": f"grade {row.grade}" if row.grade else "",
                }
            )
        return self._of_rows(rows, caption)

    def tested(self, covered: pd.DataFrame, caption: str) -> Markdown:
        """A table of figures, from rows of the coverage: the claims that test each, or why none does."""
        rows = []
        for key, entity, tested, checks, why in covered[_COVERED].values:
            claims = dict.fromkeys(self.known.checks.claim_id[name] for name in checks.split())
            tests = "; ".join(f"{name}: {_slot(name)}" for name in claims)
            rows.append(
                {
                    "Figure": _slot(key),
                    "Of": self.known.entities["name"][entity],
                    "Tested": tested,
                    "By which claims, or why not": why if tested in ("no", "not checkable") else tests,
                }
            )
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
    ) -> Markdown:
        """A finding: what tests say of it comes first, then its text, its strength and the claims.

        `claims` are the ids of the claims that it rests on, or None for a finding on the tests themselves.
        A claim that is in tension or contradicted and involves a figure which the text names comes first
        whether or not it is in `claims`. `strength` is one of `vocabulary.STRENGTHS`. The output also has
        its parts under the MIME type `FINDING`. Raises KeyError for an unknown claim and ValueError for an
        unknown strength.
        """
        if strength not in STRENGTHS:
            raise ValueError(f"{strength!r} is no strength; expected one of: {', '.join(STRENGTHS)}")
        texts = {"question": question, "answer": answer, "evidence": evidence, "because": because}
        named = {match[1] for text in texts.values() for match in _PLACEHOLDER.finditer(text)}
        figures = {key for key in self.known.closure(named) if self.known.row(key)[0] == "figure"}
        verdict = self.known.verdicts.verdict
        asked = list(claims or ())
        doubtful = [
            key
            for key in verdict.index[verdict.isin(DOUBTFUL)]
            if key in asked or figures & set(self.known.closure([key]))
        ]
        keys = doubtful + [key for key in asked if key not in doubtful]
        opening = "" if claims is None and not keys else self._filled(self._opening(keys))
        parts: dict[str, Any] = {"opening": opening}
        parts |= {name: self._filled(text) for name, text in texts.items()}
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
            return "; ".join(f"*{escaped(claim)}* ({_slot(key)})" for key, claim in part.claim.items())

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


def _slot(key: Any, form: str = "value") -> str:
    """The place of a number in a text, which `_PLACEHOLDER` finds."""
    return f"{{{{{key}|{form}}}}}"


def _widths(columns: list[tuple[str, ...]], line: int = 112) -> list[int]:
    """Characters that each column may have on a line: short ones all they need, long ones share the rest."""
    longest = [
        max(len(re.sub("<[^>]*>", "", cell).encode("gbk", "replace")) for cell in cells) + 2
        for cells in columns
    ]
    rest = line - sum(n for n in longest if n <= 20)
    long = sum(math.sqrt(n) for n in longest if n > 20)
    return [n if n <= 20 else max(16, round(rest * math.sqrt(n) / long)) for n in longest]
