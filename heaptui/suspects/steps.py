"""Three snapshots and more: whether what holds a pile grew from each to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from heaptui.heap.heap import Heap
from heaptui.kernels import telling
from heaptui.snapshot.progress import Progress
from heaptui.suspects.accumulation import BACKING, Accumulation
from heaptui.suspects.growth import Growth
from heaptui.suspects.paths import NOBODY, TellingPaths, find_paths
from heaptui.suspects.trail import Step, Trail, class_name
from heaptui.suspects.trail import step as lay

Int64s = npt.NDArray[np.int64]
Ids = npt.NDArray[np.uint64]

TELLING = 20
"""So many entries tell whether a holder keeps them."""
STAYED = 0.1
"""If no greater part of them stayed, it does not."""

_LEAST_STEP = 0.1
_SLOWER = 0.33
_LARGER = 1.2
_COUNTABLE = 0.3
_NAMED = ("property", "context", "internal", "shortcut")
_DEEPEST = 3
_COUNTED = 1000
_FOLLOWED = 64
_BY_CHANCE = 3
_MOST_EDGES = 10_000


@dataclass(frozen=True, slots=True)
class Held:
    """What a holder held in one snapshot: references to entries, and bytes with all that hung from it.

    `refilled`: it is another object than in the snapshot before, and next to nothing of what that held is still there.
    """

    entries: int
    size: int
    refilled: bool = False


def follow_holders(
    growth: Growth, heaps: Sequence[Heap], points: Sequence[Accumulation], trails: Sequence[Trail], progress: Progress
) -> list[list[Held]]:
    """What the holder of each accumulation held in each heap; empty lists for fewer than three heaps.

    A holder is known by its id, or else by its name at the nearest object on its path that is.
    """
    if len(heaps) < 3:
        return [[] for _ in points]
    found: list[list[Held]] = [[] for _ in points]
    ids: list[Ids] = [np.empty(0, np.uint64) for _ in points]
    for heap in heaps:
        paths = _paths(growth, heap, progress)
        below = paths.hanging()
        for i, (held, point, trail) in enumerate(zip(found, points, trails, strict=True)):
            holders = _holders(growth, heap, point, trail)
            # Of so many, bytes tell enough.
            entries = [entries_of(heap, holder) for holder in holders] if len(holders) <= _COUNTED else []
            latest, before = _ids(heap, [np.array(holders, np.int64), *entries]), ids[i]
            refilled = len(holders) == 1 and _is_refilled(before, latest, heap)
            held.append(Held(sum(map(len, entries)), _size(paths, below, holders), refilled))
            ids[i] = latest
    return found


def _ids(heap: Heap, nodes: Sequence[npt.NDArray[np.integer[Any]]]) -> Ids:
    return heap.snapshot.nodes.id[np.concatenate(nodes)].astype(np.uint64)


def _is_refilled(before: Ids, latest: Ids, heap: Heap) -> bool:
    """Whether a holder took the place of one of enough entries, all of which are gone but a few; ids, its own first."""
    if len(before) <= TELLING or before[0] == latest[0]:
        return False
    return bool(np.isin(before, heap.snapshot.nodes.id).mean() <= STAYED)


def _paths(growth: Growth, heap: Heap, progress: Progress) -> TellingPaths:
    for paths in (growth.paths, growth.base_paths):
        if paths is not None and paths.heap is heap:
            return paths
    return find_paths(heap, None, progress)


def _holders(growth: Growth, heap: Heap, point: Accumulation, trail: Trail) -> list[int]:
    looks = growth.looks
    if looks.new[point.holder] + looks.old[point.holder] > 1:
        members = np.flatnonzero(looks.merged == point.holder)
        members = members[growth.current.classes.of[members] == looks.of[point.holder]]
        ids = growth.current.snapshot.nodes.id[members]
        known = np.flatnonzero(np.isin(heap.snapshot.nodes.id, ids)).tolist()
        fresh = members[growth.before[members] == NOBODY].tolist()
        places = (_place(growth.current, heap, _path(growth, node)) for node in fresh if len(fresh) <= _FOLLOWED)
        return sorted({*known, *(place for place in places if place is not None)})
    place = _place(growth.current, heap, trail.path)
    return [] if place is None else [place]


def _path(growth: Growth, node: int) -> list[Step]:
    """The way to an object from the nearest one on its path that the base has."""
    steps = growth.paths.steps(node)
    known = [i for i, (_, target) in enumerate(steps) if growth.before[target] != NOBODY]
    return [lay(growth.current, edge, target) for edge, target in steps[known[-1] if known else 0 :]]


def _size(paths: TellingPaths, below: Int64s, holders: Sequence[int]) -> int:
    """The bytes that hang from some objects, counted once where one of them hangs from another."""
    if len(holders) < 2:
        return int(below[list(holders)].sum())
    mark = np.full(len(below), NOBODY, np.uint32)
    mark[list(holders)] = 1
    telling.inherit(paths.order, paths.parent, mark)
    return int(paths.heap.shallow_size[mark == 1].sum(dtype=np.int64))


def _place(current: Heap, heap: Heap, path: Sequence[Step]) -> int | None:
    """Where a path of the current heap leads to in another.

    Of objects of the runtime itself some versions number each snapshot's anew, so that the id may be another's.
    """
    for i in range(len(path) - 1, -1, -1):
        place = heap.object_with_id(current.id(path[i].node))
        lasting = path[i].node_type not in ("native", "synthetic")
        if place is not None and (lasting or heap.names.raw(place).startswith(path[i].name)):
            return _walk(heap, place, path[i + 1 :])
    return None


def _walk(heap: Heap, place: int, steps: Sequence[Step]) -> int | None:
    for step in steps:
        found = follow(heap, place, step)
        if found is None:
            return None
        place = found
    return place


def follow(heap: Heap, owner: int, step: Step) -> int | None:
    """Where the edge of a step leads from an object of another heap; None where it has no such name or too many.

    Of edges that have numbers it is the only one that leads to an object of the class.
    """
    edges = heap.edges(owner)
    if len(edges) > _MOST_EDGES:
        return None
    if step.numbered:
        targets = np.unique(_numbered(heap, owner))
        found = [class_name(heap, target) for target in targets.tolist()]
        return int(targets[found.index(step.class_name)]) if found.count(step.class_name) == 1 else None
    if step.edge_type not in _NAMED or step.edge_name[:1].isdecimal():
        return None
    alike = edges[heap.snapshot.edges.type[edges] == heap.snapshot.header.edge_type(step.edge_type)]
    named = (int(edge) for edge in alike if heap.names.edge(int(edge)) == step.edge_name)
    edge = next(named, None)
    return None if edge is None else int(heap.snapshot.edges.to_node[edge])


def entries_of(heap: Heap, holder: int) -> npt.NDArray[np.uint32]:
    """The different objects that one refers to, by itself and its backing stores; uint32, ascending.

    Deleted slots of a table all lead to one and the same.
    """
    header, columns = heap.snapshot.header, heap.snapshot.edges
    held: list[npt.NDArray[np.uint32]] = []
    stores = [holder]
    for _ in range(_DEEPEST):
        deeper: list[int] = []
        for store in stores:
            edges = heap.edges(store)
            held += [
                _numbered(heap, store),
                columns.to_node[edges[columns.type[edges] == header.edge_type("property")]],
            ]
            internal = edges[columns.type[edges] == header.edge_type("internal")].tolist()
            deeper += [int(columns.to_node[edge]) for edge in internal if heap.names.edge(edge) in BACKING]
        stores = deeper
    return np.unique(np.concatenate(held))


def _numbered(heap: Heap, owner: int) -> npt.NDArray[np.uint32]:
    """Where the edges of an object lead that have numbers for names: elements, and the slots of tables."""
    header, columns = heap.snapshot.header, heap.snapshot.edges
    edges = heap.edges(owner)
    kinds = columns.type[edges]
    internal = edges[kinds == header.edge_type("internal")]
    slots = internal[heap.snapshot.strings.begin_with_digit(columns.name_or_index[internal])]
    elements = edges[np.isin(kinds, [header.edge_type("element"), header.edge_type("hidden")])]
    found: npt.NDArray[np.uint32] = columns.to_node[np.concatenate([elements, slots])]
    return found


def grew_in_every_step(held: Sequence[Held], count: int) -> bool:
    """Whether each step is a tenth of an even one at least: in entries, where they tell of the `count` that piled
    up, else in bytes."""
    entries = [one.entries for one in held]
    by_entries = entries[-1] - entries[0] >= max(1.0, _COUNTABLE * count)
    return _rises(entries if by_entries else [one.size for one in held])


def is_refilled(held: Sequence[Held]) -> bool:
    """Whether it was emptied and filled again before every snapshot, which may be three times by chance."""
    return len(held) <= _BY_CHANCE and all(one.refilled for one in held[1:])


def slows_down(held: Sequence[Held]) -> bool:
    """Whether the last step is but a part of one before it."""
    steps = [after.size - before.size for before, after in pairwise(held)]
    return steps[-1] < _SLOWER * max(steps)


def is_replaced_by_larger(point: Accumulation, trail: Trail, held: Sequence[Held]) -> bool:
    """Whether a single object takes the place of a smaller one in every step, as an array that is copied to grow.

    Tables of the engine's own grow so too.
    """
    if not held or point.piled or trail.path[0].node_type == "synthetic":
        return False
    sizes = [one.size for one in held]
    return sizes[0] > 0 and sizes[-1] >= _LARGER * sizes[0] and _rises(sizes)


def _rises(values: Sequence[int]) -> bool:
    even = (values[-1] - values[0]) / (len(values) - 1)
    return even > 0 and all(after - before >= _LEAST_STEP * even for before, after in pairwise(values))
