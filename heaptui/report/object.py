"""One object whole: what it is, what it refers to, and who refers to it."""

from __future__ import annotations

from typing import TextIO

from heaptui.heap.heap import Heap
from heaptui.heap.light import LightHeap
from heaptui.report import formats
from heaptui.report.command import document_head
from heaptui.report.rows import Wanted, tree, walk
from heaptui.views import text
from heaptui.views.containment import ContainmentView
from heaptui.views.details import detailed_record, details, value
from heaptui.views.model import View
from heaptui.views.retainers import RetainersView


def write_object(out: TextIO, form: str, heap: LightHeap, ordinal: int, limit: int) -> None:
    """Print an object; `limit` bounds its references and its retainers, 0 for all of them."""
    views: dict[str, View] = {"references": ContainmentView(heap, ordinal)}
    if isinstance(heap, Heap):
        views["retainers"] = RetainersView(heap, ordinal)
    wanted = {key: Wanted(view.order, limit=limit) for key, view in views.items()}
    if form in ("json", "csv"):
        record = detailed_record(heap, ordinal)
        if form == "csv":
            formats.write_csv(out, [record])
            return
        head: dict[str, object] = {**document_head("object", [heap]), "object": record}
        for key, view in views.items():
            head[key] = list(tree(view, walk(view, view.roots(view.order), wanted[key])))
        formats.write_json(out, head, None, ())
        return
    _write_details(out, form, heap, ordinal)
    for key, view in views.items():
        rows = view.roots(view.order)
        out.write(f"\n{'## ' if form == 'markdown' else ''}{key.capitalize()} ({text.count(len(rows))})\n")
        if form == "markdown":
            out.write("\n")
            formats.write_markdown(out, view.columns, view.total, walk(view, rows, wanted[key]))
        else:
            formats.write_table(out, view.columns, view.total, walk(view, rows, wanted[key]))


def _write_details(out: TextIO, form: str, heap: LightHeap, ordinal: int) -> None:
    pairs = details(heap, ordinal)
    said = value(heap, ordinal)
    if said is not None:
        pairs.append(("Value", said))
    if form == "markdown":
        formats.write_markdown_pairs(out, pairs)
        return
    width = max(len(name) for name, _ in pairs)
    for name, shown in pairs:
        out.write(f"{name:<{width}}  {text.escape(shown)}\n")
