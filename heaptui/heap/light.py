"""What one pass over a snapshot tells: all that needs no dominators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.heap.allocations import Allocations, Timeline, build_allocations, build_timeline
from heaptui.heap.classes import Classes, ClassSums, classify, sum_classes
from heaptui.heap.contexts import NativeContexts, attribute
from heaptui.heap.distances import user_roots
from heaptui.heap.duplicates import Duplicates, find_duplicates
from heaptui.heap.interfaces import Shapes, find_shapes
from heaptui.heap.names import Names
from heaptui.heap.ownership import shallow_sizes
from heaptui.heap.scratch import Scratch
from heaptui.heap.scripts import Scripts, find_scripts
from heaptui.heap.statistics import Statistics, count_statistics
from heaptui.heap.window import FromWindow, reach_from_window
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class LightHeap:
    """A snapshot, its classes and shallow sizes. All arrays are by ordinal.

    `heap.Heap` is one too, and knows besides who keeps what alive.

    Attributes:
        names: what nodes and edges are called.
        detachedness: uint8, see `heap.detachedness`.
        shallow_size: bytes after DevTools' transfer; `snapshot.nodes.self_size` are the file's own.
        shapes: plain objects by their properties, and the interfaces inferred from them.
        classes: the class of every node; sums: what each class adds up to.
    """

    snapshot: Snapshot
    names: Names
    detachedness: npt.NDArray[np.uint8]
    shallow_size: npt.NDArray[np.unsignedinteger]
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
    def from_window(self) -> FromWindow:
        """What scripts can get to by names; found when first asked for."""
        return reach_from_window(self.snapshot, Progress())

    def known_from_window(self, ordinal: int) -> bool:
        """Whether scripts can get to a node; False as long as nobody has asked for `from_window`."""
        found: FromWindow | None = vars(self).get("from_window")
        return found is not None and ordinal in found

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
        return sum_classes(self.classes, self.counted & chosen, self.shallow_size)

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


def build_light(
    names: Names, detachedness: npt.NDArray[np.uint8], scratch: Scratch, progress: Progress, *, raw: bool = False
) -> LightHeap:
    """Compute all that needs no dominators, after `heap.detachedness.find_detached`.

    With `raw`, shallow sizes are the file's own.
    """
    snapshot = names.snapshot
    # DevTools takes a snapshot without user roots for one with internals exposed.
    transferred = not raw and len(user_roots(snapshot, names)) > 0
    shapes = find_shapes(snapshot, names, progress)
    classes = classify(snapshot, names, shapes, shapes.definitions)
    shallow = shallow_sizes(snapshot, names, transferred, scratch, progress)
    progress.check()
    sums = sum_classes(classes, shallow > 0, shallow)
    statistics = count_statistics(snapshot, names, shallow, progress)
    return LightHeap(snapshot, names, detachedness, shallow, shapes, classes, sums, statistics)
