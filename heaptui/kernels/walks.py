"""DevTools' walks over the heap: distances, owners of shallow sizes, DOM state."""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]

NO_DISTANCE = -5
NATIVE_CONTEXT = 1
MAP_DESCRIPTORS = 2
SLOPPY_FUNCTION_MAP = 1
DESCRIPTOR_LINK = 2

UNOWNED = 0xFFFFFFFF
SHARED = 0xFFFFFFFE


@kernel("void(u4[], u4[], u1[], u4[], u1[], u1[], u4[], i8, i8, i8, i8, u1[w], i4[w], u4[w], i8[w], i8)")
def measure_distances(
    first_edge: Ordinals,
    to_node: Ordinals,
    edge_type: Bytes,
    edge_name: Ordinals,
    node_rule: Bytes,
    name_rule: Bytes,
    pair: Ordinals,
    weak: int,
    internal: int,
    element: int,
    hidden: int,
    pending: Bytes,
    distance: npt.NDArray[np.int32],
    queue: Ordinals,
    state: Int64s,
    budget: Any,
) -> None:
    """Breadth-first distances, section 7 of DevTools' rules; `state` is [head, tail].

    `node_rule` is NATIVE_CONTEXT or MAP_DESCRIPTORS for the nodes with a rule of their
    own; `name_rule`, by string, SLOPPY_FUNCTION_MAP and DESCRIPTOR_LINK bits. `pair`, by
    string, is the number of the WeakMap pair that an edge name tells of, 0 for none, and
    `pending[pair]` whether one of its two edges was met. `name_rule` and `pair` may be empty.
    """
    head = state[0]
    tail = state[1]
    named = name_rule.shape[0] > 0
    paired = pair.shape[0] > 0
    while head < tail and budget > 0:
        v = queue[head]
        head += 1
        d = distance[v] + np.int32(1)
        rule = node_rule[v]
        budget -= np.int64(first_edge[v + 1]) - np.int64(first_edge[v]) + 1
        for e in range(first_edge[v], first_edge[v + 1]):
            kind = edge_type[e]
            if kind == weak:
                continue
            w = to_node[e]
            if distance[w] != -5:
                continue
            has_text = kind != element and kind != hidden
            if rule == 1 and named and has_text and name_rule[edge_name[e]] & 1:
                continue
            if rule == 2:
                if has_text:
                    if named and name_rule[edge_name[e]] & 2:
                        continue
                elif edge_name[e] >= 2 and edge_name[e] % 3 == 1:
                    continue
            elif paired and kind == internal:
                which = pair[edge_name[e]]
                if which != 0:
                    if pending[which] == 0:
                        pending[which] = 1
                        continue
                    pending[which] = 0
            distance[w] = d
            queue[tail] = w
            tail += 1
    state[0] = head
    state[1] = tail


@kernel("void(u1[], i8, i8, u4[w])")
def begin_owners(node_type: Bytes, hidden: int, array: int, owner: Ordinals) -> None:
    """UNOWNED for the nodes of the two types, for all others their own ordinal."""
    for v in range(owner.shape[0]):
        owner[v] = UNOWNED if node_type[v] == hidden or node_type[v] == array else v


@kernel("i8(u4[], u1[], i8, i8, i8, i8, u4[w], u4[w])")
def find_moves(
    owner: Ordinals,
    node_type: Bytes,
    synthetic: int,
    root: int,
    start: int,
    stop: int,
    owned: Ordinals,
    owners: Ordinals,
) -> int:
    """The nodes from `start` to `stop` whose size moves to a sole owner, and these; returns how many they are."""
    n = 0
    for v in range(start, stop):
        o = owner[v]
        if o < SHARED and o != v and o != root and node_type[o] != synthetic:
            owned[n] = v
            owners[n] = o
            n += 1
    return n


