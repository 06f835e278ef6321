"""Long texts as lines of a screen: where each line begins, and what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.snapshot.progress import Progress
from heaptui.tui.painting import cut
from heaptui.views import text

_BLOCK = 1 << 18
"""Characters looked at between two looks at the progress."""

_TAB = "    "
_NEWLINE = ord("\n")


class Reading:
    """A text in lines; of each only where it begins is kept.

    Wrapped, no line is wider than `width`; raw, every line of the text is one, and `line` shows a part of it.
    """

    def __init__(self, content: str, width: int, *, wrapped: bool, progress: Progress | None = None) -> None:
        """Finds the lines, which takes a second for a hundred million characters."""
        self.content = content
        self.width = max(1, width)
        self.wrapped = wrapped
        self._starts = np.concatenate(list(self._find(progress or Progress()))) if content else np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._starts)

    @cached_property
    def longest(self) -> int:
        """How many characters the longest line has."""
        return int(np.diff(self._starts, append=len(self.content)).max(initial=0))

    def start(self, index: int) -> int:
        """The character that a line begins with."""
        return int(self._starts[index])

    def line_at(self, position: int) -> int:
        """The line with a character in it."""
        return max(0, int(np.searchsorted(self._starts, position, "right")) - 1)

    def line(self, index: int, skipped: int = 0) -> str:
        """A line without its first `skipped` characters, harmless to a terminal."""
        start = int(self._starts[index]) + skipped
        end = int(self._starts[index + 1]) if index + 1 < len(self._starts) else len(self.content)
        # Nobody sees more than the screen has cells.
        shown = self.content[start : max(start, min(end, start + self.width + 1))]
        return cut(shown.removesuffix("\n").replace("\t", _TAB), self.width)

    def _find(self, progress: Progress) -> Iterator[npt.NDArray[np.int64]]:
        """Where the lines begin, block by block."""
        room = self.width - (_widest(self.content) - 1)
        cells = line = 0
        begins = True
        for low in range(0, len(self.content), _BLOCK):
            progress.check()
            block = self.content[low : low + _BLOCK]
            codes = np.frombuffer(block.encode("utf-32-le", "surrogatepass"), "<u4")
            first = np.concatenate(([begins], codes[:-1] == _NEWLINE))
            begins = bool(codes[-1] == _NEWLINE)
            if not self.wrapped:
                yield low + np.flatnonzero(first)
                continue
            widths = _widths(codes)
            before = np.cumsum(widths) - widths
            # The cells before each character in its own line of the text: those of the block before count on.
            at = np.flatnonzero(first)
            offset = np.zeros(len(codes), np.int64)
            offset[at] = before[at] + cells
            base = np.maximum.accumulate(offset)
            inside = (before + cells - base) // max(1, room)
            changed = np.concatenate(([inside[0] != line], inside[1:] != inside[:-1]))
            yield low + np.flatnonzero(first | changed)
            cells = int(before[-1] + widths[-1] + cells - base[-1])
            line = int(inside[-1])


def _widest(content: str) -> int:
    """The cells of the widest character."""
    widest = 1
    for low in range(0, len(content), _BLOCK):
        codes = np.frombuffer(content[low : low + _BLOCK].encode("utf-32-le", "surrogatepass"), "<u4")
        widest = max(widest, int(_widths(codes).max()))
    return widest


def _widths(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """The cells that characters take, escaped where they must be."""
    widths = np.ones(len(codes), np.int64)
    plain = (codes >= 32) & (codes < 127)
    if plain.all():
        return widths
    different, which = np.unique(codes[~plain], return_inverse=True)
    cells = [_cells(chr(code)) for code in different.tolist()]
    widths[~plain] = np.array(cells, np.int64)[which]
    return widths


def _cells(character: str) -> int:
    if character == "\n":
        return 0
    return len(_TAB) if character == "\t" else text.cell_width(text.escape(character))
