"""The command line that prints what a screen shows."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence

from heaptui.heap.light import LightHeap
from heaptui.opening.manner import PLAIN, Manner
from heaptui.query.terms import Term
from heaptui.views.allocations import AllocationsView
from heaptui.views.comparison import ComparisonView
from heaptui.views.containment import ContainmentView
from heaptui.views.dominators import DominatorsView
from heaptui.views.entries import WithEntries
from heaptui.views.model import Order, Row, View
from heaptui.views.objects import object_columns
from heaptui.views.outline import Outline
from heaptui.views.retainers import RetainersView
from heaptui.views.strings import StringsView
from heaptui.views.summary import SummaryView
from heaptui.views.suspects import SuspectsView
from heaptui.views.timeline import TimelineView


def of_list(outline: Outline, manner: Manner = PLAIN) -> str:
    """The command that prints a list, opened in a manner: its rows, filtered, matched and sorted as they are."""
    view = _inner(outline.view)
    words = _subject(view)
    # Suspects and the shortest paths of one object have an order of their own.
    if words[0] != "suspects" and not (words[0] == "path" and words[-1].startswith("@")):
        words += [*_option("--filter", outline.filtered), *_option("--match", outline.match)]
        words += _sorted(outline.order, view)
    return _line([*words, *manner.words])


def of_row(outline: Outline, row: Row, above: Sequence[Row] = (), manner: Manner = PLAIN) -> str | None:
    """The command that prints what is below a row, or who holds it; None where there is none.

    `above` are the rows that it stands below, outermost first.
    """
    words = _about_row(outline, row, above)
    return _line([*words, *manner.words]) if words else None


def _about_row(outline: Outline, row: Row, above: Sequence[Row]) -> list[str]:
    view = _inner(outline.view)
    if row.label.id is not None:
        heap = view.heaps[row.heap]
        command = next((c for kind, c in _DOWNWARDS.items() if isinstance(view, kind)), "retainers")
        return [command, _file(heap), f"@{row.label.id}"]
    filtered = filter_of(outline, row, above)
    current = _file(view.heaps[-1])
    match view:
        case SummaryView() | ComparisonView() if isinstance(row.key, int):
            sorting = _sorted(outline.order, view) if outline.order.key in _OBJECT_KEYS else []
            return ["instances", current, row.label.name, *_option("--filter", filtered), *sorting]
        case SuspectsView() if row.ordinal is None:
            return ["instances", current, row.label.name, *_option("--filter", filtered)]
        case TimelineView() | AllocationsView() | StringsView():
            return ["summary", current, *_option("--filter", filtered)]
    return []


_DOWNWARDS: dict[type[View], str] = {ContainmentView: "containment", DominatorsView: "dominators"}
_OBJECT_KEYS = [column.key for column in object_columns("")]


def filter_of(outline: Outline, row: Row, above: Sequence[Row] = ()) -> str:
    """The filter, as the command line writes it, of the objects that a row stands for; empty for all of a class."""
    match _inner(outline.view):
        case ComparisonView() as view:
            return _new_since(view.heaps[0])
        case SuspectsView() as view:
            return _new_since(view.found.heaps[0]) if view.found.compared else ""
        case StringsView() as view:
            return str(Term("string", "=", view.text_of(row)))
        case TimelineView() as view:
            low, high = view.id_range(row)
            return str(Term("ids", ":", f"{low}-{high}"))
        case AllocationsView() as view:
            return view.filter_of([*above, row])
    return outline.filtered


def _new_since(base: LightHeap) -> str:
    return str(Term("new-since", ":", base.snapshot.path))


def _inner(view: View) -> View:
    return view.view if isinstance(view, WithEntries) else view


def _subject(view: View) -> list[str]:
    """The command, its files, and what of them it is about."""
    files = [_file(heap) for heap in view.heaps]
    match view:
        case ComparisonView():
            return ["compare", *files]
        case ContainmentView(ordinal=ordinal) | DominatorsView(ordinal=ordinal):
            whole = ordinal == view.heaps[0].snapshot.root
            return [view.name.lower(), *files, *([] if whole else [_id(view, ordinal)])]
        case RetainersView():
            ignored = [word for node in sorted(view.ignored) for word in ("--ignore", _id(view, node))]
            return ["retainers", *files, _id(view, view.ordinal), *(["--weak"] if view.weak else []), *ignored]
        case AllocationsView():
            return ["allocations", *files]
        case SuspectsView():
            return ["suspects", *map(_file, view.found.heaps)]
    if view.name == "Paths":
        from heaptui.views.merged import MergedPathsView
        from heaptui.views.paths import PathsView

        if isinstance(view, PathsView):
            return ["path", *files, _id(view, view.ordinal)]
        if isinstance(view, MergedPathsView):
            return ["path", *files, *_option("--class", view.class_name)]
    return [view.name.lower(), *files]


def _id(view: View, ordinal: int) -> str:
    return f"@{view.heaps[0].id(ordinal)}"


def _file(heap: LightHeap) -> str:
    path = heap.snapshot.path
    return f"./{path}" if path.startswith("-") and path != "-" else path


def _option(name: str, value: str) -> list[str]:
    return [f"{name}={value}"] if value else []


def _sorted(order: Order, view: View) -> list[str]:
    if order == view.order or not order.key:
        return []
    kind = next((column.kind for column in view.columns if column.key == order.key), "name")
    usual = kind not in ("name", "distance")
    return ["--sort", order.key, *(["--reverse"] if order.descending != usual else [])]


def _line(words: Sequence[str]) -> str:
    return " ".join(["heaptui", *map(_quoted, words)])


def _quoted(word: str) -> str:
    """A word for a shell; what a terminal could act on as `$'...'` writes it, which bash, zsh and ksh read."""
    if word.isprintable():
        return shlex.quote(word)
    encoded = word.encode(sys.getfilesystemencoding(), "surrogateescape").decode("latin-1")
    return "$'" + "".join(_in_quotes(c) for c in encoded) + "'"


def _in_quotes(character: str) -> str:
    if character in "\\'":
        return "\\" + character
    return character if " " <= character <= "~" else f"\\x{ord(character):02x}"
