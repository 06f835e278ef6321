"""Files on the disk, as the start page lists them and the prompt completes them."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ENDINGS = (".heapsnapshot", ".heaptimeline")
PACKED = (".gz", ".zst")
MOST = 500
"""Entries of a folder that are listed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder to enter, or a snapshot; `changed` in seconds since 1970."""

    path: str
    is_folder: bool
    size: int = 0
    changed: float = 0.0

    @property
    def name(self) -> str:
        """Its last part."""
        return os.path.basename(self.path)


def is_snapshot(name: str) -> bool:
    """Whether a file is called like a snapshot."""
    base, ending = os.path.splitext(name)
    return (base if ending in PACKED else name).endswith(ENDINGS)


def entries(folder: str) -> list[Entry]:
    """The snapshots in a folder, the latest first, then its folders by name; raises OSError."""
    snapshots: list[Entry] = []
    folders: list[Entry] = []
    with os.scandir(folder) as found:
        for item in found:
            try:
                if item.is_dir():
                    folders.append(Entry(item.path, True))
                elif is_snapshot(item.name) and item.is_file():
                    status = item.stat()
                    snapshots.append(Entry(item.path, False, status.st_size, status.st_mtime))
            except OSError:
                continue
    snapshots.sort(key=lambda entry: (-entry.changed, entry.name))
    folders = [entry for entry in folders if not entry.name.startswith(".")]
    folders.sort(key=lambda entry: entry.name)
    return (snapshots + folders)[:MOST]


def complete_file(typed: str) -> list[str]:
    """The files and folders that begin as the typed path does."""
    return _beginning(typed, lambda name: True)


def complete_snapshots(typed: str) -> list[str]:
    """The same for the last of several names, quoted as a shell wants them; only snapshots and folders."""
    words, last = _words(typed)
    found = _beginning(last, is_snapshot)
    return [" ".join(map(quoted, (*words, path))) for path in found]


def quoted(path: str) -> str:
    """A path as a shell wants it; a home directory's sign stays one."""
    return "~/" + shlex.quote(path[2:]) if path[:2] == "~/" != path else shlex.quote(path)


def _words(typed: str) -> tuple[Sequence[str], str]:
    """The names that are whole, and the one that is being typed."""
    try:
        words = shlex.split(typed)
    except ValueError:
        # A quote is open still.
        words = shlex.split(typed + typed[max(typed.rfind("'"), typed.rfind('"'))])
        return words[:-1], words[-1]
    return (words, "") if not words or typed[-1].isspace() else (words[:-1], words[-1])


def _beginning(typed: str, wanted: Callable[[str], bool]) -> list[str]:
    folder, begins = os.path.split(typed)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as found:
            items = [(item.name, item.is_dir()) for item in found if item.name.startswith(begins)]
    except OSError:
        return []
    # What cannot be typed is chosen from a list instead.
    shown = [(name, is_dir) for name, is_dir in items if name.isprintable() and (begins or name[0] != ".")]
    # A folder ends in a slash, so that what is in it can be completed next.
    return sorted(os.path.join(folder, name, "") if is_dir else os.path.join(folder, name)
                  for name, is_dir in shown if is_dir or wanted(name))  # fmt: skip
