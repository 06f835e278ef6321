"""What the app has read is kept once it is on the screen, and opens at once the next time."""

from __future__ import annotations

import asyncio
import shutil
import threading
from pathlib import Path

import pytest
from textual.worker import Worker

from heaptui.demo import FILES
from heaptui.opening.index import container, keeping
from heaptui.opening.manner import Manner
from heaptui.snapshot.progress import Progress
from heaptui.tui.app import HeaptuiApp
from tests.tui.driving import running, settle_all, whole


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder that indexes are kept in."""
    place = tmp_path / "index"
    monkeypatch.setenv("HEAPTUI_INDEX_DIR", str(place))
    return place


@pytest.fixture
def phases(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in the words of the page that is shown meanwhile."""
    told: list[str] = []
    begin = Progress.begin

    def tell(self: Progress, phase: str, total: int = 0, unit: str = "objects") -> None:
        told.append(phase)
        begin(self, phase, total, unit)

    monkeypatch.setattr(Progress, "begin", tell)
    return told


async def rested(app: HeaptuiApp) -> None:
    """Wait until nothing is written."""
    writing: list[Worker[object]] = [worker for worker in app.workers if worker.group == "keep"]
    await app.workers.wait_for_complete(writing)


async def test_the_second_time_nothing_is_read(folder: Path, phases: list[str]) -> None:
    async with running(*FILES) as (app, pilot):
        await rested(app)
        await settle_all(pilot)
        before = whole(app)
        assert "opening the index" not in phases
    assert len(list(folder.iterdir())) == 2
    phases.clear()
    async with running(*FILES) as (app, pilot):
        await settle_all(pilot)
        assert whole(app) == before
        await rested(app)
    assert phases.count("opening the index") == 2
    assert not any(phase.startswith(("reading", "compiling", "decompressing", "writing")) for phase in phases)


async def test_without_an_index_nothing_is_written(folder: Path) -> None:
    app = HeaptuiApp(FILES[:1], manner=Manner(index_limit=0))
    async with app.run_test():
        await app.ready.wait()
        await rested(app)
    assert not folder.exists()


@pytest.mark.parametrize("another", [False, True], ids=["leaving", "another file"])
async def test_writing_ends_when_nobody_needs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path, another: bool
) -> None:
    begun, ended = threading.Event(), threading.Event()
    write = container.write

    def slowly(file: object, facts: object, arrays: object, progress: Progress) -> None:
        begun.set()
        try:
            while True:
                progress.check()
        finally:
            ended.set()

    monkeypatch.setattr(container, "write", slowly)
    file = tmp_path / "other.heapsnapshot.gz"
    shutil.copy(FILES[1], file)
    async with running(FILES[0]) as (app, pilot):
        while not begun.is_set():
            await pilot.pause(0.01)
        if another:
            monkeypatch.setattr(container, "write", write)
            app.open_files([str(file)], ["other"])
            while not ended.is_set():
                await pilot.pause(0.01)
            await app.ready.wait()
            await rested(app)
    assert ended.wait(10)
    while list(folder.glob("*.unfinished")):
        await asyncio.sleep(0.01)
    assert [kept.path for kept in keeping.kept()] == [str(file)][: int(another)]
    assert len(list(folder.iterdir())) == int(another)
