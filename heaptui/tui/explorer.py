"""The jumps: to an object in any tab, to an id, to the Summary of some objects."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from heaptui.snapshot.progress import Progress
from heaptui.tui import filtering, keys, trails
from heaptui.tui.dialogs import Prompt
from heaptui.tui.menu import Menu
from heaptui.tui.pages import Pages, Selection
from heaptui.views.model import Order, Row, Rows
from heaptui.views.outline import Finder

if TYPE_CHECKING:
    from heaptui.heap import Heap

NO_OBJECT = "Select an object first: open a row with Enter, and go to one below it."


class Explorer(Pages):
    """Pages between which one can jump."""

    BINDINGS = keys.bindings("explorer")

    def __init__(self) -> None:
        super().__init__()
        self._range: Row | None = None

    def begin(self, heaps: Sequence[Heap], titles: Sequence[str]) -> None:
        """Take other snapshots, of which no range of time was begun yet."""
        super().begin(heaps, titles)
        self._range = None

    # To an object

    def jump(self, tab: str, trail: Sequence[Finder], *, opened: bool = False) -> None:
        """Go along a trail in a tab, in all of its rows."""
        self.history.leave(self.spot)
        self.turn_to(tab)
        if self.pane is not None:
            self.pane.show_plain()
            self.pane.main.reveal(trail, opened=opened)
            self.pane.focus_rows()

    def reveal(self, tab: str, ordinal: int) -> None:
        """Show an object of the last snapshot in a tab, or where it can be shown."""
        heap = self.heaps[-1]
        trail = trails.ways(heap, tab, ordinal)
        if not trail and tab != "containment":
            tab, trail = "containment", trails.ways(heap, "containment", ordinal)
        if trail:
            self.jump(tab, trail)
        else:
            self.say(f"No root leads to @{heap.id(ordinal)}.", error=True)

    def action_reveal_summary(self) -> None:
        """The object among those of its class; the new objects of a class of the Comparison."""
        chosen = self.selection
        if chosen is not None and self.tab == "timeline":
            self._show_recorded(chosen)
        elif chosen is not None and chosen.row.ordinal is None and self.tab == "comparison":
            new = next(c for c in filtering.choices(self.heaps, self.titles) if c.id == filtering.NEW)
            self.show_filtered(new, [_by_name(chosen.row.label.name)])
        else:
            self._reveal_selected("summary")

    def action_reveal_containment(self) -> None:
        """The object below the references that lead to it."""
        self._reveal_selected("containment")

    def action_reveal_dominators(self) -> None:
        """The object below its dominators."""
        self._reveal_selected("dominators")

    def _reveal_selected(self, tab: str) -> None:
        chosen = self.selection
        if chosen is None or chosen.row.ordinal is None:
            self.say(NO_OBJECT)
        elif chosen.heap is not self.heaps[-1]:
            self.say(f"@{chosen.row.label.id} is gone in {self.titles[-1]}, which the other tabs show.")
        else:
            self.reveal(tab, chosen.row.ordinal)

    # A range of time

    def action_mark_range(self) -> None:
        """Begin a range at the row of the cursor."""
        chosen = self.selection
        if chosen is None or self.tab != "timeline":
            self.say("A range of time begins in the Timeline, of a recorded snapshot.")
        else:
            self._range = chosen.row
            self.say(f"The range begins at {chosen.row.label.name}; go to its end and press x.")

    def _show_recorded(self, chosen: Selection) -> None:
        from heaptui.views.timeline import TimelineView

        view = chosen.outline.view
        if isinstance(view, TimelineView):
            ends = [chosen.row, self._range or chosen.row]
            ranges = [view.id_range(row) for row in ends]
            names = sorted({row.label.name for row in ends}, key=lambda name: float(name.partition(" ")[0]))
            self._range = None
            low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
            self.show_filtered(filtering.recorded(f"allocated at {' to '.join(names)}", low, high))

    # An id

    def action_goto(self) -> None:
        """Ask for an id."""
        if self.heaps:
            self.post_message(Prompt.Wanted("go to @", "", "ID of an object", self.goto))

    def goto(self, typed: str) -> None:
        """Show the object of an id, in this tab if it shows objects from the root on, else in the Summary."""
        digits = typed.strip().lstrip("@")
        if not digits:
            return
        if not (digits.isascii() and digits.isdecimal()):
            self.say(f"{typed} is no id; ids look like @12345.", error=True)
            return
        ordinal = self.heaps[-1].object_with_id(int(digits))
        if ordinal is None:
            before = any(heap.object_with_id(int(digits)) is not None for heap in self.heaps[:-1])
            where = f"only in {self.titles[0]}, and gone since" if before else "in no snapshot opened here"
            self.say(f"@{digits} is {where}.", error=True)
        else:
            self.reveal(self.tab if self.tab in ("containment", "dominators") else "summary", ordinal)

    # Filters

    def action_filter(self) -> None:
        """Ask which objects the Summary should count."""
        if self.heaps:
            self._choose("Objects to show in the Summary", filtering.choices(self.heaps, self.titles))

    def _choose(self, title: str, choices: Sequence[filtering.Choice]) -> None:
        def chosen(found: str | None) -> None:
            choice = next((choice for choice in choices if choice.id == found), None)
            if choice is None:
                return
            if choice.id == filtering.CONTEXTS:
                self.say("looking for native contexts …")
                self.run_worker(self._choose_context(), group="contexts", exit_on_error=False)
            else:
                self.show_filtered(choice)

        self.app.push_screen(Menu(title, [(c.id, c.words, c.about) for c in choices]), chosen)

    async def _choose_context(self) -> None:
        choices = await asyncio.to_thread(filtering.context_choices, self.heaps[-1])
        self.say("")
        if choices:
            self._choose("Native contexts", choices)
        else:
            self.say("There are no native contexts in this snapshot.")

    def show_filtered(self, choice: filtering.Choice, trail: Sequence[Finder] = ()) -> None:
        """Show the Summary of what a filter lets through, and there the row of a trail."""
        self.history.leave(self.spot)
        self.turn_to("summary")
        pane, heaps = self.pane, self.heaps
        if pane is None:
            return
        if choice.id == filtering.ALL:
            pane.show_plain()
        else:
            job = Progress()
            pane.main.show_made(lambda: filtering.filtered(heaps, choice, job), job)
        if trail:
            pane.main.reveal(trail, opened=True)
        pane.focus_rows()


def _by_name(name: str) -> Finder:
    def find(rows: Rows, order: Order) -> int | None:
        return next((i for i, row in enumerate(rows.page(0, len(rows))) if row.label.name == name), None)

    return find
