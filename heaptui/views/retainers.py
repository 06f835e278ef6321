"""Who refers to an object, section 14 of DevTools' rules."""

from __future__ import annotations

from collections.abc import Sequence

from heaptui.heap.distances import NO_DISTANCE
from heaptui.heap.heap import Heap, shown_distance
from heaptui.heap.ignoring import ignore
from heaptui.views.edges import EdgeRows, has_retainers, retainers
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Order, Row, Rows, View
from heaptui.views.objects import cells, display_name, marks, object_columns, object_record

_DEEPEST = 20


class RetainersView(View):
    """The retainers of one object, and theirs."""

    name = "Retainers"
    columns = object_columns("Object")
    order = Order("distance", False)
    empty = "Nothing refers to it but the root or weak references."

    def __init__(self, heap: Heap, ordinal: int, ignored: frozenset[int] = frozenset(), *, weak: bool = False) -> None:
        """Retainers of an object, as if those `ignored` (ordinals) kept nothing; weak ones if asked for."""
        self.heaps: Sequence[Heap] = (heap,)
        self.ordinal = ordinal
        self.ignored = ignored
        self.weak = weak
        self.distances = ignore(heap, ignored)

    @property
    def total(self) -> dict[str, int]:
        """The whole heap is 100 %."""
        size = self.heaps[0].total_size
        return {"shallow_size": size, "retained_size": size}

    @property
    def kept_by_ignored_ones(self) -> bool:
        """Whether the object is out of reach only because of what is ignored; not where it is itself."""
        distances, at = self.distances, self.ordinal
        lost = distances.distance[at] == NO_DISTANCE != distances.before[at]
        return bool(lost) and at not in self.ignored

    def roots(self, order: Order, match: str = "") -> Rows:
        rows = self._retainers(self.ordinal, order, {self.ordinal})
        if not match:
            return rows
        heap, matches = self.heaps[0], matcher(match)
        return rows.narrowed(lambda edge, source: matches(heap.names.edge(edge)) or matches(display_name(heap, source)))

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        assert row.ordinal is not None
        above = {a.ordinal for a in (*ancestors, row) if a.ordinal is not None}
        return self._retainers(row.ordinal, order, {self.ordinal, *above})

    def opens_by_itself(self, row: Row, depth: int) -> bool:
        """DevTools opens the first retainers up to a root, twenty at most."""
        assert row.ordinal is not None
        return depth < _DEEPEST and row.expandable and self.distances.distance[row.ordinal] > 1

    def _retainers(self, ordinal: int, order: Order, above: set[int]) -> EdgeRows:
        heap = self.heaps[0]
        edges, sources = retainers(heap, ordinal, order, self.distances, weak=self.weak)

        def make(edge: int, source: int) -> Row:
            found = marks(heap, source)
            if source in above:
                found.add("cycle")
            if source in self.ignored:
                found.add("ignored")
            if heap.edge_type(edge) == "weak":
                found.add("weak")
            return Row(
                key=edge,
                label=Label(display_name(heap, source), id=heap.id(source), edge=heap.names.edge(edge), relation="in"),
                cells=cells(heap, source) | {"distance": self._shown_distance(edge, source)},
                ordinal=source,
                expandable=source not in above and has_retainers(heap, source, weak=self.weak),
                marks=frozenset(found),
            )

        return EdgeRows(edges, sources, make)

    def _shown_distance(self, edge: int, source: int) -> int | None:
        return None if edge in self.distances.ignored_edges else shown_distance(int(self.distances.distance[source]))

    def record(self, row: Row) -> dict[str, object]:
        assert isinstance(row.key, int)
        assert row.ordinal is not None
        heap = self.heaps[0]
        return {
            "edge": {"type": heap.edge_type(row.key), "name": heap.names.edge(row.key)},
            "object": object_record(heap, row.ordinal),
        }

    def key_below(self, row: Row) -> str:
        return "retainers"
