"""Where the sections of a file lie, found by their key at the top level, in any order."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import numpy as np

from heaptui.kernels import scan
from heaptui.snapshot.errors import SnapshotError, cut_short
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Source
from heaptui.snapshot.strings import StringTable, no_strings, read_strings

NUMBER_SECTIONS = ("nodes", "edges", "locations", "samples")
_PIECE = 1 << 19
_SKIP_PIECE = 32 << 20
_LONGEST_KEY = 1 << 12
_LONGEST_SHOWN = 60
_NEAR = 1 << 12
_NO_NUMBER = re.compile(rb"[^0-9 \t\r\n]")
_MARK = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"

# Top-level keys of other formats, and what to tell who gave one by mistake.
_OTHERS = (
    ({"head", "samples"}, "a sampling heap profile (.heapprofile)"),
    ({"head"}, "a sampling heap profile (.heapprofile)"),
    ({"timeDeltas"}, "a CPU profile (.cpuprofile)"),
    ({"startTime", "endTime"}, "a CPU profile (.cpuprofile)"),
    ({"nodeClassNames"}, 'a snapshot in JavaScriptCore\'s own format; use Bun.generateHeapSnapshot("v8")'),
    ({"log"}, "an HTTP archive (.har)"),
    ({"traceEvents"}, "a performance trace"),
)


@dataclass(slots=True)
class NumberArray:
    """A flat array of numbers, cut into pieces that can be read independently.

    Attributes:
        bounds: the pieces' first bytes, and the byte of the closing `]`.
        first: how many values stand before each piece; the last entry is their total.
    """

    name: str
    bounds: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many values the array has."""
        return self.first[-1]


@dataclass(slots=True)
class Layout:
    """Where everything is.

    Attributes:
        header: first byte of the `snapshot` section's value, and the byte behind it.
        arrays: the sections of numbers that the file has.
        others: first byte and end of the sections that are neither, by key.
        cut: the error of a file that ends too early and is read all the same.
    """

    header: tuple[int, int]
    arrays: dict[str, NumberArray]
    strings: StringTable
    others: dict[str, tuple[int, int]]
    cut: SnapshotError | None = None


def find_sections(source: Source, progress: Progress, *, salvage: bool = False) -> Layout:
    """Walk the top level of the file once.

    Raises SnapshotError where the file is not one JSON object with the sections
    `snapshot`, `nodes`, `edges` and `strings`. With `salvage` it may end early, and what
    it then lacks of `edges` and `strings` is empty.
    """
    return _Walk(source, progress, salvage).run()


