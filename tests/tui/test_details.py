"""The page about a row: objects with their properties, strings whole, classes with where they hang from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from heaptui.demo import FILES, TITLES
from heaptui.heap import Heap
from heaptui.tui.desk import Desk
from heaptui.tui.details import DetailScreen, by_words
from heaptui.tui.reader import Reader
from tests.building import Draft
from tests.conftest import DATA
from tests.tui.driving import Running, rows, running, screen, see, settle_all, whole

LINES = "".join(f"line {i} of a long text \x1b[31m\n" for i in range(30_000))


@asynccontextmanager
async def on_string(folder: Path, content: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Running]:
    """The app with the page about a string open."""
    draft = Draft()
    draft.add("synthetic", "")
    draft.link(0, draft.add("string", content, 8), 1, "element")
    file = folder / "text.heapsnapshot"
    file.write_bytes(draft.encode())
    async with running(str(file), size=size) as (app, pilot):
        await pilot.press("right", "right")
        await settle_all(pilot)
        await pilot.press("i")
        await settle((app, pilot))
        yield app, pilot


async def settle(app: Running) -> None:
    await app[0].workers.wait_for_complete()
    await app[1].pause()


def value_line(app: Running) -> str:
    """What stands below the heading of the value."""
    lines = screen(app[0])
    return lines[next(i for i, line in enumerate(lines) if line.startswith("  Value,")) + 1].strip()


async def test_a_long_string_is_there_to_its_end(tmp_path: Path) -> None:
    async with on_string(tmp_path, LINES) as app:
        assert f"{len(LINES):,} characters" in whole(app[0])
        assert "lines 1 to" in screen(app[0])[-1]
        await app[1].press("G")
        await settle(app)
        assert screen(app[0])[-2].strip() == "line 29999 of a long text \\x1b[31m"
        await app[1].press("pageup", "k")
        await settle(app)
        assert "line 29999" not in whole(app[0])
        await app[1].press("g")
        await settle(app)
        assert "Shallow size" in whole(app[0])


async def test_keys_that_scroll_are_hinted_at_where_there_is_more(tmp_path: Path) -> None:
    async with on_string(tmp_path, "short") as app:
        assert screen(app[0])[-1].split() == ["Esc", "closes", "y", "copy", "w", "raw"]
    async with on_string(tmp_path, LINES) as app:
        assert "↑ ↓ scroll" in screen(app[0])[-1]
        await app[1].press("w")
        await settle(app)
        assert "↑ ↓ ← → scroll" in screen(app[0])[-1]


async def test_one_line_wrapped_and_raw(tmp_path: Path) -> None:
    content = "".join(f"{i:<10}" for i in range(10_000))
    async with on_string(tmp_path, content) as app:
        await app[1].press("end")
        await settle(app)
        assert "9999" in screen(app[0])[-2]
        await app[1].press("w", "end")
        await settle(app)
        assert value_line(app).startswith("0         1         2")
        assert "← → scroll" in screen(app[0])[-1]
        await app[1].press(*["right"] * 3)
        await settle(app)
        assert not value_line(app).startswith("0         1         2")
        assert "from 115" in screen(app[0])[-1]
        await app[1].press(*["left"] * 5, "w")
        await settle(app)
        assert "w raw" in screen(app[0])[-1]


async def test_what_was_read_stays_in_sight_when_the_width_changes(tmp_path: Path) -> None:
    async with on_string(tmp_path, LINES) as app:
        reader = app[0].screen.query_one(Reader)
        await app[1].press(*["pagedown"] * 20)
        await settle(app)
        assert reader.body is not None
        before = reader.body.line(reader.top - len(reader.head))
        await app[1].resize_terminal(100, 40)
        await settle(app)
        assert reader.body.line(reader.top - len(reader.head)) == before


async def test_the_value_is_copied_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(Desk, "copy", lambda self, content: sent.append(content))
    async with on_string(tmp_path, LINES) as app:
        await app[1].press("y")
        await settle(app)
        assert sent == [LINES]
        assert not isinstance(app[0].screen, DetailScreen)


async def test_a_stack_is_copied_a_line_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(Desk, "copy", lambda self, content: sent.append(content))
    async with running(str(DATA / "chrome-timeline.heaptimeline.gz")) as app:
        await app[1].press("at", *"52163", "enter")
        await settle_all(app[1])
        await app[1].press("i")
        await see(app[1], "Allocated by")
        await app[1].press("y")
        assert "Allocated by: allocInner  http://localhost:32983/dom.html:36:20\n  (anonymous)  http" in sent[0]


@pytest.mark.usefixtures("loaded")
async def test_a_class_of_the_comparison_and_where_its_objects_hang_from() -> None:
    async with running(*FILES, titles=TITLES, size=(80, 24)) as app:
        await app[1].press("slash", *"/^Buffer$/", "enter")
        await settle_all(app[1])
        await app[1].press("i")
        await settle(app)
        lines = [line.split() for line in screen(app[0])]
        assert ["#", "New", "100"] in lines
        assert ["Its", "new", "objects"] in lines
        (way,) = [line for line in screen(app[0]) if "innerData" in line]
        assert way.split()[0] == "100"
        assert "_events" in way


@pytest.mark.usefixtures("loaded")
async def test_a_class_of_the_summary() -> None:
    async with running(FILES[1], size=(180, 50)) as app:
        await app[1].press("slash", *"/^Buffer$/", "enter")
        await settle_all(app[1])
        await app[1].press("i")
        await settle(app)
        page = whole(app[0])
        for words in ("node:buffer:268:16", "Its objects", "Distance", "Held by", "× system / Context"):
            assert words in page


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("tab", ["3", "4", "6", "9"])
@pytest.mark.parametrize("size", [(80, 24), (180, 50)])
async def test_every_row_has_a_page(tab: str, size: tuple[int, int]) -> None:
    async with running(*FILES, titles=TITLES, size=size) as app:
        await app[1].press(tab)
        await settle_all(app[1])
        await app[1].press("down", "i")
        await settle(app)
        assert isinstance(app[0].screen, DetailScreen)
        title = rows(app[0]).outline
        assert title is not None
        assert title.view.columns[0].title in whole(app[0])
        await app[1].press("escape")
        assert not isinstance(app[0].screen, DetailScreen)


async def test_an_object_of_the_base_says_so(loaded: tuple[Heap, Heap]) -> None:
    before, after = loaded
    number = next(
        before.id(node)
        for node in range(before.node_count)
        if before.counted[node] and 2 < before.distance[node] < 50 and after.object_with_id(before.id(node)) is None
    )
    async with running(*FILES, titles=TITLES, size=(120, 40)) as app:
        await app[1].press("1", "at", *str(number), "enter")
        await settle_all(app[1])
        assert app[0].explorer.tab == "comparison"
        chosen = app[0].explorer.selection
        assert chosen is not None
        assert (chosen.row.label.id, chosen.heap) == (number, before)
        assert "deleted" in chosen.row.marks
        assert f"@{number}   (in before)" in whole(app[0])
        assert "only in before" in screen(app[0])[-1]
        await app[1].press("i")
        await settle(app)
        assert "before, not after" in whole(app[0])
        await app[1].press("escape")
        for key, tab in (("c", "containment"), ("x", "summary"), ("d", "dominators")):
            await app[1].press(key)
            await settle_all(app[1])
            chosen = app[0].explorer.selection
            assert chosen is not None
            assert (app[0].explorer.tab, chosen.row.label.id, chosen.heap) == (tab, number, before)
            assert screen(app[0])[2].startswith(" in before")
        await app[1].press("escape")
        await settle_all(app[1])
        assert "in before" not in screen(app[0])[2]
        await app[1].press(*["left_parenthesis"] * 3)
        await settle_all(app[1])
        assert app[0].explorer.tab == "comparison"


async def test_bookmarks_and_commands_of_the_base_are_of_its_file(
    loaded: tuple[Heap, Heap], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = loaded
    number = next(
        before.id(node)
        for node in range(before.node_count)
        if before.counted[node] and after.object_with_id(before.id(node)) is None
    )
    sent: list[str] = []
    monkeypatch.setattr(Desk, "copy", lambda self, content: sent.append(content))
    async with running(*FILES, titles=TITLES, size=(120, 40)) as app:
        await app[1].press("at", *str(number), "enter")
        await settle_all(app[1])
        await app[1].press("Y", "6")
        await settle(app)
        assert sent == [f"heaptui retainers {FILES[0]} @{number}"]
        await app[1].press("b", *"gone", "enter", "B")
        await settle(app)
        assert "gone  (in before)" in whole(app[0])


@pytest.mark.parametrize("width", [20, 33, 80])
def test_traces_are_broken_between_words(width: int) -> None:
    content = (
        "global @6049  2.58 MB\n├─ .test → EventEmitter @50841  40.0 kB\n│  ~~~~~~\n"
        "├─ […] → () @81507  380 B  /srv/shop/scripts/seed/seed.js:35:22  ×100 new, and more than fits in a line\n"
        "╰─ buffer → ArrayBuffer @82075  188 B  /srv/shop/scripts/seed/seed.js:35:22, and more than fits in it\n\n"
        + "Piled up: Buffer ×100 "
        * 9
    )
    broken = by_words(content, width)
    assert all(len(line) <= width for line in broken.split("\n"))
    assert "".join(broken.replace("│", "").split()) == "".join(content.replace("│", "").split())
    steps = broken.split("\n\n")[0].split("\n")
    steps = steps[next(i for i, line in enumerate(steps) if line.startswith("├─")) :]
    last = next(i for i, line in enumerate(steps) if line.startswith("╰─"))
    assert all(line[0] in "├│" for line in steps[:last])
    assert all(line[0] == " " for line in steps[last + 1 :])
    assert [line for line in broken.split("\n") if not line] == [""]


def test_a_number_of_a_trace_stays_with_its_unit() -> None:
    assert "10.0 kB" in by_words("Piled up: what takes 10.0 kB", 27)
