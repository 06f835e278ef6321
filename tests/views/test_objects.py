"""Objects in the order of their names, whether few or many."""

from __future__ import annotations

import numpy as np
import pytest

from heaptui.heap import Heap
from heaptui.views import objects


def test_many_names_are_sorted_as_few_are(demo: tuple[Heap, Heap], monkeypatch: pytest.MonkeyPatch) -> None:
    heap = demo[1]
    ordinals = np.arange(heap.node_count, dtype=np.uint32)
    exact = objects.name_ranks(heap, ordinals)
    monkeypatch.setattr(objects, "_MOST_DECODED", 0)
    by_beginning = objects.name_ranks(heap, ordinals)
    # A plain ASCII name that is short enough stands in the file as it is read.
    names = [heap.names.node(int(i)) for i in ordinals]
    short = np.array(
        [name.isascii() and name.isprintable() and len(name) < 40 and not set(name) & set('"\\') for name in names]
    )
    order = np.lexsort((by_beginning[short], exact[short]))
    assert (np.diff(by_beginning[short][order]) >= 0).all()
    assert (np.diff(exact[short][np.argsort(by_beginning[short], kind="stable")]) >= 0).all()


def test_names_are_sorted_as_javascript_sorts_them() -> None:
    assert objects.ranks(["b", "a", "b", "\U0001f600", "\uffee"]).tolist() == [1, 0, 1, 2, 3]
