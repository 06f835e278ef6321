"""What can be typed as a query, how it is written, and where what cannot be is wrong."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heaptui.query.parsing import QueryError, parse
from heaptui.query.terms import All, AnyOf, Not, Query, Term
from heaptui.query.vocabulary import ALIASES, OPERATORS, UNITS, WORDS, Kind, completions

_NUMBERS = st.integers(-(10**17), 10**17).map(str) | st.sampled_from(["1.5", "0", "007"])
_VALUES: dict[Kind, st.SearchStrategy[str]] = {
    "text": st.text(max_size=12),
    "word": st.text(min_size=1, max_size=12),
    "id": st.integers(0, 10**18).map(str) | st.integers(0, 10**18).map("@{}".format),
    "count": _NUMBERS,
    "size": st.builds("{}{}".format, _NUMBERS, st.sampled_from(["", *UNITS, "mb"])),
}
_ARGUMENTS = {
    "ids": st.builds("@{}-{}".format, st.integers(0, 99), st.integers(0, 99)),
    "native-context": _VALUES["id"],
}


@st.composite
def terms(draw: st.DrawFn) -> Term:
    word = draw(st.sampled_from(sorted(WORDS)))
    kind = WORDS[word].kind
    if kind == "flag":
        return Term(word)
    operator = draw(st.sampled_from(OPERATORS[kind]))
    if kind == "text" and draw(st.booleans()):
        return Term(word, operator, re.escape(draw(st.text('ab/ )("é\\-:', max_size=8))).replace("/", r"\/"), True)
    values = _ARGUMENTS.get(word, st.text(min_size=1, max_size=12)) if kind == "argument" else _VALUES[kind]
    return Term(word, operator, draw(values))


queries: st.SearchStrategy[Query] = st.recursive(
    terms(),
    lambda inner: (
        inner.map(Not)
        | st.lists(inner, min_size=2, max_size=3).map(lambda of: All(tuple(of)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda of: AnyOf(tuple(of)))
    ),
    max_leaves=6,
)


@given(queries)
def test_what_is_written_is_read_again(query: Query) -> None:
    assert parse(str(query)) == query


_PIECES = st.sampled_from([*'/()-:" >@', "class", "not", "or", "and", "<=", "1MB", "id", "\\"])


@given(st.text() | st.lists(_PIECES | st.sampled_from(sorted(WORDS)) | st.text(max_size=3)).map("".join))
def test_nothing_else_is_raised_than_where_it_is_wrong(typed: str) -> None:
    found = _error(typed)
    assert found is None or (found.what and 0 <= found.column <= len(typed))


def _error(typed: str) -> QueryError | None:
    try:
        parse(typed)
    except QueryError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("retained>1MB", Term("retained", ">", "1MB")),
        ("retained_size >= 1MB", Term("retained", ">=", "1MB")),
        ("duplicatedStrings", Term("duplicate-strings")),
        ("class:(string)", Term("class", ":", "(string)")),
        ("(class:(string))", Term("class", ":", "(string)")),
        ('class="{a, b}"', Term("class", "=", "{a, b}")),
        (r'name:"say \"a\" \\"', Term("name", ":", r'say "a" \ '.strip())),
        ("class:/a b/ new", All((Term("class", ":", "a b", True), Term("new")))),
        ("script:/srv/app.js", Term("script", ":", "/srv/app.js")),
        ("new-since:/srv/a/", Term("new-since", ":", "/srv/a/")),
        ("-new-since:x", Not(Term("new-since", ":", "x"))),
        ("not new or detached", AnyOf((Not(Term("new")), Term("detached")))),
        ("new and detached", All((Term("new"), Term("detached")))),
        (
            "new detached or unreachable",
            AnyOf((All((Term("new"), Term("detached"))), Term("unreachable"))),
        ),
        ("new (detached or unreachable)", All((Term("new"), AnyOf((Term("detached"), Term("unreachable")))))),
    ],
)
def test_what_is_meant(typed: str, meant: Query) -> None:
    assert parse(typed) == meant


@pytest.mark.parametrize(
    ("typed", "column", "said"),
    [
        ("", 0, "there is no query"),
        ("  ", 2, "there is no query"),
        ("new colour", 4, "no word 'colour'"),
        ("retaned>1", 0, "perhaps retained"),
        ("class", 0, "it is written class:TEXT"),
        ("class>5", 5, "it is written class:TEXT"),
        ("detached:x", 8, "it is written detached"),
        ("retained>", 9, "a value is missing"),
        ("retained>much", 9, "'much' is no number"),
        ("retained>5mm", 9, "'mm' is no unit; there are B, kB, MB"),
        ("distance<5kB", 9, "'5kB' is no number"),
        ("id:x", 3, "ids look like @123"),
        ("ids:1", 4, "ids look like @123"),
        ("native-context:", 15, "a value is missing"),
        ("class:/(/", 6, "no regular expression: missing"),
        (r"class:/(a)\1/", 6, "no references to groups"),
        ('class:"a', 6, "never closed"),
        ('class:a"b"', 7, "a space is missing"),
        ("new (detached", 4, "never closed"),
        ("new )", 4, "nothing is open"),
        ("new or", 6, "a word such as class"),
        ("not", 3, "a word such as class"),
        ("-" * 100 + "new", 51, "more than 50 levels"),
    ],
)
def test_where_it_is_wrong(typed: str, column: int, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        parse(typed)
    assert caught.value.column == column


def test_aliases_stand_for_words() -> None:
    assert set(ALIASES.values()) <= set(WORDS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ret", ["retained>"]),
        ("class:x -de", ["class:x -detached", "class:x -detached-dom"]),
        ("(new-", ["(new-since:"]),
        ("class:x", []),
        ("a colour", []),
    ],
)
def test_how_it_could_go_on(typed: str, found: list[str]) -> None:
    assert completions(typed) == found
