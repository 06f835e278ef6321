"""Whether there is room for a snapshot: in the process's memory, and on the disk."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from heaptui.capture.processes import PROC, Process, process_of
from heaptui.capture.session import PATIENCE, Session

CGROUPS = "/sys/fs/cgroup"
_NO_LIMIT = 1 << 60
MEMORY_SHARE = 8
"""Bytes of memory that a snapshot takes meanwhile, to a byte of heap: Node 20 to 24 took 3.5 for a program's syntax
trees, 8 for long strings and 16 for the smallest objects."""
FILE_SHARE = 2.5
"""Bytes of a file to a byte of heap, at most: those had 1.2 to 2.1."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a process uses and what is left for it, in bytes; None where it cannot be known.

    Attributes:
        heap: used by its JavaScript heap.
        rss: of it in memory.
        limit: the least that a cgroup of it allows.
        left: what may still be used before somebody is killed: of that limit, or of the machine.
        disk: free where the file goes.
    """

    heap: int
    rss: int | None
    limit: int | None
    left: int | None
    disk: int

    @property
    def needed(self) -> int:
        """Bytes of memory that a snapshot may take meanwhile."""
        return MEMORY_SHARE * self.heap

    @property
    def is_tight(self) -> bool:
        """Whether the process may be killed for want of memory."""
        return self.left is not None and self.left < self.needed

    @property
    def fills_disk(self) -> bool:
        """Whether the file may not fit."""
        return self.disk < FILE_SHARE * self.heap


def used_heap(session: Session, patience: float = PATIENCE) -> int:
    """Bytes that a heap uses; raises CaptureError where there is none of V8's."""
    used = session.call("Runtime.getHeapUsage", patience=patience).get("usedSize")
    return int(used) if isinstance(used, int | float) and 0 < used < _NO_LIMIT else 0


def room_for(session: Session, process: Process | None, folder: str) -> Room:
    """Ask the heap how large it is, and the system what is left; `process` is None for what is not of this machine."""
    heap = used_heap(session)
    disk = shutil.disk_usage(folder).free
    if process is None:
        return Room(heap, None, None, None, disk)
    now = process_of(process.pid) or process
    limit, left = _cgroup_room(process.pid)
    machine = _available()
    both = [bytes_left for bytes_left in (left, machine) if bytes_left is not None]
    return Room(heap, now.rss, limit, min(both, default=None), disk)


def _available() -> int | None:
    try:
        with open(f"{PROC}/meminfo", encoding="ascii") as file:
            lines = dict(line.split(":", 1) for line in file)
        return (int(lines["MemAvailable"].split()[0]) + int(lines["SwapFree"].split()[0])) * 1024
    except (OSError, ValueError, KeyError):
        return None


def _cgroup_room(pid: int) -> tuple[int | None, int | None]:
    """The tightest limit of the cgroups that a process is in, and the least that is left of any."""
    found = [pair for folder, v2 in _cgroups(pid) if (pair := _limit(folder, v2)) is not None]
    if not found:
        return None, None
    return min(limit for limit, _ in found), min(max(0, limit - used) for limit, used in found)


def _cgroups(pid: int) -> Iterator[tuple[str, bool]]:
    """The folders of a process's memory cgroup and of those around it, and whether they are of version 2."""
    try:
        with open(f"{PROC}/{pid}/cgroup", encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        v2 = not controllers
        top = CGROUPS if v2 else os.path.join(CGROUPS, "memory")
        folder = os.path.normpath(top + path)
        # Seen from a container, the path of a process outside leads out of the tree.
        while folder.startswith(top):
            yield folder, v2
            folder = os.path.dirname(folder)


def _limit(folder: str, v2: bool) -> tuple[int, int] | None:
    """Limit of a cgroup and what of it is in use; None where it has none."""
    limit_name, used_name = (
        ("memory.max", "memory.current") if v2 else ("memory.limit_in_bytes", "memory.usage_in_bytes")
    )
    with contextlib.suppress(OSError, ValueError):
        limit = int(_text(folder, limit_name))
        if limit < _NO_LIMIT:
            return limit, int(_text(folder, used_name)) - _reclaimable(folder)
    return None


def _reclaimable(folder: str) -> int:
    """What is in use for files that can be read again."""
    with contextlib.suppress(OSError, ValueError):
        for line in _text(folder, "memory.stat").splitlines():
            name, _, value = line.partition(" ")
            if name in ("inactive_file", "total_inactive_file"):
                return int(value)
    return 0


def _text(folder: str, name: str) -> str:
    with open(os.path.join(folder, name), encoding="ascii") as file:
        return file.read().strip()
