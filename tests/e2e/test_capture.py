"""`heaptui capture` in a real terminal, of real processes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from heaptui.capture import sockets
from heaptui.cli import main
from tests.capture.running import LARGE, PATIENCE, SERVER, WORKERS, Node, Start, wait_until
from tests.e2e.terminal import PROGRAM, Terminal

SLOW = LARGE.replace("60000", "250000")
"""A heap whose snapshot takes seconds."""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `heaptui capture` without a terminal."""
    return subprocess.run(
        [PROGRAM, "capture", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def status_of(*arguments: str) -> int | str | None:
    """The exit status of a command."""
    try:
        return main(arguments)
    except SystemExit as wrong_usage:
        return wrong_usage.code


def files(folder: Path, names: Sequence[str]) -> bool:
    """Whether these files are in a folder, and no others."""
    return sorted(path.name for path in folder.iterdir()) == sorted(names)


def test_in_a_script_standard_output_has_the_files(start: Start, own_folder: Path) -> None:
    node = start(SERVER)
    done = run(node.pid, "--count", 2, "--every", "10ms", "--gc", "-o", "leak.heapsnapshot")
    assert (done.returncode, done.stdout) == (0, "leak-1.heapsnapshot\nleak-2.heapsnapshot\n")
    lines = done.stderr.splitlines()
    assert re.fullmatch(r"heaptui: .*node --inspect-port=0 app\.js: heap .* MB, RSS .* MB, .* of disk free", lines[0])
    assert re.fullmatch(r"heaptui: .* MB in .* s, whole", lines[1])
    assert lines[-1] == "heaptui: next: heaptui leak-1.heapsnapshot leak-2.heapsnapshot"
    assert files(own_folder, done.stdout.split())
    again = run(node.pid, "--count", 2, "-o", "leak.heapsnapshot")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "heaptui: leak-1.heapsnapshot is there already; --overwrite writes over it\n"
    assert run(node.pid, "--overwrite", "-o", "leak-1.heapsnapshot").returncode == 0
    listed = run()
    assert listed.returncode == 0
    assert re.search(rf"^ +{node.pid} +− +\d.* MB  .*node --inspect-port=0 app\.js$", listed.stdout, re.MULTILINE)
    assert "heaptui: type which one: heaptui capture " in listed.stderr
    assert not sockets.is_listened(node.inspector_port())


def test_the_name_says_which_process_and_when(start: Start, own_folder: Path) -> None:
    node = start(WORKERS)
    listed = run(node.pid, "--workers")
    assert re.fullmatch(r"  1  \[worker 1\].*  file:///.*app\.js\n", listed.stdout)
    assert f"heaptui capture {node.pid} --worker 1" in listed.stderr
    done = run(node.pid, "--worker", 1, "--timeline", "100ms")
    assert re.fullmatch(rf"\./heap-{node.pid}-worker1-\d{{8}}-\d{{6}}\.heaptimeline\n", "./" + done.stdout), done.stderr
    assert files(own_folder, done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["999999999"], 1, "there is no process 999999999 here"),
        (["here"], 1, "'here' is no process id, no host:port and no ws:// address"),
        (["127.0.0.1:1"], 1, "nothing listens on 127.0.0.1:1"),
        (["ws://127.0.0.1:1/x"], 1, "cannot be connected to"),
        (["1", "--every", "5s"], 2, "--count says how many"),
        (["1", "--count", "2", "--timeline", "5s"], 2, "--timeline records once"),
        (["1", "--open"], 2, "--open needs a terminal"),
        (["1", "-o", "x.heapsnapshot.gz"], 2, "without .gz or .zst"),
        (["1", "-o", "-"], 2, "a snapshot goes to a file"),
        (["1", "--workers", "--worker", "1"], 2, "give one of them"),
        (["1", "--every", "soon"], 2, "times look like 60s or 5m"),
        (["1", "--count", "0"], 2, "no count from 1 to"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    arguments: Sequence[str], status: int, said: str, own_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of("capture", *arguments) == status
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err.splitlines()[-1]
    assert files(own_folder, [])


TIGHT = """
import heaptui.capture.memory as memory
memory._available = lambda: 1000
"""


@pytest.fixture
def tight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is short of memory."""
    (tmp_path / "sitecustomize.py").write_text(TIGHT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.usefixtures("tight")
def test_where_the_process_may_be_killed_it_is_asked(start: Start, own_folder: Path) -> None:
    node = start(SERVER)
    refused = run(node.pid)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "1.00 kB are left: the process may be killed" in refused.stderr
    assert refused.stderr.endswith("heaptui: nothing was taken; --yes takes it all the same\n")
    with Terminal(["capture", str(node.pid)]) as terminal:
        terminal.wait(r"Take it all the same\? \[y/N\]")
        terminal.press("enter")
        assert terminal.quit_status() == 0
    assert files(own_folder, [])
    with Terminal(["capture", str(node.pid), "-o", "asked.heapsnapshot"]) as terminal:
        terminal.wait(r"Take it all the same\? \[y/N\]")
        terminal.send(b"y\r")
        assert terminal.quit_status() == 0
    told = run(node.pid, "--yes", "-o", "told.heapsnapshot")
    assert told.returncode == 0
    assert "1.00 kB are left: the process may be killed" in told.stderr
    assert files(own_folder, ["asked.heapsnapshot", "told.heapsnapshot"])


def test_one_is_chosen_from_the_list(start: Start, own_folder: Path) -> None:
    node = start(SERVER)
    with Terminal(["capture"]) as terminal:
        terminal.wait(rf"^ +{node.pid} .*app\.js")
        terminal.wait(r"Which pid\?")
        terminal.send(f"{node.pid}\r".encode())
        terminal.wait(rf"next: heaptui heap-{node.pid}-")
        assert terminal.quit_status() == 0
    assert len(list(own_folder.glob(f"heap-{node.pid}-*.heapsnapshot"))) == 1


def test_ctrl_c_leaves_nothing_behind(start: Start, own_folder: Path) -> None:
    node = start(SLOW)
    with Terminal(["capture", str(node.pid)]) as terminal:
        terminal.wait(r"(taking|writing) the snapshot")
        terminal.press("ctrl+c")
        assert terminal.quit_status() == 130
    check_rested(node)
    assert files(own_folder, [])


def test_a_connection_that_breaks_keeps_what_is_whole(start: Start, own_folder: Path) -> None:
    node = start(SERVER)
    with Terminal(["capture", str(node.pid), "--count", "2"]) as terminal:
        terminal.wait(r"waiting for snapshot 2")
        (first,) = own_folder.iterdir()
        os.kill(terminal.pid, signal.SIGHUP)
        assert terminal.quit_status() == 128 + signal.SIGHUP
    check_rested(node)
    assert files(own_folder, [first.name])


def test_an_app_that_is_ended_meanwhile_cleans_up(start: Start, own_folder: Path) -> None:
    node = start(SLOW)
    with Terminal([]) as terminal:
        terminal.wait(r"No snapshot is open")
        terminal.press("t")
        key = terminal.wait(rf"│ (\S)  {node.pid} ")[1]
        terminal.press(key, r"(taking|writing) the snapshot")
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.quit_status() == 128 + signal.SIGTERM
        terminal.check_left_clean()
    check_rested(node)
    assert files(own_folder, [])


def check_rested(node: Node) -> None:
    """Whether a process closes its inspector when it has done what it is busy with, and goes on."""
    port = node.inspector_port()
    wait_until(lambda: not sockets.is_listened(port))
    assert node.process.poll() is None
