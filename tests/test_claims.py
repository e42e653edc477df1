"""Claims and verdicts: intervals that meet, readings, grades, pairs found unasked, and bad claims."""

import csv
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import corpus
from helpers.checking import claims as claiming
from helpers.checking.claims import check, compared, matters, prints_alike, relative_claims, verdicts
from helpers.corpus import BadInput, schema
from helpers.deriving.cleaning import clean, corrected_figures, prints
from helpers.deriving.derivations import derive
from helpers.vocabulary import GRADES, VERDICTS

COLUMNS = schema.CLAIMS.columns


# -- one comparison -------------------------------------------------------------------------------------


def verdict(observed, expected, test="equals", otherwise="contradicted", grade="") -> str:
    """The verdict of one claim about two intervals, the second from a source of this grade."""
    cells = {"check_id": "c", "claim_id": "c", "kind": "external", "test": test, "otherwise": otherwise}
    cells |= {"observed": "one", "expected": "" if test == "none" else "two"}
    claim = pd.DataFrame([dict.fromkeys(COLUMNS, "") | cells], dtype="str")
    quantities = pd.DataFrame(
        {"low": [observed[0], expected[0]], "high": [observed[1], expected[1]], "grade": ["", grade]},
        index=["one", "two"],
    )
    return compared(claim, quantities).verdict[0]


@pytest.mark.parametrize(
    ("observed", "expected", "test", "found"),
    [
        ((1, 2), (2, 3), "equals", "consistent"),  # an end in common
        ((1, 2), (2.1, 3), "equals", "contradicted"),
        ((2.1, 3), (1, 2), "equals", "contradicted"),
        ((5, 5), (5, 5), "equals", "consistent"),
        ((0, 9), (4, 5), "equals", "consistent"),
        ((1, 2), (0, 1), "at_most", "consistent"),
        ((1.1, 2), (0, 1), "at_most", "contradicted"),
        ((-9, -8), (0, 1), "at_most", "consistent"),
        ((0, 1), (1, 2), "at_least", "consistent"),
        ((0, 0.9), (1, 2), "at_least", "contradicted"),
        ((8, 9), (1, 2), "at_least", "consistent"),
        ((8, 9), (1, 2), "none", "not checkable"),
    ],
)
def test_intervals_that_meet_are_consistent(observed, expected, test, found):
    assert verdict(observed, expected, test) == found


ENDS = st.tuples(st.integers(-4, 4), st.integers(-4, 4)).map(sorted)


@settings(max_examples=60)
@given(ENDS, ENDS, st.sampled_from(["equals", "at_most", "at_least"]))
def test_a_claim_stands_if_some_true_values_fit_it(observed, expected, test):
    """Over all pairs of whole numbers that the two intervals hold."""
    fits = {"equals": int.__eq__, "at_most": int.__le__, "at_least": int.__ge__}[test]
    pairs = [(a, b) for a in range(observed[0], observed[1] + 1) for b in range(expected[0], expected[1] + 1)]
    stands = any(fits(a, b) for a, b in pairs)
    assert verdict(observed, expected, test) == ("consistent" if stands else "contradicted")


def test_a_source_of_the_lowest_grade_never_contradicts():
    found = {grade: verdict((1, 2), (3, 4), grade=grade) for grade in GRADES}
    assert found == {"A": "contradicted", "B": "contradicted", "C": "in tension"}
    assert verdict((1, 2), (3, 4), otherwise="not checkable", grade="C") == "not checkable"


@pytest.mark.parametrize(
    ("observed", "expected", "weakest"), [("A", "C", "C"), ("C", "A", "C"), ("A", "", "A"), ("", "B", "B")]
)
def test_the_weaker_of_both_sides_counts(observed, expected, weakest):
    cells = {"check_id": "c", "claim_id": "c", "test": "equals", "otherwise": "contradicted"}
    claim = pd.DataFrame(
        [dict.fromkeys(COLUMNS, "") | cells | {"observed": "one", "expected": "two"}], dtype="str"
    )
    sides = pd.DataFrame({"low": 1, "high": [2, 2], "grade": [observed, expected]}, index=["one", "two"])
    assert compared(claim, sides).grade[0] == weakest


# -- the small corpus ----------------------------------------------------------------------------------


