"""One way in for commands, app and scripts."""

from __future__ import annotations

import os
from collections.abc import Callable

from heaptui.heap import Heap, LightHeap, load_heap, load_light
from heaptui.opening.manner import PLAIN, Manner
from heaptui.snapshot.progress import Progress


def open_heap(
    path: str | os.PathLike[str],
    progress: Progress | None = None,
    manner: Manner = PLAIN,
    first: Callable[[LightHeap], None] | None = None,
) -> Heap:
    """Open a file, whole; raises SnapshotError or Cancelled.

    `first` gets, from another thread, what is known before the dominators are.
    """
    return load_heap(path, progress, raw=manner.raw, salvage=manner.salvage, first=first)


def open_light(path: str | os.PathLike[str], progress: Progress | None = None, manner: Manner = PLAIN) -> LightHeap:
    """Open a file for what needs no dominators; raises SnapshotError or Cancelled."""
    return load_light(path, progress, raw=manner.raw, salvage=manner.salvage)
