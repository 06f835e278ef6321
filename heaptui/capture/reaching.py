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
class Reached:
    """A heap that can be captured now.

    Attributes:
        session: the conversation with it; with a worker's where that was asked for.
        process: its process, where that is of this machine and known.
        name: what of it stands in the names of files: the process id, or the address.
        title: how it is called on screen; not escaped.
    """

    session: Session
    process: Process | None
    name: str
    title: str


@contextmanager
def reached(
    target: str, progress: Progress, tell: Callable[[str], None], worker: int | None = None
) -> Iterator[Reached]:
    """Connect to a process id, `host:port` or `ws://` address; an inspector that this opens is closed afterwards.

    `tell` hears what the user should know of that. Raises CaptureError, SeveralPages
    where the address has more than one heap, or Cancelled.
    """
    progress.begin("connecting")
    if target.isascii() and target.isdigit() and len(target) < 10:
        with _process(known(int(target)), progress, tell) as found:
            yield _worker_of(found, worker)
        return
    endpoint = _endpoint(target)
    with connected(endpoint.address) as session:
        parts = urlsplit(endpoint.address)
        process = None if endpoint.browser else _local(parts.hostname or "", parts.port or 80)
        _hear_end(session)
        name = str(process.pid) if process else f"{parts.hostname}-{parts.port}".replace(":", "_")
        yield _worker_of(Reached(session, process, name, process.command if process else target), worker)


@contextmanager
def _process(process: Process, progress: Progress, tell: Callable[[str], None]) -> Iterator[Reached]:
    endpoint = listening_inspector(process)
    ours = endpoint is None
    try:
        if endpoint is None:
            progress.begin("waiting for the inspector to open")
            endpoint = wake(process, progress.check)
        with connected(endpoint.address) as session:
            _hear_end(session)
            yield Reached(session, process, str(process.pid), process.command)
    finally:
        if ours:
            progress.phase = "closing the inspector"
            if not put_to_sleep(process):
                tell(
                    f"the inspector of process {process.pid} is open still; it closes when the process has done what "
                    "it is busy with, and at the latest when it ends"
                )


def heap_of(process: Process) -> int | None:
    """Bytes that the heap of a process uses, where its inspector listens already."""
    with contextlib.suppress(CaptureError):
        endpoint = listening_inspector(process)
        if endpoint is not None:
            with connected(endpoint.address) as session:
                return int(session.call("Runtime.getHeapUsage", patience=_GLANCE).get("usedSize", 0))
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
    return process if process is not None and process.is_node else None


def _hear_end(session: Session) -> None:
    """A Node process that has done its work waits for us to leave; then it is gone."""

    def ending(_: object) -> None:
        raise TargetGone("the process has come to its end")

    session.hear("NodeRuntime.waitingForDisconnect", ending)
    with contextlib.suppress(CaptureError):
        session.call("NodeRuntime.notifyWhenWaitingForDisconnect", {"enabled": True})


def _worker_of(found: Reached, number: int | None) -> Reached:
    if number is None:
        return found
    worker = chosen_worker(found.session, number)
    inner = worker_session(found.session, worker)
    return Reached(inner, found.process, f"{found.name}-worker{number}", f"worker {number} of {found.title}")
