"""What names are tested for, and the text that is looked for first because all that pass contain it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heaptui.heap.patterns import containing, equal_to, matching

_PIECES = st.sampled_from(
    [
        *[
            "ab",
            "c",
            "x",
            "=",
            "_",
            r"\d",
            r"\.",
            r"\b",
            "[a-c]",
            "[^]x]",
            "[]a]",
            "[[:alpha:]b]",
            r"\x61",
            "é",
            "-",
            "/",
        ],
        *["é", "-", "/", ".", "*", "+", "?", "{2}", "{0,1}", "(", ")", "^", "$", "|", "(?:", "(?i)"],
    ]
)


@given(st.lists(_PIECES, max_size=6).map("".join), st.text("abcx=_.1é]-", max_size=8))
def test_what_passes_contains_the_text_that_is_looked_for_first(expression: str, name: str) -> None:
    try:
        pattern = matching(expression)
    except ValueError:
        return
    assert not pattern.test(name) or pattern.inside in name
    assert pattern.test(name) or not pattern.exact or pattern.inside not in name


@pytest.mark.parametrize(
    ("expression", "inside"),
    [
        ("token=[0-9a-f]+abc", "token="),
        ("Sess", "Sess"),
        ("^colou?r", "colo"),
        ("a*b+c", "b"),
        ("(session|token)x", ""),
        ("(abc)*defg", "defg"),
        ("a{0,3}bc", "bc"),
        (r"\x61bc", ""),
        ("a.c", "a"),
        ("(?i)abc", ""),
    ],
)
def test_the_text_of_an_expression(expression: str, inside: str) -> None:
    assert matching(expression).inside == inside


@given(st.text('aAbé\\"', max_size=4), st.text('aAbé\\"', max_size=8))
def test_texts(wanted: str, name: str) -> None:
    assert containing(wanted).test(name) == (re.search(re.escape(wanted), name, re.IGNORECASE) is not None)
    assert equal_to(wanted).test(name) == (wanted == name)
    for pattern in (containing(wanted), equal_to(wanted)):
        assert not pattern.test(name) or pattern.inside.lower() in name.lower()
