"""What the program writes to the terminal: little for every key, nothing while nobody does anything."""

from __future__ import annotations

import base64
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal

CURSOR_MOVE = 2_000


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("COLORTERM", "TMUX", "STY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["xterm-256color", "linux"])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """The demo at 180x50, at rest."""
    monkeypatch.setenv("COLORTERM", "truecolor" if request.param != "linux" else "")
    with Terminal(["demo"], 180, 50, request.param) as opened:
        opened.wait(r"Buffer.* 100 .*\+100")
        opened.press("1")
        opened.wait(r"\[1 Summary\]")
        opened.read(1.5)
        yield opened


def written(terminal: Terminal, data: bytes, seconds: float = 0.5) -> int:
    """The bytes that the program answers to some input."""
    before = terminal.received
    terminal.send(data)
    terminal.read(seconds)
    return terminal.received - before


def test_moving_is_cheap_and_idling_free(terminal: Terminal) -> None:
    for key in (b"\x1b[B", b"j", b"\x1b[A", b"k"):
        assert written(terminal, key) <= CURSOR_MOVE
    moves = b"".join(b"\x1b[<35;%d;%dM" % (10 + i, 5 + i) for i in range(30))
    assert written(terminal, moves) == 0
    assert written(terminal, b"", 2.0) == 0


def test_copying_reaches_the_terminal(terminal: Terminal) -> None:
    terminal.press("y")
    terminal.read(0.5)
    found = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", terminal.raw)
    assert found is not None
    assert base64.b64decode(found[1]).decode() in terminal.text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_the_terminal_clean(number: signal.Signals) -> None:
    with Terminal(["demo"]) as terminal:
        terminal.wait(r"Buffer")
        os.kill(terminal.pid, number)
        assert terminal.quit_status() == 128 + number
        for restored in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1003l"):
            assert restored in terminal.raw


@pytest.mark.parametrize("option", ["--no-mouse", "--low-bandwidth"])
def test_the_mouse_stays_with_the_terminal(option: str) -> None:
    with Terminal(["demo", option]) as terminal:
        terminal.wait(r"Buffer")
        assert b"\x1b[?1003h" not in terminal.raw
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with Terminal(["demo"], 80, 24) as terminal:
        terminal.wait(r"Buffer")
        terminal.press("4")
        terminal.wait(r"A Code")
        colours = re.compile(rb"\x1b\[[0-9;]*(?:38;5;|48;5;|\b3[1-7]m|\b4[1-7]m)")
        assert not colours.search(terminal.raw)
        reverse = b"\x1b[7"
        assert reverse in terminal.raw


def test_resizing(monkeypatch: pytest.MonkeyPatch) -> None:
    with Terminal(["demo"], 80, 24) as terminal:
        terminal.wait(r"Buffer")
        for columns, lines in ((120, 40), (220, 60), (80, 24)):
            terminal.resize(columns, lines)
            terminal.read(0.7)
            assert "quit" in terminal.screen.display[lines - 1]
            assert "heaptui" in terminal.screen.display[0]
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_going_round_all_tabs_and_back(tmp_path: Path) -> None:
    with Terminal(["demo"], 120, 40) as terminal:
        terminal.wait(r"Buffer")
        for key, title in (("1", "Summary"), ("3", "Containment"), ("6", "Dominators"), ("9", "Strings")):
            terminal.press(key)
            terminal.wait(rf"\[{key} {title}\]")
        terminal.press("@")
        terminal.type("6049")
        terminal.press("enter")
        terminal.wait(r"Retainers of global @6049")
        terminal.press("(")
        terminal.wait(r"\[9 Strings\]")
        terminal.press("f", "2")
        terminal.wait(r"filter: new since before")
        terminal.press("q")
        assert terminal.quit_status() == 0