def test_the_verdicts_of_the_small_corpus(small_results):
    found = small_results.checks.set_index("check_id").verdict.to_dict()
    assert found == {
        "bridges-add-up": "consistent",
        "island-within-workers": "consistent",
        "lanmouth-growth-fits-levels": "in tension",
        "lanmouth-multiple-times-first-print": "in tension",
        "lanmouth-multiple-times-revised": "consistent",
        "lanmouth-multiple-grew-by-revised": "in tension",
        "lanmouth-gdp-2021-as-published": "consistent",
        "lanmouth-growth-as-published": "consistent",
        "sandwick-gdp-as-published": "consistent",
        "museum-visitors-as-counted": "contradicted",
        "harbour-share-as-on-the-web": "in tension",  # 7 to 8 against 6.15 to 6.25, of grade C
        "harbour-tonnes-reached": "consistent",
        "traffic-growth-as-reported": "not checkable",
        "income-ratio-as-in-norland": "not checkable",
        "lanmouth-gdp-2021-printed-alike": "consistent",  # found unasked
    }


def test_a_check_says_what_it_compares(small_results):
    checks = small_results.checks.set_index("check_id")
    row = checks.loc["lanmouth-multiple-times-revised"]
    assert row.inputs == "lanmouth-gdp-multiple lanmouth-multiple-revised" and row.grade == "B"
    assert (row.observed_low, row.observed_high) == (2.745, 2.755)
    assert row.explanation == (
        "lanmouth-gdp-multiple is expected to be the same as lanmouth-multiple-revised. "
        "Reading: times that of, base as revised."
    )
    least = checks.loc["harbour-tonnes-reached"]
    assert (least.expected_low, pd.isna(least.expected_high)) == (3_135_000, True)
    most = checks.loc["island-within-workers"]
    assert (pd.isna(most.expected_low), most.expected_high) == (True, 12_450)
    assert most.explanation.startswith("harbour-workers-on-island is expected to be at most harbour-workers.")
    nothing = checks.loc["traffic-growth-as-reported"]
    assert nothing.inputs == "harbour-traffic-growth"
    assert nothing.explanation.startswith(
        "Nothing was found to compare harbour-traffic-growth with. Looked for"
    )
    assert pd.isna(nothing.expected_low) and pd.isna(nothing.expected_high) and nothing.grade == ""


def test_a_changed_figure_turns_a_verdict(small_results):
    derived = small_results.derived.copy()
    derived.loc[derived.derived_id == "bridges-sum", ["value", "low", "high"]] = 10
    found = check(small_results.corpus, small_results.figures, derived).set_index("check_id")
    assert found.verdict["bridges-add-up"] == "contradicted"
    before = small_results.checks.set_index("check_id").verdict.drop("bridges-add-up")
    assert found.verdict.drop("bridges-add-up").equals(before)


def frame(**columns):
    """Checks as `check` returns them, of which only some columns matter."""
    size = len(next(iter(columns.values())))
    return pd.DataFrame({name: [""] * size for name in claiming.COLUMNS_OF_CHECKS} | columns)


@pytest.mark.parametrize(
    ("found", "verdict", "stands", "fails", "left_open"),
    [
        (["in tension", "consistent"], "consistent", "b", "a", ""),
        (["consistent", "consistent"], "consistent", "a · b", "", ""),
        (["in tension", "not checkable"], "undecided", "", "a", "b"),
        (["contradicted", "not checkable"], "undecided", "", "a", "b"),
        (["not checkable", "not checkable"], "not checkable", "", "", "a · b"),
        (["contradicted", "in tension"], "in tension", "", "a · b", ""),
        (["contradicted", "contradicted"], "contradicted", "", "a · b", ""),
    ],
)
def test_a_claim_stands_if_one_of_its_readings_does(found, verdict, stands, fails, left_open):
    tested = frame(
        check_id=["x", "y"], claim_id=["c", "c"], reading=["a", "b"], verdict=found, grade=["A", "B"]
    )
    (row,) = verdicts(tested).itertuples()
    assert (row.verdict, row.stands, row.fails, row.open) == (verdict, stands, fails, left_open)
    assert row.checks == "x y"
    deciding = [grade for grade, one in zip("AB", found, strict=True) if verdict in (one, "undecided")]
    assert row.grade == max(deciding)


def test_claims_keep_their_order_and_readings_are_counted_once(small_results):
    found = verdicts(small_results.checks)
    assert found.claim_id.tolist() == small_results.checks.claim_id.drop_duplicates().tolist()
    multiple = found.set_index("claim_id").loc["lanmouth-multiple"]
    assert multiple.verdict == "consistent" and multiple.stands == "times that of, base as revised"
    assert verdicts(small_results.checks[:0]).empty


