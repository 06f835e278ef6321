"""Puts the fakes where the app gets its heaps and views."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from heaptui.demo import FILES
from heaptui.heap import Heap, LightHeap
from heaptui.opening.manner import Manner
from heaptui.snapshot.progress import Progress
from heaptui.tui import loading
from tests.tui import fakes


@pytest.fixture
def fake_heaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and views of arithmetic in place of real ones."""
    monkeypatch.setattr("heaptui.tui.loading._load", fakes.load)
    monkeypatch.setattr("heaptui.views.summary.SummaryView", fakes.FakeView)
    monkeypatch.setattr("heaptui.views.comparison.ComparisonView", fakes.FakeComparison)
    monkeypatch.setattr("heaptui.views.containment.ContainmentView", fakes.FakeView)
    monkeypatch.setattr("heaptui.views.statistics.StatisticsView", fakes.FakeStatistics)
    monkeypatch.setattr("heaptui.views.dominators.DominatorsView", fakes.FakeView)
    monkeypatch.setattr("heaptui.views.suspects.SuspectsView", fakes.FakeSuspects)
    monkeypatch.setattr("heaptui.views.strings.StringsView", fakes.FakeView)
    monkeypatch.setattr("heaptui.views.paths.PathsView", fakes.FakeRetainers)
    monkeypatch.setattr("heaptui.views.retainers.RetainersView", fakes.FakeRetainers)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, demo: tuple[Heap, Heap]) -> tuple[Heap, Heap]:
    """The demo pair, read once for all tests; other files are read."""

    really = loading._load

    def load(path: str, progress: Progress, manner: Manner, first: Callable[[LightHeap], None]) -> LightHeap:
        return demo[FILES.index(path)] if path in FILES else really(path, progress, manner, first)

    monkeypatch.setattr("heaptui.tui.loading._load", load)
    return demo


@pytest.fixture(autouse=True)
def state_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A state directory of its own for every test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path
