"""The tabs: what each is called, and the view it shows of the opened snapshots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heaptui.tui.hints import Place
from heaptui.views.model import View

if TYPE_CHECKING:
    from heaptui.heap import Heap, LightHeap
    from heaptui.snapshot.progress import Progress

SECOND_SNAPSHOT = """\
A comparison needs two snapshots of the same process: one before what you suspect, one after.

To take one on the server:
  heaptui capture PID
or where heaptui is not installed:
  node --heapsnapshot-signal=SIGUSR2 app.js     then    kill -USR2 PID
or from the program itself:
  require('v8').writeHeapSnapshot()

Then open both, the older one first:
  heaptui before.heapsnapshot after.heapsnapshot
or press o here and type both names.

Or press t: it takes one of a running process, and the next time another one to compare."""


LIGHT = """\
What keeps an object alive is not known in light mode, which computes neither retainers nor \
dominators, retained sizes and distances, and so needs little memory.

To know it, open the snapshot without --light where there is more memory:
  heaptui info FILE     says how much it takes."""

COMING = "What keeps an object alive is being computed. It stands here as soon as it is known."


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab. `make` may take a while, and returns what to say instead where there is no view."""

    id: str
    number: str
    title: str
    short: str
    about: str
    make: Callable[..., View | str]
    place: Place = "list"
    """Where its footer gets its hints."""
    charted: bool = False
    """Whether a chart stands beside the rows rather than the retainers below them."""
    objects: bool = True
    """Whether its rows lead to objects, whose retainers stand below them."""
    compares: bool = False
    """Whether its rows are about the base too."""
    since: str = ""
    """What it is about where the base has a name."""
    stoppable: bool = False
    """Whether `make` takes a Progress after the snapshots, by which it is stopped."""
    lazy: bool = False
    """Whether its rows are made only when it is looked at."""
    actions: tuple[str, ...] = ()
    """What can be done only here."""
    whole: bool = False
    """Whether it needs to know what keeps an object alive."""
    offered: Callable[[Sequence[LightHeap]], bool] = lambda heaps: True
    """Whether these snapshots have anything for it."""


def _summary(heaps: Sequence[LightHeap]) -> View:
    from heaptui.views.entries import WithEntries
    from heaptui.views.summary import SummaryView

    return WithEntries(SummaryView(heaps[-1]))


def _comparison(heaps: Sequence[LightHeap]) -> View | str:
    from heaptui.views.comparison import ComparisonView
    from heaptui.views.entries import WithEntries

    return WithEntries(ComparisonView(heaps[0], heaps[-1])) if len(heaps) > 1 else SECOND_SNAPSHOT


def _containment(heaps: Sequence[LightHeap]) -> View:
    from heaptui.views.containment import ContainmentView
    from heaptui.views.entries import WithEntries

    return WithEntries(ContainmentView(heaps[-1]))


def _statistics(heaps: Sequence[LightHeap]) -> View:
    from heaptui.views.statistics import StatisticsView

    return StatisticsView(heaps[-1], base=heaps[0] if len(heaps) > 1 else None)


def _suspects(heaps: Sequence[Heap], progress: Progress) -> View:
    from heaptui.views.suspects import SuspectsView

    return SuspectsView(heaps, progress)


def _dominators(heaps: Sequence[Heap]) -> View:
    from heaptui.views.dominators import DominatorsView

    return DominatorsView(heaps[-1])


def _timeline(heaps: Sequence[LightHeap]) -> View:
    from heaptui.views.timeline import TimelineView

    return TimelineView(heaps[-1])


def _allocations(heaps: Sequence[LightHeap]) -> View:
    from heaptui.views.allocations import AllocationsView

    return AllocationsView(heaps[-1])


def _strings(heaps: Sequence[LightHeap]) -> View:
    from heaptui.views.strings import StringsView

    return StringsView(heaps[-1])


def _has(what: str) -> Callable[[Sequence[LightHeap]], bool]:
    """Whether the snapshot that is shown was recorded with something that not all have."""
    return lambda heaps: bool(heaps) and getattr(heaps[-1], what, None) is not None


TABS = (
    Tab("summary", "1", "Summary", "Sum", "Objects grouped by constructor.", _summary, place="summary"),
    Tab(
        "comparison",
        "2",
        "Comparison",
        "Comp",
        "What is new and what is gone since the base.",
        _comparison,
        place="comparison",
        compares=True,
        since="What is new and what is gone since {}.",
    ),
    Tab("containment", "3", "Containment", "Cont", "The heap from its roots, reference by reference.", _containment),
    Tab(
        "statistics",
        "4",
        "Statistics",
        "Stats",
        "What kinds of things the memory holds.",
        _statistics,
        place="statistics",
        charted=True,
        compares=True,
    ),
    Tab(
        "suspects",
        "5",
        "Suspects",
        "Susp",
        "What leaks, where it is held, and why.",
        _suspects,
        place="suspects",
        compares=True,
        stoppable=True,
        lazy=True,
        whole=True,
    ),
    Tab(
        "dominators",
        "6",
        "Dominators",
        "Domin",
        "Who would free what: each row below what holds it.",
        _dominators,
        whole=True,
    ),
    Tab(
        "timeline",
        "7",
        "Timeline",
        "Time",
        "Allocated: █ live still, ░ gone. v begins a range, x shows it.",
        _timeline,
        place="timeline",
        objects=False,
        lazy=True,
        actions=("mark_range",),
        offered=_has("timeline"),
    ),
    Tab(
        "allocations",
        "8",
        "Allocation",
        "Alloc",
        "Which functions allocated what.",
        _allocations,
        place="allocations",
        objects=False,
        lazy=True,
        offered=_has("allocations"),
    ),
    Tab("strings", "9", "Strings", "Str", "Strings that are there more than once.", _strings, lazy=True),
)


def tab_of(wanted: str) -> Tab:
    """The tab of that name."""
    return next(tab for tab in TABS if tab.id == wanted)


def opening_tab(heaps: int) -> str:
    """The tab to begin with: two snapshots are opened to be compared."""
    return "comparison" if heaps > 1 else "summary"
