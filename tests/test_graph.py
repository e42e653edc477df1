"""The graph of ids: on a small one by hand, and on random ones against the definitions."""

from hypothesis import given
from hypothesis import strategies as st

from helpers.corpus.graph import all_leaves, circle, closure, generations, graph_of, resting_on

HAND = {"sum": ["a", "b"], "share": ["a", "sum"], "growth": ["share", "c"], "alone": []}


def test_by_hand():
    graph = graph_of(HAND)
    assert circle(graph) == []
    assert [set(step) for step in generations(graph)] == [
        {"a", "b", "c", "alone"},
        {"sum"},
        {"share"},
        {"growth"},
    ]
    assert resting_on(graph, ["a"]) == {"sum", "share", "growth"}
    assert resting_on(graph, ["b", "c"]) == {"sum", "share", "growth"}
    assert resting_on(graph, ["growth"]) == resting_on(graph, ["nowhere"]) == resting_on(graph, []) == set()
    assert closure(graph, ["share"]) == ["share", "a", "sum", "b"]
    assert closure(graph, ["nowhere", "b", "b"]) == ["nowhere", "b"]
    assert all_leaves(graph) == {
        **{key: {key} for key in ("a", "b", "c", "alone")},
        "sum": {"a", "b"},
        "share": {"a", "b"},
        "growth": {"a", "b", "c"},
    }


def test_a_circle_is_named_from_each_to_its_input():
    found = circle(graph_of({"x": ["y", "a"], "y": ["z"], "z": ["x"]}))
    assert found[0] == found[-1] and set(found) == {"x", "y", "z"}
    assert all(
        after in {"x": "y", "y": "z", "z": "x"}[before]
        for before, after in zip(found, found[1:], strict=False)
    )
    assert circle(graph_of({"x": ["x"]})) == ["x", "x"]


ACYCLIC = st.lists(st.sets(st.integers(0, 11), max_size=4), max_size=12).map(
    lambda inputs: {f"n{n}": [f"n{k}" for k in below if k < n] for n, below in enumerate(inputs)}
)


def behind(inputs, key):
    """All that `key` is made of, by the definition."""
    return {key}.union(*(behind(inputs, name) for name in inputs.get(key, [])))


@given(ACYCLIC)
def test_walks_agree_with_their_definitions(inputs):
    graph, leaves = graph_of(inputs), all_leaves(graph_of(inputs))
    assert circle(graph) == [] and set(leaves) == set(inputs)
    made = {}
    for number, step in enumerate(generations(graph)):
        made |= dict.fromkeys(step, number)
    for key in inputs:
        assert all(made[name] < made[key] for name in inputs[key])
        assert set(closure(graph, [key])) == behind(inputs, key)
        assert leaves[key] == {name for name in behind(inputs, key) if not inputs[name]}
        assert resting_on(graph, [key]) == {other for other in inputs if key in behind(inputs, other)} - {key}


@given(ACYCLIC, st.integers(0, 11), st.integers(0, 11))
def test_a_circle_is_found_wherever_one_is_closed(inputs, first, last):
    low, high = sorted((first, last))
    if high >= len(inputs):
        return
    closed = {**inputs, f"n{low}": [*inputs[f"n{low}"], f"n{high}"]}
    found = circle(graph_of(closed))
    there = f"n{low}" in behind(inputs, f"n{high}")
    assert bool(found) == there
    assert all(after in closed[before] for before, after in zip(found, found[1:], strict=False))
