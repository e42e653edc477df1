"""Growth beside that of others: worked examples, properties, and all of it computed a second time by other means.

The second computation reads the tables with `csv` and uses sums, numpy and chances counted out; it shares no
code with the notebook.
"""

import csv
import itertools
import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import paths
from helpers.checking import differentials, dispersion, vintages

BEFORE = 2020
LEADS = [0.9, 0.4, 0.3, 0.5, 0.5, 0.7, 0.6, 0.5, 0.4, 0.2]  # of a city over its province


def growth(values, half=0.05):
    table = pd.DataFrame({"value": values}, index=range(2012, 2012 + len(values)), dtype=float)
    return table.assign(low=table.value - half, high=table.value + half)


def lead(values, half=0.0):
    return growth(values, half)[["low", "value", "high"]]


def found(rows, prefix="differential"):
    return {
        row.statistic_id.removeprefix(f"{prefix}-").removesuffix("-x"): (row.value, row.low, row.high)
        for row in rows
    }


def told(values):
    return found(differentials.differential_statistics(lead(values), "x", "X", BEFORE))


# -- written out -------------------------------------------------------------------------------------------


def newey_west(y, columns, lags):
    """Coefficients and standard errors, with Bartlett's weights and the small-sample factor, as sums."""
    size, many = len(y), len(columns)
    x = np.array(columns, dtype=float).T
    inverse = np.linalg.inv(x.T @ x)
    coefficients = inverse @ x.T @ np.array(y)
    left = np.array(y) - x @ coefficients
    middle = np.zeros((many, many))
    for one, other in itertools.product(range(size), repeat=2):
        weight = max(0.0, 1 - abs(one - other) / (lags + 1))
        middle += weight * left[one] * left[other] * np.outer(x[one], x[other])
    covariance = size / (size - many) * inverse @ middle @ inverse
    return coefficients, np.sqrt(np.diag(covariance))


def wanted_mean(y):
    """Mean with its interval, for eight to eleven values: two lags, and Kiefer and Vogelsang's polynomial."""
    (mean,), (error,) = newey_west(y, [[1] * len(y)], 2)
    b = 3 / len(y)
    reach = error * (1.96 + 2.9694 * b + 0.416 * b**2 - 0.5324 * b**3)
    return [mean, mean - reach, mean + reach], error


def wanted_slope(y, student):
    size = len(y)
    t = [k - (size - 1) / 2 for k in range(size)]
    slope = sum(a * b for a, b in zip(t, y, strict=True)) / sum(a * a for a in t)
    mean = sum(y) / size
    left = sum((b - mean - slope * a) ** 2 for a, b in zip(t, y, strict=True))
    plain = student * math.sqrt(left / (size - 2) / sum(a * a for a in t))
    b = 3 / size
    robust = newey_west(y, [[1] * size, t], 2)[1][1] * (1.96 + 2.9694 * b + 0.416 * b**2 - 0.5324 * b**3)
    reach = max(plain, robust)
    return [slope, slope - reach, slope + reach]


def counted_chance(above, below):
    """Percent of all sequences of signs that are at least as uneven."""
    signs = above + below
    splits = [sum(signs) for signs in itertools.product((0, 1), repeat=signs)]
    uneven = abs(2 * above - signs)
    return 100 * sum(abs(2 * ones - signs) >= uneven for ones in splits) / len(splits)


# -- leads -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [LEADS, LEADS[1:] + [-0.3], [3.6, 2, 2.2, 1.6, 2, 2, 2.5, 2.2, 1.9, 1.1]])
def test_mean_and_slope_of_a_lead_are_those_of_the_formulas(values):
    rows = told(values)
    mean, error = wanted_mean(values)
    assert rows["mean"] == pytest.approx(mean)
    assert rows["error"][0] == round(error, 3)
    assert rows["error-plain"][0] == round(statistics.stdev(values) / math.sqrt(len(values)), 3)
    assert rows["slope"] == pytest.approx(
        wanted_slope(values, 2.306004), rel=1e-6
    )  # eight degrees of freedom
    assert rows["mean-early"] == pytest.approx(wanted_mean(values[:8])[0])  # 2012 to 2019
    beside = statistics.correlation(values[:-1], values[1:])
    assert rows["neighbours"][0] == round(beside, 2)


