"""Telling paths against networkx, sums and matches against naive loops."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heaptui.heap.essential import hash_table
from heaptui.kernels import telling
from heaptui.kernels.telling import BUCKETS, CLOSED, NOBODY

Ordinals = npt.NDArray[np.uint32]

WEAK, ELEMENT, PROPERTY, INTERNAL = range(4)
NAMES = 6
COSTS = st.one_of(st.integers(0, 4), st.integers(0, 254))


@dataclass
class Graph:
    """Edges of (source, target, type, name), what each part of a step costs, and where paths begin."""

    count: int
    edges: list[tuple[int, int, int, int]]
    type_cost: list[int]
    word: list[int]
    internal_cost: list[int]
    named_cost: list[int]
    node_cost: list[int]
    weak_table: list[int]
    seeds: list[tuple[int, int]]

    def step(self, edge: tuple[int, int, int, int]) -> int | None:
        """What a step costs; None where no path goes."""
        source, target, kind, name = edge
        if kind == WEAK or (kind != ELEMENT and self.weak_table and self.weak_table[name] == source):
            return None
        cost = self.type_cost[kind]
        if kind == INTERNAL:
            cost = self.internal_cost[self.word[name]]
        elif kind == PROPERTY:
            cost += self.named_cost[self.word[name]]
        return min(cost + self.node_cost[target], 254)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(1, 25))
    node, words = st.integers(0, count - 1), 4
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 3), st.integers(0, NAMES - 1)), max_size=80))

    def several(of: st.SearchStrategy[int], size: int) -> list[int]:
        return draw(st.lists(of, min_size=size, max_size=size))

    return Graph(
        count,
        sorted(edges, key=lambda edge: edge[0]),
        [CLOSED, *several(COSTS, 3)],
        several(st.integers(0, words - 1), NAMES),
        several(COSTS, words),
        several(COSTS, words),
        several(COSTS, count),
        draw(st.one_of(st.just([]), st.lists(st.one_of(node, st.just(NOBODY)), min_size=NAMES, max_size=NAMES))),
        draw(st.lists(st.tuples(node, st.integers(0, 60)), min_size=1, max_size=4)),
    )


def settle(graph: Graph, budget: int) -> tuple[Ordinals, Ordinals, Ordinals, Ordinals]:
    """Cost, parent, parent edge and order as the kernels find them."""

    def small(values: list[int], size: int = 0) -> npt.NDArray[np.uint8]:
        return np.array(values + [0] * (size - len(values)), np.uint8)

    def wide(values: list[int]) -> Ordinals:
        return np.array(values, np.uint32)

    n = graph.count
    degree = np.bincount([edge[0] for edge in graph.edges], minlength=n) if graph.edges else np.zeros(n, np.int64)
    first_edge = np.concatenate(([0], np.cumsum(degree))).astype(np.uint32)
    cost, parent, parent_edge, order = (np.full(n, NOBODY, np.uint32) for _ in range(4))
    head, links = np.full(BUCKETS, NOBODY, np.uint32), np.full(2 * n, NOBODY, np.uint32)
    state = np.zeros(3, np.int64)
    seeds = [node for node, _ in graph.seeds], [cost for _, cost in graph.seeds]
    telling.plant(wide(seeds[0]), wide(seeds[1]), first_edge, cost, head, links, state)
    while state[1]:
        telling.settle(
            first_edge, wide([e[1] for e in graph.edges]), small([e[2] for e in graph.edges]),
            wide([e[3] for e in graph.edges]), small(graph.type_cost, 256), small([0, 1], 256),
            small(graph.internal_cost), small(graph.named_cost), INTERNAL, small(graph.word), wide(graph.weak_table),
            small(graph.node_cost), cost, parent, parent_edge, order, head, links, state, budget,
        )  # fmt: skip
    return cost, parent, parent_edge, order[: state[2]]


@settings(deadline=None, max_examples=300)
@given(graph=graphs(), budget=st.sampled_from([1, 7, 1 << 20]))
def test_paths_are_as_cheap_as_networkx_finds(graph: Graph, budget: int) -> None:
    cost, parent, parent_edge, order = settle(graph, budget)
    expected = nx.MultiDiGraph()
    for node, seed_cost in dict(reversed(graph.seeds)).items():
        expected.add_edge("start", node, weight=seed_cost)
    for edge in graph.edges:
        if (step := graph.step(edge)) is not None:
            expected.add_edge(edge[0], edge[1], weight=step)
    lengths = nx.single_source_dijkstra_path_length(expected, "start")
    del lengths["start"]
    assert {int(v): int(cost[v]) for v in order} == lengths
    assert all(cost[v] == NOBODY for v in range(graph.count) if v not in lengths)

    begins = {node for node, _ in graph.seeds}
    place = {int(v): i for i, v in enumerate(order)}
    assert len(place) == len(order)
    for v in place:
        if parent[v] == NOBODY:
            assert v in begins
            assert parent_edge[v] == NOBODY
            continue
        source, target, *_ = edge = graph.edges[parent_edge[v]]
        step = graph.step(edge)
        assert (source, target) == (parent[v], v)
        assert step is not None
        assert cost[v] == cost[source] + step
        assert place[source] < place[v]


def test_of_equal_seeds_the_first_counts() -> None:
    alone = Graph(1, [], [CLOSED, 1, 1, 1], [0] * NAMES, [0], [0], [0], [], [(0, 7), (0, 3)])
    assert settle(alone, 1)[0].tolist() == [7]


@st.composite
def forests(draw: st.DrawFn) -> tuple[Ordinals, Ordinals]:
    """An order with parents first, and who is whose parent, of nodes that are numbered at random."""
    count = draw(st.integers(1, 40))
    order = draw(st.permutations(range(count)))
    parent = np.full(count, NOBODY, np.uint32)
    for i, node in enumerate(order):
        above = draw(st.integers(-1, i - 1))
        if above >= 0:
            parent[node] = order[above]
    return np.array(order, np.uint32), parent


def up_from(node: int, parent: Ordinals) -> list[int]:
    """A node and all above it."""
    found = [node]
    while parent[found[-1]] != NOBODY:
        found.append(int(parent[found[-1]]))
    return found


@settings(deadline=None)
@given(forest=forests(), data=st.data())
def test_weights_are_added_to_all_above(forest: tuple[Ordinals, Ordinals], data: st.DataObject) -> None:
    order, parent = forest
    weight = data.draw(st.lists(st.integers(-100, 2**40), min_size=len(order), max_size=len(order)))
    expected = [0] * len(order)
    for node in range(len(order)):
        for above in up_from(node, parent):
            expected[above] += weight[node]
    total = np.array(weight, np.int64)
    telling.add_below(order, parent, total)
    assert total.tolist() == expected


@settings(deadline=None)
@given(forest=forests(), data=st.data())
def test_what_has_no_mark_gets_that_of_the_nearest_above(
    forest: tuple[Ordinals, Ordinals], data: st.DataObject
) -> None:
    order, parent = forest
    marks = data.draw(st.lists(st.one_of(st.just(NOBODY), st.integers(0, 9)), min_size=len(order), max_size=len(order)))
    expected = [
        next((marks[above] for above in up_from(node, parent) if marks[above] != NOBODY), NOBODY)
        for node in range(len(order))
    ]
    mark = np.array(marks, np.uint32)
    telling.inherit(order, parent, mark)
    assert mark.tolist() == expected


def match(theirs: npt.ArrayLike, ours: npt.ArrayLike) -> tuple[Ordinals, Ordinals]:
    """The match of ours, and the table it was looked up in."""
    old, new = np.ascontiguousarray(theirs, np.uint64), np.ascontiguousarray(ours, np.uint64)
    table, found = hash_table(len(old)), np.empty(len(new), np.uint32)
    telling.match_ids(old, new, table, found)
    return found, table


IDS = st.lists(st.one_of(st.integers(0, 40), st.integers(0, 2**64 - 1)), unique=True)


@settings(deadline=None)
@given(theirs=IDS, ours=IDS)
def test_ids_are_matched_as_a_dictionary_does(theirs: list[int], ours: list[int]) -> None:
    where = {identifier: i for i, identifier in enumerate(theirs)}
    assert match(theirs, ours)[0].tolist() == [where.get(identifier, NOBODY) for identifier in ours]


N = 200_000
STEP = np.arange(N, dtype=np.uint64)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        pytest.param(STEP, STEP + np.uint64(N // 2), id="consecutive"),
        pytest.param(2 * STEP + np.uint64(1), 2 * STEP + np.uint64(N // 2 + 1), id="odd"),
        pytest.param(STEP[::-1], STEP + np.uint64(N // 2), id="reversed"),
        pytest.param(STEP << np.uint64(32), (STEP + np.uint64(N // 2)) << np.uint64(32), id="high bits only"),
        pytest.param(STEP << np.uint64(19), (STEP + np.uint64(N // 2)) << np.uint64(19), id="multiples of the table"),
        pytest.param(
            STEP // np.uint64(1000) * np.uint64(2**40) + STEP % np.uint64(1000),
            STEP // np.uint64(500) * np.uint64(2**40) + STEP % np.uint64(500),
            id="clusters far apart",
        ),
    ],
)
def test_ids_in_rows_are_matched_and_leave_no_long_runs(
    theirs: npt.NDArray[np.uint64], ours: npt.NDArray[np.uint64]
) -> None:
    found, table = match(theirs, ours)
    _, places, expected = np.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
    assert np.array_equal(np.flatnonzero(found != NOBODY), np.sort(places))
    assert np.array_equal(found[places], expected)
    # A look-up walks to the end of a run: long ones would make every look-up slow.
    empty = np.flatnonzero(table == NOBODY)
    assert np.diff(empty).max() < 200
