"""Objects by what their names contain, as DevTools' search finds them (section 11 of its rules)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from heaptui.heap.light import LightHeap
from heaptui.kernels import text
from heaptui.snapshot.progress import Progress

Mask = npt.NDArray[np.bool_]
_CHECK_EVERY = 1 << 12


def search(
    heap: LightHeap, wanted: str, chosen: Mask | None = None, progress: Progress | None = None
) -> npt.NDArray[np.uint32]:
    """The ordinals, in file order, of the objects with a shallow size whose name contains a text.

    Small and capital letters are equal. `chosen` narrows the search to a filter's objects.
    """
    progress = progress or Progress()
    counted = heap.counted if chosen is None else heap.counted & chosen
    nodes = np.flatnonzero(counted).astype(np.uint32)
    types = heap.snapshot.nodes.type[nodes]
    ropes = types == heap.snapshot.header.node_type("concatenated string")
    plain = np.isin(nodes, heap.shapes.nodes)
    index = heap.names.index[nodes]
    hits = np.zeros(len(nodes), bool)
    raw = ~ropes & ~plain
    hits[raw] = _matching_strings(heap, wanted, index[raw])[index[raw]]
    hits[plain] = _matching_shapes(heap, wanted)[np.searchsorted(heap.shapes.nodes, nodes[plain])]
    folded = wanted.casefold()
    for i, at in enumerate(np.flatnonzero(ropes).tolist()):
        if not i % _CHECK_EVERY:
            progress.check()
        hits[at] = folded in heap.names.node(int(nodes[at])).casefold()
    return nodes[hits]


def _matching_strings(heap: LightHeap, wanted: str, index: npt.NDArray[np.unsignedinteger]) -> Mask:
    """By string, of those that are names, whether it contains the text."""
    strings = heap.snapshot.strings
    matching = np.zeros(len(strings) + len(heap.names.added), bool)
    used = np.unique(index)
    own = used[used < len(strings)].astype(np.uint32)
    folded = wanted.casefold()
    if wanted.isascii() and wanted.isprintable() and not set(wanted) & set('"\\'):
        found = np.empty(len(own), np.uint8)
        text.find_containing(
            strings.source.data,
            strings.base,
            strings.offset,
            strings.end,
            own,
            np.frombuffer(wanted.lower().encode(), np.uint8),
            found,
        )
        matching[own] = found
    else:
        matching[own] = [folded in strings[int(i)].casefold() for i in own]
    for i in used[used >= len(strings)].tolist():
        matching[i] = folded in heap.names.text(i).casefold()
    return matching


def _matching_shapes(heap: LightHeap, wanted: str) -> Mask:
    """For each plain object whether the name that its properties give it contains the text."""
    folded = wanted.casefold()
    by_shape = np.array([folded in heap.names.node(int(node)).casefold() for node in heap.shapes.examples], bool)
    return by_shape[heap.shapes.shape] if len(by_shape) else np.zeros(0, bool)
