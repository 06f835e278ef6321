"""What each string of a file is used for, told by the nodes and edges that name it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.kernels import numbers, scan, spelling
from heaptui.privacy import vocabulary
from heaptui.snapshot.columns import leads_astray, row_count
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.header import Header
from heaptui.snapshot.layout import Layout, NumberArray, number_error
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot
from heaptui.snapshot.source import Source
from heaptui.snapshot.strings import StringTable

MOST_EDGES = 64
"""An object with more edges than that may be a dictionary: its keys are not counted as names of properties."""

Rows = npt.NDArray[np.int64]
Columns = tuple[npt.NDArray[np.integer], ...]

_AHEAD = 3
_RUN = 1 << 18


@dataclass(frozen=True, slots=True)
class Uses:
    """By string.

    Attributes:
        role: uint8, bits of `vocabulary`.
        users: uint32, how many small objects have a property of that name.
    """

    role: npt.NDArray[np.uint8]
    users: npt.NDArray[np.uint32]


class _Marking:
    """Uses as they are gathered, from nodes and edges that come in pieces."""

    def __init__(self, header: Header, strings: StringTable) -> None:
        self._header = header
        self.uses = Uses(np.zeros(len(strings), np.uint8), np.zeros(len(strings), np.uint32))
        self._node_role, self._edge_role = np.zeros(256, np.uint8), np.zeros(256, np.uint8)
        for name, role in vocabulary.NODE_ROLES.items():
            self._node_role[header.node_type(name)] = role
        for name, role in vocabulary.EDGE_ROLES.items():
            self._edge_role[header.edge_type(name)] = role
        # 255 stands for types that the file does not have.
        self._node_role[255] = self._edge_role[255] = 0
        source = strings.find("source")
        self._source = int(source[0]) if len(source) else -1
        self._state = np.zeros(6, np.int64)

    def run(
        self, nodes: Iterator[tuple[npt.NDArray[np.integer], ...]], edges: Iterator[tuple[npt.NDArray[np.integer], ...]]
    ) -> None:
        """Take all nodes (type, name, edge count) and all edges (type, name) in step with each other."""
        kind, name, count = _narrowed(())
        edge_kind, edge_name, _ = _narrowed(())
        state = self._state
        while True:
            if state[2] and state[1] == len(edge_kind):
                found = next(edges, None)
                if found is None:
                    raise SnapshotError("the objects claim more edges than there are", section="nodes")
                (edge_kind, edge_name, _), state[1] = _narrowed(found), 0
            elif not state[2] and state[0] == len(kind):
                found = next(nodes, None)
                if found is None:
                    break
                (kind, name, count), state[0] = _narrowed(found), 0
            spelling.mark_uses(
                kind, name, count, edge_kind, edge_name, self._node_role, self._edge_role, MOST_EDGES, self._source,
                self._header.node_type("code"), self._header.edge_type("internal"), vocabulary.PROPERTY,
                vocabulary.SCRIPT, state, self.uses.role, self.uses.users,
            )  # fmt: skip

    def mark(self, indexes: npt.NDArray[np.integer], role: int) -> None:
        """Add a use of some strings."""
        self.uses.role[indexes] |= role


def _narrowed(
    columns: Sequence[npt.NDArray[np.integer]],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Columns type, name and count, those that are there, as kernels take them."""
    kinds = (np.uint8, np.uint32, np.uint32)
    padded = [*columns, *([np.empty(0, np.int64)] * (3 - len(columns)))]
    first, second, third = (np.ascontiguousarray(column, kind) for column, kind in zip(padded, kinds, strict=True))
    return first, second, third


def uses_in_snapshot(snapshot: Snapshot) -> Uses:
    """The uses in a snapshot that is loaded."""
    nodes, edges = snapshot.nodes, snapshot.edges
    marking = _Marking(snapshot.header, snapshot.strings)
    marking.run(
        (
            (
                nodes.type[low : low + _RUN],
                nodes.name[low : low + _RUN],
                np.diff(nodes.first_edge[low : low + _RUN + 1]),
            )
            for low in range(0, len(nodes.type), _RUN)
        ),
        (
            (edges.type[low : low + _RUN], edges.name_or_index[low : low + _RUN])
            for low in range(0, len(edges.type), _RUN)
        ),
    )
    if snapshot.traces is not None:
        marking.mark(snapshot.traces.function_name, vocabulary.CODE)
        marking.mark(snapshot.traces.script_name, vocabulary.SCRIPT)
    return marking.uses


