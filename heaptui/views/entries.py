"""What Maps, Sets and their weak kin hold, as keys and values, read from the tables that V8 keeps them in.

A Map's table is an array: three numbers, the hash buckets, then a key, a value and a
number for every entry; a Set's has no values. The snapshot has a reference for every slot
whose value is an object, named by the slot. A WeakMap's table is told by the names of the
references from a key to its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.distances import edges_of
from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.views.containment import References
from heaptui.views.model import Label, Mark, Order, Row, Rows, View, page_bounds
from heaptui.views.objects import cells, display_name, marks, object_record

Slots = npt.NDArray[np.int64]

NOTHING = -1
"""In place of an ordinal where a key or value is no object: small integers stand in the slot itself."""

_SMALL = "(number)"
_HEAD = 3
_SLOTS = {"Map": 3, "Set": 2}
_WEAK = ("WeakMap", "WeakSet")
_PAIR = re.compile(r"part of key \(.* @(\d+)\) -> value \(.* @(\d+)\) pair in WeakMap")
_COUNTED = 10_000
_HOLES = ("the_hole_value", "hash_table_hole_value")


@dataclass(frozen=True, slots=True)
class Entries:
    """Keys and values by ordinal, in the order of the table; a set's values are its keys."""

    keys: Slots
    values: Slots
    keyed: bool

    def __len__(self) -> int:
        return len(self.keys)


_NO_ENTRIES = Entries(np.empty(0, np.int64), np.empty(0, np.int64), False)


def table_of(heap: LightHeap, ordinal: int) -> int | None:
    """The table of a Map, Set, WeakMap or WeakSet; None for other objects."""
    if heap.node_type(ordinal) != "object" or heap.names.node(ordinal) not in (*_SLOTS, *_WEAK):
        return None
    for edge in heap.edges(ordinal):
        if heap.names.edge(int(edge)) == "table" and heap.edge_type(int(edge)) == "internal":
            return int(heap.snapshot.edges.to_node[edge])
    return None


def entries(heap: LightHeap, ordinal: int) -> Entries:
    """What an object holds; empty where it is no collection, or its table is not understood."""
    table = table_of(heap, ordinal)
    if table is None:
        return _NO_ENTRIES
    name = heap.names.node(ordinal)
    if name == "WeakMap":
        found = _weak_pairs(heap, table)
    elif name == "WeakSet":
        found = _weak_keys(heap, table)
    else:
        found = _slots(heap, table, name)
    return _without_holes(heap, found)


