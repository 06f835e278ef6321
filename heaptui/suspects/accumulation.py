"""Where growth piles up: the points at which it stays together on the way down and then falls apart into many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.suspects.growth import Growth
from heaptui.suspects.looks import ANY, BEGINNING
from heaptui.suspects.paths import NOBODY
from heaptui.suspects.scopes import CONTEXT, MODULE_RECORD

BACKING = ("elements", "properties", "table", "backing_store")
"""Internal edges to what belongs to the object itself: where V8 keeps its elements, properties or entries."""

_SHARE = 0.01
_LEAST = 1024
_FEW = 4
_PILE = 8
_FAN = 2
_MOST = 48
_JOINED_LEVELS = 3
_KEYS = 3
_NEAR = 3
_SLOTS = 3
_SAMPLE = 6000


@dataclass(frozen=True, slots=True)
class Accumulation:
    """Many new objects that hang from one holder, or one that grew itself.

    Attributes:
        holder: number in `Growth.looks` of what they hang from.
        piled: numbers of what piled up there; empty where the holder's own bytes grew.
        also: numbers of more holders, that differ from it in one name only.
        level: how many steps above the holder that name is, -1 where there are no others.
        count: how many of them are new; size: bytes with all that hangs from them.
        gone, gone_size: objects and bytes that left the holder since the base.
    """

    holder: int
    piled: Sequence[int]
    count: int
    size: int
    gone: int
    gone_size: int
    also: Sequence[int] = ()
    level: int = -1

    @property
    def net_size(self) -> int:
        """Bytes more than in the base."""
        return self.size - self.gone_size


def find_accumulations(growth: Growth) -> list[Accumulation]:
    """The points where the most piled up, the largest first."""
    finder = _Finder(growth)
    for number in finder.beginnings:
        finder.explore(number)
    finder.add_handfuls()
    found = sorted(finder.without_owners(), key=lambda point: -point.net_size)
    found = sorted(_join_alike(growth, found), key=lambda point: -point.net_size)[:_MOST]
    return [finder.recounted(point) for point in found]


def _join_alike(growth: Growth, points: Sequence[Accumulation]) -> list[Accumulation]:
    """Join those that are alike but for one name on the path, such as `byUser.anna.orders` and `byUser.bert.orders`."""
    joined: list[Accumulation] = []
    left = list(points)
    for level in range(_JOINED_LEVELS):
        groups: dict[tuple[object, ...], list[Accumulation]] = {}
        for point in left:
            groups.setdefault(_looks_without(growth, point, level), []).append(point)
        for alike in groups.values():
            if len(alike) >= _KEYS:
                first = alike[0]
                joined.append(
                    Accumulation(
                        first.holder,
                        [number for point in alike for number in point.piled],
                        sum(point.count for point in alike),
                        sum(point.size for point in alike),
                        sum(point.gone for point in alike),
                        sum(point.gone_size for point in alike),
                        [point.holder for point in alike[1:]],
                        level,
                    )
                )
                left = [point for point in left if point not in alike]
    return joined + left


def _looks_without(growth: Growth, point: Accumulation, level: int) -> tuple[object, ...]:
    """What an accumulation looks like, without the name of the step so many above its holder."""
    looks = growth.looks
    path: list[tuple[int, int]] = []
    number = point.holder
    while number != NOBODY:
        label = int(looks.label[number])
        if len(path) == level:
            # Names of properties may be keys, names of variables are not.
            edge = int(looks.paths.parent_edge[looks.example[number]])
            if label == ANY or label >= BEGINNING or growth.current.edge_type(edge) != "property":
                return (point.holder,)
            label = ANY
        path.append((label, int(looks.of[number])))
        number = int(looks.above[number])
    if len(path) <= level:
        return (point.holder,)
    return (*path, *sorted({int(looks.of[piled]) for piled in point.piled}))


class _Finder:
    """Goes down from the beginnings of all paths, to where enough of the growth lies."""

    def __init__(self, growth: Growth) -> None:
        self.growth, self.looks = growth, growth.looks
        grown = int(self.looks.own[self.looks.own > 0].sum())
        net = max(growth.net_size, grown - int(growth.gone_size[self.beginnings].sum()))
        self.least = max(_LEAST, int(_SHARE * net), grown // 1000)
        self.found: list[Accumulation] = []
        self._handfuls: list[tuple[int, list[int]]] = []

    @cached_property
    def _order(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
        order = np.argsort(self.looks.above, kind="stable")
        return order, self.looks.above[order].astype(np.int64)

    @cached_property
    def beginnings(self) -> list[int]:
        """What hangs from nothing."""
        return [int(i) for i in np.flatnonzero(self.looks.above == NOBODY)]

    def children(self, number: int) -> list[int]:
        """What hangs directly from a number."""
        order, above = self._order
        low, high = np.searchsorted(above, [number, number + 1])
        return [int(i) for i in order[low:high]]

    def is_backing(self, number: int) -> bool:
        """Whether it is a part of what it hangs from, rather than an object of its own."""
        label = int(self.looks.label[number])
        if label == ANY or label >= BEGINNING:
            return False
        heap = self.growth.current
        edge = int(self.looks.paths.parent_edge[self.looks.example[number]])
        return heap.edge_type(edge) == "internal" and heap.names.edge(edge) in BACKING

    def parts(self, number: int) -> list[int]:
        """An object's backing stores, and those within them."""
        found = [child for child in self.children(number) if self.is_backing(child)]
        return found + [deeper for child in found for deeper in self.parts(child)]

    def logical_children(self, number: int) -> Iterator[int]:
        """What hangs from a number or from its backing stores."""
        for child in self.children(number):
            if self.is_backing(child):
                yield from self.logical_children(child)
            else:
                yield child

    def explore(self, start: int) -> None:
        """Find the points at and below a number."""
        looks = self.looks
        stack = [start]
        while stack:
            number = stack.pop()
            if looks.size[number] < self.least:
                continue
            children = list(self.logical_children(number))
            piled = self._piled(number, children)
            if piled and sum(int(looks.new[child]) for child in piled) < _PILE:
                # A handful may stand before a pile, as lists of timers do: only if there is none it counts itself.
                self._handfuls.append((number, piled))
                piled = []
            if piled:
                self._add(number, piled)
            taken = set(piled)
            rest = [child for child in children if child not in taken]
            grown = int(looks.own[number]) + sum(int(looks.own[part]) for part in self.parts(number))
            if grown >= self.least and not piled:
                self._add(number, [], grown)
            stack += rest

    def add_handfuls(self) -> None:
        """Take the small piles below which nothing was found."""
        above = set()
        for point in self.found:
            number = point.holder
            while number != NOBODY and number not in above:
                above.add(number)
                number = int(self.looks.above[number])
        for number, piled in self._handfuls:
            if not above.intersection((number, *piled)):
                self._add(number, piled)

    def without_owners(self) -> list[Accumulation]:
        """All points but those that grew themselves and lead in a step or two to what piled up in them."""
        near = set()
        for point in self.found:
            number = point.holder
            for _ in range(_NEAR if point.piled else 0):
                if number != NOBODY:
                    near.add(number)
                    number = int(self.looks.above[number])
        return [point for point in self.found if point.piled or point.holder not in near]

    def _piled(self, number: int, children: Sequence[int]) -> list[int]:
        """The children that are many: new ones where there was one holder."""
        looks = self.looks
        holders = int(looks.new[number] + looks.old[number])
        held_before = looks.old[number] > 0
        many = [
            child
            for child in children
            if looks.new[child] >= _FEW
            and (looks.new[child] >= _FAN * holders or held_before)
            and not self._scope(child)
        ]
        if held_before:
            few = [child for child in children if child not in many and looks.new[child]]
            largest = max((int(looks.size[child]) for child in few), default=0)
            total = sum(int(looks.size[child]) for child in few)
            if sum(int(looks.new[child]) for child in few) >= _FEW * holders and largest < total // 2:
                many += few
        return many if sum(int(looks.size[child]) for child in many) >= self.least else []

    def _count(self, piled: Mapping[int, int]) -> int:
        """How many entries they are, by number: strings and symbols beside other objects are the keys to them."""
        key = self._is_text(self.looks.example[list(piled)])
        new = np.array(list(piled.values()))
        return int(max(new[key].sum(), new[~key].sum()))

    def recounted(self, point: Accumulation) -> Accumulation:
        """A point with its entries counted: of more objects than the holder has edges those that hang from itself, and
        of a Map with objects for keys the pairs."""
        heap, looks = self.growth.current, self.looks
        if point.also or not point.piled or looks.new[point.holder] + looks.old[point.holder] > 1:
            return point
        stores = [int(looks.example[part]) for part in (point.holder, *self.parts(point.holder))]
        if point.count > sum(len(heap.edges(store)) for store in stores):
            new = {number: looks.members(number) for number in point.piled}
            new = {number: members[self.growth.before[members] == NOBODY] for number, members in new.items()}
            return replace(point, count=self._count({number: len(looks.outermost(new[number])) for number in new}))
        if heap.classes.names[int(looks.of[point.holder])] == "Map":
            return replace(point, count=round(point.count * self._values(stores)))
        return point

    def _values(self, stores: Sequence[int]) -> float:
        """Which part of the new objects in the tables of a Map are values, if keys are objects too; 1 where they are
        not. Slots of keys and values alternate, with one for V8 between the pairs."""
        heap, paths = self.growth.current, self.looks.paths
        edges = np.concatenate([heap.edges(store)[:_SAMPLE] for store in stores])
        targets = heap.snapshot.edges.to_node[edges]
        chosen = (paths.parent_edge[targets] == edges) & (self.growth.before[targets] == NOBODY)
        chosen &= ~self._is_text(targets)
        slots = [name for name in map(heap.names.edge, edges[chosen].tolist()) if name.isdecimal()]
        counts = np.bincount(np.array(slots, np.int64) % _SLOTS, minlength=_SLOTS)
        return float(counts.max() / counts.sum()) if slots else 1.0

    def _is_text(self, nodes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
        """Whether nodes are strings or symbols, as keys are."""
        header = self.growth.current.snapshot.header
        kinds = [header.node_type("string"), header.node_type("symbol")]
        return np.isin(self.growth.current.snapshot.nodes.type[nodes], kinds)

    def _scope(self, number: int) -> bool:
        """Whether it is scopes that only make up the program, there being no base to tell new ones."""
        classes, of = self.growth.current.classes, int(self.looks.of[number])
        # A class of the program has a place where it was written.
        module = classes.names[of] == MODULE_RECORD and classes.locations[of] is None
        return self.growth.base is None and (module or classes.names[of].startswith(CONTEXT))

    def _add(self, holder: int, piled: Sequence[int], own: int = 0) -> None:
        looks, growth = self.looks, self.growth
        size = own if own else sum(int(looks.size[child]) for child in piled)
        if not own:
            size += sum(int(looks.own[part]) for part in self.parts(holder)) + max(0, int(looks.own[holder]))
        count = self._count({number: int(looks.new[number]) for number in piled}) if piled else int(looks.new[holder])
        gone, gone_size = int(growth.gone[holder]), int(growth.gone_size[holder])
        self.found.append(Accumulation(holder, piled, count, size, gone, gone_size))
