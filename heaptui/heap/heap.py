"""Everything DevTools computes of one snapshot, as arrays by ordinal."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.heap.allocations import Allocations, Timeline, build_allocations, build_timeline
from heaptui.heap.classes import Classes, ClassSums, classify, sum_classes
from heaptui.heap.contexts import NativeContexts, attribute
from heaptui.heap.detachedness import find_detached
from heaptui.heap.distances import SYSTEM_DISTANCE, measure_distances, user_roots
from heaptui.heap.dominators import DominatorTree, Retainers, build_dominators, build_retainers, retained_sizes
from heaptui.heap.duplicates import Duplicates, find_duplicates
from heaptui.heap.essential import WeakPairs, find_weak_pairs, mark_essential
from heaptui.heap.interfaces import Shapes, find_shapes
from heaptui.heap.names import Names
from heaptui.heap.ownership import shallow_sizes
from heaptui.heap.scripts import Scripts, find_scripts
from heaptui.heap.statistics import Statistics, count_statistics
from heaptui.kernels import graph, jit
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot, load_snapshot

Ordinals = npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Heap:
    """A snapshot and what follows from it. All arrays are by ordinal.

    Attributes:
        names: what nodes and edges are called.
        detachedness: uint8, see `heap.detachedness`.
        shallow_size: bytes after DevTools' transfer; `snapshot.nodes.self_size` are the file's own.
        retained_size: int64, bytes.
        distance: int32, edges from the roots; see `shown_distance`.
        retainers: who refers to a node.
        dominators: who would free it.
        weak_pairs: the names of WeakMap entries, and which belong together.
        shapes: plain objects by their properties, and the interfaces inferred from them.
        classes: the class of every node; sums: what each class adds up to.
    """

    snapshot: Snapshot
    names: Names
    detachedness: npt.NDArray[np.uint8]
    shallow_size: npt.NDArray[np.unsignedinteger]
    retained_size: npt.NDArray[np.int64]
    distance: npt.NDArray[np.int32]
    retainers: Retainers
    dominators: DominatorTree
    weak_pairs: WeakPairs
    shapes: Shapes
    classes: Classes
    sums: ClassSums
    statistics: Statistics

    @property
    def node_count(self) -> int:
        """How many objects there are."""
        return self.snapshot.node_count

    @property
    def edge_count(self) -> int:
        """How many edges there are."""
        return self.snapshot.edge_count

    @property
    def total_size(self) -> int:
        """The heap's size in bytes, memory outside V8's heap included."""
        return self.statistics.total

    @cached_property
    def counted(self) -> npt.NDArray[np.bool_]:
        """The objects that Summary and Comparison count: those with a shallow size."""
        return self.shallow_size > 0

    @property
    def everything(self) -> npt.NDArray[np.bool_]:
        """All objects, as a filter shows them."""
        return np.ones(self.node_count, bool)

    @cached_property
    def duplicates(self) -> Duplicates:
        """The strings that stand there more than once; computed when first asked for."""
        return find_duplicates(self.snapshot, self.names, self.shallow_size)

    @cached_property
    def native_contexts(self) -> NativeContexts:
        """The native contexts and whose every object is; computed when first asked for."""
        return attribute(self.snapshot, self.names, Progress())

    @cached_property
    def scripts(self) -> Scripts:
        """The scripts that functions and classes come from; found when first asked for."""
        return find_scripts(self.snapshot, self.names)

    @cached_property
    def timeline(self) -> Timeline | None:
        """What was allocated when; None where the file has no samples."""
        samples = self.snapshot.samples
        return None if samples is None else build_timeline(self.snapshot, samples, self.shallow_size)

    @cached_property
    def allocations(self) -> Allocations | None:
        """Who allocated; None where the file has no allocation stacks."""
        traces = self.snapshot.traces
        return None if traces is None else build_allocations(self.snapshot, traces, self.shallow_size)

    def sums_of(self, chosen: npt.NDArray[np.bool_]) -> ClassSums:
        """What the classes add up to when only the chosen objects are counted."""
        return sum_classes(
            self.classes.of,
            len(self.classes.names),
            self.counted & chosen,
            self.shallow_size,
            self.retained_size,
            self.distance,
            self.dominators.dominator,
            self.snapshot.root,
        )

    def object_with_id(self, identifier: int) -> int | None:
        """The ordinal of the object `@identifier`, or None."""
        found = np.flatnonzero(self.snapshot.nodes.id == identifier)
        return int(found[0]) if len(found) else None

    def id(self, ordinal: int) -> int:
        """The number a user sees as `@id`."""
        return int(self.snapshot.nodes.id[ordinal])

    def node_type(self, ordinal: int) -> str:
        """The name of a node's type."""
        return self.snapshot.header.node_types[int(self.snapshot.nodes.type[ordinal])]

    def edge_type(self, edge: int) -> str:
        """The name of an edge's type."""
        return self.snapshot.header.edge_types[int(self.snapshot.edges.type[edge])]

    def edges(self, ordinal: int) -> npt.NDArray[np.int64]:
        """The edges from a node."""
        first = self.snapshot.nodes.first_edge
        return np.arange(int(first[ordinal]), int(first[ordinal + 1]))

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
    path: str | os.PathLike[str], progress: Progress | None = None, *, raw: bool = False, salvage: bool = False
) -> Heap:
    """Read a file and compute everything; raises SnapshotError or Cancelled.

    With `raw`, shallow sizes are the file's own, without DevTools' transfer; with `salvage`, a
    file that ends too early is read as far as it goes.
    """
    progress = progress or Progress()
    compile_kernels(progress)
    snapshot = load_snapshot(path, progress, salvage=salvage)
    try:
        return build_heap(snapshot, progress, raw=raw)
    except MemoryError:
        raise SnapshotError("not enough memory to analyse it", path=os.fspath(path)) from None


