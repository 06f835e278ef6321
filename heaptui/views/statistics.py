"""The memory by kind, section 12 of DevTools' rules, of one heap or of two."""

from __future__ import annotations

from collections.abc import Sequence

from heaptui.heap.light import LightHeap
from heaptui.heap.statistics import Statistics
from heaptui.views.model import Label, Order, Row, RowList, Rows, View
from heaptui.views.objects import column

_KIND = column("name", "Kind", "name", "What the memory is used for.")
_SIZE = column("size", "Size", "size", "Bytes of this kind.", share=True)
_ABOUT = {
    "Code": "Compiled functions and what V8 keeps beside them.",
    "Strings": "All strings, those inside ropes and slices included.",
    "JS arrays": "Arrays with their elements.",
    "Typed arrays": "The memory behind buffers and typed arrays.",
    "System objects": "What V8 needs for itself: maps, contexts, feedback.",
    "Other JS objects": "Objects, closures, maps, sets and all the rest.",
    "Other non-JS objects (such as HTML and CSS)": "Memory of the host: DOM nodes, sockets, native add-ons.",
}
_JSON_NAMES = ("code", "strings", "js_arrays", "typed_arrays", "system", "other_js_objects", "other_non_js_objects")


class StatisticsView(View):
    """Seven slices and their total; with a base, the change of each."""

    name = "Statistics"
    order = Order("", False)
    empty = "No kind matches."

    def __init__(self, heap: LightHeap, base: LightHeap | None = None) -> None:
        self.heaps: Sequence[LightHeap] = (heap,) if base is None else (base, heap)
        self._current = heap.statistics
        self._base = base.statistics if base else None
        self.columns = (_KIND, _SIZE) if base is None else (
            _KIND,
            column("base", "Base", "size", "Bytes in the base."),
            column("size", "Current", "size", "Bytes of this kind in the last file.", share=True),
            column("change", "Change", "size_delta", "Bytes more than in the base."),
        )  # fmt: skip

    @property
    def total(self) -> dict[str, int]:
        """Each whole heap is 100 %."""
        return {"size": self._current.total, **({"base": self._base.total} if self._base else {})}

    def roots(self, order: Order, match: str = "") -> Rows:
        wanted = match.casefold()
        names = [*self._current.slices(), "Total"]
        rows = [self._row(name) for name in names if wanted in name.casefold()]
        if order.key == "name":
            rows.sort(key=lambda row: row.label.name, reverse=order.descending)
        elif order.key:
            rows.sort(key=lambda row: row.cells.get(order.key) or 0, reverse=order.descending)
        return RowList(rows)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        return RowList(())

    def _row(self, name: str) -> Row:
        size = _size(self._current, name)
        cells: dict[str, int | None] = {"size": size}
        if self._base is not None:
            before = _size(self._base, name)
            cells |= {"base": before, "change": size - before}
        return Row(key=name, label=Label(name, note=_ABOUT.get(name, "")), cells=cells)

    @property
    def sizes(self) -> tuple[dict[str, int], dict[str, int] | None]:
        """Bytes by kind as JSON names them, of the current file and of the base."""
        return _sizes(self._current), _sizes(self._base) if self._base else None

    def document(self) -> dict[str, object]:
        """The numbers as JSON has them, of the current file; the base's under `base`."""
        return _numbers(self._current) | ({"base": _numbers(self._base)} if self._base else {})


def _size(statistics: Statistics, name: str) -> int:
    return statistics.total if name == "Total" else statistics.slices()[name]


def _sizes(statistics: Statistics) -> dict[str, int]:
    slices = dict(zip(_JSON_NAMES, statistics.slices().values(), strict=True))
    return {"total": statistics.total, "native": statistics.native, **slices}


def _numbers(statistics: Statistics) -> dict[str, object]:
    sizes = _sizes(statistics)
    return {
        "total": statistics.total,
        "extra_native_bytes": statistics.extra_native_bytes,
        "slices": [{"name": name, "size": size} for name, size in sizes.items() if name in _JSON_NAMES],
        "native": {"total": statistics.native, "typed_arrays": statistics.typed_arrays},
        "v8heap": {
            "total": statistics.v8_heap,
            "code": statistics.code,
            "js_arrays": statistics.js_arrays,
            "strings": statistics.strings,
            "system": statistics.system,
        },
    }
