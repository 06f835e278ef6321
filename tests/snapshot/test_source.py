"""What is opened, and what is said of what cannot be; `hostile/test_files.py` has the special files."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from heaptui.heap import load_heap
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.peek import peek
from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.snapshot.source import open_source
from heaptui.snapshot.standard_input import standard_input
from tests.building import chain
from tests.snapshot.reading import write

Feed = Callable[[bytes], None]

TEXT = chain(20).encode()
PACKED = gzip.compress(TEXT, mtime=0)


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Feed]:
    """Let standard input be a pipe that given bytes come out of."""
    with contextlib.ExitStack() as to_close:

        def start(data: bytes) -> None:
            reading, writing = os.pipe()

            def send() -> None:
                with os.fdopen(writing, "wb") as pipe:
                    pipe.write(data)

            monkeypatch.setattr(sys, "stdin", to_close.enter_context(os.fdopen(reading)))
            sender = threading.Thread(target=send)
            sender.start()
            to_close.callback(sender.join)

        to_close.callback(standard_input.forget)
        yield start


@pytest.mark.parametrize("data", [TEXT, PACKED], ids=["plain", "gzip"])
def test_a_file_is_mapped_as_it_is_or_decompressed(tmp_path: Path, data: bytes) -> None:
    source = open_source(write(tmp_path, data), Progress())
    assert source.name == "file.heapsnapshot"
    assert source.bytes(0, len(TEXT) + 5) == TEXT
    assert not source.data.flags.writeable


@pytest.mark.parametrize("data", [TEXT, PACKED], ids=["plain", "gzip"])
def test_a_dash_is_standard_input(feed: Feed, data: bytes) -> None:
    feed(data)
    assert load_heap("-").node_count == 21
    feed(data)
    assert peek("-").header.node_count == 21


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"", "nothing came from standard input"), (b"hello", "does not begin with {"), (PACKED[:-20], "damaged gzip")],
    ids=["empty", "text", "cut"],
)
def test_what_comes_from_standard_input_is_checked_like_a_file(feed: Feed, data: bytes, what: str) -> None:
    feed(data)
    with pytest.raises(SnapshotError, match="-: .*" + what):
        load_heap("-")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("missing", "no such file"),
        (".", "is a directory, not a snapshot"),
        ("empty", "the file is empty"),
        ("empty/below", "not a directory"),
        ("x" * 300, "file name too long"),
        ("nul\x00", "not a possible file name"),
    ],
)
def test_what_cannot_be_opened_is_told(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "empty").touch()
    for read in (load_heap, peek):
        with pytest.raises(SnapshotError, match=what) as caught:
            read(f"{tmp_path}/{name}")
        assert caught.value.path == f"{tmp_path}/{name}"


def test_a_full_disk_is_told_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heaptui.snapshot.spool._SPARE_DISK", 1 << 62)
    with pytest.raises(SnapshotError, match="set TMPDIR"):
        load_heap(write(tmp_path, PACKED))


def test_decompressing_can_be_cancelled(tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        open_source(write(tmp_path, PACKED), progress)


def test_decompressing_tells_how_far_it_is(tmp_path: Path) -> None:
    progress = Progress()
    data = gzip.compress(b"x" + TEXT)
    with pytest.raises(SnapshotError):
        open_source(write(tmp_path, data), progress)
    assert (progress.phase, progress.unit, progress.total) == ("decompressing", "bytes", len(data))
    assert progress.share == 1.0
