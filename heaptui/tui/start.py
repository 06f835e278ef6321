"""The page without a snapshot: what went wrong, the files opened last, and how to take a snapshot."""

from __future__ import annotations

import os
from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from heaptui.tui import side
from heaptui.tui.painting import cut_start
from heaptui.views import text

HOW = """\
Press o and type the name of a .heapsnapshot file, or of two to compare.

To take a snapshot of a running Node.js process:
  node --heapsnapshot-signal=SIGUSR2 app.js     then    kill -USR2 PID
or from the program itself:
  require('v8').writeHeapSnapshot()
In Chrome: DevTools, Memory, Take snapshot, then save it."""


class StartPage(Static, can_focus=True):
    """Says how to begin; a number opens one of the recent files."""

    ALLOW_SELECT = False

    class Chosen(Message):
        """Recent files are to be opened."""

        def __init__(self, paths: Sequence[str]) -> None:
            super().__init__()
            self.paths = paths

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.set_reactive(Widget.auto_links, False)
        self._recent: list[list[str]] = []
        self._problem = ""

    def on_mount(self) -> None:
        """Look up the recent files."""
        self.tell("")

    def tell(self, problem: str) -> None:
        """Say what went wrong, if anything, and how to go on."""
        self._problem = problem
        self._recent = side.recent()
        self._fill()

    def on_resize(self) -> None:
        """Fit the names to the width."""
        self._fill()

    def _fill(self) -> None:
        parts: list[Content] = [Content("")]
        if self._problem:
            parts += [Content.styled(text.escape(self._problem), "bold"), Content("")]
        parts += [Content("No snapshot is open."), Content("")]
        if self._recent:
            parts.append(Content.styled("Opened last", "bold $text-accent"))
            width = max(20, self.app.size.width - 10)
            for number, paths in enumerate(self._recent, start=1):
                parts.append(Content.assemble((f"  {number}  ", "bold"), cut_start(" → ".join(_short(paths)), width)))
            parts += [Content("  Its number opens it."), Content("")]
        parts.append(Content(HOW))
        self.update(Content("\n").join(parts))

    def on_key(self, event: events.Key) -> None:
        """Open one of the recent files."""
        digit = event.character or ""
        if digit in "123456789" and digit and int(digit) <= len(self._recent):
            event.stop()
            event.prevent_default()
            self.post_message(self.Chosen(self._recent[int(digit) - 1]))


def _short(paths: Sequence[str]) -> list[str]:
    """The first path below the home directory, the others by name alone where they are beside it."""
    home = os.path.expanduser("~")
    first = paths[0]
    shown = "~" + first[len(home) :] if first.startswith(home + os.sep) else first
    folder = os.path.dirname(first)
    return [shown, *(os.path.basename(path) if os.path.dirname(path) == folder else path for path in paths[1:])]
