"""Everything there is to say of one object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from heaptui.heap.allocations import Frame
from heaptui.heap.detachedness import ATTACHED, DETACHED, STATES, UNKNOWN
from heaptui.heap.distances import SYSTEM_DISTANCE
from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.snapshot.progress import Progress
from heaptui.views import text
from heaptui.views.dominators import dominator_chain
from heaptui.views.entries import entries, table_of
from heaptui.views.model import Column, Row, View
from heaptui.views.objects import display_name, object_record

Pair = tuple[str, str]
"""A label and a text, not escaped."""

MOST_PROPERTIES = 100
_MOST_DOMINATORS = 12
_MOST_SLOTS = 10_000
_STRINGS = ("string", "concatenated string", "sliced string")
_PROPERTIES = ("property", "element", "context")
_PRIMITIVES = ("null", "undefined", "true", "false")
_VALUE = 200
_MOST_HOLDERS = 5
_MOST_WAYS = 5


def full_text(heap: LightHeap, ordinal: int) -> str:
    """The whole name of an object: of strings, all of the value that the file has."""
    return heap.names.node(ordinal)


def is_text(heap: LightHeap, ordinal: int) -> bool:
    """Whether an object is a string, of whatever kind."""
    return heap.node_type(ordinal) in _STRINGS


def value(heap: LightHeap, ordinal: int) -> str | None:
    """What a string says, or a number is; None for other objects and for numbers that the file does not tell."""
    if is_text(heap, ordinal):
        return full_text(heap, ordinal)
    return number(heap, ordinal) if heap.node_type(ordinal) == "number" else None


def number(heap: LightHeap, ordinal: int) -> str | None:
    """A number's value, which only some snapshots have."""
    for edge in heap.edges(ordinal)[:10]:
        if heap.names.edge(int(edge)) == "value" and heap.edge_type(int(edge)) == "internal":
            return heap.names.node(int(heap.snapshot.edges.to_node[edge]), _VALUE)
    return None


def detailed_record(heap: LightHeap, ordinal: int) -> dict[str, object]:
    """An object as the command `object` prints it."""
    record = object_record(heap, ordinal)
    if isinstance(heap, Heap):
        dominator = int(heap.dominators.dominator[ordinal])
        record["dominator"] = None if ordinal == heap.snapshot.root else object_record(heap, dominator)
    return {**record, "value": value(heap, ordinal), "reachable_from_window": ordinal in heap.from_window}


def details(heap: LightHeap, ordinal: int) -> list[Pair]:
    """What an object is, for a box or a table."""
    place = heap.scripts.of(ordinal)
    pairs = [
        ("Object", f"{_short(display_name(heap, ordinal))} @{heap.id(ordinal)}"),
        ("Type", heap.node_type(ordinal)),
        ("Class", heap.classes.names[int(heap.classes.of[ordinal])] or text.NO_NAME),
        ("Shallow size", size(int(heap.shallow_size[ordinal]))),
    ]
    if isinstance(heap, Heap):
        pairs.append(("Retained size", size(int(heap.retained_size[ordinal]), heap.total_size)))
        pairs.append(("Distance", text.cell("distance", heap.shown_distance(ordinal))))
    state = int(heap.detachedness[ordinal]) % len(STATES)
    if state != UNKNOWN:
        pairs.append(("Detachedness", STATES[state]))
    # Only pages have windows, and something that hangs in them.
    if (heap.detachedness == ATTACHED).any():
        named = "reachable by names" if ordinal in heap.from_window else "not reachable by names"
        pairs.append(("From window", named))
    pairs.append(("References", text.count(len(heap.edges(ordinal)))))
    if isinstance(heap, Heap):
        first = heap.retainers.first
        pairs.append(("Retainers", text.count(int(first[ordinal + 1]) - int(first[ordinal]))))
    table = table_of(heap, ordinal)
    if table is not None and len(heap.edges(table)) <= _MOST_SLOTS:
        pairs.append(("Entries", text.count(len(entries(heap, ordinal)))))
    if place is not None:
        pairs.append(("Written in", str(place)))
    if heap.allocations is not None:
        frames = [_frame(frame) for frame in heap.allocations.stack(ordinal)]
        pairs += zip(["Allocated by", *[""] * len(frames)], frames or ["not recorded"], strict=False)
    own_size = int(heap.snapshot.nodes.self_size[ordinal])
    if own_size != heap.shallow_size[ordinal]:
        pairs.append(("Size in the file", size(own_size)))
    if isinstance(heap, Heap):
        pairs += _dominated_by(heap, ordinal)
    return pairs


def _dominated_by(heap: Heap, ordinal: int) -> list[Pair]:
    chain = dominator_chain(heap, ordinal)
    shown = [f"{display_name(heap, node) or text.NO_NAME} @{heap.id(node)}" for node in chain[:_MOST_DOMINATORS]]
    if len(chain) > _MOST_DOMINATORS:
        shown.append(f"… {text.count(len(chain) - _MOST_DOMINATORS)} more")
    return [("Dominated by", " ← ".join(shown))] if shown else []


def properties(heap: LightHeap, ordinal: int) -> list[Pair]:
    """An object's properties, elements and variables with their values, `__proto__` last; of many the first ones."""
    edges, header = heap.edges(ordinal), heap.snapshot.header
    kinds = heap.snapshot.edges.type[edges]
    named = edges[np.isin(kinds, [header.edge_type(kind) for kind in _PROPERTIES if kind != "element"])]
    elements = edges[kinds == header.edge_type("element")]
    elements = elements[np.argsort(heap.snapshot.edges.name_or_index[elements], kind="stable")]
    wanted = np.concatenate((named, elements))
    shown = wanted[:MOST_PROPERTIES].tolist()
    shown.sort(key=lambda edge: heap.names.edge(edge) == "__proto__")
    pairs = [
        (heap.names.edge(edge) or text.EMPTY, short_value(heap, int(heap.snapshot.edges.to_node[edge])))
        for edge in shown
    ]
    if len(wanted) > len(shown):
        pairs.append(("…", f"{text.count(len(wanted) - len(shown))} more"))
    return pairs


