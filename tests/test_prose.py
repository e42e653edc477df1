"""Prose and tables: numbers are links that lead to evidence, and text of tables is only text."""

import re

import pandas as pd
import pypandoc
import pytest

from helpers.reporting import prose
from helpers.vocabulary import GRADES, STRENGTHS, VERDICTS

pytestmark = pytest.mark.corpus


@pytest.fixture
def report(corpus, results):
    return prose.Report(corpus, **results)


def test_prose_links_its_numbers_and_remembers_them(report):
    text = report.say("GDP was {{ganzhou-gdp-2021}} ({{ ganzhou-gdp-2021 | range }}).").text
    assert text.count('data-id="ganzhou-gdp-2021"') == 2
    assert "The Paper, paragraph 4" in text and "416.85 to 416.95 billion yuan" in text
    assert 'id="evidence-ganzhou-gdp-2021"' in report.evidence().text


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{{ganzhou-gdp-2022}}", "near to it: ganzhou-gdp-2021"),
        ("{{ganzhou-gdp-2021|exact}}", "no form of a number"),
    ],
)
def test_what_is_not_known_is_refused(report, text, error):
    with pytest.raises((KeyError, ValueError), match=error):
        report.say(text)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "[x](javascript:alert(1))",
        "![p](https://example.org/x.png)",
        '[a]{onclick="alert(1)"}',
        "$x$ `code` ~~~ # heading",
        "one\n\n# two | three",
    ],
)
def test_text_from_tables_is_shown_and_never_run(report, hostile):
    known = report.known
    row = known.rows["ganzhou-gdp-2021"][1]
    row["note"] = row["token"] = row["corrected"] = hostile
    known.entities.loc["ganzhou", "name"] = hostile
    source = known.rows["gdp-ganzhou-2021"][1]
    source["source"] = source["note"] = source["vintage"] = source["price_basis"] = hostile
    for table in (known.checks, known.verdicts):
        table["claim"] = table["reading" if "reading" in table else "stands"] = hostile
    parts = [
        report.say("{{ganzhou-gdp-2021}} {{gdp-ganzhou-2021}} {{ganzhou-multiple}}"),
        report.sources(["gdp-ganzhou-2021"], hostile),
        report.claims(["ganzhou-multiple"], hostile),
        report.quantities(["ganzhou-gdp-2021"], hostile),
        report.table(pd.DataFrame({hostile: [hostile]}), "caption"),
        report.evidence(),
    ]
    page = pypandoc.convert_text(prose.together(parts).text, "html5", format="markdown")
    page = re.sub(r'(title|aria-label)="[^"]*"', "", page)
    assert not re.search(r"<(script|img|h1|pre)|<[^>]*(javascript:|onclick=|class=.math)|<code>code", page), (
        page
    )
    assert len(re.findall("<table", page)) == 4


def test_verdicts_show_both_sides(report):
    text = report.verdicts(["ganshen-trains-in-all", "shenzhen-tasks-add-up"], "caption").text
    assert "3,166.6 to 3,173.5 passengers" in text and "at most <a" in text and ">in tension</a>" in text
    assert text.count('data-id="shenzhen-key-tasks"') == 1 and ">consistent</a>" in text


@pytest.mark.parametrize(
    ("test", "shown"),
    [("equals", "416.85 to 416.95"), ("at_most", "at most 416.95"), ("at_least", "at least 416.85")],
)
def test_the_test_of_a_check_says_which_end_is_expected(corpus, results, test, shown):
    """And nothing else does: bounds are closed here whatever the test."""
    made = {
        "test": test,
        "inputs": "gba-gdp-2021 ganzhou-gdp-2021",
        "expected_low": 1.0,
        "expected_high": 2.0,
    }
    checks = results["checks"].head(1).assign(**made)
    text = prose.Report(corpus, figures=results["figures"], checks=checks).verdicts(checks.check_id, "c").text
    assert f"{shown} billion yuan |" in re.sub("<[^>]*>", "", text)


def test_a_check_without_a_test_has_nothing_to_show(report):
    untested = report.known.checks.index[report.known.checks.test == "none"]
    assert report.verdicts(untested, "caption").text.count("| nothing found |") == len(untested) > 0


def test_a_cell_cannot_break_its_table(report):
    frame = pd.DataFrame({"a": ["x | y\nz"], "b": ["{{shenzhen-key-tasks}}"]})
    lines = report.table(frame, "caption").text.splitlines()
    assert len([line for line in lines if line.startswith("|")]) == 3
    assert "x \\| y z" in lines[2]


def test_the_table_of_tested_figures_names_claims_or_reasons(report, results):
    text = report.tested(results["coverage"], "caption").text
    assert text.count("\n| <a") == len(results["coverage"])
    assert "shenzhen-tasks-add-up: <a" in text and "no statistic found: generals by place of birth" in text


