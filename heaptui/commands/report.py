"""One report of everything, for a ticket or a browser."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from heaptui import __version__
from heaptui.commands.command import OK, Command, UsageError
from heaptui.commands.loading import load, manner_of
from heaptui.commands.options import add_reading, whole
from heaptui.commands.output import output

_ABOUT = (
    "Writes what leaks, what changed between the first snapshot and the last, the largest classes, the memory by kind "
    "and duplicated strings into one file: .html for a browser (one file, no scripts, nothing loaded), .md for a "
    "ticket, .json for a program. The same snapshots give the same bytes."
)
_OPTIONS = ("raw", "salvage", "hide_values")
"""Those that change what a report says."""


def _arrange_report(to: ArgumentParser) -> None:
    to.add_argument("files", metavar="FILE", nargs="+", help="snapshots of one process, oldest first")
    to.add_argument("-o", dest="out", metavar="OUT", required=True, help="file to write: .md, .html or .json")
    to.add_argument("--limit", type=whole, metavar="N", help="rows of each list, 0 = all; default 40 in .md, else 150")
    add_reading(to)


def _report(options: Namespace) -> int:
    from heaptui.report.document import ROWS, ending_of, write_document

    try:
        ending = ending_of(options.out)
    except ValueError as error:
        raise UsageError(str(error)) from None
    heaps = load(options, *options.files)
    from heaptui.report.document.content import gather

    manner = manner_of(options)
    most = ROWS[ending] if options.limit is None else options.limit
    said = {name.replace("_", "-"): bool(getattr(manner, name)) for name in _OPTIONS}
    content = gather(heaps, __version__, said, most)
    with output(options.out) as out:
        write_document(out, ending, content)
    return OK


COMMANDS = (Command("report", "everything in one file for a ticket or a browser", _arrange_report, _report, _ABOUT),)
