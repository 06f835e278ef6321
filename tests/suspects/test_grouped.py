"""Merged paths: every object is counted once, on a way that is there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from heaptui.suspects.grouped import merge_paths
from heaptui.views.merged import MergedPathsView
from heaptui.views.summary import InstancesView
from tests.building import Draft, chain

Load = Callable[[Draft], Heap]


def paths(heap: Heap, class_name: str) -> dict[str, int]:
    view = MergedPathsView(heap, InstancesView(heap, class_name).ordinals)
    return {view.text(path): path.count for path in view.paths}


def test_the_leaked_buffers_hang_from_the_emitters_listeners() -> None:
    found = paths(load_heap(FILES[1]), "Buffer")
    assert found["global.test._events.error[] › variable innerData in run3()"] == 100
    assert sum(found.values()) == 102


@pytest.mark.parametrize("class_name", ["Function", "Object", "(string)", "system / Context", "(array)"])
def test_every_object_is_counted_once_or_unreachable(class_name: str) -> None:
    heap = load_heap(FILES[1])
    ordinals = InstancesView(heap, class_name).ordinals
    merged = merge_paths(heap, ordinals)
    assert sum(path.count for path in merged.paths()) + merged.unreachable == merged.total == len(ordinals)
    for number, data in merged.graph.nodes(data=True):
        below = sum(merged.graph.nodes[child]["below"] for child in merged.graph.successors(number))
        assert data["below"] == below + data["count"]


def test_a_list_is_one_way(load_draft: Load) -> None:
    assert paths(load_draft(chain(50_000)), "Link") == {"Link.next": 49_999, "Link": 1}


def test_entries_of_a_dictionary_are_one_way(load_draft: Load) -> None:
    draft = Draft()
    root = draft.add("synthetic", "")
    cache = draft.add("object", "Cache", 8)
    draft.link(root, cache, 1, "element")
    for i in range(1500):
        draft.link(cache, draft.add("object", "Session", 8), f"key{i}")
    few = draft.add("object", "Few", 8)
    draft.link(cache, few, "few")
    for name in ("a", "b"):
        draft.link(few, draft.add("object", "Session", 8), name)
    assert paths(load_draft(draft), "Session") == {"Cache[key]": 1500, "Cache.few.a": 1, "Cache.few.b": 1}


def test_what_only_weak_edges_reach_has_no_way(load_draft: Load) -> None:
    draft = Draft()
    root = draft.add("synthetic", "")
    holder = draft.add("object", "Holder", 8)
    draft.link(root, holder, 1, "element")
    for kind in ("property", "weak"):
        draft.link(holder, draft.add("object", "Thing", 8), kind, kind)
    heap = load_draft(draft)
    merged = merge_paths(heap, np.array([2, 3], np.uint32))
    assert (merged.total, merged.unreachable) == (2, 1)
