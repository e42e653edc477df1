"""Everything that has a value, in one table by id: figures, constants, comparators, derived quantities."""

import pandas as pd

from ..corpus.corpus import Corpus
from ..corpus.graph import all_leaves, graph_of

BOUNDS = ["value", "low", "high"]


def inputs_at_hand(corpus: Corpus, figures: pd.DataFrame) -> pd.DataFrame:
    """Figures, constants and comparators by id: columns value, low, high, unit, kind, grade.

    `kind` is figure, constant or comparator; `grade` that of a comparator, else empty.
    """
    named = (
        ("figure", "figure_id", figures),
        ("constant", "constant", corpus.constants),
        ("comparator", "comparator_id", corpus.comparators),
    )
    parts = [
        table.set_index(key)[[*BOUNDS, "unit"]].assign(
            kind=kind, grade=table.get("grade", pd.Series()).tolist() or ""
        )
        for kind, key, table in named
    ]
    return pd.concat(parts)


def all_quantities(corpus: Corpus, figures: pd.DataFrame, derived: pd.DataFrame) -> pd.DataFrame:
    """`inputs_at_hand` and the derived quantities; for these `grade` is that of the weakest comparator behind
    them.

    A further column `outside` says whether a comparator or a constant is behind the quantity.
    """
    sources = inputs_at_hand(corpus, figures)
    grades, outside = sources.grade.to_dict(), set(sources.index[sources.kind != "figure"])
    made_of = all_leaves(derived_graph(derived))
    own = derived.set_index("derived_id")[[*BOUNDS, "unit"]].assign(kind="derived")
    behind = [made_of[key] for key in own.index]
    own["grade"] = [max((grades[name] for name in leaves), default="") for leaves in behind]
    own["outside"] = [not outside.isdisjoint(leaves) for leaves in behind]
    return pd.concat([sources.assign(outside=sources.kind != "figure"), own])


def derived_graph(derived: pd.DataFrame):
    """The graph of derived quantities, or of derivations, and their inputs."""
    return graph_of(dict(zip(derived.derived_id, derived.inputs.str.split(), strict=True)))
