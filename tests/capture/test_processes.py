"""What /proc tells of processes, and which must not be sent a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from heaptui.capture import processes
from heaptui.capture.errors import CaptureError
from heaptui.capture.processes import elsewhere, known, node_processes, process_of, why_deaf
from tests.capture.running import SERVER, Start, wait_until


@pytest.fixture
def bystander() -> Iterator[int]:
    """A process that is no Node and would be killed by SIGUSR1."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process.pid
    process.communicate(b"\n")


def test_node_processes_are_listed(start: Start, bystander: int) -> None:
    node = start(SERVER)
    found = {process.pid: process for process in node_processes()}
    assert bystander not in found
    assert found[node.pid].command.endswith("node --inspect-port=0 app.js")
    assert 10_000_000 < found[node.pid].rss < 1_000_000_000
    assert node.errors() == ""
    node.end()
    assert node.pid not in {process.pid for process in node_processes()}


def test_a_program_that_is_not_node_is_left_alone(bystander: int) -> None:
    assert "runs python" in why_deaf(known(bystander))
    assert process_of(bystander) is not None


def test_who_is_not_there_is_told() -> None:
    with pytest.raises(CaptureError, match=r"there is no process 999999999 here$"):
        known(999_999_999)


def test_another_user_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: os.stat("/proc/self").st_uid + 1)
    with pytest.raises(CaptureError, match=r"is another user's: take the snapshot as \w+"):
        known(os.getpid())


def test_a_container_calls_its_processes_otherwise(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = start(SERVER)
    before = processes.status

    def status(pid: int) -> dict[str, str]:
        return {**before(pid), "NSpid": f"{pid}\t{999_999_999 if pid == node.pid else pid}"}

    monkeypatch.setattr(processes, "status", status)
    with pytest.raises(CaptureError, match=rf"no process 999999999 here; {node.pid} is the process that its container"):
        known(999_999_999)


def test_who_does_not_heed_the_signal_is_not_sent_it(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    process = known(start(SERVER).pid)
    assert why_deaf(process) == ""
    # As --disable-sigusr1 of later versions leaves it.
    caught = int(processes.status(process.pid)["SigCgt"], 16) & ~(1 << (signal.SIGUSR1 - 1))
    monkeypatch.setattr(processes, "status", lambda pid: {"State": "S (sleeping)", "SigCgt": f"{caught:016x}"})
    assert "opens no inspector on SIGUSR1" in why_deaf(process)


def test_other_networks_are_seen() -> None:
    assert not elsewhere(os.getpid())


def test_without_proc_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "PROC", str(tmp_path / "proc"))
    for look in (node_processes, lambda: known(1)):
        with pytest.raises(CaptureError, match="kill -USR1 PID makes Node listen"):
            look()


def test_a_process_is_told_from_another_with_its_id(start: Start) -> None:
    first, second = start(SERVER), start(SERVER)
    wait_until(lambda: process_of(second.pid) is not None)
    one, other = process_of(first.pid), process_of(second.pid)
    assert one is not None
    assert other is not None
    assert one.started < other.started
