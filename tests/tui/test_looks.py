"""What the screens look like, as text: the demo pair in every tab, at the sizes people have.

To make the files in looks/ anew, and then see by `git diff` what has changed:

    NEW_LOOKS=1 python -m pytest tests/tui/test_looks.py
"""

from __future__ import annotations

import difflib
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from heaptui.demo import FILES, TITLES
from heaptui.tui import frame
from tests.tui.driving import Running, rows, running, screen, see, settle_all

LOOKS = Path(__file__).parent / "looks"
RECORDING = str(Path(__file__).parent.parent / "data" / "chrome-timeline.heaptimeline.gz")

BUFFER = ("2", "match /^Buffer$/", "home", "right", "right")
"""To the first new Buffer of the Comparison."""

Steps = Sequence[tuple[str, tuple[str, ...], str]]
"""The name of a look, the keys to it from the one before, and words to wait for."""

DEMO: dict[str, tuple[tuple[int, int], Steps]] = {
    "80x24": (
        (80, 24),
        (
            ("comparison", ("2",), "[2 Comparison]"),
            ("retainers", (*BUFFER, "r", "down"), "Retainers of Buffer"),
            ("detail", ("escape", "i"), "Dominated by"),
            ("help", ("escape", "question_mark"), "Where the cursor is"),
            ("copy", ("escape", "y"), "Sent to the terminal's clipboard"),
            ("summary", ("1", "down", "right", "down"), "Retainers of"),
            ("sort", ("s",), "sort by"),
            ("filter", ("escape", "f"), "Objects to show"),
            ("containment", ("escape", "3", "right", "down"), "Retainers of"),
            ("statistics", ("4",), "[4 Statistics]"),
            ("suspects", ("5",), "[5 Suspects]"),
            ("dominators", ("6", "right"), "[6 Dominators]"),
            ("strings", ("9", "right"), "[9 Strings]"),
        ),
    ),
    "180x50": (
        (180, 50),
        (
            ("comparison", (*BUFFER, "r"), "Retainers of Buffer"),
            ("summary", ("escape", "1", "right", "down"), "Retainers of"),
            ("statistics", ("4",), "[4 Statistics]"),
            ("suspects", ("5",), "[5 Suspects]"),
        ),
    ),
    "120x40": (
        (120, 40),
        (
            ("paths", (*BUFFER, "p"), "Shortest paths to Buffer"),
            ("new", ("escape", "left", "x"), "filter: new since before"),
            ("statistics", ("4",), "[4 Statistics]"),
        ),
    ),
    "60x20": (
        (60, 20),
        (
            ("comparison", (*BUFFER, "r"), "Retainers of Buffer"),
            ("summary", ("escape", "1"), "[1 Summary]"),
            ("statistics", ("4",), "[4 Stat"),
        ),
    ),
}
OTHERS = ("start-80x24", "error-80x24", "timeline-80x24", "allocation-80x24", "one-file-80x24")


@pytest.fixture(autouse=True)
def _at_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever was told gives way to the hints at once; the folder is always the same."""
    monkeypatch.setattr(frame, "READING", 0)
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "snapshots"
    folder.mkdir()
    monkeypatch.chdir(folder)


async def press(running_app: Running, key: str) -> None:
    """Press a key, or match, and wait for what follows."""
    app, pilot = running_app
    if key.startswith("match "):
        rows(app).match_text(key.removeprefix("match "))
    else:
        await pilot.press(key)
    await settle_all(pilot)


async def look(running_app: Running, name: str, words: str) -> None:
    """Compare the screen with what it looked like."""
    app, pilot = running_app
    await see(pilot, words)
    await settle_all(pilot)
    found = [line.rstrip() for line in screen(app)]
    file = LOOKS / f"{name}.txt"
    if os.environ.get("NEW_LOOKS"):
        file.write_text("\n".join(found) + "\n", encoding="utf-8")
    expected = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    changed = "\n".join(difflib.unified_diff(expected, found, str(file.relative_to(LOOKS.parent)), "now", lineterm=""))
    assert not changed, f"NEW_LOOKS=1 python -m pytest tests/tui/test_looks.py takes this over:\n{changed}"


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("size", DEMO)
async def test_the_demo(size: str) -> None:
    columns, steps = DEMO[size]
    async with running(*FILES, titles=TITLES, size=columns) as app:
        for name, keys, words in steps:
            for key in keys:
                await press(app, key)
            await look(app, f"{name}-{size}", words)


@pytest.mark.usefixtures("loaded")
async def test_one_file_without_a_second() -> None:
    async with running(FILES[1], titles=TITLES[1:]) as app:
        await app[1].press("2")
        await look(app, "one-file-80x24", "A comparison needs two snapshots")


@pytest.mark.usefixtures("loaded")
async def test_a_recording() -> None:
    async with running(RECORDING, titles=["recording"]) as app:
        await app[1].press("7")
        await look(app, "timeline-80x24", "[7 Timeline]")
        offered = {command.title for command in app[0].get_system_commands(app[0].screen)}
        assert offered >= {"Timeline", "Allocation", "begin a range"}
        await app[1].press("8")
        await look(app, "allocation-80x24", "[8 Allocation]")


async def test_the_start_page() -> None:
    for name, size, days in (("before.heapsnapshot", 2_450_000, 3), ("after.heapsnapshot.gz", 610_000, 2)):
        Path(name).write_bytes(b"x" * size)
        when = time.time() - 86_400 * days - 3600
        os.utime(name, (when, when))
    Path("older").mkdir()
    async with running() as app:
        await look(app, "start-80x24", "older/")


async def test_a_file_that_cannot_be_opened() -> None:
    async with running("gone.heapsnapshot") as app:
        await look(app, "error-80x24", "no such file")


def test_no_look_is_left_over() -> None:
    names = {f"{name}-{size}" for size, (_, steps) in DEMO.items() for name, _, _ in steps}
    assert {file.stem for file in LOOKS.glob("*.txt")} == names | set(OTHERS)
    assert len(names) + len(OTHERS) <= 30
