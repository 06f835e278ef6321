"""The app: it opens snapshots, makes the views of the tabs, and hands keys to where they belong."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult, SystemCommand
from textual.filter import LineFilter
from textual.screen import Screen

from heaptui.opening.manner import PLAIN, Manner
from heaptui.tui import keys, side
from heaptui.tui.actions import ACTIONS
from heaptui.tui.capturing import CaptureScreen
from heaptui.tui.colours import LIGHT
from heaptui.tui.config import Config
from heaptui.tui.desk import Desk
from heaptui.tui.dialogs import Prompt, file_wanted
from heaptui.tui.explorer import Explorer
from heaptui.tui.frame import Footer, OneLine, QuietScreen, TabLine, file_names
from heaptui.tui.grid import Grid
from heaptui.tui.help import HelpScreen
from heaptui.tui.hints import Place
from heaptui.tui.loading import Banner, Coming
from heaptui.tui.menu import Menu
from heaptui.tui.objects import ObjectPane
from heaptui.tui.opening import Opening
from heaptui.tui.palette import ActionSearch
from heaptui.tui.pane import Pane
from heaptui.tui.picture import picture
from heaptui.tui.plain import PlainSigns, is_poor
from heaptui.tui.start import StartPage
from heaptui.tui.statistics import StatisticsPane
from heaptui.tui.tabs import TABS, Tab, tab_of
from heaptui.tui.taker import Taker
from heaptui.tui.taking import write_text
from heaptui.tui.typeahead import TypeAhead
from heaptui.views import text
from heaptui.views.glossary import explain

if TYPE_CHECKING:
    from heaptui.heap import LightHeap


class HeaptuiApp(TypeAhead):
    """Opens the snapshots at `paths`: the last is shown, compared with the first where there are more.

    `ready` is set when all tabs have their rows, or loading has failed or was stopped.
    """

    TITLE = "heaptui"
    CSS_PATH = Path(__file__).with_name("heaptui.tcss")
    BINDINGS = keys.bindings("app")
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar = {ActionSearch}

    def __init__(
        self,
        paths: Sequence[str] = (),
        *,
        titles: Sequence[str] | None = None,
        settings: Config | None = None,
        manner: Manner = PLAIN,
    ) -> None:
        # With the terminal's own colours Textual leaves all of them out where the user wants none.
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.register_theme(LIGHT)
        self.settings = settings or Config()
        poor = self.settings.signs == "ascii" or (self.settings.signs == "auto" and is_poor(os.environ))
        self._plain_signs = [PlainSigns()] if poor else []
        keys.use(self.settings.keys)
        self.set_keymap(self.settings.keys)
        self.ready = asyncio.Event()
        self.notebook = side.Notebook()
        self.explorer = Explorer()
        self.opening = Opening(self.explorer, self.notebook, first=self.settings.tab, manner=manner)
        self._begin_with = (paths, titles or (), manner)
        self.taker = Taker(self)

    @property
    def heaps(self) -> Sequence[LightHeap]:
        """The snapshots that are open."""
        return self.explorer.heaps

    def get_default_screen(self) -> Screen[None]:
        """The screen with everything but dialogs."""
        return QuietScreen(id="_default")

    def compose(self) -> ComposeResult:
        """Title, tabs, the pages of which one is seen, and the footer."""
        yield OneLine(id="title")
        yield Banner()
        yield Coming()
        yield TabLine(id="tabs")
        with Desk(self.explorer, self.notebook, self.opening), self.explorer:
            yield StartPage(id="start")
            yield self.opening
            yield from (_pane(tab, self.notebook) for tab in TABS)
        yield Prompt(id="prompt")
        yield Footer(id="footer")

    def on_mount(self) -> None:
        """Begin to read the files."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Not every loop can: on another thread than the main one the signals are not ours.
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(number, self._end, number)
        for grid in self.query(Grid):
            grid.exact = self.settings.units == "bytes"
        if self.settings.problems:
            self.query_one(Footer).say(self.settings.problems[0], error=True)
        # Back from the shell the screen is empty, and Textual paints only what has changed.
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        if self._begin_with[0]:
            self.open_files(*self._begin_with)
        else:
            self._turn_to("start")
            self.ready.set()

    def on_unmount(self) -> None:
        """Stop reading, however the app ends: its threads would hold up the exit."""
        self.opening.stop()
        self.taker.end()
        for grid in self.query(Grid):
            grid.stop()

    def _end(self, number: signal.Signals) -> None:
        """Leave as a signal asks, with the terminal as it was before."""
        self.opening.stop()
        self.exit(return_code=128 + number)

    def _fatal_error(self) -> None:
        """Leave after an error that nobody expected; `run` raises it when the terminal is as it was."""
        self._close_messages_no_wait()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and one for terminals that lack signs."""
        return [*super().get_line_filters(), *self._plain_signs]

    def on_resize(self) -> None:
        """Lay out the lines around the panes anew."""
        self.call_after_refresh(self._frame)

    # Opening

    def open_files(self, paths: Sequence[str], titles: Sequence[str] = (), manner: Manner | None = None) -> None:
        """Read snapshots and show them in place of those that are open, without salvage unless `manner` says so."""
        self.taker.leave_all_but(paths[-1])
        self.opening.begin(paths, titles, manner)
        self._wait()

    @on(StartPage.Chosen)
    @on(Opening.Wanted)
    def _open_chosen(self, event: StartPage.Chosen | Opening.Wanted) -> None:
        self.open_files(event.paths)

    @on(StartPage.Salvaged)
    def _salvage_files(self) -> None:
        self.opening.begin_salvage()
        self._wait()

    def _wait(self) -> None:
        """Show how far the files are."""
        self.ready.clear()
        self._turn_to("loading")

    @on(Opening.Ended)
    def _opened(self, event: Opening.Ended) -> None:
        if self.opening.busy:
            return  # other files are being opened meanwhile
        if event.problem:
            self.query_one(StartPage).tell(event.problem, salvageable=event.salvageable)
            self._turn_to("start")
        self.ready.set()

    def action_take(self) -> None:
        """Take a snapshot of a process, and open it."""
        self.taker.begin()

    # What is seen

    @property
    def pane(self) -> Pane | None:
        """The pane of the open tab; None while loading and at the start."""
        return self.explorer.pane

    def _turn_to(self, page: str) -> None:
        self.explorer.current = page
        self._turned()

    @on(Explorer.Turned)
    def _turned(self) -> None:
        # A dialog may stand above, or a question below: their keys are theirs.
        if not self.default_screen.has_class("asking"):
            self.default_screen.set_focus(None)
            self._focus_rows()
        # A page that was hidden a moment ago can still get word of it, and drops the focus then.
        self.call_after_refresh(self._focus_rows)
        self._frame()

    @on(QuietScreen.Resumed)
    def _focus_rows(self) -> None:
        if self.default_screen.focused is not None:
            return
        if self.default_screen.has_class("asking"):
            self.query_one(Prompt).take_keys()
        elif self.pane is not None:
            self.pane.focus_rows()
        elif self.explorer.current == "start":
            self.query_one(StartPage).focus(scroll_visible=False)

    def aim(self) -> None:
        """Let a key find the rows at once where nothing has the focus."""
        screen = self.default_screen
        if self.screen is not screen or screen.focused is not None or screen.has_class("asking"):
            return
        target = self.pane.main if self.pane else self.query_one(StartPage)
        if self.pane is not None or self.explorer.current == "start":
            screen.set_focus(target, scroll_visible=False)

    def _frame(self) -> None:
        """Write the title, the tabs and the footer as things stand."""
        title = self.query_one("#title", OneLine)
        right = ("values hidden   " if self.opening.manner.hide_values else "") + facts(self.heaps)
        title.apart(f"heaptui  {file_names(self.opening.titles, title.room - len(right) - 12)}", right)
        explorer = self.explorer
        self.query_one(Banner).tell(self.heaps, light=not explorer.whole and not explorer.coming)
        # On the start page the numbers of the tabs are those of files.
        tabs = () if explorer.current == "start" else explorer.tabs
        self.query_one(TabLine).mark(explorer.tab if self.heaps else "", tabs)
        self.query_one(Footer).hint_now(self._place(), self._works)

    def _works(self, action: str) -> bool:
        return self.pane is None or (self.explorer.offers(action) and self.pane.works(action))

    def _place(self) -> Place:
        if self.pane is not None:
            return self.pane.place
        return "loading" if self.opening.busy else "start"

    @on(events.DescendantFocus)
    @on(Grid.Changed)
    def _hint_anew(self) -> None:
        self.query_one(Footer).hint_now(self._place(), self._works)

    @on(Grid.Said)
    def _say(self, event: Grid.Said) -> None:
        footer = self.query_one(Footer)
        if event.text:
            footer.say(text.escape(event.text), error=event.error)
        else:
            footer.hint(self._place(), self._works)

    @on(Prompt.Wanted)
    def _ask(self, event: Prompt.Wanted) -> None:
        self.default_screen.add_class("asking")
        self.query_one(Prompt).ask(event)

    @on(Prompt.Closed)
    def _asked(self) -> None:
        self.default_screen.remove_class("asking")
        self._turned()

    @on(TabLine.Picked)
    def _pick(self, event: TabLine.Picked) -> None:
        self.explorer.action_show_tab(event.tab)

    @on(Pane.Asked)
    def _go(self, event: Pane.Asked) -> None:
        self.explorer.goto(event.number)

    # What the keys do

    def action_open_file(self) -> None:
        """Ask for the files to open."""
        self.opening.ask()

    async def action_back(self) -> None:
        """Back to the list, or clear its match; stop loading."""
        if self.pane is None or not self.pane.back():
            self.opening.stop()

    def action_interrupt(self) -> None:
        """Stop loading, or taking a snapshot; otherwise quit."""
        if isinstance(self.screen, CaptureScreen):
            self.screen.action_stop()
        elif not self.opening.stop():
            self.exit()

    async def action_quit(self) -> None:
        """Leave."""
        self.opening.stop()
        self.exit()

    def action_help(self) -> None:
        """Show the help screen for the open tab."""
        chosen = self.explorer.selection
        outline = chosen.outline if chosen else self.pane.main.outline if self.pane else None
        title = outline.view.name if outline else tab_of(self.explorer.tab).title
        here = explain(chosen.row) if chosen else ()
        start = self._place() == "start"
        self.push_screen(HelpScreen(title, outline.view.columns if outline else (), here, start=start))

    def action_base(self) -> None:
        """Ask which snapshot the last one should be compared with."""
        if len(self.heaps) < 3:
            self.explorer.say("A base is chosen where three snapshots or more are open: heaptui A B C.")
            return
        entries = [
            (str(i), title, "the base now" if i == 0 else "") for i, title in enumerate(self.opening.titles[:-1])
        ]
        self.push_screen(Menu("Compare with", entries), self._compare_with)

    def _compare_with(self, chosen: str | None) -> None:
        """Put the chosen snapshot first, for the first is what the last is compared with."""
        if chosen is None:
            return
        self.opening.put_first(int(chosen))
        for tab in TABS:
            if tab.compares:
                # Of the others it is not known any more which came first.
                self.explorer.make_rows(self.query_one(f"#{tab.id}", Pane), [self.heaps[0], self.heaps[-1]])
        self._turned()

    def action_picture(self) -> None:
        """Ask for a file to draw the screen to."""
        # The question itself should not be in the picture.
        drawn = picture(self)

        def write(path: str) -> None:
            footer = self.query_one(Footer)
            try:
                write_text(path, drawn)
            except OSError as error:
                footer.say(str(error), error=True)
            else:
                footer.say(f"The picture is in {path}.")

        self.post_message(file_wanted("picture", "heaptui.svg", "a file ending in .svg", write))

    def action_palette(self) -> None:
        """Find an action by name."""
        self.action_command_palette()

    def action_redraw(self) -> None:
        """Draw every line again, for when something else wrote to the terminal."""
        self.screen.refresh(layout=True)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The actions that can be done now, for the palette."""
        start = self.query_one(StartPage)
        # The palette has the focus now; what had it is still so in the screen beneath.
        owners = [screen.focused, self.pane, self.explorer, self.query_one(Desk), self] if self.pane else [start, self]
        for action in ACTIONS:
            call = action.call or action.id
            name = call.partition("(")[0]
            owner = next((o for o in owners if o is not None and hasattr(o, f"action_{name}")), None)
            if owner is not None and self.explorer.offers(action.id):
                caps = ", ".join(keys.caps(action))
                yield SystemCommand(
                    action.words, f"{action.about} ({caps})", lambda o=owner, c=call: self.run_action(c, o)
                )


def _pane(tab: Tab, notebook: side.Notebook) -> Pane:
    if tab.charted:
        return StatisticsPane(tab)
    return ObjectPane(tab, notebook) if tab.objects else Pane(tab)


def facts(heaps: Sequence[LightHeap]) -> str:
    """Objects and bytes of the snapshot shown, and the change since the first one."""
    if not heaps:
        return ""
    current = heaps[-1]
    words = f"{text.count(current.node_count)} objects   {text.size(current.total_size)}"
    if len(heaps) > 1:
        words += f"   {text.signed_size(current.total_size - heaps[0].total_size)}"
    return words
