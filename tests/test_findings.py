"""Cells whose text is Markdown: prose, and findings with their parts, their verdict and what they rest on."""

import re

import pytest

from helpers.reporting import findings, magics, prose

pytestmark = pytest.mark.corpus
TEXT = """claims: shenzhen-tasks-add-up
strength: weak

## A headline

An answer.

**How sure.** Hardly.

**Why.** Evidence.
"""


@pytest.fixture
def report(corpus, results):
    return prose.Report(corpus, **results)


def told(report, claims="shenzhen-tasks-add-up", **changed):
    """A finding on claims in which some words are others."""
    text = TEXT.replace("shenzhen-tasks-add-up", claims)
    for before, after in changed.items():
        text = text.replace(before, after)
    return findings.finding(report, text, {})


def opening(found):
    assert found.above.text.startswith(f"## {found.parts['title']}\n\n{found.parts['opening']}".rstrip())
    return re.sub("<[^>]+>", "", found.parts["opening"])


# -- parts -------------------------------------------------------------------------------------------------


def test_a_finding_has_its_parts_for_programs_and_in_their_order_for_readers(report):
    more = "**More.** *Much* more.\n\nAnd more."
    found = told(report, answer="answer of {{shenzhen-key-tasks}}", Evidence=f"Evidence.\n\n{more}")
    parts = found.above._repr_mimebundle_()[findings.FINDING]
    assert list(parts) == [
        *("title", "verdict", "opening", "answer", "sure", "why", "more", "strength", "claims", "change")
    ]  # fmt: skip
    assert parts["title"] == "A headline" and parts["verdict"] == "consistent"
    assert parts["answer"].startswith("An answer of <a") and found.above.text.endswith(parts["answer"])
    assert parts["claims"] == ["shenzhen-tasks-add-up"] and parts["change"] == ""
    assert parts["more"] == "*Much* more.\n\nAnd more.."
    sure, why, details, summary, rest = found.below.text.split("\n", 8)[0:1] + found.below.text.split("\n")[2:6:2] + [
        line for line in found.below.text.split("\n") if "summary" in line
    ] + [found.below.text]  # fmt: skip
    assert sure == "**How sure: weak.** Hardly." and why == "**Why.** Evidence."
    assert details == '<details class="more">'
    assert summary == "<summary>Further numbers and the claims it rests on</summary>"
    assert rest.index("And more") < rest.index("Table: The claims it rests on") < rest.index("</details>")


def test_what_a_finding_rests_on_may_take_several_lines(report):
    found = told(report, "shenzhen-tasks-add-up\nclaims: deqing-tangerines")
    assert found.parts["claims"] == ["shenzhen-tasks-add-up", "deqing-tangerines"]


def test_numbers_of_a_headline_are_text_and_their_evidence_is_there(report):
    found = told(report, headline="headline of {{shenzhen-key-tasks|number}}")
    assert found.above.text.startswith("## A headline of 56\n")
    assert "shenzhen-key-tasks" in report.shown


@pytest.mark.parametrize(
    ("before", "after", "error", "said"),
    [
        ("claims: shenzhen-tasks-add-up", "", ValueError, "lacks a line “claims: …” at its beginning"),
        ("strength: weak\n", "", ValueError, "lacks a line “strength: …” at its beginning"),
        ("strength: weak", "strength: strong", ValueError, "'strong' is no strength; expected one of: robust"),
        ("## A headline", "A headline", ValueError, "lacks a line “## …” with its headline"),
        ("An answer.", "", ValueError, "lacks an answer below its headline"),
        ("**How sure.** Hardly.", "", ValueError, "lacks “**How sure.**”"),
        ("**Why.** Evidence.", "**Why.**", ValueError, "lacks “**Why.**”"),
        ("**Why.**", "**How sure.** Again.\n\n**Why.**", ValueError, "says “How sure” twice"),
        ("shenzhen-tasks-add-up", "shenzhen-task-add-up", KeyError, "is no claim; near to it: shenzhen-tasks-add"),
        ("An answer", "{{ganzhou-gdp-2022}}", KeyError, "near to it: ganzhou-gdp-2021"),
        ("An answer", "{{ganzhou-gdp-2021|exact}}", ValueError, "'exact' is no form of a number"),
    ],
)  # fmt: skip
def test_a_finding_that_is_not_whole_is_refused_in_plain_words(report, before, after, error, said):
    assert before in TEXT
    with pytest.raises(error) as raised:
        findings.finding(report, TEXT.replace(before, after), {})
    assert said in str(raised.value)


# -- verdicts ----------------------------------------------------------------------------------------------


def test_a_finding_says_first_what_is_in_tension_and_names_no_verdict_twice(report):
    found = told(report, "shenzhen-tasks-add-up xpeng-plant-within-deliveries")
    assert opening(found) == (
        "■ In tension: *The plant in Zhaoqing made some of the vehicles that the company delivered*."
    )
    assert found.parts["verdict"] == "in tension"
    assert found.parts["claims"] == ["xpeng-plant-within-deliveries", "shenzhen-tasks-add-up"]
    assert '<span class="verdict in-tension">■ In tension</span>' in found.parts["opening"]
    assert 'href="#evidence-xpeng-plant-within-deliveries"' in found.parts["opening"]


