"""The jumps: to an object in any tab, to an id, to the Summary of some objects."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on

from heaptui.query.vocabulary import completions
from heaptui.snapshot.progress import Progress
from heaptui.tui import filtering, keys, trails
from heaptui.tui.dialogs import Prompt
from heaptui.tui.menu import Menu
from heaptui.tui.pages import Pages, Selection, rows_of
from heaptui.tui.painting import cut
from heaptui.tui.pane import Pane
from heaptui.tui.tabs import tab_of
from heaptui.tui.tasks import begin_task
from heaptui.views.model import Order, Rows, View
from heaptui.views.outline import Finder, Outline

if TYPE_CHECKING:
    from heaptui.heap import LightHeap
    from heaptui.views.suspects import SuspectsView

LEFT = "\N{LEFTWARDS ARROW}"
NO_OBJECT = "Select an object first: open a row with Enter, and go to one below it."
NO_SNAPSHOT = "No snapshot is open yet."


class Explorer(Pages):
    """Pages between which one can jump."""

    BINDINGS = keys.bindings("explorer")

    def __init__(self) -> None:
        super().__init__()
        self._query = ""

    def say_no_object(self) -> None:
        """Tell what must be there first."""
        self.say(NO_OBJECT if self.heaps else NO_SNAPSHOT)

    # To an object

    def jump(self, tab: str, trail: Sequence[Finder], *, opened: bool = False, of: LightHeap | None = None) -> None:
        """Go along a trail in a tab, in all of its rows; of another snapshot than the last where one is given."""
        self.history.leave(self.spot)
        self.turn_to(tab)
        pane = self.pane
        if pane is None:
            return
        if of is None or of is self.heaps[-1]:
            pane.show_plain()
        elif pane.main.outline is None or pane.main.outline.view.heaps[-1] is not of:
            pane.main.show_made(lambda: self._rows_in(tab, of))
        pane.main.reveal(trail, opened=opened)
        pane.focus_rows()

    def _rows_in(self, tab: str, heap: LightHeap) -> Outline | str:
        found = rows_of(tab_of(tab), [heap])
        if isinstance(found, Outline):
            found.caption = f"in {self.title_of(heap)}"
        return found

    def reveal(self, tab: str, ordinal: int, heap: LightHeap | None = None, *, opened: bool = False) -> None:
        """Show an object of a snapshot, the last if none is given, in a tab, or where it can be shown."""
        heap = heap or self.heaps[-1]
        trail = trails.ways(heap, tab, ordinal)
        if not trail and tab != "containment":
            tab, trail = "containment", trails.ways(heap, "containment", ordinal)
        below = trails.entries_below(heap, ordinal) if opened else []
        if trail:
            self.jump(tab, [*trail, *below], opened=opened and not below, of=heap)
            if below and self.pane is not None:
                self.pane.main.show_below()
        else:
            found = "No root leads" if self.whole else "It is not known what leads"
            self.say(f"{found} to @{heap.id(ordinal)}; i tells about it.", error=True)

    def action_reveal_summary(self) -> None:
        """The object among those of its class; the objects that another row stands for."""
        from heaptui.views.suspects import SuspectsView

        chosen = self.selection
        view = chosen.outline.view if chosen is not None else None
        if chosen is None:
            self.say_no_object()
        elif isinstance(view, SuspectsView) and (name := view.leaked_class(chosen.row)) is not None:
            choice = filtering.new_since(self.heaps[0], self.titles[0]) if view.found.compared else filtering.EVERYTHING
            self.show_filtered(choice, [_by_name(name)])
        elif chosen.row.ordinal is not None:
            self.reveal("summary", chosen.row.ordinal, chosen.heap)
        elif self.pane is not None and chosen.outline is not self.pane.main.outline:
            # Below the list, a row that is no object is only the heading of some.
            self.say_no_object()
        elif self.tab == "comparison":
            self.show_filtered(filtering.new_since(self.heaps[0], self.titles[0]), [_by_name(chosen.row.label.name)])
        elif self.tab == "strings":
            self._show_copies(chosen)
        elif self.tab in ("timeline", "allocations"):
            self._show_recorded(chosen)
        else:
            self.say_no_object()

    def action_reveal_containment(self) -> None:
        """The object below the references that lead to it; of a suspect opened, for what hangs there is what leaks."""
        self._reveal_selected("containment", opened=self.tab == "suspects")

    def action_reveal_dominators(self) -> None:
        """The object below its dominators."""
        self._reveal_selected("dominators")

    def _mark_new(self, suspects: SuspectsView) -> None:
        """Mark in Containment what the base lacks."""
        from heaptui.views.containment import References
        from heaptui.views.entries import WithEntries

        outline = self.query_one("#containment", Pane).main.outline
        if outline is not None and isinstance(outline.view, WithEntries) and isinstance(outline.view.view, References):
            outline.view.view.is_new = suspects.is_new

    @on(Pane.Made)
    def _offer_suspects(self, event: Pane.Made) -> None:
        """Say in the footer what leaks, and which key tells more."""
        from heaptui.views.suspects import SuspectsView

        view = None if isinstance(event.found, str) else event.found.view
        if not isinstance(view, SuspectsView) or len(self.heaps) < 2:
            return
        self._mark_new(view)
        if self.tab != event.tab.id:
            self.say(f"{view.said}. {event.tab.number} tells more.")

    def _reveal_selected(self, tab: str, *, opened: bool = False) -> None:
        chosen = self.selection
        if chosen is None or chosen.row.ordinal is None:
            self.say_no_object()
        else:
            self.reveal(tab, chosen.row.ordinal, chosen.heap, opened=opened)

    # A range of time

    def action_mark_range(self) -> None:
        """Begin a range at the row of the cursor, or drop the one that begins there."""
        chosen = self.selection
        if chosen is None or self.tab != "timeline" or self.pane is None:
            self.say("A range of time begins in the Timeline, of a recorded snapshot.")
            return
        begun = chosen.outline.begun
        again = begun is not None and begun.key == chosen.row.key
        self.pane.main.begin_range(None if again else chosen.row)

    def _show_copies(self, chosen: Selection) -> None:
        """All strings that say the same."""
        from heaptui.report.invocation import filter_of

        name = cut(chosen.row.label.name, 40)
        self.show_filtered(filtering.Choice(filter_of(chosen.outline, chosen.row), f"strings that say {name}"))

    def _show_recorded(self, chosen: Selection) -> None:
        """What was allocated in a range of time, or by a function."""
        from heaptui.views.allocations import AllocationsView
        from heaptui.views.timeline import TimelineView

        row = chosen.row
        match chosen.outline.view:
            case AllocationsView() as view:
                rows = [*chosen.line.ancestors, row]
                names = f" {LEFT} ".join(cut(above.label.name, 30) for above in rows)
                self.show_filtered(filtering.Choice(view.filter_of(rows), f"allocated by {names}"))
            case TimelineView() as view:
                begin, end = chosen.outline.range or (row, row)
                chosen.outline.begun = None
                low, high = view.id_range(begin)[0], view.id_range(end)[1]
                first, last = begin.label.name, end.label.name
                when = f"at {first}" if first == last else f"from {first} to {last}"
                self.show_filtered(filtering.Choice(f"ids:{low}-{high}", f"allocated {when}"))

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
        number = int(digits)
        found = [(heap, heap.object_with_id(number)) for heap in (self.heaps[-1], *self.heaps[:-1])]
        heap, ordinal = next(((heap, ordinal) for heap, ordinal in found if ordinal is not None), (None, None))
        if heap is None or ordinal is None:
            self.say(f"@{digits} is in no snapshot opened here.", error=True)
            return
        tab = self.tab if self.tab in ("containment", "dominators") else "summary"
        if heap is self.heaps[-1]:
            self.reveal(tab, ordinal)
            return
        self._reveal_gone(tab, ordinal, heap)
        self.say(f"@{digits} is only in {self.title_of(heap)}: this is what it was there.")

    def _reveal_gone(self, tab: str, ordinal: int, heap: LightHeap) -> None:
        """Show an object of an earlier snapshot: among the deleted ones if that is the base."""
        outline = self.query_one("#comparison", Pane).main.outline
        trail = gone(outline.view, heap, ordinal) if outline is not None and tab == "summary" else []
        if trail:
            self.jump("comparison", trail)
        else:
            self.reveal(tab, ordinal, heap)

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
                begin_task(self, self._choose_context, group="contexts")
            elif choice.id == filtering.QUERY:
                self.action_query()
            else:
                self.show_filtered(choice)

        self.app.push_screen(Menu(title, [(c.id, c.words, c.about) for c in choices]), chosen)

    def action_query(self) -> None:
        """Ask for a query, beginning with the last one."""
        if self.heaps:
            self.post_message(self._query_wanted(self._query))

    def _query_wanted(self, typed: str, wrong: str = "", at: int | None = None) -> Prompt.Wanted:
        """The question for a query; asked again, with what was typed, where that is none."""
        from heaptui.query.parsing import QueryError

        def answer(typed: str) -> Prompt.Wanted | None:
            if not typed:
                return None
            self._query = typed
            try:
                choice = filtering.of_query(typed, self.heaps)
            except QueryError as error:
                return self._query_wanted(typed, str(error), error.column)
            self.show_filtered(choice)
            return None

        hint = "class:Session retained>1MB -detached"
        return Prompt.Wanted(wrong or "query", typed, hint, answer, completions, at)

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


def gone(view: View, heap: LightHeap, ordinal: int) -> list[Finder]:
    """The trail to a deleted object in the Comparison; empty where it is not there."""
    from heaptui.views.comparison import BASE, ComparisonView
    from heaptui.views.entries import WithEntries

    view = view.view if isinstance(view, WithEntries) else view
    if not isinstance(view, ComparisonView) or view.heaps[BASE] is not heap or not view.comparison.deleted[ordinal]:
        return []
    return [trails.by_key(int(view.comparison.base_class[ordinal])), trails.by_key((BASE, ordinal))]


def _by_name(name: str) -> Finder:
    def find(rows: Rows, order: Order) -> int | None:
        return next((i for i, row in enumerate(rows.page(0, len(rows))) if row.label.name == name), None)

    return find
