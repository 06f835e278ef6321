"""Every number of every node and class, against what DevTools' own code computed (tests/goldens)."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heaptui.heap import Heap, load_heap
from heaptui.heap.classes import RetainedSums
from heaptui.heap.comparison import compare
from heaptui.heap.distances import NO_DISTANCE, UNREACHABLE_DISTANCE
from heaptui.heap.filters import filter_objects, of_native_context
from heaptui.heap.search import search
from heaptui.query.vocabulary import ALIASES
from heaptui.views.containment import ContainmentView
from heaptui.views.model import Row, View
from heaptui.views.retainers import RetainersView
from tests.goldens.make import HERE, PAIRS, snapshots, text_hash

FILES = snapshots()
CAN_BE_QUERIED = 1
"""DevTools' flag of what can be reached from window."""

Golden = Mapping[str, Any]


@lru_cache(maxsize=2)
def load(file: Path) -> Heap:
    return load_heap(file)


@lru_cache(maxsize=2)
def golden(name: str) -> Golden:
    with np.load(HERE / f"{name}.npz") as columns:
        found: dict[str, Any] = dict(columns)
    found["document"] = json.loads(found["document"].tobytes())
    return found


@pytest.fixture(params=FILES)
def case(request: pytest.FixtureRequest) -> tuple[Heap, Golden]:
    """A snapshot and what DevTools says of it."""
    return load(FILES[request.param]), golden(request.param)