def test_a_steady_lead_has_no_error_and_a_falling_one_its_slope():
    rows = told([0.5] * 10)
    assert rows["mean"] == pytest.approx((0.5, 0.5, 0.5)) and rows["slope"][0] == pytest.approx(0)
    assert rows["neighbours"][0] == 0
    assert told([2 - 0.1 * k for k in range(10)])["slope"] == pytest.approx((-0.1, -0.1, -0.1))


@given(st.lists(st.integers(-50, 50), min_size=10, max_size=10), st.integers(-30, 30))
def test_a_lead_is_moved_by_what_is_added_and_turned_by_its_sign(values, more):
    values, more = [value / 10 for value in values], more / 10
    base, moved, turned = (told(v) for v in (values, [v + more for v in values], [-v for v in values]))
    assert moved["mean"] == pytest.approx([end + more for end in base["mean"]], abs=1e-8)
    assert moved["slope"] == pytest.approx(base["slope"], abs=1e-8)
    assert turned["mean"] == pytest.approx([-base["mean"][k] for k in (0, 2, 1)], abs=1e-8)
    assert (turned["above"], turned["below"]) == (base["below"], base["above"])
    assert turned["sign"] == base["sign"]


def test_intervals_hold_what_they_should_when_years_are_not_correlated():
    """Nineteen of twenty; with Student's t in place of the wider value it would be nine of ten."""
    random = np.random.default_rng(5)
    held = {"mean": 0, "slope": 0}
    for values in random.standard_normal((400, 10)):
        rows = told(list(values))
        for key in held:
            held[key] += rows[key][1] <= 0 <= rows[key][2]
    assert all(0.925 <= count / 400 <= 0.99 for count in held.values()), held


def test_a_year_counts_only_if_rounding_cannot_undo_it():
    ours, theirs = growth([9.0] * 8 + [8.9, 9.1]), growth([8.9] * 8 + [8.9, 9.3])
    between = differentials.differences(ours, theirs)
    assert between.iloc[0].tolist() == [0, 0.1, 0.2]  # 0.1, give or take the two halves of a digit
    rows = found(differentials.differential_statistics(between, "x", "X", BEFORE))
    assert (rows["above"][0], rows["below"][0], rows["years"][0]) == (0, 1, 10)
    assert rows["sign"][0] == 3.9  # as printed eight above, one below, one equal: 20 of 512
    assert rows["last"] == pytest.approx((-0.2, -0.3, -0.1))


@pytest.mark.parametrize("split", [(10, 0), (9, 1), (7, 3), (5, 5), (0, 4)])
def test_the_sign_test_counts_all_splits(split):
    assert differentials.sign_chance(*split) == pytest.approx(counted_chance(*split))


def test_no_year_that_differs_has_no_sign():
    assert differentials.sign_chance(0, 0) == 100


def test_other_years_and_too_few_are_refused():
    with pytest.raises(ValueError, match="same 8 years or more"):
        differentials.differences(growth([1.0] * 9), growth([1.0] * 10))
    with pytest.raises(ValueError, match="same 8 years or more"):
        differentials.differences(growth([1.0] * 7), growth([1.0] * 7))
    with pytest.raises(ValueError, match="years before 2013"):
        differentials.differential_statistics(lead(LEADS), "x", "X", 2013)


# -- spread and catching up ----------------------------------------------------------------------------------


def hc3(x, y, student):
    """Slope of y on x with the interval of HC3, written out."""
    size, mean = len(x), sum(x) / len(x)
    t = [a - mean for a in x]
    square = sum(a * a for a in t)
    slope = sum(a * b for a, b in zip(t, y, strict=True)) / square
    middle = sum(y) / size
    variance = 0.0
    for a, b in zip(t, y, strict=True):
        leverage = 1 / size + a * a / square
        variance += (a * (b - middle - slope * a) / (1 - leverage)) ** 2
    error = math.sqrt(variance) / square
    return [slope, slope - student * error, slope + student * error], error


def pitman_morgan(x, y, student):
    size, r = len(x), statistics.correlation(x, y)
    ratio = statistics.pvariance(y) / statistics.pvariance(x)
    k = 1 + 2 * (1 - r * r) * student**2 / (size - 2)
    low, high = (ratio * (k + side * math.sqrt(k * k - 1)) for side in (-1, 1))
    return [math.sqrt(ratio), math.sqrt(low), math.sqrt(high)]


