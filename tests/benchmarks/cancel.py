"""How soon loading ends when it is cancelled, at random moments of all its phases, and what memory is left.

    python tests/benchmarks/cancel.py FILE [TIMES]

Prints the longest wait by phase, in wall time and in the time of the cores, which others who use the
machine do not lengthen, and how much more memory the process has afterwards.
"""

from __future__ import annotations

import ctypes
import gc
import random
import sys
import threading
import time
from collections import defaultdict

from heaptui.heap import load_heap
from heaptui.snapshot.progress import Cancelled, Progress


def resident() -> int:
    """Memory of this process without mapped files, in bytes."""
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("RssAnon"))


def stopped(file: str, after: float) -> tuple[str, float, float]:
    """The phase in which a load was cancelled, and how long it took to end: wall and CPU seconds, 0 where it had."""
    progress, ended = Progress(), threading.Event()

    def load() -> None:
        try:
            load_heap(file, progress)
        except Cancelled:
            pass
        finally:
            ended.set()

    thread = threading.Thread(target=load)
    thread.start()
    if ended.wait(after):
        return "done", 0.0, 0.0
    phase, began, used = progress.phase, time.perf_counter(), time.process_time()
    progress.cancel()
    ended.wait()
    took, used = time.perf_counter() - began, time.process_time() - used
    thread.join()
    return phase, took, used


def main(file: str, times: int = 40) -> None:
    """Measure and print."""
    began = time.perf_counter()
    load_heap(file)
    whole = time.perf_counter() - began
    longest: dict[str, list[tuple[float, float]]] = defaultdict(list)
    before = 0
    for i in range(times):
        phase, *took = stopped(file, random.uniform(0, whole))
        longest[phase].append((took[0], took[1]))
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        before = before or resident()
        if i % 10 == 9:
            print(f"after {i + 1}: {(resident() - before) / 1e6:+.1f} MB")
    for phase, waits in longest.items():
        wall, cpu = (max(column) for column in zip(*waits, strict=True))
        print(f"{phase:24} {len(waits):3} times, at most {1000 * wall:4.0f} ms, {1000 * cpu:4.0f} ms of all cores")
    print(f"a whole load takes {whole:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
