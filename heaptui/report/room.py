"""Whether there is room for a snapshot, in words."""

from __future__ import annotations

from heaptui.capture.memory import Room
from heaptui.views import text


def describe(room: Room) -> str:
    """One line: what the process uses, and what is left for it."""
    said = [f"heap {text.size(room.heap)}"]
    if room.rss is not None:
        said.append(f"RSS {text.size(room.rss)}")
    if room.limit is not None:
        said.append(f"memory limit {text.size(room.limit)}")
    if room.left is not None:
        said.append(f"{text.size(room.left)} of memory left")
    return ", ".join([*said, f"{text.size(room.disk)} of disk free"])


def warnings(room: Room) -> list[str]:
    """What may go wrong, a sentence each."""
    said = []
    if room.is_tight and room.left is not None:
        said.append(
            f"a snapshot takes several times the heap in memory, {text.size(room.needed)} perhaps, and "
            f"{text.size(room.left)} are left: the process may be killed"
        )
    if room.fills_disk:
        said.append(f"the file may not fit: {text.size(room.disk)} are free")
    return said