def with_prints(results, **cells):
    """The small corpus with cells of the second print of a GDP changed."""
    numerals = results.corpus.numerals.copy()
    for column, value in cells.items():
        numerals.loc[numerals.figure_id == "lanmouth-gdp-2021-again", column] = value
    return replace(results.corpus, numerals=numerals)


def alike(raw):
    return prints_alike(prints(corrected_figures(raw), raw))


def test_prints_of_one_quantity_are_compared_unasked(small_results):
    (row,) = alike(small_results.corpus).itertuples()
    assert row.check_id == "lanmouth-gdp-2021-printed-alike" and row.verdict == "consistent"
    assert row.inputs == "lanmouth-gdp-2021 lanmouth-gdp-2021-again" and row.source == "independent"
    (row,) = alike(with_prints(small_results, token="42.0")).itertuples()
    assert row.verdict == "in tension"
    assert (row.observed_low, row.observed_high) == (41.95e9, 42.05e9)
    assert (row.expected_low, row.expected_high) == (41.685e9, 41.695e9)


def test_many_prints_of_one_quantity_are_one_comparison():
    """Pairs of neighbours meet, but no value fits all three."""
    found = pd.DataFrame(
        {"figure_id": ["a", "b", "c"], "article": ["x", "y", "z"], "numeral_id": "n001", "quantity": "a",
         "value": [1.0, 1.5, 2.0], "low": [0.5, 1.25, 1.75], "high": [1.5, 1.75, 2.25]}
    )  # fmt: skip
    (row,) = prints_alike(found).itertuples()
    assert (row.verdict, row.inputs) == ("in tension", "a b c")
    (row,) = prints_alike(found[:2]).itertuples()
    assert row.verdict == "consistent"


def test_a_repeat_in_the_same_words_is_not_compared(small_results):
    found = prints(corrected_figures(small_results.corpus), small_results.corpus)
    repeats = found[found.figure_id.duplicated()]
    assert len(repeats) and not set(repeats.quantity) & set(prints_alike(found).inputs)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("article", "daily-2022-harbour"),
        ("period", "2020"),
        ("period", ""),
        ("status", "target"),
        ("unit", "usd"),
    ],
)
def test_what_is_not_the_same_quantity_of_two_articles_is_not_compared(small_results, column, value):
    assert alike(with_prints(small_results, **{column: value})).empty


def claim(**cells) -> dict[str, str]:
    """A row of claims.csv."""
    plain = dict.fromkeys(COLUMNS, "") | {"kind": "internal", "claim": "Own", "test": "equals"}
    return plain | {"otherwise": "contradicted"} | cells


def with_claims(results, *rows):
    """The corpus with further rows of claims.csv."""
    before = results.corpus.claims
    lines = range(before.index.max() + 1, before.index.max() + 1 + len(rows))
    more = pd.DataFrame(rows, columns=COLUMNS, index=lines, dtype="str")
    return replace(results.corpus, claims=pd.concat([before, more]))


def test_a_declared_comparison_of_two_prints_of_one_quantity_is_a_fault(small_results):
    own = claim(check_id="own", observed="lanmouth-gdp-2021-again", expected="lanmouth-gdp-2021")
    with pytest.raises(BadInput, match="prints of one are compared unasked"):
        check(with_claims(small_results, own), small_results.figures, small_results.derived)


def test_a_declared_id_that_a_found_pair_has_is_a_fault(small_results):
    key = "lanmouth-gdp-2021-printed-alike"
    bad = with_claims(small_results, claim(check_id=key, observed="bridges-sum", expected="bridges-finished"))
    with pytest.raises(BadInput) as caught:
        check(bad, small_results.figures, small_results.derived)
    assert [(f.line, f.column, f.value) for f in caught.value.faults] == [
        (bad.claims.index.max(), "check_id", key)
    ]


def test_without_claims_only_pairs_are_compared(small_results):
    none = replace(small_results.corpus, claims=small_results.corpus.claims[:0])
    found = check(none, small_results.figures, small_results.derived)
    assert found.check_id.tolist() == ["lanmouth-gdp-2021-printed-alike"]
    alone = replace(none, numerals=with_prints(small_results, period="").numerals)
    nothing = check(alone, small_results.figures, small_results.derived)
    assert nothing.empty and list(nothing.columns) == claiming.COLUMNS_OF_CHECKS
    assert relative_claims(nothing).empty and matters(nothing).empty


def test_the_plot_shows_every_claim_on_the_side_of_its_verdict(small_results):
    shown = relative_claims(small_results.checks)
    assert len(shown) == small_results.checks.claim_id.nunique()
    assert shown.kind.tolist() == sorted(shown.kind.tolist(), key=["internal", "external"].index)
    _on_their_sides(shown)
    visitors = shown[shown.label.str.startswith("Visitors")].iloc[0]
    assert (visitors.low, visitors.high) == pytest.approx((1067 / 1076,) * 2)


