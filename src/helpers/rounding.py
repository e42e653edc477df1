"""Habits of rounding: how many digits a press prints, and whether its numbers end in nought or five too often.

Numbers that nobody rounded end in each digit equally often, nearly so, which gives nought or five one time in
five; ages told in a census are tested so (Whipple's index: Shryock & Siegel 1976, The Methods and Materials of
Demography, ch. 8). Only numbers printed with two digits or more count, as the first digit is not free. The tests
are exact; `power` says what they could have found.
"""

import pandas as pd

from . import tables
from .vocabulary import QUALIFIERS

EXPECTED = 0.2  # share of final digits that are nought or five if all digits are equally frequent
LEVEL = 0.05
POWER = 0.8


def digits(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures printed in digits, with columns figure_id, article, qualifier, printed, significant and heaped.

    `printed` counts the digits of the token, `significant` leaves out the zeros that end a whole number and
    those that begin one below one; `heaped` says whether the last digit is nought or five. Ratios and words are
    left out: their digits are not those of one number.
    """
    plain = figures[figures.token.str.fullmatch(r"[0-9][0-9,]*(\.[0-9]+)?")]
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
    from statsmodels.stats.proportion import binom_test_reject_interval

    low, high = binom_test_reject_interval(EXPECTED, size, alpha=LEVEL)
    return float(binom.cdf(low, size, share) + binom.sf(high - 1, size, share))


def detectable(size: int) -> float:
    """Least share above `EXPECTED`, in whole percent, that the test would notice with chance `POWER`; 1 if none."""
    shares = (percent / 100 for percent in range(int(EXPECTED * 100) + 1, 101))
    return next((share for share in shares if power(size, share) >= POWER), 1.0)


def statistics(found: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Shares of heaped final digits over all, by article and by qualifier, with exact tests, as statistics.

    `found` is from `digits`; groups of fewer than five numbers get no row. Ids are `heaped-share-…`,
    `heaped-p-…`, `heaped-detectable-…` and `digits-median-…`, with `all`, an article or a qualifier; and
    `heaped-p-between-articles` and `heaped-p-between-qualifiers`, exact tests by permutation with `seed`.
    A p value below 0.001 is given as 0.001.
    """
    import numpy as np
    from scipy.stats import PermutationMethod, fisher_exact
    from statsmodels.stats.proportion import binom_test, proportion_confint

    long = found[found.printed >= 2]
    qualified = long.qualifier.where(long.qualifier == "exact", "qualified")
    groups = {"all": ("all articles", long)}
    groups |= {name: (name, part) for name, part in long.groupby("article")}
    groups |= {
        name: (QUALIFIERS["exact"] if name == "exact" else "with a qualifier", part)
        for name, part in long.groupby(qualified)
    }
    rows = []
    for key, (label, part) in groups.items():
        size, heaped = len(part), int(part.heaped.sum())
        if size < 5:
            continue
        low, high = proportion_confint(heaped, size, method="beta")
        p = max(float(binom_test(heaped, size, EXPECTED, alternative="two-sided")), 0.001)
        least = 100 * detectable(size)
        median = part.significant.median()
        quartiles = part.significant.quantile([0.25, 0.75])
        rows += [
            (f"heaped-share-{key}", f"numbers that end in nought or five, {label}", 100 * heaped / size, 100 * low,
             100 * high, "percent", f"{heaped} of {size} numbers of two digits or more; Clopper–Pearson interval"),
            (f"heaped-p-{key}", f"p of final digits that are equally frequent, {label}", p, p, p, "",
             f"exact binomial test of {heaped} in {size} against {EXPECTED:.0%}, two-sided; 0.001 stands for less"),
            (f"heaped-detectable-{key}", f"least share that would be noticed with power {POWER:.0%}, {label}", least, least,
             least, "percent", f"exact power of that test with {size} numbers at level {LEVEL:.0%}"),
            (f"digits-median-{key}", f"significant digits, median and quartiles, {label}", median, *quartiles, "",
             f"{size} numbers of two digits or more"),
        ]  # fmt: skip
    for key, column in (("articles", long.article), ("qualifiers", qualified)):
        table = pd.crosstab(long.heaped, column)
        method = PermutationMethod(n_resamples=9999, rng=np.random.default_rng(seed))
        p = max(
            float(fisher_exact(table.to_numpy(), method=method if table.size > 4 else None).pvalue), 0.001
        )
        how = f"of {method.n_resamples} permutations, seed {seed}" if table.size > 4 else "of the table"
        rows.append(
            (f"heaped-p-between-{key}", f"p of equal heaping in all {key}", p, p, p, "",
             f"Fisher's exact test {how}, {len(long)} numbers")
        )  # fmt: skip
    return tables.statistics(rows)
