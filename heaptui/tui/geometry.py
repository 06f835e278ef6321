"""Where the columns of a grid stand, for a given width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from heaptui.views.model import Column

PERCENT = len(" 100 %")
NUMBERS = {"size": 7, "size_delta": 8, "delta": 8, "distance": 6}
"""Cells for the widest number that is common in a column; rarer ones are written shorter."""

EXACT = len("1,234,567,890")


@dataclass(frozen=True, slots=True)
class Place:
    """A numeric column on the screen: where it begins, and the cells of its parts, left to right."""

    column: Column
    title: str
    x: int
    number: int
    percent: int
    bar: int

    @property
    def width(self) -> int:
        """All of its cells."""
        return self.number + self.percent + self.bar


@dataclass(frozen=True, slots=True)
class Geometry:
    """The columns of a grid: `name` cells for the first one, then the numeric ones that fit.

    `dropped` tells how many did not.
    """

    width: int
    name: int
    places: tuple[Place, ...]
    dropped: int

    def column_at(self, x: int) -> int | None:
        """Which column a click hits: 0 for the name, 1 for the first place; None beyond them."""
        if x < self.name:
            return 0
        hits = (i for i, place in enumerate(self.places, start=1) if x < place.x + place.width)
        return next(hits, None)


@dataclass(frozen=True, slots=True)
class _Comfort:
    """How generously columns are laid out, and the cells that must be left for names."""

    name: int
    gap: int
    bar: int
    percent: int
    full_titles: bool


_COMFORTS = (
    _Comfort(name=70, gap=4, bar=17, percent=PERCENT, full_titles=True),
    _Comfort(name=48, gap=3, bar=11, percent=PERCENT, full_titles=True),
    _Comfort(name=40, gap=2, bar=7, percent=PERCENT, full_titles=True),
    _Comfort(name=40, gap=2, bar=0, percent=PERCENT, full_titles=True),
    _Comfort(name=36, gap=2, bar=0, percent=PERCENT, full_titles=False),
    _Comfort(name=26, gap=1, bar=0, percent=PERCENT, full_titles=False),
    _Comfort(name=20, gap=1, bar=0, percent=0, full_titles=False),
)


@lru_cache(maxsize=32)
def arrange(columns: tuple[Column, ...], sorted_by: str, width: int, exact: bool = False) -> Geometry:
    """The most generous arrangement that leaves room for names; `exact` where sizes are written in bytes.

    Where even the tightest does not fit, columns are left out from the left,
    the sorted one last: sums and changes stand on the right.
    """
    numeric = [column for column in columns[1:] if not column.inline]
    for comfort in _COMFORTS:
        geometry = _place(numeric, comfort, width, exact)
        if geometry.name >= comfort.name:
            return geometry
    total = len(numeric)
    while numeric:
        numeric.remove(next((column for column in numeric if column.key != sorted_by), numeric[0]))
        geometry = _place(numeric, comfort, width, exact, dropped=total - len(numeric))
        if geometry.name >= comfort.name:
            break
    return geometry


def _place(columns: Sequence[Column], comfort: _Comfort, width: int, exact: bool, dropped: int = 0) -> Geometry:
    places: list[Place] = []
    x = width
    shares = [column.key for column in columns if column.share]
    for column in reversed(columns):
        in_bytes = exact and column.kind in ("size", "size_delta")
        title = column.title if comfort.full_titles else short(column.title)
        title = bytes_title(column.title) if in_bytes else title
        percent = comfort.percent if column.share else 0
        # One column of bars: two of them side by side are hard to tell apart.
        bar = comfort.bar if shares and column.key == shares[-1] else 0
        # Room for the sort arrow is always kept, so that sorting moves no column.
        arrow = 2 if comfort.full_titles else 1
        digits = EXACT if in_bytes else NUMBERS.get(column.kind, 7)
        number = max(digits, len(title) + arrow - percent)
        x -= number + percent + bar
        places.append(Place(column, title, x, number, percent, bar))
        x -= comfort.gap
    return Geometry(width, max(0, x), tuple(reversed(places)), dropped)


def bytes_title(title: str) -> str:
    """The title of a column of sizes that are written in bytes."""
    named = title.replace("size", "bytes").replace("Size", "Bytes")
    return named if "bytes" in named.lower() else f"{named}, bytes"


def short(title: str) -> str:
    """A title without what the numbers below it say themselves."""
    return title.removeprefix("# ").removesuffix(" size")
