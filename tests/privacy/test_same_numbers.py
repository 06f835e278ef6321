"""A heap without the user's data has the numbers that DevTools computed of the original (tests/goldens)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from heaptui.heap import Heap, load_heap
from heaptui.heap.comparison import compare
from heaptui.heap.filters import filter_objects
from heaptui.opening.hidden import open_hidden
from heaptui.opening.manner import Manner
from heaptui.opening.opening import open_heap
from heaptui.query.vocabulary import ALIASES
from heaptui.snapshot.progress import Progress
from tests.goldens.make import HERE, snapshots

FILES = snapshots()
HIDDEN = Manner(hide_values=True)
SOME = (
    "node12", "node20-weakmap", "node26-options", "bun-v8module", "chrome-detached", "rare-names", "rare-page",
    "rare-internals", "rare-old", "rare-unnamed", "rare-recording",
)  # fmt: skip
NOT_FILTERED = ("duplicatedStrings",)
"""A rope and a flat string that say the same are no duplicates any more."""


@pytest.fixture(scope="module", params=SOME)
def case(request: pytest.FixtureRequest) -> tuple[Heap, Mapping[str, Any]]:
    """A snapshot with its values hidden, and what DevTools says of the original."""
    with np.load(HERE / f"{request.param}.npz") as columns:
        golden: dict[str, Any] = dict(columns)
    golden["document"] = json.loads(golden["document"].tobytes())
    return open_heap(FILES[request.param], manner=HIDDEN), golden


def test_sizes_distances_and_dominators(case: tuple[Heap, Mapping[str, Any]]) -> None:
    heap, golden = case
    np.testing.assert_array_equal(heap.shallow_size, golden["self_size"])
    np.testing.assert_array_equal(heap.retained_size, golden["retained_size"])
    np.testing.assert_array_equal(heap.distance, golden["distance"])
    np.testing.assert_array_equal(heap.dominators.dominator, golden["dominator"])
    np.testing.assert_array_equal(heap.detachedness, golden["detachedness"])
    np.testing.assert_array_equal(np.diff(heap.retainers.first), golden["retainers_count"])
    np.testing.assert_array_equal(heap.native_contexts.of, golden["native_context"])


def test_the_same_objects_are_of_one_class(case: tuple[Heap, Mapping[str, Any]]) -> None:
    heap, golden = case
    keys = np.array([key.text for key in heap.classes.keys], object)[heap.classes.of]
    pairs = set(zip(keys.tolist(), golden["class_key"].tolist(), strict=True))
    assert len(pairs) == len({key for key, _ in pairs}) == len({number for _, number in pairs})


def test_interfaces_are_cut_at_the_same_property(case: tuple[Heap, Mapping[str, Any]]) -> None:
    heap, golden = case
    expected = golden["document"]["interface_definitions"]
    assert [(len(i.name), len(i.properties)) for i in heap.shapes.definitions] == [
        (len(i["name"]), len(i["properties"])) for i in expected
    ]


def test_statistics(case: tuple[Heap, Mapping[str, Any]]) -> None:
    assert list(case[0].statistics.slices().values()) == list(case[1]["document"]["statistics"]["chart"].values())


def test_filters(case: tuple[Heap, Mapping[str, Any]]) -> None:
    heap, golden = case
    for name, answer in golden["document"]["filters"].items():
        if name in NOT_FILTERED or name.startswith("nativeContext_"):
            continue
        sums = heap.sums_of(filter_objects(heap, ALIASES.get(name, name)))
        found = Counter(zip(*(x.tolist() for x in (sums.count, sums.shallow_size, sums.distance)), strict=True))
        wanted = Counter((a["count"], a["self"], a["distance"]) for a in answer["aggregates"])
        assert not wanted - found, name


def test_what_is_equal_in_two_files_looks_equal() -> None:
    paths = [FILES["before"], FILES["after"]]

    def rows(base: Heap, current: Heap) -> Counter[tuple[int, ...]]:
        return Counter((c.new, c.deleted, c.alloc_size, c.freed_size) for c in compare(base, current).changes)

    assert rows(*open_hidden(paths, [Progress(), Progress()], HIDDEN)) == rows(*map(load_heap, paths))
