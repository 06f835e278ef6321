"""The help screen, made from the list of actions and from what the columns say of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from heaptui.tui.keys import ACTIONS
from heaptui.tui.painting import TIMES
from heaptui.views.model import Column
from heaptui.views.text import MINUS

SIGNS = (
    ("▸ ▾", "a row that can be opened, and an open one"),
    ("↻", "an object that stands above itself already: opening it would go round in a circle"),
    (f"+ {MINUS}", "in a comparison, a new object and one that is gone"),
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
        ("j", "scroll('down')", "Down"),
        ("k", "scroll('up')", "Up"),
    ]

    def __init__(self, tab: str, columns: Sequence[Column]) -> None:
        super().__init__()
        self._tab = tab
        self._columns = columns

    def compose(self) -> ComposeResult:
        """The page and how to leave it."""
        with VerticalScroll():
            yield Static(help_text(self._tab, self._columns), markup=False)
        yield Static(" Esc closes   ↑ ↓ PgUp PgDn scroll", classes="foot", markup=False)

    def action_scroll(self, where: str) -> None:
        """Scroll by a line."""
        page = self.query_one(VerticalScroll)
        page.scroll_relative(y=1 if where == "down" else -1, animate=False)


def help_text(tab: str, columns: Sequence[Column]) -> Content:
    """Everything the help screen says."""
    parts: list[Content] = []
    if columns:
        parts += [_heading(f"Columns of {tab}"), *(_entry(c.title, c.about) for c in columns), Content("")]
    for group in dict.fromkeys(action.group for action in ACTIONS):
        parts.append(_heading(group))
        parts += [_entry(", ".join(a.caps), a.about) for a in ACTIONS if a.group == group]
        parts.append(Content(""))
    parts += [_heading("Signs"), *(_entry(sign, about) for sign, about in SIGNS)]
    return Content("\n").join(parts)


def _heading(words: str) -> Content:
    return Content.styled(words, "bold $text-accent")


def _entry(term: str, about: str) -> Content:
    return Content.assemble("  ", (f"{term:<18}", "bold"), about)
