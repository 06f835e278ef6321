"""One capture: from a heap that was reached to a file that is whole."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from heaptui.capture.checking import check_whole
from heaptui.capture.errors import TargetGone
from heaptui.capture.files import arriving
from heaptui.capture.processes import process_of
from heaptui.capture.reaching import Reached
from heaptui.capture.taking import Wish, take
from heaptui.snapshot.progress import Progress


@dataclass(frozen=True, slots=True)
class Captured:
    """A file that was taken: its size in bytes, and how many seconds it took."""

    path: str
    size: int
    seconds: float


def capture(found: Reached, path: str, wish: Wish, progress: Progress) -> Captured:
    """Take a snapshot or recording into a file; raises CaptureError, TargetGone or Cancelled."""
    begun = time.monotonic()
    with arriving(path, lambda file: check_whole(file, progress), progress) as write:
        try:
            take(found.session, wish, write, progress)
        except TargetGone as error:
            raise _explained(error, found) from None
    return Captured(path, os.path.getsize(path), time.monotonic() - begun)


def _explained(error: TargetGone, found: Reached) -> TargetGone:
    """The same, saying where to look if the process has not just closed its inspector."""
    process = found.process
    if process is None or process_of(process.pid) is not None:
        return error
    return TargetGone(f"process {process.pid} ended or was killed; dmesg tells whether memory ran out")
