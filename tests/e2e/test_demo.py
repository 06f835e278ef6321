"""The installed program in a real terminal: what people do with it."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from heaptui.demo import FILES
from tests.e2e.terminal import FIRST, Terminal


@pytest.mark.parametrize(
    ("columns", "lines", "term"),
    [(80, 24, "xterm-256color"), (180, 50, "screen-256color"), (120, 40, "linux")],
)
def test_the_demo_leads_to_the_global_emitter(columns: int, lines: int, term: str) -> None:
    with Terminal(["demo"], columns, lines, term) as terminal:
        terminal.wait(FIRST)
        terminal.answer("/", "match", "Buffer", r"match: Buffer.* row 1 of \d\b")
        terminal.press_until("down", r"row 2 of \d\b")
        terminal.press("right", r"\+ Buffer @\d+")
        terminal.press("right", r"Retainers of Buffer @\d+")
        terminal.press("r")
        for step in (r"\berror in ", r"_events in EventEmitter", r"\btest in global"):
            terminal.press_until("down", step)
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_the_leak_is_named_and_leads_to_its_holder() -> None:
    with Terminal(["demo"], 80, 24) as terminal:
        terminal.wait(FIRST)
        terminal.press("5", r"A leak: 1 suspect explains 35 % of the growth")
        terminal.wait(r"100 listeners more: global\.test\._events\.error \(Array\)")
        terminal.press("c", r"error :: Array @81173")
        terminal.wait(r"\+ 0 :: \(\) @\d+")
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_a_bad_file_is_told_and_another_can_be_opened() -> None:
    with Terminal(["/no/such/file.heapsnapshot"], 180, 40) as terminal:
        terminal.wait(r"no such file")
        terminal.answer("o", "open", FILES[1], r"Constructor.*Dist.*Shallow")
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_through_all_tabs_to_an_id_and_back_and_forward() -> None:
    with Terminal(["demo"], 120, 40) as terminal:
        terminal.wait(FIRST)
        tabs = (("1", "Summary"), ("3", "Containment"), ("4", "Statistics"), ("6", "Dominators"), ("9", "Strings"))
        for key, title in tabs:
            terminal.press(key, rf"\[{key} {title}\]")
        # As over a slow line, where keys arrive together.
        terminal.send(b"@6049\r")
        terminal.wait(r"Retainers of global @6049")
        terminal.wait(r"\[1 Summary\]")
        terminal.press("(", r"\[9 Strings\]")
        terminal.press("(", r"\[6 Dominators\]")
        terminal.press(")", r"\[9 Strings\]")
        terminal.press(")", r"Retainers of global @6049")
        terminal.press("f", r"Objects to show in the Summary")
        terminal.press("2", r"filter: new since before")
        terminal.press("s", r"sort by ")
        terminal.press("n", r"Constructor ▲")
        terminal.press("q")
        assert terminal.quit_status() == 0


@pytest.mark.parametrize("term", ["xterm-256color", "linux"])
def test_resizing(term: str) -> None:
    with Terminal(["demo"], 80, 24, term) as terminal:
        terminal.wait(FIRST)
        for columns, lines in ((120, 40), (220, 60), (80, 24)):
            terminal.resize(columns, lines)
            # The title fills the first line to its end, and the last one says something.
            terminal.wait(rf"\A heaptui .{{{columns - 30},}}kB\n")
            terminal.wait(r"\S\Z")
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_results_are_taken_along(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-1000/default,1,0")
    with Terminal(["demo"], 120, 40) as terminal:
        terminal.wait(FIRST)
        terminal.press("y")
        plain = terminal.wait_for(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")
        assert base64.b64decode(plain[1]).decode() in terminal.text()
        # The same once more, wrapped so that tmux hands it on.
        assert b"\x1bPtmux;\x1b" + plain[0] + b"\x1b\\" in terminal.raw
        for key, question, name in (("e", "write to", "list.csv"), ("P", "picture", "screen.svg")):
            terminal.answer(key, question, name)
            terminal.wait_until((own_folder / name).exists)
        terminal.press("q")
        assert terminal.quit_status() == 0
    written = (own_folder / "list.csv").read_text().splitlines()
    assert re.match(r"name,.*alloc_size", written[0])
    assert any(line.startswith("Buffer,") for line in written)
    picture = (own_folder / "screen.svg").read_text()
    assert picture.startswith("<svg")
    assert "Comparison" in picture
