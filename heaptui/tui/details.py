"""All about one object, on a page to scroll."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from heaptui.views import text

if TYPE_CHECKING:
    from heaptui.heap import Heap

MOST = 200_000
"""Characters of a string that are laid out on the page."""

_STRINGS = ("string", "concatenated string", "sliced string")


class DetailScreen(ModalScreen[None]):
    """Labels and texts, then the whole value of a string, wrapped or line by line as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,i,backspace,enter", "dismiss", "Close"),
        ("j", "scroll(1)", "Down"),
        ("k", "scroll(-1)", "Up"),
        ("w", "wrap", "Wrap"),
        ("y", "copy", "Copy"),
    ]

    def __init__(self, heap: Heap, ordinal: int, copy: Callable[[str], None]) -> None:
        super().__init__()
        self._heap, self._ordinal, self._copy = heap, ordinal, copy
        self._pairs: Sequence[tuple[str, str]] = ()
        self._value = ""
        self._wrapped = True

    def compose(self) -> ComposeResult:
        """The page and how to leave it."""
        with VerticalScroll():
            yield Static(id="detail", markup=False)
        yield Static(" Esc closes   ↑ ↓ PgUp PgDn scroll   w wrap or raw   y copy", classes="foot", markup=False)

    async def on_mount(self) -> None:
        """Look everything up in a thread: a rope can be long, a chain of dominators too."""
        self._pairs, self._value = await asyncio.to_thread(describe, self._heap, self._ordinal)
        self._fill()

    def on_resize(self) -> None:
        """Fit the page to the width."""
        self._fill()

    def _fill(self) -> None:
        width = self.app.size.width - 4
        self.query_one("#detail", Static).update(page(self._pairs, self._value, width, wrapped=self._wrapped))

    def action_scroll(self, by: int) -> None:
        """Scroll by a line."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def action_wrap(self) -> None:
        """Show the value with its own line breaks, or as one text."""
        self._wrapped = not self._wrapped
        self._fill()

    def action_copy(self) -> None:
        """Copy the value, or everything where there is none."""
        self._copy(self._value or "\n".join(f"{label}: {about}" for label, about in self._pairs))
        self.dismiss()


def describe(heap: Heap, ordinal: int) -> tuple[Sequence[tuple[str, str]], str]:
    """What is said of an object, and the value of a string."""
    from heaptui.views.details import details, full_text

    pairs = list(details(heap, ordinal))
    return pairs, full_text(heap, ordinal) if heap.node_type(ordinal) in _STRINGS else ""


def page(pairs: Sequence[tuple[str, str]], value: str, width: int, *, wrapped: bool) -> Content:
    """The page as it is shown; nothing on it can act on a terminal."""
    room = max((len(label) for label, _ in pairs), default=0) + 2
    lines: list[Content] = []
    for label, about in pairs:
        first, *others = _folded(text.escape(about[:MOST]), max(20, width - room)) or [""]
        lines.append(Content.assemble((f"{label:<{room}}", "bold"), first))
        lines += [Content(" " * room + other) for other in others]
    if value:
        cut = value[:MOST]
        lines += [Content(""), Content.styled(f"Value, {text.count(len(value))} characters", "bold $text-accent")]
        shown = [text.escape(cut)] if wrapped else [text.escape(line) for line in cut.split("\n")]
        for line in shown:
            lines += [Content(part) for part in (_chunks(line, width) or [""])]
        if len(cut) < len(value):
            lines.append(Content(f"… {text.count(len(value) - len(cut))} more characters"))
    return Content("\n").join(lines)


def _folded(line: str, width: int) -> list[str]:
    return wrap(line, width)


def _chunks(line: str, width: int) -> list[str]:
    """A text in pieces of at most `width` cells, with every space it has."""
    chunks: list[str] = []
    start = used = 0
    for i, character in enumerate(line):
        cells = text.cell_width(character)
        if used + cells > width:
            chunks.append(line[start:i])
            start, used = i, 0
        used += cells
    if start < len(line):
        chunks.append(line[start:])
    return chunks
