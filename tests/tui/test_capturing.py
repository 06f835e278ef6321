"""Snapshots of real processes, taken in the app."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from heaptui.capture import memory, sockets
from heaptui.capture.reaching import Target
from heaptui.demo import FILES
from heaptui.suspects.growth import ids_match
from heaptui.tui.capturing import CaptureScreen
from heaptui.tui.menu import Menu
from heaptui.tui.sitting import Sitting
from tests.capture.conftest import start as start
from tests.capture.running import LARGE, SERVER, Node, Start, wait_until
from tests.tui.driving import Running, running, see, settle_all, until, whole


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder."""
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


async def chosen(app: Running, node: Node) -> None:
    """Choose a process from the list."""
    await app[1].press("t")
    await see(app[1], f"{node.pid}  ")
    menu = app[0].screen
    assert isinstance(menu, Menu)
    entry = next(i for i, entry in enumerate(menu._entries) if entry[0] == str(node.pid))
    await app[1].press(*["down"] * entry, "enter")


async def opened(app: Running, count: int) -> list[str]:
    """The names of what is open, once it is."""
    await until(app[1], lambda: len(app[0].heaps) == count and not app[0].opening.busy)
    return app[0].opening.titles


async def test_from_the_start_page_and_another_one_to_compare(start: Start, folder: Path) -> None:
    node = start(SERVER)
    async with running() as app:
        assert "t takes a snapshot" in whole(app[0])
        await chosen(app, node)
        (first,) = await opened(app, 1)
        assert first.startswith(f"heap-{node.pid}-")
        await app[1].press("t")
        await see(app[1], f"process {node.pid} again")
        await app[1].press("1")
        titles = await opened(app, 2)
        assert titles[0] == first
        assert app[0].explorer.tab == "comparison"
        assert sorted(path.name for path in folder.iterdir()) == sorted(titles)
        # In one session objects keep their ids.
        base, current = app[0].heaps
        assert ids_match(base, current)
        port = node.inspector_port()
        assert sockets.is_listened(port)
        await settle_all(app[1])
    wait_until(lambda: not sockets.is_listened(port))


async def test_the_session_ends_when_other_files_are_opened(start: Start, folder: Path) -> None:
    node = start(SERVER)
    async with running() as app:
        await chosen(app, node)
        await opened(app, 1)
        port = node.inspector_port()
        app[0].open_files(FILES[:1])
        wait_until(lambda: not sockets.is_listened(port))
        await opened(app, 1)
        await settle_all(app[1])
        await app[1].press("t")
        await see(app[1], f"{node.pid}  ")
        assert "again" not in whole(app[0])


async def test_a_process_that_ends_after_its_snapshot_is_not_offered_again(start: Start, folder: Path) -> None:
    node = start(SERVER)
    async with running() as app:
        await chosen(app, node)
        await opened(app, 1)
        await settle_all(app[1])
        node.end()
        await until(app[1], lambda: app[0].taker.sitting is not None and not app[0].taker.sitting.goes_on)
        await app[1].press("t")
        await see(app[1], "another address")
        assert "again" not in whole(app[0])


async def test_an_address_can_be_typed(start: Start, folder: Path) -> None:
    node = start(SERVER, "--inspect=0")
    port = node.inspector_port()
    async with running() as app:
        for typed, seen in ((f"127.0.0.1:{node.said[1]}", "is no inspector"), ("nonsense", "is no process id")):
            await app[1].press("t")
            await see(app[1], "another address")
            await app[1].press("end", "enter")
            await see(app[1], "take a snapshot of: ")
            await app[1].press("ctrl+u", *typed, "enter")
            await see(app[1], seen)
        await app[1].press("t")
        await see(app[1], "another address")
        await app[1].press("end", "enter")
        await see(app[1], "take a snapshot of: ")
        await app[1].press("ctrl+u", *f"127.0.0.1:{port}", "enter")
        assert await opened(app, 1)


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_it_can_be_stopped(start: Start, folder: Path, key: str) -> None:
    node = start(LARGE)
    async with running() as app:
        await chosen(app, node)
        await see(app[1], "snapshot")
        await until(app[1], lambda: isinstance(app[0].screen, CaptureScreen))
        await app[1].press(key)
        await see(app[1], "Nothing was taken.")
    assert list(folder.iterdir()) == []


async def test_where_the_process_may_be_killed_it_is_asked(
    start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_available", lambda: 1000)
    node = start(SERVER)
    async with running() as app:
        await chosen(app, node)
        await see(app[1], "the process may be killed.")
        await app[1].press("escape")
        await see(app[1], "Nothing was taken.")
        await chosen(app, node)
        await see(app[1], "y takes it all the same")
        await app[1].press("y")
        assert await opened(app, 1)


async def test_a_process_that_ended_is_told(start: Start, folder: Path) -> None:
    node = start(SERVER)
    async with running() as app:
        await app[1].press("t")
        await see(app[1], f"{node.pid}  ")
        menu = app[0].screen
        assert isinstance(menu, Menu)
        entry = next(i for i, entry in enumerate(menu._entries) if entry[0] == str(node.pid))
        node.end()
        await app[1].press(*["down"] * entry, "enter")
        await see(app[1], f"there is no process {node.pid} here")
    assert os.listdir(folder) == []


def test_what_is_typed_before_it_is_asked_is_no_answer() -> None:
    screen = CaptureScreen(Sitting(Target("1")), ".")
    screen.action_agree()
    assert screen._agreed.empty()
