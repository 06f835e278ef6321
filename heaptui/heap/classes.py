"""Classes: what DevTools calls constructors, and which node belongs to which (sections 8 and 9 of its rules)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from heaptui.heap.essential import group_equal
from heaptui.heap.interfaces import Interface, Shapes, match_interfaces
from heaptui.heap.names import Names
from heaptui.heap.scratch import Scratch
from heaptui.kernels import classes
from heaptui.kernels.walks import UNOWNED
from heaptui.snapshot.snapshot import Snapshot

Ordinals = npt.NDArray[np.uint32]

_RUN = 1 << 17
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
        locations = self._snapshot.locations
        is_object = self._snapshot.nodes.type[locations.ordinal] == self._snapshot.header.node_type("object")
        of_objects = np.flatnonzero(is_object)
        last = of_objects[_last_of_each(locations.ordinal[of_objects], self._snapshot.node_count)]
        ordinals = locations.ordinal[last]
        columns: list[npt.NDArray[np.integer]] = [self.of[ordinals]]
        columns += [column[last] for column in (locations.script_id, locations.line, locations.column)]
        number, first = _group_rows(columns)
        of, script, line, column = ([int(x) for x in values[first]] for values in columns)
        renumber = np.array(
            [
                self._add(self.names[of[i]], self.kinds[of[i]], Location(script[i], line[i], column[i]))
                for i in range(len(first))
            ],
            np.uint32,
        )
        if len(first):
            self.of[ordinals] = renumber[number]


def _tag(name: str) -> str | None:
    """The class of a name like `<div id="a">`: `<div>`; None for other names."""
    for opening in ("<", "Detached <"):
        if name.startswith(opening):
            space = name.find(" ", 0 if opening == "<" else 10)
            return name if space < 0 else name[:space] + ">"
    return None


def _last_of_each(ordinals: npt.NDArray[np.integer], node_count: int) -> npt.NDArray[np.intp]:
    """The positions of the last location of each node."""
    last = np.empty(node_count if len(ordinals) else 0, np.uint32)
    positions = np.arange(len(ordinals), dtype=np.uint32)
    last[ordinals] = positions
    return np.flatnonzero(last[ordinals] == positions)


def _group_rows(columns: Sequence[npt.NDArray[np.integer]]) -> tuple[Ordinals, Ordinals]:
    """Number equal rows by first appearance, by a hash of them that is then checked."""
    hashes = np.zeros(len(columns[0]), np.uint64)
    with np.errstate(over="ignore"):
        for column in columns:
            hashes ^= hashes >> np.uint64(29)
            hashes ^= column.astype(np.uint64)
            hashes *= np.uint64(0x9E3779B97F4A7C15)
    number, first = group_equal(hashes)
    if all(np.array_equal(column[first][number], column) for column in columns):
        return number, first
    _, positions, numbers = np.unique(
        np.stack([column.astype(np.int64) for column in columns]), axis=1, return_index=True, return_inverse=True
    )
    return numbers.astype(np.uint32), positions.astype(np.uint32)


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
