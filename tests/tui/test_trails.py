"""The way to any object, in every tab that has one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from heaptui.heap import Heap
from heaptui.tui import trails
from heaptui.tui.tabs import tab_of
from heaptui.views.model import Label, Mark, Order, Row, RowList, Rows, View
from heaptui.views.outline import Outline
from tests.building import Draft, chain


def outline(tab: str, heap: Heap) -> Outline:
    view = tab_of(tab).make([heap])
    assert isinstance(view, View)
    return Outline(view)


def follow(found: Outline, tab: str, heap: Heap, ordinal: int) -> Row | None:
    found.reveal(trails.ways(heap, tab, ordinal))()()
    return found.current.row if found.current else None


@pytest.mark.parametrize("tab", ["summary", "containment", "dominators"])
def test_every_object_is_reached(demo: tuple[Heap, Heap], tab: str) -> None:
    heap = demo[1]
    reached = np.flatnonzero(heap.counted & (heap.distance >= 0) & (heap.distance < 1000))
    for ordinal in np.random.default_rng(4).choice(reached, 12):
        row = follow(outline(tab, heap), tab, heap, int(ordinal))
        assert row is not None
        assert row.ordinal == ordinal


def test_an_element_far_down_a_long_list(load_draft: Callable[[Draft], Heap]) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    draft.link(0, draft.add("object", "List", 8), 1, "element")
    for i in range(3000):
        draft.link(1, draft.add("object", f"Item{i % 7}", 8 + i % 5), f"key {i}", "property")
    heap = load_draft(draft)
    for order in (Order("name", False), Order("shallow_size", True)):
        found = outline("containment", heap)
        found.show(order, "")()()
        row = follow(found, "containment", heap, 2 + 1234)
        assert row is not None
        assert (row.ordinal, row.label.edge) == (2 + 1234, "key 1234")


def test_what_is_open_is_not_sorted_again(demo: tuple[Heap, Heap], monkeypatch: pytest.MonkeyPatch) -> None:
    heap = demo[1]
    found = outline("summary", heap)
    which = int(np.argmax(heap.sums.count))
    asked: list[object] = []
    children = found.view.children

    def counted(row: Row, order: Order, ancestors: object = ()) -> Rows:
        asked.append(row.key)
        return children(row, order)

    monkeypatch.setattr(found.view, "children", counted)
    first, second = (int(ordinal) for ordinal in heap.classes.members(which, heap.counted)[[3, 500]])
    for ordinal in (first, second):
        assert follow(found, "summary", heap, ordinal) is not None
        assert asked == [which]


@pytest.mark.parametrize("tab", ["containment", "dominators"])
def test_what_is_too_deep_is_said(load_draft: Callable[[Draft], Heap], tab: str) -> None:
    heap = load_draft(chain(trails.DEEPEST + 2))
    found = outline(tab, heap)
    row = follow(found, tab, heap, trails.DEEPEST)
    assert row is not None
    assert row.ordinal == trails.DEEPEST
    with pytest.raises(ValueError, match="rows below the top"):
        follow(found, tab, heap, trails.DEEPEST + 1)


@pytest.mark.parametrize(("old", "new"), [(0, 1), (1, 0), (7, 3), (200, 300), (0, 40), (5, 0)])
def test_the_first_new_one_of_what_was_added_in_turn(old: int, new: int) -> None:
    marks: list[frozenset[Mark]] = [frozenset()] * old + [frozenset({"new"})] * new
    found = RowList([Row(i, Label(str(i)), {}, marks=mark) for i, mark in enumerate(marks)])
    assert trails.first_new(found, Order("name", False)) == (old if new else 0)
