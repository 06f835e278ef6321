"""Load a file as the app does, and print what it takes in memory then: JSON, bytes without mapped files."""

from __future__ import annotations

import gc
import json
import sys

from heaptui.heap import load_heap
from tests.benchmarks.measuring import anonymous_memory


def main(file: str) -> None:
    """Load and print."""
    heap = load_heap(file)
    gc.collect()
    print(json.dumps({"nodes": heap.node_count, "edges": heap.edge_count, "held": anonymous_memory()}))


if __name__ == "__main__":
    main(sys.argv[1])
