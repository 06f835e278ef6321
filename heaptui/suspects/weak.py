"""What V8 does about references that do not hold: clean-ups that are still to come, and those that never will."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.heap.distances import edges_of
from heaptui.heap.heap import Heap
from heaptui.suspects.accumulation import Accumulation
from heaptui.suspects.causes import logical_holder
from heaptui.suspects.growth import Growth
from heaptui.suspects.paths import NOBODY
from heaptui.suspects.trail import Trail

Ordinals = npt.NDArray[np.uint32]

REGISTRY = "FinalizationRegistry"
_CELL = "system / WeakCell"
_LEAST, _MOST = 0.75, 1.34
_MOST_SCOPES = 20
_MOST_VARIABLES = 2000


class WeakReferences:
    """The registrations of the current heap's FinalizationRegistries."""

    def __init__(self, growth: Growth) -> None:
        self._growth, self._heap = growth, growth.current

    def awaits_cleanup(self, point: Accumulation, trail: Trail) -> bool:
        """Whether what piled up is yet to be taken out by a FinalizationRegistry: as many of its objects are gone, and
        its function for that knows the holder."""
        nodes = {step.node for step in trail.path}
        return any(
            _LEAST * point.count <= count <= _MOST * point.count and not nodes.isdisjoint(self._known_to(registry))
            for registry, count in self._waiting.items()
        )

    def keeps_its_targets(self, point: Accumulation, trail: Trail) -> bool:
        """Whether a FinalizationRegistry keeps the very objects that it is to be told of, by their held values."""
        holder = logical_holder(trail.path)
        if not point.piled or holder.class_name != REGISTRY:
            return False
        looks = self._growth.looks
        targets = self._targets[(self._targets >= 0) & (self._registries == holder.node)]
        numbers, counts = np.unique(looks.merged[targets], return_counts=True)
        kept = sum(int(count) for number, count in zip(numbers, counts, strict=True) if self._below(number, point))
        return kept >= _LEAST * point.count

    def _below(self, number: int, point: Accumulation) -> bool:
        looks = self._growth.looks
        while number not in (NOBODY, point.holder):
            number = int(looks.above[number])
        return number != NOBODY

    @cached_property
    def _cells(self) -> Ordinals:
        return self._heap.names.nodes_named(_CELL)

    @cached_property
    def _targets(self) -> npt.NDArray[np.int64]:
        """By cell, the object that it is of, -1 where that is gone."""
        edges = self._heap.names.first_edges(self._cells, "target", "weak")
        return np.where(edges >= 0, self._heap.snapshot.edges.to_node[edges].astype(np.int64), -1)

    @cached_property
    def _registries(self) -> npt.NDArray[np.int64]:
        """By cell, the registry that it belongs to, -1 where none shows."""
        heap, cells, first = self._heap, self._cells, self._heap.snapshot.nodes.first_edge
        which = np.repeat(np.arange(len(cells)), first[cells + np.uint32(1)] - first[cells])
        targets = heap.snapshot.edges.to_node[edges_of(first, cells)]
        fits = np.isin(targets, heap.names.nodes_named(REGISTRY, "object"))
        found = np.full(len(cells), -1, np.int64)
        found[which[fits]] = targets[fits]
        return found

    @cached_property
    def _waiting(self) -> dict[int, int]:
        """By registry, how many clean-ups are still to come."""
        waiting = self._registries[(self._targets < 0) & (self._registries >= 0)]
        registries, counts = np.unique(waiting, return_counts=True)
        return dict(zip(registries.tolist(), counts.tolist(), strict=True))

    def _known_to(self, registry: int) -> set[int]:
        """The objects in the variables that the registry's function has, and the registry itself."""
        heap, known = self._heap, {registry}
        closures = [node for node in _children(heap, registry) if heap.node_type(node) == "closure"]
        scopes = [node for closure in closures for node in _children(heap, closure, "context", "internal")]
        for _ in range(_MOST_SCOPES):
            known.update(node for scope in scopes for node in _children(heap, scope, None, "context"))
            scopes = [node for scope in scopes for node in _children(heap, scope, "previous", "internal")]
        return known


def _children(heap: Heap, node: int, name: str | None = None, kind: str | None = None) -> list[int]:
    edges = heap.edges(node)[:_MOST_VARIABLES].tolist()
    return [
        int(heap.snapshot.edges.to_node[edge])
        for edge in edges
        if (kind is None or heap.edge_type(edge) == kind) and (name is None or heap.names.edge(edge) == name)
    ]
