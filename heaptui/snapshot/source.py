"""The bytes of a file, mapped into memory; compressed ones by way of a private copy."""

from __future__ import annotations

import errno
import gzip
import io
import mmap
import os
import shutil
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Protocol, cast

import numpy as np
import numpy.typing as npt

from heaptui.snapshot.errors import KILLED, SnapshotError
from heaptui.snapshot.progress import Progress

_BLOCK = 1 << 20
_SPARE_DISK = 64 << 20
_GZIP = b"\x1f\x8b"
_SPACE_OR_MARK = b" \t\r\n\xef\xbb\xbf"


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content.

    Attributes:
        name: how the file is called on screen; not escaped.
        data: its bytes, uint8, read-only, decompressed.
        mapped: the mapping behind them.
    """

    name: str
    data: npt.NDArray[np.uint8]
    mapped: mmap.mmap | None = None

    def bytes(self, start: int, stop: int) -> bytes:
        """A copy of some bytes."""
        return self.data[start:stop].tobytes()

    def give_back(self, start: int, stop: int) -> None:
        """Tell the system that these bytes are not needed soon; they are read again when they are."""
        first = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE
        last = stop // mmap.PAGESIZE * mmap.PAGESIZE
        if self.mapped is not None and first < last:
            self.mapped.madvise(mmap.MADV_DONTNEED, first, last - first)


def open_source(path: str | os.PathLike[str], progress: Progress) -> Source:
    """Map a file, or standard input for `-`; gzip is recognised by content, not by name.

    Raises SnapshotError for what is not a readable regular file or is empty.
    """
    text = os.fspath(path)
    if text == "-":
        stream = cast("io.BufferedReader", sys.stdin.buffer)
        packed = stream.peek(2)[:2] == _GZIP
        with _spool(gzip.GzipFile(fileobj=stream) if packed else stream, progress) as copy:
            return _source("-", copy)
    with _open(text) as file:
        head = file.read(4)
        file.seek(0)
        if head[:2] == _GZIP:
            progress.begin("decompressing", os.fstat(file.fileno()).st_size, "bytes")
            with gzip.GzipFile(fileobj=_Counted(file, progress)) as unpacked, _spool(unpacked, progress) as copy:
                return _source(os.path.basename(text), copy)
        if head == b"\x28\xb5\x2f\xfd":
            raise SnapshotError("compressed with zstd; decompress it first: zstd -d FILE")
        return _source(os.path.basename(text), file)


@contextmanager
def open_stream(path: str | os.PathLike[str]) -> Iterator[tuple[IO[bytes], int]]:
    """The decompressed bytes of a file one after the other, and its size on disk."""
    with _open(os.fspath(path)) as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise _empty()
        packed = file.read(2) == _GZIP
        file.seek(0)
        try:
            yield (cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if packed else file), size
        except (EOFError, OSError, zlib.error) as error:
            raise _unpacking_error(error) from None


def _empty() -> SnapshotError:
    return SnapshotError(f"the file is empty: {KILLED}", byte=0)


def _open(path: str) -> IO[bytes]:
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
        raise SnapshotError(_reason(error)) from None
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise SnapshotError("is a directory, not a snapshot" if stat.S_ISDIR(mode) else "not a regular file")


def _reason(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "symbolic links in a circle"
    return (error.strerror or str(error)).lower()


def _source(name: str, file: IO[bytes]) -> Source:
    size = os.fstat(file.fileno()).st_size
    if size == 0:
        raise _empty()
    try:
        mapped = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    except OSError as error:
        raise SnapshotError(f"cannot be mapped into memory: {_reason(error)}") from None
    return Source(name, np.frombuffer(mapped, np.uint8), mapped)


class _Counted(io.RawIOBase):
    """A file that reports how much of it was read."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self._file = file
        self._progress = progress

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1, /) -> bytes:
        block = self._file.read(size)
        self._progress.advance(len(block))
        return block


def _unlinked(folder: str) -> int:
    descriptor, path = tempfile.mkstemp(prefix="heaptui-", dir=folder)
    os.unlink(path)
    return descriptor


def _spool(stream: _Readable, progress: Progress) -> IO[bytes]:
    """Copy a stream to an unlinked temporary file that only this process can see."""
    folder = tempfile.gettempdir()
    copy: IO[bytes] = os.fdopen(_unlinked(folder), "w+b")
    started = False
    try:
        while block := stream.read(_BLOCK):
            progress.check()
            if not started and not block.lstrip(_SPACE_OR_MARK).startswith(b"{"):
                raise SnapshotError("not a heap snapshot: it does not begin with {", byte=0)
            started = True
            if shutil.disk_usage(folder).free < _SPARE_DISK:
                raise SnapshotError(f"no room left in {folder} to decompress it; set TMPDIR to a larger disk")
            copy.write(block)
        copy.flush()
    except BaseException as error:
        copy.close()
        raise _unpacking_error(error) from None
    return copy


def _unpacking_error(error: BaseException) -> BaseException:
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return SnapshotError(f"damaged gzip file ({error}): the download or the writing was cut off")
    if isinstance(error, OSError):
        return SnapshotError(f"cannot be decompressed: {_reason(error)}")
    return error
