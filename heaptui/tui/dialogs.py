"""A line at the bottom in which the user types: a match, a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label


class Prompt(Horizontal):
    """Asks for a text in place of the footer; the rows above stay in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "close", "Close")]

    class Wanted(Message):
        """Somebody wants to ask the user something."""

        def __init__(self, label: str, value: str, hint: str, answer: Callable[[str], None]) -> None:
            super().__init__()
            self.label = label
            self.value = value
            self.hint = hint
            self.answer = answer

    class Closed(Message):
        """The question is answered or dropped."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._answer: Callable[[str], None] | None = None

    def compose(self) -> ComposeResult:
        """What is asked, and the answer."""
        yield Label(markup=False)
        field = Input(compact=True, select_on_focus=False)
        # A blinking cursor would write to the terminal for as long as the question stands.
        field.cursor_blink = False
        yield field

    def ask(self, wanted: Wanted) -> None:
        """Show the question and take the keys."""
        self._answer = wanted.answer
        self.query_one(Label).update(f"{wanted.label}: ")
        field = self.query_one(Input)
        field.placeholder = wanted.hint
        field.value = wanted.value
        field.cursor_position = len(wanted.value)
        field.focus(scroll_visible=False)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Hand on the answer."""
        event.stop()
        answer = self._answer
        self.action_close()
        if answer is not None:
            answer(event.value.strip())

    def action_close(self) -> None:
        """Go back without an answer."""
        self._answer = None
        self.post_message(self.Closed())