def levels(first, last):
    return pd.DataFrame({2011: first, 2021: last}, index=list("abcdefg")[: len(first)], dtype=float)


FIRST, LAST = [10, 20, 40, 80, 200.0, 300], [25, 45, 100, 170, 430.0, 640]
STUDENT = 2.776445  # 97.5 %, four degrees of freedom


def test_spread_and_slope_are_those_of_the_formulas():
    rows = found(dispersion.dispersion_statistics(levels(FIRST, LAST), "x", "X"), "none")
    x, y = ([math.log(value) for value in part] for part in (FIRST, LAST))
    rate = [10 * (b - a) for a, b in zip(x, y, strict=True)]  # a hundredth of ten years
    slope, error = hc3([a / math.log(2) for a in x], rate, STUDENT)
    assert rows["convergence-slope"] == pytest.approx(slope, rel=1e-6)
    assert rows["convergence-error"][0] == round(error, 3)
    assert rows["dispersion-sigma-first"][0] == round(statistics.pstdev(x), 3)
    assert rows["dispersion-sigma-last"][0] == round(statistics.pstdev(y), 3)
    assert rows["dispersion-ratio"] == pytest.approx(pitman_morgan(x, y, STUDENT), rel=1e-6)
    without = []
    for k in range(6):
        some = [[v for n, v in enumerate(part) if n != k] for part in (x, rate)]
        without.append(hc3([a / math.log(2) for a in some[0]], some[1], STUDENT)[0][0])
    assert rows["convergence-slope-without-one"][1:] == pytest.approx((min(without), max(without)))


def test_growth_that_is_alike_changes_nothing_and_smaller_ones_catch_up():
    rows = found(dispersion.dispersion_statistics(levels(FIRST, [2 * v for v in FIRST]), "x", "X"), "none")
    assert rows["convergence-slope"] == pytest.approx((0, 0, 0), abs=1e-9)
    assert rows["dispersion-ratio"] == pytest.approx((1, 1, 1), abs=1e-6)
    roots = [100 * math.sqrt(v) for v in FIRST]  # the logarithm grows by less the larger it is
    rows = found(dispersion.dispersion_statistics(levels(FIRST, roots), "x", "X"), "none")
    assert rows["convergence-slope"][0] == pytest.approx(-100 * math.log(2) / 2 / 10)
    assert rows["dispersion-ratio"][0] == pytest.approx(0.5)


def test_the_unit_of_money_does_not_matter():
    table = levels(FIRST, LAST)
    one, other = (
        found(dispersion.dispersion_statistics(part, "x", "X"), "none") for part in (table, table * 1e9)
    )
    for key in one:
        assert other[key] == pytest.approx(one[key], abs=1e-8)


def test_volumes_chain_growth_on_the_first_level():
    chained = dispersion.volumes(
        pd.Series({"a": 100.0, "b": 10.0}),
        pd.DataFrame({2012: {"b": 0.0, "a": 10.0}, 2013: {"b": 50.0, "a": -10.0}}),
    )
    assert chained.loc["a"].tolist() == pytest.approx([100, 110, 99])
    assert chained.loc["b"].tolist() == pytest.approx([10, 10, 15])
    assert list(chained.columns) == [2011, 2012, 2013]


@pytest.mark.parametrize(
    "table", [levels([1, 2, 3, 4], [1, 2, 3, 4]), levels([0, 2, 3, 4, 5], [1, 2, 3, 4, 5])]
)
def test_too_few_places_and_levels_of_nothing_are_refused(table):
    with pytest.raises(ValueError, match="levels above zero of 5 places"):
        dispersion.dispersion_statistics(table, "x", "X")


# -- vintages --------------------------------------------------------------------------------------------------


