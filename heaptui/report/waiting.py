"""One line on standard error while files are loaded, where that is a terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from heaptui.snapshot.progress import Progress
from heaptui.views import text

_FIRST, _EVERY = 0.5, 0.2


@contextmanager
def shown(jobs: Sequence[Progress]) -> Iterator[None]:
    """Show how far the jobs are; the line is gone when they are done."""
    if not sys.stderr.isatty():
        yield
        return
    finished = threading.Event()
    thread = threading.Thread(target=_show, args=(jobs, finished), daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


def _show(jobs: Sequence[Progress], finished: threading.Event) -> None:
    wait, drawn = _FIRST, False
    while not finished.wait(wait):
        wait, drawn = _EVERY, True
        line = "   ".join(_state(job) for job in jobs)
        sys.stderr.write(f"\r\x1b[K{line[:78]}")
        sys.stderr.flush()
    if drawn:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _state(job: Progress) -> str:
    share = job.share
    rate = f" {text.size(int(job.rate))}/s" if job.unit == "bytes" else ""
    # What comes from a pipe has no known length.
    far = f" {share:.0%}" if share is not None else f" {text.size(job.done)}" if job.unit == "bytes" else ""
    return job.phase + far + (rate if far else "")
