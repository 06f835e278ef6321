"""The way to an object in each view: a finder for every row that must be open."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from heaptui.views.model import Order, Row, Rows
from heaptui.views.outline import Finder, Outline

if TYPE_CHECKING:
    from heaptui.heap import Heap, LightHeap
    from heaptui.views.objects import Ordinals

DEEPEST = 500
"""Rows opened one below the other to show an object; farther down the retainers and paths say more."""


def by_key(key: Hashable) -> Finder:
    """The row with a key."""

    def find(rows: Rows, order: Order) -> int | None:
        return rows.place(key)

    return find


def in_summary(heap: LightHeap, ordinal: int) -> list[Finder]:
    """Its class, and the object among those of the class."""
    return [by_key(int(heap.classes.of[ordinal])), by_key((0, ordinal))]


def in_containment(heap: Heap, ordinal: int) -> list[Finder]:
    """The references of a shortest path from the root; empty where there is none."""
    trail: list[Finder] = []
    seen = {ordinal}
    node = ordinal
    while node != heap.snapshot.root:
        step = _nearest(heap, node)
        if step is None or step[1] in seen:
            return []
        if len(trail) == DEEPEST:
            return [_too_deep]
        edge, node = step
        trail.append(by_key((0, edge)))
        seen.add(node)
    return trail[::-1]


def _nearest(heap: Heap, ordinal: int) -> tuple[int, int] | None:
    """The edge to a node whose source is the nearest to the root, and that source."""
    edges, sources = heap.retaining_edges(ordinal)
    kept = heap.snapshot.edges.type[edges] != heap.snapshot.header.edge_type("weak")
    edges, sources = edges[kept], sources[kept]
    if not len(edges):
        return None
    # Nodes that nothing leads to have a distance below zero, which as unsigned is far; the root has none of its own.
    distances = heap.distance[sources].view("uint32")
    distances[sources == heap.snapshot.root] = 0
    best = int(distances.argmin())
    return int(edges[best]), int(sources[best])


def entries_below(heap: LightHeap, ordinal: int) -> list[Finder]:
    """From a collection on to the first new one of its entries; empty for other objects, and where it has none."""
    from heaptui.views.entries import table_of

    table = table_of(heap, ordinal)
    held = table is not None and len(heap.edges(table)) > 0
    return [by_key(("entries", 0, ordinal)), first_new] if held else []


def first_new(rows: Rows, order: Order) -> int | None:
    """Among rows of which the new ones are the last, as in a Map, the first that is new; else the first of all."""

    def is_new(index: int) -> bool:
        return any("new" in row.marks for row in rows.page(index, index + 1))

    low, high = 0, len(rows)
    if not high or not is_new(high - 1):
        return 0 if high else None
    while low < high:
        middle = (low + high) // 2
        if is_new(middle):
            high = middle
        else:
            low = middle + 1
    return low


def in_dominators(heap: Heap, ordinal: int) -> list[Finder]:
    """Its dominators from the outermost on, and itself."""
    trail: list[Finder] = []
    while ordinal != heap.snapshot.root:
        if len(trail) == DEEPEST:
            return [_too_deep]
        trail.append(by_key((0, ordinal)))
        ordinal = int(heap.dominators.dominator[ordinal])
    return trail[::-1]


def _too_deep(rows: Rows, order: Order) -> int | None:
    raise ValueError(f"It is more than {DEEPEST} rows below the top: r shows what keeps it, p the way there.")


def members(outline: Outline, row: Row) -> Ordinals | None:
    """The objects of a class, of the Comparison the new ones, or equal strings; None for a row that is neither."""
    from heaptui.views.comparison import ComparisonView
    from heaptui.views.entries import WithEntries
    from heaptui.views.strings import StringsView
    from heaptui.views.summary import SummaryView
    from heaptui.views.suspects import SuspectsView

    view = outline.view.view if isinstance(outline.view, WithEntries) else outline.view
    if isinstance(view, SuspectsView) and row.ordinal is None:
        return view.members(row.label.name)
    if row.ordinal is not None or not isinstance(row.key, int):
        return None
    if isinstance(view, ComparisonView):
        return view.comparison.new_objects(row.key)
    if isinstance(view, StringsView):
        return view.members(row.key)
    if isinstance(view, SummaryView):
        return view.heaps[0].classes.members(row.key, view.counted)
    return None


def ways(heap: LightHeap, tab: str, ordinal: int) -> Sequence[Finder]:
    """The trail to an object in a tab; empty where it is not there, or the way is not known."""
    from heaptui.heap import Heap

    if tab not in ("containment", "dominators"):
        return in_summary(heap, ordinal) if heap.counted[ordinal] else []
    if not isinstance(heap, Heap):
        return []
    return in_containment(heap, ordinal) if tab == "containment" else in_dominators(heap, ordinal)
