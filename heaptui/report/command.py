"""What each command prints: its view, and the head of its JSON document.

Views on networkx are imported where they are used: it takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

import numpy as np
import numpy.typing as npt

from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.heap.search import search as find_objects
from heaptui.report import formats
from heaptui.report.rows import Printed, Wanted, as_shown, top_rows, tree, walk
from heaptui.views import text
from heaptui.views.allocations import AllocationsView
from heaptui.views.comparison import ComparisonView
from heaptui.views.containment import ContainmentView
from heaptui.views.dominators import DominatorsView
from heaptui.views.entries import WithEntries
from heaptui.views.lines import Line
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
    heaps: Sequence[LightHeap]
    view: View
    key: str | None
    head: Mapping[str, object] = field(default_factory=dict)

    def write(self, out: TextIO, form: str, wanted: Wanted) -> int:
        """Print it in one of `formats.FORMATS`; returns how many top rows the limit left out."""
        rows = top_rows(self.view, wanted)
        self._write(out, form, lambda: walk(self.view, rows, wanted), levels=wanted.depth > 1)
        return max(0, len(rows) - wanted.limit) if wanted.limit else 0

    def write_shown(self, out: TextIO, form: str, lines: Sequence[Line]) -> None:
        """Print it with the rows that a screen shows, and opened as they are there."""
        self._write(out, form, lambda: as_shown(lines), levels=any(line.depth for line in lines))

    def _write(self, out: TextIO, form: str, printed: Callable[[], Iterator[Printed]], *, levels: bool) -> None:
        match form:
            case "json":
                formats.write_json(out, self._document(), self.key, tree(self.view, printed()))
            case "csv":
                fields = formats.fields_of(self._flat(printed(), levels=True)) if levels else ()
                formats.write_csv(out, self._flat(printed(), levels=levels), fields)
            case "markdown":
                if self.view.heading:
                    formats.write_markdown_line(out, self.view.heading)
                formats.write_markdown(out, self.view.columns, self.view.total, printed())
            case _:
                if self.view.heading:
                    out.write(text.escape(self.view.heading) + "\n\n")
                formats.write_table(out, self.view.columns, self.view.total, printed())
                if not any(True for _ in printed()):
                    out.write(self.view.empty + "\n")

    def _flat(self, printed: Iterator[Printed], *, levels: bool) -> Iterator[Mapping[str, object]]:
        """A record a line, with its level where there are several."""
        for line in printed:
            level = {"level": line.level} if levels else {}
            if line.row is None:
                yield {**level, "more": line.left_out}
            elif record := self.view.record(line.row):
                yield {**level, **record}

    def _document(self) -> dict[str, object]:
        return {**document_head(self.command, self.heaps), **self.head}


def document_head(command: str, heaps: Sequence[LightHeap]) -> dict[str, object]:
    """How every JSON document begins."""
    files = [
        {
            "name": heap.snapshot.name,
            "bytes": heap.snapshot.size,
            "node_count": heap.node_count,
            "edge_count": heap.edge_count,
            **({"salvaged": heap.snapshot.salvaged} if heap.snapshot.salvaged else {}),
        }
        for heap in heaps
    ]
    return {"schema": formats.SCHEMA, "command": command, "files": files}


def report_of(view: View) -> Report:
    """The report of a view, whether a command made it or a screen shows it."""
    heaps = view.heaps
    match view.view if isinstance(view, WithEntries) else view:
        case SummaryView() as found:
            count, size = found.sums.count, found.sums.shallow_size
            return Report(
                "summary", heaps, view, "classes", _total(count=int(count.sum()), shallow_size=int(size.sum()))
            )
        case ComparisonView() as found:
            return Report("compare", heaps, view, "classes", _total(**found.totals))
        case StatisticsView() as found:
            return Report("statistics", heaps, view, None, found.document())
        case ContainmentView(ordinal=ordinal):
            return Report("containment", heaps, view, "references", {"object": object_record(heaps[0], ordinal)})
        case RetainersView(ordinal=ordinal):
            return Report("retainers", heaps, view, "retainers", {"object": object_record(heaps[0], ordinal)})
        case DominatorsView(ordinal=ordinal):
            return Report("dominators", heaps, view, "dominated", {"object": object_record(heaps[0], ordinal)})
        case StringsView() as found:
            return Report("strings", heaps, view, "strings", _total(**found.totals))
        case TimelineView():
            return Report("timeline", heaps, view, "samples")
        case AllocationsView():
            return Report("allocations", heaps, view, "functions")
        case InstancesView():
            return Report("instances", heaps, view, "objects")
        case ObjectsView():
            return Report("search", heaps, view, "objects")
    return _late_report(view) or Report(view.name.lower(), heaps, view, "rows")


def _late_report(view: View) -> Report | None:
    """Of the views that take a while to import."""
    from heaptui.views.merged import MergedPathsView
    from heaptui.views.paths import PathsView

    match view:
        case PathsView(ordinal=ordinal):
            head = {"object": object_record(view.heaps[0], ordinal), "paths": view.records()}
            return Report("path", view.heaps, view, None, head)
        case MergedPathsView(merged=merged):
            total = _total(count=merged.total, unreachable=merged.unreachable)
            return Report("path", view.heaps, view, "paths", {"class": view.class_name, **total})
    return None


def _total(**numbers: int) -> dict[str, object]:
    return {"total": numbers}


def summary(heap: LightHeap, chosen: Mask | None = None) -> Report:
    """The classes of a heap, or of the objects chosen by a filter."""
    return report_of(SummaryView(heap, chosen))


def instances(heap: LightHeap, class_name: str, chosen: Mask | None = None) -> Report:
    """The objects of a class; raises KeyError where there is no such class."""
    return report_of(InstancesView(heap, class_name, chosen))


def search(heap: LightHeap, wanted: str, chosen: Mask | None = None) -> Report:
    """The objects whose name contains a text."""
    return report_of(ObjectsView(heap, find_objects(heap, wanted, chosen)))


def compare(base: LightHeap, current: LightHeap) -> Report:
    """The classes that changed."""
    return report_of(ComparisonView(base, current))


def statistics(heaps: Sequence[LightHeap]) -> Report:
    """The memory by kind, of one heap or of the last compared with the first."""
    return report_of(StatisticsView(heaps[-1], heaps[0] if len(heaps) > 1 else None))


def containment(heap: LightHeap, ordinal: int | None) -> Report:
    """What the root, or an object, refers to."""
    return report_of(ContainmentView(heap, ordinal))


def retainers(heap: Heap, ordinal: int, ignored: frozenset[int] = frozenset(), *, weak: bool = False) -> Report:
    """Who refers to an object, as if those `ignored` kept nothing."""
    return report_of(RetainersView(heap, ordinal, ignored, weak=weak))


def paths(heap: Heap, ordinal: int, most: int) -> Report:
    """The shortest retaining paths of an object."""
    from heaptui.views.paths import PathsView

    return report_of(PathsView(heap, ordinal, most))


def merged_paths(heap: Heap, class_name: str, chosen: Mask | None = None) -> Report:
    """From where the objects of a class hang; raises KeyError where there is no such class."""
    from heaptui.views.merged import MergedPathsView

    return report_of(MergedPathsView(heap, InstancesView(heap, class_name, chosen).ordinals, class_name))


def dominators(heap: Heap, ordinal: int | None) -> Report:
    """What an object, or the root, dominates."""
    return report_of(DominatorsView(heap, ordinal))


def strings(heap: LightHeap) -> Report:
    """The duplicated strings."""
    return report_of(StringsView(heap))


def timeline(heap: LightHeap) -> Report:
    """What was allocated when."""
    return report_of(TimelineView(heap))


def allocations(heap: LightHeap) -> Report:
    """Who allocated."""
    return report_of(AllocationsView(heap))
