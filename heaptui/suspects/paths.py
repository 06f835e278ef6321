"""The telling path to every object: not the shortest, but the one made of names a developer wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.distances import user_roots
from heaptui.heap.essential import tables_by_string
from heaptui.heap.heap import Heap
from heaptui.kernels import telling
from heaptui.snapshot.progress import Progress
from heaptui.suspects import scopes
from heaptui.suspects.knowledge import costs
from heaptui.suspects.scopes import Scopes, find_scopes
from heaptui.suspects.vocabulary import Vocabulary

Ordinals = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]

NOBODY = telling.NOBODY
_BUDGET = 1 << 22
_WORDS = (*costs.INTERNAL_EDGES, *costs.NAMED_EDGES, *costs.NODE_NAMES, *scopes.WORDS)


@dataclass(frozen=True)
class TellingPaths:
    """Attributes:
    parent, parent_edge: uint32 by ordinal, the last step of the path; NOBODY where it begins, or where
        only weak references lead.
    order: uint32, the nodes that have a path, every one behind its parent.
    """

    heap: Heap
    scopes: Scopes
    parent: Ordinals
    parent_edge: Ordinals
    order: Ordinals

    @property
    def reached(self) -> npt.NDArray[np.bool_]:
        """By ordinal, whether a node has a path."""
        reached = np.zeros(self.heap.node_count, bool)
        reached[self.order] = True
        return reached

    def add_up(self, values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Values by ordinal (int64), with all that hangs from each node."""
        total = values.copy()
        telling.add_below(self.order, self.parent, total)
        return total

    def hanging(self) -> npt.NDArray[np.int64]:
        """By ordinal, the bytes that hang from a node, its own included (int64)."""
        return self.add_up(self.heap.shallow_size.astype(np.int64))

    def steps(self, ordinal: int) -> list[tuple[int, int]]:
        """The path to a node, as pairs of the edge (-1 where it begins) and the node it leads to."""
        found: list[tuple[int, int]] = []
        node = ordinal
        while True:
            edge = int(self.parent_edge[node])
            found.append((-1 if edge == NOBODY else edge, node))
            if edge == NOBODY:
                return found[::-1]
            node = int(self.parent[node])


def find_paths(
    heap: Heap, known: npt.NDArray[np.bool_] | None = None, progress: Progress | None = None
) -> TellingPaths:
    """The telling paths of a heap. Only `known` scopes, where given, may begin a path."""
    progress = progress or Progress()
    snapshot = heap.snapshot
    header, nodes, edges = snapshot.header, snapshot.nodes, snapshot.edges
    vocabulary = Vocabulary(snapshot, _WORDS, progress)
    found = find_scopes(heap, vocabulary)
    seeds, seed_cost = _seeds(heap, vocabulary, found, known)
    count = heap.node_count
    cost, parent, parent_edge = (np.full(count, NOBODY, np.uint32) for _ in range(3))
    order = np.empty(count, np.uint32)
    head = np.full(telling.BUCKETS, NOBODY, np.uint32)
    links = np.full(2 * count, NOBODY, np.uint32)
    state = np.zeros(3, np.int64)
    telling.plant(seeds, seed_cost, nodes.first_edge, cost, head, links, state)
    internal_cost = vocabulary.table(costs.INTERNAL_EDGES)
    unlisted = np.ones(len(internal_cost), bool)
    unlisted[[vocabulary.number(word) for word in costs.INTERNAL_EDGES]] = False
    internal_cost[unlisted] = costs.EDGE_TYPES["internal"]
    named_cost = vocabulary.table(costs.NAMED_EDGES)
    type_cost, numbered = _edge_types(header.edge_types)
    weak_table = tables_by_string(snapshot, heap.weak_pairs)
    node_cost = _node_costs(heap, vocabulary)
    while state[1]:
        progress.check()
        telling.settle(
            nodes.first_edge, edges.to_node, edges.type, edges.name_or_index, type_cost, numbered, internal_cost,
            named_cost, header.edge_type("internal"), vocabulary.word, weak_table, node_cost,
            cost, parent, parent_edge, order, head, links, state, _BUDGET,
        )  # fmt: skip
    return TellingPaths(heap, found, parent, parent_edge, order[: int(state[2])])


def _seeds(
    heap: Heap, vocabulary: Vocabulary, found: Scopes, known: npt.NDArray[np.bool_] | None
) -> tuple[Ordinals, Ordinals]:
    """Where paths begin, and what that costs: the cheap beginnings first."""
    stays = found.once if known is None else found.once & known[found.contexts]
    own = ~found.internal & ~found.packaged
    kinds = [
        (user_roots(heap.snapshot, heap.names), costs.USER_ROOT),
        (_globals(heap, vocabulary), costs.USER_ROOT),
        (found.contexts[stays & found.top & own], costs.MODULE),
        (found.contexts[stays & found.top & found.packaged], costs.PACKAGE_MODULE),
        (found.contexts[stays & ~found.top & own], costs.SINGLE_SCOPE),
        (found.contexts[stays & ~found.top & found.packaged], costs.PACKAGE_SCOPE),
        (found.contexts[stays & found.internal], costs.INTERNAL_MODULE),
        (np.array([heap.snapshot.root], np.uint32), costs.ROOT),
    ]
    seeds = np.concatenate([nodes for nodes, _ in kinds]).astype(np.uint32)
    return seeds, np.concatenate([np.full(len(nodes), cost, np.uint32) for nodes, cost in kinds])


def _globals(heap: Heap, vocabulary: Vocabulary) -> Ordinals:
    """The global objects, which not every producer makes children of the root."""
    word = vocabulary.word[heap.snapshot.nodes.name]
    native = np.flatnonzero(word == vocabulary.number(scopes.NATIVE_CONTEXT)).astype(np.uint32)
    found = np.concatenate([scopes.targets(heap, native, name, vocabulary) for name in scopes.GLOBAL_EDGES])
    return found[found >= 0].astype(np.uint32)


def _edge_types(names: Sequence[str]) -> tuple[Bytes, Bytes]:
    """By edge type, its cost and whether its edges have numbers for names."""
    cost, numbered = np.full(256, 8, np.uint8), np.zeros(256, np.uint8)
    for number, name in enumerate(names[:256]):
        cost[number] = costs.EDGE_TYPES.get(name, 8)
        numbered[number] = name in ("element", "hidden")
    return cost, numbered


def _node_costs(heap: Heap, vocabulary: Vocabulary) -> Bytes:
    nodes, strings, kinds = heap.snapshot.nodes, heap.snapshot.strings, heap.snapshot.header.node_types[:256]
    by_type, is_text = np.zeros(256, np.uint8), np.zeros(256, np.uint8)
    by_type[: len(kinds)] = [costs.NODE_TYPES.get(name, 0) for name in kinds]
    is_text[: len(kinds)] = [name in ("string", "concatenated string", "sliced string") for name in kinds]
    by_word = np.full(256, costs.CLOSED, np.uint8)
    for name, cost in costs.NODE_NAMES.items():
        by_word[vocabulary.number(name)] = cost
    system = np.zeros(len(strings), np.uint8)
    system[strings.starting_with("system / ")] = 1
    found = np.empty(heap.node_count, np.uint8)
    telling.cost_nodes(
        nodes.type, nodes.name, by_type, is_text, vocabulary.word, by_word, system, costs.SYSTEM_NODE, found
    )  # fmt: skip
    return found
