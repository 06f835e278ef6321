"""Columns at the widths people have."""

from __future__ import annotations

import pytest

from heaptui.tui.geometry import arrange, bytes_title
from heaptui.tui.keys import sort_letters
from heaptui.views.model import Column
from tests.tui.fakes import FakeComparison, FakeView

SUMMARY, COMPARISON = tuple(FakeView.columns), tuple(FakeComparison.columns)


@pytest.mark.parametrize("width", [80, 120, 180])
@pytest.mark.parametrize("columns", [SUMMARY, COMPARISON])
def test_all_columns_fit_beside_each_other(columns: tuple[Column, ...], width: int) -> None:
    geometry = arrange(columns, "name", width)
    assert [place.column for place in geometry.places] == list(columns[1:])
    assert geometry.name >= 20
    x = geometry.name
    for place in geometry.places:
        assert place.x > x
        assert len(place.title) <= place.number + place.percent
        x = place.x + place.width
    assert x == width


def test_bars_come_with_width() -> None:
    assert arrange(SUMMARY, "name", 80).places[-1].bar == 0
    assert arrange(SUMMARY, "name", 180).places[-1].bar > 0


def test_narrow_screen_keeps_the_sorted_column_and_says_so() -> None:
    geometry = arrange(COMPARISON, "deleted", 45)
    assert geometry.dropped
    assert "deleted" in [place.column.key for place in geometry.places]


def test_sorting_moves_no_column() -> None:
    assert arrange(SUMMARY, "name", 80).places == arrange(SUMMARY, "retained", 80).places


def test_inline_columns_stand_behind_the_name() -> None:
    inline = Column("count", "Count", "count", "", inline=True)
    assert arrange((*SUMMARY, inline), "name", 80) == arrange(SUMMARY, "name", 80)


def test_clicks_find_their_column() -> None:
    geometry = arrange(SUMMARY, "name", 80)
    assert geometry.column_at(3) == 0
    assert geometry.column_at(79) == 3
    assert geometry.column_at(200) is None


@pytest.mark.parametrize("columns", [SUMMARY, COMPARISON])
def test_every_column_has_a_letter_of_its_own(columns: tuple[Column, ...]) -> None:
    letters = sort_letters(columns)
    assert list(letters.values()) == list(columns)
    assert letters["n"] is columns[0]


@pytest.mark.parametrize(
    ("title", "exact"),
    [
        ("Shallow size", "Shallow bytes"),
        ("Size delta", "Bytes delta"),
        ("Live bytes", "Live bytes"),
        ("Wasted", "Wasted, bytes"),
    ],
)
def test_titles_of_exact_sizes_tell_the_unit(title: str, exact: str) -> None:
    assert bytes_title(title) == exact


@pytest.mark.parametrize("width", [80, 120, 180])
def test_only_exact_sizes_change_their_titles(width: int) -> None:
    for exact in (False, True):
        titles = {place.column.key: place.title for place in arrange(SUMMARY, "name", width, exact).places}
        assert ("bytes" in titles["retained"]) == exact
        assert titles["distance"] == "Distance"
