"""The strict step around papermill."""

import os
import subprocess
import sys

import nbformat
import pytest

from helpers import paths
from helpers.running import jobs, records, runs

pytestmark = pytest.mark.slow


def book(path, *sources, tag="parameters"):
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook.cells[0].metadata["tags"] = [tag]
    nbformat.write(notebook, path)
    return path


def test_chinese_parameters_arrive_and_are_shown_as_typed(tmp_path):
    source = book(tmp_path / "a.ipynb", 'place = ""', "print(place)")
    output = runs.run(
        source, tmp_path / "out" / "a.ipynb", {"place": '赣州 "quoted" \\ it\'s'}, tmp_path / "failed"
    )
    notebook = nbformat.read(output, as_version=4)
    assert notebook.cells[-1].outputs[0].text == '赣州 "quoted" \\ it\'s\n'
    assert "赣州" in notebook.cells[1].source


def test_two_runs_give_the_same_bytes(tmp_path):
    source = book(tmp_path / "a.ipynb", "x = 1", "import sys\nprint(x); print('no' + 'ise', file=sys.stderr)")
    first = runs.run(source, tmp_path / "one" / "a.ipynb", {"x": "2"}, tmp_path / "failed").read_bytes()
    second = runs.run(
        source, tmp_path / "two" / "deeper" / "a.ipynb", {"x": "2"}, tmp_path / "failed"
    ).read_bytes()
    assert first == second
    assert b"noise" not in first and str(tmp_path).encode() not in first


@pytest.mark.parametrize(
    ("sources", "tag", "parameters", "message"),
    [
        (["x = 1"], "parameters", {"y": "1"}, "does not declare y; its parameters are: x"),
        (["x = 1"], "other", {}, "no cell is tagged parameters"),
        (
            ["x = 1", "raise ValueError('broken')"],
            "parameters",
            {},
            r"cell 2 \(raise ValueError\('broken'\)\) failed: ValueError: broken",
        ),
    ],
)
def test_what_papermill_lets_pass_is_an_error(tmp_path, sources, tag, parameters, message):
    source = book(tmp_path / "a.ipynb", *sources, tag=tag)
    output = tmp_path / "out.ipynb"
    output.write_text("the last good one")
    with pytest.raises(runs.RunError, match=message):
        runs.run(source, output, parameters, tmp_path / "failed")
    assert output.read_text() == "the last good one"
    assert list(tmp_path.glob(".out*")) == []


def test_a_failed_run_is_kept_aside_and_cleared_by_the_next_good_one(tmp_path):
    failed = tmp_path / "failed"
    source = book(tmp_path / "a.ipynb", "x = 0", "1 / x")
    with pytest.raises(runs.RunError, match="ZeroDivisionError"):
        runs.run(source, tmp_path / "out.ipynb", {}, failed)
    kept = nbformat.read(failed / "out.ipynb", as_version=4)
    assert any(o.output_type == "error" for cell in kept.cells for o in cell.get("outputs", []))
    runs.run(source, tmp_path / "out.ipynb", {"x": 1}, failed)
    assert not (failed / "out.ipynb").exists()


def test_a_run_during_which_an_input_is_edited_does_not_count(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RAW", tmp_path / "raw")
    (tmp_path / "raw").mkdir()
    for change in ("write_text('edited')", "unlink()"):
        source = book(
            tmp_path / "a.ipynb",
            f"x = {str(tmp_path)!r}",
            f"import pathlib\n(pathlib.Path(x) / 'raw' / 'claims.csv').{change}",
        )
        with pytest.raises(records.Edited, match="claims.csv was edited meanwhile; run it again"):
            runs.run(source, tmp_path / "out.ipynb", {}, tmp_path / "failed")
        assert not (tmp_path / "out.ipynb").exists()


def test_what_was_edited_since_the_run_began_does_not_count_and_what_was_only_touched_does(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(paths, "RAW", tmp_path / "raw")
    (tmp_path / "raw").mkdir()
    sheet, source = tmp_path / "raw" / "claims.csv", book(tmp_path / "a.ipynb", "x = 1")
    sheet.write_text("as it was")
    planned = records.summed(records.digests(jobs.sources(source)))
    sheet.touch()
    runs.run(source, tmp_path / "one.ipynb", {}, tmp_path / "failed", planned)
    sheet.write_text("edited")
    os.utime(sheet, (0, 0))  # as rsync and cp -p leave it
    with pytest.raises(records.Edited, match="an input was edited since the run began; run it again"):
        runs.run(source, tmp_path / "two.ipynb", {}, tmp_path / "failed", planned)
    assert not (tmp_path / "two.ipynb").exists()


def test_a_notebook_that_is_none_is_refused(tmp_path):
    for name, text in {"a.ipynb": "not json", "empty.ipynb": "", "list.ipynb": "[]"}.items():
        (tmp_path / name).write_text(text)
    for name in ("a.ipynb", "empty.ipynb", "list.ipynb", "missing.ipynb"):
        with pytest.raises(runs.RunError, match="cannot be read as a notebook"):
            runs.run(tmp_path / name, tmp_path / "o.ipynb", {}, tmp_path / "failed")


def test_settings_of_plots_beside_the_notebook_are_refused(tmp_path):
    source = book(tmp_path / "a.ipynb", "x = 1")
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 17\n")
    with pytest.raises(runs.RunError, match="matplotlibrc: would change the plots; take it away"):
        runs.run(source, tmp_path / "o.ipynb", {}, tmp_path / "failed")


def test_the_command_says_why_and_returns_one(tmp_path, capsys):
    source = book(tmp_path / "a.ipynb", "x = 1")
    assert runs.main([str(source), str(tmp_path / "o.ipynb"), "y=1"]) == 1
    assert "does not declare y" in capsys.readouterr().err


@pytest.mark.parametrize("pairs", [["x=1", "x=2"], ["x"]])
def test_each_parameter_is_named_once_with_a_value(tmp_path, capsys, pairs):
    with pytest.raises(SystemExit, match="2"):
        runs.main([str(book(tmp_path / "a.ipynb", "x = 1")), str(tmp_path / "o.ipynb"), *pairs])
    assert "parameters are given as name=value, each name once" in capsys.readouterr().err


def test_a_notebook_that_can_show_a_view_is_run_without_it_whatever_is_asked_for(tmp_path):
    source = book(tmp_path / "a.ipynb", 'edit = "bench-2022"', "print(repr(edit))")
    for parameters in ({}, {"edit": "bench-2022"}):
        output = runs.run(source, tmp_path / "o.ipynb", parameters, tmp_path / "failed")
        assert nbformat.read(output, as_version=4).cells[-1].outputs[0].text == "''\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import helpers, helpers.running.runs", "unknown False"),
        ("from helpers.running import runs; runs.main(['missing.ipynb', 'o.ipynb'])", "None True"),
        ("from helpers.running import exports; exports.main(['missing', '01_transcription'])", "None True"),
    ],
)
def test_only_a_command_spares_the_grammar_of_addresses_and_before_it_imports_nbformat(tmp_path, code, said):
    code += "; import sys; print(sys.modules.get('rfc3987_syntax', 'unknown'), 'nbformat' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert shown.stdout.strip() == said, shown.stderr
