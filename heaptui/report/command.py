"""What each command prints: its view, and the head of its JSON document.

Views on networkx are imported where they are used: it takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

import numpy as np
import numpy.typing as npt

from heaptui.heap.heap import Heap
from heaptui.heap.search import search as find_objects
from heaptui.report import formats
from heaptui.report.rows import Wanted, top_rows, tree, walk
from heaptui.views.allocations import AllocationsView
from heaptui.views.comparison import ComparisonView
from heaptui.views.containment import ContainmentView
from heaptui.views.dominators import DominatorsView
from heaptui.views.model import View
from heaptui.views.objects import object_record
from heaptui.views.retainers import RetainersView
from heaptui.views.statistics import StatisticsView
from heaptui.views.strings import StringsView
from heaptui.views.summary import InstancesView, ObjectsView, SummaryView
from heaptui.views.timeline import TimelineView

Mask = npt.NDArray[np.bool_]


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
        return {**document_head(self.command, self.heaps), **self.head}


def document_head(command: str, heaps: Sequence[Heap]) -> dict[str, object]:
    """How every JSON document begins."""
    files = [
        {
            "name": heap.snapshot.name,
            "bytes": heap.snapshot.size,
            "node_count": heap.node_count,
            "edge_count": heap.edge_count,
        }
        for heap in heaps
    ]
    return {"schema": formats.SCHEMA, "command": command, "files": files}


def summary(heap: Heap, chosen: Mask | None = None) -> Report:
    """The classes of a heap, or of the objects chosen by a filter."""
    view = SummaryView(heap, chosen)
    total = {"count": int(view.sums.count.sum()), "shallow_size": int(view.sums.shallow_size.sum())}
    return Report("summary", [heap], view, "classes", {"total": total})


def instances(heap: Heap, class_name: str, chosen: Mask | None = None) -> Report:
    """The objects of a class; raises KeyError where there is no such class."""
    return Report("instances", [heap], InstancesView(heap, class_name, chosen), "objects")


def search(heap: Heap, wanted: str, chosen: Mask | None = None) -> Report:
    """The objects whose name contains a text."""
    return Report("search", [heap], ObjectsView(heap, find_objects(heap, wanted, chosen)), "objects")


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


def paths(heap: Heap, ordinal: int, most: int) -> Report:
    """The shortest retaining paths of an object."""
    from heaptui.views.paths import PathsView

    view = PathsView(heap, ordinal, most)
    return Report("path", [heap], view, None, {"object": object_record(heap, ordinal), "paths": view.records()})


def merged_paths(heap: Heap, class_name: str) -> Report:
    """From where the objects of a class hang; raises KeyError where there is no such class."""
    from heaptui.views.merged import MergedPathsView

    ordinals = InstancesView(heap, class_name).ordinals
    view = MergedPathsView(heap, ordinals)
    head = {"class": class_name, "total": {"count": view.merged.total, "unreachable": view.merged.unreachable}}
    return Report("path", [heap], view, "paths", head)


def dominators(heap: Heap, ordinal: int | None) -> Report:
    """What an object, or the root, dominates."""
    view = DominatorsView(heap, ordinal)
    return Report("dominators", [heap], view, "dominated", {"object": object_record(heap, view.ordinal)})


def strings(heap: Heap) -> Report:
    """The duplicated strings."""
    view = StringsView(heap)
    return Report("strings", [heap], view, "strings", {"total": view.totals})


def timeline(heap: Heap) -> Report:
    """What was allocated when."""
    return Report("timeline", [heap], TimelineView(heap), "samples")


def allocations(heap: Heap) -> Report:
    """Who allocated."""
    return Report("allocations", [heap], AllocationsView(heap), "functions")
