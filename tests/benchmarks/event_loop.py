"""How long the app's event loop stands still while a large snapshot is opened and looked at.

    python tests/benchmarks/event_loop.py FILE [FILE]

Prints, for loading and for each action, the longest gap between two beats of a 5 ms heartbeat.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence

from heaptui.tui.app import HeaptuiApp

BEAT = 0.005

# What is done once the files are open: words, and the keys.
ACTIONS: Sequence[tuple[str, Sequence[str]]] = (
    ("summary", ("1",)),
    ("open a class", ("down", "right")),
    ("close and open the next", ("left", "down", "right")),
    ("open an object", ("down", "right")),
    ("sort by shallow size", ("s", "s")),
    ("sort by name", ("s", "n")),
    ("match", ("slash", *"Order", "enter")),
    ("leave the match", ("escape",)),
    ("retainers", ("r", "down", "right")),
    ("containment", ("3", "right", "down", "right")),
    ("statistics", ("4",)),
    ("summary again", ("1", "end", "home")),
)


class Heart:
    """A task that wakes up every 5 ms and remembers the longest time that it could not."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        """Run for ever."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - BEAT)
            last = now

    def gap(self) -> float:
        """The longest gap since the last question, in milliseconds."""
        gap, self.longest = self.longest, 0.0
        return 1000 * gap


async def main(files: Sequence[str]) -> None:
    """Measure and print."""
    app, heart = HeaptuiApp(files), Heart()
    async with app.run_test(size=(180, 50)) as pilot:
        beating = asyncio.ensure_future(heart.beat())
        began = time.perf_counter()
        await app.ready.wait()
        print(f"{'load':28} {time.perf_counter() - began:6.2f} s   longest gap {heart.gap():5.1f} ms")
        for words, keys in ACTIONS:
            began = time.perf_counter()
            for key in keys:
                await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause(0.3)
            print(f"{words:28} {time.perf_counter() - began:6.2f} s   longest gap {heart.gap():5.1f} ms")
        beating.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
