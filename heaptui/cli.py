"""The command line: picks a view and a face.

Heavy libraries are imported inside the functions that need them, so that `--help` and
`--version` answer at once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from heaptui import __version__

if TYPE_CHECKING:
    from heaptui.heap import Heap
    from heaptui.report.command import Report

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
TABLE_LIMIT = 50
FORMATS = ("table", "json", "csv", "markdown")

_USAGE = """heaptui [OPTIONS] FILE [FILE...]    open the app: one file on Summary, two on Comparison
       heaptui COMMAND ...                 print one view and exit"""

_FILE = "a .heapsnapshot or .heaptimeline, plain or gzip, or - for standard input"


class UserError(Exception):
    """Something asked for is not there; told in one line, exit status 1."""


class UsageError(Exception):
    """The command line is wrong; told in one line, exit status 2."""


def object_id(text: str) -> int:
    """An id as the user types it: `@123` or `123`."""
    digits = text.removeprefix("@")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        raise argparse.ArgumentTypeError(f"{text!r} is no object id; ids look like @123")
    return int(digits)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _depth(text: str) -> int:
    if not 1 <= _whole(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no depth from 1 to 100")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The parser of the commands."""
    top = argparse.ArgumentParser(
        prog="heaptui",
        usage=_USAGE,
        description="Opens V8 heap snapshots in a terminal and shows what keeps the memory alive.",
        epilog="heaptui COMMAND --help tells more. A file that is called like a command is opened as ./summary.",
    )
    top.add_argument("--version", action="version", version=f"heaptui {__version__}")
    _add_app_options(top)
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    _add(commands, "info", "the header alone, in milliseconds", ("file",), rows=False)
    _add(commands, "summary", "classes: count, distance, shallow and retained size", ("file",))
    instances = _add(commands, "instances", "the objects of a class", ("file",))
    instances.add_argument("class_name", metavar="CLASS", help="its name as in Summary")
    _add(commands, "compare", "classes that changed between two snapshots", ("base", "current"))
    containment = _add(commands, "containment", "references outwards, from the root or an object", ("file",), tree=True)
    containment.add_argument("id", metavar="@ID", type=object_id, nargs="?", help="the object; default: the root")
    retainers = _add(commands, "retainers", "who refers to an object", ("file",), tree=True)
    retainers.add_argument("id", metavar="@ID", type=object_id, help="the object")
    statistics = _add(commands, "statistics", "the memory by kind", ("file",))
    statistics.add_argument("current", metavar="CURRENT", nargs="?", help="a later snapshot to compare with")
    demo = commands.add_parser("demo", help="open the app on the bundled pair of snapshots")
    _add_app_options(demo)
    return top


def _add_app_options(to: argparse.ArgumentParser) -> None:
    to.add_argument("--no-mouse", action="store_true", help="app: leave the mouse to the terminal")
    to.add_argument("--low-bandwidth", action="store_true", help="app: for slow lines, no mouse and few colours")


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    about: str,
    files: Sequence[str],
    *,
    rows: bool = True,
    tree: bool = False,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=f"Prints {about}.")
    for file in files:
        command.add_argument(file, metavar=file.upper(), help=_FILE)
    command.add_argument("--format", choices=FORMATS, default="table", help="default: table")
    command.add_argument("-o", dest="out", metavar="OUT", help="write to this file instead of standard output")
    if rows:
        command.add_argument(
            "--limit", type=_whole, metavar="N", help=f"rows, 0 = all; default {TABLE_LIMIT} for tables, else all"
        )
        command.add_argument("--sort", metavar="COLUMN", help="column to sort by, as JSON names it")
        command.add_argument("--reverse", action="store_true", help="the other way round")
        command.add_argument("--match", default="", metavar="TEXT", help="only names with this text, or /REGEX/")
    if tree:
        command.add_argument("--depth", type=_depth, default=1, metavar="N", help="levels to open; default 1")
    return command


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
        return _fail(str(error), USAGE)
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
        return "not enough memory"
    return f"this is a bug in heaptui: {type(error).__name__}: {error} (HEAPTUI_DEBUG=1 shows where)"


def _fail(message: str, status: int) -> int:
    from heaptui.views.text import escape

    sys.stderr.write(f"heaptui: {escape(message)}\n")
    return status


