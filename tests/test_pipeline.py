"""The whole from a copy of the checkout: same bytes, nothing done twice, bad input never a number."""

import os
import re
import shutil

import pytest
from checkouts import contents, copy, published, run, twin

from helpers import corpus, notebooks, paths
from helpers.corpus import schema
from helpers.corpus.processed import read_checks, read_processed, read_statistics
from helpers.reporting.evidence import Evidence
from helpers.reporting.prose import FORMS
from helpers.running import jobs

pytestmark = pytest.mark.slow


@pytest.fixture
def checkout(built, tmp_path):
    """A copy in which everything is made, to edit."""
    return twin(built, tmp_path / "checkout")


def test_two_places_give_the_same_bytes_with_and_without_texts(built, tmp_path):
    elsewhere = copy(tmp_path)  # without texts
    shutil.rmtree(elsewhere / "data" / "processed")
    run(elsewhere, "build/notebooks/03_growth.ipynb")
    one, two = contents(built), contents(elsewhere)
    assert {
        "data/processed/derived.csv",
        "reports/notebooks/03_growth.ipynb",
        "reports/notebooks/02_cleaning.ipynb",
    } <= two.keys()
    assert [name for name in two if two[name] != one[name]] == []


def test_the_committed_tables_are_those_of_a_rerun(built):
    assert contents(built, "data/processed") == contents(paths.ROOT, "data/processed")


def test_reports_name_no_place_of_the_machine_and_no_time(built):
    for name, content in contents(built).items():
        assert str(built).encode() not in content and str(built.parent).encode() not in content, name
        assert not re.search(rb"20\d\d-\d\d-\d\dT\d\d:\d\d", content), name


def test_every_number_of_every_page_is_in_the_tables_and_leads_to_its_evidence(built):
    processed = built / "data/processed"
    known = Evidence(
        corpus.load(built / "data/raw"),
        figures=read_processed(schema.FIGURES, processed),
        derived=read_processed(schema.DERIVED, processed),
        checks=read_checks(processed),
        coverage=read_processed(schema.COVERAGE, processed),
        statistics=read_statistics(processed, *notebooks.STATISTICS_TABLES),
    )
    found = 0
    for page in [built / "reports" / f"{name}.html" for name in jobs.names()]:
        html = page.read_text(encoding="utf-8")
        for key, shown in re.findall(r'<a class="number" href="#evidence-([^"]+)"[^>]*>([^<]+)</a>', html):
            assert f'id="evidence-{key}"' in html
            kind, row = known.row(key)
            possible = ("value",) if kind in ("check", "claim") else FORMS
            forms = {getattr(known, form)(key) for form in possible if form != "period" or "period" in row}
            if kind in ("check", "claim"):
                forms.add(known.fact(key)["name"].replace("'", "’"))
            # in a table the unit may stand in the head
            whole = re.compile(re.escape(shown) + r"( [a-z][^0-9]*)?")
            assert any(whole.fullmatch(form) for form in forms), (page.name, key, shown, forms)
            found += 1
    assert found > 500


def test_nothing_is_done_twice_and_what_was_spoilt_by_hand_is_mended(checkout):
    before = contents(checkout)
    (checkout / "data/processed/figures.csv").write_text("edited,by,hand\n", encoding="utf-8")
    (checkout / "data/processed/derived.csv").unlink()
    shutil.rmtree(checkout / "reports" / "notebooks")
    assert "Nothing to be done" in run(checkout)
    assert contents(checkout) == before


def planned(checkout) -> set[str]:
    """The rules of which a dry run says that they are to be run."""
    said = run(checkout, options=["--dry-run"])
    return set(re.findall(r"^(\w+) +\d+$", said, re.MULTILINE)) - {"all", "total"}


