"""Whether one place grew faster than another whichever vintage of the first and the last level is taken."""

import pandas as pd

from ..corpus.tallies import Statistic, tally

_MARK = "-cagr-"
LIKE_BASES = {
    "first-print": "before",
    "older": "before",
    "revised": "after",
}  # or after a census


def growth_by_vintage(derived: pd.DataFrame, entity: str) -> pd.DataFrame:
    """Growth of GDP a year of one entity by vintage: the derived quantities `<entity>-cagr-<base>-to-<end>`.

    Columns base, end, period, low, value, high; indexed by id.
    """
    known = derived.set_index("derived_id")
    found = known[known.index.str.startswith(entity + _MARK) & known.index.str.contains("-to-")]
    words = found.index.to_series().str.removeprefix(entity + _MARK).str.split("-to-", expand=True)
    return found.assign(base=words[0], end=words[1])[["base", "end", "period", "low", "value", "high"]]


def vintage_tallies(derived: pd.DataFrame, ours: str, theirs: str, label: str) -> list[Statistic]:
    """In how many pairs of vintages ours grew faster than theirs, of how many, as `vintages-…`.

    Only growth of the same period is paired. `pairs` and `above` count all of them, `alike-pairs` and
    `alike-above` those whose bases lie on the same side of a census, as `LIKE_BASES` says.
    """
    pairs = growth_by_vintage(derived, ours).merge(growth_by_vintage(derived, theirs), on="period")
    above = pairs.low_x > pairs.high_y
    alike = pairs.base_x.map(LIKE_BASES) == pairs.base_y.map(LIKE_BASES)
    name = f"{ours}-{theirs}"
    formula = "pairs of a base and a last year of either, over the same years"
    same = f"{formula}, both bases before a census or both after it"
    return [
        tally(f"vintages-pairs-{name}", f"pairs of vintages, {label}", len(pairs), formula),
        tally(
            f"vintages-above-{name}",
            f"pairs in which the first grew faster, {label}",
            int(above.sum()),
            formula,
        ),
        tally(f"vintages-alike-pairs-{name}", f"pairs of like vintages, {label}", int(alike.sum()), same),
        tally(
            f"vintages-alike-above-{name}",
            f"pairs of like vintages with faster growth of the first, {label}",
            int((above & alike).sum()),
            same,
        ),
    ]
