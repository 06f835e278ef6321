"""What many tests share: the demo pair, the small snapshots, and a way to load drafts."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from tests.building import Draft

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def demo() -> tuple[Heap, Heap]:
    """The demo pair, before and after."""
    before, after = (load_heap(file) for file in FILES)
    return before, after


@pytest.fixture
def load_draft(tmp_path: Path) -> Callable[[Draft], Heap]:
    """Write a draft to a file and load it."""

    def load(draft: Draft) -> Heap:
        file = tmp_path / "draft.heapsnapshot"
        file.write_bytes(draft.encode())
        return load_heap(file)

    return load


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The decompressed copy of a file of tests/data."""
    folder = tmp_path_factory.mktemp("data")

    def unpack(name: str) -> Path:
        target = folder / name
        if not target.exists():
            target.write_bytes(gzip.decompress((DATA / f"{name}.gz").read_bytes()))
        return target

    return unpack
