"""The rows of a view as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from heaptui.api.table import Array, Table, read_only, table_of
from heaptui.heap.detachedness import STATES
from heaptui.heap.distances import SYSTEM_DISTANCE
from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.report.command import Report
from heaptui.report.rows import Wanted, pages, top_rows, walk
from heaptui.views.edges import EdgeRows
from heaptui.views.objects import ObjectRows
from heaptui.views.ranks import distinct_names

Ordinals = npt.NDArray[np.uint32]
_PLACE = ("script_id", "line", "column")
_UNKNOWN = -1


def tabulate(report: Report, limit: int = 0, depth: int = 1) -> Table:
    """What a report prints: `limit` rows at each level, 0 for all, with a column `level` where there are several."""
    view, wanted = report.view, Wanted(report.view.order, limit=limit, depth=depth)
    rows = top_rows(view, wanted)
    if depth > 1:
        printed = walk(view, rows, wanted)
        return table_of(
            ({"level": line.level, **flat(view.record(line.row))} for line in printed if line.row is not None),
            ("level", *(column.key for column in view.columns)),
        )
    heap, stop = report.heaps[-1], limit or len(rows)
    if isinstance(rows, ObjectRows):
        return object_table(heap, rows.ordinals[:stop])
    if isinstance(rows, EdgeRows):
        return Table({**_edges(heap, rows.edges[:stop]), **object_table(heap, rows.others[:stop])})
    shown = pages(rows, 0, min(stop, len(rows)))
    return table_of((flat(view.record(row)) for row in shown), (column.key for column in view.columns))


def flat(record: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """A record without nesting: `edge_name` for a name in `edge`, a place as script_id, line and column from 0.

    Numbers that are not known are -1.
    """
    found: dict[str, object] = {}
    for key, value in record.items():
        if key == "location":
            place = value if isinstance(value, Mapping) else {}
            found |= {prefix + name: place.get(name, _UNKNOWN) for name in _PLACE}
        elif isinstance(value, Mapping):
            found |= flat(value, prefix if key == "object" else f"{prefix}{key}_")
        else:
            found[prefix + key] = _UNKNOWN if value is None and key == "distance" else value
    return found


def object_table(heap: LightHeap, ordinals: Ordinals) -> Table:
    """Some objects, a row each: what they are, their numbers as far as they are known, and where they, or their
    constructors, were written: script_id, line, column, script."""
    nodes, header = heap.snapshot.nodes, heap.snapshot.header
    columns: dict[str, Array] = {
        "id": nodes.id[ordinals].astype(np.int64),
        "type": texts(header.node_types)[nodes.type[ordinals]],
        "name": names_of(heap, ordinals),
        "class": texts(heap.classes.names)[heap.classes.of[ordinals]],
        **({"distance": _shown(heap.distance[ordinals])} if isinstance(heap, Heap) else {}),
        "shallow_size": heap.shallow_size[ordinals].astype(np.int64),
        **({"retained_size": heap.retained_size[ordinals]} if isinstance(heap, Heap) else {}),
        "detachedness": texts(STATES)[heap.detachedness[ordinals] % len(STATES)],
        **_places(heap, ordinals),
    }
    return Table({name: read_only(values) for name, values in columns.items()})


def names_of(heap: LightHeap, ordinals: Ordinals) -> Array:
    """The name of each object, each different one decoded once."""
    examples, which = distinct_names(heap, ordinals)
    return texts([heap.names.node(int(example)) for example in examples])[which]


def texts(values: Sequence[str | None]) -> Array:
    """Texts by number."""
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _shown(distance: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Distances as DevTools shows them, and what it shows as a minus sign."""
    return np.where((distance < 0) | (distance >= SYSTEM_DISTANCE), _UNKNOWN, distance).astype(np.int64)


def _edges(heap: LightHeap, edges: npt.NDArray[np.int64]) -> dict[str, Array]:
    header, columns = heap.snapshot.header, heap.snapshot.edges
    key = (columns.type[edges].astype(np.int64) << 32) | columns.name_or_index[edges].astype(np.int64)
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return {
        "edge_type": read_only(texts(header.edge_types)[columns.type[edges]]),
        "edge_name": read_only(texts([heap.names.edge(int(edge)) for edge in edges[first]])[which]),
    }


def _places(heap: LightHeap, ordinals: Ordinals) -> dict[str, Array]:
    """Where objects were written; most have no place."""
    at, locations = heap.scripts.locations_of(ordinals), heap.snapshot.locations
    known = np.flatnonzero(at >= 0)
    columns: dict[str, Array] = {}
    for name in _PLACE:
        columns[name] = np.full(len(ordinals), _UNKNOWN, np.int64)
        columns[name][known] = getattr(locations, name)[at[known]]
    scripts, which = np.unique(columns["script_id"], return_inverse=True)
    names = heap.scripts.names
    return {**columns, "script": texts([names.get(script) for script in scripts.tolist()])[which]}
