"""Jumps, filters, ignoring, bookmarks and copies, on the demo pair."""

from __future__ import annotations

import base64
import json
import stat
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from heaptui.demo import FILES, TITLES
from heaptui.heap import Heap
from heaptui.snapshot.progress import Progress
from heaptui.tui import side, taking
from heaptui.tui.desk import Desk
from heaptui.tui.dialogs import Prompt
from heaptui.tui.objects import ObjectPane
from tests.tui.driving import Running, names, rows, running, screen, settle_all, whole


@pytest.fixture(autouse=True)
def _loaded(monkeypatch: pytest.MonkeyPatch, demo: tuple[Heap, Heap]) -> None:
    """The demo pair, read once for all tests."""

    def load(path: str, progress: Progress) -> Heap:
        return demo[FILES.index(path)]

    monkeypatch.setattr("heaptui.tui.loading._load", load)


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
        assert "filter: duplicated strings" in screen(app)[2]
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
        await pilot.press("f", "up", "enter")
        await settle_all(pilot, 0.5)
        assert "Native contexts" in whole(app)
        await pilot.press("enter")
        await settle_all(pilot)
        assert "filter: system / NativeContext" in screen(app)[2]


async def test_a_filter_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(heap: Heap, name: str, progress: Progress) -> None:
        while True:
            progress.check()

    monkeypatch.setattr("heaptui.heap.filters.filter_objects", endless)
    async with running(FILES[1]) as (app, pilot):
        before = names(rows(app))
        await pilot.press("f", "3")
        await pilot.pause(0.3)
        assert "Esc stops" in screen(app)[2]
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
        assert "weak too" in whole(app)
        await pilot.press("p")
        await settle_all(pilot)
        assert "Shortest paths to Buffer" in whole(app)
        assert "Path 1" in whole(app)
        await pilot.press("escape", "r")
        await settle_all(pilot)
        assert "Retainers of Buffer" in whole(app)


async def test_bookmarks_are_kept() -> None:
    async with on_buffer() as (app, pilot):
        buffer = selected((app, pilot))
        await pilot.press("b", *"leak?", "enter")
        await pilot.pause()
        assert "is kept" in screen(app)[-1]
    async with running(*FILES, titles=TITLES) as (app, pilot):
        await pilot.press("1", "apostrophe")
        assert "leak?" in whole(app)
        await pilot.press("1")
        await settle_all(pilot)
        assert selected((app, pilot)) == buffer
        await pilot.press("b", "ctrl+u", "-", "enter", "B")
        assert "Nothing is kept" in screen(app)[-1]


async def test_a_damaged_side_file_counts_as_none(state_home: Path) -> None:
    async with on_buffer() as (_, pilot):
        await pilot.press("b", "enter")
    for file in (state_home / "heaptui").iterdir():
        file.write_text('{"ignored": [')
    async with on_buffer() as (app, pilot):
        await pilot.press("B")
        assert "Nothing is kept" in screen(app)[-1]


async def test_all_about_an_object() -> None:
    async with on_buffer() as (app, pilot):
        await pilot.press("i")
        await pilot.pause(0.3)
        for words in ("Shallow size", "Dominated by", "node:buffer"):
            assert words in whole(app)
        await pilot.press("j", "k", "w", "escape")
        assert "Retainers of Buffer" in whole(app)


async def test_copies_are_sent_to_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_buffer() as (app, pilot):
        sent: list[str] = []
        monkeypatch.setattr(Desk, "copy", lambda self, content: sent.append(content))
        number = selected((app, pilot)).partition("@")[2]
        await pilot.press("y")
        for key in "2345":
            await pilot.press("Y", key)
        name, identifier, row, path, command = sent
        assert (name, identifier) == ("Buffer", f"@{number}")
        assert row.startswith(f"Buffer @{number}\t1\t")
        assert path.splitlines()[1] == f"  Buffer @{number}"
        assert command == f"heaptui retainers {FILES[1]} @{number}"


async def test_lists_are_written_to_files(tmp_path: Path) -> None:
    async with on_buffer() as (app, pilot):
        for name, begins in (("a.json", "{"), ("a.csv", "name,"), ("a.md", "| "), ("a.txt", "Constructor")):
            await pilot.press("e", "ctrl+u")
            app.query_one(Prompt).query_one("Input").value = str(tmp_path / name)  # type: ignore[attr-defined]
            await pilot.press("enter")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert "1 rows are in" in screen(app)[-1]
            written = tmp_path / name
            assert written.read_text().startswith(begins)
            assert stat.S_IMODE(written.stat().st_mode) == 0o600
        await pilot.press("e", "ctrl+u", *"x.pdf", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "should end in" in screen(app)[-1]


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
        assert "Where the objects hang from: Buffer" in whole(app)
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


async def test_a_range_of_time_filters_the_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    from heaptui.heap import load_heap

    recording = str(Path(__file__).parent.parent / "data" / "chrome-timeline.heaptimeline.gz")
    monkeypatch.setattr("heaptui.tui.loading._load", lambda path, progress: load_heap(path, progress))
    async with running(recording, size=(120, 40)) as (app, pilot):
        assert "7 Timeline" in screen(app)[1]
        await pilot.press("7")
        await settle_all(pilot)
        assert " s " in whole(app)
        await pilot.press("v", "down", "down", "x")
        await settle_all(pilot)
        assert "filter: allocated at" in screen(app)[2]
        if "8 Allocation" in screen(app)[1]:
            await pilot.press("8")
            await settle_all(pilot)
            assert "Live count" in whole(app)


async def test_a_slow_sort_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(FILES[1]) as (app, pilot):
        before = names(rows(app))
        release = threading.Event()
        outline = rows(app).outline
        assert outline is not None
        view = outline.view
        monkeypatch.setattr(view, "roots", lambda order, match="": release.wait(5) and None, raising=False)
        await pilot.press("s", "n")
        await pilot.pause(0.3)
        assert "Esc stops" in screen(app)[2]
        await pilot.press("escape", "down")
        await pilot.pause()
        assert outline.cursor == 1
        release.set()
        await pilot.pause(0.1)
        assert names(rows(app)) == before
