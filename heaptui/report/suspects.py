"""The verdict and the suspects, for a terminal, a ticket or another program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from heaptui.heap.heap import Heap
from heaptui.report import formats
from heaptui.report.command import document_head
from heaptui.views import text
from heaptui.views.suspects import SuspectsView
from heaptui.views.trace import markdown, trace


def write_suspects(
    out: TextIO, form: str, view: SuspectsView, shown: Sequence[int], heaps: Sequence[Heap] | None = None
) -> None:
    """Print some suspects of a view; `heaps` are the files that were given, where it does not look at all of them."""
    records = (view.suspect_record(i) for i in shown)
    if form == "json":
        growth = {"count": view.found.count, "size": view.found.size}
        head = {
            **document_head("suspects", heaps or view.found.heaps), "verdict": view.found.judgement, "growth": growth
        }  # fmt: skip
        formats.write_json(out, head, "suspects", records)
        return
    if form == "csv":
        formats.write_csv(out, records)
        return
    titled = form == "markdown"
    out.write(("# " if titled else "") + text.escape(view.verdict) + "\n")
    for i in shown:
        suspect = view.suspects[i]
        kind = "Suspect" if suspect.leaks else "Also grew" if view.found.compared else "Large"
        out.write(f"\n## {kind} {i + 1}\n\n" if titled else f"\n{kind} {i + 1}: ")
        out.write(markdown(view.found, suspect) if titled else trace(view.found, suspect))