class _Walk:
    def __init__(self, source: Source, progress: Progress, salvage: bool) -> None:
        self._source = source
        self._salvage = salvage
        self._data = source.data
        self._size = len(source.data)
        self._progress = progress
        self._arrays: dict[str, NumberArray] = {}
        self._strings: StringTable | None = None
        self._others: dict[str, tuple[int, int]] = {}
        self._section: str | None = None

    def run(self) -> Layout:
        try:
            self._walk()
        except SnapshotError as error:
            if not self._salvage or not error.salvageable:
                raise
            return self._rest(error)
        return self._layout()

    def _walk(self) -> None:
        at = self._begin()
        if self._peek(at) == ord("}"):
            self._end(at + 1)
        else:
            while True:
                at = self._entry(at)
                at = self._space(at)
                if self._peek(at) == ord("}"):
                    self._end(at + 1)
                    break
                if self._peek(at) != ord(","):
                    raise self._unexpected(at, "`,` or `}`")
                at = self._space(at + 1)

    def _begin(self) -> int:
        head = self._source.bytes(0, 4)
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise SnapshotError("text in UTF-16; convert it to UTF-8 first: iconv -f UTF-16 -t UTF-8", byte=0)
        at = self._space(len(_MARK) if head.startswith(_MARK) else 0)
        if at == self._size:
            raise SnapshotError("nothing but white space in it", byte=0)
        if self._data[at] != ord("{"):
            raise SnapshotError("not a heap snapshot: it does not begin with {", byte=at)
        return self._space(at + 1)

    def _entry(self, at: int) -> int:
        """Read one `"key": value`; returns the position behind it."""
        key, at = self._key(at)
        # In ASCII: the name shows in errors, and a stranger's file may call a section anything.
        self._section = json.dumps(key)[1:-1][:_LONGEST_SHOWN]
        at = self._space(at)
        if self._peek(at) != ord(":"):
            raise self._unexpected(at, "`:`")
        at = self._space(at + 1)
        if key in self._arrays or key in self._others or (key == "strings" and self._strings is not None):
            raise SnapshotError("the section is there twice", section=self._section, byte=at)
        if key == "strings" and self._peek(at) == ord("["):
            self._strings = read_strings(self._source, at + 1, self._progress, salvage=self._salvage)
            if not self._strings.whole:
                raise cut_short(key, self._size)
            return self._strings.end
        if key in NUMBER_SECTIONS and self._begins_numbers(at):
            return self._numbers(key, at + 1)
        end = self._skip(at)
        if end == at:
            raise self._unexpected(at, "a value")
        self._others[key] = (at, end)
        return end

    def _key(self, at: int) -> tuple[str, int]:
        if self._peek(at) != ord('"'):
            raise self._unexpected(at, "a key")
        end = self._skip(at, limit=_LONGEST_KEY)
        try:
            key = str(json.loads(self._source.bytes(at, end)))
        except ValueError:
            raise SnapshotError("a key that is no text", byte=at) from None
        return key, end

    def _begins_numbers(self, at: int) -> bool:
        """Whether an array of numbers, or an empty one, begins here; other values are passed over."""
        if self._peek(at) != ord("["):
            return False
        first = self._peek(self._space(at + 1))
        return first not in b'{[}"tfn'

    def _numbers(self, key: str, at: int) -> int:
        array = NumberArray(key)
        closing = np.full(1, -1, np.int64)
        values = 0
        self._progress.begin(f"measuring {key}", self._size - at, "bytes")
        begin = at
        while closing[0] < 0:
            if at >= self._size:
                if self._salvage:
                    self._keep(array, begin, values)
                raise cut_short(key, self._size)
            stop = self._behind_comma(at + _PIECE)
            array.bounds.append(at)
            array.first.append(values)
            values += scan.measure_array(self._data, at, stop, closing)
            self._progress.advance(stop - at)
            at = stop
        end = int(closing[0])
        # Text after the last comma is one more value; an array of white space has none.
        empty = values == 0 and self._space(begin) == end
        array.bounds.append(end)
        array.first.append(values if empty else values + 1)
        self._arrays[key] = array
        return end + 1

    def _keep(self, array: NumberArray, begin: int, commas: int) -> None:
        """Keep objects or edges without their end; other sections are of no use then, nor what leads to objects."""
        if array.name == "nodes":
            self._arrays = {name: other for name, other in self._arrays.items() if name == "samples"}
        if array.name in ("nodes", "edges"):
            self._arrays[array.name] = self._whole_numbers(array, begin, commas)

    def _whole_numbers(self, array: NumberArray, begin: int, commas: int) -> NumberArray:
        """An array without its end: all numbers but a last one of which digits may be missing."""
        low = max(begin, self._size - _NEAR)
        tail = self._source.bytes(low, self._size).rstrip(b"0123456789").rstrip(_SPACE)
        if tail.endswith(b","):
            tail, commas = tail[:-1], commas - 1
        end = low + len(tail)
        if not tail or end == begin:
            return _nothing(array.name, begin)
        pieces = sum(start < end for start in array.bounds)
        return NumberArray(array.name, [*array.bounds[:pieces], end], [*array.first[:pieces], commas + 1])

    def _behind_comma(self, at: int) -> int:
        """The position behind the next comma, or whatever else ends a number; or the end of the file."""
        while at < self._size:
            other = _NO_NUMBER.search(self._source.bytes(at, min(self._size, at + _NEAR)))
            if other:
                return at + other.end()
            at += _NEAR
        return self._size

    def _skip(self, at: int, limit: int | None = None) -> int:
        state = np.zeros(2, np.int64)
        end = self._size if limit is None else min(self._size, at + limit)
        begin = at
        while True:
            reached = scan.skip_value(self._data, at, min(end, at + _SKIP_PIECE), state)
            if state[0] == scan.DONE:
                return reached
            if reached == at:  # nothing is left, or half an escape
                if end < self._size:
                    raise SnapshotError("a key longer than any real one", byte=begin)
                raise cut_short(self._section, self._size)
            at = reached
            self._progress.check()

    def _space(self, at: int) -> int:
        while True:
            self._progress.check()
            stop = min(self._size, at + _SKIP_PIECE)
            at = scan.skip_space(self._data, at, stop)
            if at < stop or stop == self._size:
                return at

    def _peek(self, at: int) -> int:
        if at >= self._size:
            raise cut_short(self._section, self._size)
        return int(self._data[at])

    def _end(self, at: int) -> None:
        at = self._space(at)
        if at < self._size:
            byte = self._data[at]
            what = "NUL bytes" if byte == 0 else "another object" if byte == ord("{") else "something"
            raise SnapshotError(f"{what} after the end of the snapshot", byte=at)

    def _unexpected(self, at: int, wanted: str) -> SnapshotError:
        if at >= self._size:
            return cut_short(self._section, self._size)
        found = self._source.bytes(at, at + 1)
        shown = found.decode("ascii", "replace") if found.isascii() and found.isalnum() else f"byte 0x{found.hex()}"
        return SnapshotError(f"not valid JSON: {shown} where {wanted} should be", section=self._section, byte=at)

    def _rest(self, error: SnapshotError) -> Layout:
        """What there is of a file that ends early."""
        header = self._others.pop("snapshot", None)
        if header is None or "nodes" not in self._arrays:
            raise SnapshotError("it ends before the first object", section=error.section, byte=error.byte)
        self._arrays.setdefault("edges", _nothing("edges", self._size))
        return Layout(header, self._arrays, self._strings or no_strings(self._source), self._others, error)

    def _layout(self) -> Layout:
        keys = {*self._arrays, *self._others, *(["strings"] if self._strings is not None else [])}
        header = self._others.pop("snapshot", None)
        if header is None or "nodes" not in keys:
            for signs, what in _OTHERS:
                if signs <= keys:
                    raise SnapshotError(f"this is {what}, not a heap snapshot")
        for name in ("snapshot", "nodes", "edges", "strings"):
            if name not in keys:
                raise SnapshotError(f"not a V8 heap snapshot: it has no section `{name}`")
            if name != "snapshot" and name in self._others:
                what = "strings" if name == "strings" else "numbers"
                raise SnapshotError(f"the section is no array of {what}", section=name, byte=self._others[name][0])
        assert header is not None
        assert self._strings is not None
        return Layout(header, self._arrays, self._strings, self._others)


