"""Arrays that one step of an analysis leaves to the next, as memory that is new costs more than a pass over it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from heaptui.snapshot.snapshot import Snapshot

Ordinals = npt.NDArray[np.uint32]


class Scratch:
    """Arrays (uint32) with room for every node, every child of the root and one more, for any thread."""

    def __init__(self, snapshot: Snapshot) -> None:
        first, root = snapshot.nodes.first_edge, snapshot.root
        self._length = snapshot.node_count + int(first[root + 1]) - int(first[root]) + 1
        self._free: list[Ordinals] = []

    def take(self) -> Ordinals:
        """An array with anything in it."""
        try:
            return self._free.pop()
        except IndexError:
            return np.empty(self._length, np.uint32)

    def give(self, *arrays: Ordinals) -> None:
        """Leave arrays to others, whole as they were taken."""
        self._free.extend(arrays)
