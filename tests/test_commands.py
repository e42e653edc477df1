"""`python -m helpers …` on the small corpus: what it prints and returns."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import __main__ as commands
from helpers import paths
from helpers.checking.coverage import check_tallies
from helpers.corpus import schema
from helpers.corpus.files import write_table
from helpers.corpus.tallies import statistics_table, tally
from helpers.deriving.cleaning import figure_tallies
from helpers.deriving.measures import MEASURES
from helpers.transcribing.agreement import numeral_tallies

ARTICLE, OTHER = "daily-2022-harbour", "gazette-2023-quay"
SHEET = f"transcription/{ARTICLE}.csv"


@pytest.fixture
def elsewhere(small, tmp_path, monkeypatch):
    """The commands work on a copy of the small corpus, with a folder of notebooks that is empty."""
    monkeypatch.setattr(paths, "RAW", small)
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "notebooks")
    paths.NOTEBOOKS.mkdir()
    return small


@pytest.fixture
def processed(elsewhere, small_results, tmp_path, monkeypatch):
    """What the notebooks would have written of the small corpus."""
    folder = tmp_path / "processed"
    monkeypatch.setattr(paths, "PROCESSED", folder)
    made = small_results
    for table, frame in [
        (schema.FIGURES, made.figures),
        (schema.DERIVED, made.derived),
        (schema.COVERAGE, made.coverage),
        (schema.CHECKS, made.checks[schema.CHECKS.columns]),
        (schema.CHECK_READINGS, made.checks[schema.CHECK_READINGS.columns]),
    ]:
        write_table(frame, folder / f"{table.name}.csv")
    for name, rows in [
        ("transcription", numeral_tallies(made.corpus.numerals)),
        ("cleaning", figure_tallies(made.figures)),
        ("check", check_tallies(made.checks, made.coverage)),
        ("growth", [tally("differential-pairs", "pairs of places compared", 1, "pairs listed")]),
        ("sensitivity", [tally("sensitivity-claims", "claims", 1, "claims")]),
    ]:
        write_table(statistics_table(rows), folder / f"{name}_statistics.csv")
    return folder


# -- check ---------------------------------------------------------------------------------------------


def test_check_says_that_all_is_valid(capsys, elsewhere):
    assert commands.main(["check"]) == commands.main(["check", "--strict"]) == 0
    said = capsys.readouterr().out
    assert "28 figures, 25 derived quantities, 13 claims: all tables are valid." in said
    assert "In no claim" not in said and "left out" not in said
    assert any(line.split() == [ARTICLE, "22", "50", "5", "verified"] for line in said.splitlines())


@pytest.mark.corpus
def test_check_says_that_the_real_tables_are_valid(capsys):
    assert commands.main(["check", "--strict"]) == 0
    assert "all tables are valid" in capsys.readouterr().out


def test_a_command_works_as_a_process_of_its_own():
    done = subprocess.run(
        [sys.executable, "-m", "helpers", "measures"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0 and done.stdout.startswith("amount_of_constant_growth(") and not done.stderr


def test_check_names_the_figures_of_which_nobody_has_said_why_no_claim_has_them(capsys, elsewhere):
    file = elsewhere / "untested.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text(
        "".join(row for row in lines if not row.startswith(("berth-fee", "salt-sold"))), encoding="utf-8"
    )
    assert commands.main(["check"]) == 0
    assert "no reason given in untested.csv: salt-sold, berth-fee" in capsys.readouterr().out


def test_check_says_what_is_left_out_and_which_notebooks_need_it(capsys, elsewhere, edit):
    edit(elsewhere / SHEET, 2, "note", "proposed")
    (paths.NOTEBOOKS / "04_growth.ipynb").write_text(
        '"{{lanmouth-share-of-three}}, {{bridges-sum}}"', encoding="utf-8"
    )
    (paths.NOTEBOOKS / "05_other.ipynb").write_text('"{{bridges-sum}}"', encoding="utf-8")
    assert commands.main(["check"]) == 0
    said = capsys.readouterr().out
    assert f"{ARTICLE} is left out of the results: 1 of 22 numerals are proposals" in said
    assert (
        "notebooks/04_growth.ipynb cannot run: it names lanmouth-share-of-three, on an unfinished sheet\n"
        in said
    )
    assert "05_other" not in said and f"{OTHER} is left out" not in said
    assert commands.main(["check", "--strict"]) == 1


@pytest.mark.parametrize("command", ["check", "fingerprint"])
def test_faults_are_printed_and_counted(capsys, elsewhere, edit, command):
    edit(elsewhere / "articles.csv", 2, "sha256", "abc")
    assert commands.main([command]) == 1
    out, said = capsys.readouterr()
    assert "articles.csv:2: sha256 is 'abc'; it must be 64 hexadecimal digits\n1 fault\n" in said and not out


def test_check_says_all_faults_of_tables_that_stand_by_themselves(capsys, elsewhere, edit):
    edit(elsewhere / "corrections.csv", 2, "reason", "")
    edit(elsewhere / "constants.csv", 2, "value", "x")
    edit(elsewhere / f"second_transcription/{ARTICLE}.csv", 2, "value", "x")
    assert commands.main(["check"]) == 1
    said = capsys.readouterr().err
    for place in (
        "corrections.csv:2: reason is empty",
        "constants.csv:2: value is 'x'",
        f"{ARTICLE}.csv:2: value",
    ):
        assert place in said
    assert said.endswith("3 faults\n")


@pytest.mark.parametrize(
    ("file", "column", "said"),
    [
        (
            "corrections.csv",
            "expect",
            "corrections.csv:2: expect is 'gone'; it must be what is printed now, 'acre'",
        ),
        ("derivations.csv", "measure", "derivations.csv:2: measure is 'gone'; it must be one of those in"),
        ("claims.csv", "check_id", ""),
    ],
)
def test_check_looks_at_what_is_made_of_the_tables_too(capsys, elsewhere, edit, file, column, said):
    edit(elsewhere / file, 2, column, "gone")
    assert commands.main(["check"]) == (1 if said else 0)
    assert said in capsys.readouterr().err


def test_check_names_a_disagreement_that_nobody_settled(capsys, elsewhere, edit):
    edit(elsewhere / f"second_transcription/{ARTICLE}.csv", 4, "status", "plan")
    assert commands.main(["check"]) == 1
    out, said = capsys.readouterr()
    assert (
        "status is 'plan'; it must be outcome, as in the sheet, or settled.csv" in said
        and "1 fault\n" in said
    )
    assert "all tables are valid" not in out


def test_check_says_that_a_second_transcription_waits_for_its_sheet(capsys, elsewhere, edit):
    edit(elsewhere / SHEET, 2, "note", "proposed")
    assert commands.main(["check"]) == 0
    said = capsys.readouterr().out
    assert "its second transcription says nothing of agreement until then" in said
    edit(elsewhere / SHEET, 2, "note", "")
    edit(elsewhere / f"transcription/{OTHER}.csv", 2, "note", "proposed")
    assert commands.main(["check"]) == 0 and "second transcription" not in capsys.readouterr().out


def test_show_refuses_tables_that_are_not_what_the_raw_ones_give(capsys, elsewhere, processed, edit):
    for file, line, column, value in [
        (paths.PROCESSED / "figures.csv", 2, "note", "by hand"),
        (elsewhere / "constants.csv", 2, "note", "a remark"),  # which changes no number
    ]:
        before = file.read_bytes()
        edit(file, line, column, value)
        status = commands.main(["show", "lanmouth-gdp-2021"])
        said = capsys.readouterr().err
        if file.parent == paths.PROCESSED:
            assert (
                status == 1
                and "figures.csv:2: row is" in said
                and "it must be what data/raw gives now" in said
            )
        else:
            assert status == 0
        file.write_bytes(before)
    edit(elsewhere / "constants.csv", 2, "value", "0.6")
    edit(elsewhere / "constants.csv", 2, "high", "0.6")
    assert commands.main(["show", "salt-sold-tonnes"]) == 1
    assert "derived.csv:" in capsys.readouterr().err


# -- draft ---------------------------------------------------------------------------------------------


def test_a_draft_says_what_it_made_and_check_what_is_left_to_do(capsys, elsewhere, tmp_path):
    text = tmp_path / "harbour.txt"
    text.write_text("In 2021 Lanmouth built 358 ships, twice as many.\n", encoding="utf-8")
    assert commands.main(["draft", str(text), "--article", "harbour-2022", "--outlet", "Harbour Daily"]) == 0
    said = capsys.readouterr().out
    assert "harbour-2022.csv: 3 numerals (2 figure, 1 date), all of them proposals" in said
    assert "its record still lacks title, date, machine_translated" in said
    assert commands.main(["check"]) == 0
    said = capsys.readouterr().out
    assert (
        "harbour-2022 is left out of the results: 3 of 3 numerals are proposals; articles.csv lacks title"
        in said
    )
    assert "28 figures" in said
    assert commands.main(["check", "--strict"]) == 1


def test_a_draft_of_what_is_no_text_ends_with_the_reason(capsys, elsewhere, tmp_path):
    before = {file: file.read_bytes() for file in elsewhere.rglob("*") if file.is_file()}
    assert commands.main(["draft", str(tmp_path / "none.txt"), "--article", "harbour-2022"]) == 1
    assert "none.txt:1: file is missing; a file is needed here" in capsys.readouterr().err
    assert {file: file.read_bytes() for file in elsewhere.rglob("*") if file.is_file()} == before


# -- show ----------------------------------------------------------------------------------------------


def test_show_goes_down_to_the_numerals(capsys, processed):
    assert commands.main(["show", "lanmouth-gdp-2011-implied"]) == 0
    said = capsys.readouterr().out
    assert "implied base = lanmouth-gdp-2021 / lanmouth-gdp-multiple" in said
    assert "printed “41.69” in Harbour Daily, paragraph 2" in said


def test_show_prints_the_sentence_where_the_text_is_at_hand(capsys, processed, elsewhere):
    commands.main(["show", "sandwick-gdp-2021"])
    assert "reached 41.69, [25.3] and 18.0 billion yuan" in capsys.readouterr().out
    (elsewhere / "articles" / f"{ARTICLE}.txt").unlink()
    assert commands.main(["show", "sandwick-gdp-2021"]) == 0
    assert "[25.3]" not in capsys.readouterr().out


def test_an_unknown_id_names_its_neighbours_and_returns_one(capsys, processed):
    assert commands.main(["show", "lanmouth-gdp-2012"]) == 1
    said = capsys.readouterr().err
    assert "near to it: " in said and "lanmouth-gdp-2021" in said


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("value", ""),
        ("low", "inf"),
        ("value", "x"),
        ("entity", "gone"),
        ("indicator", ""),
        ("article", "gone"),
    ]
    + [("start", ""), ("start", "99999"), ("start", "-5"), ("end", "5.5"), ("paragraph", "9" * 400)]
    + [("figure_id", "gdp-norland-2012")],
)
def test_a_processed_table_that_is_damaged_is_said_in_one_line(
    capsys, processed, edit, line_of, column, value
):
    file = processed / "figures.csv"
    edit(file, line_of(file, "figure_id", "lanmouth-gdp-2021"), column, value)
    assert commands.main(["show", "lanmouth-gdp-2021"]) == 1
    out, said = capsys.readouterr()
    assert not out and ("figures.csv:" in said or "`make report`" in said) and len(said.splitlines()) <= 2


@pytest.mark.parametrize("what", [Path.touch, lambda file: file.symlink_to("gone"), lambda file: None])
@pytest.mark.parametrize("folder", ["small", "small/transcription", "processed"])
@pytest.mark.parametrize("command", [["check"], ["show", "lanmouth-gdp-2021"], ["fingerprint"]])
def test_a_folder_that_is_none_is_said(capsys, processed, tmp_path, folder, what, command):
    shutil.rmtree(tmp_path / folder)
    what(tmp_path / folder)
    needed = folder == "small" or (command[0], folder) in [
        ("check", "small/transcription"), ("show", "small/transcription"), ("show", "processed")
    ]  # fmt: skip
    assert commands.main(command) == needed
    assert bool(capsys.readouterr().err) == needed


# -- the others ----------------------------------------------------------------------------------------


def test_what_is_read_of_the_texts_anew_is_the_same(capsys, elsewhere):
    files = [elsewhere / "fingerprints.csv", *sorted((elsewhere / "machine_transcription").iterdir())]
    before = {file: file.read_bytes() for file in files}
    for file in files:
        file.unlink()
    assert commands.main(["fingerprint"]) == 0
    assert {file: file.read_bytes() for file in files} == before
    assert capsys.readouterr().out.split() == list(map(str, files))
    (elsewhere / "articles" / f"{OTHER}.txt").unlink()  # what is not at hand keeps what was read of it
    assert commands.main(["fingerprint"]) == 0 and {file: file.read_bytes() for file in files} == before


@pytest.mark.parametrize(
    ("output", "status", "said"),
    [(">&-", 0, ""), (">/dev/full", 1, "No space left on device"), ("| head -c 0", 0, "")],
)
def test_output_that_goes_nowhere_ends_without_a_traceback(output, status, said):
    command = f"{sys.executable} -m helpers measures {output}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.returncode == status and said in done.stderr and len(done.stderr.splitlines()) <= 1


def test_every_measure_is_explained(capsys):
    assert commands.main(["measures"]) == 0
    said = capsys.readouterr().out
    assert all(f"{name}(" in said and measure.meaning in said for name, measure in MEASURES.items())


def test_help_is_for_people(capsys):
    with pytest.raises(SystemExit) as ended:
        commands.main(["--help"])
    assert ended.value.code == 0 and "Validate every raw table" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["draft", "check", "show", "measures", "fingerprint", "codebook"])
def test_every_command_has_help(capsys, command):
    with pytest.raises(SystemExit) as ended:
        commands.main([command, "--help"])
    assert ended.value.code == 0 and f"helpers {command}" in capsys.readouterr().out
