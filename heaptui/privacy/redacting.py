"""Files with the same nodes, edges and sizes, and placeholders for what is the user's data."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from heaptui.privacy.placeholders import Key, Placeholders
from heaptui.privacy.rewriting import agree, rewritten
from heaptui.privacy.rules import Rules
from heaptui.privacy.survey import Survey, get_kernels_ready
from heaptui.privacy.uses import uses_in_file
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.header import parse_header
from heaptui.snapshot.layout import Layout, find_sections
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import Source, open_source

_COPIED = 4 << 20
_QUOTE = ord('"')


class Job(Progress):
    """Progress of a file that is read as a stream: what has been read is given back to the system."""

    source: Source | None = None

    def advance(self, amount: int) -> None:
        """Count finished units; raises Cancelled where the job was stopped."""
        super().advance(amount)
        if self.source is not None:
            self.source.give_back(0, len(self.source.data))


@dataclass(frozen=True, slots=True)
class Opened:
    """A file of which is known what to hide.

    Attributes:
        replaced: bytes of it that are not copied, and what is written instead, in order.
        removed: the sections that nobody knows and that had texts, which are written empty.
    """

    path: str
    source: Source
    layout: Layout
    survey: Survey
    replaced: Sequence[tuple[int, int, bytes]]
    removed: Sequence[str]


def open_all(paths: Sequence[str], rules: Rules, job: Job) -> tuple[list[Opened], Placeholders]:
    """Look through all files of a run; raises SnapshotError for one that is no whole snapshot."""
    get_kernels_ready(job)
    key = Key()
    opened = [_open(path, rules, key, job) for path in paths]
    return opened, agree([one.survey for one in opened], key, job)


def _open(path: str, rules: Rules, key: Key, job: Job) -> Opened:
    try:
        source = open_source(path, job)
        job.source = source
        layout = find_sections(source, job)
        header = parse_header(source.bytes(*layout.header), layout.header[0])
        uses = uses_in_file(source, layout, header, job)
        survey = Survey(layout.strings, uses, rules, key, job)
    except SnapshotError as error:
        error.path = os.fspath(path)
        raise
    except MemoryError:
        raise SnapshotError("not enough memory to read it", path=os.fspath(path)) from None
    removed = [name for name, where in layout.others.items() if _has_text(source, *where)]
    replaced = [(*layout.others[name], b"[]") for name in removed] + _header(source, layout)
    return Opened(path, source, layout, survey, sorted(replaced), removed)


def _has_text(source: Source, start: int, stop: int) -> bool:
    return any(
        bool((source.data[low : min(stop, low + _COPIED)] == _QUOTE).any()) for low in range(start, stop, _COPIED)
    )


def _header(source: Source, layout: Layout) -> list[tuple[int, int, bytes]]:
    """The header without texts, where there are some beside the names of fields and types."""
    written = json.loads(source.bytes(*layout.header))
    told = {name: value for name, value in written.items() if name == "meta" or not _tells(value)}
    return [] if len(told) == len(written) else [(*layout.header, json.dumps(told, separators=(",", ":")).encode())]


def _tells(value: Any) -> bool:
    return not isinstance(value, int | float | None)


def redacted(opened: Opened, placeholders: Placeholders, job: Job) -> Iterator[bytes]:
    """The bytes of a redacted file."""
    job.source = opened.source
    strings = opened.layout.strings
    first, end = (strings.start(0), strings.end) if len(strings) else (len(opened.source.data),) * 2
    done, replaced = False, list(opened.replaced)
    at = 0
    while at < len(opened.source.data):
        stop = min([start for start, _, _ in replaced] + ([] if done else [first]), default=len(opened.source.data))
        for low in range(at, stop, _COPIED):
            high = min(stop, low + _COPIED)
            yield opened.source.bytes(low, high)
            opened.source.give_back(low, high)
        at = stop
        if replaced and replaced[0][0] == at:
            _, at, written = replaced.pop(0)
            yield written
        elif not done and at == first:
            yield from rewritten(opened.survey, placeholders, job)
            at, done = end, True
