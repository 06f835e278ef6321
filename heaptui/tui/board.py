"""What paints every list and tree: it asks its outline for the lines on the screen, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.dom import NoScreen
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from heaptui.snapshot.progress import Progress
from heaptui.tui import painting
from heaptui.tui.geometry import Geometry, arrange
from heaptui.tui.turns import Turns
from heaptui.views.lines import between
from heaptui.views.outline import Outline, Step

if TYPE_CHECKING:
    from typing_extensions import Self

WORDS_MARGIN = 8
"""Cells beside lines of words: what they hang below, and the scroll mark."""
NARROWEST_WORDS, WIDEST_WORDS = 30, 120
"""Cells of such lines; longer ones are hard to read."""


class Board(ScrollView, can_focus=True, inherit_bindings=False):
    """Paints an outline: a line of titles, and below it the rows that fit."""

    ALLOW_SELECT = False
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
        "grid--away",
    }

    class Changed(Message):
        """The cursor stands on another row, or the rows are others."""

        def __init__(self, grid: Board) -> None:
            super().__init__()
            self.grid = grid

    class Said(Message):
        """Something to tell the user on the last line; empty when it is no longer so."""

        def __init__(self, text: str, *, error: bool = False) -> None:
            super().__init__()
            self.text = text
            self.error = error

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.outline: Outline | None = None
        self.words = ""
        self.turns = Turns(self, self._update, self._failed)
        self.job: Progress | None = None
        self.exact = False
        self._shown: tuple[object, int, int] = (None, -1, -1)
        self._size_before = Size()

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

    def show_made(self, make: Callable[[], Outline | str], job: Progress | None = None) -> None:
        """Make an outline, or words, in a thread and show it; keys typed meanwhile wait for it.

        With a job, `stop` can stop it, and the rows stay as they are.
        """

        def step() -> Callable[[], None]:
            try:
                found = make()
            finally:
                if self.job is job:
                    self.job = None
            return lambda: self._put(None, found) if isinstance(found, str) else self._put(found)

        def begin() -> Step:
            self.job = job
            return step

        if self.job is not None:
            self.job.cancel()
        self.turns.forget()
        self.turns.take(begin)

    def stop(self) -> bool:
        """Stop what is being made, or wait no longer for it; whether there was anything."""
        if self.job is not None:
            self.job.cancel()
            return True
        if self.turns.slow:
            # The thread goes on to its end, but what it finds is not waited for any more.
            self.turns.forget()
            self._failed("Stopped.")
            self._update()
            return True
        return False

    def _put(self, outline: Outline | None, words: str = "") -> None:
        self.outline, self.words = outline, words
        self._break_words()
        self.scroll_to(y=0, animate=False, force=True, immediate=True)

    def _break_words(self) -> None:
        """Break lines of words anew where the width is another one."""
        cells = max(NARROWEST_WORDS, min(self.size.width - WORDS_MARGIN, WIDEST_WORDS))

        def action() -> Step | None:
            outline = self.outline
            if outline is None or outline.view.broken_at in (None, cells):
                return None
            return outline.complete(lambda view: view.broken(cells))

        if self.size.width and self.outline is not None and self.outline.view.broken_at is not None:
            self.turns.take(action)

    # What is painted

    @property
    def geometry(self) -> Geometry:
        """Where the columns stand at the present width; the last cell is the scroll mark's."""
        assert self.outline is not None
        return arrange(tuple(self.outline.view.columns), self.outline.order.key, self.size.width - 1, self.exact)

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
            for index in self._changed(before, cursor):
                self._refresh_row(index)
        if not same or before != cursor:
            self._keep_cursor_in_sight(cursor)
        self.post_message(self.Changed(self))

    def _state(self) -> object:
        """Everything but the cursor and the number of lines that decides what is painted."""
        outline = self.outline
        if outline is None:
            return self.words
        return (id(outline), outline.order, outline.match, outline.changes, outline.begun, self.exact)

    def _changed(self, before: int, cursor: int) -> Iterable[int]:
        """The lines that read otherwise when the cursor has moved: with a range, all that it takes in or leaves."""
        outline = self.outline
        if outline is None or outline.begun is None:
            return (before, cursor)
        top = self.scroll_offset.y
        page = range(top, min(top + self.page_size, len(outline.lines)))
        one, other = outline.lines[before].row, outline.lines[cursor].row
        if one is None or other is None:
            return page
        rows = ((index, outline.lines[index].row) for index in page)
        return [index for index, row in rows if row is not None and between(row, one, other)]

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
            return self._words_line(self._empty(self.outline), y - 2)
        if index >= len(self.outline.lines):
            return Strip.blank(width, self.rich_style)
        line = self.outline.lines[index]
        chosen = line.row is not None and self.outline.in_range(line.row)
        pieces = painting.paint_line(line, self.geometry, self.outline.view.total, self.exact, chosen)
        strip = self._strip(pieces, cursor=index == self.outline.cursor)
        mark = painting.scroll_mark(y, self.scroll_offset.y, self.page_size, len(self.outline.lines))
        return Strip.join([strip, Strip([Segment(mark, self._style("dim"))])])

    @staticmethod
    def _empty(outline: Outline) -> str:
        """Why there are no rows."""
        if outline.match:
            return f"Nothing here matches “{painting.cut(outline.match, 60)}”. Esc clears the match."
        if outline.caption and outline.filtered:
            return "Nothing passes the filter. Esc shows all again."
        return outline.view.empty

    def _strip(self, pieces: list[painting.Piece], *, cursor: bool) -> Strip:
        if cursor:
            # One style for the whole line: each change of style is some forty bytes.
            style = self._style("cursor" if self.has_focus else "away")
            return Strip([Segment(painting.line_text(pieces), style)])
        return Strip([Segment(text, self._style(role)) for text, role in pieces if text]).simplify()

    def _style(self, role: str) -> Style:
        return self.rich_style if role == "plain" else self.get_component_rich_style(f"grid--{role}")

    def _words_line(self, words: str, y: int) -> Strip:
        strip = Strip([Segment(painting.words_line(words, self.size.width, y), self.rich_style)])
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    # The focus

    def focus(self, scroll_visible: bool = True) -> Self:
        """Take the keys, without painting all rows as Textual would."""
        self.app.call_later(self._take_keys, scroll_visible)
        return self

    def _take_keys(self, scroll_visible: bool) -> None:
        with suppress(NoScreen):
            self.screen.set_focus(self, scroll_visible=scroll_visible)

    def on_focus(self, event: events.Focus) -> None:
        """Paint the cursor in its other style, and nothing else."""
        event.prevent_default()
        self._change_focus(True, events.DescendantFocus(self))

    def on_blur(self, event: events.Blur) -> None:
        """The same when the keys go elsewhere."""
        event.prevent_default()
        self._change_focus(False, events.DescendantBlur(self))

    def _change_focus(self, has_focus: bool, news: Message) -> None:
        self.has_focus = has_focus
        self._refresh_row(self._shown[2])
        if self.parent is not None:
            self.parent.post_message(news)

    def on_resize(self) -> None:
        """Keep the cursor on the screen; rows that were only hidden need not be painted twice."""
        if self.size != self._size_before:
            self._size_before = self.size
            self._shown = (None, -1, -1)
            self._break_words()
        self._update()
