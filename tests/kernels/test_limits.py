"""Kernels at the largest numbers that their arrays hold: 2^32 - 1 edges, 2^31 - 1 nodes.

The arrays are files without content, of which only the ends are touched.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from heaptui.kernels import dominators, graph, walks

EDGES = (1 << 32) - 1
NODES = (1 << 31) - 1

Sparse = Callable[[int, Any], npt.NDArray[Any]]


@pytest.fixture
def sparse(tmp_path: Path) -> Sparse:
    """Makes arrays of zeros that take neither memory nor disk."""
    made: list[int] = []

    def make(count: int, kind: Any) -> npt.NDArray[Any]:
        size = count * np.dtype(kind).itemsize
        made.append(size)
        with (tmp_path / f"{len(made)}").open("w+b") as file:
            file.truncate(size)
            return np.frombuffer(mmap.mmap(file.fileno(), size), kind)

    return make


def last_edges(sparse: Sparse) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """Three nodes whose edges are the last there can be: 0 -> 1, 0 -> 2, 1 -> 2 and 2 -> 0."""
    first = np.array([EDGES - 4, EDGES - 2, EDGES - 1, EDGES], np.uint32)
    to_node, kind = sparse(EDGES, np.uint32), sparse(EDGES, np.uint8)
    to_node[-4:] = [1, 2, 2, 0]
    return first, to_node, kind


def test_the_last_edges_are_followed(sparse: Sparse) -> None:
    first, to_node, kind = last_edges(sparse)
    reached, stack = np.array([1, 0, 0], np.uint8), np.zeros(4, np.uint32)
    assert graph.flood(first, to_node, kind, np.ones(256, np.uint8), reached, stack, 1, 1 << 40) == 0
    assert reached.all()


def test_the_last_edges_are_as_far_as_they_are(sparse: Sparse) -> None:
    first, to_node, kind = last_edges(sparse)
    distance, queue = np.array([1, -5, -5], np.int32), np.zeros(4, np.uint32)
    none, rule = np.empty(0, np.uint32), np.zeros(3, np.uint8)
    walks.measure_distances(
        first, to_node, kind, sparse(EDGES, np.uint32), rule, np.empty(0, np.uint8), none, 255, 255, 255, 255,
        np.zeros(1, np.uint8), distance, queue, np.array([0, 1], np.int64), 1 << 40,
    )  # fmt: skip
    assert distance.tolist() == [1, 2, 2]


def test_the_last_edges_are_turned_round(sparse: Sparse) -> None:
    first, to_node, _ = last_edges(sparse)
    essential, retainer = sparse(EDGES, np.uint8), sparse(EDGES, np.uint32)
    essential[-4:] = [1, 1, 0, 1]
    cursor = np.array([EDGES - 3, EDGES - 2, EDGES], np.uint32)
    graph.fill_retainers(first, to_node, essential, 0, 3, cursor, retainer)
    assert cursor.tolist() == [EDGES - 4, EDGES - 3, EDGES - 2]
    assert retainer[-4:].tolist() == [2, 0, 1 | graph.WEAKLY, 0]
    counts = np.zeros(3, np.uint8)
    graph.count_to_two(to_node, EDGES - 4, EDGES, counts)
    assert counts.tolist() == [1, 1, 2]
    edges = np.zeros(2, np.int64)
    slots = np.array([EDGES - 4, EDGES - 3, EDGES - 2, EDGES], np.uint32)
    retainer[-2] = 1
    graph.retaining_edges(2, slots, retainer, first, to_node, edges)
    assert edges.tolist() == [EDGES - 2, EDGES - 3]


def test_the_last_node_keeps_its_number_beside_the_bit_of_weak_references(sparse: Sparse) -> None:
    last = NODES - 1
    first = sparse(NODES + 1, np.uint32)
    first[-2:] = [0, 2]
    to_node, essential = np.array([last, 0], np.uint32), np.array([0, 1], np.uint8)
    cursor, retainer = sparse(NODES, np.uint32), np.zeros(2, np.uint32)
    cursor[0], cursor[last] = 1, 2
    graph.fill_retainers(first, to_node, essential, last, NODES, cursor, retainer)
    assert retainer.tolist() == [last, last | graph.WEAKLY]
    assert (retainer & np.uint32(graph.WEAKLY - 1)).tolist() == [last, last]


def test_the_last_edges_have_dominators(sparse: Sparse) -> None:
    first, to_node, _ = last_edges(sparse)
    essential, retainer = sparse(EDGES, np.uint8), sparse(EDGES, np.uint32)
    essential[-4:] = 1
    slots = np.array([EDGES - 4, EDGES - 3, EDGES - 2, EDGES], np.uint32)
    retainer[-4:] = [2, 0, 1, 0]
    number, vertex, parent, cursor = (np.zeros(4, np.uint32) for _ in range(4))
    number[0], cursor[0] = 1, first[0]
    state = np.array([1, 1, 0, 0, 0, 0], np.int64)
    while state[2] < 3:
        dominators.number_nodes(
            first, to_node, essential, slots, retainer, number[:3], vertex, parent, cursor, state, 2, 1 << 40
        )  # fmt: skip
    assert state[0] == 3
    assert sorted(number[:3].tolist()) == [1, 2, 3]
