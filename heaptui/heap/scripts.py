"""Where functions and classes were written, told by a loaded file alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.heap.names import Names
from heaptui.snapshot.snapshot import Snapshot

Ordinals = npt.NDArray[np.uint32]

_SCRIPT_EDGES = ("script", "script_or_debug_info")
_PREFIX = "system / Script / "


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a script; line and column from 0. The name is None where the file does not tell."""

    script_id: int
    script: str | None
    line: int
    column: int

    def __str__(self) -> str:
        """As editors and stack traces count: from 1."""
        return f"{self.script or f'script {self.script_id}'}:{self.line + 1}:{self.column + 1}"


@dataclass(frozen=True)
class Scripts:
    """The scripts of a snapshot.

    Attributes:
        names: by script id, told by closures: closure -> SharedFunctionInfo -> Script -> name.
    """

    snapshot: Snapshot
    names: dict[int, str]

    @cached_property
    def _by_ordinal(self) -> npt.NDArray[np.intp]:
        return np.argsort(self.snapshot.locations.ordinal, kind="stable")

    def place(self, script_id: int, line: int, column: int) -> Place:
        """A position with its script's name."""
        return Place(script_id, self.names.get(script_id), line, column)

    def of(self, ordinal: int) -> Place | None:
        """Where a function, or the constructor of an object, was written."""
        locations = self.snapshot.locations
        i = int(self.locations_of(np.array([ordinal], np.uint32))[0])
        if i < 0:
            return None
        return self.place(int(locations.script_id[i]), int(locations.line[i]), int(locations.column[i]))

    def locations_of(self, ordinals: Ordinals) -> npt.NDArray[np.intp]:
        """Which of the file's locations each object has, -1 for none."""
        written, order = self.snapshot.locations.ordinal, self._by_ordinal
        if not len(written):
            return np.full(len(ordinals), -1, np.intp)
        # Of two locations of one object the last counts.
        at = np.searchsorted(written, ordinals, "right", sorter=order) - 1
        found = order[np.maximum(at, 0)]
        return np.where((at >= 0) & (written[found] == ordinals), found, -1)


def find_scripts(snapshot: Snapshot, names: Names) -> Scripts:
    """Name the scripts that closures with a location come from."""
    locations = snapshot.locations
    is_closure = snapshot.nodes.type[locations.ordinal] == snapshot.header.node_type("closure")
    ids, example = np.unique(locations.script_id[is_closure], return_index=True)
    closures = locations.ordinal[is_closure][example].astype(np.uint32)
    return Scripts(snapshot, dict(_named(snapshot, names, ids, closures)))


def _named(snapshot: Snapshot, names: Names, ids: npt.NDArray[np.int64], closures: Ordinals) -> list[tuple[int, str]]:
    to_node = snapshot.edges.to_node
    shared = names.first_edges(closures, "shared", "internal")
    ids, functions = ids[shared >= 0], to_node[shared[shared >= 0]]
    script = np.full(len(functions), -1, np.int64)
    for edge in _SCRIPT_EDGES:
        script = np.where(script < 0, names.first_edges(functions, edge, "internal"), script)
    ids, scripts = ids[script >= 0], to_node[script[script >= 0]]
    name = names.first_edges(scripts, "name", "internal")
    found = []
    slices = snapshot.header.node_type("sliced string")
    for identifier, node, edge_to_name in zip(ids.tolist(), scripts.tolist(), name.tolist(), strict=True):
        said = int(to_node[edge_to_name]) if edge_to_name >= 0 else node
        text = names.node(said).removeprefix(_PREFIX)
        # The file does not tell what a slice says.
        if text and snapshot.nodes.type[said] != slices:
            found.append((identifier, text))
    return found
