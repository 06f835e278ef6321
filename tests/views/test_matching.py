"""What is typed to narrow a list."""

from __future__ import annotations

import pytest

from heaptui.views.matching import matcher


@pytest.mark.parametrize(
    ("match", "name", "fits"),
    [
        ("buf", "ArrayBuffer", True),
        ("BUF", "ArrayBuffer", True),
        ("straße", "STRASSE", True),
        ("buf", "Array", False),
        ("/buf/", "ArrayBuffer", False),
        ("/(?i)buf/", "ArrayBuffer", True),
        ("/^Buf|x{2}/", "exxon", True),
        ("/a/b/", "a/b", True),
        ("/", "a/b", True),
        ("/é$/", "café", True),
        ("/^a.*b$/", "a\ud800b", True),
    ],
)
def test_what_fits(match: str, name: str, fits: bool) -> None:
    assert matcher(match)(name) == fits


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|a)+$", "(.*a){30}$", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_an_expression_that_hangs_others_ends(expression: str) -> None:
    assert not matcher(f"/{expression}/")("a" * 1_000_000 + "!")


@pytest.mark.parametrize(
    ("expression", "said"), [("(", "missing"), ("(?=a)", "no look-arounds"), (r"(a)\1", "no references")]
)
def test_what_is_no_expression(expression: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        matcher(f"/{expression}/")
