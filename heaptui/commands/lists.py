"""The lists of one or two heaps: classes, instances, differences, kinds of memory, strings, recordings."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from heaptui.commands.command import Command
from heaptui.commands.gates import add_gates, conditions, judge, need_whole
from heaptui.commands.loading import chosen, load, load_known, load_light, no_class, warn_of_strangers
from heaptui.commands.options import add_file, add_filter, add_output, add_reading, add_rows
from heaptui.commands.output import write


def _arranged(
    *files: str, raw: bool = True, tree: bool = False, filtered: bool = False, gated: str = ""
) -> Callable[[ArgumentParser], None]:
    """How most lists are arranged."""

    def arrange(to: ArgumentParser) -> None:
        for file in files:
            add_file(to, file)
        add_output(to)
        add_rows(to, tree=tree)
        if filtered:
            add_filter(to)
        if gated:
            add_gates(to, gated)
        add_reading(to, raw=raw)

    return arrange


def _arrange_instances(to: ArgumentParser) -> None:
    _arranged("file", filtered=True)(to)
    to.add_argument("class_name", metavar="CLASS", help="its name as in Summary")


def _arrange_search(to: ArgumentParser) -> None:
    _arranged("file", filtered=True)(to)
    to.add_argument("text", metavar="TEXT", help="what to look for; small and capital letters are equal")


def _arrange_statistics(to: ArgumentParser) -> None:
    _arranged("file", gated="statistics")(to)
    to.add_argument("current", metavar="CURRENT", nargs="?", help="a later snapshot to compare with")


def _summary(options: Namespace) -> int:
    wanted = conditions(options)
    heap = load_known(options)
    from heaptui.report.command import summary

    report = summary(heap, chosen(heap, options))
    return write(report, options) or judge(report.view, wanted)


def _instances(options: Namespace) -> int:
    heap = load_known(options)
    from heaptui.report.command import instances

    try:
        report = instances(heap, options.class_name, chosen(heap, options))
    except KeyError:
        raise no_class(options, heap) from None
    return write(report, options)


def _search(options: Namespace) -> int:
    heap = load_known(options)
    from heaptui.report.command import search

    return write(search(heap, options.text, chosen(heap, options)), options)


def _compare(options: Namespace) -> int:
    wanted = conditions(options)
    loaded = load if need_whole(wanted) else load_light
    base, current = loaded(options, options.base, options.current)
    from heaptui.report.command import compare

    warn_of_strangers(base, current)
    report = compare(base, current)
    return write(report, options) or judge(report.view, wanted)


def _strings(options: Namespace) -> int:
    wanted = conditions(options)
    (heap,) = load_light(options, options.file)
    from heaptui.report.command import strings

    report = strings(heap)
    return write(report, options) or judge(report.view, wanted)


def _statistics(options: Namespace) -> int:
    wanted = conditions(options)
    heaps = load_light(options, options.file, *([options.current] if options.current else []))
    from heaptui.report.command import statistics

    report = statistics(heaps)
    return write(report, options) or judge(report.view, wanted)


def _timeline(options: Namespace) -> int:
    (heap,) = load_light(options, options.file)
    from heaptui.report.command import timeline

    return write(timeline(heap), options)


def _allocations(options: Namespace) -> int:
    (heap,) = load_light(options, options.file)
    from heaptui.report.command import allocations

    return write(allocations(heap), options)


COMMANDS = (
    Command(
        "summary",
        "classes: count, distance, shallow and retained size",
        _arranged("file", filtered=True, gated="summary"),
        _summary,
    ),
    Command("instances", "the objects of a class", _arrange_instances, _instances),
    Command("search", "the objects whose name contains a text", _arrange_search, _search),
    Command(
        "compare", "classes that changed between two snapshots", _arranged("base", "current", gated="compare"), _compare
    ),
    Command(
        "strings", "duplicated strings and what they waste", _arranged("file", raw=False, gated="strings"), _strings
    ),
    Command("statistics", "the memory by kind", _arrange_statistics, _statistics),
    Command("timeline", "what was allocated when and lives still", _arranged("file", raw=False), _timeline),
    Command("allocations", "who allocated what", _arranged("file", raw=False, tree=True), _allocations),
)
