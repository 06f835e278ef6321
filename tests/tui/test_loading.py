"""What is no longer shown is let go of, also where nothing collects garbage."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from heaptui.heap import Heap
from heaptui.opening.manner import Manner
from heaptui.snapshot.progress import Progress
from tests.tui.driving import rows, running, settle_all, whole

DATA = Path(__file__).parent.parent / "data"


class Read:
    """Something that was read of a file."""


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    """As in the program, see `cli.entry`."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.mark.parametrize("fails", [False, True])
async def test_what_was_read_when_loading_ended_early(monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    held: list[weakref.ref[Read]] = []

    def load(path: str, progress: Progress, manner: Manner, first: object) -> Heap:
        read = Read()
        held.append(weakref.ref(read))
        while not fails:
            progress.check()
            time.sleep(0.005)
        try:
            raise ValueError("in the middle")
        except ValueError:
            raise ZeroDivisionError(repr(read)) from None

    monkeypatch.setattr("heaptui.opening.opening.open_heap", load)
    async with running("endless") as (app, pilot):
        while not held:
            await pilot.pause(0.01)
        await pilot.press("escape")
        await app.ready.wait()
        await pilot.pause()
        assert ("ZeroDivisionError" if fails else "Loading was stopped.") in whole(app)
        assert held[0]() is None


async def test_a_snapshot_when_another_is_opened() -> None:
    files = [str(DATA / f"{name}.heapsnapshot.gz") for name in ("node20", "node22")]
    async with running(files[0], size=(120, 40)) as (app, pilot):
        await pilot.press("enter", "down", "r", "escape", "3", "enter", "f", "2")
        await settle_all(pilot)
        heap = weakref.ref(app.heaps[-1])
        app.open_files(files[1:], ["node22"])
        await app.ready.wait()
        await settle_all(pilot)
        assert rows(app).outline is not None
        assert heap() is None
