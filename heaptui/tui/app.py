"""The app: it opens snapshots, makes the views of the tabs, and hands keys to where they belong."""

from __future__ import annotations

import asyncio
import gc
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import App, ComposeResult, SystemCommand
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static

from heaptui.snapshot.progress import Cancelled, Progress
from heaptui.tui import keys
from heaptui.tui.dialogs import Prompt
from heaptui.tui.frame import Footer, OneLine, TabLine, file_names
from heaptui.tui.grid import Grid
from heaptui.tui.help import HelpScreen
from heaptui.tui.loading import LoadingPage, load_all
from heaptui.tui.pane import ObjectPane, Pane
from heaptui.tui.statistics import StatisticsPane
from heaptui.tui.tabs import TABS, Tab, opening_tab
from heaptui.views import text
from heaptui.views.outline import Outline

if TYPE_CHECKING:
    from heaptui.heap import Heap

START = """
No snapshot is open.

Press o and type the name of a .heapsnapshot file, or of two to compare.
"""


class HeaptuiApp(App[None]):
    """Opens the snapshots at `paths`: the last is shown, compared with the first where there are more.

    `ready` is set when all tabs have their rows, or loading has failed or was stopped.
    """

    TITLE = "heaptui"
    CSS_PATH = Path(__file__).with_name("heaptui.tcss")
    BINDINGS = keys.bindings("app")
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, paths: Sequence[str] = (), *, titles: Sequence[str] | None = None) -> None:
        super().__init__()
        self.ready = asyncio.Event()
        self.heaps: Sequence[Heap] = ()
        self._paths = list(paths)
        self._titles = list(titles) if titles else [Path(path).name for path in paths]
        self._jobs: list[Progress] = []
        self._tab = opening_tab(len(paths))

    def compose(self) -> ComposeResult:
        """Title, tabs, the pages of which one is seen, and the footer."""
        yield OneLine(id="title")
        yield TabLine(id="tabs")
        with ContentSwitcher(id="body", initial="start"):
            yield Static(START, id="start", markup=False)
            yield LoadingPage(id="loading")
            for tab in TABS:
                yield StatisticsPane(tab) if tab.charted else ObjectPane(tab)
        yield Prompt(id="prompt")
        yield Footer(id="footer")

    def on_mount(self) -> None:
        """Begin to read the files."""
        self.query_one("#start", Static).auto_links = False
        # Back from the shell the screen is empty, and Textual paints only what has changed.
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        if self._paths:
            self.open_files(self._paths, self._titles)
        else:
            self.ready.set()

    def on_unmount(self) -> None:
        """Stop reading, however the app ends: its threads would hold up the exit."""
        self._cancel()

    def on_resize(self) -> None:
        """Lay out the lines around the panes anew."""
        self.call_after_refresh(self._frame)

    # Opening

    def open_files(self, paths: Sequence[str], titles: Sequence[str]) -> None:
        """Read snapshots and show them in place of those that are open."""
        for job in self._jobs:
            job.cancel()
        self._paths, self._titles, self.heaps = list(paths), list(titles), ()
        self._tab = opening_tab(len(paths))
        self.ready.clear()
        self._jobs = [Progress() for _ in paths]
        self.query_one(LoadingPage).watch_jobs(self._titles, self._jobs)
        self._turn_to("loading")
        self.run_worker(self._open(self._paths, self._jobs), group="open", exit_on_error=False)

    async def _open(self, paths: Sequence[str], jobs: list[Progress]) -> None:
        """Load, then make the views one after the other, the one to be seen first."""
        from heaptui.snapshot.errors import SnapshotError

        problem = ""
        try:
            heaps = await load_all(paths, jobs)
            await self._make_tabs(heaps, jobs)
        except Cancelled:
            problem = "Loading was stopped."
        except (SnapshotError, OSError) as error:
            problem = str(error)
        except MemoryError:
            problem = "There is not enough memory to open this snapshot."
        except Exception as error:
            problem = f"This snapshot could not be opened: {error!r}"
        if jobs is not self._jobs:
            return  # other files are being opened meanwhile
        self._jobs = []
        self.query_one(LoadingPage).rest()
        if problem:
            self.heaps = ()
            self.query_one("#start", Static).update(f"\n{text.escape(problem)}\n{START}")
            self._turn_to("start")
        self.ready.set()

    async def _make_tabs(self, heaps: list[Heap], jobs: list[Progress]) -> None:
        """Make the outlines in a thread, for the first rows of a large heap take a while."""
        # What is loaded stays for good; the collector need not walk it again.
        gc.freeze()
        for tab in sorted(TABS, key=lambda tab: tab.id != self._tab):
            for job in jobs:
                job.begin(f"preparing {tab.title}")
            found = await asyncio.to_thread(_rows, tab, heaps)
            if jobs is not self._jobs:
                return
            self.query_one(f"#{tab.id}", Pane).show(found)
            if not self.heaps:
                self.heaps = heaps
                self.query_one(LoadingPage).rest()
                self.action_show_tab(self._tab)

    def _cancel(self) -> bool:
        """Stop the reading that goes on, if there is one."""
        for job in self._jobs:
            job.cancel()
        return bool(self._jobs)

    # What is seen

    @property
    def pane(self) -> Pane | None:
        """The pane of the open tab; None while loading and at the start."""
        return self.query_one(f"#{self._tab}", Pane) if self.heaps else None

    def _turn_to(self, page: str) -> None:
        self.query_one("#body", ContentSwitcher).current = page
        self.screen.set_focus(None)
        self._focus_rows()
        # A page that was hidden a moment ago can still get word of it, and drops the focus then.
        self.call_after_refresh(self._focus_rows)
        self._frame()

    def _focus_rows(self) -> None:
        if self.pane is not None and self.focused is None:
            self.pane.focus_rows()

    def _frame(self) -> None:
        """Write the title, the tabs and the footer as things stand."""
        title = self.query_one("#title", OneLine)
        right = facts(self.heaps)
        title.apart(f"heaptui  {file_names(self._titles, title.room - len(right) - 12)}", right)
        self.query_one(TabLine).mark(self._tab if self.heaps else "")
        self.query_one(Footer).hint(self._place())

    def _place(self) -> keys.Place:
        if self.pane is not None:
            return self.pane.place
        return "loading" if self._jobs else "start"

    @on(events.DescendantFocus)
    def _hint_anew(self) -> None:
        self.query_one(Footer).hint(self._place())

    @on(Grid.Said)
    def _say(self, event: Grid.Said) -> None:
        footer = self.query_one(Footer)
        if event.text:
            footer.say(text.escape(event.text), error=event.error)
        else:
            footer.hint(self._place())

    @on(Prompt.Wanted)
    def _ask(self, event: Prompt.Wanted) -> None:
        self.screen.add_class("asking")
        self.query_one(Prompt).ask(event)

    @on(Prompt.Closed)
    def _asked(self) -> None:
        self.screen.remove_class("asking")
        self._turn_to(self.query_one("#body", ContentSwitcher).current or "start")

    @on(TabLine.Picked)
    def _pick(self, event: TabLine.Picked) -> None:
        self.action_show_tab(event.tab)

    # What the keys do

    def action_show_tab(self, tab: str) -> None:
        """Show a tab, once there is something to show."""
        if self.heaps:
            self._tab = tab
            self._turn_to(tab)

    def action_next_tab(self) -> None:
        """Show the tab on the right."""
        self._step_tab(1)

    def action_previous_tab(self) -> None:
        """Show the tab on the left."""
        self._step_tab(-1)

    def _step_tab(self, by: int) -> None:
        ids = [tab.id for tab in TABS]
        self.action_show_tab(ids[(ids.index(self._tab) + by) % len(ids)])

    def action_open_file(self) -> None:
        """Ask for the files to open; those that are open stand there to be changed."""
        self.post_message(Prompt.Wanted("open", shlex.join(self._paths), "FILE, or BEFORE AFTER", self._open_typed))

    def _open_typed(self, typed: str) -> None:
        try:
            names = shlex.split(typed)
        except ValueError:
            names = [typed]
        if names:
            paths = [str(Path(name).expanduser()) for name in names]
            self.open_files(paths, [Path(path).name for path in paths])

    async def action_back(self) -> None:
        """Stop loading; otherwise back to the list, or clear its match."""
        if not self._cancel() and self.pane is not None:
            self.pane.back()

    def action_interrupt(self) -> None:
        """Stop loading; otherwise quit."""
        if not self._cancel():
            self.exit()

    async def action_quit(self) -> None:
        """Leave."""
        self._cancel()
        self.exit()

    def action_help(self) -> None:
        """Show the help screen for the open tab."""
        outline = self.pane.main.outline if self.pane else None
        tab = next(tab for tab in TABS if tab.id == self._tab)
        self.push_screen(HelpScreen(tab.title, outline.view.columns if outline else ()))

    def action_palette(self) -> None:
        """Find an action by name."""
        self.action_command_palette()

    def action_redraw(self) -> None:
        """Draw every line again, for when something else wrote to the terminal."""
        self.screen.refresh(layout=True)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The actions that can be done now, for the palette."""
        # The palette has the focus now; what had it is still so in the screen beneath.
        owners = [screen.focused, self.pane, self] if self.pane else [self]
        for action in keys.ACTIONS:
            call = action.call or action.id
            name = call.partition("(")[0]
            owner = next((o for o in owners if o is not None and hasattr(o, f"action_{name}")), None)
            if owner is not None:
                caps = ", ".join(action.caps)
                yield SystemCommand(
                    action.words, f"{action.about} ({caps})", lambda o=owner, c=call: self.run_action(c, o)
                )


def _rows(tab: Tab, heaps: Sequence[Heap]) -> Outline | str:
    """A tab's view with its first rows, or what to say instead."""
    view = tab.make(heaps)
    return view if isinstance(view, str) else Outline(view)


def facts(heaps: Sequence[Heap]) -> str:
    """Objects and bytes of the snapshot shown, and the change since the first one."""
    if not heaps:
        return ""
    current = heaps[-1]
    words = f"{text.count(current.node_count)} objects   {text.size(current.total_size)}"
    if len(heaps) > 1:
        words += f"   {text.signed_size(current.total_size - heaps[0].total_size)}"
    return words
