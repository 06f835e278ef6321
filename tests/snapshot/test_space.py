"""Columns on disk hold what columns in memory hold, in a file that nobody else sees."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from heaptui.heap import load_light
from heaptui.opening.manner import Manner
from heaptui.opening.opening import open_light
from heaptui.snapshot import space as module
from heaptui.snapshot import spool
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.space import Disk, disk_folder

DATA = Path(__file__).parent.parent / "data"
FILES = sorted(DATA.glob("*.heap*"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_heap_on_disk_is_the_same(file: Path) -> None:
    there, here = load_light(file, space=Disk()), load_light(file)
    for name in ("nodes", "edges", "locations"):
        columns = [getattr(heap.snapshot, name) for heap in (there, here)]
        for field in type(columns[0]).__slots__:
            np.testing.assert_array_equal(getattr(columns[0], field), getattr(columns[1], field))
    np.testing.assert_array_equal(there.shallow_size, here.shallow_size)
    assert there.statistics == here.statistics


def test_columns_begin_as_zeros_and_keep_apart() -> None:
    disk = Disk()
    columns: list[npt.NDArray[Any]]
    columns = [
        disk.zeros(1000, np.uint32),
        disk.zeros(5, np.uint8),
        disk.zeros(0, np.int64),
        disk.zeros(1000, np.int64),
    ]
    for i, column in enumerate(columns):
        assert not column.any()
        column[:] = i + 1
    assert [int(column.sum()) for column in columns] == [1000, 10, 0, 4000]


def test_the_file_has_no_name_and_is_closed_with_the_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "disk_folder", lambda: str(tmp_path))
    heap = open_light(FILES[0], manner=Manner(light=True, index_limit=0))
    assert not list(tmp_path.iterdir())
    assert heap.node_count
    del heap
    assert not [number for number in os.listdir("/proc/self/fd") if _target(number).startswith(str(tmp_path))]


def _target(number: str) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return ""


def test_a_disk_that_is_short_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool.Room, "_free", property(lambda room: 100 << 20))
    with pytest.raises(SnapshotError, match=r"no room left in .*set TMPDIR to a folder on a larger disk"):
        Disk().zeros(200 << 20, np.uint8)


@pytest.mark.parametrize(
    ("mounts", "chosen", "folder"),
    [
        ("1 0 0:1 / / rw - ext4 /dev/sda rw\n", False, "/tmp"),
        ("1 0 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 / /tmp rw - tmpfs tmpfs rw\n", False, "/var/tmp"),
        ("1 0 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 / /tmp rw - tmpfs tmpfs rw\n", True, "/tmp"),
        ("1 0 0:1 / / rw - tmpfs tmpfs rw\n", False, "/tmp"),
        ("2 1 0:2 / /tmp rw - tmpfs tmpfs rw\n3 1 0:3 / /tmp rw - ext4 /dev/sdb rw\n", False, "/tmp"),
        ("2 1 0:2 / /tm rw - tmpfs tmpfs rw\n", False, "/tmp"),
        ("nonsense\n - \n", False, "/tmp"),
        ("", False, "/tmp"),
    ],
)
def test_the_folder_lies_on_a_disk_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str, chosen: bool, folder: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    monkeypatch.delenv("TMPDIR", raising=False)
    if chosen:
        monkeypatch.setenv("TMPDIR", "/tmp")
    table = tmp_path / "mountinfo"
    table.write_text(mounts)
    assert disk_folder(table) == folder
