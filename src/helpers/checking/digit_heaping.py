"""Habits of rounding: does a press round to half steps, and do hedges go with round numbers?

Numbers that nobody rounded end in each digit equally often, nearly so; ages told in a census are tested that
way (Whipple's index: Shryock & Siegel 1976, The Methods and Materials of Demography, ch. 8). With the zeros
at its end left out, one number in nine then ends in five. Numbers rounded to a half step make that more: the
half-step grids of the rules of cleaning rest on it.
"""

import pandas as pd

from ..corpus.tallies import Statistic

FIVE = 1 / 9  # share of numbers whose last significant digit is five, if one to nine are equally frequent
LEAST_P = 0.001


def final_digits(figures: pd.DataFrame, corrections: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Figures printed in digits, with columns figure_id, hedged, counted, printed, significant, last, round.

    `printed` counts the digits of the token from the first that is no zero; `significant` leaves out the
    zeros at the end too, and `last` is the last of those that remain (empty for nought). `round` says whether
    the last printed digit is nought or five, `hedged` whether there is a qualifier, and `counted` whether the
    unit is a thing counted, by `units`. Left out are ratios and words, whose digits are not those of one
    number, figures whose token `corrections` does not believe, and a quantity that is printed again.
    """
    doubted = corrections.figure[corrections.column == "token"]
    plain = figures[
        figures.token.str.fullmatch(r"[0-9][0-9,]*(\.[0-9]+)?") & ~figures.figure_id.isin(doubted)
    ].drop_duplicates(["indicator", "entity", "period", "unit", "value"])
    shown = plain.token.str.replace("[,.]", "", regex=True).str.lstrip("0")
    significant = shown.str.rstrip("0")
    kind = plain.unit.map(units.set_index("unit").kind)
    return plain[["figure_id"]].assign(
        hedged=plain.qualifier != "exact",
        counted=kind == "count",
        printed=shown.str.len(),
        significant=significant.str.len(),
        last=significant.str[-1:],
        round=shown.str[-1:].isin(["0", "5"]),
    )


def heaping_statistics(found: pd.DataFrame) -> list[Statistic]:
    """How often plain numbers end in five, and round ones with and without a hedge, as statistics.

    `found` is from `final_digits`. Of numbers without a qualifier and with two significant digits or more, as
    the first digit is not free: `heaped-five-share` with its exact interval and `heaped-five-p`, an exact
    two-sided binomial test against `FIVE`; the same with `-measured` for those that are no counts, and with
    `-counted` for the counts, most of which nobody rounds. Of numbers of two printed digits or more:
    `heaped-round-share-plain` and `-hedged`, those that end in nought or five, and `heaped-round-p`, Fisher's
    exact test that the two shares are the same. p values have three decimals; one below 0.001 is given as
    0.001 with 0 as its lower end. A share of no numbers has no row.
    """
    from scipy.stats import fisher_exact
    from statsmodels.stats.proportion import binom_test

    plain = found[~found.hedged & (found.significant >= 2)]
    rows = []
    for key, label, part in (
        ("", "numbers", plain),
        ("-measured", "measured numbers", plain[~plain.counted]),
        ("-counted", "counts", plain[plain.counted]),
    ):
        if len(part):
            fives, size = int((part["last"] == "5").sum()), len(part)
            what = f"{label} without a qualifier whose last significant digit is five"
            rows.append(
                _share(f"heaped-five-share{key}", what, fives, size, "two significant digits or more")
            )
            test = f"exact binomial test of {fives} in {size} against one in nine, two-sided"
            p = float(binom_test(fives, size, FIVE))
            rows.append(_p_value(f"heaped-five-p{key}", f"p of as many {what}, by chance", p, test))
    long = found[found.printed >= 2]
    groups = {"plain": long[~long.hedged], "hedged": long[long.hedged]}
    if all(len(part) for part in groups.values()):
        table = [[int(part["round"].sum()), int((~part["round"]).sum())] for part in groups.values()]
        for (key, part), (ends, _) in zip(groups.items(), table, strict=True):
            what = f"{key} numbers that end in nought or five"
            rows.append(_share(f"heaped-round-share-{key}", what, ends, len(part), "two digits or more"))
        test = f"Fisher's exact test of the table, {len(long)} numbers"
        p = float(fisher_exact(table).pvalue)
        rows.append(_p_value("heaped-round-p", "p of the same share in plain and in hedged numbers", p, test))
    return rows


def _share(key: str, label: str, count: int, size: int, digits: str) -> Statistic:
    """A share in percent with the exact interval of Clopper and Pearson."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(count, size, method="beta")
    formula = f"{count} of {size} numbers of {digits}; Clopper–Pearson interval"
    return Statistic(key, label, 100 * count / size, 100 * low, 100 * high, "percent", formula)


def _p_value(key: str, label: str, p: float, formula: str) -> Statistic:
    """A p value as a statistic, at three decimals, with what these round.

    A smaller one is only known to be less than the least of these.
    """
    if p < LEAST_P:
        return Statistic(key, label, LEAST_P, 0.0, LEAST_P, "", formula, "less_than")
    rounded = round(p, 3)
    half = LEAST_P / 2
    return Statistic(key, label, rounded, rounded - half, min(rounded + half, 1.0), "", formula)
