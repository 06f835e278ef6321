"""Everything DevTools computes of one snapshot, as arrays by ordinal."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.heap.classes import RetainedSums, sum_classes, sum_retained
from heaptui.heap.detachedness import find_detached
from heaptui.heap.distances import SYSTEM_DISTANCE, measure_distances
from heaptui.heap.dominators import (
    DominatorTree,
    Numbering,
    Retainers,
    build_dominators,
    build_retainers,
    retained_sizes,
)
from heaptui.heap.essential import WeakPairs, find_weak_pairs, mark_essential
from heaptui.heap.light import LightHeap, build_light
from heaptui.heap.scratch import Scratch
from heaptui.kernels import graph, jit, memory
from heaptui.snapshot.errors import ShortOfMemory
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot, load_snapshot
from heaptui.snapshot.space import MEMORY, Space

Ordinals = npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Heap(LightHeap):
    """A snapshot and what follows from it. All arrays are by ordinal.

    Attributes:
        retained_size: int64, bytes.
        distance: int32, edges from the roots; see `shown_distance`.
        retainers: who refers to a node.
        dominators: who would free it.
        weak_pairs: the names of WeakMap entries, and which belong together.
    """

    sums: RetainedSums
    retained_size: npt.NDArray[np.int64]
    distance: npt.NDArray[np.int32]
    retainers: Retainers
    dominators: DominatorTree
    weak_pairs: WeakPairs

    def sums_of(self, chosen: npt.NDArray[np.bool_]) -> RetainedSums:
        """What the classes add up to when only the chosen objects are counted."""
        counted = self.counted & chosen
        return sum_retained(
            sum_classes(self.classes, counted, self.shallow_size),
            self.classes,
            counted,
            self.retained_size,
            self.distance,
            self.dominators.dominator,
            self.snapshot.root,
            Scratch(self.snapshot),
        )

    def retaining_edges(self, ordinal: int) -> tuple[npt.NDArray[np.int64], Ordinals]:
        """The edges to a node and the nodes they come from, in DevTools' order (section 5)."""
        first = self.retainers.first
        sources = self.retainers.retainer[int(first[ordinal]) : int(first[ordinal + 1])]
        edges = np.empty(len(sources), np.int64)
        graph.retaining_edges(
            ordinal, first, self.retainers.retainer, self.snapshot.nodes.first_edge, self.snapshot.edges.to_node, edges
        )
        return edges, sources

    def shown_distance(self, ordinal: int) -> int | None:
        """A distance as DevTools shows it: None (a minus sign) where only system roots lead there."""
        return shown_distance(int(self.distance[ordinal]))


def shown_distance(distance: int) -> int | None:
    """None where DevTools shows a minus sign."""
    return distance if 0 <= distance < SYSTEM_DISTANCE else None


def load_heap(
    path: str | os.PathLike[str],
    progress: Progress | None = None,
    *,
    raw: bool = False,
    salvage: bool = False,
    first: Callable[[LightHeap], None] | None = None,
) -> Heap:
    """Read a file and compute everything; raises SnapshotError or Cancelled.

    With `raw`, shallow sizes are the file's own, without DevTools' transfer; with `salvage`, a
    file that ends too early is read as far as it goes. `first` gets, from another thread, what is
    known before the dominators are.
    """
    progress = progress or Progress()
    snapshot = read_snapshot(path, progress, salvage=salvage)
    try:
        return build_heap(snapshot, progress, raw=raw, first=first)
    except MemoryError:
        raise ShortOfMemory("not enough memory to analyse it", path=os.fspath(path)) from None


def load_light(
    path: str | os.PathLike[str],
    progress: Progress | None = None,
    *,
    raw: bool = False,
    salvage: bool = False,
    space: Space = MEMORY,
) -> LightHeap:
    """Read a file into columns in `space`, and compute what needs no dominators; otherwise as `load_heap`."""
    progress = progress or Progress()
    snapshot = read_snapshot(path, progress, salvage=salvage, space=space)
    try:
        return light_of(snapshot, progress, raw=raw)
    except MemoryError:
        raise ShortOfMemory("not enough memory to analyse it", path=os.fspath(path)) from None


