"""Paths merged by what they look like."""

import numpy as np
import numpy.typing as npt

from heaptui.kernels.classes import mix
from heaptui.kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]

NOBODY = 0xFFFFFFFF
LINKS = 4
"""So many steps may lie between two links of a chain."""


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


@kernel("i8(u4[], u4[], u4[], u4[], u1[], u4[w], u4[w], u4[w], u4[w], u4[w], u4[w])", on_demand=True)
def merge_ways(
    ways: Ordinals,
    parent: Ordinals,
    label: Ordinals,
    class_of: Ordinals,
    part: Bytes,
    table: Ordinals,
    merged: Ordinals,
    above: Ordinals,
    merged_label: Ordinals,
    merged_class: Ordinals,
    example: Ordinals,
) -> int:
    """Merge the nodes `ways`, every one behind its parent, that look alike from the root on.

    `label` is by position in `ways`. Nodes are merged when their parents are and edge label
    and class are equal; a node that looks like what is up to LINKS steps above it (`next` of
    `next`, or the promise of a reaction of a promise) is merged with that, but for those marked
    in `part` by ordinal: an array within an array does not make a chain.
    `table` is scratch as in `classes.group_equal`; `merged` gets, by ordinal, each node's
    number, and the other arrays, by number, what it hangs from, its looks and an example.
    Returns how many numbers there are.
    """
    mask = np.uint64(table.shape[0] - 1)
    n = 0
    for i in range(ways.shape[0]):
        v = ways[i]
        up = np.uint32(0xFFFFFFFF) if parent[v] == 0xFFFFFFFF else merged[parent[v]]
        alike = up if not part[v] else np.uint32(0xFFFFFFFF)
        for _ in range(LINKS):
            if alike == 0xFFFFFFFF or (merged_label[alike] == label[i] and merged_class[alike] == class_of[v]):
                break
            alike = above[alike]
        else:
            alike = np.uint32(0xFFFFFFFF)
        if alike != 0xFFFFFFFF:
            merged[v] = alike
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


BEGINNING = 0x80000000
"""Labels from here on are of nodes from which nothing leads up."""
MOST_GLOBALS = 1000


@kernel("void(u4[], u4[], u4[], u4[], u1[], u4[], u1[], u1[], i8, i8, i8, u4[w], u4[w], u4[w], u4[w])", on_demand=True)
def label_ways(
    ways: Ordinals,
    parent: Ordinals,
    parent_edge: Ordinals,
    looks: Ordinals,
    edge_type: Bytes,
    edge_name: Ordinals,
    nameless: Bytes,
    slot_like: Bytes,
    always_named: int,
    most_names: int,
    most_new_names: int,
    table: Ordinals,
    alike: Ordinals,
    count: Ordinals,
    label: Ordinals,
) -> None:
    """What the edge to each of `ways` is called: 1 + its string, or 0 where it is one of many alike.

    `looks` by ordinal is twice the class, and 1 more where the node is new. Without a name are
    the edge types marked in `nameless`; in those marked 2, only the strings marked in
    `slot_like`. Names are taken for keys where more than `most_names` siblings look alike, or
    `most_new_names` new ones below an old node, but not those of the type `always_named`.
    Below a node from which nothing leads up, such as the global object, MOST_GLOBALS are names.
    `table` is scratch as in `merge_ways`, `alike` and `count` (zeros) are as long as `ways`.
    """
    mask = np.uint64(table.shape[0] - 1)
    for i in range(ways.shape[0]):
        v = ways[i]
        up = parent[v]
        slot = mix((np.uint64(up) << np.uint64(32)) ^ np.uint64(looks[v])) & mask
        while table[slot] != 0xFFFFFFFF:
            w = ways[table[slot]]
            if parent[w] == up and looks[w] == looks[v]:
                break
            slot = (slot + np.uint64(1)) & mask
        if table[slot] == 0xFFFFFFFF:
            table[slot] = i
        alike[i] = table[slot]
        count[table[slot]] += 1
    beginnings = 0
    for i in range(ways.shape[0]):
        v = ways[i]
        e = parent_edge[v]
        if e == 0xFFFFFFFF:
            label[i] = 0x80000000 + beginnings
            beginnings += 1
            continue
        kind = edge_type[e]
        name = edge_name[e]
        label[i] = 0
        if nameless[kind] == 1 or (nameless[kind] == 2 and slot_like[name]):
            continue
        most = most_new_names if looks[v] & 1 and not looks[parent[v]] & 1 else most_names
        if parent_edge[parent[v]] == 0xFFFFFFFF:
            most = MOST_GLOBALS
        if kind == always_named or count[alike[i]] <= most:
            label[i] = name + 1
