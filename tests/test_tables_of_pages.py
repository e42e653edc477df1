"""Tables as readers compare them: units in heads, decimals below each other, rows as cards on a phone."""

import re

import nbformat
import pandas as pd
import pytest
from conftest import CHROMIUM, PATIENCE

from helpers.reporting import pages, prose
from helpers.reporting.columns import comparable

PLURALS = {"company": "companies", "billion yuan": "billion yuan"}


def link(text):
    return f'<a class="number" data-id="a-b" href="#evidence-a-b" title="t">{text}</a>'


@pytest.mark.parametrize(
    ("cells", "unit", "left"),
    [
        (["10.4 percent", "9 percent"], "percent", ["10.4", "9"]),
        ([link("10.4 percent a year"), "", link("−3 percent a year")], "percent a year", None),
        (["1 company", "16 companies"], "companies", ["1", "16"]),
        (["nearly 40 percent", "38.5 to 39.5 percent"], "percent", ["nearly 40", "38.5 to 39.5"]),
        (["1,200", "30"], "", ["1,200", "30"]),
    ],
)
def test_a_unit_that_a_whole_column_shares_stands_in_its_head(cells, unit, left):
    names, rows, numeric = comparable(["Of", "Value"], [["x", cell] for cell in cells], PLURALS)
    assert names == ["Of", f"Value ({unit})" if unit else "Value"] and numeric == [False, True]
    assert [row[1] for row in rows] == (left or [cell.replace(f" {unit}", "") for cell in cells])


@pytest.mark.parametrize(
    "cells",
    [
        ["416.9 billion yuan", "36.5 million yuan"],
        ["10.4 percent", "consistent"],
        ["10.4 percent", ""],
        ["2011 to 2021", "2021"],
        ["10.4 percent; 3 percent", "9 percent"],
        ["10.4 percent <b>x</b>", "9 percent"],
        [],
    ],
)
def test_a_column_of_several_units_of_one_number_or_of_years_stays_as_it_is(cells):
    rows = [["x", cell] for cell in cells]
    assert comparable(["Of", "Value"], rows, PLURALS) == (["Of", "Value"], rows, [False, False])


def test_the_first_column_names_the_rows_and_keeps_its_units():
    assert comparable(["Value"], [["1 percent"], ["2 percent"]], PLURALS)[2] == [False]
    assert comparable(["Value", "x"], [["1 percent", "a"], ["2 percent", "b"]], PLURALS)[0] == ["Value", "x"]


@pytest.fixture(scope="module")
def report(corpus, results):
    return prose.Report(corpus, **results)


@pytest.mark.corpus
def test_a_row_has_one_link(report, results):
    keys = results["checks"].check_id.head(20)
    tables = [report.verdicts(keys, "c"), report.quantities(results["figures"].figure_id.head(9), "c"),
              report.claims(report.known.verdicts.index[:9], "c")]  # fmt: skip
    for table in tables:
        rows = [line for line in table.text.splitlines()[2:] if line.startswith("|")]
        assert rows and {line.count("<a ") for line in rows} == {1}


def book(*shown):
    outputs = [nbformat.v4.new_output("display_data", one._repr_mimebundle_()) for one in shown]
    cells = [
        nbformat.v4.new_markdown_cell("# Title\n\n## Tables"),
        nbformat.v4.new_code_cell("x", execution_count=1),
    ]
    cells[1].outputs = outputs
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def page(report):
    frame = pd.DataFrame({
        "Place": [f"Place {n}" for n in range(30)],
        "Rate": ["10.4 percent", "9.42 percent", "7 percent"] * 10,
        "Remark": ["Longer words of a remark", "", "x"] * 10,
    })  # fmt: skip
    return pages.to_html(book(report.table(frame, "Rates")))


@pytest.mark.corpus
def test_the_first_cell_heads_its_row_and_decimals_are_filled_up(page):
    assert '<th scope="row">Place 0</th>' in page and '<th class="right"' in page
    assert re.findall(r'data-pad="([^"]*)"', page)[:2] == ["0", ".00"]


@pytest.mark.corpus
def test_a_row_without_a_name_has_no_head(report):
    frame = pd.DataFrame({"Place": ["a", ""], "Rate": ["x", "y"]})
    assert 'scope="row"' not in pages.to_html(book(report.table(frame, "c")))


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
def test_decimals_stand_below_each_other_heads_stay_and_rows_are_cards_on_a_phone(browser, page, tmp_path):
    from axe_playwright_python.sync_playwright import Axe

    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    for width in (1280, 390):
        tab = browser.new_page(viewport={"width": width, "height": 800})
        tab.set_default_timeout(PATIENCE)
        tab.goto((tmp_path / "page.html").as_uri())
        assert Axe().run(tab).response["violations"] == []
        assert (
            tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        )
        if width == 1280:
            # where the digits before the point end, in each of the first three rows
            ends = tab.evaluate("""[...document.querySelectorAll('tbody tr')].slice(0, 3).map((row) => {
              const text = row.cells[1].firstChild, range = document.createRange();
              range.setStart(text, 0);
              range.setEnd(text, text.data.split('.')[0].length);
              return range.getBoundingClientRect().right;
            })""")
            assert max(ends) - min(ends) < 0.6
            tab.evaluate("document.querySelector('.table').scrollTop = 300")
            top = "document.querySelector({}).getBoundingClientRect().top"
            assert tab.evaluate(f"{top.format('`thead th`')} - {top.format('`.table`')}") < 2
        else:
            card, next_card = (
                tab.locator("tbody tr").nth(0).bounding_box(),
                tab.locator("tbody tr").nth(1).bounding_box(),
            )
            assert card["width"] <= 390 and next_card["y"] > card["y"] + card["height"]
            label = tab.evaluate("getComputedStyle(document.querySelector('tbody td'), '::before').content")
            assert label == '"Rate (percent)"'
            tab.get_by_role("button", name="Rate").click()
            assert tab.locator("tbody tr").first.inner_text().startswith("Place 2")
        tab.close()
