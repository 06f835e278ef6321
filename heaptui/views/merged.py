"""From where the objects of a class hang, as the few different ways there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from heaptui.heap.heap import Heap
from heaptui.heap.merged import MergedPath, merge_paths
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Order, Row, RowList, Rows, View
from heaptui.views.objects import NAME_ABOUT, column, display_name, object_record
from heaptui.views.text import count as written

_MOST_PATHS = 1000


class MergedPathsView(View):
    """One row a way, with how many of the objects hang from it; below it its steps from the root."""

    name = "Paths"
    columns = (
        column("name", "Path", "name", NAME_ABOUT),
        column("count", "Count", "count", "How many of the objects hang from it.", share=True),
    )
    order = Order("count", True)
    empty = "Nothing leads to them but weak references."

    def __init__(self, heap: Heap, ordinals: npt.NDArray[np.uint32]) -> None:
        self.heaps: Sequence[Heap] = (heap,)
        self.merged = merge_paths(heap, ordinals)
        self.paths: Sequence[MergedPath] = self.merged.paths()[:_MOST_PATHS]

    @property
    def total(self) -> dict[str, int]:
        """All the objects are 100 %."""
        return {"count": self.merged.total}

    def roots(self, order: Order, match: str = "") -> Rows:
        matches = matcher(match)
        rows = [self._path_row(i) for i in range(len(self.paths)) if matches(self.text(self.paths[i]))]
        if order.key == "name":
            rows.sort(key=lambda row: row.label.name, reverse=order.descending)
        else:
            rows.sort(key=lambda row: row.cells["count"] or 0, reverse=order.descending)
        return RowList(rows)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        if not isinstance(row.key, int):
            return RowList(())
        return RowList([self._step_row(node) for node in self.paths[row.key].steps])

    def text(self, path: MergedPath) -> str:
        """A way in one line: `global . sessions . table . […]`."""
        return " . ".join(self._edge(node) for node in path.steps)

    def _edge(self, node: int) -> str:
        heap, data = self.heaps[0], self.merged.graph.nodes[node]
        if self.merged.graph.has_edge(0, node):
            # The root's edges are numbered; what they lead to says more.
            return display_name(heap, data["example"])
        return "[…]" if data["entry"] else heap.names.edge(data["edge"])

    def _path_row(self, position: int) -> Row:
        path = self.paths[position]
        steps = f"{written(len(path.steps))} steps"
        return Row(key=position, label=Label(self.text(path), note=steps), cells={"count": path.count}, expandable=True)

    def _step_row(self, node: int) -> Row:
        heap, data = self.heaps[0], self.merged.graph.nodes[node]
        example = int(data["example"])
        return Row(
            key=("step", node),
            label=Label(display_name(heap, example), id=heap.id(example), edge=self._edge(node), relation="::"),
            cells={"count": int(data["below"])},
            ordinal=example,
        )

    def record(self, row: Row) -> dict[str, object]:
        assert isinstance(row.key, int)
        heap, path = self.heaps[0], self.paths[row.key]
        steps = []
        for node in path.steps:
            data = self.merged.graph.nodes[node]
            edge = {"type": heap.edge_type(data["edge"]), "name": None if data["entry"] else self._edge(node)}
            steps.append({"edge": edge, "object": object_record(heap, int(data["example"])), "count": data["below"]})
        return {"count": path.count, "path": self.text(path), "steps": steps}
