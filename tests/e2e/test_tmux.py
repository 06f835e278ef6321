"""The program inside tmux, where it is installed: as most people on a server see it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from heaptui.capture import sockets
from tests.capture.running import Start
from tests.e2e.terminal import FIRST, PATIENCE, PROGRAM

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Tmux:
    """A tmux server of its own, with one window."""

    def __init__(self, socket: Path) -> None:
        self._command = ["tmux", "-S", str(socket), "-f", "/dev/null"]

    def run(self, *arguments: str) -> str:
        """What a tmux command prints."""
        # What Python knows of the environment: readline puts COLUMNS and LINES into the process's own.
        known = dict(os.environ)
        return subprocess.run(
            [*self._command, *arguments], check=True, capture_output=True, text=True, env=known
        ).stdout

    def wait(self, pattern: str) -> str:
        """Wait for the window to match; returns what is on it."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, shown := self.run("capture-pane", "-p"), re.MULTILINE):
            assert time.monotonic() < end, f"{pattern!r} did not appear:\n{shown}"
            time.sleep(0.1)
        return shown


@pytest.fixture
def tmux() -> Iterator[Tmux]:
    """A shell in a window of 80x24, whose clipboard programs may set."""
    # The path of a socket may be no longer than 107 bytes, which those of tests often are.
    with tempfile.TemporaryDirectory(prefix="heaptui-") as folder:
        server = Tmux(Path(folder) / "tmux")
        server.run("new-session", "-d", "-x", "80", "-y", "24", "PS1='shell> ' sh -i")
        try:
            server.run("set-option", "-g", "set-clipboard", "on")
            server.wait(r"shell>")
            yield server
        finally:
            server.run("kill-server")


def test_a_session_in_tmux(tmux: Tmux) -> None:
    tmux.run("send-keys", f"{PROGRAM} demo", "Enter")
    tmux.wait(FIRST)
    tmux.run("send-keys", "/", "^Buffer", "Enter")
    tmux.wait(r"Nothing here matches")
    tmux.run("send-keys", "/", "C-u", "/^Buffer/", "Enter")
    tmux.wait(r"match: /\^Buffer/")
    tmux.run("send-keys", "Right", "Right")
    tmux.wait(r"Retainers of Buffer @\d+")
    for columns, lines in ((120, 40), (220, 60), (80, 24)):
        tmux.run("resize-window", "-x", str(columns), "-y", str(lines))
        tmux.wait(rf"\A heaptui .{{{columns - 30},}}kB")
    tmux.run("send-keys", "y")
    end = time.monotonic() + PATIENCE
    while tmux.run("list-buffers", "-F", "#{buffer_sample}").strip() != "Buffer":
        assert time.monotonic() < end, "the copy did not reach tmux"
        time.sleep(0.1)
    tmux.run("send-keys", "q")
    tmux.wait(r"shell>\s*\Z")
    state = tmux.run("display-message", "-p", "screen #{alternate_on}, cursor #{cursor_flag}, mouse #{mouse_any_flag}")
    assert state.strip() == "screen 0, cursor 1, mouse 0"


LEAKING = """
const http = require("http");
class Session { constructor(id) { this.id = id; this.basket = ["tea", "milk", id]; } }
const sessions = new Map();
const server = http.createServer((request, response) => {
  sessions.set(sessions.size, new Session(sessions.size));
  response.end("welcome");
});
server.listen(0, "127.0.0.1", () => console.log("ready", server.address().port));
"""

LOAD = """
const http = require("http");
const agent = new http.Agent({ keepAlive: true });
const visit = () => http.get({ port: process.argv[2], agent }, (r) => r.resume().on("end", () => setTimeout(visit, 2)))
  .on("error", () => process.exit());
for (let i = 0; i < 4; i++) visit();
"""


def test_a_leak_in_a_live_server_is_found(tmux: Tmux, start: Start, tmp_path: Path) -> None:
    server = start(LEAKING)
    (tmp_path / "load.js").write_text(LOAD)
    with subprocess.Popen(["node", tmp_path / "load.js", server.said[1]]) as load:
        try:
            tmux.run("send-keys", f"{PROGRAM} capture --count 2 --every 1s --open {server.pid}", "Enter")
            tmux.wait(r"A leak: 1 suspect.*5 tells more")
            tmux.run("send-keys", "5")
            shown = tmux.wait(r"entries more in variable sessions of app\.js \(Map\)")
            assert re.search(r"A leak: 1 suspect explains \d+ % of the growth", shown)
            assert re.search(rf"heap-{server.pid}-\d+-\d+-1 → ", shown)
            assert load.poll() is None
            assert server.process.poll() is None
            assert not sockets.is_listened(server.inspector_port())
        finally:
            load.kill()
    tmux.run("send-keys", "q")
    tmux.wait(r"shell>\s*\Z")
