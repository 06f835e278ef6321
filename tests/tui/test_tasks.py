"""Work of a widget that ends before its first step."""

from __future__ import annotations

import gc
import warnings
import weakref
from functools import partial

from textual.app import App

from heaptui.tui.tasks import begin_task
from heaptui.tui.turns import Turns
from heaptui.views.outline import Step


async def test_a_task_that_never_comes_to_its_turn_is_not_told_as_one_never_awaited() -> None:
    app: App[None] = App()
    ran: list[str] = []

    async def task() -> None:
        ran.append("task")

    def step() -> Step | None:
        return lambda: lambda: ran.append("step")

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        async with app.run_test():
            begin_task(app, task)
            Turns(app.screen, lambda: None, lambda _: None).take(step)
            app.workers.cancel_all()
        gc.collect()
    assert not ran
    assert not [warning for warning in told if issubclass(warning.category, RuntimeWarning)]


async def test_what_a_task_is_about_is_never_written_out() -> None:
    class Heap:
        def __repr__(self) -> str:
            raise AssertionError("a heap can be gigabytes")

    app: App[None] = App()
    seen: list[Heap] = []

    async def task(heap: Heap) -> None:
        seen.append(heap)

    async with app.run_test() as pilot:
        begin_task(app, partial(task, Heap()))
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert len(seen) == 1


async def test_what_a_task_was_about_goes_with_it_though_its_worker_stays() -> None:
    class Heap:
        pass

    app: App[None] = App()
    heap = Heap()
    about = weakref.ref(heap)

    async def task(heap: Heap) -> None:
        pass

    async with app.run_test() as pilot:
        begin_task(app, partial(task, heap))
        (worker,) = app.workers
        del heap
        await worker.wait()
        await pilot.pause()
        assert about() is None
