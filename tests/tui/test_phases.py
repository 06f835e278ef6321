"""What is known of a file is shown before its retained sizes are, and completed in place."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from heaptui.demo import FILES
from heaptui.heap import Heap, LightHeap, load_heap, load_light
from heaptui.opening.manner import PLAIN, Manner
from heaptui.snapshot.errors import ShortOfMemory
from heaptui.snapshot.progress import Progress
from heaptui.tui.app import HeaptuiApp
from heaptui.tui.loading import Coming
from heaptui.tui.objects import ObjectPane
from tests.tui.driving import rows, screen, settle_all, until

FILE = str(Path(__file__).parent.parent / "data" / "node20.heapsnapshot.gz")


class Phases:
    """Loads the light heap at once, and the whole one when it is let."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.error: Exception | None = None

    def load(self, path: str, progress: Progress, manner: Manner, first: Callable[[LightHeap], None]) -> LightHeap:
        if manner.light:
            return load_light(path)
        first(load_light(path))
        progress.begin("dominators", 100)
        while not self.go.is_set():
            progress.check()
            threading.Event().wait(0.01)
        if self.error is not None:
            raise self.error
        return load_heap(path)


@pytest.fixture
def phases(monkeypatch: pytest.MonkeyPatch) -> Phases:
    found = Phases()
    monkeypatch.setattr("heaptui.tui.loading._load", found.load)
    return found


@asynccontextmanager
async def half_way(*paths: str) -> AsyncIterator[tuple[HeaptuiApp, Pilot[None]]]:
    """The app with the light heaps on its screen."""
    app = HeaptuiApp(paths)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app.heaps))
        await settle_all(pilot)
        assert not app.ready.is_set()
        yield app, pilot


def body(app: HeaptuiApp) -> str:
    return "\n".join(screen(app))


def titles(app: HeaptuiApp) -> str:
    """The titles of the columns."""
    return next(line for line in screen(app) if "Constructor" in line)


async def test_counts_and_shallow_sizes_come_first_with_a_line_that_says_so(phases: Phases) -> None:
    async with half_way(FILE) as (app, pilot):
        assert "Retained sizes are to come: dominators 0 %.  Esc does without." in body(app)
        assert "Shallow" in titles(app)
        assert "Retained" not in titles(app)
        assert "(compiled code)" in body(app)
        await pilot.press("4")
        assert "Code" in body(app)
        await pilot.press("6")
        assert "What keeps an object alive is being computed" in body(app)
        phases.go.set()
        await app.ready.wait()
        await settle_all(pilot)
        assert "are to come" not in body(app)
        assert "Retained size" in body(app)


async def test_files_at_the_same_work_are_told_together(phases: Phases) -> None:
    async with half_way(FILE, FILE, FILE) as (app, _):
        line = app.query_one(Coming)
        jobs = [Progress() for _ in range(4)]
        for job, (phase, total) in zip(
            jobs, (("dominators", 10), ("classes", 0), ("dominators", 10), ("classes", 0)), strict=True
        ):
            job.begin(phase, total)
        jobs[0].advance(8)
        jobs[2].advance(3)
        line.watch_jobs(jobs)
        assert "to come: dominators of 2 files 30 %, classes of 2 files.  Esc" in str(line.render())


async def test_what_was_done_meanwhile_stays(phases: Phases) -> None:
    async with half_way(FILE) as (app, pilot):
        await pilot.press("slash", *"obj", "enter")
        await settle_all(pilot)
        await pilot.press("s", "c", "j", "enter", "j", "j")
        await settle_all(pilot)
        before = rows(app).outline
        assert before is not None
        path, order = before.current and before.current.path, before.order
        assert "Retained" not in titles(app)
        phases.go.set()
        await app.ready.wait()
        await settle_all(pilot)
        outline = rows(app).outline
        assert outline is before
        assert outline.current is not None
        assert (outline.current.path, outline.order, outline.match) == (path, order, "obj")
        assert "retained_size" in outline.current.row.cells if outline.current.row else False
        assert all(isinstance(heap, Heap) for heap in (*app.heaps, *outline.view.heaps))


async def test_a_list_that_nobody_touched_takes_the_order_of_retained_sizes(phases: Phases) -> None:
    async with half_way(FILE) as (app, pilot):
        phases.go.set()
        await app.ready.wait()
        await settle_all(pilot)
        outline = rows(app).outline
        assert outline is not None
        assert outline.order.key == "retained_size"
        assert outline.current is not None
        assert outline.current.row is not None
        assert outline.current.row.label.name == "global"


