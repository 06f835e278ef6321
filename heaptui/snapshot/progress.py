"""How far a long job is, and a way to stop it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Cancelled(Exception):
    """The user stopped the job."""


class Progress:
    """State of one long job, written by its threads and read by a screen.

    Readers may look at the attributes at any time from any thread; they see
    plain values, never a lock.

    Attributes:
        phase: what is being done, in the user's words ("reading nodes").
        done, total: units finished and in all; total is 0 while unknown.
        unit: "bytes", or "objects" for the phases after reading.
        started: `time.monotonic()` when the job began.
    """

    def __init__(self) -> None:
        self.phase = "starting"
        self.done = 0
        self.total = 0
        self.unit = "objects"
        self.started = time.monotonic()
        self._phase_started = self.started
        self._lock = threading.Lock()
        self._cancelled = threading.Event()

    def begin(self, phase: str, total: int = 0, unit: str = "objects") -> None:
        """Enter a phase; raises Cancelled where the job was stopped."""
        self.check()
        with self._lock:
            self.phase, self.done, self.total, self.unit = phase, 0, total, unit
            self._phase_started = time.monotonic()

    def advance(self, amount: int) -> None:
        """Count finished units; raises Cancelled where the job was stopped."""
        self.check()
        with self._lock:
            self.done += amount

    def cancel(self) -> None:
        """Ask the job to stop; it does so at its next `check`."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise Cancelled where the job was stopped."""
        if self._cancelled.is_set():
            raise Cancelled

    @property
    def share(self) -> float | None:
        """Finished share of the phase, 0 to 1, or None while unknown."""
        return min(1.0, self.done / self.total) if self.total else None

    @property
    def rate(self) -> float:
        """Units a second in this phase."""
        return self.done / max(1e-3, time.monotonic() - self._phase_started)

    @property
    def seconds_left(self) -> float | None:
        """Estimated rest of the phase in seconds, or None while unknown."""
        if not self.total or not self.done:
            return None
        return max(0.0, (self.total - self.done) / self.rate)


@contextmanager
def phase(progress: Progress, name: str, total: int = 0, unit: str = "objects") -> Iterator[None]:
    """A phase as a block: begins it, and checks for a cancel at its end."""
    progress.begin(name, total, unit)
    yield
    progress.check()
