"""Draw the pictures in screenshots/ anew from the demo pair.

python tests/make_screenshots.py [FOLDER [COLUMNSxLINES]]
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from heaptui.demo import FILES, TITLES
from heaptui.tui.app import HeaptuiApp
from heaptui.tui.picture import picture

FOLDER = Path(__file__).parent.parent / "screenshots"
SIZE = (110, 32)

# Keys that lead to each picture, from the opening screen on.
PICTURES = {
    "comparison": ("slash", *"Buffer", "enter", "down", "right", "right", "wait", "r"),
    "summary": ("1", "down", "down", "down", "right", "wait", "down"),
    "containment": ("3", "right", "wait"),
    "statistics": ("4",),
    "dominators": ("slash", *"Buffer", "enter", "down", "right", "right", "wait", "d", "wait"),
    "filter": ("f",),
    "detail": ("slash", *"Buffer", "enter", "down", "right", "right", "wait", "i", "wait"),
    "suspects": ("wait", "wait", "wait", "5", "wait"),
    "help": ("question_mark",),
}


async def draw(name: str, folder: Path, size: tuple[int, int]) -> None:
    """Open the demo, press the keys, write the picture."""
    app = HeaptuiApp(FILES, titles=TITLES)
    async with app.run_test(size=size) as pilot:
        await app.ready.wait()
        await pilot.pause()
        for key in PICTURES[name]:
            if key == "wait":
                await pilot.pause(0.5)
            else:
                await pilot.press(key)
        await pilot.pause(0.7)
        (folder / f"{name}.svg").write_text(picture(app), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Draw all pictures."""
    folder = Path(arguments[0]) if arguments else FOLDER
    columns, lines = (int(n) for n in arguments[1].split("x")) if len(arguments) > 1 else SIZE
    folder.mkdir(exist_ok=True)
    for name in PICTURES:
        asyncio.run(draw(name, folder, (columns, lines)))


if __name__ == "__main__":
    main(sys.argv[1:])
