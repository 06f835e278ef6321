"""What is new and what is gone since the base, section 13 of DevTools' rules."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from heaptui.heap.comparison import compare
from heaptui.heap.light import LightHeap
from heaptui.views.containment import References
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Order, Row, RowList, Rows, page_bounds
from heaptui.views.objects import Ordinals, column, object_row, place_of, sort_objects
from heaptui.views.ranks import sort_key
from heaptui.views.summary import CONSTRUCTOR, location_note, location_record

BASE, CURRENT = 0, 1


class ComparisonView(References):
    """One row a class that changed; below it its new objects, then its deleted ones."""

    name = "Comparison"
    columns = (
        CONSTRUCTOR,
        column("new", "# New", "count", "Objects that the base does not have."),
        column("deleted", "# Deleted", "count", "Objects of the base that are gone."),
        column("delta", "# Delta", "delta", "New less deleted objects."),
        column("alloc_size", "Alloc. size", "size", "Shallow size of the new objects, in bytes."),
        column("freed_size", "Freed size", "size", "Shallow size of the deleted objects, in bytes."),
        column("size_delta", "Size delta", "size_delta", "Allocated less freed bytes."),
    )
    order = Order("alloc_size", True)
    empty = "No constructor has new or deleted objects."

    def __init__(self, base: LightHeap, current: LightHeap) -> None:
        super().__init__(current)
        self.heaps = (base, current)
        self.comparison = compare(base, current)

    @property
    def totals(self) -> dict[str, int]:
        """New and deleted objects of all classes, and their bytes."""
        changes = self.comparison.changes
        return {key: sum(getattr(c, key) for c in changes) for key in ("new", "deleted", "alloc_size", "freed_size")}

    def roots(self, order: Order, match: str = "") -> Rows:
        matches = matcher(match)
        rows = [self._class_row(i) for i, change in enumerate(self.comparison.changes) if matches(change.name)]
        rows.sort(key=lambda row: sort_key(row.label.name))
        if order.key == "name":
            return RowList(rows[::-1] if order.descending else rows)
        rows.sort(key=lambda row: row.cells.get(order.key) or 0, reverse=order.descending)
        return RowList(rows)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        if row.ordinal is not None:
            return super().children(row, order, ancestors)
        assert isinstance(row.key, int)
        by = Order("name", order.descending) if order.key == "name" else Order("shallow_size", True)
        return _Changed(
            self,
            sort_objects(self.heaps[CURRENT], self.comparison.new_objects(row.key), by),
            sort_objects(self.heaps[BASE], self.comparison.deleted_objects(row.key), by),
        )

    def object_row(self, side: int, ordinal: int) -> Row:
        """A new or deleted object: its size stands in the column of what it did."""
        heap = self.heaps[side]
        row = object_row(heap, ordinal, side=side, extra=("new",) if side == CURRENT else ("deleted",))
        size = int(heap.shallow_size[ordinal])
        cells = {"new": 1, "alloc_size": size} if side == CURRENT else {"deleted": 1, "freed_size": size}
        return Row(row.key, row.label, cells, row.heap, row.ordinal, row.expandable, row.marks)

    def _class_row(self, which: int) -> Row:
        change = self.comparison.changes[which]
        keys = [column.key for column in self.columns[1:]]
        return Row(
            key=which,
            label=Label(change.name, note=location_note(self.heaps[CURRENT], change.location)),
            cells={key: getattr(change, key) for key in keys},
            expandable=True,
        )

    def record(self, row: Row) -> dict[str, object]:
        if row.ordinal is not None:
            # What an object refers to is neither here.
            found = [mark for mark in ("new", "deleted") if mark in row.marks]
            return {**({"change": found[0]} if found else {}), **super().record(row)}
        assert isinstance(row.key, int)
        change = self.comparison.changes[row.key]
        return {"name": change.name, "location": location_record(change.location), **row.cells}


class _Changed(Rows):
    def __init__(self, view: ComparisonView, new: Ordinals, deleted: Ordinals) -> None:
        self._view = view
        self._ordinals = np.concatenate((new, deleted))
        self._new = len(new)

    def __len__(self) -> int:
        return len(self._ordinals)

    def page(self, start: int, stop: int) -> list[Row]:
        start, stop = page_bounds(start, stop, len(self))
        return [
            self._view.object_row(CURRENT if i < self._new else BASE, int(self._ordinals[i]))
            for i in range(start, stop)
        ]

    def place(self, key: Hashable) -> int | None:
        return place_of(self, key, self._ordinals)
