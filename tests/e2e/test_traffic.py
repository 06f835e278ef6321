"""What the program writes to the terminal: little for every key, nothing while nobody does anything."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.e2e.terminal import FIRST, PATIENCE, Terminal

CURSOR_MOVE = 2_000


@pytest.fixture(params=["xterm-256color", "linux"])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """The demo at 180x50, at rest."""
    monkeypatch.setenv("COLORTERM", "truecolor" if request.param != "linux" else "")
    with Terminal(["demo"], 180, 50, request.param) as opened:
        opened.wait(FIRST)
        opened.press("1", r"\[1 Summary\]")
        opened.settle(1.0)
        yield opened


def written(terminal: Terminal, data: bytes, quiet: float = 0.3) -> int:
    """The bytes that the program answers to some input, until it rests."""
    before = terminal.received
    terminal.send(data)
    terminal.settle(quiet)
    return terminal.received - before


def answered(terminal: Terminal, key: bytes) -> int:
    """The bytes that the program answers to a key, however busy the machine is."""
    before = terminal.received
    terminal.send(key)
    end = time.monotonic() + PATIENCE
    while terminal.received == before:
        assert time.monotonic() < end, f"no answer to {key!r}"
        terminal.settle(0.1)
    terminal.settle(0.3)
    return terminal.received - before


def test_moving_is_cheap_and_idling_free(terminal: Terminal) -> None:
    for key in (b"\x1b[B", b"j", b"\x1b[A", b"k"):
        assert answered(terminal, key) <= CURSOR_MOVE
    moves = b"".join(b"\x1b[<35;%d;%dM" % (10 + i, 5 + i) for i in range(30))
    assert written(terminal, moves, 1.0) == 0
    assert written(terminal, b"", 1.5) == 0


def test_the_focus_moves_without_a_new_picture(terminal: Terminal) -> None:
    terminal.press("right")
    terminal.press("right", r"Retainers of ")
    terminal.settle(1.0)
    for key in (b"r", b"\x1b", b"\t", b"\t", b"/", b"\x1b"):
        assert answered(terminal, key) <= CURSOR_MOVE


@pytest.mark.parametrize("option", ["--no-mouse", "--low-bandwidth"])
def test_the_mouse_stays_with_the_terminal(option: str) -> None:
    with Terminal(["demo", option]) as terminal:
        terminal.wait(FIRST)
        assert b"\x1b[?1003h" not in terminal.raw
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with Terminal(["demo"], 80, 24) as terminal:
        terminal.wait(FIRST)
        terminal.press("4", r"A Code")
        colours = re.compile(rb"\x1b\[[0-9;]*(?:38;5;|48;5;|\b3[1-7]m|\b4[1-7]m)")
        assert not colours.search(terminal.raw)
        reverse = b"\x1b[7"
        assert reverse in terminal.raw
