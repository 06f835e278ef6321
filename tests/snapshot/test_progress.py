"""A job tells how far it is and stops when it is asked to."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from heaptui.heap import load_heap
from heaptui.snapshot.progress import Cancelled, Progress, phase
from tests.building import chain
from tests.snapshot.reading import write


class Recorded(Progress):
    """Keeps what phases there were, and stops where a phase begins that it was told."""

    def __init__(self, stop_in: str | None = None) -> None:
        super().__init__()
        self.phases: list[str] = []
        self._stop_in = stop_in

    def begin(self, phase: str, total: int = 0, unit: str = "objects") -> None:
        """Enter a phase; another thread cancels it where it is the one to stop in."""
        super().begin(phase, total, unit)
        self.phases.append(phase)
        if phase == self._stop_in:
            user = threading.Thread(target=self.cancel)
            user.start()
            user.join()


def phases_of(path: Path) -> list[str]:
    """The phases of loading a file, without those of a machine's first run."""
    recorded = Recorded()
    load_heap(path, recorded)
    return [name for name in recorded.phases if not name.startswith("compiling")]


def test_loading_passes_through_named_phases(tmp_path: Path) -> None:
    phases = phases_of(write(tmp_path, chain(50).encode()))
    assert [phase for phase in phases if phase.startswith("measuring")] == [
        f"measuring {name}" for name in ("nodes", "edges", "samples", "locations")
    ]
    assert (
        phases.index("measuring locations")
        < phases.index("reading strings")
        < phases.index("reading nodes")
        < phases.index("reading edges")
    )
    assert len(set(phases)) == len(phases)


def test_a_cancel_from_another_thread_stops_loading_in_every_phase(tmp_path: Path) -> None:
    path = write(tmp_path, chain(50).encode())
    # The last phase is short and runs to its end.
    for name in phases_of(path)[:-1]:
        recorded = Recorded(stop_in=name)
        with pytest.raises(Cancelled):
            load_heap(path, recorded)
        assert recorded.cancelled
        assert recorded.phases.count(name) == 1


def test_a_job_cancelled_before_it_began_does_nothing(tmp_path: Path) -> None:
    recorded = Recorded()
    recorded.cancel()
    with pytest.raises(Cancelled):
        load_heap(write(tmp_path, chain(5).encode()), recorded)
    assert recorded.phases == []


def test_the_share_is_unknown_without_a_total_and_never_above_one() -> None:
    progress = Progress()
    progress.begin("a")
    assert (progress.share, progress.seconds_left) == (None, None)
    progress.begin("b", 200)
    assert (progress.share, progress.seconds_left) == (0.0, None)
    progress.advance(50)
    assert progress.share == 0.25
    progress.advance(1000)
    assert progress.share == 1.0


def test_rate_and_rest_follow_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    progress = Progress()
    progress.begin("reading", 1000, "bytes")
    now += 4
    progress.advance(200)
    assert (progress.rate, progress.seconds_left) == (50.0, 16.0)
    progress.begin("next", 10)
    assert (progress.done, progress.rate) == (0, 0.0)


def test_a_phase_as_a_block_notices_a_cancel_at_its_end() -> None:
    progress = Progress()

    def block() -> None:
        with phase(progress, "counting", 5):
            assert (progress.phase, progress.total) == ("counting", 5)
            progress.cancel()

    with pytest.raises(Cancelled):
        block()


def test_counting_from_many_threads_loses_nothing() -> None:
    progress = Progress()
    progress.begin("counting", 8000)

    def count() -> None:
        for _ in range(1000):
            progress.advance(1)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert progress.done == 8000
