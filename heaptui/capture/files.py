"""Where a snapshot goes: a private temporary file beside its place, moved there when it is whole."""

from __future__ import annotations

import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.snapshot.progress import Progress

PARTIAL = ".partial"


def default_name(what: str, ending: str, when: float | None = None) -> str:
    """A name that says of what and when: heap-1234-20260131-235959.heapsnapshot."""
    return f"heap-{what}-{time.strftime('%Y%m%d-%H%M%S', time.localtime(when))}{ending}"


def numbered(path: str, number: int, count: int) -> str:
    """The name of one of several: leak.heapsnapshot, leak-1.heapsnapshot, leak-2.heapsnapshot."""
    if count == 1:
        return path
    base, ending = os.path.splitext(path)
    return f"{base}-{number:0{len(str(count))}}{ending}"


def free_name(path: str) -> str:
    """The path, or one like it that no file has yet."""
    base, ending = os.path.splitext(path)
    others = (f"{base}-{number}{ending}" for number in itertools.count(2))
    return next(name for name in itertools.chain([path], others) if not os.path.lexists(name))


@contextmanager
def arriving(path: str, check: Callable[[str], None], progress: Progress) -> Iterator[Callable[[str], object]]:
    """Take in a file's text; afterwards it is at `path`, whole as far as `check` tells, of mode 0600.

    Of a process that ends in between what came is kept as `path.partial`; whatever else
    happens, nothing is left. Raises CaptureError for a disk that is full.
    """
    folder = os.path.dirname(os.path.abspath(path))
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".heaptui-", suffix=PARTIAL, dir=folder)
    except OSError as error:
        raise CaptureError(f"{folder}: {(error.strerror or str(error)).lower()}") from None
    kept = False
    try:
        try:
            with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                yield file.write
            progress.begin("checking the file")
            check(temporary)
        except TargetGone as error:
            kept = _keep(temporary, path + PARTIAL)
            raise TargetGone(f"{error}; {_told(path + PARTIAL) if kept else 'nothing had come yet'}") from None
        except OSError as error:
            raise CaptureError(f"{path}: {(error.strerror or str(error)).lower()}") from None
        os.replace(temporary, path)
        kept = True
    finally:
        if not kept:
            os.unlink(temporary)


def _keep(temporary: str, partial: str) -> bool:
    if not os.path.getsize(temporary):
        return False
    os.replace(temporary, partial)
    return True


def _told(partial: str) -> str:
    return f"what came is in {partial}, which heaptui --salvage opens as far as it goes"
