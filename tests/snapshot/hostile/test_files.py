"""What is not a plain file of the right size: compressed, special, linked, unreadable, with holes."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from heaptui.heap import load_heap
from heaptui.snapshot.errors import SnapshotError
from tests.snapshot.hostile.base import TEXT

NOBODY = 65534
PACKED = gzip.compress(TEXT, mtime=0)

# Tries to open a file as a user who is not root, which may read everything.
OPEN_AS_NOBODY = f"""
import os, sys
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.source import open_source
if os.geteuid() == 0:
    os.seteuid({NOBODY})
try:
    print(len(open_source(sys.argv[1], Progress()).data))
except SnapshotError as error:
    print(error)
"""


def bomb() -> bytes:
    """Two gigabytes of white space in two megabytes of gzip."""
    return gzip.compress(b" " * (1 << 20), mtime=0) * 2048


def refused(path: Path) -> str:
    """The reader's words on a file that it must refuse."""
    with pytest.raises(SnapshotError) as caught:
        load_heap(path)
    words = str(caught.value)
    assert words.startswith(f"{path}: ")
    assert words.isprintable()
    return words


@pytest.mark.parametrize("name", ["gz.heapsnapshot.gz", "gz-hidden.heapsnapshot"])
def test_gzip_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PACKED)
    assert load_heap(tmp_path / name).node_count == 749


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: PACKED[:-200], "damaged gzip file"),
        (lambda: PACKED[:5], "damaged gzip file"),
        (lambda: PACKED[:300] + b"\x00\xff" + PACKED[302:], "damaged gzip file"),
        (lambda: PACKED + b"more", "damaged gzip file"),
        (lambda: gzip.compress(b""), "the file is empty"),
        (lambda: gzip.compress(TEXT[:-1]), "ends inside `strings`"),
        (lambda: gzip.compress(PACKED), "does not begin with {"),
        (bomb, "does not begin with {"),
    ],
    ids=["cut", "cut-in-header", "damaged", "garbage-behind", "of-nothing", "of-cut-text", "twice", "bomb"],
)
def test_a_bad_gzip_file_is_refused(tmp_path: Path, make: Callable[[], bytes], says: str) -> None:
    path = tmp_path / "bad.heapsnapshot.gz"
    path.write_bytes(make())
    assert says in refused(path)


def test_nothing_is_left_of_a_decompressed_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    (tmp_path / "gz").write_bytes(PACKED)
    load_heap(tmp_path / "gz")
    assert list(folder.iterdir()) == []


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert "is a directory" in refused(tmp_path)


def test_a_fifo_without_a_writer_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert "not a regular file" in refused(tmp_path / "fifo")


def test_a_device_is_refused() -> None:
    assert "not a regular file" in refused(Path("/dev/zero"))


@pytest.mark.parametrize(("mode", "says"), [(0o000, "permission denied"), (0o644, f"{len(TEXT)}")])
def test_a_file_is_read_only_by_whom_its_mode_lets(mode: int, says: str) -> None:
    # Not in tmp_path, whose parents no other user may enter.
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path = Path(folder) / "unreadable.heapsnapshot"
        path.write_bytes(TEXT)
        path.chmod(mode)
        command = [sys.executable, "-c", OPEN_AS_NOBODY, str(path)]
        assert says in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_symbolic_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "base").write_bytes(TEXT)
    (tmp_path / "link").symlink_to("base")
    assert load_heap(tmp_path / "link").node_count == 749


def test_a_symbolic_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken").symlink_to("no-such-file")
    assert "no such file" in refused(tmp_path / "broken")


def test_symbolic_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert "in a circle" in refused(tmp_path / "loop")


def test_a_hole_of_five_gigabytes_behind_the_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sparse.heapsnapshot"
    with path.open("wb") as file:
        file.write(TEXT)
        file.truncate(5 << 30)
    assert f"NUL bytes after the end of the snapshot (byte {len(TEXT):,})" in refused(path)
    path.unlink()


def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "odd name [bold]x[b] \x1b[31m \n é.heapsnapshot"
    path.write_bytes(TEXT)
    heap = load_heap(path)
    assert heap.snapshot.name == path.name
