"""The page of all facts: nothing is missing, counts and calculations are those of the tables, in Chromium too."""

import csv
import json
import re
import time

import numpy as np
import pandas as pd
import pytest
from conftest import CHROMIUM, PATIENCE

from helpers.checking.claims import check, verdicts
from helpers.deriving.cleaning import clean
from helpers.deriving.contributions import contributions
from helpers.deriving.derivations import derive
from helpers.deriving.intervals import rule_set
from helpers.reporting import facts_page
from helpers.reporting.evidence import Evidence
from helpers.reporting.pages import ReportError, bare_page

pytestmark = pytest.mark.corpus

FINDINGS = [
    {"title": "Finding one", "href": "07_findings.html#one", "ids": ["ganzhou-gdp-2021", "claims-all"]}
]


@pytest.fixture(scope="module")
def known(corpus, results):
    return Evidence(corpus, **results)


@pytest.fixture(scope="module")
def facts(corpus, known):
    return facts_page.every_fact(corpus, known)


@pytest.fixture(scope="module")
def data(corpus, known):
    return facts_page.facts_data(corpus, known, FINDINGS)


def chosen(facts, **wanted):
    """The ids of the facts that have one of the wanted words for each facet."""

    def words(fact, facet):
        found = fact.get(facet, [])
        return {found} if isinstance(found, str) else set(found)

    return [
        key for key, fact in facts.items() if all(words(fact, name) & set(of) for name, of in wanted.items())
    ]


# -- the data --------------------------------------------------------------------------------------------


def test_every_id_is_a_fact_but_statistics(facts, known, corpus, results):
    every = [*results["figures"].figure_id, *results["derived"].derived_id, *results["checks"].check_id,
             *corpus.comparators.comparator_id, *corpus.constants.constant, *known.claims.index]  # fmt: skip
    assert sorted(facts) == sorted(every) and set(every).isdisjoint(results["statistics"].statistic_id)


def test_choices_are_those_of_the_tables(facts, results, corpus):
    covered = results["coverage"].set_index("figure_id")
    articles = corpus.articles.set_index("article")
    for row in results["figures"].itertuples():
        fact = facts[row.figure_id]
        assert fact["article"] == [row.article] and fact["printed"][0][0] == row.article in articles.index
        assert (fact["status"], fact["qualifier"]) == (row.status, row.qualifier)
        assert fact["tested"] == covered.tested[row.figure_id]
        found = {part for part in covered.verdicts[row.figure_id].split(", ") if part}
        assert set(fact.get("verdict", [])) == found, row.figure_id
    for row in results["checks"].itertuples():
        assert facts[row.check_id]["verdict"] == [row.verdict]
        assert facts[row.check_id].get("grade", "") == row.grade


def test_places_are_those_where_the_quantity_is_printed(facts, results, corpus):
    again = results["figures"][results["figures"].also_printed != ""]
    numerals = corpus.numerals.set_index(["article", "numeral_id"])
    assert len(again) > 2
    for row in again.itertuples():
        first, *others = facts[row.figure_id]["printed"]
        assert first == [row.article, row.paragraph, row.start, row.end, row.token]
        assert len(others) == len(row.also_printed.split("; "))
        for place, (article, *where) in zip(row.also_printed.split("; "), others, strict=True):
            there = numerals.loc[tuple(place.split(" "))]
            assert place.startswith(article) and where == list(there[["paragraph", "start", "end", "token"]])


def test_each_input_alone_causes_what_the_formula_says(corpus, results):
    found = contributions(corpus, results["figures"], results["derived"]).set_index(["derived_id", "input"])
    figures = results["figures"].set_index("figure_id")
    base, multiple = (figures.loc[f"ganzhou-gdp-{name}"] for name in ("2021", "multiple-2011-2021"))
    key = "ganzhou-gdp-2011-implied"
    row = found.loc[key, "ganzhou-gdp-2021"]
    ends = base.low / multiple.value, base.high / multiple.value
    np.testing.assert_allclose([row.low, row.high], ends)
    whole = results["derived"].set_index("derived_id").loc[key]
    np.testing.assert_allclose(row.share, (ends[1] - ends[0]) / (whole.high - whole.low))
    assert found.share.between(0, 1).all()


