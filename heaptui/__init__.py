"""heaptui opens V8 heap snapshots in a terminal, where they lie.

For a script or notebook, imported when first used; `heaptui help python` shows how:

    heap = heaptui.open("app.heapsnapshot")
    heap.summary()
    heaptui.compare("before.heapsnapshot", "after.heapsnapshot")
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from heaptui.api import Comparison as Comparison
    from heaptui.api import OpenHeap as OpenHeap
    from heaptui.api import Suspects as Suspects
    from heaptui.api import Table as Table
    from heaptui.api import compare as compare
    from heaptui.api import open as open
    from heaptui.snapshot.errors import SnapshotError as SnapshotError
    from heaptui.snapshot.progress import Cancelled as Cancelled
    from heaptui.snapshot.progress import Progress as Progress

_PLACES = {
    "Cancelled": "heaptui.snapshot.progress",
    "Comparison": "heaptui.api",
    "OpenHeap": "heaptui.api",
    "Progress": "heaptui.snapshot.progress",
    "SnapshotError": "heaptui.snapshot.errors",
    "Suspects": "heaptui.api",
    "Table": "heaptui.api",
    "compare": "heaptui.api",
    "open": "heaptui.api",
}

__all__ = [
    "Cancelled",
    "Comparison",
    "OpenHeap",
    "Progress",
    "SnapshotError",
    "Suspects",
    "Table",
    "compare",
    "open",
]


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'heaptui' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
