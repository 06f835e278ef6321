"""What is kept and why; imports nothing heavy, since options make rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

LEAST_OBJECTS = 16
"""Objects that must have a property before its name is taken for part of the program."""


class Why(IntEnum):
    """What became of a string: hidden whole or in part, or kept, and why."""

    HIDDEN = 0
    PARTLY = 1
    PAIR = 2
    LANGUAGE = 3
    SHORT = 4
    KNOWN = 5
    INTERNAL = 6
    CLASS = 7
    FUNCTION = 8
    PROPERTY = 9
    SCRIPT = 10
    ASKED = 11
    ELSEWHERE = 12


REASONS = {
    Why.PARTLY: "in part: … is hidden",
    Why.PAIR: "in part: … is hidden, the ids stay",
    Why.LANGUAGE: "a text that every heap has",
    Why.SHORT: "a digit, or a few signs",
    Why.KNOWN: "a name of the language, of Node or of browsers",
    Why.INTERNAL: "a name that the engine gives",
    Why.CLASS: "a class",
    Why.FUNCTION: "a function or variable",
    Why.PROPERTY: f"a property of at least {LEAST_OBJECTS} small objects",
    Why.SCRIPT: "a script (--keep-scripts)",
    Why.ASKED: "asked for (--keep)",
    Why.ELSEWHERE: "kept in another file of this run",
}
"""Why a string is kept, for the audit."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is kept beyond what always is.

    Attributes:
        scripts: the names of scripts.
        names: names that one of these patterns is found in; values are never kept by them.
    """

    scripts: bool = False
    names: tuple[re.Pattern[str], ...] = ()


def pattern(text: str) -> re.Pattern[str]:
    """A pattern as the user writes it, `/REGEX/` or a plain text; raises ValueError where it is none."""
    if len(text) < 2 or not (text.startswith("/") and text.endswith("/")):
        return re.compile(re.escape(text))
    try:
        return re.compile(text[1:-1])
    except re.error as error:
        raise ValueError(f"{text} is no regular expression: {error}") from None
