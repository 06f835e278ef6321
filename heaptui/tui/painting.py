"""Rows as pieces of text with roles; a grid gives each role its style.

Everything is measured in terminal cells, and what does not fit ends in "…".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Literal

from rich.cells import cell_len, set_cell_size

from heaptui.tui.geometry import Geometry, Place
from heaptui.views import text
from heaptui.views.lines import Line
from heaptui.views.model import Label, Order, Row

Role = Literal["plain", "title", "sorted", "class", "dim", "edge", "bar", "new", "deleted"]
Piece = tuple[str, Role]

ARROWS = {True: "▼", False: "▲"}
OPEN, CLOSED, CYCLE, LEAF, CHOSEN = "▾ ", "▸ ", "↻ ", "  ", "▌ "
FULL, LIGHT = "█", "░"
BAR_FROM = 14
"""Cells before a bar behind a name, and the fewest that such a bar has."""
NARROWEST_BAR = 8
SHORTEST_TITLE = 3
SIGNED = 12
"""Cells for names from which on a sign says that there is no room for the note behind them."""
SHORTEST_NOTE = 4
TIMES = "\N{MULTIPLICATION SIGN}"
WORDS = ("detached", "unreachable", "weak", "ignored")
WINDOW = "▫"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_EXACT = {"size": "count", "size_delta": "delta"}


def cut(value: str, width: int) -> str:
    """At most `width` cells of a text, harmless to a terminal; "…" where something is missing."""
    if width <= 0:
        return ""
    # A string of the heap can be megabytes long; only what could be seen is looked at.
    start = value[: 4 * width]
    shown = text.escape(start)
    if len(start) == len(value) and cell_len(shown) <= width:
        return shown
    kept = set_cell_size(shown, min(width - 1, cell_len(shown))).rstrip()
    # Names of many parts have the sign between them already.
    return kept.rstrip(",") if kept.rstrip(",").endswith(text.ELLIPSIS) else kept + text.ELLIPSIS


def cut_start(value: str, width: int) -> str:
    """At most `width` cells from the end of a text such as a path; "…" where its beginning is missing."""
    if width <= 0:
        return ""
    # As in `cut`: a script's name can be megabytes long.
    end = value[-4 * width :]
    shown = text.escape(end)
    if len(end) == len(value) and cell_len(shown) <= width:
        return shown
    while shown and (over := cell_len(shown) - width + 1) > 0:
        # A character takes at most two cells, so half as many can go at once.
        shown = shown[max(1, over // 2) :]
    return text.ELLIPSIS + shown


def bar(share: float, width: int) -> str:
    """A horizontal bar of `width` cells, exact to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(width)


def two_part_bar(full: float, length: float, width: int) -> str:
    """A bar of which a part is full, the rest light; what is more than nothing has a cell."""
    cells = [
        min(width, max(math.ceil(part) if part <= 1 else round(part), 0)) for part in (full * width, length * width)
    ]
    return (FULL * cells[0] + LIGHT * (cells[1] - cells[0])).ljust(width)


def paint_header(title: str, geometry: Geometry, order: Order, name_key: str) -> list[Piece]:
    """The titles, with an arrow at the sorted column."""
    title = f"  {title}"
    if geometry.dropped:
        title += f"  +{text.counted(geometry.dropped, 'column')} if wider"
    if order.key == name_key:
        title = f"{cut(title, geometry.name - 2)} {ARROWS[order.descending]}"
    pieces: list[Piece] = [_padded(title, geometry.name, "sorted" if order.key == name_key else "title")]
    x = geometry.name
    for place in geometry.places:
        head, role = place.title, "title"
        if place.column.key == order.key:
            room = place.number + place.percent - len(head) > 1
            head, role = f"{head}{' ' if room else ''}{ARROWS[order.descending]}", "sorted"
        pieces.append((" " * (place.x - x), "title"))
        head = cut(head, place.number + place.percent).rjust(place.number + place.percent)
        pieces.append((head + " " * place.bar, "sorted" if role == "sorted" else "title"))
        x = place.x + place.width
    return pieces


def paint_line(
    line: Line, geometry: Geometry, total: Mapping[str, int], exact: bool = False, chosen: bool = False
) -> list[Piece]:
    """One line of an outline, exactly as wide as the geometry; `exact` writes sizes in bytes.

    A line that is `chosen`, being one of a range, has a mark in front.
    """
    lead = _indent(line.depth, geometry.name)
    row = line.row
    if row is None:
        more = f"{lead}{text.ELLIPSIS} {text.count(line.hidden)} more (Enter shows them)"
        return [_padded(more, geometry.width, "dim")]
    pieces: list[Piece] = [(lead, "dim"), (CHOSEN, "bar") if chosen else (_marker(line, row), "plain")]
    if "new" in row.marks:
        pieces.append(("+ ", "new"))
    if "deleted" in row.marks:
        pieces.append((text.MINUS + " ", "deleted"))
    used = sum(cell_len(piece) for piece, _ in pieces)
    faded = not row.marks.isdisjoint(("detached", "unreachable"))
    # DevTools' own name of a detached node says so already.
    said = {"detached"} if row.label.name.startswith("Detached ") else set()
    words = "".join(f" {word}" for word in WORDS if word in row.marks - said)
    words = f" {WINDOW}{words}" if "window" in row.marks else words
    # A row that holds others and is no object itself is a class.
    named: Role = "class" if row.ordinal is None and row.expandable else "plain"
    # A row without numbers has the whole line.
    width = geometry.name if row.cells or row.bar is not None else geometry.width
    label = paint_label(row.label, words, width - used, named)
    pieces += [(piece, "dim" if faded else role) for piece, role in label]
    x = sum(cell_len(piece) for piece, _ in pieces)
    if row.bar is not None and (room := geometry.name - BAR_FROM) >= NARROWEST_BAR:
        pieces += [(" " * (BAR_FROM - x), "plain"), (two_part_bar(*row.bar, room), "bar")]
        x = geometry.name
    for place in geometry.places:
        pieces.append((" " * (place.x - x), "plain"))
        # Words in place of numbers may reach further than the name's column.
        x = max(x, place.x)
        if place.column.key in row.cells:
            pieces += _numbers(row.cells[place.column.key], place, total.get(place.column.key, 0), exact)
            x += place.width
    pieces.append((" " * (geometry.width - x), "plain"))
    return pieces