def test_other_rules_are_those_of_a_run_with_them(data, facts, corpus):
    assert set(data["others"]) == {"narrow", "wide"}
    figures = clean(corpus, rule_set("wide"))
    derived = derive(corpus, figures)
    checks = check(corpus, figures, derived, rule_set("wide"))
    said = data["others"]["wide"]

    def now(key, part):
        return said.get(key, {}).get(part, facts[key].get(part))

    for table, key in ((figures, "figure_id"), (derived, "derived_id")):
        for row in table.itertuples():
            assert now(getattr(row, key), "bounds") == [row.value, row.low, row.high]
    for row in checks.itertuples():
        assert now(row.check_id, "value") == row.verdict
    for row in verdicts(checks).itertuples():
        assert row.claim_id not in facts or now(row.claim_id, "value") == row.verdict
    assert len(said) > 100


def test_a_claim_is_shown_under_the_reading_that_decides(known, results):
    power = pd.DataFrame({"claim_id": ["ganzhou-multiple"] * 2, "claim_noticed_10_percent": [80.0, 80.0]})
    rows = {row["id"]: row for row in facts_page.claims_data(known, power)["claims"]}
    assert list(rows) == list(known.verdicts.index)
    checks = results["checks"].set_index("check_id")
    for key, row in rows.items():
        said = row["verdict"], row.get("grade", "")
        assert said == tuple(known.verdicts.loc[key, ["verdict", "grade"]])
    row, shown = rows["ganzhou-multiple"], checks.loc["ganzhou-multiple-times-revised"]
    assert row["observed"] == [shown.observed_low, shown.observed_high] and row["reading"] == shown.reading
    np.testing.assert_allclose(row["expected"], [shown.expected_low, shown.expected_high], rtol=1e-5)
    assert row["power"] == "some"
    assert rows["jian-multiple"]["verdict"] == "undecided" and "power" not in rows["jian-multiple"]


def test_a_page_of_ours_says_what_glyph_is_missing_and_closes_no_script():
    page = bare_page("facts", "T", "S", "<p>x</p>", [], [], {"data": {"a": "</script><!--"}})
    assert "</script><!--" not in page and page.count("</script>") == 2
    with pytest.raises(ReportError, match="no glyph"):
        bare_page("facts", "T", "S", "<p>龘</p>", [], [], {})


# -- the page in Chromium --------------------------------------------------------------------------------

if CHROMIUM:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)

in_browser = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]


def browsed(test):
    for mark in in_browser:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def written(data, known, tmp_path_factory):
    file = tmp_path_factory.mktemp("facts") / "facts.html"
    file.write_text(facts_page.facts_page(data, known), encoding="utf-8")
    return file


@pytest.fixture
def visit(tab, written):
    """visit(hash, width=…): the page of all facts, opened as by `tab`."""
    return lambda address="", width=1280, file=written, **options: tab(
        f"{file.as_uri()}{address}", width, 900, **options
    )


def counts(page, facet):
    """What the page counts of each word of a facet; those of none are not shown."""
    labels = page.locator(f'ul[aria-label="{facts_page.FACETS[facet]}"] li:not([hidden]) label')
    rows = labels.evaluate_all(
        "all => all.map(one => [...one.querySelectorAll('span')].map(s => s.textContent))"
    )
    return {word: int(count.replace(",", "")) for word, count in rows}


@browsed
def test_the_page_is_light_quiet_and_asks_for_nothing(visit, written):
    assert written.stat().st_size < 600_000
    for address in ("", "#id=ganzhou-gdp-cagr-2011-2021", "#q=ganzhou&verdict=in+tension"):
        for width in (390, 1280):
            page = visit(address, width)
            expect(page.locator("h1")).to_have_text("All facts")
            assert page.said == [] and not [
                url for url in page.asked if not url.startswith(("file:", "data:"))
            ]
            assert page.evaluate("document.querySelectorAll('*').length") < 3000
            beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(beyond) == 0


