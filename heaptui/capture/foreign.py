"""What the other side of a connection says: of any shape and length, and not to be relied on."""

from __future__ import annotations

import json
from typing import Any

_MOST = 300


def understood(text: str | bytes) -> object:
    """The value of JSON that somebody else wrote; raises ValueError for what is none, or nested without end."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None


def members(value: object) -> dict[str, Any]:
    """An object's members; none of what is no object."""
    return value if isinstance(value, dict) else {}


def brief(words: object) -> str:
    """Somebody else's words, as long as they may be in a message of one line; not escaped."""
    text = str(words)
    return text if len(text) <= _MOST else text[:_MOST] + "…"
