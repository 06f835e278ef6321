"""Entries of collections, against what the programs put in, in all layouts of tests/data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from heaptui.heap import Heap, load_heap
from heaptui.views.containment import ContainmentView
from heaptui.views.entries import WithEntries, entries, table_of
from heaptui.views.model import Order, Row
from tests.building import Draft

DATA = Path(__file__).parent.parent / "data"
ENGINES = ["node12", "node16", "node20", "node22", "node26", "deno-v8", "chrome-before"]
ORDER = Order("retained_size", True)


def spelled(heap: Heap, ordinal: int) -> str:
    return heap.names.node(ordinal) if ordinal >= 0 else "-"


def collections(heap: Heap, name: str) -> list[int]:
    return [node for node in heap.names.nodes_named(name, "object").tolist() if table_of(heap, node) is not None]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_table_that_refers_to_something_is_understood(engine: str) -> None:
    heap = load_heap(DATA / f"{engine}.heapsnapshot.gz")
    seen = 0
    for name in ("Map", "Set"):
        for node in collections(heap, name):
            table = table_of(heap, node)
            assert table is not None
            slots = {heap.names.edge(int(edge)) for edge in heap.edges(table)}
            if any(slot.isdecimal() for slot in slots):
                seen += 1
                assert len(entries(heap, node))
    assert seen or engine == "chrome-before"


def test_the_keys_are_those_of_the_program() -> None:
    heap = load_heap(DATA / "node20.heapsnapshot.gz")
    sets = [{spelled(heap, int(key)) for key in entries(heap, node).keys} for node in collections(heap, "Set")]
    assert any({"buffer", "cares_wrap", "tty_wrap", "zlib"} <= names for names in sets)
    maps = [entries(heap, node) for node in collections(heap, "Map")]
    keys = [[spelled(heap, int(key)) for key in found.keys] for found in maps]
    assert any(names[:2] == ["IndexSizeError", "DOMStringSizeError"] for names in keys)
    # These stand for small integers, which are no objects.
    (codes,) = (found for found, names in zip(maps, keys, strict=True) if "IndexSizeError" in names)
    assert set(codes.values.tolist()) == {-1}


def test_pairs_of_a_weak_map() -> None:
    heap = load_heap(DATA / "node20-weakmap.heapsnapshot.gz")
    (found,) = (e for node in collections(heap, "WeakMap") if len(e := entries(heap, node)) > 1)
    assert {spelled(heap, int(key)) for key in found.keys} == {"LiveKey"}
    assert {spelled(heap, int(value)) for value in found.values} == {"RequestMeta"}


@pytest.mark.parametrize(("word", "header"), [(8, 2), (4, 2), (8, 1), (4, 1)])
@pytest.mark.parametrize("shift", [0, 1])
def test_word_sizes_and_headers(word: int, header: int, shift: int, load_draft: Callable[[Draft], Heap]) -> None:
    """Two buckets and four entries of three slots: "a" => A, "b" => a number, a hole."""
    draft = Draft()
    root = draft.add("synthetic", "")
    wanted = draft.add("object", "Map", 32)
    table = draft.add("array", "", word * (header + 3 + 2 + 12))
    a, value, b = draft.add("string", "a", 16), draft.add("object", "A", 16), draft.add("string", "b", 16)
    hole = draft.add("hidden", "system / Hole", 16)
    draft.nodes[root].edges += [("element", 1, wanted), ("internal", "the_hole_value", hole)]
    draft.nodes[wanted].edges.append(("internal", "table", table))
    first = 5 + shift * header
    for slot, node in ((0, a), (1, value), (3, b), (6, hole)):
        draft.nodes[table].edges.append(("internal", str(first + slot), node))
    heap = load_draft(draft)
    found = entries(heap, wanted)
    assert [(spelled(heap, k), spelled(heap, v)) for k, v in zip(found.keys, found.values, strict=True)] == [
        ("a", "A"),
        ("b", "-"),
    ]
    view = WithEntries(ContainmentView(heap))
    row = next(row for row in view.roots(ORDER).page(0, 9) if row.ordinal == wanted)
    children = view.children(row, ORDER).page(0, 9)
    assert [child.label.name for child in children] == ["entries", "[]"]
    assert children[0].label.count == 2
    below = view.children(children[0], ORDER, [row])
    shown = [(child.label.edge.partition(" ")[0], child.label.name) for child in below.page(0, 9)]
    assert shown == [('"a"', "A"), ('"b"', "(number)")]
    assert below.page(1, 2) == below.page(0, 9)[1:2]
    assert view.record(children[0]) == {}
    assert view.key_below(children[0]) == "entries"
    record = view.record(below.page(0, 1)[0])
    assert isinstance(record["key"], dict)
    assert record["key"]["name"] == "a"


def test_other_objects_have_none(demo: tuple[Heap, Heap]) -> None:
    heap = demo[1]
    view = WithEntries(ContainmentView(heap))
    assert len(entries(heap, heap.snapshot.root)) == 0
    rows: list[Row] = view.roots(ORDER).page(0, 9)
    assert all(row.label.name != "entries" for row in view.children(rows[0], ORDER).page(0, 50))
