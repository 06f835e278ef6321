"""What the keys of a grid ask for, done one after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial

from textual.widget import Widget

from heaptui.snapshot.progress import Cancelled
from heaptui.tui.tasks import begin_task
from heaptui.views.outline import Step

SLOW = 0.15
"""Seconds after which a wait is shown; below, it would only flicker."""


class Turns:
    """Takes actions in turn, and runs the steps they ask for in a thread.

    A key typed while rows are still being fetched waits for them, so that it
    never acts on rows that are about to be others.
    """

    def __init__(self, widget: Widget, changed: Callable[[], None], failed: Callable[[str], None]) -> None:
        self._widget = widget
        self._changed = changed
        self._failed = failed
        self._waiting: deque[Callable[[], Step | None]] = deque()
        self._fetching = False
        self._forgotten = 0
        self.slow = False
        """Whether a step has been running long enough to say so."""

    @property
    def busy(self) -> bool:
        """Whether something is still to be done."""
        return self._fetching or bool(self._waiting)

    def take(self, action: Callable[[], Step | None]) -> None:
        """Do something when everything before it is done."""
        self._waiting.append(action)
        self._go_on()

    def forget(self) -> None:
        """Drop what waits, and what the running step will find: there are other rows now."""
        self._waiting.clear()
        self._forgotten += 1
        self._fetching = self.slow = False

    def _go_on(self) -> None:
        while self._waiting and not self._fetching:
            step = self._waiting.popleft()()
            if step is not None:
                self._fetching = True
                fetch = partial(self._fetch, step, self._forgotten)
                begin_task(self._widget, fetch, group="turns")
        self._changed()

    async def _fetch(self, step: Step, forgotten: int) -> None:
        timer = self._widget.set_timer(SLOW, lambda: self._grow_slow(forgotten))
        try:
            apply = await asyncio.to_thread(step)
            if forgotten == self._forgotten:
                apply()
        except asyncio.CancelledError:
            # The app ends: nothing of what waits should begin any more.
            self.forget()
            raise
        except Cancelled:
            self._failed("Stopped.")
        except ValueError as error:
            self._failed(str(error))
        except MemoryError:
            self._failed("There is not enough memory for this.")
        except Exception as error:
            self._failed(f"This did not work: {error!r}")
        finally:
            timer.stop()
            if forgotten == self._forgotten:
                self._fetching = self.slow = False
                self._go_on()

    def _grow_slow(self, forgotten: int) -> None:
        if forgotten == self._forgotten:
            self.slow = True
            self._changed()
