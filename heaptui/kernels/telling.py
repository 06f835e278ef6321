"""Telling paths: the cheapest way to every node, where steps a developer would not name cost more."""

from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.kernels.classes import mix
from heaptui.kernels.jit import inline, kernel

Bytes = npt.NDArray[np.uint8]
Ordinals = npt.NDArray[np.uint32]
Int64s = npt.NDArray[np.int64]

NOBODY = 0xFFFFFFFF
BUCKETS = 256
CLOSED = 255
"""A cost that no path pays."""


@inline
def _unlink(v: int, bucket: int, head: Ordinals, after: Ordinals, before: Ordinals) -> None:
    if before[v] == 0xFFFFFFFF:
        head[bucket] = after[v]
    else:
        after[before[v]] = after[v]
    if after[v] != 0xFFFFFFFF:
        before[after[v]] = before[v]


@inline
def _link(v: int, bucket: int, head: Ordinals, after: Ordinals, before: Ordinals) -> None:
    after[v] = head[bucket]
    before[v] = 0xFFFFFFFF
    if head[bucket] != 0xFFFFFFFF:
        before[head[bucket]] = v
    head[bucket] = v


@kernel("void(u4[], u4[], u4[], u4[w], u4[w], u4[w], i8[w])", on_demand=True)
def plant(
    seeds: Ordinals,
    seed_cost: Ordinals,
    first_edge: Ordinals,
    cost: Ordinals,
    head: Ordinals,
    links: Ordinals,
    state: Int64s,
) -> None:
    """Put the nodes that paths begin with in their buckets; of equal nodes the first counts.

    `links` is of two entries a node, for `settle`. `state` is [cost at hand, waiting, settled].
    """
    n = first_edge.shape[0] - 1
    after = links[:n]
    before = links[n:]
    for i in range(seeds.shape[0]):
        v = seeds[i]
        if cost[v] == 0xFFFFFFFF:
            cost[v] = seed_cost[i]
            _link(v, seed_cost[i] & 255, head, after, before)
            state[1] += 1


@kernel(
    "void(u4[], u4[], u1[], u4[], u1[], u1[], u1[], u1[], i8, u1[], u4[], u1[], "
    "u4[w], u4[w], u4[w], u4[w], u4[w], u4[w], i8[w], i8)",
    on_demand=True,
)
def settle(
    first_edge: Ordinals,
    to_node: Ordinals,
    edge_type: Bytes,
    edge_name: Ordinals,
    type_cost: Bytes,
    numbered: Bytes,
    internal_cost: Bytes,
    named_cost: Bytes,
    internal: int,
    word: Bytes,
    weak_table: Ordinals,
    node_cost: Bytes,
    cost: Ordinals,
    parent: Ordinals,
    parent_edge: Ordinals,
    order: Ordinals,
    head: Ordinals,
    links: Ordinals,
    state: Int64s,
    budget: Any,
) -> None:
    """Dial's form of Dijkstra's algorithm (Comm. ACM 12, 1969, 632), in pieces of about `budget` edges.

    An edge costs what its type, its name and its target cost together, at most BUCKETS - 2.
    `word` is by string; `internal_cost` by word stands for internal edges, `named_cost` by word
    is added to the type's cost for others that are not `numbered`. CLOSED types are not
    followed, nor is a WeakMap's table to a value, `weak_table` by string telling the table
    (empty where there are none). `cost` and `head` begin as NOBODY; `order` gets the nodes as
    they are settled, parents first.
    """
    n = first_edge.shape[0] - 1
    after = links[:n]
    before = links[n:]
    weak_names = weak_table.shape[0] > 0
    at = state[0]
    waiting = state[1]
    settled = state[2]
    while waiting > 0 and budget > 0:
        bucket = at & 255
        v = head[bucket]
        if v == 0xFFFFFFFF:
            at += 1
            continue
        head[bucket] = after[v]
        if after[v] != 0xFFFFFFFF:
            before[after[v]] = 0xFFFFFFFF
        waiting -= 1
        order[settled] = v
        settled += 1
        budget -= np.int64(first_edge[v + 1]) - np.int64(first_edge[v]) + 1
        for e in range(first_edge[v], first_edge[v + 1]):
            kind = edge_type[e]
            step = np.int64(type_cost[kind])
            if step == 255:
                continue
            w = to_node[e]
            if cost[w] <= at:
                continue
            if not numbered[kind]:
                name = edge_name[e]
                if weak_names and weak_table[name] == v:
                    continue
                if kind == internal:
                    step = np.int64(internal_cost[word[name]])
                else:
                    step += np.int64(named_cost[word[name]])
            total = at + min(step + np.int64(node_cost[w]), 254)
            if total < cost[w]:
                if cost[w] != 0xFFFFFFFF:
                    _unlink(w, cost[w] & 255, head, after, before)
                else:
                    waiting += 1
                cost[w] = total
                parent[w] = v
                parent_edge[w] = e
                _link(w, total & 255, head, after, before)
    state[0] = at
    state[1] = waiting
    state[2] = settled


