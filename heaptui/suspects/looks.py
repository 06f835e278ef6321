"""Everything that grew, merged by what it looks like from where its telling path begins.

Thousands of objects that hang from the same place by the same names and classes are one
node here, a chain (`next` of `next`) is one too, so that a heap's growth becomes a tree of
some thousand nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.essential import hash_table
from heaptui.heap.heap import Heap
from heaptui.kernels import merging, telling
from heaptui.suspects.paths import NOBODY, TellingPaths

Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ANY = 0
"""The label of edges that stand for many: elements, and names used as keys."""
BEGINNING = merging.BEGINNING
_MOST_NAMES = 32
_MOST_NEW_NAMES = 4


@dataclass(frozen=True)
class Looks:
    """A tree of merged objects; arrays by their number, parents before children.

    Attributes:
        above: uint32, the number it hangs from, NOBODY where a path begins.
        label: uint32, 1 + the string of the edge to it, or ANY; from BEGINNING on where a path begins.
        of: uint32, its class.
        example: uint32, the ordinal of one of its objects.
        merged: uint32 by ordinal, the number of an object, or of what it hangs from where it did not grow.
        new, old: int64, how many objects it merges: either new ones, or ones that were there before and hold new ones.
        own: int64, bytes that its own objects grew by; size: with all that hangs from them.
    """

    paths: TellingPaths
    above: Ordinals
    label: Ordinals
    of: Ordinals
    example: Ordinals
    merged: Ordinals
    new: Int64s
    old: Int64s
    own: Int64s
    size: Int64s

    def __len__(self) -> int:
        return len(self.above)

    def add_up(self, values: Int64s) -> Int64s:
        """Values by number, with all that hangs from each."""
        total = values.copy()
        telling.add_below(np.arange(len(self), dtype=np.uint32), self.above, total)
        return total


def merge_looks(paths: TellingPaths, new: Mask, weight: Int64s) -> Looks:
    """Merge the objects that are new or grew, and all on their paths."""
    heap = paths.heap
    marked = np.zeros(heap.node_count, np.uint8)
    reached = np.zeros(heap.node_count, bool)
    reached[paths.order] = True
    grown = np.flatnonzero((new | (weight > 0)) & reached).astype(np.uint32)
    merging.mark_ways(grown, paths.parent, marked)
    ways = paths.order[marked[paths.order] != 0]
    count = len(ways)
    merged = np.full(heap.node_count, NOBODY, np.uint32)
    # New objects are not merged with old ones: between the two lies what holds the growth.
    alike = _kinds(heap) * np.uint32(2) + new
    label = label_ways(paths, ways, alike, _MOST_NAMES, _MOST_NEW_NAMES)
    above, labels, of, example = (np.empty(count, np.uint32) for _ in range(4))
    found = merging.merge_ways(
        ways, paths.parent, label, alike, parts_of_objects(heap), hash_table(count), merged, above, labels, of, example
    )
    numbers = merged[ways]
    own = np.zeros(found, np.int64)
    # What an object lost does not make up for what others gained.
    np.add.at(own, numbers, np.maximum(weight[ways], 0))
    is_new = new[ways]
    size = own.copy()
    above = above[:found].copy()
    telling.add_below(np.arange(found, dtype=np.uint32), above, size)
    telling.inherit(paths.order, paths.parent, merged)
    return Looks(
        paths,
        above,
        labels[:found].copy(),
        heap.classes.of[example[:found]],
        example[:found].copy(),
        merged,
        np.bincount(numbers[is_new], minlength=found),
        np.bincount(numbers[~is_new], minlength=found),
        own,
        size,
    )


def parts_of_objects(heap: Heap) -> npt.NDArray[np.uint8]:
    """The arrays in which V8 keeps what belongs to objects, uint8 by ordinal."""
    arrays: npt.NDArray[np.bool_] = heap.snapshot.nodes.type == heap.snapshot.header.node_type("array")
    return arrays.view(np.uint8)


def _kinds(heap: Heap) -> Ordinals:
    """The class of every node; of synthetic ones, which are all of one class, the name."""
    kinds = heap.classes.of.copy()
    synthetic = heap.snapshot.nodes.type == heap.snapshot.header.node_type("synthetic")
    kinds[synthetic] = len(heap.classes.names) + heap.names.index[synthetic]
    return kinds


def label_ways(
    paths: TellingPaths, ways: Ordinals, alike: Ordinals, most_names: int, most_new_names: int | None = None
) -> Ordinals:
    """What the edge to each of `ways` is called: 1 + its string, or ANY where it is one of many alike.

    `alike` by ordinal is twice the class, and 1 more where a node is new; see `merging.label_ways`.
    """
    snapshot = paths.heap.snapshot
    nameless = np.zeros(256, np.uint8)
    nameless[[snapshot.header.edge_type("element"), snapshot.header.edge_type("hidden")]] = 1
    # V8 names the slots of its tables by their numbers.
    nameless[snapshot.header.edge_type("internal")] = 2
    new_names = most_names if most_new_names is None else most_new_names
    initial = snapshot.strings.first_bytes(np.arange(len(snapshot.strings), dtype=np.uint32))
    group, count, label = (np.zeros(len(ways), np.uint32) for _ in range(3))
    merging.label_ways(
        ways, paths.parent, paths.parent_edge, alike, snapshot.edges.type, snapshot.edges.name_or_index, nameless,
        ((initial >= ord("0")) & (initial <= ord("9"))).view(np.uint8), snapshot.header.edge_type("context"),
        most_names, new_names, hash_table(len(ways)), group, count, label,
    )  # fmt: skip
    return label
