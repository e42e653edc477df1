"""Numbers in prose: how they are shown, and that they lead to evidence."""

import re
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import narrative


@pytest.fixture(scope="module")
def known():
    return narrative.Evidence()


@pytest.mark.parametrize(
    ("key", "value", "range_"),
    [
        ("ganzhou-gdp-2021", "416.9 billion yuan", "416.85 to 416.95 billion yuan"),
        ("ganzhou-gdp-cagr-2011-2021", "10.4 percent a year", "10.23 to 10.65 percent a year"),
        ("ganzhou-gdp-2011-implied", "154 billion yuan", "151.5 to 157.4 billion yuan"),
        ("ganzhou-workshops", "more than 900 workshops", "900 to 1,000 workshops"),
        ("ganzhou-jobs-per-workshop", "at most 67 people", "50 to 67 people"),
        ("gba-gdp-2021", "about 12.6 trillion yuan", "12.5 to 12.7 trillion yuan"),
        ("shenzhen-key-tasks", "56 tasks", "exactly 56 tasks"),
        ("ganzhou-listed-companies-multiple", "5.333 times", "5.333 times, from exact numbers"),
        (
            "guangdong-income-ratio-change",
            "−0.21 points of the ratio",
            "−0.220 to −0.200 points of the ratio",
        ),
        ("jushengtai-gba-output-share", "50 percent", "45 to 55 percent"),
    ],
)
def test_how_numbers_are_shown(known, key, value, range_):
    assert known.value(key) == value
    assert known.range(key) == range_


@given(st.floats(1e-3, 1e13), st.floats(1e-6, 0.5))
def test_a_shown_value_is_no_finer_than_its_uncertainty_and_close_to_it(value, spread):
    low, high = value * (1 - spread), value * (1 + spread)
    step = float(narrative.shown_step(value, low, high))
    shown = float(
        narrative.grouped(Decimal(repr(value)), narrative.shown_step(value, low, high)).replace(",", "")
    )
    assert abs(shown - value) <= step / 2 * (1 + 1e-9)
    assert step <= max((high - low) / 2, value * 10 ** (1 - narrative.SIGNIFICANT)) * (1 + 1e-9)
    assert step >= value * 10 ** (-narrative.SIGNIFICANT) * (1 - 1e-9)


def test_a_range_shown_encloses_the_interval(known):
    scales = {"trillion": 1e12, "billion": 1e9, "million": 1e6}
    for key, (kind, row) in known.rows.items():
        if kind != "derived" or "exact" in known.range(key):
            continue
        text = known.range(key).replace(",", "").replace("−", "-")
        low, high = map(float, re.findall(r"-?\d+(?:\.\d+)?", text)[:2])
        factor = next((f for word, f in scales.items() if f" {word}" in text), 1)
        assert low * factor <= float(row.low) * (1 + 1e-12) + 1e-12, key
        assert high * factor >= float(row.high) * (1 - 1e-12) - 1e-12, key


def test_prose_links_its_numbers_and_remembers_them():
    report = narrative.Report()
    text = report.say("GDP was {{ganzhou-gdp-2021}} ({{ ganzhou-gdp-2021 | range }}).").text
    assert text.count('data-id="ganzhou-gdp-2021"') == 2
    assert "The Paper, paragraph 4" in text and "416.85 to 416.95 billion yuan" in text
    entries = report.evidence().text
    assert 'id="evidence-ganzhou-gdp-2021"' in entries


def test_evidence_goes_down_to_the_numerals():
    report = narrative.Report()
    report.say("{{three-cities-gdp-cagr-2011-2021}}")
    found = re.findall(r'id="evidence-([^"]+)"', report.evidence().text)
    assert found[:2] == ["three-cities-gdp-cagr-2011-2021", "three-cities-gdp-multiple-2011-2021"]
    assert {"ganzhou-gdp-2021", "fuzhou-jiangxi-gdp-multiple-2011-2021"} <= set(found)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{{ganzhou-gdp-2022}}", "near to it: ganzhou-gdp-2021"),
        ("{{ganzhou-gdp-2021|exact}}", "no form of a number"),
    ],
)
def test_what_is_not_known_is_refused(text, error):
    with pytest.raises((KeyError, ValueError), match=error):
        narrative.Report().say(text)


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
def test_text_from_tables_is_shown_and_never_run(hostile):
    import pypandoc

    report = narrative.Report()
    row = report.known.rows["ganzhou-gdp-2021"][1]
    row["note"] = row["token"] = row["corrected"] = hostile
    report.known.entities.loc["ganzhou", "name"] = hostile
    source = report.known.rows["gdp-ganzhou-2021"][1]
    source["source"] = source["note"] = source["vintage"] = hostile
    for table in (report.known.checks, report.known.verdicts):
        table["claim"] = table["reading" if "reading" in table else "stands"] = hostile
    parts = [
        report.say("{{ganzhou-gdp-2021}} {{gdp-ganzhou-2021}} {{ganzhou-multiple}}"),
        report.sources(["gdp-ganzhou-2021"], hostile),
        report.claims(["ganzhou-multiple"], hostile),
        report.quantities(["ganzhou-gdp-2021"], hostile),
        report.table(pd.DataFrame({hostile: [hostile]}), "caption"),
        report.evidence(),
    ]
    page = pypandoc.convert_text(narrative.together(parts).text, "html5", format="markdown")
    page = re.sub(r'(title|aria-label)="[^"]*"', "", page)
    assert not re.search(r"<(script|img|h1|pre)|<[^>]*(javascript:|onclick=|class=.math)|<code>code", page), (
        page
    )
    assert len(re.findall("<table", page)) == 4


