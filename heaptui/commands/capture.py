"""A snapshot of a running process."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from heaptui.commands.app import open_app
from heaptui.commands.choosing import asked, choose_page, choose_process, write_workers
from heaptui.commands.command import OK, Command, UsageError, UserError
from heaptui.commands.options import add_app, whole

if TYPE_CHECKING:
    from heaptui.capture.reaching import Reached
    from heaptui.capture.taking import Wish
    from heaptui.snapshot.progress import Progress

_ABOUT = (
    "Takes a snapshot of a running Node process, of a page in Chromium (--remote-debugging-port), or of whatever else "
    "speaks the V8 inspector's protocol. A Node process that does not listen yet is made to with SIGUSR1, on "
    "127.0.0.1 and only while this lasts. The process stands still for seconds and needs several times the memory of "
    "its heap. Without TARGET the Node processes of this user are listed and one can be chosen. Snapshots "
    "whose objects are to be compared must be taken in one go, with --count: V8 numbers all objects anew when an "
    "inspector's session ends."
)
_UNITS = {"ms": 0.001, "s": 1, "": 1, "m": 60, "min": 60, "h": 3600}
_MOST = 1000


def seconds(text: str) -> float:
    """A time as the user types it: 60s, 5m, 500ms."""
    found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?) ?(ms|s|m|min|h|)", text)
    if found is None or not float(found[1]):
        raise ArgumentTypeError(f"{text!r} is no time; times look like 60s or 5m")
    return float(found[1]) * _UNITS[found[2]]


def _times(text: str) -> int:
    if not 1 <= whole(text) <= _MOST:
        raise ArgumentTypeError(f"{text!r} is no count from 1 to {_MOST}")
    return int(text)


def _arrange_capture(to: ArgumentParser) -> None:
    to.add_argument("target", metavar="TARGET", nargs="?", help="a process id, HOST:PORT, or a ws:// address")
    to.add_argument("-o", dest="out", metavar="OUT", help="where to write it; default heap-PID-TIME.heapsnapshot here")
    to.add_argument("--overwrite", action="store_true", help="write over a file that is there")
    to.add_argument("--count", type=_times, default=1, metavar="N", help="take several, their names numbered")
    to.add_argument("--every", type=seconds, metavar="TIME", help="how long to wait in between; default 60s")
    to.add_argument("--gc", action="store_true", help="collect garbage first")
    to.add_argument("--numeric-values", action="store_true", help="with the values of numbers")
    to.add_argument(
        "--timeline", type=seconds, metavar="TIME", help="record allocations with their stacks: a .heaptimeline"
    )
    to.add_argument("--workers", action="store_true", help="list the worker threads of the process")
    to.add_argument("--worker", type=whole, metavar="N", help="of this worker thread instead of the main one")
    to.add_argument("--yes", action="store_true", help="do not ask where the process may be killed")
    to.add_argument("--open", action="store_true", help="open what was taken in the app")
    add_app(to, nested=True)


def _capture(options: Namespace) -> int:
    from heaptui.capture.errors import CaptureError
    from heaptui.capture.reaching import SeveralPages

    _check(options)
    with _signals_end_it():
        try:
            target = options.target or choose_process()
            if target is None:
                return OK
            try:
                files = _files(target, options)
            except SeveralPages as error:
                page = choose_page(error.pages)
                if page is None:
                    raise UserError(
                        "there are several pages; type the address of one: heaptui capture ws://..."
                    ) from None
                files = _files(page, options)
        except CaptureError as error:
            raise UserError(str(error)) from None
    if not files:
        return OK
    if options.open:
        return open_app(files, options)
    sys.stderr.write(f"heaptui: next: heaptui {' '.join(map(shlex.quote, files))}\n")
    return OK


def _check(options: Namespace) -> None:
    if options.every and options.count == 1:
        raise UsageError("--every is the time between several; --count says how many")
    if options.timeline and options.count > 1:
        raise UsageError("--timeline records once, without --count")
    if options.open and not sys.stderr.isatty():
        raise UsageError("--open needs a terminal")
    if options.out and options.out.endswith((".gz", ".zst")):
        raise UsageError("the file is not compressed while it is taken; give it a name without .gz or .zst")
    if options.out == "-":
        raise UsageError("a snapshot goes to a file, for it is checked; standard output has its name")
    if options.workers and options.worker is not None:
        raise UsageError("--workers lists them, --worker N takes one's snapshot; give one of them")


def _files(target: str, options: Namespace) -> list[str]:
    """Take what the options ask for; returns the files, none where the user thought better of it."""
    from heaptui.capture.files import numbered
    from heaptui.capture.reaching import Target, reached
    from heaptui.capture.taking import Wish, rest
    from heaptui.report.waiting import shown
    from heaptui.snapshot.progress import Progress

    wish = Wish(options.gc, options.numeric_values, options.timeline or 0.0)
    progress, files = Progress(), list[str]()
    with contextlib.ExitStack() as stack:
        with shown([progress]):
            found = stack.enter_context(reached(Target(target, options.worker), progress, _say))
        if options.workers:
            write_workers(found)
            return []
        out = _out(found, wish, options)
        for number in range(1, options.count + 1):
            if number > 1:
                with shown([progress]):
                    rest(found.session, options.every or 60.0, f"waiting for snapshot {number}", progress)
            if not _is_wanted(found, out, options.yes):
                break
            files.append(_one(found, numbered(out, number, options.count), wish, progress))
    return files


def _out(found: Reached, wish: Wish, options: Namespace) -> str:
    from heaptui.capture.files import default_name, numbered

    out = options.out or ""
    if not out or os.path.isdir(out):
        out = os.path.join(out, default_name(found.name, wish.ending))
    for number in range(1, options.count + 1):
        path = numbered(out, number, options.count)
        if os.path.lexists(path) and not (options.overwrite and os.path.isfile(path)):
            raise UserError(
                f"{path} is there already; --overwrite writes over it" if os.path.isfile(path) else f"{path} is no file"
            )
    return out


def _is_wanted(found: Reached, out: str, yes: bool) -> bool:
    """Say how large things are and what is left; ask where that may be too little."""
    from heaptui.capture.memory import room_for
    from heaptui.report.room import describe, warnings

    room = room_for(found.session, found.process, os.path.dirname(os.path.abspath(out)))
    _say(f"{found.title}: {describe(room)}")
    risks = warnings(room)
    for risk in risks:
        _say(f"warning: {risk}")
    if not risks or yes:
        return True
    if not sys.stdin.isatty() or not sys.stderr.isatty():
        raise UserError("nothing was taken; --yes takes it all the same")
    return asked("Take it all the same? [y/N] ").lower() in ("y", "yes")


def _one(found: Reached, path: str, wish: Wish, progress: Progress) -> str:
    from heaptui.capture.capturing import capture
    from heaptui.report.waiting import shown
    from heaptui.views import text

    with shown([progress]):
        done = capture(found, path, wish, progress)
    sys.stdout.write(f"{path}\n")
    sys.stdout.flush()
    _say(f"{text.size(done.size)} in {done.seconds:.1f} s, whole")
    return path


def _say(words: str) -> None:
    from heaptui.views.text import escape

    sys.stderr.write(f"heaptui: {escape(words)}\n")
    sys.stderr.flush()


@contextlib.contextmanager
def _signals_end_it() -> Iterator[None]:
    """Have signals that end us, such as that of a connection that breaks, clean up as ctrl+c does."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


COMMANDS = (Command("capture", "take a snapshot of a running process", _arrange_capture, _capture, _ABOUT),)
