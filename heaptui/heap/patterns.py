"""What a name must be like: contain a text, equal one, or match a regular expression.

Regular expressions are RE2's: they take time in proportion to the text, whatever is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import re2

_TOKENS = re.compile(
    r"""(?P<letter>[\w\ ,;:=@%&!~<>'\#/-])        # stands for itself
    |   (?P<repeated>[*?]|\{[0-9,]+\})            # what is before it may be missing
    |   (?P<several>\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dswbDSWB]|\\[^\w]|[().+^$])
    |   (?P<strange>.)""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_MOST_SHOWN = 60
_HINT = "there are no look-arounds and no references to groups"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A test for names.

    Attributes:
        test: whether a name passes.
        inside: a text that every name that passes contains, in ASCII that JSON writes without escapes; empty where
            none is known.
        exact: whether all that contain it pass.
        cased: whether it is contained as it is; otherwise small and capital letters are equal.
    """

    test: Callable[[str], bool]
    inside: str = ""
    exact: bool = False
    cased: bool = True


def brief(typed: str, most: int = _MOST_SHOWN) -> str:
    """What was typed, as long as it may be in a message of one line; not escaped."""
    return typed if len(typed) <= most else f"{typed[: most - 1]}…"


def containing(wanted: str) -> Pattern:
    """Names with a text in them, whatever its case."""
    folded, inside = wanted.casefold(), _inside(wanted)
    return Pattern(lambda name: folded in name.casefold(), inside, exact=inside == wanted, cased=False)


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
        said = brief(error.args[0].decode("utf-8", "replace"))
        raise ValueError(f"/{brief(expression)}/ is no regular expression: {said} ({_HINT})") from None
    inside = _literal(expression)
    return Pattern(lambda name: compiled.search(_encoded(name)) is not None, inside, exact=inside == expression)


def _literal(expression: str) -> str:
    """The longest text in all that an expression finds, as far as that is plain to see."""
    runs, depth = [""], 0
    if "|" in expression or "(?" in expression or "[:" in expression:
        return ""
    for token in _TOKENS.finditer(expression):
        match token.lastgroup:
            case "strange":
                return ""
            case "letter" if not depth:
                runs[-1] += token[0]
            case "repeated":
                runs[-1:] = [runs[-1][:-1], ""]
            case _:
                depth += {"(": 1, ")": -1}.get(token[0], 0)
                runs.append("")
    return max(runs, key=len)


def _inside(wanted: str) -> str:
    plain = wanted.isascii() and wanted.isprintable() and not set(wanted) & set('"\\')
    return wanted if plain else ""


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
