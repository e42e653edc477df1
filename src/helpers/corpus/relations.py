"""What lies between the cells of a row, the rows of a table, and the tables: each look returns its faults.

`tables` holds the raw tables by name; those that have faults themselves are None, and a look that needs one
of them looks at nothing.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pandas as pd

from ..numerals.values import number, ordinal
from ..vocabulary import KIND_OF_ORDER_TEST, NO_TEST, SOURCES, period_ends, plain_number
from . import schema
from .faults import Fault, near, once
from .graph import circle, graph_of
from .sheets import MISSING, against_fingerprints, against_text, between_sheets, sheet_file
from .symptoms import visible
from .tables import Keys
from .tallies import PREFIXES
from .texts import count_digits, fingerprints

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
        plain = (kind == "count") & (table.value % 1 == 0)
        faults.each(
            table[(table.step == 0) & ~plain],
            "step",
            lambda r: "it must be one unit of the last digit printed, as only a plain count has none",
        )
        # the same rule as that of a printed number: two zeros from ten thousand on, three below
        size = table.value.abs()
        zeros = (size > 0) & (size % (size >= 10_000).map({True: 100, False: 1000}) == 0)
        faults.each(
            table[(table.step == 0) & plain & zeros & (table.note.map(visible) == "")],
            "note",
            lambda r: f"it must say why {plain_number(r.value)} is a plain count, as it ends in zeros",
        )
        below = table[(kind == "count") & (table.value < 0)]
        faults.each(below, "value", lambda r: "it must not be below zero, as it is a count")
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


def doubled_rows(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Rows under two ids that say the same, and would count twice."""
    found: list[Fault] = []
    for name, key, columns in _SAME:
        if tables[name] is not None:
            table, faults = tables[name], _Faults(folder / f"{name}.csv")
            seen = dict[tuple, int]()
            for row in table.itertuples():
                first = seen.setdefault(tuple(getattr(row, column) for column in columns), row.Index)
                if first != row.Index:
                    faults.add(row, key, f"it must be a row of its own; line {first} says the same")
            found += faults
    return found


_SAME = (
    ("comparators", "comparator_id", schema.COMPARATORS.columns[1:]),
    ("derivations", "derived_id", schema.DERIVATIONS.columns[1:-1]),
    ("claims", "check_id", ("test", "observed", "expected")),
)


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
    """Entities that are part of each other in a circle, and members that are none."""
    table, faults = tables["entities"], _Faults(folder / "entities.csv")
    if table is None:
        return faults
    known = set(table.entity)
    for row in table[table.members != ""].itertuples():
        names = row.members.split()
        for name in names:
            if name not in known or name == row.entity:
                faults.add(row, "members", near(name, known, f"{name} must be another entity"))
        if len(set(names)) < max(len(names), 2):
            faults.add(row, "members", "there must be two members at least, and each once")
    for column in ("part_of", "members"):
        faults += _circle(table, "entity", column, faults.file)
    return faults


