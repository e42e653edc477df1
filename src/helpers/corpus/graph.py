"""One graph of ids for every walk over them: what a quantity is made of, what rests on it, in which order.

An edge leads from an input to what is made of it. networkx does the walking.
"""

from collections.abc import Iterable, Mapping

import networkx as nx


def graph_of(inputs: Mapping[str, Iterable[str]]) -> nx.DiGraph:
    """The graph of ids from the inputs of each."""
    found = nx.DiGraph()
    found.add_nodes_from(inputs)
    found.add_edges_from((name, key) for key, names in inputs.items() for name in names)
    return found


def circle(graph: nx.DiGraph) -> list[str]:
    """The ids of a circle, each an input of the one before it, closed by the first.

    Empty if there is none.
    """
    try:
        edges = nx.find_cycle(graph)
    except nx.NetworkXNoCycle:
        return []
    return [edges[0][0], *(made for _, made in edges)][::-1]


def generations(graph: nx.DiGraph) -> list[list[str]]:
    """The ids in steps: those of a step need only ids of the steps before."""
    return [list(step) for step in nx.topological_generations(graph)]


def resting_on(graph: nx.DiGraph, keys: Iterable[str]) -> set[str]:
    """The ids that are made of at least one of `keys`, directly or not.

    `keys` themselves are none of them.
    """
    return set().union(*(nx.descendants(graph, key) for key in keys if key in graph))


def closure(graph: nx.DiGraph, keys: Iterable[str]) -> list[str]:
    """`keys` and all that they are made of, nearest first."""
    found: dict[str, None] = {}
    queue = list(keys)
    for key in queue:  # the list grows while it is walked
        if key not in found:
            found[key] = None
            queue += graph.predecessors(key) if key in graph else ()
    return list(found)


def all_leaves(graph: nx.DiGraph) -> dict[str, frozenset[str]]:
    """For every id of the graph, the ids without inputs on which it rests in the end."""
    found: dict[str, frozenset[str]] = {}
    for key in nx.topological_sort(graph):
        parts = [found[name] for name in graph.predecessors(key)]
        found[key] = frozenset().union(*parts) if parts else frozenset([key])
    return found
