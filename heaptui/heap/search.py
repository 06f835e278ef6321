"""Objects by their names: as DevTools' search finds them (section 11 of its rules), and by any other pattern."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from heaptui.heap.light import LightHeap
from heaptui.heap.patterns import Pattern, containing
from heaptui.kernels import text
from heaptui.snapshot.progress import Progress

Mask = npt.NDArray[np.bool_]
Ordinals = npt.NDArray[np.uint32]
Indexes = npt.NDArray[np.unsignedinteger]

_RUN = 1 << 15
_CHECK_EVERY = 1 << 12


def search(heap: LightHeap, wanted: str, chosen: Mask | None = None, progress: Progress | None = None) -> Ordinals:
    """The ordinals, in file order, of the objects with a shallow size whose name contains a text.

    Small and capital letters are equal. `chosen` narrows the search to a filter's objects.
    """
    counted = heap.counted if chosen is None else heap.counted & chosen
    nodes = np.flatnonzero(counted).astype(np.uint32)
    return nodes[named(heap, nodes, containing(wanted), progress or Progress())]


def named(heap: LightHeap, nodes: Ordinals, pattern: Pattern, progress: Progress) -> Mask:
    """For each of some nodes, in file order, whether its name passes; raises Cancelled.

    A name that many nodes share is looked at once, one that properties make up once a shape.
    """
    ropes = heap.snapshot.nodes.type[nodes] == heap.snapshot.header.node_type("concatenated string")
    plain = np.isin(nodes, heap.shapes.nodes)
    raw = ~ropes & ~plain
    index = heap.names.index[nodes[raw]]
    hits = np.zeros(len(nodes), bool)
    hits[raw] = texts_passing(heap, index, pattern, progress)[index]
    hits[plain] = _shapes_passing(heap, pattern, progress)[np.searchsorted(heap.shapes.nodes, nodes[plain])]
    hits[ropes] = _ropes_passing(heap, nodes[ropes], pattern, progress)
    return hits


def texts_passing(heap: LightHeap, index: Indexes, pattern: Pattern, progress: Progress) -> Mask:
    """By index of a string: whether it is among those asked for and passes."""
    strings = heap.snapshot.strings
    count = len(strings) + len(heap.names.added)
    asked = np.zeros(count, bool)
    asked[index] = True
    passing = np.zeros(count, bool)
    own = np.flatnonzero(asked[: len(strings)]).astype(np.uint32)
    progress.begin("searching strings", len(own), "strings")
    for low in range(0, len(own), _RUN):
        run = own[low : low + _RUN]
        left = _having(heap, run, pattern)
        passing[left] = pattern.exact or [pattern.test(strings[int(i)]) for i in left]
        progress.advance(len(run))
    for i in np.flatnonzero(asked[len(strings) :]) + len(strings):
        passing[i] = pattern.test(heap.names.text(int(i)))
    return passing


def _having(heap: LightHeap, own: Ordinals, pattern: Pattern) -> Ordinals:
    """Those of the file's strings that contain the text of a pattern; all of them where it is empty."""
    having: Ordinals = own[_contain(heap, own, np.arange(len(own) + 1), pattern)]
    return having


def _contain(heap: LightHeap, index: Indexes, bounds: npt.NDArray[np.int64], pattern: Pattern) -> Mask:
    """Whether the strings between two bounds, one after the other, contain the text of a pattern."""
    found = np.ones(len(bounds) - 1, np.uint8)
    if pattern.inside:
        strings = heap.snapshot.strings
        inside = pattern.inside if pattern.cased else pattern.inside.lower()
        wanted = np.frombuffer(inside.encode(), np.uint8)
        text.find_containing(
            strings.source.data, strings.base, strings.offset, strings.end, index.astype(np.uint32), bounds, wanted,
            _back(wanted), int(pattern.cased), found,
        )  # fmt: skip
    return found.view(bool)


def _back(wanted: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """How long the longest beginning is, other than itself, that each beginning of a text ends with."""
    back = np.zeros(len(wanted), np.int64)
    have = 0
    for k in range(1, len(wanted)):
        while have and wanted[k] != wanted[have]:
            have = int(back[have - 1])
        have += int(wanted[k] == wanted[have])
        back[k] = have
    return back


def _shapes_passing(heap: LightHeap, pattern: Pattern, progress: Progress) -> Mask:
    """For each plain object whether the name that its properties give it passes."""
    by_shape = np.zeros(len(heap.shapes.examples), bool)
    for i, node in enumerate(heap.shapes.examples.tolist()):
        if not i % _CHECK_EVERY:
            progress.check()
        by_shape[i] = pattern.test(heap.names.node(node))
    return by_shape[heap.shapes.shape] if len(by_shape) else np.zeros(0, bool)


def _ropes_passing(heap: LightHeap, ropes: Ordinals, pattern: Pattern, progress: Progress) -> Mask:
    """For each rope whether what it spells passes."""
    hits = np.zeros(len(ropes), bool)
    progress.begin("searching ropes", len(ropes), "strings")
    done = 0
    for leaves, bounds in heap.names.leaves(ropes, _RUN):
        said = heap.snapshot.nodes.name[leaves[: bounds[-1]]]
        passing = _contain(heap, said, bounds, pattern)
        if not pattern.exact:
            left = np.flatnonzero(passing)
            passing[left] = [pattern.test("".join(parts)) for parts in _spelled(heap, said, bounds, left)]
        hits[done : done + len(passing)] = passing
        done += len(passing)
        progress.advance(len(passing))
    return hits


def _spelled(
    heap: LightHeap, said: Indexes, bounds: npt.NDArray[np.int64], which: npt.NDArray[np.intp]
) -> Iterator[list[str]]:
    """The parts of some ropes; a part that many ropes share is decoded once."""
    parts: dict[int, str] = {}
    every = said.tolist()
    for start, end in zip(bounds[which].tolist(), bounds[which + 1].tolist(), strict=True):
        yield [parts.get(i) or parts.setdefault(i, heap.names.text(i)) for i in every[start:end]]
