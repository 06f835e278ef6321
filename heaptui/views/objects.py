"""Objects as rows: what they are called, their numbers, and lists of them in order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import numpy.typing as npt

from heaptui.heap.detachedness import DETACHED, STATES
from heaptui.heap.distances import NO_DISTANCE
from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.views.matching import matcher
from heaptui.views.model import Column, Kind, Label, Mark, Order, Row, Rows, page_bounds
from heaptui.views.ranks import LONGEST_NAME, name_ranks

Ordinals = npt.NDArray[np.uint32]

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


def known_columns(columns: Sequence[Column], heap: LightHeap) -> tuple[Column, ...]:
    """The columns without those that only dominators and distances fill, where the heap lacks them."""
    return tuple(column for column in columns if isinstance(heap, Heap) or column not in (DISTANCE, RETAINED))


def largest_first(heap: LightHeap) -> Order:
    """DevTools' order of objects; by the sizes that are known."""
    return Order("retained_size" if isinstance(heap, Heap) else "shallow_size", True)


def display_name(heap: LightHeap, ordinal: int) -> str:
    """A node's name as DevTools' rows show it: strings quoted, `name()` for closures, `name[]` for arrays."""
    name = heap.names.node(ordinal, LONGEST_NAME)
    if ordinal == heap.snapshot.root and not name:
        return "(root)"
    if len(name) >= LONGEST_NAME:
        name = name[: LONGEST_NAME - 1] + "…"
    return _DECORATIONS.get(heap.node_type(ordinal), "{}").replace("{}", name)


def cells(heap: LightHeap, ordinal: int) -> dict[str, int | None]:
    """Distance and sizes of an object, as far as they are known."""
    size = int(heap.shallow_size[ordinal])
    if not isinstance(heap, Heap):
        return {"shallow_size": size}
    return {
        "distance": heap.shown_distance(ordinal),
        "shallow_size": size,
        "retained_size": int(heap.retained_size[ordinal]),
    }


def marks(heap: LightHeap, ordinal: int) -> set[Mark]:
    """What there is to say of an object wherever it stands."""
    found: set[Mark] = set()
    if heap.detachedness[ordinal] == DETACHED:
        found.add("detached")
    if isinstance(heap, Heap) and heap.distance[ordinal] == NO_DISTANCE:
        found.add("unreachable")
    if heap.known_from_window(ordinal) or (
        heap.node_type(ordinal) == "object" and heap.names.node(ordinal, LONGEST_NAME).startswith("Window")
    ):
        found.add("window")
    return found


def place_record(heap: LightHeap, ordinal: int) -> dict[str, object]:
    """Where a function, or an object's constructor, was written, as JSON has it; null where unknown."""
    place = heap.scripts.of(ordinal)
    if place is None:
        return {"location": None, "script": None}
    location = {"script_id": place.script_id, "line": place.line, "column": place.column}
    return {"location": location, "script": place.script}


def object_record(heap: LightHeap, ordinal: int) -> dict[str, object]:
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


def sort_objects(heap: LightHeap, ordinals: Ordinals, order: Order) -> Ordinals:
    """Objects by a column, the smaller id first where that is equal."""
    ids = heap.snapshot.nodes.id[ordinals]
    match order.key:
        case "name":
            values = name_ranks(heap, ordinals)
        case "distance" if isinstance(heap, Heap):
            values = heap.distance[ordinals].astype(np.int64)
        case key if key != "shallow_size" and isinstance(heap, Heap):
            values = heap.retained_size[ordinals]
        case _:
            values = heap.shallow_size[ordinals].astype(np.int64)
    return ordinals[_sorting(-values if order.descending else values, ids)]


def _sorting(values: npt.NDArray[np.int64], ids: npt.NDArray[np.unsignedinteger]) -> npt.NDArray[np.intp]:
    """What sorts by values, and by id where these are equal."""
    if len(ids):
        low, bits = int(values.min()), int(ids.max()).bit_length()
        if (int(values.max()) - low).bit_length() + bits < 64:
            # One number for both sorts several times as fast as two.
            return np.argsort(((values - low) << bits) + ids.astype(np.int64))
    return np.lexsort((ids, values))


def matching_objects(heap: LightHeap, ordinals: Ordinals, match: str) -> Ordinals:
    """The objects whose name matches."""
    if not match:
        return ordinals
    matches = matcher(match)
    return np.array([i for i in ordinals if matches(heap.names.node(int(i), LONGEST_NAME))], np.uint32)


class ObjectRows(Rows):
    """Objects in the order given, a row made for each one that is looked at."""

    def __init__(self, ordinals: Ordinals, make: Callable[[int], Row]) -> None:
        self.ordinals = ordinals
        self._make = make

    def __len__(self) -> int:
        return len(self.ordinals)

    def page(self, start: int, stop: int) -> list[Row]:
        start, stop = page_bounds(start, stop, len(self))
        return [self._make(int(ordinal)) for ordinal in self.ordinals[start:stop]]

    def place(self, key: Hashable) -> int | None:
        return place_of(self, key, self.ordinals)


def place_of(rows: Rows, key: Hashable, numbers: npt.NDArray[np.integer]) -> int | None:
    """Where the row with a key is, in rows whose keys are, or end with, these numbers."""
    match key:
        case (*_, int(number)) | int(number):
            for place in np.flatnonzero(numbers == number).tolist():
                if rows.page(place, place + 1)[0].key == key:
                    return int(place)
    return None


def object_row(heap: LightHeap, ordinal: int, *, side: int = 0, extra: Sequence[Mark] = ()) -> Row:
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
