"""Which edges retain their target, section 6 of DevTools' rules; WeakMap pairs are told by edge names."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from heaptui.heap.names import Names
from heaptui.heap.scratch import Scratch
from heaptui.kernels import classes, graph, text
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

_OPENING = np.frombuffer(b" / part of key (", np.uint8)
_MIDDLE = np.frombuffer(b") -> value (", np.uint8)
_CLOSING = np.frombuffer(b") pair in WeakMap (table @", np.uint8)
_RUN = 1 << 18
_BUDGET = 1 << 22


@dataclass(frozen=True, slots=True)
class WeakPairs:
    """The strings that name an edge from a WeakMap's table or a key to the value.

    Attributes:
        index: uint32, the strings; table: int64, the id of each one's table.
        number: uint32, equal (from 1) for the two edges of a pair.
    """

    index: npt.NDArray[np.uint32]
    table: npt.NDArray[np.int64]
    number: npt.NDArray[np.uint32]

    def by_string(self, string_count: int) -> npt.NDArray[np.uint32]:
        """The number of each string's pair, 0 for none; empty where there are no pairs."""
        if not len(self.index):
            return np.empty(0, np.uint32)
        numbers = np.zeros(string_count, np.uint32)
        numbers[self.index] = self.number
        return numbers


def hash_table(entries: int) -> npt.NDArray[np.uint32]:
    """An empty table for that many entries, at most half full."""
    return np.full(1 << max(4, (2 * entries).bit_length()), 0xFFFFFFFF, np.uint32)


def group_equal(hashes: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Number equal hashes by first appearance: the number of each, and the first position of each number."""
    first = np.empty(len(hashes), np.uint32)
    number = np.empty(len(hashes), np.uint32)
    count = classes.group_equal(hashes, hash_table(len(hashes)), first, number)
    return number, first[:count]


def find_weak_pairs(snapshot: Snapshot, progress: Progress) -> WeakPairs:
    """Find the names of WeakMap pairs among all strings."""
    strings = snapshot.strings
    found: list[tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64], npt.NDArray[np.uint64]]] = []
    index = np.empty(_RUN, np.uint32)
    table = np.empty(_RUN, np.int64)
    part = np.empty(_RUN, np.uint64)
    for low in range(0, len(strings), _RUN):
        progress.check()
        n = text.find_weak_pairs(
            strings.source.data, strings.base, strings.offset, strings.end, _OPENING, _MIDDLE, _CLOSING,
            low, min(len(strings), low + _RUN), index, table, part,
        )  # fmt: skip
        if n:
            found.append((index[:n].copy(), table[:n].copy(), part[:n].copy()))
    if not found:
        return WeakPairs(np.empty(0, np.uint32), np.empty(0, np.int64), np.empty(0, np.uint32))
    indexes, tables, parts = (np.concatenate(column) for column in zip(*found, strict=True))
    return WeakPairs(indexes, tables, group_equal(parts)[0] + np.uint32(1))


def mark_essential(
    snapshot: Snapshot, names: Names, pairs: WeakPairs, scratch: Scratch, progress: Progress
) -> npt.NDArray[np.uint8]:
    """For every edge (uint8) whether it retains its target."""
    header, nodes, edges = snapshot.header, snapshot.nodes, snapshot.edges
    page = _page_objects(snapshot, names, scratch, progress)
    tables = tables_by_string(snapshot, pairs)
    essential = np.empty(snapshot.edge_count, np.uint8)
    for start, stop in edge_runs(nodes.first_edge):
        progress.check()
        graph.mark_essential(
            nodes.first_edge,
            edges.to_node,
            edges.type,
            edges.name_or_index,
            page,
            tables,
            snapshot.root,
            header.edge_type("weak"),
            header.edge_type("shortcut"),
            header.edge_type("internal"),
            start,
            stop,
            essential,
        )
    return essential


def edge_runs(first_edge: npt.NDArray[np.uint32], edges: int = _BUDGET) -> list[tuple[int, int]]:
    """Cut the nodes into runs of about so many edges and nodes, for kernels that are called in pieces."""
    node_count = len(first_edge) - 1
    # Of the same type, as a search would otherwise copy all of `first_edge`.
    by_edges = np.searchsorted(first_edge, np.arange(0, int(first_edge[-1]), edges, dtype=np.uint32))
    by_nodes = np.arange(0, node_count, edges)
    cuts = np.unique(np.concatenate((by_edges, by_nodes, [0, node_count])))
    return [(int(a), int(b)) for a, b in pairwise(cuts)]


def _page_objects(snapshot: Snapshot, names: Names, scratch: Scratch, progress: Progress) -> npt.NDArray[np.uint8]:
    """Objects of the page or program rather than of a debugger (flag 4 of section 3)."""
    header, nodes, edges = snapshot.header, snapshot.nodes, snapshot.edges
    root_edges = slice(int(nodes.first_edge[snapshot.root]), int(nodes.first_edge[snapshot.root + 1]))
    kinds, targets = edges.type[root_edges], edges.to_node[root_edges]
    is_tree = np.isin(targets, names.nodes_named("(Document DOM trees)", "synthetic"))
    starts = np.unique(
        targets[(kinds == header.edge_type("shortcut")) | (is_tree & (kinds == header.edge_type("element")))]
    )
    page = np.zeros(snapshot.node_count, np.uint8)
    stack = scratch.take()
    page[starts] = 1
    stack[: len(starts)] = starts
    follow = np.ones(256, np.uint8)
    follow[header.edge_type("weak")] = 0
    depth = len(starts)
    while depth:
        progress.check()
        depth = graph.flood(nodes.first_edge, edges.to_node, edges.type, follow, page, stack, depth, _BUDGET)
    scratch.give(stack)
    return page


def tables_by_string(snapshot: Snapshot, pairs: WeakPairs) -> npt.NDArray[np.uint32]:
    """By string, the ordinal of the table of the WeakMap pair that it names; empty where there are none."""
    if not len(pairs.index):
        return np.empty(0, np.uint32)
    ids, which = np.unique(pairs.table, return_inverse=True)
    ordinal = np.full(len(ids), graph.NOBODY, np.uint32)
    tables = np.flatnonzero(np.isin(snapshot.nodes.id, ids))
    ordinal[np.searchsorted(ids, snapshot.nodes.id[tables])] = tables
    by_string = np.full(len(snapshot.strings), graph.NOBODY, np.uint32)
    by_string[pairs.index] = ordinal[which]
    return by_string
