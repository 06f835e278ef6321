"""Classes, their objects, and what these refer to, sections 9 and 16 of DevTools' rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from heaptui.heap.classes import Location, RetainedSums
from heaptui.heap.heap import Heap, shown_distance
from heaptui.heap.light import LightHeap
from heaptui.views.containment import References
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Order, Row, RowList, Rows, View
from heaptui.views.objects import (
    DISTANCE,
    RETAINED,
    SHALLOW,
    ObjectRows,
    column,
    matching_objects,
    object_columns,
    object_row,
    sort_objects,
)
from heaptui.views.ranks import sort_key

CONSTRUCTOR = column("name", "Constructor", "name", "Objects made by one constructor, or of one kind in parentheses.")
COUNT = column("count", "Count", "count", "How many objects the constructor has.", inline=True)


def location_note(heap: LightHeap, location: Location | None) -> str:
    """Where a class was written, counted from 1 as editors do."""
    return str(heap.scripts.place(*location)) if location else ""


def location_record(location: Location | None) -> dict[str, int] | None:
    """A location as JSON has it, counted from 0 as in the file."""
    return dict(location._asdict()) if location else None


class SummaryView(References):
    """One row a class; below it its objects, largest first."""

    name = "Summary"
    columns = (CONSTRUCTOR, COUNT, DISTANCE, SHALLOW, RETAINED)
    empty = "No constructor matches."

    def __init__(self, heap: LightHeap, chosen: npt.NDArray[np.bool_] | None = None) -> None:
        """All objects, or those `chosen` by a filter (`heap.filters`), by ordinal."""
        super().__init__(heap)
        self.counted = heap.counted if chosen is None else heap.counted & chosen
        self.sums = heap.sums if chosen is None else heap.sums_of(chosen)

    def completed(self, heaps: Mapping[LightHeap, Heap]) -> View:
        view = super().completed(heaps)
        assert isinstance(view, SummaryView)
        heap = view.heaps[0]
        everything = view.counted is self.heaps[0].counted
        view.sums = heap.sums if everything else heap.sums_of(view.counted)
        return view

    def roots(self, order: Order, match: str = "") -> Rows:
        names, matches = self.heaps[0].classes.names, matcher(match)
        rows = [self._class_row(i) for i in np.flatnonzero(self.sums.count).tolist() if matches(names[i])]
        rows.sort(key=lambda row: sort_key(row.label.name))
        if order.key == "name":
            return RowList(rows[::-1] if order.descending else rows)
        rows.sort(key=lambda row: _number(row, order.key), reverse=order.descending)
        return RowList(rows)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        if row.ordinal is not None:
            return super().children(row, order, ancestors)
        heap = self.heaps[0]
        assert isinstance(row.key, int)
        members = heap.classes.members(row.key, self.counted)
        return ObjectRows(sort_objects(heap, members, order), lambda ordinal: object_row(heap, ordinal))

    def _class_row(self, which: int) -> Row:
        heap = self.heaps[0]
        sums, location = self.sums, heap.classes.locations[which]
        count = int(sums.count[which])
        cells: dict[str, int | None] = {"count": count, "shallow_size": int(sums.shallow_size[which])}
        if isinstance(sums, RetainedSums):
            cells = {
                "count": count,
                "distance": shown_distance(int(sums.distance[which])),
                "shallow_size": cells["shallow_size"],
                "retained_size": int(sums.retained_size[which]),
            }
        return Row(
            key=which,
            label=Label(heap.classes.names[which], count=count, note=location_note(heap, location)),
            cells=cells,
            expandable=True,
        )

    def record(self, row: Row) -> dict[str, object]:
        if row.ordinal is not None:
            return super().record(row)
        assert isinstance(row.key, int)
        location = self.heaps[0].classes.locations[row.key]
        return {"name": row.label.name, "location": location_record(location), **row.cells}


def _number(row: Row, key: str) -> float:
    """A cell to sort by; what is shown as a minus sign is farthest away."""
    value = row.cells.get(key)
    return float("inf") if value is None else value


class ObjectsView(References):
    """Some objects, and what they refer to."""

    name = "Objects"
    columns = object_columns("Object")
    empty = "No object matches."

    def __init__(self, heap: LightHeap, ordinals: npt.NDArray[np.uint32]) -> None:
        super().__init__(heap)
        self.ordinals = ordinals

    def roots(self, order: Order, match: str = "") -> Rows:
        heap = self.heaps[0]
        ordinals = matching_objects(heap, self.ordinals, match)
        return ObjectRows(sort_objects(heap, ordinals, order), lambda ordinal: object_row(heap, ordinal))


class InstancesView(ObjectsView):
    """The objects of all classes of one name; raises KeyError where there is none."""

    name = "Instances"

    def __init__(self, heap: LightHeap, class_name: str, chosen: npt.NDArray[np.bool_] | None = None) -> None:
        wanted = [i for i, name in enumerate(heap.classes.names) if name == class_name and heap.sums.count[i]]
        if not wanted:
            raise KeyError(class_name)
        members = np.isin(heap.classes.of, wanted) & heap.counted
        super().__init__(heap, np.flatnonzero(members if chosen is None else members & chosen).astype(np.uint32))
