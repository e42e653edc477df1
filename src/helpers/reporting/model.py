"""Everything that a browser needs to compute again what Python computed, as one dictionary for JSON.

`assets/engine.js` reads it. Tables are dictionaries of columns. Figures, sources (constants and comparators)
and derived quantities are numbered in this order, one after the other, and refer to each other by these
numbers. A formula is a list of steps: a sign and what it is applied to, which is the number of an earlier
step, `x0` for the first input, or a number as a text.
"""

from collections.abc import Iterable
from decimal import localcontext
from typing import Any

import pandas as pd

from ..checking.claims import ALIKE, EXPLAINED, WEAKEST
from ..corpus.corpus import Corpus
from ..corpus.relations import EXACT
from ..deriving import enclosure
from ..deriving.cleaning import TRANSLATED_FROM_CHINESE, corrected_figures, prints
from ..deriving.derivations import DIGITS, Step, planned
from ..deriving.formula_language import Formula, walk
from ..deriving.intervals import RULE_SETS, SET_BY_RULE, rule_set, step
from ..deriving.quantities import BOUNDS, inputs_at_hand
from ..numerals.lexicon import ONES, TEENS, TENS
from ..numerals.values import fraction_step, number
from ..vocabulary import (
    QUALIFIER_WORDS,
    QUALIFIERS,
    SCALE_WORDS,
    SCALES,
    TESTS,
    VERDICTS,
    is_number,
    plain_number,
)
from . import numbers
from .evidence import Evidence

_SPELT = [  # number words that a reader may type, besides those that are printed
    *(*ONES, *TEENS, *TENS),
    *("half", "one-third", "two-thirds", "one-quarter", "three-quarters", "one-fifth"),
    *("one and a half", "two and a half", "twice", "thrice", "double", "triple", "a dozen"),
]


def engine_model(
    corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame, checks: pd.DataFrame
) -> dict[str, Any]:
    """The model of a corpus and of what was made of it by the usual rules; tables as of `clean`, `derive` and
    `check`.

    Raises BadInput for a correction whose guard fails and a token without a value.
    """
    known = Evidence(corpus, figures, derived, checks)
    sources = inputs_at_hand(corpus, figures)
    steps, _ = planned(corpus.derivations, sources.unit.to_dict())
    others = sources[sources.kind != "figure"]
    used = {name for made in steps.values() for name in made.inputs}
    used |= {name for names in checks.inputs for name in names.split()}
    others = others[others.index.isin(used)]
    order = [*figures.figure_id, *others.index, *steps]
    place = {name: number for number, name in enumerate(order)}
    kinds = list(dict.fromkeys(made.kind for made in steps.values()))
    formulas = {made.kind: as_steps(made.formula) for made in steps.values()}
    prints_of = corrected_figures(corpus)
    return {
        "rules": {
            name: {case: list(rule[:6]) for case, rule in rule_set(name).cases.items()} for name in RULE_SETS
        },
        "scales": {name: plain_number(factor) for name, factor in SCALES.items()},
        "qualifiers": {name: QUALIFIER_WORDS[name] for name in QUALIFIERS},
        "verdicts": VERDICTS,
        "tests": TESTS,
        "set_by_rule": list(SET_BY_RULE),
        "words": _worded([*prints_of.token, *corpus.numerals.token[corpus.numerals["class"] == "repeat"]]),
        "enclosure": {
            "tolerance": enclosure.TOLERANCE,
            "noise": enclosure.NOISE,
            "most_boxes": enclosure.MOST_BOXES,
            "smallest": enclosure.SMALLEST,
            "digits": DIGITS,
        },
        "show": {
            "significant": numbers.SIGNIFICANT,
            "least_scale": numbers.LEAST_SCALE,
            "finest": {kind: str(step) for kind, step in numbers.FINEST.items()},
            "most_digits": numbers.MOST_DIGITS,
            "point": str(numbers.POINT),
            "point_below_one": str(numbers.POINT_BELOW_ONE),
            "source_decimals": str(numbers.SOURCE_DECIMALS),
            "scales": {word: plain_number(factor) for word, factor in SCALE_WORDS.items()},
            "qualifiers": QUALIFIER_WORDS,
        },
        "explained": EXPLAINED,
        "weakest": WEAKEST,
        "alike": ALIKE,
        "units": _rows(known.units, known.units.index, ("kind", "singular", "plural", "halves")),
        "entities": known.entities["name"].to_dict(),
        "indicators": known.indicators["name"].to_dict(),
        "most": {key: plain_number(most) for key, most in known.indicators.most.items() if pd.notna(most)},
        "articles": {
            key: [row.outlet, row.machine_translated in TRANSLATED_FROM_CHINESE]
            for key, row in known.articles.iterrows()
        },
        "figures": _figures(prints_of, known),
        "repeats": _repeats(corpus, prints_of, place),
        "sources": {
            "id": list(others.index),
            **{end: [float(value) for value in others[end]] for end in BOUNDS},
            "unit": list(others.unit),
            "kind": list(others.kind),
        },
        "formulas": [formulas[kind] for kind in kinds],
        "derived": _derived(steps, kinds, place, known),
        "claims": _claims(checks, place),
    }


