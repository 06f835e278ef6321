"""Measure the app on a file: how long each thing takes, and how long the keys are not answered meanwhile.

python tests/benchmarks/app.py FILE
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from heaptui.tui import filtering
from heaptui.tui.app import HeaptuiApp
from heaptui.tui.grid import Grid

BEAT = 0.005


class Pulse:
    """Notes the longest time in which the event loop did not get its turn."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        """Go on until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - BEAT)
            last = now


def main_list(app: HeaptuiApp) -> Grid:
    """The list of the open tab."""
    assert app.pane is not None
    return app.pane.main


async def measure(app: HeaptuiApp, pulse: Pulse, name: str, act: Callable[[], None]) -> None:
    """Do something and print how long it takes."""
    await asyncio.sleep(0.4)
    while any(grid.turns.busy for grid in app.query(Grid)):
        await asyncio.sleep(BEAT)
    pulse.longest, start = 0.0, time.perf_counter()
    act()
    await asyncio.sleep(0.002)
    while main_list(app).turns.busy:
        await asyncio.sleep(0.002)
    taken = time.perf_counter() - start
    await asyncio.sleep(0.05)
    print(f"{name:36} {1000 * taken:7.0f} ms   keys wait at most {1000 * pulse.longest:4.0f} ms")


def open_largest_class(app: HeaptuiApp) -> None:
    """Open the class with the most objects among those shown."""
    grid = main_list(app)
    assert grid.outline is not None
    counts = [(line.row.cells.get("count") or 0) if line.row else 0 for line in grid.outline.lines]
    grid.outline.move_to(counts.index(max(counts)))
    print(f"the largest class has {max(counts):,} objects")
    grid.action_open()


async def main(file: str) -> None:
    """Open the file and go through what users do."""
    app = HeaptuiApp([file])
    async with app.run_test(size=(120, 40)):
        pulse, start = Pulse(), time.perf_counter()
        beating = asyncio.create_task(pulse.beat())
        await app.ready.wait()
        heap, taken = app.heaps[-1], time.perf_counter() - start
        print(f"{heap.node_count:,} objects, open in {taken:.1f} s   keys wait at most {1000 * pulse.longest:4.0f} ms")
        largest = heap.classes.members(int(np.argmax(np.bincount(heap.classes.of))), heap.counted)
        ordinal = int(largest[len(largest) // 2])
        things: list[tuple[str, Callable[[], None]]] = [
            ("down", lambda: main_list(app).action_down()),
            ("last row", lambda: main_list(app).action_last()),
            ("first row", lambda: main_list(app).action_first()),
            ("open the largest class", lambda: open_largest_class(app)),
            ("sort it by shallow size", lambda: main_list(app).sort_by("shallow_size")),
            ("sort it by name", lambda: main_list(app).sort_by("name")),
            ("open an object", lambda: main_list(app).action_forward()),
            ("an object in Summary", lambda: app.explorer.reveal("summary", ordinal)),
            ("the same in Containment", lambda: app.explorer.reveal("containment", ordinal)),
            ("the same in Dominators", lambda: app.explorer.reveal("dominators", ordinal)),
            ("back", lambda: app.explorer.action_history_back()),
        ]
        for choice in filtering.choices(app.heaps, [file]):
            if choice.id not in (filtering.ALL, filtering.CONTEXTS):
                things.append((f"filter: {choice.words}", partial(app.explorer.show_filtered, choice)))
        for name, act in things:
            await measure(app, pulse, name, act)
        beating.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
