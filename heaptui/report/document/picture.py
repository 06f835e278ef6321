"""The memory by kind as a picture: a bar a snapshot, a piece a kind. Its colours are the page's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from heaptui.heap.light import LightHeap
from heaptui.views import text

WIDTH, HEIGHT = 720, 30


@dataclass(frozen=True, slots=True)
class Piece:
    """A kind of memory in a bar: where it begins and how wide it is, in the picture's units."""

    kind: int
    said: str
    left: float
    width: float


def bars(heaps: Sequence[LightHeap]) -> list[tuple[str, list[Piece]]]:
    """Of each snapshot what stands above its bar, and the bar's pieces; the largest fills the width."""
    most = max(1, *(heap.total_size for heap in heaps))
    found = []
    for heap in heaps:
        pieces, left = [], 0.0
        for kind, (name, size) in enumerate(heap.statistics.slices().items()):
            width = WIDTH * max(0, size) / most
            said = f"{name}: {text.size(size)} ({text.percent(size, heap.total_size)})"
            pieces.append(Piece(kind, said, round(left, 2), round(width, 2)))
            left += width
        found.append((f"{heap.snapshot.name}  {text.size(heap.total_size)}", pieces))
    return found
