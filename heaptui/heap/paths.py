"""The shortest ways from the root to an object, on the small graph around it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import islice, pairwise

import networkx as nx
import numpy as np

from heaptui.heap.distances import NO_DISTANCE, SYSTEM_DISTANCE
from heaptui.heap.heap import Heap

_MOST_NODES = 2000
_MOST_RETAINERS = 64

Step = tuple[int, int]
"""An edge and the node that it leads to."""


def shortest_paths(heap: Heap, ordinal: int, most: int = 5) -> list[list[Step]]:
    """Up to `most` paths without a cycle, the shortest first; each from the root's edge to the object's.

    Objects that user roots keep are reached by way of these, the others by system roots. Weak edges
    are left out. Empty for the root and for what nothing leads to.
    """
    root = heap.snapshot.root
    if ordinal == root or heap.distance[ordinal] == NO_DISTANCE:
        return []
    graph = _around(heap, ordinal)
    if root not in graph:
        return []
    paths: Iterator[list[int]] = nx.shortest_simple_paths(graph, root, ordinal)
    return [[(int(graph.edges[a, b]["edge"]), b) for a, b in pairwise(path)] for path in islice(paths, most)]


def _around(heap: Heap, ordinal: int) -> nx.DiGraph:
    """Some retainers of the object, theirs and so on, those nearest to the root first."""
    by_user = heap.distance[ordinal] < SYSTEM_DISTANCE
    root, weak = heap.snapshot.root, heap.snapshot.header.edge_type("weak")
    graph = nx.DiGraph()
    waiting = [(int(heap.distance[ordinal]), ordinal)]
    done: set[int] = set()
    while waiting and len(done) < _MOST_NODES:
        _, node = heapq.heappop(waiting)
        if node in done or node == root:
            continue
        done.add(node)
        edges, sources = heap.retaining_edges(node)
        distance = heap.distance[sources]
        wanted = (heap.snapshot.edges.type[edges] != weak) & (distance != NO_DISTANCE) & (sources != node)
        if by_user:
            # The root is as far as a system root, but leads to user roots too.
            wanted &= (distance < SYSTEM_DISTANCE) | ((sources == root) & (heap.distance[node] == 1))
        edges, sources, distance = edges[wanted], sources[wanted], distance[wanted]
        for i in np.argsort(distance, kind="stable")[:_MOST_RETAINERS].tolist():
            source = int(sources[i])
            if not graph.has_edge(source, node):
                graph.add_edge(source, node, edge=int(edges[i]))
            heapq.heappush(waiting, (int(distance[i]), source))
    return graph
