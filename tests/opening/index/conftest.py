"""Tests of the index have one, each its own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder that indexes are kept in."""
    place = tmp_path / "index"
    monkeypatch.setenv("HEAPTUI_INDEX_DIR", str(place))
    return place
