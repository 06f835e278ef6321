"""The commands in the order in which one looks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from heaptui.commands.command import Command

GROUPS: Mapping[str, Sequence[str]] = {
    "leaks": ("suspects", "compare", "report"),
    "heap": ("summary", "instances", "search", "statistics", "strings", "timeline", "allocations"),
    "objects": ("object", "retainers", "path", "dominators", "containment"),
    "files": ("capture", "info", "export", "redact", "index"),
    "program": ("demo", "help", "config", "doctor", "completion"),
}


def overview(commands: Mapping[str, Command]) -> Iterator[str]:
    """A line a command, group by group: what it is called, and what it prints or does."""
    left, width = max(map(len, GROUPS)), max(map(len, commands))
    for group, names in GROUPS.items():
        for i, name in enumerate(names):
            yield f"{'' if i else group:<{left}}  {name:<{width}}  {commands[name].about}"
