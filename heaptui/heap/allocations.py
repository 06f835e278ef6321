"""Who allocated, and when, section 15 of DevTools' rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.snapshot.snapshot import Snapshot
from heaptui.snapshot.traces import Samples, Traces

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was allocated between two samples and lives still; one entry a sample.

    Attributes:
        time_ms: when the sample was taken; last_id: the last id given by then.
        count, size: objects with ids since the sample before, and their shallow bytes.
    """

    time_ms: npt.NDArray[np.float64]
    last_id: Int64s
    count: Int64s
    size: Int64s


def build_timeline(snapshot: Snapshot, samples: Samples, shallow: npt.NDArray[np.unsignedinteger]) -> Timeline:
    """Sort the JavaScript objects, which have odd ids, into the samples."""
    ids = snapshot.nodes.id
    odd = np.flatnonzero(ids & 1)
    # The first sample whose last id is not smaller, as a binary search finds it.
    sample = np.searchsorted(samples.last_assigned_id, ids[odd].astype(np.int64))
    known = sample < len(samples.last_assigned_id)
    sample, odd = sample[known], odd[known]
    size = np.zeros(len(samples.last_assigned_id), np.int64)
    np.add.at(size, sample, shallow[odd].astype(np.int64))
    count = np.bincount(sample, minlength=len(size))
    return Timeline(samples.timestamp_us / 1000, samples.last_assigned_id, count, size)


@dataclass(frozen=True, slots=True)
class Frame:
    """A function in an allocation stack; line and column from 1 as in the file, 0 or less where unknown."""

    function: str
    script: str
    script_id: int
    line: int
    column: int

    @property
    def place(self) -> str:
        """Where it was written, as far as the file tells."""
        return (
            f"{self.script or f'script {self.script_id}'}:{self.line}:{self.column}" if self.line > 0 else self.script
        )


@dataclass(frozen=True)
class Allocations:
    """Allocations by function and by stack.

    Attributes:
        traces: the tree of calls, as the file has it.
        live_count, live_size: by node of the tree, the objects it allocated that live still.
        function_*: by function, the sums over the tree's nodes that allocated something.
    """

    snapshot: Snapshot
    traces: Traces
    live_count: Int64s
    live_size: Int64s
    function_count: Int64s
    function_size: Int64s
    function_live_count: Int64s
    function_live_size: Int64s

    def frame(self, function: int) -> Frame:
        """A function of the table; a nameless one where a stack names one that is not there."""
        traces = self.traces
        if not 0 <= function < len(traces.function_name):
            return Frame("(unknown)", "", 0, 0, 0)
        strings = self.snapshot.strings
        return Frame(
            strings[int(traces.function_name[function])],
            strings[int(traces.script_name[function])],
            int(traces.script_id[function]),
            int(traces.line[function]),
            int(traces.column[function]),
        )

    def stack(self, ordinal: int) -> Sequence[Frame]:
        """Who allocated an object, innermost first; empty where it was not recorded."""
        ids = self.snapshot.nodes.trace_node_id
        if ids is None or not ids[ordinal]:
            return []
        found = np.flatnonzero(self.traces.id == ids[ordinal])
        node = int(found[0]) if len(found) else -1
        frames = []
        while node >= 0:
            frames.append(self.frame(int(self.traces.function[node])))
            node = int(self.traces.parent[node])
        return frames

    def tops(self, function: int) -> Int64s:
        """The tree's nodes at which a function allocated something itself."""
        traces = self.traces
        return np.flatnonzero((traces.function == function) & (traces.count > 0))


def build_allocations(snapshot: Snapshot, traces: Traces, shallow: npt.NDArray[np.unsignedinteger]) -> Allocations:
    """Add up the live objects by stack, and stacks by function."""
    live_count, live_size = _live(snapshot, traces, shallow)
    # Stacks may name functions that the table lacks: Node's own callback allocates while it is written.
    functions = max(len(traces.function_name), int(traces.function.max(initial=-1)) + 1)
    chosen = traces.count > 0

    def by_function(values: Int64s) -> Int64s:
        sums = np.zeros(functions, np.int64)
        np.add.at(sums, traces.function[chosen], values[chosen])
        return sums

    return Allocations(
        snapshot,
        traces,
        live_count,
        live_size,
        by_function(traces.count),
        by_function(traces.size),
        by_function(live_count),
        by_function(live_size),
    )


def _live(snapshot: Snapshot, traces: Traces, shallow: npt.NDArray[np.unsignedinteger]) -> tuple[Int64s, Int64s]:
    count, size = np.zeros(len(traces.id), np.int64), np.zeros(len(traces.id), np.int64)
    ids = snapshot.nodes.trace_node_id
    if ids is None:
        return count, size
    order = np.argsort(traces.id, kind="stable")
    at = np.searchsorted(traces.id[order], ids)
    at = np.minimum(at, len(order) - 1)
    known = np.flatnonzero(traces.id[order][at] == ids)
    node = order[at[known]]
    np.add.at(size, node, shallow[known].astype(np.int64))
    return np.bincount(node, minlength=len(count)), size
