"""Streams become files that only this process can see, as long as the disk has room."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.progress import Progress

BLOCK = 1 << 20
_SPARE_DISK = 64 << 20
_SPARE_SHARE = 10
_SPACE_OR_MARK = b" \t\r\n\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Copy:
    """A stream's bytes in a file, and why they are not all, where they are not."""

    file: IO[bytes]
    flaw: SnapshotError | None = None


def reason(error: OSError) -> str:
    """What the system says is wrong."""
    if error.errno == errno.ELOOP:
        return "symbolic links in a circle"
    return (error.strerror or str(error)).lower()


def spool(blocks: Iterable[bytes], progress: Progress, *, checked: bool = True) -> Copy:
    """Copy a stream to an unlinked temporary file of mode 0600.

    What is no snapshot is not copied to its end, unless `checked` is False. Raises
    SnapshotError where the disk gets short.
    """
    folder = tempfile.gettempdir()
    room = Room(folder)
    file: IO[bytes] = os.fdopen(unlinked(folder), "w+b")
    flaw: SnapshotError | None = None
    try:
        for block in blocks:
            progress.check()
            if checked:
                beginning = block.lstrip(_SPACE_OR_MARK)
                if not beginning.startswith(b"{") and (beginning or room.taken > BLOCK):
                    raise SnapshotError("not a heap snapshot: it does not begin with {", byte=0)
                checked = not beginning
            room.take(len(block))
            file.write(block)
        file.flush()
    except BaseException as error:
        if isinstance(error, SnapshotError) and error.salvageable:
            flaw = error
            file.flush()
        else:
            file.close()
            if isinstance(error, OSError):
                full = error.errno in (errno.ENOSPC, errno.EDQUOT)
                raise room.error() if full else SnapshotError(f"cannot be read: {reason(error)}") from None
            raise
    if flaw is not None:
        flaw.salvageable = room.taken > 0
        flaw.what += f"; {_megabytes(room.taken)} of it could be read" if room.taken else ""
    return Copy(file, flaw)


class Room:
    """What a disk has left; a part of what was free stays free for others."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._spare = max(_SPARE_DISK, self._free // _SPARE_SHARE)
        self._unchecked = BLOCK
        self.taken = 0

    @property
    def _free(self) -> int:
        return shutil.disk_usage(self._folder).free

    def take(self, size: int) -> None:
        """Ask for room; raises SnapshotError where there is none."""
        self._unchecked += size
        if self._unchecked >= BLOCK:
            if self._free < self._spare + self._unchecked:
                raise self.error()
            self._unchecked = 0
        self.taken += size

    def error(self) -> SnapshotError:
        """What is told where there is none."""
        return SnapshotError(
            f"no room left in {self._folder}: it takes more than {_megabytes(self.taken)} there, decompressed, "
            f"and {_megabytes(self._free)} are free; set TMPDIR to a folder on a larger disk"
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size:,} bytes"


def unlinked(folder: str) -> int:
    """The descriptor of a new file of mode 0600 that has no name any more."""
    descriptor, path = tempfile.mkstemp(prefix="heaptui-", dir=folder)
    os.unlink(path)
    return descriptor


def blocks_of(file: IO[bytes], told: Callable[[int], None] | None = None) -> Iterator[bytes]:
    """A file's bytes, one block after the other; `told` hears how many they are."""
    while block := file.read(1 << 16):
        if told is not None:
            told(len(block))
        yield block
