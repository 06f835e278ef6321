"""Heaps are found in the index, and kept there once somebody has seen them.

Not kept are what came from standard input, what was salvaged (such a file may be whole tomorrow),
light heaps, and those with hidden values. Sizes that are the file's own (`raw`) have an index of
their own. Of a compressed file the strings are kept too: opened again it is not decompressed.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from heaptui.heap import Heap, LightHeap
from heaptui.heap.scripts import Scripts
from heaptui.opening.free import free_memory
from heaptui.opening.index import container, store
from heaptui.opening.index.flat import LEFT_OUT, Array, flatten, restore
from heaptui.opening.index.key import Key, key_of
from heaptui.opening.manner import Manner
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot
from heaptui.snapshot.source import Source, map_copy, open_file
from heaptui.snapshot.spool import Copy
from heaptui.snapshot.strings import StringTable
from heaptui.snapshot.unpacking import packing

# What is written stands in memory for a while; where that is short nothing is.
_SPARE_MEMORY = 256 << 20
_OF_ANOTHER = "made by another version of heaptui"
_CHANGED = "the file has changed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the index of a file belongs: the file's key before it was read, and how it is opened."""

    path: str
    key: Key
    raw: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept: a heap, and what is computed when it is first asked for, but asked for by the first screen."""

    heap: Heap
    scripts: Scripts


_unkept: WeakKeyDictionary[Heap, Place] = WeakKeyDictionary()


def place_of(path: str | os.PathLike[str], manner: Manner) -> Place | None:
    """Where the index of a file belongs; None for what has none."""
    text = os.fspath(path)
    if text == "-" or not manner.index_limit or manner.hide_values:
        return None
    try:
        with open_file(text) as file:
            return Place(os.path.abspath(text), key_of(file.fileno()), manner.raw)
    except (OSError, SnapshotError):
        return None


def has(path: str | os.PathLike[str], manner: Manner) -> bool:
    """Whether a file will be opened from the index, as far as that can be told without doing it."""
    place = place_of(path, manner)
    if place is None or (folder := store.folder()) is None:
        return False
    try:
        with _opened(store.Store(folder), place):
            return True
    except (OSError, container.UnusableError, TypeError, LookupError):
        return False


def find(path: str | os.PathLike[str], place: Place, progress: Progress) -> Heap | None:
    """The heap that was kept of a file; None where there is none, or none that can be used. Raises Cancelled."""
    folder = store.folder()
    if folder is None:
        return None
    shelf = store.Store(folder)
    try:
        with _opened(shelf, place) as (descriptor, directory):
            progress.begin("opening the index")
            arrays = container.read_arrays(descriptor, directory, progress)
            heap = _restored(os.fspath(path), place.key, directory.facts, arrays)
            shelf.mark_used(descriptor)
            return heap
    except (OSError, SnapshotError, container.UnusableError, MemoryError, ValueError, TypeError, LookupError):
        return None


@contextlib.contextmanager
def _opened(shelf: store.Store, place: Place) -> Iterator[tuple[int, container.Directory]]:
    """The index of a file; raises OSError where there is none, UnusableError where it is not of that file as it is."""
    with shelf.open(store.name_of(place.key, raw=place.raw)) as descriptor:
        directory = container.read_directory(descriptor)
        if directory.program != container.program():
            raise container.UnusableError(_OF_ANOTHER)
        if directory.facts["key"] != asdict(place.key) or directory.facts["raw"] != place.raw:
            raise container.UnusableError(_CHANGED)
        yield descriptor, directory


def _restored(path: str, key: Key, facts: Any, arrays: Sequence[Array]) -> Heap | None:
    name = os.path.basename(path)
    with open_file(path) as file:
        if key_of(file.fileno()) != key:
            return None
        strings = facts["strings"]
        source = map_copy(name, Copy(file), salvage=False) if strings is None else Source(name, arrays[strings])
    given = {(Snapshot, "path"): path, (Snapshot, "name"): name, (StringTable, "source"): source}
    kept = restore(_Kept, facts["kept"], arrays, given)
    vars(kept.heap)["scripts"] = kept.scripts
    return kept.heap


@dataclass(frozen=True, slots=True)
class Kept:
    """An index that is kept.

    Attributes:
        path: the file that it was made of, when it was made; None where it does not tell.
        raw: whether it has the file's own sizes.
        size: its own bytes; used: when it was last used, in seconds since 1970.
        state: "valid", or why it will not be used.
    """

    path: str | None
    raw: bool
    size: int
    used: float
    state: str


def kept() -> Sequence[Kept]:
    """All that is kept, what was used last first."""
    folder = store.folder()
    shelf = store.Store(folder) if folder is not None else None
    return [_looked_at(shelf, entry) for entry in shelf.entries()] if shelf else []


def _looked_at(shelf: store.Store, entry: store.Entry) -> Kept:
    path, raw, state = None, False, "valid"
    try:
        with shelf.open(entry.name) as descriptor:
            directory = container.read_directory(descriptor)
        path, raw = str(directory.facts["path"]), bool(directory.facts["raw"])
        if directory.program != container.program():
            state = _OF_ANOTHER
        else:
            with open_file(path) as file:
                if directory.facts["key"] != asdict(key_of(file.fileno())):
                    state = _CHANGED
    except SnapshotError:
        state = "the file is gone"
    except container.UnusableError as error:
        state = str(error)
    except (OSError, KeyError, TypeError):
        state = "damaged"
    return Kept(path, raw, entry.size, entry.used, state)


def clear() -> tuple[int, int]:
    """Remove all that is kept; returns how many indexes that were, and their bytes."""
    folder = store.folder()
    return store.Store(folder).clear() if folder is not None else (0, 0)


def remember(heap: Heap, place: Place) -> None:
    """A heap was read from its file, and can be kept."""
    if heap.snapshot.salvaged is None:
        _unkept[heap] = place


def unkept(heaps: Sequence[LightHeap]) -> Sequence[Heap]:
    """Those of the heaps that were read from their files, and can be kept."""
    return [heap for heap in heaps if isinstance(heap, Heap) and heap in _unkept]


def keep(heap: Heap, limit: int, progress: Progress) -> bool:
    """Keep a heap for the next time its file is opened, if there is room; says whether it is. Raises Cancelled."""
    place, folder = _unkept.pop(heap, None), store.folder()
    if place is None or folder is None or any(limit.size < _SPARE_MEMORY for limit in free_memory()):
        return False
    # What goes wrong here need not bother anybody: the file is read again the next time.
    with contextlib.suppress(OSError, SnapshotError, MemoryError):
        return _keep(heap, place, store.Store(folder), limit, progress)
    return False


def _keep(heap: Heap, place: Place, shelf: store.Store, limit: int, progress: Progress) -> bool:
    with open_file(place.path) as file:
        if key_of(file.fileno()) != place.key:
            return False
        compressed = packing(file.read(4)) is not None
    facts, arrays = _taken_apart(heap, compressed)
    facts = {"path": place.path, "key": asdict(place.key), "raw": place.raw, "made": time.time(), **facts}
    name = store.name_of(place.key, raw=place.raw)
    with shelf.new(name, container.size_of(facts, arrays), limit) as out:
        if out is not None:
            container.write(out, facts, arrays, progress)
        return out is not None


def _taken_apart(heap: Heap, compressed: bool) -> tuple[dict[str, Any], list[Array]]:
    instead = {
        (Snapshot, "path"): LEFT_OUT,
        (Snapshot, "name"): LEFT_OUT,
        (StringTable, "source"): LEFT_OUT,
    }
    section: npt.NDArray[np.uint8] | None = None
    if compressed:
        strings = heap.snapshot.strings
        # From the first string's quotation mark on; all positions count from there.
        low = strings.start(0) - 1 if len(strings) else strings.end
        section = strings.source.data[low : strings.end]
        instead[StringTable, "base"] = strings.base - low
        instead[StringTable, "end"] = strings.end - low
    tree, arrays = flatten(_Kept(heap, heap.scripts), instead)
    if section is None:
        return {"kept": tree, "strings": None}, arrays
    return {"kept": tree, "strings": len(arrays)}, [*arrays, section]
