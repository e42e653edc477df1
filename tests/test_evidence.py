"""Numbers by their ids: how they are shown, and what is behind them."""

import re
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.reporting import numbers
from helpers.reporting.evidence import Evidence, described
from helpers.reporting.numbers import PRINTED
from helpers.vocabulary import SCALE_WORDS

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def known(corpus, results):
    return Evidence(corpus, **results)


@pytest.mark.parametrize(
    ("key", "value", "range_"),
    [
        ("ganzhou-gdp-2021", "416.9 billion yuan", "416.85 to 416.95 billion yuan"),
        ("ganzhou-gdp-cagr-2011-2021", "10.4 percent a year", "10.2 to 10.7 percent a year"),
        ("ganzhou-gdp-2011-implied", "154.4 billion yuan", "151.5 to 157.4 billion yuan"),
        ("ganzhou-workshops", "more than 900 workshops", "900 to 990 workshops"),
        ("ganzhou-jobs-per-workshop", "at most 67 people", "54 to 67 people"),
        ("gba-gdp-2021", "about 12.6 trillion yuan", "12.5 to 12.7 trillion yuan"),
        ("shenzhen-key-tasks", "56 tasks", "exactly 56 tasks"),
        ("ganzhou-listed-companies-multiple", "5.33 times", "5.33 times"),
        (
            "guangdong-income-ratio-change",
            "−0.21 points of the ratio",
            "−0.22 to −0.20 points of the ratio",
        ),
        ("jushengtai-gba-output-share", "50 percent", "45 to 55 percent"),
        ("kilograms-per-jin", "0.5 kg per jin", "exactly 0.5 kg per jin"),
        ("heaped-five-p", "less than 0.001", "0.000 to 0.001"),
        ("agreement-class-kappa", "0.97", "0.94 to 1.00"),  # its unit has no name
    ],
)
def test_how_numbers_are_shown(known, key, value, range_):
    assert known.value(key) == value
    assert known.range(key) == range_


@given(st.floats(1e-3, 1e13), st.floats(1e-6, 0.5))
def test_a_shown_value_is_no_finer_than_its_uncertainty_and_close_to_it(value, spread):
    low, high = value * (1 - spread), value * (1 + spread)
    step = numbers.shown_step(value, low, high)
    shown = float(numbers.grouped(Decimal(repr(value)), step).replace(",", ""))
    assert abs(shown - value) <= float(step) / 2 * (1 + 1e-9)
    assert float(step) <= max((high - low) / 2, value * 10 ** (1 - numbers.SIGNIFICANT)) * (1 + 1e-9)
    assert float(step) >= value * 10 ** (-numbers.SIGNIFICANT) * (1 - 1e-9)


def amounts(text):
    """The numbers of a text in base units, each with the step of its last digit."""
    text = text.replace(",", "").replace("−", "-")
    factor = next(
        (Decimal(f) for word, f in SCALE_WORDS.items() if re.search(rf"\d {word}", text)), Decimal(1)
    )
    found = [Decimal(one) for one in re.findall(r"-?\d+(?:\.\d+)?", text)]
    return [(one * factor, Decimal(1).scaleb(one.as_tuple().exponent) * factor) for one in found]


def test_every_id_shows_a_value_inside_its_range_in_every_form(known):
    ranges = 0
    for key, (kind, row) in known.rows.items():
        if kind in ("check", "claim"):
            continue
        united, bare, full = (amounts(getattr(known, form)(key))[0] for form in ("value", "number", "full"))
        value, low, high = (Decimal(repr(float(end))) for end in (row.value, row.low, row.high))
        assert united[0] == bare[0], key
        assert abs(full[0] - value) <= Decimal("1e-9") * abs(value), key
        assert full[1] <= united[1], key
        assert abs(united[0] - value) < known._quantity(key).step, key
        least, most = amounts(known.low(key))[0], amounts(known.high(key))[0]
        (first, step), *rest = amounts(known.range(key))
        if " to " not in known.range(key).removesuffix(" to 1"):  # a ratio is so many to one
            assert least == most == united == (first, step), key
            assert kind == "figure" or high - low < known._quantity(key).step or low == high, key
            assert "exactly" not in known.range(key) or low == high == united[0], key
            continue
        ranges += 1
        assert (first, rest[0][0]) == (least[0], most[0]) and step == rest[0][1], key  # one step for both
        assert kind in PRINTED or step == united[1] or united[0] % 10 == 0, key  # and for the value
        slack = Decimal("1e-12") * max(abs(low), abs(high))
        assert least[0] <= low + slack and most[0] >= high - slack, key
        assert least[0] <= united[0] <= most[0], key
        assert kind == "figure" or high - low >= united[1] * (1 - slack), key
    assert ranges > 300


def test_decimals_say_what_a_number_means(known):
    for key, (kind, row) in known.rows.items():
        if kind not in ("derived", "comparator") or row.low == row.high:
            continue
        (shown, step), unit = amounts(known.value(key))[0], known.units.loc[row.unit]
        point = unit.plural == "percentage points"
        if kind == "derived" and unit.kind in ("rate", "share") and abs(shown) >= Decimal("0.1"):
            assert step >= (Decimal("0.01") if point and abs(row.value) < 1 else Decimal("0.1")), key
        if unit.kind == "money" or kind == "derived":
            assert len((shown / step).normalize().as_tuple().digits) <= 4, key


