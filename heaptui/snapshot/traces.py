"""What a recording of allocations adds to a snapshot: samples over time, and the stacks of who allocated."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ijson
import numpy as np
import numpy.typing as npt

from heaptui.snapshot.columns import read_rows
from heaptui.snapshot.errors import SnapshotError, cut_short
from heaptui.snapshot.header import Header
from heaptui.snapshot.layout import Layout
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Source

Int64s = npt.NDArray[np.int64]

_CHECK_EVERY = 1 << 16
_MOST_ROWS = 1 << 26


@dataclass(frozen=True, slots=True)
class Samples:
    """One entry a sample, int64: microseconds since the recording began, and the last id given by then."""

    timestamp_us: Int64s
    last_assigned_id: Int64s


@dataclass(frozen=True, slots=True)
class Traces:
    """Who allocated, as a tree of calls.

    Attributes:
        function_name, script_name: string indexes, by function; script_id, line, column: by function.
        id, function, count, size: by node of the tree, in the file's order (a parent before its children).
        parent: by node, the position of its caller, -1 for the root.
    """

    function_name: Int64s
    script_name: Int64s
    script_id: Int64s
    line: Int64s
    column: Int64s
    id: Int64s
    function: Int64s
    count: Int64s
    size: Int64s
    parent: Int64s


def read_samples(source: Source, layout: Layout, header: Header, progress: Progress) -> Samples | None:
    """Read the section `samples`; None where there are none."""
    array = layout.arrays.get("samples")
    if array is None or not array.count or not {"timestamp_us", "last_assigned_id"} <= set(header.sample_fields):
        return None
    columns = read_rows(source, array, header.sample_fields, progress)
    return Samples(*(np.ascontiguousarray(columns[name]) for name in ("timestamp_us", "last_assigned_id")))


def read_traces(source: Source, layout: Layout, header: Header, string_count: int, progress: Progress) -> Traces | None:
    """Read `trace_function_infos` and `trace_tree`; None where there are none."""
    if not header.trace_function_count or not {"trace_function_infos", "trace_tree"} <= layout.others.keys():
        return None
    wanted = ("name", "script_name", "script_id", "line", "column")
    functions = _Section(source, layout, "trace_function_infos").flat(header.trace_function_fields, wanted, progress)
    tree = _Section(source, layout, "trace_tree").tree(header.trace_node_fields, progress)
    if functions is None or tree is None or not len(tree[0]):
        return None
    for name in ("name", "script_name"):
        if not ((functions[name] >= 0) & (functions[name] < string_count)).all():
            raise SnapshotError("a function's name is no string", section="trace_function_infos")
    return Traces(
        functions["name"],
        functions["script_name"],
        functions["script_id"],
        functions["line"],
        functions["column"],
        *tree,
    )


class _Section:
    """A section that ijson reads as a stream of events."""

    def __init__(self, source: Source, layout: Layout, name: str) -> None:
        self._name = name
        self._start, stop = layout.others[name]
        self._text = source.bytes(self._start, stop)

    def error(self, what: str) -> SnapshotError:
        """An error in this section."""
        return SnapshotError(what, section=self._name, byte=self._start)

    def _events(self, progress: Progress) -> Iterable[tuple[str, object]]:
        progress.begin(f"reading {self._name}", len(self._text), "bytes")
        events: Iterable[tuple[str, object]] = ijson.basic_parse(io.BytesIO(self._text), use_float=True)
        return events

    def flat(self, fields: Sequence[str], wanted: Sequence[str], progress: Progress) -> dict[str, Int64s] | None:
        """The wanted columns of a flat array of rows; None where it is no array."""
        if not set(wanted) <= set(fields) or not self._text.startswith(b"["):
            return None
        values: list[int] = []
        try:
            for event, value in self._events(progress):
                if event == "number":
                    values.append(self.whole(value))
                    if not len(values) % _CHECK_EVERY:
                        progress.check()
                elif event not in ("start_array", "end_array"):
                    raise self.error("something else than numbers")
        except ijson.IncompleteJSONError:
            raise cut_short(self._name, self._start + len(self._text)) from None
        except (ijson.JSONError, ValueError, UnicodeDecodeError):
            raise self.error("not valid JSON") from None
        if len(values) % len(fields):
            raise self.error(f"{len(values):,} numbers are no whole number of rows of {len(fields)}")
        rows = np.array(values, np.int64).reshape(-1, len(fields))
        return {name: np.ascontiguousarray(rows[:, fields.index(name)]) for name in wanted}

    def tree(self, fields: Sequence[str], progress: Progress) -> tuple[Int64s, Int64s, Int64s, Int64s, Int64s] | None:
        """Columns id, function, count, size and parent of nested rows; None where it is no such array."""
        wanted = ("id", "function_info_index", "count", "size", "children")
        if not set(wanted) <= set(fields) or not self._text.startswith(b"["):
            return None
        reader = _TreeReader(fields, self)
        try:
            for i, (event, value) in enumerate(self._events(progress)):
                reader.take(event, value)
                if not i % _CHECK_EVERY:
                    progress.check()
        except (ijson.JSONError, ValueError, UnicodeDecodeError):
            raise self.error("not valid JSON") from None
        columns = np.array(reader.rows, np.int64).reshape(-1, 5).T
        ids, function, count, size, parent = (np.ascontiguousarray(column) for column in columns)
        return ids, function, count, size, parent

    def whole(self, value: object) -> int:
        """A number that is whole, or -1."""
        # Lines and columns of -1 stand for "unknown" in real files.
        if isinstance(value, bool) or not isinstance(value, int) or not -1 <= value < 1 << 63:
            raise self.error(f"no whole number: {value!r:.40}")
        return value


class _TreeReader:
    """Nested arrays of rows become flat ones: `[id, function, count, size, [children...], ...]`."""

    def __init__(self, fields: Sequence[str], section: _Section) -> None:
        self._fields, self._section = fields, section
        self._order = [fields.index(name) for name in ("id", "function_info_index", "count", "size")]
        self._children = fields.index("children")
        self.rows: list[tuple[int, int, int, int, int]] = []
        # For every open array: the row that it belongs to, and that row's fields read so far.
        self._open: list[tuple[int, list[int]]] = []
        self._parent = -1

    def take(self, event: str, value: object) -> None:
        """One event of the parser."""
        if event == "start_array":
            if self._open:
                self._enter()
            self._open.append((self._parent, []))
        elif event == "end_array":
            _, values = self._open.pop()
            if values:
                raise self._section.error("a row that is too short")
            if self._open:
                self._parent = self._open[-1][0]
                self._add(0)
        elif event == "number":
            self._add(self._section.whole(value))
        else:
            raise self._section.error("something else than arrays of numbers")

    def _enter(self) -> None:
        """The children of the row that is being read begin."""
        _, values = self._open[-1]
        if len(values) != self._children or max(self._order) > self._children:
            raise self._section.error("children where there should be a number")
        if len(self.rows) >= _MOST_ROWS:
            raise self._section.error("more stacks than any real recording has")
        ids, function, count, size = (values[i] for i in self._order)
        self.rows.append((ids, function, count, size, self._open[-1][0]))
        self._parent = len(self.rows) - 1

    def _add(self, value: int) -> None:
        if not self._open:
            raise self._section.error("a number outside of the array")
        _, values = self._open[-1]
        values.append(value)
        if len(values) == len(self._fields):
            values.clear()
