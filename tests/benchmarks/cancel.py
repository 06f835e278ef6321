"""How soon loading ends when it is cancelled, at random moments of all its phases, and what memory is left.

    python tests/benchmarks/cancel.py FILE [TIMES]

Prints the longest wait by phase, the longest of all, and how much more memory the process has afterwards.
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


def stopped(file: str, after: float) -> tuple[str, float]:
    """The phase in which a load was cancelled, and how long it took to end, 0 where it had ended before."""
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
        return "done", 0.0
    phase, began = progress.phase, time.perf_counter()
    progress.cancel()
    ended.wait()
    took = time.perf_counter() - began
    thread.join()
    return phase, took


def main(file: str, times: int = 40) -> None:
    """Measure and print."""
    began = time.perf_counter()
    load_heap(file)
    whole = time.perf_counter() - began
    longest: dict[str, list[float]] = defaultdict(list)
    before = 0
    for i in range(times):
        phase, took = stopped(file, random.uniform(0, whole))
        longest[phase].append(took)
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        before = before or resident()
        if i % 10 == 9:
            print(f"after {i + 1}: {(resident() - before) / 1e6:+.1f} MB")
    for phase, waits in longest.items():
        print(f"{phase:24} {len(waits):3} times, at most {1000 * max(waits):4.0f} ms")
    print(f"longest {1000 * max(map(max, longest.values())):.0f} ms; a whole load takes {whole:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
