"""The one widget for every list and tree: it asks its outline for the lines on the screen, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from heaptui.tui import keys, painting
from heaptui.tui.geometry import Geometry, arrange
from heaptui.tui.turns import Turns
from heaptui.views.model import Column
from heaptui.views.outline import Outline, Step


class Grid(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows an outline: a line of titles, and below it the rows that fit."""

    ALLOW_SELECT = False
    BINDINGS = keys.bindings("grid")
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--title",
        "grid--sorted",
        "grid--class",
        "grid--dim",
        "grid--edge",
        "grid--bar",
        "grid--new",
        "grid--deleted",
        "grid--cursor",
    }

    class Changed(Message):
        """The cursor stands on another row, or the rows are others."""

        def __init__(self, grid: Grid) -> None:
            super().__init__()
            self.grid = grid

    class Said(Message):
        """Something to tell the user on the last line; empty when it is no longer so."""

        def __init__(self, text: str, *, error: bool = False) -> None:
            super().__init__()
            self.text = text
            self.error = error

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.outline: Outline | None = None
        self.words = ""
        self.turns = Turns(self, self._update, self._failed)
        self._letters: dict[str, Column] = {}
        self._shown: tuple[object, int, int] = (None, -1, -1)

    # What it shows

    def explain(self, words: str) -> None:
        """Show words in place of rows."""
        self.turns.forget()
        self._put(None, words)
        self._update()

    def show(self, outline: Outline) -> None:
        """Show an outline made elsewhere."""
        self.turns.forget()
        self._put(outline)
        self._update()

    def show_made(self, make: Callable[[], Outline]) -> None:
        """Make an outline in a thread and show it; keys typed meanwhile wait for it."""

        def step() -> Callable[[], None]:
            outline = make()
            return lambda: self._put(outline)

        self.turns.forget()
        self.turns.take(lambda: step)

    def _put(self, outline: Outline | None, words: str = "") -> None:
        self.outline, self.words = outline, words
        self.scroll_to(y=0, animate=False, force=True, immediate=True)

    # What is painted

    @property
    def geometry(self) -> Geometry:
        """Where the columns stand at the present width; the last cell is the scroll mark's."""
        assert self.outline is not None
        return arrange(tuple(self.outline.view.columns), self.outline.order.key, self.size.width - 1)

    @property
    def page_size(self) -> int:
        """How many rows are on the screen."""
        return max(1, self.size.height - 1)

    def _failed(self, message: str) -> None:
        self.post_message(self.Said(message, error=True))

    def _update(self) -> None:
        """Repaint what has changed since the last time, and no more: over SSH every line counts."""
        outline = self.outline
        lines = len(outline.lines) if outline else 0
        cursor = outline.cursor if outline else 0
        same = outline is not None and self._shown == (self._state(), lines, self._shown[2])
        before = self._shown[2]
        self._shown = (self._state(), lines, cursor)
        if not same:
            self.virtual_size = Size(self.size.width, lines + 1)
            self.refresh()
        elif before != cursor:
            self._refresh_row(before)
            self._refresh_row(cursor)
        if not same or before != cursor:
            self._keep_cursor_in_sight(cursor)
        self.post_message(self.Changed(self))

    def _state(self) -> object:
        """Everything but the cursor and the number of lines that decides what is painted."""
        outline = self.outline
        if outline is None:
            return self.words
        return (id(outline), outline.order, outline.match, outline.changes)

    def _refresh_row(self, index: int) -> None:
        y = index - self.scroll_offset.y + 1
        if 0 < y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _keep_cursor_in_sight(self, cursor: int) -> None:
        top = self.scroll_offset.y
        if cursor < top:
            top = cursor
        elif cursor >= top + self.page_size:
            top = cursor - self.page_size + 1
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        if self.outline is None:
            return self._words_line(self.words, y - 1)
        if y == 0:
            view, order = self.outline.view, self.outline.order
            name = view.columns[0]
            pieces = painting.paint_header(name.title, self.geometry, order, name.key)
            return self._strip(pieces, cursor=False).adjust_cell_length(width, self._style("title"))
        index = self.scroll_offset.y + y - 1
        if not self.outline.lines:
            match = self.outline.match
            empty = f"Nothing matches {match}. Esc clears the match." if match else self.outline.view.empty
            return self._words_line(empty, y - 2)
        if index >= len(self.outline.lines):
            return Strip.blank(width, self.rich_style)
        pieces = painting.paint_line(self.outline.lines[index], self.geometry, self.outline.view.total)
        strip = self._strip(pieces, cursor=index == self.outline.cursor)
        mark = painting.scroll_mark(y, self.scroll_offset.y, self.page_size, len(self.outline.lines))
        return Strip.join([strip, Strip([Segment(mark, self._style("dim"))])])

    def _strip(self, pieces: list[painting.Piece], *, cursor: bool) -> Strip:
        if cursor:
            # One style for the whole line: each change of style is some forty bytes.
            return Strip([Segment(painting.line_text(pieces), self._style("cursor"))])
        return Strip([Segment(text, self._style(role)) for text, role in pieces if text]).simplify()

    def _style(self, role: str) -> Style:
        return self.rich_style if role == "plain" else self.get_component_rich_style(f"grid--{role}")

    def _words_line(self, words: str, y: int) -> Strip:
        strip = Strip([Segment(painting.words_line(words, self.size.width, y), self.rich_style)])
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    # What the keys and the mouse do

    def _move(self, by: int) -> None:
        def action() -> None:
            if self.outline is not None:
                self.outline.move(by)

        self.turns.take(action)

    def _move_to(self, index: int) -> None:
        def action() -> None:
            if self.outline is not None:
                self.outline.move_to(index)

        self.turns.take(action)

    def _step(self, choose: Callable[[Outline], Step | None]) -> None:
        self.turns.take(lambda: choose(self.outline) if self.outline is not None else None)

    def action_up(self) -> None:
        """To the row above."""
        self._move(-1)

    def action_down(self) -> None:
        """To the row below."""
        self._move(1)

    def action_page_up(self) -> None:
        """A page up."""
        self._move(-self.page_size)

    def action_page_down(self) -> None:
        """A page down."""
        self._move(self.page_size)

    def action_half_up(self) -> None:
        """Half a page up."""
        self._move(-max(1, self.page_size // 2))

    def action_half_down(self) -> None:
        """Half a page down."""
        self._move(max(1, self.page_size // 2))

    def action_first(self) -> None:
        """To the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """To the last row that is shown."""
        self._move(1 << 60)

    def action_open(self) -> None:
        """Open or close the row, or show more rows."""
        self._step(Outline.toggle)

    def action_forward(self) -> None:
        """Open the row, or go to its first child."""
        self._step(Outline.forward)

    def action_backward(self) -> None:
        """Close the row, or go to its parent."""
        self._step(Outline.backward)

    def action_sort(self) -> None:
        """Ask for the letter of a column; the next key is taken as the answer."""
        if self.outline is None:
            return
        self._letters = keys.sort_letters(self.outline.view.columns)
        choices = "  ".join(f"{letter} {column.title}" for letter, column in self._letters.items())
        self.post_message(self.Said(f"sort by  {choices}"))

    def sort_by(self, key: str) -> None:
        """Sort by a column, or reverse the order where it is sorted by it."""
        self._step(lambda outline: outline.sort_by(key))

    def match_text(self, match: str) -> None:
        """Show only the rows that match."""
        self._step(lambda outline: outline.match_text(match))

    def on_key(self, event: events.Key) -> None:
        """Take the letter of a column, when one was asked for."""
        if not self._letters:
            return
        column = self._letters.get(event.character or "")
        self._letters = {}
        event.stop()
        event.prevent_default()
        self.post_message(self.Said(""))
        if column is not None:
            self.sort_by(column.key)

    def on_blur(self) -> None:
        """Forget that a letter was asked for, and show that the keys now go elsewhere."""
        self._letters = {}

    def on_click(self, event: events.Click) -> None:
        """Select a row, open the selected one, or sort by the column whose title was hit."""
        outline = self.outline
        if outline is None:
            return
        if event.y == 0:
            hit = self.geometry.column_at(event.x)
            if hit is not None:
                shown = [outline.view.columns[0], *(place.column for place in self.geometry.places)]
                self.sort_by(shown[hit].key)
            return
        index = self.scroll_offset.y + event.y - 1
        if index >= len(outline.lines):
            return
        if index == outline.cursor:
            self.action_open()
        else:
            self._move_to(index)

    def on_resize(self) -> None:
        """Keep the cursor on the screen."""
        self._shown = (None, -1, -1)
        self._update()
