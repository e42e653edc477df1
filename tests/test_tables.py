"""Tables for readers and for machines."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import tables


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-3.5", "-3.5"),  # a number
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("Ganzhou", "Ganzhou"),
        ("", ""),
        (1 / 3, "0.3333333333"),
        (float("nan"), ""),
        (-2.0, "-2"),
    ],
)
def test_no_cell_for_download_is_a_formula(cell, written):
    text = tables.harmless_csv(pd.DataFrame({"a": [cell], "b": ["x"]}))
    assert list(csv.reader(io.StringIO(text)))[1] == [written, "x"]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_whatever_a_cell_holds_it_begins_as_text_or_as_a_number(cells):
    rows = list(
        csv.reader(io.StringIO(tables.harmless_csv(pd.DataFrame({"a": cells, "b": "x"})), newline=""))
    )[1:]
    for row in rows:
        assert not row[0].startswith(("=", "@", "\t", "\r"))
        assert not row[0].startswith(("+", "-")) or tables.DECIMAL.fullmatch(row[0])


def test_statistics_have_ten_digits_everywhere():
    table = tables.statistics([("a", "A", 1 / 3, 0.1 + 0.2, 1e12 / 7, "", "f")])
    assert table.loc[0, ["value", "low", "high"]].tolist() == [0.3333333333, 0.3, 142857142900.0]


def test_a_misspelt_id_is_answered_with_its_neighbours():
    known = {"ganzhou-gdp-2021", "jian-gdp-2021", "gree-employees"}
    assert tables.near("ganzhou-gpd-2021", known, "an id") == "an id; near to it: ganzhou-gdp-2021"
    assert tables.near("nothing-like-it", known, "an id") == "an id"
