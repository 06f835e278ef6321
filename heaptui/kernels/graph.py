"""The graph both ways: which edges retain, who retains a node, what is reached.

A graph is `first_edge` (uint32, one more than there are nodes: edges of node v are
`first_edge[v]` to before `first_edge[v + 1]`), `to_node` (uint32 ordinals) and
`edge_type` (uint8), as the snapshot has them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]

NOBODY = 0xFFFFFFFF
"""No node's ordinal."""

WEAKLY = 0x80000000
"""Set in a retainer's ordinal while its edge is not an essential one."""


@kernel("void(u4[], u4[], u1[], u4[], u1[], u4[], i8, i8, i8, i8, i8, i8, u1[w])")
def mark_essential(
    first_edge: Ordinals,
    to_node: Ordinals,
    edge_type: Bytes,
    edge_name: Ordinals,
    page: Bytes,
    table: Ordinals,
    root: int,
    weak: int,
    shortcut: int,
    internal: int,
    start: int,
    stop: int,
    essential: Bytes,
) -> None:
    """Mark the edges of nodes `start` to `stop` that retain their target.

    DevTools' rules 6 a-e: not a WeakMap's table's half of a pair, not weak, not to itself, no
    shortcut but the root's, not from outside the page (`page` is 0) into it. `table`, by
    string, is the ordinal of the table whose pair a name tells of, and may be empty. Types
    that a file lacks are passed as 255.
    """
    paired = table.shape[0] > 0
    for v in range(start, stop):
        for e in range(first_edge[v], first_edge[v + 1]):
            kind = edge_type[e]
            w = to_node[e]
            keeps = kind != weak and w != v
            if v != root:
                keeps = keeps and kind != shortcut and (page[v] != 0 or page[w] == 0)
            if paired and kind == internal and table[edge_name[e]] == v:
                keeps = False
            essential[e] = keeps


@kernel("void(u4[], i8, i8, u4[w])")
def count_retainers(to_node: Ordinals, start: int, stop: int, counts: Ordinals) -> None:
    """Add the edges `start` to `stop` to the number of retainers of their targets."""
    for e in range(start, stop):
        counts[to_node[e]] += 1


@kernel("void(u4[], i8, i8, u1[w])")
def count_to_two(to_node: Ordinals, start: int, stop: int, counts: Bytes) -> None:
    """Add the edges `start` to `stop` to the number of retainers of their targets, which stays at 2."""
    for e in range(start, stop):
        w = to_node[e]
        if counts[w] < 2:
            counts[w] += 1


@kernel("void(u4[], u4[], u1[], i8, i8, u4[w], u4[w])")
def fill_retainers(
    first_edge: Ordinals,
    to_node: Ordinals,
    essential: Bytes,
    start: int,
    stop: int,
    cursor: Ordinals,
    retainer: Ordinals,
) -> None:
    """Enter the nodes `start` to `stop` as retainers of their targets.

    `cursor[w]` begins as the end of w's slots and ends as their start, so the slots hold
    the edges in reverse order, as DevTools' do (section 5).
    """
    for v in range(start, stop):
        for e in range(first_edge[v], first_edge[v + 1]):
            w = to_node[e]
            slot = cursor[w] - np.uint32(1)
            cursor[w] = slot
            retainer[slot] = v if essential[e] else v | 0x80000000


@kernel("i8(u4[], u4[], u1[], u1[], u1[w], u4[w], i8, i8)")
def flood(
    first_edge: Ordinals,
    to_node: Ordinals,
    edge_type: Bytes,
    follow: Bytes,
    reached: Bytes,
    stack: Ordinals,
    depth: int,
    budget: Any,
) -> int:
    """Mark what can be reached from the `depth` nodes on the stack.

    `follow` (256 entries) tells for each edge type whether it is followed. Nodes on the
    stack are marked in `reached` already; nodes marked otherwise are not entered.
    Stops after about `budget` edges and returns the new depth, 0 when done.
    """
    while depth > 0 and budget > 0:
        depth -= 1
        v = stack[depth]
        budget -= np.int64(first_edge[v + 1]) - np.int64(first_edge[v]) + 1
        for e in range(first_edge[v], first_edge[v + 1]):
            w = to_node[e]
            if reached[w] == 0 and follow[edge_type[e]]:
                reached[w] = 1
                stack[depth] = w
                depth += 1
    return depth


@kernel("i8(i8, u4[], u4[], u4[], u4[], i8[w])", on_demand=True)
def retaining_edges(
    target: int, first_retainer: Ordinals, retainer: Ordinals, first_edge: Ordinals, to_node: Ordinals, out: Int64s
) -> int:
    """The edges that lead to `target`, one for each of its retainer slots, in slot order.

    Parallel edges of one retainer stand in adjacent slots, the last edge first.
    """
    n = 0
    previous = np.int64(-1)
    e = np.int64(0)
    for slot in range(first_retainer[target], first_retainer[target + 1]):
        v = np.int64(retainer[slot])
        if v != previous:
            e = np.int64(first_edge[v + 1])
            previous = v
        e -= 1
        while e >= first_edge[v] and to_node[e] != target:
            e -= 1
        out[n] = e
        n += 1
    return n


@kernel("void(u4[], u4[], u1[], u4[], u1[], i8, u1[], i8, i8[w])")
def find_named_edges(
    nodes: Ordinals,
    first_edge: Ordinals,
    edge_type: Bytes,
    edge_name: Ordinals,
    numbered: Bytes,
    wanted_type: int,
    wanted_names: Bytes,
    wanted_number: int,
    out: Int64s,
) -> None:
    """For each of `nodes` its first edge of that type (any where negative) and name, or -1.

    `numbered` (256 entries) tells which types have a number for a name: they are compared
    with `wanted_number` (none where negative); the others are looked up in `wanted_names`, by string.
    """
    for i in range(nodes.shape[0]):
        v = nodes[i]
        out[i] = -1
        for e in range(first_edge[v], first_edge[v + 1]):
            kind = edge_type[e]
            if wanted_type >= 0 and kind != wanted_type:
                continue
            if numbered[kind]:
                if edge_name[e] == wanted_number:
                    out[i] = e
            elif wanted_names[edge_name[e]]:
                out[i] = e
            if out[i] >= 0:
                break
