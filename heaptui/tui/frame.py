"""The single lines around the panes: title, tabs, rule and footer."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from heaptui.tui import keys
from heaptui.tui.painting import cut
from heaptui.tui.tabs import TABS, Tab


class OneLine(Widget):
    """A line that is painted only when it reads otherwise than before."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "OneLine { height: 1; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
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

    def mark(self, shown: str) -> None:
        """Show which tab is open: in brackets too, since colours may lack."""
        parts: list[Content] = []
        for number, tab in enumerate(TABS, start=1):
            if tab.id == shown:
                parts.append(Content.styled(f"[{number} {tab.title}]", "bold $text-accent"))
            else:
                parts.append(Content(f" {number} {tab.title} "))
        self.put(Content(" ").join(parts))

    def on_click(self, event: events.Click) -> None:
        """Find the tab that was hit."""
        x = 0
        for number, tab in enumerate(TABS, start=1):
            width = _tab_width(number, tab)
            if x <= event.x < x + width:
                self.post_message(self.Picked(tab.id))
            x += width + 1


class Rule(OneLine):
    """A line between two panes that names the lower one."""

    def name_it(self, words: str) -> None:
        """Write the name into the line."""
        words = cut(words, self.room - 6)
        self.put(Content(f"── {words} " + "─" * max(0, self.room - cell_len(words) - 4)))


class Footer(OneLine):
    """Key hints for the place where the cursor is, or something to tell until the next key."""

    def hint(self, place: keys.Place) -> None:
        """Show as many of the place's hints as fit, always whole."""
        room = self.room - 1
        parts: list[Content] = []
        for key, words in keys.hints(place):
            room -= cell_len(f"{key} {words}") + 2
            if room >= -2:
                parts.append(Content.assemble((key, "bold $text-accent"), " ", words))
        self.put(Content.assemble(" ", Content("  ").join(parts)))

    def say(self, words: str, *, error: bool = False) -> None:
        """Tell something."""
        words = cut(words, self.room - 2)
        self.put(Content.assemble(" ", (words, "bold $text-error" if error else "bold")))


def _tab_width(number: int, tab: Tab) -> int:
    return len(f"[{number} {tab.title}]")


def file_names(titles: Sequence[str], room: int) -> str:
    """The opened snapshots, oldest first; without what all their names end in, where room is scarce."""
    names = " → ".join(titles)
    return names if cell_len(names) <= room else " → ".join(name.partition(".heapsnapshot")[0] for name in titles)
