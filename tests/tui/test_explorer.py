"""Jumps, filters, ignoring, bookmarks and copies, on the demo pair."""

from __future__ import annotations

import base64
import json
import os
import re
import stat
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import takewhile
from pathlib import Path

import pytest
from textual.widgets import Input

from heaptui.demo import FILES, TITLES
from heaptui.heap import Heap, load_heap
from heaptui.snapshot.progress import Progress
from heaptui.tui import side, taking
from heaptui.tui.app import HeaptuiApp
from heaptui.tui.desk import Desk
from heaptui.tui.dialogs import Prompt
from heaptui.tui.objects import ObjectPane
from heaptui.views.lines import Line
from heaptui.views.model import Order, Rows
from tests.conftest import DATA
from tests.tui.driving import PATIENCE, Running, names, rows, running, screen, see, settle_all, until, whole

pytestmark = pytest.mark.usefixtures("loaded")


@asynccontextmanager
async def on_buffer(size: tuple[int, int] = (120, 40)) -> AsyncIterator[Running]:
    """The app with the cursor on the first new Buffer of the comparison."""
    async with running(*FILES, titles=TITLES, size=size) as (app, pilot):
        await pilot.press("slash", *"/^Buffer/", "enter")
        await settle_all(pilot)
        await pilot.press("right", "right")
        await settle_all(pilot)
        yield app, pilot


def selected(app: Running) -> str:
    row = app[0].explorer.selection
    assert row is not None
    return f"{row.row.label.name} @{row.row.label.id}"


async def test_the_same_object_in_every_tab_and_back() -> None:
    async with on_buffer() as (app, pilot):
        buffer = selected((app, pilot))
        assert buffer.startswith("Buffer @")
        for key, tab in (("x", "summary"), ("c", "containment"), ("d", "dominators")):
            await pilot.press(key)
            await settle_all(pilot)
            assert app.explorer.tab == tab
            assert selected((app, pilot)) == buffer
            assert f"Retainers of {buffer}" in whole(app)
        assert "› system / Context" in screen(app)[2]
        for tab in ("containment", "summary", "comparison"):
            await pilot.press("left_parenthesis")
            await settle_all(pilot)
            assert app.explorer.tab == tab
            assert selected((app, pilot)) == buffer
        await pilot.press("left_parenthesis")
        assert "where you began" in screen(app)[-1]
        await pilot.press("right_parenthesis")
        await settle_all(pilot)
        assert app.explorer.tab == "summary"


async def test_new_instances_of_a_class() -> None:
    async with running(*FILES, titles=TITLES) as (app, pilot):
        await pilot.press("slash", *"/^Buffer/", "enter")
        await settle_all(pilot)
        await pilot.press("x")
        await settle_all(pilot)
        assert "filter: new since before" in screen(app)[2]
        assert "Buffer  ×100" in whole(app)
        assert rows(app).outline is not None
        assert names(rows(app)).count("Buffer") == 101
        await pilot.press("escape")
        await settle_all(pilot)
        assert "filter" not in screen(app)[2]


async def test_going_to_an_id() -> None:
    async with on_buffer() as (app, pilot):
        buffer = selected((app, pilot))
        number = buffer.partition("@")[2]
        await pilot.press("1", "at", *number, "enter")
        await settle_all(pilot)
        assert (app.explorer.tab, selected((app, pilot))) == ("summary", buffer)
        await pilot.press("3", "slash", "at", *number, "enter")
        await settle_all(pilot)
        assert (app.explorer.tab, selected((app, pilot))) == ("containment", buffer)
        for typed, told in (("99999999", "in no snapshot"), ("x", "is no id")):
            await pilot.press("at", *typed, "enter")
            await settle_all(pilot)
            assert told in screen(app)[-1]


async def test_filters_from_the_menu() -> None:
    async with running(FILES[1]) as (app, pilot):
        everything = len(names(rows(app)))
        await pilot.press("f")
        assert "duplicated strings" in whole(app)
        await pilot.press("2")
        await settle_all(pilot)
        assert re.search(r"filter: duplicated strings: [\d,]+ objects, [\d.]+ kB", screen(app)[2])
        assert len(names(rows(app))) < everything
        await pilot.press("f", "down", "down", "enter")
        await settle_all(pilot)
        await pilot.press("left_parenthesis")
        await settle_all(pilot)
        assert "filter: duplicated strings" in screen(app)[2]
        await pilot.press("f", "1")
        await settle_all(pilot)
        assert len(names(rows(app))) == everything
        await pilot.press("f", "escape")
        assert "Constructor" in whole(app)


