"""A heap opened for a script, and two of them compared."""

from __future__ import annotations

import os
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from heaptui.api.rows import flat, names_of, object_table, tabulate, texts
from heaptui.api.suspects import Suspects
from heaptui.api.table import Array, Table, read_only, table_of
from heaptui.heap import Heap, LightHeap
from heaptui.opening.index import keeping
from heaptui.opening.manner import PLAIN, Manner
from heaptui.opening.opening import open_heap as load_whole
from heaptui.opening.opening import open_light as load_light
from heaptui.opening.preflight import weigh
from heaptui.query.choosing import chosen
from heaptui.report import command
from heaptui.snapshot.progress import Progress
from heaptui.views import text
from heaptui.views.comparison import ComparisonView
from heaptui.views.details import detailed_record

if TYPE_CHECKING:
    import networkx as nx

Mask = npt.NDArray[np.bool_]
Id = int | str
"""An object's id: 123 or "@123"."""


class OpenHeap:
    """A snapshot and what follows from it; `heaptui.open` makes one.

    Objects are named by their ids (123 or "@123") where a method takes one, and by ordinal, their
    position in the file from 0, in arrays. Sizes are bytes. A method that takes `limit` returns at
    most so many rows (at each level), 0 for all; of trees it returns `depth` levels, with a column
    `level` where there are several. Tables are in DevTools' order.

    Methods raise LookupError for what the heap does not have - an object, a class, what a light heap
    leaves out - and ValueError for a filter that is none and after `close`. Memory is given back when
    the heap and all arrays taken from it are gone; `close`, or a `with` block, lets go of the heap's part.
    """

    def __init__(self, heap: LightHeap) -> None:
        self._heap: LightHeap | None = heap
        self.path = heap.snapshot.path
        self.name = heap.snapshot.name
        self.node_count = heap.node_count
        self.edge_count = heap.edge_count
        self.total_size = heap.total_size
        self.salvaged = heap.snapshot.salvaged
        """What is missing of a file that ends too early, None of a whole one."""

    @property
    def heap(self) -> LightHeap:
        """What the tables are made of: all that heaptui computes, without promises about its names."""
        if self._heap is None:
            raise ValueError(f"{self.path}: this heap is closed")
        return self._heap

    @property
    def _whole(self) -> Heap:
        if not isinstance(self.heap, Heap):
            raise LookupError(f"{self.path}: this needs what keeps objects alive, which a light heap leaves out")
        return self.heap

    def close(self) -> None:
        """Let go of the heap; arrays and tables taken from it stay as they are."""
        self._heap = None

    def keep(self) -> bool:
        """Keep what was computed, so that the file opens at once the next time; whether it is kept now."""
        return keeping.keep(self._whole, PLAIN.index_limit, Progress())

    def __enter__(self) -> OpenHeap:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._heap is None:
            return f"<closed heap {text.escape(self.name)}>"
        counts = f"{text.counted(self.node_count, 'object')}, {text.counted(self.edge_count, 'reference')}"
        return f"<heap {text.escape(self.name)}: {counts}, {text.size(self.total_size)}>"

    # Arrays

    @property
    def nodes(self) -> Table:
        """Every object, by ordinal, as read-only views of what the heap has; nothing is copied.

        `id`; `type`, a number in `node_types`; `class`, a number in `class_names`; `self_size`, the
        file's shallow size, and `shallow_size`, after DevTools' transfer; `detachedness` (0 unknown,
        1 attached, 2 detached); where the heap is not light `retained_size` (int64), `distance`
        (int32, edges from the roots: 100,000,000 and more where only system roots lead there,
        negative where nothing does), and `dominator`, an ordinal, the root's its own.
        """
        heap = self.heap
        nodes = heap.snapshot.nodes
        columns: dict[str, Array] = {
            "id": nodes.id,
            "type": nodes.type,
            "class": heap.classes.of,
            "self_size": nodes.self_size,
            "shallow_size": heap.shallow_size,
            "detachedness": heap.detachedness,
        }
        if isinstance(heap, Heap):
            columns["retained_size"] = heap.retained_size
            columns["distance"] = heap.distance
            columns["dominator"] = heap.dominators.dominator
        return Table({name: read_only(values) for name, values in columns.items()})

    @property
    def edges(self) -> Table:
        """Every reference, in the order of the objects they come from, as read-only views.

        `type` (uint8), a number in `edge_types`; `name_or_index` (uint32), for types `element` and
        `hidden` a number, else a string of the file; `to_node` (uint32), an ordinal.
        """
        edges = self.heap.snapshot.edges
        return Table(
            {name: read_only(getattr(edges, name)) for name in ("type", "name_or_index", "to_node")}
        )  # fmt: skip

    @property
    def first_edge(self) -> Array:
        """uint32, one entry more than objects: those of object i are `edges[first_edge[i]:first_edge[i + 1]]`."""
        return read_only(self.heap.snapshot.nodes.first_edge)

    @property
    def node_types(self) -> Array:
        """The names of the types of objects, by number."""
        return read_only(texts(self.heap.snapshot.header.node_types))

    @property
    def edge_types(self) -> Array:
        """The names of the types of references, by number."""
        return read_only(texts(self.heap.snapshot.header.edge_types))

    @property
    def class_names(self) -> Array:
        """The names of the classes, by number; classes written in different places can share one."""
        return read_only(texts(self.heap.classes.names))

    def ordinal(self, id: Id) -> int:
        """Where an object stands in the arrays."""
        digits = str(id).removeprefix("@")
        ordinal = self.heap.object_with_id(int(digits)) if digits.isascii() and digits.isdigit() else None
        if ordinal is None:
            raise LookupError(f"{self.path}: there is no object @{digits}")
        return ordinal

    def mask(self, filter: str, base: OpenHeap | None = None) -> Mask:
        """Whether each object passes a filter, as `--filter` writes it: bool by ordinal.

        `new` in it is what the base lacks.
        """
        return chosen(self.heap, filter, base=None if base is None else base.heap)

    def names(self, which: npt.ArrayLike) -> Array:
        """What objects are called: Python strings for ordinals or a mask."""
        return names_of(self.heap, self._ordinals(which))

    def objects(self, which: npt.ArrayLike) -> Table:
        """Objects given by their ordinals or a mask, a row each, in that order.

        Columns: `id`, `type`, `name`, `class`, `distance` (-1 where DevTools has a minus sign),
        `shallow_size`, `retained_size`, `detachedness`, and of functions and instances of classes
        `script_id`, `line`, `column` (from 0) and `script`. All tables of objects have these.
        """
        return object_table(self.heap, self._ordinals(which))

    # What the commands print

    def summary(self, filter: str = "") -> Table:
        """The classes: name, script_id, line, column, count, distance, shallow_size, retained_size."""
        return tabulate(command.summary(self.heap, self._chosen(filter)))

    def instances(self, class_name: str, filter: str = "", limit: int = 0) -> Table:
        """The objects of a class, those that keep most alive first."""
        try:
            return tabulate(command.instances(self.heap, class_name, self._chosen(filter)), limit)
        except KeyError:
            raise LookupError(f"{self.path}: no object of a class named {class_name!r}") from None

    def search(self, wanted: str, filter: str = "", limit: int = 0) -> Table:
        """The objects whose name contains a text; small and capital letters are equal."""
        return tabulate(command.search(self.heap, wanted, self._chosen(filter)), limit)

    def object(self, id: Id) -> dict[str, Any]:
        """One object: the values of its row, its `dominator` likewise, and a string's or number's `value`."""
        return dict(detailed_record(self.heap, self.ordinal(id)))

    def containment(self, id: Id | None = None, limit: int = 0, depth: int = 1) -> Table:
        """What an object, or the root, refers to: edge_type, edge_name and the columns of an object."""
        return tabulate(command.containment(self.heap, None if id is None else self.ordinal(id)), limit, depth)

    def retainers(self, id: Id, limit: int = 0, depth: int = 1, weak: bool = False) -> Table:
        """Who refers to an object, those nearest to the roots first; with `weak`, weakly too."""
        return tabulate(command.retainers(self._whole, self.ordinal(id), weak=weak), limit, depth)

    def paths(self, id: Id, most: int = 5) -> list[Table]:
        """The shortest retaining paths, each a table of its steps from the root to the object."""
        from heaptui.views.paths import PathsView

        view = PathsView(self._whole, self.ordinal(id), most)
        return [table_of(map(flat, steps)) for steps in view.records()]

    def merged_paths(self, class_name: str, filter: str = "") -> Table:
        """From where the objects of a class hang: count, path in words, and steps (lists of dicts)."""
        try:
            return tabulate(command.merged_paths(self._whole, class_name, self._chosen(filter)))
        except KeyError:
            raise LookupError(f"{self.path}: no object of a class named {class_name!r}") from None

    def dominators(self, id: Id | None = None, limit: int = 0, depth: int = 1) -> Table:
        """What would be freed with an object, or all that the root alone keeps."""
        return tabulate(command.dominators(self._whole, None if id is None else self.ordinal(id)), limit, depth)

    def statistics(self, base: OpenHeap | None = None) -> Table:
        """The memory by kind: name and size; beside a base also base and change."""
        return tabulate(command.statistics([self.heap] if base is None else [base.heap, self.heap]))

    def strings(self, limit: int = 0) -> Table:
        """Duplicated strings: value, truncated, count, shallow_size, wasted_size and ids (lists)."""
        return tabulate(command.strings(self.heap), limit)

    def timeline(self) -> Table:
        """Of a recording: time_ms, and allocated, count, size of what lives still, last_id. Else without rows."""
        return tabulate(command.timeline(self.heap))

    def allocations(self, depth: int = 1) -> Table:
        """Of a recording with stacks: function, script, line, column, and count, size, live_count, live_size."""
        return tabulate(command.allocations(self.heap), depth=depth)

    def suspects(self, *earlier: OpenHeap) -> Suspects:
        """What leaks since earlier snapshots of the process, oldest first; alone: what is large."""
        return Suspects([*(other._whole for other in earlier), self._whole])

    def graph(self, id: Id, depth: int = 0, most_nodes: int = 1000, weak: bool = False) -> nx.MultiDiGraph:
        """The objects that keep one alive, and their references, as networkx has graphs.

        See `heaptui.views.graph.retaining_graph`, which says what the nodes and edges carry.
        """
        from heaptui.views.graph import retaining_graph

        return retaining_graph(self._whole, self.ordinal(id), depth=depth, most_nodes=most_nodes, weak=weak)

    def _chosen(self, filter: str) -> Mask | None:
        return self.mask(filter) if filter else None

    def _ordinals(self, which: npt.ArrayLike) -> npt.NDArray[np.uint32]:
        """The ordinals that a mask or a list means."""
        given = np.atleast_1d(np.asarray(which))
        if given.dtype == bool:
            if len(given) != self.node_count:
                raise ValueError(f"a mask has one entry an object: {self.node_count:,}, not {len(given):,}")
            return np.flatnonzero(given).astype(np.uint32)
        ordinals = given.astype(np.int64)
        if len(ordinals) and not 0 <= int(ordinals.min()) <= int(ordinals.max()) < self.node_count:
            raise LookupError(f"{self.path}: ordinals are from 0 to {self.node_count - 1:,}")
        return ordinals.astype(np.uint32)


