"""The help screen, made from the list of actions and from what the columns say of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from heaptui.query.vocabulary import GRAMMAR, WORDS
from heaptui.tui.actions import ACTIONS
from heaptui.tui.frame import OneLine
from heaptui.tui.keys import caps
from heaptui.tui.painting import TIMES, WINDOW
from heaptui.tui.reader import SCROLLING
from heaptui.views.glossary import TERMS, Term
from heaptui.views.model import Column
from heaptui.views.text import MINUS, count

TERM = 18
"""Cells for what is explained, on the left."""

SIGNS = (
    ("▸ ▾", "a row that can be opened, and an open one"),
    ("↻", "an object that stands above itself already: opening it would go round in a circle"),
    (f"+ {MINUS}", "in a comparison, a new object and one that is gone"),
    (WINDOW, "reachable from window: scripts can get to it by names, as DevTools' frame icon says"),
    ("detached", "a DOM node that is no longer in its page"),
    ("unreachable", "no longer reachable from a root; the next collection frees it"),
    ("weak", "a reference that keeps nothing alive"),
    (f"{TIMES}12", "how many objects stand in one row"),
    ("@12", "the id of an object, the same in later snapshots of the process"),
)


class HelpScreen(ModalScreen[None]):
    """Columns, keys and signs on one page to scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,question_mark,f1,backspace,enter", "dismiss", "Close"),
        *SCROLLING,
    ]

    def __init__(self, tab: str, columns: Sequence[Column], here: Sequence[Term] = (), *, start: bool = False) -> None:
        """About a tab and what the cursor stands on, or about the page without snapshots."""
        super().__init__()
        self._tab = tab
        self._columns = columns
        self._here = here
        self._start = start

    def compose(self) -> ComposeResult:
        """The page and how to leave it."""
        with VerticalScroll():
            yield Static(id="help", markup=False)
        yield OneLine(classes="foot")

    def on_mount(self) -> None:
        """Say anew which lines are shown whenever they are others."""
        self.watch(self.query_one(VerticalScroll), "scroll_y", self._tell)

    def _tell(self) -> None:
        page = self.query_one(VerticalScroll)
        top, lines = round(page.scroll_offset.y), page.virtual_size.height
        last = min(lines, top + page.size.height)
        shown = f"lines {count(top + 1)} to {count(last)} of {count(lines)}" if lines > page.size.height else ""
        self.query_one(OneLine).apart("Esc closes  ↑ ↓ PgUp PgDn scroll", shown)

    def on_resize(self) -> None:
        """Fit the page to the width."""
        self.call_after_refresh(self._tell)
        width = self.app.size.width - 4
        page = help_text(self._tab, self._columns, width, self._here, start=self._start)
        self.query_one("#help", Static).update(page)

    def action_move(self, by: int) -> None:
        """Some lines down or up."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def action_page(self, by: float) -> None:
        """Pages down or up."""
        self.action_move(round(by * (self.query_one(VerticalScroll).size.height - 1)))

    def action_go(self, line: int) -> None:
        """To a line, the last one where it is below zero."""
        page = self.query_one(VerticalScroll)
        page.scroll_to(y=page.max_scroll_y if line < 0 else line, animate=False)


def help_text(
    tab: str, columns: Sequence[Column], width: int, here: Sequence[Term] = (), *, start: bool = False
) -> Content:
    """Everything the help screen says, what the cursor stands on, or the page without snapshots, first."""
    groups: list[tuple[str, list[Term]]] = [("This page", _of_start_page())] if start else []
    if here:
        groups.append(("Where the cursor is", list(here)))
    if columns:
        groups.append((f"Columns of {tab}", [(column.title, column.about) for column in columns]))
    for group in dict.fromkeys(action.group for action in ACTIONS):
        entries = [(", ".join(caps(a)), a.about) for a in ACTIONS if a.group == group]
        groups.append((group, entries))
    groups.append(("Words of a query", [("", sentence) for sentence in GRAMMAR]))
    groups[-1][1].extend((word.form, word.about) for word in WORDS.values())
    groups.append(("Signs", list(SIGNS)))
    groups.append(("Words", sorted(TERMS.items(), key=lambda term: term[0].strip("(_").lower())))
    lines: list[Content] = []
    for heading, entries in groups:
        lines.append(Content.styled(heading, "bold $text-accent"))
        lines += [line for term, about in entries for line in _entry(term, about, width)]
        lines.append(Content(""))
    return Content("\n").join(lines)


def _of_start_page() -> list[Term]:
    """The keys of the page without snapshots, where some mean files and folders instead of rows."""
    meanings = {
        "open": "Open the file, all that are chosen, or the folder.",
        "backward": "To the folder that this one is in.",
        "mark": "",
        "salvage": "",
        "take": "",
        "open_file": "",
        "palette": "",
        "quit": "",
    }
    actions = {action.id: action for action in ACTIONS}
    digits = ("1 - 9", "Open the files of that number, of those opened last.")
    return [digits, *((", ".join(caps(actions[id])), said or actions[id].about) for id, said in meanings.items())]


def _entry(term: str, about: str, width: int) -> list[Content]:
    """A term, and beside it what it means."""
    first, *others = wrap(about, max(20, width - TERM - 2)) or [""]
    if len(term) >= TERM:
        return [Content.assemble("  ", (term, "bold")), *(Content(" " * (TERM + 2) + o) for o in (first, *others))]
    head = Content.assemble("  ", (f"{term:<{TERM}}", "bold"), first)
    return [head, *(Content(" " * (TERM + 2) + other) for other in others)]
