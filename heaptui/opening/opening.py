"""One way in for commands, app and scripts."""

from __future__ import annotations

import os

from heaptui.heap import Heap, load_heap
from heaptui.opening.manner import PLAIN, Manner
from heaptui.snapshot.progress import Progress


def open_heap(path: str | os.PathLike[str], progress: Progress | None = None, manner: Manner = PLAIN) -> Heap:
    """Open a file; raises SnapshotError or Cancelled."""
    return load_heap(path, progress, raw=manner.raw, salvage=manner.salvage)
