"""The worker threads of a Node process, each with a heap of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from heaptui.capture.errors import CaptureError, TargetGone
from heaptui.capture.foreign import brief, members
from heaptui.capture.session import Params, Session

_NUMBER = re.compile(r"\[?worker (\d{1,9})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker thread.

    Attributes:
        number: which one it is, as `worker_threads.threadId` in it says.
        title, url: what it runs; not escaped.
        session: how the inspector calls our conversation with it.
    """

    number: int
    title: str
    url: str
    session: str


def workers_of(session: Session) -> list[Worker]:
    """The worker threads that run now, in the order of their numbers; raises CaptureError where it is not Node."""
    found: list[Worker] = []

    def attached(params: Params) -> None:
        told = members(params.get("workerInfo"))
        title, url = brief(told.get("title", "")), brief(told.get("url", ""))
        # The id that the inspector gives is another one each time.
        named = _NUMBER.match(title)
        number = int(named[1]) if named else len(found) + 1
        found.append(Worker(number, title, url, str(params.get("sessionId", ""))))

    session.hear("NodeWorker.attachedToWorker", attached)
    session.call("NodeWorker.enable", {"waitForDebuggerOnStart": False})
    return sorted(found, key=lambda worker: worker.number)


def worker_session(session: Session, worker: Worker) -> Session:
    """A conversation with a worker, by way of the one with its process."""

    def send(text: str) -> None:
        session.call("NodeWorker.sendMessageToWorker", {"message": text, "sessionId": worker.session})

    def hear(params: Params) -> None:
        if params.get("sessionId") == worker.session:
            inner.take(str(params.get("message", "")))

    def ended(params: Params) -> None:
        if params.get("sessionId") == worker.session:
            raise TargetGone(f"worker {worker.number} ended")

    inner = Session(send, session.pump)
    session.hear("NodeWorker.receivedMessageFromWorker", hear)
    session.hear("NodeWorker.detachedFromWorker", ended)
    return inner


def chosen_worker(session: Session, number: int) -> Worker:
    """The worker of a number; raises CaptureError where there is none."""
    workers = workers_of(session)
    for worker in workers:
        if worker.number == number:
            return worker
    there = ", ".join(str(worker.number) for worker in workers)
    raise CaptureError(f"there is no worker {number}; " + (f"there are: {there}" if there else "there are none"))