def test_a_table_without_rows_says_so(report):
    for table in (report.quantities, report.sources, report.verdicts, report.claims):
        assert table([], "Claims in tension").text == "Claims in tension: none."


FINDING = {
    "claims": ["shenzhen-tasks-add-up"],
    "question": "Q?",
    "answer": "A.",
    "evidence": "E.",
    "strength": "weak",
    "because": "W.",
}


def opening(finding):
    text = finding.data[prose.FINDING]["opening"]
    assert finding.text.startswith(text)
    return re.sub("<[^>]+>", "", text)


def test_a_finding_says_first_what_is_in_tension(report):
    claims = ["shenzhen-tasks-add-up", "xpeng-plant-within-deliveries"]
    found = report.finding(**FINDING | {"claims": claims})
    assert opening(found) == (
        "**In tension:** *The plant in Zhaoqing made some of the vehicles that "
        "the company delivered* (in tension)."
    )
    assert "**Strength: weak.** W." in found.text and "Table: The claims it rests on" in found.text


@pytest.mark.parametrize(
    "changed",
    [
        {"evidence": "Made: {{xpeng-output-per-vehicle-2022}}."},
        {"because": "{{xpeng-zhaoqing-vehicles-2022}}"},
        {"claims": None, "answer": "{{xpeng-zhaoqing-vehicles-2022}}"},
    ],
)
def test_a_finding_cannot_hide_what_is_in_tension(report, changed):
    """A figure named anywhere in its text brings the claims that it fails, asked for or not."""
    assert "in tension" in opening(report.finding(**FINDING | changed))


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        (["shenzhen-tasks-add-up"], "**Consistent with all that it was compared with.**"),
        (
            ["deqing-tangerines", "shenzhen-tasks-add-up"],
            "**Consistent, as far as it could be compared:** *Deqing",
        ),
        (
            ["deqing-tangerines"],
            "**Not checkable:** *Deqing harvested as many tangerines as were expected* (not checkable).",
        ),
        ([], "**Not tested:** nothing was found to hold it against."),
    ],
)
def test_a_finding_without_tension_says_what_it_was_held_against(report, claims, said):
    assert opening(report.finding(**FINDING | {"claims": claims})).startswith(said)


def test_a_finding_on_the_tests_themselves_rests_on_no_claim(report):
    found = report.finding(**FINDING | {"claims": None, "strength": "a count"})
    assert found.text == "**Question.** Q?\n\n**Answer.** A.\n\n**Evidence.** E.\n\n**Strength: a count.** W."


def test_a_finding_has_its_parts_for_programs(report):
    found = report.finding(**FINDING | {"answer": "As many as {{shenzhen-key-tasks}}."})
    bundle = found._repr_mimebundle_()
    parts = bundle[prose.FINDING]
    assert bundle["text/markdown"] == found.text
    assert list(parts) == ["opening", "question", "answer", "evidence", "because", "strength", "claims"]
    assert parts["answer"].startswith("As many as <a") and parts["answer"] in found.text
    assert parts["strength"] == "weak" and parts["claims"] == ["shenzhen-tasks-add-up"]


def test_a_finding_on_an_unknown_claim_or_of_unknown_strength_is_refused(report):
    with pytest.raises(KeyError, match="no-such-claim"):
        report.finding(**FINDING | {"claims": ["no-such-claim"]})
    with pytest.raises(ValueError, match="'strong' is no strength; expected one of: robust to rounding"):
        report.finding(**FINDING | {"strength": "strong"})


def test_cells_that_run_twice_show_the_same(report):
    def cells():
        return [
            report.summary("{{claims-all}} claims").text,
            report.finding(**FINDING).text,
            report.quantities(
                ["ganzhou-gdp-2021", "ganzhou-gdp-cagr-2011-2021"], "{{claims-all}} in a table"
            ).text,
            report.verdicts(["shenzhen-tasks-add-up"], "caption").text,
            report.evidence().text,
        ]

    assert cells() == cells()


def test_the_legend_explains_every_word(report):
    text = report.legend().text
    for words in (VERDICTS, GRADES, STRENGTHS):
        assert all(f"*{word}*: {meaning}" in text for word, meaning in words.items())
    assert "A source of grade C never contradicts." in text
    assert report.legend("grades").text in text and "consistent" not in report.legend("grades").text


def test_a_cell_keeps_its_spaces_and_refuses_an_unknown_form(report):
    text = re.sub(
        "<[^>]*>", "", report.cell("of  {{shenzhen-key-tasks}} *and* {{ shenzhen-key-tasks | number }} more")
    )
    assert text == r"of 56 tasks \*and\* 56 more"
    with pytest.raises(ValueError, match="no form of a number"):
        report.cell("{{shenzhen-key-tasks|as_it_is}}")
    assert "<a" not in report.cell(r"\{\{shenzhen-key-tasks\}\}")