@kernel("void(u4[], u4[], u1[], i8, i8, i8, u4[w], u4[w])")
def find_owners(
    first_edge: Ordinals,
    to_node: Ordinals,
    edge_type: Bytes,
    weak: int,
    start: int,
    stop: int,
    owner: Ordinals,
    stack: Ordinals,
) -> None:
    """Spread the owners of nodes `start` to `stop` over what only they refer to.

    Section 4 of DevTools' rules. `owner` begins as UNOWNED for nodes that can be owned
    and as their own ordinal for the others; it ends as the sole owner, SHARED, or
    UNOWNED. `stack` has room for two entries a node that can be owned.
    """
    for i in range(start, stop):
        if owner[i] != i:
            continue
        depth = 0
        v = np.uint32(i)
        while True:
            mine = owner[v]
            for e in range(first_edge[v], first_edge[v + 1]):
                if edge_type[e] == weak:
                    continue
                w = to_node[e]
                theirs = owner[w]
                if theirs == 0xFFFFFFFF:
                    owner[w] = mine
                    stack[depth] = w
                    depth += 1
                elif theirs != w and theirs != mine and theirs != 0xFFFFFFFE:
                    owner[w] = 0xFFFFFFFE
                    stack[depth] = w
                    depth += 1
            if depth == 0:
                break
            depth -= 1
            v = stack[depth]


@kernel("void(u4[], u4[], u1[], u1[], u1[], u1[w], u1[w], u1[w], u4[w])")
def spread_dom_state(
    first_edge: Ordinals,
    to_node: Ordinals,
    edge_type: Bytes,
    follow: Bytes,
    native: Bytes,
    state: Bytes,
    renamed: Bytes,
    visited: Bytes,
    stack: Ordinals,
) -> None:
    """Spread attached (1) and then detached (2) over native nodes; DevTools' section 2.

    `native` marks the nodes of that type. `renamed` gets 1 where a node became, or was
    found to be, detached. `visited` is scratch of zeros, `stack` has room for all nodes: the
    first that are detached lie at its end until their turn comes.
    """
    n = state.shape[0]
    attached, detached = 0, n
    for v in range(n):
        if state[v] != 0:
            visited[v] = 1
            if native[v] and state[v] == 1:
                stack[attached] = v
                attached += 1
            if native[v] and state[v] == 2:
                renamed[v] = 1
                detached -= 1
                stack[detached] = v
    depth = attached
    for wanted in range(1, 3):
        if wanted == 2:
            for i in range(detached, n):
                stack[i - detached] = stack[i]
            depth = n - detached
        while depth > 0:
            depth -= 1
            at = stack[depth]
            for e in range(first_edge[at], first_edge[at + 1]):
                w = to_node[e]
                if visited[w] == 0 and follow[edge_type[e]]:
                    visited[w] = 1
                    if native[w]:
                        state[w] = wanted
                        if wanted == 2:
                            renamed[w] = 1
                        stack[depth] = w
                        depth += 1


NO_CONTEXT = -1
SHARED_CONTEXT = -2


@kernel("i8(u4[], u4[], u1[], u1[], u1[w], i4[w], u4[w], i8[w], i8)", on_demand=True)
def spread_contexts(
    first_edge: Ordinals,
    to_node: Ordinals,
    edge_type: Bytes,
    follow: Bytes,
    standing: Bytes,
    context: npt.NDArray[np.int32],
    queue: Ordinals,
    state: Int64s,
    budget: Any,
) -> int:
    """Spread the native contexts of the queued nodes; two that meet make SHARED_CONTEXT.

    Section 11 of DevTools' rules. `context` is an ordinal, NO_CONTEXT or SHARED_CONTEXT;
    `standing` is 1 for nodes that keep theirs, 2 while another one is queued. `queue` is a ring
    with room for every node: `state` is [head, queued]. Returns how many are queued, 0 when done.
    """
    n = queue.shape[0]
    while state[1] > 0 and budget > 0:
        v = queue[state[0]]
        state[0] = (state[0] + 1) % n
        state[1] -= 1
        if standing[v] == 2:
            standing[v] = 0
        mine = context[v]
        budget -= np.int64(first_edge[v + 1]) - np.int64(first_edge[v]) + 1
        for e in range(first_edge[v], first_edge[v + 1]):
            w = to_node[e]
            if not follow[edge_type[e]] or standing[w] == 1 or w == v:
                continue
            theirs = context[w]
            merged = mine if theirs == -1 else theirs if theirs == mine else np.int32(-2)
            if merged != theirs:
                context[w] = merged
                if standing[w] == 0:
                    standing[w] = 2
                    queue[(state[0] + state[1]) % n] = w
                    state[1] += 1
    return int(state[1])
