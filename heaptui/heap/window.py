"""What scripts can get to by names they can write, flag 1 of DevTools' section 3."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from heaptui.kernels import graph
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

_INVISIBLE = ("hidden", "invisible", "internal", "weak")
_BUDGET = 1 << 22


class FromWindow:
    """The nodes that can be reached from a window or global object by properties, elements and variables."""

    def __init__(self, reached: npt.NDArray[np.bool_]) -> None:
        # A bit a node: it is kept as long as the heap.
        self._bits = np.packbits(reached)

    def __contains__(self, ordinal: int) -> bool:
        return bool(self._bits[ordinal >> 3] & (0x80 >> (ordinal & 7)))


def reach_from_window(snapshot: Snapshot, progress: Progress) -> FromWindow:
    """Follow what is visible from the root's children that are no system roots."""
    header, nodes, edges = snapshot.header, snapshot.nodes, snapshot.edges
    children = edges.to_node[int(nodes.first_edge[snapshot.root]) : int(nodes.first_edge[snapshot.root + 1])]
    starts = np.unique(children[nodes.type[children] != header.node_type("synthetic")])
    reached = np.zeros(snapshot.node_count, np.uint8)
    reached[starts] = 1
    stack = np.empty(snapshot.node_count + 1, np.uint32)
    stack[: len(starts)] = starts
    follow = np.ones(256, np.uint8)
    follow[[header.edge_type(kind) for kind in _INVISIBLE]] = 0
    depth = len(starts)
    while depth:
        progress.check()
        depth = graph.flood(nodes.first_edge, edges.to_node, edges.type, follow, reached, stack, depth, _BUDGET)
    return FromWindow(reached.view(np.bool_))
