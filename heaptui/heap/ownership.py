"""Shallow sizes after DevTools' transfer of what has one owner only, section 4 of its rules."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from heaptui.heap.essential import edge_runs
from heaptui.heap.names import Names
from heaptui.heap.scratch import Scratch
from heaptui.kernels import walks
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

_RUN = 1 << 17


def shallow_sizes(
    snapshot: Snapshot, names: Names, transferred: bool, scratch: Scratch, progress: Progress
) -> npt.NDArray[np.unsignedinteger]:
    """Shallow sizes in bytes: hidden nodes and arrays that one object alone owns count for that object.

    Not `transferred`, they stay as they are: DevTools does so without user roots, as then the
    snapshot was taken with internals exposed.
    """
    nodes, header = snapshot.nodes, snapshot.header
    if not transferred:
        return nodes.self_size
    array = scratch.take()
    owner = array[: snapshot.node_count]
    _find_owners(snapshot, names, owner, progress)
    size = nodes.self_size.copy()
    owned, owners = np.empty(_RUN, np.uint32), np.empty(_RUN, np.uint32)
    synthetic = header.node_type("synthetic")
    for low in range(0, len(owner), _RUN):
        high = min(len(owner), low + _RUN)
        count = walks.find_moves(owner, nodes.type, synthetic, snapshot.root, low, high, owned, owners)
        moved = nodes.self_size[owned[:count]]
        size[owned[:count]] = 0
        size = _add(size, owners[:count], moved)
    scratch.give(array)
    return size


def _add(
    size: npt.NDArray[np.unsignedinteger], owners: npt.NDArray[np.uint32], moved: npt.NDArray[np.unsignedinteger]
) -> npt.NDArray[np.unsignedinteger]:
    """Add sizes to their owners'; in wider columns where 32 bits do not hold the sums."""
    if size.dtype == np.uint32 and float(moved.sum(dtype=np.float64)) + float(size[owners].max(initial=0)) >= 2.0**32:
        size = size.astype(np.uint64)
    np.add.at(size, owners, moved.astype(size.dtype, copy=False))
    return size


def _find_owners(snapshot: Snapshot, names: Names, owner: npt.NDArray[np.uint32], progress: Progress) -> None:
    nodes, edges, header = snapshot.nodes, snapshot.edges, snapshot.header
    walks.begin_owners(nodes.type, header.node_type("hidden"), header.node_type("array"), owner)
    owner[names.nodes_named("system / ExternalStringData", "native")] = walks.UNOWNED
    stack = np.empty(2 * np.count_nonzero(owner == walks.UNOWNED) + 1, np.uint32)
    for start, stop in edge_runs(nodes.first_edge):
        progress.check()
        walks.find_owners(
            nodes.first_edge, edges.to_node, edges.type, header.edge_type("weak"), start, stop, owner, stack
        )  # fmt: skip
