"""A Snapshot becomes a Heap: what DevTools computes of it.

The names below are imported when first used: who needs one module of this floor should not wait for all.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heaptui.heap.heap import Heap as Heap
    from heaptui.heap.heap import build_heap as build_heap
    from heaptui.heap.heap import load_heap as load_heap
    from heaptui.heap.heap import load_light as load_light
    from heaptui.heap.light import LightHeap as LightHeap

__all__ = ["Heap", "LightHeap", "build_heap", "load_heap", "load_light"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from heaptui.heap import heap

        return getattr(heap, name)
    raise AttributeError(name)
