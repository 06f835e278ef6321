"""Keys that arrive at once, as over a slow line, do what they do one by one."""

from __future__ import annotations

import pytest
from textual import events

from heaptui.tui import typeahead
from heaptui.tui.app import HeaptuiApp
from heaptui.tui.dialogs import Prompt
from heaptui.tui.typeahead import TypeAhead
from tests.tui.driving import names, rows, running, settle_all, until, whole

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("fake_heaps")]


def type_at_once(app: HeaptuiApp, keys: str) -> None:
    special = {"/": "slash", "\r": "enter", "\x1b": "escape", "?": "question_mark"}
    for key in keys:
        app.post_message(events.Key(special.get(key, key), key))


async def test_a_question_gets_what_is_typed_behind_it() -> None:
    async with running("a") as (app, pilot):
        type_at_once(app, "/class12\r")
        await settle_all(pilot)
        assert len(names(rows(app))) == 10
        assert not app.query_one(Prompt).display


async def test_menus_and_tabs_get_theirs() -> None:
    async with running("a") as (app, pilot):
        type_at_once(app, "3/class1\r1?\x1bjjj")
        await settle_all(pilot)
        assert app.explorer.tab == "summary"
        outline = rows(app).outline
        assert outline is not None
        assert (outline.cursor, outline.match) == (3, "")
        type_at_once(app, "3")
        await settle_all(pilot)
        assert "match: class1" in whole(app)


async def test_no_key_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(self: TypeAhead, event: TypeAhead.Handled) -> None:
        pass

    monkeypatch.setattr(TypeAhead, "on_type_ahead_handled", lost)
    async with running("a") as (app, pilot):
        outline = rows(app).outline
        assert outline is not None
        type_at_once(app, "jjj")
        await until(pilot, lambda: outline.cursor == 3)


async def test_the_next_key_goes_on_where_word_of_the_last_and_its_timer_are_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def lost(self: TypeAhead, event: TypeAhead.Handled) -> None:
        pass

    async with running("a") as (app, pilot):
        outline = rows(app).outline
        assert outline is not None
        monkeypatch.setattr(TypeAhead, "on_type_ahead_handled", lost)
        monkeypatch.setattr(app, "set_timer", lambda *_: None)
        monkeypatch.setattr(typeahead, "PATIENCE", -1.0)
        type_at_once(app, "jjj")
        await until(pilot, lambda: outline.cursor == 3)