def test_an_id_that_stands_in_two_tables_is_refused(tmp_path):
    import shutil

    from helpers import paths

    processed = shutil.copytree(paths.PROCESSED, tmp_path / "processed")
    file = processed / "derived.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace("\njian-gdp-cagr-2011-2021,", "\nshenzhen-tasks-add-up,"),
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="one table only: shenzhen-tasks-add-up"):
        narrative.Evidence(processed)


def test_verdicts_show_both_sides():
    text = narrative.Report().verdicts(["ganshen-trains-in-all", "shenzhen-tasks-add-up"], "caption").text
    assert "3,166.6 to 3,173.5 passengers" in text and "at most <a" in text and ">in tension</a>" in text
    assert text.count('data-id="shenzhen-key-tasks"') == 1 and ">consistent</a>" in text


def test_a_cell_cannot_break_its_table():
    text = (
        narrative.Report()
        .table(pd.DataFrame({"a": ["x | y\nz"], "b": ["{{shenzhen-key-tasks}}"]}), "caption")
        .text
    )
    lines = text.splitlines()
    assert len([line for line in lines if line.startswith("|")]) == 3
    assert "x \\| y z" in lines[2]


def test_a_bound_can_be_shown_alone(known):
    assert known.high("shenzhen-key-tasks") == "56 tasks"
    assert known.low("ganzhou-gdp-2021") == "416.85 billion yuan"
    assert known.high("ganzhou-gdp-cagr-2011-2021") == "10.65 percent a year"


def test_a_comparator_is_shown_as_finely_as_its_source_prints_and_names_it(known):
    assert known.value("gdp-ganzhou-2011-revised") == "151.951 billion yuan"
    assert known.value("rd-share-of-gdp-ganzhou-2020") == "1.580 percent"
    said = known.explanation("gdp-china-2021")
    assert "World Bank" in said and "CC BY 4.0" in said and "grade A" in said
    assert "](https://data.worldbank.org/" in said
    assert known.closure(["ganzhou-multiple-revised"])[-2:] == [
        "gdp-ganzhou-2011-revised",
        "gdp-ganzhou-2021",
    ]


def test_a_claim_of_several_readings_leads_to_each(known):
    assert known.value("ganzhou-multiple") == "consistent"
    assert "it stands when read as: times that of, base as revised" in known.explanation("ganzhou-multiple")
    assert "ganzhou-multiple-grew-first-print" in known.inputs("ganzhou-multiple")


def finding(**changed):
    said = {
        "claims": ["shenzhen-tasks-add-up"],
        "question": "Q?",
        "answer": "A.",
        "evidence": "E.",
        "strength": "weak",
        "because": "W.",
    }
    return narrative.Report().finding(**said | changed).text


def opening(text):
    return re.sub("<[^>]+>", "", text.partition("\n\n")[0])


def test_a_finding_says_first_what_is_in_tension():
    text = finding(claims=["shenzhen-tasks-add-up", "xpeng-plant-within-deliveries"])
    assert opening(text) == (
        "**In tension with what it was held against:** *The plant in Zhaoqing made some of the vehicles that the company delivered* (in tension)."
    )
    assert "**Strength: weak.** W." in text and "Table: What it was held against" in text


def test_a_finding_cannot_hide_what_is_in_tension():
    """A figure named anywhere in its text brings the claims that it fails, asked for or not."""
    assert "in tension" in opening(finding(evidence="Made: {{xpeng-output-per-vehicle-2022}}."))
    assert "in tension" in opening(finding(because="{{xpeng-zhaoqing-vehicles-2022}}"))


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        (["shenzhen-tasks-add-up"], "**Consistent with all that it was held against.**"),
        (
            ["deqing-tangerines", "shenzhen-tasks-add-up"],
            "**Consistent with what it was held against, as far as it could be:** *Deqing",
        ),
        (
            ["deqing-tangerines"],
            "**Not checkable:** *Deqing harvested as many tangerines as were expected* (not checkable).",
        ),
        ([], "**Not tested:** nothing was found to hold it against."),
    ],
)
def test_a_finding_without_tension_says_what_it_was_held_against(claims, said):
    assert opening(finding(claims=claims)).startswith(said)


def test_a_finding_on_an_unknown_claim_or_of_unknown_strength_is_refused():
    with pytest.raises(KeyError, match="no-such-claim"):
        finding(claims=["no-such-claim"])
    with pytest.raises(ValueError, match="'strong' is no strength; expected one of: robust to rounding"):
        finding(strength="strong")


def test_the_table_of_tested_figures_names_claims_or_reasons():
    covered = pd.read_csv(narrative.paths.PROCESSED / "coverage.csv", dtype="str", keep_default_na=False)
    text = narrative.Report().tested(covered, "caption").text
    assert text.count("\n| <a") == len(covered)
    assert "shenzhen-tasks-add-up: <a" in text and "no statistic found: generals by place of birth" in text


def test_a_figure_says_how_it_is_tested_or_why_not(known):
    assert "tested as equal: shenzhen-tasks-add-up (consistent)" in known.explanation("shenzhen-key-tasks")
    assert "not tested: no statistic found: generals by place of birth" in known.explanation("yudu-generals")


def test_no_evidence_says_a_thing_twice(known):
    for key in known.rows:
        said = known.explanation(key)
        assert not said.endswith(".."), key
        note = narrative.plain(known.rows[key][1].get("note", ""))
        assert not note or said.count(note.rstrip(".")) == 1, key


def test_a_table_without_rows_says_so():
    report = narrative.Report()
    for table in (report.quantities, report.sources, report.verdicts, report.claims):
        assert table([], "Claims in tension").text == "Claims in tension: none."
