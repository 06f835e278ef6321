"""One capture: from a heap that was reached to a file that is whole."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from heaptui.capture.checking import check_whole
from heaptui.capture.files import arriving
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
        take(found.session, wish, write, progress)
    return Captured(path, os.path.getsize(path), time.monotonic() - begun)
