"""Edges as rows: references outwards and retainers, in DevTools' order (section 14 of its rules)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from heaptui.heap.distances import UNREACHABLE_DISTANCE
from heaptui.heap.heap import Heap
from heaptui.heap.ignoring import RetainerDistances
from heaptui.heap.names import leading_number
from heaptui.views.model import Order, Row, Rows, page_bounds
from heaptui.views.objects import name_ranks, ranks

Edges = npt.NDArray[np.int64]
Keys = list[npt.NDArray[np.int64]]
_MOST_DIGITS = 10


class EdgeRows(Rows):
    """Edges and the objects at their other ends, a row made for each one that is looked at."""

    def __init__(self, edges: Edges, others: npt.NDArray[np.uint32], make: Callable[[int, int], Row]) -> None:
        self._edges, self._others, self._make = edges, others, make

    def __len__(self) -> int:
        return len(self._edges)

    def narrowed(self, wanted: Callable[[int, int], bool]) -> EdgeRows:
        """Only the edges that pass a test of the edge and its other end."""
        pairs = zip(self._edges.tolist(), self._others.tolist(), strict=True)
        kept = np.array([wanted(edge, other) for edge, other in pairs], bool)
        return EdgeRows(self._edges[kept], self._others[kept], self._make)

    def page(self, start: int, stop: int) -> list[Row]:
        start, stop = page_bounds(start, stop, len(self))
        pairs = zip(self._edges[start:stop], self._others[start:stop], strict=True)
        return [self._make(int(edge), int(other)) for edge, other in pairs]


def references(heap: Heap, ordinal: int, order: Order) -> tuple[Edges, npt.NDArray[np.uint32]]:
    """The edges from an object and their targets; equal ones by edge name, then as in the file."""
    edges = heap.edges(ordinal)
    targets = heap.snapshot.edges.to_node[edges]
    names = _edge_name_keys(heap, edges)
    keys = [*names, *_flipped(_value_keys(heap, targets, order) or names, order)]
    if order.key == "name":
        keys = _flipped(names, order)
    sorting = np.lexsort(keys)
    return edges[sorting], targets[sorting]


def retainers(
    heap: Heap, ordinal: int, order: Order, distances: RetainerDistances, *, weak: bool = False
) -> tuple[Edges, npt.NDArray[np.uint32]]:
    """The edges to an object and their sources, without the root's, and weak ones only if asked for;
    equal ones by the source's name, then by slot."""
    edges, sources = heap.retaining_edges(ordinal)
    kept = sources != heap.snapshot.root
    if not weak:
        kept &= heap.snapshot.edges.type[edges] != heap.snapshot.header.edge_type("weak")
    edges, sources = edges[kept], sources[kept]
    names = name_ranks(heap, sources)
    values = _value_keys(heap, sources, order)
    if order.key == "distance":
        distance = distances.of(sources)
        if distances.ignored_edges:
            distance[np.isin(edges, list(distances.ignored_edges))] = UNREACHABLE_DISTANCE
        values = [distance]
    sorting = np.lexsort([names, *_flipped(values or [names], order)])
    return edges[sorting], sources[sorting]


def _value_keys(heap: Heap, ordinals: npt.NDArray[np.uint32], order: Order) -> Keys:
    match order.key:
        case "distance":
            return [heap.distance[ordinals].astype(np.int64)]
        case "shallow_size":
            return [heap.shallow_size[ordinals].astype(np.int64)]
        case "retained_size":
            return [heap.retained_size[ordinals]]
    return []


def _flipped(keys: Sequence[npt.NDArray[np.int64]], order: Order) -> Keys:
    return [-key for key in keys] if order.descending else list(keys)


def _edge_name_keys(heap: Heap, edges: Edges) -> Keys:
    """Keys for `np.lexsort`: `__proto__` last, names before numbers, numbers as the text they are written in."""
    columns, header = heap.snapshot.edges, heap.snapshot.header
    kinds, names = columns.type[edges], columns.name_or_index[edges]
    numbered = (kinds == header.edge_type("element")) | (kinds == header.edge_type("hidden"))
    value = np.where(numbered, names, 0).astype(np.int64)
    rank = np.zeros(len(edges), np.int64)
    last = np.zeros(len(edges), bool)
    texts = np.flatnonzero(~numbered)
    different, which = np.unique(names[texts], return_inverse=True)
    decoded = [heap.names.text(int(index)) for index in different]
    if decoded:
        rank[texts] = ranks(decoded)[which]
        last[texts] = np.array([name == "__proto__" for name in decoded])[which]
        shortcuts = texts[kinds[texts] == header.edge_type("shortcut")]
        for i in shortcuts:
            number = leading_number(heap.names.text(int(names[i])))
            if number is not None and number >= 0:
                numbered[i], value[i], rank[i] = True, number, 0
    digits = np.ones(len(edges), np.int64)
    for power in range(1, _MOST_DIGITS):
        digits += value >= 10**power
    # Decimal numbers compare as text when they are scaled to one length, the shorter one first.
    scaled = value * 10 ** (_MOST_DIGITS - digits)
    return [digits, scaled, rank, numbered.astype(np.int64), last.astype(np.int64)]
