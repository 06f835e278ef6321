"""The dominator tree: what would be freed with what, section 6 of DevTools' rules."""

from __future__ import annotations

from collections.abc import Sequence

from heaptui.heap.heap import Heap
from heaptui.views.model import Order, Row, Rows, View
from heaptui.views.objects import (
    ObjectRows,
    matching_objects,
    object_columns,
    object_record,
    object_row,
    sort_objects,
)


class DominatorsView(View):
    """What an object, or the root, dominates; below each row what that dominates."""

    name = "Dominators"
    columns = object_columns("Object")
    order = Order("retained_size", True)
    empty = "It dominates nothing: all it refers to is held by something else too."

    def __init__(self, heap: Heap, ordinal: int | None = None) -> None:
        self.heaps: Sequence[Heap] = (heap,)
        self.ordinal = heap.snapshot.root if ordinal is None else ordinal

    @property
    def total(self) -> dict[str, int]:
        """The whole heap is 100 %."""
        size = self.heaps[0].total_size
        return {"shallow_size": size, "retained_size": size}

    def roots(self, order: Order, match: str = "") -> Rows:
        return self._dominated(self.ordinal, order, match)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        assert row.ordinal is not None
        return self._dominated(row.ordinal, order, "")

    def _dominated(self, ordinal: int, order: Order, match: str) -> Rows:
        heap = self.heaps[0]
        rows = sort_objects(heap, matching_objects(heap, heap.dominators.below(ordinal), match), order)
        return ObjectRows(rows, self._row)

    def _row(self, ordinal: int) -> Row:
        heap = self.heaps[0]
        row = object_row(heap, ordinal)
        larger = bool(heap.retained_size[ordinal] > heap.shallow_size[ordinal])
        return Row(row.key, row.label, row.cells, 0, ordinal, larger, row.marks)

    def record(self, row: Row) -> dict[str, object]:
        assert row.ordinal is not None
        return object_record(self.heaps[0], row.ordinal)

    def key_below(self, row: Row) -> str:
        return "dominated"


def dominator_chain(heap: Heap, ordinal: int) -> list[int]:
    """The object's dominators, from its immediate one up to the root."""
    chain: list[int] = []
    while ordinal != heap.snapshot.root:
        ordinal = int(heap.dominators.dominator[ordinal])
        chain.append(ordinal)
    return chain
