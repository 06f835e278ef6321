"""Puts the fakes where the app gets its heaps and views."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.tui import fakes


@pytest.fixture
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heaptui.tui.loading._load", fakes.load)
    views = {
        "summary": {"SummaryView": fakes.FakeView},
        "comparison": {"ComparisonView": fakes.FakeComparison},
        "containment": {"ContainmentView": fakes.FakeView},
        "statistics": {"StatisticsView": fakes.FakeStatistics},
        "retainers": {"RetainersView": fakes.FakeRetainers},
    }
    for name, content in views.items():
        module = ModuleType(name)
        module.__dict__.update(content)
        monkeypatch.setitem(sys.modules, f"heaptui.views.{name}", module)