def shared_names(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Names that two entities or two indicators share, whatever their case, width and blanks."""
    found: list[Fault] = []
    for table, columns in _NAMES:
        if tables[table] is None:
            continue
        faults, seen = _Faults(folder / f"{table}.csv"), dict[str, int]()
        for row in tables[table].itertuples():
            own = {name: visible(unicodedata.normalize("NFKC", getattr(row, name))) for name in columns}
            for column, name in own.items():
                if name and seen.setdefault(name.casefold(), row.Index) != row.Index:
                    first = seen[name.casefold()]
                    faults.add(row, column, f"it must be a name of its own; line {first} has it already")
        found += faults
    return found


def shared_keys(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Keys that an entity, an indicator or an article has that another of these has too."""
    found, seen = list[Fault](), dict[str, str]()
    for name in ("articles", "entities", "indicators"):
        faults = _Faults(folder / f"{name}.csv")
        for row in () if tables[name] is None else tables[name].itertuples():
            if seen.setdefault(row[1], name) != name:
                column = tables[name].columns[0]
                faults.add(row, column, f"it must be a key of its own; {seen[row[1]]}.csv has it already")
        found += faults
    return found


_NAMES = (("entities", ("name", "chinese")), ("indicators", ("name",)))  # units of two kinds may share one


def derivations(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Inputs that nothing has, circles, and inputs beside a formula, which names its own."""
    table, known = tables["derivations"], _quantities(tables)
    faults = _Faults(folder / "derivations.csv")
    if table is None:
        return faults
    for row in table.itertuples():
        if row.inputs and schema.is_formula(row.measure):
            faults.add(row, "inputs", "it must be empty, as the formula names its inputs itself")
        for name, times in Counter(row.inputs.split()).items():
            if times > 1:
                advice = "it must be there only once, or it counts twice"
                faults.append(Fault(faults.file, int(row.Index), "inputs", name, advice))
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
            for column, allowed in (("expected", ""), ("otherwise", "not checkable"), ("source", "")):
                if getattr(row, column) != allowed:
                    faults.add(row, column, f"it must be {allowed or 'empty'}, as the test is {NO_TEST}")
            if not visible(row.note):
                faults.add(row, "note", "it must say what was looked for and not found")
        elif not row.source:
            faults.add(row, "source", f"it must be one of {', '.join(SOURCES)}")
        elif row.expected not in known:
            faults.add(row, "expected", near(row.expected, known, _QUANTITY))
        elif row.observed == row.expected:
            faults.add(row, "expected", "it must be something else than what is observed")
        elif row.otherwise == "not checkable" and not visible(row.note):
            faults.add(row, "note", "it must say why nothing follows if the two differ")
        if row.claim_id in checks:
            faults.add(row, "claim_id", "it must be a slug that no check has, or nothing")
    several = table[table.claim_id != ""]
    of_claim = several.groupby("claim_id")
    for column in ("claim", "kind", "matter"):
        first = of_claim[column].transform("first")
        unlike = several[several[column] != first]
        faults.each(
            unlike, column, lambda r, first=first: f"it must be {first[r.Index]!r}, as in its first reading"
        )
    same = several[several.duplicated(["claim_id", "observed", "expected"]) & (several.expected != "")]
    advice = "it must be a comparison of its own: another reading of the claim tests the same two"
    faults.each(same, "expected", lambda r: advice)
    unread = several[several.duplicated(["claim_id", "reading"]) | (several.reading.map(visible) == "")]
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


def headlines(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Headlines that are neither figures nor derived quantities."""
    faults, table = _Faults(folder / "headlines.csv"), tables["headlines"]
    sheets, derivations = tables["sheets"], tables["derivations"]
    if table is not None and sheets is not None and derivations is not None:
        known = {*sheets.figure_id, *derivations.derived_id} - {""}
        advice = "it must be a figure of a sheet or a derived quantity"
        strange = table[~table.headline.isin(known)]
        faults.each(strange, "headline", lambda r: near(r.headline, known, advice))
    return faults


def vintages(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Vintages of no comparator, doubled ones, and such as are no vintage of what they replace."""
    faults, table, known = _Faults(folder / "vintages.csv"), tables["vintages"], tables["comparators"]
    if table is None or known is None:
        return faults
    about = known.set_index("comparator_id")[["indicator", "entity", "period", "unit"]]
    for name in ("comparator_id", "instead"):
        strange = table[~table[name].isin(about.index)]
        faults.each(
            strange, name, lambda r, n=name: near(getattr(r, n), about.index, "it must be a comparator")
        )
    found = table[table.comparator_id.isin(about.index) & table.instead.isin(about.index)]
    pairs = zip(found.comparator_id, found.instead, strict=True)
    other = [one == two or not about.loc[one].equals(about.loc[two]) for one, two in pairs]
    advice = "it must be another comparator of the same indicator, entity, period and unit"
    faults.each(found[pd.Series(other, found.index, dtype="bool")], "instead", lambda r: advice)
    doubled = table[table.duplicated(["comparator_id", "vintage"])]
    faults.each(doubled, "vintage", lambda r: "it must be the only one of this vintage of the comparator")
    return faults


# How many ids a test of a rank or a list needs in `against`, and whether it needs `own` and `items`.
_ORDER_NEEDS = {
    "all rivals": (1, 999, True, False),
    "some rivals": (1, 999, True, False),
    "rivals together": (1, 1, True, False),
    "rivals ahead": (1, 1, False, False),
    "years since": (1, 1, False, True),
    "items": (0, 0, False, True),
    "items among others": (0, 0, False, True),
    "sequence": (0, 0, False, True),
    "as counted": (1, 1, False, False),
    NO_TEST: (0, 0, False, False),
}


def items_of(cell: str) -> list[str]:
    """The items of a cell of `ranks_and_lists.csv`, in order."""
    return [item.strip() for item in cell.split(";")] if cell else []


def is_numeral_id(item: str) -> bool:
    """Whether an item is the id of a numeral, and no name."""
    return bool(re.fullmatch("n[0-9]+", item))


def stated(token: str) -> Decimal:
    """The number that a numeral states, as a rank or as a count. Raises ValueError if it states none."""
    try:
        return Decimal(ordinal(token))
    except ValueError:
        return number(token)


def orders(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Ranks and lists of numerals that there are not, or that state no number; of unknown ids; without what
    their test needs; a numeral in two rows.
    """
    table, sheets, known = tables["ranks_and_lists"], tables["sheets"], _quantities(tables)
    faults = _Faults(folder / "ranks_and_lists.csv")
    if table is None:
        return faults
    for row in table.itertuples():
        if row.kind != KIND_OF_ORDER_TEST[row.test] and row.test != NO_TEST:
            faults.add(row, "kind", f"it must be {KIND_OF_ORDER_TEST[row.test]}, as the test is {row.test}")
        faults += _lacking(row, faults.file)
        for column in ("own", "against"):
            for key in getattr(row, column).split():
                if known is not None and key not in known:
                    faults.append(Fault(faults.file, row.Index, column, key, near(key, known, _QUANTITY)))
        items = items_of(row.items)
        if len(set(items)) < len(items) or not all(map(visible, items)):
            faults.add(row, "items", "there must be items, each once, separated by semicolons")
        if row.test == "sequence" and not all(map(is_numeral_id, items)):
            faults.add(row, "items", "they must be numerals of the article, as they are markers")
    if sheets is not None:
        faults += _numerals_of_orders(table, sheets, faults.file)
    return faults


def _lacking(row, file: Path) -> Iterator[Fault]:
    """What a rank or a list has otherwise than its test needs."""
    least, most, own, listed = _ORDER_NEEDS[row.test]
    count = len(row.against.split())
    if not least <= count <= most:
        ids = "empty" if not most else "one id" if most == 1 else "one id or more"
        yield Fault(file, row.Index, "against", row.against, f"it must be {ids}, as the test is {row.test}")
    if len(row.own.split()) != own:
        advice = f"it must be {'one id' if own else 'empty'}, as the test is {row.test}"
        yield Fault(file, row.Index, "own", row.own, advice)
    if bool(row.items) != listed and not (row.test == NO_TEST and row.items):
        advice = f"it must {'have items' if listed else 'be empty'}, as the test is {row.test}"
        yield Fault(file, row.Index, "items", row.items, advice)
    if row.test == NO_TEST and not row.reason:
        yield Fault(file, row.Index, "reason", "", "it must say why there is no test")
    if row.test != NO_TEST and row.reason:
        yield Fault(file, row.Index, "reason", row.reason, "it must be empty, as there is a test")
    if row.test == NO_TEST and row.otherwise != "not checkable":
        advice = f"it must be not checkable, as the test is {NO_TEST}"
        yield Fault(file, row.Index, "otherwise", row.otherwise, advice)


def _numerals_of_orders(table: pd.DataFrame, sheets: pd.DataFrame, file: Path) -> Iterator[Fault]:
    """Numerals of ranks and lists that are not in the sheet, state no number, or stand in two rows.

    One that says the rank of several values has a row for each.
    """
    tokens = {(row.article, row.numeral_id): row.token for row in sheets.itertuples()}
    periods = {(row.article, row.numeral_id): row.period for row in sheets.itertuples()}
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for row in table.itertuples():
        of_article = [key for article, key in tokens if article == row.article]
        items = [item for item in items_of(row.items) if is_numeral_id(item)]
        if row.test == "years since" and not any(periods.get((row.article, item)) for item in items):
            yield Fault(
                file, row.Index, "items", row.items, "it must be a numeral of the article with a period"
            )
        # the day of an anniversary may serve several of them
        owned = [] if row.test == "years since" else items
        for column, names in (("numeral_id", [row.numeral_id]), ("items", items)):
            for name in names:
                if (row.article, name) not in tokens:
                    advice = near(name, of_article, f"it must be a numeral of {row.article}")
                    yield Fault(file, row.Index, column, name, advice)
                elif column == "numeral_id" or row.test == "sequence":
                    try:
                        stated(tokens[row.article, name])
                    except ValueError:
                        advice = f"it must state a rank or a count, but is {tokens[row.article, name]!r}"
                        yield Fault(file, row.Index, column, name, advice)
        for name in dict.fromkeys([row.numeral_id, *owned]):
            ranked = row.own if name == row.numeral_id else ""
            first, value = seen.setdefault((row.article, name), (row.Index, ranked))
            if first != row.Index and (not ranked or not value or ranked == value):
                column = "numeral_id" if name == row.numeral_id else "items"
                advice = f"it must be a numeral of its own; line {first} has it already"
                yield Fault(file, row.Index, column, name, advice)


def calibrated(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Prints and truths that there are not, or of unlike units; hedges that are missing; prints twice."""
    table, sheets = tables["calibration"], tables["sheets"]
    comparators, derivations = tables["comparators"], tables["derivations"]
    faults = _Faults(folder / "calibration.csv")
    if table is None or sheets is None or comparators is None or derivations is None:
        return faults
    figures = sheets[sheets["class"] == "figure"].set_index("figure_id").unit
    others = comparators.set_index("comparator_id").unit
    derived = derivations.set_index("derived_id").unit
    corrected = _corrected_units(tables["corrections"])
    unit = {**derived.to_dict(), **others.to_dict(), **figures.to_dict(), **corrected}
    prints, truths = {*figures.index, *others.index}, {*others.index, *derived.index}
    for row in table.itertuples():
        if row.print not in prints:
            faults.add(row, "print", near(row.print, prints, "it must be a figure or a comparator"))
        if row.truth not in truths:
            advice = "it must be a comparator or a derived quantity"
            faults.add(row, "truth", near(row.truth, truths, advice))
        elif row.truth == row.print:
            faults.add(row, "truth", "it must be something else than the print")
        elif row.print in prints and unit[row.print] != unit[row.truth]:
            faults.add(row, "truth", f"it must be a quantity in {unit[row.print]}, as the print")
        if row.print in figures.index and row.qualifier:
            faults.add(row, "qualifier", "it must be empty, as the sheet has that of a figure")
        elif row.print in others.index and not row.qualifier:
            faults.add(row, "qualifier", "it must say how the print is hedged, as it is a comparator")
    twice = table[table.duplicated(["print"])]
    faults.each(twice, "print", lambda r: "it must be a print of its own, which has one truth")
    return faults


def _corrected_units(corrections: pd.DataFrame | None) -> dict[str, str]:
    """The units of figures that are corrected, by figure."""
    if corrections is None:
        return {}
    part = corrections[corrections.column == "unit"]
    return dict(zip(part.figure, part.corrected, strict=True))


def reserved(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Ids that begin as those of statistics do."""
    found: list[Fault] = []

    def look(table: pd.DataFrame, column: str, file: Path) -> None:
        faults = _Faults(file)
        for row in table[table[column].str.startswith(PREFIXES)].itertuples():
            start = next(start for start in PREFIXES if getattr(row, column).startswith(start))
            faults.add(row, column, f"it must not begin with {start}, as ids of our statistics do")
        found.extend(faults)

    for name, column, _ in _IDS:
        if tables[name] is not None:
            look(tables[name], column, folder / f"{name}.csv")
    if tables["sheets"] is not None:
        for article, sheet in tables["sheets"].groupby("article"):
            look(sheet.set_index("line"), "figure_id", sheet_file(folder, article))
    return found


def early_outcomes(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Figures that report what was, of a time after their article."""
    sheets, articles, found = tables["sheets"], tables["articles"], list[Fault]()
    if sheets is None or articles is None:
        return found
    ends = {row.article: period_ends(row.date) for row in articles.itertuples() if row.date}
    told = sheets[(sheets.status == "outcome") & (sheets.period != "") & ~sheets.note.map(schema.is_proposal)]
    for row in told.itertuples():
        start, end = period_ends(row.period.partition("/")[0]), ends.get(row.article)
        if start and end and start[0] > end[1]:
            advice = "it must begin before the article appeared, or be no outcome"
            file = sheet_file(folder, row.article)
            found.append(Fault(file, row.line, "period", row.period, advice))
    return found


def ids(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Ids that stand in two tables."""
    if any(tables[name] is None for name, *_ in _IDS) or tables["sheets"] is None:
        return []
    taken, faults = _confirmed_figures(tables["sheets"]), list[Fault]()
    for name, column, advice in _IDS:
        table, own = tables[name], _Faults(folder / f"{name}.csv")
        own.each(table[table[column].isin(taken)], column, lambda r, advice=advice: advice)
        taken |= set(table[column]) - {""} if name != "claims" else set()  # `claims` looks at its own two
        faults += own
    return faults


_IDS = (
    ("constants", "constant", "it must be a slug that no figure has"),
    ("comparators", "comparator_id", "it must be a slug that no figure and no constant has"),
    ("derivations", "derived_id", "it must be a slug that no figure, constant or comparator has"),
    ("claims", "check_id", "it must be a slug that nothing else has"),
    ("claims", "claim_id", "it must be a slug that nothing else has, or nothing"),
    ("ranks_and_lists", "order_id", "it must be a slug that nothing else has"),
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


def other_transcriptions(tables: Tables, folder: Path, keys: Keys) -> list[Fault]:
    """Rows of second and machine transcriptions that do not fit their places or overlap; values of what is no
    figure.
    """
    found: list[Fault] = []
    for name, where in (("second", schema.SECOND_FOLDER), ("machine", schema.MACHINE_FOLDER)):
        if tables[name] is None:
            continue
        for article, rows in tables[name].set_index("line").groupby("article", sort=False):
            faults = _Faults(folder / where / f"{article}.csv")
            faults.each(
                rows[rows.token.str.len() != rows.end - rows.start],
                "token",
                lambda r: f"it must have {r.end - r.start} characters, from {r.start} to {r.end}",
            )
            before = rows.end.shift(fill_value=0)
            faults.each(
                rows[rows.start < before],
                "start",
                lambda r, before=before: f"it must be at least {before[r.Index]}, where the row before ends",
            )
            if name == "second":
                valued = rows[~rows["class"].isin(schema.QUANTITIES) & rows.value.notna()]
                faults.each(
                    valued.rename(columns={"class": "kind"}),
                    "value",
                    lambda r: f"it must be empty for class {r.kind}",
                )
            found += once(
                faults, "start", "there must be rows in reading order, each from where the one before ends"
            )
    return found


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


def two_transcriptions(tables: Tables, texts: Mapping[str, str], folder: Path) -> list[Fault]:
    """What second transcriptions have otherwise than the texts, and settled.csv otherwise than the two.

    To be asked once the tables have no other fault, as each would be said here again.
    """
    found: list[Fault] = []
    for article, rows in tables["second"].set_index("line").groupby("article", sort=False):
        faults, text = _Faults(folder / schema.SECOND_FOLDER / f"{article}.csv"), texts.get(article, "")
        for row in rows.itertuples() if text else ():
            printed = text[row.start : row.end]
            if printed != row.token:
                faults.add(row, "token", f"it must be {printed!r}, printed from {row.start} to {row.end}")
        found += once(faults, "token", "there must be what the text has at each place")
    faults = _Faults(folder / schema.SECOND_FOLDER / "settled.csv")
    for row in tables["settled"].itertuples():
        for column, advice in _contradicted(row, tables["sheets"], tables["second"]):
            faults.add(row, column, advice)
    return found + faults


def _contradicted(row, sheets: pd.DataFrame, second: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """What a row of settled.csv says otherwise than the two transcriptions: columns and advice.

    The sheet is not asked while it has proposals, nor for values, which are those of figures.
    """
    if row.article not in set(second.article):
        yield "article", "it must be an article that has a second transcription"
        return
    mine, theirs = (at_place(rows, row.article, row.start) for rows in (sheets, second))
    own = sheets[sheets.article == row.article]
    unfinished = own.note.map(schema.is_proposal).any()
    if (
        mine is None
        and theirs is None
        and not unfinished
        and (row.column, row.settled) != ("class", "absent")
    ):
        yield "start", "it must be where the sheet or the second transcription has a numeral"
        return
    there = theirs if mine is None else mine
    if there is not None and there.start != row.start:
        yield "start", f"it must be {there.start}, where the numeral begins"
    elif there is not None and row.token not in {one.token for one in (mine, theirs) if one is not None}:
        yield "token", f"it must be {there.token!r}, the numeral there"
    if _alike(row.first, row.second, row.column) and _alike(row.second, row.settled, row.column):
        yield "second", "it must differ from what the sheet had first or has now, or nothing was settled"
    elif not _alike(row.second, found := _cell(theirs, row.column), row.column):
        yield "second", f"it must be what the second transcription has there, {found or 'nothing'}"
    if row.column != "value" and not unfinished and row.settled != (now := _cell(mine, row.column)):
        yield "settled", f"it must be what the sheet says now, {now or 'nothing'}"


def at_place(rows: pd.DataFrame, article: str, place: int) -> Any:
    """The row of an article whose numeral has the character at a place; None if there is none."""
    found = rows[(rows.article == article) & (rows.start <= place) & (place < rows.end)]
    return None if found.empty else found.iloc[0]


def _cell(row: Any, column: str) -> str:
    """The cell of a transcription as settled.csv writes it; a numeral that is not there is `absent`."""
    if row is None:
        return "absent" if column == "class" else ""
    return plain_number(row[column]) if column == "value" else str(row[column])


def _alike(one: str, two: str, column: str) -> bool:
    """Whether two cells say the same, numbers as numbers."""
    return one == two or bool(column == "value" and one and two and float(one) == float(two))


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
            elif (line := _other_digits(article, text, printed)) is not None:
                advice = "it must have the digits of the text at hand; run `python -m helpers fingerprint`"
                faults.append(Fault(folder / "fingerprints.csv", line, "article", article, advice))
            found = against_text(rows, text, folder)
            faults += [f for f in found if f.value != MISSING] if article in open_ones else found
        elif article not in open_ones:
            faults += against_fingerprints(rows, printed, folder)
    return faults


def _other_digits(article: str, text: str, printed: pd.DataFrame) -> int | None:
    """The line of the first fingerprint of an article that is not that of its text; None if all are."""
    now = fingerprints([article], {article: text}, printed).values.tolist()
    rows = printed.loc[printed.article == article, schema.FINGERPRINTS.columns]
    for line, row in zip(rows.index, rows.values.tolist(), strict=True):
        if row not in now:
            return int(line)
    return None if len(rows) == len(now) else int(rows.index[-1])


LOOKS: Iterable[Callable[[Tables, Path, Keys], list[Fault]]] = (
    comparators, constants, corrections, doubled_fingerprints, entities, shared_keys, shared_names,
    derivations, claims, untested, headlines, vintages, orders, calibrated, doubled_rows, early_outcomes,
    reserved, ids,
    other_transcriptions, settled,
)  # fmt: skip
