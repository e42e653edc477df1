"""Do the rules of intervals hold? Prints whose true value is known from a finer print of the same thing.

`calibration.csv` of data/raw names the pairs. For each the distance of the true value from the print is given
in steps of the print, one step being one unit of its last significant digit, and for each set of rules
whether the true value lies in the interval that the set allows. The share that does is a check of the rules,
not of the articles: its size, and an interval for it (Wilson 1927, JASA 22:209), are said with it.
"""

from decimal import Decimal

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.schema import CALIBRATIONS
from ..corpus.tallies import Statistic, tally
from ..deriving.cleaning import as_prints, corrected_figures
from ..deriving.intervals import RULE_SETS, USUAL, Print, interval, rule_set, step_of
from ..numerals.values import ends


def calibration(corpus: Corpus, quantities: pd.DataFrame) -> pd.DataFrame:
    """`calibration.csv`: one row a pair, columns of `schema.CALIBRATIONS`.

    `quantities` is `quantities.all_quantities`. The print is a figure, of which its own print counts and no
    other of the same quantity, or a comparator with the hedge that the pair names. A true value that is
    itself rounded lies within if its interval meets that of the print.
    """
    prints = _prints(corpus)
    rows = []
    for row in corpus.calibration.itertuples():
        truth, printed = quantities.loc[row.truth], prints[row.print]
        if row.qualifier:
            printed = printed._replace(qualifier=row.qualifier)
        value, low, high = (float(end) for end in interval(printed, USUAL))
        unit = float(min(step_of(end, printed, USUAL) for end in ends(printed.token)))
        within = [
            "yes" if float(low) <= truth.high and truth.low <= float(high) else "no"
            for _, low, high in (interval(printed, rule_set(name)) for name in RULE_SETS)
        ]
        distance = round((truth.value - value) / unit, 3)
        known = value, truth.value, unit, distance, low, high
        rows.append((row.print, row.truth, printed.qualifier, row.source, *known, *within, row.note))
    return pd.DataFrame(rows, columns=CALIBRATIONS.columns)


def _prints(corpus: Corpus) -> dict[str, Print]:
    """Figures and comparators as prints, by id; a comparator is plain, and has the digits of its step."""
    corrected, others = corrected_figures(corpus), corpus.comparators
    tokens = [
        f"{Decimal(repr(value)).quantize(min(Decimal(repr(step)), Decimal(1)) if step else Decimal(1)):f}"
        for value, step in zip(others.value, others.step, strict=True)
    ]
    plain = others.assign(token=tokens, scale="", qualifier="exact", status="outcome", article="")
    return {
        **dict(zip(others.comparator_id, as_prints(plain, corpus), strict=True)),
        **dict(zip(corrected.index, as_prints(corrected, corpus), strict=True)),
    }


def calibration_statistics(found: pd.DataFrame) -> list[Statistic]:
    """How many true values lie within, of plain and of hedged prints, for each set of rules.

    Ids `calibration-<plain or hedged>` for the number of pairs, with `-<rules>` for the percentage within
    and its 95 % interval; `calibration-cut` for the percentage of plain prints cut instead of rounded; and
    `calibration-of-<print>` for the distance of each true value, in steps.
    """
    hedged = found.qualifier != "exact"
    groups = {"plain": found[~hedged], "hedged": found[hedged]}
    rows = []
    for key, part in groups.items():
        label = f"{key} prints with a known true value"
        rows.append(tally(f"calibration-{key}", label, len(part), "rows of calibration.csv"))
        rows += [
            _share(
                f"calibration-{key}-{name}",
                f"true values within the {name} interval, {key} prints",
                part[name] == "yes",
                "",
            )
            for name in RULE_SETS
            if len(part)
        ]
    plain = groups["plain"].distance
    if len(plain):
        label = "plain prints that are cut instead of rounded"
        how = " lie between half a step and a step above the print"
        rows.append(_share("calibration-cut", label, (plain > 0.5) & (plain < 1), how))
    for row in found.itertuples():
        label, how = f"steps by which {row.truth} lies above {row.print}", "(true value − print) / step"
        value = round(row.distance, 2)
        rows.append(Statistic(f"calibration-of-{row.print}", label, value, value, value, "", how))
    return rows


def _share(key: str, label: str, held: pd.Series, how: str) -> Statistic:
    """The percentage for which something holds, with a 95 % interval."""
    from statsmodels.stats.proportion import proportion_confint

    count, size = int(held.sum()), len(held)
    low, high = proportion_confint(count, size, method="wilson")
    formula = f"{count} of {size}{how}; Wilson interval"
    return Statistic(
        key, label, 100 * count / size, 100 * max(low, 0), 100 * min(high, 1), "percent", formula
    )