def test_only_what_an_edit_touches_is_done_again(checkout):
    book = checkout / "notebooks" / "07_findings.ipynb"
    text = book.read_text(encoding="utf-8")
    book.write_text(text.replace("What can be concluded", "What can be said"), encoding="utf-8")
    assert planned(checkout) == {"07_findings", "export", "book", "front_page"}
    before = published(checkout)
    run(checkout, "build/reports/01_transcription.html", "build/reports/07_findings.html")
    after = published(checkout)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == {
        "reports/07_findings.html",
        "reports/07_findings.pdf",
        "reports/notebooks/07_findings.ipynb",
    }


def test_an_edit_of_any_module_that_is_called_is_noticed(checkout):
    def after_edit(module: str) -> set[str]:
        file = checkout / "src" / "helpers" / module
        text = file.read_text(encoding="utf-8")
        file.write_text(f"{text}# edited\n", encoding="utf-8")
        found = planned(checkout)
        file.write_text(text, encoding="utf-8")
        return found

    pages = {"export", "book", "front_page"}
    assert after_edit("transcribing/proposals.py") == {*notebooks.NOTEBOOKS, "profile", *pages}
    assert after_edit(jobs._PAGES[0]) == pages
    assert after_edit(jobs._FRONT[0]) == {"front_page"}
    assert after_edit("__main__.py") == after_edit("running/runs.py") == set()


def test_what_is_missing_from_the_build_folder_is_made_again(checkout):
    (checkout / "build/reports/data/mutants.csv").unlink()
    assert planned(checkout) == {"front_page"}
    (checkout / "build/processed/check_statistics.csv").unlink()  # no page is made of it without a notebook
    assert {"04_consistency", "07_findings"} <= planned(checkout)


def test_an_intermediate_that_was_changed_by_hand_is_made_again(checkout):
    before = contents(checkout)
    for name, old, new in [
        ("figures.csv", b"416900000000", b"461900000000"),
        ("checks.csv", b"in tension", b"consistent"),
    ]:
        file = checkout / "build/processed" / name
        file.write_bytes(file.read_bytes().replace(old, new))
    os.utime(file, (0, 0))  # the one is younger now than what was made of it, the other older
    said = run(checkout, "build/notebooks/02_cleaning.ipynb")
    assert "made again: build/processed/figures.csv, build/processed/checks.csv" in said
    assert (
        contents(checkout, "build/processed")["build/processed/figures.csv"]
        == before["build/processed/figures.csv"]
    )
    assert contents(checkout, "data/processed") == contents(paths.ROOT, "data/processed")
    assert {"04_consistency", "07_findings", "profile", "export", "book", "front_page"} <= planned(checkout)


def test_content_decides_what_is_done_again_and_no_date(checkout):
    sheet = checkout / "data/raw/transcription/cns-2022-ganzhou.csv"
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(text.replace("of the jointly started list", "of the list as edited"), encoding="utf-8")
    os.utime(sheet, (0, 0))  # as `cp -p` and `rsync -a` leave it
    assert {"01_transcription", "02_cleaning"} <= planned(checkout)
    sheet.write_text(text, encoding="utf-8")
    for file in [*jobs.exporters(), *checkout.glob("notebooks/*.ipynb"), *checkout.glob("build/*/*")]:
        (checkout / file.relative_to(paths.ROOT) if file.is_relative_to(paths.ROOT) else file).touch()
    assert planned(checkout) == set()


def test_bad_input_stops_the_run_says_where_and_leaves_the_last_good_tables(checkout, edit, line_of):
    targets = ["build/notebooks/02_cleaning.ipynb", "build/reports/02_cleaning.html"]
    before = published(checkout)
    sheet = checkout / "data/raw/transcription/thepaper-2022-gannan.csv"
    line = line_of(sheet, "figure_id", "ganzhou-gdp-2021")
    edit(sheet, line, "unit", "")
    said = run(checkout, *targets, status=1)
    assert f"thepaper-2022-gannan.csv:{line}: unit is empty; a figure needs a unit" in said
    assert published(checkout) == before
    edit(sheet, line, "unit", "yuan")
    run(checkout, *targets)
    assert published(checkout) == before
    assert not (checkout / "reports/failed/02_cleaning.ipynb").exists()
