"""Everything of data/raw, opened, decoded, validated and typed once.

`load` is the only way in for what computes: figures, derived quantities and checks are pure functions of a
`Corpus` and of tables made from it. Only what edits sheets opens single files besides.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import localcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from .. import paths
from . import schema
from .differences import unacknowledged
from .faults import BadInput, Fault, near
from .files import read_cells
from .graph import graph_of, resting_on
from .relations import EXACT, LOOKS, exact, sheets_and_texts, two_transcriptions
from .sheets import MISSING, against_text, within_sheets
from .symptoms import visible
from .tables import Keys, Table
from .texts import count_digits, read_text, text_file


@dataclass(frozen=True)
class Corpus:
    """The raw tables, typed, without what rests on an unfinished sheet.

    Only `articles`, `sheets`, `fingerprints`, `settled` and `machine_differences` keep the rows of unfinished
    articles.

    Tables have the columns of `schema` and are indexed by the line of their file; `comparators` have `low`
    and `high` besides. `sheets` holds the rows of every sheet with `article` and `line`, `numerals` those of
    the finished ones. `texts` are the texts at hand, by article; `unfinished` says by article what is still
    to be done; `left_out` are the ids that rest on unfinished sheets. Nothing in it is ever changed in place:
    a variant is made by `dataclasses.replace`.
    """

    folder: Path
    articles: pd.DataFrame
    entities: pd.DataFrame
    indicators: pd.DataFrame
    units: pd.DataFrame
    sheets: pd.DataFrame
    numerals: pd.DataFrame
    corrections: pd.DataFrame
    constants: pd.DataFrame
    comparators: pd.DataFrame
    derivations: pd.DataFrame
    claims: pd.DataFrame
    untested: pd.DataFrame
    headlines: pd.DataFrame
    vintages: pd.DataFrame
    ranks_and_lists: pd.DataFrame
    calibration: pd.DataFrame
    second: pd.DataFrame
    settled: pd.DataFrame
    machine: pd.DataFrame
    machine_differences: pd.DataFrame
    fingerprints: pd.DataFrame
    texts: Mapping[str, str] = field(default_factory=dict)
    unfinished: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def kinds(self) -> tuple[pd.Series, pd.Series]:
        """The kind of each unit and of each indicator, by key."""
        return self.units.set_index("unit").kind, self.indicators.set_index("indicator").kind


def load(
    folder: Path = paths.RAW,
    coming: str = "",
    acknowledged: bool = True,
    instead: Mapping[Path, bytes] = MappingProxyType({}),
) -> Corpus:
    """The corpus of a folder such as data/raw. Raises BadInput with every fault of every table and text.

    Cells are looked at once the rows of a file are sound, and what lies between tables once their cells are.
    Unfinished sheets are no fault, nor is a corpus without a finished one. `coming` is the id of an article
    that is being taken in: it may have no sheet yet, and its text may lie there before its row in
    articles.csv. Where the sheets differ from the machine unsaid is a fault unless `acknowledged` is false.
    `instead` holds bytes of files that are not written yet: they are read as if they were.
    """
    return _Loader(folder, coming, instead).corpus(acknowledged)


class TextsAtHand(NamedTuple):
    """What is read of texts alone: their articles, the texts by article, the key tables, the fingerprints."""

    articles: pd.DataFrame
    texts: dict[str, str]
    names: dict[str, pd.DataFrame]  # entities, indicators and units
    fingerprints: pd.DataFrame


def texts_at_hand(folder: Path) -> TextsAtHand:
    """The texts at hand with what is needed to read them.

    Looks at nothing else, as other tables may have faults that a new reading mends. Raises BadInput.
    """
    loader = _Loader(folder)
    articles = loader.table(schema.ARTICLES)
    texts = loader.texts(articles)
    names = {name: loader.attempt(read_key_table, folder, table) for name, table in schema.KEY_TABLES.items()}
    file = folder / "fingerprints.csv"
    before = loader.table(schema.FINGERPRINTS) if file.exists() else _no_rows(schema.FINGERPRINTS)
    if loader.faults:
        raise BadInput(loader.faults)
    return TextsAtHand(articles, texts or {}, names, before)


class _Loader:
    """Reads the tables of a folder one by one and keeps the faults."""

    def __init__(self, folder: Path, coming: str = "", instead: Mapping[Path, bytes] = MappingProxyType({})):
        self.folder, self.coming, self.instead = folder, coming, instead
        self.faults: list[Fault] = []
        self.keys: dict[str, list[str] | None] = {}

    def attempt(self, step: Callable, *arguments):
        """What a step returns; None, and its faults kept, if it raises BadInput."""
        try:
            return step(*arguments)
        except BadInput as bad:
            self.faults += bad.faults
            return None

    def table(self, table: Table) -> pd.DataFrame | None:
        """A table of the folder, valid by itself."""
        return self.attempt(read_table, self.folder, table, self.keys, self.instead)

    def many(self, table: Table, files: list[Path]) -> pd.DataFrame | None:
        """The files of a table as one, with `article` and `line`; those with faulty rows are left out."""
        parts = {
            file: self.attempt(read_cells, file, table.columns, self.instead.get(file)) for file in files
        }
        cells = [
            part.assign(article=file.stem, line=part.index)
            for file, part in parts.items()
            if part is not None
        ]
        empty = pd.DataFrame(columns=[*table.columns, "article", "line"], dtype="str")
        everything = pd.concat([empty.astype({"line": "int64"}), *cells], ignore_index=True)
        where = dict(
            zip(everything.index, zip(everything.article, everything.line, strict=True), strict=True)
        )

        def place(label: int) -> tuple[Path, int]:
            article, line = where[label]
            return files[0].parent / f"{article}.csv", int(line)

        typed = self.attempt(table.validated, everything[table.columns], place, self.keys)
        if typed is None or any(part is None for part in parts.values()):
            return None
        return everything[["article"]].join(typed).assign(line=everything.line)

    def corpus(self, acknowledged: bool) -> Corpus:
        """Everything, or BadInput."""
        tables: dict[str, Any] = {"articles": self.table(schema.ARTICLES)}
        articles = tables["articles"]
        self.keys["articles"] = None if articles is None else articles.article.tolist()
        for name, table in schema.KEY_TABLES.items():
            tables[name] = self.attempt(read_key_table, self.folder, table)
            self.keys[name] = None if tables[name] is None else tables[name].iloc[:, 0].tolist()
        for table in schema.BESIDE:
            tables[table.name] = self.table(table)
        tables["settled"] = self.table(schema.SETTLED)
        tables["sheets"] = sheets = self.sheets(articles)
        tables["second"] = self.beside_sheets(schema.SECOND, articles)
        tables["machine"] = self.beside_sheets(schema.MACHINE, articles)
        texts = self.texts(articles)
        for look in LOOKS:
            self.faults += look(tables, self.folder, self.keys)
        if sheets is not None and texts is not None and tables["fingerprints"] is not None:
            self.faults += sheets_and_texts(sheets, texts, tables["fingerprints"], self.folder)
        self.faults += _unread(self.folder)
        if not self.faults and texts is not None:
            self.faults += two_transcriptions(tables, texts, self.folder)
        if self.faults or texts is None:
            raise BadInput(self.faults)
        corpus = _assembled(self.folder, tables, texts)
        if acknowledged:  # looked at last: it would say once more what is wrong with a sheet
            said = corpus.machine_differences
            self.faults += unacknowledged(corpus.numerals, corpus.machine, said, self.folder)
        if self.faults:
            raise BadInput(self.faults)
        return corpus

    def tables_in(self, name: str) -> list[Path]:
        """The tables of a folder of that name, those to come included, without what programs hide there."""
        place = self.folder / name
        found = (file for file in place.glob("*.csv") if not file.name.startswith("."))
        return sorted({*found, *(file for file in self.instead if file.parent == place)})

    def sheets(self, articles: pd.DataFrame | None) -> pd.DataFrame | None:
        """Every sheet, sound by itself and with an article; None where that cannot be said."""
        files = self.tables_in("transcription")
        before = len(self.faults)
        sheets = self.many(schema.SHEET, files) if files else None
        if sheets is not None:
            self.faults += within_sheets(sheets, self.folder)
            for file in files:
                if not (sheets.article == file.stem).any():
                    self.faults.append(Fault(file, 1, "row", "", "a row for every numeral is needed"))
        if articles is not None:
            known = articles.article.tolist()
            texts = sorted((self.folder / "articles").glob("*.txt"))
            self.faults += _strangers(files, known) + _strangers(texts, [*known, self.coming])
            for row in articles[~articles.article.isin([self.coming, *(f.stem for f in files)])].itertuples():
                advice = "it needs a sheet of its own in transcription/"
                file = self.folder / "articles.csv"
                self.faults.append(Fault(file, row.Index, "article", row.article, advice))
        if len(self.faults) > before:
            return None
        return sheets if sheets is not None else _no_rows(schema.SHEET)

    def texts(self, articles: pd.DataFrame | None) -> dict[str, str] | None:
        """The texts at hand; None where one of them cannot be read."""
        if articles is None:
            return None
        before = len(self.faults)
        found = {
            row.article: self.attempt(
                read_text, self.folder, row, self.instead.get(text_file(self.folder, row.article))
            )
            for _, row in articles.iterrows()
        }
        return (
            None if len(self.faults) > before else {a: text for a, text in found.items() if text is not None}
        )

    def beside_sheets(self, table: Table, articles: pd.DataFrame | None) -> pd.DataFrame | None:
        """The second or the machine transcriptions, sound by themselves."""
        found = self.tables_in(Path(table.file).parent.name)
        files = [file for file in found if file.stem != schema.SETTLED.name]
        if articles is not None:
            self.faults += _strangers(files, articles.article.tolist())
        if not files:
            return _no_rows(table)
        rows = self.many(table, files)
        if rows is not None:
            empty = [file for file in files if not (rows.article == file.stem).any()]
            self.faults += [Fault(file, 1, "row", "", "a row for every numeral is needed") for file in empty]
        return rows


def read_table(
    folder: Path, table: Table, keys: Keys, instead: Mapping[Path, bytes] = MappingProxyType({})
) -> pd.DataFrame:
    """A raw table by itself, typed and indexed by line. `keys` holds the keys of the key tables, by name.

    `instead` is as in `load`. Raises BadInput with every fault of its cells.
    """
    file = folder / Path(table.file).relative_to("raw")
    cells = read_cells(file, table.columns, instead.get(file))
    return table.validated(cells, lambda line: (file, line), keys)


def read_key_table(folder: Path, table: Table) -> pd.DataFrame:
    """`entities`, `indicators` or `units`, typed and indexed by line.

    Raises BadInput with every fault of its cells.
    """
    file = folder / f"{table.name}.csv"
    cells = read_cells(file, table.columns)
    own = {table.name: cells.iloc[:, 0].tolist()}  # an entity is part of another
    return table.validated(cells, lambda line: (file, line), own)


def _no_rows(table: Table) -> pd.DataFrame:
    empty = table.typed(pd.DataFrame(columns=table.columns, dtype="str"))
    return empty.assign(article=pd.Series(dtype="str"), line=pd.Series(dtype="int64"))


_LIKE_TABLES = re.compile(r".*\.(csv|tsv|xlsx?|xlsm|ods|numbers)(\.txt)?", re.IGNORECASE)


def _unread(folder: Path) -> list[Fault]:
    """Faults of files that look like tables or texts and lie where, or are named as, nothing is read.

    Whoever left them there may think that their rows count.
    """
    own, faults = [Path(table.file).relative_to("raw") for table in schema.RAW], list[Fault]()
    sheets = {file.parent for file in own if file.stem == "<article>"}
    for file in sorted(folder.rglob("*")):
        place = file.relative_to(folder)
        if file.is_symlink() and file.is_dir():
            advice = "it must be a folder: what a link leads to is not seen when it changes"
            faults.append(Fault(file, 1, "file", "a link", advice))
        if any(part.startswith((".", "~")) for part in place.parts) or file.is_dir():
            continue
        if _LIKE_TABLES.fullmatch(file.name):
            if place not in own and not (place.parent in sheets and file.suffix == ".csv"):
                names = ", ".join(map(str, own))
                faults.append(
                    Fault(file, 1, "file", file.name, f"it must be one of the tables that are read: {names}")
                )
        elif file.suffix.casefold() == ".txt" and place.parts[0] == "articles":
            if place.parent != Path("articles") or file.suffix != ".txt":
                advice = "it must be named articles/<article>.txt, by an article in articles.csv"
                faults.append(Fault(file, 1, "file", file.name, advice))
    return faults


def _strangers(files: list[Path], known: list[str]) -> list[Fault]:
    """Faults of files that no article of articles.csv owns."""
    return [
        Fault(
            file,
            1,
            "file",
            file.stem,
            near(file.stem, known, "it must be named as an article in articles.csv"),
        )
        for file in files
        if file.stem not in known
    ]


# -- what is left out ------------------------------------------------------------------------------------


def _assembled(folder: Path, tables: dict, texts: dict[str, str]) -> Corpus:
    """The corpus of sound tables, without what rests on unfinished sheets."""
    articles, sheets, derivations, comparators = (
        tables[name] for name in ("articles", "sheets", "derivations", "comparators")
    )
    unfinished = _unfinished(articles, sheets)
    done = ~sheets.article.isin(unfinished)
    named = sheets.figure_id != ""
    only_there = set(sheets.figure_id[named & ~done]) - set(sheets.figure_id[named & done])
    only_there -= {*derivations.derived_id, *comparators.comparator_id, *tables["constants"].constant}
    graph = graph_of(dict(zip(derivations.derived_id, _made_of(derivations), strict=True)))
    left_out = frozenset(only_there | resting_on(graph, only_there))

    def kept(name: str, *columns: str) -> pd.DataFrame:
        table = tables[name]
        return table[~table[list(columns)].isin(left_out).any(axis=1)]

    with localcontext(prec=EXACT):
        pairs = [
            (exact(value), exact(step) / 2)
            for value, step in zip(comparators.value, comparators.step, strict=True)
        ]
        bounds = {
            "low": [float(v - half) for v, half in pairs],
            "high": [float(v + half) for v, half in pairs],
        }
    return Corpus(
        folder=folder,
        **{
            name: tables[name]
            for name in (
                "articles",
                *schema.KEY_TABLES,
                "constants",
                "fingerprints",
                "settled",
                "machine_differences",
                "vintages",
            )
        },
        sheets=sheets,
        numerals=sheets[done].reset_index(drop=True),
        comparators=comparators.assign(**bounds),
        corrections=kept("corrections", "figure"),
        derivations=kept("derivations", "derived_id"),
        claims=kept("claims", "observed", "expected"),
        untested=kept("untested", "figure_id"),
        headlines=kept("headlines", "headline"),
        ranks_and_lists=_orders_at_hand(tables["ranks_and_lists"], unfinished, left_out),
        calibration=kept("calibration", "print", "truth"),
        second=tables["second"][~tables["second"].article.isin(unfinished)],
        machine=tables["machine"][~tables["machine"].article.isin(unfinished)],
        texts=MappingProxyType(texts),
        unfinished=MappingProxyType(unfinished),
        left_out=left_out,
    )


def _orders_at_hand(table: pd.DataFrame, unfinished: Mapping[str, str], left_out) -> pd.DataFrame:
    """Ranks and lists of finished articles that rest on nothing which is left out."""
    gone = [not left_out.isdisjoint([row.own, *row.against.split()]) for row in table.itertuples()]
    return table[~table.article.isin(list(unfinished)) & ~pd.Series(gone, table.index, dtype="bool")]


def _made_of(derivations: pd.DataFrame) -> list[list[str]]:
    """The ids that each derivation names, in its inputs or in a formula of its own."""
    named = derivations.measure.where(derivations.measure.map(schema.is_formula), derivations.inputs)
    return [re.findall("[a-z0-9]+(?:-[a-z0-9]+)*", text) for text in named]


def _unfinished(articles: pd.DataFrame, sheets: pd.DataFrame) -> dict[str, str]:
    """Articles that are left out of the results, each with what is still to be done.

    A sheet is unfinished as long as one of its rows is a proposal, or its record lacks something of `NEEDED`.
    """
    proposals = sheets.note.map(schema.is_proposal).groupby(sheets.article).sum()
    sizes = sheets.article.value_counts()
    found = {}
    for row in articles.itertuples():
        reasons = []
        if proposals.get(row.article, 0):
            reasons.append(f"{proposals[row.article]} of {sizes[row.article]} numerals are proposals")
        lacking = [name for name in schema.NEEDED if not visible(getattr(row, name))]
        if lacking:
            reasons.append(f"articles.csv lacks {', '.join(lacking)}")
        if reasons:
            found[row.article] = "; ".join(reasons)
    return found


def progress(corpus: Corpus) -> pd.DataFrame:
    """How far each sheet is, one row an article, unfinished ones included.

    Columns: article, numerals (rows), digits, number_words, text (`verified` or `not at hand`), state
    (`finished`, or what is still to be done).
    """
    rows = []
    for article, sheet in corpus.sheets.groupby("article", sort=False):
        digits = sheet.token.map(count_digits)
        text = corpus.texts.get(article)
        state = corpus.unfinished.get(article, "finished")
        if text is not None and state != "finished":
            lacking = sum(fault.value == MISSING for fault in against_text(sheet, text, corpus.folder))
            state += f"; {lacking} numerals of the text have no row" if lacking else ""
        rows.append(
            {
                "article": article,
                "numerals": len(sheet),
                "digits": int(digits.sum()),
                "number_words": int((digits == 0).sum()),
                "text": "not at hand" if text is None else "verified",
                "state": state,
            }
        )
    return pd.DataFrame(rows)
