"""The tabs: what each is called, and the view it shows of the opened snapshots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heaptui.views.model import View

if TYPE_CHECKING:
    from heaptui.heap import Heap

SECOND_SNAPSHOT = """\
A comparison needs two snapshots of the same process: one before what you suspect, one after.

To take one on the server:
  node --heapsnapshot-signal=SIGUSR2 app.js     then    kill -USR2 PID
or from the program itself:
  require('v8').writeHeapSnapshot()

Then open both, the older one first:
  heaptui before.heapsnapshot after.heapsnapshot
or press o here and type both names."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab. `make` may take a while, and returns what to say instead where there is no view."""

    id: str
    title: str
    about: str
    make: Callable[[Sequence[Heap]], View | str]
    charted: bool = False
    """Whether a chart stands beside the rows rather than the retainers below them."""


def _summary(heaps: Sequence[Heap]) -> View:
    from heaptui.views.summary import SummaryView

    return SummaryView(heaps[-1])


def _comparison(heaps: Sequence[Heap]) -> View | str:
    from heaptui.views.comparison import ComparisonView

    return ComparisonView(heaps[0], heaps[-1]) if len(heaps) > 1 else SECOND_SNAPSHOT


def _containment(heaps: Sequence[Heap]) -> View:
    from heaptui.views.containment import ContainmentView

    return ContainmentView(heaps[-1])


def _statistics(heaps: Sequence[Heap]) -> View:
    from heaptui.views.statistics import StatisticsView

    return StatisticsView(heaps[-1], base=heaps[0] if len(heaps) > 1 else None)


def retainers(heap: Heap, ordinal: int) -> View:
    """What keeps an object alive; may take a while."""
    from heaptui.views.retainers import RetainersView

    return RetainersView(heap, ordinal)


TABS = (
    Tab("summary", "Summary", "Objects grouped by constructor.", _summary),
    Tab("comparison", "Comparison", "What is new and what is gone since the first snapshot.", _comparison),
    Tab("containment", "Containment", "The heap from its roots, reference by reference.", _containment),
    Tab("statistics", "Statistics", "What kinds of things the memory holds.", _statistics, charted=True),
)


def opening_tab(heaps: int) -> str:
    """The tab to begin with: two snapshots are opened to be compared."""
    return "comparison" if heaps > 1 else "summary"
