"""The shortest retaining paths of an object, as a trace that reads from the root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from heaptui.heap.heap import Heap
from heaptui.heap.paths import Step, shortest_paths
from heaptui.views.model import Label, Order, Row, RowList, Rows, View
from heaptui.views.objects import cells, display_name, marks, object_columns, object_record


class PathsView(View):
    """One row a path, told by its length; below it its steps from the root to the object."""

    name = "Paths"
    # Shares of the heap say little of the steps of a way.
    columns = tuple(replace(column, share=False) for column in object_columns("Path"))
    order = Order("", False)
    empty = "Nothing leads to it but weak references."

    def __init__(self, heap: Heap, ordinal: int, most: int = 5) -> None:
        self.heaps: Sequence[Heap] = (heap,)
        self.ordinal = ordinal
        self.paths = shortest_paths(heap, ordinal, most)

    def roots(self, order: Order, match: str = "") -> Rows:
        return RowList(
            [
                Row(key=i, label=Label(f"Path {i + 1}", count=None, note=_steps(len(path))), cells={}, expandable=True)
                for i, path in enumerate(self.paths)
            ]
        )

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        if row.ordinal is not None:
            return RowList(())
        assert isinstance(row.key, int)
        return self.steps(row.key)

    def steps(self, path: int) -> RowList:
        """The rows of a path, from the root to the object."""
        return RowList([self._step_row(path, i, step) for i, step in enumerate(self.paths[path])])

    def opens_by_itself(self, row: Row, depth: int) -> bool:
        """The shortest path is open at once."""
        return row.key == 0 and row.ordinal is None

    def _step_row(self, path: int, position: int, step: Step) -> Row:
        heap, (edge, node) = self.heaps[0], step
        return Row(
            key=(path, position, edge),
            label=Label(display_name(heap, node), id=heap.id(node), edge=heap.names.edge(edge), relation="::"),
            cells=cells(heap, node),
            ordinal=node,
            marks=frozenset(marks(heap, node)),
        )

    def record(self, row: Row) -> dict[str, object]:
        """A step as JSON has it; a path by its number and length."""
        if isinstance(row.key, int):
            return {"path": row.key + 1, "steps": len(self.paths[row.key])}
        assert isinstance(row.key, tuple)
        assert row.ordinal is not None
        heap, edge = self.heaps[0], int(row.key[2])
        return {
            "edge": {"type": heap.edge_type(edge), "name": heap.names.edge(edge)},
            "object": object_record(heap, row.ordinal),
        }

    def records(self) -> list[list[dict[str, object]]]:
        """All paths as JSON has them."""
        return [[self.record(row) for row in self.steps(i).page(0, len(path))] for i, path in enumerate(self.paths)]


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"
