"""The rows of a view that a report prints: sorted, matched, limited, opened to a depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
    """A row to print, `level` levels below the top."""

    row: Row
    level: int


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


def limited(rows: Rows, limit: int) -> Iterator[Row]:
    """The first `limit` rows, made page by page."""
    stop = min(limit, len(rows)) if limit else len(rows)
    for start in range(0, stop, _PAGE):
        yield from rows.page(start, min(stop, start + _PAGE))


def walk(view: View, rows: Rows, wanted: Wanted, above: tuple[Row, ...] = ()) -> Iterator[Printed]:
    """The rows and, to the depth wanted, what is below each."""
    for row in limited(rows, wanted.limit):
        yield Printed(row, len(above))
        if len(above) + 1 < wanted.depth and row.expandable:
            yield from walk(view, view.children(row, wanted.order, above), wanted, (*above, row))


def tree(view: View, rows: Rows, wanted: Wanted, key: str, above: tuple[Row, ...] = ()) -> Iterator[dict[str, object]]:
    """The records of the rows, what is below each under `key`."""
    for row in limited(rows, wanted.limit):
        record = view.record(row)
        if len(above) + 1 < wanted.depth and row.expandable:
            below = view.children(row, wanted.order, above)
            record[key] = list(tree(view, below, wanted, key, (*above, row)))
        yield record
