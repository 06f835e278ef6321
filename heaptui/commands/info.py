"""What is known before a file is read."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from heaptui.commands.command import OK, Command
from heaptui.commands.loading import check_inputs
from heaptui.commands.options import add_file, add_output, add_reading
from heaptui.commands.output import output


def _arrange_info(to: ArgumentParser) -> None:
    add_file(to)
    add_output(to)
    add_reading(to, raw=False, index=False)


def _info(options: Namespace) -> int:
    from heaptui.report.info import write_info
    from heaptui.snapshot.peek import peek

    check_inputs([options.file], options.out)
    found = peek(options.file, salvage=options.salvage)
    with output(options.out) as out:
        write_info(out, options.format, found)
    return OK


COMMANDS = (Command("info", "the header alone, in milliseconds", _arrange_info, _info),)
