"""The Node processes of this machine, as /proc tells of them."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from heaptui.capture.errors import CaptureError

PROC = "/proc"
NO_PROC = (
    "processes are found by way of /proc, which this system lacks: kill -USR1 PID makes Node listen, and then its "
    "address is 127.0.0.1:9229"
)
_NODE = re.compile(r"node(js)?[-.\d]*( \(deleted\))?")
_STOPPED = ("T", "t")


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this machine.

    Attributes:
        pid: its id here.
        inner: its id in its own namespace, which is another one in a container.
        program: the name of the file it runs.
        command: its command line; not escaped.
        rss: bytes of it in memory.
        started: clock ticks from the machine's start to the process's, which tell two with one id apart.
    """

    pid: int
    inner: int
    program: str
    command: str
    rss: int
    started: int

    @property
    def is_node(self) -> bool:
        """Whether it runs Node, by the name of its program."""
        return _NODE.fullmatch(self.program) is not None


def node_processes() -> list[Process]:
    """The Node processes of this user, the largest first; those of all users for the superuser."""
    own = os.getuid()
    found = [process_of(pid) for pid in _pids() if own in (0, _owner(pid))]
    return sorted((p for p in found if p is not None and p.is_node), key=lambda p: (-p.rss, p.pid))


def known(pid: int) -> Process:
    """A process by its id; raises CaptureError where there is none, or it is another user's."""
    if not os.path.isdir(PROC):
        raise CaptureError(NO_PROC)
    owner = _owner(pid)
    if owner is None:
        inside = [p.pid for p in node_processes() if p.inner == pid]
        hint = f"; {inside[0]} is the process that its container calls {pid}" if inside else ""
        raise CaptureError(f"there is no process {pid} here{hint}")
    if owner != os.getuid() != 0:
        who = "root" if owner == 0 else f"{_user(owner)} or root"
        raise CaptureError(f"process {pid} is another user's: take the snapshot as {who}")
    process = process_of(pid)
    if process is None:
        raise CaptureError(f"process {pid} has ended, or is part of the system")
    return process


def process_of(pid: int) -> Process | None:
    """What is known of a process; None where it is gone or may not be looked at."""
    try:
        program = os.path.basename(os.readlink(f"{PROC}/{pid}/exe"))
        words = _read(pid, "cmdline").split("\0")
        told = status(pid)
        # The name in the second field may have anything in it.
        fields = _read(pid, "stat").rpartition(")")[2].split()
        rss = int(told.get("VmRSS", "0").split()[0]) * 1024
        inner = int(told.get("NSpid", str(pid)).split()[-1])
        return Process(pid, inner, program, " ".join(words).strip() or program, rss, int(fields[19]))
    except (OSError, ValueError, IndexError):
        return None


def status(pid: int) -> dict[str, str]:
    """The lines of a process's status by their names; raises OSError where it is gone."""
    lines = (line.partition(":") for line in _read(pid, "status").splitlines())
    return {name: value.strip() for name, _, value in lines}


def why_deaf(process: Process) -> str:
    """Why a process must not be sent SIGUSR1, or would not heed it; empty where it may."""
    told = status(process.pid)
    if not process.is_node:
        return f"process {process.pid} runs {process.program}, not Node"
    if told.get("State", "").startswith(_STOPPED):
        return f"process {process.pid} is stopped; kill -CONT {process.pid} lets it go on"
    if not int(told.get("SigCgt", "0"), 16) >> (signal.SIGUSR1 - 1) & 1:
        return (
            f"process {process.pid} opens no inspector on SIGUSR1 (--disable-sigusr1, or it has only just started): "
            "start it with --inspect, or with --heapsnapshot-signal=SIGUSR2"
        )
    return ""


def elsewhere(pid: int) -> bool:
    """Whether a process has another network than we, as in a container."""
    try:
        return os.readlink(f"{PROC}/{pid}/ns/net") != os.readlink(f"{PROC}/self/ns/net")
    except OSError:
        return False


def named_options(process: Process) -> str:
    """Its command line and NODE_OPTIONS, where the inspector's address may stand."""
    try:
        variables = _read(process.pid, "environ").split("\0")
    except OSError:
        variables = []
    own = [value.partition("=")[2] for value in variables if value.startswith("NODE_OPTIONS=")]
    return " ".join([process.command, *own])


def _pids() -> Iterator[int]:
    if not os.path.isdir(PROC):
        raise CaptureError(NO_PROC)
    return (int(name) for name in os.listdir(PROC) if name.isdigit())


def _owner(pid: int) -> int | None:
    try:
        return os.stat(f"{PROC}/{pid}").st_uid
    except OSError:
        return None


def _user(number: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _read(pid: int, name: str) -> str:
    with open(f"{PROC}/{pid}/{name}", encoding=sys.getfilesystemencoding(), errors="surrogateescape") as file:
        return file.read()
