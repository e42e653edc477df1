"""Prose and tables: numbers are links that lead to evidence, and text of tables is only text."""

import html
import re

import pandas as pd
import pypandoc
import pytest
from conftest import LURES

from helpers.checking import flips as limits_of
from helpers.checking.power import power_of_checks
from helpers.checking.sensitivity import sensitivity
from helpers.corpus.tallies import statistics_table
from helpers.reporting import findings, pages, panel, prose
from helpers.vocabulary import GRADES, STRENGTHS, VERDICTS

pytestmark = pytest.mark.corpus
FINDING = """
claims: ganzhou-multiple
strength: weak

## A headline

{{lure}} answers.

**How sure.** Because of it.

**Why.** {{lure}}
"""


@pytest.fixture
def report(corpus, results):
    return prose.Report(corpus, **results)


def test_prose_links_its_numbers_and_remembers_them(report):
    text = report.say("GDP was {{ganzhou-gdp-2021}} ({{ ganzhou-gdp-2021 | range }}).").text
    assert text.count('data-id="ganzhou-gdp-2021"') == 2
    assert "416.85 to 416.95 billion yuan" in text
    assert set(report.evidence().data[panel.EVIDENCE]["facts"]) == {"ganzhou-gdp-2021"}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{{ganzhou-gdp-2022}}", "near to it: ganzhou-gdp-2021"),
        ("{{ganzhou-gdp-2021|exact}}", "no form of a number"),
    ],
)
def test_what_is_not_known_is_refused(report, any_text, text, error):
    with pytest.raises((KeyError, ValueError), match=error):
        report.say(text)


@pytest.fixture
def any_text(monkeypatch):
    """Lets a test hand on a text that is not typed where it is said."""
    monkeypatch.setattr(prose, "_require_typed", lambda *texts: None)


def put_together(report, name):
    sentence = f"About {name}."
    return [
        lambda: report.say(f"About {name}."),
        lambda: report.say("About " + name),
        lambda: report.say("About {}.".format(name)),  # noqa: UP032
        lambda: report.say("About %s." % name),  # noqa: UP031
        lambda: report.say(sentence),
        lambda: report.say(name),
    ]


@pytest.mark.parametrize("way", range(6))
def test_prose_takes_no_text_that_is_put_together(report, way):
    with pytest.raises(ValueError, match="is put together: prose must be typed as one text"):
        put_together(report, "<script>alert(1)</script>")[way]()


def test_prose_takes_what_is_typed_whole_in_parts_or_by_choice(report):
    assert report.say("One text, {{shenzhen-key-tasks|period}}").text.startswith("One text, <a")
    assert report.say("yes" if report.shown else "no").text == "yes"
    assert [report.say(text="in a list").text for _ in range(2)] == ["in a list"] * 2


def test_names_and_other_texts_go_into_prose_by_ids_and_words(report):
    said = report.say(
        "# {{ganzhou|name}}, {{place | entity}}, {{gdp|name}}, {{thepaper-2022-gannan|name}}: {{note}} {{key|number}}",
        place="jian", note="*a* {{gdp|name}}", key="shenzhen-key-tasks",
    )  # fmt: skip
    text = re.sub("<[^>]*>", "", said.text)
    assert text == r"# Ganzhou, Ji'an (吉安), GDP, The Paper: \*a\* \{\{gdp\|name\}\} 56"
    for wrong, near in (("{{ganzou|name}}", "near to it: ganzhou"), ("{{note|value}}", "is no figure")):
        with pytest.raises(KeyError, match=near):
            report.filled(wrong, {"note": "a text"})


def test_a_key_of_two_things_that_have_names_is_no_name(report):
    report.known.indicators.loc["ganzhou"] = report.known.indicators.loc["gdp"]
    with pytest.raises(ValueError, match="ganzhou is the key of two things"):
        report.say("{{ganzhou|name}}")


def words_of(page):
    """The text of a page of HTML as a reader sees it."""
    return html.unescape(re.sub("<[^>]*>", "", page)).replace("\xa0", " ")


@pytest.mark.parametrize("lure", LURES)
def test_text_from_tables_is_shown_letter_by_letter_and_never_run(report, lure):
    known = report.known
    row = known.rows["ganzhou-gdp-2021"][1]
    row["note"] = row["token"] = row["corrected"] = lure
    known.entities.loc["ganzhou", "name"] = known.articles["outlet"] = lure
    source = known.rows["gdp-ganzhou-2021"][1]
    source["source"] = source["note"] = source["vintage"] = source["price_basis"] = lure
    for table in (known.checks, known.verdicts):
        table["claim"] = table["reading" if "reading" in table else "stands"] = lure
    parts = [
        report.say(
            "# {{ganzhou|entity}}\n\n{{ganzhou-gdp-2021}} {{gdp-ganzhou-2021}} {{ganzhou-multiple}}\n\n{{lure}}",
            lure=lure,
        ),
        report.sources(["gdp-ganzhou-2021"], lure),
        report.claims(["ganzhou-multiple"], lure),
        report.quantities(["ganzhou-gdp-2021"], lure),
        report.table(pd.DataFrame({lure: [lure, report.number("ganzhou-gdp-2021")]}), lure),
    ]
    found = findings.finding(report, FINDING.replace("Because", "{{lure}} Because"), {"lure": lure})
    parts += [found.above, found.below, report.evidence()]
    text = prose.together(parts).text
    page = pypandoc.convert_text(
        text, "html5", format=pages._MARKDOWN, extra_args=["--wrap=none", "--mathml"]
    )
    tags = {
        "a", "div", "table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td",
        "h1", "h2", "p", "strong", "em", "code", "span", "details", "summary",
    }  # fmt: skip
    assert set(re.findall(r"<(\w+)", page)) <= tags
    assert set(re.findall(r"<h1[^>]*>(.*?)</h1>", page)) == {html.escape(f"{lure} (赣州)", quote=False)}
    assert page.count("<table") == 5 and not re.search(r'href="(?!#evidence-|https://data|http://)', page)
    assert words_of(page).count(lure) >= 20
    assert pages.headings(text, 1) == [f"{lure} (赣州)"]


