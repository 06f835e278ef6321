"""The app driven by its keys, on fake heaps."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from textual.widgets import ContentSwitcher

from heaptui.tui import keys, side
from heaptui.tui.actions import ACTIONS
from heaptui.tui.app import HeaptuiApp
from heaptui.tui.desk import Desk
from heaptui.tui.dialogs import Prompt
from heaptui.tui.frame import Footer, TabLine
from heaptui.tui.geometry import short
from heaptui.tui.grid import Grid
from heaptui.tui.help import HelpScreen, help_text
from heaptui.tui.hints import Place
from heaptui.tui.objects import ObjectPane
from heaptui.tui.start import StartPage
from heaptui.tui.tabs import TABS
from tests.tui.driving import names, rows, running, screen, see, settle, settle_all, until, whole
from tests.tui.fakes import name_of

RECORDED = ("timeline", "allocations", "mark_range")
"""Actions that need a recording."""

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("fake_heaps")]


async def test_one_file_opens_the_summary() -> None:
    async with running("after.heapsnapshot") as (app, _):
        lines = screen(app)
        assert "after.heapsnapshot" in lines[0]
        assert "41,235 objects" in lines[0]
        assert "[1 Summary]" in lines[1]
        assert "row 1 of 200" in lines[2]
        assert "(array)  ×1,520" in "\n".join(lines)


async def test_two_files_open_the_comparison() -> None:
    async with running("x/a", "x/b", titles=["before", "after"]) as (app, _):
        assert "before → after" in screen(app)[0]
        assert "[2 Comparison]" in screen(app)[1]


async def test_tabs_by_number_bracket_and_click() -> None:
    async with running("a", "b") as (app, pilot):
        seen = []
        for key in ("3", "4", "right_square_bracket", "left_square_bracket"):
            await pilot.press(key)
            seen.append(app.query_one("#body", ContentSwitcher).current)
            assert isinstance(app.focused, Grid)
        assert seen == ["containment", "statistics", "suspects", "statistics"]
        await pilot.click("#tabs", offset=(3, 0))
        assert app.query_one("#body", ContentSwitcher).current == "summary"


async def test_open_move_and_close() -> None:
    async with running("a") as (app, pilot):
        grid = rows(app)
        await pilot.press("enter", "down")
        await settle(pilot, grid)
        assert names(grid)[1] == "Socket"
        assert grid.outline is not None
        assert grid.outline.cursor == 1
        await pilot.press("left", "left")
        await settle(pilot, grid)
        assert names(grid)[1] == "(string)"


async def test_keys_wait_for_the_rows_they_are_meant_for() -> None:
    async with running("a") as (app, pilot):
        grid = rows(app)
        grid.action_forward()
        grid.action_forward()
        grid.action_forward()
        await settle(pilot, grid)
        assert names(grid)[:3] == ["(array)", "Socket", "Map"]


async def test_sort_by_letter_and_by_header() -> None:
    async with running("a") as (app, pilot):
        grid = rows(app)
        await pilot.press("s")
        assert "n Constructor" in screen(app)[-1]
        await pilot.press("n")
        await settle(pilot, grid)
        assert names(grid) == sorted(names(grid))
        assert "n Constructor" not in screen(app)[-1]
        await pilot.click(grid, offset=(77, 0))
        await settle(pilot, grid)
        assert names(grid)[0] == "(array)"


async def test_match_and_bad_expression() -> None:
    async with running("a") as (app, pilot):
        grid = rows(app)
        await pilot.press("slash", *"class12", "enter")
        await settle(pilot, grid)
        assert len(names(grid)) == 10
        assert "match: class12" in screen(app)[2]
        assert "row 1 of 10" in screen(app)[2]
        grid.match_text("/(/")
        await settle(pilot, grid)
        assert "is not a regular expression" in screen(app)[-1]
        assert len(names(grid)) == 10
        await pilot.press("escape")
        await settle(pilot, grid)
        assert len(names(grid)) == 200


async def test_nothing_matches() -> None:
    async with running("a") as (app, pilot):
        rows(app).match_text("nowhere")
        await settle(pilot, rows(app))
        await settle_all(pilot)
        assert "Nothing here matches “nowhere”" in "\n".join(screen(app))
        assert "Nothing is selected" in "\n".join(screen(app))
        assert screen(app)[-1].startswith(" Esc all rows again  / match  f filter  @ go to id")
        await pilot.press("3")
        rows(app).match_text("nowhere")
        await settle_all(pilot)
        assert screen(app)[-1].startswith(" Esc all rows again  / match  @ go to id")
        await pilot.press("down", "enter", "end")
        assert rows(app).outline is not None


async def test_retainers_follow_the_selection() -> None:
    async with running("a") as (app, pilot):
        pane = app.pane
        assert isinstance(pane, ObjectPane)
        await settle_all(pilot)
        assert "select an object" in "\n".join(screen(app))
        await pilot.press("enter", "down")
        await settle_all(pilot)
        assert "Retainers of Socket @1000" in "\n".join(screen(app))
        assert "_events in EventEmitter @1001" in "\n".join(screen(app))
        assert pane.below.outline is not None
        assert len(pane.below.outline.lines) > 10


async def test_into_the_retainers_and_back() -> None:
    async with running("a") as (app, pilot):
        pane = app.pane
        assert isinstance(pane, ObjectPane)
        await pilot.press("enter", "down", "r")
        await settle(pilot, pane.below)
        assert app.focused is pane.below
        assert "other pane" in screen(app)[-1]
        await pilot.press("escape")
        assert app.focused is pane.main
        await pilot.press("tab")
        assert app.focused is pane.below
        await pilot.press("z")
        assert not pane.below.display
        assert app.focused is pane.main
        await pilot.press("r")
        assert pane.below.display


async def test_one_file_explains_the_comparison() -> None:
    async with running("a") as (app, pilot):
        await pilot.press("2")
        text = "\n".join(screen(app))
        assert "--heapsnapshot-signal=SIGUSR2" in text
        assert "heaptui before.heapsnapshot after.heapsnapshot" in text
        await pilot.press("down", "enter", "s", "r", "slash")
        assert app.query_one("#body", ContentSwitcher).current == "comparison"


async def test_broken_file_leaves_the_app_open() -> None:
    async with running("broken") as (app, pilot):
        assert "the file ends inside `strings`" in "\n".join(screen(app))
        await pilot.press("o")
        assert app.query_one(Prompt).display
        await pilot.press("ctrl+u", *"good", "enter")
        await app.ready.wait()
        await pilot.pause()
        assert "[1 Summary]" in screen(app)[1]


async def test_unexpected_error_is_one_line() -> None:
    async with running("crash", "endless") as (app, _):
        assert "ZeroDivisionError('[oops]')" in "\n".join(screen(app))


async def test_loading_shows_progress_and_stops() -> None:
    async with running("endless") as (app, pilot):
        await see(pilot, "reading nodes")
        assert "Esc stops" in "\n".join(screen(app))
        await pilot.press("escape")
        await app.ready.wait()
        await pilot.pause()
        assert "Loading was stopped." in "\n".join(screen(app))
        assert "open file" in screen(app)[-1]


async def test_the_start_page_takes_no_keys_while_files_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side, "recent", lambda: [["other"]])
    async with running("endless") as (app, pilot):
        for key in ("1", "enter", "down", "m", "S", "slash", "l"):
            await pilot.press(key)
            assert app.focused is None
        assert app.opening.paths == ["endless"]
        assert "endless" in screen(app)[0]
        assert len(app.screen_stack) == 1


async def test_quitting_stops_loading() -> None:
    async with running("endless") as (app, pilot):
        jobs = list(app.opening._jobs)
        await pilot.press("q")
        assert all(job.cancelled for job in jobs)


async def test_no_tabs_are_offered_where_their_numbers_open_files() -> None:
    async with running() as (app, _):
        assert not screen(app)[1].strip()


async def test_start_without_a_file() -> None:
    async with running() as (app, pilot):
        assert "No snapshot is open." in "\n".join(screen(app))
        await pilot.press("3", "s", "r", "question_mark", "escape", "escape")
        assert "No snapshot is open." in "\n".join(screen(app))


async def test_help_tells_every_action_and_column() -> None:
    async with running("a") as (app, pilot):
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        outline = app.pane.main.outline if app.pane else None
        assert outline is not None
        text = help_text("Summary", outline.view.columns, 300).plain
        assert all(action.about in text for action in ACTIONS)
        assert all(cap in text for action in ACTIONS for cap in keys.caps(action))
        assert all(column.about in text for column in outline.view.columns)
        await pilot.press("q")
        assert not isinstance(app.screen, HelpScreen)


async def test_every_action_is_done_by_its_owner_and_in_the_palette() -> None:
    async with running("a") as (app, _):
        owners = {
            "app": app,
            "desk": app.query_one(Desk),
            "explorer": app.explorer,
            "pane": app.pane,
            "grid": rows(app),
            "start": app.query_one(StartPage),
        }
        for action in ACTIONS:
            name = (action.call or action.id).partition("(")[0]
            assert hasattr(owners[action.owner], f"action_{name}"), action
        assert offered(app) == {
            action.words for action in ACTIONS if action.owner != "start" and action.id not in (*RECORDED, "base")
        }


async def test_the_palette_has_what_the_snapshots_have() -> None:
    recorded = {action.words for action in ACTIONS if action.id in RECORDED}
    async with running("a", "b", "c") as (app, _):
        assert "base" in offered(app)
        assert not offered(app) & recorded
    async with running() as (app, _):
        assert not offered(app) & {*recorded, "base", "show in Summary"}


def offered(app: HeaptuiApp) -> set[str]:
    """What can be chosen in the palette."""
    return {command.title for command in app.get_system_commands(app.screen)}


async def test_palette_does_what_it_says() -> None:
    async with running("a") as (app, pilot):
        grid = rows(app)
        outline = grid.outline
        assert outline is not None
        await pilot.press("ctrl+p", *"last row")
        await see(pilot, "To the last row shown")
        await pilot.press("enter")
        await until(pilot, lambda: outline.cursor == 199)


async def test_tabs_come_while_the_help_is_open() -> None:
    async with running() as (app, pilot):
        await pilot.press("question_mark")
        app.open_files(["a"], ["a"])
        await app.ready.wait()
        await pilot.press("escape")
        await pilot.pause()
        assert "[1 Summary]" in screen(app)[1]
        assert app.focused is rows(app)


async def test_no_key_means_two_things() -> None:
    bound = [key for action in ACTIONS for key in action.keys]
    assert len(bound) == len(set(bound))


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (180, 50)])
async def test_every_tab_fits_every_size(size: tuple[int, int]) -> None:
    async with running("a", "b", size=size) as (app, pilot):
        for tab in "1234":
            await pilot.press(tab)
            lines = screen(app)
            assert "heap" in lines[0]
            assert lines[-1].strip()


@pytest.mark.parametrize("shown", [tab.id for tab in TABS])
async def test_every_tab_has_a_word_on_a_small_screen(shown: str) -> None:
    async with running("a", size=(80, 24)) as (app, pilot):
        app.query_one(TabLine).mark(shown, TABS)
        await pilot.pause()
        assert re.findall(r"(\d) \w+", screen(app)[1]) == [tab.number for tab in TABS]


async def test_resizing_keeps_the_cursor_in_sight() -> None:
    async with running("a", size=(120, 40)) as (app, pilot):
        await pilot.press("pagedown")
        await pilot.resize_terminal(80, 16)
        await pilot.pause()
        grid = rows(app)
        assert grid.outline is not None
        assert 0 <= grid.outline.cursor - grid.scroll_offset.y < grid.page_size
        assert screen(app)[-1].strip()


async def test_clicks_select_and_open() -> None:
    async with running("a") as (app, pilot):
        grid = rows(app)
        await pilot.click(grid, offset=(10, 3))
        assert grid.outline is not None
        assert grid.outline.cursor == 2
        await pilot.click(grid, offset=(10, 3))
        await settle(pilot, grid)
        assert names(grid)[3] == "Socket"


@pytest.mark.parametrize("place", get_args(Place))
@pytest.mark.parametrize("width", [80, 180])
async def test_hints_fit_and_help_and_quit_are_the_last(place: Place, width: int) -> None:
    async with running("a", size=(width, 24)) as (app, _):
        footer = app.query_one(Footer)
        footer.hint(place)
        shown = footer.render().plain
        assert len(shown) <= width
        assert shown.endswith("? help  q quit")
        first = [" ".join(hint) for hint in keys.hints(place)]
        # What has no room is left out from the end on: nothing that matters more gives way to it.
        seen = [words for words in first if f" {words}  " in shown]
        assert seen == first[: len(seen)]
        assert len(seen) >= min(len(first), 3 if width == 80 else 6)


async def test_each_place_has_its_own_hints() -> None:
    async with running("a", size=(120, 40)) as (app, pilot):
        for key, words in (
            ("1", "/ match  p paths  i info  f filter"),
            ("enter", "/ match  p paths  i info  f filter"),
            ("down", "Enter open  / match  r retainers  p paths  i info  f filter"),
            ("r", "I ignore"),
            ("p", "r retainers"),
            ("escape", "f filter"),
            ("3", "p paths  i info  @ go to id"),
            ("4", "s sort"),
            ("2", "o open file  [ previous tab  ] next tab"),
        ):
            await pilot.press(key)
            await settle_all(pilot)
            assert words in screen(app)[-1], key


async def test_only_what_works_on_a_row_is_hinted_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heaptui.tui.frame.READING", 0)
    async with running("a", "b", size=(120, 40)) as (app, pilot):
        await pilot.press("1", "2", "home")
        await settle_all(pilot)
        assert "x only new ones" in screen(app)[-1]
        await pilot.press("enter", "down")
        await settle_all(pilot)
        assert "r retainers" in screen(app)[-1]
        assert "only new ones" not in screen(app)[-1]
        await pilot.press("1", "r")
        await settle_all(pilot)
        assert "I ignore" not in screen(app)[-1]


async def test_exact_bytes_are_for_all_lists_and_say_so() -> None:
    async with running("a", size=(120, 40)) as (app, pilot):
        await pilot.press("enter", "down", "u")
        await settle_all(pilot)
        titles = [line for line in screen(app) if "Distance" in line]
        assert len(titles) == 2
        assert all("Shallow bytes" in line for line in titles)
        assert "1,370,000" in whole(app)
        await pilot.press("3")
        await settle_all(pilot)
        assert "Retained bytes" in whole(app)
        await pilot.press("r", "u")
        await settle_all(pilot)
        assert "bytes" not in whole(app)


@pytest.mark.parametrize("width", [60, 80])
async def test_a_letter_to_sort_by_is_seen_for_every_column(width: int) -> None:
    async with running("a", "b", size=(width, 24)) as (app, pilot):
        outline = rows(app).outline
        assert outline is not None
        await pilot.press("s")
        for letter, column in keys.sort_letters(outline.view.columns).items():
            assert f" {letter} {short(column.title)[:2]}" in screen(app)[-1]


async def test_help_is_hinted_at_however_narrow_the_screen() -> None:
    async with running("a", size=(30, 20)) as (app, _):
        assert "? help" in screen(app)[-1]


async def test_the_footer_says_how_to_choose_the_base_where_there_is_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heaptui.tui.frame.READING", 0)
    for paths, said in (("ab", False), ("abc", True)):
        async with running(*paths, size=(180, 50)) as (app, pilot):
            await pilot.press("1", "2", "home")
            await settle_all(pilot)
            assert ("= choose the base" in screen(app)[-1]) == said


async def test_the_base_is_chosen_among_the_files() -> None:
    async with running("a", "b", "c") as (app, pilot):
        assert "a → b → c" in screen(app)[0]
        assert "gone since a." in screen(app)[2]
        await pilot.press("equals_sign", "2")
        await settle(pilot, rows(app))
        assert "b → a → c" in screen(app)[0]
        assert "gone since b." in screen(app)[2]
        assert [name_of(heap) for heap in app.heaps] == ["b", "a", "c"]
        assert "[2 Comparison]" in screen(app)[1]
    async with running("a", "b") as (app, pilot):
        await pilot.press("equals_sign")
        assert "three snapshots" in screen(app)[-1]
