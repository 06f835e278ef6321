"""The one widget for every list and tree: the keys and the mouse, on a board that paints the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events

from heaptui.tui import keys
from heaptui.tui.board import Board
from heaptui.tui.dialogs import Prompt
from heaptui.tui.geometry import short
from heaptui.tui.painting import fitted
from heaptui.views.lines import Line
from heaptui.views.model import Column, Row
from heaptui.views.outline import Finder, Outline, Step

if TYPE_CHECKING:
    from heaptui.heap import Heap, LightHeap


class Grid(Board):
    """A board that can be moved about in, opened, sorted, matched and searched."""

    BINDINGS = keys.bindings("grid")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._letters: dict[str, Column] = {}
        self._needle = ""

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
        asked, titles = "sort by", [short(column.title) for column in self._letters.values()]
        # Every letter is to be seen, with a blank after it and two before.
        room = self.app.size.width - 2 - len(asked) - 4 * len(titles)
        choices = (f"  {letter} {title}" for letter, title in zip(self._letters, fitted(titles, room), strict=True))
        self.post_message(self.Said(asked + "".join(choices)))

    def sort_by(self, key: str) -> None:
        """Sort by a column, or reverse the order where it is sorted by it."""
        self._step(lambda outline: outline.sort_by(key))

    def match_text(self, match: str) -> None:
        """Show only the rows that match."""
        self._needle = match or self._needle
        self._step(lambda outline: outline.match_text(match))

    def ask_again(self) -> None:
        """Ask for the rows of objects anew: there is more to say of them."""
        if self.outline is not None and any(line.row and line.row.ordinal is not None for line in self.outline.lines):
            self._step(lambda outline: outline.show(outline.order, outline.match))

    def complete(self, heaps: Mapping[LightHeap, Heap]) -> None:
        """Show what is known now of heaps that were light before."""
        self._step(lambda outline: outline.complete(lambda view: view.completed(heaps)))

    def reveal(self, trail: Sequence[Finder], *, opened: bool = False) -> None:
        """Go along a trail to a row."""
        self._step(lambda outline: outline.reveal(trail, opened=opened))
        if opened:
            self.show_below()

    def show_below(self) -> None:
        """Bring what is below the cursor's row on the screen."""

        def action() -> None:
            self._update()
            if self.outline is not None:
                self.scroll_to(y=max(0, self.outline.cursor - 2), animate=False, force=True, immediate=True)

        self.turns.take(action)

    def return_to(self, line: Line | None) -> None:
        """Put the cursor where it was."""

        def action() -> None:
            if self.outline is not None:
                self.outline.return_to(line)

        self.turns.take(action)

    def begin_range(self, row: Row | None) -> None:
        """Begin a range at a row, or with None drop the one that was begun."""

        def action() -> None:
            if self.outline is not None:
                self.outline.begun = row

        self.turns.take(action)

    def action_next_found(self) -> None:
        """To the next row with the text of the match in it."""
        self._find(1)

    def action_previous_found(self) -> None:
        """To the row before with the text of the match in it."""
        self._find(-1)

    def _find(self, direction: int) -> None:
        if not self._needle:
            self.post_message(Prompt.Wanted("find", "", "text or /REGEX/ among the rows shown", self.find_first))
            return

        def action() -> None:
            try:
                if self.outline is not None and not self.outline.find(self._needle, direction):
                    self._failed(f"No row shown has {self._needle} in it.")
            except ValueError as error:
                self._failed(str(error))

        self.turns.take(action)

    def find_first(self, needle: str) -> None:
        """Go to the first row after the cursor with a text in it."""
        self._needle = needle
        if needle:
            self._find(1)

    def action_units(self) -> None:
        """Write sizes in exact bytes, or in larger units again, in all lists."""
        exact = not self.exact
        for grid in self.screen.query(Grid):
            grid.exact = exact
            grid._update()

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

    def on_blur(self, event: events.Blur) -> None:
        """Forget that a letter was asked for; the board shows that the keys now go elsewhere."""
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
