"""A list of objects, and below it what keeps the selected one alive."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.timer import Timer

from heaptui.tui import painting
from heaptui.tui.frame import Rule
from heaptui.tui.grid import Grid
from heaptui.tui.hints import Place, works
from heaptui.tui.pages import Pages
from heaptui.tui.pane import Pane
from heaptui.tui.side import Notebook, Side
from heaptui.tui.tabs import Tab
from heaptui.tui.trails import members
from heaptui.views import text
from heaptui.views.model import Row
from heaptui.views.outline import Outline

if TYPE_CHECKING:
    from heaptui.heap import LightHeap

CALM = 0.12
"""Seconds the cursor must rest before retainers are looked up, so that a held key does not flood the line."""

NO_OBJECT = """\
Open a row with Enter, and select an object to see what keeps it alive.
On a class, or on a text, p shows where its objects hang from."""

NO_ROWS = "Nothing is selected, for there are no rows above."

Lower = Literal["retainers", "paths"]


class ObjectPane(Pane):
    """A list of objects, and below it the retainers of the selected one, or its shortest paths."""

    def __init__(self, tab: Tab, notebook: Notebook) -> None:
        super().__init__(tab)
        self.notebook = notebook
        self.rule = Rule()
        self.below = Grid(id=f"{tab.id}-retainers")
        self.below.add_class("below")
        self._timer: Timer | None = None
        self._shown: tuple[object, ...] = ()
        self._lower: Lower = "retainers"
        self._weak = False
        self._about: tuple[LightHeap, Row] | None = None
        self._above: Row | None = None

    def compose(self) -> ComposeResult:
        """The list above, the retainers below."""
        yield from super().compose()
        yield self.rule
        yield self.below

    @property
    def place(self) -> Place:
        """What the footer should hint at."""
        return self._lower if self.below.has_focus else super().place

    def works(self, action: str) -> bool:
        """Whether an action can do anything on the row of the cursor, above or below."""
        if not self.below.has_focus:
            return super().works(action)
        # From the paths, `r` is about the row above.
        outline = self.main.outline if action == "retainers" else self.below.outline
        # Here only objects can be shown elsewhere.
        needed = "reveal_containment" if action == "reveal_summary" else action
        return works(needed, outline.current if outline else None)

    @property
    def about(self) -> str:
        """What all of its rows are about, by the name of the base where it is compared."""
        titles = self.pages.titles
        return self.tab.since.format(titles[0]) if self.tab.since and len(titles) > 1 else super().about

    def show(self, found: Outline | str) -> None:
        """Show rows with their retainers, or words in the whole pane."""
        super().show(found)
        self._shown = ()
        self.set_class(isinstance(found, str), "words")

    def settle(self) -> None:
        """And look up the retainers again, or say why not."""
        super().settle()
        self._shown = ()
        self._look_up()

    def forget(self) -> None:
        """Let go of the rows, and of the retainers."""
        super().forget()
        self._shown = ()
        self.below.explain("")

    def back(self) -> bool:
        """From the retainers to the list, then as in any pane."""
        if self.below.has_focus:
            self.focus_rows()
            return True
        return super().back()

    # What is below

    def action_retainers(self) -> None:
        """Go to the retainers of the selected object."""
        self._go_below("retainers")

    def action_paths(self) -> None:
        """Show the shortest paths to the object under the cursor, above or below."""
        row, outline = self._row_of(self.below), self.below.outline
        if self.below.has_focus and row is not None and outline is not None:
            self._go_below("paths", (outline.view.heaps[row.heap], row))
        else:
            self._go_below("paths")

    def _go_below(self, lower: Lower, about: tuple[LightHeap, Row] | None = None) -> None:
        self.remove_class("alone")
        if self.has_class("words"):
            return
        self._lower, self._about, self._above = lower, about, self._row_of(self.main)
        self._look_up()
        self.below.focus(scroll_visible=False)

    def action_other_pane(self) -> None:
        """From the list to what is below, or back."""
        if self.below.has_focus:
            self.focus_rows()
        else:
            self._go_below(self._lower, self._about)

    def action_zoom(self) -> None:
        """Hide what is below, or show it again."""
        self.focus_rows()
        self.toggle_class("alone")

    def action_weak(self) -> None:
        """Show weak references among the retainers, or hide them."""
        self._weak = not self._weak
        self._look_up()
        self._say("Weak references are shown." if self._weak else "Weak references are hidden.")

    def action_ignore(self) -> None:
        """Ignore the retainer under the cursor, or no longer."""
        row = self._row_of(self.below)
        if not self.below.has_focus or self._lower != "retainers" or row is None or row.label.id is None:
            self._say("Go to a retainer first: r, then the row of what should be ignored.")
            return
        self._notes.ignored ^= {row.label.id}
        self._keep(f"@{row.label.id} is ignored." if row.label.id in self._notes.ignored else "It counts again.")

    def action_restore_ignored(self) -> None:
        """No longer ignore any retainer."""
        if self._notes.ignored:
            self._notes.ignored.clear()
            self._keep("All retainers count again.")
        else:
            self._say("No retainer is ignored.")

    @property
    def _notes(self) -> Side:
        return self.notebook.of(self._side)

    @property
    def _side(self) -> int:
        """Which of the opened files the objects above are of."""
        heap = self._heap
        return -1 if heap is None else self.pages.side_of(heap)

    @property
    def pages(self) -> Pages:
        """Where this is one of the tabs."""
        return self.query_ancestor(Pages)

    def _keep(self, words: str) -> None:
        try:
            self._notes.save()
        except OSError as error:
            words = f"{words} It could not be kept for the next time: {error.strerror}."
        self._look_up()
        self._say(words)

    def _say(self, words: str) -> None:
        self.post_message(Grid.Said(words))

    # The object it is about

    @on(Grid.Changed)
    def follow(self, event: Grid.Changed) -> None:
        """Look up the retainers of the selected object when the cursor rests."""
        if event.grid is self.below:
            self._name_rule()
        if event.grid is not self.main:
            return
        if self._about is not None and self._row_of(self.main) is not self._above:
            self._about = None
        if self._wanted() == self._shown:
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(CALM, self._look_up)

    @on(events.Resize)
    def rule_off(self) -> None:
        """The line between the panes goes from one end to the other."""
        self._name_rule()

    @staticmethod
    def _row_of(grid: Grid) -> Row | None:
        line = grid.outline.current if grid.outline else None
        return line.row if line else None

    @property
    def _subject(self) -> Row | None:
        """The row whose retainers or paths are shown."""
        return self._about[1] if self._about is not None else self._row_of(self.main)

    @property
    def _heap(self) -> LightHeap | None:
        """The heap that its object lies in; of a row that is none, the one that is shown."""
        if self._about is not None:
            return self._about[0]
        row, outline = self._subject, self.main.outline
        return None if row is None or outline is None else outline.view.heaps[-1 if row.ordinal is None else row.heap]

    def _wanted(self) -> tuple[object, ...]:
        """All that decides what is below."""
        row = self._subject
        if row is None and self.main.outline is not None and not self.main.outline.lines:
            return ("no rows",)
        if row is None or row.ordinal is None:
            merged = self._lower == "paths" and row is not None and row.expandable
            return (id(self.main.outline), row.key) if merged and row is not None else ("none",)
        # A heap that is whole now is another one than it was.
        return (self._heap, row.ordinal, self._lower, self._weak, frozenset(self._notes.ignored))

    def _look_up(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        wanted = self._wanted()
        self._name_rule()
        if wanted == self._shown:
            return
        self._shown = wanted
        row, outline, heap = self._subject, self.main.outline, self._heap
        if row is None or outline is None or heap is None or wanted == ("none",):
            self.below.explain(NO_ROWS if wanted == ("no rows",) else NO_OBJECT)
            return
        if row.ordinal is None:
            missing = self.pages.missing
            self.below.show_made(lambda: merged_paths(outline, row, missing))
            return
        self.below.show_made(self._maker(heap, row.ordinal))

    def _maker(self, heap: LightHeap, ordinal: int) -> Callable[[], Outline | str]:
        ids, weak, lower, missing = sorted(self._notes.ignored), self._weak, self._lower, self.pages.missing

        def make() -> Outline | str:
            from heaptui.heap import Heap

            if not isinstance(heap, Heap):
                return missing
            if lower == "paths":
                from heaptui.views.paths import PathsView

                return Outline(PathsView(heap, ordinal))
            from heaptui.views.retainers import RetainersView

            found = (heap.object_with_id(number) for number in ids)
            ignored = frozenset(ordinal for ordinal in found if ordinal is not None)
            return Outline(RetainersView(heap, ordinal, ignored, weak=weak))

        return make

    def _name_rule(self) -> None:
        row = self._subject
        title = "Shortest paths to" if self._lower == "paths" else "Retainers of"
        if row is None or row.ordinal is None:
            merged = self._lower == "paths" and row is not None and row.expandable
            found = self.below.outline.view.heading if merged and self.below.outline is not None else ""
            named = f"Where the objects hang from: {row.label.name or text.NO_NAME}" if row and merged else "Retainers"
            self.rule.name_it(found or named)
            return
        remarks = [f"in {self.pages.titles[self._side]}"] if 0 <= self._side < len(self.pages.heaps) - 1 else []
        remarks += [f"{len(self._notes.ignored)} ignored: R restores"] if self._notes.ignored else []
        remarks += ["nothing else keeps it alive"] if self._kept_by_ignored_ones(row.ordinal) else []
        remarks += ["weak ones shown"] if self._weak else []
        name, number = self._named(row, row.ordinal)
        tail = f" @{number}" if number is not None else ""
        tail += f"   ({'; '.join(remarks)})" if remarks else ""
        room = self.rule.room - len(tail) - len(title) - 8
        self.rule.name_it(f"{title} {painting.cut(name or text.NO_NAME, room)}{tail}")

    def _kept_by_ignored_ones(self, ordinal: int) -> bool:
        """Whether the retainers shown are of this object, and all that keep it are ignored."""
        from heaptui.views.retainers import RetainersView

        view = self.below.outline.view if self.below.outline is not None else None
        return isinstance(view, RetainersView) and view.ordinal == ordinal and view.kept_by_ignored_ones

    def _named(self, row: Row, ordinal: int) -> tuple[str, int | None]:
        """What a row's object is called, and its id; some rows have only words about it."""
        from heaptui.views.objects import display_name
        from heaptui.views.suspects import SuspectsView

        view = self.main.outline.view if self.main.outline is not None else None
        if self._about is None and isinstance(view, SuspectsView):
            return display_name(view.heaps[0], ordinal), view.heaps[0].id(ordinal)
        return row.label.name, row.label.id


def merged_paths(outline: Outline, row: Row, missing: str) -> Outline | str:
    """From where the objects of a class hang, or what to say where the row is no class; `missing` in light mode."""
    from heaptui.heap import Heap
    from heaptui.report.invocation import filter_of
    from heaptui.views.merged import MergedPathsView

    ordinals = members(outline, row)
    if ordinals is None:
        return NO_OBJECT
    heap = outline.view.heaps[-1]
    if not isinstance(heap, Heap):
        return missing
    name = heap.classes.names[int(heap.classes.of[ordinals[0]])] if len(ordinals) else row.label.name
    view = MergedPathsView(heap, ordinals, name)
    return Outline(view, filtered=filter_of(outline, row))
