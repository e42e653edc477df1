"""Tables for readers and for machines: what is written, and what a message says of a word that is near."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.corpus.faults import near
from helpers.corpus.files import append_row, csv_bytes, harmless_csv, read_cells, write_table
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
        ("\t=1", "'\t=1"),
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


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_whatever_a_cell_holds_it_begins_as_text_or_as_a_number(cells):
    text = harmless_csv(pd.DataFrame({"a": cells, "b": "x"}))
    for row in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        assert not row[0].startswith(("=", "@", "\t", "\r"))
        assert not row[0].startswith(("+", "-")) or DECIMAL.fullmatch(row[0])


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


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_that_is_read_back_is_the_same(number):
    assert (
        float(csv_bytes(pd.DataFrame({"n": [number], "b": "x"})).decode().split("\n")[1].split(",")[0])
        == number
    )


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["C"]), max_size=9)] * 2), min_size=1))
def test_a_table_that_is_read_back_is_the_same(tmp_path_factory, rows):
    rows.append(("the last", "row"))  # empty ones at the end are passed over, and between others refused
    table = pd.DataFrame([row for row in rows if "".join(row).strip()], columns=["one", "two"], dtype="str")
    file = write_table(table, tmp_path_factory.mktemp("table") / "folder" / "t.csv")
    assert read_cells(file, ["one", "two"]).reset_index(drop=True).equals(table)


@pytest.mark.parametrize("before", [b"a,b\n1,2\n", b"a,b\r\n1,2\r\n", b"\xef\xbb\xbfa,b\n1,2"])
def test_a_row_is_added_and_no_byte_before_it_changed(tmp_path, before):
    file = tmp_path / "t.csv"
    file.write_bytes(before)
    append_row(file, ["x, y", '"z"'])
    end = b"\r\n" if b"\r\n" in before else b"\n"
    assert file.read_bytes() == before + end * (not before.endswith(b"\n")) + b'"x, y","""z"""' + end
    assert read_cells(file, ["a", "b"]).values.tolist() == [["1", "2"], ["x, y", '"z"']]


def test_statistics_have_ten_digits_everywhere():
    table = statistics_table(
        [Statistic("a", "A", 1 / 3, 0.1 + 0.2, 1e12 / 7, "", "f"), tally("b", "B", 7, "g")]
    )
    assert table.loc[0, ["value", "low", "high"]].tolist() == [0.3333333333, 0.3, 142857142900.0]
    assert table.loc[1, ["value", "low", "high", "unit", "qualifier"]].tolist() == [7, 7, 7, "", ""]


def test_a_misspelt_id_is_answered_with_its_neighbours():
    known = {"lanmouth-gdp-2021", "fenby-gdp-2021", "harbour-workers"}
    assert near("lanmouth-gpd-2021", known, "an id") == "an id; near to it: lanmouth-gdp-2021"
    assert near(" Harbour-Worker", known, "an id") == "an id; near to it: harbour-workers"
    assert near("nothing-like-it", known, "an id") == "an id"
