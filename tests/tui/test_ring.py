"""The ring of the statistics: true to its shares, and readable without colours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heaptui.tui.ring import LETTERS, ring
from heaptui.tui.statistics import chart_lines
from heaptui.views.outline import Outline
from tests.tui.fakes import FakeStatistics, heap


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=8), st.integers(5, 20))
def test_area_is_share(shares: list[float], lines: int) -> None:
    picture = ring(shares, lines)
    assert all(len(line) == 2 * lines for line in picture)
    cells = [slice_ for line in picture for _, slice_ in line if slice_ is not None]
    total = sum(shares)
    for index, share in enumerate(shares if total else []):
        # Gaps and cells on a border take a little from every slice.
        assert abs(cells.count(index) / max(1, len(cells)) - share / total) < 0.2


def test_slices_have_letters_and_gaps() -> None:
    picture = ring([50, 30, 20], 12)
    text = "".join(piece for line in picture for piece, _ in line)
    assert all(letter in text for letter in LETTERS[:3])
    top = picture[0][11][0] + picture[0][12][0]
    assert top != "\u28ff\u28ff"


def test_nothing_is_no_ring() -> None:
    assert all(piece == " " for line in ring([0, 0], 6) for piece, _ in line)


@pytest.mark.parametrize("size", [(20, 3), (40, 6), (80, 11), (60, 36), (90, 46)])
def test_charts_stay_in_their_place(size: tuple[int, int]) -> None:
    width, height = size
    lines = chart_lines(Outline(FakeStatistics(heap())), width, height)
    assert all(sum(len(piece) for piece, _ in line) <= max(width, 40) for line in lines)
    assert len(lines) <= height
    text = "\n".join("".join(piece for piece, _ in line) for line in lines)
    assert ("more" in text) == (height < 6)
    assert "A " in text
    assert "Code" in text
