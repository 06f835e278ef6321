"""The tree of shortest paths, and its paths merged by what they look like."""

import numpy as np
import numpy.typing as npt

from heaptui.kernels.classes import mix
from heaptui.kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Distances = npt.NDArray[np.int32]

NOBODY = 0xFFFFFFFF


@kernel("void(u4[], u4[], u1[], i4[], i8, i8, i8, i8, u4[w], u4[w])", on_demand=True)
def find_parents(
    first_edge: Ordinals,
    to_node: Ordinals,
    edge_type: Bytes,
    distance: Distances,
    root: int,
    weak: int,
    start: int,
    stop: int,
    parent: Ordinals,
    parent_edge: Ordinals,
) -> None:
    """For the targets of nodes `start` to `stop`: who leads to them on a shortest path, and by which edge.

    Of several the first counts. `parent` and `parent_edge` begin as NOBODY. User roots hang
    from the root.
    """
    for v in range(start, stop):
        d = distance[v]
        if d < 0 and v != root:
            continue
        for e in range(first_edge[v], first_edge[v + 1]):
            w = to_node[e]
            if parent[w] != 0xFFFFFFFF or edge_type[e] == weak or w == root:
                continue
            if distance[w] == d + 1 or (v == root and distance[w] == 1):
                parent[w] = v
                parent_edge[w] = e


@kernel("i8(u4[], u4[], u1[w])", on_demand=True)
def mark_ways(nodes: Ordinals, parent: Ordinals, marked: Bytes) -> int:
    """Mark some nodes and all on their ways to the root; returns how many are marked."""
    count = 0
    for i in range(nodes.shape[0]):
        v = nodes[i]
        while v != 0xFFFFFFFF and marked[v] == 0:
            marked[v] = 1
            count += 1
            v = parent[v]
    return count


@kernel("i8(u4[], u4[], u4[], u4[], u4[w], u4[w], u4[w], u4[w], u4[w], u4[w])", on_demand=True)
def merge_ways(
    ways: Ordinals,
    parent: Ordinals,
    label: Ordinals,
    class_of: Ordinals,
    table: Ordinals,
    merged: Ordinals,
    above: Ordinals,
    merged_label: Ordinals,
    merged_class: Ordinals,
    example: Ordinals,
) -> int:
    """Merge the nodes `ways`, every one behind its parent, that look alike from the root on.

    `label` is by position in `ways`. Nodes are merged when their parents are and edge label
    and class are equal; a node that looks like its parent (`next` of `next`) is merged with it.
    `table` is scratch as in `classes.group_equal`; `merged` gets, by ordinal, each node's
    number, and the other arrays, by number, what it hangs from, its looks and an example.
    Returns how many numbers there are.
    """
    mask = np.uint64(table.shape[0] - 1)
    n = 0
    for i in range(ways.shape[0]):
        v = ways[i]
        up = np.uint32(0xFFFFFFFF) if parent[v] == 0xFFFFFFFF else merged[parent[v]]
        if up != 0xFFFFFFFF and merged_label[up] == label[i] and merged_class[up] == class_of[v]:
            merged[v] = up
            continue
        h = mix(mix(np.uint64(up) + np.uint64(1)) ^ (np.uint64(label[i]) << np.uint64(32)) ^ np.uint64(class_of[v]))
        slot = h & mask
        while table[slot] != 0xFFFFFFFF:
            k = table[slot]
            if above[k] == up and merged_label[k] == label[i] and merged_class[k] == class_of[v]:
                break
            slot = (slot + np.uint64(1)) & mask
        if table[slot] == 0xFFFFFFFF:
            table[slot] = n
            above[n] = up
            merged_label[n] = label[i]
            merged_class[n] = class_of[v]
            example[n] = v
            n += 1
        merged[v] = table[slot]
    return n