def _on_their_sides(shown):
    drawn = shown[shown.low.notna()]
    meet = (drawn.high >= drawn.expected_low.fillna(0)) & (
        drawn.low <= drawn.expected_high.fillna(float("inf"))
    )
    decided = drawn.verdict != "not checkable"
    assert (meet == (drawn.verdict == "consistent"))[decided].all(), drawn
    assert set(shown.verdict[shown.low.isna()]) <= {"not checkable"}


def test_a_claim_about_a_number_that_may_be_zero_has_no_place_on_the_plot(small_results):
    checks = small_results.checks.copy()
    checks.loc[checks.check_id == "museum-visitors-as-counted", "observed_low"] = 0
    shown = relative_claims(checks)
    row = shown[shown.label.str.startswith("Visitors")].iloc[0]
    assert pd.isna(row.low) and pd.isna(row.expected_low)


def test_claims_of_one_matter_are_one_agreement_or_one_discrepancy():
    tested = frame(
        check_id=["a", "b", "c", "d", "e"], claim_id=["a", "b", "c", "d", "e"],
        matter=["one", "one", "two", "two", ""],
        verdict=["consistent", "in tension", "consistent", "not checkable", "not checkable"],
        source=["independent", "independent", "may be own", "", ""], test=["equals"] * 5,
    )  # fmt: skip
    found = matters(tested).set_index("matter")
    assert found.outcome.to_dict() == {"one": "discrepancy", "two": "agreement", "e": "not checkable"}
    assert found.independent.to_dict() == {"one": True, "two": False, "e": False}
    assert found.claims["two"] == "c d"


@pytest.mark.parametrize(
    ("observed", "expected", "grade", "result"),
    [
        ((10, 11), (5, 5.5), "A", "in tension"),  # less than twice as much
        ((10, 11), (4, 4.9), "A", "contradicted"),
        ((4, 4.9), (10, 11), "A", "contradicted"),
        ((10, 11), (4, 4.9), "C", "in tension"),
        ((10, 11), (0, 0), "A", "in tension"),  # no multiple of nothing
        ((10, 11), (-3, -2), "A", "in tension"),
    ],
)
def test_a_difference_of_definition_explains_up_to_a_factor(observed, expected, grade, result):
    assert verdict(observed, expected, otherwise="in tension", grade=grade) == result


# -- bad claims ------------------------------------------------------------------------------------------


def faults(folder):
    with pytest.raises(BadInput) as caught:
        raw = corpus.load(folder)
        figures = clean(raw)
        check(raw, figures, derive(raw, figures))
    return caught.value.faults


@pytest.mark.parametrize(
    ("check_id", "column", "value", "advice"),
    [
        ("bridges-add-up", "test", "equal", "it must be one of"),
        ("bridges-add-up", "kind", "inner", "it must be one of"),
        ("bridges-add-up", "observed", "bridges-sun", "it must be a figure, a constant, a comparator or a derived id; near to it: bridges-sum"),
        ("bridges-add-up", "expected", "lanmouth-gdp-2021", "it must be a quantity in bridge, as observed"),
        ("bridges-add-up", "otherwise", "consistent", "it must be one of"),
        ("bridges-add-up", "source", "no", "it must be one of"),
        ("bridges-add-up", "kind", "external", "it must be internal, as it rests on figures alone"),
        ("lanmouth-gdp-2021-as-published", "kind", "internal", "it must be external, as it rests on a comparator"),
        ("bridges-add-up", "claim_id", "lanmouth-gdp-2021-as-published", "it must be a slug that no check has, or nothing"),
        ("bridges-add-up", "expected", "bridges-sum", "it must be something else than what is observed"),
        ("bridges-add-up", "check_id", "lanmouth-gdp-2021", "it must be a slug that nothing else has"),
        ("bridges-add-up", "claim", "", "it must be what is claimed"),
        ("lanmouth-multiple-times-revised", "claim", "Another", "it must be 'The multiple of Lanmouth fits published levels', as in its first reading"),
        ("lanmouth-multiple-times-revised", "reading", "", "it must be a reading of its own"),
        ("lanmouth-multiple-times-revised", "reading", "times that of, base as first printed", "it must be a reading of its own"),
        ("lanmouth-multiple-times-revised", "kind", "internal", "it must be 'external', as in its first reading"),
        ("lanmouth-multiple-times-revised", "expected", "lanmouth-multiple-first-print", "it must be a comparison of its own"),
        ("traffic-growth-as-reported", "expected", "norland-cagr", "it must be empty, as the test is none"),
        ("traffic-growth-as-reported", "otherwise", "in tension", "it must be not checkable, as the test is none"),
        ("traffic-growth-as-reported", "source", "independent", "it must be empty, as the test is none"),
        ("traffic-growth-as-reported", "note", " ", "it must say what was looked for and not found"),
        ("traffic-growth-as-reported", "note", "", "it must say what was looked for and not found"),
        ("income-ratio-as-in-norland", "note", "", "it must say why nothing follows if the two differ"),
        ("lanmouth-gdp-2021-as-published", "expected", "gdp-lanmouth-2011-revised", "it must be about the period of what is observed, or the note must say why it is not"),
        ("lanmouth-gdp-2021-as-published", "expected", "gdp-norland-2021", "it must be about the entity of what is observed"),
        ("lanmouth-gdp-2021-as-published", "observed", "gdp-lanmouth-2011-revised", "it must rest on a figure of an article, or what is expected must"),
    ],
)  # fmt: skip
def test_a_bad_claim_is_refused(small, edit, line_of, check_id, column, value, advice):
    file = small / "claims.csv"
    line = line_of(file, "check_id", check_id)
    edit(file, line, column, value)
    found = faults(small)
    assert any(
        (f.file, f.line, f.column) == (file, line, column) and f.advice.startswith(advice) for f in found
    ), found
    assert all(abs(f.line - line) <= 1 for f in found)


