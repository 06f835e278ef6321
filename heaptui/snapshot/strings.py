"""The string table: offsets into the mapped file, decoded when somebody looks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.kernels import scan
from heaptui.snapshot.errors import SnapshotError, cut_short
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Source

_BLOCK = 1 << 16
_PIECE = 32 << 20
_NEAR = 1 << 12
_SPACE = b" \t\r\n"
# The characters and whole escapes at the beginning of a string.
_WHOLE_CHARACTERS = re.compile(rb'(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*')
_WHOLE_ESCAPES = re.compile(_WHOLE_CHARACTERS.pattern.decode())
_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True)
class StringTable:
    """The strings of a snapshot, by index.

    String i begins at byte `base[i >> 16] + offset[i]`; the closing `]` is before `end`.

    Attributes:
        base: int64, position of every 65,536th string.
        offset: uint32, distance of each string from its base, in bytes.
    """

    source: Source
    base: npt.NDArray[np.int64]
    offset: npt.NDArray[np.uint32]
    end: int

    def __len__(self) -> int:
        return len(self.offset)

    @property
    def whole(self) -> bool:
        """Whether the array has its end; where not, `end` is behind its last whole string."""
        return self.end > 0 and self.source.data[self.end - 1] == ord("]")

    def start(self, index: int) -> int:
        """The byte at which a string begins, behind its quotation mark."""
        return int(self.base[index >> 16]) + int(self.offset[index])

    def raw(self, index: int) -> bytes:
        """A string as it stands in the file, escapes and all."""
        start = self.start(index)
        if index + 1 < len(self.offset):
            between = self.source.bytes(start, self.start(index + 1) - 1).rstrip(_SPACE)[:-1]
        else:
            between = self.source.bytes(start, self.end - 1)
        return between.rstrip(_SPACE)[:-1]

    def __getitem__(self, index: int) -> str:
        """A decoded string; what is no text becomes U+FFFD, never an exception."""
        return _text(self.raw(index))

    def clipped(self, index: int, most: int) -> str:
        """The beginning of a string, at most so many characters, without decoding the rest."""
        start = self.start(index)
        # A character takes at most twelve bytes: two escaped surrogates.
        head = _WHOLE_CHARACTERS.match(self.source.bytes(start, min(self.end, start + 12 * most)))
        return _text(head[0] if head else b"")[:most]

    def decode(self, indexes: Iterable[int]) -> list[str]:
        """Several strings."""
        return [self[int(index)] for index in indexes]

    def first_bytes(self, indexes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
        """The first byte of each string, a quotation mark where it is empty."""
        first: npt.NDArray[np.uint8] = self.source.data[self.base[indexes >> 16] + self.offset[indexes]]
        return first

    def begin_with_digit(self, indexes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
        """Whether each string begins with a digit, as the names of a table's slots do."""
        first = self.first_bytes(indexes)
        digit: npt.NDArray[np.bool_] = (first >= ord("0")) & (first <= ord("9"))
        return digit

    def find(self, text: str) -> npt.NDArray[np.uint32]:
        """The indexes of all strings equal to an ASCII text that JSON writes without escapes."""
        return self._beginning_with(text + '"')

    def starting_with(self, text: str) -> npt.NDArray[np.uint32]:
        """The indexes of all strings that begin with such a text."""
        return self._beginning_with(text)

    def _beginning_with(self, text: str) -> npt.NDArray[np.uint32]:
        wanted = np.frombuffer(text.encode(), np.uint8)
        found = [np.empty(0, np.uint32)]
        for block, base in enumerate(self.base):
            low = block << 16
            starts = base + self.offset[low : low + _BLOCK]
            run = np.arange(low, low + len(starts), dtype=np.uint32)
            fits = starts + len(wanted) < self.end
            # The last byte first: where it is the closing quote it rules out nearly all others.
            for k in (len(wanted) - 1, *range(len(wanted) - 1)):
                run, starts = run[fits], starts[fits]
                fits = self.source.data[starts + k] == wanted[k]
            found.append(run[fits])
        return np.concatenate(found)


def _text(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    if "\\" in text:
        text = "".join(_unescaped(text))
        if not text.isascii():
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _unescaped(text: str) -> Iterator[str]:
    """A text without its escapes, in pieces: reading JSON lets no other thread run."""
    at = 0
    while at < len(text):
        piece = _WHOLE_ESCAPES.match(text, at, at + _AT_ONCE) if len(text) - at > _AT_ONCE else None
        end = piece.end() if piece and piece[0] else len(text)
        yield json.loads(f'"{text[at:end]}"', strict=False)
        at = end


def no_strings(source: Source) -> StringTable:
    """What there is in a file without strings."""
    return StringTable(source, np.empty(0, np.int64), np.empty(0, np.uint32), 0)


def read_strings(source: Source, start: int, progress: Progress, *, salvage: bool = False) -> StringTable:
    """Find the strings of the array whose `[` stands before byte `start`.

    Raises SnapshotError where there is something else than a string, a bad escape, or no end;
    with `salvage` an array without its end is all its whole strings.
    """
    size = len(source.data)
    progress.begin("reading strings", size - start, "bytes")
    state = np.zeros(4, np.int64)
    found = np.empty(_BLOCK, np.uint64)
    bases: list[int] = []
    offsets: list[npt.NDArray[np.uint32]] = []
    filled = 0
    position = start
    while state[0] != scan.DONE:
        stop = min(size, position + _PIECE)
        n = scan.scan_strings(source.data, position, stop, found[filled:], state)
        filled += n
        reached = int(state[3])
        if state[1]:
            what = "a bad escape" if state[1] == scan.BAD_ESCAPE else "something that is no string"
            raise SnapshotError(f"{what} among the strings", section="strings", byte=int(state[2]))
        progress.advance(reached - position)
        cut = stop == size and state[0] != scan.DONE and filled < _BLOCK
        if cut and not salvage:
            raise cut_short("strings", size)
        if filled == _BLOCK or cut or state[0] == scan.DONE:
            if filled:
                bases.append(int(found[0]))
                offsets.append(_narrow(found[:filled]))
            filled = 0
        if cut:
            break
        position = reached
    offset = np.concatenate(offsets) if offsets else np.empty(0, np.uint32)
    table = StringTable(source, np.array(bases, np.int64), offset, position)
    return _before_the_cut(table, state[0] == scan.IN_STRING) if state[0] != scan.DONE else table


def _before_the_cut(table: StringTable, in_string: bool) -> StringTable:
    """The whole strings of an array that the file ends in, perhaps in the middle of one."""
    count = len(table) - in_string
    end = table.start(count) - 1 if in_string else len(table.source.data)
    low = max(0, end - _NEAR)
    tail = table.source.bytes(low, end).rstrip(_SPACE).removesuffix(b",").rstrip(_SPACE)
    return StringTable(table.source, table.base[: -(-count >> 16)], table.offset[:count], low + len(tail))


def _narrow(found: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    distance = found - found[0]
    if int(distance[-1]) >= 1 << 32:
        raise SnapshotError("strings of more than 4 GB in a row", section="strings", byte=int(found[0]))
    narrow: npt.NDArray[np.uint32] = distance.astype(np.uint32)
    return narrow
