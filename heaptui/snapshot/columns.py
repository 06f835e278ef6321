"""Arrays of rows become columns, piece by piece on all cores, every value checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.kernels import scan
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.header import Header
from heaptui.snapshot.layout import NumberArray, number_error, position_of
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Source

Values = npt.NDArray[np.int64]
Column = npt.NDArray[np.unsignedinteger]

_MOST_NODES = 1 << 31
_MOST_EDGES = 1 << 32


class _TooNarrowError(Exception):
    """A value does not fit 32 bits: read again with wider columns."""


@dataclass(frozen=True, slots=True)
class NodeColumns:
    """One entry a node: `type` (uint8), `name`, `id`, `self_size`, `trace_node_id` (uint32, or
    uint64 where a value needs it), `detachedness` (uint8), `first_edge` (uint32, one more).

    `trace_node_id` is None where the file has no allocation stacks, `detachedness` where it
    has no such field.
    """

    type: Column
    name: Column
    id: Column
    self_size: Column
    first_edge: npt.NDArray[np.uint32]
    detachedness: npt.NDArray[np.uint8] | None
    trace_node_id: Column | None


@dataclass(frozen=True, slots=True)
class EdgeColumns:
    """One entry an edge: `type` (uint8), `name_or_index` and `to_node` (uint32; an ordinal)."""

    type: npt.NDArray[np.uint8]
    name_or_index: npt.NDArray[np.uint32]
    to_node: npt.NDArray[np.uint32]


def row_count(array: NumberArray, fields: Sequence[str], told: int | None) -> int:
    """How many rows an array has, checked against its width and the header's count."""
    width = len(fields)
    rows, rest = divmod(array.count, width)
    if rest:
        raise SnapshotError(
            f"{array.count:,} numbers are no whole number of rows of {width}", section=array.name, byte=array.bounds[-1]
        )
    if told is not None and told != rows:
        raise SnapshotError(
            f"the header says {told:,} rows, the section has {rows:,}", section=array.name, byte=array.bounds[0]
        )
    return rows


class _Table:
    """The rows of one section, handed out by column as they are read."""

    def __init__(self, source: Source, array: NumberArray, fields: Sequence[str], progress: Progress) -> None:
        self.source, self.array, self.fields, self.progress = source, array, fields, progress
        self.width = len(fields)

    def fail(self, what: str, value_index: int) -> SnapshotError:
        """An error at the value of that index."""
        byte = position_of(self.source, self.array, value_index)
        return SnapshotError(what, section=self.array.name, byte=byte)

    def read(self, take: Callable[[_Piece], None]) -> None:
        """Scan all pieces, on all cores; `take` gets each one, in any order."""
        array = self.array
        if not array.count:
            return
        self.progress.begin(f"reading {array.name}", array.bounds[-1] - array.bounds[0], "bytes")

        def work(i: int) -> None:
            start, stop = array.bounds[i], array.bounds[i + 1]
            last = i + 2 == len(array.bounds)
            count = array.first[i + 1] - array.first[i]
            values = np.empty(count + 1, np.int64)
            error = np.zeros(2, np.int64)
            # Pieces end behind a comma, or behind what is no number; the last one before the `]`.
            end = stop if last or self.source.data[stop - 1] != ord(",") else stop - 1
            scan.scan_numbers(self.source.data, start, end, values, error)
            if error[0]:
                raise number_error(int(error[0]), int(error[1]), array.name)
            take(_Piece(self, array.first[i], values[:count]))
            self.progress.advance(stop - start)

        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            jobs = [pool.submit(work, i) for i in range(len(array.bounds) - 1)]
            try:
                for job in jobs:
                    job.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        self.source.give_back(array.bounds[0], array.bounds[-1])


@dataclass(frozen=True, slots=True)
class _Piece:
    table: _Table
    first: int
    values: Values

    def field(self, name: str) -> tuple[slice, Values]:
        """The rows that this piece has the field of, and the field's values."""
        width = self.table.width
        offset = (self.table.fields.index(name) - self.first) % width
        values = self.values[offset::width]
        row = (self.first + offset) // width
        return slice(row, row + len(values)), values

    def check(self, name: str, limit: int, what: str) -> int:
        """The largest value of a field; raises SnapshotError where it is `limit` or more."""
        rows, values = self.field(name)
        largest = int(values.max()) if len(values) else 0
        if largest >= limit:
            index = (rows.start + int(values.argmax())) * self.table.width + self.table.fields.index(name)
            raise self.table.fail(f"{what} {largest:,}", index)
        return largest


def read_nodes(
    source: Source, array: NumberArray, header: Header, string_count: int, edge_count: int | None, progress: Progress
) -> NodeColumns:
    """Read the section `nodes`; raises SnapshotError where a value cannot be.

    Without `edge_count` the objects may have more edges than there are.
    """
    try:
        return _Nodes(source, array, header, string_count, edge_count, progress, np.uint32).read()
    except _TooNarrowError:
        return _Nodes(source, array, header, string_count, edge_count, progress, np.uint64).read()


