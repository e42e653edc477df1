"""Tables for readers and for machines: what is written, and what a message says of a word that is near."""

import csv
import io
import os
import re
import stat
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.corpus.faults import near
from helpers.corpus.files import (
    NotWritten,
    csv_bytes,
    harmless_csv,
    read_cells,
    replace_file,
    replace_files,
    with_row,
    write_table,
)
from helpers.corpus.tallies import Statistic, statistics_table, tally
from helpers.vocabulary import DECIMAL


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-3.5", "-3.5"),  # a number
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),  # full width, which some spreadsheets read alike
        ("－1", "'－1"),
        ("\t=1", " '=1"),
        ("a\r=1", "a =1"),  # a lone CR ends a row for some
        ("a; =1", "a; '=1"),  # and a semicolon a cell
        ('a;"=1"', 'a;"\'=1"'),
        ("growth; -3 percent", "growth; '-3 percent"),
        ("one\u2028two\x85three", "one two three"),
        ("Lanmouth", "Lanmouth"),
        ("", ""),
        (1 / 3, "0.3333333333"),
        (float("nan"), ""),
        (-2.0, "-2"),
    ],
)
def test_no_cell_for_download_is_a_formula(cell, written):
    text = harmless_csv(pd.DataFrame({"a": [cell], "b": ["x"]}))
    assert list(csv.reader(io.StringIO(text)))[1] == [written, "x"]


FORMULA = re.compile("[=+@＝＋－＠-]")
TRICKY = st.text(st.sampled_from("=+-@＝＋－＠;,\"'| \t\r\n\v\f\x1c\x85\u2028\u20291a"), max_size=20)


ENDS = {"LF": "\n", "CR": r"\r\n?|\n", "all": r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]"}


@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS)
@given(st.lists(st.text(max_size=20) | TRICKY, min_size=1, max_size=5))
def test_whatever_a_cell_holds_and_whoever_reads_it_none_begins_as_a_formula(ends, cells):
    """Whatever ends a row to a reader, and where it takes a semicolon or a tab for the end of a cell."""
    text = harmless_csv(pd.DataFrame({"a": cells, "b": cells, f"{cells[0]} ": "y"}))
    lines = re.split(ends, text.removesuffix("\n"))
    assert len(lines) == len(cells) + 1
    rows = [row for delimiter in ",;\t" for row in csv.reader(lines, delimiter=delimiter)]
    for cell in [cell for row in rows for cell in row]:
        assert not FORMULA.match(cell.lstrip()) or DECIMAL.fullmatch(cell.partition(",")[0]), (cell, text)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (416_900_000_000.0, "416900000000"),
        (0.32, "0.32"),
        (0.1 + 0.2, "0.30000000000000004"),  # whatever it is, reading it back gives the same number
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        (2.0**53, "9007199254740992"),
        (float("nan"), ""),
        (float("inf"), ""),  # an open end
        (-float("inf"), ""),
    ],
)
def test_numbers_are_written_out(number, written):
    assert csv_bytes(pd.DataFrame({"n": [number], "b": "x"})).decode() == f"n,b\n{written},x\n"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_that_is_read_back_is_the_same(number):
    assert (
        float(csv_bytes(pd.DataFrame({"n": [number], "b": "x"})).decode().split("\n")[1].split(",")[0])
        == number
    )


WRITTEN = st.characters(exclude_categories=["C"], exclude_characters="\ufffd")  # what a cell may hold


@given(st.lists(st.tuples(*[st.text(WRITTEN, max_size=9)] * 2), min_size=1))
def test_a_table_that_is_read_back_is_the_same(tmp_path_factory, rows):
    rows.append(("the last", "row"))  # empty ones at the end are passed over, and between others refused
    table = pd.DataFrame([row for row in rows if "".join(row).strip()], columns=["one", "two"], dtype="str")
    file = write_table(table, tmp_path_factory.mktemp("table") / "folder" / "t.csv")
    assert read_cells(file, ["one", "two"]).reset_index(drop=True).equals(table)


