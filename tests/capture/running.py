"""A Node process that a test captures."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

PATIENCE = 60.0
"""Seconds after which what a test waits for is taken not to come."""

SERVER = """
class Visitor { constructor(i) { this.name = "visitor " + i } }
globalThis.visitors = Array.from({ length: 300 }, (_, i) => new Visitor(i));
const server = require("http").createServer((_, response) => response.end("ok"));
server.listen(0, "127.0.0.1", () => console.log("ready", server.address().port));
"""
"""A server that keeps 300 visitors."""

WORKERS = """
const { Worker, isMainThread } = require("worker_threads");
class Cook {}
globalThis.kept = isMainThread ? [] : Array.from({ length: 77 }, () => new Cook());
if (isMainThread) new Worker(__filename).on("online", () => setTimeout(() => console.log("ready"), 200));
setInterval(() => {}, 1000);
"""
"""A program whose worker keeps 77 cooks."""

LARGE = """
globalThis.kept = Array.from({ length: 60000 }, (_, i) => ({ name: "a long name for the object " + i }));
setInterval(() => {}, 1000);
console.log("ready");
"""
"""A heap that takes more room than the sockets between two processes have."""


class Node:
    """A program in Node; it has said "ready" on standard output."""

    def __init__(self, program: str, script: str, flags: Sequence[str], folder: Path) -> None:
        folder.mkdir()
        (folder / "app.js").write_text(script)
        self._errors = folder / "stderr"
        with self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [program, *flags, "app.js"], cwd=folder, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        self.pid = self.process.pid
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline().split()
        assert self.said[:1] == ["ready"], self.errors()

    def errors(self) -> str:
        """What it has written to standard error."""
        return self._errors.read_text()

    def inspector_port(self) -> int:
        """Where its inspector listens, as it says itself."""
        wait_until(lambda: "listening on ws://" in self.errors())
        found = re.findall(r"ws://127\.0\.0\.1:(\d+)/", self.errors())
        return int(found[-1])

    def end(self) -> None:
        """Kill it, if it runs still."""
        if self.process.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Start(Protocol):
    """Starts a program with Node's flags."""

    def __call__(self, script: str, *flags: str) -> Node:
        """A running program."""
        ...


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.02)
