"""Taking a snapshot from within the app: a process is chosen, and one sees how far its snapshot is, and may stop it."""

from __future__ import annotations

import asyncio
import os
import queue
import threading
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
from heaptui.tui import CAPTURES
from heaptui.tui.loading import LoadingPage
from heaptui.tui.menu import Entry, Menu
from heaptui.views import text

if TYPE_CHECKING:
    from heaptui.capture.endpoints import Endpoint
    from heaptui.capture.reaching import Target

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

    def __init__(self, target: Target, folder: str) -> None:
        super().__init__()
        self._target = target
        self._folder = folder
        self._job = Progress()
        self._agreed: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._notes: list[str] = []

    def compose(self) -> ComposeResult:
        """What is taken, how far it is, and what is asked."""
        with Vertical():
            yield Static("Taking a snapshot", classes="heading", markup=False)
            yield Static(id="doubts", markup=False)
            yield LoadingPage()

    def on_mount(self) -> None:
        """Begin, on a thread that is waited for when the app ends: it has an inspector to close."""
        self.query_one(LoadingPage).watch_jobs([_title(self._target)], [self._job])
        threading.Thread(target=self._run, name=CAPTURES, daemon=True).start()

    def on_unmount(self) -> None:
        """Stop, however the app ends."""
        self._job.cancel()

    def action_stop(self) -> None:
        """Stop; what was opened is closed first."""
        self._job.cancel()

    def action_agree(self) -> None:
        """Take it although the process may be killed."""
        self._agreed.put(True)
        self.query_one("#doubts", Static).update("")

    def on_capture_screen_doubted(self, event: Doubted) -> None:
        """Say what may go wrong, and ask."""
        words = "\n".join([*event.lines, "", "y takes it all the same, Esc does not."])
        self.query_one("#doubts", Static).update(Content(words))

    def on_capture_screen_ended(self, event: Ended) -> None:
        """Leave with what came of it."""
        self.query_one(LoadingPage).rest()
        self.dismiss(event.outcome)

    # On the thread

    def _run(self) -> None:
        from heaptui.capture.errors import CaptureError
        from heaptui.capture.reaching import SeveralPages

        try:
            outcome = Outcome(self._take(), notes=self._notes)
        except Cancelled:
            outcome = Outcome(problem=STOPPED, notes=self._notes)
        except SeveralPages as error:
            outcome = Outcome(pages=error.pages)
        except (CaptureError, OSError) as error:
            outcome = Outcome(problem=str(error), notes=self._notes)
        except Exception as error:
            outcome = Outcome(problem=f"The snapshot could not be taken: {error!r}", notes=self._notes)
        self.post_message(self.Ended(outcome))

    def _take(self) -> str:
        from heaptui.capture.capturing import capture
        from heaptui.capture.files import default_name, free_name
        from heaptui.capture.memory import room_for
        from heaptui.capture.reaching import reached
        from heaptui.capture.taking import Wish
        from heaptui.report.room import warnings

        wish = Wish()
        with reached(self._target, self._job, self._notes.append) as found:
            doubts = warnings(room_for(found.session, found.process, self._folder))
            if doubts:
                self._ask(doubts)
            path = free_name(os.path.join(self._folder, default_name(found.name, wish.ending)))
            return capture(found, path, wish, self._job).path

    def _ask(self, doubts: Sequence[str]) -> None:
        """Wait for the user's word; raises Cancelled where it is no."""
        self._job.begin("waiting for your answer")
        self.post_message(self.Doubted([text.escape(f"{line[0].upper()}{line[1:]}.") for line in doubts]))
        while True:
            self._job.check()
            try:
                self._agreed.get(timeout=0.1)
                return
            except queue.Empty:
                continue


async def choose(app: App[None], paths: Sequence[str]) -> tuple[Target, bool] | str | None:
    """Have a process chosen from a list.

    Returns it and whether its snapshot belongs to the files that are open, `paths`;
    ADDRESS where another address is to be typed, and None for nothing.
    """
    from heaptui.capture.reaching import Target

    known, entries = await asyncio.to_thread(_choices, paths)
    chosen = await app.push_screen_wait(Menu("Take a snapshot of", entries))
    if chosen == AGAIN and known is not None:
        return known, True
    return chosen if chosen is None or chosen == ADDRESS else (Target(chosen), False)


async def take(app: App[None], target: Target, folder: str) -> Outcome:
    """Take a snapshot into a folder, while the screen shows how far it is."""
    from heaptui.capture.reaching import Target as Page

    outcome = await app.push_screen_wait(CaptureScreen(target, folder))
    if not outcome.pages:
        return outcome
    entries = [(page.address, text.escape(page.title or page.url), page.kind) for page in outcome.pages]
    chosen = await app.push_screen_wait(Menu("Take a snapshot of", entries))
    return Outcome(problem=STOPPED) if chosen is None else await take(app, Page(chosen), folder)


def _title(target: Target) -> str:
    """What is taken, with its command line where it is known."""
    from heaptui.capture.processes import process_of

    process = process_of(int(target.address)) if target.address.isdigit() else None
    return text.escape(f"{target}  {process.command}" if process else str(target))


def _choices(paths: Sequence[str]) -> tuple[Target | None, list[Entry]]:
    """Of what the last of these files was taken, and what can be chosen."""
    from heaptui.capture.capturing import target_of
    from heaptui.capture.errors import CaptureError
    from heaptui.capture.processes import node_processes
    from heaptui.capture.reaching import heap_of

    known = target_of(paths[-1]) if paths else None
    entries: list[Entry] = []
    if known is not None:
        entries.append((AGAIN, f"{known} again", "only sizes compare: see heaptui help capture"))
    try:
        processes = node_processes()
    except CaptureError:
        processes = []
    for process in processes:
        heap = heap_of(process)
        facts = [f"heap {text.size(heap)}"] if heap is not None else []
        about = "  ".join([*facts, f"RSS {text.size(process.rss)}", text.escape(process.command)])
        entries.append((str(process.pid), str(process.pid), about))
    return known, [*entries, (ADDRESS, "another address", "HOST:PORT, as of a browser, or ws://...")]
