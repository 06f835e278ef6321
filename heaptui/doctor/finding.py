"""What a check found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "broken"]
"""Fine; works, but not as well as it could; does not work at all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of what `heaptui doctor` prints.

    Attributes:
        topic: a word; said: how it is; advice: what to do where it is not well.
    """

    topic: str
    state: State
    said: str
    advice: str = ""


Check = Callable[[], Iterable[Finding]]


def guarded(topic: str, check: Check) -> Iterator[Finding]:
    """What a check finds; that something does not work at all is a finding too."""
    try:
        yield from check()
    except Exception as error:
        yield Finding(
            topic, "broken", f"{type(error).__name__}: {error}", "HEAPTUI_DEBUG=1 heaptui summary FILE tells more"
        )
