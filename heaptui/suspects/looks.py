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
"""So many objects of one class may hang from one object by different names; more are its entries."""
_MOST_NEW_NAMES = 4
_MOST_BETWEEN = 12
"""So many steps of their own may lie between two that are alike, which may be merged themselves."""
_CHAIN = 1.5
"""So many of its kind a link of a chain may lead to, on average: more make a tree."""


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

    def members(self, number: int) -> npt.NDArray[np.int64]:
        """The objects that a number merges, the example where only what hangs from it is left."""
        members = np.flatnonzero(self.merged == number)
        own = members[self.of[number] == self.paths.heap.classes.of[members]]
        return own if len(own) else np.array([int(self.example[number])])

    def outermost(self, members: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Of objects that one number merges, those that hang from no other of them: all but where they are a chain,
        every link of which counts."""
        within = np.zeros(len(self.merged), bool)
        within[members] = True
        above = self.paths.parent[members]
        up = np.arange(len(members))
        for _ in range(_MOST_BETWEEN):
            up = up[above[up] != NOBODY]
            up = up[~within[above[up]]]
            above[up] = self.paths.parent[above[up]]
        nested = above != NOBODY
        nested[nested] = within[above[nested]]
        holders = len(np.unique(above[nested]))
        return members if nested.sum() <= _CHAIN * holders else members[~nested]

    def add_up(self, values: Int64s) -> Int64s:
        """Values by number, with all that hangs from each."""
        total = values.copy()
        telling.add_below(np.arange(len(self), dtype=np.uint32), self.above, total)
        return total


def merge_looks(paths: TellingPaths, new: Mask, weight: Int64s) -> Looks:
    """Merge the objects that are new or grew, and all on their paths."""
    heap = paths.heap
    grown = np.flatnonzero((new | (weight > 0)) & paths.reached).astype(np.uint32)
    # New objects are not merged with old ones: between the two lies what holds the growth.
    tree = merge_alike(paths, grown, _kinds(heap) * np.uint32(2) + new, _MOST_NEW_NAMES)
    numbers = tree.merged[tree.ways]
    own = np.zeros(len(tree.above), np.int64)
    # What an object lost does not make up for what others gained.
    np.add.at(own, numbers, np.maximum(weight[tree.ways], 0))
    size = own.copy()
    telling.add_below(np.arange(len(own), dtype=np.uint32), tree.above, size)
    is_new = new[tree.ways]
    telling.inherit(paths.order, paths.parent, tree.merged)
    return Looks(
        paths,
        tree.above,
        tree.label,
        heap.classes.of[tree.example],
        tree.example,
        tree.merged,
        np.bincount(numbers[is_new], minlength=len(own)),
        np.bincount(numbers[~is_new], minlength=len(own)),
        own,
        size,
    )


@dataclass(frozen=True)
class Alike:
    """Nodes merged by what they look like, all uint32.

    Attributes:
        ways: the nodes, parents first; merged: by ordinal, the number of each, NOBODY for others.
        above, label, example: by number, as in `Looks`.
    """

    ways: Ordinals
    merged: Ordinals
    above: Ordinals
    label: Ordinals
    example: Ordinals


def merge_alike(paths: TellingPaths, chosen: Ordinals, looks: Ordinals, most_new_names: int = _MOST_NAMES) -> Alike:
    """Merge some nodes that have paths, and all on these.

    `looks` by ordinal is twice the class, and 1 more where a node is new; see `merging.label_ways`.
    """
    count = paths.heap.node_count
    marked = np.zeros(count, np.uint8)
    merging.mark_ways(chosen, paths.parent, marked)
    ways = paths.order[marked[paths.order] != 0]
    label = _label(paths, ways, looks, most_new_names)
    merged = np.full(count, NOBODY, np.uint32)
    above, labels, of, example = (np.empty(len(ways), np.uint32) for _ in range(4))
    parts = _parts_of_objects(paths.heap)
    found = merging.merge_ways(
        ways, paths.parent, label, looks, parts, hash_table(len(ways)), merged, above, labels, of, example
    )
    return Alike(ways, merged, above[:found].copy(), labels[:found].copy(), example[:found].copy())


def _parts_of_objects(heap: Heap) -> npt.NDArray[np.uint8]:
    """The arrays in which V8 keeps what belongs to objects, uint8 by ordinal."""
    arrays: npt.NDArray[np.bool_] = heap.snapshot.nodes.type == heap.snapshot.header.node_type("array")
    return arrays.view(np.uint8)


def _kinds(heap: Heap) -> Ordinals:
    """The class of every node; of synthetic ones, which are all of one class, the name."""
    kinds = heap.classes.of.copy()
    synthetic = heap.snapshot.nodes.type == heap.snapshot.header.node_type("synthetic")
    kinds[synthetic] = len(heap.classes.names) + heap.names.index[synthetic]
    return kinds


def _label(paths: TellingPaths, ways: Ordinals, looks: Ordinals, most_new_names: int) -> Ordinals:
    """What the edge to each of `ways` is called: 1 + its string, or ANY where it is one of many alike."""
    snapshot = paths.heap.snapshot
    nameless = np.zeros(256, np.uint8)
    nameless[[snapshot.header.edge_type("element"), snapshot.header.edge_type("hidden")]] = 1
    # V8 names the slots of its tables by their numbers.
    nameless[snapshot.header.edge_type("internal")] = 2
    slot_like = snapshot.strings.begin_with_digit(np.arange(len(snapshot.strings), dtype=np.uint32))
    group, count, label = (np.zeros(len(ways), np.uint32) for _ in range(3))
    merging.label_ways(
        ways, paths.parent, paths.parent_edge, looks, snapshot.edges.type, snapshot.edges.name_or_index, nameless,
        slot_like.view(np.uint8), snapshot.header.edge_type("context"),
        _MOST_NAMES, most_new_names, hash_table(len(ways)), group, count, label,
    )  # fmt: skip
    return label