@pytest.mark.parametrize("part", ["An answer", "Hardly", "Evidence", "A headline"])
def test_a_finding_cannot_hide_what_is_in_tension(report, part):
    """A figure named anywhere in its text brings the claims that it fails, asked for or not."""
    for key in ("xpeng-output-per-vehicle-2022", "xpeng-zhaoqing-vehicles-2022|range"):
        found = told(report, **{part: f"{{{{{key}}}}}"})
        assert "In doubt elsewhere: *The plant in Zhaoqing" in opening(found)
        assert found.parts["verdict"] == "consistent" and len(found.parts["claims"]) >= 2


@pytest.mark.parametrize(
    ("claims", "said", "verdict"),
    [
        ("shenzhen-tasks-add-up", "● Consistent with all that it was compared with.", "consistent"),
        (
            "deqing-tangerines shenzhen-tasks-add-up",
            "● Consistent with all that it could be compared with.",
            "consistent",
        ),
        (
            "deqing-tangerines",
            "? Not checkable: *Deqing harvested as many tangerines as were expected*.",
            "not checkable",
        ),
        ("none", "", ""),
    ],
)
def test_a_finding_without_tension_says_what_it_was_compared_with(report, claims, said, verdict):
    found = told(report, claims)
    assert opening(found) == said and found.parts["verdict"] == verdict


def test_what_another_source_says_brings_no_claim_into_a_finding(report):
    found = told(report, "none", answer="answer: {{vehicle-deliveries-xpeng-motors-2022}}")
    assert found.parts["claims"] == [] and "<details" not in found.below.text


# -- magics ------------------------------------------------------------------------------------------------


class Picture:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/svg+xml": "<svg/>"}


def shown(report, magic, line, text, **variables):
    return list(magics.told(report, magic, line, text, variables))


def test_a_cell_says_names_letter_by_letter_and_forms_of_their_ids(report):
    (said,) = shown(
        report, "say", "about note", "{{about|name}}: {{note}}.\n", about="ganzhou", note="*a*", other="b"
    )
    assert said.text == r"Ganzhou: \*a\*." and said.data == {}
    (said,) = shown(report, "summary", "", "{{claims-all}} claims.\n")
    assert said.data[findings.SUMMARY] == {"summary": said.text}


def test_a_plot_stands_between_the_answer_and_how_sure_it_is(report):
    picture, text = Picture(), TEXT.replace("Evidence", "Of {{note}}")
    above, between, below = shown(report, "finding", "picture note", text, picture=picture, note="b")
    assert between is picture and "Of b" in below.text and "answer" in above.text
    assert list(report.findings) == ["A headline"]
    shown(report, "finding", "picture note", text, picture=picture, note="b")
    assert list(report.findings) == ["A headline"]


def test_what_a_cell_cannot_show_is_refused_in_plain_words(report):
    with pytest.raises(NameError, match="%%say names about, other, which is no variable of this notebook"):
        shown(report, "say", "about note other", "{{note}}", note="a")
    with pytest.raises(ValueError, match="%%say shows text alone"):
        shown(report, "say", "picture", "Text.", picture=Picture())
    with pytest.raises(KeyError, match="note is no figure"):
        shown(report, "say", "", "{{note}}", note="a")


def test_the_magics_speak_in_ipython(report, monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell

    displayed = []
    shell = InteractiveShell(user_ns={"note": "b"})
    monkeypatch.setattr(magics, "get_ipython", lambda: shell)
    monkeypatch.setattr(magics, "display", displayed.append)
    magics.register(report)
    shell.run_cell_magic("say", "note", "A {{note}}: {{shenzhen-key-tasks|number}}.\n")
    assert re.sub("<[^>]*>", "", displayed[0].text) == "A b: 56."
    monkeypatch.setattr(magics, "get_ipython", lambda: None)
    magics.register(report)  # in plain Python there are no cells


# -- the file ----------------------------------------------------------------------------------------------


def test_the_file_of_findings_is_plain_text_with_its_numbers(report, tmp_path):
    shown(report, "finding", "", TEXT.replace("An answer.", "Of {{shenzhen-key-tasks}}.\nAnd so on."))
    findings.write_findings(report, tmp_path / "findings.md")
    text = (tmp_path / "findings.md").read_text(encoding="utf-8")
    assert text.startswith(findings.FILE_HEAD) and "<" not in text
    told, legend = text.removeprefix(findings.FILE_HEAD).split("\n\n## What the words mean\n\n")
    assert "in tension" in legend.casefold() and "a compilation" in legend
    assert told.strip() == (
        "## A headline\n\n● Consistent with all that it was compared with.\n\nOf 56 tasks.\nAnd so on.\n\n"
        "**How sure: weak.** Hardly.\n\n**Why.** Evidence."
    )
