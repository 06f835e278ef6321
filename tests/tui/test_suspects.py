"""The Suspects tab: what is offered, where its keys lead, what is taken along, and how it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.widgets import Input

from heaptui.cli import main
from heaptui.demo import FILES, TITLES
from heaptui.heap import Heap
from heaptui.snapshot.progress import Progress
from heaptui.suspects.verdict import Verdict, find_suspects
from heaptui.tui.desk import Desk
from heaptui.tui.dialogs import Prompt
from heaptui.views.suspects import SuspectsView
from tests.tui.driving import PATIENCE, Running, rows, running, screen, see, settle_all, until, whole

pytestmark = pytest.mark.usefixtures("loaded")

SAID = "A leak: 1 suspect explains 35 % of the growth"


async def press(running_app: Running, *keys: str) -> None:
    for key in keys:
        await running_app[1].press(key)
        await settle_all(running_app[1])


def selected(app: Running) -> str:
    chosen = app[0].explorer.selection
    assert chosen is not None
    return f"{chosen.row.label.name} @{chosen.row.label.id}"


def go_to(app: Running, name: str) -> None:
    """Put the cursor on a row whose name begins so."""
    outline = rows(app[0]).outline
    assert outline is not None
    outline.cursor = next(
        i for i, line in enumerate(outline.lines) if line.row and line.row.label.name.startswith(name)
    )


@pytest.mark.parametrize("tab", ["2", "3"])
async def test_the_first_screen_says_what_leaks_and_which_key_leads_there(tab: str) -> None:
    async with running(*FILES, titles=TITLES) as app:
        await see(app[1], f"{SAID}. 5 tells more.")
        await press(app, tab)
        await press(app, "5")
        assert SAID in screen(app[0])[2]
        assert "100 listeners more: global.test._events.error (Array)" in whole(app[0])


async def test_one_file_is_weaker_evidence() -> None:
    async with running(FILES[1]) as app:
        await press(app, "5")
        assert "One snapshot: what is large is weaker evidence" in screen(app[0])[2]


async def test_the_holder_opens_in_containment_with_its_new_children() -> None:
    async with running(*FILES, titles=TITLES) as app:
        await press(app, "5", "c")
        assert app[0].explorer.tab == "containment"
        assert selected(app) == "Array @81173"
        assert "+ 0 :: () @81393" in whole(app[0])
        await press(app, "left_parenthesis", "down", "down", "r")
        # Words about a suspect are about its holder.
        assert "error in {error} @77935" in whole(app[0])
        assert "Retainers of Array @81173" in whole(app[0])
        await press(app, "escape", "d")
        assert (app[0].explorer.tab, selected(app)) == ("dominators", "Array @81173")


async def test_what_piled_up_opens_with_its_new_instances() -> None:
    async with running(*FILES, titles=TITLES) as app:
        await press(app, "5", "x")
        assert "filter: new since before" in screen(app[0])[2]
        assert "Function  ×109" in whole(app[0])
        await press(app, "left_parenthesis")
        go_to(app, "What piled up")
        await press(app, "right")
        go_to(app, "Buffer")
        await press(app, "x")
        assert "Buffer  ×100" in whole(app[0])


async def test_the_trace_is_shown_copied_and_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], demo: tuple[Heap, Heap]
) -> None:
    trace = SuspectsView(demo).suspect_record(0)["trace"]
    async with running(*FILES, titles=TITLES, size=(180, 50)) as app:
        await press(app, "5", "i")
        await see(app[1], "╰─ buffer → ArrayBuffer @82075")
        await press(app, "escape", "down", "down", "i")
        await see(app[1], "Trace, ")
        await press(app, "escape", "home")
        sent: list[str] = []
        monkeypatch.setattr(Desk, "copy", lambda self, content: sent.append(content))
        await press(app, "y", "Y", "5")
        assert sent == [trace, trace]
        for name in ("a.md", "a.txt", "a.json", "a.csv"):
            await app[1].press("e", "ctrl+u")
            app[0].query_one(Prompt).query_one(Input).value = str(tmp_path / name)
            await app[1].press("enter")
            await app[0].workers.wait_for_complete()
    for form, name in (("markdown", "a.md"), ("table", "a.txt"), ("json", "a.json"), ("csv", "a.csv")):
        assert main(["suspects", *FILES, "--limit", "0", "--format", form]) == 0
        assert (tmp_path / name).read_text() == capsys.readouterr().out


class Slow:
    """A search that goes on until it is told to end, and can be stopped."""

    def __init__(self) -> None:
        self.begun, self.end = threading.Event(), threading.Event()
        self.jobs: list[Progress] = []

    def __call__(self, heaps: Sequence[Heap], progress: Progress) -> Verdict:
        self.jobs.append(progress)
        self.begun.set()
        for _ in range(int(PATIENCE / 0.01)):
            progress.check()
            if self.end.wait(0.01):
                break
        return find_suspects(heaps, progress)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    found = Slow()
    monkeypatch.setattr("heaptui.views.suspects.find_suspects", found)
    return found


async def test_esc_stops_the_search_and_the_key_begins_it_again(slow: Slow) -> None:
    async with running(*FILES, titles=TITLES) as (_, pilot):
        await until(pilot, slow.begun.is_set)
        await pilot.press("5")
        await see(pilot, "Esc stops")
        await pilot.press("escape")
        await see(pilot, "Stopped. 5 begins again.")
        assert slow.jobs[0].cancelled
        slow.end.set()
        await pilot.press("5")
        await see(pilot, SAID)
        assert len(slow.jobs) == 2


async def test_other_files_stop_the_search_for_the_first(slow: Slow) -> None:
    async with running(*FILES, titles=TITLES) as (app, pilot):
        await until(pilot, slow.begun.is_set)
        app.open_files(FILES[1:], TITLES[1:])
        await app.ready.wait()
        await until(pilot, lambda: slow.jobs[0].cancelled)
        slow.end.set()
        await pilot.press("5")
        await see(pilot, "One snapshot: what is large")


@pytest.mark.parametrize("width", [60, 80, 140, 180])
async def test_words_are_as_long_as_the_screen_is_wide(width: int) -> None:
    async with running(*FILES, titles=TITLES, size=(width, 40)) as app:
        await press(app, "5")
        await see(app[1], "What to do")
        outline = rows(app[0]).outline
        assert outline is not None
        said = [line.row.label.name for line in outline.lines if line.row and "said" in str(line.row.key)]
        assert max(map(len, said)) <= min(width - 8, 120)
        assert max(map(len, said)) > min(width - 8, 120) - 20
        # Nothing of what is said is cut.
        shown = whole(app[0])
        assert all(words in shown for words in said)


async def test_words_are_broken_anew_when_the_width_changes() -> None:
    async with running(*FILES, titles=TITLES, size=(80, 40)) as app:
        await press(app, "5", "down", "down")
        await see(app[1], "EventEmitter leads")
        assert "leads to the listeners" not in whole(app[0])
        before = selected(app)
        await app[1].resize_terminal(150, 40)
        await settle_all(app[1])
        assert "leads to the listeners" in whole(app[0])
        assert selected(app).startswith(before[:10])
