"""A ring of shares in Braille dots: slices are apart by gaps and have letters, so that it reads without colours."""

from __future__ import annotations

import math
from collections.abc import Sequence

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SMALLEST = 5
"""Lines below which a ring is no ring."""

Cell = tuple[str, int | None]
"""A character, and the slice it belongs to."""

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_HOLE = 0.5
_GAP = 0.7
"""Dots left out on either side of a border between slices."""


def ring(shares: Sequence[float], lines: int) -> list[list[Cell]]:
    """A ring `lines` high and twice as wide; the first slice begins at the top and goes clockwise."""
    ends = _ends(shares)
    radius = lines * 2.0
    picture = [[_cell(column, line, radius, ends) for column in range(2 * lines)] for line in range(lines)]
    start = 0.0
    for index, end in enumerate(ends):
        angle, middle = (start + end) * math.pi, radius * (1 + _HOLE) / 2
        # A letter is two dots wide: thinner slices are known by the list beside the ring.
        if (end - start) * 2 * math.pi * middle > 6:
            x, y = radius + middle * math.sin(angle), radius - middle * math.cos(angle)
            picture[min(lines - 1, int(y / 4))][min(2 * lines - 1, int(x / 2))] = (LETTERS[index], index)
        start = end
    return picture


def _ends(shares: Sequence[float]) -> list[float]:
    """Where each slice ends, as parts of the whole turn."""
    total = sum(max(0.0, share) for share in shares) or 1.0
    ends: list[float] = []
    for share in shares:
        ends.append((ends[-1] if ends else 0.0) + max(0.0, share) / total)
    return ends


def _cell(column: int, line: int, radius: float, ends: Sequence[float]) -> Cell:
    pattern, votes = 0, [0] * (len(ends) + 1)
    for row in range(4):
        for side in range(2):
            slice_ = _slice_at(2 * column + side + 0.5 - radius, 4 * line + row + 0.5 - radius, radius, ends)
            if slice_ is not None:
                pattern |= _DOTS[row][side]
                votes[slice_] += 1
    if not pattern:
        return (" ", None)
    return (chr(0x2800 + pattern), votes.index(max(votes)))


def _slice_at(x: float, y: float, radius: float, ends: Sequence[float]) -> int | None:
    """The slice of a dot, None in the hole, outside, and in the gaps."""
    distance = math.hypot(x, y)
    if not radius * _HOLE <= distance <= radius:
        return None
    turn = (math.atan2(x, -y) / (2 * math.pi)) % 1.0
    gap = _GAP / (2 * math.pi * distance)
    start = 0.0
    for index, end in enumerate(ends):
        if start <= turn < end:
            alone = end - start > 0.999
            return index if alone or min(turn - start, end - turn) > gap else None
        start = end
    return None