def light_of(snapshot: Snapshot, progress: Progress, *, raw: bool = False) -> LightHeap:
    """Compute of a snapshot what needs no dominators."""
    progress.begin("names and DOM state")
    detachedness, names = find_detached(snapshot)
    progress.begin("classes and shallow sizes")
    return build_light(names, detachedness, Scratch(snapshot), progress, raw=raw)


def read_snapshot(
    path: str | os.PathLike[str], progress: Progress, *, salvage: bool = False, space: Space = MEMORY
) -> Snapshot:
    """Read a file and compute nothing yet; the kernels are got ready meanwhile."""
    memory.return_what_is_freed()
    compile_kernels(progress)
    return load_snapshot(path, progress, salvage=salvage, space=space)


def compile_kernels(progress: Progress) -> None:
    """Compile the kernels on a machine's first run; else load them while the file is being read."""
    missing = jit.missing()
    if not missing:
        threading.Thread(target=load_kernels, daemon=True).start()
        return
    from heaptui.kernels.ahead import help_beside

    with help_beside():
        for kernel in missing:
            if not kernel.is_kept():
                number = len(missing) - len(jit.missing()) + 1
                progress.begin(f"compiling kernels (first run on this machine) {number}/{len(missing)}")
            kernel.compile()


def load_kernels() -> None:
    """Load the kernels that were compiled before, where there are some."""
    if jit.missing():
        return
    # What goes wrong here goes wrong again, and is told, where the kernel is called.
    with contextlib.suppress(Exception):
        for kernel in jit.kernels():
            kernel.compile()


def build_heap(
    snapshot: Snapshot,
    progress: Progress | None = None,
    *,
    raw: bool = False,
    first: Callable[[LightHeap], None] | None = None,
) -> Heap:
    """Compute everything of a snapshot, on two threads where the parts do not need each other; as `load_heap`."""
    progress = progress or Progress()
    progress.begin("names and DOM state")
    detachedness, names = find_detached(snapshot)
    scratch = Scratch(snapshot)

    def light() -> LightHeap:
        found = build_light(names, detachedness, scratch, progress, raw=raw)
        if first is not None:
            first(found)
        return found

    with ThreadPoolExecutor(1) as beside:
        waiting: list[Future[Any]] = []
        try:
            light_job = beside.submit(light)
            waiting.append(light_job)
            pairs = find_weak_pairs(snapshot, progress)
            progress.begin("retainers")
            essential = mark_essential(snapshot, names, pairs, scratch, progress)
            retainers_job = beside.submit(build_retainers, snapshot, essential, progress)
            waiting.append(retainers_job)
            distance_job = beside.submit(measure_distances, snapshot, names, pairs, scratch, progress)
            waiting.append(distance_job)
            progress.begin("dominators", 2 * snapshot.node_count, "steps")
            numbering = Numbering(snapshot, essential, scratch)
            numbering.number_reached(progress)
            retainers = retainers_job.result()
            dominators, vertex = build_dominators(snapshot, numbering, retainers, scratch, progress)
            del essential, numbering
            progress.begin("retained sizes")
            found = light_job.result()
            retained = retained_sizes(dominators, vertex, found.shallow_size)
            scratch.give(vertex)
            distance = distance_job.result()
        except BaseException:
            progress.cancel()
            for job in waiting:
                job.cancel()
            raise
    progress.begin("classes")
    sums = sum_retained(
        found.sums, found.classes, found.counted, retained, distance, dominators.dominator, snapshot.root, scratch
    )
    progress.check()
    heap = Heap(
        snapshot,
        names,
        detachedness,
        found.shallow_size,
        found.shapes,
        found.classes,
        sums,
        found.statistics,
        retained,
        distance,
        retainers,
        dominators,
        pairs,
    )
    # What was asked of the light heap meanwhile is not computed again.
    for name, value in vars(found).items():
        vars(heap).setdefault(name, value)
    memory.return_the_rest()
    return heap
