"""The numbers of a view that `--fail-if` asks for, of everything or of what a query finds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from heaptui.heap.classes import Classes, sum_classes, sum_retained
from heaptui.heap.light import LightHeap
from heaptui.heap.scratch import Scratch
from heaptui.query.choosing import Subject, choose, subject, whole
from heaptui.query.conditions import Condition
from heaptui.snapshot.progress import Progress
from heaptui.views import text
from heaptui.views.comparison import BASE, CURRENT, ComparisonView
from heaptui.views.model import View
from heaptui.views.statistics import StatisticsView
from heaptui.views.strings import StringsView
from heaptui.views.summary import SummaryView
from heaptui.views.suspects import SuspectsView

_SIDES = {"new": CURRENT, "alloc_size": CURRENT, "deleted": BASE, "freed_size": BASE}

Mask = npt.NDArray[np.bool_]


def value(view: View, condition: Condition) -> int:
    """What a condition compares; of a verdict 1 where it is so.

    Raises LookupError, with a sentence for the user, where these snapshots cannot tell.
    """
    match view:
        case SummaryView():
            return _of_objects(view, condition)
        case ComparisonView():
            return _of_changes(view, condition)
        case SuspectsView():
            return _of_suspects(view, condition.figure)
        case StringsView():
            return view.totals["count" if condition.figure == "count" else "wasted_size"]
        case StatisticsView():
            return _of_kinds(view, condition.figure)
    raise TypeError(f"nothing to compare in {view.name}")


def told(view: View, condition: Condition, found: int) -> str:
    """Why a condition holds: its figure, in words."""
    if isinstance(view, SuspectsView) and not condition.operator:
        titles = [suspect.title for suspect in view.suspects if suspect.leaks]
        return f"{view.verdict}: {titles[0]}" if titles else view.verdict
    return f"{condition.figure} is {text.count(found)}" + (f" ({text.size(found)})" if condition.in_bytes else "")


def _of_objects(view: SummaryView, condition: Condition) -> int:
    heap, counted = view.heaps[0], view.counted
    if condition.query is not None:
        counted = counted & choose(subject(heap), condition.query, Progress())
    if condition.figure == "count":
        return int(counted.sum())
    if condition.figure == "shallow":
        return int(heap.shallow_size[counted].sum(dtype=np.int64))
    return _retained(heap, counted)


def _retained(heap: LightHeap, counted: Mask) -> int:
    """What some objects retain together: those that others of them keep count once."""
    full = whole(heap, "retained sizes")
    together = Classes(np.zeros(heap.node_count, np.uint32), [""], [""], [None])
    sums = sum_retained(
        sum_classes(together, counted, heap.shallow_size),
        together,
        counted,
        full.retained_size,
        full.distance,
        full.dominators.dominator,
        heap.snapshot.root,
        Scratch(heap.snapshot),
    )
    return int(sums.retained_size[0])


def _of_changes(view: ComparisonView, condition: Condition) -> int:
    side = _SIDES.get(condition.figure)
    if side is not None:
        return _changed(view, side, condition)
    return _changed(view, CURRENT, condition) - _changed(view, BASE, condition)


def _changed(view: ComparisonView, side: int, condition: Condition) -> int:
    """New objects of the current snapshot, or deleted ones of the base; or their bytes."""
    found, heap = view.comparison, view.heaps[side]
    chosen = found.new if side == CURRENT else found.deleted
    if condition.query is not None:
        # Both sides by the names that the comparison shows; what did not change has none.
        names = [*(change.name for change in found.changes), ""]
        numbers = found.current_class if side == CURRENT else found.base_class
        of = Subject(heap, np.minimum(numbers, np.uint32(len(names) - 1)), names, view.heaps[BASE])
        chosen = chosen & choose(of, condition.query, Progress())
    return int(heap.shallow_size[chosen].sum(dtype=np.int64)) if condition.in_bytes else int(chosen.sum())


def _of_suspects(view: SuspectsView, figure: str) -> int:
    found = view.found
    if not found.compared:
        unmatched = "the objects of these do not match (heaptui help capture says why)"
        why = unmatched if found.growth.strangers else "one alone shows only what is large"
        raise LookupError(f"a leak shows in two snapshots of one process or more: {why}")
    if figure == "leak":
        return int(found.judgement == "leak")
    return {"suspects": len(found.leaking), "count": found.count, "size": found.size}[figure]


def _of_kinds(view: StatisticsView, figure: str) -> int:
    kind = figure.removesuffix("_delta")
    current, base = view.sizes
    if kind == figure:
        return current[kind]
    if base is None:
        raise LookupError(f"{figure} needs an earlier snapshot to compare with")
    return current[kind] - base[kind]
