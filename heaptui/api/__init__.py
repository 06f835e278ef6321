"""heaptui for scripts and notebooks: heaps whose answers are NumPy arrays.

What a command prints, a method returns, made by the same views.
"""

from heaptui.api.opened import Comparison as Comparison
from heaptui.api.opened import OpenHeap as OpenHeap
from heaptui.api.opened import compare as compare
from heaptui.api.opened import open_heap as open
from heaptui.api.suspects import Suspects as Suspects
from heaptui.api.table import Table as Table

__all__ = ["Comparison", "OpenHeap", "Suspects", "Table", "compare", "open"]
