"""Where results are taken from: copies, files, bookmarks, and all about one object."""

from __future__ import annotations

import asyncio
import os
from functools import partial

from textual.containers import Vertical

from heaptui.tui import keys, taking
from heaptui.tui.details import DetailScreen
from heaptui.tui.dialogs import Prompt, file_wanted
from heaptui.tui.explorer import Explorer
from heaptui.tui.menu import Entry, Menu
from heaptui.tui.opening import Opening
from heaptui.tui.pages import Selection
from heaptui.tui.side import Notebook, Side
from heaptui.tui.tasks import begin_task
from heaptui.views import text

WHOLE = "whole string"


def in_a_line(content: str) -> str:
    """A text of several lines or cells as one line of a menu."""
    return content.replace("\n", "  ›").replace("\t", "  ")


class Desk(Vertical):
    """Holds the explorer, and does what concerns its selected row beyond the screen."""

    BINDINGS = keys.bindings("desk")

    def __init__(self, explorer: Explorer, notebook: Notebook, opening: Opening) -> None:
        super().__init__(id="desk")
        self.explorer = explorer
        self.notebook = notebook
        self.opening = opening

    def _object(self) -> tuple[Selection, int] | None:
        """The selected object; says so where there is none."""
        chosen = self.explorer.selection
        if chosen is None or chosen.row.ordinal is None:
            self.explorer.say_no_object()
            return None
        return chosen, chosen.row.ordinal

    def action_detail(self) -> None:
        """Show all about the selected row."""
        chosen = self.explorer.selection
        if chosen is None:
            return
        title, last = self.explorer.title_of(chosen.heap), self.explorer.titles[-1]
        where = f"{title}, not {last}" if chosen.heap is not self.explorer.heaps[-1] else ""
        self.app.push_screen(DetailScreen(chosen.outline, chosen.row, where, self.copy, chosen.line.ancestors))

    # The clipboard

    def copy(self, content: str) -> None:
        """Send a text to the terminal's clipboard, and say so: whether it takes it, nobody can know."""
        try:
            sequence = taking.clipboard_sequence(content, os.environ)
        except ValueError as error:
            self.explorer.say(str(error), error=True)
            return
        driver = self.app._driver
        if driver is not None:
            driver.write(sequence)
        first, _, more = content.partition("\n")
        self.explorer.say(f"Sent to the terminal's clipboard: {first}{text.ELLIPSIS if more else ''}")

    def action_copy(self) -> None:
        """Copy the name of the row; of a suspect its whole trace."""
        chosen = self.explorer.selection
        if chosen is not None:
            self.copy(taking.name_text(chosen.outline.view, chosen.row))

    def action_copy_menu(self) -> None:
        """Ask what of the row to copy."""
        chosen = self.explorer.selection
        if chosen is None:
            return
        texts = self._texts(chosen)
        entries: list[Entry] = [(name, name, in_a_line(content)) for name, content in texts.items()]

        def copy(name: str | None) -> None:
            if name == WHOLE:
                begin_task(self, partial(self._copy_string, chosen), group="copy")
            elif name is not None:
                self.copy(texts[name])

        self.app.push_screen(Menu("Copy to the terminal's clipboard", entries), copy)

    def _texts(self, chosen: Selection) -> dict[str, str]:
        from heaptui.report import invocation
        from heaptui.views.details import is_text

        row, outline = chosen.row, chosen.outline
        texts = {"name": text.escape(row.label.name)}
        if row.label.id is not None:
            texts["id"] = f"@{row.label.id}"
        texts["row"] = taking.row_text(row, outline.view)
        texts["path"] = taking.path_text(chosen.line)
        if trace := taking.trace_text(outline.view, chosen.line):
            texts["trace"] = trace
        texts["command of the list"] = invocation.of_list(outline, self.opening.manner)
        of_row = invocation.of_row(outline, row, chosen.line.ancestors, self.opening.manner)
        if of_row is not None:
            texts["command of the row"] = of_row
        if row.ordinal is not None and is_text(chosen.heap, row.ordinal):
            texts[WHOLE] = row.label.name
        cells = {column.title: row.cells.get(column.key) for column in outline.view.columns[1:]}
        return texts | {title: str(cell) for title, cell in cells.items() if cell is not None}

    async def _copy_string(self, chosen: Selection) -> None:
        from heaptui.views.details import full_text

        assert chosen.row.ordinal is not None
        self.copy(await asyncio.to_thread(full_text, chosen.heap, chosen.row.ordinal))

    # Files

    def action_export(self) -> None:
        """Ask for a file to write the list to, as it stands now."""
        grid = self.explorer.grid
        if grid is None or grid.outline is None:
            return
        outline, lines = grid.outline, list(grid.outline.lines)

        async def write(path: str) -> None:
            try:
                count = await asyncio.to_thread(taking.write_list, outline, lines, path)
            except (OSError, ValueError) as error:
                self.explorer.say(str(error), error=True)
            else:
                self.explorer.say(f"{text.counted(count, 'row')} in {path}.")

        def begin(path: str) -> None:
            self.explorer.say(f"Writing {path} …")
            begin_task(self, partial(write, path), group="export")

        name = f"{outline.view.name.lower()}.csv"
        self.post_message(file_wanted("write to", name, ".json, .csv, .md or .txt", begin))

    # Bookmarks

    def _side(self, chosen: Selection) -> Side:
        return self.notebook.of(self.explorer.side_of(chosen.heap))

    def action_bookmark(self) -> None:
        """Ask for a note, and bookmark the object with it; "-" removes its bookmark."""
        found = self._object()
        if found is None or found[0].row.label.id is None:
            return
        side, number = self._side(found[0]), found[0].row.label.id
        name = text.escape(found[0].row.label.name or text.NO_NAME)[:60]

        def answer(typed: str) -> None:
            if typed == "-":
                side.bookmarks.pop(number, None)
            else:
                side.bookmarks[number] = typed or name
            try:
                side.save()
            except OSError as error:
                self.explorer.say(f"The bookmark could not be written for the next time: {error.strerror}.", error=True)
            else:
                bookmarked = f"@{number} is bookmarked; B lists all bookmarks."
                self.explorer.say(f"The bookmark of @{number} is removed." if typed == "-" else bookmarked)

        hint = 'a note; "-" removes the bookmark'
        self.post_message(Prompt.Wanted(f"bookmark @{number}", side.bookmarks.get(number, ""), hint, answer))

    def action_bookmarks(self) -> None:
        """Choose one of the bookmarks."""
        titles = self.explorer.titles
        marks = {
            number: note if i == len(titles) - 1 else f"{note}  (in {titles[i]})"
            for i in range(len(titles))
            for number, note in self.notebook.of(i).bookmarks.items()
        }
        if not marks:
            self.explorer.say("There are no bookmarks in this file; b makes one of the selected object.")
            return
        entries: list[Entry] = [(str(number), f"@{number}", note) for number, note in marks.items()]

        def go(number: str | None) -> None:
            if number is not None:
                self.explorer.goto(number)

        self.app.push_screen(Menu("Bookmarks", entries), go)