def short_value(heap: LightHeap, ordinal: int) -> str:
    """What a property holds, in a few words: texts and numbers as they are, other objects with their ids."""
    kind = heap.node_type(ordinal)
    if kind == "number":
        return number(heap, ordinal) or heap.names.node(ordinal)
    name = _short(display_name(heap, ordinal))
    return name if kind in _STRINGS or name in _PRIMITIVES else f"{name} @{heap.id(ordinal)}"


def _short(name: str) -> str:
    return (name or text.NO_NAME) if len(name) <= _VALUE else f"{name[:_VALUE]}…"


def row_details(view: View, row: Row) -> list[Pair]:
    """What a row says that is no object: its columns in full."""
    name, *columns = view.columns
    pairs = [(name.title, row.label.name or text.NO_NAME)]
    if row.label.note:
        pairs.append(("Written in" if text.is_place(row.label.note) else "About", row.label.note))
    for column in columns:
        if column.key in row.cells:
            pairs.append((column.title, _cell(column, row.cells[column.key], view.total.get(column.key, 0))))
    return pairs


def _cell(column: Column, value: int | None, whole: int) -> str:
    if value is None or column.kind not in ("size", "size_delta"):
        share = text.percent(value, whole) if value is not None and column.share else ""
        return text.cell(column.kind, value) + (f", {share}" if share else "")
    exact = text.count(value) if column.kind == "size" else text.signed(value)
    written = text.cell(column.kind, value)
    share = text.percent(value, whole) if column.share else ""
    return written + (f" ({exact} bytes)" if abs(value) >= 1000 else "") + (f", {share}" if share else "")


def group_details(heap: LightHeap, ordinals: npt.NDArray[np.uint32]) -> list[Pair]:
    """What some objects have in common: sizes, distances, and what would free most of them."""
    if not len(ordinals):
        return []
    pairs = [("Each", _range(heap.shallow_size[ordinals], text.size))]
    if isinstance(heap, Heap):
        pairs += _distances(heap.distance[ordinals])
    detached = int((heap.detachedness[ordinals] == DETACHED).sum())
    if detached:
        pairs.append(("Detached", text.count(detached)))
    return pairs + (_holders(heap, ordinals) if isinstance(heap, Heap) else [])


def _distances(distance: npt.NDArray[np.int32]) -> list[Pair]:
    """How far some objects are from the roots."""
    pairs: list[Pair] = []
    known = distance[(distance >= 0) & (distance < SYSTEM_DISTANCE)]
    if len(known):
        most = int(np.bincount(known).argmax())
        tail = f", most at {text.count(most)}" if known.min() != known.max() else ""
        pairs.append(("Distance", _range(known, text.count) + tail))
    if len(known) < len(distance):
        pairs.append(
            ("Far from the roots", f"{text.count(len(distance) - len(known))}: only V8 leads there, or nothing")
        )
    return pairs


def _holders(heap: Heap, ordinals: npt.NDArray[np.uint32]) -> list[Pair]:
    """What would free most of some objects, by class."""
    dominators, counts = np.unique(heap.dominators.dominator[ordinals], return_counts=True)
    kinds, first, which = np.unique(heap.classes.of[dominators], return_index=True, return_inverse=True)
    held = np.bincount(which, counts).astype(np.int64)
    holders = np.bincount(which)
    order = np.argsort(-held, kind="stable")
    pairs: list[Pair] = []
    for i in order[:_MOST_HOLDERS].tolist():
        node = int(dominators[first[i]])
        one = f"{display_name(heap, node)} @{heap.id(node)}"
        name = one if holders[i] == 1 else f"{text.count(int(holders[i]))} × {heap.classes.names[int(kinds[i])]}"
        pairs.append(("" if pairs else "Held by", f"{name}: {text.count(int(held[i]))} of them"))
    if len(order) > _MOST_HOLDERS:
        pairs.append(("", f"… {text.count(len(order) - _MOST_HOLDERS)} other classes"))
    return pairs


def _range(values: npt.NDArray[np.integer], write: Callable[[int], str]) -> str:
    low, high = int(values.min()), int(values.max())
    return write(low) if low == high else f"{write(low)} to {write(high)}"


def ways_there(heap: Heap, ordinals: npt.NDArray[np.uint32], progress: Progress) -> list[Pair]:
    """From where some objects hang, the ways with most of them first; walks the whole heap."""
    from heaptui.views.merged import MergedPathsView

    view = MergedPathsView(heap, ordinals, progress=progress)
    # Ways that differ only in what their steps are of read the same here.
    ways: Counter[str] = Counter()
    for path in view.paths:
        ways[view.text(path)] += path.count
    pairs = [(text.count(count), way) for way, count in ways.most_common(_MOST_WAYS)]
    if len(ways) > _MOST_WAYS:
        pairs.append(("…", f"{text.counted(len(ways) - _MOST_WAYS, 'other way')}; p lists all"))
    return pairs


def _frame(frame: Frame) -> str:
    return f"{frame.function or '(anonymous)'}  {frame.place}".rstrip()


def size(value: int, whole: int = 0) -> str:
    """Bytes in a human unit and exactly, with their share of the whole."""
    written = text.size(value) if value < 1000 else f"{text.size(value)} ({text.count(value)} bytes)"
    share = text.percent(value, whole)
    return f"{written}, {share} of the heap" if share else written
