"""The one list of what can be done: bindings, footer, help and palette are all made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

from heaptui.tui.tabs import TABS
from heaptui.views.model import Column

Owner = Literal["app", "pane", "grid"]
Place = Literal["list", "retainers", "chart", "loading", "start"]

_CAPS = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "enter": "Enter",
    "escape": "Esc",
    "backspace": "Backspace",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "f1": "F1",
}


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do.

    Attributes:
        id: its name, also for a keymap; the owner has a method `action_ID`, or `call` is called.
        keys: Textual's names of its keys, the one to show first.
        words: two or three words for the footer and the palette.
        about: a sentence for the help screen.
        group: its heading there.
        owner: who does it.
        hint: where the footer mentions it.
        call: the method and its arguments, where it is not `id`.
    """

    id: str
    keys: tuple[str, ...]
    words: str
    about: str
    group: str
    owner: Owner
    hint: frozenset[Place] = frozenset()
    call: str = ""

    @property
    def caps(self) -> list[str]:
        """Its keys as they are written on a keyboard."""
        return [_CAPS.get(key, key) for key in self.keys]


def _hint(*places: Place) -> frozenset[Place]:
    return frozenset(places)


ACTIONS: tuple[Action, ...] = (
    Action("open", ("enter", "space"), "open", "Open or close the row.", "Rows", "grid", _hint("list", "retainers")),
    Action(
        "forward",
        ("right", "l"),
        "open, go in",
        "Open the row, or go to its first child.",
        "Rows",
        "grid",
    ),
    Action(
        "backward",
        ("left", "h"),
        "close, go out",
        "Close the row, or go to its parent.",
        "Rows",
        "grid",
    ),
    Action("up", ("up", "k"), "up", "To the row above.", "Moving", "grid"),
    Action("down", ("down", "j"), "down", "To the row below.", "Moving", "grid"),
    Action("page_up", ("pageup",), "page up", "A page up.", "Moving", "grid"),
    Action("page_down", ("pagedown",), "page down", "A page down.", "Moving", "grid"),
    Action("half_up", ("ctrl+u",), "half page up", "Half a page up.", "Moving", "grid"),
    Action("half_down", ("ctrl+d",), "half page down", "Half a page down.", "Moving", "grid"),
    Action("first", ("home", "g"), "first row", "To the first row.", "Moving", "grid"),
    Action("last", ("end", "G"), "last row", "To the last row shown.", "Moving", "grid"),
    Action(
        "retainers",
        ("r",),
        "retainers",
        "Into the retainers of the selected object: what keeps it alive.",
        "Panes",
        "pane",
        _hint("list"),
    ),
    Action(
        "other_pane",
        ("tab", "shift+tab"),
        "other pane",
        "Between the list and the retainers below it.",
        "Panes",
        "pane",
        _hint("retainers"),
    ),
    Action("zoom", ("z",), "hide retainers", "Hide or show the retainers.", "Panes", "pane", _hint("retainers")),
    Action(
        "match",
        ("slash",),
        "match",
        "Show only names with a text in them, or that fit a /REGEX/.",
        "Rows",
        "pane",
        _hint("list"),
    ),
    Action(
        "sort",
        ("s",),
        "sort",
        "Sort by a column: s, then its letter. Again reverses.",
        "Rows",
        "grid",
        _hint("list", "retainers", "chart"),
    ),
    *(
        Action(
            tab.id,
            (str(number),),
            tab.title,
            tab.about,
            "Tabs",
            "app",
            call=f"show_tab('{tab.id}')",
        )
        for number, tab in enumerate(TABS, start=1)
    ),
    Action("previous_tab", ("left_square_bracket",), "previous tab", "To the tab before.", "Tabs", "app"),
    Action("next_tab", ("right_square_bracket",), "next tab", "To the next tab.", "Tabs", "app"),
    Action(
        "open_file",
        ("o",),
        "open file",
        "Open another snapshot, or two to compare.",
        "Program",
        "app",
        _hint("list", "chart", "start"),
    ),
    Action(
        "back",
        ("escape", "backspace"),
        "back",
        "Back to the list, then clear the match; stops loading.",
        "Panes",
        "app",
        _hint("retainers"),
    ),
    Action("palette", ("ctrl+p",), "all commands", "Find any of these by name.", "Program", "app"),
    Action(
        "help",
        ("question_mark", "f1"),
        "help",
        "This page.",
        "Program",
        "app",
        _hint("list", "retainers", "chart", "start"),
    ),
    Action("redraw", ("ctrl+l",), "redraw", "Draw the screen again.", "Program", "app"),
    Action(
        "suspend_process",
        ("ctrl+z",),
        "suspend",
        "To the shell; `fg` comes back.",
        "Program",
        "app",
    ),
    Action("interrupt", ("ctrl+c",), "stop", "Stop loading; otherwise quit.", "Program", "app", _hint("loading")),
    Action(
        "quit",
        ("q",),
        "quit",
        "Leave the program.",
        "Program",
        "app",
        _hint("list", "retainers", "chart", "loading", "start"),
    ),
)


def bindings(owner: Owner) -> list[BindingType]:
    """Textual's bindings for what `owner` does."""
    return [
        Binding(
            ",".join(action.keys),
            action.call or action.id,
            action.words,
            show=False,
            id=action.id,
            # Textual binds ctrl+c to copying a selection, which nothing here has.
            priority=action.id == "interrupt",
        )
        for action in ACTIONS
        if action.owner == owner
    ]


def hints(place: Place) -> list[tuple[str, str]]:
    """Key and words of what the footer mentions, the most useful first."""
    return [(action.caps[0], action.words) for action in ACTIONS if place in action.hint]


def sort_letters(columns: Sequence[Column]) -> dict[str, Column]:
    """A letter for every column, taken from its title; `n` is the name in every view."""
    letters: dict[str, Column] = {}
    for column in columns:
        candidates = "n" if column.kind == "name" else _letters(column.title)
        free = next((letter for letter in candidates if letter not in letters), None)
        if free is not None:
            letters[free] = column
    return letters


def _letters(title: str) -> str:
    """Letters to choose from: those that begin a word, the other ones of the title, then any."""
    words = [word for word in title.lower().split() if word[0].isalpha()]
    return "".join(word[0] for word in words) + "".join(words) + "abcdefghijklmnopqrstuvwxyz"
