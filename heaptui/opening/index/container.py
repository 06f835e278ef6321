"""The index file: arrays one behind the other, then a directory that says what they are.

    0       the prefix: magic, version, a number in this machine's byte order, where the directory
            lies, and its hash
    4096    the arrays, each at a multiple of 64 bytes
    ...     the directory: JSON

Kernels index these arrays without looking at their bounds. That is safe with what the reader made
itself of a file; of an index it must be known that it is what was written:

- Nobody else can have written it: the store opens only files of this user that nobody else may
  write, in a folder of this user that nobody else may write. It is what cached kernels, which are
  machine code, are trusted for.
- It is whole and the right one: the prefix is written last, the directory has a hash, the file has
  exactly the length that it tells, and the directory names the file and the program that it was
  made of and by.
- Nobody has written to it since: its modification time is set when it is finished, to whole
  seconds that the directory tells. Whatever writes to it later changes that.
- What did not come back from the disk as it was written, after a crash or a flaw, is found by sums
  of its blocks: all of them where the machine has started anew since or the index is small, else
  some, spread over the file, as what this very system has cached is what was written, and looking
  at gigabytes takes longer than reopening may.

A user who changes a large index of his own, puts its modification time back, and does not start
the machine anew is not stopped: he could as well change the program.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import struct
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np

from heaptui.opening.index.flat import Array
from heaptui.snapshot.progress import Progress

VERSION = 1

_MAGIC = b"heaptui index\r\n\0"
_PREFIX = struct.Struct("<16sI4sQQ16s")
_ORDER = sys.byteorder.encode()[:4]
_FIRST = 4096
_ALIGNMENT = 64
_CHUNK = 16 << 20
_BLOCK = 1 << 20
_SUMMED_WHOLE = 128 << 20
_SAMPLES = 128
_LARGEST_DIRECTORY = 1 << 30


class UnusableError(Exception):
    """An index that cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class Directory:
    """What is in an index file.

    Attributes:
        facts: what else was to be kept, as JSON.
        arrays: dtype, shape and position of each.
        end: where the arrays end; sums: of each block until there.
        sealed: the file's modification time, in seconds; boot: when the machine was started that wrote it.
    """

    facts: Any
    arrays: Sequence[tuple[str, Sequence[int], int]]
    end: int
    sums: Sequence[int]
    sealed: int
    boot: str | None
    program: str


@cache
def program() -> str:
    """A hash of all code that what is kept depends on: what another program made is made anew."""
    hashed = hashlib.blake2b(digest_size=16)
    root = Path(__file__).parents[2]
    for floor in ("kernels", "snapshot", "heap", "opening"):
        for file in sorted((root / floor).rglob("*.py")):
            hashed.update(file.read_bytes())
    return hashed.hexdigest()


@cache
def _boot() -> str | None:
    """What tells this start of the machine from all others; None where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip() or None
    except OSError:
        return None


def size_of(facts: object, arrays: Sequence[Array]) -> int:
    """About how many bytes an index takes."""
    data = sum(array.nbytes + _ALIGNMENT for array in arrays)
    return _FIRST + data + len(json.dumps(facts)) + 24 * (data // _BLOCK + 1) + 100 * len(arrays)


def write(file: IO[bytes], facts: object, arrays: Sequence[Array], progress: Progress) -> None:
    """Write an index to an empty file, straight from the arrays; raises OSError or Cancelled."""
    progress.begin("writing the index", sum(array.nbytes for array in arrays), "bytes")
    table = []
    file.seek(_FIRST)
    for array in arrays:
        position = -(-file.tell() // _ALIGNMENT) * _ALIGNMENT
        table.append((array.dtype.str, array.shape, position))
        file.seek(position)
        for piece in _pieces(array):
            file.write(piece)
            progress.advance(len(piece))
    end = -(-file.tell() // _ALIGNMENT) * _ALIGNMENT
    file.truncate(end)
    file.flush()
    with mmap.mmap(file.fileno(), end, prot=mmap.PROT_READ) as mapped:
        sums = [_sum(mapped, low, end) for low in _blocks(end, progress)]
    # Whole even seconds, which every file system can keep.
    sealed = int(time.time()) // 2 * 2
    directory = json.dumps(
        {
            "facts": facts,
            "arrays": table,
            "end": end,
            "sums": sums,
            "sealed": sealed,
            "boot": _boot(),
            "program": program(),
        }
    ).encode()
    file.seek(end)
    file.write(directory)
    prefix = _PREFIX.pack(_MAGIC, VERSION, _ORDER, end, len(directory), _hash(directory))
    file.seek(0)
    file.write(prefix)
    file.flush()
    os.utime(file.fileno(), ns=(time.time_ns(), sealed * 10**9))


def _pieces(array: Array) -> Iterator[memoryview]:
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    for low in range(0, len(flat), _CHUNK):
        yield flat[low : low + _CHUNK].data


def _blocks(end: int, progress: Progress) -> Iterator[int]:
    for low in range(_FIRST, end, _BLOCK):
        progress.check()
        yield low


def _sum(mapped: mmap.mmap, low: int, end: int) -> int:
    length = (min(end, low + _BLOCK) - low) // 8
    return int(np.frombuffer(mapped, np.uint64, length, low).sum(dtype=np.uint64))


def _hash(directory: bytes) -> bytes:
    return hashlib.blake2b(directory, digest_size=16).digest()


def read_directory(descriptor: int) -> Directory:
    """The directory of an index file; raises UnusableError or OSError."""
    status = os.fstat(descriptor)
    prefix = os.pread(descriptor, _PREFIX.size, 0)
    if len(prefix) < _PREFIX.size or not prefix.startswith(_MAGIC):
        raise UnusableError("damaged")
    _, version, order, end, length, hashed = _PREFIX.unpack(prefix)
    if version != VERSION:
        raise UnusableError("made by another version of heaptui")
    if order != _ORDER:
        raise UnusableError("made on another kind of machine")
    if end + length != status.st_size or length > _LARGEST_DIRECTORY:
        raise UnusableError("damaged")
    text = os.pread(descriptor, length, end)
    if _hash(text) != hashed:
        raise UnusableError("damaged")
    try:
        found = Directory(**json.loads(text))
    except (ValueError, TypeError):
        raise UnusableError("damaged") from None
    if found.end != end or status.st_mtime_ns != found.sealed * 10**9:
        raise UnusableError("changed since it was written")
    return found


def read_arrays(descriptor: int, directory: Directory, progress: Progress) -> list[Array]:
    """The arrays, mapped into memory; raises UnusableError, OSError or Cancelled."""
    end = directory.end
    mapped = mmap.mmap(descriptor, end, prot=mmap.PROT_READ)
    count = len(directory.sums)
    if count != len(range(_FIRST, end, _BLOCK)):
        raise UnusableError("damaged")
    trusted = directory.boot is not None and directory.boot == _boot()
    step = max(1, count // _SAMPLES) if trusted and end > _SUMMED_WHOLE else 1
    for i in range(0, count, step):
        progress.check()
        if _sum(mapped, _FIRST + i * _BLOCK, end) != directory.sums[i]:
            raise UnusableError("damaged")
    return [
        np.frombuffer(mapped, np.dtype(kind), int(np.prod(shape)), position).reshape(shape)
        for kind, shape, position in directory.arrays
    ]
