"""The folder that indexes are kept in, and the files in it that are heaptui's own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from heaptui.kernels.cache import private_folder, usable
from heaptui.opening.index.key import Key

_ENDING = ".heaptui-index"
_UNFINISHED = ".unfinished"
_OWN = re.compile(rf"[0-9a-f]+-[0-9a-f]+(-raw)?{re.escape(_ENDING)}(\..+{re.escape(_UNFINISHED)})?")
_SPARE_DISK = 64 << 20
_SPARE_SHARE = 10
# The time of the last use is kept by us: looking through the list should not count as one.
_HOW = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | getattr(os, "O_NOATIME", 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """An index: its file's name, its size in bytes, and when it was last used (seconds since 1970)."""

    name: str
    size: int
    used: float


def name_of(key: Key, *, raw: bool) -> str:
    """The name of a file's index; that of what is written to the file later is the same, and takes its place."""
    return f"{key.device:x}-{key.inode:x}{'-raw' if raw else ''}{_ENDING}"


def folder() -> Path | None:
    """Where indexes are kept: `$HEAPTUI_INDEX_DIR` (empty: nowhere), else with all that is kept between runs.

    None where nothing can be kept, or others could write.
    """
    chosen = os.environ.get("HEAPTUI_INDEX_DIR")
    if chosen is None:
        return private_folder("index", temporary=False)
    return usable(Path(chosen)) if chosen else None


class Store:
    """Indexes in a folder of mode 0700, each a file of mode 0600."""

    def __init__(self, place: Path) -> None:
        self.place = place

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[int]:
        """The descriptor of an index; raises OSError where there is none, or none that is to be trusted."""
        descriptor = os.open(self.place / name, _HOW)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
                raise PermissionError(f"{name} may be written or read by others")
            yield descriptor
        finally:
            os.close(descriptor)

    def mark_used(self, descriptor: int) -> None:
        """Keep an index longer than those that were not used since; what it tells of its writing stays."""
        with contextlib.suppress(OSError):
            os.utime(descriptor, ns=(time.time_ns(), os.fstat(descriptor).st_mtime_ns))

    @contextlib.contextmanager
    def new(self, name: str, size: int, limit: int) -> Iterator[IO[bytes] | None]:
        """A file to write an index to, in place of a former one as soon as the block ends without an exception.

        None where there is no room for so many bytes: the limit is of all together, and a part of
        the disk that is free now stays free. Raises OSError.
        """
        self._tidy()
        if size > limit or not self._make_room(size, limit, name):
            yield None
            return
        descriptor, path = self._unfinished(name)
        try:
            with open(descriptor, "w+b") as file:
                yield file
            os.replace(path, self.place / name)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(path)
            raise

    def _unfinished(self, name: str) -> tuple[int, str]:
        """A file to be written, locked: who finds it unlocked removes it, as its writer is gone."""
        while True:
            descriptor, path = tempfile.mkstemp(prefix=f"{name}.", suffix=_UNFINISHED, dir=self.place)
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Somebody may have found it before it was locked.
            if os.fstat(descriptor).st_nlink:
                return descriptor, path
            os.close(descriptor)

    def _make_room(self, size: int, limit: int, name: str) -> bool:
        free = shutil.disk_usage(self.place).free
        if free - size < max(_SPARE_DISK, free // _SPARE_SHARE):
            return False
        kept = [entry for entry in self.entries() if entry.name != name]
        total = sum(entry.size for entry in kept)
        for entry in sorted(kept, key=lambda entry: entry.used):
            if total + size <= limit:
                break
            self._remove(entry.name)
            total -= entry.size
        return True

    def _tidy(self) -> None:
        """Remove what writers left that were killed."""
        for entry in self._own():
            if entry.name.endswith(_UNFINISHED):
                with contextlib.suppress(OSError), open(self.place / entry.name, "rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._remove(entry.name)

    def _own(self) -> Sequence[Entry]:
        found = []
        with contextlib.suppress(OSError), os.scandir(self.place) as files:
            for file in files:
                if _OWN.fullmatch(file.name):
                    with contextlib.suppress(OSError):
                        status = file.stat(follow_symlinks=False)
                        if stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid():
                            found.append(Entry(file.name, status.st_size, status.st_atime))
        return found

    def entries(self) -> Sequence[Entry]:
        """The indexes, those used last first."""
        found = [entry for entry in self._own() if not entry.name.endswith(_UNFINISHED)]
        return sorted(found, key=lambda entry: -entry.used)

    def clear(self) -> tuple[int, int]:
        """Remove all indexes; returns how many, and their bytes."""
        self._tidy()
        removed = [entry for entry in self.entries() if self._remove(entry.name)]
        return len(removed), sum(entry.size for entry in removed)

    def _remove(self, name: str) -> bool:
        try:
            os.unlink(self.place / name)
        except OSError:
            return False
        return True
