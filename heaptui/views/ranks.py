"""The order of names, as JavaScript has it: exact for thousands of them, by their beginnings for millions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from heaptui.heap.light import LightHeap

Ordinals = npt.NDArray[np.uint32]
Ranks = npt.NDArray[np.int64]

LONGEST_NAME = 1000
"""How much of a long string a row shows, and is sorted by."""

_MOST_DECODED = 10_000
_MOST_ESCAPED = 10_000
_BEGINNING = 48
_BACKSLASH = 92


def sort_key(text: str) -> bytes:
    """Orders text as JavaScript does, by UTF-16 units."""
    return text.encode("utf-16-be", "surrogatepass")


def ranks(texts: Sequence[str]) -> Ranks:
    """The position of each text among the different ones, in JavaScript's order."""
    position = {text: i for i, text in enumerate(sorted(set(texts), key=sort_key))}
    return np.array([position[text] for text in texts], np.int64)


def distinct_names(heap: LightHeap, ordinals: Ordinals) -> tuple[Ordinals, npt.NDArray[np.intp]]:
    """Some of the objects, one for each name, and for each object which of these has its name.

    So names that many objects share are looked at once; a few may still be equal.
    """
    types, header = heap.snapshot.nodes.type[ordinals], heap.snapshot.header
    key = heap.names.index[ordinals].astype(np.int64)
    ropes = types == header.node_type("concatenated string")
    plain = (types == header.node_type("object")) & np.isin(key, list(heap.names.plain_names))
    # Plain objects of one shape have one name; ropes have one each.
    shapes = heap.shapes
    key[plain] = -1 - shapes.examples[shapes.shape[np.searchsorted(shapes.nodes, ordinals[plain])]].astype(np.int64)
    key[ropes] = -1 - ordinals[ropes].astype(np.int64)
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return ordinals[first], which


def name_ranks(heap: LightHeap, ordinals: Ordinals) -> Ranks:
    """The rank of each object's name."""
    examples, which = distinct_names(heap, ordinals)
    # What the file does not say itself: properties, and "Detached" before a name.
    made = _among(heap.shapes.nodes, examples) | (heap.names.index[examples] >= len(heap.snapshot.strings))
    found = _ranks_of(
        len(examples),
        lambda i: heap.names.node(int(examples[i]), LONGEST_NAME),
        lambda: heap.names.beginnings(examples, _BEGINNING),
        made,
    )
    return found[which]


def _among(ordered: Ordinals, ordinals: Ordinals) -> npt.NDArray[np.bool_]:
    """Which ordinals are among some that rise; these can be many more."""
    if not len(ordered):
        return np.zeros(len(ordinals), bool)
    found: npt.NDArray[np.bool_] = ordered[np.minimum(np.searchsorted(ordered, ordinals), len(ordered) - 1)] == ordinals
    return found


def text_ranks(heap: LightHeap, indexes: npt.NDArray[np.unsignedinteger]) -> Ranks:
    """The rank of each different string of the file, by index."""
    return _ranks_of(
        len(indexes),
        lambda i: heap.names.text(int(indexes[i])),
        lambda: heap.names.beginnings_of_texts(indexes, _BEGINNING),
        np.zeros(len(indexes), bool),
    )


def _ranks_of(
    count: int,
    decode: Callable[[int], str],
    beginnings: Callable[[], npt.NDArray[np.uint8]],
    made: npt.NDArray[np.bool_],
) -> Ranks:
    """Ranks of so many texts; of many the first `_BEGINNING` bytes as UTF-8 has them decide.

    Where too many of them are escaped, they are compared as the file has them.
    """
    if count <= _MOST_DECODED:
        return ranks([decode(i) for i in range(count)])
    rows = beginnings()
    escaped = np.unique(np.flatnonzero(rows.ravel() == _BACKSLASH) // _BEGINNING)
    for i in {*np.flatnonzero(made).tolist(), *(escaped.tolist() if len(escaped) <= _MOST_ESCAPED else ())}:
        said = decode(i).encode("utf-8", "surrogatepass")[:_BEGINNING]
        rows[i] = 0
        rows[i, : len(said)] = np.frombuffer(said, np.uint8)
    return byte_ranks(rows)


def byte_ranks(rows: npt.NDArray[np.uint8]) -> Ranks:
    """The rank of each row when they are compared byte by byte; their width is a multiple of eight."""
    # As numbers, high bytes first: sorting these lets other threads run, sorting texts does not.
    words = [column.astype(np.uint64) for column in rows.view(">u8").T]
    words = [word for word in words if word.any()] or words[:1]
    order = np.lexsort(words[::-1])
    different = np.zeros(len(rows), bool)
    for word in words:
        in_order = word[order]
        different[1:] |= in_order[1:] != in_order[:-1]
    found = np.empty(len(rows), np.int64)
    found[order] = np.cumsum(different)
    return found
