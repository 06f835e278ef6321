"""Modules that were loaded again and again, as a program does that reloads its files or adds queries to their names."""

from __future__ import annotations

from collections import Counter

import numpy as np

from heaptui.heap.heap import Heap

_MANY = 8


def loaded_again(heap: Heap) -> tuple[str, int] | None:
    """The script that was loaded most often and how often, if that is more than a few times; queries do not count."""
    scripts = Counter(name.split("?")[0] for name in heap.scripts.names.values() if name)
    found = max(*scripts.items(), ("", 0), _most_modules(heap), key=lambda known: known[1])
    return found if found[1] >= _MANY else None


def _most_modules(heap: Heap) -> tuple[str, int]:
    """The file of most of Node's module objects, and of how many: V8 may take the same script for each."""
    edges = heap.names.first_edges(heap.names.nodes_named("Module", "object"), "filename", "property")
    names, counts = np.unique(heap.names.index[heap.snapshot.edges.to_node[edges[edges >= 0]]], return_counts=True)
    if not len(names):
        return "", 0
    most = int(np.argmax(counts))
    return heap.names.text(int(names[most])), int(counts[most])
