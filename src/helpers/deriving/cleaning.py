"""Transcribed numerals and corrections to figures: values in base units, with what the print allows.

The rules of the interval, one per qualifier, with `step` the value of one unit in the last significant digit
(the last printed decimal; for an integer, the last digit that is not a trailing zero; for "half" or
"one-quarter" ten percent, for "one and a half" a half):

- `exact`: half a step either way, the usual rounding, but not from a number without a sign to one below zero.
  A plain full count is exact, and so is a quantity that a rule or a plan sets (status `policy` or `target`):
  `low == value == high`. A count is plain and full when it has no scale word and does not end in three zeros,
  nor, from ten thousand on, in two (a 万 with two decimals).
- `about`: a whole step either way. Assumption: "about" announces a coarser rounding than the digits show.
- `more_than`: from the value up to the next step. Assumption: had the next step been reached, it would
  have been printed.
- `nearly`: from the step before up to the value. The same assumption.

A range such as `5-6` goes from its first number to its last, with the finer of their steps, by the same
rules; its middle is its value for want of a better one.
"""

from decimal import Decimal, localcontext

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput, Fault, refuse
from ..corpus.relations import EXACT, unit_advice
from ..corpus.schema import FIGURES
from ..corpus.sheets import sheet_file
from ..corpus.tallies import Statistic, tally
from ..numerals.values import ends, fraction_step, number
from ..vocabulary import SCALES, is_number, plain_number

RULES = {
    "exact": "half a unit of the last significant digit either way; a plain full count, a policy and a "
    "target are exact",
    "about": "a whole unit of the last significant digit either way (assumption)",
    "more_than": "from the value up to the next unit of its last significant digit (assumption)",
    "nearly": "from the unit before up to the value (assumption)",
}
_DECIDING = ["token", "scale", "kind", "qualifier", "status"]  # what the interval of a figure follows from


def step(token: str) -> Decimal:
    """One unit in the last significant digit of a token, before its scale is applied."""
    part = fraction_step(token)
    if part is not None:
        return part
    _, digits, exponent = number(token).as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{token} is no finite number")
    if exponent < 0:
        return Decimal(1).scaleb(exponent)
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0")) if any(digits) else 0
    return Decimal(1).scaleb(zeros)


def interval(
    token: str, scale: str, kind: str, qualifier: str, status: str
) -> tuple[Decimal, Decimal, Decimal]:
    """Value, low and high in base units, by the rules of this module, exact to the digit.

    `kind` is the kind of the unit (`vocabulary.UNIT_KINDS`). Raises ValueError for a token that is no number
    or no range that ascends, one of more digits than are computed with, and a scale where there can be none.
    """
    if scale and kind in ("share", "rate", "multiple"):
        raise ValueError(f"a {kind} has no scale, such as {scale}")
    if scale and set(token) & set("万亿"):
        raise ValueError(f"the scale of {token} stands in it already")
    with localcontext(prec=EXACT):
        factor = SCALES[scale]
        first, last = (number(end) * factor for end in (ends(token) * 2)[:2])
        if first > last:
            raise ValueError(f"{token} is no range that ascends")
        value, unit = (first + last) / 2, min(step(end) for end in ends(token)) * factor
        if not all(is_number(plain_number(bound)) for bound in (first, last)):
            raise ValueError("at most 15 significant digits and below 10^18")
        if qualifier == "about":
            return value, first - unit, last + unit
        if qualifier == "more_than":
            return value, first, last + unit
        if qualifier == "nearly":
            return value, first - unit, last
        round_number = last and last % (100 if last >= 10_000 else 1000) == 0
        if (kind == "count" and not scale and not round_number) or status in ("policy", "target"):
            return value, first, last
        low = first - unit / 2
        return value, max(low, Decimal(0)) if first >= 0 else low, last + unit / 2


