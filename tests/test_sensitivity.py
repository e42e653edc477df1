"""Every scenario of the table is what one gets by cleaning, deriving and checking anew."""

import random
import re
from dataclasses import replace

import nbformat
import pandas as pd
import pytest

from helpers import paths
from helpers.checking import sensitivity as s
from helpers.checking.claims import check, claim_verdict
from helpers.checking.what_if import LOST
from helpers.corpus import schema
from helpers.corpus.faults import BadInput
from helpers.deriving.cleaning import clean
from helpers.deriving.derivations import derive
from helpers.deriving.intervals import rule_set
from helpers.notebooks import FINDINGS
from helpers.reporting.findings import parsed

KINDS = list(s.CHOICES)
FIRST = {kind: names[0] for kind, names in s.CHOICES.items()}


def run(results):
    return s.sensitivity(results.corpus, results.figures, results.derived, results.checks)


@pytest.fixture(scope="module")
def found(small_results):
    return run(small_results)


def anew(results, choices):
    """Derived quantities and checks of a corpus in which these choices are made, nothing taken over."""
    corpus = results.corpus
    if choices["corrections"] != FIRST["corrections"]:
        kept = corpus.corrections[corpus.corrections.confidence != "medium"]
        corpus = replace(corpus, corrections=kept)
    comparators = corpus.comparators.set_index("comparator_id")
    whole = comparators.copy()
    for row in corpus.vintages.itertuples():
        if choices[row.year] == row.vintage:
            columns = ["value", "low", "high"]
            whole.loc[row.comparator_id, columns] = comparators.loc[row.instead, columns]
    corpus = replace(corpus, comparators=whole.reset_index())
    rules = rule_set(choices["rules"], cut=choices["rounding"] == "cut", whole=choices["step"] == "whole")
    figures = clean(corpus, rules)
    derived = derive(corpus, figures)
    return figures, derived, check(corpus, figures, derived, rules)


def compare(results, found, choices):
    figures, derived, checks = anew(results, choices)
    values = pd.concat([figures.set_index("figure_id"), derived.set_index("derived_id")])
    verdict = checks.groupby("claim_id").verdict.agg(claim_verdict)
    compared = 0
    for key, group in found.groupby("id"):
        depends = [kind for kind in KINDS if (group[kind] != "").any()]
        row = group[(group[depends] == [choices[kind] for kind in depends]).all(axis=1)]
        if row.empty:  # prints that are not compared under these rules
            continue
        row, compared = row.iloc[0], compared + 1
        if row.kind == "claim":
            assert row.verdict == verdict.get(key, row.verdict), (key, choices)
        else:
            own = values.loc[key]
            assert (row.low, row.value, row.high) == (own.low, own.value, own.high), (key, choices)
    assert compared == found.id.nunique()


def scenarios(found, count, seed):
    draw = random.Random(seed)
    names = {
        kind: [n for n in s.CHOICES[kind] if (found[kind] == n).any()] or [FIRST[kind]] for kind in KINDS
    }
    names["corrections"] = [FIRST["corrections"]]  # without them derivations are refused
    return [FIRST, *({kind: draw.choice(names[kind]) for kind in KINDS} for _ in range(count))]


def test_every_scenario_is_what_one_gets_anew(small_results, found):
    for choices in scenarios(found, 14, 1):
        compare(small_results, found, choices)


def test_corrections_of_medium_confidence_left_out(small_results, found):
    compare(small_results, found, FIRST | {"corrections": "without medium"})


@pytest.mark.corpus
def test_every_scenario_is_what_one_gets_anew_in_the_five_articles(real):
    found = run(real)
    for choices in scenarios(found, 5, 2):
        compare(real, found, choices)


@pytest.mark.corpus
def test_what_corrections_make_possible_cannot_be_computed_without_them(real):
    """Without the period of the sum, livelihood of a year cannot be said; derivations refuse it."""
    found = run(real)
    with pytest.raises(BadInput, match="as no input has a period"):
        anew(real, FIRST | {"corrections": "without medium"})
    lost = found[found.verdict == LOST]
    assert set(lost.corrections) == {"without medium"}
    assert "ganzhou-livelihood-2015-part-of-year" in set(lost.id)
    assert lost.value.isna().all()