def paint_label(label: Label, words: str, room: int, named: Role = "plain") -> list[Piece]:
    """A label in at most `room` cells: the id and the marks stay whole, names and edges give way."""
    tail = f" @{label.id}" if label.id is not None else ""
    if label.count is not None:
        tail = f"  {TIMES}{text.count(label.count)}"
    relation = f" {label.relation} " if label.relation else ""
    called, through = label.name or text.NO_NAME, label.edge or (text.EMPTY if relation else "")
    name, edge = cut(called, max(0, room)), cut(through, max(0, room))
    rest = room - cell_len(tail) - cell_len(words) - cell_len(relation)
    if rest < 4:
        return [(cut(f"{edge}{relation}{name}{tail}{words}", room), named)]
    left = rest - cell_len(edge) - cell_len(name)
    # A name that just fits is not cut for the sign.
    lost = bool(label.note) and rest >= SIGNED and left < SHORTEST_NOTE and left not in (0, 1)
    rest -= 2 * lost
    if cell_len(edge) + cell_len(name) > rest:
        edge = cut(through, max(rest // 2, rest - cell_len(name)))
        name = cut(called, rest - cell_len(edge))
    note = f" {text.ELLIPSIS}" if lost else _note(label.note, rest - cell_len(edge) - cell_len(name))
    return [
        (edge, "edge" if label.edge else "dim"),
        (relation, "dim"),
        (name, named if label.name else "dim"),
        (tail, "dim"),
        (words, "dim"),
        (note, "dim"),
    ]


def _note(note: str, room: int) -> str:
    """A remark behind a name; a place in a script keeps its end, where file and line are."""
    if not note or room < SHORTEST_NOTE:
        return ""
    return "  " + (cut_start if text.is_place(note) else cut)(note, room - 2)


def fitted(titles: Sequence[str], room: int) -> list[str]:
    """The titles in `room` cells: where they do not fit, the longest give way, down to a few cells each."""
    cells = [cell_len(title) for title in titles]
    while sum(cells) > room and max(cells) > SHORTEST_TITLE:
        cells[cells.index(max(cells))] -= 1
    return [cut(title, width) for title, width in zip(titles, cells, strict=True)]


def words_line(words: str, width: int, y: int) -> str:
    """Line `y` of words that stand in place of rows, wrapped to the width."""
    if y < 0:
        return ""
    lines: list[str] = []
    for line in words.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        lines += wrap(text.escape(line), max(20, width - 4), subsequent_indent=indent) or [""]
    return "  " + lines[y] if y < len(lines) else ""


def scroll_mark(y: int, top: int, page: int, lines: int) -> str:
    """What shows, at line `y` of the page, where the page is among all lines.

    Textual's own scrollbar would be painted again whenever the mouse passes it.
    """
    if lines <= page:
        return " "
    size = max(1, page * page // lines)
    start = round(top * (page - size) / (lines - page))
    return "┃" if start < y <= start + size else "│"


def line_text(pieces: list[Piece]) -> str:
    """The pieces without their roles."""
    return "".join(piece for piece, _ in pieces)


def _padded(value: str, width: int, role: Role) -> Piece:
    shown = cut(value, width)
    return (shown + " " * (width - cell_len(shown)), role)


def _indent(depth: int, room: int) -> str:
    """Two cells a level, one where room is scarce; far down the level as a number, so that names stay readable."""
    cells = depth * (2 if room >= 50 else 1)
    limit = max(4, room // 3)
    return " " * cells if cells <= limit else f"{depth} ".rjust(limit)


def _marker(line: Line, row: Row) -> str:
    if "cycle" in row.marks:
        return CYCLE
    if line.expanded:
        return OPEN
    return CLOSED if line.expandable else LEAF


def _numbers(value: int | None, place: Place, total: int, exact: bool) -> list[Piece]:
    """A number, its share of the total and a bar, each right where its column has it."""
    number = text.cell(_EXACT.get(place.column.kind, place.column.kind) if exact else place.column.kind, value)
    if len(number) > place.number and value is not None:
        # 1,234,567 becomes 1.23 M: a number is rounded rather than cut.
        write = text.signed_size if place.column.kind in ("delta", "size_delta") else text.size
        number = write(value).removesuffix("B").rstrip()
    pieces: list[Piece] = [(number.rjust(place.number), "plain")]
    if place.percent:
        share = text.percent(value, total) if value is not None and total else ""
        pieces.append((share.rjust(place.percent), "dim"))
    if place.bar:
        portion = value / total if value and total else 0.0
        pieces.append((" " + bar(portion, place.bar - 1), "bar"))
    return pieces
