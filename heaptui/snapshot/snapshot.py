"""A heap snapshot as the file has it: columns, strings, and what the header says."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.snapshot.columns import EdgeColumns, NodeColumns, read_edges, read_nodes, read_rows, row_count
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.header import Header, parse_header
from heaptui.snapshot.layout import Layout, find_sections, position_of
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Source, open_source
from heaptui.snapshot.strings import StringTable
from heaptui.snapshot.traces import Samples, Traces, read_samples, read_traces


@dataclass(frozen=True, slots=True)
class Locations:
    """Where objects were made: one entry a location, int64; line and column from 0, as in the file."""

    ordinal: npt.NDArray[np.int64]
    script_id: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One file, read and checked: every index in it leads to something.

    Attributes:
        path: as the user gave it; name: its last part. Neither is escaped.
        size: bytes of the (decompressed) file.
        samples, traces: what a recording of allocations adds, None without.
        root: ordinal of the root.
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

    @property
    def node_count(self) -> int:
        """How many objects the snapshot has."""
        return len(self.nodes.type)

    @property
    def edge_count(self) -> int:
        """How many edges the snapshot has."""
        return len(self.edges.type)


def load_snapshot(path: str | os.PathLike[str], progress: Progress | None = None) -> Snapshot:
    """Read a `.heapsnapshot` or `.heaptimeline`, plain or gzip.

    Raises SnapshotError for a file that is none, and Cancelled when `progress` was cancelled.
    """
    progress = progress or Progress()
    try:
        source = open_source(path, progress)
        layout = find_sections(source, progress)
        return _read(os.fspath(path), source, layout, progress)
    except SnapshotError as error:
        error.path = os.fspath(path)
        raise
    except MemoryError:
        raise SnapshotError("not enough memory to read it", path=os.fspath(path)) from None


def _read(path: str, source: Source, layout: Layout, progress: Progress) -> Snapshot:
    header = parse_header(source.bytes(*layout.header), layout.header[0])
    arrays, strings = layout.arrays, layout.strings
    node_count = row_count(arrays["nodes"], header.node_fields, header.node_count)
    edge_count = row_count(arrays["edges"], header.edge_fields, header.edge_count)
    root, rest = divmod(header.root_index, len(header.node_fields))
    if rest or (node_count and root >= node_count):
        raise SnapshotError(f"`root_index` {header.root_index:,} is no object", section="snapshot")
    nodes = read_nodes(source, arrays["nodes"], header, len(strings), edge_count, progress)
    edges = read_edges(source, arrays["edges"], header, len(strings), node_count, progress)
    locations = _locations(source, layout, header, node_count, progress)
    samples = read_samples(source, layout, header, progress)
    traces = read_traces(source, layout, header, len(strings), progress)
    return Snapshot(
        path, source.name, len(source.data), header, nodes, edges, strings, locations, samples, traces, root
    )  # fmt: skip


def _locations(source: Source, layout: Layout, header: Header, node_count: int, progress: Progress) -> Locations:
    array = layout.arrays.get("locations")
    fields = header.location_fields
    needed = ("object_index", "script_id", "line", "column")
    if array is None or not array.count or not all(name in fields for name in needed):
        none = np.empty(0, np.int64)
        return Locations(none, none, none, none)
    columns = read_rows(source, array, fields, progress)
    width = len(header.node_fields)
    ordinal, rest = np.divmod(columns["object_index"], width)
    wrong = np.flatnonzero((ordinal >= node_count) | (rest != 0))
    if len(wrong):
        byte = position_of(source, array, int(wrong[0]) * len(fields) + fields.index("object_index"))
        raise SnapshotError("a location of an object that is not there", section="locations", byte=byte)
    return Locations(ordinal, columns["script_id"], columns["line"], columns["column"])
