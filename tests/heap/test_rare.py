"""The hand-made snapshots are what tests/rare.py makes, and their rules do fire."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from heaptui.heap import Heap, load_heap
from heaptui.heap.distances import NO_DISTANCE, user_roots
from tests import rare
from tests.building import Draft


@pytest.fixture
def walks() -> Heap:
    return load_heap(rare.file("rare-walks"))


def named(heap: Heap, name: str) -> int:
    return int(heap.names.nodes_named(name)[0])


@pytest.mark.parametrize("name", rare.DRAFTS)
def test_the_files_are_up_to_date(name: str) -> None:
    assert gzip.decompress(rare.file(name).read_bytes()) == rare.DRAFTS[name]().encode()


def test_external_data_goes_to_its_string(walks: Heap) -> None:
    assert walks.shallow_size[named(walks, "external")] == 24 + 5000
    assert walks.shallow_size[named(walks, "system / ExternalStringData")] == 0
    assert walks.shallow_size[named(walks, "(shared)")] == 100


def test_weak_map_values_are_as_far_as_the_farther_half(walks: Heap) -> None:
    keys, values = walks.names.nodes_named("Key"), walks.names.nodes_named("Value")
    assert walks.distance[keys].tolist() == [2, 3, 100_000_002]
    assert walks.distance[values].tolist() == [4, 4, 100_000_003]
    # The table's half never retains; the last key's leads from outside the page into it.
    assert walks.dominators.dominator[values].tolist() == [*keys[:2].tolist(), walks.snapshot.root]


def test_every_third_map_descriptor_is_passed_over(walks: Heap) -> None:
    near = [walks.distance[named(walks, f"Descriptor{i}")] != NO_DISTANCE for i in range(8)]
    assert near == [True, True, True, True, False, True, True, False]
    assert walks.distance[named(walks, "Named")] != NO_DISTANCE


def test_what_nothing_reaches_hangs_from_the_root(walks: Heap) -> None:
    for name in ("Orphan", "Ring0", "Ring1", "Ring2"):
        assert walks.dominators.dominator[named(walks, name)] == walks.snapshot.root
    assert walks.dominators.dominator[named(walks, "Below orphan")] == named(walks, "Orphan")


def test_without_user_roots_sizes_are_not_transferred() -> None:
    heap = load_heap(rare.file("rare-internals"))
    assert not len(user_roots(heap.snapshot, heap.names))
    np.testing.assert_array_equal(heap.shallow_size, heap.snapshot.nodes.self_size)
    assert heap.distance[heap.snapshot.root] == 0


def test_raw_sizes_are_the_files_own() -> None:
    heap = load_heap(rare.file("rare-walks"), raw=True)
    np.testing.assert_array_equal(heap.shallow_size, heap.snapshot.nodes.self_size)
    assert heap.retained_size[heap.snapshot.root] == heap.snapshot.nodes.self_size.sum()


@pytest.mark.parametrize("raw", ["a\\nb", "a\\rb", "a\\u000Ab", "a\\u000db", "a\\u2028b", "a\\u2029b", "a\u2028b"])
def test_a_name_of_two_lines_names_no_weak_pair(raw: str, tmp_path: Path) -> None:
    """As DevTools' pattern has it: both halves retain, and what the table is nearer to is as near as the table."""
    assert weak_value(raw, tmp_path) == (2, 1)


@pytest.mark.parametrize(
    "raw", ["a b", "a\\\\nb", "a\\tb", "a\\u000bb", "a\\u2027b", "a\\u0028b", "\u20ac \\ud83d\\ude00"]
)
def test_other_characters_do_not_matter_to_weak_pairs(raw: str, tmp_path: Path) -> None:
    assert weak_value(raw, tmp_path) == (4, 3)


def weak_value(raw: str, folder: Path) -> tuple[int, int]:
    """Distance and dominator of the value of a WeakMap at distance 1 for a key at distance 3; `raw` as JSON has it."""
    draft = Draft()
    draft.add("synthetic", "")
    window = draft.add("object", "Window", 8)
    draft.link(0, window, 1, "element")
    middle, key, table = (draft.add("object", name, 8) for name in ("Middle", "Key", "Table"))
    draft.link(window, middle, "middle")
    draft.link(middle, key, "key")
    draft.link(0, table, 2, "element")
    value = draft.add("string", "text", 24)
    ids = [draft.nodes[node].id for node in (key, value, table)]
    for number, source in ((1, key), (2, table)):
        name = "{} / part of key (Key @{}) -> value (RAW @{}) pair in WeakMap (table @{})".format(number, *ids)
        draft.link(source, value, name, "internal")
    file = folder / "draft.heapsnapshot"
    file.write_bytes(draft.encode().replace(b"RAW", raw.encode()))
    heap = load_heap(file)
    dominator = int(heap.dominators.dominator[value])
    return int(heap.distance[value]), {heap.snapshot.root: 1, key: 3}[dominator]
