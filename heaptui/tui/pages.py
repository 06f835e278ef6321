"""The pages between title and footer, one a tab, and the way back to where the user was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import ContentSwitcher

from heaptui.snapshot.progress import Progress
from heaptui.tui.grid import Grid
from heaptui.tui.history import History, Spot
from heaptui.tui.pane import Pane
from heaptui.tui.tabs import COMING, LIGHT, TABS, Tab, tab_of
from heaptui.views.lines import Line
from heaptui.views.model import Row, View
from heaptui.views.outline import Outline

if TYPE_CHECKING:
    from heaptui.heap import Heap, LightHeap


@dataclass(frozen=True, slots=True)
class Selection:
    """The row that the keys are for, and where it stands."""

    outline: Outline
    line: Line
    row: Row

    @property
    def heap(self) -> LightHeap:
        """The heap of its object; of a row that is none, the one that is shown."""
        return self.outline.view.heaps[-1 if self.row.ordinal is None else self.row.heap]


class Pages(ContentSwitcher):
    """Shows one page at a time, and remembers where the user has been.

    `coming` tells whether what keeps the objects alive is still being computed.
    """

    class Turned(Message):
        """Another page is shown."""

    def __init__(self) -> None:
        super().__init__(id="body", initial="start")
        self.heaps: Sequence[LightHeap] = ()
        self.titles: Sequence[str] = ()
        self.coming = False
        self.tab = TABS[0].id
        self.history = History()

    # What is there

    @property
    def tabs(self) -> list[Tab]:
        """The tabs that these snapshots have something for."""
        return [tab for tab in TABS if tab.offered(self.heaps)]

    def offers(self, action: str) -> bool:
        """Whether there is anything that an action could be about, in these snapshots."""
        if action == "base":
            return len(self.heaps) > 2
        tab = next((tab for tab in TABS if action == tab.id or action in tab.actions), None)
        return tab is None or tab.offered(self.heaps)

    @property
    def pane(self) -> Pane | None:
        """The pane of the open tab; None while there are no snapshots."""
        return self.query_one(f"#{self.tab}", Pane) if self.heaps else None

    @property
    def grid(self) -> Grid | None:
        """The list that has the keys, or the main one of the pane."""
        focused = self.screen.focused
        return focused if isinstance(focused, Grid) else self.pane.main if self.pane else None

    @property
    def selection(self) -> Selection | None:
        """The row under the cursor."""
        outline = self.grid.outline if self.grid else None
        line = outline.current if outline else None
        if outline is None or line is None or line.row is None:
            return None
        return Selection(outline, line, line.row)

    @property
    def whole(self) -> bool:
        """Whether it is known what keeps the objects alive."""
        return whole(self.heaps)

    @property
    def missing(self) -> str:
        """What to say where it is not."""
        return COMING if self.coming else LIGHT

    def side_of(self, heap: LightHeap) -> int:
        """Which of the opened snapshots a heap is, the last if it is none of them."""
        return next((i for i, other in enumerate(self.heaps) if other is heap), len(self.heaps) - 1)

    def title_of(self, heap: LightHeap) -> str:
        """What its snapshot is called."""
        return self.titles[self.side_of(heap)]

    @property
    def spot(self) -> Spot:
        """Where the user is."""
        outline = self.pane.main.outline if self.pane else None
        return Spot(self.tab, outline, outline.current if outline else None)

    def begin(self, heaps: Sequence[LightHeap], titles: Sequence[str]) -> None:
        """Take other snapshots; where the user was in those before is forgotten."""
        self.heaps, self.titles, self.history = heaps, titles, History()

    def complete(self, heaps: Mapping[LightHeap, Heap]) -> None:
        """Take the whole heaps in place of the light ones they were before; the user stays where he is."""
        self.heaps, self.coming = [heaps[heap] for heap in self.heaps], False
        for pane in self.query(Pane):
            pane.complete(heaps)
        self._refill()

    def give_up(self) -> None:
        """Stay with the light heaps: the whole ones will not come."""
        self.coming = False
        for pane in self.query(Pane):
            pane.settle()
        self._refill()

    def _refill(self) -> None:
        """Make the rows of the open tab, if they were words only."""
        pane = self.pane
        if pane is not None and not pane.made:
            self.make_rows(pane, self.heaps)
        self.post_message(self.Turned())

    def empty(self, titles: Sequence[str], tab: str) -> None:
        """Let go of all rows: other snapshots are being opened, of which a tab is to be seen first."""
        self.begin((), titles)
        self.coming = False
        self.tab = tab
        for pane in self.query(Pane):
            pane.forget()

    def say(self, words: str, *, error: bool = False) -> None:
        """Tell something in the footer."""
        self.post_message(Grid.Said(words, error=error))

    # Tabs

    def turn_to(self, tab: str) -> None:
        """Show the page of a tab, whose rows are made now if they were not yet."""
        self.tab = tab
        pane = self.pane
        if pane is not None and (pane.tab.lazy or pane.tab.whole) and not pane.made:
            self.make_rows(pane, self.heaps)
        self.current = tab
        self.post_message(self.Turned())

    def make_rows(self, pane: Pane, heaps: Sequence[LightHeap]) -> None:
        """Make a tab's rows in a thread and show them."""
        if pane.tab.whole and not whole(heaps):
            pane.show(self.missing)
            return
        job = Progress()
        pane.show_made(lambda: rows_of(pane.tab, heaps, job), job if pane.tab.stoppable else None)

    def action_show_tab(self, tab: str) -> None:
        """Show a tab, once there is something to show; the one that is shown, if making it was stopped."""
        if self.pane is None or (tab == self.tab and self.pane.made):
            return
        if not tab_of(tab).offered(self.heaps):
            self.say(f"There is no {tab_of(tab).title}: the snapshot was not recorded with it.")
            return
        self.history.leave(self.spot)
        self.turn_to(tab)

    def action_next_tab(self) -> None:
        """Show the tab on the right."""
        self._step_tab(1)

    def action_previous_tab(self) -> None:
        """Show the tab on the left."""
        self._step_tab(-1)

    def _step_tab(self, by: int) -> None:
        ids = [tab.id for tab in self.tabs]
        if self.tab in ids:
            self.action_show_tab(ids[(ids.index(self.tab) + by) % len(ids)])

    # Where the user has been

    def action_history_back(self) -> None:
        """To the place before the last jump."""
        self._return(self.history.back(self.spot), "This is where you began.")

    def action_history_forward(self) -> None:
        """To the place that `(` came from."""
        self._return(self.history.forward(self.spot), "There is nothing to go forward to.")

    def _return(self, spot: Spot | None, otherwise: str) -> None:
        if spot is None:
            self.say(otherwise)
            return
        self.turn_to(spot.tab)
        if self.pane is not None and spot.outline is not None:
            self.pane.return_to(spot.outline, spot.line)
            self.pane.focus_rows()


def whole(heaps: Sequence[LightHeap]) -> bool:
    """Whether it is known of all these snapshots what keeps their objects alive."""
    from heaptui.heap import Heap

    return all(isinstance(heap, Heap) for heap in heaps)


def rows_of(tab: Tab, heaps: Sequence[LightHeap], progress: Progress | None = None) -> Outline | str:
    """A tab's view with its first rows, or what to say instead; may take a while.

    Raises Cancelled where the tab is stoppable and the progress is cancelled.
    """
    view: View | str = tab.make(heaps, progress or Progress()) if tab.stoppable else tab.make(heaps)
    return view if isinstance(view, str) else Outline(view)
