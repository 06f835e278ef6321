"""From files to the rows of the tabs: what is typed to open them, and the way they take, seen on its page."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import shlex
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from heaptui.opening.manner import PLAIN, Manner
from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.tui import side
from heaptui.tui.dialogs import Prompt
from heaptui.tui.explorer import Explorer
from heaptui.tui.files import complete_snapshots, quoted
from heaptui.tui.grid import Grid
from heaptui.tui.loading import Coming, Early, LoadingPage, check_headers, check_memory, give_back, load_all
from heaptui.tui.menu import Menu
from heaptui.tui.pages import rows_of, whole
from heaptui.tui.pane import Pane
from heaptui.tui.tabs import TABS, opening_tab
from heaptui.tui.tasks import begin_task

if TYPE_CHECKING:
    from heaptui.heap import Heap, LightHeap

PATIENCE = 0.3
"""Seconds that a heap may still take to be whole before it is shown as far as it is known."""

LARGE = 1_000_000
"""Objects from which it will take longer than that anyway."""


class Opening(Vertical):
    """Opens the snapshots at `paths`, the oldest first, and gives the explorer their rows.

    `first` is the tab to be seen first, where the user has one, `manner` the usual way to open files.
    """

    class Wanted(Message):
        """Files are to be opened: their names were typed."""

        def __init__(self, paths: Sequence[str]) -> None:
            super().__init__()
            self.paths = paths

    class Ended(Message):
        """All tabs have their rows; or there are none, for the reason that `problem` tells."""

        def __init__(self, problem: str = "", *, salvageable: bool = False) -> None:
            super().__init__()
            self.problem = problem
            self.salvageable = salvageable

    def __init__(self, explorer: Explorer, notebook: side.Notebook, *, first: str = "", manner: Manner = PLAIN) -> None:
        super().__init__(id="loading")
        self.explorer = explorer
        self.notebook = notebook
        self.first = first
        self.manner = manner
        self._usual = replace(manner, salvage=False)
        self.paths: list[str] = []
        self.titles: list[str] = []
        self._jobs: list[Progress] = []
        self._keeping = Progress()

    def compose(self) -> ComposeResult:
        """How far the files are."""
        yield LoadingPage()

    @property
    def busy(self) -> bool:
        """Whether files are being opened."""
        return bool(self._jobs)

    def stop(self) -> bool:
        """Stop the reading that goes on, if there is one."""
        for job in self._jobs:
            job.cancel()
        return self.busy

    def ask(self) -> None:
        """Ask for the files to open; those that are open stand there to be changed."""
        self.post_message(
            Prompt.Wanted(
                "open",
                " ".join(map(quoted, self.paths)),
                "FILE, or BEFORE AFTER; Tab completes",
                self._typed,
                complete_snapshots,
            )
        )

    def _typed(self, typed: str) -> None:
        try:
            names = shlex.split(typed)
        except ValueError:
            names = [typed]
        if names:
            paths = [str(Path(name).expanduser()) for name in names]
            begin_task(self, partial(self._want, paths), group="want", exclusive=True)

    async def _want(self, paths: Sequence[str]) -> None:
        """Have files opened; what is open stays where a first look shows that they are no snapshots."""
        from heaptui.snapshot.errors import SnapshotError

        try:
            if self.explorer.heaps:
                await asyncio.to_thread(check_headers, paths)
        except SnapshotError as error:
            self.explorer.say(str(error), error=True)
        else:
            self.post_message(self.Wanted(paths))

    def begin(self, paths: Sequence[str], titles: Sequence[str] = (), manner: Manner | None = None) -> None:
        """Read snapshots in place of those that are open, in the usual manner and without salvage unless told."""
        self.stop()
        self._keeping.cancel()
        self.paths, self.titles = list(paths), list(titles) or [Path(path).name for path in paths]
        self.manner = manner or self._usual
        self.explorer.empty(self.titles, self.first or opening_tab(len(paths)))
        self._jobs = [Progress() for _ in paths]
        self.query_one(LoadingPage).watch_jobs(self.titles, self._jobs)
        begin_task(self, partial(self._open, self.paths, self._jobs), group="open")

    def begin_salvage(self) -> None:
        """Read the same files again, as far as they go."""
        self.begin(self.paths, self.titles, replace(self.manner, salvage=True))

    def put_first(self, index: int) -> None:
        """Let the snapshot at `index` be the oldest, in the notes kept of the files too."""
        order = [index, *(i for i in range(len(self.paths)) if i != index)]
        self.paths, self.titles = [self.paths[i] for i in order], [self.titles[i] for i in order]
        self.notebook.sides = [self.notebook.sides[i] for i in order]
        self.explorer.begin([self.explorer.heaps[i] for i in order], self.titles)

    async def _open(self, paths: Sequence[str], jobs: list[Progress]) -> None:
        """Load, then make the views one after the other, the one to be seen first."""
        from heaptui.snapshot.errors import SnapshotError

        problem, salvageable = "", False
        try:
            await self._ask_where_short(paths)
            await self._load(paths, jobs)
            await asyncio.to_thread(side.remember, paths)
        except Cancelled:
            problem = "Loading was stopped."
        except (SnapshotError, OSError) as error:
            problem = str(error)
            salvageable = isinstance(error, SnapshotError) and error.salvageable and not self.manner.salvage
        except MemoryError:
            problem = "There is not enough memory to open this snapshot."
        except Exception as error:
            problem = f"This snapshot could not be opened: {error!r}"
        await asyncio.to_thread(give_back)
        if jobs is not self._jobs:
            return  # other files are being opened meanwhile
        self._jobs = []
        self.query_one(LoadingPage).rest()
        self.screen.query_one(Coming).rest()
        if problem and self.explorer.coming:
            # What is known already stays.
            self.explorer.give_up()
            self.explorer.say(f"{problem} Retained sizes and retainers stay unknown.", error=True)
            problem = ""
        elif problem:
            self.explorer.begin((), ())
        else:
            self._keeping = Progress()
            begin_task(self, partial(self._keep, self.explorer.heaps, self._keeping), group="keep")
        self.post_message(self.Ended(problem, salvageable=salvageable))

    async def _keep(self, heaps: Sequence[LightHeap], progress: Progress) -> None:
        """Now that all is on the screen: write what was read to the index, and load what the index did not need."""
        from heaptui.heap.heap import load_kernels
        from heaptui.opening.index import keeping

        limit = self.manner.index_limit
        with contextlib.suppress(Cancelled):
            for heap in keeping.unkept(heaps):
                await asyncio.to_thread(keeping.keep, heap, limit, progress)
        await asyncio.to_thread(load_kernels)

    def on_unmount(self) -> None:
        """Stop writing, however the app ends."""
        self._keeping.cancel()

    async def _ask_where_short(self, paths: Sequence[str]) -> None:
        """Ask how to go on where memory will not do; raises Cancelled where the files are not to be opened."""
        from heaptui.snapshot.errors import ShortOfMemory, SnapshotError

        try:
            await asyncio.to_thread(check_memory, paths, self.manner)
        except ShortOfMemory as error:
            ways = [("force", "open it all the same", "It may stop half way.")]
            if error.light:
                ways.insert(
                    0, ("light", "open it in light mode", f"About {error.light}; no retained sizes, no retainers.")
                )
            title = f"Short of memory: {error.short}"
            match await self.app.push_screen_wait(Menu(title, ways)):
                case "light":
                    self.manner = replace(self.manner, light=True)
                case "force":
                    self.manner = replace(self.manner, force=True)
                case _:
                    raise SnapshotError(f"It was not opened: {error.short}.") from None

    async def _load(self, paths: Sequence[str], jobs: list[Progress]) -> None:
        """Load the files, and show what is known before the dominators are where these take their time."""
        early = Early(len(paths))
        loading = asyncio.create_task(load_all(paths, jobs, self.manner, early))
        waiting = asyncio.create_task(early.heaps())
        try:
            await asyncio.wait({loading, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if not loading.done() and sum(heap.node_count for heap in waiting.result()) < LARGE:
                await asyncio.wait({loading}, timeout=PATIENCE)
            if not loading.done():
                self.explorer.coming = True
                await self._show(paths, waiting.result(), jobs)
            heaps = await loading
        finally:
            waiting.cancel()
            if not loading.done():
                for job in jobs:
                    job.cancel()
                await asyncio.wait({loading})
                loading.exception()
        if not self.explorer.coming:
            await self._show(paths, heaps, jobs)
        elif jobs is self._jobs:
            self.explorer.complete(_whole(waiting.result(), heaps))
            await self._look_around(heaps)
        suspects = self.explorer.query_one("#suspects", Pane)
        if len(heaps) > 1 and jobs is self._jobs and not suspects.made:
            # It goes on while the other tabs are looked at.
            self.explorer.make_rows(suspects, heaps)

    async def _show(self, paths: Sequence[str], heaps: Sequence[LightHeap], jobs: list[Progress]) -> None:
        """Make the views in a thread, one after the other: the first rows of a large heap take a while."""
        # Notes could tell names that are hidden now, or keep placeholders that mean nothing later.
        self.notebook.sides = [side.Side() for _ in paths]
        if not self.manner.hide_values:
            await asyncio.to_thread(self.notebook.open, paths)
        # What is loaded stays for good; the collector need not walk it again.
        gc.freeze()
        explorer = self.explorer
        for tab in sorted(TABS, key=lambda tab: tab.id != explorer.tab):
            if tab.lazy:
                continue
            for job in [] if explorer.coming else jobs:
                job.begin(f"preparing {tab.title}")
            known = not tab.whole or whole(heaps)
            found = await asyncio.to_thread(rows_of, tab, heaps) if known else explorer.missing
            if jobs is not self._jobs:
                return
            explorer.query_one(f"#{tab.id}", Pane).show(found)
            if not explorer.heaps:
                explorer.begin(heaps, self.titles)
                self.query_one(LoadingPage).rest()
                if explorer.coming:
                    self.screen.query_one(Coming).watch_jobs(jobs)
                explorer.turn_to(explorer.tab)
                await self._look_around(heaps)

    async def _look_around(self, heaps: Sequence[LightHeap]) -> None:
        """Find out what scripts can get to, which the rows of objects tell and the first rows can do without."""

        def look() -> None:
            for heap in heaps:
                _ = heap.from_window

        await asyncio.to_thread(look)
        for grid in self.explorer.query(Grid):
            grid.ask_again()


def _whole(light: Sequence[LightHeap], heaps: Sequence[LightHeap]) -> dict[LightHeap, Heap]:
    """The whole heaps by the light ones that they were."""
    from heaptui.heap import Heap

    return {before: heap for before, heap in zip(light, heaps, strict=True) if isinstance(heap, Heap)}
