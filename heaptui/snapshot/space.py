"""Where columns lie: in memory, or in a private file, of which the system keeps in memory what it has room for."""

from __future__ import annotations

import errno
import mmap
import os
import tempfile
from pathlib import Path
from typing import Any, Protocol, TypeVar
from weakref import finalize

import numpy as np
import numpy.typing as npt

from heaptui.snapshot.errors import ShortOfMemory, SnapshotError
from heaptui.snapshot.spool import Room, unlinked

_IN_MEMORY = ("tmpfs", "ramfs", "devtmpfs")
_ROOMY = "/var/tmp"

T = TypeVar("T", bound=np.generic)


class Space(Protocol):
    """Gives room for columns."""

    def zeros(self, count: int, kind: type[T]) -> npt.NDArray[T]:
        """A column of that many zeros."""
        ...


class Memory:
    """Ordinary memory."""

    def zeros(self, count: int, kind: type[T]) -> npt.NDArray[T]:
        """As in NumPy, which gives pages that are taken only when they are written to."""
        return np.zeros(count, kind)


MEMORY = Memory()


class Disk:
    """An unlinked file of mode 0600 in the folder for temporary files, on a disk where there is one."""

    def __init__(self) -> None:
        self._folder = disk_folder()
        self._room = Room(self._folder)
        self._descriptor = unlinked(self._folder)
        # The columns hold the file for themselves.
        finalize(self, os.close, self._descriptor)
        self._end = 0

    def zeros(self, count: int, kind: type[T]) -> npt.NDArray[T]:
        """A column in the file; raises SnapshotError where the disk gets short."""
        size = count * np.dtype(kind).itemsize
        if not size:
            return np.zeros(0, kind)
        # Blocks that were only promised would end the program when they are written to.
        self._room.take(size)
        length = -(-size // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY
        try:
            _reserve(self._descriptor, self._end, length)
            mapped = mmap.mmap(self._descriptor, length, offset=self._end)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise self._room.error() from None
            if error.errno == errno.ENOMEM:
                raise ShortOfMemory("not enough memory to map its columns") from None
            raise SnapshotError(f"no columns can be kept in {self._folder}: {os.strerror(error.errno or 0)}") from None
        self._end += length
        column: npt.NDArray[Any] = np.frombuffer(mapped, kind, count)
        return column


def _reserve(descriptor: int, start: int, length: int) -> None:
    """Make a file longer; on a system that can, by blocks that are there."""
    reserve = getattr(os, "posix_fallocate", None)
    if reserve is not None:
        reserve(descriptor, start, length)
    else:
        os.ftruncate(descriptor, start + length)


def disk_folder(mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """The folder for temporary files; where that lies in memory and the user did not choose it, one that does not."""
    folder = tempfile.gettempdir()
    if "TMPDIR" in os.environ or not _lies_in_memory(folder, mounts):
        return folder
    return _ROOMY if os.access(_ROOMY, os.W_OK) and not _lies_in_memory(_ROOMY, mounts) else folder


def _lies_in_memory(folder: str, mounts: Path) -> bool:
    try:
        lines = os.fsdecode(mounts.read_bytes()).splitlines()
    except OSError:
        return False
    real, kind, longest = os.path.realpath(folder), "", -1
    for line in lines:
        before, _, behind = line.partition(" - ")
        fields, after = before.split(), behind.split()
        if len(fields) < 5 or not after:
            continue
        place = fields[4].rstrip("/")
        # Of two mounts on one place the later one is seen.
        if (real == place or real.startswith(place + "/")) and len(place) >= longest:
            kind, longest = after[0], len(place)
    return kind in _IN_MEMORY
