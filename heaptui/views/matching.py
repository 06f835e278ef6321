"""What a user types to narrow a list: a text, or /REGEX/."""

from __future__ import annotations

import re
from collections.abc import Callable


def matcher(match: str) -> Callable[[str], bool]:
    """A test for names: contains the text whatever its case, or matches the `/REGEX/`.

    Raises ValueError, with a sentence for the user, where the regular expression is not one.
    """
    if len(match) > 1 and match.startswith("/") and match.endswith("/"):
        try:
            pattern = re.compile(match[1:-1])
        except re.error as error:
            raise ValueError(f"{match} is no regular expression: {error}") from None
        return lambda name: pattern.search(name) is not None
    wanted = match.casefold()
    return lambda name: wanted in name.casefold()
