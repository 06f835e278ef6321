"""What a name must be like: contain a text, equal one, or match a regular expression.

Regular expressions are RE2's: they take time in proportion to the text, whatever is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import re2

_PLAIN = re.compile(r"[\w ,;:=@%&!~<>'#/-]+", re.ASCII)
_HINT = "there are no look-arounds and no references to groups"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A test for names.

    Attributes:
        test: whether a name passes.
        inside: a text that every name that passes contains, small and capital letters being equal, in ASCII that
            JSON writes without escapes; empty where none is known.
        exact: whether all that contain it pass.
    """

    test: Callable[[str], bool]
    inside: str = ""
    exact: bool = False


def containing(wanted: str) -> Pattern:
    """Names with a text in them, whatever its case."""
    folded, inside = wanted.casefold(), _inside(wanted)
    return Pattern(lambda name: folded in name.casefold(), inside, exact=inside == wanted)


def equal_to(wanted: str) -> Pattern:
    """Names that are this text."""
    return Pattern(lambda name: name == wanted, _inside(wanted))


def matching(expression: str) -> Pattern:
    """Names in which a regular expression is found.

    Raises ValueError, with a sentence for the user, where it is none.
    """
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    try:
        compiled = re2.compile(expression.encode("utf-8", "surrogatepass"), options)
    except re2.error as error:
        said = error.args[0].decode("utf-8", "replace")
        raise ValueError(f"/{expression}/ is no regular expression: {said} ({_HINT})") from None
    inside = expression if _PLAIN.fullmatch(expression) else ""
    return Pattern(lambda name: compiled.search(_encoded(name)) is not None, inside)


def _inside(wanted: str) -> str:
    plain = wanted.isascii() and wanted.isprintable() and not set(wanted) & set('"\\')
    return wanted if plain else ""


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
