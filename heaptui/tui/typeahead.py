"""Keys in turn: each is handed on when the one before has had its effect.

Over a slow line several keys arrive at once. Textual would hand all of them to the widget that
has the focus at that moment: of `/Buffer` the `B` would not reach the question that `/` opens.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from time import monotonic

from textual import events
from textual.app import App
from textual.message import Message

PATIENCE = 0.25
"""Seconds after which the next key is handed on in any case, as where a widget went away."""


class TypeAhead(App[None]):
    """An app that takes keys in turn."""

    class Handled(Message):
        """Follows a key from the focused widget up to the app, where it arrives when the key is done."""

        def __init__(self, number: int, rounds: int) -> None:
            super().__init__()
            self.number = number
            self.rounds = rounds

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._typed: deque[events.Key] = deque()
        self._number = 0
        self._busy = False
        self._handed = 0.0

    async def on_event(self, event: events.Event) -> None:
        """Let keys wait for those before them."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._typed.append(event)
            # A timer that comes too late on a busy machine is left out by Textual.
            if not self._busy or monotonic() - self._handed > PATIENCE:
                await self._hand_on()
        else:
            await super().on_event(event)

    async def _hand_on(self) -> None:
        self._busy = bool(self._typed)
        if not self._busy:
            return
        self._number += 1
        self._handed = monotonic()
        self.aim()
        target = self.focused or self.screen
        await super().on_event(self._typed.popleft())
        # What the key asks for goes the same way up: only behind that, in a second round, all is done.
        target.post_message(self.Handled(self._number, 2))
        self.set_timer(PATIENCE, partial(self._go_on, self._number))

    def aim(self) -> None:
        """Give the focus to what keys are for, where nothing has it: they would go nowhere, for ever."""

    async def on_type_ahead_handled(self, event: Handled) -> None:
        """Go on with the next key, after the callbacks that move the focus."""
        if event.rounds > 1:
            (self.focused or self.screen).post_message(self.Handled(event.number, event.rounds - 1))
        else:
            self.call_later(self._go_on, event.number)

    async def _go_on(self, number: int) -> None:
        if self._busy and number == self._number:
            await self._hand_on()
