"""What tells a file, as it is now, from all others and from what it was before."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

_END = 1 << 16
_PAGE = 1 << 12
_PAGES = 16


@dataclass(frozen=True, slots=True)
class Key:
    """Where a file lies, its size in bytes, when it was written, and a hash of some of its bytes.

    A file that is written to again has another time. The hash is for one that was put there with
    the time of another: it is of the head, the tail and some pages between, so that it takes no
    longer for a large file.
    """

    device: int
    inode: int
    size: int
    mtime_ns: int
    digest: str


def key_of(descriptor: int) -> Key:
    """The key of an open file; raises OSError."""
    status = os.fstat(descriptor)
    hashed = hashlib.blake2b(digest_size=16)
    between = [status.st_size * i // (_PAGES + 1) for i in range(1, _PAGES + 1)]
    for start, length in [(0, _END), *((at, _PAGE) for at in between), (max(0, status.st_size - _END), _END)]:
        hashed.update(os.pread(descriptor, length, start))
    return Key(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, hashed.hexdigest())