async def test_retainers_say_that_they_are_to_come_and_come(phases: Phases) -> None:
    async with half_way(FILE) as (app, pilot):
        await pilot.press("enter", "j")
        await settle_all(pilot)
        await until(pilot, lambda: "is being computed" in body(app))
        phases.go.set()
        await app.ready.wait()
        await until(pilot, lambda: " in " in body(app) and "is being computed" not in body(app))


async def test_retainers_are_looked_up_again_when_the_heap_is_whole(phases: Phases) -> None:
    async with half_way(FILE) as (app, pilot):
        await pilot.press("3", "down")
        await settle_all(pilot)
        pane = app.pane
        assert isinstance(pane, ObjectPane)
        before = pane._wanted()
        phases.go.set()
        await app.ready.wait()
        await settle_all(pilot)
        after = pane._wanted()
        assert before[1:] == after[1:]
        assert before != after
        assert pane.below.outline is not None


async def test_a_filtered_list_is_completed_too_and_so_is_the_one_without(phases: Phases) -> None:
    async with half_way(FILE) as (app, pilot):
        await pilot.press("f")
        await settle_all(pilot)
        await pilot.press("2")
        await settle_all(pilot)
        assert "filter:" in body(app)
        phases.go.set()
        await app.ready.wait()
        await settle_all(pilot)
        assert "filter:" in body(app)
        assert "Retained" in titles(app)
        await pilot.press("escape")
        await settle_all(pilot)
        assert "filter:" not in body(app)
        await until(pilot, lambda: "Retained" in titles(app))


async def test_escape_does_without(phases: Phases) -> None:
    async with half_way(FILE) as (app, pilot):
        await pilot.press("escape")
        await app.ready.wait()
        await settle_all(pilot)
        assert "Retained sizes and retainers stay unknown" in screen(app)[-1]
        assert "are to come" not in body(app)
        await pilot.press("enter", "j")
        await settle_all(pilot)
        await until(pilot, lambda: "not known in light mode" in body(app))


async def test_memory_that_runs_out_leaves_what_is_known(phases: Phases) -> None:
    phases.error = ShortOfMemory("not enough memory: it ran out", path="x")
    async with half_way(FILE) as (app, pilot):
        phases.go.set()
        await app.ready.wait()
        await settle_all(pilot)
        assert "not enough memory: it ran out" in screen(app)[-1]
        assert "(compiled code)" in body(app)


async def test_two_files_are_compared_before_their_retained_sizes_are_known(phases: Phases) -> None:
    async with half_way(*FILES) as (app, pilot):
        assert "New" in titles(app)
        await pilot.press("enter", "j")
        await settle_all(pilot)
        phases.go.set()
        await app.ready.wait()
        await settle_all(pilot)
        assert "New" in titles(app)
        await pilot.press("5")
        await settle_all(pilot)
        await until(pilot, lambda: "listener" in body(app).lower())


async def test_light_mode_shows_what_there_is(phases: Phases) -> None:
    app = HeaptuiApp([FILE], manner=Manner(light=True))
    async with app.run_test(size=(100, 30)) as pilot:
        await app.ready.wait()
        await settle_all(pilot)
        assert "(compiled code)" in body(app)
        assert "Retained" not in titles(app)
        assert "light mode: retained sizes, distances and retainers are not computed" in screen(app)[1]
        for tab in ("5", "6"):
            await pilot.press(tab)
            await settle_all(pilot)
            assert "not known in light mode" in body(app)


@pytest.mark.parametrize(
    ("key", "manner"), [("1", Manner(light=True)), ("2", Manner(force=True)), ("escape", None)], ids=["1", "2", "Esc"]
)
async def test_where_memory_is_short_it_asks(
    phases: Phases, monkeypatch: pytest.MonkeyPatch, key: str, manner: Manner | None
) -> None:
    def check(paths: object, wanted: Manner) -> None:
        if wanted == PLAIN:
            error = ShortOfMemory("not enough memory")
            error.short, error.light = "it needs about 8.1 GB, and the cgroup /job leaves 2.0 GB", "2.5 GB"
            raise error

    monkeypatch.setattr("heaptui.tui.opening.check_memory", check)
    phases.go.set()
    app = HeaptuiApp([FILE])
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "it needs about 8.1 GB" in "\n".join(screen(app)))
        assert "About 2.5 GB" in "\n".join(screen(app))
        await pilot.press(key)
        await app.ready.wait()
        await settle_all(pilot)
        if manner is None:
            assert "It was not opened: it needs about 8.1 GB" in body(app)
        else:
            assert app.opening.manner == manner
            assert isinstance(app.heaps[0], Heap) != manner.light
