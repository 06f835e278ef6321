"""Draw every screen there is, in every size and theme, to look at them one by one.

python -m tests.make_pictures FOLDER [SIZE,... [THEME,... [SCENE,...]]]

Writes FOLDER/SIZE-THEME-SCENE-NN-NAME.svg; rsvg-convert makes PNGs of them.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from heaptui.demo import FILES, TITLES
from heaptui.tui import frame
from heaptui.tui.app import HeaptuiApp
from heaptui.tui.config import THEMES
from heaptui.tui.frame import Footer
from heaptui.tui.picture import picture
from tests.tui.driving import PATIENCE, rows, settle_all

DATA = Path(__file__).parent / "data"
SIZES = ("80x24", "120x40", "180x50")
LOOKS = ("dark", "light", "ansi")

Steps = Sequence[tuple[str, tuple[str, ...]]]
"""A name, and the keys that lead there from the one before; `match X` matches a whole text."""


@dataclass(frozen=True)
class Scene:
    """Files to open, and what to draw of them."""

    files: Sequence[str]
    titles: Sequence[str]
    steps: Steps


def data(name: str) -> str:
    """A snapshot of the tests."""
    return str(next(DATA.glob(f"{name}.*")))


SCENES = {
    "demo": Scene(
        FILES,
        TITLES,
        (
            ("comparison", ("2",)),
            ("new-object", ("match /^Buffer$/", "home", "right", "right")),
            ("retainers", ("r", "down", "down")),
            ("ignored", ("I",)),
            ("weak", ("w",)),
            ("paths", ("R", "w", "p")),
            ("detail", ("escape", "i")),
            ("copy-menu", ("escape", "Y")),
            ("copied", ("escape", "y")),
            ("bookmark", ("b",)),
            ("bookmarks", ("enter", "B")),
            ("detail-class", ("escape", "left", "i")),
            ("only-new", ("escape", "x")),
            ("nothing-matches", ("escape", "2", "match nothing like it")),
            ("summary", ("escape", "1", "down", "down", "right", "down")),
            ("sort", ("s",)),
            ("sorted-by-name", ("n",)),
            ("match", ("slash",)),
            ("filter", ("escape", "f")),
            ("filtered", ("3",)),
            ("goto", ("escape", "at")),
            ("goto-wrong", ("1", "2", "enter")),
            ("string", ("1", "match /^\\(string\\)$/", "home", "right", "right", "i")),
            ("containment", ("escape", "escape", "3", "home", "right", "down")),
            ("statistics", ("4",)),
            ("suspects", ("5",)),
            ("suspect-open", ("right", "down", "right", "down")),
            ("suspect-trace", ("5", "home", "i")),
            ("dominators", ("escape", "6", "right", "down")),
            ("no-timeline", ("7",)),
            ("strings", ("9", "right", "down")),
            ("help", ("question_mark",)),
            ("help-2", ("pagedown",)),
            ("help-3", ("pagedown", "pagedown")),
            ("palette", ("escape", "ctrl+p")),
            ("palette-search", (*"class filter",)),
            ("open", ("escape", "escape", "o")),
            ("export", ("escape", "e")),
            ("picture", ("escape", "P")),
            ("zoomed", ("escape", "1", "z")),
            ("exact", ("z", "u")),
        ),
    ),
    "one": Scene(
        FILES[1:],
        TITLES[1:],
        (
            ("summary", ("1",)),
            ("no-comparison", ("2",)),
            ("statistics", ("4",)),
            ("suspects", ("5",)),
            ("bookmarks", ("B",)),
            ("base", ("equals_sign",)),
        ),
    ),
    "three": Scene(
        (FILES[0], FILES[1], FILES[1]),
        ("monday", "tuesday", "wednesday"),
        (("comparison", ("2",)), ("base", ("equals_sign",))),
    ),
    "recording": Scene(
        [data("chrome-timeline")],
        ["recording"],
        (
            ("timeline", ("7",)),
            ("range", ("down", "v", "down", "down")),
            ("range-shown", ("x",)),
            ("allocation", ("8",)),
            ("allocation-open", ("right", "down")),
            ("allocated", ("x", "right", "down")),
            ("stack", ("i",)),
        ),
    ),
    "detached": Scene(
        [data("chrome-before"), data("chrome-detached")],
        ["before", "detached"],
        (
            ("comparison", ("2",)),
            ("detached", ("1", "match Detached", "home", "right", "down", "r", "down")),
            ("suspects", ("escape", "5")),
        ),
    ),
    "maps": Scene(
        [data("node20-weakmap")],
        ["weakmap"],
        (
            ("map", ("match /^Map$/", "home", "right", "right", "right", "down", "down")),
            ("weakmap", ("match /^WeakMap$/", "home", "right", "right", "right", "down", "down")),
        ),
    ),
    "deno": Scene([data("deno-v8")], ["deno"], (("summary", ("1",)), ("containment", ("3", "right")))),
    "bun": Scene([data("bun-v8module")], ["bun"], (("summary", ("1",)), ("containment", ("3", "right")))),
    "old": Scene([data("node12")], ["node12"], (("summary", ("1", "right", "down")), ("statistics", ("4",)))),
    "error": Scene(["gone.heapsnapshot"], ["gone.heapsnapshot"], (("error", ()), ("palette", ("ctrl+p",)))),
    "start": Scene((), (), (("start", ()), ("chosen", ("down", "m")), ("help", ("question_mark",)))),
}


async def press(app: HeaptuiApp, pilot: Pilot[None], key: str) -> None:
    """Press a key, or match."""
    if key.startswith("match "):
        rows(app).match_text(key.removeprefix("match "))
    else:
        await pilot.press(key)


async def draw(scene: str, size: str, theme: str, folder: Path) -> None:
    """Open a scene's files and draw all its screens."""
    what, (columns, lines) = SCENES[scene], (int(n) for n in size.split("x"))
    app = HeaptuiApp(what.files, titles=what.titles)
    app.theme = THEMES[theme]
    async with app.run_test(size=(columns, lines)) as pilot:
        await app.ready.wait()
        for number, (name, keys) in enumerate(what.steps):
            for key in keys:
                # What the key before told gives way at once, what the last one tells is drawn.
                app.query_one(Footer)._told = None
                await press(app, pilot, key)
                await settle_all(pilot)
            await pilot.pause(0.3)
            await settle_all(pilot)
            file = folder / f"{size}-{theme}-{scene}-{number:02}-{name}.svg"
            file.write_text(picture(app), encoding="utf-8")


def main(folder: str, *chosen: str) -> None:
    """Draw all, or the chosen sizes, themes and scenes."""
    sizes, themes, scenes = (part.split(",") for part in (*chosen, *("",) * 3)[:3])
    to = Path(folder).resolve()
    to.mkdir(parents=True, exist_ok=True)
    frame.READING = PATIENCE
    for size in filter(None, sizes) if any(sizes) else SIZES:
        for theme in filter(None, themes) if any(themes) else LOOKS:
            for scene in filter(None, scenes) if any(scenes) else SCENES:
                with tempfile.TemporaryDirectory() as home:
                    os.environ["HOME"] = os.environ["XDG_STATE_HOME"] = home
                    os.chdir(home)
                    for name in ("before.heapsnapshot", "after.heapsnapshot.gz"):
                        Path(name).write_bytes(b"x" * 100_000)
                    asyncio.run(draw(scene, size, theme, to))
                    os.chdir("/")


if __name__ == "__main__":
    main(*sys.argv[1:])
