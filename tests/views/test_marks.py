"""What rows say of an object beside its name."""

from __future__ import annotations

import pytest

from heaptui.heap import load_heap
from heaptui.views.objects import marks
from tests.heap.test_goldens import CAN_BE_QUERIED, FILES, golden


@pytest.mark.parametrize("name", ["chrome-detached", "node22"])
def test_the_sign_of_what_window_leads_to_is_where_devtools_has_its_icon(name: str) -> None:
    heap, flags = load_heap(FILES[name]), golden(name)["flags"]
    assert not any("window" in marks(heap, i) for i in range(heap.node_count) if heap.node_type(i) != "object")
    _ = heap.from_window
    windows = 0
    for i in range(heap.node_count):
        window = heap.node_type(i) == "object" and heap.names.node(i).startswith("Window")
        windows += window
        assert ("window" in marks(heap, i)) == (window or bool(flags[i] & CAN_BE_QUERIED))
    assert windows or name == "node22"
