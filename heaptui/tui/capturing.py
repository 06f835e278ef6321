"""Taking a snapshot from within the app: a process is chosen, and one sees how far its snapshot is, and may stop it."""

from __future__ import annotations

import asyncio
import os
import queue
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.tui.loading import LoadingPage
from heaptui.tui.menu import Entry, Menu
from heaptui.tui.sitting import Sitting
from heaptui.views import text

if TYPE_CHECKING:
    from heaptui.capture.endpoints import Endpoint
    from heaptui.capture.reaching import Reached, Target

AGAIN, ADDRESS = "again", "address"
STOPPED = "Nothing was taken."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: a file, a problem, or pages of which one must be chosen; and what to know of the process."""

    path: str = ""
    problem: str = ""
    pages: Sequence[Endpoint] = ()
    notes: Sequence[str] = ()


class CaptureScreen(ModalScreen[Outcome]):
    """Shows how far the snapshot of a process is; asks where the process may be killed."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q", "stop", "Stop"), ("y", "agree", "Yes")]

    class Ended(Message):
        """The thread is done."""

        def __init__(self, outcome: Outcome) -> None:
            super().__init__()
            self.outcome = outcome

    class Doubted(Message):
        """The process may be killed: `lines` say why."""

        def __init__(self, lines: Sequence[str]) -> None:
            super().__init__()
            self.lines = lines

    def __init__(self, sitting: Sitting, folder: str) -> None:
        super().__init__()
        self.job = Progress()
        self._sitting = sitting
        self._folder = folder
        self._agreed: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._asked = False
        self._notes: list[str] = []

    def compose(self) -> ComposeResult:
        """What is taken, how far it is, and what is asked."""
        with Vertical():
            yield Static("Taking a snapshot", classes="heading", markup=False)
            yield Static(id="doubts", markup=False)
            yield LoadingPage()

    def on_mount(self) -> None:
        """Begin, on the thread of the sitting."""
        self.query_one(LoadingPage).watch_jobs([_title(self._sitting.target)], [self.job])
        self._sitting.receive(self)

    def on_unmount(self) -> None:
        """Stop, however the app ends."""
        self.job.cancel()

    def action_stop(self) -> None:
        """Stop; what was opened is closed first."""
        self.job.cancel()

    def action_agree(self) -> None:
        """Take it although the process may be killed; what was typed before that was asked is no answer."""
        if not self._asked:
            return
        self._agreed.put(True)
        self.query_one("#doubts", Static).update("")

    def on_capture_screen_doubted(self, event: Doubted) -> None:
        """Say what may go wrong, and ask."""
        self._asked = True
        words = "\n".join([*event.lines, "", "y takes it all the same, Esc does not."])
        self.query_one("#doubts", Static).update(Content(words))

    def on_capture_screen_ended(self, event: Ended) -> None:
        """Leave with what came of it."""
        self.query_one(LoadingPage).rest()
        self.dismiss(event.outcome)

    # On the thread

    def note(self, words: str) -> None:
        """Keep what is told of the process for the end."""
        self._notes.append(words)

    def visit(self, found: Reached) -> str:
        """Take the snapshot."""
        from heaptui.capture.capturing import capture
        from heaptui.capture.files import default_name, free_name
        from heaptui.capture.memory import room_for
        from heaptui.capture.taking import Wish
        from heaptui.report.room import warnings

        wish = Wish()
        doubts = warnings(room_for(found.session, found.process, self._folder))
        if doubts:
            self._ask(doubts)
        path = free_name(os.path.join(self._folder, default_name(found.name, wish.ending)))
        return capture(found, path, wish, self.job).path

    def served(self, path: str) -> None:
        """Leave with the file."""
        self.post_message(self.Ended(Outcome(path, notes=self._notes)))

    def failed(self, error: Exception) -> None:
        """Leave with the reason."""
        from heaptui.capture.errors import CaptureError
        from heaptui.capture.reaching import SeveralPages

        match error:
            case SeveralPages(pages=pages):
                outcome = Outcome(pages=pages)
            case Cancelled():
                outcome = Outcome(problem=STOPPED, notes=self._notes)
            case CaptureError() | OSError():
                outcome = Outcome(problem=str(error), notes=self._notes)
            case _:
                outcome = Outcome(problem=f"The snapshot could not be taken: {error!r}", notes=self._notes)
        self.post_message(self.Ended(outcome))

    def _ask(self, doubts: Sequence[str]) -> None:
        """Wait for the user's word; raises Cancelled where it is no."""
        self.job.begin("waiting for your answer")
        self.post_message(self.Doubted([text.escape(f"{line[0].upper()}{line[1:]}.") for line in doubts]))
        while True:
            self.job.check()
            try:
                self._agreed.get(timeout=0.1)
                return
            except queue.Empty:
                continue


async def choose(app: App[None], sitting: Sitting | None) -> str | None:
    """Have a process chosen from a list.

    Returns its address; AGAIN for another snapshot in the sitting, where one goes on, ADDRESS where
    another address is to be typed, and None for nothing.
    """
    entries = await asyncio.to_thread(_choices, sitting)
    return await app.push_screen_wait(Menu("Take a snapshot of", entries))


async def take(app: App[None], sitting: Sitting, folder: str) -> Outcome:
    """Take a snapshot into a folder, while the screen shows how far it is."""
    return await app.push_screen_wait(CaptureScreen(sitting, folder))


async def choose_page(app: App[None], pages: Sequence[Endpoint]) -> str | None:
    """Have one of several pages chosen; returns its address."""
    entries = [(page.address, text.escape(page.title or page.url), page.kind) for page in pages]
    return await app.push_screen_wait(Menu("Take a snapshot of", entries))


def _title(target: Target) -> str:
    """What is taken, with its command line where it is known."""
    from heaptui.capture.processes import process_of

    process = process_of(int(target.address)) if target.address.isdigit() else None
    return text.escape(f"{target}  {process.command}" if process else str(target))


def _choices(sitting: Sitting | None) -> list[Entry]:
    """What can be chosen, the sitting that goes on first."""
    from heaptui.capture.errors import CaptureError
    from heaptui.capture.processes import node_processes
    from heaptui.capture.reaching import heap_of

    entries: list[Entry] = []
    if sitting is not None and sitting.goes_on:
        entries.append((AGAIN, f"{sitting.target} again", "and compare; its inspector is open until you leave"))
    try:
        processes = node_processes()
    except CaptureError:
        processes = []
    for process in processes:
        heap = heap_of(process)
        facts = [f"heap {text.size(heap)}"] if heap is not None else []
        about = "  ".join([*facts, f"RSS {text.size(process.rss)}", text.escape(process.command)])
        entries.append((str(process.pid), str(process.pid), about))
    return [*entries, (ADDRESS, "another address", "HOST:PORT, as of a browser, or ws://...")]
