"""What still keeps an object when some of its retainers are ignored, section 14 of DevTools' rules."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from heaptui.heap.distances import NO_DISTANCE, UNREACHABLE_DISTANCE, measure_distances
from heaptui.heap.heap import Heap
from heaptui.heap.scratch import Scratch
from heaptui.snapshot.progress import Progress

_EDGES = 1 << 20


@dataclass(frozen=True, slots=True)
class RetainerDistances:
    """Distances for the retainers of objects, as if the ignored objects were not there.

    Attributes:
        distance: int32, by ordinal; before: the same with nothing ignored.
        ignored_edges: WeakMap edges whose other half is out of reach.
    """

    distance: npt.NDArray[np.int32]
    before: npt.NDArray[np.int32]
    ignored_edges: frozenset[int] = frozenset()

    def of(self, ordinals: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
        """Distances of some objects; those out of reach come last, in the order of their old distances."""
        found = self.distance[ordinals].astype(np.int64)
        last = np.maximum(self.before[ordinals], 0).astype(np.int64) + UNREACHABLE_DISTANCE
        return np.where(found == NO_DISTANCE, last, found)


# Every object that is selected asks again, with the same objects ignored.
_LATEST: WeakKeyDictionary[Heap, tuple[frozenset[int], RetainerDistances]] = WeakKeyDictionary()


def ignore(heap: Heap, ignored: frozenset[int]) -> RetainerDistances:
    """The distances without paths through the ignored objects (ordinals)."""
    if not ignored:
        return RetainerDistances(heap.distance, heap.distance)
    latest = _LATEST.get(heap)
    if latest is None or latest[0] != ignored:
        latest = _LATEST[heap] = (ignored, _ignore(heap, ignored))
    return latest[1]


def _ignore(heap: Heap, ignored: frozenset[int]) -> RetainerDistances:
    distance = measure_distances(
        heap.snapshot, heap.names, heap.weak_pairs, Scratch(heap.snapshot), Progress(), ignored
    )
    return RetainerDistances(distance, heap.distance, _halves_without_the_other(heap, distance))


def _halves_without_the_other(heap: Heap, distance: npt.NDArray[np.int32]) -> frozenset[int]:
    pairs = heap.weak_pairs
    if not len(pairs.index):
        return frozenset()
    columns, first_edge = heap.snapshot.edges, heap.snapshot.nodes.first_edge
    number = pairs.by_string(len(heap.snapshot.strings))
    internal = heap.snapshot.header.edge_type("internal")
    found = []
    for low in range(0, heap.edge_count, _EDGES):
        run = np.flatnonzero(columns.type[low : low + _EDGES] == internal) + low
        found.append(run[number[columns.name_or_index[run]] > 0])
    edges = np.concatenate(found)
    source = np.searchsorted(first_edge, edges, "right") - 1
    # A pair is told by its number and the value that both halves lead to.
    pair = columns.to_node[edges].astype(np.int64) * (len(pairs.index) + 1) + number[columns.name_or_index[edges]]
    lost = np.unique(pair[distance[source] == NO_DISTANCE])
    return frozenset(edges[np.isin(pair, lost)].tolist())
