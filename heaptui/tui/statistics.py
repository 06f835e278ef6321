"""The statistics tab: a ring of the kinds beside their numbers, and one of the base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.strip import Strip
from textual.widget import Widget

from heaptui.tui.grid import Grid
from heaptui.tui.painting import cut
from heaptui.tui.pane import Pane
from heaptui.tui.ring import LETTERS, SMALLEST, Cell, ring
from heaptui.views import text
from heaptui.views.model import Column, Row
from heaptui.views.outline import Outline

SLICES = 8
HIGHEST = 18
READABLE = 8
"""Lines that a ring should have where there could be fewer rings."""

LEGEND = 34
"""Cells that a list of the slices needs beside a ring."""

NUMBERS = 15
"""Cells of a size and a share in that list, and of a name that can be told from others."""
SHORTEST_NAME = 20

Line = list[Cell]


class Chart(Widget):
    """Rings of an outline's top rows, one a column of sizes, and a list of what their letters mean."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"chart--{i}" for i in range(SLICES)}

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []

    def draw(self, outline: Outline | None) -> None:
        """Draw the numbers of an outline."""
        lines = chart_lines(outline, self.size.width, self.size.height) if outline else []
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the chart."""
        cells = self._lines[y] if y < len(self._lines) else []
        strip = Strip(
            [
                Segment(piece, self.rich_style if slice_ is None else self.get_component_rich_style(f"chart--{slice_}"))
                for piece, slice_ in cells
            ]
        )
        return strip.simplify().adjust_cell_length(self.size.width, self.rich_style)


def chart_lines(outline: Outline, width: int, height: int) -> list[Line]:
    """Rings and the list of their slices: beside it where both are whole or the lines are few, otherwise above.

    Only the list where there is no room for a ring.
    """
    columns = [column for column in outline.view.columns if column.kind == "size"]
    rows = _parts(outline)[:SLICES]
    legend = _legend(rows, columns, outline, width)
    widest = max((cell_len("".join(piece for piece, _ in line)) for line in legend), default=0)
    whole = width >= len(columns) * (2 * HIGHEST + 3) + widest
    beside = whole or (width >= LEGEND + 4 * SMALLEST and height < len(legend) + 2 * SMALLEST)
    lines = min(height - 1 if beside else height - len(legend) - 2, HIGHEST)
    count = len(columns)
    room = width - LEGEND if beside else width
    while count > 1 and (room - 3 * count) // (2 * count) < min(lines, READABLE):
        count -= 1
    lines = min(lines, (room - 3 * count) // (2 * count)) if count else 0
    if lines < SMALLEST or not rows:
        return _in_sight(legend, height)
    # The shown snapshot comes first where there is no room for both.
    chosen = columns if count == len(columns) else columns[-count:]
    rings = _rings(rows, chosen, lines)
    if not beside:
        return [*rings, [], *legend]
    width_of_rings = len(chosen) * (2 * lines + 3)
    legend = _legend(rows, columns, outline, width - width_of_rings)
    blank: Line = [(" " * width_of_rings, None)]
    legend = _in_sight(legend, height)
    return [
        (rings[i] if i < len(rings) else blank) + (legend[i] if i < len(legend) else [])
        for i in range(max(len(rings), len(legend)))
    ]


def _in_sight(legend: list[Line], height: int) -> list[Line]:
    """The lines that there is room for, with a sign where some are left out."""
    if len(legend) <= height:
        return legend
    return [*legend[: height - 1], [(f" {text.ELLIPSIS} {len(legend) - height + 1} more", None)]] if height > 0 else []


def _parts(outline: Outline) -> list[Row]:
    """The top rows that are parts: a row that is the whole is none."""
    rows = [line.row for line in outline.lines if line.row is not None and line.depth == 0]
    total = outline.view.total
    return [row for row in rows if not any(row.cells.get(key) == whole != 0 for key, whole in total.items())]


def _rings(rows: Sequence[Row], columns: Sequence[Column], lines: int) -> list[Line]:
    titles: Line = []
    drawn: list[Line] = [[] for _ in range(lines)]
    for column in columns:
        titles.append((f" {cut(column.title, 2 * lines):^{2 * lines}}  ", None))
        picture = ring([float(row.cells.get(column.key) or 0) for row in rows], lines)
        for line, cells in zip(drawn, picture, strict=True):
            line += [(" ", None), *cells, ("  ", None)]
    return [*([titles] if len(columns) > 1 else []), *drawn]


def _legend(rows: Sequence[Row], columns: Sequence[Column], outline: Outline, width: int) -> list[Line]:
    """A line a slice: its letter, its name, its size and its share; of two snapshots both where there is room."""
    names = max((cell_len(row.label.name) for row in rows), default=0)
    shown = list(columns) if width >= 3 + min(names, SHORTEST_NAME) + NUMBERS * len(columns) else columns[-1:]
    names = min(names, max(8, width - 3 - NUMBERS * len(shown)))
    heads = "".join(f" {column.title:>8}      " for column in shown)
    lines: list[Line] = [[(" " * (3 + names) + heads.rstrip(), None)]] if len(columns) > 1 else []
    for index, row in enumerate(rows):
        name = cut(row.label.name, names)
        line: Line = [(f" {LETTERS[index]} ", index), (name + " " * (names - cell_len(name)), None)]
        for column in shown:
            value = row.cells.get(column.key) or 0
            share = text.percent(value, outline.view.total.get(column.key, 0))
            line.append((f" {text.cell(column.kind, value):>8} {share:>5}", None))
        lines.append(line)
    return lines


class StatisticsPane(Pane):
    """Rows, and a chart of them below: beside them it would take the room of what is said of each kind."""

    def compose(self) -> ComposeResult:
        """The line above, then both."""
        yield self.info
        with Container(classes="charted"):
            yield self.main
            yield Chart()

    @on(Grid.Changed)
    def draw(self) -> None:
        """Keep the chart as the rows are."""
        self.query_one(Chart).draw(self.main.outline)

    @on(events.Resize)
    def draw_anew(self) -> None:
        """Fit the chart to the room it gets."""
        self.call_after_refresh(self.draw)
