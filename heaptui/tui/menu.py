"""A short list to choose from, over the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from heaptui.tui.frame import OneLine
from heaptui.tui.painting import cut

_KEYS = "1234567890abcdefghilmnoprstuvwxyz"
"""What picks an entry at once; without q, which leaves, and j and k, which move."""

_FOOT = Content.assemble(" ", ("Enter", "bold $text-accent"), " chooses  ", ("Esc", "bold $text-accent"), " closes")

Entry = tuple[str, str, str]
"""What is returned, what it is called, and what is said of it."""


class Menu(ModalScreen[str]):
    """Returns the name of the entry that was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,backspace", "dismiss", "Close"),
        ("j", "move('down')", "Down"),
        ("k", "move('up')", "Up"),
    ]

    def __init__(self, title: str, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._title = title
        self._entries = entries

    def compose(self) -> ComposeResult:
        """The title and the entries with their keys; over the footer, whose keys do nothing here, how to leave."""
        width = self.app.size.width - 6
        words = min(max((len(entry[1]) for entry in self._entries), default=0), width // 2)
        title = cut(self._title, width)
        with Vertical(classes="menu"):
            yield Static(title, classes="heading", markup=False)
            options = OptionList(
                *(
                    Option(
                        Content.assemble(
                            (_KEYS[i] if i < len(_KEYS) else " ", "bold"),
                            "  ",
                            (cut(name, words).ljust(words), "bold"),
                            "  ",
                            cut(about, width - words - 7),
                        )
                    )
                    for i, (_, name, about) in enumerate(self._entries)
                ),
                compact=True,
            )
            # The bar of the cursor goes from one side of the box to the other.
            options.styles.min_width = cell_len(title)
            yield options
        foot = OneLine(classes="foot")
        foot.put(_FOOT)
        yield foot

    def action_move(self, where: str) -> None:
        """To the entry above or below."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if where == "down" else options.action_cursor_up()

    def on_key(self, event: events.Key) -> None:
        """Choose an entry by its key."""
        index = _KEYS.find(event.character or "\0")
        if 0 <= index < len(self._entries):
            event.stop()
            self.dismiss(self._entries[index][0])

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Return the entry of the cursor."""
        event.stop()
        self.dismiss(self._entries[event.option_index][0])
