"""Classes: what DevTools calls constructors, and which node belongs to which (sections 8 and 9 of its rules)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from heaptui.heap.essential import hash_table
from heaptui.heap.interfaces import Interface, Shapes, match_interfaces
from heaptui.heap.names import Names
from heaptui.heap.scratch import Scratch
from heaptui.kernels import classes
from heaptui.kernels.walks import UNOWNED
from heaptui.snapshot.snapshot import Snapshot

Ordinals = npt.NDArray[np.uint32]

_RUN = 1 << 17
_FEW_SPOTS = 1 << 12
_CATEGORIES = {"hidden": "(system)", "code": "(compiled code)", "closure": "Function", "regexp": "RegExp"}
_BY_NAME = ("object", "native")
_FARTHEST = np.iinfo(np.int32).max


class Location(NamedTuple):
    """Where a class was written; line and column from 0, as in the file."""

    script_id: int
    line: int
    column: int


class ClassKey(NamedTuple):
    """What tells a class from all others, the same in another snapshot of the process.

    `text` is DevTools' public key. Where it gives several classes one key (section 8, TRAP),
    `kind` and `turn` tell them apart.
    """

    text: str
    kind: str
    turn: int


@dataclass(frozen=True)
class Classes:
    """The classes of a snapshot.

    Attributes:
        of: uint32, the class of each node.
        names: by class; keys: by class; locations: by class, None for most.
    """

    of: Ordinals
    names: Sequence[str]
    kinds: Sequence[str]
    locations: Sequence[Location | None]

    @cached_property
    def keys(self) -> Sequence[ClassKey]:
        """The key of each class."""
        turns: dict[tuple[str, str], int] = {}
        keys = []
        for name, kind, location in zip(self.names, self.kinds, self.locations, strict=True):
            place = f"{location.script_id},{location.line},{location.column}" if location else ""
            text = f"{place},{name}"
            turn = turns[text, kind] = turns.get((text, kind), -1) + 1
            keys.append(ClassKey(text, kind, turn))
        return keys

    def members(self, which: int, counted: npt.NDArray[np.bool_]) -> Ordinals:
        """The counted objects of a class, in file order."""
        return np.flatnonzero((self.of == which) & counted).astype(np.uint32)


def classify(snapshot: Snapshot, names: Names, shapes: Shapes, definitions: Sequence[Interface]) -> Classes:
    """Sort every node into its class, plain objects by the interfaces given."""
    builder = _Builder(snapshot, names)
    builder.by_name_or_type()
    builder.by_interface(shapes, definitions)
    builder.by_location()
    return Classes(builder.of, builder.names, builder.kinds, builder.locations)


class _Builder:
    def __init__(self, snapshot: Snapshot, names: Names) -> None:
        self._snapshot, self._names = snapshot, names
        self.of = np.empty(snapshot.node_count, np.uint32)
        self.names: list[str] = []
        self.kinds: list[str] = []
        self.locations: list[Location | None] = []

    def _add(self, name: str, kind: str, location: Location | None = None) -> int:
        self.names.append(name)
        self.kinds.append(kind)
        self.locations.append(location)
        return len(self.names) - 1

    def by_name_or_type(self) -> None:
        """Objects and native nodes by their raw name, all other nodes by their type."""
        types, index, header = self._snapshot.nodes.type, self._names.index, self._snapshot.header
        by_name = np.zeros(256, np.uint8)
        by_name[[header.node_type(name) for name in _BY_NAME]] = 1
        used_name = np.zeros(len(self._snapshot.strings) + len(self._names.added), np.uint8)
        used_type = np.zeros(256, np.uint8)
        classes.mark_used(types, index, by_name, used_name, used_type)
        of_name = self._classes_of_names(np.flatnonzero(used_name), len(used_name))
        of_type = np.zeros(256, np.uint32)
        for number, name in enumerate(header.node_types):
            if name not in _BY_NAME and used_type[number]:
                of_type[number] = self._add(_CATEGORIES.get(name, f"({name})"), "type")
        classes.assign_classes(types, index, by_name, of_name, of_type, self.of)

    def _classes_of_names(self, used: npt.NDArray[np.intp], count: int) -> Ordinals:
        """By string, the class of the nodes of that name; markup is told by its tag alone."""
        number = np.zeros(count, np.uint32)
        tags: dict[str, int] = {}
        for i in used:
            name = self._names.text(int(i))
            tag = _tag(name)
            if tag is None:
                number[i] = self._add(name, "name")
            else:
                if tag not in tags:
                    tags[tag] = self._add(tag, "tag")
                number[i] = tags[tag]
        return number

    def by_interface(self, shapes: Shapes, definitions: Sequence[Interface]) -> None:
        """Plain objects by the interface they match; the others stay `Object`."""
        match = match_interfaces(self._snapshot, shapes, definitions)
        number = np.zeros(len(definitions) + 1, np.uint32)
        for k in np.unique(match[match >= 0]):
            number[k] = self._add(definitions[int(k)].name, "interface")
        matched = match[shapes.shape]
        self.of[shapes.nodes[matched >= 0]] = number[matched[matched >= 0]]

    def by_location(self) -> None:
        """Objects with a location by class and location."""
        snapshot, told = self._snapshot, self._snapshot.locations
        ordinal = _as_ordinals(told.ordinal)
        columns = [_as_ordinals(column) for column in (told.script_id, told.line, told.column)]
        places = np.empty(len(ordinal), np.uint32)
        seen = np.zeros(snapshot.node_count if len(ordinal) else 0, np.uint8)
        wanted = snapshot.header.node_type("object")
        places = places[classes.last_places(ordinal, snapshot.nodes.type, wanted, seen, places) :]
        group, first = _group_places(places, self.of, ordinal, columns)
        renumber = np.empty(len(first), np.uint32)
        for i, place in enumerate(places[first]):
            of = int(self.of[ordinal[place]])
            location = Location(int(told.script_id[place]), int(told.line[place]), int(told.column[place]))
            renumber[i] = self._add(self.names[of], self.kinds[of], location)
        for low in range(0, len(places), _RUN):
            self.of[ordinal[places[low : low + _RUN]]] = renumber[group[low : low + _RUN]]


def _group_places(
    places: Ordinals, of: Ordinals, ordinal: Ordinals, columns: Sequence[Ordinals]
) -> tuple[Ordinals, Ordinals]:
    """Number the places of each class and spot by first appearance: each one's number, and each number's first."""
    group = np.empty(len(places), np.uint32)
    script, line, column = columns
    room = _FEW_SPOTS
    while True:
        first = np.empty(room, np.uint32)
        count = classes.group_places(places, of, ordinal, script, line, column, hash_table(room), first, group)
        if count >= 0:
            return group, first[:count]
        room *= 16


def _as_ordinals(values: npt.NDArray[np.integer]) -> Ordinals:
    """Numbers that are equal where the values are: these themselves, where they fit 32 bits."""
    ordinals = values if values.dtype == np.uint32 else np.unique(values, return_inverse=True)[1]
    return ordinals.astype(np.uint32, copy=False)


def _tag(name: str) -> str | None:
    """The class of a name like `<div id="a">`: `<div>`; None for other names."""
    for opening in ("<", "Detached <"):
        if name.startswith(opening):
            space = name.find(" ", 0 if opening == "<" else 10)
            return name if space < 0 else name[:space] + ">"
    return None


@dataclass(frozen=True, slots=True)
class ClassSums:
    """By class, of its counted objects: count, and shallow size in bytes (int64)."""

    count: npt.NDArray[np.int64]
    shallow_size: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RetainedSums(ClassSums):
    """And by class, of its counted objects: retained size in bytes (int64), and the smallest distance (int32)."""

    retained_size: npt.NDArray[np.int64]
    distance: npt.NDArray[np.int32]


def sum_classes(found: Classes, counted: npt.NDArray[np.bool_], shallow: npt.NDArray[np.unsignedinteger]) -> ClassSums:
    """Add up the counted objects of each class."""
    count, size = (np.zeros(len(found.names), np.int64) for _ in range(2))
    for low in range(0, len(shallow), _RUN):
        run = shallow[low : low + _RUN].astype(np.int64)
        classes.sum_classes(found.of, counted.view(np.uint8), run, low, count, size)
    return ClassSums(count, size)


def sum_retained(
    sums: ClassSums,
    found: Classes,
    counted: npt.NDArray[np.bool_],
    retained: npt.NDArray[np.int64],
    distance: npt.NDArray[np.int32],
    dominator: Ordinals,
    root: int,
    scratch: Scratch,
) -> RetainedSums:
    """Complete the sums; retained sizes of nested objects count once (section 9)."""
    kept = np.zeros(len(found.names), np.int64)
    nearest = np.full(len(found.names), _FARTHEST, np.int32)
    classes.find_nearest(found.of, counted.view(np.uint8), distance, nearest)
    child, sibling = scratch.take(), scratch.take()
    child[:] = sibling[:] = UNOWNED
    holder = np.full(len(found.names), UNOWNED, np.uint32)
    classes.sum_retained(dominator, root, found.of, counted.view(np.uint8), retained, child, sibling, holder, kept)
    scratch.give(child, sibling)
    return RetainedSums(sums.count, sums.shallow_size, kept, nearest)
