"""A heap snapshot as the file has it: columns, strings, and what the header says."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from heaptui.snapshot import salvage as salvaging
from heaptui.snapshot.columns import (
    EdgeColumns,
    NodeColumns,
    check_counts,
    read_edges,
    read_nodes,
    read_rows,
    row_count,
)
from heaptui.snapshot.errors import ShortOfMemory, SnapshotError
from heaptui.snapshot.header import Header, parse_header
from heaptui.snapshot.layout import Layout, find_sections, first_values, position_of
from heaptui.snapshot.peek import glance
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Source, open_source, size_on_disk
from heaptui.snapshot.space import MEMORY, Space
from heaptui.snapshot.strings import StringTable
from heaptui.snapshot.traces import Samples, Traces, read_samples, read_traces


@dataclass(frozen=True, slots=True)
class Locations:
    """Where objects were made: one entry a location, uint32, or int64 where a value needs it; line and
    column from 0, as in the file."""

    ordinal: npt.NDArray[np.integer]
    script_id: npt.NDArray[np.integer]
    line: npt.NDArray[np.integer]
    column: npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One file, read and checked: every index in it leads to something.

    Attributes:
        path: as the user gave it; name: its last part. Neither is escaped.
        size: bytes of the (decompressed) file.
        samples, traces: what a recording of allocations adds, None without.
        root: ordinal of the root.
        salvaged: what is missing of a file that ends too early, None of a whole one.
    """

    path: str
    name: str
    size: int
    header: Header
    nodes: NodeColumns
    edges: EdgeColumns
    strings: StringTable
    locations: Locations
    samples: Samples | None
    traces: Traces | None
    root: int
    salvaged: str | None = None

    @property
    def node_count(self) -> int:
        """How many objects the snapshot has."""
        return len(self.nodes.type)

    @property
    def edge_count(self) -> int:
        """How many edges the snapshot has."""
        return len(self.edges.type)


def load_snapshot(
    path: str | os.PathLike[str],
    progress: Progress | None = None,
    *,
    salvage: bool = False,
    space: Space = MEMORY,
) -> Snapshot:
    """Read a `.heapsnapshot` or `.heaptimeline`, plain, gzip or zstd.

    Raises SnapshotError for a file that is none, and Cancelled when `progress` was cancelled.
    With `salvage` a file that ends too early is read as far as it goes; columns lie in `space`.
    """
    progress = progress or Progress()
    size = size_on_disk(path)
    try:
        told = glance(path) if os.fspath(path) != "-" else None
        if told is not None:
            # Before the whole file is read in vain.
            check_counts(told.header)
        source = open_source(path, progress, salvage=salvage)
        layout = find_sections(source, progress, salvage=salvage)
        read = _read if layout.cut is None else _read_cut
        snapshot = read(os.fspath(path), source, layout, progress, space)
    except SnapshotError as error:
        error.path = os.fspath(path)
        error.what += _growth(path, size)
        raise
    except MemoryError:
        raise ShortOfMemory("not enough memory to read it", path=os.fspath(path)) from None
    salvaged = snapshot.salvaged or (source.flaw and f"{source.flaw.what}; but nothing is missing")
    return replace(snapshot, salvaged=salvaged + _growth(path, size)) if salvaged else snapshot


def _growth(path: str | os.PathLike[str], before: int | None) -> str:
    """Words about a file that has grown while it was read."""
    now = size_on_disk(path)
    if before is None or now is None or now <= before:
        return ""
    return f"; it is being written still ({now - before:,} bytes more by now): wait until it is whole"


