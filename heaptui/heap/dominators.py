"""Retainers and dominators of the whole heap, sections 5 and 6 of DevTools' rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.essential import edge_runs
from heaptui.heap.scratch import Scratch
from heaptui.kernels import dominators, graph
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

Ordinals = npt.NDArray[np.uint32]
_BUDGET = 1 << 21
_PIECE = 1 << 18
# Stages of the numbering; orphans come between.
_FROM_ROOT, _ALONE = 0, 2


@dataclass(frozen=True, slots=True)
class Retainers:
    """Who refers to a node: `retainer[first[v]:first[v + 1]]`, ordinals (uint32), the last edge first."""

    first: Ordinals
    retainer: Ordinals


@dataclass(frozen=True, slots=True)
class DominatorTree:
    """Attributes:
    dominator: ordinal of each node's immediate dominator; the root's is itself.
    reached: how many nodes the root reaches by essential edges.
    """

    dominator: Ordinals
    reached: int

    def below(self, ordinal: int) -> Ordinals:
        """The nodes immediately dominated by one."""
        found = []
        # In pieces that stay in the processor's cache; most of them have none.
        for low in range(0, len(self.dominator), _PIECE):
            hits = self.dominator[low : low + _PIECE] == ordinal
            if hits.any():
                found.append(np.flatnonzero(hits) + low)
        below = np.concatenate([np.empty(0, np.int64), *found]).astype(np.uint32)
        others: Ordinals = below[below != ordinal]
        return others


def build_retainers(snapshot: Snapshot, essential: npt.NDArray[np.uint8], progress: Progress) -> Retainers:
    """Turn the edges round; ordinals of retainers by inessential edges have the bit `WEAKLY` set."""
    nodes, edges = snapshot.nodes, snapshot.edges
    first = np.zeros(snapshot.node_count + 1, np.uint32)
    for low in range(0, snapshot.edge_count, _BUDGET):
        progress.check()
        graph.count_retainers(edges.to_node, low, min(snapshot.edge_count, low + _BUDGET), first)
    np.cumsum(first, out=first)
    retainer = np.empty(snapshot.edge_count, np.uint32)
    for start, stop in edge_runs(nodes.first_edge, _BUDGET):
        progress.check()
        graph.fill_retainers(nodes.first_edge, edges.to_node, essential, start, stop, first, retainer)
    return Retainers(first, retainer)


class Numbering:
    """Depth-first numbers of the nodes, from 1 for the root: `number` by ordinal, `vertex` and `parent` by number."""

    def __init__(self, snapshot: Snapshot, essential: npt.NDArray[np.uint8], scratch: Scratch) -> None:
        self._snapshot, self._essential, self._scratch = snapshot, essential, scratch
        root = snapshot.root
        self.number = np.zeros(snapshot.node_count, np.uint32)
        self.vertex, self.parent, self._cursor = (scratch.take() for _ in range(3))
        self.number[root] = 1
        self.vertex[1], self.parent[1] = root, 0
        self._cursor[root] = snapshot.nodes.first_edge[root]
        self._state = np.array([1, 1, 0, 0, 0, 0], np.int64)

    def number_reached(self, progress: Progress) -> None:
        """Number what the root reaches, which needs no retainers."""
        nobody = np.empty(0, np.uint32)
        while self._state[2] == _FROM_ROOT:
            self._go_on(nobody, nobody, _FROM_ROOT, progress)

    def number_rest(self, retainers: Retainers, progress: Progress) -> tuple[int, int, int]:
        """Number the others; how many there are, how many the root reaches, and how many it or orphans reach."""
        while self._state[2] <= _ALONE:
            self._go_on(retainers.first, retainers.retainer, _ALONE, progress)
        self._scratch.give(self._cursor)
        numbered, reached, ranked = (int(x) for x in self._state[[0, 4, 5]])
        return numbered, reached, ranked

    def _go_on(self, first: Ordinals, retainer: Ordinals, last: int, progress: Progress) -> None:
        before = int(self._state[0])
        dominators.number_nodes(
            self._snapshot.nodes.first_edge, self._snapshot.edges.to_node, self._essential, first, retainer,
            self.number, self.vertex, self.parent, self._cursor, self._state, last, _BUDGET,
        )  # fmt: skip
        progress.advance(int(self._state[0]) - before)


def build_dominators(
    snapshot: Snapshot, numbering: Numbering, retainers: Retainers, scratch: Scratch, progress: Progress
) -> tuple[DominatorTree, Ordinals]:
    """The dominator tree, and all nodes by number from 1, every one behind its dominator.

    Also clears the bit `WEAKLY` from the retainers, which nothing else needs.
    """
    count = snapshot.node_count
    numbered, reached, ranked = numbering.number_rest(retainers, progress)
    number, vertex, ancestor = numbering.number, numbering.vertex, numbering.parent
    semi, label, dominator, stack = (scratch.take() for _ in range(4))
    for array in (semi, label):
        array[ranked + 1 : count + 1] = np.arange(ranked + 1, count + 1)
    dominator[:] = 0
    i = ranked
    while i > 1:
        before = i
        i = dominators.find_semidominators(
            retainers.first, retainers.retainer, number, vertex, ancestor, semi, label, dominator, stack, i, _BUDGET
        )
        progress.advance(before - i)
    # The numbers are not needed any more; their array becomes the result.
    dominators.finish_dominators(vertex, semi, ranked, numbered, dominator, number)
    scratch.give(label, dominator)
    np.bitwise_and(retainers.retainer, np.uint32(graph.WEAKLY - 1), out=retainers.retainer)
    return DominatorTree(number, reached), vertex


def retained_sizes(
    tree: DominatorTree, vertex: Ordinals, shallow: npt.NDArray[np.unsignedinteger]
) -> npt.NDArray[np.int64]:
    """Retained sizes in bytes: a node's own and those of all it dominates."""
    retained = shallow.astype(np.int64)
    dominators.add_retained(vertex, tree.dominator, len(retained), retained)
    return retained
