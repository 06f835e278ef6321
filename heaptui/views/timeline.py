"""Allocations over time that live still, of a recorded timeline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from heaptui.heap.allocations import Timeline
from heaptui.heap.light import LightHeap
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Order, Row, RowList, Rows, View
from heaptui.views.objects import column


class TimelineView(View):
    """One row a sample: what was allocated since the one before, and what of it lives still."""

    name = "Timeline"
    columns = (
        column("name", "Time", "name", "Seconds since the recording began; the bar shows live objects and freed ones."),
        column(
            "allocated",
            "Allocated",
            "count",
            "Objects that got an id since the sample before. The file does not say how many bytes they had.",
        ),
        column("count", "Live count", "count", "Those of them that live still."),
        column("size", "Live bytes", "size", "The shallow size of those.", share=True),
    )
    order = Order("name", False)
    empty = "This file has no recorded samples: record an allocation timeline instead of taking a snapshot."

    def __init__(self, heap: LightHeap) -> None:
        self.heaps: Sequence[LightHeap] = (heap,)
        none = np.empty(0, np.int64)
        self.timeline = heap.timeline or Timeline(none.astype(np.float64), none, none, none)
        # V8 gives its objects every other number.
        self.allocated = np.maximum(0, np.diff(self.timeline.last_id, prepend=0)) // 2
        # What was there when the recording began would dwarf the rest.
        self._longest = int(self.allocated[1:].max(initial=0))

    @property
    def total(self) -> dict[str, int]:
        """All that was recorded and lives still is 100 %."""
        return {"size": int(self.timeline.size.sum())}

    def id_range(self, row: Row) -> tuple[int, int]:
        """The ids given in the time of a row: above the first, up to the second."""
        assert isinstance(row.key, int)
        return (int(self.timeline.last_id[row.key - 1]) if row.key else 0), int(self.timeline.last_id[row.key])

    def roots(self, order: Order, match: str = "") -> Rows:
        matches = matcher(match)
        rows = [self._row(i) for i in range(len(self.timeline.time_ms))]
        if order.key != "name":
            rows.sort(key=lambda row: row.cells[order.key] or 0, reverse=order.descending)
        elif order.descending:
            rows.reverse()
        return RowList([row for row in rows if matches(row.label.name)])

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        return RowList(())

    def _row(self, sample: int) -> Row:
        timeline = self.timeline
        allocated, count = int(self.allocated[sample]), int(timeline.count[sample])
        bar = (count / self._longest, allocated / self._longest) if sample and self._longest else None
        return Row(
            key=sample,
            label=Label(f"{timeline.time_ms[sample] / 1000:.3f} s", note="" if sample else "before the recording"),
            cells={
                "allocated": allocated,
                "count": count,
                "size": int(timeline.size[sample]),
                "last_id": int(timeline.last_id[sample]),
            },
            bar=bar,
        )

    def record(self, row: Row) -> dict[str, object]:
        assert isinstance(row.key, int)
        return {"time_ms": float(self.timeline.time_ms[row.key]), **row.cells}
