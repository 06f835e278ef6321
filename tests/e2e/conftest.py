"""Every program gets folders of its own, and a plain terminal."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.capture.conftest import start as start


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder that the program runs in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("COLORTERM", "TMUX", "STY", "NO_COLOR", "HEAPTUI_DEBUG", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def slow_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A small file that takes long to read: gigabytes of white space, compressed."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    file = tmp_path / "slow.heapsnapshot.gz"
    spaces = gzip.compress(b" " * (64 << 20), 1)
    file.write_bytes(gzip.compress(b'{"snapshot":{},"nodes":[') + 60 * spaces)
    return file
