"""Load a file as the app does, and print JSON: when what was known, and what it takes in memory then.

`first` and `whole` are seconds until the first useful screen can be drawn and until all is known,
importing included; `held` bytes without mapped files.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import anonymous_memory

if TYPE_CHECKING:
    from heaptui.heap import LightHeap


def main(file: str) -> None:
    """Load and print."""
    began = time.perf_counter()
    from heaptui.heap import load_heap

    first: list[float] = []

    def known(_: LightHeap) -> None:
        first.append(time.perf_counter() - began)

    heap = load_heap(file, first=known)
    whole = time.perf_counter() - began
    gc.collect()
    found = {"nodes": heap.node_count, "edges": heap.edge_count, "held": anonymous_memory()}
    print(json.dumps({**found, "first": first[0], "whole": whole}))


if __name__ == "__main__":
    main(sys.argv[1])
