"""Habits of rounding: how many digits a press prints, and whether its numbers end in nought or five too
often.

Numbers that nobody rounded end in each digit equally often, nearly so, which gives nought or five one time in
five; ages told in a census are tested so (Whipple's index: Shryock & Siegel 1976, The Methods and Materials
of Demography, ch. 8). Only numbers printed with two digits or more count, as the first digit is not free. The
tests are exact; `power_of_test` says what they could have found.
"""

import functools

import pandas as pd

from ..corpus.tallies import Statistic
from ..vocabulary import QUALIFIERS

EXPECTED = 0.2  # share of final digits that are nought or five if all digits are equally frequent
LEVEL = 0.05
POWER = 0.8
LEAST_P = 0.001


def final_digits(figures: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Figures printed in digits, with columns figure_id, article, qualifier, printed, significant and heaped.

    `printed` counts the digits of the token from the first that is no zero, `significant` leaves out the
    zeros that end a whole number too; `heaped` says whether the last digit is nought or five. Left out are
    ratios and words, whose digits are not those of one number, and figures whose token `corrections` does not
    believe.
    """
    doubted = corrections.figure[corrections.column == "token"]
    plain = figures[
        figures.token.str.fullmatch(r"[0-9][0-9,]*(\.[0-9]+)?") & ~figures.figure_id.isin(doubted)
    ]
    shown = plain.token.str.replace("[,.]", "", regex=True).str.lstrip("0").replace("", "0")
    whole = ~plain.token.str.contains(".", regex=False)
    significant = shown.str.rstrip("0").replace("", "0").where(whole, shown)
    return plain[["figure_id", "article", "qualifier"]].assign(
        printed=shown.str.len(), significant=significant.str.len(), heaped=shown.str[-1].isin(["0", "5"])
    )


def power_of_test(size: int, share: float) -> float:
    """Chance that the exact two-sided test at `LEVEL` notices that a true `share` is not `EXPECTED`, for
    `size` numbers.
    """
    from scipy.stats import binom

    return float(sum(binom.pmf(count, size, share) for count in _rejected(size)))


@functools.cache
def _rejected(size: int) -> tuple[int, ...]:
    from statsmodels.stats.proportion import binom_test

    return tuple(count for count in range(size + 1) if binom_test(count, size, EXPECTED) <= LEVEL)


def power_between(sizes: list[int], shares: list[float], seed: int, rounds: int = 500) -> float:
    """Chance that a test of equal shares at `LEVEL` notices that groups of these sizes have these true
    shares.

    By simulation, with Pearson's chi-square test in place of Fisher's exact one, which takes too long for
    that; with counts as small as these it rejects somewhat more readily, so that the power is rather less.
    """
    import numpy as np
    from scipy.stats import chi2_contingency

    random, noticed = np.random.default_rng(seed), 0
    for _ in range(rounds):
        heaped = random.binomial(sizes, shares)
        table = np.array([heaped, np.array(sizes) - heaped])
        if table.sum(axis=1).all():
            noticed += chi2_contingency(table, correction=False).pvalue <= LEVEL
    return noticed / rounds


def detectable(size: int) -> float:
    """Least share above `EXPECTED`, in whole percent, that the test would notice with chance `POWER`; 1 if
    none.
    """
    shares = (percent / 100 for percent in range(int(EXPECTED * 100) + 1, 101))
    return next((share for share in shares if power_of_test(size, share) >= POWER), 1.0)


def _p_value(key: str, label: str, p: float, formula: str) -> Statistic:
    """A p value as a statistic, at three decimals.

    A smaller one is only known to be less than the least of these.
    """
    if p < LEAST_P:
        return Statistic(key, label, LEAST_P, 0, LEAST_P, "", formula, "less_than")
    p = round(p, 3)
    return Statistic(key, label, p, p, p, "", formula)


def heaping_statistics(found: pd.DataFrame, seed: int) -> list[Statistic]:
    """Shares of heaped final digits over all, by article and by qualifier, with exact tests, as statistics.

    `found` is from `final_digits`; groups of fewer than five numbers get no row. Ids are `heaped-share-…`,
    `heaped-p-…`, `heaped-p-holm-…` (adjusted by Holm 1979 for the number of groups), `heaped-detectable-…`
    and `digits-median-…`, with `all`, an article or a qualifier; `heaped-p-between-…` of articles and of
    qualifiers, Fisher's exact tests, the first by permutation with `seed`; and
    `heaped-power-between-articles`, the power of such a test at the shares found. p values have three
    decimals; one below 0.001 is given as 0.001 with 0 as its lower end.
    """
    import numpy as np
    from scipy.stats import PermutationMethod, fisher_exact
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import binom_test, proportion_confint

    long = found[found.printed >= 2]
    qualified = long.qualifier.where(long.qualifier == "exact", "qualified")
    groups = {"all": ("all articles", long)}
    groups |= {name: (name, part) for name, part in long.groupby("article")}
    groups |= {
        name: (QUALIFIERS["exact"] if name == "exact" else "with a qualifier", part)
        for name, part in long.groupby(qualified)
    }
    groups = {key: (label, part) for key, (label, part) in groups.items() if len(part) >= 5}
    counts = {key: (int(part.heaped.sum()), len(part)) for key, (_, part) in groups.items()}
    exact = [float(binom_test(heaped, size, EXPECTED)) for heaped, size in counts.values()]
    adjusted = multipletests(exact, method="holm")[1]
    rows = []
    for (key, (label, part)), p, holm in zip(groups.items(), exact, adjusted, strict=True):
        heaped, size = counts[key]
        low, high = proportion_confint(heaped, size, method="beta")
        least = 100 * detectable(size)
        median, quarter, three_quarters = part.significant.quantile([0.5, 0.25, 0.75])
        test = f"exact binomial test of {heaped} in {size} against {EXPECTED:.0%}, two-sided"
        share = 100 * heaped / size, 100 * low, 100 * high
        equal = "p of final digits that are equally frequent"
        rows += [
            Statistic(
                f"heaped-share-{key}", f"numbers that end in nought or five, {label}", *share, "percent",
                f"{heaped} of {size} numbers of two digits or more; Clopper–Pearson interval",
            ),
            _p_value(f"heaped-p-{key}", f"{equal}, {label}", p, test),
            _p_value(
                f"heaped-p-holm-{key}", f"{equal}, adjusted, {label}", holm,
                f"{test}; adjusted by Holm for {len(groups)} tests",
            ),
            Statistic(
                f"heaped-detectable-{key}",
                f"least share that would be noticed with power {POWER:.0%}, {label}", least, least, least,
                "percent", f"exact power of that test with {size} numbers at level {LEVEL:.0%}",
            ),
            Statistic(
                f"digits-median-{key}", f"significant digits, median and quartiles, {label}", median,
                quarter, three_quarters, "", f"{size} numbers of two digits or more",
            ),
        ]  # fmt: skip
    for key, column in (("articles", long.article), ("qualifiers", qualified)):
        table = pd.crosstab(long.heaped, column).to_numpy()
        if table.shape == (2, 2):
            p, how = fisher_exact(table).pvalue, "of the table"
        else:
            method = PermutationMethod(n_resamples=9999, rng=np.random.default_rng(seed))
            p = fisher_exact(table, method=method).pvalue
            how = f"by {method.n_resamples} permutations, seed {seed}"
        formula = f"Fisher's exact test {how}, {len(long)} numbers"
        rows.append(_p_value(f"heaped-p-between-{key}", f"p of equal heaping in all {key}", p, formula))
    articles = [counts[key] for key in groups if key in set(long.article)]
    shares = [heaped / size for heaped, size in articles]
    chance = 100 * power_between([size for _, size in articles], shares, seed)
    label = "power of a test of equal heaping in all articles, at the shares found"
    formula = f"simulation of {len(articles)} articles, chi-square test at level {LEVEL:.0%}, seed {seed}"
    rows.append(Statistic("heaped-power-between-articles", label, chance, chance, chance, "percent", formula))
    return rows
