"""Would another person have written down the same, or a machine? How far two transcriptions agree."""

from collections.abc import Callable, Iterable

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
DRAWS = 9_999  # bootstrap samples: the ends of an interval then keep two decimals of a kappa
_EASY, _HARD = ["ordinal", "date"], ["figure", "name"]
# Over which numerals two people are compared on the class: part of an id, words, which rows
PARTS: dict[str, tuple[str, Callable[[pd.Series, pd.Series], pd.Series]]] = {
    "": ("", lambda first, second: first.notna()),
    "no-marker-or-date": (
        ", without what either has as an ordinal or a date",
        lambda first, second: ~first.isin(_EASY) & ~second.isin(_EASY),
    ),
    "figure-or-name": (
        ", of what either has as a figure or a name",
        lambda first, second: first.isin(_HARD) | second.isin(_HARD),
    ),
}


def side_by_side(corpus: Corpus, figures: pd.DataFrame) -> pd.DataFrame:
    """The two transcriptions as they were before settling, one row a numeral of either.

    Only articles that have a second transcription count: the others say nothing of agreement. The first is
    the sheet, with what was settled taken back; its values are those of `figures`, as cleaned, which is what
    the first person thinks was meant. Rows pair where their places overlap; a numeral that a transcription
    did not have is of class `absent` there, and one that neither has any more lies in the paragraph of the
    numeral before it. Columns: article, paragraph, start, token, and for each of
    `COMPARED` its `_first`, `_second` and whether they are the `_same` (None where not both have a figure;
    class is always compared).
    """
    values = figures.set_index("figure_id").value
    before = {(r.article, r.start, r.column): r.first for r in corpus.settled.itertuples()}
    first = corpus.numerals.assign(value=corpus.numerals.figure_id.map(values))
    taken_out = [
        {
            "article": r.article,
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
        earlier = {row["start"]: row["paragraph"] for row in ours}
        ours += [
            row | {"paragraph": max((earlier[at] for at in earlier if at < row["start"]), default=1)}
            for row in taken_out
            if row["article"] == article
        ]
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
    start, paragraph, and for each of `MACHINE_READ` its `_first`, `_second` and whether they are the `_same`:
    None where the two are not compared, as where the machine reads no unit (`differences.compared_cells`).
    """
    pairs = paired(corpus.numerals, corpus.machine)
    places = pd.concat(
        [table[["article", "start", "paragraph"]] for table in (corpus.numerals, corpus.machine)]
    )
    found = pairs[["article", "start"]].merge(places.drop_duplicates(["article", "start"]), how="left")
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
    compared: pd.DataFrame, seed: int, names: Iterable[str] = COMPARED, prefix: str = "agreement"
) -> list[Statistic]:
    """How far two transcriptions agree, one statistic a measure; none where nothing is compared.

    On the class: the share of numerals of equal class and Cohen's kappa (1960), `absent` being a class of its
    own, over all numerals; of two people also over the parts of `PARTS`. Their 95 % intervals are percentiles
    of `DRAWS` bootstrap samples of paragraphs, as the numerals of one paragraph are read alike (Davison &
    Hinkley 1997, Bootstrap Methods and their Application, ch. 3.8); `seed` is that of the draws. Of every
    other column in `names`: the share of equal cells over the numerals that both have as figures, with
    Wilson's 95 % interval. Ids begin with `prefix`, `agreement` for two people and `machine` for the sheets
    and the machine, and end with the part.
    """
    # imported here: statsmodels takes a second, which whoever only reads sheets need not pay
    from statsmodels.stats.proportion import proportion_confint

    if compared.empty:
        return []
    whose = f", {_WITH[prefix]}" if prefix in _WITH else ""
    rows = []
    for part, (of_which, chosen) in PARTS.items() if prefix not in _WITH else list(PARTS.items())[:1]:
        table = compared[chosen(compared.class_first, compared.class_second)]
        if len(table):
            rows += _on_class(table, seed, prefix, f"-{part}" if part else "", f"{of_which}{whose}")
    for name in [name for name in names if name != "class"]:
        same = compared[f"{name}_same"].dropna().astype(bool)
        low, high = proportion_confint(same.sum(), len(same), method="wilson")
        bounds = 100 * same.mean(), 100 * low, min(100 * high, 100.0)
        formula = f"{same.sum()} of {len(same)} equal; Wilson interval"
        label = f"share of equal {name}{whose}"
        rows.append(Statistic(f"{prefix}-{name}-share", label, *bounds, "percent", formula))
    return rows


def _on_class(table: pd.DataFrame, seed: int, prefix: str, part: str, of_which: str) -> list[Statistic]:
    """Agreement on the class over the rows of `table`: their number, the share that is equal, and kappa."""
    counts = class_counts(table)
    share, kappa = (bootstrapped(counts, statistic, seed) for statistic in (share_equal, cohens_kappa))
    drawn = f"percentiles of {DRAWS:,} samples of {len(counts)} paragraphs, seed {seed}"
    equal = f"{int(table.class_same.sum())} of {len(table)} equal"
    by_chance = "(observed − expected agreement) / (1 − expected agreement)"
    key = f"{prefix}-class"
    return [
        Statistic(
            f"{key}-kappa{part}", f"Cohen's kappa on class{of_which}", *kappa, "kappa",
            f"{by_chance}, over {len(table)} numerals; {drawn}",
        ),
        Statistic(
            f"{key}-share{part}", f"share of equal class{of_which}",
            100 * share[0], 100 * share[1], 100 * share[2], "percent", f"{equal}; {drawn}",
        ),
        tally(f"{key}-numerals{part}", f"numerals compared on class{of_which}", len(table),
              "numerals of either transcription"),
    ]  # fmt: skip


def class_counts(compared: pd.DataFrame) -> np.ndarray:
    """How often each pair of classes stands in each paragraph: paragraphs × first class × second class.

    Classes are in the same order on both sides. `compared` is from `side_by_side` or `beside_machine`.
    """
    classes = sorted({*compared.class_first, *compared.class_second})
    pairs = pd.MultiIndex.from_product([classes, classes])
    paragraphs = [compared.article, compared.paragraph]
    found = compared.groupby([*paragraphs, "class_first", "class_second"]).size().unstack([-2, -1])
    return found.reindex(columns=pairs).fillna(0).to_numpy().reshape(-1, len(classes), len(classes))


def share_equal(counts: np.ndarray) -> np.ndarray:
    """Share of equal classes in tables of pairs of classes, which are the last two dimensions."""
    return np.trace(counts, axis1=-2, axis2=-1) / counts.sum(axis=(-2, -1))


def cohens_kappa(counts: np.ndarray) -> np.ndarray:
    """Cohen's kappa of tables of pairs of classes; 1 where both have one and the same class alone."""
    size = counts.sum(axis=(-2, -1))
    by_chance = (counts.sum(axis=-1) * counts.sum(axis=-2)).sum(axis=-1) / size**2
    left = 1 - by_chance
    return np.where(left > 0, (share_equal(counts) - by_chance) / np.where(left > 0, left, 1), 1.0)


def bootstrapped(
    counts: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], seed: int, draws: int = DRAWS
) -> tuple[float, float, float]:
    """A statistic of the summed tables of paragraphs, with its 95 % percentile interval.

    `counts` is from `class_counts`; whole paragraphs are drawn with replacement. From one paragraph nothing
    can be drawn: the interval is then the value alone.
    """
    from scipy.stats import bootstrap

    value = float(statistic(counts.sum(axis=0)))
    if len(counts) < 2:
        return value, value, value
    drawn = bootstrap(
        (np.arange(len(counts)),),
        lambda chosen, axis: statistic(counts[chosen].sum(axis=axis - 2)),
        n_resamples=draws,
        batch=500,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    return value, float(drawn.confidence_interval.low), float(drawn.confidence_interval.high)


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
