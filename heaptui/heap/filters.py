"""DevTools' filters: which objects would go if something were not there (section 11 of its rules)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from heaptui.heap import contexts
from heaptui.heap.detachedness import DETACHED
from heaptui.heap.distances import NO_DISTANCE, edges_of
from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.heap.names import leading_number
from heaptui.kernels import graph
from heaptui.snapshot.progress import Progress

Mask = npt.NDArray[np.bool_]
Filter = Callable[[LightHeap, Progress], Mask]

_BUDGET = 1 << 22
_CONSOLE = " / DevTools console"


def _only_through(
    heap: LightHeap, barred: Mask, progress: Progress, edge_type: npt.NDArray[np.uint8] | None = None
) -> Mask:
    """What the root reaches, but not without entering a barred node."""
    distance = _distances(heap)
    nodes, edges, header = heap.snapshot.nodes, heap.snapshot.edges, heap.snapshot.header
    reached = np.where(barred, 2, 0).astype(np.uint8)
    reached[heap.snapshot.root] = 1
    stack = np.empty(heap.node_count + 1, np.uint32)
    stack[0] = heap.snapshot.root
    follow = np.ones(256, np.uint8)
    follow[header.edge_type("weak")] = 0
    depth, kinds = 1, edges.type if edge_type is None else edge_type
    while depth:
        progress.check()
        depth = graph.flood(nodes.first_edge, edges.to_node, kinds, follow, reached, stack, depth, _BUDGET)
    left: Mask = (reached != 1) & (distance != NO_DISTANCE)
    return left


def _distances(heap: LightHeap) -> npt.NDArray[np.int32]:
    if not isinstance(heap, Heap):
        raise LookupError("this filter needs distances from the roots, which are not known in light mode")
    return heap.distance


def _equal(values: npt.NDArray[np.int32], wanted: int) -> Mask:
    equal: Mask = values == wanted
    return equal


def _duplicate_strings(heap: LightHeap, progress: Progress) -> Mask:
    mask = np.zeros(heap.node_count, bool)
    mask[heap.duplicates.nodes] = True
    return mask


def _detached(heap: LightHeap, progress: Progress) -> Mask:
    return _only_through(heap, heap.detachedness == DETACHED, progress)


def _by_contexts(heap: LightHeap, progress: Progress) -> Mask:
    return _only_through(heap, contexts.scopes(heap.names), progress)


def _by_console(heap: LightHeap, progress: Progress) -> Mask:
    """Without the edges that stand for the console's variables, which lead from system roots."""
    snapshot = heap.snapshot
    synthetic = np.flatnonzero(snapshot.nodes.type == snapshot.header.node_type("synthetic")).astype(np.uint32)
    edges = edges_of(snapshot.nodes.first_edge, synthetic)
    kinds = snapshot.edges.type[edges]
    numbered = np.isin(kinds, [snapshot.header.edge_type("element"), snapshot.header.edge_type("hidden")])
    edges = edges[~numbered]
    different, which = np.unique(snapshot.edges.name_or_index[edges], return_inverse=True)
    names = [heap.names.text(int(index)) for index in different]
    owned = np.array([name.endswith(_CONSOLE) for name in names], bool)
    numeric = np.array([leading_number(name) is not None for name in names], bool)
    is_shortcut = snapshot.edges.type[edges] == snapshot.header.edge_type("shortcut")
    chosen = edges[owned[which] & ~(numeric[which] & is_shortcut)] if len(edges) else edges
    without = snapshot.edges.type.copy()
    without[chosen] = snapshot.header.edge_type("weak")
    return _only_through(heap, np.zeros(heap.node_count, bool), progress, without)


def _by_event_handlers(heap: LightHeap, progress: Progress) -> Mask:
    """Without entering the functions that event listeners call, or what stands for one."""
    snapshot, names = heap.snapshot, heap.names
    listeners = names.nodes_named("V8EventListener")
    edge = names.first_edges(listeners, "1")
    callbacks = snapshot.edges.to_node[edge[edge >= 0]]
    barred = np.zeros(heap.node_count, bool)
    direct = names.first_edges(callbacks, "code") >= 0
    barred[callbacks[direct]] = True
    for callback in np.unique(callbacks[~direct]).tolist():
        children = snapshot.edges.to_node[heap.edges(callback)]
        functions = children[names.first_edges(children, "code") >= 0]
        barred[functions[0] if len(functions) else callback] = True
    return _only_through(heap, barred, progress)


def _shared(heap: LightHeap, progress: Progress) -> Mask:
    return _equal(heap.native_contexts.of, contexts.SHARED_CONTEXT)


def _without_context(heap: LightHeap, progress: Progress) -> Mask:
    return _equal(heap.native_contexts.of, contexts.NO_CONTEXT)


def _unreachable(heap: LightHeap, progress: Progress) -> Mask:
    return _equal(_distances(heap), NO_DISTANCE)


FILTERS: Mapping[str, Filter] = {
    "duplicate-strings": _duplicate_strings,
    "detached-dom": _detached,
    "console": _by_console,
    "event-handlers": _by_event_handlers,
    "contexts": _by_contexts,
    "shared-native-context": _shared,
    "no-native-context": _without_context,
    "unreachable": _unreachable,
}


def filter_objects(heap: LightHeap, name: str, progress: Progress | None = None) -> Mask:
    """The objects that a filter shows, by ordinal.

    Raises KeyError for an unknown name, and LookupError, with a sentence for the user, where a light
    heap lacks what the filter needs.
    """
    return FILTERS[name](heap, progress or Progress())


def of_native_context(heap: LightHeap, ordinal: int) -> Mask:
    """The objects attributed to one native context; raises KeyError where the object is none."""
    if ordinal not in heap.native_contexts.ordinals:
        raise KeyError(ordinal)
    return _equal(heap.native_contexts.of, ordinal)


def new_since(heap: LightHeap, ids: npt.NDArray[np.unsignedinteger]) -> Mask:
    """The objects whose id an earlier snapshot lacks."""
    return ~np.isin(heap.snapshot.nodes.id, ids)


def id_range(heap: LightHeap, low: int, high: int) -> Mask:
    """The objects with `low < id <= high`, as between two moments of a timeline."""
    ids = heap.snapshot.nodes.id
    within: Mask = (ids > low) & (ids <= high)
    return within
