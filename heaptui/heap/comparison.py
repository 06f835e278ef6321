"""What is new and what is gone between two snapshots of one process, section 13 of DevTools' rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.classes import Classes, ClassKey, Location, classify
from heaptui.heap.essential import hash_table
from heaptui.heap.light import LightHeap
from heaptui.kernels import classes as kernels

Ordinals = npt.NDArray[np.uint32]
_NOWHERE = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class ClassChange:
    """One class of either snapshot that gained or lost objects. Sizes are shallow, in bytes."""

    key: ClassKey
    name: str
    location: Location | None
    new: int
    deleted: int
    alloc_size: int
    freed_size: int

    @property
    def delta(self) -> int:
        """Objects more than before."""
        return self.new - self.deleted

    @property
    def size_delta(self) -> int:
        """Bytes more than before."""
        return self.alloc_size - self.freed_size


@dataclass(frozen=True)
class Comparison:
    """Two heaps, matched object by object.

    Attributes:
        changes: a row for each class with new or deleted objects.
        new: bool by current ordinal; deleted: bool by base ordinal.
        base_class, current_class: by ordinal, the index into `changes`, 0xFFFFFFFF for none.
    """

    base: LightHeap
    current: LightHeap
    changes: Sequence[ClassChange]
    new: npt.NDArray[np.bool_]
    deleted: npt.NDArray[np.bool_]
    base_class: Ordinals
    current_class: Ordinals

    def new_objects(self, change: int) -> Ordinals:
        """The current ordinals of a class's new objects."""
        return np.flatnonzero((self.current_class == change) & self.new).astype(np.uint32)

    def deleted_objects(self, change: int) -> Ordinals:
        """The base ordinals of a class's deleted objects."""
        return np.flatnonzero((self.base_class == change) & self.deleted).astype(np.uint32)


def compare(base: LightHeap, current: LightHeap) -> Comparison:
    """Match the objects by id and class; the current snapshot's interfaces name both sides' plain objects."""
    base_classes = classify(base.snapshot, base.names, base.shapes, current.shapes.definitions)
    numbers: dict[ClassKey, int] = {}
    for key in (*base_classes.keys, *current.classes.keys):
        numbers.setdefault(key, len(numbers))
    base_of = _common(base_classes, numbers)[base_classes.of]
    current_of = _common(current.classes, numbers)[current.classes.of]
    new, deleted = _match(base, base_of, current, current_of)
    sums = [
        _sums(current_of, new, current.shallow_size, len(numbers)),
        _sums(base_of, deleted, base.shallow_size, len(numbers)),
    ]
    (new_count, alloc), (deleted_count, freed) = sums
    changes: list[ClassChange] = []
    row = np.full(len(numbers), _NOWHERE)
    named = _names(base, base_classes, current, numbers)
    for key, number in numbers.items():
        if new_count[number] or deleted_count[number]:
            row[number] = len(changes)
            name, location = named[number]
            changes.append(
                ClassChange(
                    key, name, location, int(new_count[number]), int(deleted_count[number]),
                    int(alloc[number]), int(freed[number]),
                )
            )  # fmt: skip
    return Comparison(base, current, changes, new, deleted, row[base_of], row[current_of])


def _common(classes: Classes, numbers: dict[ClassKey, int]) -> Ordinals:
    return np.array([numbers[key] for key in classes.keys], np.uint32)


def _match(
    base: LightHeap, base_of: Ordinals, current: LightHeap, current_of: Ordinals
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    ours, theirs = np.flatnonzero(current.counted), np.flatnonzero(base.counted)
    kept, base_kept = np.zeros(len(ours), np.uint8), np.zeros(len(theirs), np.uint8)
    kernels.match_objects(
        base.snapshot.nodes.id[theirs].astype(np.uint64),
        base_of[theirs],
        current.snapshot.nodes.id[ours].astype(np.uint64),
        current_of[ours],
        hash_table(len(theirs)),
        base_kept,
        kept,
    )
    new, deleted = np.zeros(current.node_count, bool), np.zeros(base.node_count, bool)
    new[ours[kept == 0]] = True
    deleted[theirs[base_kept == 0]] = True
    return new, deleted


def _sums(
    of: Ordinals, chosen: npt.NDArray[np.bool_], shallow: npt.NDArray[np.unsignedinteger], classes: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    which = of[chosen]
    size = np.zeros(classes, np.int64)
    np.add.at(size, which, shallow[chosen].astype(np.int64))
    return np.bincount(which, minlength=classes), size


def _names(
    base: LightHeap, base_classes: Classes, current: LightHeap, numbers: dict[ClassKey, int]
) -> dict[int, tuple[str, Location | None]]:
    """Name and location by common number.

    A class that only the base has is called after its last object, by the base's own
    interfaces, as DevTools calls it (section 13).
    """
    last = np.full(len(base_classes.names), -1, np.int64)
    by_id = np.argsort(base.snapshot.nodes.id, kind="stable")
    by_id = by_id[base.counted[by_id]]
    last[base_classes.of[by_id]] = by_id
    named: dict[int, tuple[str, Location | None]] = {}
    for i, key in enumerate(base_classes.keys):
        if last[i] >= 0:
            own = base.classes.names[int(base.classes.of[last[i]])]
            named[numbers[key]] = (own, base_classes.locations[i])
    for i, key in enumerate(current.classes.keys):
        if current.sums.count[i]:
            named[numbers[key]] = (current.classes.names[i], current.classes.locations[i])
    return named