class _Nodes:
    def __init__(
        self,
        source: Source,
        array: NumberArray,
        header: Header,
        string_count: int,
        edge_count: int | None,
        progress: Progress,
        wide: type[np.unsignedinteger],
    ) -> None:
        count = row_count(array, header.node_fields, header.node_count)
        if not 0 < count < _MOST_NODES:
            what = "more objects than heaptui can hold" if count else "there is no object in it"
            raise SnapshotError(what, section="nodes", byte=array.bounds[0])
        self._table = _Table(source, array, header.node_fields, progress)
        self._header, self._string_count, self._edge_count = header, string_count, edge_count
        self._narrow = wide is np.uint32
        self._type = np.empty(count, np.uint8)
        self._name = np.empty(count, np.uint32)
        self._id = np.empty(count, wide)
        self._self_size = np.empty(count, wide)
        self._edges = np.zeros(count + 1, np.uint32)
        self._detachedness = np.empty(count, np.uint8) if "detachedness" in header.node_fields else None
        self._trace = np.empty(count, np.uint32) if "trace_node_id" in header.node_fields else None

    def read(self) -> NodeColumns:
        self._table.read(self._take)
        # Half of what 64 bits hold, as the sum of floats is a little off.
        if float(self._self_size.sum(dtype=np.float64)) >= 2.0**62:
            raise SnapshotError("the sizes add up to more than 64 bits hold", section="nodes")
        total = int(self._edges.sum(dtype=np.uint64))
        if total >= _MOST_EDGES:
            raise SnapshotError(f"the objects claim {total:,} edges, more than heaptui can hold", section="nodes")
        if self._edge_count not in (total, None):
            raise SnapshotError(
                f"the objects claim {total:,} edges, the section `edges` has {self._edge_count:,}", section="nodes"
            )
        first_edge = np.cumsum(self._edges, out=self._edges)
        trace = self._trace if self._trace is not None and self._trace.any() else None
        return NodeColumns(
            self._type, self._name, self._id, self._self_size, first_edge, self._detachedness, trace
        )  # fmt: skip

    def _take(self, piece: _Piece) -> None:
        piece.check("type", len(self._header.node_types), "no node type has the number")
        piece.check("name", self._string_count, "there is no string with the index")
        most = _MOST_EDGES if self._edge_count is None else self._edge_count + 1
        piece.check("edge_count", most, "an object claims more edges than there are:")
        limit = 1 << 32 if self._narrow else 1 << 63
        for name, column in (("id", self._id), ("self_size", self._self_size)):
            rows, values = piece.field(name)
            if self._narrow and len(values) and int(values.max()) >= limit:
                raise _TooNarrowError
            column[rows] = values
        for name, target in (("type", self._type), ("name", self._name)):
            rows, values = piece.field(name)
            target[rows] = values
        rows, values = piece.field("edge_count")
        self._edges[rows.start + 1 : rows.stop + 1] = values
        if self._detachedness is not None:
            rows, values = piece.field("detachedness")
            self._detachedness[rows] = values & 3
        if self._trace is not None:
            piece.check("trace_node_id", 1 << 32, "no allocation stack has the number")
            rows, values = piece.field("trace_node_id")
            self._trace[rows] = values


def read_edges(
    source: Source, array: NumberArray, header: Header, string_count: int, node_count: int, progress: Progress
) -> EdgeColumns:
    """Read the section `edges`; raises SnapshotError where a value cannot be."""
    count = row_count(array, header.edge_fields, header.edge_count)
    if count >= _MOST_EDGES:
        raise SnapshotError(f"{count:,} edges, more than heaptui can hold", section="edges")
    table = _Table(source, array, header.edge_fields, progress)
    width = len(header.node_fields)
    types = np.empty(count, np.uint8)
    names = np.empty(count, np.uint32)
    targets = np.empty(count, np.uint32)

    def take(piece: _Piece) -> None:
        piece.check("type", len(header.edge_types), "no edge type has the number")
        piece.check("name_or_index", 1 << 32, "an edge has the index")
        piece.check("to_node", node_count * width, "an edge leads to an object that is not there:")
        rows, values = piece.field("type")
        types[rows] = values
        rows, values = piece.field("name_or_index")
        names[rows] = values
        rows, values = piece.field("to_node")
        quotient = values // width
        wrong = np.flatnonzero(quotient * width != values)
        if len(wrong):
            index = (rows.start + int(wrong[0])) * table.width + header.edge_fields.index("to_node")
            raise table.fail(f"an edge leads into the middle of an object: {int(values[wrong[0]]):,}", index)
        targets[rows] = quotient

    table.read(take)
    _check_names(table, header, types, names, string_count)
    return EdgeColumns(types, names, targets)


def _check_names(
    table: _Table, header: Header, types: npt.NDArray[np.uint8], names: npt.NDArray[np.uint32], string_count: int
) -> None:
    numbered = np.zeros(256, bool)
    numbered[[header.edge_type("element"), header.edge_type("hidden")]] = True
    step = 1 << 20
    for low in range(0, len(names), step):
        wrong = (names[low : low + step] >= string_count) & ~numbered[types[low : low + step]]
        if wrong.any():
            row = low + int(wrong.argmax())
            index = row * table.width + header.edge_fields.index("name_or_index")
            raise table.fail(f"there is no string with the index {int(names[row]):,}", index)


def read_rows(
    source: Source, array: NumberArray, fields: Sequence[str], progress: Progress
) -> dict[str, npt.NDArray[np.int64]]:
    """Read a small section (`locations`, `samples`) as int64 columns by field name."""
    count = row_count(array, fields, None)
    table = _Table(source, array, fields, progress)
    columns = {name: np.empty(count, np.int64) for name in fields}

    def take(piece: _Piece) -> None:
        for name, column in columns.items():
            rows, values = piece.field(name)
            column[rows] = values

    table.read(take)
    return columns
