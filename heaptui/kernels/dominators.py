"""Dominators, after Lengauer and Tarjan, ACM TOPLAS 1 (1979) 121-141, simple linking.

Worst case O(m log n), no recursion. All arrays are in depth-first numbers, 1 for the
root; 0 means none. Nodes that the root does not reach are taken in as DevTools does
(section 6 of its rules): first each node without an essential retainer, with what hangs
from it, then the rest one by one, all directly below the root.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import inline, kernel

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]


@inline
def _is_orphan(v: int, first_retainer: Ordinals, retainer: Ordinals) -> bool:
    orphan = True
    for slot in range(first_retainer[v], first_retainer[v + 1]):
        if retainer[slot] < 0x80000000:
            orphan = False
            break
    return orphan


@kernel("void(u4[], u4[], u1[], u4[], u4[], u4[w], u4[w], u4[w], u4[w], i8[w], i8, i8)")
def number_nodes(
    first_edge: Ordinals,
    to_node: Ordinals,
    essential: Bytes,
    first_retainer: Ordinals,
    retainer: Ordinals,
    number: Ordinals,
    vertex: Ordinals,
    parent: Ordinals,
    cursor: Ordinals,
    state: Int64s,
    last: int,
    budget: Any,
) -> None:
    """Depth-first numbers of all nodes; stops behind the stage `last`, or after about `budget` edges.

    `state` is [numbered, current number or 0, stage, next candidate, reached from the
    root, reached from orphans too]. It starts as [1, 1, 0, 0, 0, 0] with the root numbered;
    stage is 3 when done. Only the stages behind 0 need the retainers. `number` is by ordinal;
    `vertex` and `parent` are by number.
    """
    node_count = number.shape[0]
    numbered = state[0]
    current = state[1]
    while budget > 0 and state[2] <= last:
        if current == 0:
            budget -= 1
            if state[2] == 0:
                state[4] = numbered
                state[2] = 1
                continue
            v = state[3]
            if v == node_count or numbered == node_count:
                state[2] = 3 if numbered == node_count else state[2] + 1
                state[3] = 0
                if state[5] == 0:
                    state[5] = numbered
                continue
            state[3] = v + 1
            if number[v] == 0 and (state[2] == 2 or _is_orphan(v, first_retainer, retainer)):
                numbered += 1
                number[v] = numbered
                vertex[numbered] = v
                parent[numbered] = 1
                cursor[v] = first_edge[v]
                if state[2] == 1:
                    current = numbered
            continue
        v = vertex[current]
        e = np.int64(cursor[v])
        begin = e
        end = np.int64(first_edge[v + 1])
        while e < end and (essential[e] == 0 or number[to_node[e]] != 0):
            e += 1
        budget -= e - begin + 1
        if e < end:
            w = to_node[e]
            cursor[v] = e + 1
            numbered += 1
            number[w] = numbered
            vertex[numbered] = w
            parent[numbered] = current
            cursor[w] = first_edge[w]
            current = numbered
        else:
            cursor[v] = e
            current = np.int64(parent[current])
            # A tree that hangs from the root only for want of a retainer ends there.
            if state[2] == 1 and current == 1:
                current = 0
    state[0] = numbered
    state[1] = current


@inline
def _compress(v: int, linked: int, ancestor: Ordinals, semi: Ordinals, label: Ordinals, stack: Ordinals) -> None:
    depth = 0
    while ancestor[v] >= linked:
        stack[depth] = v
        depth += 1
        v = ancestor[v]
    while depth > 0:
        depth -= 1
        w = stack[depth]
        a = ancestor[w]
        if semi[label[a]] < semi[label[w]]:
            label[w] = label[a]
        ancestor[w] = ancestor[a]


@kernel("i8(u4[], u4[], u4[], u4[], u4[w], u4[w], u4[w], u4[w], u4[w], i8, i8)")
def find_semidominators(
    first_retainer: Ordinals,
    retainer: Ordinals,
    number: Ordinals,
    vertex: Ordinals,
    ancestor: Ordinals,
    semi: Ordinals,
    label: Ordinals,
    dominator: Ordinals,
    stack: Ordinals,
    i: int,
    budget: Any,
) -> int:
    """The main loop, from number `i` down to 2; returns the next number, 1 when done.

    `ancestor` begins as the parents: a number is linked from the moment it was
    processed, so `x >= i` tells what the paper tells by ancestor 0. `semi` and `label`
    of greater numbers begin as these themselves. `dominator`, which begins as zeros, is
    also the buckets: below `i` the first member of each number's, from `i` on the next
    member, until that gets its dominator. The bucket of a number is empty again when the
    last of its children was processed.
    """
    while i > 1 and budget > 0:
        w = vertex[i]
        best = np.uint32(i)
        orphan = True
        budget -= np.int64(first_retainer[w + 1]) - np.int64(first_retainer[w]) + 1
        for slot in range(first_retainer[w], first_retainer[w + 1]):
            r = retainer[slot]
            if r >= 0x80000000:
                continue
            orphan = False
            v = number[r]
            if v > i:
                _compress(v, i + 1, ancestor, semi, label, stack)
                v = semi[label[v]]
            if v < best:
                best = v
        if orphan:
            best = np.uint32(1)
        semi[i] = best
        label[i] = i
        dominator[i] = dominator[best]
        dominator[best] = i
        p = ancestor[i]
        v = dominator[p]
        dominator[p] = 0
        while v != 0:
            after = dominator[v]
            _compress(v, i, ancestor, semi, label, stack)
            u = label[v]
            dominator[v] = u if semi[u] < semi[v] else p
            v = after
        i -= 1
    return i


@kernel("void(u4[], u4[], i8, i8, u4[w], u4[w])")
def finish_dominators(
    vertex: Ordinals, semi: Ordinals, ranked: int, numbered: int, dominator: Ordinals, by_ordinal: Ordinals
) -> None:
    """The paper's last step; then `by_ordinal` gets each node's dominator's ordinal.

    Numbers above `ranked` are the cliques that nothing reaches: they hang from the root.
    """
    for i in range(2, ranked + 1):
        if dominator[i] != semi[i]:
            dominator[i] = dominator[dominator[i]]
    by_ordinal[vertex[1]] = vertex[1]
    for i in range(2, numbered + 1):
        by_ordinal[vertex[i]] = vertex[dominator[i]] if i <= ranked else vertex[1]


@kernel("void(u4[], u4[], i8, i8[w])")
def add_retained(vertex: Ordinals, dominator: Ordinals, numbered: int, retained: Int64s) -> None:
    """Turn shallow sizes into retained sizes: every node's is added to its dominator's.

    A dominator has a smaller number than what it dominates, so one pass suffices.
    """
    for i in range(numbered, 1, -1):
        v = vertex[i]
        retained[dominator[v]] += retained[v]
