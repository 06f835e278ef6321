"""Numbers and names as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heaptui.views import text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0 B"),
        (904, "904 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (97_300, "97.3 kB"),
        (999_499, "999 kB"),
        (999_500, "1.00 MB"),
        (1_370_000, "1.37 MB"),
        (9_999, "10.0 kB"),
        (10**18, "1.00 EB"),
        (-1500, "−1.50 kB"),
    ],
)
def test_sizes_are_decimal_with_three_digits(value: int, written: str) -> None:
    assert text.size(value) == written


def test_changes_have_a_sign() -> None:
    assert [text.signed(n) for n in (5, 0, -1234)] == ["+5", "0", "−1,234"]
    assert [text.signed_size(n) for n in (1500, 0, -2)] == ["+1.50 kB", "0 B", "−2 B"]


def test_what_devtools_shows_as_minus_is_a_minus() -> None:
    assert text.cell("distance", None) == "−"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b", "\\x9b"),
        ("\u202egnirts", "\\u202egnirts"),
        ("\u2028", "\\u2028"),
        ("\U000e0001", "\\U000e0001"),
        ("名前", "名前"),
    ],
)
def test_escaping(raw: str, shown: str) -> None:
    assert text.escape(raw) == shown


@given(st.text())
def test_escaped_text_is_harmless(raw: str) -> None:
    assert all(c.isprintable() or c == "\u00a0" or c.isspace() for c in text.escape(raw))
    assert not set(text.escape(raw)) & set("\n\r\t\x1b\x07\u2028\u2029")


@given(st.text(), st.integers(1, 30))
def test_fitted_text_is_never_wider(raw: str, cells: int) -> None:
    fitted = text.fit(text.escape(raw), cells)
    assert text.cell_width(fitted) <= cells
    assert fitted == text.escape(raw) or fitted.endswith("…")
