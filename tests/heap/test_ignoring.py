"""What still keeps an object when retainers are ignored, against what DevTools' own code says (tests/goldens)."""

from __future__ import annotations

import gc
import gzip
import json
import tempfile
import weakref
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heaptui.heap import Heap, load_heap
from heaptui.heap.distances import NO_DISTANCE, UNREACHABLE_DISTANCE
from heaptui.heap.ignoring import ignore
from heaptui.views.model import Row
from heaptui.views.retainers import RetainersView
from tests.building import Draft
from tests.goldens.make import HERE, snapshots

FILES = snapshots()


@lru_cache(maxsize=1)
def load(file: Path) -> Heap:
    return load_heap(file)


@pytest.fixture(scope="module")
def load_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Draft], Heap]:
    """Write a draft to a file of its own and load it: the heap keeps it mapped."""
    folder = tmp_path_factory.mktemp("drafts")

    def load(draft: Draft) -> Heap:
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            file.write(draft.encode())
            file.flush()
            return load_heap(file.name)

    return load


def ordinal_of(heap: Heap, identifier: int) -> int:
    ordinal = heap.object_with_id(identifier)
    assert ordinal is not None
    return ordinal


def tree(view: RetainersView, rows: list[Row], depth: int, above: tuple[Row, ...]) -> list[Any]:
    heap, found = view.heaps[0], []
    for row in rows:
        assert row.ordinal is not None
        cycle = "cycle" in row.marks
        below: list[Any] = []
        if depth > 1 and not cycle:
            children = view.children(row, view.order, above)
            below = tree(view, children.page(0, 12), depth - 1, (*above, row))
        distance = int(view.distances.of(np.array([row.ordinal], np.uint32))[0])
        if row.key in view.distances.ignored_edges:
            distance = UNREACHABLE_DISTANCE
        found.append([row.key, heap.id(row.ordinal), distance, cycle, below])
    return found


@pytest.mark.parametrize("name", FILES)
def test_retainers_as_devtools_shows_them(name: str) -> None:
    heap = load(FILES[name])
    for identifier, ignored, expected in json.loads(gzip.decompress((HERE / f"{name}.ignoring.json.gz").read_bytes())):
        view = RetainersView(heap, ordinal_of(heap, identifier), frozenset(ordinal_of(heap, i) for i in ignored))
        assert tree(view, view.roots(view.order).page(0, 12), 3, ()) == expected


EDGES = st.tuples(st.integers(0, 14), st.integers(0, 14), st.sampled_from(("property", "internal", "weak", "element")))


def far(draft: Draft, ignored: set[int]) -> dict[int, int]:
    """Distances of what is reached without the ignored nodes, by the plainest search."""
    found: dict[int, int] = {}

    def spread(starts: list[int], distance: int) -> None:
        found.update((start, distance) for start in starts)
        queue = deque(starts)
        while queue:
            node = queue.popleft()
            for kind, _, target in draft.nodes[node].edges:
                if kind != "weak" and target not in found and target not in ignored:
                    found[target] = found[node] + 1
                    queue.append(target)

    roots = [target for _, _, target in draft.nodes[0].edges if draft.nodes[target].type != "synthetic"]
    spread(roots, 1)
    spread([0], 100_000_000 if roots else 0)
    return found


@settings(max_examples=150, deadline=None)
@given(links=st.lists(EDGES, max_size=40), ignored=st.sets(st.integers(1, 14), min_size=1, max_size=4))
def test_distances_go_round_what_is_ignored(
    load_in: Callable[[Draft], Heap], links: list[tuple[int, int, str]], ignored: set[int]
) -> None:
    draft = Draft()
    for i in range(15):
        draft.add("synthetic" if i in (0, 1) else "object", f"Node{i}", 8)
    for source, target, kind in links:
        draft.link(source, target, 1 if kind == "element" else "x", kind)
    heap = load_in(draft)
    found = ignore(heap, frozenset(ignored))
    expected = far(draft, ignored)
    assert found.distance.tolist() == [expected.get(i, NO_DISTANCE) for i in range(15)]
    # What is out of reach now comes last, in the order of the distances from before.
    before = far(draft, set())
    assert found.of(np.arange(15, dtype=np.uint32)).tolist() == [
        expected.get(i, UNREACHABLE_DISTANCE + before.get(i, 0)) for i in range(15)
    ]


def test_a_heap_that_is_closed_is_let_go(load_in: Callable[[Draft], Heap]) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    draft.link(0, draft.add("object", "Node", 8), 1, "element")
    heap = load_in(draft)
    ignore(heap, frozenset({1}))
    closed = weakref.ref(heap)
    del heap
    gc.collect()
    assert closed() is None


def test_what_only_the_root_or_weak_references_lead_to_does_not_open(load_in: Callable[[Draft], Heap]) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    roots = draft.add("synthetic", "(GC roots)")
    watched, kept = draft.add("object", "Watched", 8), draft.add("object", "Kept", 8)
    draft.link(0, roots, 1, "element")
    draft.link(roots, watched, 2, "element")
    draft.link(kept, watched, "other", "weak")
    draft.link(watched, kept, "kept", "property")
    heap = load_in(draft)

    def row(view: RetainersView) -> Row:
        return view.roots(view.order).page(0, 1)[0]

    held = row(RetainersView(heap, watched))
    assert (held.label.name, held.expandable) == ("(GC roots)", False)
    assert row(RetainersView(heap, kept)).expandable
