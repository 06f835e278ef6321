"""From where the objects of a class hang: their shortest paths, merged by what they look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt

from heaptui.heap.essential import edge_runs, hash_table
from heaptui.heap.heap import Heap
from heaptui.kernels import merging
from heaptui.snapshot.progress import Progress

Ordinals = npt.NDArray[np.uint32]

_ANY = 0
_MOST_LABELS = 32
"""So many objects of one class may hang from one object by different names; more are its entries."""


@dataclass(frozen=True, slots=True)
class MergedPath:
    """A way from the root that some of the objects have in common.

    Attributes:
        steps: merged nodes from below the root to the objects themselves.
        count: how many of the objects it leads to.
    """

    steps: Sequence[int]
    count: int


@dataclass(frozen=True)
class MergedPaths:
    """Attributes:
    graph: the merged tree; node 0 is the root. Nodes have `example` (an ordinal), `edge` (the edge
        to it, -1 for the root), `entry` (whether the edge stands for many), `count` (objects of the
        class that it merges) and `below` (objects that hang from it, itself included).
    total: how many objects there are; unreachable: how many have no way from the root.
    """

    graph: nx.DiGraph
    total: int
    unreachable: int

    def paths(self) -> list[MergedPath]:
        """The different ways, the one with most objects first."""
        found = [
            MergedPath(nx.shortest_path(self.graph, 0, node)[1:], data["count"])
            for node, data in self.graph.nodes(data=True)
            if data["count"]
        ]
        return sorted(found, key=lambda path: (-path.count, len(path.steps)))


def merge_paths(heap: Heap, ordinals: Ordinals, progress: Progress | None = None) -> MergedPaths:
    """Merge the shortest paths of some objects."""
    progress = progress or Progress()
    parent, parent_edge = _parents(heap, progress)
    reached = ordinals[(parent[ordinals] != merging.NOBODY) | (ordinals == heap.snapshot.root)]
    marked = np.zeros(heap.node_count, np.uint8)
    marked[heap.snapshot.root] = 1
    merging.mark_ways(reached, parent, marked)
    ways = _in_order(heap, np.flatnonzero(marked).astype(np.uint32))
    label = _labels(heap, ways, parent, parent_edge)
    count = len(ways)
    merged = np.full(heap.node_count, merging.NOBODY, np.uint32)
    above, merged_label, merged_class, example = (np.empty(count, np.uint32) for _ in range(4))
    found = merging.merge_ways(
        ways, parent, label, heap.classes.of, hash_table(count), merged, above, merged_label, merged_class, example
    )
    own = np.bincount(merged[reached], minlength=found)
    graph = nx.DiGraph()
    for number in range(found):
        node = int(example[number])
        is_root = node == heap.snapshot.root
        graph.add_node(
            number,
            example=node,
            edge=-1 if is_root else int(parent_edge[node]),
            entry=not is_root and merged_label[number] == _ANY,
            count=int(own[number]),
            below=int(own[number]),
        )
        if not is_root:
            graph.add_edge(int(above[number]), number)
    for number in range(found - 1, 0, -1):
        graph.nodes[int(above[number])]["below"] += graph.nodes[number]["below"]
    return MergedPaths(graph, len(ordinals), len(ordinals) - len(reached))


def _parents(heap: Heap, progress: Progress) -> tuple[Ordinals, Ordinals]:
    nodes, edges = heap.snapshot.nodes, heap.snapshot.edges
    parent, parent_edge = (np.full(heap.node_count, merging.NOBODY, np.uint32) for _ in range(2))
    for start, stop in edge_runs(nodes.first_edge):
        progress.check()
        merging.find_parents(
            nodes.first_edge,
            edges.to_node,
            edges.type,
            heap.distance,
            heap.snapshot.root,
            heap.snapshot.header.edge_type("weak"),
            start,
            stop,
            parent,
            parent_edge,
        )
    return parent, parent_edge


def _in_order(heap: Heap, nodes: Ordinals) -> Ordinals:
    """The root first, then every node behind its parent."""
    distance = heap.distance[nodes].astype(np.int64)
    distance[nodes == heap.snapshot.root] = -1
    ordered: Ordinals = nodes[np.argsort(distance, kind="stable")]
    return ordered


def _labels(heap: Heap, ways: Ordinals, parent: Ordinals, parent_edge: Ordinals) -> Ordinals:
    """What the edge to each node is called: its string, or _ANY for elements and entries of a collection."""
    header, columns = heap.snapshot.header, heap.snapshot.edges
    label = np.zeros(len(ways), np.uint32)
    below = np.flatnonzero(ways != heap.snapshot.root)
    edges = parent_edge[ways[below]]
    named = ~np.isin(columns.type[edges], [header.edge_type("element"), header.edge_type("hidden")])
    label[below[named]] = columns.name_or_index[edges[named]] + np.uint32(1)
    siblings = parent[ways[below]].astype(np.int64) * len(heap.classes.names) + heap.classes.of[ways[below]]
    _, group, sizes = np.unique(siblings, return_inverse=True, return_counts=True)
    label[below[sizes[group] > _MOST_LABELS]] = _ANY
    return label
