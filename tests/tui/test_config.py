"""The user's settings: what counts, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from heaptui.tui import config, keys
from heaptui.tui.actions import ACTIONS
from heaptui.tui.app import HeaptuiApp
from tests.tui.driving import screen, settle, whole

FILE = """\
theme = "light"
units = "bytes"
tab = "containment"
mouse = false
colour = "red"

[keys]
detail = ["I", "ctrl+o"]
ignore = "ctrl+k"
quit = "j"
fly = "F"
"""


def test_mistakes_are_told_by_line_and_the_rest_counts() -> None:
    found = config.read(FILE)
    assert (found.theme, found.units, found.tab, found.mouse) == ("light", "bytes", "containment", False)
    assert found.keys == {"detail": "I,ctrl+o", "ignore": "ctrl+k"}
    assert [problem.partition(":")[0] for problem in found.problems] == [
        "config.toml, line 5",
        "config.toml, line 11",
        "config.toml, line 10",
    ]


@pytest.mark.parametrize(
    "written", ["theme =", "theme = 3", "[keys", "keys = 1", "\x00", 'mouse = "yes"', "units = true"]
)
def test_nothing_in_the_file_stops_the_program(written: str) -> None:
    found = config.read(written)
    assert found.problems
    assert found.theme == "dark"


def test_the_description_is_a_file_that_can_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    described = config.describe()
    assert str(tmp_path / "heaptui" / "config.toml") in described
    assert config.read(described) == config.Config()
    settings = "\n".join(line.removeprefix("# ") if " = [" in line else line for line in described.splitlines())
    found = config.read(settings)
    assert not found.problems
    assert len(found.keys) == len(ACTIONS)
    assert config.load() == config.Config()


@pytest.mark.usefixtures("fake_heaps")
async def test_settings_are_used_and_shown() -> None:
    app = HeaptuiApp(["a"], settings=config.read(FILE))
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            assert "line 5" in screen(app)[-1]
            await app.ready.wait()
            await pilot.pause()
            assert app.explorer.tab == "containment"
            assert "5,000,000" in whole(app)
            assert ("I", "info") in keys.hints("list")
            await pilot.press("question_mark")
            assert "I, ctrl+o" in whole(app) or "ctrl+o" in str(app.screen.query_one("#help", Static).visual)
            await pilot.press("escape")
            assert app.pane is not None
            await pilot.press("enter")
            await settle(pilot, app.pane.main)
    finally:
        keys.use({})


@pytest.mark.usefixtures("fake_heaps")
async def test_poor_terminals_get_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    app = HeaptuiApp(["a", "b"])
    async with app.run_test(size=(100, 30)) as pilot:
        await app.ready.wait()
        for key in ("1", "4", "f"):
            await pilot.press(key)
            await pilot.pause()
            lines = [line for line in screen(app) if "漢" not in line]
            assert all(ord(c) < 0x2000 for line in lines for c in line)