def shown(text: str) -> str:
    """A text of DevTools with its lone surrogates replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def texts(case: tuple[Heap, Golden], key: str) -> np.ndarray[Any, Any]:
    found = case[1]
    return np.array([shown(text) for text in found["document"][key]], object)[found[key]]


def test_shallow_sizes(case: tuple[Heap, Golden]) -> None:
    np.testing.assert_array_equal(case[0].shallow_size, case[1]["self_size"])


def test_retained_sizes(case: tuple[Heap, Golden]) -> None:
    np.testing.assert_array_equal(case[0].retained_size, case[1]["retained_size"])


def test_distances(case: tuple[Heap, Golden]) -> None:
    np.testing.assert_array_equal(case[0].distance, case[1]["distance"])


def test_dominators(case: tuple[Heap, Golden]) -> None:
    np.testing.assert_array_equal(case[0].dominators.dominator, case[1]["dominator"])


def test_detachedness(case: tuple[Heap, Golden]) -> None:
    np.testing.assert_array_equal(case[0].detachedness, case[1]["detachedness"])


def test_reachable_from_window(case: tuple[Heap, Golden]) -> None:
    heap, flags = case[0], case[1]["flags"]
    found = [ordinal in heap.from_window for ordinal in range(heap.node_count)]
    np.testing.assert_array_equal(found, flags & CAN_BE_QUERIED != 0)


def test_retainer_counts(case: tuple[Heap, Golden]) -> None:
    np.testing.assert_array_equal(np.diff(case[0].retainers.first), case[1]["retainers_count"])


def test_class_names(case: tuple[Heap, Golden]) -> None:
    heap = case[0]
    np.testing.assert_array_equal(np.array(heap.classes.names, object)[heap.classes.of], texts(case, "class_name"))


def test_class_keys(case: tuple[Heap, Golden]) -> None:
    heap = case[0]
    keys = np.array([key.text for key in heap.classes.keys], object)[heap.classes.of]
    np.testing.assert_array_equal(keys, texts(case, "class_key"))


def test_node_names(case: tuple[Heap, Golden]) -> None:
    heap, expected = case
    names = [text_hash(heap.names.node(ordinal)) for ordinal in range(heap.node_count)]
    np.testing.assert_array_equal(names, expected["name"])


def test_interfaces(case: tuple[Heap, Golden]) -> None:
    found = [(interface.name, list(interface.properties)) for interface in case[0].shapes.definitions]
    definitions = case[1]["document"]["interface_definitions"]
    assert found == [(shown(d["name"]), [shown(p) for p in d["properties"]]) for d in definitions]


def rows_of(aggregates: list[dict[str, Any]]) -> Counter[tuple[object, ...]]:
    return Counter(
        (shown(a["key"]), shown(a["name"]), a["count"], a["self"], a["maxRet"], a["distance"]) for a in aggregates
    )


def class_rows(heap: Heap, sums: RetainedSums) -> Counter[tuple[object, ...]]:
    classes = heap.classes
    columns = (sums.count, sums.shallow_size, sums.retained_size, sums.distance)
    return Counter(
        (classes.keys[i].text, classes.names[i], *(int(column[i]) for column in columns))
        for i in np.flatnonzero(sums.count).tolist()
    )


def test_class_rows(case: tuple[Heap, Golden]) -> None:
    heap, expected = case
    rows = rows_of(expected["document"]["aggregates"])
    found = class_rows(heap, heap.sums)
    assert not rows - found
    # DevTools hides all but the last class of one key; heaptui shows each.
    hidden = {shown(c["key"]) for c in expected["document"]["key_collisions"]}
    assert {key[0] for key in found - rows} <= hidden


def test_statistics(case: tuple[Heap, Golden]) -> None:
    found, expected = case[0].statistics, case[1]["document"]["statistics"]
    assert list(found.slices().values()) == list(expected["chart"].values())
    assert (found.total, found.native, found.v8_heap) == (
        expected["total"],
        expected["native"]["total"],
        expected["v8heap"]["total"],
    )


def tree(view: View, rows: list[Row], depth: int, limit: int, above: tuple[Row, ...]) -> list[Any]:
    heap, found = view.heaps[0], []
    for row in rows:
        assert row.ordinal is not None
        assert isinstance(heap, Heap)
        cycle = "cycle" in row.marks
        edge = row.key[1] if isinstance(row.key, tuple) else row.key
        below: list[Any] = []
        if depth > 1 and not cycle:
            children = view.children(row, view.order, above)
            below = tree(view, children.page(0, limit), depth - 1, limit, (*above, row))
        distance = int(heap.distance[row.ordinal])
        if isinstance(view, RetainersView) and distance == NO_DISTANCE:
            distance = UNREACHABLE_DISTANCE
        found.append([edge, heap.id(row.ordinal), distance, cycle, below])
    return found


def test_retainers_in_order(case: tuple[Heap, Golden]) -> None:
    heap, expected = case
    for identifier, items in expected["document"]["retainers"].items():
        ordinal = heap.object_with_id(int(identifier))
        assert ordinal is not None
        view = RetainersView(heap, ordinal)
        assert tree(view, view.roots(view.order).page(0, 12), 3, 12, ()) == items


def test_containment_in_order(case: tuple[Heap, Golden]) -> None:
    heap, expected = case
    view = ContainmentView(heap)
    rows = view.roots(view.order).page(0, 40)
    assert tree(view, rows, 3, 40, ()) == expected["document"]["containment"]


def test_references_in_order(case: tuple[Heap, Golden]) -> None:
    heap, expected = case
    for identifier, items in expected["document"]["references"].items():
        view = ContainmentView(heap, heap.object_with_id(int(identifier)))
        assert tree(view, view.roots(view.order).page(0, 100), 2, 100, ()) == items


@pytest.mark.parametrize("pair", PAIRS)
def test_comparisons(pair: str) -> None:
    base, current = (load_heap(file) for file in PAIRS[pair])
    expected = json.loads(gzip.decompress((HERE / f"{pair}.diff.json.gz").read_bytes()))
    found = compare(base, current)

    def ids(heap: Heap, ordinals: Any) -> list[int]:
        return sorted(heap.snapshot.nodes.id[ordinals].tolist())

    rows = Counter(
        (c.key.text, c.name, c.new, c.deleted, c.delta, c.alloc_size, c.freed_size, c.size_delta,
         tuple(ids(current, found.new_objects(i))), tuple(ids(base, found.deleted_objects(i))))
        for i, c in enumerate(found.changes)
    )  # fmt: skip
    assert rows == Counter(
        (shown(r["key"]), shown(r["name"]), r["addedCount"], r["removedCount"], r["countDelta"], r["addedSize"],
         r["removedSize"], r["sizeDelta"], tuple(sorted(r["addedIds"])), tuple(sorted(r["deletedIds"])))
        for r in expected["classes"]
    )  # fmt: skip


def test_filters(case: tuple[Heap, Golden]) -> None:
    heap, expected = case
    for name, answer in expected["document"]["filters"].items():
        if name.startswith("nativeContext_"):
            width = len(heap.snapshot.header.node_fields)
            chosen = of_native_context(heap, int(name.removeprefix("nativeContext_")) // width)
        else:
            chosen = filter_objects(heap, ALIASES.get(name, name))
        rows = class_rows(heap, heap.sums_of(chosen))
        wanted = rows_of(answer["aggregates"])
        assert not wanted - rows, name
        assert (rows - wanted).total() == 0 or expected["document"]["key_collisions"], name


def test_duplicate_strings(case: tuple[Heap, Golden]) -> None:
    heap, expected = case
    found = heap.duplicates
    groups: dict[int, list[int]] = {}
    for ordinal, group in zip(found.nodes.tolist(), found.group.tolist(), strict=True):
        groups.setdefault(group, []).append(heap.id(ordinal))
    answer = expected["document"]["duplicate_strings"]
    assert Counter(tuple(ids) for ids in groups.values()) == Counter(tuple(g["ids"]) for g in answer)
    truncated = {tuple(g["ids"]): g["truncated"] for g in answer}
    assert {tuple(ids): bool(found.truncated[group]) for group, ids in groups.items()} == truncated


def test_native_contexts(case: tuple[Heap, Golden]) -> None:
    np.testing.assert_array_equal(case[0].native_contexts.of, case[1]["native_context"])


def test_samples(case: tuple[Heap, Golden]) -> None:
    timeline, expected = case[0].timeline, case[1]["document"]["samples"]
    if expected is None:
        assert timeline is None
        return
    assert timeline is not None
    assert timeline.time_ms.tolist() == expected["timestamps"]
    assert timeline.last_id.tolist() == expected["lastAssignedIds"]
    assert timeline.size.tolist() == expected["sizes"]


def test_allocations_by_function(case: tuple[Heap, Golden]) -> None:
    found, expected = case[0].allocations, case[1]["document"]["allocation_tops"]
    if expected is None:
        assert found is None
        return
    assert found is not None
    columns = (found.function_count, found.function_size, found.function_live_count, found.function_live_size)
    rows = Counter(
        (found.frame(f).function, found.frame(f).script, found.frame(f).line, *(int(column[f]) for column in columns))
        for f in np.flatnonzero(found.function_count).tolist()
    )
    assert rows == Counter(
        (a["name"], a["scriptName"], a["line"], a["count"], a["size"], a["liveCount"], a["liveSize"]) for a in expected
    )


def test_search(case: tuple[Heap, Golden]) -> None:
    heap, expected = case
    for text, ids in expected["document"]["search"].items():
        # The panel trims what is typed.
        assert heap.snapshot.nodes.id[search(heap, text.strip())].tolist() == ids, text