def compile_kernels(progress: Progress) -> None:
    """Compile the kernels on a machine's first run; else load them while the file is being read."""
    kernels = jit.kernels()
    if jit.cached():
        threading.Thread(target=_load_all, args=(kernels,), daemon=True).start()
        return
    for i, kernel in enumerate(kernels, 1):
        progress.begin(f"compiling kernels (first run on this machine) {i}/{len(kernels)}")
        kernel.compile()


def _load_all(kernels: Sequence[jit.Kernel[..., Any]]) -> None:
    for kernel in kernels:
        kernel.compile()


def build_heap(snapshot: Snapshot, progress: Progress | None = None, *, raw: bool = False) -> Heap:
    """Compute everything of a snapshot, on two threads where the parts do not need each other."""
    progress = progress or Progress()
    progress.begin("names and DOM state")
    detachedness, names = find_detached(snapshot)
    pairs = find_weak_pairs(snapshot, progress)

    def sizes() -> npt.NDArray[np.unsignedinteger]:
        transferred = not raw and len(user_roots(snapshot, names)) > 0
        return shallow_sizes(snapshot, names, transferred, progress)

    def classes() -> tuple[Shapes, Classes]:
        shapes = find_shapes(snapshot, names, progress)
        return shapes, classify(snapshot, names, shapes, shapes.definitions)

    with ThreadPoolExecutor(1) as beside:
        waiting: list[Future[Any]] = []
        try:
            shallow_job = beside.submit(sizes)
            distance_job = beside.submit(measure_distances, snapshot, names, pairs, progress)
            classes_job = beside.submit(classes)
            waiting += [shallow_job, distance_job, classes_job]
            progress.begin("retainers")
            essential = mark_essential(snapshot, names, pairs, progress)
            retainers = build_retainers(snapshot, essential, progress)
            progress.begin("dominators", 2 * snapshot.node_count)
            dominators = build_dominators(snapshot, essential, retainers, progress)
            del essential
            progress.begin("retained sizes")
            shallow = shallow_job.result()
            retained = retained_sizes(dominators, shallow)
            distance = distance_job.result()
            shapes, found = classes_job.result()
        except BaseException:
            progress.cancel()
            for job in waiting:
                job.cancel()
            raise
    progress.begin("classes")
    sums = sum_classes(
        found.of, len(found.names), shallow > 0, shallow, retained, distance, dominators.dominator, snapshot.root
    )
    total = int(retained[snapshot.root]) + snapshot.header.extra_native_bytes
    statistics = count_statistics(snapshot, names, shallow, retainers.first, total)
    progress.check()
    return Heap(
        snapshot,
        names,
        detachedness,
        shallow,
        retained,
        distance,
        retainers,
        dominators,
        pairs,
        shapes,
        found,
        sums,
        statistics,
    )
