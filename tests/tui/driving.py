"""What the tests of the app share: starting it, reading its screen, waiting until it rests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from heaptui.tui.app import HeaptuiApp
from heaptui.tui.grid import Grid

Running = tuple[HeaptuiApp, Pilot[None]]


@asynccontextmanager
async def running(
    *paths: str, size: tuple[int, int] = (80, 24), titles: Sequence[str] | None = None
) -> AsyncIterator[Running]:
    """The app on these files, loaded unless one of them is "endless"."""
    app = HeaptuiApp(paths, titles=titles)
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
    while grid.turns.busy:
        await pilot.pause(0.01)
    await pilot.pause()


async def settle_all(pilot: Pilot[None], calm: float = 0.2) -> None:
    """Wait until no grid has anything to do, retainers included."""
    await pilot.pause(calm)
    while any(grid.turns.busy for grid in pilot.app.query(Grid)):
        await pilot.pause(0.01)
    await pilot.pause()
