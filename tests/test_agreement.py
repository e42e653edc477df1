"""Two transcriptions side by side: pairs, disagreements, agreement by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats import inter_rater

from helpers.corpus import load
from helpers.corpus.schema import COMPARED
from helpers.deriving.cleaning import clean
from helpers.transcribing.agreement import (
    MACHINE_READ,
    agreement,
    beside_machine,
    bootstrapped,
    class_counts,
    cohens_kappa,
    disagreements,
    numeral_tallies,
    share_equal,
    side_by_side,
    unsettled,
)
from helpers.vocabulary import CLASSES

SEED = 1
ARTICLE = "daily-2022-harbour"
KEYS = ["article", "start", "column", "first", "second"]
BOTH = ["small_results", pytest.param("real", marks=pytest.mark.corpus)]


@pytest.fixture(params=BOTH)
def results(request):
    """The results of each corpus in turn."""
    return request.getfixturevalue(request.param)


def test_the_disagreements_are_those_that_were_settled(results):
    found = disagreements(side_by_side(results.corpus, results.figures))
    settled = results.corpus.settled
    settled = settled[settled["first"] != settled.second]  # the others were changed though both agree
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
    assert table.paragraph[424] == 4
    second = small_results.corpus.second
    fewer = replace(small_results.corpus, second=second[second.start != 463])
    table = side_by_side(fewer, small_results.figures).set_index("start")
    assert table.loc[463, ["class_first", "class_second"]].tolist() == ["figure", "absent"]
    assert table.value_same[463] is None


def test_what_was_settled_is_taken_back(small_results):
    table = side_by_side(small_results.corpus, small_results.figures).set_index("start")
    assert table.loc[310, ["period_first", "period_second"]].tolist() == ["", "2011/2021"]
    assert not table.period_same[310] and table.period_same[97]


def test_a_numeral_that_was_settled_to_be_none_was_one_to_the_first_person(small_results):
    settled, second = small_results.corpus.settled, small_results.corpus.second
    changed = settled.assign(first=settled["first"].mask(settled.start == 424, "figure"))
    before = replace(small_results.corpus, settled=changed, second=second[second.start != 424])
    row = side_by_side(before, small_results.figures).set_index("start").loc[424]
    cells = ["token", "paragraph", "class_first", "class_second", "class_same"]
    assert row[cells].tolist() == ["one", 4, "figure", "absent", False]  # 3 million tonnes stand before it


def test_a_value_that_the_first_person_left_out_is_none(small_results):
    settled = small_results.corpus.settled
    left_out = settled.assign(column=settled.column.mask(settled.start == 310, "value"), first="")
    table = side_by_side(replace(small_results.corpus, settled=left_out), small_results.figures).set_index(
        "start"
    )
    assert (
        pd.isna(table.value_first[310]) and table.value_second[310] == 5.4 and table.value_same[310] is False
    )


def test_numerals_pair_where_their_places_overlap(small_results):
    """What one person took for one numeral and the other for two is one row."""
    second = small_results.corpus.second
    digits = second[second.start == 97]  # 41.69
    parts = [digits.assign(end=99, token="41"), digits.assign(start=100, token="69")]
    split = replace(small_results.corpus, second=pd.concat([second[second.start != 97], *parts]))
    table = side_by_side(split, small_results.figures)
    near = table[table.start.between(97, 101)]
    assert near[["start", "token"]].values.tolist() == [[97, "41.69"]]


def test_numerals_side_by_side_stay_two(small_results):
    """41 and .69, one ending where the other begins, to both."""

    def parted(table):
        digits = table[(table.start == 97) & (table.article == "daily-2022-harbour")]
        parts = [digits.assign(end=99, token="41"), digits.assign(start=99, token=".69")]
        return pd.concat([table.drop(digits.index), *parts], ignore_index=True)

    corpus = small_results.corpus
    split = replace(corpus, numerals=parted(corpus.numerals), second=parted(corpus.second))
    table = side_by_side(split, small_results.figures)
    assert table[table.start.between(97, 101)][["start", "token"]].values.tolist() == [
        [97, "41"],
        [99, ".69"],
    ]


def test_an_article_that_nobody_read_twice_says_nothing_of_agreement(small_results):
    none = replace(small_results.corpus, second=small_results.corpus.second[:0])
    table = side_by_side(none, small_results.figures)
    assert table.empty and agreement(table, SEED) == [] and disagreements(table).empty
    both = side_by_side(small_results.corpus, small_results.figures)
    assert set(both.article) == {"daily-2022-harbour"}


def test_agreement_with_oneself_is_complete_and_a_change_lowers_it(results):
    table = side_by_side(results.corpus, results.figures)
    kappa = {row.statistic_id: row.value for row in agreement(table, SEED)}["agreement-class-kappa"]
    assert 0.9 < kappa < 1
    same = table.assign(class_second=table.class_first, class_same=True)
    assert agreement(same, SEED)[0].value == pytest.approx(1)


def table_of(*cells):
    """A table as of `side_by_side`, from (paragraph, class first, class second, how often)."""
    rows = [("a", paragraph, one, two) for paragraph, one, two, times in cells for _ in range(times)]
    table = pd.DataFrame(rows, columns=["article", "paragraph", "class_first", "class_second"])
    table["class_same"] = table.class_first == table.class_second
    return table.assign(**{f"{name}_same": True for name in COMPARED if name != "class"})


FIFTY = [
    *[(1, "figure", "figure", 20), (1, "figure", "name", 5), (2, "name", "figure", 10)],
    (2, "name", "name", 15),
]


def test_kappa_of_a_worked_table():
    """20 + 15 of 50 equal; by chance (25·30 + 25·20) / 50² = 0.5, so kappa = (0.7 − 0.5) / 0.5."""
    found = {row.statistic_id: row for row in agreement(table_of(*FIFTY), SEED)}
    assert found["agreement-class-kappa"].value == pytest.approx(0.4)
    assert found["agreement-class-share"].value == pytest.approx(70)
    # Wilson of 50 in 50: 1 / (1 + z²/n), z = 1.959964
    assert found["agreement-period-share"].low == pytest.approx(92.8651, abs=1e-3)
    assert found["agreement-period-share"].high == 100


def test_list_markers_and_dates_lift_kappa_and_what_is_hard_is_told_apart():
    """Beside 70 % of the fifty, 30 ordinals and 20 dates: 85 of 100 equal, 0.255 by chance."""
    table = table_of(*FIFTY, (2, "ordinal", "ordinal", 30), (3, "date", "date", 20))
    found = {row.statistic_id: row for row in agreement(table, SEED)}
    assert found["agreement-class-kappa"].value == pytest.approx((0.85 - 0.255) / 0.745)
    for part in ("no-marker-or-date", "figure-or-name"):
        assert found[f"agreement-class-kappa-{part}"].value == pytest.approx(0.4)
        assert found[f"agreement-class-share-{part}"].value == pytest.approx(70)
        assert found[f"agreement-class-numerals-{part}"].value == 50
        assert "of 2 paragraphs" in found[f"agreement-class-kappa-{part}"].formula


def test_what_one_has_as_a_figure_or_a_name_is_hard_and_what_one_has_as_a_date_no_part_of_the_rest():
    table = table_of(
        *[(1, "figure", "repeat", 1), (1, "absent", "name", 1), (1, "date", "name", 1)],
        *[(2, "repeat", "repeat", 1), (2, "rhetorical", "ordinal", 1), (2, "date", "date", 1)],
    )
    found = {row.statistic_id: row.value for row in agreement(table, SEED)}
    assert found["agreement-class-numerals-figure-or-name"] == 3
    assert found["agreement-class-share-figure-or-name"] == 0
    assert found["agreement-class-numerals-no-marker-or-date"] == 3
    assert found["agreement-class-numerals"] == 6


def test_a_part_of_which_nobody_wrote_has_no_row():
    found = {row.statistic_id for row in agreement(table_of((1, "date", "date", 3)), SEED)}
    assert "agreement-class-kappa" in found and not any(key.endswith(("-name", "-date")) for key in found)


def test_of_two_paragraphs_the_samples_can_be_counted():
    """One all equal, one all not: a quarter of the samples have the first twice, another the second twice."""
    table = table_of((1, "figure", "figure", 3), (2, "figure", "name", 1))
    counts = class_counts(table)
    assert counts.tolist() == [[[3, 0], [0, 0]], [[0, 1], [0, 0]]]
    assert bootstrapped(counts, share_equal, SEED) == (0.75, 0, 1)
    # a chance of three in four for figure in the second, all figure in the first: as expected by chance
    assert bootstrapped(counts, cohens_kappa, SEED) == (0, 0, 1)
    assert bootstrapped(counts[:1], share_equal, SEED) == (1, 1, 1)


def test_paragraphs_of_two_articles_are_not_one():
    table = pd.concat([table_of(*FIFTY), table_of(*FIFTY).assign(article="b")])
    assert class_counts(table).shape == (4, 2, 2)


def test_the_bootstrap_over_paragraphs_is_that_of_a_plain_loop():
    """Twenty paragraphs of unlike size, slips together in some; statsmodels gives kappa of each sample."""
    random = np.random.default_rng(5)
    cells = []
    for paragraph in range(20):
        slip = 0.6 if paragraph % 5 == 0 else 0.05
        for _ in range(random.integers(1, 15)):
            one = random.choice(["figure", "name"])
            other = {"figure": "name", "name": "figure"}[one] if random.random() < slip else one
            cells.append((paragraph, one, other, 1))
    table = table_of(*cells)
    parts = [part for _, part in table.groupby("paragraph")]
    kappas, shares = [], []
    for _ in range(3000):
        drawn = pd.concat([parts[k] for k in random.integers(0, len(parts), len(parts))])
        pairs = pd.crosstab(drawn.class_first, drawn.class_second).to_numpy()
        kappas.append(inter_rater.cohens_kappa(pairs, return_results=False))
        shares.append(100 * drawn.class_same.mean())
    found = {row.statistic_id: row for row in agreement(table, SEED)}
    kappa, share = found["agreement-class-kappa"], found["agreement-class-share"]
    assert kappa.value == pytest.approx(
        inter_rater.cohens_kappa(pd.crosstab(table.class_first, table.class_second), return_results=False)
    )
    assert [kappa.low, kappa.high] == pytest.approx(np.percentile(kappas, [2.5, 97.5]), abs=0.03)
    assert [share.low, share.high] == pytest.approx(np.percentile(shares, [2.5, 97.5]), abs=1.5)
    # slips that come together leave less to be known than as many that do not
    alone = table.assign(paragraph=range(len(table)))
    single = {row.statistic_id: row for row in agreement(alone, SEED)}["agreement-class-kappa"]
    assert kappa.high - kappa.low > 1.2 * (single.high - single.low)


def test_the_seed_says_which_samples_are_drawn():
    table = table_of(*FIFTY)
    assert agreement(table, 3) == agreement(table, 3)
    assert agreement(table, 3)[0].formula.endswith("samples of 2 paragraphs, seed 3")


def test_a_row_that_was_changed_later_is_still_one_on_which_both_agreed(small, edit):
    before = load(small)
    agreed = side_by_side(before, clean(before))
    sheet, differences = small / "transcription" / f"{ARTICLE}.csv", small / "machine_differences.csv"
    edit(sheet, 17, "status", "plan")
    with differences.open("a", encoding="utf-8") as file:
        file.write(f"{ARTICLE},463,350,status,outcome,plan,looked at again\n")
    raw = load(small)
    (fault,) = unsettled(raw, clean(raw))
    assert fault.column == "status"
    with (small / "second_transcription" / "settled.csv").open("a", encoding="utf-8") as file:
        file.write(f"{ARTICLE},463,350,status,outcome,outcome,plan,Looked at again\n")
    raw = load(small)
    assert unsettled(raw, clean(raw)) == []
    pd.testing.assert_frame_equal(side_by_side(raw, clean(raw)), agreed)


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


def test_nothing_is_left_to_settle(results):
    assert unsettled(results.corpus, results.figures) == []


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("value", 46.19e9, "value is '46190000000'; it must be 41690000000, as in the sheet, or settled.csv"),
        ("class", "date", "class is 'date'; it must be figure, as in the sheet, or"),
        ("period", "2020", "period is '2020'; it must be 2021, as in the sheet, or"),
        ("status", "plan", "status is 'plan'; it must be outcome, as in the sheet, or"),
    ],
)
def test_a_disagreement_that_nobody_settled_is_said_with_its_place(small_results, column, value, said):
    second = small_results.corpus.second.copy()
    second.loc[second.start == 97, column] = value
    (fault,) = unsettled(replace(small_results.corpus, second=second), small_results.figures)
    assert f"{ARTICLE}.csv:4: {said}" in str(fault) and fault.file.parent.name == "second_transcription"


def test_a_numeral_that_only_one_has_is_to_be_settled(small_results):
    second, settled = small_results.corpus.second, small_results.corpus.settled
    fewer = replace(small_results.corpus, second=second[second.start != 463])
    (fault,) = unsettled(fewer, small_results.figures)
    assert (fault.line, fault.column, fault.value) == (17, "class", "absent")
    (fault,) = unsettled(replace(small_results.corpus, settled=settled[:1]), small_results.figures)
    assert (fault.value, fault.line) == (
        "ordinal",
        17,
    ) and "it must be absent, as in the sheet" in fault.advice


def test_a_settled_value_is_that_of_the_figure(small_results):
    row = {"article": ARTICLE, "start": 97, "token": "41.69", "column": "value", "first": "1", "reason": "x"}
    for said, faults in [("41690000000", 0), ("41690000001", 1)]:
        rows = pd.DataFrame([row | {"second": "41690000000", "settled": said}], index=[4])
        settled = pd.concat([small_results.corpus.settled, rows])
        found = unsettled(replace(small_results.corpus, settled=settled), small_results.figures)
        assert len(found) == faults
    assert "settled.csv:4: settled is '41690000001'; it must be 41690000000, as in figures.csv" in str(
        found[0]
    )


def test_sheets_and_machine_agree_as_counted_by_hand(small_corpus):
    found = {
        row.statistic_id: row
        for row in agreement(beside_machine(small_corpus), SEED, MACHINE_READ, "machine")
    }
    # 44 numerals; three of another class, and a letter that is left to a name
    assert found["machine-class-share"].formula.startswith("40 of 44 equal; percentiles of")
    assert found["machine-token-share"].formula == "43 of 44 equal; Wilson interval"
    assert found["machine-unit-share"].formula.startswith("23 of 24 equal")  # 2.4 times is a ratio
    assert found["machine-value-share"].formula.startswith("28 of 28 equal")  # 5-6 states no single number
    assert found["machine-status-share"].formula.startswith("26 of 29 equal")
    assert found["machine-class-kappa"].statistic == "Cohen's kappa on class, sheets and machine"


def test_a_slip_lowers_the_agreement_with_the_machine(small_corpus):
    sheets = small_corpus.numerals.copy()
    sheets.loc[sheets.figure_id == "sandwick-gdp-2021", "scale"] = "million"
    changed = beside_machine(replace(small_corpus, numerals=sheets))
    found = {row.statistic_id: row.formula for row in agreement(changed, SEED, MACHINE_READ, "machine")}
    assert found["machine-scale-share"].startswith("28 of 29") and found["machine-value-share"].startswith(
        "27 of 28"
    )


def test_a_token_has_digits_wherever_they_stand(small_corpus):
    numerals = small_corpus.numerals.iloc[:3].assign(token=["+86", "ten", "5G"])
    found = {row.statistic_id: row.value for row in numeral_tallies(numerals)}
    assert (found["numerals-with-digits"], found["numerals-in-words"]) == (2, 1)