def test_pairs_of_vintages_are_of_the_same_years_and_alike_by_the_census():
    derived = pd.DataFrame(
        [
            ("a-cagr-first-print-to-end", "2011/2021", 9.1, 9.2),
            ("a-cagr-revised-to-end", "2011/2021", 9.6, 9.7),
            ("a-cagr-revised-to-early", "2011/2020", 9.2, 9.3),
            ("a-cagr-2017-2021", "2017/2021", 20, 20),  # no growth by vintage
            ("b-cagr-older-to-end", "2011/2021", 9.4, 9.5),
            ("b-cagr-revised-to-end", "2011/2021", 9.65, 9.8),
            ("b-cagr-older-to-early", "2011/2020", 9.0, 9.2),
        ],
        columns=["derived_id", "period", "low", "high"],
    ).assign(value=lambda table: (table.low + table.high) / 2)
    rows = found(vintages.vintage_tallies(derived, "a", "b", "A and B"), "vintages")
    assert {key.removesuffix("-a-b"): value for key, (value, *_) in rows.items()} == {
        "pairs": 5,
        "above": 1,  # revised over older; the two that touch at 9.2, and those that overlap, do not count
        "alike-pairs": 2,
        "alike-above": 0,
    }


# -- the five articles, a second time ------------------------------------------------------------------------

NINE = "dongguan foshan guangzhou huizhou jiangmen shenzhen zhaoqing zhongshan zhuhai".split()
FOUR = ["ganzhou", "jian", "fuzhou-jiangxi", "nanchang"]


