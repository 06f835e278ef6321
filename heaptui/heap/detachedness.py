"""Which DOM nodes are attached or detached, section 2 of DevTools' rules."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from heaptui.heap.names import Names
from heaptui.kernels import walks
from heaptui.snapshot.snapshot import Snapshot

UNKNOWN, ATTACHED, DETACHED = 0, 1, 2
STATES = ("unknown", "attached", "detached")
_PREFIX = "Detached "


def find_detached(snapshot: Snapshot) -> tuple[npt.NDArray[np.uint8], Names]:
    """The DOM state of every node (uint8), and the names with "Detached " before the detached ones'."""
    told = snapshot.nodes.detachedness
    if told is None:
        return _from_names(snapshot), Names(snapshot, snapshot.nodes.name)
    if not told.any():
        return told, Names(snapshot, snapshot.nodes.name)
    header, nodes, edges = snapshot.header, snapshot.nodes, snapshot.edges
    state = told.copy()
    renamed = np.zeros(snapshot.node_count, np.uint8)
    follow = np.ones(256, np.uint8)
    follow[[header.edge_type(name) for name in ("hidden", "weak")]] = 0
    walks.spread_dom_state(
        nodes.first_edge,
        edges.to_node,
        edges.type,
        follow,
        (nodes.type == header.node_type("native")).view(np.uint8),
        state,
        renamed,
        np.zeros(snapshot.node_count, np.uint8),
        np.empty(snapshot.node_count, np.uint32),
    )
    return state, _with_prefix(snapshot, np.flatnonzero(renamed))


def _with_prefix(snapshot: Snapshot, ordinals: npt.NDArray[np.intp]) -> Names:
    if not len(ordinals):
        return Names(snapshot, snapshot.nodes.name)
    old, which = np.unique(snapshot.nodes.name[ordinals], return_inverse=True)
    index = snapshot.nodes.name.copy()
    index[ordinals] = len(snapshot.strings) + which
    return Names(snapshot, index, [_PREFIX + text for text in snapshot.strings.decode(old)])


def _from_names(snapshot: Snapshot) -> npt.NDArray[np.uint8]:
    """Files without the field tell it by the name alone."""
    native = snapshot.nodes.type == snapshot.header.node_type("native")
    used = np.unique(snapshot.nodes.name[native]).astype(np.uint32)
    maybe = used[np.isin(snapshot.strings.first_bytes(used), (ord("D"), ord("\\")))]
    detached = [index for index in maybe if snapshot.strings[int(index)].startswith(_PREFIX)]
    return np.where(native & np.isin(snapshot.nodes.name, detached), DETACHED, UNKNOWN).astype(np.uint8)
