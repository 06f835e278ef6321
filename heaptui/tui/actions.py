"""Everything that can be done, in one list: bindings, footer, help and palette are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from heaptui.tui.tabs import TABS

Owner = Literal["app", "desk", "explorer", "pane", "grid", "start"]

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
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "at": "@",
    "equals_sign": "=",
    "colon": ":",
    "apostrophe": "'",
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
        call: the method and its arguments, where it is not `id`.
    """

    id: str
    keys: tuple[str, ...]
    words: str
    about: str
    group: str
    owner: Owner
    call: str = ""


def cap(key: str) -> str:
    """A key as it is written on a keyboard."""
    return _CAPS.get(key, key)


def _in(group: str, owner: Owner, *entries: tuple[str, str, str, str]) -> tuple[Action, ...]:
    """Actions of one heading and owner: (id, keys, words, about)."""
    return tuple(Action(id, tuple(keys.split()), words, about, group, owner) for id, keys, words, about in entries)


ACTIONS: tuple[Action, ...] = (
    *_in(
        "Rows",
        "grid",
        ("open", "enter space", "open", "Open or close the row, or show more rows."),
        ("forward", "right l", "open, go in", "Open the row, or go to its first child."),
        ("backward", "left h", "close, go out", "Close the row, or go to its parent."),
        ("sort", "s", "sort", "Sort by a column: s, then its letter. Again reverses."),
        ("units", "u", "units", "Sizes in exact bytes, or in kB and MB again."),
    ),
    *_in(
        "Moving",
        "grid",
        ("up", "up k", "up", "To the row above."),
        ("down", "down j", "down", "To the row below."),
        ("page_up", "pageup", "page up", "A page up."),
        ("page_down", "pagedown", "page down", "A page down."),
        ("half_up", "ctrl+u", "half page up", "Half a page up."),
        ("half_down", "ctrl+d", "half page down", "Half a page down."),
        ("first", "home g", "first row", "To the first row."),
        ("last", "end G", "last row", "To the last row shown."),
        ("next_found", "n", "next found", "To the next row with the text of the match in it."),
        ("previous_found", "N", "previous found", "To the row before with the text of the match in it."),
    ),
    *_in(
        "Rows",
        "pane",
        (
            "match",
            "slash",
            "match",
            "Of the rows that are here, show only names with a text in them, or that fit a /REGEX/; @ID goes there.",
        ),
    ),
    *_in(
        "Panes",
        "pane",
        ("other_pane", "tab shift+tab", "other pane", "Between the list and what is below it."),
        ("zoom", "z", "hide retainers", "Hide or show what is below the list."),
    ),
    *_in(
        "Objects",
        "pane",
        ("retainers", "r", "retainers", "Into the retainers of the selected object: what keeps it alive."),
        (
            "paths",
            "p",
            "paths",
            "The shortest paths to the object; of a class, where its objects hang from. r brings the retainers back.",
        ),
        (
            "ignore",
            "I",
            "ignore",
            "In the retainers: ignore this one, as if it kept nothing, or no longer; kept for the file.",
        ),
        ("restore_ignored", "R", "restore ignored", "No longer ignore any retainer."),
        ("weak", "w", "weak", "In the retainers: show weak references too, or hide them."),
    ),
    *_in(
        "Objects",
        "desk",
        (
            "detail",
            "i",
            "info",
            "All about the row: value, properties, script, sizes, dominators; of a class where its objects hang from; "
            "of a suspect its trace.",
        ),
        ("copy", "y", "copy", "Copy the name of the row, of a suspect its trace, to the terminal's clipboard."),
        (
            "copy_menu",
            "Y",
            "copy …",
            "Copy the id, the row, its path, a suspect's trace, the whole string, or the command that prints the list "
            "or the row.",
        ),
        (
            "bookmark",
            "b",
            "bookmark",
            "Bookmark this object, with a note that is there the next time too.",
        ),
        ("bookmarks", "apostrophe B", "bookmarks", "Go to a bookmark."),
    ),
    *_in(
        "Going places",
        "explorer",
        (
            "filter",
            "f",
            "filter",
            "Count only some objects in the Summary: new or detached ones, strings that are there twice.",
        ),
        (
            "query",
            "F",
            "filter by a query",
            "Count only what a query finds, such as class:Session retained>1MB; help lists its words. Tab completes.",
        ),
        (
            "mark_range",
            "v",
            "begin a range",
            "In the Timeline: begin a range of time here; x shows what was allocated in it.",
        ),
        ("goto", "at", "go to id", "Go to the object of an id."),
        (
            "reveal_summary",
            "x",
            "show in Summary",
            "The object in its class; the new objects of a class, or of what piled up; strings that say the same; "
            "what was allocated at a time, or by a function.",
        ),
        (
            "reveal_containment",
            "c",
            "show in Containment",
            "The object below the references that lead to it; of a suspect its holder.",
        ),
        ("reveal_dominators", "d", "show in Dominators", "The object below what would free it."),
        ("history_back", "left_parenthesis", "jump back", "To where you were before the last jump."),
        ("history_forward", "right_parenthesis", "jump forward", "Where you came back from."),
    ),
    *_in(
        "Panes",
        "app",
        (
            "back",
            "escape backspace",
            "back",
            "Back to the list, then clear the match, then the filter; stops what goes on.",
        ),
    ),
    *(
        Action(tab.id, (tab.number,), tab.title, tab.about, "Tabs", "explorer", call=f"show_tab('{tab.id}')")
        for tab in TABS
    ),
    *_in(
        "Tabs",
        "explorer",
        ("previous_tab", "left_square_bracket", "previous tab", "To the tab before."),
        ("next_tab", "right_square_bracket", "next tab", "To the next tab."),
    ),
    *_in(
        "Program",
        "desk",
        (
            "export",
            "e",
            "write to file",
            "Write this list, as it is sorted, matched and opened, to a .json, .csv, .md or .txt file.",
        ),
    ),
    *_in(
        "Program",
        "start",
        (
            "mark",
            "m",
            "choose to compare",
            "In a list of files: choose this one too. Enter opens all that are chosen, the first as the base.",
        ),
        ("salvage", "S", "salvage", "After a file that ends too early: open it as far as it goes."),
    ),
    *_in(
        "Program",
        "app",
        (
            "open_file",
            "o",
            "open file",
            "Open another snapshot, or two to compare; Tab completes their names.",
        ),
        (
            "take",
            "t",
            "take a snapshot",
            "Take a snapshot of a running process and open it; while it is open, take another one of the process and "
            "compare the two.",
        ),
        ("base", "equals_sign", "base", "Of three snapshots or more: choose the one that the last is compared with."),
        ("picture", "P", "picture", "Write a picture of the screen to an .svg file."),
        ("palette", "ctrl+p colon", "all commands", "Find any of these by name."),
        ("help", "question_mark f1", "help", "All keys, columns and words; first those where the cursor is."),
        ("redraw", "ctrl+l", "redraw", "Draw the screen again."),
        ("suspend_process", "ctrl+z", "suspend", "To the shell; `fg` comes back."),
        ("interrupt", "ctrl+c", "stop", "Stop loading; otherwise quit."),
        ("quit", "q", "quit", "Leave the program."),
    ),
)
