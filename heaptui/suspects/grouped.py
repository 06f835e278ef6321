"""From where the objects of a class hang: their telling paths, merged by what they look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt

from heaptui.heap.heap import Heap
from heaptui.snapshot.progress import Progress
from heaptui.suspects.looks import ANY, merge_alike
from heaptui.suspects.paths import NOBODY, find_paths
from heaptui.suspects.scopes import Scopes

Ordinals = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class MergedPath:
    """A way from the root that some of the objects have in common.

    Attributes:
        steps: merged nodes from where the path begins to the objects themselves.
        count: how many of the objects it leads to.
    """

    steps: Sequence[int]
    count: int


@dataclass(frozen=True)
class MergedPaths:
    """Attributes:
    graph: the merged tree; node 0 is above all beginnings. Nodes have `example` (an ordinal), `edge` (the
        edge to it, -1 where a path begins), `entry` (whether the edge stands for many), `count` (objects of the
        class that it merges) and `below` (objects that hang from it, itself included).
    scopes: the scopes of the heap, to say the paths in words.
    total: how many objects there are; unreachable: how many have no way from the root.
    """

    graph: nx.DiGraph
    scopes: Scopes
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
    """Merge the telling paths of some objects."""
    paths = find_paths(heap, None, progress)
    reached = ordinals[paths.reached[ordinals]]
    tree = merge_alike(paths, reached, heap.classes.of * np.uint32(2))
    found = len(tree.above)
    own = np.bincount(tree.merged[reached], minlength=found)
    graph = nx.DiGraph()
    graph.add_node(0, example=heap.snapshot.root, edge=-1, entry=False, count=0, below=len(reached))
    for number in range(found):
        node, up = int(tree.example[number]), int(tree.above[number])
        begins = up == NOBODY
        graph.add_node(
            number + 1,
            example=node,
            edge=-1 if begins else int(paths.parent_edge[node]),
            entry=not begins and tree.label[number] == ANY,
            count=int(own[number]),
            below=int(own[number]),
        )
        graph.add_edge(0 if begins else up + 1, number + 1)
    for number in range(found, 0, -1):
        up = next(graph.predecessors(number))
        if up:
            graph.nodes[up]["below"] += graph.nodes[number]["below"]
    return MergedPaths(graph, paths.scopes, len(ordinals), len(ordinals) - len(reached))