def test_verdicts_show_both_sides(report):
    text = report.verdicts(["ganshen-trains-in-all", "shenzhen-tasks-add-up"], "caption").text
    assert "3,166 to 3,174 passengers" in text and "| at most " in text and ">contradicted</a>" in text
    assert "| exactly 56 tasks | exactly 56 tasks |" in text and ">consistent</a>" in text


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
    frame = pd.DataFrame({"a": ["x | y\nz"], "b": [report.say("one\n{{shenzhen-key-tasks}}")]})
    lines = report.table(frame, "caption").text.splitlines()
    assert len([line for line in lines if line.startswith("|")]) == 3
    assert "x \\| y z" in lines[2]


def test_a_table_without_rows_says_so(report):
    for table in (report.quantities, report.sources, report.verdicts, report.claims):
        assert table([], "Claims in tension").text == "Claims in tension: none."


def test_cells_that_run_twice_show_the_same(report, any_text):
    def cells():
        return [
            report.say("{{claims-all}} claims").text,
            report.quantities(["ganzhou-gdp-2021", "ganzhou-gdp-cagr-2011-2021"], "A table").text,
            report.verdicts(["shenzhen-tasks-add-up"], "caption").text,
            report.evidence().text,
        ]

    assert cells() == cells()


def test_the_legend_explains_every_word(report):
    text = report.legend().text
    for words in (VERDICTS, GRADES, STRENGTHS):
        signs = words is VERDICTS
        for word, meaning in words.items():
            assert f"\n{prose.verdict_sign(word) if signs else f'*{word}*'}: {meaning}." in text
    assert "A source of grade C never contradicts." in text
    titles = ["Verdicts", "Grades of other sources", "Strength of a finding"]
    assert re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE) == titles
    assert report.legend("grades").text in text and "onsistent" not in report.legend("grades").text


def test_a_cell_is_text_and_a_number_only_as_a_number(report):
    frame = pd.DataFrame(
        {"a": ["{{shenzhen-key-tasks}}", report.number("shenzhen-key-tasks", "number"), 2.5, None]}
    )
    cells = [
        re.sub("<[^>]*>", "", line) for line in report.table(frame, "{{nonsense}}").text.splitlines()[2:6]
    ]
    assert cells == [r"| \{\{shenzhen\-key-tasks\}\} |".replace("\\-", "-"), "| 56 |", "| 2.5 |", "|  |"]
    assert r"Table: \{\{nonsense\}\}" in report.table(frame, "{{nonsense}}").text
    assert ">56 tasks</a>" in report.table(frame, report.number("shenzhen-key-tasks")).text
    with pytest.raises(ValueError, match="no form of a number"):
        report.number("shenzhen-key-tasks", "as_it_is")


# -- tables of the small corpus --------------------------------------------------------------------------


@pytest.fixture
def small_report(small_results):
    made = {name: getattr(small_results, name) for name in ("figures", "derived", "checks", "coverage")}
    return prose.Report(small_results.corpus, **made)


def cells(table):
    """The cells of a table as a reader sees them, row by row, and its caption."""
    *lines, caption = [line for line in re.sub(r"<[^>]*>|\\(?=\W)", "", table.text).splitlines() if line]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0].strip("-")], caption


def test_a_table_of_quantities_has_what_is_said_of_each(small_report):
    keys = ["lanmouth-gdp-2021", "lanmouth-gdp-cagr", "harbour-workers-on-island"]
    assert cells(small_report.quantities(keys, "Some")) == (
        [
            ["Quantity", "Period", "Value", "Allowed", "Reading and remarks"],
            ["Lanmouth: GDP", "2021", "41.69 billion yuan", "41.685 to 41.695 billion yuan", ""],
            ["Lanmouth: GDP (compound annual growth rate)", "2011 to 2021", "10.6 percent a year",
             "10.6 percent a year", "times that of: last over first; Prices as those of the multiple"],
            ["the harbour of Lanmouth: workers (part of level)", "", "6,200 people", "5,500 to 6,900 people", ""],
        ],
        "Table: Some",
    )  # fmt: skip
    (head, *_), _ = cells(small_report.quantities(["harbour-workers-on-island"], "One"))
    assert head == ["Quantity", "Value", "Allowed"]  # what is empty in all rows has no column


