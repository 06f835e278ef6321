"""heaptui opens V8 heap snapshots in a terminal, where they lie.

The names that a script or notebook needs, imported when first used.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from heaptui.heap import Heap as Heap
    from heaptui.heap import load_heap as load_heap
    from heaptui.snapshot.errors import SnapshotError as SnapshotError

__all__ = ["Heap", "SnapshotError", "load_heap"]


def __getattr__(name: str) -> object:
    if name in ("Heap", "load_heap"):
        from heaptui import heap

        return getattr(heap, name)
    if name == "SnapshotError":
        from heaptui.snapshot.errors import SnapshotError

        return SnapshotError
    raise AttributeError(name)
