"""Edges as rows: references outwards and retainers, in DevTools' order (section 14 of its rules)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import numpy.typing as npt

from heaptui.heap.distances import UNREACHABLE_DISTANCE
from heaptui.heap.heap import Heap
from heaptui.heap.ignoring import RetainerDistances
from heaptui.heap.light import LightHeap
from heaptui.heap.names import leading_number
from heaptui.views.model import Order, Row, Rows, page_bounds
from heaptui.views.objects import place_of
from heaptui.views.ranks import name_ranks, text_ranks

Edges = npt.NDArray[np.int64]
Keys = list[npt.NDArray[np.int64]]
_MOST_DIGITS = 10
_FEW = 64
_NUMBERS, _LAST = 1 << 40, 1 << 50


class EdgeRows(Rows):
    """Edges and the objects at their other ends, a row made for each one that is looked at."""

    def __init__(self, edges: Edges, others: npt.NDArray[np.uint32], make: Callable[[int, int], Row]) -> None:
        self.edges, self.others, self._make = edges, others, make

    def __len__(self) -> int:
        return len(self.edges)

    def narrowed(self, wanted: Callable[[int, int], bool]) -> EdgeRows:
        """Only the edges that pass a test of the edge and its other end."""
        pairs = zip(self.edges.tolist(), self.others.tolist(), strict=True)
        kept = np.array([wanted(edge, other) for edge, other in pairs], bool)
        return EdgeRows(self.edges[kept], self.others[kept], self._make)

    def page(self, start: int, stop: int) -> list[Row]:
        start, stop = page_bounds(start, stop, len(self))
        pairs = zip(self.edges[start:stop], self.others[start:stop], strict=True)
        return [self._make(int(edge), int(other)) for edge, other in pairs]

    def place(self, key: Hashable) -> int | None:
        return place_of(self, key, self.edges)


def references(heap: LightHeap, ordinal: int, order: Order) -> tuple[Edges, npt.NDArray[np.uint32]]:
    """The edges from an object and their targets; equal ones by edge name, then as in the file."""
    edges = heap.edges(ordinal)
    targets = heap.snapshot.edges.to_node[edges]
    names = _edge_names(heap, edges)
    sorting = np.lexsort([names, *_flipped(_value_keys(heap, targets, order) or [names], order)])
    return edges[sorting], targets[sorting]


def retainers(
    heap: Heap, ordinal: int, order: Order, distances: RetainerDistances, *, weak: bool = False
) -> tuple[Edges, npt.NDArray[np.uint32]]:
    """The edges to an object and their sources, without the root's, and weak ones only if asked for;
    equal ones by the source's name, then by slot."""
    edges, sources = _shown_retainers(heap, ordinal, weak=weak)
    names = name_ranks(heap, sources)
    values = _value_keys(heap, sources, order)
    if order.key == "distance":
        distance = distances.of(sources)
        if distances.ignored_edges:
            distance[np.isin(edges, list(distances.ignored_edges))] = UNREACHABLE_DISTANCE
        values = [distance]
    sorting = np.lexsort([names, *_flipped(values or [names], order)])
    return edges[sorting], sources[sorting]


def has_retainers(heap: Heap, ordinal: int, *, weak: bool = False) -> bool:
    """Whether `retainers` has any edge for a node; that many edges are all weak is not looked for."""
    first = heap.retainers.first
    sources = heap.retainers.retainer[int(first[ordinal]) : int(first[ordinal + 1])]
    if not (sources != heap.snapshot.root).any():
        return False
    return weak or len(sources) > _FEW or len(_shown_retainers(heap, ordinal, weak=weak)[0]) > 0


def _shown_retainers(heap: Heap, ordinal: int, *, weak: bool) -> tuple[Edges, npt.NDArray[np.uint32]]:
    edges, sources = heap.retaining_edges(ordinal)
    kept = sources != heap.snapshot.root
    if not weak:
        kept &= heap.snapshot.edges.type[edges] != heap.snapshot.header.edge_type("weak")
    return edges[kept], sources[kept]


def _value_keys(heap: LightHeap, ordinals: npt.NDArray[np.uint32], order: Order) -> Keys:
    match order.key:
        case "distance" if isinstance(heap, Heap):
            return [heap.distance[ordinals].astype(np.int64)]
        case "shallow_size":
            return [heap.shallow_size[ordinals].astype(np.int64)]
        case "retained_size" if isinstance(heap, Heap):
            return [heap.retained_size[ordinals]]
    return []


def _flipped(keys: Sequence[npt.NDArray[np.int64]], order: Order) -> Keys:
    return [-key for key in keys] if order.descending else list(keys)


def _edge_names(heap: LightHeap, edges: Edges) -> npt.NDArray[np.int64]:
    """What sorts edges by name: names, then numbers as the text they are written in, `__proto__` last."""
    columns, header = heap.snapshot.edges, heap.snapshot.header
    kinds, names = columns.type[edges], columns.name_or_index[edges]
    numbered = (kinds == header.edge_type("element")) | (kinds == header.edge_type("hidden"))
    value = np.where(numbered, names, 0).astype(np.int64)
    rank = np.zeros(len(edges), np.int64)
    texts = np.flatnonzero(~numbered)
    different, which = np.unique(names[texts], return_inverse=True)
    rank[texts] = _text_ranks(heap, different)[which]
    for i in texts[kinds[texts] == header.edge_type("shortcut")].tolist():
        number = leading_number(heap.names.text(int(names[i])))
        if number is not None and 0 <= number < 10**_MOST_DIGITS:
            numbered[i], value[i] = True, number
    digits = np.ones(len(edges), np.int64)
    for power in range(1, _MOST_DIGITS):
        digits += value >= 10**power
    # Decimal numbers compare as text when they are scaled to one length, the shorter one first.
    scaled = value * 10 ** (_MOST_DIGITS - digits)
    return np.where(numbered, _NUMBERS + (scaled << 4) + digits, rank)


def _text_ranks(heap: LightHeap, names: npt.NDArray[np.unsignedinteger]) -> npt.NDArray[np.int64]:
    found = text_ranks(heap, names)
    for i in np.flatnonzero(heap.snapshot.strings.first_bytes(names) == ord("_")).tolist():
        if heap.names.text(int(names[i])) == "__proto__":
            found[i] = _LAST
    return found