def test_a_table_of_sources_names_basis_source_and_grade(small_report):
    (_, *rows), _ = cells(small_report.sources(["gdp-lanmouth-2021", "gdp-growth-lanmouth-2021"], "Some"))
    source = "Statistics of Lanmouth, bulletin of 2021"
    basis = "current prices; first print; Perhaps the source of the article"
    assert rows == [
        ["Lanmouth: GDP", "2021", "41.69 billion yuan", basis, source, "A"],
        ["Lanmouth: growth of GDP", "2021", "8.0 percent", "Printed 8.0", source, "A"],
    ]


def test_a_table_of_checks_has_claim_both_sides_verdict_source_and_remarks(small_report):
    keys = ["harbour-tonnes-reached", "island-within-workers", "lanmouth-multiple-times-revised", "traffic-growth-as-reported"]  # fmt: skip
    (_, *rows), _ = cells(small_report.verdicts(keys, "Some"))
    multiple = "The multiple of Lanmouth fits published levels: times that of, base as revised"
    assert [row[1:5] for row in rows] == [
        ["3,000,000 to 3,300,000 tonnes", "at least 3,135,000 tonnes", "consistent", "independent"],
        ["5,500 to 6,900 people", "at most 12,450 people", "consistent", "same"],
        ["2.745 to 2.755 times", "2.75 times", "consistent", "independent"],
        ["5.35 to 5.45 percent a year", "nothing found", "not checkable", ""],
    ]
    assert (
        rows[2][0] == multiple and rows[3][6] == "Looked for in ten yearly reports; none has a growth rate."
    )


def test_a_table_of_claims_says_which_readings_stand(small_report):
    rows, _ = cells(small_report.claims(["lanmouth-multiple", "bridges-add-up"], "Some"))
    assert rows == [
        ["Claim", "Verdict", "By reading", "Source", "Weakest source"],
        ["The multiple of Lanmouth fits published levels", "consistent", "Stands: times that of, base as revised. "
         "Fails: times that of, base as first printed · grew by, base as revised", "independent", "grade B"],
        ["Bridges finished and begun make up all bridges", "consistent", "", "same", ""],
    ]  # fmt: skip


# -- power and what would change a verdict -----------------------------------------------------------------


@pytest.fixture
def telling(small_corpus, small_results):
    """A report that knows power, sensitivity and limits."""
    r = small_results
    made = (r.corpus, r.figures, r.derived, r.checks)
    limits = limits_of.flips(*made)
    units = r.figures.set_index("figure_id").unit.to_dict()
    return prose.Report(
        small_corpus, figures=r.figures, derived=r.derived, checks=r.checks, power=power_of_checks(*made),
        sensitivity=sensitivity(*made), flips=limits,
        statistics=statistics_table(limits_of.flip_statistics(limits, units)),
    )  # fmt: skip


def test_beside_a_verdict_stands_which_slips_would_have_been_noticed(telling):
    keys = ["bridges-add-up", "lanmouth-growth-fits-levels", "traffic-growth-as-reported"]
    (names, *rows), _ = cells(telling.verdicts(keys, "Some"))
    assert names[4:6] == ["Would notice a slip of 10 %", "Source"]
    assert [row[4] for row in rows][::2] == ["every", ""]


def changing(telling, *keys):
    return re.sub("<[^>]*>", "", telling.what_would_change(keys).text).split("\n")


def test_what_would_change_a_verdict_is_said_from_the_tables(telling):
    *other, stands, otherwise = changing(telling, "harbour-tonnes-reached")
    assert stands == (
        "It stands while “goods handled, the harbour of Lanmouth” in 2021 is at least 2,851,000 tonnes."
    )
    assert otherwise == "Otherwise it would be contradicted."


def test_a_claim_with_a_reading_for_each_vintage_is_not_said_to_hang_on_the_vintage(telling):
    """With the older levels alone the multiple of Lanmouth would be in tension, but both are readings of it."""
    found = telling._differing[telling._differing.claim_id == "lanmouth-multiple"]
    assert "base" in set(found.kind)
    said = changing(telling, "lanmouth-multiple")
    assert not any("older" in line for line in said)
    assert said[-2] == (
        "It stands while “GDP, Lanmouth” in 2021 lies between 41.6 billion yuan and 41.78 billion yuan."
    )
    assert said[-1] == "Otherwise it would be in tension."


def test_a_verdict_that_nothing_changes_is_said_to_be_steady(telling):
    said = changing(telling, "bridges-add-up")
    assert said[0] == "No other choice that was tried changes a verdict."
    assert said[1].startswith("It stands while “") and said[1].endswith(" is 9 bridges.")
    assert said[2] == "Otherwise it would be contradicted."
    assert changing(telling, "traffic-growth-as-reported") == [said[0]]


def test_at_most_two_numbers_stand_in_what_would_change(telling):
    for key in telling.known.verdicts.index:
        assert telling.what_would_change([key]).text.count('class="number"') <= 2
