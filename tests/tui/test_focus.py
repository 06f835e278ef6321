"""Whatever happens while a dialog stands above the lists, keys have somewhere to go."""

from __future__ import annotations

import pytest
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input

from heaptui.tui.app import HeaptuiApp
from heaptui.tui.dialogs import Prompt
from heaptui.tui.menu import Menu
from tests.tui.driving import Running, rows, running, settle_all, until

pytestmark = pytest.mark.usefixtures("fake_heaps")


async def assert_keys_live(app: HeaptuiApp, running_app: Running) -> None:
    """Move in the list, and turn to another tab."""
    _, pilot = running_app
    outline = rows(app).outline
    assert outline is not None
    before = outline.cursor
    await pilot.press("down")
    await settle_all(pilot)
    assert outline.cursor == before + 1
    await pilot.press("1")
    await settle_all(pilot)
    assert app.explorer.tab == "summary"


async def test_a_page_that_drops_the_focus_below_the_palette() -> None:
    async with running("a") as (app, pilot):
        app.explorer.turn_to("containment")
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        # As a page does that hears late, on a busy machine, that it was hidden for a moment.
        app.screen_stack[0].set_focus(None)
        await settle_all(pilot)
        await pilot.press("escape", "escape")
        await settle_all(pilot)
        await assert_keys_live(app, (app, pilot))


async def test_a_terminal_that_is_left_while_something_asks() -> None:
    async with running("a") as (app, pilot):
        app.post_message(events.AppBlur())
        await pilot.pause()
        app.push_screen(Menu("Short of memory", [("a", "a", "")]))
        await pilot.pause()
        app.post_message(events.AppFocus())
        await pilot.pause()
        await pilot.press("escape", "escape")
        await settle_all(pilot)
        await assert_keys_live(app, (app, pilot))


async def test_a_key_finds_the_rows_though_nothing_has_the_focus() -> None:
    async with running("a") as (app, pilot):
        app.screen.set_focus(None)
        await assert_keys_live(app, (app, pilot))


async def test_a_page_that_turns_leaves_the_palette_its_keys() -> None:
    async with running("a") as (app, pilot):
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        app.explorer.turn_to("containment")
        await settle_all(pilot)
        await pilot.press(*"last")
        await pilot.pause()
        assert app.screen.query_one(Input).value == "last"
        await pilot.press("escape")
        await settle_all(pilot)
        assert app.focused is rows(app)


async def test_a_page_that_turns_leaves_a_question_its_keys() -> None:
    async with running("a") as (app, pilot):
        await pilot.press("slash", "x")
        app.explorer.turn_to("containment")
        await settle_all(pilot)
        await pilot.press("y")
        await pilot.pause()
        assert app.query_one(Prompt).query_one(Input).value == "xy"
        await pilot.press("escape")
        await settle_all(pilot)
        assert not app.query_one(Prompt).display
        await assert_keys_live(app, (app, pilot))


async def test_a_question_that_comes_while_a_dialog_stands_above_is_seen_below() -> None:
    async with running("a") as (app, pilot):
        app.push_screen(Menu("Choose", [("a", "a", "")]))
        await pilot.pause()
        rows(app).post_message(Prompt.Wanted("match", "", "", lambda _: None))
        await pilot.pause()
        await pilot.press("escape")
        await settle_all(pilot)
        assert app.query_one(Prompt).display
        await pilot.press("escape")
        await settle_all(pilot)
        await assert_keys_live(app, (app, pilot))
