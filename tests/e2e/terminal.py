"""A real terminal for the installed program: a pty whose output an emulator reads."""

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
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import pyte

PROGRAM = Path(sys.executable).parent / "heaptui"
# What terminals understand and the emulator does not: it would print a part of them.
_UNKNOWN = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[$]?[a-zA-Z]|\x1b\[[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\"
)
_KEPT = re.compile(rb"\x1b\[\?[0-9;]*[hl]")


class Terminal:
    """The program on a pty of a given size."""

    def __init__(
        self, arguments: Sequence[str], columns: int = 120, lines: int = 40, term: str = "xterm-256color"
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.received = 0
        self.raw = b""
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            environment = {**os.environ, "TERM": term, "LANG": "C.UTF-8", "COLUMNS": "", "LINES": ""}
            del environment["COLUMNS"], environment["LINES"]
            os.execve(PROGRAM, ["heaptui", *arguments], environment)
        self._set_size(columns, lines)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self._fd)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def resize(self, columns: int, lines: int) -> None:
        """Change the window's size; the program gets a SIGWINCH."""
        self._set_size(columns, lines)
        self.screen.resize(lines, columns)

    def read(self, seconds: float) -> None:
        """Take in what the program writes, until it has been quiet for a moment."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([self._fd], [], [], 0.05)[0]:
                continue
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:
                return
            if not data:
                return
            self.received += len(data)
            self.raw += data
            self._stream.feed(_UNKNOWN.sub(lambda m: m[0] if _KEPT.fullmatch(m[0]) else b"", data))

    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        """Wait until the screen matches a regular expression; fails with the screen where it does not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.1)
            if found := re.search(pattern, self.text(), re.MULTILINE):
                return found
        raise AssertionError(f"{pattern!r} did not appear on the screen:\n{self.text()}")

    @property
    def pid(self) -> int:
        """The process of the program."""
        return self._pid

    def send(self, data: bytes) -> None:
        """Send bytes as a terminal would."""
        if data:
            os.write(self._fd, data)

    def press(self, *keys: str) -> None:
        """Type keys, by name or as text."""
        for key in keys:
            os.write(self._fd, KEYS.get(key, key.encode()))
            self.read(0.15)

    def type(self, text: str) -> None:
        """Type a text at once."""
        os.write(self._fd, text.encode())
        self.read(0.3)

    def press_until(self, key: str, pattern: str, times: int = 40) -> None:
        """Press a key until the screen matches."""
        for _ in range(times):
            if re.search(pattern, self.text(), re.MULTILINE):
                return
            self.press(key)
        self.wait(pattern, 2)

    def quit_status(self, seconds: float = 20) -> int:
        """Wait for the program to end; returns its exit status."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.05)
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"the program did not end:\n{self.text()}")


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
    "backspace": b"\x7f",
}
