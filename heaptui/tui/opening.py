"""From files to the rows of the tabs: what is typed to open them, and the way they take, seen on its page."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import shlex
from collections.abc import Sequence
from dataclasses import replace
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
from heaptui.tui.loading import LoadingPage, give_back, load_all
from heaptui.tui.pages import rows_of
from heaptui.tui.pane import Pane
from heaptui.tui.tabs import TABS, opening_tab

if TYPE_CHECKING:
    from heaptui.heap import Heap, LightHeap


class Opening(Vertical):
    """Opens the snapshots at `paths`, the oldest first, and gives the explorer their rows.

    `first` is the tab to be seen first, where the user has one.
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

    def __init__(self, explorer: Explorer, notebook: side.Notebook, *, first: str = "") -> None:
        super().__init__(id="loading")
        self.explorer = explorer
        self.notebook = notebook
        self.first = first
        self.manner = PLAIN
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
            self.post_message(self.Wanted([str(Path(name).expanduser()) for name in names]))

    def begin(self, paths: Sequence[str], titles: Sequence[str] = (), manner: Manner | None = None) -> None:
        """Read snapshots in place of those that are open, without salvage unless `manner` says so."""
        self.stop()
        self._keeping.cancel()
        self.paths, self.titles = list(paths), list(titles) or [Path(path).name for path in paths]
        self.manner = manner or replace(self.manner, salvage=False)
        self.explorer.empty(self.titles, self.first or opening_tab(len(paths)))
        self._jobs = [Progress() for _ in paths]
        self.query_one(LoadingPage).watch_jobs(self.titles, self._jobs)
        self.run_worker(self._open(self.paths, self._jobs), group="open", exit_on_error=False)

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
            heaps = await load_all(paths, jobs, self.manner)
            # Notes could tell names that are hidden now, or keep placeholders that mean nothing later.
            self.notebook.sides = [side.Side() for _ in paths]
            if not self.manner.hide_values:
                await asyncio.to_thread(self.notebook.open, paths)
            await self._make_tabs(heaps, jobs)
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
        if problem:
            self.explorer.begin((), ())
        else:
            self._keeping = Progress()
            self.run_worker(self._keep(heaps, self._keeping), group="keep", exit_on_error=False)
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

    async def _make_tabs(self, heaps: list[Heap], jobs: list[Progress]) -> None:
        """Make the outlines in a thread, for the first rows of a large heap take a while."""
        # What is loaded stays for good; the collector need not walk it again.
        gc.freeze()
        explorer = self.explorer
        for tab in sorted(TABS, key=lambda tab: tab.id != explorer.tab):
            if tab.lazy:
                continue
            for job in jobs:
                job.begin(f"preparing {tab.title}")
            found = await asyncio.to_thread(rows_of, tab, heaps)
            if jobs is not self._jobs:
                return
            explorer.query_one(f"#{tab.id}", Pane).show(found)
            if not explorer.heaps:
                explorer.begin(heaps, self.titles)
                self.query_one(LoadingPage).rest()
                explorer.turn_to(explorer.tab)
                await asyncio.to_thread(_look_around, heaps)
                for grid in explorer.query(Grid):
                    grid.ask_again()
        suspects = explorer.query_one("#suspects", Pane)
        if len(heaps) > 1 and not suspects.made:
            # It goes on while the other tabs are looked at.
            explorer.make_rows(suspects, heaps)


def _look_around(heaps: Sequence[Heap]) -> None:
    """Find out what scripts can get to, which the rows of objects tell and the first rows can do without."""
    for heap in heaps:
        _ = heap.from_window
