"""Findings: what a cell says of one becomes its verdict, its answer, how sure it is, and why.

The text of a finding is Markdown with ids in double braces, as `prose` has them. It begins with what it rests
on, and has its parts in one order:

    claims: ganzhou-multiple jian-multiple
    strength: depends on a reading

    ## The headline, which says the finding

    The answer.

    **How sure.** Why one may trust it, and how far.

    **Why.** What was compared, and what came out.

    **More.** What only a few readers want; may be left out.

`claims` are ids of claims, over as many lines as are needed, or `none` for a finding that rests on no claim;
`strength` is one of `vocabulary.STRENGTHS`. Verdict and what would change it are added from the tables.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

from ..corpus.files import replace_file
from ..vocabulary import STRENGTHS
from .prose import Markdown, Report

FINDING = "application/vnd.bay-and-old-area.finding+json"  # the parts of a finding, each as Markdown
SUMMARY = "application/vnd.bay-and-old-area.summary+json"  # the summary of a notebook, as Markdown
FILE_HEAD = """# Findings

Five press articles print numbers on Ganzhou, Zhaoqing, Guangdong and the Greater Bay Area.
Each finding says whether what they claim fits other figures and other sources, and how sure that is.
What a verdict, a grade of a source and a strength mean stands at the end.

The notebook `07_findings` writes this file, so that a number that changes shows in its sentence.
The reports lead from each number to where it was printed.
"""

_PARTS = {"How sure": "sure", "Why": "why", "More": "more"}  # what stands in bold, and the name of the part
_NEEDED = ("claims", "strength", "headline", "answer", "sure", "why")
_HEAD = re.compile(r"(claims|strength):[ \t]*(.*)")
_SPLIT = re.compile(rf"^\*\*({'|'.join(_PARTS)})\.\*\*[ \t]*", re.MULTILINE)


def parsed(text: str) -> dict[str, str]:
    """The parts of a finding as they are typed: claims, strength, headline, answer, sure, why, more.

    Raises ValueError that names the part which is missing, stands twice or is not known.
    """
    lines = text.strip().split("\n")
    parts: dict[str, str] = {}
    while lines and (head := _HEAD.fullmatch(lines[0].strip())):
        parts[head[1]] = f"{parts.get(head[1], '')} {head[2]}".strip()
        del lines[0]
    answer, *rest = _SPLIT.split("\n".join(lines).strip())
    headline, _, answer = answer.partition("\n")
    if headline.startswith("## "):
        parts["headline"] = headline[3:].strip()
    parts["answer"] = answer.strip()
    for name, said in zip(rest[::2], rest[1::2], strict=True):
        if _PARTS[name] in parts:
            raise ValueError(f"the finding says “{name}” twice")
        parts[_PARTS[name]] = said.strip()
    words = {part: f"“**{name}.**”" for name, part in _PARTS.items()}
    words |= {name: f"a line “{name}: …” at its beginning" for name in ("claims", "strength")}
    words |= {"headline": "a line “## …” with its headline", "answer": "an answer below its headline"}
    if missing := [words[name] for name in _NEEDED if not parts.get(name)]:
        raise ValueError(f"the finding lacks {' and '.join(missing)}")
    if parts["strength"] not in STRENGTHS:
        raise ValueError(f"{parts['strength']!r} is no strength; expected one of: {', '.join(STRENGTHS)}")
    return {"more": ""} | parts


class Finding(NamedTuple):
    """A finding with its parts as Markdown, and what is shown of it above and below its plot."""

    parts: dict[str, Any]
    above: Markdown
    below: Markdown


def finding(report: Report, text: str, values: dict[str, object]) -> Finding:
    """A finding of its typed text; `values` are texts by name, as `Report.say` takes them.

    Its parts are title, verdict (a word, or nothing), opening (the verdict in a line), answer, sure, why,
    more, strength, claims (ids) and change (what would change it). A claim that is not settled and involves a
    figure which the text names is said and listed too. Numbers of the headline are plain text, as a heading
    is a link already. Raises ValueError for a text without its parts or of unknown strength, and KeyError for
    an unknown claim or id.
    """
    typed = parsed(text)
    asked = [] if typed["claims"] == "none" else typed["claims"].split()
    named = report.numbers_of(" ".join(typed[name] for name in ("headline", *_NEEDED[3:], "more")), values)
    own, beside = report.claims_of(asked, named)
    verdict, opening = report.verdict_line(own, beside)
    said = {name: report.filled(typed[name], values) for name in ("answer", "sure", "why", "more")}
    parts: dict[str, Any] = {
        "title": report.filled(typed["headline"], values, linked=False),
        "verdict": verdict,
        "opening": opening,
        **said,
        "strength": typed["strength"],
        "claims": own + beside,
        "change": report.what_would_change(own or beside).text,
    }
    above = _paragraphs(f"## {parts['title']}", opening, parts["answer"])
    below = _paragraphs(
        f"**How sure: {parts['strength']}.** {parts['sure']}",
        f"**Why.** {parts['why']}",
        _folded(parts, report),
    )
    return Finding(parts, Markdown(above, {FINDING: parts}), Markdown(below))


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _folded(parts: dict[str, Any], report: Report) -> str:
    """What is folded away at the end of a finding, under a line that says what it is."""
    said = {
        "What would change it": f"**What would change it.** {parts['change']}" if parts["change"] else "",
        "further numbers": parts["more"],
        "the claims it rests on": report.claims(parts["claims"], "The claims it rests on").text
        if parts["claims"]
        else "",
    }
    words = [name for name, text in said.items() if text]
    if not words:
        return ""
    line = " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
    head = f'<details class="more">\n<summary>{line[0].upper()}{line[1:]}</summary>'
    return _paragraphs(head, *said.values(), "</details>")


def write_findings(report: Report, file: Path) -> None:
    """Write the findings that a report has shown so far as Markdown without links, one sentence a line.

    Raises OSError for a file that cannot be written.
    """
    told = [FILE_HEAD.rstrip()]
    for parts in report.findings.values():
        told += [
            f"## {parts['title']}",
            parts["opening"],
            parts["answer"],
            f"**How sure: {parts['strength']}.** {parts['sure']}",
            f"**Why.** {parts['why']}",
            f"**What would change it.** {parts['change']}" if parts["change"] else "",
        ]
    told += ["## What the words mean", report.legend().text.replace("\\\n", "\n- ")]
    text = "\n\n".join(part for part in told if part)
    replace_file(file, (re.sub(r"<[^>]*>", "", text) + "\n").encode("utf-8"))