def test_a_figure_keeps_the_digits_of_its_token(known):
    decimals = known.figures[
        known.figures.token.str.contains(r"^[\d,]+\.\d+$") & (known.figures.corrected == "")
    ]
    assert len(decimals) > 15
    for key, token in decimals.token.items():
        if known.figures.value[key] / float(token) in (1, *SCALE_WORDS.values()):
            assert re.search(rf"(^|\s){re.escape(token)}\b", known.value(key)), key


def test_a_bound_can_be_shown_alone(known):
    assert known.high("shenzhen-key-tasks") == "56 tasks"
    assert known.low("ganzhou-gdp-2021") == "416.85 billion yuan"
    assert known.high("ganzhou-gdp-cagr-2011-2021") == "10.7 percent a year"


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2021", "2021"),
        ("2011/2021", "2011 to 2021"),
        ("2016/..", "since 2016"),
        ("2022-Q1", "quarter 1 of 2022"),
        ("2021-Q4/2022-Q1", "quarter 4 of 2021 to quarter 1 of 2022"),
    ],
)
def test_a_period_is_said_in_words(corpus, results, period, words):
    figures = results["figures"].head(1).assign(period=period)
    assert Evidence(corpus, figures=figures).period(figures.figure_id.iloc[0]) == words


def test_less_than_is_said_where_the_table_says_it(corpus, results):
    """A count that begins at nothing has the same numbers and is no bound."""
    table = results["statistics"].head(1).assign(value=0.001, low=0.0, high=0.001, unit="")
    key = table.statistic_id.iloc[0]
    shown = {
        word: Evidence(corpus, statistics=table.assign(qualifier=word)).value(key)
        for word in ("", "less_than")
    }
    assert shown["less_than"] == "less than 0.001" and "less" not in shown[""]


def test_tables_that_are_left_out_are_empty(corpus, results):
    known = Evidence(corpus, statistics=results["statistics"])
    assert known.value("numerals-all") and known.figures.empty and known.verdicts.empty


def test_an_id_that_stands_in_two_tables_is_refused(corpus, results):
    derived = results["derived"].replace("jian-gdp-cagr-2011-2021", "shenzhen-tasks-add-up")
    with pytest.raises(ValueError, match="one table only: shenzhen-tasks-add-up"):
        Evidence(corpus, **results | {"derived": derived})


def test_evidence_goes_down_to_the_numerals(known):
    found = known.closure(["three-cities-gdp-cagr-2011-2021"])
    assert found[:2] == ["three-cities-gdp-cagr-2011-2021", "three-cities-gdp-multiple-2011-2021"]
    assert {"ganzhou-gdp-2021", "fuzhou-jiangxi-gdp-multiple-2011-2021"} <= set(found)


def test_a_comparator_is_shown_as_finely_as_its_source_prints_and_names_it(known):
    assert known.value("gdp-ganzhou-2011-revised") == "152.0 billion yuan"
    assert known.value("rd-share-of-gdp-ganzhou-2020") == "1.58 percent"
    said = described(known.fact("gdp-china-2021"))
    assert "World Bank" in said and "CC BY 4.0" in said and "grade A" in said
    assert "https://data.worldbank.org/" in said
    assert known.closure(["ganzhou-multiple-revised"])[-2:] == [
        "gdp-ganzhou-2011-revised",
        "gdp-ganzhou-2021",
    ]


def test_a_claim_of_several_readings_leads_to_each(known):
    assert known.value("ganzhou-multiple") == "consistent"
    assert "it stands when read as: times that of, base as revised" in described(
        known.fact("ganzhou-multiple")
    )
    assert "ganzhou-multiple-grew-first-print" in known.inputs("ganzhou-multiple")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("shenzhen-key-tasks", "tested as equal: shenzhen-tasks-add-up (consistent)"),
        ("lianzhang-income-2021", "not tested: no statistic found: income of one village"),
        ("ganzhou-gdp-2021", "printed “416.9” in The Paper, paragraph 4, characters "),
        ("ganzhou-gdp-cagr-2011-2021", "= (ganzhou-gdp-multiple-2011-2021 ^ (1 / 10) − 1) × 100"),
    ],
)
def test_what_an_explanation_says(known, key, said):
    assert said in described(known.fact(key))


def test_no_evidence_says_a_thing_twice(known):
    for key, (_, row) in known.rows.items():
        said = described(known.fact(key))
        assert not said.endswith(".."), key
        note = row.get("note", "")
        assert not note or said.count(note.rstrip(".")) == 1, key


def test_the_range_of_a_statistic_is_shown_where_only_one_end_is_open(small_corpus):
    row = {"statistic_id": "machine-unit-share", "statistic": "s", "value": 90.0, "low": 90.0, "high": 99.0,
           "unit": "percent", "qualifier": "", "formula": "f"}  # fmt: skip
    known = Evidence(small_corpus, statistics=pd.DataFrame([row]))
    assert "90 to 99 percent" in described(known.fact("machine-unit-share"))
