"""Takes snapshots of processes for the app, and has it open them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from heaptui.tui import capturing
from heaptui.tui.dialogs import Prompt
from heaptui.tui.sitting import Sitting
from heaptui.tui.start import StartPage
from heaptui.tui.tasks import begin_task

if TYPE_CHECKING:
    from heaptui.capture.reaching import Target
    from heaptui.tui.app import HeaptuiApp


class Taker:
    """Asks of which process, and keeps the session with it for the next snapshot as long as the last one is open."""

    def __init__(self, app: HeaptuiApp) -> None:
        self._app = app
        self.sitting: Sitting | None = None

    def begin(self) -> None:
        """Take a snapshot of a process that is chosen, and open it."""
        begin_task(self._app, self._choose, group="take", exclusive=True, exit_on_error=True)

    def leave_all_but(self, path: str) -> None:
        """End the session, unless that file was taken in it."""
        if self.sitting is not None and os.path.abspath(path) not in self.sitting.files:
            self.end()

    def end(self) -> None:
        """End the session; an inspector that was opened for it is closed."""
        if self.sitting is not None:
            self.sitting.close()
            self.sitting = None

    async def _choose(self) -> None:
        from heaptui.capture.reaching import Target

        chosen = await capturing.choose(self._app, self.sitting if self._app.heaps else None)
        if chosen == capturing.ADDRESS:
            hint = "HOST:PORT or ws://..."
            self._app.post_message(Prompt.Wanted("take a snapshot of", "127.0.0.1:9229", hint, self._typed))
        elif chosen == capturing.AGAIN and self.sitting is not None:
            await self._take(self.sitting, self._app.opening.paths)
        elif chosen is not None:
            await self._begin_sitting(Target(chosen))

    def _typed(self, typed: str) -> None:
        from heaptui.capture.reaching import Target

        if typed:
            task = partial(self._begin_sitting, Target(typed))
            begin_task(self._app, task, group="take", exclusive=True, exit_on_error=True)

    async def _begin_sitting(self, target: Target) -> None:
        """Take the first snapshot of a process; the session goes on, for a second one to be compared."""
        self.end()
        self.sitting = Sitting(target)
        await self._take(self.sitting, [])

    async def _take(self, sitting: Sitting, paths: Sequence[str]) -> None:
        """Take a snapshot beside the last of these files, or in the current folder, and open all of them."""
        from heaptui.capture.reaching import Target

        app = self._app
        folder = str(Path(paths[-1]).resolve().parent) if paths else os.path.abspath(os.curdir)
        outcome = await capturing.take(app, sitting, folder)
        if outcome.pages:
            page = await capturing.choose_page(app, outcome.pages)
            if page is not None:
                await self._begin_sitting(Target(page))
                return
        if outcome.path:
            app.open_files([*paths, outcome.path])
        elif app.heaps:
            app.explorer.say(outcome.problem or capturing.STOPPED, error=True)
        else:
            app.query_one(StartPage).tell(outcome.problem or capturing.STOPPED)
        for note in outcome.notes:
            app.explorer.say(note, error=True)
