"""Two transcriptions side by side: pairs, disagreements, agreement by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from helpers.corpus.schema import COMPARED
from helpers.transcribing.agreement import agreement, disagreements, numeral_tallies, side_by_side
from helpers.vocabulary import CLASSES

KEYS = ["article", "start", "column", "first", "second"]
BOTH = ["small_results", pytest.param("real", marks=pytest.mark.corpus)]


@pytest.fixture(params=BOTH)
def results(request):
    """The results of each corpus in turn."""
    return request.getfixturevalue(request.param)


def test_the_disagreements_are_those_that_were_settled(results):
    found = disagreements(side_by_side(results.corpus, results.figures))
    settled = results.corpus.settled
    assert sorted(map(tuple, found[KEYS].values)) == sorted(map(tuple, settled[KEYS].values))


def test_what_was_settled_is_what_the_sheets_say_now(results):
    sheets = results.corpus.sheets.set_index(["article", "start"])
    for row in results.corpus.settled.itertuples():
        place = row.article, row.start
        assert (sheets.loc[place, row.column] if place in sheets.index else "absent") == row.settled


def test_every_numeral_of_either_side_has_a_row(results):
    table = side_by_side(results.corpus, results.figures)
    for side in (results.corpus.numerals, results.corpus.second):
        read = side[side.article.isin(results.corpus.second.article)]
        assert set(zip(read.article, read.start, strict=True)) <= set(
            zip(table.article, table.start, strict=True)
        )
    assert not table.duplicated(["article", "start"]).any()
    assert table.class_same.notna().all()
    both = table.class_first.isin(["figure", "repeat"]) & table.class_second.isin(["figure", "repeat"])
    assert (table.value_same.notna() == both).all()


def test_a_numeral_that_only_one_person_saw_is_absent_on_the_other_side(small_results):
    table = side_by_side(small_results.corpus, small_results.figures).set_index("start")
    assert table.loc[424, ["token", "class_first", "class_second"]].tolist() == ["one", "absent", "ordinal"]
    second = small_results.corpus.second
    fewer = replace(small_results.corpus, second=second[second.start != 463])
    table = side_by_side(fewer, small_results.figures).set_index("start")
    assert table.loc[463, ["class_first", "class_second"]].tolist() == ["figure", "absent"]
    assert table.value_same[463] is None


def test_what_was_settled_is_taken_back(small_results):
    table = side_by_side(small_results.corpus, small_results.figures).set_index("start")
    assert table.loc[310, ["period_first", "period_second"]].tolist() == ["", "2011/2021"]
    assert not table.period_same[310] and table.period_same[97]


def test_numerals_pair_where_their_places_overlap(small_results):
    """What one person took for one numeral and the other for two is one row."""
    second = small_results.corpus.second
    digits = second[second.start == 97]  # 41.69
    parts = [digits.assign(end=99, token="41"), digits.assign(start=100, token="69")]
    split = replace(small_results.corpus, second=pd.concat([second[second.start != 97], *parts]))
    table = side_by_side(split, small_results.figures)
    near = table[table.start.between(97, 101)]
    assert near[["start", "token"]].values.tolist() == [[97, "41.69"]]


def test_an_article_that_nobody_read_twice_says_nothing_of_agreement(small_results):
    none = replace(small_results.corpus, second=small_results.corpus.second[:0])
    table = side_by_side(none, small_results.figures)
    assert table.empty and agreement(table) == [] and disagreements(table).empty
    both = side_by_side(small_results.corpus, small_results.figures)
    assert set(both.article) == {"daily-2022-harbour"}


def test_agreement_with_oneself_is_complete_and_a_change_lowers_it(results):
    table = side_by_side(results.corpus, results.figures)
    kappa = {row.statistic_id: row.value for row in agreement(table)}["agreement-class-kappa"]
    assert 0.9 < kappa < 1
    same = table.assign(class_second=table.class_first, class_same=True)
    assert agreement(same)[0].value == pytest.approx(1)


def test_kappa_of_a_worked_table():
    # 20 + 15 of 50 equal; by chance (25·30 + 25·20) / 50² = 0.5, so kappa = (0.7 − 0.5) / 0.5
    pairs = [("figure", "figure")] * 20 + [("figure", "name")] * 5 + [("name", "figure")] * 10
    table = pd.DataFrame([*pairs, *[("name", "name")] * 15], columns=["class_first", "class_second"])
    table["class_same"] = table.class_first == table.class_second
    table = table.assign(**{f"{name}_same": True for name in COMPARED if name != "class"})
    found = {row.statistic_id: row for row in agreement(table)}
    assert found["agreement-class-kappa"].value == pytest.approx(0.4)
    assert found["agreement-class-share"].value == pytest.approx(70)
    # Wilson: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), z = 1.959964
    assert found["agreement-class-share"].low == pytest.approx(56.2497, abs=1e-3)
    assert found["agreement-class-share"].high == pytest.approx(80.8965, abs=1e-3)


def test_tallies_of_numerals_add_up(results):
    found = {row.statistic_id: row.value for row in numeral_tallies(results.corpus.numerals)}
    assert found["numerals-all"] == len(results.corpus.numerals)
    articles = set(results.corpus.numerals.article)
    for where in ("", *(f"-in-{article}" for article in articles)):
        assert found[f"numerals-all{where}"] == sum(found[f"numerals-{name}{where}"] for name in CLASSES)
        assert (
            found[f"numerals-all{where}"]
            == found[f"numerals-with-digits{where}"] + found[f"numerals-in-words{where}"]
        )
    assert found["numerals-all"] == sum(found[f"numerals-all-in-{article}"] for article in articles)