async def test_native_contexts_are_offered() -> None:
    async with running(FILES[1]) as (app, pilot):
        await pilot.press("f", "up", "up", "enter")
        await see(pilot, "Native contexts")
        await pilot.press("enter")
        await settle_all(pilot)
        assert "filter: system / NativeContext" in screen(app)[2]


async def test_a_query_from_the_menu_and_by_its_key() -> None:
    async with running(*FILES, titles=["before", "after"]) as (app, pilot):
        await pilot.press("f", "up", "enter", *"class:/^Buf/ new", "enter")
        await settle_all(pilot)
        assert "filter: class:/^Buf/ new" in screen(app)[2]
        assert names(rows(app)) == ["Buffer"]
        outline = rows(app).outline
        assert outline is not None
        assert outline.filtered == f"class:/^Buf/ new-since:{FILES[0]}"
        await pilot.press("F")
        assert "class:/^Buf/ new" in screen(app)[-1]


async def test_a_filter_that_lets_nothing_through_can_be_taken_away() -> None:
    async with running(*FILES, titles=TITLES) as (app, pilot):
        await pilot.press("1", "F", *"class:Nowhere", "enter")
        await see(pilot, "Nothing passes the filter. Esc shows all again.")
        await settle_all(pilot)
        assert "Nothing is selected" in whole(app)
        assert screen(app)[-1].startswith(" Esc all rows again  f filter  @ go to id")
        await pilot.press("escape")
        await settle_all(pilot)
        assert len(names(rows(app))) > 100


async def test_a_query_that_is_wrong_can_be_mended() -> None:
    async with running(FILES[1], size=(120, 30)) as (app, pilot):
        await pilot.press("F", *"class:Buffer retaned>1", "enter")
        assert "no word 'retaned', perhaps retained (at character 14)" in screen(app)[-1]
        assert "class:Buffer retaned>1" in screen(app)[-1]
        assert app.query_one(Prompt).query_one(Input).cursor_position == 13
        await pilot.press("ctrl+k", *"retai", "tab", *"100", "enter")
        await settle_all(pilot)
        assert "filter: class:Buffer retained>100" in screen(app)[2]


async def test_a_query_that_the_file_cannot_answer_is_not_lost() -> None:
    async with running(FILES[1], size=(120, 30)) as (app, pilot):
        await pilot.press("F", *"type:klosure", "enter")
        await settle_all(pilot)
        assert "no node type 'klosure'" in whole(app)
        await pilot.press("F")
        assert "type:klosure" in screen(app)[-1]


async def test_an_expression_that_hangs_others_leaves_the_screen_alive() -> None:
    async with running(FILES[1]) as (app, pilot):
        await pilot.press("F", *"name:/^(a+)+$/ or string:/([a-z ]+)*$/", "enter")
        await settle_all(pilot)
        assert "filter: name:" in screen(app)[2]
        await pilot.press("slash", *"/([a-zA-Z]+)*$x/", "enter")
        await settle_all(pilot)
        assert names(rows(app)) == []


async def test_a_filter_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(heap: Heap, name: str, progress: Progress) -> None:
        while True:
            progress.check()

    monkeypatch.setattr("heaptui.query.choosing.filter_objects", endless)
    async with running(FILES[1]) as (app, pilot):
        before = names(rows(app))
        await pilot.press("f", "3")
        await see(pilot, "Esc stops")
        await pilot.press("escape")
        await settle_all(pilot)
        assert "Stopped." in screen(app)[-1]
        assert names(rows(app)) == before


