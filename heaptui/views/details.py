"""Everything there is to say of one object."""

from __future__ import annotations

from heaptui.heap.allocations import Frame
from heaptui.heap.detachedness import STATES
from heaptui.heap.heap import Heap
from heaptui.views import text
from heaptui.views.dominators import dominator_chain
from heaptui.views.objects import display_name, object_record

_MOST_DOMINATORS = 12
_STRINGS = ("string", "concatenated string", "sliced string")


def full_text(heap: Heap, ordinal: int) -> str:
    """The whole name of an object: of strings, all of the value that the file has."""
    return heap.names.node(ordinal)


def value(heap: Heap, ordinal: int) -> str | None:
    """What a string says; None for objects that are none."""
    return full_text(heap, ordinal) if heap.node_type(ordinal) in _STRINGS else None


def detailed_record(heap: Heap, ordinal: int) -> dict[str, object]:
    """An object as the command `object` prints it."""
    dominator = int(heap.dominators.dominator[ordinal])
    return {
        **object_record(heap, ordinal),
        "dominator": None if ordinal == heap.snapshot.root else object_record(heap, dominator),
        "value": value(heap, ordinal),
    }


def details(heap: Heap, ordinal: int) -> list[tuple[str, str]]:
    """Pairs of a label and a text, not escaped, for a box or a table."""
    place = heap.scripts.of(ordinal)
    first = heap.retainers.first
    pairs = [
        ("Object", f"{display_name(heap, ordinal)} @{heap.id(ordinal)}"),
        ("Type", heap.node_type(ordinal)),
        ("Class", heap.classes.names[int(heap.classes.of[ordinal])]),
        ("Shallow size", _bytes(int(heap.shallow_size[ordinal]))),
        ("Retained size", _bytes(int(heap.retained_size[ordinal]))),
        ("Distance", text.cell("distance", heap.shown_distance(ordinal))),
        ("Detachedness", STATES[int(heap.detachedness[ordinal]) % len(STATES)]),
        ("References", text.count(len(heap.edges(ordinal)))),
        ("Retainers", text.count(int(first[ordinal + 1]) - int(first[ordinal]))),
    ]
    if place is not None:
        pairs.append(("Written in", str(place)))
    if heap.allocations is not None:
        stack = heap.allocations.stack(ordinal)
        frames = [_frame(frame) for frame in stack]
        pairs.append(("Allocated by", " ← ".join(frames) or "not recorded"))
    own_size = int(heap.snapshot.nodes.self_size[ordinal])
    if own_size != heap.shallow_size[ordinal]:
        pairs.append(("Size in the file", _bytes(own_size)))
    chain = dominator_chain(heap, ordinal)
    shown = [f"{display_name(heap, node)} @{heap.id(node)}" for node in chain[:_MOST_DOMINATORS]]
    if len(chain) > _MOST_DOMINATORS:
        shown.append(f"… {text.count(len(chain) - _MOST_DOMINATORS)} more")
    if shown:
        pairs.append(("Dominated by", " ← ".join(shown)))
    return pairs


def _frame(frame: Frame) -> str:
    name = frame.function or "(anonymous)"
    return f"{name} {frame.script}:{frame.line}" if frame.script else name


def _bytes(size: int) -> str:
    return text.size(size) if size < 1000 else f"{text.size(size)} ({text.count(size)} bytes)"
