"""Standard input as a snapshot: read once, kept as long as the program runs, and moved aside for keys."""

from __future__ import annotations

import os
import select
import stat
import sys
from collections.abc import Iterator
from itertools import chain
from typing import IO

from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.spool import BLOCK, Copy, spool
from heaptui.snapshot.unpacking import packing, unpack

_PATIENCE = 0.1


class _StandardInput:
    """What comes from standard input: a snapshot, read once and kept for as long as the program runs."""

    def __init__(self) -> None:
        self._moved: int | None = None
        self._copy: tuple[tuple[int, int, int], Copy | None] | None = None

    def move_aside(self) -> None:
        """Let keys come from the terminal, where standard input is the data; raises OSError without a terminal."""
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
        self._moved = os.dup(0)
        os.dup2(terminal, 0)
        os.close(terminal)

    @property
    def descriptor(self) -> int:
        """Where the data comes from."""
        if self._moved is not None:
            return self._moved
        try:
            descriptor = sys.stdin.fileno()
            os.fstat(descriptor)
        except (AttributeError, ValueError, OSError):
            raise SnapshotError("there is no standard input") from None
        if os.isatty(descriptor):
            raise SnapshotError("standard input is the terminal: let a command write a snapshot to it")
        return descriptor

    def file(self) -> IO[bytes] | None:
        """The file that standard input is, None where it is none."""
        descriptor = self.descriptor
        return os.fdopen(os.dup(descriptor), "rb") if stat.S_ISREG(os.fstat(descriptor).st_mode) else None

    def copy(self, progress: Progress) -> Copy:
        """All that comes from a pipe, decompressed."""
        descriptor = self.descriptor
        status = os.fstat(descriptor)
        key = (descriptor, status.st_dev, status.st_ino)
        if self._copy is None or self._copy[0] != key:
            self.forget()
            # There is no second time: what was stopped half way is gone.
            self._copy = (key, None)
            self._copy = (key, spool(_plain(_arriving(descriptor, progress)), progress))
        if self._copy[1] is None:
            raise SnapshotError("standard input was not read to its end, and cannot be read again")
        return self._copy[1]

    def forget(self) -> None:
        """Let go of what was read."""
        if self._copy is not None and self._copy[1] is not None:
            self._copy[1].file.close()
        self._copy = None


standard_input = _StandardInput()


def _arriving(descriptor: int, progress: Progress) -> Iterator[bytes]:
    progress.begin("reading standard input", 0, "bytes")
    while True:
        # A pipe may be silent for long; who wants to stop need not wait for it.
        if not select.select([descriptor], [], [], _PATIENCE)[0]:
            progress.check()
            continue
        block = os.read(descriptor, BLOCK)
        if not block:
            return
        progress.advance(len(block))
        yield block


def _plain(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks as they are, or decompressed."""
    head = b""
    for block in blocks:
        head += block
        if len(head) >= 4:
            break
    kind = packing(head[:4])
    rest = chain([head] if head else [], blocks)
    yield from rest if kind is None else unpack(kind, rest)
