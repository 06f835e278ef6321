"""The page without a snapshot: what went wrong, the files opened last, those in a folder, and how to take one."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from heaptui.tui import keys, side
from heaptui.tui.actions import ACTIONS
from heaptui.tui.files import Entry, entries
from heaptui.tui.painting import cut, cut_start
from heaptui.tui.tasks import begin_task
from heaptui.views import text

HOW = """\
{take} takes a snapshot of a running Node.js process, as does heaptui capture.
Where heaptui is not installed:
  node --heapsnapshot-signal=SIGUSR2 app.js     then    kill -USR2 PID
or from the program itself:  require('v8').writeHeapSnapshot()
In Chrome: DevTools, Memory, Take snapshot, then save it."""

NONE = "no .heapsnapshot or .heaptimeline files here"

FEWEST = 5
"""Lines of a folder that are seen at least; before that the advice gives way, then the recent files."""

_MOVES = ("open", "forward", "backward", "up", "down", "page_up", "page_down", "half_up", "half_down", "first", "last")
_SIGN, _FACTS = 6, 22
_SALVAGE, _TAKE = (next(action for action in ACTIONS if action.id == id) for id in ("salvage", "take"))


@dataclass(frozen=True, slots=True)
class Item:
    """What the cursor can stand on: files to open together, or a folder to enter."""

    words: str
    paths: tuple[str, ...]
    is_folder: bool = False
    sign: str = ""
    facts: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line shows, in pieces with their styles, and which entry that is."""

    pieces: tuple[tuple[str, str], ...]
    index: int | None = None


def _plain(words: str) -> Line:
    return Line(((words, ""),))


