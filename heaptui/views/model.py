"""What a view is: columns, root rows, and the children of a row.

A view knows the heap and no screen. The app's grid and the command line's
table, JSON, CSV and Markdown are all made from the same rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from heaptui.heap import Heap, LightHeap

Kind = Literal["name", "count", "delta", "distance", "size", "size_delta"]
"""How a column's numbers are written: "size" in bytes and human units, "delta" with a sign."""

_PAGE = 500

Mark = Literal["new", "deleted", "detached", "unreachable", "cycle", "weak", "ignored", "window"]
"""Something to be said of a row, by a word or sign beside its colour."""

ONLY_ON_SCREENS: frozenset[Mark] = frozenset(("window",))
"""What half of all objects are, so that only a small sign says it, and no list that is printed."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. The first column of a view has the kind "name"."""

    key: str
    title: str
    kind: Kind
    about: str
    share: bool = False
    """Whether the cell's share of `View.total` is shown, as a percentage and a bar."""
    inline: bool = False
    """Whether a screen shows it behind the name (`Label.count`) and not as a column of its own."""


@dataclass(frozen=True, slots=True)
class Order:
    """A sort order: the key of a column, and its direction."""

    key: str
    descending: bool

    def reversed(self) -> Order:
        """The same column the other way round."""
        return Order(self.key, not self.descending)


@dataclass(frozen=True, slots=True)
class Label:
    """The text of a row's first column, in its parts. None of them is escaped yet.

    Reads as `edge :: name @id` (outwards), `edge in name @id` (retainers), or `name  ×count`.
    """

    name: str
    id: int | None = None
    edge: str = ""
    relation: Literal["", "::", "in"] = ""
    count: int | None = None
    note: str = ""
    """A location (`script 92:12`) or another remark, shown dimmed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; made when it is looked at.

    Attributes:
        key: identity among its siblings, unchanged by sorting.
        label: its first column.
        cells: the values by column key; None is shown as "−", a missing key as nothing.
        heap: the heap its object lies in (index into `View.heaps`).
        ordinal: its object, or None where the row is no object (a class).
        expandable: whether `View.children` may have something.
        marks: what there is to say of it.
        bar: a bar behind its name: how much of it is full, and how long it is, both of 1.
    """

    key: Hashable
    label: Label
    cells: Mapping[str, int | None]
    heap: int = 0
    ordinal: int | None = None
    expandable: bool = False
    marks: frozenset[Mark] = field(default_factory=frozenset)
    bar: tuple[float, float] | None = None


class Rows(ABC):
    """An ordered list of rows of which only the wanted page is made."""

    @abstractmethod
    def __len__(self) -> int:
        """How many rows there are."""

    @abstractmethod
    def page(self, start: int, stop: int) -> list[Row]:
        """The rows from `start` to before `stop`, clipped to what there is."""

    def place(self, key: Hashable) -> int | None:
        """Where the row with a key is; looks through the rows where there is no quicker way."""
        for start in range(0, len(self), _PAGE):
            for i, row in enumerate(self.page(start, start + _PAGE), start):
                if row.key == key:
                    return i
        return None


class View(ABC):
    """Columns, root rows and the children of a row.

    Attributes:
        name: as on its tab and its command ("Summary").
        columns: the first is of kind "name".
        order: the default order (DevTools').
        heaps: the heaps its rows point into.
        empty: what to say where there are no rows; heading: above them, where the view has something of its own to say.
        broken_at: at how many cells its lines of words are broken; None where it has no such lines.
    """

    name: str
    columns: Sequence[Column]
    order: Order
    heaps: Sequence[LightHeap]
    empty: str = "Nothing here."
    heading: str = ""
    broken_at: int | None = None

    @property
    def total(self) -> Mapping[str, int]:
        """For each column with shares, what 100 % is."""
        return {}

    @abstractmethod
    def roots(self, order: Order, match: str = "") -> Rows:
        """The top rows, sorted, of those whose name matches.

        `match` is a case-insensitive text, or `/REGEX/`. Raises ValueError, with a
        sentence for the user, where the regular expression is not one.
        """

    @abstractmethod
    def children(self, row: Row, order: Order, ancestors: Sequence[Row] = ()) -> Rows:
        """The rows below `row`; `ancestors` are those above it, outermost first."""

    def record(self, row: Row) -> dict[str, object]:
        """A row as the command's JSON has it, names unescaped, sizes in bytes; empty for a mere heading."""
        return {"name": row.label.name, **row.cells}

    def key_below(self, row: Row) -> str:
        """Under which key JSON has the rows below a row; empty where the row's own record has all of it."""
        return ""

    def completed(self, heaps: Mapping[LightHeap, Heap]) -> View:
        """The same view of heaps that were light and are whole now; may take a while."""
        return self

    def broken(self, cells: int) -> View:
        """The same view with its lines of words broken at another width."""
        other = copy(self)
        other.broken_at = cells
        return other

    def opens_by_itself(self, row: Row, depth: int) -> bool:
        """Whether a first child row is opened at once, as Retainers do towards the root."""
        return False


def page_bounds(start: int, stop: int, length: int) -> tuple[int, int]:
    """Clip a page to the rows there are."""
    start = max(0, min(start, length))
    return start, max(start, min(stop, length))


class RowList(Rows):
    """Rows already made, for short lists."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def page(self, start: int, stop: int) -> list[Row]:
        start, stop = page_bounds(start, stop, len(self._rows))
        return list(self._rows[start:stop])
