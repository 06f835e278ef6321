"""What a report has to say, as views: each of its parts is also printed by a command of its own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from heaptui.heap.heap import Heap
from heaptui.report.command import Report, report_of
from heaptui.report.rows import Printed, Wanted, walk
from heaptui.views import text
from heaptui.views.comparison import ComparisonView
from heaptui.views.model import Order, Row, View
from heaptui.views.statistics import StatisticsView
from heaptui.views.strings import StringsView
from heaptui.views.summary import SummaryView
from heaptui.views.suspects import SuspectsView

SHOWN = 15
"""Rows of a list that are in sight; the others can be opened below them."""
_SUSPECTS = 10
_NAME = 200
"""Cells of a name that are shown."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The first rows of a list.

    Attributes:
        key: its place in the JSON document and in the page; about: a sentence on what it shows.
        most: how many rows.
    """

    key: str
    title: str
    about: str
    view: View
    order: Order
    most: int

    @property
    def report(self) -> Report:
        """What its own command prints."""
        return report_of(self.view)

    def printed(self) -> tuple[list[Printed], int]:
        """The rows, and how many there are in all."""
        rows = self.view.roots(self.order)
        return list(walk(self.view, rows, Wanted(self.order, limit=self.most))), len(rows)

    def shown(self) -> tuple[list[Printed], int]:
        """The same for somebody to read: of long names their beginning."""
        printed, count = self.printed()
        return [replace(line, row=_cut(line.row)) if line.row else line for line in printed], count


def _cut(row: Row) -> Row:
    return replace(row, label=replace(row.label, name=text.fit(row.label.name, _NAME)))


@dataclass(frozen=True, slots=True)
class Content:
    """A report.

    Attributes:
        heaps: the snapshots, oldest first; digests: SHA-256 of their files, None where one is no file.
        version: of heaptui; options: how they were opened, by the names of the command line.
    """

    heaps: Sequence[Heap]
    digests: Sequence[str | None]
    version: str
    options: Mapping[str, bool]
    suspects: SuspectsView
    statistics: StatisticsView
    listings: Sequence[Listing]

    @property
    def title(self) -> str:
        """What it is about."""
        names = [heap.snapshot.name for heap in self.heaps]
        return names[-1] if len(names) == 1 else f"{names[0]} → {names[-1]}"

    @property
    def shown_suspects(self) -> range:
        """The suspects that are worth the room, by number."""
        return range(len(self.suspects.suspects))[:_SUSPECTS]

    def kind_of(self, suspect: int) -> str:
        """What a suspect is to be called."""
        found = self.suspects
        return "Suspect" if found.suspects[suspect].leaks else "Also grew" if found.found.compared else "Large"

    def files(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """How it was made: of each snapshot its name, and what is known of it."""
        for heap, digest in zip(self.heaps, self.digests, strict=True):
            snapshot = heap.snapshot
            facts = [
                ("Size", f"{text.count(snapshot.size)} B"),
                ("Objects", text.count(heap.node_count)),
                ("References", text.count(heap.edge_count)),
                ("Heap", f"{text.count(heap.total_size)} B"),
            ]
            if digest is not None:
                facts.append(("SHA-256", digest))
            if snapshot.salvaged:
                facts.append(("Salvaged", snapshot.salvaged))
            yield snapshot.name, facts

    def made_by(self) -> str:
        """Which program made it, and how."""
        options = "".join(f" --{name}" for name, on in self.options.items() if on)
        return f"heaptui {self.version}{options}"


def gather(heaps: Sequence[Heap], version: str, options: Mapping[str, bool], most: int = 0) -> Content:
    """Look at everything; of each list at most so many rows, 0 for all of them."""
    base, current = heaps[0], heaps[-1]
    suspects = SuspectsView(heaps)
    listings = []
    if len(heaps) > 1:
        about = f"New and deleted objects of {current.snapshot.name} compared with {base.snapshot.name}."
        if suspects.found.growth.strangers:
            about += (
                " They are of two processes, or an inspector was closed in between: equal ids are no equal objects."
            )
        view = ComparisonView(base, current)
        listings.append(Listing("comparison", "What changed", about, view, view.order, most))
    name = current.snapshot.name
    for key, title, about, other in (
        ("summary", "Largest classes", f"The classes of {name}, by what they retain.", SummaryView(current)),
        ("strings", "Duplicated strings", f"Texts that are in {name} more than once.", StringsView(current)),
    ):
        listings.append(Listing(key, title, about, other, other.order, most))
    statistics = StatisticsView(current, base if len(heaps) > 1 else None)
    return Content(
        heaps, [_digest(heap.snapshot.path) for heap in heaps], version, options, suspects, statistics, listings
    )


def _digest(path: str) -> str | None:
    if not os.path.isfile(path):
        return None
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
