"""The snapshot itself: what is asked of the process, and what it sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from heaptui.capture.session import Params, Session
from heaptui.snapshot.progress import Progress

_COLLECTING = 120.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What to take.

    Attributes:
        collect: collect garbage first.
        numbers: with the values of numbers.
        timeline: record allocations with their stacks for so many seconds; 0 takes a snapshot at once.
    """

    collect: bool = False
    numbers: bool = False
    timeline: float = 0.0

    @property
    def ending(self) -> str:
        """How files of it are called."""
        return ".heaptimeline" if self.timeline else ".heapsnapshot"


def take(session: Session, wish: Wish, write: Callable[[str], object], progress: Progress) -> None:
    """Have the heap written, piece by piece; raises TargetGone, CaptureError or Cancelled."""
    begun = False

    def counted(params: Params) -> None:
        done, total = params.get("done"), params.get("total")
        if isinstance(done, int) and isinstance(total, int):
            progress.done, progress.total = done, total

    def piece(params: Params) -> None:
        nonlocal begun
        chunk = str(params.get("chunk", ""))
        if not begun:
            begun = True
            progress.begin("writing the snapshot", unit="bytes")
        write(chunk)
        progress.advance(len(chunk))

    hearers = {"HeapProfiler.reportHeapSnapshotProgress": counted, "HeapProfiler.addHeapSnapshotChunk": piece}
    with session.hearing(hearers):
        if wish.collect:
            progress.begin("collecting garbage")
            session.call("HeapProfiler.collectGarbage", patience=_COLLECTING, check=progress.check)
        if wish.timeline:
            tracking = {"trackAllocations": True}
            session.call("HeapProfiler.startTrackingHeapObjects", tracking, check=progress.check)
            rest(session, wish.timeline, "recording allocations", progress)
        progress.begin("taking the snapshot")
        method = "stopTrackingHeapObjects" if wish.timeline else "takeHeapSnapshot"
        how = {"reportProgress": True, "captureNumericValue": wish.numbers}
        session.call(f"HeapProfiler.{method}", how, patience=None, check=progress.check)


def rest(session: Session, seconds: float, what: str, progress: Progress) -> None:
    """Let time pass and show how much; raises TargetGone where the process ends meanwhile."""
    whole = max(1, round(seconds * 10))
    progress.begin(what, whole, "tenths of a second")
    for _ in range(whole):
        session.rest(seconds / whole, progress.check)
        progress.advance(1)
