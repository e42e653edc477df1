"""Prose and tables whose numbers and names are bound to ids.

Nobody types a number into a report. Text names an id in double braces, and rendering puts in the value,
rounded no finer than its interval deserves, as a link to its evidence:

    {{ganzhou-gdp-2021}}           416.9 billion yuan
    {{ganzhou-gdp-2021|range}}     416.85 to 416.95 billion yuan
    {{ganzhou-listed-companies-2021|number}}   16, without scale, unit or qualifier
    {{ganzhou-gdp-2021|low}}       416.85 billion yuan, the low end of that range; `high` is the other end
    {{ganzhou-gdp-cagr-2011-2021|full}}   10.4425375237 percent a year, with all digits that are known
    {{ganzhou-gdp-2021|period}}    2021
    {{shenzhen-tasks-add-up}}      consistent (the verdict of a check, or of a claim with several readings)
    {{ganzhou|name}}               Ganzhou, also of an indicator, or the outlet of an article
    {{ganzhou|entity}}             Ganzhou (赣州)

Prose of a notebook stands in cells of Markdown, which `magics` reads. Whatever comes out of a table or of a
computation goes in by a name of its own, and is shown letter by letter; so it does where a cell of code says
a few words:

    report.say("{{about|entity}} is a {{kind}}.", about=entity, kind=known.entities.kind[entity])

Text of tables is only text: cells and captions are shown letter by letter, unless they are `Markdown`, as
`number` and `say` make it.

Output is Markdown in which a number is `<a class="number" data-id=… href="#evidence-…">`:
JupyterLab shows it as it is, `pages` and `paper` turn it into links of HTML and PDF.
"""

import difflib
import re
import sys
from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..checking.claims import is_copy
from ..checking.flips import least_room
from ..checking.sensitivity import LOST, differing
from ..vocabulary import GRADES, NO_TEST, STRENGTHS, UNSETTLED, VERDICT_SIGNS, VERDICTS
from . import panel
from .columns import comparable
from .evidence import Evidence
from .numbers import escaped

