"""Menus over the screen."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from heaptui.tui.menu import Menu
from tests.tui.driving import running

pytestmark = pytest.mark.usefixtures("fake_heaps")


@pytest.mark.parametrize("title", ["Short", "A title that is longer than all there is to choose from"])
async def test_the_bar_of_the_cursor_is_as_wide_as_the_box(title: str) -> None:
    async with running("a") as (app, pilot):
        app.push_screen(Menu(title, [("a", "a", ""), ("b", "b", "of two")]))
        await pilot.pause()
        box = app.screen.query_one(".menu")
        assert app.screen.query_one(OptionList).size.width == box.content_size.width
