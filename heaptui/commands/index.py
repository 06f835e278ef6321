"""What is kept of files that were opened, so that they open at once the next time."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from heaptui.commands.command import OK, Command
from heaptui.commands.options import add_output
from heaptui.commands.output import output


def _arrange_index(to: ArgumentParser) -> None:
    to.add_argument(
        "what",
        metavar="list|clear",
        choices=("list", "clear"),
        help="print what is kept, used last first; or remove all of it",
    )
    add_output(to)


def _index(options: Namespace) -> int:
    from heaptui.opening.index.keeping import clear, kept
    from heaptui.report.index import write_cleared, write_kept

    with output(options.out) as out:
        if options.what == "list":
            write_kept(out, options.format, kept())
        else:
            write_cleared(out, options.format, *clear())
    return OK


_ABOUT = "Prints or removes what is kept of files that were opened, so that they open at once the next time."

COMMANDS = (Command("index", "what is kept of files, to open them at once", _arrange_index, _index, _ABOUT),)
