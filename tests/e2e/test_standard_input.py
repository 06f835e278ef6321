"""The snapshot comes through a pipe, the keys from the terminal."""

from __future__ import annotations

import shlex
from pathlib import Path

from heaptui.demo import FILES
from tests.e2e.terminal import PROGRAM, Terminal


def piped(command: str, arguments: str = "-") -> Terminal:
    """A shell in a terminal that lets a command write to the app."""
    return Terminal(["-c", f"{command} | {shlex.quote(PROGRAM)} {arguments}"], program="/bin/sh")


def test_keys_work_while_standard_input_is_the_data() -> None:
    with piped(f"cat {shlex.quote(FILES[1])}") as terminal:
        terminal.wait(r"standard input")
        terminal.wait(r"\[1 Summary\]")
        terminal.press("4", r"\[4 Statistics\]")
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_a_pipe_is_compared_with_a_file() -> None:
    with piped(f"cat {shlex.quote(FILES[1])}", f"{shlex.quote(FILES[0])} -") as terminal:
        terminal.wait(r"\[2 Comparison\]")
        terminal.press("q")
        assert terminal.quit_status() == 0


def test_waiting_for_a_silent_pipe_is_stopped() -> None:
    with piped("sleep 60") as terminal:
        terminal.wait(r"reading standard input")
        terminal.press("escape", r"Loading was stopped")
        # The shell waits for the silent command too.
        terminal.press("q")


def test_a_cut_stream_is_salvaged_although_it_cannot_be_read_again(tmp_path: Path) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(Path(FILES[1]).read_bytes()[:200_000])
    with piped(f"cat {shlex.quote(str(cut))}") as terminal:
        terminal.wait(r"S opens it")
        terminal.press("S", r"salvaged")
        terminal.press("q")
        assert terminal.quit_status() == 0
