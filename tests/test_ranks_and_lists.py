"""Ranks and lists against what can be found of them: worked examples, seeded faults, every ordinal."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from helpers import corpus
from helpers.checking.ranks_and_lists import (
    order_tallies,
    orders_in_words,
    rank_among,
    rank_beside_sum,
    ranks_and_lists,
    sequence,
    unaccounted,
)
from helpers.corpus.relations import stated
from helpers.corpus.tallies import statistics_table
from helpers.deriving.cleaning import clean
from helpers.deriving.derivations import derive
from helpers.numerals.values import ordinal
from helpers.vocabulary import KIND_OF_ORDER_TEST


@pytest.mark.parametrize(
    ("token", "place"),
    [
        *(("first", 1), ("Second", 2), ("Secondly", 2), ("third", 3), ("tenth", 10), ("twelfth", 12)),
        *(("nineteenth", 19), ("twentieth", 20), ("forty-second", 42), ("40th", 40), ("3rd", 3)),
    ],
)
def test_an_ordinal_states_its_place(token, place):
    assert ordinal(token) == place == stated(token)


@pytest.mark.parametrize("token", ["half", "thirds", "one", "quarter", "forty-tenth", "40", "ly", ""])
def test_what_is_no_ordinal_states_none(token):
    with pytest.raises(ValueError, match="states no place"):
        ordinal(token)


@pytest.mark.parametrize(
    ("own", "rivals", "all_known", "low", "high"),
    [
        ((10, 10), {}, True, 1, 1),
        ((10, 10), {"a": (11, 12), "b": (3, 4)}, True, 2, 2),
        ((10, 12), {"a": (11, 13), "b": (3, 4)}, True, 1, 2),  # a may be greater or not
        ((10, 10), {"a": (10, 10)}, True, 1, 1),  # as great is not greater
        ((10, 10), {"a": (11, 12), "b": (3, 4)}, False, 2, math.inf),
        ((10, 12), {"a": (11, 13), "b": (13, 13), "c": (9, 11)}, True, 2, 4),
    ],
)
def test_a_rank_is_one_more_than_what_is_greater(own, rivals, all_known, low, high):
    found = rank_among(own, rivals, all_known)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("own", "together", "high"),
    [
        ((48, 48), (7, 7), 1),  # all others have 7
        ((10, 10), (10, 10), 1),  # one other has 10 at most, which is not more
        ((10, 10), (11, 11), 2),
        ((10, 10), (30, 30), 3),  # three others would have to have 10 each
        ((10, 10), (31, 31), 4),
        ((9, 10), (31, 32), 4),
    ],
)
def test_a_sum_of_all_others_bounds_a_rank(own, together, high):
    found = rank_beside_sum(own, together)
    assert (found.low, found.high) == (1, high)


def test_the_bound_from_a_sum_is_that_of_trying_all_ways_to_share_it_out():
    """By whole numbers: the most others that can have more than `own` each, out of a sum."""
    for own in range(1, 8):
        for total in range(40):
            most = max(others for others in range(41) if others * (own + 1) <= total)
            # of whole numbers fewer can be greater than of any numbers, never more
            assert most <= rank_beside_sum((own, own), (total, total)).high - 1
            assert (
                math.ceil(total / own) - 1 <= max(0, rank_beside_sum((own, own), (total, total)).high - 1)
                or not total
            )


def test_a_value_that_may_be_zero_has_no_rank_beside_a_sum():
    with pytest.raises(ValueError, match="may be zero"):
        rank_beside_sum((0, 3), (5, 5))


@pytest.mark.parametrize(
    ("numbers", "fits"),
    [([1, 2, 3], 3), ([1], 1), ([1, 3], None), ([2, 3], None), ([1, 1, 2], None), ([2, 1], None)],
)
def test_markers_follow_each_other_without_a_gap(numbers, fits):
    found = sequence([(f"n{n:03}", number) for n, number in enumerate(numbers, 1)])
    if fits:
        assert (found.low, found.high) == (fits, fits)
    else:  # no number lies between the ends
        assert math.isnan(found.low) and math.isnan(found.high) and "do not follow" in found.evidence


def test_the_small_corpus_by_hand(small_results):
    orders = ranks_and_lists(small_results.corpus, small_results.figures, small_results.derived)
    by_id = orders.set_index("order_id")
    assert by_id.stated.to_dict() == {
        "lanmouth-rank": 2, "plans-numbered": 1, "bridges-counted": 9, "bridges-told": 3, "first-quay": 1,
    }  # fmt: skip
    assert by_id.verdict.to_dict() == {
        "lanmouth-rank": "consistent",  # at least first, as the greatest city is not known
        "plans-numbered": "consistent",
        "bridges-counted": "consistent",
        "bridges-told": "consistent",  # two of three are named
        "first-quay": "not checkable",
    }
    assert by_id.found_low["lanmouth-rank"] == 1 and math.isnan(by_id.found_high["lanmouth-rank"])
    assert by_id.grade["lanmouth-rank"] == "A" and by_id.grade["bridges-counted"] == ""
    assert by_id.evidence["bridges-told"] == "Named: north; south."


def tried(small_results, key, **cells):
    """The verdict on a row of the small corpus with other cells."""
    table = small_results.corpus.ranks_and_lists
    here = table.order_id == key
    changed = table.assign(**{name: table[name].mask(here, cell) for name, cell in cells.items()})
    raw = replace(small_results.corpus, ranks_and_lists=changed)
    orders = ranks_and_lists(raw, small_results.figures, small_results.derived)
    return orders.set_index("order_id").verdict[key]


@pytest.mark.parametrize(
    ("key", "cells", "verdict"),
    [
        (
            "lanmouth-rank",
            {"test": "all rivals"},
            "in tension",
        ),  # none of the two is greater: first, not second
        (
            "lanmouth-rank",
            {"own": "fenby-gdp-2021", "against": "lanmouth-gdp-2021 sandwick-gdp-2021"},
            "in tension",
        ),
        ("bridges-counted", {"against": "bridges-begun"}, "contradicted"),
        ("bridges-told", {"items": "north; south; east; west"}, "in tension"),
        ("bridges-told", {"items": "north; south", "test": "items"}, "in tension"),
        ("bridges-told", {"items": "north; south; east", "test": "items"}, "consistent"),
        ("plans-numbered", {"items": "n018; n019"}, "contradicted"),  # second, first
        ("lanmouth-rank", {"test": "rivals ahead", "own": "", "against": "museum-visits-2023"}, "in tension"),
    ],
)
def test_a_seeded_fault_turns_the_verdict(small_results, key, cells, verdict):
    assert tried(small_results, key, **cells) == verdict


def test_a_source_of_the_lowest_grade_does_not_contradict(small_results):
    others = small_results.corpus.comparators
    weak = others.assign(grade=others.grade.mask(others.comparator_id == "museum-visits-2023", "C"))
    cells = {"test": "as counted", "against": "museum-visits-2023", "items": "", "otherwise": "contradicted"}
    assert tried(small_results, "bridges-told", **cells) == "contradicted"
    results = type(small_results)(
        **vars(small_results) | {"corpus": replace(small_results.corpus, comparators=weak)}
    )
    assert tried(results, "bridges-told", **cells) == "in tension"


def test_a_numeral_that_is_transcribed_anew_changes_what_is_stated(small, edit):
    edit(small / "transcription" / "gazette-2023-quay.csv", 14, "token", "四")
    (small / "articles" / "gazette-2023-quay.txt").unlink()
    raw = corpus.load(small, acknowledged=False)
    figures = clean(raw)
    orders = ranks_and_lists(raw, figures, derive(raw, figures)).set_index("order_id")
    assert orders.stated["bridges-told"] == 4


def test_an_ordinal_in_no_row_is_named(small_results):
    raw = small_results.corpus
    assert unaccounted(raw) == []
    fewer = replace(raw, ranks_and_lists=raw.ranks_and_lists.iloc[1:])
    assert unaccounted(fewer) == [("daily-2022-harbour", "n018")]


def test_ranks_of_an_unfinished_article_are_left_out(small, edit):
    edit(small / "transcription" / "daily-2022-harbour.csv", 2, "note", "proposed")
    assert set(corpus.load(small).ranks_and_lists.article) <= {"gazette-2023-quay"}


def test_tallies_of_ranks_and_lists_add_up(small_results):
    raw = small_results.corpus
    orders = ranks_and_lists(raw, small_results.figures, small_results.derived)
    value = statistics_table(order_tallies(raw, orders)).set_index("statistic_id").value
    assert value["ranks-all"] == 2 and value["lists-all"] == 3
    assert value["ranks-all"] == value["ranks-consistent"] + value["ranks-not-checkable"]
    assert value["ranks-ordinals"] == 3 and value["ranks-ordinals-tested"] == 2
    assert value["ranks-ordinals-open"] == 0


def test_in_words_what_does_not_fit_comes_first_and_what_is_not_tested_last(small_results):
    orders = small_results.orders
    broken = orders.assign(verdict=orders.verdict.mask(orders.order_id == "bridges-told", "in tension"))
    shown = orders_in_words(broken)
    assert shown.Verdict.tolist() == ["in tension", *["consistent"] * 3, "not checkable"]
    assert shown.Found.tolist() == ["2 or more", "1 or more", "1", "9", "nothing"]
    assert shown.Stated.tolist() == ["3", "2", "1", "9", "1"]


def test_without_rows_there_is_a_table_without_rows(small_results):
    raw = replace(small_results.corpus, ranks_and_lists=small_results.corpus.ranks_and_lists[:0])
    orders = ranks_and_lists(raw, small_results.figures, small_results.derived)
    assert orders.empty and isinstance(orders, pd.DataFrame)
    assert len(unaccounted(raw)) == 3


@pytest.mark.corpus
def test_every_ordinal_of_the_five_articles_is_accounted_for(real):
    raw = real.corpus
    assert unaccounted(raw) == []
    orders = ranks_and_lists(raw, real.figures, real.derived)
    ordinals = raw.numerals[raw.numerals["class"] == "ordinal"]
    value = {row.statistic_id: row.value for row in order_tallies(raw, orders)}
    assert value["ranks-ordinals"] == len(ordinals) == 62
    by_id = orders.set_index("order_id")
    assert (by_id.found_low["ganzhou-area-rank"], by_id.stated["ganzhou-area-rank"]) == (2, 2)
    assert (by_id.found_low["ganzhou-vegetable-rank"], by_id.found_high["ganzhou-vegetable-rank"]) == (1, 1)
    assert by_id.verdict["tax-firm-first"] == "in tension"
    assert set(orders.test) <= set(KIND_OF_ORDER_TEST)
