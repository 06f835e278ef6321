"""What is said of an object and of a class, beside what the file has."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from heaptui.heap import Heap, load_heap
from heaptui.snapshot.progress import Progress
from heaptui.views.allocations import AllocationsView
from heaptui.views.comparison import ComparisonView
from heaptui.views.details import (
    MOST_PROPERTIES,
    details,
    group_details,
    properties,
    row_details,
    short_value,
    value,
    ways_there,
)
from heaptui.views.objects import object_row
from heaptui.views.summary import InstancesView, SummaryView
from tests.building import Draft
from tests.conftest import DATA


def an_object(load_draft: Callable[[Draft], Heap]) -> tuple[Heap, int]:
    """An object with properties of all kinds, more than a hundred of them."""
    draft = Draft()
    draft.add("synthetic", "")
    wanted = draft.add("object", "Thing", 8)
    draft.link(0, wanted, 1, "element")
    said = draft.add("string", "x" * 500, 8)
    number = draft.add("number", "smi number", 8)
    draft.link(number, draft.add("string", "42", 8), "value", "internal")
    draft.link(wanted, draft.add("object", "Proto", 8), "__proto__")
    draft.link(wanted, draft.add("hidden", "system / Map", 8), "map", "internal")
    draft.link(wanted, said, "said")
    draft.link(wanted, number, "count")
    draft.link(wanted, draft.add("closure", "run", 8), "run")
    for i in reversed(range(150)):
        draft.link(wanted, draft.add("object", f"Item{i}", 8), i, "element")
    return load_draft(draft), wanted


def test_properties_with_their_values(load_draft: Callable[[Draft], Heap]) -> None:
    heap, wanted = an_object(load_draft)
    found = properties(heap, wanted)
    assert found[:3] == [
        ("said", f'"{"x" * 199}…'),
        ("count", "42"),
        ("run", f"run() @{heap.id(heap.names.nodes_named('run')[0])}"),
    ]
    assert [label for label, _ in found[3:-2]] == [str(i) for i in range(MOST_PROPERTIES - 4)]
    assert found[-2][0] == "__proto__"
    assert found[-1] == ("…", f"{154 - MOST_PROPERTIES} more")
    assert not any(label == "map" for label, _ in found)


def test_numbers_where_the_snapshot_has_them() -> None:
    heap = load_heap(DATA / "node26-options.heapsnapshot.gz")
    numbers = np.flatnonzero(heap.snapshot.nodes.type == heap.snapshot.header.node_type("number"))
    told = [value(heap, node) for node in numbers.tolist()]
    assert "NaN" in told
    assert all(said is not None and float(said.replace("Infinity", "inf")) is not None for said in told)
    without = load_heap(DATA / "node26.heapsnapshot.gz")
    numbers = np.flatnonzero(without.snapshot.nodes.type == without.snapshot.header.node_type("number"))
    assert {value(without, node) for node in numbers.tolist()} == {None}
    assert short_value(without, int(numbers[0])) == "heap number"


def test_a_string_in_the_list_of_details_is_short(load_draft: Callable[[Draft], Heap]) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    draft.link(0, draft.add("string", "y" * 5000, 8), 1, "element")
    heap = load_draft(draft)
    assert all(len(about) < 300 for _, about in details(heap, 1))
    assert value(heap, 1) == "y" * 5000


def test_a_class_row_says_its_columns_in_full(demo: tuple[Heap, Heap]) -> None:
    view = SummaryView(demo[1])
    (row,) = view.roots(view.order, "/^Buffer$/").page(0, 9)
    pairs = dict(row_details(view, row))
    assert pairs["Written in"] == "node:buffer:268:16"
    assert pairs["Count"] == "102"
    assert "9,792 bytes" in pairs["Shallow size"]
    assert "%" in pairs["Retained size"]
    view2 = ComparisonView(*demo)
    (row,) = view2.roots(view2.order, "/^Buffer$/").page(0, 9)
    pairs = dict(row_details(view2, row))
    assert (pairs["# New"], pairs["# Delta"]) == ("100", "+100")
    assert pairs["Size delta"] == "+9.60 kB (+9,600 bytes)"


def test_what_the_objects_of_a_class_have_in_common(demo: tuple[Heap, Heap]) -> None:
    heap = demo[1]
    buffers = InstancesView(heap, "Buffer").ordinals
    pairs = group_details(heap, buffers)
    found = dict(pairs)
    assert found["Each"] == "96 B"
    low, high = int(heap.distance[buffers].min()), int(heap.distance[buffers].max())
    assert found["Distance"].startswith(f"{low} to {high}")
    assert "system / Context" in found["Held by"]
    total = sum(int(about.rpartition(": ")[2].split()[0].replace(",", "")) for _, about in pairs[2:])
    assert total == len(buffers)
    assert group_details(heap, buffers[:0]) == []


def test_where_most_of_them_hang_from(demo: tuple[Heap, Heap]) -> None:
    found = ways_there(demo[1], InstancesView(demo[1], "Buffer").ordinals, Progress())
    assert found[0][0] == "100"
    assert found[0][1].startswith("global")
    assert "_events" in found[0][1]


@pytest.mark.parametrize("name", ["hostile-base", "rare-old", "rare-names", "bun-v8module", "chrome-detached"])
def test_every_object_has_details(name: str) -> None:
    heap = load_heap(DATA / f"{name}.heapsnapshot.gz")
    for node in range(0, heap.node_count, max(1, heap.node_count // 200)):
        assert details(heap, node)
        assert len(properties(heap, node)) <= MOST_PROPERTIES + 1
        assert object_row(heap, node).ordinal == node


def test_what_only_pages_have_is_said_of_pages_alone(demo: tuple[Heap, Heap]) -> None:
    chrome = load_heap(DATA / "chrome-detached.heapsnapshot.gz")
    labels = [label for label, _ in details(demo[1], 100)]
    assert "Detachedness" not in labels
    assert "From window" not in labels
    detached = int(np.flatnonzero(chrome.detachedness == 2)[0])
    pairs = dict(details(chrome, detached))
    assert pairs["Detachedness"] == "detached"
    assert pairs["From window"].endswith("reachable by names")
    plain = int(np.flatnonzero(chrome.detachedness == 0)[0])
    labels = [label for label, _ in details(chrome, plain)]
    assert "Detachedness" not in labels
    assert "From window" in labels


def test_a_function_says_where_it_was_written_whoever_called_it() -> None:
    view = AllocationsView(load_heap(DATA / "chrome-timeline.heaptimeline.gz"))
    rows = view.roots(view.order, "allocInner").page(0, 9)
    below = view.children(rows[0], view.order).page(0, 9)
    for row in (*rows, *below):
        assert "About" not in dict(row_details(view, row))
    assert dict(row_details(view, rows[0]))["Written in"].endswith("/dom.html:36:20")
