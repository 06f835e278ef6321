"""How far a node is from the roots, section 7 of DevTools' rules."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from heaptui.heap.essential import WeakPairs
from heaptui.heap.names import Names, leading_number
from heaptui.heap.scratch import Scratch
from heaptui.kernels import walks
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

NO_DISTANCE = walks.NO_DISTANCE
SYSTEM_DISTANCE = 100_000_000
UNREACHABLE_DISTANCE = 200_000_000
_NOT_ENTERED = NO_DISTANCE - 1
_BUDGET = 1 << 22


def user_roots(snapshot: Snapshot, names: Names) -> npt.NDArray[np.uint32]:
    """The root's children that are no system roots, once for each edge; ordinals."""
    nodes = snapshot.nodes
    children = snapshot.edges.to_node[int(nodes.first_edge[snapshot.root]) : int(nodes.first_edge[snapshot.root + 1])]
    synthetic = nodes.type[children] == snapshot.header.node_type("synthetic")
    trees = names.nodes_named("(Document DOM trees)", "synthetic")
    roots: npt.NDArray[np.uint32] = children[~synthetic | np.isin(children, trees)]
    return roots


def measure_distances(
    snapshot: Snapshot,
    names: Names,
    pairs: WeakPairs,
    scratch: Scratch,
    progress: Progress,
    ignored: Collection[int] = (),
) -> npt.NDArray[np.int32]:
    """Distances (int32): edges from the nearest user root, plus 100,000,000 where only a system
    root leads there, NO_DISTANCE where nothing does.

    Ignored nodes are not entered, unless they are user roots themselves (section 14).
    """
    count = snapshot.node_count
    header, nodes, edges = snapshot.header, snapshot.nodes, snapshot.edges
    roots = user_roots(snapshot, names)
    distance = np.full(count, NO_DISTANCE, np.int32)
    distance[list(ignored)] = _NOT_ENTERED
    queue = scratch.take()
    node_rule, name_rule = _rules(snapshot, names)
    pair = pairs.by_string(len(snapshot.strings))
    pending = np.zeros(int(pairs.number.max(initial=0)) + 1, np.uint8)

    def spread(tail: int) -> None:
        state = np.array([0, tail], np.int64)
        while state[0] < state[1]:
            progress.check()
            walks.measure_distances(
                nodes.first_edge, edges.to_node, edges.type, edges.name_or_index, node_rule, name_rule, pair,
                header.edge_type("weak"), header.edge_type("internal"), header.edge_type("element"),
                header.edge_type("hidden"), pending, distance, queue, state, _BUDGET,
            )  # fmt: skip

    distance[roots] = 1
    queue[: len(roots)] = roots
    spread(len(roots))
    distance[snapshot.root] = SYSTEM_DISTANCE if len(roots) else 0
    queue[0] = snapshot.root
    spread(1)
    scratch.give(queue)
    if ignored:
        distance[distance == _NOT_ENTERED] = NO_DISTANCE
    return distance


def _rules(snapshot: Snapshot, names: Names) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The nodes with a rule of their own, and the names that these rules skip."""
    nodes, edges = snapshot.nodes, snapshot.edges
    node_rule = np.zeros(snapshot.node_count, np.uint8)
    name_rule = np.zeros(len(snapshot.strings), np.uint8)
    contexts = names.nodes_named("system / NativeContext", "hidden")
    descriptors = names.nodes_named("(map descriptors)", "array")
    node_rule[contexts] = walks.NATIVE_CONTEXT
    node_rule[descriptors] = walks.MAP_DESCRIPTORS
    if len(contexts):
        name_rule[names.find("sloppy_function_map")] |= walks.SLOPPY_FUNCTION_MAP
    if len(descriptors):
        of_descriptors = edges_of(nodes.first_edge, descriptors)
        numbered = [snapshot.header.edge_type(name) for name in ("element", "hidden")]
        texts = of_descriptors[~np.isin(edges.type[of_descriptors], numbered)]
        for index in np.unique(edges.name_or_index[texts]):
            number = leading_number(snapshot.strings[int(index)])
            if number is not None and number >= 2 and number % 3 == 1:
                name_rule[index] |= walks.DESCRIPTOR_LINK
    return node_rule, name_rule


def edges_of(first_edge: npt.NDArray[np.uint32], ordinals: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """All edges of some nodes, in the nodes' order."""
    begin = first_edge[ordinals].astype(np.int64)
    counts = first_edge[ordinals + np.uint32(1)].astype(np.int64) - begin
    ends = np.cumsum(counts)
    edges: npt.NDArray[np.int64] = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(
        begin - (ends - counts), counts
    )
    return edges
