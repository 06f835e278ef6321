"""Compressed files and pipes: whole, in several parts, cut short, damaged, and too large for the disk."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heaptui.heap import load_heap
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.peek import peek
from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.snapshot.source import open_source
from heaptui.snapshot.standard_input import standard_input
from heaptui.snapshot.unpacking import unpack
from tests.building import chain
from tests.conftest import DATA
from tests.snapshot.reading import tried, write

TEXT = chain(400).encode()
LARGE = gzip.decompress((DATA / "hostile-base.heapsnapshot.gz").read_bytes())


def zstd(data: bytes, level: int = 3) -> bytes:
    """One frame."""
    return zstandard.ZstdCompressor(level).compress(data)


PACK: dict[str, Callable[[bytes], bytes]] = {"gzip": lambda data: gzip.compress(data, mtime=0), "zstd": zstd}
PACKED = {kind: pack(LARGE) for kind, pack in PACK.items()}
SKIPPED = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"


def parts(pack: Callable[[bytes], bytes], size: int = 1000) -> bytes:
    """A file of several members, one of them empty."""
    return b"".join(pack(TEXT[low : low + size]) for low in range(0, len(TEXT), size)) + pack(b"")


@pytest.fixture(params=PACK)
def kind(request: pytest.FixtureRequest) -> str:
    """A way to compress."""
    return str(request.param)


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Standard input is a pipe; the end to write to."""
    reading, writing = os.pipe()
    monkeypatch.setattr("sys.stdin", os.fdopen(reading))
    yield writing
    standard_input.forget()
    sys.stdin.close()
    with contextlib.suppress(OSError):
        os.close(writing)


def content(path: Path, *, salvage: bool = False) -> bytes:
    """What a file decompresses to."""
    return open_source(path, Progress(), salvage=salvage).data.tobytes()


def test_compressed_files_are_known_by_their_content(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path, PACKED[kind])
    assert load_heap(path).node_count == 749
    assert peek(path).header.node_count == 749


def test_files_of_several_members_are_one(tmp_path: Path, kind: str) -> None:
    assert content(write(tmp_path, parts(PACK[kind]))) == TEXT


def test_frames_to_be_skipped_and_padding_are_no_content(tmp_path: Path) -> None:
    assert content(write(tmp_path, SKIPPED + zstd(TEXT) + SKIPPED)) == TEXT
    assert content(write(tmp_path, gzip.compress(TEXT) + bytes(5000))) == TEXT


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_cut_file_is_refused_or_salvaged_up_to_the_cut(tmp_path: Path, kind: str, share: float) -> None:
    packed = PACKED[kind]
    path = write(tmp_path, packed[: 4 + int((len(packed) - 4) * share)])
    with pytest.raises(SnapshotError, match=f"damaged {kind} file") as caught:
        open_source(path, Progress())
    if caught.value.salvageable:
        found = content(path, salvage=True)
        assert found == LARGE[: len(found)]
        said = f"{len(found):,} bytes" if len(found) < 100_000 else f"{len(found) / 1e6:,.1f} MB"
        assert f"{said} of it could be read" in str(caught.value)
    heap = tried(path, salvage=True)
    assert heap is None or heap.snapshot.salvaged


@pytest.mark.parametrize("flip", [30, 500, 5000, -3])
def test_a_damaged_file_is_salvaged_up_to_the_damage_or_refused(tmp_path: Path, kind: str, flip: int) -> None:
    packed = bytearray(PACKED[kind])
    packed[flip] ^= 0xFF
    path = write(tmp_path, bytes(packed))
    heap, salvaged = tried(path), tried(path, salvage=True)
    assert heap is None or salvaged is not None
    assert salvaged is None or salvaged.node_count <= 749


def test_a_file_that_lacks_only_the_trailer_is_whole_but_told(tmp_path: Path) -> None:
    snapshot = load_heap(write(tmp_path, PACKED["gzip"][:-4]), salvage=True).snapshot
    assert snapshot.node_count == 749
    assert "nothing is missing" in str(snapshot.salvaged)


def test_a_window_too_large_is_told_with_what_to_do(tmp_path: Path) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
    packing = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = packing.compress(TEXT) + packing.flush()
    with pytest.raises(SnapshotError, match="zstd -d --long=31"):
        open_source(write(tmp_path, packed), Progress())


def test_a_bomb_is_refused_before_the_disk_is_full(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    free = 100 << 20
    blocks: list[int] = []

    def unpacked(*arguments: Any) -> Iterator[bytes]:
        for block in unpack(*arguments):
            blocks.append(len(block))
            yield block

    monkeypatch.setattr("heaptui.snapshot.source.unpack", unpacked)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=free - sum(blocks[:-1])))
    bomb = write(tmp_path, PACK[kind](TEXT[:-1] + b" " * (200 << 20)))
    with pytest.raises(SnapshotError, match=r"no room left in .*; set TMPDIR to a folder on a larger disk"):
        open_source(bomb, Progress())
    assert sum(blocks[:-1]) <= free - (64 << 20)
    assert max(blocks) <= 64 << 20


def test_a_silent_pipe_can_be_stopped(pipe: int) -> None:
    os.write(pipe, TEXT[:100])
    progress = Progress()
    threading.Timer(0.3, progress.cancel).start()
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        open_source("-", progress)
    assert time.monotonic() - begin < 60
    assert (progress.phase, progress.done, progress.total) == ("reading standard input", 100, 0)
    with pytest.raises(SnapshotError, match="cannot be read again"):
        open_source("-", Progress())


@pytest.mark.parametrize("pack", [bytes, *PACK.values()], ids=["plain", *PACK])
def test_what_came_through_a_pipe_can_be_opened_again(pipe: int, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(LARGE)

    def send() -> None:
        # The first bytes alone: what they are is known only with the others.
        with os.fdopen(pipe, "wb", buffering=0) as file:
            for block in (packed[:1], packed[1:3], packed[3:]):
                file.write(block)

    sender = threading.Thread(target=send)
    sender.start()
    assert peek("-").header.node_count == 749
    sender.join()
    assert load_heap("-").node_count == 749


def test_a_cut_pipe_can_be_salvaged_after_it_was_refused(pipe: int) -> None:
    os.write(pipe, PACKED["gzip"][:-2000])
    os.close(pipe)
    with pytest.raises(SnapshotError, match="could be read"):
        load_heap("-")
    assert load_heap("-", salvage=True).snapshot.salvaged


def test_standard_input_that_is_a_file_is_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with write(tmp_path, LARGE).open() as file:
        monkeypatch.setattr("sys.stdin", file)
        monkeypatch.setenv("TMPDIR", "/nowhere")
        assert load_heap("-").node_count == 749


def test_without_standard_input_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(SnapshotError, match="no standard input"):
        load_heap("-")
