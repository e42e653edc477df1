"""The machine as a third reader: what the rules read of a text, kept beside what people wrote down.

Its transcription of an article lies in `machine_transcription/`. `corpus.load` compares the sheets with it
and refuses what differs unsaid; `require_current` makes sure that it is what the text at hand gives today.
"""

from pathlib import Path

import pandas as pd

from .. import paths
from ..corpus.corpus import Corpus, load
from ..corpus.differences import acknowledging, machine_differences, machine_file
from ..corpus.faults import BadInput, Fault, near, refuse
from ..corpus.files import csv_bytes, write_table
from ..corpus.schema import MACHINE, MACHINE_DIFFERENCES
from ..corpus.symptoms import visible
from .proposals import propose


def machine_transcription(text: str, date: str, names: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What the machine reads of a text: one row a numeral, the columns of `schema.MACHINE` as text.

    `date` is that of the article, and `names` has the key tables `entities`, `indicators` and `units`.
    """
    return propose(text, names["entities"], names["indicators"], names["units"], date)[MACHINE.columns]


def transcriptions(
    articles: pd.DataFrame, texts: dict[str, str], names: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """The machine transcription of every text at hand, by article."""
    dates = dict(zip(articles.article, articles.date, strict=True))
    return {article: machine_transcription(text, dates[article], names) for article, text in texts.items()}


def require_current(corpus: Corpus) -> None:
    """Raise BadInput for a finished article whose text the machine reads otherwise today than it is kept.

    That comes of a text or rules that changed, of a new unit or date, and of an edit of what is kept.
    """
    names = {name: getattr(corpus, name) for name in ("entities", "indicators", "units")}
    kept = dict(list(corpus.machine.groupby("article")))
    faults = []
    for article, today in transcriptions(corpus.articles, dict(corpus.texts), names).items():
        if article in corpus.unfinished:
            continue
        before = kept[article][MACHINE.columns].astype("str").reset_index(drop=True)
        if before.equals(today):
            continue
        file = machine_file(corpus.folder, article)
        advice = "it must be what the machine reads today; `python -m helpers fingerprint` writes it anew"
        if len(before) != len(today):
            faults.append(Fault(file, 1, "row", f"{len(before)} numerals, not {len(today)}", advice))
            continue
        changed = before.ne(today)
        for at in changed.index[changed.any(axis=1)]:
            column = changed.columns[changed.loc[at]][0]
            reads = f"it must be {today.at[at, column] or 'empty'}: {advice.removeprefix('it must be ')}"
            faults.append(Fault(file, int(at) + 2, column, before.at[at, column], reads))
    if faults:
        raise BadInput(faults)


def acknowledge(article: str, reason: str, folder: Path = paths.RAW) -> pd.DataFrame:
    """Say that the sheet of an article is right where it differs from what the machine reads.

    In `machine_differences.csv` differences that are new get `reason`, and what is none any more goes.
    Returns those that are new. Raises BadInput, before anything is written, for an unknown or unfinished
    article, for a reason that no cell can hold, and for other faults.
    """
    corpus = load(folder, acknowledged=False)
    if article not in set(corpus.articles.article):
        advice = near(article, corpus.articles.article, "it must be the id of an article")
        raise refuse(folder / "articles.csv", 1, "article", article, advice)
    if article in corpus.unfinished:
        advice = f"it must be finished first: {corpus.unfinished[article]}"
        raise refuse(folder / "articles.csv", 1, "article", article, advice)
    file = folder / f"{MACHINE_DIFFERENCES.name}.csv"
    if not visible(reason):
        raise refuse(file, 1, "reason", reason, "a reason is needed")
    of_article = corpus.numerals[corpus.numerals.article == article]
    found = machine_differences(of_article, corpus.machine[corpus.machine.article == article])
    before = corpus.machine_differences
    after = acknowledging(found, before, [article], reason.strip())
    load(folder, instead={file: csv_bytes(after)}, acknowledged=False)  # nothing that could not be read again
    write_table(after, file)
    return (
        after.merge(before, how="left", indicator=True).query("_merge == 'left_only'").drop(columns="_merge")
    )
