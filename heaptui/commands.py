"""What each command does.

Heavy libraries are imported inside the functions that need them, those for printing while a file is
loaded.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heaptui.arguments import SUSPECTS, TABLE_LIMIT, parser

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from heaptui.heap import Heap
    from heaptui.report.command import Report

OK = 0
_FEW_PATHS, _ALL_PATHS = 5, 1000


class UserError(Exception):
    """Something asked for is not there; told in one line, exit status 1."""


class UsageError(Exception):
    """The command line is wrong; told in one line, exit status 2."""


def open_app(files: Sequence[str], options: argparse.Namespace, titles: Sequence[str] | None = None) -> int:
    """Open the app on these files; returns its exit status."""
    from heaptui.tui import run

    _check_inputs(files)
    gc.enable()
    return run(
        files,
        titles=titles,
        mouse=not options.no_mouse,
        low_bandwidth=options.low_bandwidth,
        theme=options.theme or "",
        salvage=options.salvage,
    )


def _demo(options: argparse.Namespace) -> int:
    from heaptui.demo import FILES, TITLES

    if sys.stderr.isatty():
        return open_app(FILES, options, TITLES)
    sys.stderr.write("heaptui: this is no terminal, so here is the Comparison of the demo as text\n")
    return _compare(parser().parse_args(["compare", *FILES]))


def _config(options: argparse.Namespace) -> int:
    from heaptui.tui.config import describe

    sys.stdout.write(describe())
    return OK


def _info(options: argparse.Namespace) -> int:
    from heaptui.report.info import write_info
    from heaptui.snapshot.peek import peek

    found = peek(options.file, salvage=options.salvage)
    with _output(options.out) as out:
        write_info(out, options.format, found)
    return OK


def _summary(options: argparse.Namespace) -> int:
    (heap,) = _load(options, options.file)
    from heaptui.report.command import summary

    return _write(summary(heap, _chosen(heap, options)), options)


def _instances(options: argparse.Namespace) -> int:
    (heap,) = _load(options, options.file)
    from heaptui.report.command import instances

    try:
        report = instances(heap, options.class_name, _chosen(heap, options))
    except KeyError:
        raise UserError(f"{options.file}: no object of a class named {options.class_name!r}") from None
    return _write(report, options)


def _search(options: argparse.Namespace) -> int:
    (heap,) = _load(options, options.file)
    from heaptui.report.command import search

    return _write(search(heap, options.text, _chosen(heap, options)), options)


def _compare(options: argparse.Namespace) -> int:
    base, current = _load(options, options.base, options.current)
    from heaptui.report.command import compare

    return _write(compare(base, current), options)


def _containment(options: argparse.Namespace) -> int:
    (heap,) = _load(options, options.file)
    from heaptui.report.command import containment

    return _write(containment(heap, None if options.id is None else _find(heap, options)), options)


def _object(options: argparse.Namespace) -> int:
    from heaptui.report.object import write_object

    (heap,) = _load(options, options.file)
    ordinal = _find(heap, options)
    with _output(options.out) as out:
        write_object(out, options.format, heap, ordinal, options.limit)
    return OK


def _retainers(options: argparse.Namespace) -> int:
    (heap,) = _load(options, options.file)
    from heaptui.report.command import retainers

    ignored = frozenset(_ordinal(heap, identifier, options) for identifier in options.ignore)
    return _write(retainers(heap, _find(heap, options), ignored, weak=options.weak), options)


def _suspects(options: argparse.Namespace) -> int:
    heaps = _load(options, *options.files)
    from heaptui.report.suspects import write_suspects

    foremost = SUSPECTS if options.format in ("table", "markdown") else 0
    with _output(options.out) as out:
        write_suspects(out, options.format, heaps, foremost if options.limit is None else options.limit)
    return OK


def _path(options: argparse.Namespace) -> int:
    from heaptui.report.command import merged_paths, paths
    from heaptui.report.rows import Wanted

    if (options.id is None) == (options.class_name is None):
        raise UsageError("path needs an object, @ID, or a class, --class NAME")
    if options.id is not None and (options.match or options.sort or options.reverse or options.filter):
        raise UsageError("--match, --sort, --reverse and --filter are for the paths of a class, --class NAME")
    (heap,) = _load(options, options.file)
    if options.class_name is not None:
        try:
            return _write(merged_paths(heap, options.class_name, _chosen(heap, options)), options)
        except KeyError:
            raise UserError(f"{options.file}: no object of a class named {options.class_name!r}") from None
    report = paths(heap, _find(heap, options), _FEW_PATHS if options.limit is None else options.limit or _ALL_PATHS)
    with _output(options.out) as out:
        report.write(out, options.format, Wanted(report.view.order, depth=2))
    return OK


def _dominators(options: argparse.Namespace) -> int:
    (heap,) = _load(options, options.file)
    from heaptui.report.command import dominators

    return _write(dominators(heap, None if options.id is None else _find(heap, options)), options)


def _strings(options: argparse.Namespace) -> int:
    heaps = _load(options, options.file)
    from heaptui.report.command import strings

    return _write(strings(*heaps), options)


def _timeline(options: argparse.Namespace) -> int:
    heaps = _load(options, options.file)
    from heaptui.report.command import timeline

    return _write(timeline(*heaps), options)


def _allocations(options: argparse.Namespace) -> int:
    heaps = _load(options, options.file)
    from heaptui.report.command import allocations

    return _write(allocations(*heaps), options)


def _statistics(options: argparse.Namespace) -> int:
    heaps = _load(options, options.file, *([options.current] if options.current else []))
    from heaptui.report.command import statistics

    return _write(statistics(heaps), options)


def _export(options: argparse.Namespace) -> int:
    from heaptui.report.export import ending_of, write_nodes

    try:
        ending = ending_of(options.out)
    except ValueError as error:
        raise UsageError(str(error)) from None
    (heap,) = _load(options, options.file)
    chosen = _chosen(heap, options)
    with _output(options.out, binary=ending == ".npz") as out:
        write_nodes(out, ending, heap, heap.everything if chosen is None else chosen)
    return OK


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "info": _info,
    "summary": _summary,
    "instances": _instances,
    "search": _search,
    "compare": _compare,
    "containment": _containment,
    "retainers": _retainers,
    "object": _object,
    "path": _path,
    "dominators": _dominators,
    "strings": _strings,
    "suspects": _suspects,
    "timeline": _timeline,
    "allocations": _allocations,
    "export": _export,
    "statistics": _statistics,
    "config": _config,
    "demo": _demo,
}


def _chosen(heap: Heap, options: argparse.Namespace) -> npt.NDArray[np.bool_] | None:
    """The objects that `--filter` shows, None without one."""
    from heaptui.heap.choosing import chosen

    if options.filter is None:
        return None
    try:
        return chosen(heap, options.filter)
    except LookupError as error:
        raise UserError(f"{options.file}: {error.args[0]}") from None


def _load(options: argparse.Namespace, *files: str) -> list[Heap]:
    """Load the files, at the same time, with a line of progress where somebody looks."""
    from concurrent.futures import ThreadPoolExecutor

    from heaptui.heap import load_heap
    from heaptui.heap.choosing import check
    from heaptui.report.waiting import shown
    from heaptui.snapshot.errors import SnapshotError
    from heaptui.snapshot.progress import Progress
    from heaptui.views.text import escape

    _check_inputs(files)
    if getattr(options, "filter", None) is not None:
        try:
            check(options.filter)
        except ValueError as error:
            raise UsageError(str(error)) from None
    jobs = [Progress() for _ in files]
    with shown(jobs), ThreadPoolExecutor(len(files)) as pool:
        how = {"raw": getattr(options, "raw", False), "salvage": options.salvage}
        loading = [pool.submit(load_heap, file, job, **how) for file, job in zip(files, jobs, strict=True)]
        # While the kernels run, which need no interpreter.
        importlib.import_module("heaptui.report.command")
        try:
            heaps = [future.result() for future in loading]
        except BaseException as error:
            for job in jobs:
                job.cancel()
            if isinstance(error, SnapshotError) and error.salvageable and not options.salvage:
                error.what += "; --salvage opens it as far as it goes"
            raise
    for file, heap in zip(files, heaps, strict=True):
        if heap.snapshot.salvaged:
            sys.stderr.write(escape(f"heaptui: {file}: salvaged: {heap.snapshot.salvaged}") + "\n")
    return heaps


def _check_inputs(files: Sequence[str]) -> None:
    if list(files).count("-") > 1:
        raise UsageError("only one file can come from standard input")


def _find(heap: Heap, options: argparse.Namespace) -> int:
    return _ordinal(heap, options.id, options)


def _ordinal(heap: Heap, identifier: int, options: argparse.Namespace) -> int:
    ordinal = heap.object_with_id(identifier)
    if ordinal is None:
        raise UserError(f"{options.file}: there is no object @{identifier}")
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
def _output(path: str | None, *, binary: bool = False) -> Iterator[Any]:
    """Standard output, or a file of mode 0600 that is there only once it is whole."""
    if path is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        yield sys.stdout
        sys.stdout.flush()
        return
    from heaptui.report.files import private_file

    with private_file(path, binary=binary) as out:
        yield out