def _rows(table: pd.DataFrame, keys: Iterable[str], columns: tuple[str, ...]) -> dict[str, list[str]]:
    return {key: [str(table.at[key, column]) for column in columns] for key in keys}


def _columns(table: pd.DataFrame, names: Iterable[str]) -> dict[str, list[Any]]:
    return {name: table[name].tolist() for name in names}


def _figures(figures: pd.DataFrame, known: Evidence) -> dict[str, list[Any]]:
    """The figures of the sheets, corrected; `as_printed` has the token where it was corrected."""
    table = figures.assign(
        id=figures.index,
        as_printed=figures.as_printed.where(figures.as_printed != figures.token, ""),
        period=[known.period(key) for key in figures.index],
        start=known.figures.start.reindex(figures.index).map(str),
        paragraph=known.figures.paragraph.reindex(figures.index).map(str),
    )
    own = ("token", "scale", "unit", "qualifier", "status", "as_printed", "corrected")
    about = ("article", "paragraph", "start", "indicator", "entity", "period")
    return _columns(table, ("id", *own, *about))


def _repeats(corpus: Corpus, figures: pd.DataFrame, place: dict[str, int]) -> dict[str, list[Any]]:
    """Prints of figures again, corrected, and `same`: for each figure the first one of its quantity."""
    found = prints(figures, corpus)
    rows = found[found.duplicated("figure_id")]
    sheet = corpus.numerals.set_index(["article", "numeral_id"]).loc[
        list(zip(rows.article, rows.numeral_id, strict=True))
    ]
    sheet = sheet.assign(figure=sheet.figure_id.map(place))
    for row in corpus.corrections.itertuples():
        again = (sheet.figure_id == row.figure) & (sheet[row.column] == row.expect)
        sheet.loc[again, row.column] = row.corrected
    own = found.drop_duplicates("figure_id").set_index("figure_id").quantity
    table = sheet.reset_index()
    names = ("figure", "article", "token", "scale", "unit", "qualifier", "status", "indicator")
    return _columns(table, names) | {"same": [place[own[key]] for key in figures.index]}


def _derived(
    steps: dict[str, Step], kinds: list[tuple], place: dict[str, int], known: Evidence
) -> dict[str, list[Any]]:
    rows = known.derived.loc[list(steps)]
    return {
        "id": list(steps),
        "formula": [kinds.index(made.kind) for made in steps.values()],
        "inputs": [[place[name] for name in made.slots.values()] for made in steps.values()],
        "period": [known.period(key) for key in steps],
        **_columns(rows, ("unit", "entity", "indicator", "reading")),
    }


def _claims(checks: pd.DataFrame, place: dict[str, int]) -> dict[str, Any]:
    """The declared checks, one a reading; `said` has the sentence of each claim."""
    rows = checks[~checks.check_id.str.endswith(ALIKE)]
    sides = [[place[name] for name in names.split()] for names in rows.inputs]
    return {
        "id": rows.check_id.tolist(),
        "claim": rows.claim_id.tolist(),
        "observed": [side[0] for side in sides],
        "expected": [side[1] if len(side) > 1 else -1 for side in sides],
        **_columns(rows, ("test", "otherwise", "grade", "reading")),
        "said": dict(zip(checks.claim_id, checks.claim, strict=True)),
    }


def as_steps(formula: Formula) -> list[Any]:
    """The steps of a formula without lists; a formula that is a name or a number has that alone."""
    found: list[Any] = []

    def add(call, parts):
        found.append([call.sign, *parts])
        return len(found) - 1

    last = walk(formula.plain.result, str, add)
    return found or [last]


def _worded(tokens: Iterable[str]) -> dict[str, list[Any]]:
    """Value, step and whether it is a fraction of each token that is more than digits, and of common words.

    By the token in lower-case letters.
    """
    found = {}
    with localcontext(prec=EXACT):
        for token in dict.fromkeys([*tokens, *_SPELT]):
            try:
                value, one = number(token), step(token)
            except ValueError:  # a range, whose ends are numbers of their own
                continue
            if not is_number(token.replace(",", "")):
                found[token.lower()] = [f"{value:f}", f"{one:f}", fraction_step(token) is not None]
    return found
