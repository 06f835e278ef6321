"""Load a file as the app does, and print JSON: when what was known, and what it takes in memory then.

`first` and `whole` are seconds until the first useful screen can be drawn and until all is known;
`held` bytes without mapped files.
"""

from __future__ import annotations

import time

_BEGAN = time.perf_counter()

import gc  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402

from heaptui.heap import LightHeap, load_heap  # noqa: E402
from tests.benchmarks.measuring import anonymous_memory  # noqa: E402


def main(file: str) -> None:
    """Load and print."""
    first: list[float] = []

    def known(_: LightHeap) -> None:
        first.append(time.perf_counter() - _BEGAN)

    heap = load_heap(file, first=known)
    whole = time.perf_counter() - _BEGAN
    gc.collect()
    found = {"nodes": heap.node_count, "edges": heap.edge_count, "held": anonymous_memory()}
    print(json.dumps({**found, "first": first[0], "whole": whole}))


if __name__ == "__main__":
    main(sys.argv[1])
