"""A query that has been read, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from heaptui.query.vocabulary import WORDS

BARE = re.compile(r'(?:\([^()\s"]*\)|[^()\s"])+')
"""A value without quotes; what is in parentheses belongs to it, so `class:(string)` is whole."""

REGEX = re.compile(r"/((?:[^/\\]|\\.)*)/(?=[\s)]|$)", re.DOTALL)
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Term:
    """A word by itself, or with what it is compared with; `regex` tells that the value stands between slashes."""

    word: str
    operator: str = ""
    value: str = ""
    regex: bool = False

    def __str__(self) -> str:
        if not self.operator:
            return self.word
        if self.regex:
            return f"{self.word}{self.operator}/{self.value}/"
        like_regex = WORDS[self.word].kind == "text" and self.value.startswith("/")
        bare = BARE.fullmatch(self.value) and not like_regex
        return self.word + self.operator + (self.value if bare else quoted(self.value))


@dataclass(frozen=True, slots=True)
class Not:
    """What a query does not find."""

    of: Query

    def __str__(self) -> str:
        return f"-({self.of})" if isinstance(self.of, All | AnyOf) else f"-{self.of}"


@dataclass(frozen=True, slots=True)
class All:
    """What all of several queries find."""

    of: tuple[Query, ...]

    def __str__(self) -> str:
        return " ".join(f"({one})" if isinstance(one, All | AnyOf) else str(one) for one in self.of)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What at least one of several queries finds."""

    of: tuple[Query, ...]

    def __str__(self) -> str:
        return " or ".join(f"({one})" if isinstance(one, AnyOf) else str(one) for one in self.of)


Query: TypeAlias = "Term | Not | All | AnyOf"


def terms(query: Query) -> Iterator[Term]:
    """The words of a query with their values."""
    match query:
        case Not():
            yield from terms(query.of)
        case All() | AnyOf():
            for one in query.of:
                yield from terms(one)
        case Term():
            yield query


def words(query: Query) -> Iterator[str]:
    """The words of a query."""
    return (term.word for term in terms(query))


def replaced(query: Query, old: Term, new: Term) -> Query:
    """The query with a term in place of another."""
    match query:
        case Not():
            return Not(replaced(query.of, old, new))
        case All() | AnyOf():
            return type(query)(tuple(replaced(one, old, new) for one in query.of))
    return new if query == old else query


def quoted(value: str) -> str:
    """A value in quotes."""
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def unquoted(inside: str) -> str:
    """What stands between quotes."""
    return re.sub(r"\\(.)", r"\1", inside, flags=re.DOTALL)
