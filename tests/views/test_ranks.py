"""Names in their order, whether few or many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heaptui.heap import Heap
from heaptui.views import ranks


def test_many_names_are_sorted_as_few_are(demo: tuple[Heap, Heap], monkeypatch: pytest.MonkeyPatch) -> None:
    heap = demo[1]
    ordinals = np.arange(heap.node_count, dtype=np.uint32)
    exact = ranks.name_ranks(heap, ordinals)
    monkeypatch.setattr(ranks, "_MOST_DECODED", 0)
    check_same_order(exact, ranks.name_ranks(heap, ordinals), [heap.names.node(int(i)) for i in ordinals])


def test_many_texts_are_sorted_as_few_are(demo: tuple[Heap, Heap], monkeypatch: pytest.MonkeyPatch) -> None:
    heap = demo[1]
    indexes = np.arange(len(heap.snapshot.strings), dtype=np.uint32)
    texts = [heap.names.text(int(i)) for i in indexes]
    monkeypatch.setattr(ranks, "_MOST_DECODED", len(texts))
    exact = ranks.text_ranks(heap, indexes)
    assert [texts[i] for i in np.argsort(exact, kind="stable")] == sorted(texts, key=ranks.sort_key)
    monkeypatch.setattr(ranks, "_MOST_DECODED", len(texts) - 1)
    check_same_order(exact, ranks.text_ranks(heap, indexes), texts)


def check_same_order(exact: ranks.Ranks, by_beginning: ranks.Ranks, texts: list[str]) -> None:
    """Ranks agree on all texts that are compared to their end."""
    short = np.array([len(text.encode("utf-8", "surrogatepass")) < 48 for text in texts])
    assert short.sum() > len(texts) / 2
    order = np.lexsort((by_beginning[short], exact[short]))
    assert np.diff(by_beginning[short][order]).min() >= 0
    assert np.diff(exact[short][np.argsort(by_beginning[short], kind="stable")]).min() >= 0


@given(st.lists(st.binary(max_size=16), max_size=30))
def test_bytes_are_compared_from_the_left(texts: list[bytes]) -> None:
    rows = np.array(texts, "S16").view(np.uint8).reshape(len(texts), 16)
    padded = [text.ljust(16, b"\0") for text in texts]
    different = sorted(set(padded))
    assert ranks.byte_ranks(rows).tolist() == [different.index(text) for text in padded]


def test_names_are_sorted_as_javascript_sorts_them() -> None:
    assert ranks.ranks(["b", "a", "b", "\U0001f600", "\uffee"]).tolist() == [1, 0, 1, 2, 3]
