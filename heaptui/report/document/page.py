"""A report as one page for a browser: no script, nothing loaded from anywhere, its style allowed by its hash alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TextIO

from jinja2 import DictLoader, Environment, StrictUndefined

from heaptui.report.document import picture
from heaptui.report.document.content import SHOWN, Content, Listing
from heaptui.report.rows import Printed
from heaptui.views import text
from heaptui.views.model import Column
from heaptui.views.trace import figures, path_lines, remarks


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a number; `share` is its part of the whole, from 0 to 1, where its column has one."""

    said: str
    share: float | None


def write_page(out: TextIO, content: Content) -> None:
    """Write the page."""
    style = _resource("page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    found = content.suspects.found
    environment = Environment(
        loader=DictLoader({"page": _resource("page.html")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shown"] = text.escape
    suspects = [
        {
            "kind": content.kind_of(i),
            "title": found.suspects[i].title,
            "figures": figures(found, found.suspects[i]),
            "path": path_lines(found, found.suspects[i]),
            "remarks": remarks(found, found.suspects[i]),
            "leaks": found.suspects[i].leaks,
        }
        for i in content.shown_suspects
    ]
    out.write(
        environment.get_template("page").render(
            content=content,
            style=style,
            digest=digest,
            mood={"leak": "bad", "growth": "doubt"}.get(found.judgement, "calm"),
            suspects=suspects,
            listings=[_Table.of(listing) for listing in content.listings],
            bars=picture.bars(content.heaps),
            kinds=_kinds(content),
            width=picture.WIDTH,
            height=picture.HEIGHT,
        )
    )


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Table:
    """A list as the page shows it: its first rows, those that can be opened, and how many are left out."""

    listing: Listing
    columns: Sequence[Column]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    folded: Sequence[tuple[str, Sequence[Cell]]]
    left_out: int

    @classmethod
    def of(cls, listing: Listing) -> _Table:
        printed, count = listing.shown()
        rows = list(_rows(listing, printed))
        return cls(listing, listing.view.columns, rows[:SHOWN], rows[SHOWN:], count - len(rows))


def _rows(listing: Listing, printed: Sequence[Printed]) -> Iterator[tuple[str, Sequence[Cell]]]:
    columns, total = listing.view.columns[1:], listing.view.total
    for line in printed:
        if line.row is not None:
            cells = line.row.cells
            yield text.label_text(line.row.label), [_cell(column, cells.get(column.key), total) for column in columns]


def _cell(column: Column, value: int | None, total: Mapping[str, int]) -> Cell:
    whole = total.get(column.key) if column.share else None
    share = None if not whole or value is None else max(0.0, min(1.0, value / whole))
    return Cell(text.cell(column.kind, value), None if share is None else round(share, 4))


def _kinds(content: Content) -> list[tuple[str, str, list[str]]]:
    """The kinds of memory for the table below the picture: name, what it is, and its numbers."""
    view = content.statistics
    return [
        (row.label.name, row.label.note, [text.cell(c.kind, row.cells.get(c.key)) for c in view.columns[1:]])
        for row in view.roots(view.order).page(0, 100)
    ]
