"""Loading can be stopped at any time, and nothing of it is left."""

from __future__ import annotations

from pathlib import Path

from heaptui.demo import FILES
from tests.e2e.terminal import Terminal


def files_of(pid: int) -> list[str]:
    """What a process has open."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except OSError:
            continue
    return found


def test_stopped_loading_leaves_nothing_and_another_file_opens(slow_file: Path) -> None:
    with Terminal([str(slow_file)], 180, 40) as terminal:
        terminal.wait(r"decompressing")
        assert any("heaptui-" in name for name in files_of(terminal.pid))
        terminal.press("escape", r"Loading was stopped")
        terminal.wait_until(lambda: not any("heaptui-" in name for name in files_of(terminal.pid)))
        terminal.answer("o", "open", FILES[1], r"Constructor.*Dist.*Shallow")
        terminal.wait(r"\[1 Summary\]")
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_another_file_can_be_opened_while_one_is_loading(slow_file: Path) -> None:
    with Terminal([str(slow_file)], 180, 40) as terminal:
        terminal.wait(r"decompressing")
        terminal.answer("o", "open", FILES[1], r"Constructor.*Dist.*Shallow")
        terminal.press("q")
        assert terminal.quit_status() == 0
