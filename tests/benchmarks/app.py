"""Measure the app on a file: how long each thing takes, and how long the keys are not answered meanwhile.

python tests/benchmarks/app.py FILE [RUNS]

Of several runs the best time of each thing is printed. What should be there: the first frame after at
most 500 ms; moving, opening a row and turning to a tab within 50 ms; opening and sorting a class of a
million objects within 300 ms.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from heaptui.heap import Heap
from heaptui.tui import filtering
from heaptui.tui.app import HeaptuiApp
from heaptui.tui.grid import Grid
from heaptui.tui.objects import ObjectPane

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.e2e.terminal import Terminal

BEAT = 0.002
MILLION = 1_000_000
KEYS = (("down", b"j"), ("page down", b"\x1b[6~"), ("Containment", b"3"), ("open a row", b"l"), ("Summary", b"1"))


@dataclass
class Times:
    """The best time of everything that was measured, and the longest that keys waited in any run; seconds."""

    best: dict[str, float] = field(default_factory=dict)
    longest: dict[str, float] = field(default_factory=dict)

    def note(self, name: str, taken: float, waited: float = 0.0) -> None:
        """Take in one measurement."""
        self.best[name] = min(taken, self.best.get(name, taken))
        self.longest[name] = min(waited, self.longest.get(name, waited))

    def show(self) -> None:
        """Print all."""
        for name, taken in self.best.items():
            print(f"{name:44} {1000 * taken:7.0f} ms   keys wait at most {1000 * self.longest[name]:4.0f} ms")


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


def first_frame(file: str) -> float:
    """Seconds from the start of the program to its first frame on a terminal."""
    start = time.perf_counter()
    with Terminal([file], 120, 40) as terminal:
        while "heaptui" not in terminal.text():
            terminal.read(0.001)
        return time.perf_counter() - start


def keys_to_paint(file: str, times: Times) -> None:
    """From a key typed on a terminal to the last byte of what it paints."""
    with Terminal([file], 120, 40) as terminal:
        terminal.wait("Constructor", 600)
        terminal.settle(5.0)
        terminal.emulating = False
        for name, key in KEYS:
            start, before = time.monotonic(), terminal.received
            terminal.send(key)
            while terminal.received == before:
                terminal.read(0.001)
            # Retainers are looked up when the cursor has rested for longer than this.
            times.note(f"on a terminal: {name}", terminal.settle(0.09) - start)
            terminal.settle(1.0)


def main_list(app: HeaptuiApp) -> Grid:
    """The list of the open tab."""
    assert app.pane is not None
    return app.pane.main


def busy(app: HeaptuiApp) -> bool:
    """Whether any list has something to do."""
    return any(grid.turns.busy for grid in app.query(Grid))


async def until_painted(app: HeaptuiApp) -> None:
    """Wait until the list of the open tab is done and what is new is on the screen."""
    while main_list(app).turns.busy:
        await asyncio.sleep(BEAT)
    painted = asyncio.Event()
    app.call_after_refresh(painted.set)
    await painted.wait()


def go_to_class(app: HeaptuiApp, which: int) -> None:
    """Put the cursor of the Summary on a class."""
    outline = main_list(app).outline
    assert outline is not None
    for index, line in enumerate(outline.lines):
        if line.row is not None and line.row.key == which and line.depth == 0:
            outline.move_to(index)


def focus_retainers(app: HeaptuiApp) -> None:
    """Give the keys to what is below the list."""
    if isinstance(app.pane, ObjectPane):
        app.pane.action_retainers()


def things(app: HeaptuiApp, heap: Heap, which: int) -> list[tuple[str, Callable[[], None]]]:
    """What users do, in order, and what each is called; `which` is the class that is opened."""
    grid = partial(main_list, app)
    members = heap.classes.members(which, heap.counted)
    ordinal = int(members[len(members) // 2])
    size = f"a class of {len(members):,}"
    found: list[tuple[str, Callable[[], None]]] = [
        ("down", lambda: grid().action_down()),
        ("page down", lambda: grid().action_page_down()),
        ("last row", lambda: grid().action_last()),
        ("first row", lambda: grid().action_first()),
    ]
    for tab in ("containment", "statistics", "dominators", "summary"):
        found.append((f"turn to {tab}", partial(app.explorer.action_show_tab, tab)))
        found.append((f"open its first row, in {tab}", lambda: grid().action_forward()))
    found += [
        ("", lambda: go_to_class(app, which)),
        (f"open {size}", lambda: grid().action_open()),
        ("close it", lambda: grid().action_open()),
        ("open it again", lambda: grid().action_open()),
        ("", lambda: grid().action_last()),
        ("show more rows", lambda: grid().action_open()),
        ("sort it by shallow size", lambda: grid().sort_by("shallow_size")),
        ("sort it by distance", lambda: grid().sort_by("distance")),
        ("sort it by name", lambda: grid().sort_by("name")),
        ("an object of it, sorted by name", lambda: app.explorer.reveal("summary", ordinal)),
        ("open the object", lambda: grid().action_forward()),
        ("the object in Containment", lambda: app.explorer.reveal("containment", ordinal)),
        ("the object in Dominators", lambda: app.explorer.reveal("dominators", ordinal)),
        ("back", lambda: app.explorer.action_history_back()),
        ("into the retainers", lambda: focus_retainers(app)),
        ("turn back to summary", partial(app.explorer.action_show_tab, "summary")),
    ]
    for choice in filtering.choices(app.heaps, ["file"]):
        if choice.id not in (filtering.ALL, filtering.CONTEXTS):
            found.append((f"filter: {choice.words}", partial(app.explorer.show_filtered, choice)))
    return found


async def run(file: str, times: Times) -> None:
    """Open the file and go through what users do."""
    app = HeaptuiApp([file])
    async with app.run_test(size=(120, 40)):
        pulse, start = Pulse(), time.perf_counter()
        beating = asyncio.create_task(pulse.beat())
        await app.ready.wait()
        heap = app.heaps[-1]
        assert isinstance(heap, Heap)
        times.note(f"read {heap.node_count:,} objects", time.perf_counter() - start, pulse.longest)
        which = int(np.argmin(np.abs(heap.sums.count - MILLION)))
        for name, act in things(app, heap, which):
            await asyncio.sleep(0.4)
            while busy(app):
                await asyncio.sleep(BEAT)
            pulse.longest, start = 0.0, time.perf_counter()
            act()
            await until_painted(app)
            taken = time.perf_counter() - start
            await asyncio.sleep(0.05)
            if name:
                times.note(name, taken, pulse.longest)
        await weigh(app, which)
        beating.cancel()


async def weigh(app: HeaptuiApp, which: int) -> None:
    """Print the memory that the lists take when a class is opened, and when it is closed."""
    await asyncio.sleep(1)
    tracemalloc.start()
    app.explorer.show_filtered(filtering.choices(app.heaps, ["file"])[0])
    await until_painted(app)
    outline = main_list(app).outline
    assert outline is not None
    go_to_class(app, which)
    outline.collapse(outline.cursor)
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    for done in ("open", "closed"):
        main_list(app).action_open()
        await until_painted(app)
        await asyncio.sleep(1)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
        print(f"with the class {done} the lists take {taken / 1e6:.1f} MB more")
    tracemalloc.stop()


def main(file: str, runs: int = 1) -> None:
    """Measure and print."""
    times = Times()
    for _ in range(max(3, runs)):
        times.note("first frame", first_frame(file))
    for _ in range(runs):
        keys_to_paint(file, times)
        asyncio.run(run(file, times))
    times.show()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
