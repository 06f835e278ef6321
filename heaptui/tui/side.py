"""What is kept of a file between runs: ignored retainers, bookmarks, and which files were opened last.

It stands in the user's state directory, readable by nobody else. A file there that is
damaged counts as not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from heaptui.report.files import private_file

_ENDS = 1 << 16
"""Bytes at both ends of a file that tell it from others, with its length."""

MOST_RECENT = 9


@dataclass(slots=True)
class Side:
    """Notes about one snapshot, by object id; `place` is None where nothing can be kept."""

    place: Path | None = None
    ignored: set[int] = field(default_factory=set)
    bookmarks: dict[int, str] = field(default_factory=dict)

    def save(self) -> None:
        """Write the notes; raises OSError where that is not possible."""
        if self.place is not None:
            marks = [{"id": number, "note": note} for number, note in self.bookmarks.items()]
            _write(self.place, {"ignored": sorted(self.ignored), "bookmarks": marks})


@dataclass(slots=True)
class Notebook:
    """The notes of all opened files, in their order."""

    sides: list[Side] = field(default_factory=list)

    def open(self, paths: Sequence[str]) -> None:
        """Read the notes of other files; reads a little of each of them."""
        self.sides = [load(path) for path in paths]

    def of(self, heap: int) -> Side:
        """The notes of one of the heaps, -1 for the last."""
        if not self.sides:
            self.sides = [Side()]
        return self.sides[heap]


def folder() -> Path:
    """Where the notes stand."""
    state = os.environ.get("XDG_STATE_HOME", "")
    base = Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state"
    return base / "heaptui"


def load(path: str) -> Side:
    """The notes of a snapshot, empty where there are none."""
    try:
        side = Side(folder() / f"{identity(path)}.json")
    except (OSError, RuntimeError):
        return Side()
    match _read(side.place):
        case {"ignored": list(ignored), "bookmarks": list(bookmarks)}:
            side.ignored = {number for number in ignored if isinstance(number, int)}
            for mark in bookmarks:
                match mark:
                    case {"id": int(number), "note": str(note)}:
                        side.bookmarks[number] = note
    return side


def identity(path: str) -> str:
    """What stays the same when a file is moved: a digest of its length and both ends."""
    if not os.path.isfile(path):
        raise FileNotFoundError(path)
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest.update(str(size).encode() + file.read(_ENDS))
        file.seek(max(0, size - _ENDS))
        digest.update(file.read(_ENDS))
    return digest.hexdigest()[:32]


def recent() -> list[list[str]]:
    """The files that were opened last, the latest first; those opened together stand together."""
    with contextlib.suppress(RuntimeError):
        match _read(folder() / "recent.json"):
            case {"files": list(files)}:
                entries = [entry for entry in files if isinstance(entry, list) and entry]
                return [entry for entry in entries if all(isinstance(name, str) for name in entry)][:MOST_RECENT]
    return []


def remember(paths: Sequence[str]) -> None:
    """Put files at the top of the recent ones; where that is not possible, nothing is kept."""
    entry = [os.path.abspath(path) for path in paths if os.path.isfile(path)]
    if len(entry) == len(paths) and entry:
        others = [other for other in recent() if other != entry]
        with contextlib.suppress(OSError, RuntimeError):
            _write(folder() / "recent.json", {"files": [entry, *others][:MOST_RECENT]})


def _read(place: Path | None) -> object:
    try:
        return json.loads(place.read_bytes()) if place is not None else None
    except (OSError, ValueError, RecursionError):
        return None


def _write(place: Path, value: object) -> None:
    """Replace a file at once, so that no half of it is ever there."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with private_file(str(place)) as out:
        json.dump(value, out)
