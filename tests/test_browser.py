"""The pages as a reader uses them: in Chromium, without network, on a phone and on a desk, by keyboard."""

import re
from pathlib import Path

import pytest
from conftest import CHROMIUM, PATIENCE

from helpers.notebooks import WHAT_IF

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
def visit(tab, built):
    """visit(name, width=…): a built page, opened as by `tab`."""
    return lambda name, width=1280, **options: tab(f"{(built / 'reports').as_uri()}/{name}", width, **options)


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
    ids[WHAT_IF] |= set(re.findall(r'"([a-z0-9-]+)"', pages[WHAT_IF]))  # its script opens it with a figure
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


def test_a_number_leads_to_its_print_in_one_action_on_every_page(visit, pages, subtests):
    """The panel names the token and its place, or the source: of every kind of number, on every page."""
    for name in sorted(pages):
        page = visit(name)
        links = page.locator("main a.number").all()
        with subtests.test(name):
            for link in links[:: max(1, len(links) // 4)]:
                if not link.is_visible():
                    continue
                link.click()
                said = page.locator("#panel").inner_text()
                assert link.get_attribute("href").removeprefix("#evidence-") in said
                kinds = ("printed “", "grade ", "tables", "Constant", "Comparison", "Claim", ".csv", "Source")
                assert any(kind in said for kind in kinds), said
                page.keyboard.press("Escape")


def test_the_panel_leads_down_to_the_print_and_up_to_the_findings(visit):
    page = visit("07_findings.html")
    panel = page.locator("#panel")
    number = page.locator('main a.number[href="#evidence-ganzhou-gdp-cagr-2011-2021"]').first
    number.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_focused()
    expect(panel.locator("h2")).to_have_text("Ganzhou (赣州), GDP, 2011 to 2021, compound annual growth rate")
    expect(panel).to_contain_text("All digits: 10.4425375237, from 10.2362896841 to 10.6453761061")
    expect(panel.locator("svg")).to_have_attribute("aria-label", "10.2 to 10.7 percent a year")
    expect(panel).to_contain_text("= (2.7 times ^ (1 / 10) − 1) × 100")
    panel.get_by_text("Down to the print").locator("xpath=following-sibling::ul[1]//a").first.click()
    expect(panel).to_contain_text("printed “2.7” · The Paper, paragraph 4, characters 1016 to 1019")
    finding = panel.locator("li.finding a").first
    assert finding.get_attribute("href").startswith("07_findings.html#")
    panel.get_by_role("button", name="‹ Back").click()
    expect(panel.locator("h2")).to_contain_text("compound annual growth rate")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(number).to_be_focused()
    assert page.url.endswith("07_findings.html")


def test_the_panel_steps_through_the_numbers_and_places_of_a_page(visit):
    page = visit("07_findings.html")
    panel, links = page.locator("#panel"), page.locator("main a.number")
    first, second = (links.nth(number).get_attribute("href") for number in (0, 1))
    links.nth(0).click()
    page.get_by_role("button", name="Number after this one").click()
    expect(page.locator('a[aria-expanded="true"]')).to_have_attribute("href", second)
    page.get_by_role("button", name="Number before this one").click()
    expect(page.locator('a[aria-expanded="true"]')).to_have_attribute("href", first)
    page.keyboard.press("Escape")
    of_one = page.locator('main a.number[href="#evidence-ganzhou-gdp-cagr-2011-2021"]')
    of_one.nth(0).click()
    panel.get_by_role("button", name=re.compile("^Next of")).click()
    expect(of_one.nth(1)).to_have_attribute("aria-expanded", "true")
    expect(of_one.nth(0)).not_to_have_attribute("aria-expanded", "true")


def test_an_address_opens_the_evidence_and_a_citation_can_be_taken_away(visit, built):
    page = visit("07_findings.html#evidence-ganzhou-gdp-2021")
    panel = page.locator("#panel")
    expect(panel).to_contain_text("416.9 billion yuan")
    page.evaluate(
        "navigator.clipboard.writeText = (text) => { window.taken = text; return Promise.resolve(); }"
    )
    panel.get_by_role("button", name="Copy citation").click()
    taken = page.evaluate("window.taken")
    assert "The Paper" in taken and "paragraph 4, characters 956 to 961: “416.9”" in taken
    assert taken.endswith("#evidence-ganzhou-gdp-2021")


def test_the_sentence_is_shown_from_the_text_that_the_reader_has_and_from_no_other(visit, texts, tmp_path):
    page = visit("07_findings.html#evidence-ganzhou-gdp-2021")
    text = texts["thepaper-2022-gannan"]
    for name, content, words in (("a.txt", text + " ", "its SHA-256 differs"), ("b.txt", text, "416.9")):
        file = tmp_path / name
        file.write_bytes(content.encode("utf-8"))
        page.locator("#panel input[type=file]").set_input_files(file)
        expect(page.locator("#panel .sentence p")).to_contain_text(words)
    expect(page.locator("#panel .sentence mark")).to_have_text("416.9")


def test_on_a_phone_the_panel_is_a_sheet_that_does_not_hide_the_number(visit):
    page = visit("07_findings.html", 390, has_touch=True)
    number = page.locator('main a.number[href="#evidence-ganzhou-gdp-multiple-2011-2021"]').first
    number.tap()
    panel = page.locator("#panel")
    expect(panel).to_contain_text("2.7 times")
    box, sheet = number.bounding_box(), panel.bounding_box()
    assert sheet["width"] == 390 and box["y"] >= 0 and box["y"] + box["height"] <= sheet["y"]
    sizes = panel.locator("button").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44


def test_from_a_numeral_of_the_strips_two_actions_lead_to_a_finding(visit):
    page = visit("index.html")
    page.locator('.strip [data-key="ganzhou-gdp-multiple-2011-2021"]').dispatch_event("click")
    page.locator("#panel li.finding a").first.click()
    expect(page).to_have_url(re.compile(r"07_findings\.html#"))


def test_tables_sort_and_search(visit):
    page = visit("05_growth_compared.html")
    cities = page.locator(".table", has_text="GDP of thirteen cities in current prices")
    head = cities.locator("thead th").nth(1)
    place, amounts = cities.locator("tbody th").nth(0), cities.locator("tbody td:nth-child(2)")
    printed = amounts.all_inner_texts()
    head.locator("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    words = [text.split() for text in amounts.all_inner_texts()]
    in_order = [float(number) * {"billion": 1, "trillion": 1000}[scale] for number, scale, *_ in words]
    assert in_order == sorted(in_order) and len(in_order) == 13
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(place).to_have_text("Guangzhou")  # by amount: by letters it would be Foshan with 623 billion
    page.keyboard.press("Enter")
    expect(head).not_to_have_attribute("aria-sort", re.compile("."))
    assert amounts.all_inner_texts() == printed

    page = visit("06_sensitivity.html")
    table = page.locator(".table", has_text="Between which values of a figure the verdict")
    rows = table.locator("tbody tr")
    count = rows.count()
    label = table.locator("xpath=preceding-sibling::label[1]")
    label.locator("input").fill("ji'an")  # printed with a curly apostrophe
    assert any(row.is_visible() for row in rows.all())
    label.locator("input").fill("ganzhou")
    shown = [row for row in rows.all() if row.is_visible()]
    assert 0 < len(shown) < count and all("ganzhou" in row.inner_text().lower() for row in shown)
    assert f"{len(shown)} of {count} rows" in label.inner_text()


def test_on_a_phone_each_row_is_a_card_under_the_names_of_its_columns(visit):
    page = visit("05_growth_compared.html", 390)
    cell = page.locator(".table tbody td").first
    name = page.locator(".table thead th").nth(1).inner_text()
    assert cell.evaluate("one => getComputedStyle(one, '::before').content") == f'"{name}"'


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
    for link in page.locator("nav.contents a").all()[3:6]:
        link.click()
        expect(link).to_have_attribute("aria-current", "location")
        expect(page.locator("nav.contents a[aria-current]")).to_have_count(1)


def test_the_data_of_a_plot_can_be_taken_away(visit, tmp_path):
    page = visit("07_findings.html")
    with page.expect_download() as waiting:
        page.locator("figcaption a.data").first.click()
    file = Path(tmp_path / waiting.value.suggested_filename)
    waiting.value.save_as(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert file.suffix == ".csv" and lines[0] == "label,reading,basis,low,value,high,id" and len(lines) > 9


def test_without_scripts_nothing_is_lost(visit):
    page = visit("07_findings.html", java_script_enabled=False)
    page.locator('main a.number[href="#evidence-ganzhou-gdp-multiple-2011-2021"]').first.click()
    expect(page).to_have_url(re.compile("#evidence-ganzhou-gdp-multiple-2011-2021$"))
    assert page.locator("details.code").first.is_visible()
