"""The page on which a reader changes what is printed: in Chromium, without network, by keyboard and by touch."""

import re

import pytest
from conftest import CHROMIUM, LURES, PATIENCE
from test_engine import rerun

from helpers.notebooks import WHAT_IF
from helpers.reporting.evidence import Evidence
from helpers.reporting.what_if_page import export_what_if, shown_ids, what_if_page

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.corpus]

if not CHROMIUM:
    pytest.skip("needs Chromium", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import expect  # noqa: E402

expect.set_options(timeout=PATIENCE)

MULTIPLE, RATE = "ganzhou-gdp-multiple-2011-2021", "ganzhou-gdp-cagr-2011-2021"
FOUND = [
    {
        "title": "Ganzhou grew",
        "plain": "Ganzhou grew",
        "anchor": "ganzhou-grew",
        "answer": f'By <a class="number" data-id="{RATE}" href="#">10.4</a>.',
        "claims": ["ganzhou-multiple"],
    },
    {
        "title": "The bay & its parts",
        "plain": "The bay & its parts",
        "anchor": "the-bay",
        "claims": ["gba-gdp-2021-sum-of-parts"],
        "answer": "It fits.",
    },
    {"title": "Counts", "plain": "Counts", "anchor": "counts", "claims": [], "answer": "Many."},
]


def made(results, found=FOUND):
    return what_if_page(results.corpus, results.figures, results.derived, results.checks, found)


@pytest.fixture(scope="module")
def folder(real, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    export_what_if(made(real), folder)
    return folder


@pytest.fixture
def visit(tab, folder):
    """visit(state, width=…): the page, opened as by `tab`."""
    return lambda state="", width=1280, **options: tab((folder / WHAT_IF).as_uri() + state, width, **options)


def known(results, **change):
    """How Python shows the numbers of a corpus that prints otherwise."""
    python = rerun(results.corpus, **change)
    return Evidence(results.corpus, python.figures, python.derived, python.checks)


def test_the_page_is_small_and_the_same_each_time(real):
    page = made(real)
    assert len(page.encode()) < 300_000 and page == made(real)


def test_a_finding_is_known_by_what_it_shows_and_by_its_claims():
    assert shown_ids(FOUND[0]) == ["ganzhou-multiple", RATE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_keeps_no_reader_out_and_asks_for_nothing(visit, width, scheme):
    state = f"#rules=wide&{MULTIPLE}=3.5,about&gba-gdp-2021=1,2.3"
    page = visit(state, width, color_scheme=scheme, has_touch=width == 390)
    expect(page.locator("#findings .finding").first).to_be_visible()
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in Axe().run(page).response["violations"]] == []
    assert page.said == [] and all(url.startswith(("file:", "data:")) for url in page.asked)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.evaluate("document.querySelectorAll('*').length") < 3000


def test_a_finger_finds_what_it_may_touch(visit):
    page = visit(f"#{MULTIPLE}=3.5", 390, has_touch=True)
    page.locator("#find").fill("gdp")
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input:not([type=radio]), select, summary, .rules label")]
            .filter((one) => one.offsetParent && !one.matches(".skip") && one.getBoundingClientRect().height < 44)
            .map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert small == []


def test_a_figure_is_found_changed_and_put_back_by_keyboard(visit, real):
    page = visit()
    expect(page.locator("#counts")).to_contain_text("Nothing is changed yet")
    page.locator("#find").focus()
    page.keyboard.type("multiple ganzhou the paper")
    expect(page.locator("#matches button")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    field = page.locator(f'[data-id="{MULTIPLE}"] input')
    expect(field).to_be_focused()
    page.keyboard.type("2.8")  # what was there is selected
    page.keyboard.press("Tab")
    page.keyboard.type("about")
    expect(page).to_have_url(re.compile(rf"#{MULTIPLE}=2\.8,about$"))
    expect(page.locator("#counts")).to_contain_text("1 of 3 findings moves")
    now = known(real, changes={MULTIPLE: {"token": "2.8", "qualifier": "about"}})
    moved = page.locator("#findings .move", has_text="compound annual growth rate")
    before = Evidence(real.corpus, real.figures, real.derived, real.checks)
    expect(moved).to_contain_text(f"{before.value(RATE)} → {now.value(RATE)}")
    expect(moved).to_contain_text(f"Range: {before.range(RATE)} → {now.range(RATE)}")
    moved.locator("summary").click()
    expect(moved).to_contain_text("The Paper, paragraph 4, printed “2.7”")
    page.get_by_role("button", name="Put back GDP multiple, Ganzhou").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".finding")).to_have_count(0)
    assert page.url.endswith(WHAT_IF) and page.said == []


def test_the_address_opens_the_page_as_it_was_left(visit, real):
    state = f"#rules=wide&{MULTIPLE}=3.5&gba-gdp-2021=1,200,nearly"
    page = visit(state)
    assert page.url.endswith(state)
    expect(page.locator(".change")).to_have_count(2)
    assert page.locator('[data-id="gba-gdp-2021"] input').input_value() == "1,200"
    assert page.locator('[data-id="gba-gdp-2021"] select').input_value() == "nearly"
    assert page.locator('[name="rules"]:checked').input_value() == "wide"
    changes = {MULTIPLE: {"token": "3.5"}, "gba-gdp-2021": {"token": "1,200", "qualifier": "nearly"}}
    now = known(real, rules="wide", changes=changes)
    before = Evidence(real.corpus, real.figures, real.derived, real.checks)
    flips = [key for key in now.verdicts.index if now.verdicts.verdict[key] != before.verdicts.verdict[key]]
    expect(page.locator("#claims .move")).to_have_count(len(flips))
    assert flips and f"{len(flips)} verdict" in page.locator("#counts").inner_text()
    page.locator("#numbers button").click()
    forms = ("value", "range")
    moved = [
        key
        for key in [*now.figures.index, *now.derived.index]
        if any(getattr(now, form)(key) != getattr(before, form)(key) for form in forms)
    ]
    expect(page.locator("#numbers .move")).to_have_count(len(moved))
    page.get_by_role("button", name="Reset everything").click()
    expect(page.locator(".change")).to_have_count(0)
    assert page.url.endswith(WHAT_IF)

    page = visit("#ganzhou-gdp-2021")  # as a link from another page
    assert page.locator('[data-id="ganzhou-gdp-2021"] input').input_value() == "416.9"
    expect(page.locator(".change .allows")).to_contain_text(
        "As printed it allows 416.85 to 416.95 billion yuan."
    )
    assert page.said == []
    page = visit("#nobody=3&rules=lax&%E0%A4%A=1")
    expect(page.locator("#address")).to_contain_text("No printed figure has this id of the address: nobody")
    assert page.said == []


@pytest.mark.parametrize("typed", ["abc", "1,2.3", "", "  ", "3-2", "1e5", "9" * 40])
def test_bad_input_is_refused_beside_its_field_and_changes_nothing(visit, typed):
    page = visit(f"#{MULTIPLE}=2.8")
    before, url = page.locator("#results").inner_html(), page.url
    field = page.locator(".change input")
    field.fill(typed)
    wrong = page.locator(".change .wrong")
    expect(wrong).not_to_be_empty()
    assert wrong.bounding_box()["height"] < 90 and field.get_attribute("aria-invalid") == "true"
    assert page.locator("#results").inner_html() == before and page.url == url
    field.fill("2.8")
    expect(wrong).to_be_empty()


def test_a_change_is_seen_at_once(visit):
    page = visit(f"#{MULTIPLE}=2.8")
    took = page.evaluate(
        """() => [2.1, 2.2, 2.3, 2.4, 2.5].map((token) => {
            const field = document.querySelector(".change input");
            field.value = String(token);
            const start = performance.now();
            field.dispatchEvent(new Event("input", { bubbles: true }));
            return performance.now() - start;
        }).sort((a, b) => a - b)[0]"""
    )
    assert took < 200  # the best of five


def test_without_scripts_the_page_says_what_to_do(visit):
    page = visit(java_script_enabled=False)
    expect(page.get_by_role("heading", name="Scripts are off")).to_be_visible()
    assert not page.locator("#find").is_visible()
    links = [link.get_attribute("href") for link in page.locator(".off a").all()]
    assert links == ["07_findings.html#ganzhou-grew", "07_findings.html#the-bay"]


def test_text_is_text(browser, real, tmp_path):
    ids = ["ganzhou-multiple", RATE]
    found = [{"title": lure, "plain": lure, "anchor": "a", "claims": ids, "answer": ""} for lure in LURES]
    page = browser.new_page()
    page.goto(export_what_if(made(real, found), tmp_path).as_uri() + f"#{MULTIPLE}=2.8")
    titles = [link.inner_text() for link in page.locator(".finding > a").all()]
    assert titles == [re.sub(r"\s+", " ", lure).strip() for lure in LURES]
    assert page.evaluate("window.hit") is None
    page.close()
