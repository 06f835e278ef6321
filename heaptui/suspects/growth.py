"""What grew between two snapshots of one process, and what went."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from heaptui.heap.essential import hash_table
from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.kernels import telling
from heaptui.snapshot.progress import Progress
from heaptui.suspects.knowledge import noise
from heaptui.suspects.looks import Looks, merge_looks
from heaptui.suspects.paths import NOBODY, TellingPaths, find_paths

Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_AGREE = 0.9


@dataclass(frozen=True)
class Growth:
    """The current heap against a base, or against nothing, when everything counts as new.

    Attributes:
        paths, base_paths: the telling paths of either; none of no base.
        before: uint32 by current ordinal, the same object (by id) in the base, NOBODY for new ones.
        weight: int64 by current ordinal, bytes: the shallow size of new objects, of others what they grew by.
        looks: what grew, merged by its looks.
        gone, gone_size: int64 by number of `looks`, objects of the base that hung from there and are gone,
            with all further down.
        strangers: whether a base was given whose ids do not match: of another process, or numbered anew since.
    """

    base: Heap | None
    current: Heap
    paths: TellingPaths
    base_paths: TellingPaths | None
    before: Ordinals
    weight: Int64s
    looks: Looks
    gone: Int64s
    gone_size: Int64s
    strangers: bool = False

    @property
    def new(self) -> Mask:
        """By current ordinal, whether an object is new."""
        new: Mask = self.before == NOBODY
        return new

    @property
    def net_size(self) -> int:
        """By how many bytes the heap grew."""
        return self.current.total_size - (0 if self.base is None else self.base.total_size)

    @property
    def visible_size(self) -> int:
        """By how many bytes the program's own objects grew: all but what V8 makes for itself."""
        return _visible(self.current) - (0 if self.base is None else _visible(self.base))


def _visible(heap: Heap) -> int:
    header = heap.snapshot.header
    visible = np.ones(256, bool)
    visible[[header.node_type(kind) for kind in noise.INVISIBLE_TYPES]] = False
    return int(heap.shallow_size.sum(where=visible[heap.snapshot.nodes.type], dtype=np.int64))


def find_growth(base: Heap | None, current: Heap, progress: Progress | None = None) -> Growth:
    """Match two heaps by id, and merge what grew by where it hangs from. Of strangers only the current is looked at."""
    progress = progress or Progress()
    if base is None:
        before = np.full(current.node_count, NOBODY, np.uint32)
        weight = current.shallow_size.astype(np.int64)
        paths = find_paths(current, None, progress)
        looks = merge_looks(paths, before == NOBODY, weight)
        nothing = np.zeros(len(looks), np.int64)
        return Growth(None, current, paths, None, before, weight, looks, nothing, nothing)
    before, after = _match(base, current)
    if not _agree(base, current, before):
        return replace(find_growth(None, current, progress), strangers=True)
    weight = current.shallow_size.astype(np.int64)
    kept = before != NOBODY
    weight[kept] -= base.shallow_size[before[kept]].astype(np.int64)
    with ThreadPoolExecutor(1) as beside:
        of_base = beside.submit(find_paths, base, after != NOBODY, progress)
        try:
            paths = find_paths(current, kept, progress)
            looks = merge_looks(paths, ~kept, weight)
            gone, gone_size = _gone(base, base_paths := of_base.result(), after, weight, looks)
        except BaseException:
            progress.cancel()
            raise
    return Growth(base, current, paths, base_paths, before, weight, looks, gone, gone_size)


def ids_match(base: LightHeap, current: LightHeap) -> bool:
    """Whether an id means the same object in two snapshots.

    It does not in two processes, and not where an inspector's session ended in between: V8 numbers all objects anew.
    """
    return _agree(base, current, _match(base, current)[0])


def taken_before(heap: LightHeap, other: LightHeap) -> bool:
    """Whether of two snapshots of one process the first was taken earlier: V8 gives each new object a higher id."""
    return _latest_id(heap) < _latest_id(other)


def _latest_id(heap: LightHeap) -> int:
    header, nodes = heap.snapshot.header, heap.snapshot.nodes
    # The runtime's own objects have addresses and the like for ids.
    foreign = np.isin(nodes.type, [header.node_type("native"), header.node_type("synthetic")])
    return int(nodes.id.max(where=~foreign, initial=0))


def _agree(base: LightHeap, current: LightHeap, before: Ordinals) -> bool:
    """Whether ids match, as far as it shows: where they do, an id stays with its object and its class.

    Of pairs of one process 99 % and more of the common ids agree, of others 71 % at most.
    """
    common = np.flatnonzero((before != NOBODY) & current.counted)
    numbers: dict[str, int] = {}
    of = [
        np.array([numbers.setdefault(name, len(numbers)) for name in heap.classes.names], np.uint32)[heap.classes.of]
        for heap in (base, current)
    ]
    return len(common) > 0 and bool((of[0][before[common]] == of[1][common]).mean() >= _AGREE)


def _match(base: LightHeap, current: LightHeap) -> tuple[Ordinals, Ordinals]:
    """By ordinal of either heap, the same object in the other."""
    before, after = np.empty(current.node_count, np.uint32), np.full(base.node_count, NOBODY, np.uint32)
    theirs, ours = base.snapshot.nodes.id.astype(np.uint64), current.snapshot.nodes.id.astype(np.uint64)
    telling.match_ids(theirs, ours, hash_table(len(theirs)), before)
    kept = np.flatnonzero(before != NOBODY).astype(np.uint32)
    after[before[kept]] = kept
    return before, after


def _gone(base: Heap, paths: TellingPaths, after: Ordinals, weight: Int64s, looks: Looks) -> tuple[Int64s, Int64s]:
    """Where the objects that are gone hung from: at the nearest object on their path that is still there. What others
    lost of their size counts as gone too."""
    anchor = after.copy()
    telling.inherit(paths.order, paths.parent, anchor)
    gone = np.flatnonzero((after == NOBODY) & (anchor != NOBODY))
    number = looks.merged[anchor[gone]]
    gone, number = gone[number != NOBODY], number[number != NOBODY]
    count = np.bincount(number, minlength=len(looks))
    size = np.zeros(len(looks), np.int64)
    np.add.at(size, number, base.shallow_size[gone].astype(np.int64))
    shrunk = np.flatnonzero((weight < 0) & (looks.merged != NOBODY))
    np.add.at(size, looks.merged[shrunk], -weight[shrunk])
    return looks.add_up(count), looks.add_up(size)
