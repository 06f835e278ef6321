"""From what the user names to a conversation with a heap, and back to how things were."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from heaptui.capture import sockets
from heaptui.capture.endpoints import Endpoint, endpoints_at, split_address
from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.capture.memory import used_heap
from heaptui.capture.processes import Process, known, process_of
from heaptui.capture.session import Session, connected
from heaptui.capture.waking import listening_inspector, put_to_sleep, wake
from heaptui.capture.workers import chosen_worker, worker_session
from heaptui.snapshot.progress import Progress

_GLANCE = 1.0
_HERE = ("127.0.0.1", "::1", "localhost")


class SeveralPages(CaptureError):
    """There is more than one heap at an address, and one must be chosen."""

    def __init__(self, pages: Sequence[Endpoint]) -> None:
        super().__init__("there are several pages; type the address of one")
        self.pages = pages


@dataclass(frozen=True, slots=True)
class Target:
    """What the user names: a process id, `host:port` or `ws://` address, and a worker in it where it is that."""

    address: str
    worker: int | None = None

    def __str__(self) -> str:
        what = f"process {self.address}" if self.address.isdigit() else self.address
        return what if self.worker is None else f"worker {self.worker} of {what}"


@dataclass(frozen=True, slots=True)
class Reached:
    """A heap that can be captured now.

    Attributes:
        target: how it was named; of several pages the one that was meant.
        session: the conversation with it; with a worker's where that was asked for.
        process: its process, where that is of this machine and known.
        name: what of it stands in the names of files: the process id, or the address.
        title: how it is called on screen; not escaped.
    """

    target: Target
    session: Session
    process: Process | None
    name: str
    title: str


@contextmanager
def reached(target: Target, progress: Progress, tell: Callable[[str], None]) -> Iterator[Reached]:
    """Connect to a target; an inspector that this opens is closed afterwards.

    `tell` hears what the user should know of that. Raises CaptureError, SeveralPages
    where the address has more than one heap, or Cancelled.
    """
    progress.begin("connecting")
    address = target.address
    if address.isascii() and address.isdigit() and len(address) < 10:
        process = known(int(address))
        with _process(process, progress, tell) as session:
            yield _heap(target, session, process, address)
        return
    endpoint = _endpoint(address)
    with connected(endpoint.address) as session:
        parts = urlsplit(endpoint.address)
        local = None if endpoint.browser else _local(parts.hostname or "", parts.port or 80)
        name = str(local.pid) if local else f"{parts.hostname}-{parts.port}".replace(":", "_")
        yield _heap(Target(endpoint.address, target.worker), session, local, name)


@contextmanager
def _process(process: Process, progress: Progress, tell: Callable[[str], None]) -> Iterator[Session]:
    endpoint = listening_inspector(process)
    ours = endpoint is None
    try:
        if endpoint is None:
            progress.begin("waiting for the inspector to open")
            endpoint = wake(process, progress.check)
        with connected(endpoint.address) as session:
            yield session
    finally:
        if ours:
            progress.phase = "closing the inspector"
            if not put_to_sleep(process):
                tell(
                    f"the inspector of process {process.pid} is open still; it closes when the process has done what "
                    "it is busy with, and at the latest when it ends"
                )


def _heap(target: Target, session: Session, process: Process | None, name: str) -> Reached:
    _hear_end(session)
    title = process.command if process else target.address
    if target.worker is None:
        return Reached(target, session, process, name, title)
    inner = worker_session(session, chosen_worker(session, target.worker))
    return Reached(target, inner, process, f"{name}-worker{target.worker}", f"worker {target.worker} of {title}")


def heap_of(process: Process) -> int | None:
    """Bytes that the heap of a process uses, where its inspector listens already and nobody is connected to it.

    V8 numbers all objects anew when a session ends, which would spoil the series that somebody else is taking.
    """
    with contextlib.suppress(CaptureError):
        endpoint = listening_inspector(process)
        if endpoint is not None and not sockets.is_connected(urlsplit(endpoint.address).port or 0):
            with connected(endpoint.address) as session:
                return used_heap(session, _GLANCE)
    return None


def _endpoint(target: str) -> Endpoint:
    if target.startswith(("ws://", "wss://")):
        return Endpoint(target, browser="/devtools/" in target)
    address = split_address(target)
    if address is None:
        raise CaptureError(f"{target!r} is no process id, no host:port and no ws:// address")
    found = endpoints_at(*address)
    if len(found) > 1:
        raise SeveralPages(found)
    return found[0]


def _local(host: str, port: int) -> Process | None:
    """The process of this machine that listens there."""
    if host not in _HERE or not os.path.isdir("/proc"):
        return None
    pid = sockets.listener(port)
    process = process_of(pid) if pid is not None else None
    # What listens for another machine, such as ssh, is not what is captured.
    return process if process is not None and (process.is_node or process.program == "deno") else None


def _hear_end(session: Session) -> None:
    """A Node process that has done its work waits for us to leave; then it is gone."""

    def ending(_: object) -> None:
        raise TargetGone("the process has come to its end")

    session.hear("NodeRuntime.waitingForDisconnect", ending)
    with contextlib.suppress(CaptureError):
        session.call("NodeRuntime.notifyWhenWaitingForDisconnect", {"enabled": True})
