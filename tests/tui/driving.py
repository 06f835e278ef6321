"""What the tests of the app share: starting it, reading its screen, waiting until it rests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from time import monotonic

from textual.pilot import Pilot

from heaptui.opening.manner import PLAIN, Manner
from heaptui.tui.app import HeaptuiApp
from heaptui.tui.grid import Grid
from heaptui.tui.objects import ObjectPane
from heaptui.tui.typeahead import TypeAhead

PATIENCE = 60.0
"""Seconds after which what a test waits for is taken not to come."""

Running = tuple[HeaptuiApp, Pilot[None]]


@asynccontextmanager
async def running(
    *paths: str, size: tuple[int, int] = (80, 24), titles: Sequence[str] | None = None, manner: Manner = PLAIN
) -> AsyncIterator[Running]:
    """The app on these files, loaded unless one of them is "endless"."""
    app = HeaptuiApp(paths, titles=titles, manner=manner)
    async with app.run_test(size=size) as pilot:
        if "endless" not in paths:
            await app.ready.wait()
        await pilot.pause()
        yield app, pilot


def screen(app: HeaptuiApp) -> list[str]:
    """The lines on the screen, as text."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    lines = [strip.text for strip in strips]
    assert len(lines) == height
    assert all(strip.cell_length == width for strip in strips)
    return lines


def whole(app: HeaptuiApp) -> str:
    """The screen as one text."""
    return "\n".join(screen(app))


def rows(app: HeaptuiApp) -> Grid:
    """The main list of the open tab."""
    assert app.pane is not None
    return app.pane.main


def names(grid: Grid) -> list[str]:
    """What the rows of a list are called."""
    assert grid.outline is not None
    return [line.row.label.name if line.row else "more" for line in grid.outline.lines]


async def settle(pilot: Pilot[None], grid: Grid) -> None:
    """Wait until a grid has done everything it was asked to."""
    await until(pilot, lambda: not grid.turns.busy)


async def settle_all(pilot: Pilot[None]) -> None:
    """Wait until no grid has anything to do, and what is below each list is about its row."""
    await until(pilot, lambda: not _at_work(pilot))
    # What the last one did can be something to do for another.
    await until(pilot, lambda: not _at_work(pilot))


def _at_work(pilot: Pilot[None]) -> bool:
    # A screen above may be a dialog; the lists are on the one at the bottom.
    below = pilot.app.screen_stack[0]
    if isinstance(pilot.app, TypeAhead) and pilot.app._busy:
        return True
    return any(grid.turns.busy for grid in below.query(Grid)) or any(
        pane._timer is not None for pane in below.query(ObjectPane)
    )


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait until something holds; fails with the screen where it never does."""
    end = monotonic() + PATIENCE
    await pilot.pause()
    while not holds():
        assert monotonic() < end, "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
        await pilot.pause(0.005)
    await pilot.pause()


async def see(pilot: Pilot[None], words: str) -> None:
    """Wait until some words are on the screen."""
    await until(pilot, lambda: words in "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips()))
