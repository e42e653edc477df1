"""If the true values lie anywhere in their intervals with equal chance: where do derived quantities fall?

Enclosure gives every value that the inputs allow, however unlikely that all err together. Beside it stands a
simulation (Joint Committee for Guides in Metrology 2008, JCGM 101): every input is drawn, uniform within its
interval and independent of the others, and the middle 95 of 100 results are kept. That is an assumption on
rounding, not a sample of anything, and its range is no confidence interval.
"""

import zlib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.graph import all_leaves, closure
from ..corpus.tallies import Statistic, tally
from ..deriving.derivations import planned
from ..deriving.quantities import derived_graph, inputs_at_hand

SIMULATIONS = 100_000
MIDDLE = (2.5, 50, 97.5)  # percentiles that are kept
ASSUMED = "if the true values lie anywhere in their intervals with equal chance"


def several_uncertain(corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame) -> list[str]:
    """The headlines that rest on two figures or more with an interval, in the order of `headlines.csv`."""
    leaves = all_leaves(derived_graph(derived))
    uncertain = set(figures.figure_id[figures.low < figures.high])
    return [key for key in corpus.headlines.headline if len(leaves.get(key, frozenset()) & uncertain) > 1]


def simulate(
    corpus: Corpus,
    figures: pd.DataFrame,
    derived: pd.DataFrame,
    keys: Iterable[str],
    seed: int,
    draws: int = SIMULATIONS,
) -> pd.DataFrame:
    """Derived quantities of `keys` simulated: columns derived_id, value (the median), low, high, unit.

    Each input has draws of its own that depend on its id and on `seed`, so that it is the same in all that
    rests on it. `figures` and `derived` as from `clean` and `derive`. A quantity that has no finite value for
    some draw is left out.
    """
    sources, keys = inputs_at_hand(corpus, figures), list(keys)
    steps, _ = planned(corpus.derivations, sources.unit.to_dict())
    needed = set(closure(derived_graph(derived), keys))
    values: dict[str, np.ndarray] = {}
    for name, low, high in sources.loc[sources.index.isin(needed), ["low", "high"]].itertuples():
        stream = np.random.default_rng([seed, zlib.crc32(name.encode())])
        values[name] = low + (high - low) * stream.random(draws)
    with np.errstate(all="ignore"):
        for key, step in steps.items():
            if key in needed:
                own = {slot: values[name] for slot, name in step.slots.items()}
                values[key] = np.broadcast_to(step.formula.evaluate(own), (draws,))
    units = derived.set_index("derived_id").unit
    rows = []
    for key in keys:
        if np.isfinite(values[key]).all():
            low, middle, high = np.percentile(values[key], MIDDLE)
            rows.append((key, middle, low, high, units[key]))
    return pd.DataFrame(rows, columns=["derived_id", "value", "low", "high", "unit"])


def simulation_statistics(found: pd.DataFrame, draws: int = SIMULATIONS) -> list[Statistic]:
    """What was simulated: statistics `simulated-` and the id, and the number of draws, `simulated-draws`."""
    formula = f"median and middle 95 percent of {draws} draws, {ASSUMED}"
    rows = [tally("simulated-draws", "draws of every simulated quantity", draws, "parameter")]
    rows += [
        Statistic(f"simulated-{row.derived_id}", f"{row.derived_id}, simulated", row.value, row.low, row.high,
                  row.unit, formula)
        for row in found.itertuples()
    ]  # fmt: skip
    return rows
