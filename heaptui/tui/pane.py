"""What a tab shows: a list, and a line about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.tui import keys, painting
from heaptui.tui.dialogs import Prompt
from heaptui.tui.frame import OneLine
from heaptui.tui.grid import Grid
from heaptui.tui.hints import Place, works
from heaptui.tui.tabs import Tab
from heaptui.tui.tasks import begin_task
from heaptui.views import text
from heaptui.views.lines import Line
from heaptui.views.outline import Outline

if TYPE_CHECKING:
    from heaptui.heap import Heap, LightHeap

WORKING = "working …  Esc stops"


class Pane(Vertical):
    """A list with a line above it that says what is shown."""

    BINDINGS = keys.bindings("pane")

    class Asked(Message):
        """An id was typed where a match was asked for."""

        def __init__(self, number: str) -> None:
            super().__init__()
            self.number = number

    class Made(Message):
        """All rows of the tab are there, or words in place of them."""

        def __init__(self, tab: Tab, found: Outline | str) -> None:
            super().__init__()
            self.tab = tab
            self.found = found

    def __init__(self, tab: Tab) -> None:
        super().__init__(id=tab.id)
        self.tab = tab
        self.made = False
        self._plain: Outline | None = None
        self._asked: object = None
        self.info = OneLine(classes="info")
        self.main = Grid(id=f"{tab.id}-rows")

    def compose(self) -> ComposeResult:
        """The line and the list."""
        yield self.info
        yield self.main

    @property
    def place(self) -> Place:
        """What the footer should hint at."""
        outline = self.main.outline
        if outline is None:
            return "words"
        line = outline.current
        if line is None:
            return "no rows" if outline.match or outline.caption else "words"
        if outline.begun is not None:
            return "range"
        # Below what these tabs are about stand objects as in any list.
        among_objects = line.row is not None and line.row.label.id is not None and line.depth > 0
        return "list" if among_objects and self.tab.place in ("comparison", "suspects") else self.tab.place

    def works(self, action: str) -> bool:
        """Whether an action can do anything on the row of the cursor."""
        outline = self.main.outline
        if action == "filter":
            return self.tab.place == "summary"
        if action == "match" and outline is not None and not outline.lines:
            return bool(outline.match)
        return works(action, outline.current if outline else None)

    @property
    def about(self) -> str:
        """What all of its rows are about."""
        return self.tab.about

    def show(self, found: Outline | str) -> None:
        """Show rows, or say why there are none."""
        self.made = True
        self._take(found)
        if isinstance(found, str):
            self.main.explain(found)
        else:
            self.main.show(found)

    def show_made(self, make: Callable[[], Outline | str], job: Progress | None = None) -> None:
        """Make the rows in a thread and show them; with a job, it can be stopped, and is to be made again then."""
        self.made = True
        self._asked = asked = object()

        def settle(found: Outline | str | None) -> None:
            if self._asked is not asked:
                return
            if found is None:
                self.made = False
                self.main.explain(f"Stopped. {self.tab.number} begins again.")
            else:
                self._take(found)
                self.post_message(self.Made(self.tab, found))

        def taken() -> Outline | str:
            try:
                found = make()
            except Cancelled:
                self.app.call_later(settle, None)
                raise
            self.app.call_later(settle, found)
            return found

        self.main.show_made(taken, job)

    def _take(self, found: Outline | str) -> None:
        self._plain = None if isinstance(found, str) else found

    def forget(self) -> None:
        """Let go of the rows: other snapshots are being opened."""
        self.made, self._plain, self._asked = False, None, None
        if self.main.job is not None:
            self.main.job.cancel()
        self.main.explain("")

    def settle(self) -> None:
        """Say no longer that something is to come: it is there, or will not come."""
        if self.tab.whole:
            self.forget()

    def complete(self, heaps: Mapping[LightHeap, Heap]) -> None:
        """Show what is known now of heaps that were light before."""
        self.settle()
        if self.made:
            self.main.complete(heaps)
        plain = self._plain
        if plain is not None and plain is not self.main.outline:
            # It is seen again when the filter is taken away.
            begin_task(self, partial(_completed, plain, heaps))

    def show_plain(self) -> None:
        """Show all rows again, without a filter."""
        if self._plain is not None and self.main.outline is not self._plain:
            self.main.show(self._plain)

    def return_to(self, outline: Outline, line: Line | None) -> None:
        """Show rows that were shown before, with the cursor where it was."""
        if self.main.outline is not outline:
            self.main.show(outline)
        self.main.return_to(line)

    def focus_rows(self) -> None:
        """Give the keys to the list."""
        self.main.focus(scroll_visible=False)

    def back(self) -> bool:
        """Stop what goes on, or drop the range, or clear the match, or the filter; whether there was any."""
        if self.main.stop():
            return True
        outline = self.main.outline
        if outline is not None and outline.begun is not None:
            self.main.begin_range(None)
            return True
        if outline is not None and outline.match:
            self.main.match_text("")
            return True
        if outline is not None and outline.caption and self._plain is not None:
            self.show_plain()
            return True
        return False

    def action_match(self) -> None:
        """Ask for a text that names must have in them."""
        if self.main.outline is not None:
            self.post_message(Prompt.Wanted("match", self.main.outline.match, "text, /REGEX/ or @ID", self.match))

    def match(self, typed: str) -> None:
        """Show only the rows that match; an id goes there."""
        if typed.startswith("@") and typed[1:].isdecimal():
            self.post_message(self.Asked(typed))
        else:
            self.main.match_text(typed)

    def on_resize(self) -> None:
        """Fill the line above the list anew."""
        self.tell()

    @on(Grid.Changed)
    def tell(self) -> None:
        """Say which row this is, where it stands, and what is filtered and matched."""
        outline, working = self.main.outline, WORKING if self.main.turns.slow else ""
        if outline is None:
            self.info.apart(self.about, working)
            return
        parts = [outline.caption] if outline.caption else []
        if outline.range is not None:
            parts.append("range from {} to {}".format(*(row.label.name for row in outline.range)))
        parts += [f"match: {outline.match}"] if outline.match else []
        crumbs = breadcrumb(outline.current, self.info.room - 30)
        if crumbs:
            parts.append(crumbs)
        self.info.apart("   ".join(parts) or outline.view.heading or self.about, working or _position(outline))


async def _completed(outline: Outline, heaps: Mapping[LightHeap, Heap]) -> None:
    apply = await asyncio.to_thread(outline.complete(lambda view: view.completed(heaps)))
    apply()


def breadcrumb(line: Line | None, room: int) -> str:
    """The rows above a line, outermost first; of a long way the two ends."""
    rows = line.ancestors if line is not None else []
    if len(rows) > 4:
        names = [_crumb(row.label.name, row.label.id) for row in (rows[0], *rows[-2:])]
        names.insert(1, text.ELLIPSIS)
    else:
        names = [_crumb(row.label.name, row.label.id) for row in rows]
    return painting.cut(" › ".join([*names, ""]).rstrip(), room)


def _crumb(name: str, number: int | None) -> str:
    return painting.cut(name or text.NO_NAME, 30) + (f" @{number}" if number is not None else "")


def _position(outline: Outline) -> str:
    line = outline.current
    if line is None:
        return "no rows"
    if line.row is None:
        return f"{text.count(line.hidden)} more of {text.count(len(line.siblings))}"
    return f"row {text.count(line.index + 1)} of {text.count(len(line.siblings))}"
