"""Real processes to capture: Node and Chromium, where they are installed."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.capture.running import Node, Start, wait_until

DEFAULT_PORT = 9229


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts programs in Node, and ends them."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is not installed")
    running: list[Node] = []

    def start(script: str, *flags: str) -> Node:
        node = Node(program, script, flags or ("--inspect-port=0",), tmp_path / f"program-{len(running)}")
        running.append(node)
        return node

    yield start
    for node in running:
        node.end()


@pytest.fixture
def default_port() -> Iterator[int]:
    """The port of Node's inspector, for one test at a time."""
    with open(os.path.join(tempfile.gettempdir(), f"heaptui-tests-{DEFAULT_PORT}"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with socket.socket() as trial:
            # As Node does it, so that connections that are just over are no hindrance.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", DEFAULT_PORT))
            except OSError:
                pytest.skip(f"somebody else uses port {DEFAULT_PORT}")
        yield DEFAULT_PORT


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Callable[[str], int]]:
    """Opens a page in Chromium; returns the port of its inspector."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("chromium is not installed")
    running: list[subprocess.Popen[bytes]] = []
    profile = tmp_path / "profile"

    def start(page: str) -> int:
        flags = (
            "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
            f"--disable-component-update --disable-sync --remote-debugging-port=0 --user-data-dir={profile}"
        )
        quiet = subprocess.DEVNULL
        running.append(
            subprocess.Popen([program, *flags.split(), page], stdout=quiet, stderr=quiet, start_new_session=True)
        )
        port = profile / "DevToolsActivePort"
        wait_until(lambda: port.exists() and "\n" in port.read_text())
        return int(port.read_text().splitlines()[0])

    yield start
    for process in running:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
