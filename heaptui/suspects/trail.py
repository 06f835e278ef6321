"""The way to a suspect, step by step: to its holder, to an example of what piled up, and on into what that holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.heap.heap import Heap
from heaptui.suspects.accumulation import BACKING, Accumulation
from heaptui.suspects.growth import Growth
from heaptui.suspects.looks import ANY
from heaptui.suspects.paths import NOBODY
from heaptui.suspects.scopes import is_internal, package_of

_MOST_STEPS = 60
_MOST_BELOW = 8
_NAME = 80
_SAMPLE = 2000
_NAMED_TYPES = ("object", "native", "hidden", "closure", "code", "synthetic")


@dataclass(frozen=True, slots=True)
class Step:
    """One edge and the node it leads to; the edge is -1 where a path begins.

    Attributes:
        edge_name, edge_type: empty where a path begins; `many` where the edge stands for many alike.
        name: the node's raw name, cut; class_name: its class; own: whether the program itself has that class.
        owner: the class of what the edge leads from, of a function its name; empty for the program's own classes.
    """

    edge: int
    node: int
    edge_name: str
    edge_type: str
    node_type: str
    name: str
    class_name: str
    many: bool = False
    own: bool = False
    owner: str = ""

    @property
    def numbered(self) -> bool:
        """Whether its edge is called by a number, or by the two objects of an entry in a WeakMap."""
        return self.edge_type in ("element", "hidden") or (
            self.edge_type == "internal" and self.edge_name[:1].isdecimal()
        )

    @property
    def looks(self) -> tuple[str, str]:
        """What the links of a chain have in common."""
        return "[]" if self.numbered else self.edge_name, self.class_name

    @property
    def weak_entry(self) -> bool:
        """Whether it leads from the key of a WeakMap to its value."""
        return self.edge_type == "internal" and " part of key " in self.edge_name

    @property
    def variable(self) -> bool:
        """Whether it leads from a scope, or from the cell of an exported variable, to what that holds."""
        return self.edge_type == "context" or (self.edge_type == "internal" and self.edge_name == "value")

    @property
    def backing(self) -> bool:
        """Whether it leads to a part of the object before it."""
        return self.edge_type == "internal" and self.edge_name in BACKING


@dataclass(frozen=True)
class Trail:
    """Attributes:
    path: from where the telling path begins to the holder; the middle of a very long one is left out.
    piled: one step for each kind of thing that piled up there, the heaviest first.
    below: from an example of the heaviest kind on, always into what holds most of its bytes.
    instance: an example of the heaviest kind, None where the holder itself grew.
    """

    path: Sequence[Step]
    piled: Sequence[Step]
    below: Sequence[Step]
    instance: int | None

    @property
    def link(self) -> str | None:
        """The name by which each of what piled up refers to the next, None where they are no chain."""
        if not self.piled or self.piled[0].numbered or self.piled[0].many or not self.below:
            return None
        return self.piled[0].edge_name if self.below[0].looks == self.piled[0].looks else None

    @property
    def holder(self) -> Step:
        """The last step of the path."""
        return self.path[-1]


class Trails:
    """Lays the trails of accumulations."""

    def __init__(self, growth: Growth) -> None:
        self.growth, self.heap = growth, growth.current

    @cached_property
    def below(self) -> npt.NDArray[np.int64]:
        """By ordinal, the new bytes that hang from an object by telling paths."""
        return self.growth.paths.add_up(self.growth.weight)

    def lay(self, point: Accumulation) -> Trail:
        """The trail of one accumulation."""
        paths = self.growth.paths
        holder = self.heaviest(point.holder)
        steps = paths.steps(holder)
        path = [
            step(self.heap, edge, node, many=self._many(edge, node) or len(steps) - 1 - i == point.level)
            for i, (edge, node) in enumerate(steps)
        ]
        path = _middle_cut(path)
        kinds = sorted(point.piled, key=lambda number: -int(self.growth.looks.size[number]))
        piled = [self._kind(number) for number in kinds]
        instance = piled[0].node if piled else None
        return Trail(path, piled, self._below(instance) if instance is not None else [], instance)

    def _many(self, edge: int, node: int) -> bool:
        """Whether the edge is one of many alike."""
        return edge >= 0 and int(self.growth.looks.label[self.growth.looks.merged[node]]) == ANY

    def heaviest(self, number: int) -> int:
        """The object of a merged node from which most hangs; of a chain, whose links all lead there, the first."""
        members = self.growth.looks.members(number)
        below = self.below[members]
        equal = members[below == below.max()]
        return int(equal[np.argmin(self._rank[equal])])

    @cached_property
    def _rank(self) -> npt.NDArray[np.uint32]:
        """By ordinal, which comes first on telling paths; the last for what none leads to."""
        order = self.growth.paths.order
        rank = np.full(self.heap.node_count, len(order), np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        return rank

    def _kind(self, number: int) -> Step:
        looks, paths = self.growth.looks, self.growth.paths
        members = looks.members(number)
        fresh = members[self.growth.before[members] == NOBODY]
        members = looks.outermost(fresh if len(fresh) else members)
        # The middle one by size is typical; the heaviest of a chain would be its first link.
        sizes = self.below[members]
        node = int(members[np.argsort(sizes, kind="stable")[len(members) // 2]])
        return step(self.heap, int(paths.parent_edge[node]), node, many=looks.label[number] == ANY)

    def _below(self, node: int) -> list[Step]:
        """Down the telling paths from a node, to the heaviest child each time."""
        paths = self.growth.paths
        found: list[Step] = []
        seen = {node}
        while len(found) < _MOST_BELOW:
            edges = self.heap.edges(node)[:_SAMPLE]
            targets = self.heap.snapshot.edges.to_node[edges]
            here = np.flatnonzero(paths.parent_edge[targets] == edges)
            if len(found) > 1 and found[-1].looks == found[-2].looks:
                # One more link of a chain tells nothing new: what the link itself holds does.
                other = [i for i in here if step(self.heap, int(edges[i]), int(targets[i])).looks != found[-1].looks]
                here = np.array(other or here, np.intp)
            if not len(here):
                break
            best = int(here[np.argmax(self.below[targets[here]])])
            node = int(targets[best])
            if node in seen or self.below[node] <= 0:
                break
            seen.add(node)
            found.append(step(self.heap, int(edges[best]), node))
        return found


def step(heap: Heap, edge: int, node: int, many: bool = False) -> Step:
    """What there is to say of one step."""
    begins = edge < 0 or edge >= heap.edge_count
    kind = heap.node_type(node)
    name = heap.names.raw(node)[:_NAME] if kind in _NAMED_TYPES else ""
    return Step(
        -1 if begins else edge,
        node,
        "" if begins else heap.names.edge(edge),
        "" if begins else heap.edge_type(edge),
        kind,
        name,
        class_name(heap, node),
        many,
        is_own(heap, int(heap.classes.of[node])),
        "" if begins else _owner(heap, edge),
    )


def class_name(heap: Heap, node: int) -> str:
    """The class of a node; of synthetic ones, which are all of one class, the name."""
    of = heap.classes.names[int(heap.classes.of[node])]
    return heap.names.raw(node)[:_NAME] or of if heap.node_type(node) == "synthetic" else of


def is_own(heap: Heap, number: int) -> bool:
    """Whether a class was written in the program itself, not in the runtime or a package."""
    location = heap.classes.locations[number]
    script = heap.scripts.names.get(location.script_id) if location is not None else None
    return script is not None and not is_internal(script) and package_of(script) is None


def _owner(heap: Heap, edge: int) -> str:
    first = heap.snapshot.nodes.first_edge
    # A number of another type would have the whole array converted.
    node = int(np.searchsorted(first, first.dtype.type(edge), side="right")) - 1
    if heap.node_type(node) == "closure":
        return heap.names.raw(node)[:_NAME]
    of = int(heap.classes.of[node])
    return "" if is_own(heap, of) else heap.classes.names[of]


def _middle_cut(steps: list[Step]) -> list[Step]:
    half = _MOST_STEPS // 2
    return steps if len(steps) <= _MOST_STEPS else steps[:half] + steps[-half:]
