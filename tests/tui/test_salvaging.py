"""A file that ends too early: the app offers what there is, and says all the time what is missing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from heaptui.opening.manner import Manner
from heaptui.tui.app import HeaptuiApp
from tests.conftest import DATA
from tests.tui.driving import running, screen, settle_all, until, whole

TEXT = gzip.decompress((DATA / "hostile-base.heapsnapshot.gz").read_bytes())


def said(app: HeaptuiApp) -> str:
    """What is on the screen, wherever lines end."""
    return " ".join(whole(app).split())


@pytest.fixture
def cut(tmp_path: Path) -> str:
    """A file that ends in its edges."""
    path = tmp_path / "cut.heapsnapshot"
    path.write_bytes(TEXT[: TEXT.index(b'"edges"') + 4000])
    return str(path)


async def test_a_cut_file_is_offered_and_opened_with_a_banner_that_stays(cut: str) -> None:
    async with running(cut, size=(100, 30)) as (app, pilot):
        assert "the file ends inside `edges`" in said(app)
        assert "S opens it as far as it goes." in said(app)
        await pilot.press("S")
        await until(pilot, lambda: len(app.heaps) > 0)
        await settle_all(pilot)
        for tab in "123456":
            await pilot.press(tab)
            await settle_all(pilot)
            assert "cut.heapsnapshot: salvaged: the file ends inside `edges`" in screen(app)[1]
            assert "all names" in screen(app)[1] + screen(app)[2]
        app.open_files([str(DATA / "hostile-base.heapsnapshot.gz")], ["whole"])
        await app.ready.wait()
        await settle_all(pilot)
        assert "salvaged" not in said(app)


async def test_nothing_is_offered_where_nothing_failed(tmp_path: Path) -> None:
    (tmp_path / "empty.heapsnapshot").touch()
    async with running(str(tmp_path / "empty.heapsnapshot"), size=(100, 30)) as (app, pilot):
        assert "the file is empty" in said(app)
        assert "as far as it goes" not in said(app)
        await pilot.press("S")
        await pilot.pause()
        assert not app.heaps
        assert app.ready.is_set()


async def test_what_cannot_be_salvaged_is_told_and_not_offered_again(tmp_path: Path) -> None:
    path = tmp_path / "cut.heapsnapshot"
    path.write_bytes(TEXT[: TEXT.index(b'"nodes":[') + 9])
    async with running(str(path), size=(100, 30)) as (app, pilot):
        await pilot.press("S")
        await app.ready.wait()
        await until(pilot, lambda: "it ends before the first object" in said(app))
        assert "as far as it goes" not in said(app)


async def test_the_option_opens_it_at_once(cut: str) -> None:
    app = HeaptuiApp([cut], manner=Manner(salvage=True))
    async with app.run_test(size=(100, 30)) as pilot:
        await app.ready.wait()
        await settle_all(pilot)
        heap = app.heaps[0]
        assert heap.snapshot.salvaged
        assert "salvaged: the file ends" in screen(app)[1]


@pytest.mark.parametrize("content", [None, b"", b"hello", b'{"a": 1}'])
async def test_what_is_open_stays_where_the_next_file_is_no_snapshot(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "typo"
    if content is not None:
        path.write_bytes(content)
    async with running(str(DATA / "hostile-base.heapsnapshot.gz"), size=(200, 30)) as (app, pilot):
        before = app.heaps
        await pilot.press("o", "ctrl+u", *str(path), "enter")
        await until(pilot, lambda: str(path) in screen(app)[-1])
        assert app.heaps == before
        await pilot.press("o")
        await pilot.pause()
        assert "hostile-base" in screen(app)[-1]
