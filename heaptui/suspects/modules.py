"""Modules that were loaded again and again, as a program does that reloads its files or adds queries to their names."""

from __future__ import annotations

from collections import Counter

from heaptui.heap.heap import Heap

_MANY = 8


def loaded_again(heap: Heap) -> tuple[str, int] | None:
    """The script that was loaded most often and how often, if that is more than a few times; queries do not count."""
    names = Counter(name.split("?")[0] for name in heap.scripts.names.values() if name)
    if not names:
        return None
    script, times = names.most_common(1)[0]
    return (script, times) if times >= _MANY else None
