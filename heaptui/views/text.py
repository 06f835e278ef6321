"""Heap text and numbers as they may stand on a terminal or in a report."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heaptui.views.model import Label

ELLIPSIS = "…"
MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
NO_NAME, EMPTY = "(no name)", "(empty)"
"""What stands for an object without a name, and for a reference without one, as in DevTools."""
_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
_PLACE = re.compile(r":\d+:\d+\Z")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escape(text: str) -> str:
    """Make everything that could act on a terminal visible and harmless.

    Control, format (bidi marks, zero-width), surrogate, private and unassigned
    characters and the line separators become `\\n`, `\\x1b`, `\\u202e`.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape_character(c) for c in text)


def _escape_character(c: str) -> str:
    if c in _SHORT:
        return _SHORT[c]
    if unicodedata.category(c) not in _INVISIBLE:
        return c
    code = ord(c)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def is_place(note: str) -> bool:
    """Whether a remark is a place in a script: script, line and column."""
    return _PLACE.search(note) is not None


def cell_width(text: str) -> int:
    """How many terminal cells an escaped text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_character_width(c) for c in text)


def _character_width(c: str) -> int:
    if unicodedata.category(c) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


def fit(text: str, cells: int) -> str:
    """The text cut to that many cells, with an ellipsis where something is missing."""
    if cell_width(text) <= cells:
        return text
    kept, used = [], 0
    for c in text:
        used += _character_width(c)
        if used > cells - 1:
            break
        kept.append(c)
    return "".join(kept) + ELLIPSIS


def label_text(label: Label) -> str:
    """A row's first column as one escaped line."""
    name = escape(label.name or NO_NAME) + (f" @{label.id}" if label.id is not None else "")
    if label.relation:
        name = f"{escape(label.edge or EMPTY)} {label.relation} {name}"
    note = f"  ({escape(label.note)})" if label.note else ""
    return name + note


def count(value: int) -> str:
    """A number with separators: 1,234,567."""
    return f"{value:,}".replace("-", MINUS)


def counted(value: int, what: str) -> str:
    """A number of things: 1 row, 1,234 rows."""
    return f"{count(value)} {what}{'' if value == 1 else 's'}"


def signed(value: int) -> str:
    """A change: +1,234, −5, 0."""
    return f"+{value:,}" if value > 0 else count(value)


def size(value: int) -> str:
    """Bytes in decimal units as DevTools writes them: 904 B, 97.3 kB, 1.37 MB."""
    amount, sign = abs(value), MINUS if value < 0 else ""
    if amount < 1000:
        return f"{sign}{amount} B"
    scaled = float(amount)
    for unit in _UNITS:
        scaled /= 1000
        if scaled < 999.5 or unit == _UNITS[-1]:
            break
    digits = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
    return f"{sign}{scaled:.{digits}f} {unit}"


def signed_size(value: int) -> str:
    """A change of bytes: +12.3 kB."""
    return "+" + size(value) if value > 0 else size(value)


def percent(part: int, whole: int) -> str:
    """A share in whole per cent: "15 %"; empty where there is no whole."""
    return f"{100 * part / whole:.0f} %".replace("-", MINUS) if whole else ""


def cell(kind: str, value: int | None) -> str:
    """A number as a column of that kind writes it; None is a minus sign, as in DevTools."""
    if value is None:
        return MINUS
    match kind:
        case "size":
            return size(value)
        case "size_delta":
            return signed_size(value)
        case "delta":
            return signed(value)
        case _:
            return count(value)
