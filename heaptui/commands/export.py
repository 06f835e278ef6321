"""Heaps for other programs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from heaptui.commands.command import OK, Command, UsageError
from heaptui.commands.loading import chosen, load_one
from heaptui.commands.options import FILE, add_filter, add_reading
from heaptui.commands.output import output


def _arrange_export(to: ArgumentParser) -> None:
    to.add_argument("what", choices=("nodes",), help="what to write")
    to.add_argument("file", metavar="FILE", help=FILE)
    to.add_argument("-o", dest="out", metavar="OUT", required=True, help="file to write: .csv, .jsonl or .npz")
    add_filter(to)
    add_reading(to)


def _export(options: Namespace) -> int:
    from heaptui.report.export import ending_of, write_nodes

    try:
        ending = ending_of(options.out)
    except ValueError as error:
        raise UsageError(str(error)) from None
    heap = load_one(options)
    objects = chosen(heap, options)
    with output(options.out, binary=ending == ".npz") as out:
        write_nodes(out, ending, heap, heap.everything if objects is None else objects)
    return OK


COMMANDS = (
    Command("export", "a row per object for other programs", _arrange_export, _export, "Writes a row per object."),
)
