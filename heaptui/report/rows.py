"""The rows of a view that a report prints: sorted, matched, limited, opened to a depth or as on a screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from heaptui.views.lines import Line
from heaptui.views.model import Order, Row, Rows, View

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: `limit` at each level (0 for all), to a depth of `depth` levels."""

    order: Order
    match: str = ""
    limit: int = 0
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Printed:
    """A row to print, `level` levels below the top; without a row, what stands for `left_out` rows."""

    row: Row | None
    level: int
    opened: bool = False
    left_out: int = 0


def column_order(view: View, key: str | None, reverse: bool) -> Order:
    """The order for a column's key: names and distances up, sizes and counts down, unless reversed.

    Raises ValueError, with a sentence for the user, where the view has no such column.
    """
    if key is None:
        return view.order.reversed() if reverse else view.order
    kinds = {column.key: column.kind for column in view.columns}
    if key not in kinds:
        raise ValueError(f"no column {key!r} to sort by; there are {', '.join(kinds)}")
    return Order(key, (kinds[key] not in ("name", "distance")) != reverse)


def top_rows(view: View, wanted: Wanted) -> Rows:
    """The rows of the first level."""
    return view.roots(wanted.order, wanted.match)


def pages(rows: Rows, start: int, stop: int) -> Iterator[Row]:
    """The rows from `start` to before `stop`, made page by page."""
    for low in range(start, stop, _PAGE):
        yield from rows.page(low, min(stop, low + _PAGE))


def walk(view: View, rows: Rows, wanted: Wanted, above: tuple[Row, ...] = ()) -> Iterator[Printed]:
    """The rows and, to the depth wanted, what is below each."""
    level = len(above)
    stop = min(wanted.limit, len(rows)) if wanted.limit else len(rows)
    for row in pages(rows, 0, stop):
        opened = level + 1 < wanted.depth and row.expandable
        yield Printed(row, level, opened)
        if opened:
            yield from walk(view, view.children(row, wanted.order, above), wanted, (*above, row))
    if level and stop < len(rows):
        yield Printed(None, level, left_out=len(rows) - stop)


def as_shown(lines: Sequence[Line]) -> Iterator[Printed]:
    """The lines of a screen; of the list at the top those too that are not shown yet."""
    for line in lines:
        if line.row is not None:
            yield Printed(line.row, line.depth, line.expanded)
        elif line.depth:
            yield Printed(None, line.depth, left_out=line.hidden)
        else:
            yield from (Printed(row, 0) for row in pages(line.siblings, line.index, line.end))


def tree(view: View, lines: Iterable[Printed]) -> Iterator[dict[str, Any]]:
    """The records of the rows at the top, with those of the rows below them; `more` tells how many are left out."""
    above: list[tuple[Row, dict[str, Any]]] = []
    for line in lines:
        if line.level == 0 and above:
            yield above[0][1]
        del above[line.level :]
        if line.row is None:
            record = above[-1][1]
            record["more"] = record.get("more", 0) + line.left_out
            continue
        record = view.record(line.row)
        if above and not record:
            # A heading: what is below it belongs to the row that it is in.
            record = above[-1][1]
        elif above and (key := view.key_below(above[-1][0])):
            above[-1][1].setdefault(key, []).append(record)
        if line.opened and (key := view.key_below(line.row)):
            record[key] = []
        above.append((line.row, record))
    if above:
        yield above[0][1]
