"""Back and forward over jumps, without a screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from heaptui.tui.history import FILTERED, MOST, History, Spot
from heaptui.views.outline import Outline
from tests.tui.fakes import FakeView, heap


@given(st.lists(st.sampled_from(["jump", "back", "forward"]), max_size=60))
def test_like_a_browser(steps: list[str]) -> None:
    """A list of visited places and a position in it, as the plainest model has it."""
    history, here = History(), Spot("0", None, None)
    visited, position = [here], 0
    for number, step in enumerate(steps, start=1):
        if step == "jump":
            history.leave(here)
            here = Spot(str(number), None, None)
            visited = [*visited[: position + 1], here]
            position += 1
        else:
            by = -1 if step == "back" else 1
            found = history.back(here) if step == "back" else history.forward(here)
            if 0 <= position + by < len(visited):
                position += by
                assert found is not None
                here = found
            else:
                assert found is None
        assert here == visited[position]


def test_places_are_few_and_filtered_lists_fewer() -> None:
    history = History()
    for number in range(MOST + 50):
        history.leave(Spot(str(number), None, None))
    assert len(history.behind) == MOST
    for number in range(10):
        history.leave(Spot("summary", Outline(FakeView(heap()), f"filter {number}"), None))
    captions = [spot.outline.caption for spot in history.behind if spot.outline]
    assert captions == [f"filter {number}" for number in range(10 - FILTERED, 10)]
