"""The page without a snapshot: recent files, the files of a folder, and completing a typed name."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from textual.widgets import Input

from heaptui.tui import side
from heaptui.tui.dialogs import Prompt
from heaptui.tui.files import MOST, complete_file, complete_snapshots, entries, is_snapshot
from heaptui.tui.start import StartPage, age
from tests.tui.driving import Running, running, screen, see, until, whole

pytestmark = pytest.mark.usefixtures("fake_heaps")

SNAPSHOTS = ("old.heapsnapshot", "middle.heapsnapshot.gz", "new.heaptimeline")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: three snapshots, other things, and a folder with a fourth one."""
    place = tmp_path / "snapshots"
    (place / "inner").mkdir(parents=True)
    (place / ".hidden").mkdir()
    (place / "notes.txt").write_text("no snapshot")
    for i, name in enumerate(SNAPSHOTS):
        (place / name).write_bytes(b"x" * (1000 * (i + 1)))
        when = time.time() - 86_400 * 3 * (len(SNAPSHOTS) - i)
        os.utime(place / name, (when, when))
    (place / "inner" / "deep.heapsnapshot").touch()
    monkeypatch.chdir(place)
    return place


async def settled(app: Running) -> list[str]:
    """The screen when the folder was read."""
    await app[0].workers.wait_for_complete()
    await app[1].pause()
    return screen(app[0])


async def opened(app: Running, *keys: str) -> list[str]:
    """The names of what is open after some keys."""
    await app[1].press(*keys)
    await until(app[1], lambda: len(app[0].heaps) > 0)
    return [Path(path).name for path in app[0].opening.paths]


async def test_snapshots_of_the_folder_newest_first(folder: Path) -> None:
    async with running() as app:
        lines = await settled(app)
        rows = [line.split() for line in lines if ".heap" in line and " ago" in line]
        assert [row[-6] for row in rows] == list(SNAPSHOTS[::-1])
        assert rows[0][-5:] == ["3.00", "kB", "3", "days", "ago"]
        assert rows[0][0] == "›"
        assert any("inner/" in line for line in lines)
        assert not any("notes" in line or "hidden" in line for line in lines)


async def test_one_file_is_opened(folder: Path) -> None:
    async with running() as app:
        await settled(app)
        assert await opened(app, "down", "enter") == ["middle.heapsnapshot.gz"]
        assert "[1 Summary]" in screen(app[0])[1]


async def test_two_files_are_compared_in_the_order_chosen(folder: Path) -> None:
    async with running() as app:
        await settled(app)
        await app[1].press("end", "up", "m")
        lines = await settled(app)
        assert any("[1] old.heapsnapshot" in line for line in lines)
        assert await opened(app, "home", "down", "enter") == ["old.heapsnapshot", "new.heaptimeline"]
        assert "[2 Comparison]" in screen(app[0])[1]


async def test_chosen_files_are_opened_wherever_the_cursor_is(folder: Path) -> None:
    async with running() as app:
        await settled(app)
        assert await opened(app, "m", "m", "m", "home", "down", "m", "down", "enter") == [
            "middle.heapsnapshot.gz",
            "old.heapsnapshot",
        ]


async def test_folders_are_entered_and_left(folder: Path) -> None:
    async with running() as app:
        await settled(app)
        await app[1].press("end", "enter")
        lines = await settled(app)
        assert any("deep.heapsnapshot" in line for line in lines)
        assert any("inner" in line and "size" in line for line in lines)
        await app[1].press("left")
        lines = await settled(app)
        assert any(line.strip().startswith("›") and "inner/" in line for line in lines)
        await app[1].press("home", "enter")
        lines = await settled(app)
        assert any("› " in line and "snapshots/" in line for line in lines)
        assert "no .heapsnapshot" in whole(app[0])


async def test_a_folder_that_is_gone_is_told(folder: Path) -> None:
    async with running() as app:
        await settled(app)
        (folder / "inner" / "deep.heapsnapshot").unlink()
        (folder / "inner").rmdir()
        await app[1].press("end", "enter")
        await settled(app)
        assert app[0].query_one(StartPage).cursor >= 0
        assert "old.heapsnapshot" in whole(app[0])


