"""The single lines around the panes: title, tabs, rule and footer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from heaptui.tui import keys
from heaptui.tui.hints import ALWAYS, Place
from heaptui.tui.painting import cut
from heaptui.tui.tabs import Tab

READING = 1.0
"""Seconds that something told stays at least, whatever happens."""


class QuietScreen(Screen[None]):
    """A screen of which only the widgets concerned are painted anew when the focus moves.

    Nothing gets the focus by itself: Textual would choose a page that is not shown.
    """

    AUTO_FOCUS: ClassVar[str | None] = ""
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    class Resumed(Message):
        """No other screen stands above any more."""

    def on_screen_resume(self) -> None:
        """Say that the keys come here again."""
        self.post_message(self.Resumed())


class OneLine(Widget):
    """A line that is painted only when it reads otherwise than before."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "OneLine { height: 1; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        # Looking for links under the mouse would repaint the line as it passes.
        self.set_reactive(Widget.auto_links, False)
        self._content = Content("")

    @property
    def room(self) -> int:
        """Its cells: as many as the screen has, also while it is hidden and has no size."""
        return self.app.size.width

    def put(self, content: Content) -> None:
        """Show other words."""
        if content.markup != self._content.markup:
            self._content = content
            self.refresh()

    def render(self) -> Content:
        """The words, for Textual."""
        return self._content

    def apart(self, left: str, right: str) -> None:
        """Show one text on the left and one on the right; the left one gives way."""
        width = self.room - 2
        left = cut(left, width - cell_len(right) - 1)
        self.put(Content(f" {left}{' ' * (width - cell_len(left) - cell_len(right))}{right} "))


class TabLine(OneLine):
    """The tabs, with their numbers; a click shows one."""

    class Picked(Message):
        """A tab was clicked."""

        def __init__(self, tab: str) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ends: list[tuple[int, str]] = []

    def mark(self, shown: str, tabs: Sequence[Tab]) -> None:
        """Show which tab is open: in brackets too, since colours may lack.

        Where not all titles fit, as many as must be are written short, or only as numbers, from the right on.
        """
        words = {tab.id: f" {tab.number} {tab.title} " for tab in tabs}
        others = [tab for tab in reversed(tabs) if tab.id != shown]
        shorter = [(tab, f" {tab.number} {tab.short} ") for tab in others]
        for tab, word in (*shorter, *((tab, f" {tab.number} ") for tab in others)):
            if sum(map(len, words.values())) > self.room:
                words[tab.id] = word
        parts: list[Content] = []
        self._ends, x = [], 0
        for tab in tabs:
            word = words[tab.id]
            x += len(word)
            self._ends.append((x, tab.id))
            parts.append(Content.styled(f"[{word[1:-1]}]", "bold $text-accent") if tab.id == shown else Content(word))
        self.put(Content("").join(parts))

    def on_click(self, event: events.Click) -> None:
        """Find the tab that was hit."""
        hit = next((tab for end, tab in self._ends if event.x < end), None)
        if hit is not None:
            self.post_message(self.Picked(hit))


class Rule(OneLine):
    """A line between two panes that names the lower one."""

    def name_it(self, words: str) -> None:
        """Write the name into the line."""
        words = cut(words, self.room - 6)
        self.put(Content(f"── {words} " + "─" * max(0, self.room - cell_len(words) - 4)))


class Footer(OneLine):
    """Key hints for the place where the cursor is, or something to tell until the user goes on."""

    _told: float | None = None

    def hint_now(self, place: Place, works: Callable[[str], bool] = lambda _: True) -> None:
        """Show the hints, unless something was told a moment ago."""
        if self._told is None or monotonic() - self._told > READING:
            self.hint(place, works)

    def hint(self, place: Place, works: Callable[[str], bool] = lambda _: True) -> None:
        """Show as many of the place's hints as fit, always whole, of what works there; help is never left out."""
        self._told = None
        last = [keys.cap_and_words(hint) for hint in ALWAYS]
        room = self.room + 1 - _cells(last[0])
        fitting: list[tuple[str, str]] = []
        for hint in (last[1], *keys.hints(place, works)):
            if _cells(hint) > room:
                break
            room -= _cells(hint)
            fitting.append(hint)
        shown = [*fitting[1:], last[0], *fitting[:1]]
        parts = [Content.assemble((key, "bold $text-accent"), " ", words) for key, words in shown]
        self.put(Content.assemble(" ", Content("  ").join(parts)))

    def say(self, words: str, *, error: bool = False) -> None:
        """Tell something."""
        self._told = monotonic()
        words = cut(words, self.room - 2)
        self.put(Content.assemble(" ", (words, "bold $text-error" if error else "bold")))


def _cells(hint: tuple[str, str]) -> int:
    """The cells of a hint with those after it."""
    return cell_len(" ".join(hint)) + 2


def file_names(titles: Sequence[str], room: int) -> str:
    """The opened snapshots, oldest first; without what all their names end in, where room is scarce."""
    names = " → ".join(titles)
    return names if cell_len(names) <= room else " → ".join(name.partition(".heapsnapshot")[0] for name in titles)
