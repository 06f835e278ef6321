"""Sections are found in any order and layout, whatever else a file holds."""

from __future__ import annotations

import itertools
import json

import pytest

from heaptui.snapshot import layout
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.progress import Cancelled, Progress
from tests.snapshot.reading import layout_of, source_of

SECTIONS = {"snapshot": {"meta": {}}, "nodes": [1, 22, 333], "edges": [], "strings": ["a", "]}"]}


def numbers_of(data: bytes, section: str) -> list[int]:
    """The values of a section, by the positions that the layout gives."""
    array = layout_of(data).arrays[section]
    positions = [layout.position_of(source_of(data), array, i) for i in range(array.count)]
    return [int(data[at:].split(b",")[0].split(b"]")[0]) for at in positions]


def error_of(data: bytes) -> SnapshotError:
    with pytest.raises(SnapshotError) as caught:
        layout_of(data)
    return caught.value


@pytest.mark.parametrize("order", list(itertools.permutations(SECTIONS)), ids="-".join)
def test_sections_may_come_in_any_order(order: tuple[str, ...]) -> None:
    data = json.dumps({key: SECTIONS[key] for key in order}).encode()
    found = layout_of(data)
    assert json.loads(data[slice(*found.header)]) == SECTIONS["snapshot"]
    assert numbers_of(data, "nodes") == SECTIONS["nodes"]
    assert found.arrays["edges"].count == 0
    assert found.strings.decode(range(2)) == SECTIONS["strings"]


@pytest.mark.parametrize("gap", ["", " ", "\n", "\t", "\r\n", " \n\t\r" * 50])
def test_white_space_may_stand_between_all_tokens(gap: str) -> None:
    tokens = ["{", '"snapshot"', ":", "{", "}", ",", '"nodes"', ":", "[", "4", ",", "5", "]", ",", '"edges"', ":", "[",
              "]", ",", '"strings"', ":", "[", '"x"', ",", '" y "', "]", "}"]  # fmt: skip
    data = (gap + gap.join(tokens) + gap).encode()
    assert numbers_of(data, "nodes") == [4, 5]
    assert layout_of(data).strings.decode(range(2)) == ["x", " y "]


def test_unknown_sections_are_passed_over_and_remembered() -> None:
    others: dict[str, object] = {"a": {"nodes": [7], "b": ["}]"]}, "c": 'x"}', "d": None, "e": -1.5e3, "f": [[[]]]}
    others["samples"] = ["numbers in all known files"]
    data = json.dumps({"a": others["a"], **SECTIONS, **others}).encode()
    found = layout_of(data)
    assert {key: json.loads(data[slice(*at)]) for key, at in found.others.items()} == others
    assert numbers_of(data, "nodes") == SECTIONS["nodes"]


def test_keys_may_be_written_with_escapes() -> None:
    data = json.dumps(SECTIONS).replace('"nodes"', r'"\u006e\u006fdes"').replace('"strings"', r'"string\u0073"')
    assert numbers_of(data.encode(), "nodes") == SECTIONS["nodes"]


@pytest.mark.parametrize("key", SECTIONS)
def test_a_section_that_comes_twice_is_an_error_at_the_second(key: str) -> None:
    data = json.dumps(SECTIONS)[:-1].encode() + f',"{key}":'.encode()
    error = error_of(data + json.dumps(SECTIONS[key]).encode() + b"}")
    assert (error.section, error.byte) == (key, len(data))
    assert "twice" in error.what


def test_a_byte_order_mark_is_passed_over_and_counts_in_positions() -> None:
    data = json.dumps(SECTIONS).encode()
    plain, marked = layout_of(data), layout_of(b"\xef\xbb\xbf" + data)
    assert marked.header == tuple(at + 3 for at in plain.header)


@pytest.mark.parametrize("distance", range(-12, 12))
def test_an_array_may_end_anywhere_around_the_end_of_a_piece(distance: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_PIECE", 64)
    values = [*range(100, 110), 1, 22, 333]
    text = ",".join(map(str, values))
    gap = " " * (64 - len(text) + distance)
    data = json.dumps(SECTIONS).replace("[1, 22, 333]", f"[{gap}{text}  ]").encode()
    array = layout_of(data).arrays["nodes"]
    assert array.count == len(values)
    assert data[array.bounds[-1]] == ord("]")
    assert all(data[bound - 1] == ord(",") for bound in array.bounds[1:-1])
    assert numbers_of(data, "nodes") == values


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 20, 1000])
def test_pieces_of_any_size_hold_all_values(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_PIECE", piece)
    values = [10**i for i in range(18)] * 3
    data = json.dumps({**SECTIONS, "nodes": values}).encode()
    assert numbers_of(data, "nodes") == values


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_an_array_of_nothing_but_white_space_is_empty(text: str) -> None:
    data = json.dumps(SECTIONS).replace("[1, 22, 333]", f"[{text}]").encode()
    assert layout_of(data).arrays["nodes"].count == 0


def test_every_beginning_of_a_file_is_refused_as_cut_short() -> None:
    data = json.dumps(SECTIONS).encode()
    for stop in range(1, len(data)):
        error = error_of(data[:stop])
        assert "the file ends" in error.what
        assert error.byte == stop


@pytest.mark.parametrize(
    ("text", "byte", "what"),
    [
        (b"[]", 0, "does not begin with {"),
        (b"  x", 2, "does not begin with {"),
        (b"\xef\xbb\xbf x", 4, "does not begin with {"),
        (b"\xff\xfe{\x00", 0, "UTF-16"),
        (b"{1:2}", 1, "1 where a key"),
        (b'{"a" 1}', 5, "1 where `:`"),
        (b'{"a":}', 5, "where a value"),
        (b'{"a":"x" "b":2}', 9, "where `,` or `}`"),
        (b'{"a":[1],}', 9, "where a key"),
        (b'{"a":1}}', 7, "after the end"),
        (b'{"a":1}{', 7, "another object after the end"),
        (b'{"a":1}\x00', 7, "NUL bytes after the end"),
        (b'{"nodes":[1]x', 12, "x where `,` or `}`"),
        (b'{"\\q":1}', 1, "a key that is no text"),
    ],
)
def test_what_is_no_json_object_is_an_error_at_its_byte(text: bytes, byte: int | None, what: str) -> None:
    error = error_of(text)
    assert what in error.what
    assert error.byte == byte


def test_a_cancelled_walk_stops() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        layout.find_sections(source_of(json.dumps(SECTIONS).encode()), progress)
