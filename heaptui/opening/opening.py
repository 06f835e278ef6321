"""One way in for commands, app and scripts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import TypeVar

from heaptui.heap import Heap, LightHeap, load_heap, load_light
from heaptui.heap.classes import ClassSums
from heaptui.opening.index import keeping
from heaptui.opening.manner import PLAIN, Manner
from heaptui.opening.preflight import exhausted, ran_out
from heaptui.snapshot.errors import ShortOfMemory
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.space import MEMORY, Disk

T = TypeVar("T")


def open_heap(
    path: str | os.PathLike[str],
    progress: Progress | None = None,
    manner: Manner = PLAIN,
    first: Callable[[LightHeap], None] | None = None,
) -> Heap:
    """Open a file, whole, from the index where it is there; raises SnapshotError or Cancelled.

    `first` gets, from another thread, what is known before the dominators are; not of a heap from
    the index, where all is known at once.
    """
    progress = progress or Progress()
    if manner.hide_values:
        from heaptui.opening.hidden import open_hidden

        return open_hidden([path], [progress], manner, first)[0]
    place = keeping.place_of(path, manner)
    if place is not None and (kept := keeping.find(path, place, progress)) is not None:
        return kept
    with _enough_memory(path, manner, whole=True):
        heap = load_heap(path, progress, raw=manner.raw, salvage=manner.salvage, first=first)
    if place is not None:
        keeping.remember(heap, place)
    return heap


def open_light(path: str | os.PathLike[str], progress: Progress | None = None, manner: Manner = PLAIN) -> LightHeap:
    """Open a file for what needs no dominators, from the index where it is there; raises SnapshotError or Cancelled."""
    progress = progress or Progress()
    if manner.hide_values:
        from heaptui.opening.hidden import open_hidden_light

        return open_hidden_light([path], [progress], manner)[0]
    place = keeping.place_of(path, manner)
    if place is not None and (kept := keeping.find(path, place, progress)) is not None:
        return _without_dominators(kept)
    with _enough_memory(path, manner, whole=False):
        space = Disk() if manner.light else MEMORY
        return load_light(path, progress, raw=manner.raw, salvage=manner.salvage, space=space)


def _without_dominators(heap: Heap) -> LightHeap:
    """As a light heap from the file: what is printed should not tell which one it was."""
    sums = _narrowed(ClassSums, heap.sums)
    light = replace(_narrowed(LightHeap, heap), sums=sums)
    vars(light)["scripts"] = heap.scripts
    return light


def _narrowed(kind: type[T], value: T) -> T:
    """What a dataclass has of one that it extends."""
    return kind(**{field.name: getattr(value, field.name) for field in fields(kind)})  # type: ignore[arg-type]


@contextmanager
def _enough_memory(path: str | os.PathLike[str], manner: Manner, *, whole: bool) -> Iterator[None]:
    """Tell what is needed where memory runs out."""
    try:
        yield
    except (ShortOfMemory, MemoryError):
        raise ran_out(path, manner, whole=whole) from None
    except (ImportError, OSError, RuntimeError):
        # Libraries and threads that get no memory fail in ways of their own.
        if exhausted():
            raise ran_out(path, manner, whole=whole) from None
        raise