@browsed
def test_what_the_page_unpacks_is_what_was_packed(visit, facts):
    page = visit()
    found = page.evaluate("unpacked(JSON.parse(document.getElementById('data').textContent).facts)")
    assert list(found) == list(facts)
    for key, fact in facts.items():
        there = {name: value for name, value in found[key].items() if name != "id"}
        assert there == fact, key


@browsed
def test_counts_stay_true_under_other_choices(visit, facts, results):
    page = visit("#kind=figure&entity=Ganzhou+%28%E8%B5%A3%E5%B7%9E%29")
    figures = results["figures"][results["figures"].entity == "ganzhou"]
    expect(page.locator(".count")).to_contain_text(f"{len(figures)} of {len(facts):,} facts")
    assert counts(page, "status") == figures.status.value_counts().to_dict()
    assert sum(counts(page, "entity").values()) == len(results["figures"])  # a facet is not cut by itself
    choices = [
        {"kind": ["check"], "verdict": ["in tension", "contradicted"]},
        {"grade": ["C"], "article": ["thepaper-2022-gannan"], "kind": ["derived"]},
        {"tested": ["as equal"], "qualifier": ["exact"]},
    ]
    names = {"grade": lambda key: f"grade {key}, {facts_page.GRADES[key]}", "kind": facts_page.KINDS.get}
    for choice in choices:
        page = visit(
            "#" + "&".join(f"{name}={word.replace(' ', '+')}" for name, of in choice.items() for word in of)
        )
        shown = chosen(facts, **choice)
        expect(page.locator(".count")).to_contain_text(f"{len(shown):,} of")
        for facet in ("kind", "verdict", "grade", "unit"):
            others = {name: of for name, of in choice.items() if name != facet}
            words = [facts[key].get(facet, []) for key in chosen(facts, **others)]
            tally = pd.Series([one for word in words for one in ([word] if isinstance(word, str) else word)])
            expected = tally.value_counts().rename(names.get(facet)).to_dict()
            found = {word: count for word, count in counts(page, facet).items() if count}
            assert found == expected, (choice, facet)


@browsed
def test_a_search_ignores_accents_quotation_marks_and_the_kind_of_a_minus(visit):
    page = visit()
    said = page.locator(".count")
    for typed, same in (
        ("Ji’an", "ji'an"),
        ("Macao–invested", "macao-invested"),
        ("GANZHOU", "gánzhou"),
        ("466,000", "466000"),
    ):
        found = []
        for words in (typed, same):
            page.get_by_label("Search").fill(words)
            found.append(said.inner_text())
        assert found[0] == found[1] and not found[0].startswith(("All", "0 ")), (typed, found)
    page.get_by_label("Search").fill("nothing-of-the-kind")
    expect(said).to_contain_text("0 of")


@browsed
def test_the_state_lies_in_the_address_and_the_way_back_works(visit):
    page = visit()
    page.get_by_label("derived quantity").check()
    page.get_by_label("Search").fill("livelihood")
    page.get_by_label("Order").select_option("widest interval")
    address = page.evaluate("location.hash")
    assert address == "#kind=derived&q=livelihood&sort=widest+interval"
    first = page.locator("tbody th a").first
    name, key = first.inner_text(), first.get_attribute("data-id")
    first.click()
    expect(page.locator("#sheet-title")).to_have_text(name)
    assert page.evaluate("location.hash") == f"{address}&id={key}" and page.title().startswith(name)
    expect(page.locator("#sheet-title")).to_be_focused()
    page.go_back()
    expect(page.locator("tbody th a").first).to_be_focused()
    page.go_back()
    expect(page.get_by_label("Order")).to_have_value("")
    page.go_back()
    expect(page.get_by_label("Search")).to_have_value("")
    again = visit(address)
    assert again.get_by_label("Search").input_value() == "livelihood"
    assert again.locator("tbody th a").first.inner_text() == name