FORMS = ("value", "full", "number", "range", "low", "high", "period")
NAME_FORMS = ("name", "entity")
NAMED = 2  # claims that a line names at most
LEGENDS = {
    "verdicts": ("Verdicts", VERDICTS, ""),
    "grades": ("Grades of other sources", GRADES, f" A source of grade {max(GRADES)} never contradicts."),
    "strengths": ("Strength of a finding", STRENGTHS, ""),
}
_TAG = re.compile(r"<[^>]*>")

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
    which a finding says what would change it. Remembers in `shown` which ids it has shown, for `evidence`,
    and in `findings` those that it was told.
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
        self.findings: dict[str, dict[str, Any]] = {}  # the parts of those that `magics` showed, by title
        self._power = None if power is None else power.set_index("check_id").noticed_10_percent
        self._differing = None if sensitivity is None else differing(sensitivity)
        self._limits = None if flips is None else least_room(flips, self.known.figures.reset_index())

    def number(self, key: str, form: str = "value") -> Markdown:
        """The id as a linked number; `form` is one of `FORMS`. Raises KeyError, ValueError."""
        if form not in FORMS:
            forms = ", ".join((*FORMS, *NAME_FORMS))
            raise ValueError(f"{form!r} is no form of a number or a name; expected one of: {forms}")
        return Markdown(self.link(key, getattr(self.known, form)(key)))

    def link(self, key: str, text: object) -> str:
        """Text, shown letter by letter, as a link to the evidence of an id."""
        self.shown[key] = None
        return f'<a class="number" data-id="{key}" href="#evidence-{key}">{escaped(text)}</a>'

    def filled(self, text: str, values: dict[str, object], linked: bool = True) -> str:
        """Markdown with every `{{id}}` and `{{name}}` replaced as in `say`; `text` must be typed by a person.

        Numbers are links, or without `linked` plain text.
        """

        def fill(match: re.Match) -> str:
            word, form = match.groups()
            if word in values and form is None:
                return escaped(values[word])
            key = str(values.get(word, word))
            if form in NAME_FORMS:
                return escaped(getattr(self.known, form)(key))
            number = self.number(key, form or "value").text
            return number if linked else _TAG.sub("", number)

        return _PLACEHOLDER.sub(fill, text)

    def numbers_of(self, text: str, values: dict[str, object]) -> set[str]:
        """The ids of which a text shows numbers, as `filled` takes it."""
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
        return Markdown(self.filled(text, values))

    def legend(self, *parts: str) -> Markdown:
        """What words mean, a line each: `verdicts`, `grades` and `strengths`, or those that are given."""
        paragraphs = []
        for part in parts or LEGENDS:
            title, words, more = LEGENDS[part]
            meanings = [
                f"{verdict_sign(word) if word in VERDICTS else f'*{word}*'}: {meaning}."
                for word, meaning in words.items()
            ]
            paragraphs.append("\\\n".join([f"**{title}.**{more}", *meanings]))
        return Markdown("\n\n".join(paragraphs))

    # -- tables ------------------------------------------------------------------------------------

    def table(self, frame: pd.DataFrame, caption: str | Markdown) -> Markdown:
        """A table with its caption: text of both is shown letter by letter, `Markdown` as it is.

        Numbers of a column that has one unit are set to the right, and the unit stands in the head.
        """
        cells = [[_cell(cell) for cell in row] for row in frame.astype("object").fillna("").values]
        plurals = dict(self.known.units[["singular", "plural"]].map(escaped).values)
        names, rows, numeric = comparable([escaped(name) for name in frame.columns], cells, plurals)
        rule = ["--:" if right else "---" for right in numeric]
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
            rows.append(self._what(key) | {"Allowed": self.known.range(key), "Reading and remarks": remarks})
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
                    "Claimed": self.known.range(observed),
                    "Compared with": words + getattr(self.known, form)(expected[0])
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

    # -- what a finding says of its claims ---------------------------------------------------------

    def claims_of(self, asked: list[str], named: set[str]) -> tuple[list[str], list[str]]:
        """The claims of a finding, those not settled first, and others that are in doubt beside them.

        `asked` are the claims that it rests on, `named` the ids of which it shows numbers: a claim that is
        not settled and involves a figure behind one of them stands beside. Raises KeyError for an unknown
        claim.
        """
        verdict = self.known.verdicts.verdict
        if unknown := [key for key in asked if key not in verdict.index]:
            near = ", ".join(difflib.get_close_matches(unknown[0], verdict.index, 3)) or "none"
            raise KeyError(f"{unknown[0]} is no claim; near to it: {near}")
        figures = {key for key in self.known.closure(named) if self.known.row(key)[0] == "figure"}
        unsettled = verdict.index[verdict.isin(UNSETTLED)]
        own = sorted(asked, key=lambda key: key not in unsettled)
        others = [key for key in unsettled if key not in asked and figures & set(self.known.closure([key]))]
        return own, others

    def verdict_line(self, own: list[str], beside: list[str]) -> tuple[str, str]:
        """The verdict of a finding, and a line of Markdown that gives it with its sign and its claims.

        The verdict is the worst of its own claims, or "" if there is none. The line names what is not
        settled, and last what is in doubt beside, as of `claims_of`; it is empty where nothing is to say.
        """
        verdicts = self.known.verdicts

        def listed(keys: list[str]) -> str:
            named = [f"*{self.link(key, verdicts.claim[key])}*" for key in keys[:NAMED]]
            return "; ".join(named) + (", and others" if len(keys) > NAMED else "")

        by_verdict: dict[str, list[str]] = {name: [] for name in (*UNSETTLED, "not checkable", "consistent")}
        for key in own:
            by_verdict[verdicts.verdict[key]].append(key)
        found = next((name for name, keys in by_verdict.items() if keys), "")
        said = [
            f"{verdict_sign(name)}: {listed(keys)}."
            for name, keys in by_verdict.items()
            if keys and name != "consistent" and not (name == "not checkable" and len(keys) < len(own))
        ]
        if not said and found:
            which = "could be" if found == "not checkable" else "was"
            said = [f"{verdict_sign('consistent')} with all that it {which} compared with."]
            found = "consistent"
        if beside:
            said.append(f"In doubt elsewhere: {listed(beside)}.")
        return found, " ".join(said)

    def what_would_change(self, keys: Iterable[str]) -> Markdown:
        """What would change the verdicts of claims: other choices, and the figure that has the least room.

        One sentence a line; nothing without the tables `sensitivity` and `flips`, and for no claims. A claim
        with a reading for each vintage is tested on all of them, so that the choice of one says nothing. At
        most two numbers.
        """
        verdicts = self.known.verdicts
        keys = [key for key in keys if key in verdicts.index]
        if self._differing is None or self._limits is None or not keys:
            return Markdown("")
        unsettled = [key for key in keys if verdicts.verdict[key] in UNSETTLED]
        other = self._differing[self._differing.claim_id.isin(keys)]
        tested = other.kind.isin(["base", "last"]) & other.claim_id.map(verdicts.checks).str.contains(" ")
        said: dict[str, str] = {}
        rows = other[~tested].sort_values("kind", key=lambda kind: kind == "", kind="stable")
        for words, group in rows.groupby("words", sort=False):
            each = dict.fromkeys(
                f"{self._or_it(row.claim_id, unsettled)} would be {row.after}" for row in group.itertuples()
            )
            then = "; ".join(each).replace(f"would be {LOST}", "could not be computed")
            if not any(part in words and said[part] == then for part in said):  # one of them is enough
                said[words] = then
        lines = [f"{words[0].upper()}{words[1:]}, {then}." for words, then in said.items()]
        steady = [] if said else ["No other choice that was tried changes a verdict."]
        room = self._least_room(unsettled, unsettled) or self._least_room(keys, unsettled)
        return Markdown("\n".join([*steady, *lines, room]).rstrip())

    def _or_it(self, key: str, unsettled: list[str]) -> str:
        """A claim in words, or "it" where the verdict of the whole finding turns with it."""
        return "it" if unsettled in ([], [key]) else f"*{escaped(self.known.verdicts.claim[key])}*"

    def _least_room(self, keys: list[str], unsettled: list[str]) -> str:
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
        claim = self._or_it(row.claim_id, unsettled)
        entity, indicator = map(escaped, self.known.subject(self.known.figures.loc[row.figure_id]))
        when = f" in {self.known.period(row.figure_id)}" if self.known.figures.period[row.figure_id] else ""
        ends = {
            word: self.number(f"stands-{word}-{row.claim_id}-by-{row.figure_id}").text
            for word, limit in (("from", row.low), ("to", row.high))
            if pd.notna(limit)
        }
        if row.low == row.high:
            values = f"is {ends['from']}"
        elif len(ends) == 2:
            values = f"lies between {ends['from']} and {ends['to']}"
        else:
            values = f"is at least {ends['from']}" if "from" in ends else f"is at most {ends['to']}"
        beyond = {word: side for side, word in (("below", row.below), ("above", row.above)) if word}
        if len(beyond) == 1:
            (word,) = beyond
            otherwise = f"Otherwise {claim} would be {word}."
        else:
            otherwise = f"Below, {claim} would be {row.below}; above, {row.above}."
        stands = "The verdict stays" if unsettled else "It stands"
        return f"{stands} while “{indicator}, {entity}”{when} {values}.\n{otherwise}"

    def evidence(self) -> Markdown:
        """Every number shown so far and all that it is made of: as data for pages, and as the panel for
        JupyterLab.
        """
        facts = self.known.facts(self.shown)
        articles = panel.articles(self.known.articles)
        lab = panel.for_lab(panel.panel_data(facts, articles))
        said = f"The evidence of {len(facts)} numbers and of what they are made of."
        return Markdown(said, {"text/html": lab, panel.EVIDENCE: {"facts": facts, "articles": articles}})


def verdict_sign(verdict: str) -> str:
    """A verdict as Markdown with its sign, in a class of its own by which pages colour it."""
    words = f"{VERDICT_SIGNS[verdict]} {verdict.capitalize()}"
    return f'<span class="verdict {verdict.replace(" ", "-")}">{words}</span>'


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
