"""What lies between the cells of a row, the rows of a table, and the tables: each look returns its faults.

`tables` holds the raw tables by name; those that have faults themselves are None, and a look that needs one
of them looks at nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pandas as pd

from ..vocabulary import NO_TEST, plain_number
from . import schema
from .faults import Fault, near
from .graph import circle, graph_of
from .sheets import MISSING, against_fingerprints, against_text, between_sheets
from .tables import Keys
from .texts import count_digits

EXACT = 200  # digits enough that no value, step or half of it is rounded unsaid
THOUSANDFOLD = 900  # a value that is off by a thousand may have grown a little besides
_QUANTITY = "it must be a figure, a constant, a comparator or a derived id"

Tables = Mapping[str, Any]  # a DataFrame, or None


def exact(value: float) -> Decimal:
    """A number of a table as the decimal number that was written there."""
    return Decimal(repr(float(value)))


def unit_advice(indicator: str, kind: str) -> str:
    """What a message says of a unit that does not go with its indicator."""
    return f"it must be a unit of {kind}, which {indicator} is by indicators.csv"


class _Faults(list):
    """Faults of one file, for rows of `DataFrame.itertuples` whose index is their line."""

    def __init__(self, file: Path):
        super().__init__()
        self.file = file

    def add(self, row, column: str, advice: str) -> None:
        value = getattr(row, column)
        shown = plain_number(value) if isinstance(value, float) else str(value)
        self.append(Fault(self.file, int(row.Index), column, shown, advice))

    def each(self, rows: pd.DataFrame, column: str, advice: Callable) -> None:
        for row in rows.itertuples() if len(rows) else ():
            self.add(row, column, advice(row))


def comparators(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Units of another kind than the indicator, values a thousandfold off their series, steps that do not
    fit.
    """
    table, units, indicators = (tables[name] for name in ("comparators", "units", "indicators"))
    if table is None:
        return []
    faults = _Faults(folder / "comparators.csv")
    if units is not None and indicators is not None:
        kinds = indicators.set_index("indicator").kind
        kind = table.unit.map(units.set_index("unit").kind)
        wrong = table[table.indicator.map(kinds) != kind]
        faults.each(wrong, "unit", lambda r: unit_advice(r.indicator, kinds[r.indicator]))
        # shares and rates may be near nothing
        levels = table[kind.isin(["money", "count", "measure"]) & (table.value != 0)]
        middle = _middle(levels)
        ratio = middle.value / levels.value.abs()
        faults.each(
            levels[(ratio >= THOUSANDFOLD) | (ratio <= 1 / THOUSANDFOLD)],
            "value",
            lambda r: (
                "it must be of a size like that of its series, "
                f"{plain_number(table.value[middle.line[r.Index]])} on line {middle.line[r.Index]}: "
                "values are in base units"
            ),
        )
    above = (table.step > table.value.abs()) & (table.value != 0)
    faults.each(table[above], "step", lambda r: f"it must be at most the value, {plain_number(r.value)}")
    with localcontext(prec=EXACT):
        pairs = zip(table.value, table.step, strict=True)
        parts = [bool(step and exact(value) % exact(step)) for value, step in pairs]
    faults.each(
        table[pd.Series(parts, table.index, dtype=bool) & ~above],
        "value",
        lambda r: (
            f"it must be a whole number of steps of {plain_number(r.step)}: one unit of the last digit "
            "printed"
        ),
    )
    return faults


