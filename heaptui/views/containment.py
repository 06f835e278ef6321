"""References outwards, from the root or from one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from copy import copy

from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.views.edges import EdgeRows, references
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Order, Row, Rows, View
from heaptui.views.objects import (
    cells,
    display_name,
    known_columns,
    largest_first,
    marks,
    object_columns,
    object_record,
)


class References(View):
    """A view whose rows are objects, and whose children are the objects they refer to."""

    order = Order("retained_size", True)
    above: frozenset[tuple[int, int | None]] = frozenset()
    """The object that the whole view is below, which makes its reappearance a cycle."""
    is_new: Callable[[int], bool] | None = None
    """Whether an object of the last heap is new, where that is known and to be marked."""

    def __init__(self, heap: LightHeap) -> None:
        self.heaps: Sequence[LightHeap] = (heap,)
        self.columns = known_columns(self.columns, heap)
        if self.order == References.order:
            self.order = largest_first(heap)

    def completed(self, heaps: Mapping[LightHeap, Heap]) -> View:
        """The same rows with all columns, in the order that a whole heap has at first."""
        view = copy(self)
        view.heaps = [heaps.get(heap, heap) for heap in self.heaps]
        view.columns, view.order = type(self).columns, type(self).order
        return view

    @property
    def total(self) -> dict[str, int]:
        """The whole heap is 100 %."""
        size = self.heaps[-1].total_size
        return {"shallow_size": size, "retained_size": size}

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        assert row.ordinal is not None
        above = {(a.heap, a.ordinal) for a in (*ancestors, row)}
        return self.references(row.ordinal, order, row.heap, above | self.above)

    def references(self, ordinal: int, order: Order, side: int, above: Set[tuple[int, int | None]]) -> EdgeRows:
        """Rows of the objects that one refers to; those in `above` are cycles."""
        heap = self.heaps[side]
        # Columns that objects do not have sort their references as DevTools does by default.
        if order.key not in ("name", "distance", "shallow_size", "retained_size"):
            order = largest_first(heap)
        edges, targets = references(heap, ordinal, order)

        def make(edge: int, target: int) -> Row:
            return self._edge_row(heap, side, edge, target, (side, target) in above)

        return EdgeRows(edges, targets, make)

    def _edge_row(self, heap: LightHeap, side: int, edge: int, target: int, cycle: bool) -> Row:
        found = marks(heap, target)
        if self.is_new is not None and side == len(self.heaps) - 1 and self.is_new(target):
            found.add("new")
        if cycle:
            found.add("cycle")
        if heap.edge_type(edge) == "weak":
            found.add("weak")
        return Row(
            key=(side, edge),
            label=Label(display_name(heap, target), id=heap.id(target), edge=heap.names.edge(edge), relation="::"),
            cells=cells(heap, target),
            heap=side,
            ordinal=target,
            expandable=len(heap.edges(target)) > 0 and not cycle,
            marks=frozenset(found),
        )

    def record(self, row: Row) -> dict[str, object]:
        """An object, or an edge and the object it leads to, as JSON has it."""
        assert isinstance(row.key, tuple)
        assert row.ordinal is not None
        heap, edge = self.heaps[row.heap], int(row.key[1])
        if not row.label.relation:
            return object_record(heap, row.ordinal)
        return {
            "edge": {"type": heap.edge_type(edge), "name": heap.names.edge(edge)},
            "object": object_record(heap, row.ordinal),
        }

    def key_below(self, row: Row) -> str:
        """Below a class or another group are its objects, below an object its references."""
        return "objects" if row.ordinal is None else "references"


class ContainmentView(References):
    """What the root, or an object, refers to."""

    name = "Containment"
    columns = object_columns("Object")
    empty = "It refers to nothing."

    def __init__(self, heap: LightHeap, ordinal: int | None = None) -> None:
        super().__init__(heap)
        self.ordinal = heap.snapshot.root if ordinal is None else ordinal
        if ordinal is not None:
            self.above = frozenset({(0, ordinal)})

    def roots(self, order: Order, match: str = "") -> Rows:
        rows = self.references(self.ordinal, order, 0, self.above)
        if not match:
            return rows
        heap, matches = self.heaps[0], matcher(match)
        return rows.narrowed(lambda edge, target: matches(heap.names.edge(edge)) or matches(display_name(heap, target)))
