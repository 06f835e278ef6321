"""Ways to read bytes as the reader does, without the rest of the heap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from heaptui.heap import Heap, load_heap
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.layout import Layout, find_sections
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot
from heaptui.snapshot.source import Source

Read = Callable[[bytes], Snapshot]


def source_of(data: bytes) -> Source:
    """Bytes as a file that is mapped already."""
    return Source("bytes", np.frombuffer(data, np.uint8))


def layout_of(data: bytes) -> Layout:
    """Where everything is in a file of these bytes."""
    return find_sections(source_of(data), Progress())


def tried(path: Path, *, salvage: bool = False) -> Heap | None:
    """A file's heap, None where it is refused in one line."""
    try:
        return load_heap(path, salvage=salvage)
    except SnapshotError as error:
        if not str(error).isprintable():
            raise AssertionError(str(error)) from None
        return None


def write(folder: Path, data: bytes) -> Path:
    """A file of these bytes."""
    path = folder / "file.heapsnapshot"
    path.write_bytes(data)
    return path
