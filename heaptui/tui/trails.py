"""The way to an object in each view: a finder for every row that must be open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from heaptui.views.model import Order, Row, Rows
from heaptui.views.outline import Finder, Outline

if TYPE_CHECKING:
    from heaptui.heap import Heap
    from heaptui.views.objects import Ordinals

_PAGE = 500
_FARTHEST = 20_000
"""Rows looked through one by one, where there is no quicker way."""


def by_key(key: object) -> Finder:
    """The row with a key."""

    def find(rows: Rows, order: Order) -> int | None:
        for start in range(0, len(rows), _PAGE):
            for i, row in enumerate(rows.page(start, start + _PAGE), start):
                if row.key == key:
                    return i
        return None

    return find


def by_object(heap: Heap, ordinal: int, side: int = 0) -> Finder:
    """The row of an object, in a list of objects sorted as all such lists are."""

    def find(rows: Rows, order: Order) -> int | None:
        for start in range(0, min(len(rows), _FARTHEST), _PAGE):
            for i, row in enumerate(rows.page(start, start + _PAGE), start):
                if row.ordinal == ordinal and row.heap == side:
                    return i
        return None

    return find


def in_summary(heap: Heap, ordinal: int) -> list[Finder]:
    """Its class, and the object among those of the class."""
    which = int(heap.classes.of[ordinal])
    return [by_key(which), _member(heap, which, ordinal)]


def _member(heap: Heap, which: int, ordinal: int) -> Finder:
    def find(rows: Rows, order: Order) -> int | None:
        import numpy as np

        from heaptui.views.objects import sort_objects

        # A class can have millions of objects: the place is computed rather than looked for.
        members = sort_objects(heap, heap.classes.members(which, heap.counted), order)
        found = np.flatnonzero(members == ordinal)
        if len(members) != len(rows) or not len(found):
            return by_object(heap, ordinal)(rows, order)
        return int(found[0])

    return find


def in_containment(heap: Heap, ordinal: int) -> list[Finder]:
    """The references of a shortest path from the root; empty where there is none."""
    trail: list[Finder] = []
    seen = {ordinal}
    node = ordinal
    while node != heap.snapshot.root:
        step = _nearest(heap, node)
        if step is None or step[1] in seen:
            return []
        edge, source = step
        trail.append(_reference(heap, source, edge))
        seen.add(source)
        node = source
    return trail[::-1]


def _nearest(heap: Heap, ordinal: int) -> tuple[int, int] | None:
    """The edge to a node whose source is the nearest to the root, and that source."""
    edges, sources = heap.retaining_edges(ordinal)
    kept = heap.snapshot.edges.type[edges] != heap.snapshot.header.edge_type("weak")
    edges, sources = edges[kept], sources[kept]
    if not len(edges):
        return None
    # Nodes that nothing leads to have a distance below zero; the root has none of its own.
    distances = [d if d >= 0 else 1 << 40 for d in heap.distance[sources].tolist()]
    distances = [-1 if s == heap.snapshot.root else d for s, d in zip(sources.tolist(), distances, strict=True)]
    best = distances.index(min(distances))
    return int(edges[best]), int(sources[best])


def _reference(heap: Heap, source: int, edge: int) -> Finder:
    def find(rows: Rows, order: Order) -> int | None:
        import numpy as np

        from heaptui.views.edges import references

        edges, _ = references(heap, source, order)
        found = np.flatnonzero(edges == edge)
        # A collection's entries stand before its references.
        return int(found[0]) + len(rows) - len(edges) if len(found) else None

    return find


def in_dominators(heap: Heap, ordinal: int) -> list[Finder]:
    """Its dominators from the outermost on, and itself."""
    from heaptui.views.dominators import dominator_chain

    chain = [ordinal, *dominator_chain(heap, ordinal)][:-1]
    return [by_object(heap, node) for node in reversed(chain)]


def members(outline: Outline, row: Row) -> Ordinals | None:
    """The objects of a class: of the Comparison the new ones; None for a row that is no class."""
    from heaptui.views.comparison import ComparisonView
    from heaptui.views.entries import WithEntries
    from heaptui.views.summary import SummaryView

    view = outline.view.view if isinstance(outline.view, WithEntries) else outline.view
    if row.ordinal is not None or not isinstance(row.key, int):
        return None
    if isinstance(view, ComparisonView):
        return view.comparison.new_objects(row.key)
    if isinstance(view, SummaryView):
        return view.heaps[0].classes.members(row.key, view.counted)
    return None


def ways(heap: Heap, tab: str, ordinal: int) -> Sequence[Finder]:
    """The trail to an object in a tab; empty where it is not there."""
    match tab:
        case "containment":
            return in_containment(heap, ordinal)
        case "dominators":
            return in_dominators(heap, ordinal)
        case _:
            return in_summary(heap, ordinal) if heap.counted[ordinal] else []