def _slots(heap: LightHeap, table: int, name: str) -> Entries:
    slots, targets = _numbered(heap, table)
    if not len(slots):
        return _NO_ENTRIES
    step = _SLOTS[name]
    for first in _firsts(int(heap.snapshot.nodes.self_size[table]), step):
        place = slots - first
        # The last slot of an entry is a number and never an object: seen as one, this is another layout.
        if place.min() >= 0 and not (place % step == step - 1).any():
            return _paired(place // step, place % step, targets, step > 2)
    return _NO_ENTRIES


def _firsts(size: int, step: int) -> list[int]:
    """Where the first entry may be, for the word sizes and array headers there are."""
    found = []
    for word in (8, 4):
        for header in (2, 1):
            buckets, rest = divmod(size // word - header - _HEAD, 1 + 2 * step)
            if not rest and buckets > 0 and buckets & (buckets - 1) == 0:
                # Some versions count slots from the array's header on.
                found += [_HEAD + buckets, _HEAD + buckets + header]
    return found


def _paired(entry: Slots, part: Slots, targets: Slots, keyed: bool) -> Entries:
    different, which = np.unique(entry, return_inverse=True)
    keys, values = np.full(len(different), NOTHING), np.full(len(different), NOTHING)
    keys[which[part == 0]] = targets[part == 0]
    if not keyed:
        values = keys
    else:
        values[which[part == 1]] = targets[part == 1]
    return Entries(keys, values, keyed)


def _without_holes(heap: LightHeap, found: Entries) -> Entries:
    """Leave out what was deleted: there V8 puts its sign for a hole, which a root names so."""
    hidden = heap.snapshot.header.node_type("hidden")
    nodes = np.unique(found.keys[found.keys >= 0])
    nodes = nodes[heap.snapshot.nodes.type[nodes] == hidden]
    if not len(nodes):
        return found
    roots = np.flatnonzero(heap.snapshot.nodes.type == heap.snapshot.header.node_type("synthetic")).astype(np.uint32)
    columns, edges = heap.snapshot.edges, edges_of(heap.snapshot.nodes.first_edge, roots)
    edges = edges[columns.type[edges] == heap.snapshot.header.edge_type("internal")]
    named = np.concatenate([heap.names.find(name) for name in _HOLES])
    signs = columns.to_node[edges[np.isin(columns.name_or_index[edges], named)]]
    kept = ~np.isin(found.keys, np.intersect1d(nodes, signs))
    return Entries(found.keys[kept], found.values[kept], found.keyed)


def _numbered(heap: LightHeap, table: int) -> tuple[Slots, Slots]:
    """The slots of a table that refer to objects, and those objects, by slot."""
    found: dict[int, int] = {}
    for edge in heap.edges(table).tolist():
        name = heap.names.edge(edge)
        if name.isascii() and name.isdecimal() and heap.edge_type(edge) != "weak":
            found[int(name)] = int(heap.snapshot.edges.to_node[edge])
    slots = sorted(found)
    return np.array(slots, np.int64), np.array([found[slot] for slot in slots], np.int64)


def _weak_pairs(heap: LightHeap, table: int) -> Entries:
    ids: list[tuple[int, int]] = []
    for edge in heap.edges(table).tolist():
        if heap.edge_type(edge) == "internal" and (match := _PAIR.search(heap.names.edge(edge))):
            ids.append((int(match[1]), int(match[2])))
    pairs = list(dict.fromkeys(ids))
    place = _ordinals(heap, [number for pair in pairs for number in pair])
    keys = np.array([place.get(key, NOTHING) for key, _ in pairs], np.int64)
    return Entries(keys, np.array([place.get(value, NOTHING) for _, value in pairs], np.int64), True)


def _ordinals(heap: LightHeap, ids: Sequence[int]) -> dict[int, int]:
    found = np.flatnonzero(np.isin(heap.snapshot.nodes.id, np.array(ids, np.int64)))
    return {heap.id(int(ordinal)): int(ordinal) for ordinal in found}


def _weak_keys(heap: LightHeap, table: int) -> Entries:
    objects = [
        int(heap.snapshot.edges.to_node[edge]) for edge in heap.edges(table).tolist() if heap.edge_type(edge) == "weak"
    ]
    keys = np.array(list(dict.fromkeys(objects)), np.int64)
    return Entries(keys, keys, False)


class WithEntries(View):
    """Another view, in which Maps, Sets and their weak kin have a first row with their entries."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.name, self.columns, self.order, self.empty = view.name, view.columns, view.order, view.empty
        self.heaps = view.heaps

    def completed(self, heaps: Mapping[LightHeap, Heap]) -> View:
        """As in the other view."""
        return WithEntries(self.view.completed(heaps))

    @property
    def total(self) -> Mapping[str, int]:
        """As in the other view."""
        return self.view.total

    def roots(self, order: Order, match: str = "") -> Rows:
        return self.view.roots(order, match)

    def opens_by_itself(self, row: Row, depth: int) -> bool:
        """As in the other view."""
        return row.ordinal is not None and self.view.opens_by_itself(row, depth)

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        match row.key:
            case ("entries", int(side), int(ordinal)):
                heap = self.heaps[side]
                is_new = self.view.is_new if isinstance(self.view, References) and heap is self.heaps[-1] else None
                return _EntryRows(heap, side, entries(heap, ordinal), is_new)
        rows = self.view.children(row, order, ancestors)
        if row.ordinal is None or table_of(self.heaps[row.heap], row.ordinal) is None:
            return rows
        return _Headed(_group(self.heaps[row.heap], row.heap, row.ordinal), rows)

    def key_below(self, row: Row) -> str:
        """As in the other view."""
        match row.key:
            case ("entries", int(), int()):
                return "entries"
        return self.view.key_below(row)

    def record(self, row: Row) -> dict[str, object]:
        """Entries with key and value; other rows as in the other view."""
        match row.key:
            case ("entries", int(), int()):
                return {}
            case ("entry", int(key), int(value)):
                heap = self.heaps[row.heap]
                pair = {"key": key, "value": value}
                return {name: None if node < 0 else object_record(heap, node) for name, node in pair.items()}
        return self.view.record(row)


def _group(heap: LightHeap, side: int, ordinal: int) -> Row:
    table = table_of(heap, ordinal)
    few = table is not None and len(heap.edges(table)) <= _COUNTED
    count = len(entries(heap, ordinal)) if few else None
    return Row(("entries", side, ordinal), Label("entries", count=count), {}, side, expandable=count != 0)


class _Headed(Rows):
    """Rows with one more before them."""

    def __init__(self, head: Row, rows: Rows) -> None:
        self._head, self._rows = head, rows

    def __len__(self) -> int:
        return 1 + len(self._rows)

    def page(self, start: int, stop: int) -> list[Row]:
        start, stop = page_bounds(start, stop, len(self))
        head = [self._head] if start == 0 < stop else []
        return head + self._rows.page(max(0, start - 1), max(0, stop - 1))

    def place(self, key: Hashable) -> int | None:
        if key == self._head.key:
            return 0
        place = self._rows.place(key)
        return None if place is None else place + 1


class _EntryRows(Rows):
    def __init__(self, heap: LightHeap, side: int, found: Entries, is_new: Callable[[int], bool] | None) -> None:
        self._heap, self._side, self._found, self._is_new = heap, side, found, is_new

    def __len__(self) -> int:
        return len(self._found)

    def page(self, start: int, stop: int) -> list[Row]:
        start, stop = page_bounds(start, stop, len(self))
        return [self._row(int(self._found.keys[i]), int(self._found.values[i])) for i in range(start, stop)]

    def _row(self, key: int, value: int) -> Row:
        """The row of an entry stands for its value, or for its key where the value is no object."""
        heap = self._heap
        shown = value if value >= 0 else key
        edge = self._named(key) if self._found.keyed else ""
        if shown < 0:
            return Row(("entry", key, value), Label(_SMALL, edge=edge, relation="::"), {}, self._side)
        return Row(
            key=("entry", key, value),
            label=Label(
                display_name(heap, value) if value >= 0 else _SMALL,
                id=heap.id(value) if value >= 0 else None,
                edge=edge,
                relation="::" if edge else "",
            ),
            cells=cells(heap, shown),
            heap=self._side,
            ordinal=shown,
            expandable=len(heap.edges(shown)) > 0,
            marks=frozenset({*marks(heap, shown), *self._new(shown)}),
        )

    def _new(self, node: int) -> set[Mark]:
        return {"new"} if self._is_new is not None and self._is_new(node) else set()

    def _named(self, node: int) -> str:
        return _SMALL if node < 0 else f"{display_name(self._heap, node)} @{self._heap.id(node)}"
