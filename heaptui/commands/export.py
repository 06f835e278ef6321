"""Heaps for other programs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from heaptui.commands.command import OK, Command, UsageError
from heaptui.commands.loading import chosen, load_known, load_one, ordinal_of
from heaptui.commands.options import FILE, add_filter, add_reading, depth, object_id, whole
from heaptui.commands.output import output

_MOST_NODES, _DEFAULT_NODES = 10_000, 1000
_ABOUT = """\
Writes a row per object (`export nodes`) as .csv, .jsonl or .npz, or the objects that keep one alive and their
references (`export graph`) as .graphml, .gexf, .json (node-link) or .dot. The ending of OUT tells the format."""


def _nodes(text: str) -> int:
    if not 1 <= whole(text) <= _MOST_NODES:
        raise ArgumentTypeError(f"{text!r} is no number of objects from 1 to {_MOST_NODES:,}")
    return int(text)


def _arrange_export(to: ArgumentParser) -> None:
    to.add_argument(
        "what", metavar="nodes|graph", choices=("nodes", "graph"), help="a row per object, or what keeps one alive"
    )
    to.add_argument("file", metavar="FILE", help=FILE)
    to.add_argument("id", metavar="@ID", type=object_id, nargs="?", help="graph: the object that it is around")
    to.add_argument("-o", dest="out", metavar="OUT", required=True, help="file to write")
    to.add_argument("--depth", type=depth, metavar="N", help="graph: references away; default any number")
    to.add_argument(
        "--most-nodes",
        type=_nodes,
        metavar="N",
        help=f"graph: objects; default {_DEFAULT_NODES}, at most {_MOST_NODES}",
    )
    to.add_argument("--weak", action="store_true", help="graph: weak references too")
    add_filter(to)
    add_reading(to)


def _export(options: Namespace) -> int:
    if options.what == "graph":
        return _export_graph(options)
    if options.id is not None or options.depth or options.most_nodes or options.weak:
        raise UsageError("@ID, --depth, --most-nodes and --weak are for `export graph`")
    from heaptui.report.export import ending_of, write_nodes

    try:
        ending = ending_of(options.out)
    except ValueError as error:
        raise UsageError(str(error)) from None
    heap = load_known(options)
    objects = chosen(heap, options)
    with output(options.out, binary=ending == ".npz") as out:
        write_nodes(out, ending, heap, heap.everything if objects is None else objects)
    return OK


def _export_graph(options: Namespace) -> int:
    if options.id is None or options.filter is not None:
        wrong = "`export graph` needs an object, @ID" if options.id is None else "--filter is for `export nodes`"
        raise UsageError(wrong)
    from heaptui.report.graph import ending_of, write_graph
    from heaptui.views.graph import retaining_graph
    from heaptui.views.text import count, counted

    try:
        ending = ending_of(options.out)
    except ValueError as error:
        raise UsageError(str(error)) from None
    heap = load_one(options)
    graph = retaining_graph(
        heap,
        ordinal_of(heap, options.id, options),
        depth=options.depth or 0,
        most_nodes=options.most_nodes or _DEFAULT_NODES,
        weak=options.weak,
    )
    with output(options.out, binary=True) as out:
        write_graph(out, ending, graph)
    said = f"{counted(len(graph), 'object')} and {counted(graph.number_of_edges(), 'reference')}"
    if left_out := graph.graph["left_out"]:
        said += f"; {count(left_out)} more references to them left out"
    sys.stderr.write(f"heaptui: {said}\n")
    return OK


COMMANDS = (
    Command("export", "objects, or the graph around one, for other programs", _arrange_export, _export, _ABOUT),
)