def corrected_figures(corpus: Corpus) -> pd.DataFrame:
    """The figures of the finished sheets with every correction applied, before they get values.

    Indexed by `figure_id`: the columns of the sheets, `article`, `line`, `corrected` (what we read otherwise
    than printed, in words) and `as_printed`, the token before any correction. Raises BadInput for a
    correction whose guard `expect` no longer finds what it corrects.
    """
    numerals = corpus.numerals
    figures = numerals[numerals["class"] == "figure"].set_index("figure_id")
    figures = figures.assign(corrected="", as_printed=figures.token)
    file, faults = corpus.folder / "corrections.csv", []
    for row in corpus.corrections.itertuples():
        if row.figure not in figures.index:
            advice = "it must be a figure of a sheet, of class figure"
            faults.append(Fault(file, row.Index, "figure", row.figure, advice))
            continue
        printed = figures.at[row.figure, row.column]
        if printed != row.expect:
            advice = f"it must be what is printed now, {printed!r}"
            faults.append(Fault(file, row.Index, "expect", row.expect, advice))
            continue
        said = f"{row.column}: printed {row.expect or 'nothing'}, read as {row.corrected or 'nothing'}"
        before = figures.at[row.figure, "corrected"]
        figures.at[row.figure, row.column] = row.corrected
        figures.at[row.figure, "corrected"] = f"{before}; {said}" if before else said
    if faults:
        raise BadInput(faults)
    return figures


def valued(figures: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """What `clean` returns, from `corrected_figures`: tokens become values with what the print allows."""
    kind_of_unit, kind_of_indicator = corpus.kinds()
    kind, wanted = figures.unit.map(kind_of_unit), figures.indicator.map(kind_of_indicator)
    faults = []
    for row in figures.assign(wanted=wanted)[kind != wanted].itertuples():
        after = f" (after the corrections of {row.Index})" if row.corrected else ""
        file, advice = sheet_file(corpus.folder, row.article), unit_advice(row.indicator, row.wanted)
        faults.append(Fault(file, row.line, "unit", row.unit, advice + after))
    known, bounds = {}, []
    for row in figures.assign(kind=kind)[[*_DECIDING, "article", "line"]].itertuples(index=False):
        case = row[: len(_DECIDING)]
        if case not in known:
            try:
                known[case] = [float(bound) for bound in interval(*case)]
            except ValueError as error:
                file, advice = sheet_file(corpus.folder, row.article), f"it must be a number ({error})"
                faults.append(Fault(file, row.line, "token", row.token, advice))
                continue
        bounds.append(known[case])
    if faults:
        raise BadInput(faults)
    values = pd.DataFrame(bounds, columns=["value", "low", "high"], index=figures.index, dtype="float64")
    # a corrected token changes the value, not what was printed
    return figures.assign(token=figures.as_printed).join(values).reset_index()[FIGURES.columns]


def clean(corpus: Corpus) -> pd.DataFrame:
    """`figures.csv`: one row a figure of the finished sheets, columns of `schema.FIGURES`, numbers as
    numbers.

    Raises BadInput for a corpus without a finished sheet, a correction whose guard fails, a token without a
    value, and a unit of another kind than its indicator has.
    """
    if corpus.numerals.empty:
        why = "; ".join(f"{article}: {reason}" for article, reason in corpus.unfinished.items())
        raise refuse(corpus.folder / "articles.csv", 1, "row", why, "one finished sheet is needed")
    return valued(corrected_figures(corpus), corpus)


def widths(figures: pd.DataFrame) -> pd.Series:
    """Width of each figure's interval in percent of its value."""
    return (figures.high - figures.low) / figures.value * 100


def figure_tallies(figures: pd.DataFrame) -> list[Statistic]:
    """Statistics on `figures`, by qualifier.

    How many, how many exact, median relative width of the others.
    """
    width, rows = widths(figures), []
    for name in RULES:
        part, key = width[figures.qualifier == name], name.replace("_", "-")
        wide = part[part > 0]
        rows += [
            tally(f"figures-{key}", f"figures printed as {key}", len(part), "rows of figures.csv"),
            tally(
                f"figures-exact-{key}",
                f"exact counts printed as {key}",
                len(part) - len(wide),
                "rows of figures.csv with low = high",
            ),
        ]
        if len(wide):
            label = f"width of the interval of figures printed as {key}, median and quartiles"
            formula = "(high − low) / value × 100 over rows of figures.csv with low < high"
            middle, low, high = wide.quantile([0.5, 0.25, 0.75])
            rows.append(Statistic(f"width-median-{key}", label, middle, low, high, "percent", formula))
    return rows
