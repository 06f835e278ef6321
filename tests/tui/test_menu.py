"""Menus over the screen."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from heaptui.tui.menu import Menu
from tests.tui.driving import running, screen, settle_all, whole

pytestmark = pytest.mark.usefixtures("fake_heaps")


@pytest.mark.parametrize("title", ["Short", "A title that is longer than all there is to choose from"])
async def test_the_bar_of_the_cursor_is_as_wide_as_the_box(title: str) -> None:
    async with running("a") as (app, pilot):
        app.push_screen(Menu(title, [("a", "a", ""), ("b", "b", "of two")]))
        await pilot.pause()
        box = app.screen.query_one(".menu")
        assert app.screen.query_one(OptionList).size.width == box.content_size.width


async def test_the_footer_says_what_works_in_the_menu() -> None:
    async with running("a") as (app, pilot):
        app.push_screen(Menu("Menu", [("a", "a", ""), ("b", "b", "")]))
        await pilot.pause()
        assert screen(app)[-1].split() == ["Enter", "chooses", "Esc", "closes"]
        await pilot.press("escape")
        await settle_all(pilot)
        assert "help" in screen(app)[-1]


async def test_what_is_said_of_the_filters_fits_a_small_screen() -> None:
    async with running("a", "b", size=(80, 24)) as (app, pilot):
        await pilot.press("f")
        await pilot.pause()
        box = [line.strip(" │") for line in screen(app) if "│" in line]
        assert any("detached DOM" in line for line in box)
        assert not [line for line in box if line.endswith("…")]


async def test_what_is_said_of_an_entry_is_cut_only_where_the_screen_ends() -> None:
    about = "heaptui compare " + "b" * 120
    async with running("a", size=(180, 50)) as (app, pilot):
        app.push_screen(Menu("Copy", [("list", "command of the list", about)]))
        await pilot.pause()
        assert about in whole(app)
