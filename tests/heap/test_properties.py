"""What must hold of every heap, whatever it is made of."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heaptui.heap import Heap, dominators, load_heap
from heaptui.heap.comparison import compare
from heaptui.heap.ignoring import ignore
from tests import rare
from tests.building import EDGE_TYPES, NODE_TYPES, Draft

TYPES = st.sampled_from(NODE_TYPES)
NAMES = st.sampled_from(
    ("", "Object", "Array", "Function", "Foo", "<a b>", "system / Context", "first", "é", "(string)")
)
EDGE_NAMES = st.sampled_from(("x", "y", "__proto__", "first", "second", "map", "elements", "1", "a, b"))


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Random nodes of all types with random edges of all types, and some locations."""
    draft = Draft()
    draft.add("synthetic", "")
    for _ in range(draw(st.integers(0, 25))):
        draft.add(draw(TYPES), draw(NAMES), draw(st.integers(0, 3)) * 8, detachedness=draw(st.integers(0, 3)))
    count = len(draft.nodes)
    node = st.integers(0, count - 1)
    for _ in range(draw(st.integers(0, 60))):
        kind = draw(st.sampled_from(EDGE_TYPES))
        name = draw(st.integers(0, 12)) if kind in ("element", "hidden") else draw(EDGE_NAMES)
        draft.link(draw(node), draw(node), name, kind)
    for _ in range(draw(st.integers(0, 6))):
        draft.locations.append((draw(node), draw(st.integers(0, 2)), draw(st.integers(0, 2)), 0))
    return draft


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drafts")


def load(folder: Path, draft: Draft) -> Heap:
    # A file of its own: the heap keeps it mapped.
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(draft.encode())
        file.flush()
        return load_heap(file.name)


@settings(max_examples=120, deadline=None)
@given(draft=drafts())
def test_sizes_add_up(folder: Path, draft: Draft) -> None:
    heap = load(folder, draft)
    total = int(heap.snapshot.nodes.self_size.sum())
    assert int(heap.shallow_size.sum()) == total
    assert int(heap.sums.shallow_size.sum()) == total
    assert int(heap.sums.count.sum()) == int((heap.shallow_size > 0).sum())
    assert int(heap.retained_size[heap.snapshot.root]) == heap.total_size == total
    assert sum(heap.statistics.slices().values()) == total
    assert (heap.sums.retained_size >= heap.sums.shallow_size).all()


@settings(max_examples=120, deadline=None)
@given(draft=drafts())
def test_a_comparison_with_itself_is_empty(folder: Path, draft: Draft) -> None:
    heap = load(folder, draft)
    assert compare(heap, heap).changes == []


@settings(max_examples=80, deadline=None)
@given(one=drafts(), other=drafts())
def test_a_comparison_backwards_mirrors_it(folder: Path, one: Draft, other: Draft) -> None:
    base, current = load(folder, one), load(folder, other)
    there, back = compare(base, current), compare(current, base)
    # Plain objects may be named by the other side's interfaces; all others keep their keys.
    plain = {"Object", *(d.name for heap in (base, current) for d in heap.shapes.definitions)}

    def rows(changes: object, forward: bool) -> Counter[tuple[object, ...]]:
        assert isinstance(changes, list)
        return Counter(
            (c.key, *((c.new, c.deleted, c.alloc_size, c.freed_size) if forward else
                      (c.deleted, c.new, c.freed_size, c.alloc_size)))
            for c in changes if c.key.text.rpartition(",")[2] not in plain and c.name not in plain
        )  # fmt: skip

    assert rows(there.changes, True) == rows(back.changes, False)


@settings(max_examples=80, deadline=None)
@given(draft=drafts())
def test_distances_are_never_shorter_than_the_graph_allows(folder: Path, draft: Draft) -> None:
    heap = load(folder, draft)
    edges, weak = heap.snapshot.edges, heap.snapshot.header.edge_type("weak")
    source = np.repeat(np.arange(heap.node_count), np.diff(heap.snapshot.nodes.first_edge))
    for s, t, kind in zip(source.tolist(), edges.to_node.tolist(), edges.type.tolist(), strict=True):
        # The root itself gets its distance last, whoever refers to it.
        if kind != weak and heap.distance[s] >= 0 and t != heap.snapshot.root:
            assert heap.distance[t] <= heap.distance[s] + 1
            assert heap.distance[t] >= 0


@pytest.mark.parametrize("name", ["rare-walks", "rare-page"])
def test_ignoring_a_retainer_only_lengthens_ways(name: str) -> None:
    heap = load_heap(rare.file(name))
    for ordinal in range(1, heap.node_count):
        after = ignore(heap, frozenset({ordinal})).of(np.arange(heap.node_count, dtype=np.uint32))
        before = ignore(heap, frozenset()).of(np.arange(heap.node_count, dtype=np.uint32))
        assert (after >= before).all()


@settings(max_examples=80, deadline=None)
@given(draft=drafts(), piece=st.integers(1, 20))
def test_what_is_dominated_is_found_in_pieces(folder: Path, draft: Draft, piece: int) -> None:
    heap = load(folder, draft)
    dominator = heap.dominators.dominator.tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dominators, "_PIECE", piece)
        for ordinal in range(heap.node_count):
            below = [i for i, above in enumerate(dominator) if above == ordinal != i]
            assert heap.dominators.below(ordinal).tolist() == below
