"""What a tab shows: a list, a line about it, and for objects the retainers of the selected one below."""

from __future__ import annotations

from typing import Literal

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer

from heaptui.tui import keys, painting
from heaptui.tui.dialogs import Prompt
from heaptui.tui.frame import OneLine, Rule
from heaptui.tui.grid import Grid
from heaptui.tui.tabs import Tab, retainers
from heaptui.views import text
from heaptui.views.model import Row
from heaptui.views.outline import Outline

CALM = 0.12
"""Seconds the cursor must rest before retainers are looked up, so that a held key does not flood the line."""

NO_OBJECT = "Open a row above with Enter, and select an object to see what keeps it alive."


class Pane(Vertical):
    """A list with a line above it that says what is shown."""

    BINDINGS = keys.bindings("pane")

    def __init__(self, tab: Tab) -> None:
        super().__init__(id=tab.id)
        self.tab = tab
        self.info = OneLine(classes="info")
        self.main = Grid(id=f"{tab.id}-rows")

    def compose(self) -> ComposeResult:
        """The line and the list."""
        yield self.info
        yield self.main

    @property
    def place(self) -> keys.Place:
        """What the footer should hint at."""
        return "start" if self.main.outline is None else "chart"

    def show(self, found: Outline | str) -> None:
        """Show rows, or say why there are none."""
        if isinstance(found, str):
            self.main.explain(found)
        else:
            self.main.show(found)

    def focus_rows(self) -> None:
        """Give the keys to the list."""
        self.main.focus(scroll_visible=False)

    def back(self) -> bool:
        """Clear the match; whether there was one."""
        if self.main.outline is None or not self.main.outline.match:
            return False
        self.main.match_text("")
        return True

    def action_match(self) -> None:
        """Ask for a text that names must have in them."""
        if self.main.outline is not None:
            prompt = Prompt.Wanted("match", self.main.outline.match, "text or /REGEX/", self.main.match_text)
            self.post_message(prompt)

    def on_resize(self) -> None:
        """Fill the line above the list anew."""
        self.tell()

    @on(Grid.Changed)
    def tell(self) -> None:
        """Say which row this is, and what is matched."""
        outline = self.main.outline
        if outline is None:
            self.info.apart(self.tab.about, "")
            return
        left = f"match: {outline.match}" if outline.match else self.tab.about
        self.info.apart(left, "working…" if self.main.turns.slow else _position(outline))


class ObjectPane(Pane):
    """A list of objects, and below it the retainers of the selected one."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self.rule = Rule()
        self.below = Grid(id=f"{tab.id}-retainers")
        self.below.add_class("below")
        self._timer: Timer | None = None
        self._object: tuple[int, int] | Literal["none", "unknown"] = "unknown"

    def compose(self) -> ComposeResult:
        """The list above, the retainers below."""
        yield from super().compose()
        yield self.rule
        yield self.below

    @property
    def place(self) -> keys.Place:
        """What the footer should hint at."""
        if self.main.outline is None:
            return "start"
        return "retainers" if self.below.has_focus else "list"

    def show(self, found: Outline | str) -> None:
        """Show rows with their retainers, or words in the whole pane."""
        super().show(found)
        self._object = "unknown"
        self.set_class(isinstance(found, str), "words")

    def back(self) -> bool:
        """From the retainers to the list, then clear the match."""
        if self.below.has_focus:
            self.focus_rows()
            return True
        return super().back()

    def action_retainers(self) -> None:
        """Go to the retainers of the selected object."""
        self.remove_class("alone")
        if not self.has_class("words"):
            self._look_up()
            self.below.focus(scroll_visible=False)

    def action_other_pane(self) -> None:
        """From the list to the retainers, or from there to the list."""
        if self.below.has_focus:
            self.focus_rows()
        else:
            self.action_retainers()

    def action_zoom(self) -> None:
        """Hide the retainers, or show them again."""
        self.focus_rows()
        self.toggle_class("alone")

    @on(Grid.Changed)
    def follow(self, event: Grid.Changed) -> None:
        """Look up the retainers of the selected object when the cursor rests."""
        if event.grid is self.main and self._selected() != self._object:
            if self._timer is not None:
                self._timer.stop()
            self._timer = self.set_timer(CALM, self._look_up)

    @on(events.Resize)
    def rule_off(self) -> None:
        """The line between the panes goes from one end to the other."""
        self._name_rule()

    def _row(self) -> Row | None:
        line = self.main.outline.current if self.main.outline else None
        return line.row if line else None

    def _selected(self) -> tuple[int, int] | Literal["none"]:
        row = self._row()
        return "none" if row is None or row.ordinal is None else (row.heap, row.ordinal)

    def _look_up(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        selected = self._selected()
        if selected == self._object:
            return
        self._object = selected
        self._name_rule()
        if selected == "none" or self.main.outline is None:
            self.below.explain(NO_OBJECT)
            return
        heap = self.main.outline.view.heaps[selected[0]]
        ordinal = selected[1]
        self.below.show_made(lambda: Outline(retainers(heap, ordinal)))

    def _name_rule(self) -> None:
        row = self._row()
        if row is None or row.ordinal is None:
            self.rule.name_it("Retainers")
            return
        number = f" @{row.label.id}" if row.label.id is not None else ""
        room = self.rule.room - len(number) - 20
        self.rule.name_it(f"Retainers of {painting.cut(row.label.name, room)}{number}")


def _position(outline: Outline) -> str:
    line = outline.current
    if line is None:
        return "no rows"
    if line.row is None:
        return f"{text.count(line.hidden)} more of {text.count(len(line.siblings))}"
    return f"row {text.count(line.index + 1)} of {text.count(len(line.siblings))}"