async def test_recent_files_stand_before_the_folder(folder: Path) -> None:
    side.remember([str(folder / "old.heapsnapshot"), str(folder / "new.heaptimeline")])
    async with running() as app:
        lines = await settled(app)
        (recent,) = [line for line in lines if "→" in line]
        assert recent.split()[:2] == ["›", "1"]
        assert await opened(app, "enter") == ["old.heapsnapshot", "new.heaptimeline"]


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (180, 50)])
async def test_many_files_fit_every_size(folder: Path, size: tuple[int, int]) -> None:
    for i in range(100):
        (folder / f"x{i:03}-{'long' * 30}.heapsnapshot").touch()
    async with running(size=size) as app:
        await settled(app)
        assert re.search(r"\d+ to \d+ of 10\d\)", whole(app[0]))
        for key in ("end", "home", "pagedown", "pageup", "up"):
            await app[1].press(key)
            await app[1].pause()
            assert any(line.strip().startswith("›") for line in screen(app[0]))


async def test_clicks_choose_and_open(folder: Path) -> None:
    async with running() as app:
        lines = await settled(app)
        y = next(i for i, line in enumerate(lines) if "old.heapsnapshot" in line)
        await app[1].click(offset=(10, y))
        lines = await settled(app)
        assert "›" in lines[y]
        await app[1].click(offset=(10, y))
        assert await opened(app) == ["old.heapsnapshot"]


async def test_tab_completes_the_last_name(folder: Path) -> None:
    async with running() as app:
        _, pilot = app
        field = app[0].query_one(Prompt).query_one(Input)
        await pilot.press("o", *"ol", "tab")
        await until(pilot, lambda: field.value == "old.heapsnapshot")
        await pilot.press("space", *"inn", "tab")
        folder_first = f"old.heapsnapshot inner{os.sep}"
        await until(pilot, lambda: field.value == folder_first)
        await pilot.press("tab")
        await until(pilot, lambda: field.value == f"{folder_first}deep.heapsnapshot")
        await pilot.press("enter")
        assert await opened(app) == ["old.heapsnapshot", "deep.heapsnapshot"]


async def test_tab_goes_through_all_that_fit(folder: Path) -> None:
    async with running() as app:
        _, pilot = app
        field = app[0].query_one(Prompt).query_one(Input)
        await pilot.press("o")
        seen = [""]
        for _ in range(5):
            await pilot.press("tab")
            await until(pilot, lambda: field.value != seen[-1])
            seen.append(field.value)
        del seen[0]
        assert sorted(seen[:4]) == sorted([*SNAPSHOTS, "inner/"])
        assert seen[4] == seen[0]
        assert "of 4" in screen(app[0])[-1]
        await pilot.press(*"zzz", "tab")
        await see(pilot, "0 fit")


def test_completion_keeps_other_words_and_quotes(folder: Path) -> None:
    spaced = folder / "my app.heapsnapshot"
    spaced.touch()
    assert complete_snapshots("old.heapsnapshot my") == ["old.heapsnapshot 'my app.heapsnapshot'"]
    assert complete_snapshots("'my a") == ["'my app.heapsnapshot'"]
    assert complete_snapshots("no") == []
    assert complete_file("no") == ["notes.txt"]
    assert complete_file("nowhere/x") == []
    assert complete_file(str(folder / ".hid")) == [str(folder / ".hidden") + os.sep]


def test_names_that_cannot_be_typed_are_not_completed(folder: Path) -> None:
    (folder / "evil\x1b[31m.heapsnapshot").touch()
    assert complete_snapshots("evil") == []
    assert any("evil" in entry.name for entry in entries(str(folder)))


async def test_names_cannot_act_on_the_terminal(folder: Path) -> None:
    (folder / "evil\x1b[31m\n[bold].heapsnapshot").touch()
    async with running() as app:
        await settled(app)
        assert "evil\\x1b[31m\\n[bold].heapsnapshot" in whole(app[0])


def test_a_home_directory_stays_written_short(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert complete_snapshots("~/ol") == ["~/old.heapsnapshot"]


def test_what_is_called_like_a_snapshot() -> None:
    assert all(is_snapshot(name) for name in ("a.heapsnapshot", "a.heaptimeline", "b.heapsnapshot.gz"))
    assert not any(is_snapshot(name) for name in ("a.heapprofile", "a.gz", "heapsnapshot"))


def test_no_folder_is_listed_endlessly(tmp_path: Path) -> None:
    for i in range(MOST + 10):
        (tmp_path / f"{i}.heapsnapshot").touch()
    assert len(entries(str(tmp_path))) == MOST


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "just now"), (70, "1 min ago"), (7000, "116 min ago"), (7300, "2 h ago"), (200_000, "2 days ago")],
)
def test_ages(seconds: float, said: str) -> None:
    assert age(seconds) == said
