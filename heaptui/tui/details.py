"""All about one row, on a page to scroll."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.tui.frame import OneLine
from heaptui.tui.reader import Reader, Section, lay_out
from heaptui.tui.tasks import begin_task
from heaptui.tui.trails import members
from heaptui.views import text
from heaptui.views.model import Row
from heaptui.views.outline import Outline

if TYPE_CHECKING:
    from heaptui.heap import LightHeap
    from heaptui.views.objects import Ordinals

TRACE = "Trace"
_MARGIN = 4
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[kMG]?B\b)")
"""Blanks at which no line is broken."""


@dataclass(slots=True)
class Page:
    """What is said of a row: sections of pairs, the value of a string, and the objects that a class has."""

    sections: list[Section] = field(default_factory=list)
    value: str = ""
    value_title: str = "Value"
    heap: LightHeap | None = None
    group: Ordinals | None = None


class DetailScreen(ModalScreen[None]):
    """Labels and texts, then the whole value of a string, wrapped or line by line as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,i,backspace,enter", "dismiss", "Close"),
        ("w", "wrap", "Wrap"),
        ("y", "copy", "Copy"),
    ]

    def __init__(
        self, outline: Outline, row: Row, where: str, copy: Callable[[str], None], above: Sequence[Row] = ()
    ) -> None:
        """About a row of an outline, below others; `where` names its snapshot if that is not the one that is shown."""
        super().__init__()
        self._outline, self._row, self._where, self._copy, self._above = outline, row, where, copy, above
        self._page = Page()
        self._wrapped = True
        self._search, self._job = Progress(), Progress()
        self._reader = Reader()
        self._foot = OneLine(classes="foot")

    def compose(self) -> ComposeResult:
        """The page and how to leave it."""
        yield self._reader
        yield self._foot

    async def on_mount(self) -> None:
        """Look everything up in threads: a rope can be long, a chain of dominators too."""
        self._reader.focus(scroll_visible=False)
        self._foot.apart("Esc closes", "looking it up …")
        begin_task(self, self._look_up)

    def on_unmount(self) -> None:
        """What is looked for still is not wanted any more."""
        self._search.cancel()
        self._job.cancel()

    async def _look_up(self) -> None:
        self._page = await asyncio.to_thread(describe, self._outline, self._row, self._where, self._above)
        await self._fill()
        heap, group = self._page.heap, self._page.group
        if heap is not None and group is not None and len(group):
            from heaptui.heap import Heap
            from heaptui.views.details import ways_there

            if not isinstance(heap, Heap):
                return

            try:
                ways = await asyncio.to_thread(ways_there, heap, group, self._search)
            except Cancelled:
                return
            self._page.sections.append(("Where they hang from, and how many of them", ways))
            await self._fill()

    async def _fill(self) -> None:
        """Lay the page out for the width, in a thread."""
        self._job.cancel()
        job = self._job = Progress()
        page, width, wrapped = self._page, self.app.size.width - _MARGIN, self._wrapped
        sections, content = list(page.sections), page.value
        if page.value_title == TRACE and wrapped:
            content = by_words(content, width)
        if page.value:
            sections.append((f"{page.value_title}, {text.counted(len(page.value), 'character')}", ()))

        try:
            head, body = await asyncio.to_thread(lay_out, sections, content, width, wrapped=wrapped, progress=job)
        except Cancelled:
            return
        if job is self._job and self.is_attached:
            self._reader.show(head, body)

    @on(events.Resize)
    def lay_out_anew(self) -> None:
        """Fit the page to the width."""
        begin_task(self, self._fill)

    @on(Reader.Moved)
    def tell(self) -> None:
        """Say which lines these are, and what the keys do."""
        reader = self._reader
        last = min(reader.lines, reader.top + reader.size.height)
        more = reader.lines > reader.size.height
        arrows = ["↑ ↓"] * more + ["← →"] * (bool(self._page.value) and not self._wrapped)
        hints = ["Esc closes", *([" ".join([*arrows, "scroll"])] if arrows else []), "y copy"]
        if self._page.value:
            hints.append("w raw" if self._wrapped else "w wrap")
        right = f"lines {text.count(reader.top + 1)} to {text.count(last)} of {text.count(reader.lines)}"
        if reader.skipped:
            right += f"  from {text.count(reader.skipped + 1)}"
        self._foot.apart("  ".join(hints), right if more or reader.skipped else "")

    def action_wrap(self) -> None:
        """Break long lines of the value, or show them as they are."""
        self._wrapped = not self._wrapped
        begin_task(self, self._fill)

    def action_copy(self) -> None:
        """Copy the value, or everything where there is none."""
        pairs = [pair for _, section in self._page.sections for pair in section]
        # What has no label goes on with what the one above it is about.
        lines = (
            f"{text.escape(label)}: {text.escape(about)}" if label else f"  {text.escape(about)}"
            for label, about in pairs
        )
        self._copy(self._page.value or "\n".join(lines))
        self.dismiss()


def describe(outline: Outline, row: Row, where: str, above: Sequence[Row] = ()) -> Page:
    """What there is to say of a row at once; of a suspect, and whatever is below one, the trace too."""
    from heaptui.views.suspects import SuspectsView

    page = _describe(outline, row, where)
    if isinstance(outline.view, SuspectsView):
        page.value, page.value_title = outline.view.trace_of(row, above), TRACE
        if (row.label.id is None and row.ordinal is not None) or isinstance(row.key, int):
            page.sections = []
    return page


def _describe(outline: Outline, row: Row, where: str) -> Page:
    from heaptui.views.details import details, group_details, properties, row_details, value

    view = outline.view
    there = [("Snapshot", where)] if where else []
    if row.ordinal is not None:
        heap = view.heaps[row.heap]
        page = Page([("", [*there, *details(heap, row.ordinal)])])
        page.value = value(heap, row.ordinal) or ""
        if not page.value and (found := properties(heap, row.ordinal)):
            page.sections.append(("Properties", found))
        return page
    page = Page([("", [*there, *row_details(view, row)])], group=members(outline, row))
    if page.group is not None:
        page.heap = view.heaps[-1]
        title = "Its new objects" if "new" in row.cells else "Its objects"
        page.sections.append((title, group_details(page.heap, page.group) or [("", "none")]))
    return page


def by_words(content: str, width: int) -> str:
    """A trace with its long lines broken between words, what follows a little to the right of the line of its steps."""
    from heaptui.views.trace import BETWEEN

    lines: list[str] = []
    for line in content.split("\n"):
        indent = " " * min(width // 4, len(line) - len(line.lstrip(" ")) + 4)
        if line.startswith(BETWEEN):
            indent = "│" + indent[1:]
        line = _BEFORE_UNIT.sub("\xa0", line)
        lines += wrap(line, width - 1, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return "\n".join(lines).replace("\xa0", " ")
