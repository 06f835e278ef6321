"""The page shown while snapshots are read, and the reading itself."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from heaptui.opening.manner import Manner
from heaptui.snapshot.progress import Progress
from heaptui.tui.painting import bar, cut
from heaptui.views import text

if TYPE_CHECKING:
    from heaptui.heap import LightHeap

POLL = 0.1
"""Seconds between looks at the progress."""

SELDOM = 0.5
"""The same where rows are to be seen meanwhile."""


class LoadingPage(Static):
    """How far each file is: phase, share, speed, and time left."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.set_reactive(Widget.auto_links, False)
        self._jobs: list[tuple[str, Progress]] = []
        self._timer: Timer | None = None
        self._last = ""

    def watch_jobs(self, titles: Sequence[str], jobs: Sequence[Progress]) -> None:
        """Show the progress of these until `rest` is called."""
        self._jobs = list(zip(titles, jobs, strict=True))
        self._look()
        self._timer = self._timer or self.set_interval(POLL, self._look)

    def rest(self) -> None:
        """Look no longer: nothing is written while nothing is read."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _look(self) -> None:
        width = max(40, self.size.width - 4)
        words = "\n\n".join(describe(title, job, width) for title, job in self._jobs)
        if words != self._last:
            self._last = words
            self.update(Content(f"\n{words}\n\nEsc stops."), layout=False)


class Coming(Static):
    """One line above the list about what is still being computed of what is seen there already."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Coming { display: none; height: 1; padding: 0 1; text-style: dim; }"

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.set_reactive(Widget.auto_links, False)
        self._jobs: Sequence[Progress] = ()
        self._timer: Timer | None = None
        self._last = ""

    def watch_jobs(self, jobs: Sequence[Progress]) -> None:
        """Show the progress of these until `rest` is called."""
        self._jobs = jobs
        self.display = True
        self._look()
        self._timer = self._timer or self.set_interval(SELDOM, self._look)

    def rest(self) -> None:
        """Take no line any more."""
        self.display = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _look(self) -> None:
        words = f"Retained sizes are to come: {', '.join(_far(self._jobs))}.  Esc does without."
        if words != self._last:
            self._last = words
            self.update(Content(cut(words, self.app.size.width - 2)), layout=False)


def _far(jobs: Sequence[Progress]) -> Iterator[str]:
    """How far jobs are, those in the same phase together, as far as the last of them."""
    together: dict[str, list[float | None]] = {}
    for job in jobs:
        together.setdefault(job.phase, []).append(job.share)
    for phase, shares in together.items():
        known = [share for share in shares if share is not None]
        several = f" of {len(shares)} files" if len(shares) > 1 else ""
        yield phase + several + (f" {100 * min(known):.0f} %" if known else "")


class Banner(Static):
    """Says above the list what is missing of a file that was salvaged, or is light, as long as it is open."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Banner { display: none; height: auto; max-height: 3; padding: 0 1; color: $text-warning; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.set_reactive(Widget.auto_links, False)
        self._said = ""

    def tell(self, heaps: Sequence[LightHeap], *, light: bool) -> None:
        """Say it of these snapshots, and whether they are light; no line is taken where they are whole."""
        lines = [
            f"{heap.snapshot.name}: salvaged: {heap.snapshot.salvaged}" for heap in heaps if heap.snapshot.salvaged
        ]
        lines += ["light mode: retained sizes, distances and retainers are not computed"] if light else []
        said = "\n".join(map(text.escape, lines))
        if said != self._said:
            self._said = said
            self.update(Content(said))
            self.display = bool(said)


def describe(title: str, job: Progress, width: int) -> str:
    """Three lines about a job: what is read, the phase, and how far it is."""
    share, left = job.share, job.seconds_left
    facts: list[str] = []
    if share is not None:
        facts.append(f"{100 * share:3.0f} %")
    if job.unit == "bytes" and job.done:
        # What comes from a pipe has no known length.
        facts.append(f"{text.size(job.done)} of {text.size(job.total)}" if job.total else text.size(job.done))
        facts.append(f"{text.size(int(job.rate))}/s")
    elif job.total:
        facts.append(f"{text.count(job.done)} of {text.count(job.total)} {job.unit}")
    if left is not None:
        facts.append(f"{duration(left)} left")
    line = "   ".join(facts)
    track = bar(share or 0.0, max(10, min(40, width - cell_len(line) - 3)))
    return f"{cut(title, width)}\n{cut(job.phase, width)}\n{track}   {line}".rstrip()


def duration(seconds: float) -> str:
    """Minutes and seconds: 0:07."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


class Early:
    """What is known of files before all is: a light heap of each."""

    def __init__(self, files: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._heaps: dict[int, LightHeap] = {}
        self._files = files
        self._all = asyncio.Event()

    def of(self, file: int) -> Callable[[LightHeap], None]:
        """What takes the heap of one file, from any thread."""

        def put(heap: LightHeap) -> None:
            self._heaps[file] = heap
            if len(self._heaps) == self._files:
                self._all.set()

        def take(heap: LightHeap) -> None:
            # Where the app has ended meanwhile there is no loop any more.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(put, heap)

        return take

    async def heaps(self) -> list[LightHeap]:
        """The heaps, once they are all there."""
        await self._all.wait()
        return [self._heaps[file] for file in range(self._files)]


async def load_all(paths: Sequence[str], jobs: Sequence[Progress], manner: Manner, early: Early) -> Sequence[LightHeap]:
    """Read all files at the same time, each in a thread; the first failure stops the others."""
    if manner.hide_values:
        # What is equal in two files must look so, which takes all of them together.
        return await asyncio.to_thread(_load_together, paths, jobs, manner)
    tasks = [
        asyncio.create_task(asyncio.to_thread(_load, path, job, manner, early.of(i)))
        for i, (path, job) in enumerate(zip(paths, jobs, strict=True))
    ]
    _, unfinished = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    if unfinished:
        failed = next(task for task in tasks if task.done() and task.exception() is not None)
        for job in jobs:
            job.cancel()
        await asyncio.wait(unfinished)
        await failed
    return [await task for task in tasks]


def check_headers(paths: Sequence[str]) -> None:
    """Raise SnapshotError where a file is no snapshot as far as its header tells."""
    from heaptui.snapshot.peek import peek

    for path in paths:
        peek(path)


def check_memory(paths: Sequence[str], manner: Manner) -> None:
    """Raise ShortOfMemory where the files will not fit."""
    from heaptui.opening.preflight import check

    check(paths, manner)


def _load(path: str, progress: Progress, manner: Manner, first: Callable[[LightHeap], None]) -> LightHeap:
    # Imported here, in the thread: this brings in the compiled kernels, and the screen should not wait.
    from heaptui.opening.opening import open_heap, open_light

    try:
        return open_light(path, progress, manner) if manner.light else open_heap(path, progress, manner, first)
    except BaseException as error:
        # The frames in its traceback would keep all that was read so far.
        error.__context__ = None
        raise error.with_traceback(None) from None


def _load_together(paths: Sequence[str], jobs: Sequence[Progress], manner: Manner) -> Sequence[LightHeap]:
    from heaptui.opening.hidden import open_hidden, open_hidden_light

    try:
        return open_hidden_light(paths, jobs, manner) if manner.light else open_hidden(paths, jobs, manner)
    except BaseException as error:
        error.__context__ = None
        raise error.with_traceback(None) from None


def give_back() -> None:
    """Return memory that was freed to the system, where the C library would keep it for the next time."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
