"""A heap and views made of arithmetic, so that the app is tested without files and kernels."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from heaptui.heap import Heap, LightHeap
from heaptui.opening.manner import Manner
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.progress import Progress
from heaptui.views.model import Column, Label, Mark, Order, Row, RowList, Rows, View

NASTY = ("[bold]markup[/bold]", "esc\x1b[31m\nnewline", "漢字のクラス" * 6, "e\u0301" * 30, "\u202ertl", "x" * 300)
NAMES = ("(array)", "(string)", "Socket", "(closure)", "Buffer", "EventEmitter", "Map", "CachedUserProfile", *NASTY)

NAME = Column("name", "Constructor", "name", "The function that made the object.")
DISTANCE = Column("distance", "Distance", "distance", "Steps from the root.")
SHALLOW = Column("shallow", "Shallow size", "size", "Bytes of the object itself.", share=True)
RETAINED = Column("retained", "Retained size", "size", "Bytes that would go with it.", share=True)


@dataclass
class FakeSnapshot:
    """Where it was read from."""

    path: str
    salvaged: str | None = None


class FakeHeap(Heap):
    """Only what the frame of the app reads."""

    def __init__(self, name: str) -> None:
        vars(self)["snapshot"] = FakeSnapshot(name)
        vars(self)["from_window"] = frozenset()

    @property
    def node_count(self) -> int:
        return 41_235

    @property
    def edge_count(self) -> int:
        return 100_000

    @property
    def total_size(self) -> int:
        return 3_100_000

    def node_type(self, ordinal: int) -> str:
        """No collection, whose entries would be looked for."""
        return "closure"


def heap(name: str = "fake") -> Heap:
    return FakeHeap(name)


def name_of(heap: LightHeap) -> str:
    """What a fake heap was made with."""
    assert isinstance(heap, FakeHeap)
    return heap.snapshot.path


class FakeView(View):
    """Classes with three instances each; an instance has children that go five levels down."""

    name = "Summary"
    columns: Sequence[Column] = (NAME, DISTANCE, SHALLOW, RETAINED)
    order = Order("retained", descending=True)

    def __init__(self, *heaps: Heap, base: Heap | None = None) -> None:
        self.heaps = heaps

    @property
    def total(self) -> Mapping[str, int]:
        return {"shallow": 10_000_000, "retained": 10_000_000}

    def roots(self, order: Order, match: str = "") -> Rows:
        if match == "/(/":
            raise ValueError("( is not a regular expression")
        found = [i for i in range(200) if match.lower() in _class_name(i).lower()]
        if order.key == "name":
            found.sort(key=_class_name)
        if order.descending == (order.key == "name"):
            found.reverse()
        return RowList([self._class(i) for i in found])

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        if not ancestors:
            return RowList([self._object(1000 + 2 * i, Label("Socket", id=1000 + 2 * i)) for i in range(130)])
        assert row.ordinal is not None
        return RowList([self._object(row.ordinal * 2, Label("Map", row.ordinal * 2, "table", "::"))])

    def _class(self, i: int) -> Row:
        cells = {"distance": i % 7, "shallow": 90_000 - 400 * i, "retained": 5_000_000 // (i + 1)}
        return Row(("class", i), Label(_class_name(i), count=1520 - i), cells, expandable=True)

    def _object(self, ordinal: int, label: Label) -> Row:
        cells = {"distance": 6, "shallow": 64, "retained": ordinal}
        marks: frozenset[Mark] = frozenset({"detached"}) if ordinal % 6 == 0 else frozenset()
        return Row(ordinal, label, cells, ordinal=ordinal, expandable=ordinal < 30_000, marks=marks)


class FakeComparison(FakeView):
    """Seven columns, as the widest view has."""

    name = "Comparison"
    columns = (
        NAME,
        Column("new", "# New", "count", "Objects that are new."),
        Column("deleted", "# Deleted", "count", "Objects that are gone."),
        Column("delta", "# Delta", "delta", "New less deleted."),
        Column("alloc", "Alloc. size", "size", "Bytes of the new."),
        Column("freed", "Freed size", "size", "Bytes of the deleted."),
        Column("size_delta", "Size delta", "size_delta", "Allocated less freed."),
    )
    order = Order("alloc", descending=True)

    def _class(self, i: int) -> Row:
        cells = {"new": 1_234_567 // (i + 1), "deleted": i, "delta": 100 - i, "alloc": 97_300, "freed": None}
        cells["size_delta"] = 10_000 - 500 * i
        return Row(("class", i), Label(_class_name(i), count=None), cells, expandable=True)

    def _object(self, ordinal: int, label: Label) -> Row:
        marks: frozenset[Mark] = frozenset({"new"} if ordinal % 4 else {"deleted"})
        return Row(ordinal, label, {"alloc": 64}, ordinal=ordinal, marks=marks)


class FakeRetainers(FakeView):
    """A chain that opens by itself and ends in a cycle."""

    name = "Retainers"
    columns = (Column("name", "Object", "name", "Who refers to it."), DISTANCE, SHALLOW, RETAINED)
    order = Order("distance", descending=False)
    kept_by_ignored_ones = False

    def __init__(self, heap: Heap, ordinal: int, ignored: frozenset[int] = frozenset(), *, weak: bool = False) -> None:
        super().__init__(heap)
        self.ordinal = ordinal

    def roots(self, order: Order, match: str = "") -> Rows:
        return RowList([self._retainer(self.ordinal + 1), self._retainer(self.ordinal + 7)])

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        assert row.ordinal is not None
        return RowList([self._retainer(row.ordinal + 1, cycle=len(ancestors) > 11)])

    def opens_by_itself(self, row: Row, depth: int) -> bool:
        return True

    def _retainer(self, ordinal: int, *, cycle: bool = False) -> Row:
        label = Label("EventEmitter", ordinal, "_events", "in", note="server.js 92:12")
        cells = {"distance": 4, "shallow": 32, "retained": 1_370_000}
        marks: frozenset[Mark] = frozenset({"cycle"}) if cycle else frozenset()
        return Row(ordinal, label, cells, ordinal=ordinal, expandable=True, marks=marks)


class FakeStatistics(FakeView):
    """Six kinds, with shares."""

    name = "Statistics"
    columns = (Column("name", "Kind", "name", "What it is."), Column("size", "Size", "size", "Bytes.", share=True))
    order = Order("size", descending=True)

    @property
    def total(self) -> Mapping[str, int]:
        return {"size": 1_000_000}

    def roots(self, order: Order, match: str = "") -> Rows:
        kinds = ("Code", "Strings", "JS arrays", "Typed arrays", "System", "Other")
        return RowList([Row(kind, Label(kind), {"size": 400_000 // (i + 1)}) for i, kind in enumerate(kinds)])


class FakeSuspects(FakeStatistics):
    """A verdict, and rows that are suspects."""

    name = "Suspects"
    said = "A leak: 1 suspect explains 90 % of the growth"
    heading = f"{said} (+1 MB)"

    def __init__(self, heaps: Sequence[Heap], progress: Progress | None = None) -> None:
        super().__init__(*heaps)

    def is_new(self, ordinal: int) -> bool:
        """Nothing is."""
        return False


def load(path: str, progress: Progress, manner: Manner, first: Callable[[LightHeap], None]) -> Heap:
    """Loads what the name asks for: an error, something that lasts until it is cancelled, or a heap."""
    progress.begin("reading nodes", total=100, unit="bytes")
    if "broken" in path:
        raise SnapshotError("the file ends inside `strings`", section="strings", byte=12)
    if "crash" in path:
        raise ZeroDivisionError("[oops]")
    while "endless" in path:
        progress.advance(0)
        threading.Event().wait(0.01)
    return heap(path)


def _class_name(i: int) -> str:
    return NAMES[i] if i < len(NAMES) else f"Class{i}"