class Comparison(Table):
    """The classes that changed: name, script_id, line, column, new, deleted, delta, alloc_size, freed_size, size_delta.

    Attributes:
        new: bool by ordinal of the current heap; deleted: bool by ordinal of the base.
    """

    new: Mask
    deleted: Mask


def open_heap(
    path: str | os.PathLike[str],
    *,
    raw: bool = False,
    salvage: bool = False,
    light: bool = False,
    hide_values: bool = False,
    force: bool = False,
    index: bool = True,
    progress: Progress | None = None,
) -> OpenHeap:
    """Open a snapshot or recording, plain, gzip or zstd.

    With `raw`, shallow sizes are the file's own; with `salvage`, a file that ends too early is read
    as far as it goes; with `light`, what keeps objects alive (retained sizes, distances, dominators,
    retainers) is left out, which takes less time and memory; with `hide_values`, placeholders stand for the
    user's data, other ones in every file that is opened (`compare` takes two files whose placeholders agree);
    with `force`, a file is opened although
    memory seems too short. Without `index` it is read anew although commands, the app or `keep` have
    kept what was computed of it. A `heaptui.Progress` tells another thread how far it is, and can cancel it.
    Raises SnapshotError, with a sentence about what is wrong with the file.
    """
    manner = Manner(raw, salvage, light, hide_values, force, PLAIN.index_limit if index else 0)
    weigh([path], manner, whole=not light)
    return OpenHeap(load_light(path, progress, manner) if light else load_whole(path, progress, manner))


