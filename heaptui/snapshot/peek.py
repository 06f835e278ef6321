"""The header alone, in milliseconds, without reading the rest of the file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

import ijson

from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.header import Header, parse_header, parse_header_value, read_value
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Readable, open_file, open_source, open_stream
from heaptui.snapshot.unpacking import packing

_FIRST_KEY = re.compile(rb'\s*\{\s*"snapshot"\s*:')
_HEAD = 1 << 16
_LAST_BRACKETS = re.compile(rb"[\]}]\s*\}\s*\Z")
_TAIL = 1 << 12
_EVENTS_BEFORE_HEADER = 2  # the `{` and the key


@dataclass(frozen=True, slots=True)
class Peek:
    """A file's header and its size on disk in bytes.

    `whole` is False where the file ends too early, and None where only a walk over it could tell.
    """

    path: str
    size: int
    header: Header
    whole: bool | None = None


def glance(path: str | os.PathLike[str]) -> Peek | None:
    """The header of a file that begins with it, in milliseconds; None of all others, and of what is no snapshot."""
    try:
        with open_stream(path) as (stream, size):
            header = _first(stream)
    except SnapshotError:
        return None
    return Peek(os.fspath(path), size, header) if header else None


def peek(path: str | os.PathLike[str], *, salvage: bool = False) -> Peek:
    """Read the header; quick where the file begins with it, as all known producers' do.

    Raises SnapshotError for what is no snapshot as far as the header tells; with `salvage`
    not for a file that ends behind it.
    """
    try:
        if os.fspath(path) == "-":
            return _walked(path, None, salvage)
        with open_stream(path) as (stream, size):
            header = _first(stream)
        return Peek(os.fspath(path), size, header, _ends(path)) if header else _walked(path, size, salvage)
    except SnapshotError as error:
        error.path = os.fspath(path)
        raise


def _first(stream: Readable) -> Header | None:
    """The header where the file begins with it; None leaves it to the full walk, which says what is wrong."""
    head = stream.read(_HEAD)
    if not _FIRST_KEY.match(head.removeprefix(b"\xef\xbb\xbf")):
        return None
    try:
        value = read_value(_Rejoined(head, stream), _EVENTS_BEFORE_HEADER)
    except (ijson.JSONError, ValueError):
        return None
    return parse_header_value(value, 0)


def _ends(path: str | os.PathLike[str]) -> bool | None:
    """Whether a file has the end that a snapshot has; None of a packed one, whose end is not to be seen."""
    with open_file(os.fspath(path)) as file:
        if packing(file.read(4)) is not None:
            return None
        file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
        return _LAST_BRACKETS.search(file.read()) is not None


def _walked(path: str | os.PathLike[str], size: int | None, salvage: bool) -> Peek:
    from heaptui.snapshot.layout import find_sections  # the kernels, which take a moment to import

    source = open_source(path, Progress(), salvage=salvage)
    layout = find_sections(source, Progress(), salvage=salvage)
    header = parse_header(source.bytes(*layout.header), layout.header[0])
    whole = source.flaw is None and layout.cut is None
    return Peek(os.fspath(path), len(source.data) if size is None else size, header, whole)


class _Rejoined:
    """What was read of a stream, and then the rest."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head, self._rest = head.removeprefix(b"\xef\xbb\xbf"), rest

    def read(self, size: int = -1) -> bytes:
        if self._head and size:
            part, self._head = (self._head, b"") if size < 0 else (self._head[:size], self._head[size:])
            return part
        return self._rest.read(size)
