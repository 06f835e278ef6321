"""Recorded samples: what was allocated in each, and what of it is there still."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from heaptui.heap import Heap, load_heap
from heaptui.views.timeline import TimelineView
from tests.building import Draft
from tests.conftest import DATA


@pytest.fixture
def view(load_draft: Callable[[Draft], Heap]) -> TimelineView:
    """Three samples: two objects before it began, then four allocated of which one is left, then none."""
    draft = Draft(samples=[(0, 3), (50_000, 11), (100_000, 11)])
    draft.add("synthetic", "", id=1)
    draft.link(0, draft.add("object", "Old", 8, id=3), 1, "element")
    draft.link(0, draft.add("object", "New", 16, id=7), 2, "element")
    return TimelineView(load_draft(draft))


def test_allocated_and_live(view: TimelineView) -> None:
    rows = view.roots(view.order).page(0, 9)
    assert [(row.cells["allocated"], row.cells["count"], row.cells["size"]) for row in rows] == [
        (1, 2, 8),
        (4, 1, 16),
        (0, 0, 0),
    ]
    assert [row.bar for row in rows] == [None, (0.25, 1.0), (0.0, 0.0)]
    assert [view.id_range(row) for row in rows] == [(0, 3), (3, 11), (11, 11)]


def test_sorting_and_matching(view: TimelineView) -> None:
    from heaptui.views.model import Order

    sizes = [row.cells["size"] for row in view.roots(Order("size", True)).page(0, 9)]
    assert sizes == [16, 8, 0]
    assert [row.label.name for row in view.roots(Order("name", True)).page(0, 9)] == ["0.100 s", "0.050 s", "0.000 s"]
    assert [row.label.name for row in view.roots(view.order, "/^0.05/").page(0, 9)] == ["0.050 s"]


def test_no_more_objects_live_than_were_allocated() -> None:
    heap = load_heap(DATA / "chrome-timeline.heaptimeline.gz")
    view = TimelineView(heap)
    assert (view.allocated >= view.timeline.count).all()
    odd = heap.snapshot.nodes.id[heap.snapshot.nodes.id % 2 == 1]
    low, high = view.id_range(view.roots(view.order).page(5, 6)[0])
    assert int(view.timeline.count[5]) == int(np.count_nonzero((odd > low) & (odd <= high)))
