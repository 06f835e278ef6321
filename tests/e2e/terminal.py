"""A real terminal for the installed program: a pty whose output an emulator reads.

Tests wait for what they expect on the screen, never for a time to pass.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

PROGRAM = str(Path(sys.executable).parent / "heaptui")
FIRST = r"Buffer.* 100 .*\+100"
"""The Comparison of the demo is there."""

PATIENCE = 60.0
"""Seconds after which what should appear on the screen is taken not to come."""

# What terminals understand and the emulator does not: it would print a part of them.
_UNKNOWN = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[$]?[a-zA-Z]|\x1b\[[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\"
)
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_SHOW_CURSOR = 25


class Terminal:
    """A program, heaptui unless told otherwise, on a pty of a given size."""

    def __init__(
        self,
        arguments: Sequence[str],
        columns: int = 120,
        lines: int = 40,
        term: str = "xterm-256color",
        *,
        program: str = PROGRAM,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.received = 0
        self.raw = b""
        self.emulating = True
        """Whether the screen is kept up to date, which takes longer than many programs take to write it."""
        # The size is that of the terminal, whatever the one around the tests has.
        around = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        told = {**around, "TERM": term, "LANG": "C.UTF-8", **(environment or {})}
        size = _size(columns, lines)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execve(program, [Path(program).name, *arguments], told)
        self._before = termios.tcgetattr(self._fd)[:4]

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self._fd)

    def resize(self, columns: int, lines: int) -> None:
        """Change the window's size; the program gets a SIGWINCH."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, _size(columns, lines))
        self.screen.resize(lines, columns)

    # What the program writes

    def _take(self, seconds: float) -> bool:
        """Take in the next bytes; whether there were any within that time."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            return False
        self.received += len(data)
        self.raw += data
        if self.emulating:
            self._stream.feed(_UNKNOWN.sub(lambda m: m[0] if _MODE.fullmatch(m[0]) else b"", data))
        return bool(data)

    def read(self, seconds: float) -> None:
        """Take in what the program writes for a time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._take(left)

    def settle(self, quiet: float = 0.5) -> float:
        """Take in what the program writes until it has written nothing for a time; returns when it last did."""
        last = time.monotonic()
        end = last + PATIENCE
        while self._take(quiet):
            last = time.monotonic()
            assert last < end, f"the program never rests:\n{self.text()}"
        return last

    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, pattern: str, seconds: float = PATIENCE) -> re.Match[str]:
        """Wait until the screen matches a regular expression; fails with the screen where it does not."""
        end = time.monotonic() + seconds
        while (found := re.search(pattern, self.text(), re.MULTILINE)) is None:
            assert time.monotonic() < end, f"{pattern!r} did not appear on the screen:\n{self.text()}"
            self._take(0.1)
        return found

    def wait_for(self, pattern: bytes, seconds: float = PATIENCE) -> re.Match[bytes]:
        """Wait until what was written in all, control sequences included, matches."""
        end = time.monotonic() + seconds
        while (found := re.search(pattern, self.raw)) is None:
            assert time.monotonic() < end, f"{pattern!r} was not written; the screen:\n{self.text()}"
            self._take(0.1)
        return found

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that is not on the screen."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, f"it never came about; the screen:\n{self.text()}"
            self._take(0.1)

    # What the user does

    def send(self, data: bytes) -> None:
        """Send bytes as a terminal would."""
        os.write(self._fd, data)

    def press(self, key: str, pattern: str = "") -> None:
        """Type a key, by name or as text, and wait for the screen to match."""
        self.send(KEYS.get(key, key.encode()))
        if pattern:
            self.wait(pattern)

    def answer(self, key: str, question: str, text: str, pattern: str = "") -> None:
        """Press a key that asks for a text, type it in place of what stands there, and wait for what follows."""
        self.press(key, rf"^ {question}: ")
        self.send(KEYS["ctrl+u"] + text.encode())
        # A text longer than the line is seen by its end.
        self.wait(rf"{re.escape(text[-40:])}\s*$")
        self.press("enter", pattern)

    def press_until(self, key: str, pattern: str, times: int = 40) -> None:
        """Press a key until the screen matches, each time waiting until the screen has changed."""
        for _ in range(times):
            if re.search(pattern, self.text(), re.MULTILINE):
                return
            before, end = self.text(), time.monotonic() + PATIENCE
            self.press(key)
            while self.text() == before and time.monotonic() < end:
                self._take(0.1)
            self.settle(0.1)
        self.wait(pattern, 2)

    # How the program ends

    def quit_status(self) -> int:
        """Wait for the program to end; returns its exit status."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self._take(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self._take(0):
                    pass
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"the program did not end:\n{self.text()}")

    def check_left_clean(self, *, at_prompt: bool = False) -> None:
        """Whether every mode is as it was before: the screen, the mouse, the cursor, echo and line editing.

        At its prompt a shell edits lines, and asks for pasted text to be marked.
        """
        modes: dict[int, bool] = {}
        for numbers, switch in _MODE.findall(self.raw):
            modes.update({int(number): switch == b"h" for number in numbers.split(b";")})
        assert modes.pop(_SHOW_CURSOR), "the cursor is hidden"
        wrapping = modes.pop(7, True)
        assert wrapping, "long lines do not wrap"
        if at_prompt:
            modes.pop(2004, None)
        assert not any(modes.values()), f"modes are still on: {[mode for mode, on in modes.items() if on]}"
        assert 1049 in modes
        assert self.raw.count(b"\x1b[>1u") <= self.raw.count(b"\x1b[<u"), "the keyboard protocol is still on"
        assert at_prompt or termios.tcgetattr(self._fd)[:4] == self._before, "echo or line editing is off"


def _size(columns: int, lines: int) -> bytes:
    return struct.pack("HHHH", lines, columns, 0, 0)


KEYS = {
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "enter": b"\r",
    "escape": b"\x1b",
    "end": b"\x1b[F",
    "home": b"\x1b[H",
    "pagedown": b"\x1b[6~",
    "ctrl+c": b"\x03",
    "ctrl+u": b"\x15",
    "ctrl+z": b"\x1a",
    "backspace": b"\x7f",
}
