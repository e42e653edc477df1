"""Transcribed numerals and corrections to figures: values in base units, with what the print allows.

`intervals` has the rules. A quantity that is printed more than once has one interval, that which all of its
prints allow: each print gets its own, and they are intersected, so that a finer print narrows a coarser one.
Prints are the same quantity where a sheet has the second as a `repeat` of the first, and where two articles
print the same indicator, entity, period, unit and status. Prints that no value fits together keep their own
intervals, and `checking.claims` says that they disagree.
"""

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.faults import BadInput, Fault, refuse
from ..corpus.relations import unit_advice
from ..corpus.schema import FIGURES
from ..corpus.sheets import sheet_file
from ..corpus.tallies import Statistic, tally
from ..vocabulary import QUALIFIERS, plain_number
from .intervals import USUAL, Print, RuleSet, interval
from .quantities import BOUNDS

_SAME = ["indicator", "entity", "period", "unit", "status"]
TRANSLATED_FROM_CHINESE = ("yes", "presumably")  # machine translations of this project are from Chinese


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


def as_prints(rows: pd.DataFrame, corpus: Corpus) -> list[Print]:
    """Each row of a sheet, corrected or not, as what its interval follows from.

    A row of no article is not taken to be from Chinese.
    """
    kind_of_unit, _ = corpus.kinds()
    halves = corpus.units.set_index("unit").halves == "yes"
    most = corpus.indicators.set_index("indicator").most
    translated = corpus.articles.set_index("article").machine_translated.isin(TRANSLATED_FROM_CHINESE)
    return [
        Print(
            row.token,
            row.scale,
            kind_of_unit[row.unit],
            row.qualifier,
            row.status,
            plain_number(most[row.indicator]),
            bool(halves[row.unit]),
            bool(translated.get(row.article, False)),
        )
        for row in rows.itertuples()
    ]


def prints(figures: pd.DataFrame, corpus: Corpus, rules: RuleSet = USUAL) -> pd.DataFrame:
    """Every print of every figure, from `corrected_figures`: figures first, then what repeats them.

    Columns figure_id, article, numeral_id, quantity (the figure that stands for all prints of one quantity),
    value, low and high of this print alone. Raises BadInput for a unit of another kind than its indicator has
    and a token without a value.
    """
    kind_of_unit, kind_of_indicator = corpus.kinds()
    numerals = corpus.numerals
    repeats = numerals[(numerals["class"] == "repeat") & numerals.figure_id.isin(figures.index)].copy()
    for row in corpus.corrections.itertuples():  # of what is printed again in the same way
        again = (repeats.figure_id == row.figure) & (repeats[row.column] == row.expect)
        repeats.loc[again, row.column] = row.corrected
    own = figures.reset_index()
    table = pd.concat([own, repeats.assign(corrected="")], ignore_index=True)
    wanted = table.indicator.map(kind_of_indicator)
    faults = []
    for row in table.assign(wanted=wanted)[table.unit.map(kind_of_unit) != wanted].itertuples():
        after = f" (after the corrections of {row.figure_id})" if row.corrected else ""
        file, advice = sheet_file(corpus.folder, row.article), unit_advice(row.indicator, row.wanted)
        faults.append(Fault(file, row.line, "unit", row.unit, advice + after))
    known: dict[Print, list[float]] = {}
    bounds = []
    for row, printed in zip(table.itertuples(), as_prints(table, corpus), strict=True):
        if printed not in known:
            try:
                known[printed] = [float(bound) for bound in interval(printed, rules)]
            except ValueError as error:
                file, advice = sheet_file(corpus.folder, row.article), f"it must be a number ({error})"
                faults.append(Fault(file, row.line, "token", row.token, advice))
                continue
        bounds.append(known[printed])
    if faults:
        raise BadInput(faults)
    found = pd.DataFrame(bounds, columns=BOUNDS, dtype="float64").join(table)
    quantity = _quantities(own)
    return found.assign(quantity=found.figure_id.map(quantity))[
        ["figure_id", "article", "numeral_id", "quantity", *BOUNDS]
    ]


def _quantities(figures: pd.DataFrame) -> dict[str, str]:
    """For each figure the first that prints the same quantity; itself if none does.

    An article that prints two of one description means two things, and then neither is compared.
    """
    dated = figures[figures.period != ""]
    own = dict(zip(figures.figure_id, figures.figure_id, strict=True))
    for _, group in dated[dated.duplicated(_SAME, keep=False)].groupby(_SAME, sort=False):
        if not group.article.duplicated().any():
            own |= dict.fromkeys(group.figure_id, group.figure_id.iloc[0])
    return own


def narrowed(found: pd.DataFrame) -> pd.DataFrame:
    """What all prints of a quantity allow, from `prints`: value, low and high by figure.

    The value is that of the narrowest print, within what the others allow. Where no value fits all prints,
    each figure keeps its own.
    """
    of_quantity = found.groupby("quantity", sort=False)
    low, high = of_quantity.low.max(), of_quantity.high.min()
    finest = found.assign(width=found.high - found.low).sort_values("width", kind="stable")
    value = finest.drop_duplicates("quantity").set_index("quantity").value.clip(low, high)
    own = found.drop_duplicates("figure_id").set_index("figure_id")
    agree = own.quantity.map(low <= high)
    common = pd.DataFrame({"value": value, "low": low, "high": high})
    return own[BOUNDS].where(~agree, common.loc[own.quantity].set_axis(own.index))


def valued(figures: pd.DataFrame, corpus: Corpus, rules: RuleSet = USUAL) -> pd.DataFrame:
    """What `clean` returns, from `corrected_figures`: tokens become values with what their prints allow."""
    found = prints(figures, corpus, rules)
    places = (found.article + " " + found.numeral_id).groupby(found.quantity).agg(list).to_dict()
    own = found.drop_duplicates("figure_id").set_index("figure_id")
    here = own.article + " " + own.numeral_id
    others = [
        "; ".join(place for place in places[quantity] if place != this)
        for quantity, this in zip(own.quantity, here, strict=True)
    ]
    # a corrected token changes the value, not what was printed
    table = figures.assign(token=figures.as_printed).join(narrowed(found))
    return table.assign(also_printed=pd.Series(others, own.index)).reset_index()[FIGURES.columns]


def clean(corpus: Corpus, rules: RuleSet = USUAL) -> pd.DataFrame:
    """`figures.csv`: one row a figure of the finished sheets, columns of `schema.FIGURES`, numbers as
    numbers, with intervals by a rule set of `intervals`.

    Raises BadInput for a corpus without a finished sheet, a correction whose guard fails, a token without a
    value, and a unit of another kind than its indicator has.
    """
    if corpus.numerals.empty:
        why = "; ".join(f"{article}: {reason}" for article, reason in corpus.unfinished.items())
        raise refuse(corpus.folder / "articles.csv", 1, "row", why, "one finished sheet is needed")
    return valued(corrected_figures(corpus), corpus, rules)


def widths(figures: pd.DataFrame) -> pd.Series:
    """Width of each figure's interval in percent of its value."""
    return (figures.high - figures.low) / figures.value * 100


def figure_tallies(figures: pd.DataFrame) -> list[Statistic]:
    """Statistics on `figures`, by qualifier.

    How many, how many exact, median relative width of the others.
    """
    width, rows = widths(figures), []
    for name in QUALIFIERS:
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
