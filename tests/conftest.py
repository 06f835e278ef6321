"""What many tests share: the demo pair, the small snapshots, and a way to load drafts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from tests.building import Draft

DATA = Path(__file__).parent / "data"

# A kernel is loaded, or compiled, at its first call.
settings.register_profile("heaptui", deadline=None)
settings.load_profile("heaptui")


@pytest.fixture(scope="session", autouse=True)
def no_index() -> Iterator[None]:
    """Nothing is kept of one test for the next, nor in the folder of who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEAPTUI_INDEX_DIR", "")
        yield


@pytest.fixture(scope="session")
def demo() -> tuple[Heap, Heap]:
    """The demo pair, before and after."""
    before, after = (load_heap(file) for file in FILES)
    return before, after


@pytest.fixture
def load_draft(tmp_path: Path) -> Callable[[Draft], Heap]:
    """Write a draft to a file and load it."""

    numbers = itertools.count()

    def load(draft: Draft) -> Heap:
        # A file of its own: the heap keeps it mapped.
        file = tmp_path / f"draft{next(numbers)}.heapsnapshot"
        file.write_bytes(draft.encode())
        heap = load_heap(file)
        file.unlink()
        return heap

    return load
