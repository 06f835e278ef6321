"""All checks, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from heaptui.doctor import machine, terminal
from heaptui.doctor.finding import Check, Finding, guarded


def examine(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Look at terminal and machine; a first run on it compiles the kernels, which takes a while."""
    checks: dict[str, Check] = {
        "terminal": lambda: terminal.terminal(environment),
        "colours": lambda: terminal.colours(environment),
        "characters": lambda: terminal.characters(environment),
        "clipboard": lambda: terminal.clipboard(environment),
        "cache": lambda: machine.cache(environment),
        "kernels": lambda: machine.kernels(environment),
        "index": lambda: machine.index(environment),
        "memory": machine.memory,
        "temporary": machine.disk,
    }
    for topic, check in checks.items():
        yield from guarded(topic, check)
