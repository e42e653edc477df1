"""Would another person have written down the same? Two transcriptions and how far they agree."""

import numpy as np
import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.schema import COMPARED
from ..corpus.tallies import Statistic, tally
from ..vocabulary import CLASSES


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
        if r.column == "class" and r.settled == "absent" != r.first
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
                default = {"class": "absent", "value": np.nan}.get(name, "")
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


def agreement(compared: pd.DataFrame) -> list[Statistic]:
    """How far two transcriptions agree, one statistic a measure; none without a second transcription.

    Cohen's kappa on the class over all numerals, `absent` being a class of its own, with the 95 % interval of
    statsmodels (Fleiss, Cohen & Everitt 1969); the share of equal cells of each column, over the numerals
    that both have as figures (class: over all), with Wilson's 95 % interval.
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
    rows = [Statistic("agreement-class-kappa", "Cohen's kappa on class", *bounds, "kappa", formula)]
    for name in COMPARED:
        same = compared[f"{name}_same"].dropna().astype(bool)
        low, high = proportion_confint(same.sum(), len(same), method="wilson")
        bounds = 100 * same.mean(), 100 * low, min(100 * high, 100.0)
        formula = f"{same.sum()} of {len(same)} equal; Wilson interval"
        rows.append(
            Statistic(f"agreement-{name}-share", f"share of equal {name}", *bounds, "percent", formula)
        )
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