async def test_ignored_retainers_are_kept(state_home: Path) -> None:
    async with on_buffer() as (app, pilot):
        pane = app.pane
        assert isinstance(pane, ObjectPane)
        await pilot.press("r", "down", "down", "I")
        await settle_all(pilot)
        assert "1 ignored" in whole(app)
        assert "is ignored" in screen(app)[-1]
    (kept,) = [file for file in (state_home / "heaptui").iterdir() if file.name != "recent.json"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(json.loads(kept.read_text())["ignored"]) == 1
    async with on_buffer() as (app, pilot):
        assert "1 ignored" in whole(app)
        await pilot.press("R")
        await settle_all(pilot)
        assert "ignored" not in whole(app)


async def test_weak_retainers_and_paths() -> None:
    async with on_buffer() as (app, pilot):
        await pilot.press("w")
        await settle_all(pilot)
        assert "weak ones shown" in whole(app)
        await pilot.press("p")
        await settle_all(pilot)
        assert "Shortest paths to Buffer" in whole(app)
        assert "Path 1" in whole(app)
        await pilot.press("escape", "r")
        await settle_all(pilot)
        assert "Retainers of Buffer" in whole(app)


async def test_the_heading_of_a_path_is_no_object_to_show() -> None:
    async with on_buffer() as (app, pilot):
        await pilot.press("p")
        await settle_all(pilot)
        assert selected((app, pilot)) == "Path 1 @None"
        assert "show in Summary" not in screen(app)[-1]
        await pilot.press("x")
        await settle_all(pilot)
        assert app.explorer.tab == "comparison"
        assert "object" in screen(app)[-1]
        await pilot.press("down")
        await settle_all(pilot)
        step = selected((app, pilot))
        await pilot.press("x")
        await settle_all(pilot)
        assert app.explorer.tab == "summary"
        assert selected((app, pilot)) == step


async def test_it_is_said_when_only_ignored_retainers_keep_an_object() -> None:
    async with on_buffer() as (app, pilot):
        await pilot.press("r", "I")
        await settle_all(pilot)
        assert "(1 ignored: R restores; nothing else keeps it alive)" in whole(app)
        await pilot.press("R", "1", "slash", *"/^global$/", "enter", "right", "right", "r")
        await settle_all(pilot)
        await pilot.press("I")
        await settle_all(pilot)
        assert "ignored: R restores" in whole(app)
        assert "nothing else" not in whole(app)


async def test_paths_of_a_retainer_give_way_when_the_cursor_above_goes_on() -> None:
    async with on_buffer() as (app, pilot):
        await pilot.press("r", "down", "p")
        await settle_all(pilot)
        assert "Shortest paths to ()" in whole(app)
        assert "in before" not in whole(app)
        # The last step of a path is the object itself, as it is in the snapshot that is shown.
        assert isinstance(app.pane, ObjectPane)
        assert app.pane.below.outline is not None
        titled = whole(app).partition("Shortest paths to () @")[2].split()[0]
        _, *steps = takewhile(lambda line: line.depth > 0 or line.index == 0, app.pane.below.outline.lines)
        assert steps[-1].row is not None
        assert str(steps[-1].row.label.id) == titled
        await pilot.press("escape")
        await settle_all(pilot)
        assert "Shortest paths to ()" in whole(app)
        await pilot.press("down")
        await settle_all(pilot)
        assert "Shortest paths to Buffer" in whole(app)


async def test_bookmarks_are_kept() -> None:
    async with on_buffer() as (app, pilot):
        buffer = selected((app, pilot))
        await pilot.press("b", *"leak?", "enter")
        await pilot.pause()
        assert "is bookmarked" in screen(app)[-1]
    async with running(*FILES, titles=TITLES) as (app, pilot):
        await pilot.press("1", "apostrophe")
        assert "leak?" in whole(app)
        await pilot.press("1")
        await settle_all(pilot)
        assert selected((app, pilot)) == buffer
        await pilot.press("b", "ctrl+u", "-", "enter", "B")
        assert "There are no bookmarks" in screen(app)[-1]


async def test_a_damaged_side_file_counts_as_none(state_home: Path) -> None:
    async with on_buffer() as (_, pilot):
        await pilot.press("b", "enter")
    for file in (state_home / "heaptui").iterdir():
        file.write_text('{"ignored": [')
    async with on_buffer() as (app, pilot):
        await pilot.press("B")
        assert "There are no bookmarks" in screen(app)[-1]


async def test_all_about_an_object() -> None:
    async with on_buffer() as (app, pilot):
        await pilot.press("i")
        for words in ("Shallow size", "Dominated by", "node:buffer"):
            await see(pilot, words)
        await pilot.press("j", "k", "w", "escape")
        assert "Retainers of Buffer" in whole(app)


async def test_copies_are_sent_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_buffer() as (app, pilot):
        sent: list[str] = []
        monkeypatch.setattr(Desk, "copy", lambda self, content: sent.append(content))
        number = selected((app, pilot)).partition("@")[2]
        await pilot.press("y")
        for key in "23456":
            await pilot.press("Y", key)
        name, identifier, row, path, of_list, of_row = sent
        assert (name, identifier) == ("Buffer", f"@{number}")
        assert row.startswith(f"Buffer @{number}\t1\t")
        assert path.splitlines()[1] == f"  Buffer @{number}"
        assert of_list == f"heaptui compare {FILES[0]} {FILES[1]} '--match=/^Buffer/'"
        assert of_row == f"heaptui retainers {FILES[1]} @{number}"
        # Behind the commands are the cells, as they are counted: a Buffer is no string.
        await pilot.press("Y", "7")
        assert sent[-1] == "1"
        await pilot.press("Y")
        await settle_all(pilot)
        assert "whole string" not in whole(app)
        assert "\t" not in whole(app)
        await pilot.press("8")
        assert sent[-1] == "96"


async def type_file(running: Running, key: str, name: object) -> None:
    app, pilot = running
    await pilot.press(key, "ctrl+u")
    app.query_one(Prompt).query_one(Input).value = str(name)
    await pilot.press("enter")
    await app.workers.wait_for_complete()
    await pilot.pause()


async def test_lists_are_written_to_files(tmp_path: Path) -> None:
    async with on_buffer() as (app, pilot):
        for name, begins in (("a.json", "{"), ("a.csv", "level,"), ("a.md", "| "), ("a.txt", "Constructor")):
            await type_file((app, pilot), "e", tmp_path / name)
            assert "101 rows in" in screen(app)[-1]
            written = tmp_path / name
            assert written.read_text().startswith(begins)
            assert stat.S_IMODE(written.stat().st_mode) == 0o600
        await type_file((app, pilot), "e", "x.pdf")
        assert "should end in" in screen(app)[-1]


@pytest.mark.parametrize(("key", "name"), [("e", "a.csv"), ("P", "a.svg")])
async def test_a_file_is_not_written_over_without_asking(tmp_path: Path, key: str, name: str) -> None:
    file = tmp_path / name
    file.write_text("precious")
    async with on_buffer() as (app, pilot):
        for answers in (["enter"], ["n", "enter"], ["escape"]):
            await type_file((app, pilot), key, file)
            assert "is there; write over it" in screen(app)[-1]
            await pilot.press(*answers)
            await pilot.pause()
            assert file.read_text() == "precious"
        await type_file((app, pilot), key, file)
        await pilot.press("y", "enter")
        await app.workers.wait_for_complete()
        assert file.read_text() != "precious"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_device_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "x.csv"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    async with on_buffer() as (app, pilot):
        await type_file((app, pilot), "e", pipe)
    reader.join()
    assert read[0].startswith(b"level,")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_clipboard_sequences() -> None:
    encoded = base64.b64encode("é".encode()).decode()
    assert taking.clipboard_sequence("é", {}) == f"\x1b]52;c;{encoded}\x07"
    assert f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\" in taking.clipboard_sequence("é", {"TMUX": "/x,1,0"})
    with pytest.raises(ValueError, match="more than terminals take"):
        taking.clipboard_sequence("x" * 60_000, {})


async def test_recent_files_are_offered_and_opened() -> None:
    async with on_buffer():
        pass
    async with running() as (app, pilot):
        assert "Opened last" in whole(app)
        assert "after.heapsnapshot" in whole(app)
        await pilot.press("1")
        await app.ready.wait()
        await settle_all(pilot)
        assert app.explorer.tab == "comparison"


async def test_recent_files_far_down_keep_their_names(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["releases"] * 20)
    folder.mkdir(parents=True)
    files = [folder / "before.heapsnapshot", folder / "after.heapsnapshot"]
    for file in files:
        file.touch()
    side.remember([str(file) for file in files])
    async with running() as (app, _):
        assert "before.heapsnapshot → after.heapsnapshot" in whole(app)


async def test_help_explains_what_the_cursor_stands_on() -> None:
    async with on_buffer() as (app, pilot):
        await pilot.press("r", "down", "question_mark")
        assert "Where the cursor is" in whole(app)
        assert "closure" in whole(app)
        await pilot.press("escape")


async def test_where_the_objects_of_a_class_hang_from() -> None:
    async with running(*FILES, titles=TITLES, size=(120, 40)) as (app, pilot):
        await pilot.press("slash", *"/^Buffer/", "enter")
        await settle_all(pilot)
        await pilot.press("p")
        await settle_all(pilot)
        assert "All 100 Buffer hang from …error[] › variable innerData in run3(), seed.js" in whole(app)
        assert "100 %" in whole(app)
        await pilot.press("escape", "r")
        await settle_all(pilot)
        assert "select an object" in whole(app)


async def test_entries_stand_before_the_references_and_paths_lead_past_them(demo: tuple[Heap, Heap]) -> None:
    from heaptui.views.entries import entries, table_of

    heap = demo[1]
    wanted = next(
        node
        for node in heap.names.nodes_named("Map", "object").tolist()
        if table_of(heap, node) is not None and len(entries(heap, node)) and heap.distance[node] < 20
    )
    table = table_of(heap, wanted)
    assert table is not None
    async with running(FILES[1], size=(120, 40)) as (app, pilot):
        await pilot.press("3", "at", *str(heap.id(table)), "enter")
        await settle_all(pilot)
        assert selected((app, pilot)).endswith(f"@{heap.id(table)}")
        await pilot.press("at", *str(heap.id(wanted)), "enter")
        await settle_all(pilot)
        await pilot.press("right", "right")
        await settle_all(pilot)
        assert selected((app, pilot)) == "entries @None"
        await pilot.press("right", "right")
        await settle_all(pilot)
        assert "entries ›" in screen(app)[2]


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> str:
    """A recorded timeline with stacks."""
    monkeypatch.setattr("heaptui.tui.loading._load", lambda path, progress, manner, first: load_heap(path, progress))
    return str(DATA / "chrome-timeline.heaptimeline.gz")


def filtered_count(app: HeaptuiApp) -> int:
    """How many objects the Summary counts."""
    outline = rows(app).outline
    assert outline is not None
    return sum(line.row.cells["count"] or 0 for line in outline.lines if line.row and not line.depth)


async def test_a_range_of_time_filters_the_summary(recording: str) -> None:
    async with running(recording, size=(80, 24)) as (app, pilot):
        await pilot.press("7")
        await settle_all(pilot)
        outline = rows(app).outline
        assert outline is not None
        lines = [line.row for line in outline.lines if line.row]
        await pilot.press("down", "down", "v")
        assert f"from {lines[2].label.name}" in screen(app)[2]
        await pilot.press("escape")
        assert "from" not in screen(app)[2]
        await pilot.press("v", "v")
        assert "from" not in screen(app)[2]
        assert "▌" not in whole(app)
        await pilot.press("v", *["down"] * 6, "x")
        await settle_all(pilot)
        assert app.explorer.tab == "summary"
        assert f"filter: allocated from {lines[2].label.name} to {lines[8].label.name}" in screen(app)[2]
        # Those without a size of their own are not counted.
        recorded = sum(row.cells["count"] or 0 for row in lines[2:9])
        assert 0.9 * recorded < filtered_count(app) <= recorded
        await pilot.press("escape")
        await settle_all(pilot)
        assert "filter" not in screen(app)[2]
        await pilot.press("left_parenthesis")
        await settle_all(pilot)
        assert app.explorer.tab == "timeline"


def marked(app: HeaptuiApp) -> list[str]:
    """The times of the rows on the screen that are marked as chosen."""
    return [line.split(" s ")[0][2:] for line in screen(app) if line.startswith("▌")]


async def test_the_rows_of_a_range_are_marked_and_the_footer_says_how_to_end_it(recording: str) -> None:
    async with running(recording) as (app, pilot):
        await pilot.press("7")
        await settle_all(pilot)
        assert "begin a range" in screen(app)[-1]
        times = [name.removesuffix(" s") for name in names(rows(app))]
        await pilot.press("down", "down", "down", "v")
        assert marked(app) == times[3:4]
        assert "x end it, show it" in screen(app)[-1]
        assert "Esc drop the range" in screen(app)[-1]
        await pilot.press(*["down"] * 4)
        assert marked(app) == times[3:8]
        await pilot.press(*["up"] * 6)
        assert marked(app) == times[1:4]
        assert f"from {times[1]} s to {times[3]} s" in screen(app)[2]
        # In another order they are the same rows.
        rows(app).sort_by("size")
        await settle_all(pilot)
        assert sorted(marked(app)) == times[1:4]
        await pilot.press("escape")
        assert not marked(app)
        assert "begin a range" in screen(app)[-1]


async def test_a_range_can_end_before_it_begins(recording: str) -> None:
    counts = []
    for keys in (("down", "down", "v", *["down"] * 6), (*["down"] * 8, "v", *["up"] * 6)):
        async with running(recording) as (app, pilot):
            await pilot.press("7")
            await settle_all(pilot)
            await pilot.press(*keys, "x")
            await settle_all(pilot)
            counts.append(filtered_count(app))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("size", [(80, 24), (180, 50)])
async def test_bars_over_time_tell_live_from_freed_by_their_shape(recording: str, size: tuple[int, int]) -> None:
    async with running(recording, size=size) as (app, pilot):
        await pilot.press("7")
        await settle_all(pilot)
        outline = rows(app).outline
        assert outline is not None
        drawn = [line for line in screen(app) if re.match(r"  \d+\.\d{3} s", line)]
        found = [line.row for line in outline.lines if line.row][: len(drawn)]
        longest = max(row.cells["allocated"] or 0 for row in found[1:])
        for line, row in zip(drawn[1:], found[1:], strict=True):
            bar = re.sub("[^█░]", "", line[14:][: size[0] // 2])
            assert ("█" in bar) == bool(row.cells["count"])
            assert ("░" in bar) <= ((row.cells["allocated"] or 0) > (row.cells["count"] or 0))
            assert (len(bar) > 0) == bool(row.cells["allocated"])
        full = [line for line, row in zip(drawn, found, strict=True) if row.cells["allocated"] == longest]
        assert max(line.count("█") for line in drawn[1:]) <= full[0].count("█") + full[0].count("░")


async def test_from_a_function_to_what_it_allocated(recording: str) -> None:
    async with running(recording, size=(120, 40)) as (app, pilot):
        await pilot.press("8")
        await settle_all(pilot)
        await pilot.press("slash", *"allocInner", "enter")
        await settle_all(pilot)
        chosen = app.explorer.selection
        assert chosen is not None
        size = chosen.row.cells["live_size"]
        await pilot.press("x")
        await settle_all(pilot)
        assert "filter: allocated by allocInner" in screen(app)[2]
        outline = rows(app).outline
        assert outline is not None
        assert sum(line.row.cells["shallow_size"] or 0 for line in outline.lines if line.row) == size
        await pilot.press("left_parenthesis")
        await settle_all(pilot)
        await pilot.press("right", "right", "x")
        await settle_all(pilot)
        assert "filter: allocated by allocInner ← " in screen(app)[2]
        await pilot.press("f", "1")
        await settle_all(pilot)
        assert "filter" not in screen(app)[2]


async def test_a_slow_sort_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(FILES[1]) as (app, pilot):
        before = names(rows(app))
        release, released = threading.Event(), threading.Event()
        outline = rows(app).outline
        assert outline is not None
        view = outline.view
        roots = view.roots

        def slow(order: Order, match: str = "") -> Rows:
            release.wait(PATIENCE)
            released.set()
            return roots(order, match)

        monkeypatch.setattr(view, "roots", slow)
        await pilot.press("s", "n")
        await see(pilot, "Esc stops")
        await pilot.press("escape", "down")
        await pilot.pause()
        assert outline.cursor == 1
        release.set()
        await until(pilot, released.is_set)
        await pilot.pause(0.05)
        assert names(rows(app)) == before


async def test_equal_strings_have_paths_and_are_shown_in_the_summary() -> None:
    async with on_buffer() as (app, pilot):
        await pilot.press("escape", "9")
        await settle_all(pilot)
        outline = rows(app).outline
        assert outline is not None
        assert outline.lines[0].row is not None
        count = outline.lines[0].row.cells["count"]
        assert count
        await pilot.press("home", "p")
        await settle_all(pilot)
        assert isinstance(app.pane, ObjectPane)
        assert app.pane.below.outline is not None
        assert app.pane.below.outline.view.total == {"count": count}
        await pilot.press("escape", "x")
        await settle_all(pilot)
        assert "strings that say" in screen(app)[2]
        assert sum(line.row.label.count or 0 for line in shown_rows(app) if line.row) == count


def shown_rows(app: HeaptuiApp) -> list[Line]:
    """The lines of the open tab."""
    outline = rows(app).outline
    assert outline is not None
    return outline.lines
