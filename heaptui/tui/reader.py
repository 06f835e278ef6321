"""A page to scroll: lines in two columns, and below them a text of any length."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from heaptui.snapshot.progress import Progress
from heaptui.tui.painting import cut
from heaptui.tui.reading import Reading
from heaptui.views.text import escape

LABEL = 24
"""Cells that labels may take; longer ones stand above what they are of."""

LONGEST = 2000
"""Characters shown of what stands beside a label."""

Section = tuple[str, Sequence[tuple[str, str]]]
"""A heading, or none, and pairs of a label and a text."""

Piece = tuple[str, str]
"""A text and the style it has: "label", "heading" or ""."""


SCROLLING: list[BindingType] = [
    ("up,k", "move(-1)", "Up"),
    ("down,j", "move(1)", "Down"),
    ("pageup,ctrl+b", "page(-1)", "Page up"),
    ("pagedown,space,ctrl+f", "page(1)", "Page down"),
    ("ctrl+u", "page(-0.5)", "Half a page up"),
    ("ctrl+d", "page(0.5)", "Half a page down"),
    ("home,g", "go(0)", "First line"),
    ("end,G", "go(-1)", "Last line"),
]
"""The keys of every page that is longer than the screen."""


class Reader(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows what was laid out for its width, only the lines on the screen."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"reader--label", "reader--heading"}
    BINDINGS: ClassVar[list[BindingType]] = [
        *SCROLLING,
        ("right,l", "aside(1)", "To the right"),
        ("left,h", "aside(-1)", "To the left"),
    ]

    class Moved(Message):
        """Other lines are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.head: Sequence[Sequence[Piece]] = ()
        self.body: Reading | None = None
        self.skipped = 0
        """Characters on the left that are out of sight, of lines that are not wrapped."""

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.head) + (len(self.body) if self.body else 0)

    @property
    def top(self) -> int:
        """The first line on the screen."""
        return round(self.scroll_offset.y)

    def show(self, head: Sequence[Sequence[Piece]], body: Reading | None) -> None:
        """Show other lines; what stood at the top stays there, as far as it is there still."""
        into = self.top - len(self.head)
        reading = self.body is not None and into >= 0
        position = self.body.start(into) if self.body is not None and reading else 0
        self.head, self.body, self.skipped = head, body, 0
        self.virtual_size = Size(self.size.width, self.lines)
        if body is not None and reading:
            self.scroll_to(y=len(head) + body.line_at(position), animate=False, force=True, immediate=True)
        self.refresh()
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        index, width = self.top + y, self.size.width
        pieces: Sequence[Piece] = ()
        if index < len(self.head):
            pieces = self.head[index]
        elif self.body is not None and index < self.lines:
            pieces = [(self.body.line(index - len(self.head), self.skipped), "")]
        strip = Strip([Segment(piece, self._style(role)) for piece, role in pieces])
        return strip.adjust_cell_length(width, self.rich_style)

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"reader--{role}") if role else self.rich_style

    def action_move(self, by: int) -> None:
        """Some lines down or up."""
        self.action_go(max(0, self.top + by))

    def action_page(self, by: float) -> None:
        """Pages down or up."""
        self.action_move(round(by * max(1, self.size.height - 1)))

    def action_go(self, line: int) -> None:
        """To a line, the last one where it is below zero."""
        last = max(0, self.lines - self.size.height)
        self.scroll_to(y=last if line < 0 else min(line, last), animate=False, force=True, immediate=True)
        self.post_message(self.Moved())

    def action_aside(self, by: int) -> None:
        """Half a screen to the right or left, where lines are wider than the screen."""
        if self.body is not None and not self.body.wrapped:
            most = max(0, self.body.longest - 1)
            self.skipped = max(0, min(most, self.skipped + by * max(1, self.size.width // 2)))
            self.refresh()
            self.post_message(self.Moved())


def head_lines(sections: Sequence[Section], width: int) -> list[list[Piece]]:
    """The lines of some sections, a blank one between them."""
    lines: list[list[Piece]] = []
    for heading, pairs in sections:
        if lines:
            lines.append([])
        if heading:
            lines.append([(cut(heading, width), "heading")])
        longest = max((len(escape(label[:LABEL])) for label, _ in pairs), default=0)
        room = min(longest, LABEL) + 2
        for label, about in pairs:
            lines += _pair(label, about, room, width)
    return lines


def _pair(label: str, about: str, room: int, width: int) -> list[list[Piece]]:
    """A label, and beside it as many lines as its text takes."""
    shown = escape(about[:LONGEST]) + ("…" if len(about) > LONGEST else "")
    first, *others = wrap(shown, max(20, width - room), break_on_hyphens=False) or [""]
    name = cut(label, width)
    lines: list[list[Piece]] = []
    if len(name) > room - 2:
        lines.append([(name, "label")])
        name = ""
    lines.append([(name + " " * (room - len(name)), "label"), (first, "")])
    return lines + [[(" " * room, ""), (other, "")] for other in others]


def lay_out(
    sections: Sequence[Section], content: str, width: int, *, wrapped: bool, progress: Progress
) -> tuple[list[list[Piece]], Reading | None]:
    """All lines of a page; may take a while, and raises Cancelled."""
    head = head_lines(sections, width)
    return head, Reading(content, width, wrapped=wrapped, progress=progress) if content else None