@browsed
def test_what_is_exported_is_what_is_left_with_the_values_of_the_tables(visit, results, tmp_path):
    page = visit("#kind=figure&tested=as+equal&tested=as+a+copy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    download.value.save_as(tmp_path / "facts.csv")
    with open(tmp_path / "facts.csv", encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    covered = results["coverage"]
    wanted = covered.figure_id[covered.tested.isin(["as equal", "as a copy"])]
    assert set(rows) == set(wanted)
    for row in results["figures"][results["figures"].figure_id.isin(wanted)].itertuples():
        found = rows[row.figure_id]
        assert [float(found[name]) for name in ("value", "low", "high")] == [row.value, row.low, row.high]
        assert [found[name] for name in ("article", "paragraph", "start", "end")] == [
            row.article, str(row.paragraph), str(row.start), str(row.end)]  # fmt: skip
        assert found["token"].lstrip("'") == row.token and "e" not in found["value"]


def ten_of(facts, kind):
    keys = [key for key, fact in facts.items() if fact["kind"] == kind]
    return keys[:: max(1, len(keys) // 10)][:10]


@browsed
@pytest.mark.parametrize("kind", list(facts_page.KINDS))
def test_the_calculation_shows_what_the_tables_say(visit, facts, known, data, kind):
    page = visit()
    for key in ten_of(facts, kind):
        fact, row = facts[key], known.row(key)[1]
        page.evaluate(f"location.hash = '#id={key}'")
        sheet = page.locator(".sheet")
        expect(sheet.locator("code").first).to_have_text(key)
        said = " ".join(sheet.inner_text().split())
        assert fact["name"] in said and fact["value"] in said
        if "range" in fact:
            assert fact["range"] in said
        if kind == "figure":
            for article, paragraph, start, end, token in fact["printed"]:
                assert (
                    f"{paragraph} {start} to {end} “{token}”" in said
                    and known.articles.outlet[article] in said
                )
        if kind == "comparator":
            assert row.source[1:] in said and row.licence in said and f"Grade {row.grade}" in said
            assert not row.url or sheet.locator(f'a[href="{row.url}"]').count() == 1
        if kind == "derived":
            filled = re.sub(
                "[a-z0-9]+(?:-[a-z0-9]+)+",
                lambda m: f"[{facts[m[0]]['value']}]" if m[0] in facts else m[0],
                row.formula,
            )
            assert " ".join(f"= {filled}".split()) in said
            for name, share in zip(fact["inputs"], fact.get("shares", []), strict=False):
                assert facts[name]["name"] in said
                assert f"{share * 100:.{1 if share and share < 0.0995 else 0}f} percent" in said
        if kind in ("check", "claim"):
            signs = sheet.locator(".table").first.locator(".verdict").all_inner_texts()
            checks = row.checks.split() if kind == "claim" else [key]
            assert [sign.split(" ", 1)[1] for sign in signs] == [known.checks.verdict[one] for one in checks]
        leaves = [one for one in known.closure([key]) if one != key and not known.inputs(one)]
        linked = set(sheet.locator("a[data-id]").evaluate_all("all => all.map(one => one.dataset.id)"))
        while more := sheet.locator('li > button:has-text("more")').all():
            more[0].click()
            linked |= set(sheet.locator("a[data-id]").evaluate_all("all => all.map(one => one.dataset.id)"))
        assert set(leaves) <= linked
        for rules, changed in data["others"].items():
            if key in changed and kind in ("figure", "derived"):
                assert f"{rules} {changed[key].get('value', fact['value'])}" in said


@browsed
def test_a_fact_names_the_findings_and_facts_that_rest_on_it(visit, facts, known):
    page = visit("#id=ganzhou-gdp-2021")
    expect(page.locator('.sheet a[href="07_findings.html#one"]')).to_have_text("Finding one")
    resting = [
        key for key in facts if key != "ganzhou-gdp-2021" and "ganzhou-gdp-2021" in known.closure([key])
    ]
    expect(page.locator(".sheet")).to_contain_text(f"{len(resting)} facts rest on it")


@browsed
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_that_keeps_a_reader_out(visit, width, scheme):
    for address in ("", "#id=ganzhou-gdp-cagr-2011-2021", "#id=jian-multiple", "#id=ganzhou-gdp-2021"):
        page = visit(address, width, color_scheme=scheme)
        if width == 390 and not address:
            page.get_by_text("Narrow down").click()
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in found] == [], address


@browsed
def test_the_keyboard_alone_narrows_opens_and_comes_back(visit):
    page = visit()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.get_by_label("comparison").focus()
    page.keyboard.press("Space")
    expect(page.locator(".count")).to_contain_text("160 of")
    expect(page.get_by_label("comparison")).to_be_focused()
    page.get_by_role("region", name="Facts that fit").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet-title")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("tbody th a").first).to_be_focused()
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_contain_text("51 to 100")


@browsed
def test_a_reader_without_scripts_has_a_list_of_the_figures(visit, results):
    page = visit(java_script_enabled=False)
    assert page.locator("main li").count() == len(results["figures"])


@browsed
def test_ten_times_the_facts_are_drawn_and_narrowed_within_a_second(visit, data, known, tmp_path):
    more = dict(data)
    facts = dict(data["facts"])
    ids, rows = facts["ids"], facts["rows"]
    facts["ids"] = [key if not time else f"{key}-{time}" for time in range(10) for key in ids]
    facts["rows"] = [row for _ in range(10) for row in rows]
    more["facts"] = facts
    file = tmp_path / "many.html"
    file.write_text(facts_page.facts_page(more, known), encoding="utf-8")
    page = visit(file=file)
    page.goto("about:blank")
    begun = time.perf_counter()
    page.goto(file.as_uri())
    expect(page.locator(".count")).to_contain_text(f"All {len(ids) * 10:,}")
    took = {"draw": time.perf_counter() - begun}
    begun = time.perf_counter()
    page.get_by_label("Search").fill("livelihood")
    expect(page.locator(".count")).to_contain_text(" of ")
    took["search"] = time.perf_counter() - begun
    print(json.dumps(took))
    assert max(took.values()) < 1, took
    assert page.evaluate("document.querySelectorAll('*').length") < 3000


@pytest.fixture
def claims(visit, known, tmp_path):
    """claims(times): a page with the list of claims, so many times over, and how long it took to draw it."""

    def open_page(times=1):
        found = facts_page.claims_data(known)
        rows = [
            row | {"id": f"{row['id']}-{n}"} if n else row for n in range(times) for row in found["claims"]
        ]
        file = tmp_path / "claims.html"
        styles, scripts = ["tables.css", "facets.css"], ["facets.js", "claims.js"]
        body = '<div id="claims"></div>'
        file.write_text(
            bare_page("facts", "T", "S", body, styles, scripts, {"data": found | {"claims": rows}}),
            encoding="utf-8",
        )
        page = visit(file=file)
        draw = "mountClaims(document.getElementById('claims'), JSON.parse(document.getElementById('data').textContent))"
        took = page.evaluate(
            f"(() => {{ const begun = performance.now(); {draw}; return performance.now() - begun; }})()"
        )
        return page, took

    return open_page


@browsed
def test_every_claim_has_its_verdict_its_plot_and_a_way_to_its_calculation(claims, known):
    page, _ = claims()
    page.get_by_label("in tension").check()
    wanted = known.verdicts[known.verdicts.verdict == "in tension"]
    expect(page.locator(".count")).to_contain_text(f"{len(wanted)} of {len(known.verdicts)} claims")
    rows = page.locator("tbody tr")
    assert rows.locator("th a").first.get_attribute("href") == f"facts.html#id={wanted.index[0]}"
    assert rows.locator("svg").count() == rows.count() == min(len(wanted), 25)
    assert Axe().run(page).response["violations"] == [] and page.said == []


@browsed
def test_ten_times_the_claims_are_drawn_within_a_second(claims):
    page, took = claims(10)
    assert took < 1000, took
    assert page.evaluate("document.querySelectorAll('*').length") < 3000