@pytest.mark.parametrize("before", [b"a,b\n1,2\n", b"a,b\r\n1,2\r\n", b"\xef\xbb\xbfa,b\n1,2"])
def test_a_row_is_added_and_no_byte_before_it_changed(tmp_path, before):
    file = tmp_path / "t.csv"
    file.write_bytes(before)
    file.write_bytes(with_row(before, ["x, y", '"z"']))
    end = b"\r\n" if b"\r\n" in before else b"\n"
    assert file.read_bytes() == before + end * (not before.endswith(b"\n")) + b'"x, y","""z"""' + end
    assert read_cells(file, ["a", "b"]).values.tolist() == [["1", "2"], ["x, y", '"z"']]


def contents(folder):
    """What lies in a folder, by name."""
    return {file.name: file.read_bytes() if file.is_file() else None for file in folder.iterdir()}


def test_several_files_take_their_places_together(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    replace_files({tmp_path / "a": b"new", tmp_path / "folder" / "b": b"first"})
    assert contents(tmp_path) == {"a": b"new", "folder": None}
    assert contents(tmp_path / "folder") == {"b": b"first"}


@pytest.mark.parametrize("what", ["a folder in the place", "a file for a folder"])
def test_where_one_file_cannot_be_written_none_is(tmp_path, what):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "inside").touch()
    last = tmp_path / "c" if what.startswith("a folder") else tmp_path / "a" / "d"
    before = contents(tmp_path)
    with pytest.raises(NotWritten, match="nothing is written of .*a"):
        replace_files({tmp_path / "a": b"new", tmp_path / "b": b"first", last: b"x"})
    assert contents(tmp_path) == before


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("renamed", range(3))
def test_what_took_its_place_before_a_fault_is_put_back(tmp_path, monkeypatch, renamed, error):
    """The disk may be full, or the reader of the terminal impatient, at any moment."""
    (tmp_path / "a").write_bytes(b"old")
    rename, places = os.replace, [tmp_path / "a", tmp_path / "b", tmp_path / "c"]

    def fail(old, new):
        if Path(new) == places[renamed] and Path(old).read_bytes() == b"new":
            raise error
        rename(old, new)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(NotWritten if isinstance(error, OSError) else KeyboardInterrupt):
        replace_files(dict.fromkeys(places, b"new"))
    assert contents(tmp_path) == {"a": b"old"}


def test_statistics_have_ten_digits_everywhere():
    table = statistics_table(
        [Statistic("vintages-a", "A", 1 / 3, 0.1 + 0.2, 1e12 / 7, "", "f"), tally("claims-b", "B", 7, "g")]
    )
    assert table.loc[0, ["value", "low", "high"]].tolist() == [0.3333333333, 0.3, 142857142900.0]
    assert table.loc[1, ["value", "low", "high", "unit", "qualifier"]].tolist() == [7, 7, 7, "", ""]


@pytest.mark.parametrize("ids", [["claims-a", "tests-b"], ["claims"], ["claims-a", "claims-a"]])
def test_an_id_of_a_statistic_that_another_table_may_have_is_refused(ids):
    with pytest.raises(ValueError, match="PREFIXES, each once"):
        statistics_table([tally(key, "A", 7, "g") for key in ids])


def test_a_misspelt_id_is_answered_with_its_neighbours():
    known = {"lanmouth-gdp-2021", "fenby-gdp-2021", "harbour-workers"}
    assert near("lanmouth-gpd-2021", known, "an id") == "an id; near to it: lanmouth-gdp-2021"
    assert near(" Harbour-Worker", known, "an id") == "an id; near to it: harbour-workers"
    assert near("nothing-like-it", known, "an id") == "an id"


@pytest.mark.skipif(os.name != "posix", reason="needs the permissions of POSIX")
@pytest.mark.parametrize(("umask", "table", "text"), [(0o022, 0o644, 0o600), (0o077, 0o600, 0o600), (0o002, 0o664, 0o600)])  # fmt: skip
def test_files_honour_the_umask_and_texts_of_publishers_are_private(tmp_path, umask, table, text):
    (tmp_path / "articles").mkdir()
    before = os.umask(umask)
    try:
        replace_file(tmp_path / "figures.csv", b"x")
        replace_file(tmp_path / "articles" / "a.txt", b"x")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("figures.csv", "articles/a.txt")]
    assert modes == [table, text]
