"""What is open in a view and where the cursor stands: plain state without a screen.

An outline is the flattened list of the rows that can be scrolled to. Whatever
must be asked of the view, which can take a while in a large heap, is a `Step`:
it may run in any thread and changes nothing; what it returns changes the
outline, in the thread that owns it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy

from heaptui.views.lines import PAGE, Line, Opened, Path, between, first_lines, index_of, number, page_of
from heaptui.views.matching import matcher
from heaptui.views.model import Order, Row, Rows, View
from heaptui.views.text import label_text

ROOT_PAGE = 1000
"""Rows shown at the top, where one scrolls rather than opens, before a line says how many more there are."""

AUTO_OPEN = 20
"""Levels opened by themselves at once, where the view asks for it."""

BEFORE = 10
"""Rows shown above one that is revealed far down its list."""

Apply = Callable[[], None]
Step = Callable[[], Apply]
Finder = Callable[[Rows, Order], "int | None"]
"""Finds the place of a row among its siblings in an order; None where it is not among them."""


class Outline:
    """The lines of a view, its order and match, and a cursor that always stands on a line.

    Making one asks the view for its first rows, so it may take a while.
    `changes` counts how often the lines became others, for whoever paints them.
    `caption` says what the view is about where that is not the whole of the snapshot that is
    shown, and `filtered` is how the command line writes its filter. `begun` is the row where a
    range begins that ends at the cursor; only rows whose keys are numbers in order have ranges.
    """

    def __init__(self, view: View, caption: str = "", filtered: str = "") -> None:
        self.view = view
        self.caption = caption
        self.filtered = filtered
        self.begun: Row | None = None
        self.order = view.order
        self.match = ""
        self.cursor = 0
        self.changes = 0
        self.lines = self._build(view.order, view.roots(view.order), None, Opened(), auto=True)

    @property
    def current(self) -> Line | None:
        """The line under the cursor; None where there are no lines at all."""
        return self.lines[self.cursor] if self.lines else None

    @property
    def range(self) -> tuple[Row, Row] | None:
        """The first and the last row of the range that was begun; None where there is none."""
        line = self.current
        if self.begun is None or line is None or line.row is None:
            return None
        return (self.begun, line.row) if number(self.begun) <= number(line.row) else (line.row, self.begun)

    def in_range(self, row: Row) -> bool:
        """Whether a row lies in the range that was begun."""
        return self.range is not None and between(row, *self.range)

    def move_to(self, index: int) -> None:
        """Put the cursor on a line, or on the nearest there is."""
        self.cursor = max(0, min(index, len(self.lines) - 1))

    def move(self, by: int) -> None:
        """Move the cursor up or down."""
        self.move_to(self.cursor + by)

    def expand(self, index: int) -> Step | None:
        """Open a row; None where it has nothing below or is open already."""
        line = self.lines[index] if self.lines else None
        if line is None or line.row is None or line.expanded or not line.expandable:
            return None
        row, order = line.row, self.order

        def step() -> Apply:
            children = self.view.children(row, order, line.ancestors)
            below = self._build(order, children, line, Opened(), auto=True)

            def apply() -> None:
                if not line.expanded and (at := self._find(line, index)) is not None:
                    line.expanded = True
                    self._splice(at + 1, at + 1, below)

            return apply

        return step

    def extend(self, index: int) -> Step | None:
        """Replace a "more" line by the next page of rows."""
        line = self.lines[index] if self.lines else None
        if line is None or line.row is not None:
            return None

        def step() -> Apply:
            size = PAGE if line.parent else ROOT_PAGE
            page = page_of(line.siblings, line.index, min(line.index + size, line.end), line.parent, line.until)

            def apply() -> None:
                if (at := self._find(line, index)) is not None:
                    self._splice(at, at + 1, page)

            return apply

        return step

    def collapse(self, index: int) -> None:
        """Close a row; a cursor below it comes up to it."""
        line = self.lines[index] if self.lines else None
        if line is None or not line.expanded:
            return
        end = index + 1
        while end < len(self.lines) and self.lines[end].depth > line.depth:
            end += 1
        line.expanded = False
        if index < self.cursor < end:
            self.cursor = index
        self._splice(index + 1, end, [])

    def toggle(self) -> Step | None:
        """Open the row under the cursor, close it, or show more rows."""
        line = self.current
        if line is not None and line.expanded:
            self.collapse(self.cursor)
            return None
        return self.expand(self.cursor) or self.extend(self.cursor)

    def forward(self) -> Step | None:
        """Open the row under the cursor, or where it is open go to its first child."""
        line = self.current
        if line is not None and line.expanded:
            if self.cursor + 1 < len(self.lines) and self.lines[self.cursor + 1].parent is line:
                self.cursor += 1
            return None
        return self.expand(self.cursor) or self.extend(self.cursor)

    def backward(self) -> None:
        """Close the row under the cursor, or where it is closed go to the row it hangs below."""
        line = self.current
        if line is None:
            return
        if line.expanded:
            self.collapse(self.cursor)
        elif line.parent is not None:
            while self.lines[self.cursor] is not line.parent:
                self.cursor -= 1

    def sort_by(self, key: str) -> Step:
        """Sort by a column: names upwards and numbers downwards first, and reversed the next time."""
        if key == self.order.key:
            return self.show(self.order.reversed(), self.match)
        kind = next(column.kind for column in self.view.columns if column.key == key)
        return self.show(Order(key, descending=kind not in ("name", "distance")), self.match)

    def match_text(self, match: str) -> Step:
        """Show only the top rows that match; the step raises ValueError for a bad regular expression."""
        return self.show(self.order, match)

    def show(self, order: Order, match: str) -> Step:
        """Ask for all rows anew; what is open stays open, and the cursor stays on its row if it is there."""
        opened, below = self._opened(), self._rows_below() if order == self.order else None

        def step() -> Apply:
            lines = self._build(order, self.view.roots(order, match), None, opened, auto=False, below=below)

            def apply() -> None:
                current = self.current
                self.order, self.match, self.lines = order, match, lines
                self.cursor = self._find_path(current) if current is not None else 0
                self.changes += 1

            return apply

        return step

    def complete(self, make: Callable[[View], View]) -> Step:
        """Show the same rows as another view of them has them, made by the step of the present one.

        In a list that nobody has touched yet the order becomes the other view's.
        """
        opened, match = self._opened(windows=True), self.match
        untouched = self.order == self.view.order and self.cursor == 0 and not opened.below

        def step() -> Apply:
            other = copy(self)
            other.view = make(self.view)
            order = other.view.order if untouched else self.order
            lines = other._build(order, other.view.roots(order, match), None, opened, auto=untouched)

            def apply() -> None:
                current = self.current
                self.view, self.order, self.lines = other.view, order, lines
                self.cursor = self._find_path(current) if current is not None and not untouched else 0
                self.changes += 1

            return apply

        return step

    def reveal(self, trail: Sequence[Finder], *, opened: bool = False) -> Step:
        """Open the rows on a trail from the top, and put the cursor on its last row.

        The step raises ValueError where a row of the trail is not there. A match that hides
        the first one is cleared. With `opened`, the last row is opened too.
        """
        order, match, top, below = self.order, self.match, self._opened(windows=True), self._rows_below()

        def step() -> Apply:
            found = match
            siblings = self.view.roots(order, match)
            if match and trail and trail[0](siblings, order) is None:
                found, siblings = "", self.view.roots(order)
            path = self._follow(trail, siblings, order, top, below, opened=opened)
            lines = self._build(order, siblings, None, top, auto=False, below=below)

            def apply() -> None:
                self.match, self.lines = found, lines
                self.cursor = index_of(lines, path)
                self.changes += 1

            return apply

        return step

    def _follow(
        self,
        trail: Sequence[Finder],
        siblings: Rows,
        order: Order,
        around: Opened,
        below: dict[Path, Rows],
        *,
        opened: bool,
    ) -> Path:
        """The path of the last row of a trail.

        Notes in `around` what must be shown for it to be seen, in `below` the rows that were asked for.
        """
        rows: list[Row] = []
        path: Path = ()
        for finder in trail:
            index = finder(siblings, order)
            page = [] if index is None else siblings.page(index, index + 1)
            if index is None or not page:
                raise ValueError("It is not in this list.")
            first = PAGE if rows else ROOT_PAGE
            shown = max(first, around.shown)
            if index >= shown and not (around.window is not None and around.window <= index < around.window + PAGE):
                around.window = index - min(BEFORE, PAGE // 2, index - shown)
            row, path = page[0], (*path, page[0].key)
            if len(path) < len(trail) or opened:
                around = around.below.setdefault(row.key, Opened())
                if path not in below:
                    below[path] = self.view.children(row, order, rows)
                siblings = below[path]
            rows.append(row)
        return path

    def find(self, needle: str, direction: int) -> bool:
        """Put the cursor on the next line, or the one before, whose name has a text in it.

        Goes on at the other end; returns whether there is one. Raises ValueError for a bad
        regular expression.
        """
        matches = matcher(needle)
        for distance in range(1, len(self.lines) + 1):
            index = (self.cursor + direction * distance) % len(self.lines)
            row = self.lines[index].row
            if row is not None and matches(label_text(row.label)):
                self.cursor = index
                return True
        return False

    def return_to(self, line: Line | None) -> None:
        """Put the cursor on a line it was on, or on what is left of the way there."""
        if line is not None and self.lines:
            self.cursor = self.lines.index(line) if line in self.lines else self._find_path(line)

    def _build(
        self,
        order: Order,
        siblings: Rows,
        parent: Line | None,
        opened: Opened,
        *,
        auto: bool,
        below: Mapping[Path, Rows] | None = None,
    ) -> list[Line]:
        """The lines below `parent`, with what was open in them, or the first rows that open by themselves.

        The rows `below` some paths need not be asked for again.
        """
        lines: list[Line] = []
        left = AUTO_OPEN if auto else 0
        first = ROOT_PAGE if parent is None else PAGE
        page = first_lines(siblings, max(first, opened.shown), parent, opened.window)
        todo = [(line, opened) for line in reversed(page)]
        while todo:
            line, around = todo.pop()
            lines.append(line)
            if line.row is None or not line.expandable:
                continue
            inside = around.below.get(line.row.key)
            if inside is None and left and line.index == 0 and self.view.opens_by_itself(line.row, line.depth):
                inside = Opened()
                left -= 1
            if inside is not None:
                line.expanded = True
                children = below.get(line.path) if below else None
                if children is None:
                    children = self.view.children(line.row, order, line.ancestors)
                page = first_lines(children, max(PAGE, inside.shown), line, inside.window)
                todo.extend((child, inside) for child in reversed(page))
        return lines

    def _opened(self, *, windows: bool = False) -> Opened:
        """What is open now; with `windows`, also where lists are shown again after a gap.

        In another order the rows after a gap would be others.
        """
        top = Opened()
        places: dict[Line | None, Opened] = {None: top}
        for line in self.lines:
            around = places[line.parent]
            if around.window is None:
                around.shown = line.index + (line.row is not None)
            if line.until is not None:
                around.window = line.until
            if line.expanded and line.row is not None:
                places[line] = around.below[line.row.key] = Opened()
        if not windows:
            for around in places.values():
                around.window = None
        return top

    def _rows_below(self) -> dict[Path, Rows]:
        """The rows below each open row, as they are sorted now."""
        return {line.parent.path: line.siblings for line in self.lines if line.parent is not None and line.index == 0}

    def _find(self, line: Line, hint: int) -> int | None:
        """Where a line stands now, or None when it is gone; most often it has not moved."""
        if hint < len(self.lines) and self.lines[hint] is line:
            return hint
        return self.lines.index(line) if line in self.lines else None

    def _find_path(self, wanted: Line) -> int:
        """Where the same row stands after everything was made anew, or the nearest one above it."""
        return index_of(self.lines, wanted.path)

    def _splice(self, start: int, stop: int, lines: list[Line]) -> None:
        """Replace some lines, and keep the cursor on the line it was on."""
        self.lines[start:stop] = lines
        self.changes += 1
        if self.cursor >= stop:
            self.cursor += len(lines) - (stop - start)
