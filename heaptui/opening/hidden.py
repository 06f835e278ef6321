"""Files opened together, with placeholders for the user's data; the index neither has nor gets anything of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from heaptui.heap import Heap, LightHeap
from heaptui.heap.heap import build_heap, light_of, read_snapshot
from heaptui.opening.manner import Manner
from heaptui.opening.preflight import ran_out
from heaptui.privacy.hiding import hide_values
from heaptui.snapshot.errors import ShortOfMemory
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

T = TypeVar("T")
Paths = Sequence[str | os.PathLike[str]]


def open_hidden(
    paths: Paths, jobs: Sequence[Progress], manner: Manner, first: Callable[[LightHeap], None] | None = None
) -> list[Heap]:
    """Open files at the same time; what is equal in two of them looks equal. The first failure stops the others."""
    try:
        return _open(paths, jobs, manner, lambda snapshot, job: build_heap(snapshot, job, raw=manner.raw, first=first))
    except (ShortOfMemory, MemoryError):
        raise ran_out(paths[0], manner, whole=True) from None


def open_hidden_light(paths: Paths, jobs: Sequence[Progress], manner: Manner) -> list[LightHeap]:
    """The same, for what needs no dominators."""
    try:
        return _open(paths, jobs, manner, lambda snapshot, job: light_of(snapshot, job, raw=manner.raw))
    except (ShortOfMemory, MemoryError):
        raise ran_out(paths[0], manner, whole=False) from None


def _open(paths: Paths, jobs: Sequence[Progress], manner: Manner, build: Callable[[Snapshot, Progress], T]) -> list[T]:
    with ThreadPoolExecutor(len(paths)) as pool:
        reading = [
            pool.submit(read_snapshot, path, job, salvage=manner.salvage) for path, job in zip(paths, jobs, strict=True)
        ]
        hidden = hide_values(_all(reading, jobs), jobs[0])
        building = [pool.submit(build, snapshot, job) for snapshot, job in zip(hidden, jobs, strict=True)]
        return _all(building, jobs)


def _all(waiting: Sequence[Future[T]], jobs: Sequence[Progress]) -> list[T]:
    """What all of them give, or the first failure."""
    try:
        return [future.result() for future in waiting]
    except BaseException:
        for job in jobs:
            job.cancel()
        raise
