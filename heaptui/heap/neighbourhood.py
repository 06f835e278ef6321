"""The objects that keep one alive: a graph of some thousands of nodes at most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.distances import NO_DISTANCE, UNREACHABLE_DISTANCE
from heaptui.heap.heap import Heap

_MOST_RETAINERS = 100
"""References that are followed, or kept, of each object."""

_LONGEST_WAY = 1000
_ROOT_OBJECT = 1
"""The distance of what a root keeps: whatever else refers to it does not matter."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """An object and what keeps it.

    Attributes:
        nodes: ordinals (uint32), the object first, then as they were found.
        edges: references between them (int64), in the file's order; sources: where each comes from.
        left_out: references to these objects that are not among `edges`.
    """

    nodes: npt.NDArray[np.uint32]
    edges: npt.NDArray[np.int64]
    sources: npt.NDArray[np.uint32]
    left_out: int


def retaining_neighbourhood(
    heap: Heap, ordinal: int, *, depth: int = 0, most_nodes: int = 1000, weak: bool = False
) -> Neighbourhood:
    """The retainers of an object, theirs and so on.

    A short way from the root comes first, so that it is there when the limit is reached; then what
    is nearest to the object. With `depth` only what is at most so many references away.
    """
    nodes = _found(heap, ordinal, depth, max(1, most_nodes), weak)
    inside = np.zeros(heap.node_count, bool)
    inside[nodes] = True
    edges, sources, left_out = [np.empty(0, np.int64)], [np.empty(0, np.uint32)], 0
    for node in nodes.tolist():
        own, origins = _retainers(heap, node, weak)
        kept = np.flatnonzero(inside[origins])[:_MOST_RETAINERS]
        edges.append(own[kept])
        sources.append(origins[kept])
        left_out += len(own) - len(kept)
    found, origins = np.concatenate(edges), np.concatenate(sources)
    order = np.argsort(found)
    return Neighbourhood(nodes, found[order], origins[order], left_out)


def _found(heap: Heap, ordinal: int, depth: int, most: int, weak: bool) -> npt.NDArray[np.uint32]:
    found = dict.fromkeys(_way_to_root(heap, ordinal, weak)[: min(depth + 1, most) if depth else most])
    ring, seen = [ordinal], {ordinal}
    # Each level finds an object at least.
    for _ in range(depth or most):
        if not ring or len(found) >= most:
            break
        sources = np.unique(np.concatenate([_followed(heap, node, weak) for node in ring]))
        ordered = sources[np.argsort(_nearness(heap, sources), kind="stable")].tolist()
        ring = [source for source in ordered if source not in seen][:most]
        seen.update(ring)
        for source in ring:
            if len(found) < most:
                found[source] = None
    return np.fromiter(found, np.uint32, len(found))


def _way_to_root(heap: Heap, ordinal: int, weak: bool) -> list[int]:
    """The object, its retainer nearest to the roots, and so on; without the root where none leads there."""
    way = [ordinal]
    while len(sources := _followed(heap, way[-1], weak)) and int(sources[0]) not in way and len(way) < _LONGEST_WAY:
        way.append(int(sources[0]))
    return way


def _followed(heap: Heap, node: int, weak: bool) -> npt.NDArray[np.uint32]:
    """The retainers of an object that matter, those nearest to the roots first."""
    sources = _retainers(heap, node, weak)[1]
    if heap.distance[node] == _ROOT_OBJECT:
        sources = sources[sources == heap.snapshot.root]
    return sources[:_MOST_RETAINERS]


def _retainers(heap: Heap, node: int, weak: bool) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]:
    """The references to an object and where they come from, those nearest to the roots first."""
    edges, sources = heap.retaining_edges(node)
    if not weak:
        strong = heap.snapshot.edges.type[edges] != heap.snapshot.header.edge_type("weak")
        edges, sources = edges[strong], sources[strong]
    order = np.argsort(_nearness(heap, sources), kind="stable")
    return edges[order], sources[order]


def _nearness(heap: Heap, ordinals: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Distances to sort by: the root first, what nothing leads to last."""
    distance = heap.distance[ordinals].astype(np.int64)
    distance[distance == NO_DISTANCE] = UNREACHABLE_DISTANCE
    distance[ordinals == heap.snapshot.root] = -1
    return distance