def uses_in_file(source: Source, layout: Layout, header: Header, progress: Progress) -> Uses:
    """The uses in a file, read piece by piece and never kept; raises SnapshotError where it cannot be a snapshot."""
    marking = _Marking(header, layout.strings)
    count = len(layout.strings)
    node_count = row_count(layout.arrays["nodes"], header.node_fields, header.node_count)
    row_count(layout.arrays["edges"], header.edge_fields, header.edge_count)
    if not node_count:
        raise SnapshotError("there is no object in it", section="nodes")
    progress.begin("looking for names", sum(_length(layout.arrays[name]) for name in ("nodes", "edges")), "bytes")
    nodes = _columns(source, layout.arrays["nodes"], header.node_fields, ("type", "name", "edge_count"), progress)
    edges = _columns(source, layout.arrays["edges"], header.edge_fields, ("type", "name_or_index", "to_node"), progress)
    numbered = np.zeros(256, bool)
    numbered[[header.edge_type("element"), header.edge_type("hidden")]] = True
    arriving = (_arriving(rows, node_count, len(header.node_fields)) for rows in edges)
    marking.run(
        (_checked(rows, len(header.node_types), count, None, "nodes") for rows in nodes),
        (_checked(rows, len(header.edge_types), count, numbered, "edges") for rows in arriving),
    )
    if next(edges, None) is not None:
        raise SnapshotError("there are more edges than the objects claim", section="edges")
    for name, role in (("name", vocabulary.CODE), ("script_name", vocabulary.SCRIPT)):
        marking.mark(_function_column(source, layout, header, name, count), role)
    return marking.uses


def _length(array: NumberArray) -> int:
    return array.bounds[-1] - array.bounds[0]


def _columns(
    source: Source, array: NumberArray, fields: Sequence[str], wanted: tuple[str, ...], progress: Progress
) -> Iterator[tuple[Rows, ...]]:
    """Some columns of an array of rows, some rows at a time; a few pieces are read ahead."""
    width = len(fields)
    left = np.empty(0, np.int64)
    with ThreadPoolExecutor(1) as ahead:
        waiting: list[Future[Rows]] = []
        pieces = len(array.bounds) - 1 if array.count else 0
        for i in range(pieces + _AHEAD):
            if i < pieces:
                waiting.append(ahead.submit(_values, source, array, i))
            if i < _AHEAD:
                continue
            values = np.concatenate((left, waiting.pop(0).result()))
            rows = values[: len(values) // width * width].reshape(-1, width)
            left = values[rows.size :]
            progress.advance(array.bounds[i - _AHEAD + 1] - array.bounds[i - _AHEAD])
            yield tuple(rows[:, list(fields).index(name)] for name in wanted)


def _values(source: Source, array: NumberArray, piece: int) -> Rows:
    start, stop = array.bounds[piece], array.bounds[piece + 1]
    values = np.empty(array.first[piece + 1] - array.first[piece] + 1, np.int64)
    error = np.zeros(2, np.int64)
    last = piece + 2 == len(array.bounds)
    numbers.scan_numbers(
        source.data, start, stop if last or source.data[stop - 1] != ord(",") else stop - 1, values, error
    )
    if error[0]:
        raise number_error(int(error[0]), int(error[1]), array.name)
    source.give_back(start, stop)
    return values[:-1]


def _checked(
    rows: tuple[Rows, ...], types: int, strings: int, numbered: npt.NDArray[np.bool_] | None, section: str
) -> tuple[Rows, ...]:
    """Rows whose types and names are there."""
    kind, name = rows[0], rows[1]
    if len(kind) and int(kind.max()) >= types:
        raise SnapshotError(f"no type has the number {int(kind.max()):,}", section=section)
    named = name if numbered is None else name[~numbered[kind]]
    if len(named) and int(named.max()) >= strings:
        raise SnapshotError(f"there is no string with the index {int(named.max()):,}", section=section)
    return rows


def _arriving(rows: tuple[Rows, ...], nodes: int, width: int) -> tuple[Rows, ...]:
    """Rows of edges without their targets, all of which are there."""
    *others, to_node = rows
    astray = to_node[(to_node >= nodes * width) | (to_node % width != 0)]
    if len(astray):
        raise SnapshotError(leads_astray(int(astray[0]), nodes * width), section="edges")
    return tuple(others)


def _function_column(source: Source, layout: Layout, header: Header, name: str, strings: int) -> Rows:
    """Which strings name the functions of a recording, or their scripts."""
    none = np.empty(0, np.int64)
    section, fields = "trace_function_infos", header.trace_function_fields
    start, stop = layout.others.get(section, (0, 0))
    if name not in fields or source.bytes(start, start + 1) != b"[" or not source.bytes(start + 1, stop - 1).strip():
        return none
    values = np.empty(int(np.count_nonzero(source.data[start:stop] == ord(","))) + 2, np.int64)
    error = np.zeros(2, np.int64)
    found = numbers.scan_numbers(source.data, start + 1, stop - 1, values, error)
    if error[0] and error[0] != scan.NEGATIVE:
        raise number_error(int(error[0]), int(error[1]), section)
    column = values[:found][list(fields).index(name) :: len(fields)]
    if len(column) and int(column.max()) >= strings:
        raise SnapshotError("a function's name is no string", section=section)
    return column
