"""The installed program in a real terminal: from the demo to what keeps the leaked buffers alive."""

from __future__ import annotations

import pytest

from heaptui.demo import FILES
from tests.e2e.terminal import Terminal


@pytest.mark.parametrize(
    ("columns", "lines", "term"),
    [(80, 24, "xterm-256color"), (180, 50, "screen-256color"), (120, 40, "linux")],
)
def test_the_demo_leads_to_the_global_emitter(columns: int, lines: int, term: str) -> None:
    with Terminal(["demo"], columns, lines, term) as terminal:
        terminal.wait(r"Buffer.* 100 .*\+100")
        terminal.press("/")
        terminal.type("Buffer")
        terminal.press("enter")
        terminal.wait(r"row 1 of \d\b")
        terminal.press_until("down", r"row 2 of \d\b")
        terminal.press("right")
        terminal.wait(r"\+ Buffer @\d+")
        terminal.press("right")
        terminal.wait(r"Retainers of Buffer @\d+")
        terminal.press("r")
        for step in (r"\berror in ", r"_events in EventEmitter", r"\btest in global"):
            terminal.press_until("down", step)
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_quitting_leaves_the_terminal_clean() -> None:
    with Terminal(["demo"]) as terminal:
        terminal.wait(r"Buffer")
        terminal.press("q")
        assert terminal.quit_status() == 0
        leave_screen, show_cursor = b"\x1b[?1049l", b"\x1b[?25h"
        assert leave_screen in terminal.raw
        assert show_cursor in terminal.raw


def test_a_bad_file_is_told_and_another_can_be_opened() -> None:
    with Terminal(["/no/such/file.heapsnapshot"]) as terminal:
        terminal.wait(r"no such file")
        terminal.press("o")
        terminal.press("ctrl+u")
        terminal.type(FILES[1])
        terminal.press("enter")
        terminal.wait(r"Constructor.*Dist.*Shallow")
        terminal.press("q")
        assert terminal.quit_status() == 0