def _middle(levels: pd.DataFrame) -> pd.DataFrame:
    """Size and line of the middle value of each row's series; of two values the earlier one."""
    keys = [levels[name] for name in ("indicator", "entity", "unit")]
    sizes = levels.value.abs().sort_values(kind="stable")
    count = sizes.groupby([key[sizes.index] for key in keys]).transform("size")
    rank = sizes.groupby([key[sizes.index] for key in keys]).cumcount()
    first = pd.Series(levels.groupby(["indicator", "entity", "unit"]).cumcount() == 0)[sizes.index]
    chosen = sizes[((count == 2) & first) | ((count != 2) & (rank == count // 2))]
    line = pd.Series(chosen.index, chosen.index).reindex(levels.index)
    line = line.groupby(keys).transform("max").astype("int64")
    return pd.DataFrame({"value": sizes[line].to_numpy(), "line": line}, index=levels.index)


def constants(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Constants outside their bounds."""
    faults, table = _Faults(folder / "constants.csv"), tables["constants"]
    if table is not None:
        ends = lambda r: f"low, {plain_number(r.low)}, and high, {plain_number(r.high)}"  # noqa: E731
        outside = table[(table.value < table.low) | (table.value > table.high)]
        faults.each(outside, "value", lambda r: f"it must be between {ends(r)}")
    return faults


def corrections(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Corrections of no figure, to what the column cannot hold or to what is printed anyway, and doubled
    ones.
    """
    faults, table, sheets = _Faults(folder / "corrections.csv"), tables["corrections"], tables["sheets"]
    if table is None:
        return faults
    rules = schema.SHEET.rules(keys)
    figures = None if sheets is None else set(sheets.figure_id)
    for row in table.itertuples():
        rule = schema.NUMERIC_TOKEN if row.column == "token" else rules[row.column]
        if not rule.test(row.corrected) or (row.column not in ("period", "scale") and not row.corrected):
            faults.add(row, "corrected", rule.advice(row.corrected))
        elif row.corrected == row.expect:
            faults.add(row, "corrected", "it must be something else than is printed")
        if figures is not None and row.figure not in figures:
            faults.add(row, "figure", near(row.figure, figures, "it must be a figure of a sheet"))
    twice = table[table.duplicated(["figure", "column"])]
    faults.each(twice, "column", lambda r: "there must be one correction of a column of a figure")
    return faults


def doubled_fingerprints(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Paragraphs that stand twice."""
    faults, table = _Faults(folder / "fingerprints.csv"), tables["fingerprints"]
    if table is not None:
        twice = table[table.duplicated(["article", "paragraph"])]
        faults.each(twice, "paragraph", lambda r: "there must be a paragraph of an article only once")
    return faults


def entities(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Entities that are part of each other in a circle."""
    table = tables["entities"]
    return [] if table is None else _circle(table, "entity", "part_of", folder / "entities.csv")


def derivations(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Inputs that nothing has, circles, and inputs beside a formula, which names its own."""
    table, known = tables["derivations"], _quantities(tables)
    faults = _Faults(folder / "derivations.csv")
    if table is None:
        return faults
    for row in table.itertuples():
        if row.inputs and schema.is_formula(row.measure):
            faults.add(row, "inputs", "it must be empty, as the formula names its inputs itself")
        for name in row.inputs.split():
            if known is not None and name not in known:
                advice = near(name, known, _QUANTITY)
                faults.append(Fault(faults.file, int(row.Index), "inputs", name, advice))
    return faults + _circle(table, "derived_id", "inputs", faults.file)


def _circle(table: pd.DataFrame, key: str, column: str, file: Path) -> list[Fault]:
    """The fault of rows that name each other in a circle, through the ids in a column."""
    found = circle(graph_of(dict(zip(table[key], table[column].str.split(), strict=True))))
    if not found:
        return []
    line = int(table.index[table[key] == found[0]][0])
    return [Fault(file, line, column, " ← ".join(found), "there must be no circle")]


def claims(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Claims on unknown ids, on themselves, without what their test needs; readings that are none."""
    table, known = tables["claims"], _quantities(tables)
    faults = _Faults(folder / "claims.csv")
    if table is None:
        return faults
    known = known if known is not None else {*table.observed, *table.expected}
    checks = set(table.check_id)
    for row in table.itertuples():
        if row.observed not in known:
            faults.add(row, "observed", near(row.observed, known, _QUANTITY))
        if row.test == NO_TEST:
            for column, allowed in (("expected", ""), ("otherwise", "not checkable"), ("same_source", "")):
                if getattr(row, column) != allowed:
                    faults.add(row, column, f"it must be {allowed or 'empty'}, as the test is {NO_TEST}")
            if not row.note.strip():
                faults.add(row, "note", "it must say what was looked for and not found")
        elif row.expected not in known:
            faults.add(row, "expected", near(row.expected, known, _QUANTITY))
        elif row.observed == row.expected:
            faults.add(row, "expected", "it must be something else than what is observed")
        elif row.otherwise == "not checkable" and not row.note.strip():
            faults.add(row, "note", "it must say why nothing follows if the two differ")
        if row.claim_id in checks:
            faults.add(row, "claim_id", "it must be a slug that no check has, or nothing")
    several = table[table.claim_id != ""]
    of_claim = several.groupby("claim_id")
    for column in ("claim", "kind"):
        first = of_claim[column].transform("first")
        unlike = several[several[column] != first]
        faults.each(
            unlike, column, lambda r, first=first: f"it must be {first[r.Index]!r}, as in its first reading"
        )
    same = several[several.duplicated(["claim_id", "observed", "expected"]) & (several.expected != "")]
    advice = "it must be a comparison of its own: another reading of the claim tests the same two"
    faults.each(same, "expected", lambda r: advice)
    unread = several[several.duplicated(["claim_id", "reading"]) | (several.reading.str.strip() == "")]
    faults.each(unread, "reading", lambda r: "it must be a reading of its own")
    return faults


def untested(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Reasons given for figures that there are not."""
    faults, table, sheets = _Faults(folder / "untested.csv"), tables["untested"], tables["sheets"]
    if table is not None and sheets is not None:
        known = set(sheets.figure_id)
        strange = table[~table.figure_id.isin(known)]
        faults.each(
            strange, "figure_id", lambda r: near(r.figure_id, known, "it must be a figure of a sheet")
        )
    return faults


def ids(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Ids that stand in two tables."""
    if any(tables[name] is None for name, *_ in _IDS) or tables["sheets"] is None:
        return []
    taken, faults = _confirmed_figures(tables["sheets"]), list[Fault]()
    for name, column, advice in _IDS:
        table, own = tables[name], _Faults(folder / f"{name}.csv")
        own.each(table[table[column].isin(taken)], column, lambda r, advice=advice: advice)
        taken |= set(table[column]) - {""}
        faults += own
    return faults


_IDS = (
    ("constants", "constant", "it must be a slug that no figure has"),
    ("comparators", "comparator_id", "it must be a slug that no figure and no constant has"),
    ("derivations", "derived_id", "it must be a slug that no figure, constant or comparator has"),
    ("claims", "check_id", "it must be a slug that nothing else has"),
)


def _confirmed_figures(sheets: pd.DataFrame) -> set[str]:
    return set(sheets.figure_id[~sheets.note.map(schema.is_proposal)]) - {""}


def _quantities(tables: Tables) -> set[str] | None:
    """Ids of figures, constants, comparators and derived quantities.

    None if one of their tables has faults.
    """
    named = (("sheets", "figure_id"), *((name, column) for name, column, _ in _IDS[:3]))
    if any(tables[name] is None for name, _ in named):
        return None
    return set[str]().union(*(tables[name][column] for name, column in named)) - {""}


def second_transcription(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Tokens of a second transcription that are not as long as their places."""
    table = tables["second"]
    wrong = () if table is None else table[table.token.str.len() != table.end - table.start].itertuples()
    return [
        Fault(
            folder / schema.SECOND_FOLDER / f"{row.article}.csv",
            row.line,
            "token",
            row.token,
            f"it must have {row.end - row.start} characters, from {row.start} to {row.end}",
        )
        for row in wrong
    ]


def settled(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Settled cells that the column cannot hold, and disagreements that stand twice."""
    faults, table = _Faults(folder / schema.SECOND_FOLDER / "settled.csv"), tables["settled"]
    if table is None:
        return faults
    for row in table.itertuples():
        rule = schema.COMPARED_RULES[row.column]
        for name in ("first", "second", "settled"):
            if not rule.test(getattr(row, name)):
                faults.add(row, name, rule.advice(getattr(row, name)))
    twice = table[table.duplicated(["article", "start", "column"])]
    faults.each(twice, "column", lambda r: "there must be one row for a column of a numeral")
    return faults


def sheets_and_texts(
    sheets: pd.DataFrame, texts: Mapping[str, str], printed: pd.DataFrame, folder: Path
) -> list[Fault]:
    """Faults between sheets, and of each against its text or the fingerprints of it.

    What an unfinished sheet still lacks is no fault.
    """
    proposals = sheets.note.map(schema.is_proposal)
    open_ones = set(sheets.article[proposals])
    # a repeat may be confirmed before its figure is
    early = (sheets["class"] == "repeat") & sheets.article.isin(open_ones)
    faults = between_sheets(sheets[~proposals & ~early], folder)
    for article, rows in sheets.groupby("article", sort=False):
        text = texts.get(article)
        if text is not None:
            if count_digits(text) and not (printed.article == article).any():
                advice = "a row for each paragraph with digits is needed; run `python -m helpers fingerprint`"
                faults.append(Fault(folder / "fingerprints.csv", 1, "article", article, advice))
            found = against_text(rows, text, folder)
            faults += [f for f in found if f.value != MISSING] if article in open_ones else found
        elif article not in open_ones:
            faults += against_fingerprints(rows, printed, folder)
    return faults


LOOKS: Iterable[Callable[[Tables, Path, Keys], list[Fault]]] = (
    comparators, constants, corrections, doubled_fingerprints, entities, derivations, claims, untested, ids,
    second_transcription, settled,
)  # fmt: skip
