"""The header alone is read from the beginning of a file, or wherever else it stands."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from heaptui.snapshot import peek as module
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.peek import peek
from tests.building import SECTIONS, Draft, chain
from tests.snapshot.reading import write

# Without the time, which would make the tests' names differ from process to process.
PACKED = gzip.compress(chain(9).encode(), mtime=0)


def turned() -> Draft:
    """A draft whose header comes last."""
    draft = chain(9)
    draft.order = SECTIONS[::-1]
    return draft


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, lambda data: b"\xef\xbb\xbf" + data, lambda data: b" \n" + data],
    ids=["plain", "gzip", "mark", "space"],
)  # fmt: skip
@pytest.mark.parametrize("draft", [chain(9), turned()], ids=["first", "last"])
def test_a_header_is_found(tmp_path: Path, draft: Draft, pack: Callable[[bytes], bytes]) -> None:
    data = pack(draft.encode())
    found = peek(write(tmp_path, data))
    assert (found.header.node_count, found.header.edge_count, found.size) == (10, 9, len(data))


def test_a_file_that_begins_with_its_header_is_not_read_to_its_end(tmp_path: Path) -> None:
    data = chain(20_000).encode()
    assert peek(write(tmp_path, data[: len(data) // 2])).header.node_count == 20_001


def test_a_header_longer_than_the_first_read_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_HEAD", 30)
    assert peek(write(tmp_path, chain(9).encode())).header.node_count == 10


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is empty"),
        (b"hello", "does not begin with {"),
        (b'{"snapshot":{"meta"', "ends inside `snapshot`"),
        (b'{"snapshot":{}}', "has no `meta`"),
        (b'{"snapshot":7,', "has no `meta`|ends"),
        (b'{"snapshot":{"meta":' + b"[" * 1_000_000, "nested deeper"),
        (PACKED[:40], "damaged gzip file"),
        (PACKED[:5], "damaged gzip file"),
        (PACKED[:10] + b"\xff" * 50, "damaged gzip file"),
        (b"\x1f\x8bxx", "damaged gzip file"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value[:12]!r}",
)
def test_what_has_no_header_is_refused(tmp_path: Path, data: bytes, what: str) -> None:
    with pytest.raises(SnapshotError, match=what) as caught:
        peek(write(tmp_path, data))
    assert str(caught.value).isprintable()
    assert caught.value.path == str(tmp_path / "file.heapsnapshot")


def test_whether_a_file_is_whole_is_told_by_its_end(tmp_path: Path) -> None:
    data = chain(20_000).encode()
    assert peek(write(tmp_path, data)).whole is True
    assert peek(write(tmp_path, data + b" \n")).whole is True
    assert peek(write(tmp_path, data[:-2])).whole is False
    assert peek(write(tmp_path, data[: len(data) // 2])).whole is False
    # What is packed must be unpacked to its end for that.
    assert peek(write(tmp_path, gzip.compress(data))).whole is None
    assert peek(write(tmp_path, turned().encode())).whole is True
