"""The pages as a reader uses them: in Chromium, without network, on a phone and on a desk, by keyboard."""

import re
from pathlib import Path

import pytest
from conftest import CHROMIUM, PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WIDTHS = {"phone": 360, "desk": 1280}

if not CHROMIUM:
    pytest.skip("needs Chromium", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import expect  # noqa: E402

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def pages(built):
    """The text of every page by its name."""
    found = {page.name: page.read_text(encoding="utf-8") for page in (built / "reports").glob("*.html")}
    assert {"index.html", "07_findings.html"} < set(found)
    return found


@pytest.fixture
def visit(browser, built):
    """visit(name, width=…): a page opened offline; `.said` and `.asked` have what it said and asked for."""
    contexts = []

    def open_page(name, width=1280, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, offline=True, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto((built / "reports" / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_a_page_asks_for_nothing_says_nothing_and_does_not_scroll_sideways(visit, pages, subtests, width):
    for name in sorted(pages):
        with subtests.test(name):
            page = visit(name, width)
            assert page.said == [] and not [
                url for url in page.asked if not url.startswith(("file:", "data:"))
            ]
            beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(beyond) == 0
            assert page.title() and page.get_attribute("html", "lang") == "en"


def test_every_link_to_a_place_of_ours_resolves(built, pages):
    ids = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in pages.items()}
    broken = []
    for name, text in pages.items():
        for href in set(re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text)):
            file, _, anchor = href.partition("#")
            if re.match(r"https?:|data:", href):
                continue
            if not (built / "reports" / (file or name)).exists() or (
                anchor and anchor not in ids[file or name]
            ):
                broken.append((name, href))
    assert broken == []


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("index.html", 360, "light"),
        ("index.html", 1280, "dark"),
        ("07_findings.html", 1280, "light"),
        ("07_findings.html", 360, "dark"),
        ("02_cleaning.html", 1280, "light"),
        ("profile_gree.html", 360, "light"),
    ],
)
def test_axe_finds_nothing_that_keeps_a_reader_out(visit, name, width, scheme):
    page = visit(name, width, color_scheme=scheme)
    numbers = page.locator("main a.number")
    if name != "index.html":
        numbers.first.click()  # the card is part of the page
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in found] == []


def test_evidence_opens_in_place_by_mouse_touch_and_keyboard_and_leads_to_the_print(visit):
    page = visit("07_findings.html")
    card = page.locator(".card")
    number = page.locator('main a.number[data-id="ganzhou-gdp-cagr-2011-2021"]').first
    number.scroll_into_view_if_needed()
    number.hover()
    card.wait_for(state="visible")
    page.mouse.move(1, 1)
    card.wait_for(state="hidden")

    number.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")  # focus by keyboard shows it
    card.wait_for(state="visible")
    page.keyboard.press("Enter")  # and Enter enters it
    expect(card).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first link inside: what the number is made of
    expect(card).to_contain_text("printed “2.7” in The Paper, paragraph 4")
    expect(card.locator("button", has_text="Back")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(number).to_be_focused()
    assert page.url.endswith("07_findings.html")  # the reader never left the place

    touch = visit("07_findings.html", 360, has_touch=True)
    touch.locator('main a.number[data-id="ganzhou-gdp-2021"]').first.tap()
    expect(touch.locator(".card")).to_contain_text("416.9")
    touch.locator(".card a.entry").tap()
    expect(touch).to_have_url(re.compile("#evidence-ganzhou-gdp-2021$"))  # an address to hand on


def test_tables_sort_and_search(visit):
    page = visit("05_growth_compared.html")
    levels = page.locator(".table", has_text="GDP in current prices by year, latest vintages")
    head = levels.locator("th", has_text="China")
    top = levels.locator("tbody tr").nth(0)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(top).to_contain_text("2011")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(top).to_contain_text("114.924 trillion")  # by amount: by letters it would be 98.65
    page.keyboard.press("Enter")
    expect(head).not_to_have_attribute("aria-sort", re.compile("."))
    expect(top).to_contain_text("2011")

    page = visit("04_consistency.html")
    table = page.locator(".table", has_text="Every figure of The Paper")
    count = table.locator("tbody tr").count()
    box = table.locator("xpath=preceding-sibling::label[1]//input")
    box.fill("ji'an")  # printed with a curly apostrophe
    assert any(row.is_visible() for row in table.locator("tbody tr").all())
    box.fill("livelihood")
    shown = [row for row in table.locator("tbody tr").all() if row.is_visible()]
    assert 0 < len(shown) < count and all("livelihood" in row.inner_text().lower() for row in shown)
    assert f"{len(shown)} of {count} rows" in table.locator("xpath=preceding-sibling::label[1]").inner_text()


def test_code_is_out_of_sight_until_asked_for(visit):
    page = visit("03_growth.html")
    assert not page.locator("details.code").first.is_visible()
    button = page.get_by_role("button", name="Show code")
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.code pre").first.is_visible()
    assert page.get_by_role("button", name="Hide code").get_attribute("aria-pressed") == "true"


def test_contents_follow_the_reader(visit):
    page = visit("07_findings.html")
    for link in page.locator("nav a").all()[3:6]:
        link.click()
        expect(link).to_have_attribute("aria-current", "location")
        expect(page.locator("nav a[aria-current]")).to_have_count(1)


def test_the_data_of_a_plot_can_be_taken_away(visit, tmp_path):
    page = visit("07_findings.html")
    with page.expect_download() as waiting:
        page.locator("figcaption a.data").first.click()
    file = Path(tmp_path / waiting.value.suggested_filename)
    waiting.value.save_as(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert file.suffix == ".csv" and lines[0] == "label,reading,low,value,high" and len(lines) == 9


def test_without_scripts_nothing_is_lost(visit):
    page = visit("07_findings.html", java_script_enabled=False)
    page.locator('main a.number[data-id="ganzhou-gdp-2021"]').first.click()
    expect(page).to_have_url(re.compile("#evidence-ganzhou-gdp-2021$"))
    assert page.locator("details.code").first.is_visible()
