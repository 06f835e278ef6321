"""Whole processes, measured from outside: time, CPU time, peak memory."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.01
_ANONYMOUS = re.compile(r"^Rss(?:Anon|Shmem):\s*(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Usage:
    """Seconds of wall time and of CPU time; bytes at the peak, in all and without mapped files (sampled)."""

    wall: float
    cpu: float
    peak: float
    anonymous: float


class Failed(Exception):
    """A command that did not end well, and the end of what it printed."""


def measure(command: Sequence[str | Path], environment: Mapping[str, str] | None = None, limit: float = 3600) -> Usage:
    """Run a command; raises Failed where it fails or takes longer than `limit` seconds."""
    began = time.perf_counter()
    with subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(environment or {})},
    ) as process:
        watch = _Watch(process.pid, began + limit)
        assert process.stdout is not None
        printed = b""
        while block := os.read(process.stdout.fileno(), 1 << 16):
            printed = (printed + block)[-2000:]
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.end()
    if process.returncode:
        what = "took too long" if watch.late else printed.decode(errors="replace").strip()[-400:]
        raise Failed(f"{Path(str(command[0])).name}: {what}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, watch.most)


class _Watch:
    """Looks at a process's memory until told to end, and ends the process when it is late."""

    def __init__(self, pid: int, deadline: float) -> None:
        self.most, self.late = 0, False
        self._pid, self._deadline = pid, deadline
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_EVERY):
            self.most = max(self.most, anonymous_memory(self._pid))
            if time.perf_counter() > self._deadline and not self.late:
                self.late = True
                os.kill(self._pid, 9)


def anonymous_memory(pid: int | str = "self") -> int:
    """Bytes that a process has in memory beside mapped files."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return 1024 * sum(int(kilobytes) for kilobytes in _ANONYMOUS.findall(status))


def median(found: Sequence[Usage]) -> Usage:
    """The median of each figure."""
    columns = ([getattr(usage, name) for usage in found] for name in ("wall", "cpu", "peak", "anonymous"))
    return Usage(*(statistics.median(column) for column in columns))
