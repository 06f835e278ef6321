"""Fixtures of the reader's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from heaptui.snapshot.snapshot import Snapshot, load_snapshot
from tests.snapshot.reading import Read, write


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write bytes to a file and read it as a snapshot."""

    def load(data: bytes) -> Snapshot:
        return load_snapshot(write(tmp_path, data))

    return load