@kernel("void(u1[], u4[], u1[], u1[], u1[], u1[], u1[], i8, u1[w])", on_demand=True)
def cost_nodes(
    node_type: Bytes,
    node_name: Ordinals,
    type_cost: Bytes,
    is_text: Bytes,
    word: Bytes,
    word_cost: Bytes,
    is_system: Bytes,
    system_cost: int,
    cost: Bytes,
) -> None:
    """What entering a node costs: by its type, at least `system_cost` where its name marks V8's own, or by its name.

    `type_cost` and `is_text` are by type, `word` and `is_system` by string, `word_cost` by word, CLOSED for words
    that cost nothing of their own. The names of texts say what they like and are not looked at.
    """
    for v in range(node_type.shape[0]):
        kind = node_type[v]
        found = type_cost[kind]
        if not is_text[kind]:
            name = node_name[v]
            told = word_cost[word[name]]
            if told != 255:
                found = told
            elif is_system[name] and found < system_cost:
                found = np.uint8(system_cost)
        cost[v] = found


@kernel("void(u4[], u4[], i8[w])", on_demand=True)
def add_below(order: Ordinals, parent: Ordinals, weight: Int64s) -> None:
    """Add to every node's weight those of all that hang from it; `order` has parents first."""
    for i in range(order.shape[0] - 1, -1, -1):
        v = order[i]
        if parent[v] != 0xFFFFFFFF:
            weight[parent[v]] += weight[v]


@kernel("void(u4[], u4[], u4[w])", on_demand=True)
def inherit(order: Ordinals, parent: Ordinals, mark: Ordinals) -> None:
    """Give every node without a mark (NOBODY) its parent's; `order` has parents first."""
    for i in range(order.shape[0]):
        v = order[i]
        if mark[v] == 0xFFFFFFFF and parent[v] != 0xFFFFFFFF:
            mark[v] = mark[parent[v]]


@kernel("void(u8[], u8[], u4[w], u4[w])", on_demand=True)
def match_ids(theirs: npt.NDArray[np.uint64], ours: npt.NDArray[np.uint64], table: Ordinals, match: Ordinals) -> None:
    """By position in `ours`, the position in `theirs` of the same id, NOBODY where there is none.

    `table` has a power of two of entries, more than `theirs`, all NOBODY.
    """
    mask = np.uint64(table.shape[0] - 1)
    for i in range(theirs.shape[0]):
        slot = mix(theirs[i]) & mask
        while table[slot] != 0xFFFFFFFF:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = i
    for i in range(ours.shape[0]):
        slot = mix(ours[i]) & mask
        match[i] = 0xFFFFFFFF
        while table[slot] != 0xFFFFFFFF:
            if theirs[table[slot]] == ours[i]:
                match[i] = table[slot]
                break
            slot = (slot + np.uint64(1)) & mask
