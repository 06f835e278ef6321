"""The filters of the Summary, in plain words, and the objects that each of them shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heaptui.snapshot.progress import Progress
from heaptui.views.outline import Outline

if TYPE_CHECKING:
    from heaptui.heap import Heap

ALL, NEW, CONTEXTS, CONTEXT, IDS = "all", "new", "native-contexts", "native-context:", "ids:"

_WORDS = {
    "duplicate-strings": ("duplicated strings", "texts that are there more than once"),
    "detached-dom": ("kept by detached DOM nodes", "what would go with the DOM nodes that left their page"),
    "console": ("kept by the console", "what only DevTools' console still holds"),
    "event-handlers": ("kept by event handlers", "what would go with the functions that listen to events"),
    "contexts": ("kept by closures", "what would go with the variables that functions closed over"),
    "shared-native-context": ("shared by native contexts", "what belongs to several pages or realms"),
    "no-native-context": ("of no native context", "what belongs to no page or realm"),
    "unreachable": ("unreachable", "what no root leads to; the next collection frees it"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter to choose: its name, what it is called, and what it shows."""

    id: str
    words: str
    about: str = ""


def choices(heaps: Sequence[Heap], titles: Sequence[str]) -> list[Choice]:
    """The filters there are for these snapshots."""
    from heaptui.heap.filters import FILTERS

    found = [Choice(ALL, "all objects", "no filter")]
    if len(heaps) > 1:
        found.append(Choice(NEW, f"new since {titles[0]}", "objects that the first snapshot does not have"))
    found += [Choice(name, *_WORDS.get(name, (name.replace("-", " "), ""))) for name in FILTERS]
    found.append(Choice(CONTEXTS, "of one native context …", "choose a page or realm"))
    return found


def context_choices(heap: Heap) -> list[Choice]:
    """The native contexts, those with the most bytes first; walks the heap the first time."""
    import numpy as np

    from heaptui.views import text
    from heaptui.views.objects import display_name

    contexts = heap.native_contexts
    sizes = {int(o): int(heap.shallow_size[contexts.of == o].sum(dtype=np.int64)) for o in contexts.ordinals}
    return [
        Choice(f"{CONTEXT}{ordinal}", f"{display_name(heap, ordinal)} @{heap.id(ordinal)}", text.size(size))
        for ordinal, size in sorted(sizes.items(), key=lambda item: -item[1])
    ]


def filtered(heaps: Sequence[Heap], choice: Choice, progress: Progress) -> Outline:
    """The Summary of what a filter shows; raises Cancelled where the progress is cancelled."""
    from heaptui.heap.filters import filter_objects, id_range, new_since, of_native_context
    from heaptui.views.entries import WithEntries
    from heaptui.views.summary import SummaryView

    heap = heaps[-1]
    progress.begin(choice.words)
    if choice.id == NEW:
        mask = new_since(heap, heaps[0].snapshot.nodes.id)
    elif choice.id.startswith(CONTEXT):
        mask = of_native_context(heap, int(choice.id.removeprefix(CONTEXT)))
    elif choice.id.startswith(IDS):
        low, high = choice.id.removeprefix(IDS).split(":")
        mask = id_range(heap, int(low), int(high))
    else:
        mask = filter_objects(heap, choice.id, progress)
    progress.check()
    return Outline(WithEntries(SummaryView(heap, mask)), choice.words)


def recorded(words: str, low: int, high: int) -> Choice:
    """The objects whose ids were given between two moments of a recording."""
    return Choice(f"{IDS}{low}:{high}", words)
