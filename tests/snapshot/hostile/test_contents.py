"""Hostile files are loaded, or refused in one line that says where; nothing else happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from heaptui.heap import load_heap
from heaptui.snapshot import layout, strings
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.peek import peek
from tests.snapshot.hostile import formats, graphs, headers, texts, truncation, values
from tests.snapshot.hostile.base import EITHER, OK, REJECT, Case

CASES = [
    *truncation.CASES, *formats.CASES, *headers.CASES, *values.CASES, *texts.CASES, *graphs.CASES,
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Where a case is written; some are large, so it is gone after the test."""
    path = tmp_path / "hostile.heapsnapshot"
    yield path
    path.unlink()


def verdict_on(path: Path, read: Callable[[Path], object] = load_heap) -> tuple[str, str]:
    """What the reader makes of a file, and its words."""
    try:
        read(path)
    except SnapshotError as error:
        return REJECT, str(error)
    return OK, ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_is_loaded_or_refused_as_it_deserves(case: Case, file: Path) -> None:
    file.write_bytes(case.make())
    verdict, words = verdict_on(file)
    assert case.verdict in (EITHER, verdict)
    if verdict == REJECT:
        assert words.startswith(f"{file}: ")
        assert words.isprintable()
        assert case.says in words


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_look_at_the_header_of_a_hostile_file_tells_it_or_refuses(case: Case, file: Path) -> None:
    file.write_bytes(case.make())
    verdict, words = verdict_on(file, peek)
    assert words.isprintable()
    assert case.verdict != OK or verdict == OK


@pytest.mark.parametrize("case", [*values.CASES, *truncation.CASES], ids=lambda case: case.name)
def test_the_words_are_the_same_when_a_file_is_read_in_small_pieces(
    case: Case, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(case.make())
    whole = verdict_on(file)
    monkeypatch.setattr(layout, "_PIECE", 100)
    monkeypatch.setattr(strings, "_PIECE", 100)
    assert verdict_on(file) == whole


@pytest.mark.parametrize("case", truncation.CASES, ids=lambda case: case.name)
def test_the_byte_where_a_file_was_cut_is_its_length(case: Case, file: Path) -> None:
    file.write_bytes(case.make())
    verdict, words = verdict_on(file)
    if "the file ends" in words:
        assert verdict == REJECT
        assert f"byte {file.stat().st_size:,})" in words


def test_no_two_cases_have_the_same_name() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
