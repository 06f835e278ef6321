"""Arrays of rows become columns, piece by piece on all cores, every value checked."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from heaptui.kernels import numbers
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.header import Header
from heaptui.snapshot.layout import NumberArray, number_error, position_of
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Source
from heaptui.snapshot.space import MEMORY, Space

Errors = npt.NDArray[np.int64]
Column = npt.NDArray[np.unsignedinteger]

_MOST_NODES = 1 << 31
_MOST_EDGES = 1 << 32

# In the order in which the kernels get them.
_NODE_FIELDS = ("type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness")
_EDGE_FIELDS = ("type", "name_or_index", "to_node")


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


def check_counts(header: Header) -> None:
    """Refuse what no column here can hold, by what the header tells; raises SnapshotError."""
    for told, most, what in (
        (header.node_count, _MOST_NODES, "objects"),
        (header.edge_count, _MOST_EDGES, "edges"),
    ):
        if told is not None and told >= most:
            raise SnapshotError(
                f"{told:,} {what}, more than heaptui can hold: it can hold {most - 1:,}", section="snapshot"
            )


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
    """The rows of one section, read piece by piece."""

    def __init__(self, source: Source, array: NumberArray, fields: Sequence[str], progress: Progress) -> None:
        self.source, self.array, self.fields, self.progress = source, array, fields, progress
        self.width = len(fields)

    def fail(self, what: str, value_index: int) -> SnapshotError:
        """An error at the value of that index."""
        byte = position_of(self.source, self.array, value_index)
        return SnapshotError(what, section=self.array.name, byte=byte)

    def place(self, name: str) -> int:
        """Where a field stands in a row, the width of a row where it does not."""
        return self.fields.index(name) if name in self.fields else self.width

    def read(self, scan: Callable[[_Piece, Errors], object], wrong: Callable[[str, int], str] | None = None) -> None:
        """Let `scan` read all pieces, on all cores; `wrong` has words for a value that a field cannot have."""
        array = self.array
        if not array.count:
            return
        self.progress.begin(f"reading {array.name}", array.bounds[-1] - array.bounds[0], "bytes")

        failed = threading.Event()

        def work(i: int) -> None:
            # All pieces before one that failed have begun, so the first error is found.
            if failed.is_set():
                return
            try:
                read_piece(i)
            except BaseException:
                failed.set()
                raise

        def read_piece(i: int) -> None:
            piece = _Piece(array.bounds[i], array.bounds[i + 1], array.first[i], array.first[i + 1])
            error = np.zeros(3, np.int64)
            scan(piece, error)
            if error[0] == numbers.BEYOND and wrong is not None:
                index, value = int(error[1]), int(error[2])
                raise self.fail(wrong(self.fields[index % self.width], value), index)
            if error[0]:
                raise number_error(int(error[0]), int(error[1]), array.name)
            self.progress.advance(piece.stop - piece.start)

        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            jobs = [pool.submit(work, i) for i in range(len(array.bounds) - 1)]
            try:
                for job in jobs:
                    job.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        self.source.give_back(array.bounds[0], array.bounds[-1])


class _Piece(NamedTuple):
    """Its first byte and the one behind it, and how many values of the array stand before these."""

    start: int
    stop: int
    before: int
    upto: int


def read_nodes(
    source: Source,
    array: NumberArray,
    header: Header,
    string_count: int,
    edge_count: int | None,
    progress: Progress,
    space: Space = MEMORY,
) -> NodeColumns:
    """Read the section `nodes` into columns in `space`; raises SnapshotError where a value cannot be.

    Without `edge_count` the objects may have more edges than there are.
    """
    try:
        return _Nodes(source, array, header, string_count, edge_count, progress, np.uint32, space).read()
    except _TooNarrowError:
        return _Nodes(source, array, header, string_count, edge_count, progress, np.uint64, space).read()


def _wrong_in_node(field: str, value: int) -> str:
    if field in ("id", "self_size"):
        raise _TooNarrowError
    what = {
        "type": "no node type has the number",
        "name": "there is no string with the index",
        "edge_count": "an object claims more edges than there are:",
        "trace_node_id": "no allocation stack has the number",
    }[field]
    return f"{what} {value:,}"


class _Nodes:
    def __init__(
        self,
        source: Source,
        array: NumberArray,
        header: Header,
        string_count: int,
        edge_count: int | None,
        progress: Progress,
        wide: type[np.uint32 | np.uint64],
        space: Space,
    ) -> None:
        count = row_count(array, header.node_fields, header.node_count)
        if not 0 < count < _MOST_NODES:
            what = "more objects than heaptui can hold" if count else "there is no object in it"
            raise SnapshotError(what, section="nodes", byte=array.bounds[0])
        self._table = _Table(source, array, header.node_fields, progress)
        self._edge_count = edge_count
        self._position = np.array([self._table.place(name) for name in _NODE_FIELDS], np.int64)
        most = _MOST_EDGES if edge_count is None else edge_count + 1
        widest = 1 << 8 * np.dtype(wide).itemsize - (wide is np.uint64)
        self._limit = np.array(
            [len(header.node_types), string_count, widest, widest, most, 1 << 32, 1 << 63], np.uint64
        )
        self._type = space.zeros(count, np.uint8)
        self._name = space.zeros(count, np.uint32)
        self._id = space.zeros(count, wide)
        self._self_size = space.zeros(count, wide)
        self._edges = space.zeros(count + 1, np.uint32)
        self._detachedness = space.zeros(count if "detachedness" in header.node_fields else 0, np.uint8)
        self._trace = space.zeros(count if "trace_node_id" in header.node_fields else 0, np.uint32)

    def read(self) -> NodeColumns:
        self._table.read(self._scan, _wrong_in_node)
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
        detachedness = self._detachedness if len(self._detachedness) else None
        trace = self._trace if self._trace.any() else None
        return NodeColumns(self._type, self._name, self._id, self._self_size, first_edge, detachedness, trace)

    def _scan(self, piece: _Piece, error: Errors) -> None:
        table = self._table
        halves = self._id.itemsize // 4
        numbers.scan_nodes(
            table.source.data, piece.start, piece.stop, table.array.bounds[-1], piece.before,
            self._position, self._limit, halves, np.empty(table.width + 1, np.uint64),
            self._type, self._name, self._id.view(np.uint32), self._self_size.view(np.uint32), self._edges[1:],
            self._trace, self._detachedness, error,
        )  # fmt: skip


def read_edges(
    source: Source,
    array: NumberArray,
    header: Header,
    string_count: int,
    node_count: int,
    progress: Progress,
    space: Space = MEMORY,
) -> EdgeColumns:
    """Read the section `edges` into columns in `space`; raises SnapshotError where a value cannot be."""
    count = row_count(array, header.edge_fields, header.edge_count)
    if count >= _MOST_EDGES:
        raise SnapshotError(f"{count:,} edges, more than heaptui can hold", section="edges")
    table = _Table(source, array, header.edge_fields, progress)
    node_width = len(header.node_fields)
    position = np.array([table.place(name) for name in _EDGE_FIELDS], np.int64)
    limit = np.array([len(header.edge_types), 1 << 32, node_count * node_width], np.uint64)
    numbered = np.zeros(256, np.uint8)
    numbered[[header.edge_type("element"), header.edge_type("hidden")]] = 1
    types = space.zeros(count, np.uint8)
    names = space.zeros(count, np.uint32)
    targets = space.zeros(count, np.uint32)

    def scan(piece: _Piece, error: Errors) -> None:
        numbers.scan_edges(
            source.data, piece.start, piece.stop, array.bounds[-1], piece.before,
            position, limit, numbered, string_count, node_width, np.empty(table.width + 1, np.uint64),
            types, names, targets, error,
        )  # fmt: skip

    def wrong(field: str, value: int) -> str:
        if field == "type":
            return f"no edge type has the number {value:,}"
        if field == "to_node":
            return leads_astray(value, node_count * node_width)
        return f"{'there is no string with' if value < 1 << 32 else 'an edge has'} the index {value:,}"

    table.read(scan, wrong)
    return EdgeColumns(types, names, targets)


def leads_astray(value: int, end: int) -> str:
    """What is wrong with an edge whose target is no object, of objects that end at a number."""
    where = "into the middle of an object" if value < end else "to an object that is not there"
    return f"an edge leads {where}: {value:,}"


def read_rows(
    source: Source, array: NumberArray, fields: Sequence[str], progress: Progress, space: Space = MEMORY
) -> dict[str, npt.NDArray[np.int64]]:
    """Read a small section (`locations`, `samples`) as int64 columns by field name, as views of the rows."""
    count = row_count(array, fields, None)
    values = space.zeros(count * len(fields), np.int64)

    def scan(piece: _Piece, error: Errors) -> None:
        # Pieces end behind a comma, or behind what is no number; the last one before the `]`.
        last = piece.stop == array.bounds[-1] or source.data[piece.stop - 1] != ord(",")
        numbers.scan_numbers(
            source.data, piece.start, piece.stop if last else piece.stop - 1, values[piece.before : piece.upto], error
        )

    _Table(source, array, fields, progress).read(scan)
    rows = values.reshape(count, len(fields))
    return {name: rows[:, i] for i, name in enumerate(fields)}
