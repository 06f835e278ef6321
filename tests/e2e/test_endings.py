"""However the program ends, the terminal is as it was before."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.e2e.terminal import FIRST, PROGRAM, Terminal

BROKEN = """\
from heaptui.tui.grid import Grid

def broken(self):
    raise ZeroDivisionError("[oops]")

Grid.action_units = broken
"""


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_leaving(key: str) -> None:
    with Terminal(["demo"]) as terminal:
        terminal.wait(FIRST)
        terminal.press(key)
        if key == "ctrl+c":
            # The first may have stopped the making of other tabs.
            terminal.read(1.0)
            with contextlib.suppress(OSError):
                terminal.press(key)
        assert terminal.quit_status() == 0
        terminal.check_left_clean()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals(number: signal.Signals) -> None:
    with Terminal(["demo"]) as terminal:
        terminal.wait(FIRST)
        os.kill(terminal.pid, number)
        assert terminal.quit_status() == 128 + number
        terminal.check_left_clean()


def test_an_unexpected_error_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BROKEN)
    with Terminal(["demo"], environment={"PYTHONPATH": str(tmp_path)}) as terminal:
        terminal.wait(FIRST)
        terminal.press("u")
        assert terminal.quit_status() == 1
        terminal.check_left_clean()
        _, _, told = terminal.raw.rpartition(b"\x1b[?1049l")
        assert told.count(b"\n") == 1
        assert b"heaptui: this is a bug in heaptui: ZeroDivisionError: [oops]" in told


def test_while_loading_ctrl_c_stops_and_then_quits(slow_file: Path) -> None:
    with Terminal([str(slow_file)]) as terminal:
        terminal.wait(r"decompressing")
        terminal.press("ctrl+c", r"Loading was stopped")
        terminal.press("ctrl+c")
        assert terminal.quit_status() == 0
        terminal.check_left_clean()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_while_loading(slow_file: Path, number: signal.Signals) -> None:
    with Terminal([str(slow_file)]) as terminal:
        terminal.wait(r"decompressing")
        os.kill(terminal.pid, number)
        assert terminal.quit_status() == 128 + number
        terminal.check_left_clean()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_suspending_and_coming_back() -> None:
    shell = shutil.which("bash") or ""
    with Terminal(["--norc", "-i"], program=shell, environment={"PS1": "shell> "}) as terminal:
        terminal.wait(r"shell>")
        terminal.send(f"{PROGRAM} demo\r".encode())
        terminal.wait(FIRST)
        terminal.press("ctrl+z", r"Stopped")
        terminal.check_left_clean(at_prompt=True)
        terminal.send(b"clear; echo here; fg\r")
        terminal.wait(FIRST)
        terminal.press("1", r"\[1 Summary\]")
        terminal.press("q", r"^ *shell>")
        terminal.check_left_clean(at_prompt=True)
        terminal.send(b"exit\r")
        assert terminal.quit_status() == 0