def _read(path: str, source: Source, layout: Layout, progress: Progress, space: Space) -> Snapshot:
    header = parse_header(source.bytes(*layout.header), layout.header[0])
    arrays, strings = layout.arrays, layout.strings
    node_count = row_count(arrays["nodes"], header.node_fields, header.node_count)
    edge_count = row_count(arrays["edges"], header.edge_fields, header.edge_count)
    root = _root(header, node_count)
    nodes = read_nodes(source, arrays["nodes"], header, len(strings), edge_count, progress, space)
    edges = read_edges(source, arrays["edges"], header, len(strings), node_count, progress, space)
    locations = _locations(source, layout, header, node_count, progress, space)
    samples = read_samples(source, layout, header, progress)
    traces = read_traces(source, layout, header, len(strings), progress)
    return Snapshot(
        path, source.name, len(source.data), header, nodes, edges, strings, locations, samples, traces, root
    )  # fmt: skip


def _read_cut(path: str, source: Source, layout: Layout, progress: Progress, space: Space) -> Snapshot:
    """What there is of a file that ends too early."""
    assert layout.cut is not None
    told = parse_header(source.bytes(*layout.header), layout.header[0])
    header = replace(told, node_count=None, edge_count=None)
    rows = salvaging.whole_rows(source, layout.arrays["nodes"], header.node_fields)
    if not rows.count:
        raise SnapshotError("it ends before the first object", section="nodes", byte=layout.cut.byte)
    node_count = rows.count // len(header.node_fields)
    root = _root(header, node_count)
    nodes = read_nodes(source, rows, header, salvaging.ANY, None, progress, space)
    rows = salvaging.whole_rows(source, layout.arrays["edges"], header.edge_fields)
    edge_count = salvaging.keep_whole(nodes.first_edge, rows.count // len(header.edge_fields))
    rows = first_values(source, rows, edge_count * len(header.edge_fields))
    edges = read_edges(source, rows, header, salvaging.ANY, node_count, progress, space)
    locations = _locations(source, layout, header, node_count, progress, space)
    samples = read_samples(source, layout, header, progress)
    traces = read_traces(source, layout, header, salvaging.ANY, progress)
    needed = salvaging.strings_needed(header, nodes, edges, traces)
    strings = salvaging.mend_strings(layout.strings, needed, progress)
    lost = salvaging.Lost(
        nodes=node_count,
        nodes_told=told.node_count,
        edges=edge_count,
        edges_told=told.edge_count,
        names=len(strings),
        names_missing=len(strings) - len(layout.strings),
        sections=salvaging.lost_sections(header, layout),
    )
    return Snapshot(
        path, source.name, len(source.data), told, nodes, edges, strings, locations, samples, traces, root,
        salvaging.describe(layout.cut, lost),
    )  # fmt: skip


def _root(header: Header, node_count: int) -> int:
    root, rest = divmod(header.root_index, len(header.node_fields))
    if rest or (node_count and root >= node_count):
        raise SnapshotError(f"`root_index` {header.root_index:,} is no object", section="snapshot")
    return root


def _locations(
    source: Source, layout: Layout, header: Header, node_count: int, progress: Progress, space: Space
) -> Locations:
    array = layout.arrays.get("locations")
    fields = header.location_fields
    needed = ("object_index", "script_id", "line", "column")
    if array is None or not array.count or not all(name in fields for name in needed):
        none = np.empty(0, np.int64)
        return Locations(none, none, none, none)
    columns = read_rows(source, array, fields, progress, space)
    width = len(header.node_fields)
    ordinal, rest = np.divmod(columns["object_index"], width)
    wrong = np.flatnonzero((ordinal >= node_count) | (rest != 0))
    if len(wrong):
        byte = position_of(source, array, int(wrong[0]) * len(fields) + fields.index("object_index"))
        raise SnapshotError("a location of an object that is not there", section="locations", byte=byte)
    return Locations(*(_narrow(column, space) for column in (ordinal, *(columns[name] for name in needed[1:]))))


def _narrow(values: npt.NDArray[np.int64], space: Space) -> npt.NDArray[np.integer]:
    kind: type[np.uint32 | np.int64] = np.uint32 if int(values.max(initial=0)) < 1 << 32 else np.int64
    column = space.zeros(len(values), kind)
    column[:] = values
    return column
