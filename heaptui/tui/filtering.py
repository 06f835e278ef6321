"""The filters of the Summary, in plain words, and the objects that each of them shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heaptui.query.terms import Term, replaced
from heaptui.snapshot.progress import Progress
from heaptui.views.outline import Outline

if TYPE_CHECKING:
    from heaptui.heap import LightHeap

ALL, CONTEXTS, QUERY = "all", "native-contexts", "query"

_WORDS = {
    "duplicate-strings": ("duplicated strings", "texts that are there more than once"),
    "detached-dom": ("kept by detached DOM nodes", "what would go with nodes off their page"),
    "console": ("kept by the console", "what only DevTools' console still holds"),
    "event-handlers": ("kept by event handlers", "what would go with listeners of events"),
    "contexts": ("kept by closures", "what would go with variables closed over"),
    "shared-native-context": ("shared by native contexts", "what belongs to several pages or realms"),
    "no-native-context": ("of no native context", "what belongs to no page or realm"),
    "unreachable": ("unreachable", "what no root leads to; a GC would free it"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter to choose: how the command line writes it, what it is called, and what it shows."""

    id: str
    words: str
    about: str = ""


EVERYTHING = Choice(ALL, "all objects", "no filter")


def choices(heaps: Sequence[LightHeap], titles: Sequence[str]) -> list[Choice]:
    """The filters there are for these snapshots."""
    from heaptui.heap.filters import FILTERS

    found = [EVERYTHING]
    if len(heaps) > 1:
        found.append(new_since(heaps[0], titles[0]))
    found += [Choice(name, *_WORDS.get(name, (name.replace("-", " "), ""))) for name in FILTERS]
    found.append(Choice(CONTEXTS, "of one native context …", "choose a page or realm"))
    found.append(Choice(QUERY, "a query … (F)", "class:Session retained>1MB; ? lists words"))
    return found


def new_since(base: LightHeap, title: str) -> Choice:
    """What the base does not have."""
    return Choice(
        str(Term("new-since", ":", base.snapshot.path)),
        f"new since {title}",
        "objects that the base does not have",
    )


def of_query(typed: str, heaps: Sequence[LightHeap]) -> Choice:
    """What a query finds, written as it is asked outside of the app; raises QueryError."""
    from heaptui.query.parsing import parse

    query = parse(typed)
    since = Term("new-since", ":", heaps[0].snapshot.path)
    return Choice(str(replaced(query, Term("new"), since) if len(heaps) > 1 else query), typed)


def context_choices(heap: LightHeap) -> list[Choice]:
    """The native contexts, those with the most bytes first; walks the heap the first time."""
    import numpy as np

    from heaptui.views import text
    from heaptui.views.objects import display_name

    contexts = heap.native_contexts
    sizes = {int(o): int(heap.shallow_size[contexts.of == o].sum(dtype=np.int64)) for o in contexts.ordinals}
    return [
        Choice(
            f"native-context:@{heap.id(ordinal)}", f"{display_name(heap, ordinal)} @{heap.id(ordinal)}", text.size(size)
        )
        for ordinal, size in sorted(sizes.items(), key=lambda item: -item[1])
    ]


def filtered(heaps: Sequence[LightHeap], choice: Choice, progress: Progress) -> Outline:
    """The Summary of what a filter shows; raises Cancelled where the progress is cancelled."""
    from heaptui.query.choosing import chosen
    from heaptui.views import text
    from heaptui.views.entries import WithEntries
    from heaptui.views.summary import SummaryView

    heap = heaps[-1]
    progress.begin(choice.words)
    base = heaps[0] if len(heaps) > 1 else None
    try:
        mask = chosen(heap, choice.id, progress, base)
    except LookupError as error:
        raise ValueError(f"{error.args[0]}.") from None
    progress.check()
    view = SummaryView(heap, mask)
    found = f"{text.counted(int(view.sums.count.sum()), 'object')}, {text.size(int(view.sums.shallow_size.sum()))}"
    return Outline(WithEntries(view), f"filter: {choice.words}: {found}", choice.id)
