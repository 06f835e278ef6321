"""What `--fail-if` takes, and where what it does not take is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heaptui.query.conditions import Condition, parse_condition
from heaptui.query.parsing import QueryError, parse
from heaptui.query.vocabulary import FIGURES


@pytest.mark.parametrize(
    ("typed", "query", "rest"),
    [
        ("new > 100", None, ("new", ">", 100, False)),
        ("size_delta>10MB", None, ("size_delta", ">", 10_000_000, True)),
        ("size_delta <= -1.5 KiB", None, ("size_delta", "<=", -1536, True)),
        ("class:/Session/ new > 100", "class:/Session/", ("new", ">", 100, False)),
        ("class:a or class:b new = 1", "class:a or class:b", ("new", "=", 1, False)),
        ("(new) new != 1 ", "(new)", ("new", "!=", 1, False)),
        ('name:"new > 2" delta >= 1', 'name:"new > 2"', ("delta", ">=", 1, False)),
    ],
)
def test_what_is_meant(typed: str, query: str | None, rest: tuple[str, str, int, bool]) -> None:
    meant = Condition(typed, None if query is None else parse(query), *rest)
    assert parse_condition(typed, FIGURES["compare"], queries=True) == meant


@pytest.mark.parametrize(
    ("command", "typed", "column", "said"),
    [
        ("compare", "", 0, "does not end with a comparison such as new > 100"),
        ("compare", "class:/a/", 9, "does not end with a comparison"),
        ("compare", "new", 3, "does not end"),
        ("compare", "fresh > 1", 0, "no figure 'fresh'; there are new, deleted"),
        ("compare", "clas:x new > 1", 0, "no word 'clas', perhaps class"),
        ("compare", "class:x new > many", 14, "'many' is no number"),
        ("compare", "new > 1kB", 6, "'1kB' is no number"),
        ("compare", "alloc_size > 1 kg", 13, "'kg' is no unit"),
        ("suspects", "leaks", 5, "does not end with leak or a comparison such as suspects > 100"),
        ("suspects", "class:x size > 1", 0, "here only leak, suspects, count, size can stand"),
    ],
)
def test_where_it_is_wrong(command: str, typed: str, column: int, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        parse_condition(typed, FIGURES[command], queries=command == "compare")
    assert caught.value.column == column


@given(
    st.text() | st.lists(st.sampled_from(["new", ">", " ", "1", "MB", "class:", "/", '"', "leak", "("])).map("".join)
)
def test_nothing_else_is_raised_than_where_it_is_wrong(typed: str) -> None:
    error = None
    try:
        parse_condition(typed, FIGURES["compare"], queries=True)
    except QueryError as caught:
        error = caught
    assert error is None or 0 <= error.column <= len(typed)


def test_what_holds() -> None:
    tests = {"<": (True, False, False), "<=": (True, True, False), "=": (False, True, False)}
    tests |= {op: (not a, not b, not c) for op, (a, b, c) in zip((">=", ">", "!="), tests.values(), strict=True)}
    for operator, expected in tests.items():
        condition = Condition("", None, "new", operator, 5)
        assert tuple(map(condition.holds, (4, 5, 6))) == expected
    assert Condition("leak", None, "leak").holds(1)
    assert not Condition("leak", None, "leak").holds(0)
