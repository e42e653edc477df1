"""Pages as a run makes them: what is refused, and that a page says what its notebook says."""

import nbformat
import pytest
from checkouts import twin

from helpers import paths
from helpers.reporting import fonts, pages
from helpers.running import exports


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("03_growth", None, "No such file or directory"),
        ("03_growth", b"", "cannot be read as a notebook"),
        ("03_growth", b'{"cells": [', "cannot be read as a notebook"),
        ("03_growth", b"[]", "cannot be read as a notebook"),
        ("03_growth", b"\xff\xfe", "cannot be read as a notebook"),
        ("03_growth", b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "no heading of level 1"),
        (None, None, "01_transcription.ipynb: No such file or directory"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused_in_one_line(tmp_path, capsys, name, content, why):
    (tmp_path / "notebooks").mkdir()
    if content is not None:
        (tmp_path / "notebooks" / f"{name}.ipynb").write_bytes(content)
    assert exports.main([str(tmp_path), *([name] if name else [])]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{name or 'The front page'}: ") and why in said and said.count("\n") == 1


def test_a_command_without_a_folder_says_how_it_is_used(capsys):
    with pytest.raises(SystemExit, match="2"):
        exports.main([])
    assert "usage: python -m helpers.running.exports" in capsys.readouterr().err


def notebook(title: str, text: str = "Text."):
    cells = [nbformat.v4.new_markdown_cell(f"# {title}"), nbformat.v4.new_markdown_cell(text)]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_page_and_its_pdf_are_written_together_or_not_at_all(tmp_path, capsys):
    (tmp_path / "notebooks").mkdir()
    file = tmp_path / "notebooks" / "a.ipynb"
    nbformat.write(notebook("Ganzhou (赣州)", "In 2021."), file)
    assert exports.main([str(tmp_path), "a"]) == 0
    made = {name: (tmp_path / "reports" / name).read_bytes() for name in ("a.html", "a.pdf")}
    assert "<h1>Ganzhou (赣州)</h1>".encode() in made["a.html"] and b"In 2021." in made["a.html"]
    assert made["a.pdf"].startswith(b"%PDF")
    nbformat.write(notebook("Other", "[a link](#evidence-nowhere)"), file)  # which the PDF refuses
    assert exports.main([str(tmp_path), "a"]) == 1
    assert "evidence-nowhere" in capsys.readouterr().err
    assert {name: (tmp_path / "reports" / name).read_bytes() for name in made} == made


def test_a_character_that_pandoc_loses_is_an_error_and_one_of_the_text_is_not(monkeypatch):
    assert "a\ufffdb" in pages.to_html(notebook("Title", "a\ufffdb"))
    convert = pages.pypandoc.convert_text
    monkeypatch.setattr(
        pages.pypandoc, "convert_text", lambda *a, **k: convert(*a, **k).replace("赣", "\ufffd")
    )
    with pytest.raises(pages.ReportError, match="pandoc lost a character of the html5 page"):
        pages.to_html(notebook("Ganzhou (赣州)"))


def test_the_font_of_a_page_has_the_glyphs_of_its_text_and_no_others():
    assert fonts.missing_glyphs("Ganzhou 赣州 𠮷") == "𠮷" and fonts.font_face("Ganzhou") == ""
    one, two = fonts.font_face("赣"), fonts.font_face("赣州赣")
    assert one == fonts.font_face("A 赣, 赣") and "unicode-range: U+8D63;" in one and "U+5DDE, U+8D63;" in two
    assert len(one) < len(two) < 20_000


@pytest.fixture
def checkout(built, tmp_path, monkeypatch):
    """A copy in which everything is made, as the checkout that a command works on."""
    made = twin(built, tmp_path / "checkout")
    monkeypatch.setattr(paths, "RAW", made / "data/raw")
    return made


@pytest.mark.slow
def test_the_front_page_refuses_a_damaged_table_in_one_line_and_stays_as_it_was(checkout, capsys):
    build = checkout / "build"
    assert exports.main([str(build)]) == 0
    before = (build / "reports/index.html").read_bytes()
    assert before == (checkout / "reports/index.html").read_bytes()
    for name, damage, why in [
        ("coverage.csv", lambda octets: octets[: len(octets) // 2], "coverage.csv:"),
        ("coverage.csv", lambda octets: octets.replace(b"why_not", b"why", 1), "coverage.csv:1: header is "),
        ("mutants.csv", lambda octets: octets.replace(b"stands", b"st\xffnds", 1), "mutants.csv:"),
        ("numerals.csv", lambda octets: b"", "numerals.csv:1: header is "),
    ]:
        whole = (build / "processed" / name).read_bytes()
        (build / "processed" / name).write_bytes(damage(whole))
        assert exports.main([str(build)]) == 1
        said = capsys.readouterr().err
        assert said.startswith("The front page: ") and why in said and "Traceback" not in said
        (build / "processed" / name).write_bytes(whole)
        assert (build / "reports/index.html").read_bytes() == before
