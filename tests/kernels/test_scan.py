"""The byte kernels against Python's own JSON parser."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heaptui.kernels import numbers, scan

NUMBERS = st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=50)
GAPS = st.text(" \n\r\t", max_size=3)


def scan_text(text: str) -> tuple[list[int], int, int]:
    data = np.frombuffer(text.encode(), np.uint8)
    values = np.zeros(text.count(",") + 1, np.int64)
    error = np.zeros(2, np.int64)
    count = numbers.scan_numbers(data, 0, len(data), values, error)
    return values[:count].tolist(), int(error[0]), int(error[1])


@given(NUMBERS, GAPS, GAPS)
def test_numbers_are_read_whatever_the_white_space(numbers: list[int], before: str, after: str) -> None:
    text = ",".join(f"{before}{number}{after}" for number in numbers)
    assert scan_text(text) == (numbers, scan.OK, 0)


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("1,-2", scan.NEGATIVE, 2),
        ("1,2.5", scan.FRACTION, 3),
        ("1,2e3", scan.FRACTION, 3),
        ("1,,2", scan.MISSING, 2),
        ("1,2,", scan.MISSING, 4),
        ("", scan.MISSING, 0),
        ("1 2", scan.UNEXPECTED, 2),
        ("1,x", scan.UNEXPECTED, 2),
        ("0x10", scan.UNEXPECTED, 1),
        ("007", scan.LEADING_ZERO, 0),
        (f"{2**63}", scan.TOO_LARGE, 0),
        ("9" * 40, scan.TOO_LARGE, 0),
    ],
)
def test_what_is_no_whole_number_is_told_with_its_position(text: str, code: int, position: int) -> None:
    assert scan_text(text)[1:] == (code, position)


def test_the_largest_number_is_read() -> None:
    assert scan_text(f"{2**63 - 1}")[0] == [2**63 - 1]


@given(st.lists(st.integers(0, 999), max_size=3000), st.integers(0, 50))
def test_measuring_counts_commas_up_to_the_bracket(numbers: list[int], padding: int) -> None:
    text = " " * padding + ",".join(map(str, numbers)) + "], [1,2,3]"
    data = np.frombuffer(text.encode(), np.uint8)
    closing = np.zeros(1, np.int64)
    assert scan.measure_array(data, 0, len(data), closing) == max(0, len(numbers) - 1)
    assert closing[0] == text.index("]")


def find_strings(text: bytes, piece: int, room: int) -> tuple[list[int], int, int]:
    data = np.frombuffer(text, np.uint8)
    state = np.zeros(4, np.int64)
    starts: list[int] = []
    at = 0
    while state[0] != scan.DONE and not state[1] and at < len(data):
        found = np.zeros(room, np.uint64)
        stop = min(len(data), at + piece)
        n = scan.scan_strings(data, at, stop, found, state)
        starts += found[:n].tolist()
        if int(state[3]) == at and not n:
            piece *= 2
        at = int(state[3])
    return starts, int(state[0]), int(state[1])


@given(st.lists(st.text(max_size=12), max_size=20), st.booleans(), st.integers(1, 40), st.integers(1, 5), GAPS)
def test_strings_are_found_in_pieces_of_any_size(
    texts: list[str], ascii_only: bool, piece: int, room: int, gap: str
) -> None:
    encoded = [json.dumps(text, ensure_ascii=ascii_only) for text in texts]
    raw = (gap + f"{gap},{gap}".join(encoded) + gap + "]").encode("utf-8", "surrogatepass")
    starts, state, error = find_strings(raw, piece, room)
    assert (state, error) == (scan.DONE, scan.OK)
    assert len(starts) == len(texts)
    for start, text in zip(starts, encoded, strict=True):
        body = text[1:].encode("utf-8", "surrogatepass")
        assert raw[start : start + len(body)] == body


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (rb'"\x41"]', scan.BAD_ESCAPE),
        (rb'"\u12g4"]', scan.BAD_ESCAPE),
        (b"1]", scan.UNEXPECTED),
        (b'"a" "b"]', scan.UNEXPECTED),
        (b'"a",]', scan.UNEXPECTED),
        (b"null]", scan.UNEXPECTED),
    ],
)
def test_what_is_no_string_is_an_error(text: bytes, code: int) -> None:
    assert find_strings(text, 100, 10)[2] == code


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.integers(1, 12))
def test_a_skipped_value_ends_where_json_ends_it(value: object, piece: int) -> None:
    text = json.dumps(value)
    data = np.frombuffer((text + ",").encode(), np.uint8)
    state = np.zeros(2, np.int64)
    at = 0
    while state[0] != scan.DONE:
        reached = scan.skip_value(data, at, min(len(data), at + piece), state)
        if reached == at:
            piece += 1
        at = reached
    assert at == len(text)
