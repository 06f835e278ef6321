"""Strings are decoded as JSON says; what is no text becomes U+FFFD."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heaptui.snapshot import strings
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.strings import StringTable, read_strings
from tests.snapshot.reading import source_of

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=30)
HALVES = st.sampled_from(["\\ud83d", "\\ude00", "\\uD800", "a", "\\n", "\\\\", "\\u00e9", "é", "😀"])


def table_of(*texts: bytes, gap: bytes = b"") -> StringTable:
    """A table of strings written as these bytes."""
    data = b"[" + gap + (gap + b"," + gap).join(b'"' + text + b'"' for text in texts) + gap + b"]"
    return read_strings(source_of(data), 1, Progress())


def replaced(text: str) -> str:
    """A text with U+FFFD for every surrogate that is not part of a pair."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@given(TEXTS, st.booleans(), st.sampled_from([b"", b" ", b"\n\t "]))
def test_strings_are_what_json_says(texts: list[str], ascii_only: bool, gap: bytes) -> None:
    encoded = [json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode() for text in texts]
    table = table_of(*encoded, gap=gap)
    assert len(table) == len(texts)
    assert table.decode(range(len(texts))) == texts
    assert [table.raw(i) for i in range(len(texts))] == encoded


@given(st.lists(HALVES, max_size=12))
def test_half_a_surrogate_pair_becomes_a_replacement_character(parts: list[str]) -> None:
    text = "".join(parts)
    assert table_of(text.encode())[0] == replaced(json.loads(f'"{text}"'))


@given(st.binary(max_size=40).filter(lambda raw: not {0x22, 0x5C} & set(raw)))
def test_bytes_that_are_no_utf8_become_replacement_characters(raw: bytes) -> None:
    assert table_of(raw)[0] == raw.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (rb"\"\\\/\b\f\n\r\t", '"\\/\b\f\n\r\t'),
        (rb"\u0041\u00e9\u20AC", "Aé€"),
        (rb"\ud83d\ude00", "😀"),
        (rb"\ude00\ud83d", "\ufffd\ufffd"),
        (b"\xed\xa0\x80", "\ufffd" * 3),
        (b"ab\x80\xff\\n", "ab\ufffd\ufffd\n"),
        (b"a\x00\x1b\nb", "a\x00\x1b\nb"),
        (b"", ""),
    ],
)
def test_escapes_and_odd_bytes_are_decoded(raw: bytes, text: str) -> None:
    assert table_of(raw, b"next")[0] == text


@given(st.lists(HALVES, max_size=12), st.integers(0, 14))
def test_a_clipped_string_is_the_beginning_of_the_whole(parts: list[str], most: int) -> None:
    table = table_of("".join(parts).encode(), b"next")
    assert table.clipped(0, most) == table[0][:most]
    assert table.clipped(1, most) == "next"[:most]


def test_clipping_decodes_only_what_it_shows() -> None:
    table = table_of(b"x" * (1 << 20), b"y")
    assert table.clipped(0, 5) == "xxxxx"


@given(st.lists(st.text("ab", max_size=3), max_size=40), st.text("ab", max_size=3))
def test_find_tells_every_equal_string(texts: list[str], wanted: str) -> None:
    table = table_of(*(text.encode() for text in texts))
    assert table.find(wanted).tolist() == [i for i, text in enumerate(texts) if text == wanted]


def test_find_looks_in_all_blocks_and_not_beyond_the_end() -> None:
    table = table_of(b"ab", *[b"x"] * 65_534, b"ab", b"ab", b"a", b"abc", b"", b"ab", b"a")
    assert table.find("ab").tolist() == [0, 65_535, 65_536, 65_540]
    assert table.find("").tolist() == [65_539]
    assert table.find("a" * 1000).tolist() == []


def test_first_bytes_are_a_quotation_mark_for_empty_strings() -> None:
    table = table_of(b"abc", b"", rb"\n", "é".encode())
    assert table.first_bytes(np.arange(4, dtype=np.uint32)).tobytes() == b'a"\\\xc3'


@pytest.mark.parametrize("count", [65_535, 65_536, 65_537, 131_073])
def test_tables_of_more_than_one_block_are_read(count: int) -> None:
    texts = [b"%x" % i for i in range(count)]
    table = table_of(*texts)
    assert len(table) == count
    assert len(table.base) == -(-count // 65_536)
    assert [table.raw(i) for i in (0, 65_534, count // 2, count - 1)] == [
        texts[i] for i in (0, 65_534, count // 2, count - 1)
    ]
    assert table.decode(range(count - 3, count)) == [text.decode() for text in texts[-3:]]
    assert table.find(f"{count - 1:x}").tolist() == [count - 1]


@pytest.mark.parametrize("piece", [8, 9, 13, 64])
def test_pieces_of_any_size_hold_the_same_strings(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strings, "_PIECE", piece)
    texts = ["", "plain", 'esc \n\\"', "é😀" * 9, "\x00", "last"]
    encoded = [json.dumps(text)[1:-1].encode() for text in texts]
    assert table_of(*encoded, gap=b"  ").decode(range(len(texts))) == texts


def test_strings_more_than_four_gigabytes_apart_are_told() -> None:
    with pytest.raises(SnapshotError, match="more than 4 GB"):
        strings._narrow(np.array([7, 7 + (1 << 32)], np.uint64))


@pytest.mark.parametrize(
    ("data", "byte", "what"),
    [
        (rb'["a","b\q"]', 7, "a bad escape"),
        (rb'["\u12x4"]', 2, "a bad escape"),
        (b'["a",5]', 5, "something that is no string"),
        (b'["a",]', 5, "something that is no string"),
        (b'["a" "b"]', 5, "something that is no string"),
        (b'["a","b', 7, "the file ends"),
        (b'["a', 3, "the file ends"),
        (b'["a\\', 4, "the file ends"),
        (b'["a\\u12', 7, "the file ends"),
        (b'["a",', 5, "the file ends"),
        (b"[", 1, "the file ends"),
    ],
)
def test_what_is_no_list_of_strings_is_an_error_at_its_byte(data: bytes, byte: int, what: str) -> None:
    with pytest.raises(SnapshotError) as caught:
        read_strings(source_of(data), 1, Progress())
    assert what in caught.value.what
    assert (caught.value.section, caught.value.byte) == ("strings", byte)


@given(st.lists(HALVES, max_size=60).map("".join))
def test_long_strings_are_decoded_in_pieces(written: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strings, "_AT_ONCE", 7)
        assert table_of(written.encode())[0] == replaced(json.loads(f'"{written}"'))
