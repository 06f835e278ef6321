"""From where the objects of a class hang, as the few different ways there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from heaptui.heap.heap import Heap
from heaptui.snapshot.progress import Progress
from heaptui.suspects import wording
from heaptui.suspects.causes import logical_holder
from heaptui.suspects.grouped import MergedPath, merge_paths
from heaptui.suspects.trail import Step, step
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Order, Row, RowList, Rows, View
from heaptui.views.objects import NAME_ABOUT, column, display_name, object_record
from heaptui.views.text import count as written
from heaptui.views.trace import ending

_MOST_PATHS = 1000
_HOLDER = 40
"""Cells of the end of a path in the heading."""


class MergedPathsView(View):
    """One row a way, with how many of the objects hang from it; below it its steps from the root."""

    name = "Paths"
    columns = (
        column("name", "Path", "name", NAME_ABOUT),
        column("count", "Count", "count", "How many of the objects hang from it.", share=True),
    )
    order = Order("count", True)
    empty = "Nothing leads to them but weak references."

    def __init__(
        self, heap: Heap, ordinals: npt.NDArray[np.uint32], class_name: str = "", progress: Progress | None = None
    ) -> None:
        self.heaps: Sequence[Heap] = (heap,)
        self.class_name = class_name
        self.merged = merge_paths(heap, ordinals, progress)
        self.paths: Sequence[MergedPath] = self.merged.paths()[:_MOST_PATHS]
        self.heading = self._most() if self.paths else ""

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
        """A way in one line, as a developer would say it: `variable sessions of app.js[entry]`."""
        return wording.join(self._words(path))

    def _most(self) -> str:
        """Where most of them hang from, in a sentence: `100 of 102 Buffer hang from …_events.error (Array)`."""
        path, total = self.paths[0], self.merged.total
        words = self._words(path)
        many = (
            f"{written(path.count)} of {written(total)}"
            if path.count < total or total == 1
            else f"All {written(total)}"
        )
        said = f"{many} {wording.clip(self.class_name)}".rstrip() + (
            " hangs from " if path.count == 1 else " hang from "
        )
        if len(path.steps) < 2:
            return said + self.text(path)
        place = next((word.place for word in reversed(words) if word.place), "")
        script = wording.short_script(place) if place else ""
        where = f", {script}" if script and script not in self.text(path) else ""
        if len(words) < 2 or words[-1].first < words[-1].last:
            return said + ending(words, _HOLDER) + where
        # The last word is the way from the holder to the object.
        holder = wording.clip(logical_holder(self._step(node) for node in path.steps[:-1]).class_name)
        holder = holder if holder.startswith("(") else f"({holder})"
        return f"{said}{ending(words[:-1], _HOLDER)} {holder}{where}"

    def _words(self, path: MergedPath) -> list[wording.Word]:
        return wording.say_path(self.merged.scopes, [self._step(node) for node in path.steps])

    def _step(self, node: int) -> Step:
        data = self.merged.graph.nodes[node]
        return step(self.heaps[0], data["edge"], int(data["example"]), many=data["entry"])

    def _edge(self, node: int) -> str:
        data = self.merged.graph.nodes[node]
        if data["edge"] < 0:
            return ""
        return "[…]" if data["entry"] else self.heaps[0].names.edge(data["edge"])

    def _path_row(self, position: int) -> Row:
        path = self.paths[position]
        place = next((word.place for word in self._words(path) if word.place), "")
        script = wording.short_script(place) if place else ""
        note = ", ".join(said for said in (script, f"{written(len(path.steps))} steps") if said)
        return Row(key=position, label=Label(self.text(path), note=note), cells={"count": path.count}, expandable=True)

    def _step_row(self, node: int) -> Row:
        heap, data = self.heaps[0], self.merged.graph.nodes[node]
        example = int(data["example"])
        return Row(
            key=("step", node),
            label=Label(
                display_name(heap, example),
                id=heap.id(example),
                edge=self._edge(node),
                relation="::" if data["edge"] >= 0 else "",
            ),
            cells={"count": int(data["below"])},
            ordinal=example,
        )

    def record(self, row: Row) -> dict[str, object]:
        """A way with its steps, or one of the steps, as JSON has them."""
        if not isinstance(row.key, int):
            assert isinstance(row.key, tuple)
            return self._step_record(int(row.key[1]))
        path = self.paths[row.key]
        steps = [self._step_record(node) for node in path.steps]
        return {"count": path.count, "path": self.text(path), "steps": steps}

    def _step_record(self, node: int) -> dict[str, object]:
        heap, data = self.heaps[0], self.merged.graph.nodes[node]
        begins = data["edge"] < 0
        edge = (
            {}
            if begins
            else {"type": heap.edge_type(data["edge"]), "name": None if data["entry"] else self._edge(node)}
        )
        return {"edge": edge or None, "object": object_record(heap, int(data["example"])), "count": data["below"]}
