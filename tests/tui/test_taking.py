"""Commands copied from the app, run: they print the rows that the screen shows."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from heaptui.cli import main
from heaptui.demo import FILES, TITLES
from heaptui.opening.manner import Manner
from heaptui.tui.desk import Desk
from heaptui.views.outline import Outline
from tests.conftest import DATA
from tests.tui.driving import Running, running, settle_all
from tests.tui.driving import rows as list_of

pytestmark = pytest.mark.usefixtures("loaded")

Printed = Callable[[str], dict[str, Any]]
LIST, ROW = "command of the list", "command of the row"


def copied(app: Running, what: str) -> str:
    """A command that the copy menu offers."""
    desk, chosen = app[0].query_one(Desk), app[0].explorer.selection
    assert chosen is not None
    return desk._texts(chosen)[what]


@pytest.fixture
def printed(tmp_path: Path) -> Printed:
    """What a command prints as JSON; to a file, for the app holds standard output."""

    def run(command: str) -> dict[str, Any]:
        out = tmp_path / "out.json"
        assert main([*shlex.split(command)[1:], "--format", "json", "-o", str(out)]) == 0
        found: dict[str, Any] = json.loads(out.read_text())
        return found

    return run


def shown(app: Running) -> Outline:
    """The list that has the keys."""
    grid = app[0].explorer.grid
    assert grid is not None
    assert grid.outline is not None
    return grid.outline


def top(outline: Outline, key: str) -> list[object]:
    return [line.row.cells[key] for line in outline.lines if line.row and not line.depth]


async def press(app: Running, *keys: str) -> None:
    await app[1].press(*keys)
    await settle_all(app[1])


async def test_what_a_query_finds(printed: Printed) -> None:
    async with running(*FILES, titles=TITLES) as app:
        await press(app, "F", *'class:/^Buf|Arr/ retained>150 new name!="x y"', "enter")
        command = copied(app, LIST)
        query = f'class:/^Buf|Arr/ retained>150 new-since:{FILES[0]} name!="x y"'
        assert command == f"heaptui summary {FILES[1]} {shlex.quote('--filter=' + query)}"
        classes = printed(command)["classes"]
        assert [c["retained_size"] for c in classes] == top(shown(app), "retained_size")
        assert classes


async def test_a_filtered_matched_and_sorted_summary(printed: Printed) -> None:
    async with running(*FILES, titles=TITLES) as app:
        await press(app, "1", "f", "2")
        await press(app, "slash", *"/^[A-F]/", "enter")
        await press(app, "s", "s")
        await press(app, "s", "s")
        await press(app, "down")
        command = copied(app, LIST)
        assert command == (
            f"heaptui summary {FILES[1]} --filter=new-since:{FILES[0]} '--match=/^[A-F]/' --sort shallow_size --reverse"
        )
        classes = printed(command)["classes"]
        assert [c["shallow_size"] for c in classes] == top(shown(app), "shallow_size")
        assert [c["name"] for c in classes] == [line.row.label.name for line in shown(app).lines if line.row]
        objects = printed(copied(app, ROW))["objects"]
        await press(app, "right")
        rows = [line.row for line in shown(app).lines if line.row and line.depth]
        assert [o["id"] for o in objects[:100]] == [row.label.id for row in rows]


@pytest.mark.parametrize(
    ("tab", "key"), [("2", "delta"), ("3", "retained_size"), ("6", "retained_size"), ("9", "count")]
)
async def test_every_tab_sorted_by_its_second_column(tab: str, key: str, printed: Printed) -> None:
    async with running(*FILES, titles=TITLES) as app:
        await press(app, tab)
        list_of(app[0]).sort_by(key)
        await press(app, "down")
        found = printed(copied(app, LIST))
        rows = next(v for k, v in found.items() if isinstance(v, list) and k != "files")
        values = [(row.get("object") or row)[key] for row in rows]
        assert values[: len(top(shown(app), key))] == top(shown(app), key)


async def test_lists_below(printed: Printed) -> None:
    async with running(*FILES, titles=TITLES, size=(120, 40)) as app:
        await press(app, "slash", *"/^Buffer$/", "enter")
        await press(app, "p")
        paths = printed(copied(app, LIST))["paths"]
        assert [path["count"] for path in paths] == top(shown(app), "count") == [100]
        await press(app, "escape", "right", "right", "r")
        await press(app, "w")
        retainers = printed(copied(app, LIST))["retainers"]
        rows = [line.row for line in shown(app).lines if line.row and not line.depth]
        assert [r["object"]["id"] for r in retainers] == [row.label.id for row in rows]
        assert "--weak" in copied(app, LIST)
        await press(app, "I")
        assert f"--ignore @{rows[0].label.id}" in copied(app, LIST)
        ignoring = printed(copied(app, LIST))["retainers"]
        again = [line.row for line in shown(app).lines if line.row and not line.depth]
        assert [r["object"]["id"] for r in ignoring] == [row.label.id for row in again]
        await press(app, "R", "p")
        command = copied(app, LIST)
        assert shlex.split(command)[1] == "path"
        steps = [line.row.label.id for line in shown(app).lines if line.row and line.depth]
        assert [step["object"]["id"] for step in printed(command)["paths"][0]] == steps


@pytest.mark.parametrize("manner", [Manner(light=True), Manner(salvage=True), Manner(hide_values=True)], ids=str)
async def test_commands_open_the_files_as_the_app_did(manner: Manner, printed: Printed) -> None:
    file = str(DATA / "node20-weakmap.heapsnapshot.gz")
    async with running(file, manner=manner) as app:
        for what in (LIST, ROW):
            assert copied(app, what).endswith(f" {manner.words[0]}")
        classes = printed(copied(app, LIST))["classes"]
        assert [c["shallow_size"] for c in classes][:3] == top(shown(app), "shallow_size")[:3]
        assert manner.light == ("retained_size" not in classes[0])
