"""Objects as rows: what they are called, their numbers, and lists of them in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from heaptui.heap.detachedness import DETACHED, STATES
from heaptui.heap.distances import NO_DISTANCE
from heaptui.heap.heap import Heap
from heaptui.views.matching import matcher
from heaptui.views.model import Column, Kind, Label, Mark, Order, Row, Rows, page_bounds

Ordinals = npt.NDArray[np.uint32]

LONGEST_NAME = 1000
"""How much of a long string a row shows."""

NAME_ABOUT = "What it is called and its id, which stays the same in later snapshots of the process."
DISTANCE = Column(
    "distance", "Distance", "distance", "Edges on the shortest path from the roots; − where only V8 itself leads there."
)
SHALLOW = Column(
    "shallow_size", "Shallow size", "size", "Bytes of the object itself, without what it refers to.", share=True
)
RETAINED = Column(
    "retained_size",
    "Retained size",
    "size",
    "Bytes that would be freed if the object were gone: its own and those only reachable through it.",
    share=True,
)

_MOST_DECODED = 50_000
_BEGINNING = 48

_DECORATIONS: dict[str, str] = {
    "string": '"{}"',
    "concatenated string": '"{}"',
    "sliced string": '"{}"',
    "regexp": "/{}/",
    "closure": "{}()",
    "array": "{}[]",
    "bigint": "{}n",
}


def object_columns(title: str) -> tuple[Column, ...]:
    """The columns of every list of objects, the first one titled."""
    return (Column("name", title, "name", NAME_ABOUT), DISTANCE, SHALLOW, RETAINED)


def display_name(heap: Heap, ordinal: int) -> str:
    """A node's name as DevTools' rows show it: strings quoted, `name()` for closures, `name[]` for arrays."""
    name = heap.names.node(ordinal, LONGEST_NAME)
    if ordinal == heap.snapshot.root and not name:
        return "(root)"
    if len(name) >= LONGEST_NAME:
        name = name[: LONGEST_NAME - 1] + "…"
    return _DECORATIONS.get(heap.node_type(ordinal), "{}").replace("{}", name)


def cells(heap: Heap, ordinal: int) -> dict[str, int | None]:
    """Distance and sizes of an object."""
    return {
        "distance": heap.shown_distance(ordinal),
        "shallow_size": int(heap.shallow_size[ordinal]),
        "retained_size": int(heap.retained_size[ordinal]),
    }


def marks(heap: Heap, ordinal: int) -> set[Mark]:
    """What there is to say of an object wherever it stands."""
    found: set[Mark] = set()
    if heap.detachedness[ordinal] == DETACHED:
        found.add("detached")
    if heap.distance[ordinal] == NO_DISTANCE:
        found.add("unreachable")
    return found


def place_record(heap: Heap, ordinal: int) -> dict[str, object]:
    """Where a function, or an object's constructor, was written, as JSON has it; null where unknown."""
    place = heap.scripts.of(ordinal)
    if place is None:
        return {"location": None, "script": None}
    location = {"script_id": place.script_id, "line": place.line, "column": place.column}
    return {"location": location, "script": place.script}


def object_record(heap: Heap, ordinal: int) -> dict[str, object]:
    """An object as JSON has it."""
    return {
        "id": heap.id(ordinal),
        "type": heap.node_type(ordinal),
        "name": heap.names.node(ordinal),
        "class": heap.classes.names[int(heap.classes.of[ordinal])],
        **cells(heap, ordinal),
        "detachedness": STATES[int(heap.detachedness[ordinal]) % len(STATES)],
        **place_record(heap, ordinal),
    }


def sort_key(text: str) -> bytes:
    """Orders text as JavaScript does, by UTF-16 units."""
    return text.encode("utf-16-be", "surrogatepass")


