"""Functions by what they allocated, and who called them, section 15 of DevTools' rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from heaptui.heap.allocations import Allocations
from heaptui.heap.light import LightHeap
from heaptui.query.terms import Term
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Order, Row, RowList, Rows, View
from heaptui.views.objects import column
from heaptui.views.ranks import sort_key


@dataclass(frozen=True, slots=True)
class _Callers:
    """A function as the caller of others: where it stands in the stacks that end at `tops`."""

    function: int
    tops: tuple[int, ...]
    at: tuple[int, ...]


class AllocationsView(View):
    """One row a function that allocated; below it its callers, with their part of it."""

    name = "Allocation"
    columns = (
        column("name", "Function", "name", "Who allocated; below it who called it."),
        column("live_count", "Live count", "count", "Objects it allocated that live still."),
        column("count", "Count", "count", "Objects it allocated."),
        column("live_size", "Live size", "size", "Shallow bytes of those that live still.", share=True),
        column("size", "Size", "size", "Bytes it allocated.", share=True),
    )
    order = Order("size", True)
    empty = "This file has no allocation stacks: record a timeline with stacks instead of taking a snapshot."

    def __init__(self, heap: LightHeap) -> None:
        self.heaps: Sequence[LightHeap] = (heap,)
        self.allocations: Allocations | None = heap.allocations

    @property
    def total(self) -> dict[str, int]:
        """All recorded allocations are 100 %."""
        found = self.allocations
        if found is None:
            return {}
        return {"size": int(found.function_size.sum()), "live_size": int(found.function_live_size.sum())}

    def roots(self, order: Order, match: str = "") -> Rows:
        found = self.allocations
        if found is None:
            return RowList(())
        matches = matcher(match)
        rows = []
        for function in np.flatnonzero(found.function_count).tolist():
            frame = found.frame(function)
            if matches(frame.function) or matches(frame.script):
                tops = tuple(found.tops(function).tolist())
                rows.append(self._row(found, _Callers(function, tops, tops)))
        return _sorted(rows, order)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        found = self.allocations
        assert isinstance(row.key, _Callers)
        if found is None:
            return RowList(())
        callers: dict[int, tuple[list[int], list[int]]] = {}
        for top, at in zip(row.key.tops, row.key.at, strict=True):
            parent = int(found.traces.parent[at])
            if parent >= 0:
                tops, places = callers.setdefault(int(found.traces.function[parent]), ([], []))
                tops.append(top)
                places.append(parent)
        rows = [self._row(found, _Callers(f, tuple(tops), tuple(at))) for f, (tops, at) in callers.items()]
        return _sorted(rows, order)

    def opens_by_itself(self, row: Row, depth: int) -> bool:
        """A function with one caller only is opened with the row above it."""
        return depth > 0

    def _row(self, found: Allocations, callers: _Callers) -> Row:
        frame, tops = found.frame(callers.function), np.array(callers.tops, np.int64)
        return Row(
            key=callers,
            label=Label(frame.function or "(anonymous)", note=frame.place),
            cells={
                "count": int(found.traces.count[tops].sum()),
                "size": int(found.traces.size[tops].sum()),
                "live_count": int(found.live_count[tops].sum()),
                "live_size": int(found.live_size[tops].sum()),
            },
            expandable=bool((found.traces.parent[np.array(callers.at, np.int64)] >= 0).any()),
        )

    def record(self, row: Row) -> dict[str, object]:
        assert isinstance(row.key, _Callers)
        assert self.allocations is not None
        frame = self.allocations.frame(row.key.function)
        return {
            "function": frame.function,
            "script": frame.script,
            "script_id": frame.script_id,
            "line": frame.line,
            "column": frame.column,
            **row.cells,
        }

    def key_below(self, row: Row) -> str:
        return "functions"

    def filter_of(self, rows: Sequence[Row]) -> str:
        """The filter of what a function allocated when its callers are those: from the top row down to it."""
        functions = [row.key.function for row in rows if isinstance(row.key, _Callers)]
        return str(Term("allocated-by", ":", ",".join(str(function) for function in functions)))


def _sorted(rows: list[Row], order: Order) -> Rows:
    if order.key == "name":
        rows.sort(key=lambda row: sort_key(row.label.name), reverse=order.descending)
    else:
        rows.sort(key=lambda row: row.cells[order.key] or 0, reverse=order.descending)
    return RowList(rows)
