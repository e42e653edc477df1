"""Habits of rounding: how many digits a press prints, and whether its numbers end in nought or five too often.

Numbers that nobody rounded end in each digit equally often, nearly so, which gives nought or five one time in
five; ages told in a census are tested so (Whipple's index: Shryock & Siegel 1976, The Methods and Materials of
Demography, ch. 8). Only numbers printed with two digits or more count, as the first digit is not free. The tests
are exact; `power` says what they could have found.
"""

import functools

import pandas as pd

from . import tables
from .vocabulary import QUALIFIERS

EXPECTED = 0.2  # share of final digits that are nought or five if all digits are equally frequent
LEVEL = 0.05
POWER = 0.8


def digits(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures printed in digits, with columns figure_id, article, qualifier, printed, significant and heaped.

    `printed` counts the digits of the token from the first that is no zero, `significant` leaves out the zeros that
    end a whole number too; `heaped` says whether the last digit is nought or five. Left out are ratios and words,
    whose digits are not those of one number, and tokens that we do not believe.
    """
    believed = figures[~figures.corrected.str.contains("token:")]
    plain = believed[believed.token.str.fullmatch(r"[0-9][0-9,]*(\.[0-9]+)?")]
    rows = []
    for row in plain.itertuples():
        shown = row.token.replace(",", "").replace(".", "").lstrip("0") or "0"
        whole = "." not in row.token
        significant = len(shown.rstrip("0") or "0") if whole else len(shown)
        rows.append((row.figure_id, row.article, row.qualifier, len(shown), significant, shown[-1] in "05"))
    return pd.DataFrame(
        rows, columns=["figure_id", "article", "qualifier", "printed", "significant", "heaped"]
    )


def power(size: int, share: float) -> float:
    """Chance that the exact two-sided test at `LEVEL` notices that a true `share` is not `EXPECTED`, for `size` numbers."""
    from scipy.stats import binom

    return float(sum(binom.pmf(count, size, share) for count in _rejected(size)))


@functools.cache
def _rejected(size: int) -> tuple[int, ...]:
    from statsmodels.stats.proportion import binom_test

    return tuple(count for count in range(size + 1) if binom_test(count, size, EXPECTED) <= LEVEL)


def power_between(sizes: list[int], shares: list[float], seed: int, rounds: int = 500) -> float:
    """Chance that a test of equal shares at `LEVEL` notices that groups of these sizes have these true shares.

    By simulation, with Pearson's chi-square test in place of Fisher's exact one, which takes too long for that; with
    counts as small as these it rejects somewhat more readily, so that the power is rather less.
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
    """Least share above `EXPECTED`, in whole percent, that the test would notice with chance `POWER`; 1 if none."""
    shares = (percent / 100 for percent in range(int(EXPECTED * 100) + 1, 101))
    return next((share for share in shares if power(size, share) >= POWER), 1.0)


def _p(value: float) -> tuple[float, float, float]:
    """A p value as value, low and high of a statistic."""
    return (round(value, 3),) * 3 if value >= 0.001 else (0.001, 0, 0.001)


def statistics(found: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Shares of heaped final digits over all, by article and by qualifier, with exact tests, as statistics.

    `found` is from `digits`; groups of fewer than five numbers get no row. Ids are `heaped-share-…`,
    `heaped-p-…`, `heaped-p-holm-…` (adjusted by Holm 1979 for the number of groups), `heaped-detectable-…` and
    `digits-median-…`, with `all`, an article or a qualifier; `heaped-p-between-…` of articles and of qualifiers,
    Fisher's exact tests, the first by permutation with `seed`; and `heaped-power-between-articles`, the power of
    such a test at the shares found. p values have three decimals; one below 0.001 is given as 0.001 with 0 as
    its lower end.
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
        quartiles = part.significant.quantile([0.5, 0.25, 0.75])
        test = f"exact binomial test of {heaped} in {size} against {EXPECTED:.0%}, two-sided"
        rows += [
            (f"heaped-share-{key}", f"numbers that end in nought or five, {label}", 100 * heaped / size, 100 * low,
             100 * high, "percent", f"{heaped} of {size} numbers of two digits or more; Clopper–Pearson interval"),
            (f"heaped-p-{key}", f"p of final digits that are equally frequent, {label}", *_p(p), "", test),
            (f"heaped-p-holm-{key}", f"p of final digits that are equally frequent, adjusted, {label}", *_p(holm), "",
             f"{test}; adjusted by Holm for {len(groups)} tests"),
            (f"heaped-detectable-{key}", f"least share that would be noticed with power {POWER:.0%}, {label}", least, least,
             least, "percent", f"exact power of that test with {size} numbers at level {LEVEL:.0%}"),
            (f"digits-median-{key}", f"significant digits, median and quartiles, {label}", *quartiles, "",
             f"{size} numbers of two digits or more"),
        ]  # fmt: skip
    for key, column in (("articles", long.article), ("qualifiers", qualified)):
        table = pd.crosstab(long.heaped, column).to_numpy()
        if table.shape == (2, 2):
            p, how = fisher_exact(table).pvalue, "of the table"
        else:
            method = PermutationMethod(n_resamples=9999, rng=np.random.default_rng(seed))
            p, how = (
                fisher_exact(table, method=method).pvalue,
                f"by {method.n_resamples} permutations, seed {seed}",
            )
        formula = f"Fisher's exact test {how}, {len(long)} numbers"
        rows.append((f"heaped-p-between-{key}", f"p of equal heaping in all {key}", *_p(p), "", formula))
    articles = [counts[key] for key in groups if key in set(long.article)]
    shares = [heaped / size for heaped, size in articles]
    chance = 100 * power_between([size for _, size in articles], shares, seed)
    rows.append(
        ("heaped-power-between-articles", "power of a test of equal heaping in all articles, at the shares found",
         chance, chance, chance, "percent", f"simulation of {len(articles)} articles, chi-square test at level {LEVEL:.0%}, seed {seed}")
    )  # fmt: skip
    return tables.statistics(rows)