def table(name):
    with open(name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def printed():
    return {row["comparator_id"]: float(row["value"]) for row in table(paths.RAW / "comparators.csv")}


@pytest.fixture(scope="module")
def told_of():
    rows = table(paths.PROCESSED / "growth_statistics.csv")
    return {row["statistic_id"]: [float(row[end]) for end in ("value", "low", "high")] for row in rows}


@pytest.fixture(scope="module")
def derived_of():
    return {row["derived_id"]: float(row["value"]) for row in table(paths.PROCESSED / "derived.csv")}


@pytest.mark.corpus
def test_leads_of_the_five_articles_come_out_again(printed, told_of):
    pairs = {
        key.removeprefix("differential-mean-")
        for key in told_of
        if key.startswith("differential-mean-") and "-early-" not in key
    }
    assert len(pairs) == told_of["differential-pairs"][0] == 17
    places = [*FOUR, *NINE, "jiangxi", "guangdong", "china"]
    for name in pairs:
        (ours, theirs) = next((a, b) for a, b in itertools.permutations(places, 2) if f"{a}-{b}" == name)
        y = [
            printed[f"gdp-growth-{ours}-{k}"] - printed[f"gdp-growth-{theirs}-{k}"] for k in range(2012, 2022)
        ]
        mean, error = wanted_mean(y)
        assert told_of[f"differential-mean-{name}"] == pytest.approx(mean, rel=1e-6, abs=1e-9)
        assert told_of[f"differential-error-{name}"][0] == pytest.approx(error, abs=6e-4)
        assert told_of[f"differential-slope-{name}"] == pytest.approx(wanted_slope(y, 2.306004), rel=1e-5)
        assert told_of[f"differential-mean-early-{name}"] == pytest.approx(wanted_mean(y[:8])[0], abs=1e-8)
        signs = [round(value, 9) for value in y]
        chance = counted_chance(sum(v > 0 for v in signs), sum(v < 0 for v in signs))
        assert told_of[f"differential-sign-{name}"][0] == pytest.approx(chance, rel=0.05)


@pytest.mark.corpus
def test_what_was_found_from_outside_is_found(told_of):
    name = "ganzhou-jiangxi"
    assert told_of[f"differential-mean-{name}"][0] == pytest.approx(0.5)
    assert round(told_of[f"differential-error-{name}"][0], 2) == 0.06
    assert told_of[f"differential-above-{name}"][0] == told_of[f"differential-years-{name}"][0] == 10
    first, last = (told_of[f"differential-{end}-ganzhou-guangdong"][0] for end in ("first", "last"))
    assert (first, last) == pytest.approx((3.6, 1.1))
    assert (
        told_of["differential-mean-fuzhou-jiangxi-jiangxi"][1]
        < 0
        < told_of["differential-mean-fuzhou-jiangxi-jiangxi"][2]
    )


@pytest.mark.corpus
def test_every_interval_that_the_text_calls_undecided_holds_no_change(told_of):
    for key, (_, low, high) in told_of.items():
        if key.startswith("convergence-slope-") and "without" not in key:
            assert low < 0 < high, key
        if key.startswith("dispersion-ratio-"):
            assert low < 1 < high, key
    assert (
        told_of["differential-slope-ganzhou-guangdong"][2]
        > 0
        > told_of["differential-slope-ganzhou-china"][2]
    )
    assert told_of["vintages-above-ganzhou-jiangxi"] == told_of["vintages-pairs-ganzhou-jiangxi"]
    assert (
        0
        < told_of["vintages-above-fuzhou-jiangxi-jiangxi"][0]
        < told_of["vintages-pairs-fuzhou-jiangxi-jiangxi"][0]
    )
    assert told_of["vintages-alike-above-fuzhou-jiangxi-jiangxi"][0] == 0


@pytest.mark.corpus
def test_spread_and_slope_of_the_five_articles_come_out_again(printed, told_of):
    def base(city, first):
        return printed[
            f"gdp-{city}-2011"
            if city in [*NINE, "jian"]
            else f"gdp-{city}-2011-{'first-print' if first else 'revised'}"
        ]

    def end(city, first):
        return printed[f"gdp-{city}-2021" + ("-final" if city in NINE and not first else "")]

    def volume(city, first):
        return base(city, first) * math.prod(
            1 + printed[f"gdp-growth-{city}-{k}"] / 100 for k in range(2012, 2022)
        )

    sets = {
        "levels": (False, lambda city: end(city, False), FOUR + NINE),
        "levels-first-base": (True, lambda city: end(city, False), FOUR + NINE),
        "levels-first-end": (False, lambda city: end(city, True), FOUR + NINE),
        "levels-first-both": (True, lambda city: end(city, True), FOUR + NINE),
        "volumes": (False, lambda city: volume(city, False), FOUR + NINE),
        "volumes-first-base": (True, lambda city: volume(city, True), FOUR + NINE),
        "levels-nine": (False, lambda city: end(city, False), NINE),
        "volumes-nine": (False, lambda city: volume(city, False), NINE),
    }
    assert {key.removeprefix("dispersion-ratio-") for key in told_of if "dispersion-ratio" in key} == set(
        sets
    )
    for name, (first, of_end, places) in sets.items():
        student = 2.200985 if len(places) == 13 else 2.364624
        x, y = [math.log(base(c, first)) for c in places], [math.log(of_end(c)) for c in places]
        slope, error = hc3(
            [a / math.log(2) for a in x], [10 * (b - a) for a, b in zip(x, y, strict=True)], student
        )
        assert told_of[f"convergence-slope-{name}"] == pytest.approx(slope, rel=1e-5), name
        assert told_of[f"convergence-error-{name}"][0] == pytest.approx(error, abs=6e-4)
        assert told_of[f"dispersion-ratio-{name}"] == pytest.approx(pitman_morgan(x, y, student), rel=1e-5)


@pytest.mark.corpus
def test_the_parts_of_the_bay_area_come_out_again(printed, derived_of):
    def rate(year):
        return printed[f"gdp-china-{year}"] / printed[f"gdp-usd-china-{year}"]

    def level(place, year):
        if place in NINE:
            return printed[f"gdp-{place}-{year}"]
        return printed[f"gdp-usd-{place}-sar-{year}"] * rate(year)

    parts = [*NINE, "hong-kong", "macao"]
    rises = {place: level(place, 2021) - level(place, 2017) for place in parts}
    for place, rise in rises.items():
        assert derived_of[f"{place}-gdp-rise-2017-2021"] == pytest.approx(rise)
        assert derived_of[f"{place}-share-of-bay-rise"] == pytest.approx(100 * rise / sum(rises.values()))
        assert derived_of[f"{place}-cagr-2017-2021"] == pytest.approx(
            100 * math.expm1(math.log(level(place, 2021) / level(place, 2017)) / 4)
        )
        volume = math.prod(1 + printed[f"gdp-growth-{place}-{k}"] / 100 for k in range(2018, 2022))
        assert derived_of[f"{place}-volume-cagr-2017-2021"] == pytest.approx(100 * (volume**0.25 - 1))
    assert sum(derived_of[f"{place}-share-of-bay-rise"] for place in parts) == pytest.approx(100)
    dollars = sum(printed[f"gdp-usd-{place}-sar-2021"] for place in ("hong-kong", "macao"))
    taken = dollars * (rate(2021) - rate(2017))
    assert derived_of["hong-kong-macao-exchange-effect"] == pytest.approx(taken)
    assert round(taken / 1e9) == -124
    own = sum(
        level(place, 2021)
        - level(place, 2017)
        * printed[f"gdp-own-currency-{place}-2021"]
        / printed[f"gdp-own-currency-{place}-2017"]
        for place in ("hong-kong", "macao")
    )
    assert derived_of["hong-kong-macao-exchange-effect-own"] == pytest.approx(own)
    most = max(derived_of[f"{place}-volume-cagr-2017-2021"] for place in parts)
    assert derived_of["ganzhou-volume-cagr-2017-2021"] > most


@pytest.mark.corpus
def test_shares_heads_and_prices_come_out_again(printed, derived_of):
    for year in (2011, 2021):
        last = {c: printed[f"gdp-{c}-2021" + ("-final" if c in NINE else "")] for c in FOUR + NINE}
        first = {
            c: printed[f"gdp-{c}-2011" + ("" if c in [*NINE, "jian"] else "-revised")] for c in FOUR + NINE
        }
        level = first if year == 2011 else last
        for city in level:
            share = 100 * level[city] / sum(level.values())
            assert derived_of[f"{city}-share-of-thirteen-{year}"] == pytest.approx(share)
    falling = set()
    for city in NINE:
        volume = math.prod(1 + printed[f"gdp-growth-{city}-{k}"] / 100 for k in range(2012, 2022))
        rise = 100 * (last[city] / first[city] / volume - 1)
        assert derived_of[f"{city}-price-rise-final"] == pytest.approx(rise)
        falling |= {city} if max(rise, derived_of[f"{city}-price-rise-first-print"]) < 0 else set()
    assert falling == {"foshan", "zhongshan", "jiangmen"}
    head = {c: printed[f"gdp-{c}-2020-final"] / printed[f"population-{c}-2020"] for c in NINE}
    head |= {
        c: printed[f"gdp-{c}-2020-revised"] / printed[f"population-{c}-2020"] for c in FOUR if c != "jian"
    }
    head["jian"] = printed["gdp-jian-2020"] / printed["population-jian-2020"]
    for city, value in head.items():
        assert derived_of[f"{city}-gdp-per-head-2020"] == pytest.approx(value)
    assert min(head, key=head.get) == "ganzhou"
    assert derived_of["ganzhou-poor-of-residents"] == pytest.approx(100 * 2_156_000 / 8_970_014)
    assert round(derived_of["ganzhou-rd-of-china-2011"]) == 17
    assert round(derived_of["ganzhou-rd-of-china-2020"]) == 66


@pytest.mark.corpus
def test_growth_by_vintage_comes_out_again(printed, derived_of):
    bases = {
        "ganzhou": {"first-print": "-first-print", "revised": "-revised"},
        "fuzhou-jiangxi": {"first-print": "-first-print", "revised": "-revised"},
        "jian": {"first-print": ""},
        "jiangxi": {"older": "-older", "revised": ""},
        "guangdong": {"older": "-older", "revised": ""},
    }
    ends = {
        ("ganzhou", "2020-first-print"): "2020",
        ("fuzhou-jiangxi", "2020-first-print"): "2020-first-print",
        ("jian", "2020-first-print"): "2020",
        ("jiangxi", "2020-first-print"): "2020-first-print",
        ("jiangxi", "2020-revised"): "2020",
        ("guangdong", "2020-first-print"): "2020",
    }
    seen = 0
    for key, value in derived_of.items():
        place, mark, rest = key.partition("-cagr-")
        base, to, end = rest.partition("-to-")
        if not (mark and to) or place == "china":
            continue
        year = int(end[:4])
        name = ends.get((place, end), end.replace("2021-first-print", "2021"))
        first = printed[f"gdp-{place}-2011{bases[place][base]}"]
        last = printed[f"gdp-{place}-{name}"]
        assert value == pytest.approx(100 * ((last / first) ** (1 / (year - 2011)) - 1)), key
        seen += 1
    assert seen == 6 + 6 + 2 + 8 + 4
