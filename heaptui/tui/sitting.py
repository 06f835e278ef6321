"""A conversation with a process that goes on while the app shows what was taken of it."""

from __future__ import annotations

import os
import queue
import threading
from typing import TYPE_CHECKING, Protocol

from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.tui import CAPTURES

if TYPE_CHECKING:
    from heaptui.capture.reaching import Reached, Target

_LOOKS = 0.2
"""Seconds between looks whether there is anything to do."""


class Guest(Protocol):
    """Who wants a snapshot; called on the thread of the sitting."""

    job: Progress

    def visit(self, found: Reached) -> str:
        """Take the snapshot; returns its file."""
        ...

    def served(self, path: str) -> None:
        """Hear that the snapshot is there."""
        ...

    def failed(self, error: Exception) -> None:
        """Hear why there is none."""
        ...

    def note(self, words: str) -> None:
        """Hear what should be known of the process."""
        ...


class Sitting:
    """One session with a process, for several snapshots.

    V8 numbers all objects anew when a session ends, so only what was taken in one can be compared object by object.
    A snapshot that fails or is stopped ends it.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.files: list[str] = []
        """What was taken, as absolute paths."""
        self._guests: queue.SimpleQueue[Guest] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def goes_on(self) -> bool:
        """Whether another snapshot can be taken in it."""
        return self._thread is not None and self._thread.is_alive() and not self._closed.is_set()

    def receive(self, guest: Guest) -> None:
        """Take a snapshot for somebody, on a thread that is waited for when the app ends: it closes the inspector."""
        self._guests.put(guest)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=CAPTURES, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the session; an inspector that was opened for it is closed."""
        self._closed.set()

    def _run(self) -> None:
        from heaptui.capture.reaching import reached

        guest: Guest | None = self._guests.get()
        last = guest
        try:
            assert guest is not None
            with reached(self.target, guest.job, lambda words: last.note(words) if last else None) as found:
                while guest is not None:
                    last = guest
                    path = guest.visit(found)
                    self.files.append(os.path.abspath(path))
                    guest.served(path)
                    guest = None
                    guest = self._next(found)
        except Exception as error:
            self._closed.set()
            if guest is not None:
                guest.failed(error)

    def _next(self, found: Reached) -> Guest | None:
        """Wait for another one; None when the sitting is closed."""
        while not self._closed.is_set():
            try:
                return self._guests.get_nowait()
            except queue.Empty:
                found.session.rest(_LOOKS, self._check)
        return None

    def _check(self) -> None:
        if self._closed.is_set():
            raise Cancelled
