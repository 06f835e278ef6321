"""The lines of an outline: rows, and what stands for those that are not shown."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from heaptui.views.model import Row, Rows

PAGE = 100
"""Rows shown below a row before a line that says how many more there are."""

Path = tuple[Hashable, ...]
"""The keys from the top to a row: who it is, however the view is sorted."""


@dataclass(slots=True, eq=False)
class Line:
    """One line: a row, or (with no row) what stands for the siblings not shown.

    Attributes:
        row: the row, or None where the line reads "… 12,431 more".
        siblings: the list the row is in.
        index: its place in it; on a "more" line, the first one not shown.
        parent: the line it hangs below.
        depth: how many lines are above it in the tree.
        expanded: whether its children follow.
        until: on a "more" line in the midst of a list, the next row that is shown again.
    """

    row: Row | None
    siblings: Rows
    index: int
    parent: Line | None = None
    depth: int = 0
    expanded: bool = False
    until: int | None = None

    @property
    def end(self) -> int:
        """On a "more" line, the place after the last row it stands for."""
        return len(self.siblings) if self.until is None else self.until

    @property
    def hidden(self) -> int:
        """How many rows a "more" line stands for."""
        return 0 if self.row else self.end - self.index

    @property
    def expandable(self) -> bool:
        """Whether there may be rows below; a cycle would only repeat what stands above it."""
        return self.row is not None and self.row.expandable and "cycle" not in self.row.marks

    @property
    def ancestors(self) -> list[Row]:
        """The rows above it, outermost first."""
        rows: list[Row] = []
        line = self.parent
        while line is not None:
            if line.row is not None:
                rows.append(line.row)
            line = line.parent
        return rows[::-1]

    @property
    def path(self) -> Path:
        """The keys from the top to this row."""
        own: Path = () if self.row is None else (self.row.key,)
        return (*(row.key for row in self.ancestors), *own)


@dataclass(slots=True)
class Opened:
    """What is open below a row: how many rows are shown, and which of them are open too.

    `window` is a place farther down from which rows are shown again.
    """

    shown: int = 0
    below: dict[Hashable, Opened] = field(default_factory=dict)
    window: int | None = None


def index_of(lines: list[Line], path: Path) -> int:
    """The line of that path; of a path that is not there, the last row on the way that is."""
    best, depth = 0, 0
    for index, line in enumerate(lines):
        if line.depth < depth:
            break
        if line.depth == depth < len(path) and line.row is not None and line.row.key == path[depth]:
            best, depth = index, depth + 1
    return best


def number(row: Row) -> int:
    """The key of a row, in lists whose rows have numbers in order for keys."""
    assert isinstance(row.key, int)
    return row.key


def between(row: Row, one: Row, other: Row) -> bool:
    """Whether a row is one of these two or lies between them, however the list is sorted."""
    low, high = sorted((number(one), number(other)))
    return low <= number(row) <= high


def first_lines(siblings: Rows, stop: int, parent: Line | None, window: int | None) -> list[Line]:
    """The first lines of a list, and those of a window farther down where there is one."""
    if window is None or window >= len(siblings) or window <= stop:
        return page_of(siblings, 0, stop if window is None else max(stop, window + PAGE), parent)
    return page_of(siblings, 0, stop, parent, window) + page_of(siblings, window, window + PAGE, parent)


def page_of(siblings: Rows, start: int, stop: int, parent: Line | None, until: int | None = None) -> list[Line]:
    """Lines for some of the siblings, and one for those that are left, or left before `until`."""
    depth = 0 if parent is None else parent.depth + 1
    rows = siblings.page(start, stop)
    lines = [Line(row, siblings, start + i, parent, depth) for i, row in enumerate(rows)]
    if start + len(rows) < (len(siblings) if until is None else until):
        lines.append(Line(None, siblings, start + len(rows), parent, depth, until=until))
    return lines
