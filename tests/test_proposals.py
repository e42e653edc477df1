"""The reading that is proposed for each numeral, from the words around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import paths
from helpers.corpus import load, schema
from helpers.corpus.corpus import read_key_table
from helpers.transcribing import proposals

# In our own words, about a place that is not there.
TEXT = """Harbour of Examples: ten years of building

GDP in 2021: in Ganzhou, Ji'an and Fuzhou it came to 410.5, 250.5 and 180.5 billion yuan, or 3.1, 3.2 and 2.9 times the level of 2011.
Last year the harbour handled more than 1.2 million tons; by the end of March 2021 it was nearly half. The "1+5+N" plan names 358 projects.
Travel time fell from 5-6 hours to one and a half hours. On October 23, 2018 the 5G line opened, the first in the province, after the 18th National Congress.
In the first quarter of this year, 3, 5 and 7 percent were reached, and dozens of firms came. The average annual growth is 9.5% and about US$3 billion is expected in 2025.
"""  # fmt: skip


KEYS = {name: read_key_table(paths.RAW, table) for name, table in schema.KEY_TABLES.items()}


def propose(text, date=""):
    return proposals.propose(text, **KEYS, date=date)


@pytest.fixture
def proposed():
    return propose(TEXT, "2022-03-15")


def cells(table, token, nth=0):
    return table[table.token == token].iloc[nth]


@pytest.mark.parametrize(
    ("token", "nth", "expected"),
    [
        ("2021", 0, {"class": "date", "period": "2021"}),
        ("410.5", 0, {"class": "figure", "scale": "billion", "unit": "yuan", "period": "2021", "entity": "ganzhou"}),
        ("250.5", 0, {"scale": "billion", "unit": "yuan", "period": "2021", "entity": "jian"}),
        ("180.5", 0, {"scale": "billion", "unit": "yuan", "entity": "fuzhou-jiangxi", "indicator": "gdp"}),
        ("3.2", 0, {"unit": "times", "scale": ""}),
        ("1.2", 0, {"scale": "million", "unit": "tonne", "qualifier": "more_than", "period": "2021"}),
        ("half", 0, {"unit": "percent", "qualifier": "nearly", "period": "2021-03"}),
        ("1+5+N", 0, {"class": "name"}),
        ("358", 0, {"class": "figure", "unit": "project", "qualifier": "exact"}),
        ("5-6", 0, {"unit": "hour"}),
        ("one and a half", 0, {"unit": "hour", "status": "outcome"}),
        ("23", 0, {"class": "date", "period": "2018-10-23"}),
        ("2018", 0, {"class": "date", "period": "2018-10-23"}),
        ("5G", 0, {"class": "name"}),
        ("first", 0, {"class": "ordinal"}),
        ("18th", 0, {"class": "name"}),
        ("first", 1, {"class": "date", "period": "2022-Q1"}),
        ("5", 0, {"unit": "percent", "period": "2022-Q1"}),
        ("dozens", 0, {"class": "rhetorical"}),
        ("9.5", 0, {"unit": "percent_per_year"}),
        ("3", 1, {"scale": "billion", "unit": "usd", "qualifier": "about", "status": "forecast", "period": "2025"}),
    ],
)  # fmt: skip
def test_a_reading_is_proposed_from_the_words_around(proposed, token, nth, expected):
    row = cells(proposed, token, nth)
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("sentence", "token", "expected"),
    [
        ("Sales nearly doubled to 1.2 million vehicles.", "doubled", {"scale": "", "unit": "times"}),
        ("It rose from 50,000 to 1.2 million.", "50,000", {"scale": ""}),
        ("Revenue was ¥3,000; HK$200 million went abroad.", "3,000", {"scale": "", "unit": "yuan"}),
        ("The gap narrowed to 2.67:1 in 2013.", "2.67:1", {"unit": "ratio", "period": "2013"}),
        ("The city has 1.5 million people.", "1.5", {"scale": "million", "unit": "person"}),
        ("It was the twenty-third meeting.", "twenty-third", {"class": "ordinal"}),
        ("In the first three quarters it grew.", "three quarters", {"class": "date"}),
        ("On Feb. 5 it opened.", "5", {"class": "date", "period": "2022-02-05"}),
        ("It was held from November 5 to 10, 2022.", "10", {"class": "date", "period": "2022-11-10"}),
        ("It opened on 24 October 2018.", "2018", {"class": "date", "period": "2018-10-24"}),
        ("On February 30 it rained.", "30", {"class": "date", "period": ""}),
        ("The 126.9-billion-yuan bridge opened.", "126.9", {"class": "figure", "scale": "billion", "unit": "yuan"}),
        ("Four 100-billion-yuan industrial clusters grew.", "100", {"class": "name"}),
        ("The index climbed 35 points.", "35", {"class": "figure"}),
        ("The 2020 census counted 5 cities.", "2020", {"class": "date", "period": "2020"}),
        ("Between 2016 and 2020 it built 5 projects.", "5", {"period": "2016/2020"}),
        ("It is scheduled to open 5 projects in 2025.", "5", {"status": "plan", "period": "2025"}),
        ("The goals are 5 projects.", "5", {"status": "target"}),
        ("Under the 14th Five-Year Plan 7 projects are built.", "7", {"period": "2021/2025"}),
        ("It cost $5 and ¥6 million.", "5", {"scale": "", "unit": "usd"}),  # each in its own currency
        ("It has 5 and $7 million.", "5", {"scale": "", "unit": ""}),  # no list: only one is money
        ("Traffic fell to 30,000 a day.", "30,000", {"unit": ""}),
        ("Growth was less than 5 percent.", "5", {"qualifier": "less_than", "unit": "percent"}),
        ("It was under 5 percent.", "5", {"qualifier": "less_than"}),
        ("It took no more than 2 hours.", "2", {"qualifier": "at_most"}),
        ("It took not more than 2 hours.", "2", {"qualifier": "at_most"}),
        ("The fee does not exceed 30 yuan.", "30", {"qualifier": "at_most"}),
        ("The fee, not exceeding 30 yuan, is due.", "30", {"qualifier": "at_most"}),
        ("It seats up to 300 persons.", "300", {"qualifier": "at_most"}),
        ("It has at least 40 firms.", "40", {"qualifier": "at_least"}),
        ("It has no fewer than 40 firms.", "40", {"qualifier": "at_least"}),
        ("It has 40 or more firms.", "40", {"qualifier": "at_least"}),
        ("It has 40 firms or more.", "40", {"qualifier": "at_least"}),
        ("It took 40 engineers for more than a year.", "40", {"qualifier": "exact"}),
        ("It takes 40 percent or less.", "40", {"qualifier": "at_most"}),
        ("It is higher than 40 percent.", "40", {"qualifier": "more_than"}),
        ("It has exceeded 40 firms.", "40", {"qualifier": "more_than"}),
    ],
)  # fmt: skip
def test_a_reading_is_proposed_for_sentences_of_many_kinds(sentence, token, expected):
    row = cells(propose(sentence, "2022-07-15"), token)
    assert {name: row[name] for name in expected} == expected


def test_what_no_column_can_say_is_said_in_the_note():
    assert "without a sign" in propose("It fell by 3.5 percent.").note[0]


@pytest.mark.parametrize(
    "note", ["Proposed", "proposed ", "PROPOSED: unit?", "'proposed", "proposed - unit?"]
)
def test_a_mark_that_an_editor_has_changed_is_still_a_mark(note):
    assert schema.is_proposal(note) and not schema.is_proposal("as the mayor proposed")


def test_every_row_is_marked_and_stands_where_it_says(proposed):
    assert proposed.note.map(schema.is_proposal).all()
    assert proposed.numeral_id.tolist() == [f"n{k:03d}" for k in range(1, len(proposed) + 1)]
    for row in proposed.itertuples():
        assert TEXT[int(row.start) : int(row.end)] == row.token
    ids = proposed.figure_id[(proposed.figure_id != "") & (proposed["class"] == "figure")]
    assert ids.is_unique


def test_a_sentence_printed_again_is_proposed_as_a_repeat():
    table = propose("Ganzhou built 358 projects. It rained.\nGanzhou built 358 projects.\n")
    assert table["class"].tolist() == ["figure", "repeat"] and table.unit.tolist() == ["project", "project"]


def test_without_the_date_of_the_article_this_year_stays_open():
    assert propose("This year 5 projects were built.").period.tolist() == [""]


@given(
    st.one_of(
        st.text(max_size=120),
        st.lists(
            st.sampled_from(
                "On February June 30 31 29 2021 １９８０s 0000s 2021-02-30 first half quarter of this last year 5 percent and , million doubled 三 亿".split()
            ),
            max_size=20,
        ).map(" ".join),
    ),
    st.sampled_from(["", "2022", "2022-03-15"]),
)
def test_whatever_the_text_a_sheet_of_it_is_valid(text, date):
    table = propose(text, date)
    for name, rule in schema.SHEET.rules({name: keys.iloc[:, 0] for name, keys in KEYS.items()}).items():
        assert all(rule.test(cell) for cell in table[name]), name


def test_a_sentence_is_told_from_its_neighbours():
    text = "One sentence. It grew by 2.7 percent in the U.S. market. Another one."
    first, last = proposals.sentence(text, text.index("2.7"))
    assert text[first:last].strip() == "It grew by 2.7 percent in the U.S. market."


def test_case_folding_of_unicode_stops_nothing():
    assert len(propose("It built 5 tonſ and 3 mıllion of Ganzhou and ganzhou.")) == 2


def test_the_articles_at_hand_would_have_been_drafted_much_as_they_were_transcribed():
    """How far the proposals are right on the texts that their rules were written with.

    New texts do less well.
    """
    corpus, same, all_of = load(), 0, 0
    if not corpus.texts:
        pytest.skip("texts not at hand")
    dates = corpus.articles.set_index("article").date
    for article, text in corpus.texts.items():
        proposed = propose(text, dates[article])
        mine = {(int(row["start"]), int(row["end"])): row["class"] for row in proposed.to_dict("records")}
        for row in corpus.sheets[corpus.sheets.article == article].to_dict("records"):
            all_of += 1
            same += mine.get((row["start"], row["end"])) == row["class"]
    assert same / all_of > 0.9
