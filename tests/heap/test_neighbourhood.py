"""The graph of what keeps an object alive, against the whole graph in networkx."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import pytest

from heaptui.heap import Heap
from heaptui.heap.neighbourhood import retaining_neighbourhood
from tests.building import Draft, chain


def whole(heap: Heap, *, weak: bool = False) -> nx.MultiDiGraph:
    """All references of a heap."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(heap.node_count))
    for node in range(heap.node_count):
        for edge in heap.edges(node).tolist():
            if weak or heap.edge_type(edge) != "weak":
                graph.add_edge(node, int(heap.snapshot.edges.to_node[edge]), key=edge)
    return graph


@pytest.fixture
def office(load_draft: Callable[[Draft], Heap]) -> Heap:
    """root -> a -> b -> c, with c also held by d and e (which b holds), weakly by f, and by itself."""
    draft = Draft()
    draft.add("synthetic", "")
    a, b, c, d, e, f = (draft.add("object", name, 8) for name in "abcdef")
    for source, target, name, type in (
        (0, a, 1, "element"), (a, b, "next", "property"), (b, c, "direct", "property"), (b, c, "again", "property"),
        (b, d, "d", "property"), (d, e, "e", "property"), (e, c, "c", "property"), (a, f, "f", "property"),
        (f, c, "weakly", "weak"), (c, c, "self", "property"),
    ):  # fmt: skip
        draft.link(source, target, name, type)
    return load_draft(draft)


def test_it_is_all_that_leads_there(office: Heap) -> None:
    c, full = 3, whole(office)
    found = retaining_neighbourhood(office, c)
    assert set(found.nodes.tolist()) == nx.ancestors(full, c) | {c}
    expected = {key for _, _, key in full.subgraph(found.nodes.tolist()).edges(keys=True)}
    assert set(found.edges.tolist()) == expected
    assert found.left_out == 0
    assert [int(s) for s in found.sources] == [
        next(u for u, _, k in full.edges(keys=True) if k == e) for e in found.edges
    ]


def test_weak_references_are_followed_when_asked_for(office: Heap) -> None:
    c, f = 3, 6
    assert f not in retaining_neighbourhood(office, c).nodes
    assert f in retaining_neighbourhood(office, c, weak=True).nodes


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_depth_bounds_it(office: Heap, depth: int) -> None:
    c = 3
    within = nx.single_source_shortest_path_length(whole(office).reverse(), c, cutoff=depth)
    assert set(retaining_neighbourhood(office, c, depth=depth).nodes.tolist()) == set(within)


def test_what_is_left_out_is_counted(office: Heap) -> None:
    c, full = 3, whole(office)
    found = retaining_neighbourhood(office, c, depth=1)
    into = {key for _, v, key in full.edges(keys=True) if v in found.nodes}
    assert found.left_out == len(into) - len(found.edges) > 0


def test_the_way_from_the_root_comes_first(load_draft: Callable[[Draft], Heap]) -> None:
    draft = chain(30)
    for _ in range(200):
        draft.link(29, draft.add("object", "Other", 8), "other")
    for other in range(31, 231):
        draft.link(other, 30, "last")
    heap = load_draft(draft)
    found = retaining_neighbourhood(heap, 30, most_nodes=40)
    assert len(found.nodes) == 40
    assert set(range(31)) <= set(found.nodes.tolist())
    assert found.left_out > 0


def test_a_hub_with_many_references_stays_small(load_draft: Callable[[Draft], Heap]) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    hub, held = draft.add("array", "hub", 8), draft.add("object", "Held", 8)
    draft.link(0, hub, 1, "element")
    for i in range(5000):
        draft.link(hub, held, i, "element")
    found = retaining_neighbourhood(load_draft(draft), held)
    assert found.nodes.tolist() == [held, hub, 0]
    assert len(found.edges) + found.left_out == 5001
    assert len(found.edges) < 200


def test_an_object_nobody_holds_is_alone(load_draft: Callable[[Draft], Heap]) -> None:
    draft = chain(2)
    lost = draft.add("object", "Lost", 8)
    found = retaining_neighbourhood(load_draft(draft), lost)
    assert found.nodes.tolist() == [lost]
    assert not len(found.edges)
