"""The light heap knows what the whole one knows, but for who keeps what alive."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from heaptui.heap import Heap, LightHeap, load_heap, load_light
from heaptui.snapshot.progress import Cancelled, Progress

DATA = Path(__file__).parent.parent / "data"
FILES = sorted(DATA.glob("*.heap*"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_agrees_with_the_whole_heap(file: Path) -> None:
    light, heap = load_light(file), load_heap(file)
    assert not isinstance(light, Heap)
    np.testing.assert_array_equal(light.shallow_size, heap.shallow_size)
    np.testing.assert_array_equal(light.detachedness, heap.detachedness)
    np.testing.assert_array_equal(light.names.index, heap.names.index)
    np.testing.assert_array_equal(light.classes.of, heap.classes.of)
    assert light.classes.keys == heap.classes.keys
    np.testing.assert_array_equal(light.sums.count, heap.sums.count)
    np.testing.assert_array_equal(light.sums.shallow_size, heap.sums.shallow_size)
    assert light.statistics == heap.statistics
    # The root retains everything, by way of the dominators that the light heap lacks.
    assert light.total_size == heap.retained_size[heap.snapshot.root] + heap.snapshot.header.extra_native_bytes


def test_it_is_there_before_the_whole_heap_and_shares_its_arrays() -> None:
    seen: list[LightHeap] = []
    heap = load_heap(DATA / "node20.heapsnapshot.gz", first=seen.append)
    (light,) = seen
    assert light.snapshot is heap.snapshot
    assert light.shallow_size is heap.shallow_size
    assert light.classes is heap.classes


def test_what_it_was_asked_meanwhile_is_not_computed_again() -> None:
    asked: list[object] = []
    heap = load_heap(DATA / "node20.heapsnapshot.gz", first=lambda light: asked.append(light.duplicates))
    assert heap.duplicates is asked[0]


def test_a_cancel_by_who_looks_at_it_ends_the_rest() -> None:
    progress = Progress()
    with pytest.raises(Cancelled):
        load_heap(DATA / "node20.heapsnapshot.gz", progress, first=lambda light: progress.cancel())
