"""What the values of a query stand for: patterns, numbers, bytes, ids."""

from __future__ import annotations

import re
from fractions import Fraction

from heaptui.heap.patterns import Pattern, brief, containing, equal_to, matching
from heaptui.query.terms import Term
from heaptui.query.vocabulary import UNITS, WORDS

_NUMBER = re.compile(r"(-?[0-9]{1,18}(?:\.[0-9]{1,9})?)([A-Za-z]*)")
_MOST = (1 << 63) - 1
_UNITS = {unit.casefold(): size for unit, size in UNITS.items()}


def check(term: Term) -> None:
    """Raise ValueError, with a sentence for the user, where a value is none for its word."""
    match WORDS[term.word].kind:
        case "text":
            pattern_of(term)
        case "id":
            object_id(term.value)
        case "count" | "size" as kind:
            amount(term.value, in_bytes=kind == "size")
        case _ if term.word == "ids":
            id_range(term.value)
        case _ if term.word == "native-context":
            object_id(term.value)
        case _ if not term.value and term.operator:
            raise ValueError("a value is missing here")


def pattern_of(term: Term) -> Pattern:
    """The names that a term means; those of `!=` are to be left out."""
    if term.regex:
        return matching(term.value)
    return containing(term.value) if term.operator == ":" else equal_to(term.value)


def amount(written: str, *, in_bytes: bool) -> int:
    """A number, or of bytes with a unit: `6`, `1MB`, `1.5kB`; rounded to a whole one."""
    found = _NUMBER.fullmatch(written)
    unit = found[2].casefold() if found else ""
    if found is None or (unit and not in_bytes):
        raise ValueError(f"{brief(written)!r} is no number")
    if unit and unit not in _UNITS:
        raise ValueError(f"{brief(found[2])!r} is no unit; there are {', '.join(UNITS)}")
    return max(-_MOST, min(_MOST, round(Fraction(found[1]) * _UNITS.get(unit, 1))))


def object_id(written: str) -> int:
    """The number of `@123` or `123`."""
    digits = written.removeprefix("@")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 19:
        raise ValueError(f"{brief(written)!r} is no object id; ids look like @123")
    return int(digits)


def id_range(written: str) -> tuple[int, int]:
    """The two ids of `@1-@9`."""
    low, _, high = written.partition("-")
    return object_id(low), object_id(high)
