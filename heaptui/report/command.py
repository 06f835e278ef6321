"""What each command prints: its view, and the head of its JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from heaptui.heap.heap import Heap
from heaptui.report import formats
from heaptui.report.rows import Wanted, top_rows, tree, walk
from heaptui.views.comparison import ComparisonView
from heaptui.views.containment import ContainmentView
from heaptui.views.model import View
from heaptui.views.objects import object_record
from heaptui.views.retainers import RetainersView
from heaptui.views.statistics import StatisticsView
from heaptui.views.summary import InstancesView, SummaryView


@dataclass(frozen=True, slots=True)
class Report:
    """A view to print.

    Attributes:
        command: its name; heaps: the files it is about, in the user's order.
        key: where its rows stand in the JSON document, None where `head` says it all.
        head: what stands there before the rows.
    """

    command: str
    heaps: Sequence[Heap]
    view: View
    key: str | None
    head: Mapping[str, object] = field(default_factory=dict)

    def write(self, out: TextIO, form: str, wanted: Wanted) -> int:
        """Print it in one of `formats.FORMATS`; returns how many top rows the limit left out."""
        rows = top_rows(self.view, wanted)
        match form:
            case "json":
                key = self.key or ""
                formats.write_json(out, self._document(), self.key, tree(self.view, rows, wanted, key))
            case "csv":
                formats.write_csv(out, (self.view.record(p.row) for p in walk(self.view, rows, wanted)))
            case "markdown":
                formats.write_markdown(out, self.view.columns, self.view.total, walk(self.view, rows, wanted))
            case _:
                formats.write_table(out, self.view.columns, self.view.total, walk(self.view, rows, wanted))
                if not len(rows):
                    out.write(self.view.empty + "\n")
        return max(0, len(rows) - wanted.limit) if wanted.limit else 0

    def _document(self) -> dict[str, object]:
        files = [
            {
                "name": heap.snapshot.name,
                "bytes": heap.snapshot.size,
                "node_count": heap.node_count,
                "edge_count": heap.edge_count,
            }
            for heap in self.heaps
        ]
        return {"schema": formats.SCHEMA, "command": self.command, "files": files, **self.head}


def summary(heap: Heap) -> Report:
    """The classes of a heap."""
    total = {"count": int(heap.sums.count.sum()), "shallow_size": int(heap.sums.shallow_size.sum())}
    return Report("summary", [heap], SummaryView(heap), "classes", {"total": total})


def instances(heap: Heap, class_name: str) -> Report:
    """The objects of a class; raises KeyError where there is no such class."""
    return Report("instances", [heap], InstancesView(heap, class_name), "objects")


def compare(base: Heap, current: Heap) -> Report:
    """The classes that changed."""
    view = ComparisonView(base, current)
    return Report("compare", [base, current], view, "classes", {"total": view.totals})


def statistics(heaps: Sequence[Heap]) -> Report:
    """The memory by kind, of one heap or of the last compared with the first."""
    view = StatisticsView(heaps[-1], heaps[0] if len(heaps) > 1 else None)
    return Report("statistics", heaps, view, None, view.document())


def containment(heap: Heap, ordinal: int | None) -> Report:
    """What the root, or an object, refers to."""
    view = ContainmentView(heap, ordinal)
    return Report("containment", [heap], view, "references", {"object": object_record(heap, view.ordinal)})


def retainers(heap: Heap, ordinal: int) -> Report:
    """Who refers to an object."""
    head = {"object": object_record(heap, ordinal)}
    return Report("retainers", [heap], RetainersView(heap, ordinal), "retainers", head)
