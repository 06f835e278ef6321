"""What piled up, class by class: the program's own classes before strings and arrays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from heaptui.heap.heap import Heap
from heaptui.heap.scripts import Place
from heaptui.kernels import telling
from heaptui.suspects.accumulation import Accumulation
from heaptui.suspects.growth import Growth
from heaptui.suspects.knowledge.clues import BUILT_IN
from heaptui.suspects.knowledge.noise import INVISIBLE_CLASSES
from heaptui.suspects.paths import NOBODY
from heaptui.suspects.trail import is_own

_MOST_CLASSES = 10
_FEW_OF = 20
_MOST_PLACES = 8
_MOST_SORTED = 10_000
_LAST = 3
_MEMORY = re.compile(r"system / (?:JS)?ArrayBuffer(?:Data| .*)?")
_OWN = re.compile(r"[A-Za-z_$][\w$]*")


@dataclass(frozen=True, slots=True)
class Leaked:
    """One class in a pile: its number in the current heap's classes, new objects and their shallow bytes.

    `own`: whether it was written in the program itself.
    """

    number: int
    name: str
    count: int
    size: int
    own: bool = False


@dataclass(frozen=True)
class Pile:
    """Attributes:
    shares: all classes of a pile by their part of its bytes (0 to 1); leaked: the foremost of them.
    visible_size: bytes of its objects that are the program's own, not V8's (code, hidden classes, ...).
    written: where most of its closures were written.
    chunk: the size in bytes of its ArrayBuffers' memory, where they all have that of a pool or a read chunk.
    """

    shares: Mapping[str, float]
    leaked: Sequence[Leaked]
    visible_size: int
    written: Sequence[Place]
    chunk: int | None


def sort_piles(growth: Growth, points: Sequence[Accumulation]) -> list[Pile]:
    """Sort what piled up at each point by class."""
    looks, heap = growth.looks, growth.current
    pile = np.full(len(looks), NOBODY, np.uint32)
    for k, point in enumerate(points):
        pile[list(point.piled)] = k
    telling.inherit(np.arange(len(looks), dtype=np.uint32), looks.above, pile)
    for k, point in enumerate(points):
        if not point.piled:
            pile[point.holder] = k
    reached = looks.merged != NOBODY
    which = np.full(heap.node_count, NOBODY, np.uint32)
    which[reached] = pile[looks.merged[reached]]
    grown = np.flatnonzero((which != NOBODY) & (growth.weight > 0))
    classes = len(heap.classes.names)
    key = which[grown].astype(np.int64) * classes + heap.classes.of[grown]
    count = np.bincount(key, minlength=len(points) * classes)
    # Sums of bytes stay far below 2**53, where floats are exact.
    size = np.bincount(key, growth.weight[grown], minlength=len(points) * classes).astype(np.int64)
    piles: list[list[Leaked]] = [[] for _ in points]
    for place in np.flatnonzero(count).tolist():
        number = place % classes
        name, own = heap.classes.names[number], is_own(heap, number)
        piles[place // classes].append(Leaked(number, name, int(count[place]), int(size[place]), own))
    written = _written(heap, which, len(points))
    return [_pile(growth, *known) for known in zip(points, piles, written, strict=True)]


def _written(heap: Heap, which: npt.NDArray[np.uint32], count: int) -> list[list[Place]]:
    """For each of `count` piles the places that most of its closures come from; `which` tells the pile by ordinal."""
    located = heap.snapshot.locations
    is_closure = heap.snapshot.nodes.type[located.ordinal] == heap.snapshot.header.node_type("closure")
    rows = np.flatnonzero(is_closure & (which[located.ordinal] != NOBODY))
    columns = [which[located.ordinal[rows]].astype(np.int64)]
    columns += [column[rows] for column in (located.script_id, located.line, located.column)]
    found: list[list[Place]] = [[] for _ in range(count)]
    if not len(rows):
        return found
    places, times = np.unique(np.stack(columns), axis=1, return_counts=True)
    for at in np.argsort(-times, kind="stable")[:_MOST_SORTED].tolist():
        pile, script, line, column = (int(value) for value in places[:, at])
        if len(found[pile]) < _MOST_PLACES:
            found[pile].append(heap.scripts.place(script, line, column))
    return found


def _pile(growth: Growth, point: Accumulation, leaked: list[Leaked], written: Sequence[Place]) -> Pile:
    total = max(1, sum(one.size for one in leaked))
    shares: dict[str, float] = {}
    for one in leaked:
        shares[one.name] = shares.get(one.name, 0.0) + one.size / total
    visible = sum(one.size for one in leaked if one.name not in INVISIBLE_CLASSES)
    direct = {int(growth.looks.of[number]) for number in point.piled}

    def rank(one: Leaked) -> tuple[int, bool, int]:
        few = one.count * _FEW_OF < point.count
        return (_LAST if few else _kind(growth.current, one)), one.number not in direct, -one.size

    return Pile(shares, _once(sorted(leaked, key=rank))[:_MOST_CLASSES], visible, written, _chunk(leaked))


def _once(leaked: Sequence[Leaked]) -> list[Leaked]:
    """Classes of one name, as versions of a script have them, as one."""
    found: dict[str, Leaked] = {}
    for one in leaked:
        known = found.get(one.name)
        found[one.name] = (
            one if known is None else replace(known, count=known.count + one.count, size=known.size + one.size)
        )
    return list(found.values())


def _chunk(leaked: Sequence[Leaked]) -> int | None:
    """The size that the memory of all ArrayBuffers has, if it is a power of two from 4 kB on."""
    for one in leaked:
        if _MEMORY.fullmatch(one.name):
            # Older versions count a header with the memory.
            mean, size = one.size / one.count, 1 << max(12, (one.size // one.count).bit_length() - 1)
            if size <= mean <= 1.01 * size + 128:
                return size
    return None


def _kind(heap: Heap, one: Leaked) -> int:
    """The program's own classes, then its plain objects and functions, then all else."""
    if heap.classes.kinds[one.number] == "interface":
        return 1
    if heap.classes.kinds[one.number] == "name" and _OWN.fullmatch(one.name) and not BUILT_IN.fullmatch(one.name):
        return 0
    return 1 if one.name == "Function" else 2
