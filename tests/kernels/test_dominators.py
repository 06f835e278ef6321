"""Dominators, retained sizes and retainers of random graphs, against networkx and naive loops."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heaptui.heap import Heap
from tests.building import Draft, chain

Load = Callable[[Draft], Heap]
GRAPHS = st.integers(1, 40).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.sampled_from(("property", "weak"))), max_size=120
        ),
    )
)


def draft_of(count: int, edges: list[tuple[int, int, str]]) -> Draft:
    """A graph of plain nodes below one user object that the root refers to."""
    draft = Draft()
    root = draft.add("synthetic", "")
    for i in range(count):
        draft.add("object", f"Class{i % 3}", 8 * (i + 1))
    draft.link(root, 1, 1, "element")
    for source, target, kind in edges:
        draft.link(source + 1, target + 1, f"to{target}", kind)
    return draft


def essential(draft: Draft) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(draft.nodes)))
    for source, node in enumerate(draft.nodes):
        graph.add_edges_from((source, target) for kind, _, target in node.edges if kind != "weak" and target != source)
    return graph


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=GRAPHS)
def test_dominators_are_networkx(load_draft: Load, graph: tuple[int, list[tuple[int, int, str]]]) -> None:
    draft = draft_of(*graph)
    heap = load_draft(draft)
    retaining = essential(draft)
    reached = nx.descendants(retaining, 0)
    assert heap.dominators.reached == len(reached) + 1
    # What is out of reach has dominators of DevTools' making: the next test.
    if len(reached) + 1 == len(draft.nodes):
        expected = nx.immediate_dominators(retaining, 0)
        assert heap.dominators.dominator[1:].tolist() == [expected[node] for node in range(1, len(draft.nodes))]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=GRAPHS)
def test_nodes_out_of_reach_hang_from_the_root_as_devtools_hangs_them(
    load_draft: Load, graph: tuple[int, list[tuple[int, int, str]]]
) -> None:
    draft = draft_of(*graph)
    heap = load_draft(draft)
    completed = essential(draft)
    kept = [n for n in completed if n and not list(completed.predecessors(n))]
    completed.add_edges_from((0, n) for n in kept)
    expected = nx.immediate_dominators(completed, 0)
    for node in range(1, len(draft.nodes)):
        assert heap.dominators.dominator[node] == expected.get(node, 0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=GRAPHS)
def test_retained_size_is_what_becomes_unreachable_without_the_node(
    load_draft: Load, graph: tuple[int, list[tuple[int, int, str]]]
) -> None:
    draft = draft_of(*graph)
    heap = load_draft(draft)
    full = essential(draft)
    full.add_edges_from((0, n) for n in list(full) if n and not list(full.predecessors(n)))
    reached = nx.descendants(full, 0)
    for node in reached:
        without = full.copy()
        without.remove_node(node)
        lost = reached - nx.descendants(without, 0)
        assert heap.retained_size[node] == sum(draft.nodes[n].size for n in lost)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=GRAPHS)
def test_retainers_are_all_edges_the_last_first(
    load_draft: Load, graph: tuple[int, list[tuple[int, int, str]]]
) -> None:
    draft = draft_of(*graph)
    heap = load_draft(draft)
    edges = [(source, target) for source, node in enumerate(draft.nodes) for _, _, target in node.edges]
    for node in range(len(draft.nodes)):
        expected = [e for e in reversed(range(len(edges))) if edges[e][1] == node]
        found, sources = heap.retaining_edges(node)
        assert found.tolist() == expected
        assert sources.tolist() == [edges[e][0] for e in expected]


@pytest.mark.parametrize("length", [1, 2, 100_000])
def test_a_long_list_is_no_recursion(load_draft: Load, length: int) -> None:
    heap = load_draft(chain(length))
    assert heap.retained_size[1] == 8 * length
    assert heap.distance[length] == length
    assert heap.dominators.dominator[length] == length - 1


def test_a_hub_with_many_parallel_edges(load_draft: Load) -> None:
    draft = draft_of(3, [(0, 1, "property")] * 30_000 + [(1, 2, "property")])
    heap = load_draft(draft)
    edges, sources = heap.retaining_edges(2)
    assert len(edges) == 30_000
    assert set(sources.tolist()) == {1}
    assert edges.tolist() == sorted(edges.tolist(), reverse=True)
