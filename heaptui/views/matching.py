"""What a user types to narrow a list: a text, or /REGEX/."""

from __future__ import annotations

from collections.abc import Callable

from heaptui.heap.patterns import containing, matching


def matcher(match: str) -> Callable[[str], bool]:
    """A test for names: contains the text whatever its case, or matches the `/REGEX/`.

    Raises ValueError, with a sentence for the user, where the regular expression is not one.
    """
    if len(match) > 1 and match.startswith("/") and match.endswith("/"):
        return matching(match[1:-1]).test
    return containing(match).test