def ranks(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """The position of each text among the different ones, in JavaScript's order."""
    position = {text: i for i, text in enumerate(sorted(set(texts), key=sort_key))}
    return np.array([position[text] for text in texts], np.int64)


def name_ranks(heap: Heap, ordinals: Ordinals) -> npt.NDArray[np.int64]:
    """The rank of each object's name, in JavaScript's order.

    Names that many objects share are looked at once. Among more than `_MOST_DECODED` different
    names the first `_BEGINNING` bytes, as the file has them, decide.
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
    examples = ordinals[first]
    if len(examples) > _MOST_DECODED:
        found: npt.NDArray[np.int64] = _ranks_of_beginnings(heap, examples, plain[first])[which]
        return found
    texts = [heap.names.node(int(node), LONGEST_NAME) for node in examples]
    return ranks(texts)[which] if len(texts) else np.empty(0, np.int64)


def _ranks_of_beginnings(heap: Heap, nodes: Ordinals, plain: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    names = np.zeros(len(nodes), f"S{_BEGINNING}")
    done = 0
    for beginnings in heap.names.beginnings(nodes, _BEGINNING):
        names[done : done + len(beginnings)] = beginnings
        done += len(beginnings)
    # What the file does not say itself: properties, and "Detached" before a name.
    made = plain | (heap.names.index[nodes] >= len(heap.snapshot.strings))
    for i in np.flatnonzero(made).tolist():
        names[i] = heap.names.node(int(nodes[i])).encode()[:_BEGINNING]
    # As numbers, high bytes first: sorting these lets other threads run, sorting texts does not.
    words = names.view(">u8").reshape(len(nodes), -1).astype(np.uint64)
    order = np.lexsort(words.T[::-1])
    different = np.ones(len(nodes), np.int64)
    different[1:] = (words[order[1:]] != words[order[:-1]]).any(axis=1)
    found = np.empty(len(nodes), np.int64)
    found[order] = np.cumsum(different)
    return found


def sort_objects(heap: Heap, ordinals: Ordinals, order: Order) -> Ordinals:
    """Objects by a column, the smaller id first where that is equal."""
    ids = heap.snapshot.nodes.id[ordinals]
    match order.key:
        case "name":
            values = name_ranks(heap, ordinals)
        case "distance":
            values = heap.distance[ordinals].astype(np.int64)
        case "shallow_size":
            values = heap.shallow_size[ordinals].astype(np.int64)
        case _:
            values = heap.retained_size[ordinals]
    return ordinals[np.lexsort((ids, -values if order.descending else values))]


def matching_objects(heap: Heap, ordinals: Ordinals, match: str) -> Ordinals:
    """The objects whose name matches."""
    if not match:
        return ordinals
    matches = matcher(match)
    return np.array([i for i in ordinals if matches(heap.names.node(int(i), LONGEST_NAME))], np.uint32)


class ObjectRows(Rows):
    """Objects in the order given, a row made for each one that is looked at."""

    def __init__(self, ordinals: Ordinals, make: Callable[[int], Row]) -> None:
        self._ordinals = ordinals
        self._make = make

    def __len__(self) -> int:
        return len(self._ordinals)

    def page(self, start: int, stop: int) -> list[Row]:
        start, stop = page_bounds(start, stop, len(self))
        return [self._make(int(ordinal)) for ordinal in self._ordinals[start:stop]]


def object_row(heap: Heap, ordinal: int, *, side: int = 0, extra: Sequence[Mark] = ()) -> Row:
    """An object as a row of a class's objects."""
    return Row(
        key=(side, ordinal),
        label=Label(display_name(heap, ordinal), id=heap.id(ordinal)),
        cells=cells(heap, ordinal),
        heap=side,
        ordinal=ordinal,
        expandable=len(heap.edges(ordinal)) > 0,
        marks=frozenset({*marks(heap, ordinal), *extra}),
    )


def column(key: str, title: str, kind: Kind, about: str, *, share: bool = False, inline: bool = False) -> Column:
    """A column, written short."""
    return Column(key, title, kind, about, share, inline)
