"""What a step of a telling path costs and where paths begin, read off the knowledge edge by edge."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from heaptui.heap import Heap
from heaptui.suspects.knowledge import costs
from heaptui.suspects.scopes import is_internal, package_of

PAIR = re.compile(r"\d+ / part of key \(.*\) -> value \(.*\) pair in WeakMap \(table @(\d+)\)", re.DOTALL)
START = "start"


def word_of(words: Iterable[str], text: str) -> str:
    """The longest word that a text is, or begins with before " / "."""
    return max((word for word in words if text == word or text.startswith(word + " / ")), key=len, default="")


@dataclass(frozen=True)
class Naive:
    """One heap, a node and an edge at a time."""

    heap: Heap

    @cached_property
    def names(self) -> list[str]:
        """Raw names by ordinal, without "Detached "."""
        nodes, strings = self.heap.snapshot.nodes, self.heap.snapshot.strings
        return [strings[int(i)] for i in nodes.name]

    @cached_property
    def types(self) -> list[str]:
        return [self.heap.node_type(i) for i in range(self.heap.node_count)]

    def edges(self, node: int) -> Iterator[tuple[int, str, str, int]]:
        """Edges with type, name and target."""
        to_node = self.heap.snapshot.edges.to_node
        for edge in self.heap.edges(node).tolist():
            yield edge, self.heap.edge_type(edge), self.heap.names.edge(edge), int(to_node[edge])

    def node_cost(self, node: int) -> int:
        """What it costs to go to a node, by whatever edge."""
        kind, name = self.types[node], self.names[node]
        word = word_of(costs.NODE_NAMES, name)
        if word and kind not in ("string", "concatenated string"):
            return costs.NODE_NAMES[word]
        return max(costs.NODE_TYPES.get(kind, 0), costs.SYSTEM_NODE if name.startswith("system / ") else 0)

    def step_cost(self, source: int, kind: str, name: str, target: int) -> int | None:
        """What a step costs; None where no path goes."""
        cost = costs.EDGE_TYPES.get(kind, 8)
        pair = PAIR.fullmatch(name)
        if cost == costs.CLOSED or (pair and int(pair[1]) == self.heap.id(source)):
            return None
        if kind == "internal":
            cost = costs.INTERNAL_EDGES.get(word_of(costs.INTERNAL_EDGES, name), cost)
        elif kind not in ("element", "hidden"):
            cost += costs.NAMED_EDGES.get(word_of(costs.NAMED_EDGES, name), 0)
        return min(cost + self.node_cost(target), 254)

    def target(self, node: int, edge_name: str) -> int | None:
        return next((to for _, kind, name, to in self.edges(node) if (kind, name) == ("internal", edge_name)), None)

    def named(self, node: int | None, name: str) -> bool:
        return node is not None and word_of([name], self.names[node]) == name

    def seeds(self) -> dict[int, int]:
        """Where paths begin, and what that costs."""
        found = {self.heap.snapshot.root: costs.ROOT}

        def plant(node: int, cost: int) -> None:
            found[node] = min(cost, found.get(node, cost))

        for _, _, _, child in self.edges(self.heap.snapshot.root):
            if self.types[child] != "synthetic" or self.names[child] == "(Document DOM trees)":
                found[child] = costs.USER_ROOT
        contexts = [i for i in range(self.heap.node_count) if self.named(i, "system / Context")]
        infos = Counter(self.target(context, "scope_info") for context in contexts)
        for context in contexts:
            info = self.target(context, "scope_info")
            if info is None or infos[info] > 1:
                continue
            module = self.named(self.target(context, "extension"), "system / SourceTextModule")
            top = module or self.named(self.target(context, "previous"), "system / NativeContext")
            script = self.script(context)
            if is_internal(script):
                plant(context, costs.INTERNAL_MODULE)
            elif package_of(script) is not None:
                plant(context, costs.PACKAGE_MODULE if top else costs.PACKAGE_SCOPE)
            else:
                plant(context, costs.MODULE if top else costs.SINGLE_SCOPE)
        for native in [i for i in range(self.heap.node_count) if self.named(i, "system / NativeContext")]:
            for name in ("global_object", "global_proxy_object"):
                if (target := self.target(native, name)) is not None:
                    plant(target, costs.USER_ROOT)
        return found

    @cached_property
    def users(self) -> dict[int, int]:
        """By context, the first closure with a place that uses it."""
        found: dict[int, int] = {}
        for closure in sorted(set(self.heap.snapshot.locations.ordinal.tolist())):
            if self.types[closure] == "closure" and (context := self.target(closure, "context")) is not None:
                found.setdefault(context, closure)
        return found

    def script(self, context: int) -> str:
        """Where a function that uses a context was written, empty where that is not known."""
        place = self.heap.scripts.of(self.users[context]) if context in self.users else None
        return (place.script if place else None) or ""

    def cheapest(self) -> dict[int, int]:
        """The cost of the cheapest path to each node that has one."""
        graph = nx.DiGraph()
        graph.add_weighted_edges_from((START, node, cost) for node, cost in self.seeds().items())
        best: dict[tuple[int, int], int] = {}
        for source in range(self.heap.node_count):
            for _, kind, name, target in self.edges(source):
                cost = self.step_cost(source, kind, name, target)
                if cost is not None and cost < best.get((source, target), 1 << 30):
                    best[source, target] = cost
        graph.add_weighted_edges_from((source, target, cost) for (source, target), cost in best.items())
        lengths: dict[int | str, int] = nx.single_source_dijkstra_path_length(graph, START)
        return {node: length for node, length in lengths.items() if isinstance(node, int)}
