"""How much of the width of a derived quantity each of its inputs causes: one is moved, the others stay.

One input runs over its interval while the others have their value (Saltelli et al. 2008, Global Sensitivity
Analysis, ch. 1, one factor at a time). What two inputs do together is in no share, so that shares need not
add up to one.
"""

import numpy as np
import pandas as pd

from ..corpus.corpus import Corpus
from .derivations import planned
from .enclosure import enclose
from .quantities import BOUNDS, all_quantities, inputs_at_hand


def contributions(corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame) -> pd.DataFrame:
    """One row a derived quantity that has an interval, and an input of it that has one.

    Columns derived_id, input, low, high (what the input alone allows, in base units) and share (that width
    as a part of the width of the quantity, at most 1). `figures` and `derived` as from `clean` and `derive`.
    """
    steps, _ = planned(corpus.derivations, inputs_at_hand(corpus, figures).unit.to_dict())
    box = {key: ends for key, *ends in all_quantities(corpus, figures, derived)[BOUNDS].itertuples()}
    rows = []
    for key in derived.derived_id:
        width = box[key][2] - box[key][1]
        slots = steps[key].slots
        moving = [slot for slot, name in slots.items() if box[name][1] < box[name][2]]
        if not width or not moving:
            continue
        value = {slot: np.full(len(moving), box[name][0]) for slot, name in slots.items()}
        low, high = ({slot: ends.copy() for slot, ends in value.items()} for _ in range(2))
        for place, slot in enumerate(moving):
            low[slot][place], high[slot][place] = box[slots[slot]][1:]
        least, greatest = enclose(steps[key].formula, low, high)
        shares = np.minimum((greatest - least) / width, 1)
        found = zip((slots[slot] for slot in moving), least, greatest, shares, strict=True)
        rows += [(key, *(part if isinstance(part, str) else float(part) for part in row)) for row in found]
    return pd.DataFrame(rows, columns=["derived_id", "input", "low", "high", "share"])