def test_an_external_claim_may_rest_on_a_constant_alone(small, edit, line_of):
    with open(small / "claims.csv", "a", encoding="utf-8", newline="") as handle:
        own = claim(check_id="own", kind="external", test="at_most", observed="harbour-workers-share")
        csv.DictWriter(handle, COLUMNS, lineterminator="\n").writerow(
            own | {"expected": "hundred-percent", "source": "independent"}
        )
    raw = corpus.load(small)
    figures = clean(raw)
    found = check(raw, figures, derive(raw, figures)).set_index("check_id").loc["own"]
    assert (found.verdict, found.grade) == ("consistent", "")


# -- the five articles ---------------------------------------------------------------------------------------


@pytest.mark.corpus
def test_the_verdicts_of_the_five_articles(real):
    verdict = real.checks.set_index("check_id").verdict
    assert set(verdict) <= set(VERDICTS)
    assert verdict["shenzhen-tasks-add-up"] == "consistent"
    assert verdict["ganshen-trains-in-all"] == "contradicted"
    assert verdict["ganshen-trains-a-day"] == "consistent"
    assert not real.checks.check_id.str.endswith(claiming.ALIKE).any()


@pytest.mark.corpus
def test_the_multiples_stand_on_the_revised_base_and_on_no_other(real):
    claims = verdicts(real.checks).set_index("claim_id")
    for city in ("ganzhou", "fuzhou-jiangxi"):
        assert claims.verdict[f"{city}-multiple"] == "consistent"
        assert claims.stands[f"{city}-multiple"] == "times that of, base as revised"
    assert claims.verdict["jian-multiple"] == "undecided"
    assert claims.open["jian-multiple"] == "times that of, base as revised · grew by, base as revised"
    by_id = real.checks.set_index("check_id")
    assert (by_id.verdict.filter(regex="-multiple-grew-") != "consistent").all()
    assert by_id.grade["ganzhou-multiple-times-revised"] == "C"


@pytest.mark.corpus
def test_a_weak_source_of_the_five_articles_puts_in_tension_only(real):
    names = ["ganzhou-multiple-times-first-print", "xpeng-plant-within-deliveries"]
    claims = real.corpus.claims.copy()
    claims.loc[claims.check_id.isin(names), "otherwise"] = "contradicted"
    found = check(replace(real.corpus, claims=claims), real.figures, real.derived).set_index("check_id")
    assert found.verdict[names[0]] == found.otherwise[names[0]] == "in tension"
    assert found.verdict[names[1]] == "contradicted"  # the company's own results
    assert not ((found.grade == "C") & (found.verdict == "contradicted")).any()


@pytest.mark.corpus
def test_the_plot_of_the_five_articles_shows_every_claim_on_its_side(real):
    shown = relative_claims(real.checks)
    assert len(shown) == real.checks.claim_id.nunique()
    _on_their_sides(shown)
    assert (shown.verdict[shown.low.notna()] != "consistent").sum() >= 5
