"""The command line: what is typed picks a command or the app; what goes wrong is told in one line."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from heaptui.commands import COMMANDS
from heaptui.commands.app import open_app
from heaptui.commands.command import OK, UsageError, UserError
from heaptui.commands.loading import keep_loaded
from heaptui.commands.parser import app_parser, command_parser, first_word
from heaptui.opening.free import check_start

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130
_NEAR = 0.75

_AROUND = 35
"""Characters before and behind a mistake that are shown of what was typed."""


def entry() -> NoReturn:
    """The program `heaptui`: `main`, then what it read is kept for the next time, and out at once."""
    # A command makes no garbage worth looking for, and giving a gigabyte back takes longer than leaving.
    gc.disable()
    # numpy's algebra, which nothing here uses, would start a thread for every core, and each waits busily.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _fill_streams()
    if "_ARGCOMPLETE" in os.environ:
        from heaptui.commands.completing import complete

        complete()
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
            if not stream.isatty():
                # Who reads the output should see its end now.
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    if status != INTERRUPTED:
        keep_loaded()
    os._exit(status)


def _fill_streams() -> None:
    """Put nothing in place of standard streams that are closed: no other file may get their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run heaptui; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except BrokenPipeError:
        # Whoever read our output has seen enough; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except UsageError as error:
        status = _fail(str(error), WRONG_USAGE)
        _point(error)
        return status
    except Exception as error:
        if os.environ.get("HEAPTUI_DEBUG"):
            raise
        return _fail(_in_one_line(error), FAILED)


def _in_one_line(error: Exception) -> str:
    from heaptui.snapshot.errors import SnapshotError

    if isinstance(error, SnapshotError | UserError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'output'}: {(error.strerror or str(error)).lower()}"
    if isinstance(error, MemoryError):
        return str(error) if error.args and isinstance(error.args[0], str) else "not enough memory"
    return f"this is a bug in heaptui: {type(error).__name__}: {error} (HEAPTUI_DEBUG=1 shows where)"


def _fail(message: str, status: int) -> int:
    from heaptui.views.text import escape

    sys.stderr.write(f"heaptui: {escape(message)}\n")
    return status


def _point(error: UsageError) -> None:
    """Show the place of what is wrong, and of a long line only what is around it."""
    from heaptui.views.text import ELLIPSIS, cell_width, escape

    if error.typed:
        low, high = max(0, error.column - _AROUND), error.column + _AROUND
        before = (ELLIPSIS if low else "") + escape(error.typed[low : error.column])
        after = escape(error.typed[error.column : high]) + (ELLIPSIS if high < len(error.typed) else "")
        sys.stderr.write(f"  {before}{after}\n  {' ' * cell_width(before)}^\n")


def _run(arguments: list[str]) -> int:
    for word in arguments:
        # argparse takes `--` for its own, also here, and gives a list.
        if word.startswith("--") and word.endswith("=--"):
            raise UsageError(f"{word[:-3]}: -- is no value")
    first = first_word(arguments)
    if first is None or first in COMMANDS:
        options = command_parser().parse_args(arguments)
        check_start()
        return COMMANDS[options.command].run(options) if options.command else open_app([], options)
    _refuse_mistyped(first)
    options = app_parser().parse_args(arguments)
    check_start()
    return open_app(options.files, options)


def _refuse_mistyped(word: str) -> None:
    """Say so where a word is no file, and nearly a command."""
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, 1, _NEAR)
    if near and not os.path.lexists(word):
        raise UsageError(f"{word!r} is no command and no file; perhaps heaptui {near[0]}")
