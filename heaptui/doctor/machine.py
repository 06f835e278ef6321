"""The machine: where compiled kernels are kept, room in memory and on disk, and whether a snapshot is read right."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from heaptui.doctor.finding import Finding
from heaptui.kernels.cache import private_folder
from heaptui.snapshot.progress import Progress
from heaptui.views.text import counted, size

_LEAST_DISK = _LEAST_MEMORY = 1 << 30
_TINY = {
    "snapshot": {
        "meta": {
            "node_fields": ["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"],
            "node_types": [["synthetic", "object"], "string", "number", "number", "number", "number", "number"],
            "edge_fields": ["type", "name_or_index", "to_node"],
            "edge_types": [["element", "property", "weak"], "string_or_number", "node"],
        },
        "node_count": 4,
        "edge_count": 5,
    },
    # root -> Holder (16 bytes) -> Left (32), Right (64); Left -> Right, and weakly back.
    "nodes": [0, 0, 1, 0, 1, 0, 0, 1, 1, 3, 16, 2, 0, 0, 1, 2, 5, 32, 2, 0, 0, 1, 3, 7, 64, 0, 0, 0],
    "edges": [0, 1, 7, 1, 2, 14, 1, 3, 21, 1, 3, 21, 2, 1, 7],
    "strings": ["", "Holder", "Left", "Right"],
}
_RETAINED = [112, 112, 32, 64]


def cache(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Where compiled kernels are kept, and why not where they should be."""
    folder = private_folder("kernels")
    chosen = environment.get("HEAPTUI_CACHE_DIR")
    if folder is None:
        said = "kernels cannot be kept, so each start compiles them anew"
        yield Finding("cache", "warning", said, "export HEAPTUI_CACHE_DIR to a folder of your own that can be written")
        return
    used = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    said = f"{folder}, {size(used)}"
    if chosen and not folder.is_relative_to(chosen):
        yield Finding(
            "cache", "warning", f"{said}; not in $HEAPTUI_CACHE_DIR: {why_not(Path(chosen))}", "see `ls -ld` of it"
        )
        return
    home = Path(environment.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "heaptui"
    if folder.is_relative_to(tempfile.gettempdir()) and not chosen and not folder.is_relative_to(home):
        said += f"; not in {home}: {why_not(home)}"
        yield Finding("cache", "warning", said, "export HEAPTUI_CACHE_DIR to a folder of your own that stays")
    else:
        yield Finding("cache", "ok", said)


def index(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Where what was computed of files is kept."""
    from heaptui.opening.index.store import Store, folder

    place = folder()
    if place is None and environment.get("HEAPTUI_INDEX_DIR") == "":
        yield Finding("index", "ok", "none: HEAPTUI_INDEX_DIR is empty")
    elif place is None:
        said = "what was computed of a file cannot be kept, so it is read whole each time it is opened"
        yield Finding("index", "warning", said, "export HEAPTUI_INDEX_DIR to a folder of your own that can be written")
    else:
        entries = Store(place).entries()
        kept = f"{counted(len(entries), 'file')}, {size(sum(entry.size for entry in entries))}"
        yield Finding("index", "ok", f"{place}, {kept}, {size(shutil.disk_usage(place).free)} free")


def memory() -> Iterator[Finding]:
    """What may still be used, and whose limit that is."""
    from heaptui.opening.free import free_memory

    tightest = next(iter(free_memory()), None)
    if tightest is None:
        yield Finding("memory", "ok", "this system does not tell what is free")
        return
    said = f"{size(tightest.size)} left by {tightest.whose}"
    if tightest.size < _LEAST_MEMORY:
        yield Finding("memory", "warning", said, "heaptui info FILE says what a file needs; --light needs a third")
    else:
        yield Finding("memory", "ok", said)


def why_not(folder: Path) -> str:
    """What keeps a folder from being used for code: it cannot be made or written, or others could write to it."""
    for place in (folder / "kernels", *((folder, *folder.parents) if folder.is_absolute() else (folder,))):
        try:
            info = place.stat()
        except FileNotFoundError:
            continue
        except OSError as error:
            return f"{place}: {(error.strerror or str(error)).lower()}"
        if not place.is_dir():
            return f"{place} is no folder"
        if not os.access(place, os.W_OK | os.X_OK):
            return f"{place} cannot be written"
        if place.name == "kernels" and info.st_uid != os.getuid():
            return f"{place} belongs to another user"
        if place.name == "kernels" and info.st_mode & 0o022:
            return f"others can write to {place}"
        break
    return "it could not be written when it was tried"


def kernels(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the kernels are compiled and a small snapshot gives the right numbers."""
    from heaptui.heap import load_heap
    from heaptui.kernels import jit

    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="heaptui-") as folder:
        file = Path(folder) / "tiny.heapsnapshot"
        file.write_text(json.dumps(_TINY))
        heap = load_heap(file, Progress())
    found = heap.retained_size.tolist()
    seconds = time.monotonic() - began
    if found != _RETAINED:
        said = f"a snapshot of four objects gave the retained sizes {found} instead of {_RETAINED}"
        yield Finding(
            "kernels", "broken", said, "empty the cache folder; if that does not help, report it with these lines"
        )
        return
    said = f"{len(jit.kernels())} kernels; a snapshot of four objects took {seconds:.1f} s, and its numbers are right"
    if environment.get("NUMBA_DISABLE_JIT", "0") != "0":
        said = "NUMBA_DISABLE_JIT is set, so kernels run as plain Python, a hundred times slower"
        yield Finding("kernels", "warning", said, "unset NUMBA_DISABLE_JIT")
    else:
        yield Finding("kernels", "ok", said)


def disk() -> Iterator[Finding]:
    """Whether there is room to decompress into."""
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    said = f"{folder}, {size(free)} free for compressed snapshots"
    if free < _LEAST_DISK:
        yield Finding("temporary", "warning", said, "export TMPDIR to a folder with more room")
    else:
        yield Finding("temporary", "ok", said)
