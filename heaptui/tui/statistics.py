"""The statistics tab: a chart beside its numbers."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.strip import Strip
from textual.widget import Widget

from heaptui.tui.grid import Grid
from heaptui.tui.painting import bar, cut
from heaptui.tui.pane import Pane
from heaptui.views import text
from heaptui.views.model import Column, Row
from heaptui.views.outline import Outline


class Chart(Widget):
    """A bar for each top row of an outline, labelled, for every column that has shares."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"chart--bar", "chart--title"}  # noqa: RUF012 - as Textual declares it

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[str, str, str]] = []

    def draw(self, outline: Outline | None) -> None:
        """Draw the numbers of an outline."""
        lines = chart_lines(outline, self.size.width) if outline else []
        if 2 * len(lines) <= self.size.height:
            lines = [part for line in lines for part in (line, ("", "", ""))]
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """A label, its bar and its number."""
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        label, drawn, number = self._lines[y]
        style = self.rich_style if drawn else self.get_component_rich_style("chart--title")
        strip = Strip(
            [
                Segment(label, style),
                Segment(drawn, self.get_component_rich_style("chart--bar")),
                Segment(number, self.rich_style),
            ]
        )
        return strip.adjust_cell_length(self.size.width, self.rich_style)


def chart_lines(outline: Outline, width: int) -> list[tuple[str, str, str]]:
    """Label, bar and number of each line; a title has no bar."""
    rows = [line.row for line in outline.lines if line.row is not None and line.depth == 0]
    columns = [column for column in outline.view.columns if column.share]
    labels = max((cell_len(row.label.name) for row in rows), default=0)
    labels = min(labels, max(10, width // 3))
    lines: list[tuple[str, str, str]] = []
    for column in columns:
        lines += [(f" {cut(column.title, width - 2)}", "", "")]
        # A row that is the whole is none of its parts.
        whole = outline.view.total.get(column.key)
        parts = [row for row in rows if row.cells.get(column.key) != whole]
        lines += [_chart_line(row, column, outline, labels, width) for row in parts]
        lines += [("", "", "")]
    return lines


def _chart_line(row: Row, column: Column, outline: Outline, labels: int, width: int) -> tuple[str, str, str]:
    value = row.cells.get(column.key) or 0
    total = outline.view.total.get(column.key, 0)
    label = cut(row.label.name, labels)
    number = f" {text.cell(column.kind, value)}  {text.percent(value, total)}"
    room = max(1, width - labels - 22)
    drawn = bar(value / total if total else 0.0, room).rstrip()
    return f" {' ' * (labels - cell_len(label))}{label} ", drawn or " ", number


class StatisticsPane(Pane):
    """Rows, and a chart of them: beside where there is width, else below."""

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
    def turn(self) -> None:
        """Turn the chart to where there is room."""
        self.set_class(self.size.width >= 120, "wide")
        self.call_after_refresh(self.draw)
