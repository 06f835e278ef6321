"""Objects by their names: as DevTools' search finds them (section 11 of its rules), and by any other pattern."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from heaptui.heap.light import LightHeap
from heaptui.heap.patterns import Pattern, containing
from heaptui.kernels import text
from heaptui.snapshot.progress import Progress

Mask = npt.NDArray[np.bool_]
Ordinals = npt.NDArray[np.uint32]
Indexes = npt.NDArray[np.unsignedinteger]

_RUN = 1 << 16
_ROPES = 1 << 12


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
    hits[plain] = _shapes_passing(heap, pattern)[np.searchsorted(heap.shapes.nodes, nodes[plain])]
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
        left = _having(heap, run, pattern.inside)
        passing[left] = pattern.exact or [pattern.test(strings[int(i)]) for i in left]
        progress.advance(len(run))
    for i in np.flatnonzero(asked[len(strings) :]) + len(strings):
        passing[i] = pattern.test(heap.names.text(int(i)))
    return passing


def _having(heap: LightHeap, own: Ordinals, inside: str) -> Ordinals:
    """Those of the file's strings that contain a text; where that cannot be told quickly, those that might."""
    strings = heap.snapshot.strings
    found = np.empty(len(own), np.uint8)
    wanted = np.frombuffer(inside.lower().encode(), np.uint8)
    text.find_containing(strings.source.data, strings.base, strings.offset, strings.end, own, wanted, found)
    having: Ordinals = own[found.view(bool)]
    return having


def _shapes_passing(heap: LightHeap, pattern: Pattern) -> Mask:
    """For each plain object whether the name that its properties give it passes."""
    by_shape = np.array([pattern.test(heap.names.node(int(node))) for node in heap.shapes.examples], bool)
    return by_shape[heap.shapes.shape] if len(by_shape) else np.zeros(0, bool)


def _ropes_passing(heap: LightHeap, ropes: Ordinals, pattern: Pattern, progress: Progress) -> Mask:
    """For each rope whether what it spells passes; a leaf that many ropes share is decoded once a batch."""
    hits = np.zeros(len(ropes), bool)
    progress.begin("reading ropes", len(ropes), "strings")
    done = 0
    for leaves, bounds in heap.names.leaves(ropes, _ROPES):
        used, which = np.unique(heap.names.index[leaves[: bounds[-1]]], return_inverse=True)
        parts = [heap.names.text(int(i)) for i in used]
        said = [parts[i] for i in which.tolist()]
        ends = bounds.tolist()
        tests = [pattern.test("".join(said[a:b])) for a, b in itertools.pairwise(ends)]
        hits[done : done + len(tests)] = tests
        done += len(tests)
        progress.advance(len(tests))
    return hits
