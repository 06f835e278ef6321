"""Compiled kernels are kept between runs, and taken only as they were written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from heaptui.kernels import ahead, store
from heaptui.kernels.native import MachineCode

CODE = MachineCode("symbol", b"\0code\0")


def function() -> None:
    """Stands for a kernel."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HEAPTUI_CACHE_DIR", str(tmp_path))
    store._folder.cache_clear()
    yield tmp_path
    store._folder.cache_clear()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_written_is_read(folder: Path) -> None:
    assert not store.has(function, "i8()")
    assert store.read(function, "i8()") is None
    store.write(function, "i8()", CODE)
    assert store.has(function, "i8()")
    assert store.read(function, "i8()") == CODE
    assert not store.has(function, "i8(i8)")


def test_only_the_user_reads_it(folder: Path) -> None:
    store.write(function, "i8()", CODE)
    (file,) = files(folder)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 100])
def test_a_damaged_file_is_as_good_as_none(folder: Path, damage: bytes) -> None:
    store.write(function, "i8()", CODE)
    (file,) = files(folder)
    file.write_bytes(damage)
    assert store.read(function, "i8()") is None


def test_a_changed_byte_is_seen(folder: Path) -> None:
    store.write(function, "i8()", CODE)
    (file,) = files(folder)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert store.read(function, "i8()") is None


def test_nothing_is_left_behind_where_there_is_no_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def replace(_: str, __: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", replace)
    store.write(function, "i8()", CODE)
    assert not files(folder)


def test_other_settings_of_the_compiler_have_a_folder_of_their_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(function, "i8()", CODE)
    monkeypatch.setenv("NUMBA_OPT", "1")
    store._folder.cache_clear()
    assert not store.has(function, "i8()")


def test_the_oldest_folders_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        monkeypatch.setenv("NUMBA_OPT", str(number))
        store._folder.cache_clear()
        store.write(function, "i8()", CODE)
    assert len(files(folder)) == 4
    assert store.has(function, "i8()")


def test_a_first_run_compiles_everything_once_for_all(tmp_path: Path) -> None:
    program = """
from heaptui.heap.heap import compile_kernels
from heaptui.kernels import jit
from heaptui.snapshot.progress import Progress
print(len(jit.missing()), len(jit.kernels()))
compile_kernels(Progress())
print(len(jit.missing()))
"""
    environment = {"HEAPTUI_CACHE_DIR": str(tmp_path), "PATH": ""}
    for expected in (True, False):
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        missing, of, left = map(int, done.stdout.split())
        assert (missing == of) is expected
        assert left == 0


def test_a_process_that_helps_keeps_kernels_where_this_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}

    def begin(*_: Any, **options: Any) -> None:
        told.update(options)
        raise OSError("there is none today")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEAPTUI_CACHE_DIR", "kept")
    monkeypatch.setattr("subprocess.Popen", begin)
    monkeypatch.setattr("heaptui.kernels.ahead._cores", lambda: {0, 1})
    store._folder.cache_clear()
    with ahead.help_beside():
        pass
    store._folder.cache_clear()
    assert told["cwd"] != tmp_path
    assert told["env"]["HEAPTUI_CACHE_DIR"] == str(tmp_path / "kept")