def _nothing(name: str, at: int) -> NumberArray:
    return NumberArray(name, [at, at], [0, 0])


def first_values(source: Source, array: NumberArray, count: int) -> NumberArray:
    """An array of the first values only."""
    if count == array.count:
        return array
    if not count:
        return _nothing(array.name, array.bounds[0])
    piece = max(i for i, first in enumerate(array.first[:-1]) if first < count)
    low, high = array.bounds[piece : piece + 2]
    commas = np.flatnonzero(source.data[low:high] == ord(","))
    end = low + int(commas[count - array.first[piece] - 1])
    return NumberArray(array.name, [*array.bounds[: piece + 1], end], [*array.first[: piece + 1], count])


def position_of(source: Source, array: NumberArray, index: int) -> int:
    """The byte at which a value of an array begins, to say so in an error."""
    piece = max(i for i, first in enumerate(array.first[:-1]) if first <= index)
    text = source.bytes(array.bounds[piece], array.bounds[piece + 1])
    at = 0
    for _ in range(index - array.first[piece]):
        at = text.index(b",", at) + 1
    while text[at : at + 1] in (b" ", b"\n", b"\r", b"\t"):
        at += 1
    return array.bounds[piece] + at


def number_error(code: int, byte: int, section: str) -> SnapshotError:
    """The error for a code of `kernels.scan`."""
    what = {
        scan.UNEXPECTED: "something that is no number",
        scan.NEGATIVE: "a negative number",
        scan.FRACTION: "a number with a fraction or an exponent",
        scan.TOO_LARGE: "a number beyond 64 bits",
        scan.LEADING_ZERO: "a number with a leading zero",
        scan.MISSING: "a comma without a number",
    }[code]
    return SnapshotError(what, section=section, byte=byte)
