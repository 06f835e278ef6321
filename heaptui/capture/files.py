"""Where a snapshot goes: a private temporary file beside its place, moved there when it is whole."""

from __future__ import annotations

import itertools
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.capture.processes import process_of
from heaptui.snapshot.progress import Progress

PARTIAL = ".partial"
# Ours, and those that Node gives: Heap.20260131.235959.PID.0.001.heapsnapshot
_OURS = re.compile(r"heap-(\d+)-\d{8}-\d{6}")
_NODES = re.compile(r"Heap\.\d{8}\.\d{6}\.(\d+)\.0\.\d+\.")


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


def origin(path: str) -> int | None:
    """The process that a file is of, by its name, where that runs still and did before the file was written."""
    name = os.path.basename(path)
    found = _OURS.match(name) or _NODES.match(name)
    process = process_of(int(found[1])) if found and len(found[1]) < 10 else None
    if process is None or not process.is_node:
        return None
    try:
        with open("/proc/uptime", encoding="ascii") as file:
            booted = time.time() - float(file.read().split()[0])
        began = booted + process.started / os.sysconf("SC_CLK_TCK")
        return process.pid if began <= os.stat(path).st_mtime + 1 else None
    except (OSError, ValueError):
        return None


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
