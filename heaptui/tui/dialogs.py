"""A line at the bottom in which the user types: a match, a file."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from heaptui.tui.files import complete_file
from heaptui.tui.painting import cut


class Prompt(Horizontal):
    """Asks for a text in place of the footer; the rows above stay in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "close", "Close"),
        ("tab,shift+tab", "complete", "Complete"),
    ]

    class Wanted(Message):
        """Somebody wants to ask the user something; what the answer returns is asked next.

        `complete` finds what could be meant by what is typed so far, each as a whole answer; `at` is
        where in `value` the cursor stands, None for its end.
        """

        def __init__(
            self,
            label: str,
            value: str,
            hint: str,
            answer: Callable[[str], Prompt.Wanted | None],
            complete: Callable[[str], Sequence[str]] | None = None,
            at: int | None = None,
        ) -> None:
            super().__init__()
            self.label = label
            self.value = value
            self.hint = hint
            self.answer = answer
            self.complete = complete
            self.at = at

    class Closed(Message):
        """The question is answered or dropped."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._wanted: Prompt.Wanted | None = None
        self._found: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        """What is asked, and the answer."""
        yield Label(markup=False)
        field = Input(compact=True, select_on_focus=False)
        # A blinking cursor would write to the terminal for as long as the question stands.
        field.cursor_blink = False
        yield field

    def ask(self, wanted: Wanted) -> None:
        """Show the question and take the keys."""
        self._wanted, self._found = wanted, ()
        self._label(wanted.label)
        field = self.query_one(Input)
        field.placeholder = wanted.hint
        self._fill(wanted.value, wanted.at)
        self.take_keys()

    def take_keys(self) -> None:
        """Let what is typed go into the answer."""
        self.query_one(Input).focus(scroll_visible=False)

    def _label(self, words: str) -> None:
        self.query_one(Label).update(f"{cut(words, self.app.size.width - 24)}: ")

    def _fill(self, value: str, at: int | None = None) -> None:
        field = self.query_one(Input)
        field.value = value
        field.cursor_position = len(value) if at is None else at

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Hand on the answer."""
        event.stop()
        wanted, self._wanted = self._wanted, None
        again = wanted.answer(event.value.strip()) if wanted is not None else None
        if again is not None:
            self.ask(again)
        else:
            self.action_close()

    def action_close(self) -> None:
        """Go back without an answer."""
        self._wanted = None
        self.post_message(self.Closed())

    async def action_complete(self) -> None:
        """Write what all that could be meant begins with; again, each of them in turn."""
        wanted, typed = self._wanted, self.query_one(Input).value
        if wanted is None or wanted.complete is None:
            return
        if typed in self._found and len(self._found) > 1:
            at = (self._found.index(typed) + 1) % len(self._found)
        else:
            self._found = await asyncio.to_thread(wanted.complete, typed)
            if self._wanted is not wanted or self.query_one(Input).value != typed:
                return
            # By characters and not by folders: that is what is typed.
            begins = os.path.commonprefix(self._found)  # noqa: RUF071
            if not self._found or (len(self._found) > 1 and len(begins) > len(typed)):
                self._label(f"{wanted.label} ({len(self._found)} fit)")
                self._fill(begins or typed)
                return
            at = 0
        self._label(f"{wanted.label} ({at + 1} of {len(self._found)})")
        self._fill(self._found[at])


def file_wanted(label: str, value: str, hint: str, write: Callable[[str], None]) -> Prompt.Wanted:
    """The question for a file to write; asks again before a file that is there is written over."""

    def answer(typed: str) -> Prompt.Wanted | None:
        path = str(Path(typed).expanduser())
        if typed and os.path.isfile(path):
            return Prompt.Wanted(
                f"{os.path.basename(path)} is there; write over it", "", "y, or another name", partial(sure, path)
            )
        if typed:
            write(path)
        return None

    def sure(path: str, typed: str) -> Prompt.Wanted | None:
        if typed.lower() in ("y", "yes"):
            write(path)
            return None
        return None if typed.lower() in ("", "n", "no") else answer(typed)

    return Prompt.Wanted(label, value, hint, answer, complete_file)
