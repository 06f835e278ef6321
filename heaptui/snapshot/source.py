"""The bytes of a file, mapped into memory; compressed ones by way of a private copy."""

from __future__ import annotations

import errno
import mmap
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Protocol

import numpy as np
import numpy.typing as npt

from heaptui.snapshot.errors import EMPTY, NOTHING_CAME, ShortOfMemory, SnapshotError
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.spool import Copy, blocks_of, reason, spool
from heaptui.snapshot.standard_input import standard_input
from heaptui.snapshot.unpacking import packing, unpack


class Readable(Protocol):
    """Something to read bytes from, at most so many at once."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content.

    Attributes:
        name: how the file is called on screen; not escaped.
        data: its bytes, uint8, read-only, decompressed.
        mapped: the mapping behind them.
        flaw: why they are not all, where they are not.
    """

    name: str
    data: npt.NDArray[np.uint8]
    mapped: mmap.mmap | None = None
    flaw: SnapshotError | None = None

    def bytes(self, start: int, stop: int) -> bytes:
        """A copy of some bytes."""
        return self.data[start:stop].tobytes()

    def give_back(self, start: int, stop: int) -> None:
        """Tell the system that these bytes are not needed soon; they are read again when they are."""
        first = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE
        last = stop // mmap.PAGESIZE * mmap.PAGESIZE
        if self.mapped is not None and first < last:
            self.mapped.madvise(mmap.MADV_DONTNEED, first, last - first)


def open_source(path: str | os.PathLike[str], progress: Progress, *, salvage: bool = False) -> Source:
    """Map a file, or standard input for `-`; compression is recognised by content, not by name.

    Raises SnapshotError for what is not a readable regular file, is empty, or is damaged;
    with `salvage` not where a part could be decompressed.
    """
    text = os.fspath(path)
    file = standard_input.file() if text == "-" else open_file(text)
    if file is None:
        return map_copy("-", standard_input.copy(progress), salvage)
    with file:
        name = os.path.basename(text)
        kind = packing(file.read(4))
        file.seek(0)
        if kind is None:
            return map_copy(name, Copy(file), salvage)
        progress.begin("decompressing", os.fstat(file.fileno()).st_size, "bytes")
        copy = spool(unpack(kind, blocks_of(file, progress.advance)), progress)
        with copy.file:
            return map_copy(name, copy, salvage)


@contextmanager
def open_stream(path: str | os.PathLike[str]) -> Iterator[tuple[Readable, int]]:
    """The decompressed bytes of a file one after the other, and its size on disk."""
    with open_file(os.fspath(path)) as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise SnapshotError(EMPTY)
        kind = packing(file.read(4))
        file.seek(0)
        yield (file if kind is None else _Joined(unpack(kind, blocks_of(file)))), size


class _Joined:
    """Blocks of any length, to be read as one stream."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._left = b""

    def read(self, size: int, /) -> bytes:
        self._left = self._left or next(self._blocks, b"")
        part, self._left = self._left[:size], self._left[size:]
        return part


def size_on_disk(path: str | os.PathLike[str]) -> int | None:
    """The size of a regular file now; None for what is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def open_file(path: str) -> IO[bytes]:
    """Open a regular file; raises SnapshotError for anything else."""
    try:
        # Non-blocking, so that a FIFO without a writer cannot hold the program.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise SnapshotError("no such file") from None
    except PermissionError:
        raise SnapshotError("permission denied: this user may not read it") from None
    except ValueError:
        raise SnapshotError("not a possible file name") from None
    except OSError as error:
        raise SnapshotError(reason(error)) from None
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise SnapshotError("is a directory, not a snapshot" if stat.S_ISDIR(mode) else "not a regular file")


def map_copy(name: str, copy: Copy, salvage: bool) -> Source:
    """Map a file; raises its flaw, where it has one, unless a part is to be read all the same."""
    size = os.fstat(copy.file.fileno()).st_size
    if copy.flaw is not None and not (salvage and size):
        raise copy.flaw
    if size == 0:
        raise SnapshotError(NOTHING_CAME if name == "-" else EMPTY)
    try:
        mapped = mmap.mmap(copy.file.fileno(), 0, prot=mmap.PROT_READ)
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise ShortOfMemory("not enough memory to map it") from None
        raise SnapshotError(f"cannot be mapped into memory: {reason(error)}") from None
    return Source(name, np.frombuffer(mapped, np.uint8), mapped, copy.flaw)
