"""Contexts: closures' scopes, and the native contexts that objects belong to (section 11 of DevTools' rules)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.names import Names
from heaptui.kernels import walks
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

Ordinals = npt.NDArray[np.uint32]

NO_CONTEXT, SHARED_CONTEXT = walks.NO_CONTEXT, walks.SHARED_CONTEXT
_SCOPE = "system / Context"
_NATIVE = "system / NativeContext"
_BUDGET = 1 << 22


@dataclass(frozen=True, slots=True)
class NativeContexts:
    """Whose the objects are.

    Attributes:
        ordinals: the native contexts.
        of: int32, by ordinal: the native context's ordinal, NO_CONTEXT or SHARED_CONTEXT.
    """

    ordinals: Ordinals
    of: npt.NDArray[np.int32]


def _named(names: Names, *texts: str) -> npt.NDArray[np.bool_]:
    """The nodes called one of the texts, or one of them and ` / ` and more."""
    strings = names.snapshot.strings
    wanted = np.zeros(len(strings) + len(names.added), bool)
    for text in texts:
        wanted[strings.find(text)] = True
        wanted[strings.starting_with(text + " / ")] = True
        for i, added in enumerate(names.added):
            if added == text or added.startswith(text + " / "):
                wanted[len(strings) + i] = True
    named: npt.NDArray[np.bool_] = wanted[names.index]
    return named


def scopes(names: Names) -> npt.NDArray[np.bool_]:
    """The contexts that closures keep, by ordinal."""
    return _named(names, _SCOPE)


def attribute(snapshot: Snapshot, names: Names, progress: Progress) -> NativeContexts:
    """Find the native context of every object: its map's map's, or that of what leads to it."""
    nodes, edges, header = snapshot.nodes, snapshot.edges, snapshot.header
    native = _named(names, _NATIVE, f"Detached {_NATIVE}")
    ordinals = np.flatnonzero(native).astype(np.uint32)
    of = np.full(snapshot.node_count, NO_CONTEXT, np.int32)
    _attribute_by_map(snapshot, names, native, of)
    of[ordinals] = ordinals
    standing = (of != NO_CONTEXT).astype(np.uint8)
    queue = np.empty(snapshot.node_count, np.uint32)
    anchors = np.flatnonzero(standing)
    queue[: len(anchors)] = anchors
    follow = np.ones(256, np.uint8)
    follow[[header.edge_type("shortcut"), header.edge_type("weak")]] = 0
    state = np.array([0, len(anchors)], np.int64)
    while state[1]:
        progress.check()
        walks.spread_contexts(
            nodes.first_edge, edges.to_node, edges.type, follow, standing, of, queue, state, _BUDGET
        )  # fmt: skip
    return NativeContexts(ordinals, of)


def _attribute_by_map(
    snapshot: Snapshot, names: Names, native: npt.NDArray[np.bool_], of: npt.NDArray[np.int32]
) -> None:
    """Fix the context of objects whose map's map has a `native_context` edge to one."""
    every = np.arange(snapshot.node_count, dtype=np.uint32)
    owner_edge = names.first_edges(every, "native_context", "internal")
    meta_maps = np.flatnonzero(owner_edge >= 0)
    owners = snapshot.edges.to_node[owner_edge[meta_maps]]
    meta_maps, owners = meta_maps[native[owners]], owners[native[owners]]
    if not len(meta_maps):
        return
    owner_of = np.full(snapshot.node_count, NO_CONTEXT, np.int32)
    owner_of[meta_maps] = owners
    map_edge = names.first_edges(every, "map", "internal")
    has_map = map_edge >= 0
    map_of = np.where(has_map, snapshot.edges.to_node[np.maximum(map_edge, 0)], 0)
    fixed = has_map & has_map[map_of]
    of[fixed] = owner_of[map_of[map_of[fixed]]]