def test_only_choices_that_make_a_difference_are_shown(found):
    for key, group in found.groupby("id"):
        assert not group.duplicated(KINDS).any(), key
    plain = found[found.id == "bridges-add-up"]
    assert len(plain) == 1 and (plain[KINDS] == "").all(axis=None)  # three exact counts
    multiple = found[found.id == "lanmouth-multiple"]
    assert set(multiple.base) == {"as used", "older", "newer"} and set(multiple["last"]) == {""}
    assert list(found.columns) == schema.SENSITIVITY.columns


def test_the_first_row_of_an_id_is_what_is_reported(small_results, found):
    first = found.drop_duplicates("id").set_index("id")
    verdict = small_results.checks.groupby("claim_id").verdict.agg(claim_verdict)
    claims = first[first.kind == "claim"]
    assert (claims.verdict == verdict[claims.index]).all() and len(claims) == len(verdict)


def row(key, verdict, **choices):
    cells = dict.fromkeys(KINDS, "") | choices
    return {"id": key, "kind": "claim", **cells, "verdict": verdict, "low": None, "value": None, "high": None}


def test_what_would_change_a_verdict_in_words():
    table = pd.DataFrame(
        [
            row("a", "consistent", rules="usual", rounding="rounded"),
            row("a", "in tension", rules="usual", rounding="cut"),
            row("a", "consistent", rules="wide", rounding="rounded"),
            row("a", "consistent", rules="wide", rounding="cut"),
            row("b", "in tension", rules="usual", base="as used"),
            row("b", "in tension", rules="usual", base="older"),
            row("b", "in tension", rules="wide", base="as used"),
            row("b", "consistent", rules="wide", base="older"),
            row("c", "consistent"),
        ]
    )
    found = s.differing(table)
    assert found.claim_id.tolist() == ["a", "b"] and found.kind.tolist() == ["rounding", ""]
    assert found.after.tolist() == ["in tension", "consistent"]
    assert found.words[0] == s.CHOICE_WORDS["rounding", "cut"]
    assert found.words[1] == " and ".join(
        s.CHOICE_WORDS[pair] for pair in (("rules", "wide"), ("base", "older"))
    )
    rows = {r.statistic_id: r.value for r in s.sensitivity_statistics(table)}
    assert rows["sensitivity-claims"] == 3 and rows["sensitivity-claims-steady"] == 1
    assert rows["sensitivity-rounding-cut"] == rows["sensitivity-only-together"] == 1
    shown = s.by_choice(table).set_index(["claim_id", "choice"]).verdict
    assert shown["a", "as reported"] == "consistent" and shown["b", "as reported"] == "in tension"
    assert shown["a", s.CHOICE_WORDS["rounding", "cut"]] == "in tension"
    assert shown["b", s.CHOICE_WORDS["rules", "wide"]] == "in tension"


@pytest.mark.parametrize(
    ("file", "line", "column", "value", "said"),
    [
        ("vintages.csv", 2, "instead", "gdp-lanmouth-2021", "same indicator, entity, period and unit"),
        ("vintages.csv", 2, "comparator_id", "gdp-lanmouth-2011-revise", "near to it: gdp-lanmouth-2011-revised"),
        ("vintages.csv", 2, "vintage", "oldest", "older"),
        ("headlines.csv", 2, "headline", "lanmouth-gdp-cag", "near to it: lanmouth-gdp-cagr"),
    ],
)  # fmt: skip
def test_a_vintage_or_a_headline_that_does_not_fit_is_refused(small, edit, file, line, column, value, said):
    from helpers import corpus

    edit(small / file, line, column, value)
    with pytest.raises(BadInput, match=said):
        corpus.load(small)


@pytest.mark.corpus
def test_what_the_findings_answer_with_is_a_headline(real):
    """Every figure and derived quantity that an answer or the summary of the findings shows a number of."""
    known = {*real.figures.figure_id, *real.derived.derived_id}
    shown = set()
    for cell in nbformat.read(paths.NOTEBOOKS / f"{FINDINGS}.ipynb", as_version=4).cells:
        magic, _, text = cell.source.partition("\n")
        if magic.startswith(("%%finding", "%%summary")):
            answer = parsed(text)["answer"] if "finding" in magic else text
            found = re.findall(r"\{\{\s*([a-z0-9-]+)\s*(?:\|\s*(\w+)\s*)?\}\}", answer)
            shown |= {key for key, form in found if form not in ("name", "entity", "period")}
    assert shown
    missing = sorted((shown & known) - set(real.corpus.headlines.headline))
    assert missing == [], f"headlines.csv needs {', '.join(missing)}"
