"""The objects of a heap that a query finds, as a mask by ordinal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.detachedness import DETACHED
from heaptui.heap.distances import SYSTEM_DISTANCE
from heaptui.heap.filters import Mask, filter_objects, id_range, new_since, of_native_context
from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.heap.patterns import Pattern
from heaptui.heap.search import named, texts_passing
from heaptui.query import values
from heaptui.query.parsing import parse
from heaptui.query.terms import All, AnyOf, Not, Query, Term
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import load_snapshot

_STRINGS = ("string", "concatenated string", "sliced string")
_NUMBERED = ("element", "hidden")
_NAMELESS = "(anonymous)"
_FARTHEST = np.iinfo(np.int32).max
_RUN = 1 << 22


@dataclass(frozen=True)
class Subject:
    """What a query is asked of.

    Attributes:
        base: the earlier heap that `new` is about, None where there is none.
        class_of, class_names: as the heap's classes have them, or as a comparison numbers both sides'.
    """

    heap: LightHeap
    class_of: npt.NDArray[np.uint32]
    class_names: Sequence[str]
    base: LightHeap | None = None


def subject(heap: LightHeap, base: LightHeap | None = None) -> Subject:
    """A heap with its own classes."""
    return Subject(heap, heap.classes.of, heap.classes.names, base)


def chosen(heap: LightHeap, written: str, progress: Progress | None = None, base: LightHeap | None = None) -> Mask:
    """The objects that a query finds, by ordinal.

    Raises QueryError where it is none; LookupError, with a sentence for the user, where the heap lacks
    what it is about; Cancelled.
    """
    return choose(subject(heap, base), parse(written), progress or Progress())


def choose(of: Subject, query: Query, progress: Progress) -> Mask:
    """The same of a query that has been read."""
    progress.check()
    match query:
        case Not():
            return ~choose(of, query.of, progress)
        case All():
            found = choose(of, query.of[0], progress)
            for one in query.of[1:]:
                found &= choose(of, one, progress)
            return found
        case AnyOf():
            found = choose(of, query.of[0], progress)
            for one in query.of[1:]:
                found |= choose(of, one, progress)
            return found
    found = _of_term(of, query, progress)
    return ~found if query.operator == "!=" else found


def _of_term(of: Subject, term: Term, progress: Progress) -> Mask:
    """What a term finds; of `!=` what it leaves out."""
    heap, nodes = of.heap, of.heap.snapshot.nodes
    match term.word:
        case "class":
            test = values.pattern_of(term).test
            return np.array([test(name) for name in of.class_names], bool)[of.class_of]
        case "name":
            return _named(heap, heap.everything, values.pattern_of(term), progress)
        case "string":
            return _named(heap, _of_types(heap, _STRINGS), values.pattern_of(term), progress)
        case "edge":
            return _below_edges(heap, term, progress)
        case "script":
            return _written_in(heap, values.pattern_of(term))
        case "type":
            return _of_type(heap, term.value)
        case "id":
            return _compared(nodes.id, term.operator, values.object_id(term.value))
        case "retained":
            sizes = whole(heap, "retained sizes").retained_size
            return _compared(sizes, term.operator, values.amount(term.value, in_bytes=True))
        case "shallow":
            return _compared(heap.shallow_size, term.operator, values.amount(term.value, in_bytes=True))
        case "distance":
            distance = whole(heap, "distances from the roots").distance
            hidden = (distance < 0) | (distance >= SYSTEM_DISTANCE)
            distance = np.where(hidden, _FARTHEST, distance)
            return _compared(distance, term.operator, values.amount(term.value, in_bytes=False))
        case "detached":
            return _compared(heap.detachedness, "=", DETACHED)
        case "new":
            if of.base is None:
                raise LookupError("`new` needs an earlier snapshot; new-since:FILE names one")
            return new_since(heap, of.base.snapshot.nodes.id)
        case "new-since":
            return new_since(heap, _ids_of(of, term.value, progress))
        case "native-context":
            return _of_context(heap, term.value)
        case "ids":
            return id_range(heap, *values.id_range(term.value))
        case "allocated-by":
            return _allocated_by(heap, term.value.split(","))
    return filter_objects(heap, term.word, progress)


def whole(heap: LightHeap, what: str) -> Heap:
    """The heap, where more is known than a light one has; raises LookupError where not."""
    if not isinstance(heap, Heap):
        raise LookupError(f"{what} are not known in light mode")
    return heap


def _compared(column: npt.NDArray[np.integer], operator: str, value: int) -> Mask:
    found: Mask
    match operator:
        case "<":
            found = column < value
        case "<=":
            found = column <= value
        case ">":
            found = column > value
        case ">=":
            found = column >= value
        case _:
            found = column == value
    return found


def _of_types(heap: LightHeap, names: Sequence[str]) -> Mask:
    return np.isin(heap.snapshot.nodes.type, [heap.snapshot.header.node_type(name) for name in names])


def _of_type(heap: LightHeap, name: str) -> Mask:
    types = heap.snapshot.header.node_types
    if name not in types:
        raise LookupError(f"no node type {name!r}; there are {', '.join(types)}")
    return _of_types(heap, [name])


def _named(heap: LightHeap, among: Mask, pattern: Pattern, progress: Progress) -> Mask:
    nodes = np.flatnonzero(among).astype(np.uint32)
    found = np.zeros(heap.node_count, bool)
    found[nodes[named(heap, nodes, pattern, progress)]] = True
    return found


def _below_edges(heap: LightHeap, term: Term, progress: Progress) -> Mask:
    """What edges of a name lead to; those that have a number instead, by that alone."""
    edges, header = heap.snapshot.edges, heap.snapshot.header
    numbered = np.zeros(256, bool)
    numbered[[header.edge_type(name) for name in _NUMBERED]] = True
    used = np.zeros(len(heap.snapshot.strings), bool)
    runs = [slice(low, low + _RUN) for low in range(0, heap.edge_count, _RUN)]
    for run in runs:
        progress.check()
        used[edges.name_or_index[run][~numbered[edges.type[run]]]] = True
    passing = texts_passing(heap, np.flatnonzero(used).astype(np.uint32), values.pattern_of(term), progress)
    is_number = term.value.isascii() and term.value.isdecimal() and not term.regex
    number = int(term.value) if is_number and len(term.value) <= 10 else -1
    found = np.zeros(heap.node_count, bool)
    for run in runs:
        progress.check()
        name, has_number = edges.name_or_index[run], numbered[edges.type[run]]
        hit = np.zeros(len(name), bool)
        hit[~has_number] = passing[name[~has_number]]
        hit |= has_number & (name == number)
        found[edges.to_node[run][hit]] = True
    return found


def _written_in(heap: LightHeap, pattern: Pattern) -> Mask:
    locations = heap.snapshot.locations
    scripts = [number for number, name in heap.scripts.names.items() if pattern.test(name)]
    found = np.zeros(heap.node_count, bool)
    # Of two locations of one object the last counts.
    found[locations.ordinal] = np.isin(locations.script_id, scripts)
    return found


def _ids_of(of: Subject, path: str, progress: Progress) -> npt.NDArray[np.unsignedinteger]:
    if of.base is not None and of.base.snapshot.path == path:
        return of.base.snapshot.nodes.id
    return load_snapshot(path, progress).nodes.id


def _of_context(heap: LightHeap, written: str) -> Mask:
    ordinal = heap.object_with_id(values.object_id(written))
    try:
        return of_native_context(heap, -1 if ordinal is None else ordinal)
    except KeyError:
        raise LookupError(f"{written} is no native context") from None


def _allocated_by(heap: LightHeap, stack: list[str]) -> Mask:
    """What was allocated by a function, called by the next one, and so on; each by its name or number."""
    found, ids = heap.allocations, heap.snapshot.nodes.trace_node_id
    if found is None or ids is None:
        raise LookupError("it was recorded without allocation stacks")
    traces = found.traces
    at = np.arange(len(traces.id))
    tops = at
    for name in stack:
        if name.isascii() and name.isdecimal():
            wanted = [int(name)]
        else:
            text = "" if name == _NAMELESS else name
            wanted = [i for i in range(len(traces.function_name)) if found.frame(i).function == text]
        if not wanted:
            raise LookupError(f"no function {name!r} allocated anything")
        kept = (at >= 0) & np.isin(traces.function[at], wanted)
        tops, at = tops[kept], traces.parent[at[kept]]
    mask: Mask = np.isin(ids, traces.id[tops[traces.count[tops] > 0]])
    return mask
