"""What the footer says in each place: the keys that matter most there, the first ones first.

Nine at most with those that are always there: each is a hundred bytes over SSH, and more are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from heaptui.views.lines import Line

Place = Literal[
    "list",
    "summary",
    "comparison",
    "suspects",
    "retainers",
    "paths",
    "timeline",
    "range",
    "allocations",
    "statistics",
    "no rows",
    "words",
    "loading",
    "start",
]
"""Where the keys go: one of the lists, what is below them, a tab that has only words, or a page without snapshots."""

Hint = tuple[str, str]
"""The id of an action, and what it is called there; empty for its own words."""

ALWAYS: tuple[Hint, ...] = (("help", ""), ("quit", ""))
"""What stands at the end of every footer that has room for it."""


def _hints(*entries: str | Hint) -> tuple[Hint, ...]:
    return tuple((entry, "") if isinstance(entry, str) else entry for entry in entries)


HINTS: Mapping[Place, tuple[Hint, ...]] = {
    "list": _hints("open", "match", "retainers", "paths", "detail", "goto"),
    "summary": _hints("open", "match", "retainers", "paths", "detail", "filter", "goto"),
    "comparison": _hints(
        "open", "match", "paths", "detail", ("reveal_summary", "only new ones"), ("base", "choose the base"), "goto",
    ),
    "suspects": _hints(
        "open", ("detail", "trace"), ("reveal_containment", "its holder"), ("reveal_summary", "what leaks"),
        "retainers", ("copy", "copy the trace"),
    ),
    "retainers": _hints("open", "other_pane", "paths", "ignore", "detail", "weak"),
    "paths": _hints("open", "other_pane", "retainers", "detail", "reveal_summary", "back"),
    "timeline": _hints("mark_range", ("reveal_summary", "what was allocated"), "sort", "units", "export", "open_file"),
    "range": _hints(
        ("reveal_summary", "end it, show it"), ("back", "drop the range"), ("mark_range", "begin it here"),
    ),
    "allocations": _hints("open", ("reveal_summary", "what it allocated"), "match", "sort", "detail", "export"),
    "statistics": _hints("sort", "units", "export", "picture", "open_file"),
    "no rows": _hints(("back", "all rows again"), "match", "filter", "goto", "open_file", "palette"),
    "words": _hints("take", "open_file", "previous_tab", "next_tab", "palette"),
    "loading": _hints(("back", "stop")),
    "start": _hints("open", "take", "mark", "open_file", "palette"),
}  # fmt: skip


def _is_object(line: Line) -> bool:
    return line.row is not None and line.row.ordinal is not None


_NEEDS: Mapping[str, Callable[[Line], bool]] = {
    "open": lambda line: line.row is None or line.expandable,
    "retainers": _is_object,
    "reveal_containment": _is_object,
    "ignore": _is_object,
    "paths": lambda line: _is_object(line) or line.expandable,
    "detail": lambda line: line.row is not None,
    "reveal_summary": lambda line: line.row is not None,
    "copy": lambda line: line.row is not None,
}
"""By action, whether it can do anything on a line; the others need none."""


def works(action: str, line: Line | None) -> bool:
    """Whether an action can do anything where the cursor is on that line, or on none."""
    needs = _NEEDS.get(action)
    return needs is None or (line is not None and needs(line))
