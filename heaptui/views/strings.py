"""Strings that stand in the heap more than once, and what they waste."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.views.containment import References
from heaptui.views.matching import matcher
from heaptui.views.model import Label, Order, Row, Rows, page_bounds
from heaptui.views.objects import (
    SHALLOW,
    ObjectRows,
    column,
    display_name,
    object_row,
    place_of,
    sort_objects,
)
from heaptui.views.ranks import LONGEST_NAME, name_ranks


class StringsView(References):
    """One row a text; below it the strings that say it."""

    name = "Strings"
    columns = (
        column("name", "String", "name", "The text; below it the strings that say it, each with its id."),
        column("count", "Count", "count", "How many strings say the same."),
        SHALLOW,
        column("wasted_size", "Wasted", "size", "Bytes that one string for all of them would save.", share=True),
    )
    order = Order("wasted_size", True)
    empty = "No string is there twice."

    @property
    def total(self) -> dict[str, int]:
        """The whole heap is 100 %."""
        size = self.heaps[0].total_size
        return {"shallow_size": size, "wasted_size": size}

    @property
    def totals(self) -> dict[str, int]:
        """Duplicated strings, and the bytes they waste."""
        return {"count": int(self._count.sum()), "wasted_size": int(self._wasted.sum())}

    @cached_property
    def _count(self) -> npt.NDArray[np.int64]:
        found = self.heaps[0].duplicates
        return np.bincount(found.group, minlength=len(found.first))

    @cached_property
    def _size(self) -> npt.NDArray[np.int64]:
        heap, found = self.heaps[0], self.heaps[0].duplicates
        size = np.zeros(len(found.first), np.int64)
        np.add.at(size, found.group, heap.shallow_size[found.nodes].astype(np.int64))
        return size

    @cached_property
    def _wasted(self) -> npt.NDArray[np.int64]:
        """All but the largest of each group."""
        heap, found = self.heaps[0], self.heaps[0].duplicates
        largest = np.zeros(len(found.first), np.int64)
        np.maximum.at(largest, found.group, heap.shallow_size[found.nodes].astype(np.int64))
        return self._size - largest

    def roots(self, order: Order, match: str = "") -> Rows:
        heap, found = self.heaps[0], self.heaps[0].duplicates
        groups = np.arange(len(found.first))
        if match:
            matches = matcher(match)
            names = (heap.names.node(int(node), LONGEST_NAME) for node in found.first)
            groups = groups[np.fromiter((matches(name) for name in names), bool, len(groups))]
        match order.key:
            case "name":
                values = name_ranks(heap, found.first[groups])
            case "count":
                values = self._count[groups]
            case "shallow_size":
                values = self._size[groups]
            case _:
                values = self._wasted[groups]
        sorting = np.argsort(-values if order.descending else values, kind="stable")
        return _Groups(self, groups[sorting])

    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        if row.ordinal is not None:
            return super().children(row, order, ancestors)
        heap = self.heaps[0]
        assert isinstance(row.key, int)
        members = sort_objects(heap, self.members(row.key), References.order)
        return ObjectRows(members, lambda ordinal: object_row(heap, ordinal))

    @cached_property
    def _by_group(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
        """All duplicated strings group by group, and where each group ends."""
        found = self.heaps[0].duplicates
        return found.nodes[np.argsort(found.group, kind="stable")], np.cumsum(self._count)

    def members(self, group: int) -> npt.NDArray[np.uint32]:
        """The strings of one text."""
        nodes, ends = self._by_group
        members: npt.NDArray[np.uint32] = nodes[int(ends[group]) - int(self._count[group]) : int(ends[group])]
        return members

    def text_of(self, row: Row) -> str:
        """What the strings of a row say."""
        assert isinstance(row.key, int)
        return self.heaps[0].names.node(int(self.heaps[0].duplicates.first[row.key]))

    def group_row(self, group: int) -> Row:
        """The row of one text."""
        heap, found = self.heaps[0], self.heaps[0].duplicates
        return Row(
            key=group,
            label=Label(
                display_name(heap, int(found.first[group])), note="its beginning" if found.truncated[group] else ""
            ),
            cells={
                "count": int(self._count[group]),
                "shallow_size": int(self._size[group]),
                "wasted_size": int(self._wasted[group]),
            },
            expandable=True,
        )

    def record(self, row: Row) -> dict[str, object]:
        if row.ordinal is not None:
            return super().record(row)
        assert isinstance(row.key, int)
        heap, found = self.heaps[0], self.heaps[0].duplicates
        return {
            "value": heap.names.node(int(found.first[row.key])),
            "truncated": bool(found.truncated[row.key]),
            **row.cells,
            "ids": heap.snapshot.nodes.id[self.members(row.key)].tolist(),
        }


class _Groups(Rows):
    def __init__(self, view: StringsView, groups: npt.NDArray[np.intp]) -> None:
        self._view, self._groups = view, groups

    def __len__(self) -> int:
        return len(self._groups)

    def page(self, start: int, stop: int) -> list[Row]:
        start, stop = page_bounds(start, stop, len(self))
        return [self._view.group_row(int(group)) for group in self._groups[start:stop]]

    def place(self, key: Hashable) -> int | None:
        return place_of(self, key, self._groups)
