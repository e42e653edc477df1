"""Would another person have written down the same, or a machine? How far two transcriptions agree."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.differences import compared_cells, paired
from ..corpus.faults import BadInput, Fault
from ..corpus.relations import at_place
from ..corpus.schema import COMPARED, SECOND_FOLDER
from ..corpus.tallies import Statistic, tally
from ..numerals.values import number
from ..vocabulary import ABSENT, CLASSES, SCALES, plain_number

MACHINE_READ = ["class", "token", "value", "scale", "unit", "qualifier", "period", "status"]
_WITH = {"machine": "sheets and machine"}


def side_by_side(corpus: Corpus, figures: pd.DataFrame) -> pd.DataFrame:
    """The two transcriptions as they were before settling, one row a numeral of either.

    Only articles that have a second transcription count: the others say nothing of agreement. The first is
    the sheet, with what was settled taken back; its values are those of `figures`, as cleaned, which is what
    the first person thinks was meant. Rows pair where their places overlap; a numeral that a transcription
    did not have is of class `absent` there. Columns: article, paragraph, start, token, and for each of
    `COMPARED` its `_first`, `_second` and whether they are the `_same` (None where not both have a figure;
    class is always compared).
    """
    values = figures.set_index("figure_id").value
    before = {(r.article, r.start, r.column): r.first for r in corpus.settled.itertuples()}
    first = corpus.numerals.assign(value=corpus.numerals.figure_id.map(values))
    taken_out = [
        {
            "article": r.article,
            "paragraph": 0,
            "start": r.start,
            "end": r.start + len(r.token),
            "token": r.token,
        }
        for r in corpus.settled.itertuples()
        if r.column == "class" and r.settled == ABSENT != r.first
    ]
    rows = []
    for article in sorted(set(corpus.second.article)):
        ours = first[first.article == article].to_dict("records")
        ours += [row for row in taken_out if row["article"] == article]
        theirs = corpus.second[corpus.second.article == article].to_dict("records")
        places = sorted({r["start"] for r in ours} | {r["start"] for r in theirs})
        places = [p for p in places if not any(r["start"] < p < r["end"] for r in ours + theirs)]
        for place in places:
            pair = [[r for r in side if r["start"] <= place < r["end"]] for side in (ours, theirs)]
            one, two = (found[0] if found else {} for found in pair)
            row = {name: (one or two)[name] for name in ("article", "paragraph", "start", "token")}
            for name in COMPARED:
                default = {"class": ABSENT, "value": np.nan}.get(name, "")
                mine = before.get((article, row["start"], name), one.get(name, default))
                yours = two.get(name, default)
                if name == "value":
                    mine, yours = (float(v) if v != "" else np.nan for v in (mine, yours))
                row[f"{name}_first"], row[f"{name}_second"] = mine, yours
            quantity = {row["class_first"], row["class_second"]} <= {"figure", "repeat"}
            for name in COMPARED:
                mine, yours = row[f"{name}_first"], row[f"{name}_second"]
                same = np.isclose(mine, yours, rtol=1e-9) if name == "value" else mine == yours
                row[f"{name}_same"] = bool(same) if name == "class" or quantity else None
            rows.append(row)
    pairs = [f"{name}_{which}" for name in COMPARED for which in ("first", "second", "same")]
    return pd.DataFrame(rows, columns=["article", "paragraph", "start", "token", *pairs])


def disagreements(compared: pd.DataFrame) -> pd.DataFrame:
    """The cells of `side_by_side` that differ: article, start, token, column, first, second."""
    rows = [
        (row.article, row.start, row.token, name, row[f"{name}_first"], row[f"{name}_second"])
        for _, row in compared.iterrows()
        for name in COMPARED
        if row[f"{name}_same"] is False
    ]
    return pd.DataFrame(rows, columns=["article", "start", "token", "column", "first", "second"])


def unsettled(corpus: Corpus, figures: pd.DataFrame) -> list[Fault]:
    """Faults of disagreements of which settled.csv says nothing, and of settled values that are not those of
    `figures`.

    Only finished articles with a second transcription are looked at. A numeral that the second transcription
    has not is said on the line before it.
    """
    place, faults = corpus.folder / SECOND_FOLDER, []
    said = set(zip(corpus.settled.article, corpus.settled.start, corpus.settled.column, strict=True))
    for row in disagreements(side_by_side(corpus, figures)).itertuples():
        if (row.article, row.start, row.column) not in said:
            before = corpus.second[
                (corpus.second.article == row.article) & (corpus.second.start <= row.start)
            ]
            line, file = int(before.line.max() if len(before) else 1), place / f"{row.article}.csv"
            first, second = (_written(value) for value in (row.first, row.second))
            advice = (
                f"it must be {first or 'empty'}, as in the sheet, or settled.csv must say how it is settled"
            )
            faults.append(Fault(file, line, row.column, second, advice))
    value = figures.set_index("figure_id").value
    for line, row in corpus.settled[corpus.settled.column == "value"].iterrows():
        mine = at_place(corpus.numerals, row.article, row.start)
        now = "" if mine is None else _written(value.get(mine.figure_id, np.nan))
        if row.article not in corpus.unfinished and (row.settled or now) and row.settled != now:
            advice = f"it must be {now or 'empty'}, as in figures.csv"
            faults.append(Fault(place / "settled.csv", int(line), "settled", row.settled, advice))
    return faults


def require_settled(corpus: Corpus, figures: pd.DataFrame) -> None:
    """Raise BadInput for what `unsettled` finds."""
    if faults := unsettled(corpus, figures):
        raise BadInput(faults)


def _written(value: str | float) -> str:
    """A cell of `side_by_side` as tables write it."""
    return value if isinstance(value, str) else plain_number(value)


def beside_machine(corpus: Corpus) -> pd.DataFrame:
    """The sheets beside what the machine reads, one row a numeral of either, in the form of `side_by_side`.

    The sheets are the first, as printed, before any correction; the machine is the second. Columns: article,
    start, and for each of `MACHINE_READ` its `_first`, `_second` and whether they are the `_same`: None where
    the two are not compared, as where the machine reads no unit (`differences.compared_cells`).
    """
    pairs = paired(corpus.numerals, corpus.machine)
    found = pairs[["article", "start"]].copy()
    for name in MACHINE_READ:
        if name == "value":
            first, second = (
                [
                    _printed_value(*cells)
                    for cells in zip(pairs[f"token_{who}"], pairs[f"scale_{who}"], strict=True)
                ]
                for who in ("sheet", "machine")
            )
            known = compared_cells(pairs, "scale") & pd.notna(first) & pd.notna(second)
        else:
            first, second = (pairs[f"{name}_{who}"].tolist() for who in ("sheet", "machine"))
            known = compared_cells(pairs, name)
        same = [one == two if both else None for one, two, both in zip(first, second, known, strict=True)]
        found[f"{name}_first"], found[f"{name}_second"] = first, second
        found[f"{name}_same"] = pd.Series(same, found.index, dtype="object")
    return found


def _printed_value(token: str, scale: str) -> float:
    """The value that is printed, before it is corrected; missing for a token that states no single number."""
    try:
        return float(number(token) * SCALES[scale])
    except ValueError:
        return np.nan


def agreement(
    compared: pd.DataFrame, names: Iterable[str] = COMPARED, prefix: str = "agreement"
) -> list[Statistic]:
    """How far two transcriptions agree, one statistic a measure; none where nothing is compared.

    Cohen's kappa on the class over all numerals, `absent` being a class of its own, with the 95 % interval of
    statsmodels (Fleiss, Cohen & Everitt 1969); the share of equal cells of each column in `names`, over the
    numerals that both have as figures (class: over all), with Wilson's 95 % interval. Ids begin with
    `prefix`: `agreement` for two people, `machine` for the sheets and the machine.
    """
    # imported here: statsmodels takes a second, which whoever only reads sheets need not pay
    from statsmodels.stats.inter_rater import cohens_kappa, to_table
    from statsmodels.stats.proportion import proportion_confint

    if compared.empty:
        return []
    table, _ = to_table(compared[["class_first", "class_second"]].to_numpy())
    with np.errstate(invalid="ignore"):  # complete agreement has a variance that may come out just below 0
        kappa = cohens_kappa(table)
    formula = f"(observed − expected agreement) / (1 − expected agreement), over {len(compared)} numerals"
    bounds = kappa.kappa, kappa.kappa_low, min(kappa.kappa_upp, 1.0)
    if not kappa.var_kappa > 0:
        bounds = (kappa.kappa,) * 3
    whose = f", {_WITH[prefix]}" if prefix in _WITH else ""
    rows = [Statistic(f"{prefix}-class-kappa", f"Cohen's kappa on class{whose}", *bounds, "kappa", formula)]
    for name in names:
        same = compared[f"{name}_same"].dropna().astype(bool)
        low, high = proportion_confint(same.sum(), len(same), method="wilson")
        bounds = 100 * same.mean(), 100 * low, min(100 * high, 100.0)
        formula = f"{same.sum()} of {len(same)} equal; Wilson interval"
        label = f"share of equal {name}{whose}"
        rows.append(Statistic(f"{prefix}-{name}-share", label, *bounds, "percent", formula))
    return rows


def numeral_tallies(numerals: pd.DataFrame) -> list[Statistic]:
    """Counts of the numerals of all articles and of each, by class and form.

    Ids are `numerals-all`, `numerals-figure`, … and the same before `-in-` and an article.
    """
    has_digit = numerals.token.str.contains(r"\d")
    rows = []
    for article in [None, *sorted(numerals.article.unique())]:
        part = slice(None) if article is None else numerals.article == article
        suffix, where = ("", "all articles") if article is None else (f"-in-{article}", article)
        digits, classes = has_digit[part], numerals["class"][part].value_counts()
        counts = {
            "all": ("numerals", len(digits)),
            "with-digits": ("numerals with digits", int(digits.sum())),
            "in-words": ("numerals in words", int((~digits).sum())),
        } | {name: (f"numerals of class {name}", int(classes.get(name, 0))) for name in CLASSES}
        rows += [
            tally(f"numerals-{name}{suffix}", f"{label}, {where}", count, "rows of the transcription sheets")
            for name, (label, count) in counts.items()
        ]
    return rows