def compare(
    base: OpenHeap | str | os.PathLike[str], current: OpenHeap | str | os.PathLike[str], *, hide_values: bool = False
) -> Comparison:
    """What is new and what is gone between two snapshots of a process, open ones or files.

    With `hide_values`, which takes files, placeholders stand for the user's data, equal ones for what is equal.
    """
    if hide_values:
        report = command.compare(*_hidden(base, current))
    else:
        sides = [side if isinstance(side, OpenHeap) else open_heap(side) for side in (base, current)]
        report = command.compare(sides[0].heap, sides[1].heap)
    assert isinstance(report.view, ComparisonView)
    table = Comparison(tabulate(report))
    table.new, table.deleted = (
        read_only(mask) for mask in (report.view.comparison.new, report.view.comparison.deleted)
    )
    return table


def _hidden(*sides: OpenHeap | str | os.PathLike[str]) -> list[LightHeap]:
    """Files opened together, for their placeholders to agree."""
    from heaptui.opening.hidden import open_hidden_light

    paths = [side for side in sides if not isinstance(side, OpenHeap)]
    if len(paths) < len(sides):
        raise ValueError("hide_values takes files: the placeholders of heaps that are open do not agree")
    manner = Manner(hide_values=True)
    weigh(paths, manner, whole=False)
    return open_hidden_light(paths, [Progress() for _ in paths], manner)