def _run(arguments: list[str]) -> int:
    first = next((word for word in arguments if word == "-" or not word.startswith("-")), None)
    if first is None or first in COMMANDS:
        options = parser().parse_args(arguments)
        return COMMANDS[options.command](options) if options.command else _app([], options)
    app = argparse.ArgumentParser(prog="heaptui", usage=_USAGE, add_help=False)
    _add_app_options(app)
    app.add_argument("files", nargs="+", metavar="FILE")
    options = app.parse_args(arguments)
    return _app(options.files, options)


def _app(files: Sequence[str], options: argparse.Namespace, titles: Sequence[str] | None = None) -> int:
    from heaptui.tui import run

    return run(files, titles=titles, mouse=not options.no_mouse, low_bandwidth=options.low_bandwidth)


def _demo(options: argparse.Namespace) -> int:
    from heaptui.demo import FILES, TITLES

    if sys.stderr.isatty():
        return _app(FILES, options, TITLES)
    sys.stderr.write("heaptui: this is no terminal, so here is the Comparison of the demo as text\n")
    return _run(["compare", *FILES])


def _info(options: argparse.Namespace) -> int:
    from heaptui.report.info import write_info
    from heaptui.snapshot.peek import peek

    found = peek(options.file)
    with _output(options.out) as out:
        write_info(out, options.format, found)
    return OK


def _summary(options: argparse.Namespace) -> int:
    from heaptui.report.command import summary

    return _write(summary(*_load(options.file)), options)


def _instances(options: argparse.Namespace) -> int:
    from heaptui.report.command import instances

    (heap,) = _load(options.file)
    try:
        report = instances(heap, options.class_name)
    except KeyError:
        raise UserError(f"{options.file}: no object of a class named {options.class_name!r}") from None
    return _write(report, options)


def _compare(options: argparse.Namespace) -> int:
    from heaptui.report.command import compare

    base, current = _load(options.base, options.current)
    return _write(compare(base, current), options)


def _containment(options: argparse.Namespace) -> int:
    from heaptui.report.command import containment

    (heap,) = _load(options.file)
    return _write(containment(heap, None if options.id is None else _find(heap, options)), options)


def _retainers(options: argparse.Namespace) -> int:
    from heaptui.report.command import retainers

    (heap,) = _load(options.file)
    return _write(retainers(heap, _find(heap, options)), options)


def _statistics(options: argparse.Namespace) -> int:
    from heaptui.report.command import statistics

    return _write(statistics(_load(options.file, *([options.current] if options.current else []))), options)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "info": _info,
    "summary": _summary,
    "instances": _instances,
    "compare": _compare,
    "containment": _containment,
    "retainers": _retainers,
    "statistics": _statistics,
    "demo": _demo,
}


def _load(*files: str) -> list[Heap]:
    """Load the files, at the same time, with a line of progress where somebody looks."""
    from concurrent.futures import ThreadPoolExecutor

    from heaptui.heap import load_heap
    from heaptui.report.waiting import shown
    from heaptui.snapshot.progress import Progress

    jobs = [Progress() for _ in files]
    with shown(jobs), ThreadPoolExecutor(len(files)) as pool:
        loading = [pool.submit(load_heap, file, job) for file, job in zip(files, jobs, strict=True)]
        try:
            return [future.result() for future in loading]
        except BaseException:
            for job in jobs:
                job.cancel()
            raise


def _find(heap: Heap, options: argparse.Namespace) -> int:
    ordinal = heap.object_with_id(options.id)
    if ordinal is None:
        raise UserError(f"{options.file}: there is no object @{options.id}")
    return ordinal


def _write(report: Report, options: argparse.Namespace) -> int:
    from heaptui.report.rows import Wanted, column_order
    from heaptui.views.matching import matcher

    try:
        order = column_order(report.view, options.sort, options.reverse)
        matcher(options.match)
    except ValueError as error:
        raise UsageError(str(error)) from None
    limit = options.limit if options.limit is not None else TABLE_LIMIT if options.format == "table" else 0
    wanted = Wanted(order, options.match, limit, getattr(options, "depth", 1))
    with _output(options.out) as out:
        left_out = report.write(out, options.format, wanted)
    if left_out and options.limit is None:
        sys.stderr.write(f"heaptui: {left_out:,} more rows; --limit 0 prints all\n")
    return OK


@contextlib.contextmanager
def _output(path: str | None) -> Iterator[TextIO]:
    """Standard output, or a file of mode 0600 that is there only once it is whole."""
    if path is None:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        yield sys.stdout
        sys.stdout.flush()
        return
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "w", encoding="utf-8") as out:
            yield out
        return
    folder = os.path.dirname(os.path.abspath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=".heaptui-", dir=folder)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as out:
            yield out
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