class StartPage(Widget, can_focus=True):
    """Says how to begin; lists recent files, which their numbers open, and those of a folder."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"start--problem", "start--heading", "start--dim", "start--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for binding in keys.bindings("grid") if isinstance(binding, Binding) and binding.id in _MOVES),
        *keys.bindings("start"),
    ]

    class Salvaged(Message):
        """The files that failed are to be opened as far as they go."""

    class Chosen(Message):
        """Files are to be opened."""

        def __init__(self, paths: Sequence[str]) -> None:
            super().__init__()
            self.paths = paths

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.chosen: list[str] = []
        self._folder = ""
        self._found: Sequence[Entry] = ()
        self._recent: list[list[str]] = []
        self._problem = self._trouble = ""
        self._salvageable = False
        self._top = 0
        self._page = FEWEST
        self._lines: list[Line] = []

    def on_mount(self) -> None:
        """Look up the recent files, and those of the current folder."""
        self.tell("")

    def tell(self, problem: str, *, salvageable: bool = False) -> None:
        """Say what went wrong, if anything, and how to go on."""
        self._problem, self._salvageable = problem, salvageable
        self._recent = side.recent()
        self.cursor, self.chosen = 0, []
        self._enter(self._folder or os.curdir, first=not self._recent)

    def _enter(self, folder: str, came_from: str = "", *, first: bool = True) -> None:
        """List a folder; the cursor goes to the folder it came from, or to the `first` file."""
        begin_task(self, partial(self._look, folder, came_from, first), group="folder", exclusive=True)

    async def _look(self, folder: str, came_from: str, first: bool) -> None:
        try:
            # The current folder may be gone, and a far one may take its time.
            path = await asyncio.to_thread(os.path.abspath, folder)
            self._found = await asyncio.to_thread(entries, path)
        except OSError as error:
            self._trouble = f"This folder cannot be read: {error.strerror}."
        else:
            self._folder, self._trouble, self._top = path, "", 0
            items, recent = self.items, len(self._shown_recent)
            if first:
                self.cursor = min(recent + 1, len(items) - 1) if self._found else recent
                self.cursor = next((i for i, item in enumerate(items) if item.paths == (came_from,)), self.cursor)
        self._fill()

    # What stands in the list

    @property
    def _shown_recent(self) -> list[list[str]]:
        room = self.size.height - FEWEST - 6
        return self._recent[: max(3, room - len(HOW.splitlines()) - 1)]

    @property
    def items(self) -> list[Item]:
        """All that can be chosen, in order."""
        recent = [
            Item(" → ".join(_short(paths)), tuple(paths), sign=str(number))
            for number, paths in enumerate(self._shown_recent, start=1)
        ]
        above = os.path.dirname(self._folder)
        up = [Item("..", (above,), is_folder=True)] if self._folder and above != self._folder else []
        return [*recent, *up, *map(self._item, self._found)]

    def _item(self, entry: Entry) -> Item:
        if entry.is_folder:
            return Item(entry.name + os.sep, (entry.path,), is_folder=True)
        sign = f"[{self.chosen.index(entry.path) + 1}]" if entry.path in self.chosen else ""
        facts = f"{text.size(entry.size):>8}{age(time.time() - entry.changed):>14}"
        return Item(entry.name, (entry.path,), sign=sign, facts=facts)

    # What is painted

    def on_resize(self) -> None:
        """Fit the names to the width, and as many lines as can be to the height."""
        self._top = 0
        self._fill()

    def _fill(self) -> None:
        """Make the lines anew, and paint those that are others."""
        lines = self._make(self.size.width, self.size.height)
        before, self._lines = self._lines, lines
        for y in range(max(len(lines), len(before))):
            if lines[y : y + 1] != before[y : y + 1]:
                self.refresh(Region(0, y, self.size.width, 1))

    def _make(self, width: int, height: int) -> list[Line]:
        items, recent = self.items, len(self._shown_recent)
        self.cursor = max(0, min(self.cursor, len(items) - 1))
        lines: list[Line] = []
        if self._problem:
            said = wrap(text.escape(self._problem), max(20, width))
            if self._salvageable:
                said.append(f"{keys.caps(_SALVAGE)[0]} opens it as far as it goes.")
            lines += [Line(((words, "problem"),)) for words in (*said, "")]
        lines += [_plain("No snapshot is open."), _plain("")]
        if recent:
            part = "" if recent == len(self._recent) else f" ({recent} of {len(self._recent)})"
            lines.append(Line(((f"Opened last{part}; its number opens it", "heading"),)))
            lines += [*(self._line(items, i, width) for i in range(recent)), _plain("")]
        how = [_plain(""), *map(_plain, HOW.format(take=keys.caps(_TAKE)[0]).splitlines())]
        if height - len(lines) - len(how) - 1 < FEWEST:
            how = []
        self._page = room = max(1, height - len(lines) - len(how) - 1)
        # The cursor in sight, the list as far up as it can be.
        self._top = max(recent, min(self._top, self.cursor, len(items) - room), self.cursor - room + 1)
        shown = range(self._top, min(len(items), self._top + room))
        listed = len(items) - recent
        part = f"  ({shown.start - recent + 1} to {shown.stop - recent} of {listed})" if len(shown) < listed else ""
        lines += [self._heading(part, width), *(self._line(items, i, width) for i in shown)]
        if len(shown) < room and (self._trouble or not any(item.facts for item in items)):
            lines.append(Line(((f"      {self._trouble or NONE}", "dim"),)))
        return lines + how

    def _heading(self, part: str, width: int) -> Line:
        facts = f"{'size':>8}{'changed':>14}"
        place = cut_start(_home(self._folder), width - _FACTS - 4 - len(part)) + part
        gap = " " * (width - _FACTS - 3 - cell_len(place))
        return Line(((f"In {place}", "heading"), (f"{gap}{facts}", "dim")))

    def _line(self, items: Sequence[Item], index: int, width: int) -> Line:
        item, here = items[index], index == self.cursor
        room = width - _SIGN - len(item.facts)
        words = cut(item.words, room) if item.facts or item.is_folder else cut_start(item.words, room)
        words += " " * (room - cell_len(words))
        return Line(((f"{'›' if here else ' '} {item.sign:>3} {words}{item.facts}", "cursor" if here else ""),), index)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        pieces = self._lines[y].pieces if y < len(self._lines) else ()
        segments = [
            Segment(piece, self.get_component_rich_style(f"start--{role}") if role else self.rich_style)
            for piece, role in pieces
        ]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    # What the keys do

    def _move(self, by: int) -> None:
        self.cursor += by
        self._fill()

    def action_up(self) -> None:
        """To the entry above."""
        self._move(-1)

    def action_down(self) -> None:
        """To the entry below."""
        self._move(1)

    def action_page_up(self) -> None:
        """A page up."""
        self._move(-self._page)

    def action_page_down(self) -> None:
        """A page down."""
        self._move(self._page)

    action_half_up, action_half_down = action_page_up, action_page_down

    def action_first(self) -> None:
        """To the first entry."""
        self._move(-self.cursor)

    def action_last(self) -> None:
        """To the last entry."""
        self._move(len(self.items))

    def action_open(self) -> None:
        """Open what is chosen, or what the cursor stands on; enter a folder."""
        items = self.items
        if not items:
            return
        item = items[self.cursor]
        if item.is_folder:
            self._enter(item.paths[0], self._folder if item.words == ".." else "")
        elif not item.facts:
            self.post_message(self.Chosen(item.paths))
        else:
            one = item.paths if len(self.chosen) < 2 else ()
            self.post_message(self.Chosen(list(dict.fromkeys((*self.chosen, *one)))))

    action_forward = action_open

    def action_backward(self) -> None:
        """To the folder that this one is in."""
        self._enter(os.path.dirname(self._folder), self._folder)

    def action_salvage(self) -> None:
        """Open the files that failed, where that is possible."""
        if self._salvageable:
            self.post_message(self.Salvaged())

    def action_mark(self) -> None:
        """Choose a file to be opened with others, or no longer."""
        item = self.items[self.cursor] if self.items else None
        if item is not None and item.facts:
            path = item.paths[0]
            self.chosen.remove(path) if path in self.chosen else self.chosen.append(path)
            self._move(1)

    def on_key(self, event: events.Key) -> None:
        """Open one of the recent files."""
        digit = event.character or ""
        if digit in "123456789" and digit and int(digit) <= len(self._shown_recent):
            event.stop()
            event.prevent_default()
            self.post_message(self.Chosen(self._recent[int(digit) - 1]))

    def on_click(self, event: events.Click) -> None:
        """Go to an entry, or open the one of the cursor."""
        index = self._lines[event.y].index if event.y < len(self._lines) else None
        if index == self.cursor:
            self.action_open()
        elif index is not None:
            self._move(index - self.cursor)


def age(seconds: float) -> str:
    """How long ago something was, in the largest unit: 5 min ago."""
    for unit, length in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{int(seconds // length)} {unit} ago"
    return "just now" if seconds < 60 else "1 min ago"


def _home(path: str) -> str:
    """A path with the home directory's sign."""
    home = os.path.expanduser("~")
    if path == home:
        return "~"
    return "~" + path[len(home) :] if path.startswith(home + os.sep) else path


def _short(paths: Sequence[str]) -> list[str]:
    """The first path below the home directory, the others by name alone where they are beside it."""
    folder = os.path.dirname(paths[0])
    others = [os.path.basename(path) if os.path.dirname(path) == folder else path for path in paths[1:]]
    return [_home(paths[0]), *others]
