"""Filters as they are written down: the name of one, or a kind of them and what it is of."""

from __future__ import annotations

import numpy as np

from heaptui.heap.filters import ALIASES, FILTERS, Mask, filter_objects, id_range, new_since, of_native_context
from heaptui.heap.light import LightHeap
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import load_snapshot

CONTEXT, NEW, IDS, ALLOCATED = "native-context:", "new-since:", "ids:", "allocated-by:"
_FORMS = (f"{CONTEXT}@ID", f"{NEW}FILE", f"{IDS}AFTER-UPTO", f"{ALLOCATED}FUNCTION,CALLER,…")
_NAMELESS = "(anonymous)"


def check(written: str) -> None:
    """Raise ValueError, with a sentence for the user, where no filter is written so."""
    kind, _, about = written.partition(":")
    match f"{kind}:":
        case "native-context:":
            _number(about.removeprefix("@"))
        case "ids:":
            _range(about)
        case "new-since:" | "allocated-by:" if about:
            pass
        case _ if written not in FILTERS and written not in ALIASES:
            raise ValueError(f"no filter {written!r}; there are {', '.join((*FILTERS, *_FORMS))}")


def chosen(heap: LightHeap, written: str, progress: Progress | None = None) -> Mask:
    """The objects that a filter shows, by ordinal.

    Raises ValueError as `check` does, and LookupError, with a sentence for the user, where
    the heap lacks what the filter is of.
    """
    check(written)
    kind, _, about = written.partition(":")
    match f"{kind}:":
        case "native-context:":
            ordinal = heap.object_with_id(_number(about.removeprefix("@")))
            try:
                return of_native_context(heap, -1 if ordinal is None else ordinal)
            except KeyError:
                raise LookupError(f"{about} is no native context") from None
        case "new-since:":
            return new_since(heap, load_snapshot(about, progress).nodes.id)
        case "ids:":
            return id_range(heap, *_range(about))
        case "allocated-by:":
            return _allocated_by(heap, about.split(","))
    return filter_objects(heap, written, progress)


def _number(digits: str) -> int:
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 19:
        raise ValueError(f"{digits!r} is no object id; ids look like @123")
    return int(digits)


def _range(about: str) -> tuple[int, int]:
    low, _, high = about.partition("-")
    return _number(low.removeprefix("@")), _number(high.removeprefix("@"))


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
