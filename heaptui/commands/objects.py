"""One object and what is around it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from heaptui.commands.command import OK, Command, UsageError
from heaptui.commands.loading import chosen, load_known, load_one, no_class, ordinal_of
from heaptui.commands.options import (
    TABLE_LIMIT,
    add_file,
    add_filter,
    add_id,
    add_output,
    add_reading,
    add_rows,
    object_id,
    whole,
)
from heaptui.commands.output import output, write

_FEW_PATHS, _ALL_PATHS = 5, 1000


def _arrange_object(to: ArgumentParser) -> None:
    add_file(to)
    add_id(to)
    add_output(to)
    to.add_argument("--limit", type=whole, default=TABLE_LIMIT, metavar="N", help="references and retainers, 0 = all")
    add_reading(to)


def _object(options: Namespace) -> int:
    from heaptui.report.object import write_object

    heap = load_known(options)
    ordinal = ordinal_of(heap, options.id, options)
    with output(options.out) as out:
        write_object(out, options.format, heap, ordinal, options.limit)
    return OK


def _arrange_tree(to: ArgumentParser) -> None:
    add_file(to)
    add_id(to, optional=True)
    add_output(to)
    add_rows(to, tree=True)
    add_reading(to)


def _containment(options: Namespace) -> int:
    heap = load_known(options)
    from heaptui.report.command import containment

    return write(containment(heap, None if options.id is None else ordinal_of(heap, options.id, options)), options)


def _dominators(options: Namespace) -> int:
    heap = load_one(options)
    from heaptui.report.command import dominators

    return write(dominators(heap, None if options.id is None else ordinal_of(heap, options.id, options)), options)


def _arrange_retainers(to: ArgumentParser) -> None:
    add_file(to)
    add_id(to)
    add_output(to)
    add_rows(to, tree=True)
    to.add_argument("--weak", action="store_true", help="weak references too")
    to.add_argument(
        "--ignore", metavar="@ID", type=object_id, action="append", default=[], help="as if this one kept nothing"
    )
    add_reading(to)


def _retainers(options: Namespace) -> int:
    heap = load_one(options)
    from heaptui.report.command import retainers

    ignored = frozenset(ordinal_of(heap, identifier, options) for identifier in options.ignore)
    return write(retainers(heap, ordinal_of(heap, options.id, options), ignored, weak=options.weak), options)


def _arrange_path(to: ArgumentParser) -> None:
    add_file(to)
    to.add_argument("id", metavar="@ID", type=object_id, nargs="?", help="the object")
    to.add_argument("--class", dest="class_name", metavar="NAME", help="all objects of a class, their paths merged")
    add_output(to)
    add_rows(to, limit="5 paths; of a class as others")
    add_filter(to)
    add_reading(to)


def _path(options: Namespace) -> int:
    from heaptui.report.command import merged_paths, paths
    from heaptui.report.rows import Wanted

    if (options.id is None) == (options.class_name is None):
        raise UsageError("path needs an object, @ID, or a class, --class NAME")
    if options.id is not None and (options.match or options.sort or options.reverse or options.filter):
        raise UsageError("--match, --sort, --reverse and --filter are for the paths of a class, --class NAME")
    heap = load_one(options)
    if options.class_name is not None:
        try:
            return write(merged_paths(heap, options.class_name, chosen(heap, options)), options)
        except KeyError:
            raise no_class(options, heap) from None
    most = _FEW_PATHS if options.limit is None else options.limit or _ALL_PATHS
    report = paths(heap, ordinal_of(heap, options.id, options), most)
    with output(options.out) as out:
        report.write(out, options.format, Wanted(report.view.order, depth=2))
    return OK


COMMANDS = (
    Command("object", "one object whole", _arrange_object, _object),
    Command("containment", "references outwards, from the root or an object", _arrange_tree, _containment),
    Command("retainers", "who refers to an object", _arrange_retainers, _retainers),
    Command("path", "shortest retaining paths to the root", _arrange_path, _path),
    Command("dominators", "the dominator tree", _arrange_tree, _dominators),
)
