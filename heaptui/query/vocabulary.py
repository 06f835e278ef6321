"""The words of a query: what may stand before an operator, and what stands by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

Kind = Literal["flag", "text", "word", "id", "count", "size", "argument"]
"""What follows a word: nothing, a text or /REGEX/, a plain word, an object's id, a number, a number of bytes, or
whatever a filter is of."""

ORDERING = ("<=", ">=", "<", ">")
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    "flag": (),
    "text": (":", "!=", "="),
    "word": (":", "!=", "="),
    "id": (":", "!=", *ORDERING, "="),
    "count": (":", "!=", *ORDERING, "="),
    "size": (":", "!=", *ORDERING, "="),
    "argument": (":",),
}
UNITS: Mapping[str, int] = {
    "B": 1,
    **{f"{letter}B": 1000**power for power, letter in enumerate("kMGT", 1)},
    **{f"{letter}iB": 1024**power for power, letter in enumerate("KMGT", 1)},
}
"""Bytes by unit; small and capital letters are equal."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the language: what follows it, how that is shown, and what is found."""

    kind: Kind
    form: str
    about: str


WORDS: Mapping[str, Word] = {
    "class": Word("text", "class:TEXT", "objects of a constructor with this text in its name; = the whole name"),
    "name": Word("text", "name:TEXT", "objects with this text in their own name"),
    "string": Word("text", "string:TEXT", "strings that contain this text"),
    "edge": Word("text", "edge:TEXT", "objects that a reference of such a name leads to, or of a number"),
    "script": Word("text", "script:TEXT", "functions, and objects of constructors, written in such a script"),
    "type": Word("word", "type:closure", "objects of a node type: object, closure, array, string, native, …"),
    "id": Word("id", "id:@123", "the object of an id; id>123 those with a greater one"),
    "retained": Word("size", "retained>1MB", "retained size in bytes, kB, MB, GB or KiB, MiB, GiB"),
    "shallow": Word("size", "shallow>1kB", "shallow size"),
    "distance": Word("count", "distance<6", "distance from the roots; a minus sign is farther than any number"),
    "detached": Word("flag", "detached", "DOM nodes that left their page"),
    "new": Word("flag", "new", "objects that the first of several snapshots lacks"),
    "new-since": Word("argument", "new-since:FILE", "objects that an earlier snapshot lacks"),
    "unreachable": Word("flag", "unreachable", "what no root leads to"),
    "duplicate-strings": Word("flag", "duplicate-strings", "strings that are there more than once"),
    "detached-dom": Word("flag", "detached-dom", "what only detached DOM nodes keep alive"),
    "console": Word("flag", "console", "what only DevTools' console keeps alive"),
    "event-handlers": Word("flag", "event-handlers", "what only event handlers keep alive"),
    "contexts": Word("flag", "contexts", "what only closures keep alive"),
    "native-context": Word("argument", "native-context:@ID", "what belongs to one page or realm"),
    "shared-native-context": Word("flag", "shared-native-context", "what belongs to several pages or realms"),
    "no-native-context": Word("flag", "no-native-context", "what belongs to no page or realm"),
    "ids": Word("argument", "ids:AFTER-UPTO", "objects whose ids lie between two"),
    "allocated-by": Word("argument", "allocated-by:FUNCTION,CALLER", "what a function allocated, called by another"),
}

WHOLE = frozenset({"retained", "distance", "unreachable", "detached-dom", "console", "event-handlers", "contexts"})
"""The words that need to know what keeps objects alive, which a light heap does not."""

ALIASES: Mapping[str, str] = {
    "retained_size": "retained",
    "shallow_size": "shallow",
    "duplicatedStrings": "duplicate-strings",
    "objectsRetainedByDetachedDomNodes": "detached-dom",
    "objectsRetainedByConsole": "console",
    "objectsRetainedByEventHandlers": "event-handlers",
    "objectsRetainedByContexts": "contexts",
    "sharedNativeContext": "shared-native-context",
    "noNativeContext": "no-native-context",
}
"""The names of columns, and DevTools' own of its filters."""

GRAMMAR = (
    "Words side by side must all hold: class:Session retained>1MB -detached. `or` stands between, `not` or - before "
    "what must not hold, and ( ) around what belongs together.",
    "TEXT is found whatever its case, and = wants the whole of a name: class=Map. With spaces it stands in quotes, and "
    "between slashes it is a regular expression of RE2: string:/token=[0-9a-f]+/.",
    "Numbers and sizes take < <= > >= = and !=.",
)
"""What is to be said of the whole, in some sentences."""


Figure = Literal["count", "size", "verdict"]
"""What `--fail-if` is about: a number, a number of bytes, or something that is so or not."""

_KINDS_OF_MEMORY = (
    "total", "native", "code", "strings", "js_arrays", "typed_arrays", "system", "other_js_objects",
    "other_non_js_objects",
)  # fmt: skip
FIGURES: Mapping[str, Mapping[str, Figure]] = {
    "summary": {"count": "count", "shallow": "size", "retained": "size"},
    "compare": {
        "new": "count",
        "deleted": "count",
        "delta": "count",
        "alloc_size": "size",
        "freed_size": "size",
        "size_delta": "size",
    },
    "suspects": {"leak": "verdict", "suspects": "count", "count": "count", "size": "size"},
    "strings": {"count": "count", "wasted": "size"},
    "statistics": {name + change: "size" for change in ("", "_delta") for name in _KINDS_OF_MEMORY},
}
"""By command, the figures that a condition can be about."""

FIGURE_ALIASES: Mapping[str, str] = {
    "shallow_size": "shallow",
    "retained_size": "retained",
    "wasted_size": "wasted",
}

_USUAL: Mapping[Kind, str] = {"flag": "", "count": "<", "size": ">"}


def completions(typed: str) -> list[str]:
    """How a query could go on: with the words that begin as its last one does, and what usually follows them."""
    begun = re.search(r"(?:^|[\s(-])((?:[A-Za-z][A-Za-z-]*)?)$", typed)
    if begun is None:
        return []
    before = typed[: begun.start(1)]
    return [before + name + _USUAL.get(word.kind, ":") for name, word in WORDS.items() if name.startswith(begun[1])]


def as_text() -> str:
    """The whole language for a page of help."""
    width = max(len(word.form) for word in WORDS.values())
    words = [f"  {word.form:<{width}}  {word.about}" for word in WORDS.values()]
    grammar = [
        line for sentence in GRAMMAR for line in wrap(sentence, 100, initial_indent="  ", subsequent_indent="  ")
    ]
    return "\n".join(["queries:", *words, "", *grammar])
