"""Reads what was typed.

query = both ("or" both)*
both  = item (["and"] item)*
item  = ("-" | "not") item | "(" query ")" | WORD [OPERATOR VALUE]
VALUE = /REGEX/ | "quoted" | bare
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import NoReturn

from heaptui.heap.patterns import brief
from heaptui.query.terms import BARE, QUOTED, REGEX, All, AnyOf, Not, Query, Term, unquoted
from heaptui.query.values import check
from heaptui.query.vocabulary import ALIASES, OPERATORS, WORDS

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_OPERATOR = re.compile(r"\s*(<=|>=|!=|[:=<>])\s*")
_JOINING = ("and", "or", "not")
_DEEPEST = 50


class QueryError(ValueError):
    """What was typed is no query. `column` counts from 0 and is at most the length of `typed`."""

    def __init__(self, what: str, typed: str, column: int) -> None:
        super().__init__(f"{what} (at character {column + 1})")
        self.what = what
        self.typed = typed
        self.column = column


def parse(typed: str) -> Query:
    """Read a query; raises QueryError."""
    reader = _Reader(typed)
    found = reader.query(0)
    if reader.at < len(typed):
        reader.fail("nothing is open that `)` could close")
    return found


class _Reader:
    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.at = 0
        self.skip_space()

    def fail(self, what: str, at: int | None = None) -> NoReturn:
        raise QueryError(what, self.typed, self.at if at is None else at)

    def skip_space(self) -> None:
        while self.typed[self.at : self.at + 1].isspace():
            self.at += 1

    def peek(self) -> str:
        """The word at this place; empty where there is none."""
        found = _WORD.match(self.typed, self.at)
        return found[0] if found else ""

    def take(self, token: str) -> bool:
        """Go past a token and the space after it, if it is here."""
        here = self.peek() == token if token.isalpha() else self.typed.startswith(token, self.at)
        if here:
            self.at += len(token)
            self.skip_space()
        return here

    def query(self, depth: int) -> Query:
        found = [self.both(depth)]
        while self.take("or"):
            found.append(self.both(depth))
        return found[0] if len(found) == 1 else AnyOf(tuple(found))

    def both(self, depth: int) -> Query:
        found = [self.item(depth)]
        while self.at < len(self.typed) and self.typed[self.at] != ")" and self.peek() != "or":
            self.take("and")
            found.append(self.item(depth))
        return found[0] if len(found) == 1 else All(tuple(found))

    def item(self, depth: int) -> Query:
        if depth > _DEEPEST:
            self.fail(f"more than {_DEEPEST} levels")
        start = self.at
        if self.take("-") or self.take("not"):
            return Not(self.item(depth + 1))
        if self.take("("):
            inside = self.query(depth + 1)
            if not self.take(")"):
                self.fail("this `(` is never closed", start)
            return inside
        return self.term()

    def term(self) -> Query:
        start, word = self.at, self.peek()
        if not self.typed.strip():
            self.fail("there is no query")
        if not word or word in _JOINING:
            self.fail("a word such as class or retained is missing")
        self.at += len(word)
        word = ALIASES.get(word, word)
        if word not in WORDS:
            near = get_close_matches(word, WORDS, 1)
            meant = f", perhaps {near[0]}" if near else f"; there are {', '.join(WORDS)}"
            self.fail(f"no word {brief(word)!r}{meant}", start)
        kind, form = WORDS[word].kind, WORDS[word].form
        operator = _OPERATOR.match(self.typed, self.at)
        if operator is None or operator[1] not in OPERATORS[kind]:
            if kind == "flag" and operator is None:
                self.end_of_term()
                return Term(word)
            self.fail(f"it is written {form}", start if operator is None else operator.start(1))
        self.at = operator.end()
        start = self.at
        value, regex = self.value(is_text=kind == "text")
        found = Term(word, operator[1], value, regex)
        try:
            check(found)
        except ValueError as error:
            self.fail(str(error), start)
        self.end_of_term()
        return found

    def value(self, *, is_text: bool) -> tuple[str, bool]:
        """A value, and whether it is a regular expression."""
        for kind, pattern in (("regex", REGEX), ("quoted", QUOTED), ("bare", BARE)):
            found = pattern.match(self.typed, self.at)
            if found and (kind != "regex" or is_text):
                self.at = found.end()
                return unquoted(found[1]) if kind == "quoted" else found[found.lastindex or 0], kind == "regex"
        opened = self.typed.startswith('"', self.at)
        return self.fail("this quote is never closed" if opened else "a value is missing here")

    def end_of_term(self) -> None:
        if self.at < len(self.typed) and self.typed[self.at] != ")" and not self.typed[self.at].isspace():
            self.fail("a space is missing here")
        self.skip_space()
