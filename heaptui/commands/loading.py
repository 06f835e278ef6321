"""What commands begin with: files loaded, objects found and chosen."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from heaptui.commands.command import UsageError, UserError
from heaptui.opening.manner import PLAIN, Manner

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from heaptui.heap import Heap, LightHeap
    from heaptui.query.terms import Query

H = TypeVar("H", bound="LightHeap")

_STRANGERS = (
    "the objects of these two do not match, only the differences in size hold: they are of two processes, or an "
    "inspector was closed in between; heaptui help capture tells more"
)

# What was read from files by the command that runs, and how much may be kept of it.
_loaded: list[tuple[Heap, int]] = []


def load(options: Namespace, *files: str) -> list[Heap]:
    """Load the files whole, for what needs dominators, retainers or distances."""
    from heaptui.opening.hidden import open_hidden
    from heaptui.opening.opening import open_heap

    if options.light:
        raise UsageError(f"{options.command} tells what keeps objects alive, which --light leaves out")

    return _load(options, files, open_heap, open_hidden, whole=True)


def load_light(options: Namespace, *files: str) -> list[LightHeap]:
    """Load of the files what needs none of these, which is sooner done."""
    from heaptui.opening.hidden import open_hidden_light
    from heaptui.opening.opening import open_light

    return _load(options, files, open_light, open_hidden_light, whole=False)


def _load(
    options: Namespace,
    files: Sequence[str],
    opened: Callable[..., H],
    together: Callable[..., list[H]],
    *,
    whole: bool,
) -> list[H]:
    """Load the files, at the same time, with a line of progress where somebody looks.

    Each is `opened` by itself, or all `together` where values are hidden.
    """
    from concurrent.futures import ThreadPoolExecutor

    from heaptui.opening import preflight
    from heaptui.opening.index.keeping import unkept
    from heaptui.report.waiting import shown
    from heaptui.snapshot.errors import SnapshotError
    from heaptui.snapshot.progress import Progress
    from heaptui.views.text import escape

    check_inputs(files, getattr(options, "out", None))
    if getattr(options, "filter", None) is not None:
        read_query(options.filter, "--filter")
    manner = manner_of(options)
    preflight.check(files, manner, whole=whole)
    jobs = [Progress() for _ in files]
    with shown(jobs), ThreadPoolExecutor(len(files)) as pool:
        if manner.hide_values:
            loading = [pool.submit(together, files, jobs, manner)]
        else:
            loading = [
                pool.submit(lambda file, job: [opened(file, job, manner)], file, job)
                for file, job in zip(files, jobs, strict=True)
            ]
        # While the kernels run, which need no interpreter.
        importlib.import_module("heaptui.report.command")
        try:
            heaps = [heap for future in loading for heap in future.result()]
        except BaseException as error:
            for job in jobs:
                job.cancel()
            if isinstance(error, SnapshotError) and error.salvageable and not manner.salvage:
                error.what += "; --salvage opens it as far as it goes"
            raise
    for file, heap in zip(files, heaps, strict=True):
        if heap.snapshot.salvaged:
            sys.stderr.write(escape(f"heaptui: {file}: salvaged: {heap.snapshot.salvaged}") + "\n")
    _loaded.extend((heap, manner.index_limit) for heap in unkept(heaps))
    return heaps


def manner_of(options: Namespace) -> Manner:
    """How the options ask for files to be opened."""
    return Manner(
        raw=getattr(options, "raw", False),
        salvage=options.salvage,
        light=options.light,
        hide_values=options.hide_values,
        force=options.force,
        index_limit=0 if getattr(options, "no_index", False) else getattr(options, "index_limit", PLAIN.index_limit),
    )


def keep_loaded() -> None:
    """Write what was loaded to the index, once all output is out; Ctrl-C stops it."""
    if not _loaded:
        return
    from heaptui.opening.index.keeping import keep
    from heaptui.report.waiting import shown
    from heaptui.snapshot.progress import Progress

    # All that was asked for is done: what goes wrong here is of no interest.
    with contextlib.suppress(KeyboardInterrupt, Exception):
        for heap, limit in _loaded:
            job = Progress()
            with shown([job]):
                keep(heap, limit, job)


def load_one(options: Namespace) -> Heap:
    """Load the one file of a command, whole."""
    (heap,) = load(options, options.file)
    return heap


def load_known(options: Namespace) -> LightHeap:
    """Load the one file of a command that tells what there is: whole, or with `--light` what needs no dominators."""
    (heap,) = load_light(options, options.file) if options.light else load(options, options.file)
    return heap


def check_inputs(files: Sequence[str], out: str | None = None) -> None:
    """Refuse to read standard input twice, and to write over a file that is read."""
    if list(files).count("-") > 1:
        raise UsageError("only one file can come from standard input")
    for file in files:
        if out is not None and os.path.isfile(file) and os.path.realpath(file) == os.path.realpath(out):
            raise UsageError(f"{file} would be overwritten; write to another file")


def warn_of_strangers(base: LightHeap, current: LightHeap) -> None:
    """Say so where an id does not mean the same object in two files."""
    from heaptui.suspects.growth import ids_match

    if not ids_match(base, current):
        sys.stderr.write(f"heaptui: {_STRANGERS}\n")


def chosen(heap: LightHeap, options: Namespace) -> npt.NDArray[np.bool_] | None:
    """The objects that `--filter` shows, None without one."""
    from heaptui.query.choosing import chosen as find

    if options.filter is None:
        return None
    base = _base(heap, options)
    try:
        return find(heap, options.filter, base=base)
    except LookupError as error:
        raise UserError(f"{options.file}: {error.args[0]}") from None


def _base(heap: LightHeap, options: Namespace) -> LightHeap | None:
    """The file that `new-since` names; None without one, and of hidden values, where classes may have other names."""
    from heaptui.query.terms import terms

    files = [term.value for term in terms(read_query(options.filter, "--filter")) if term.word == "new-since"]
    if not files or options.hide_values:
        return None
    (base,) = load_light(options, files[0])
    warn_of_strangers(base, heap)
    return base


def read_query(typed: str, option: str) -> Query:
    """Read a query; raises UsageError that shows where it is wrong."""
    from heaptui.query.parsing import QueryError, parse

    try:
        return parse(typed)
    except QueryError as error:
        raise UsageError(f"{option}: {error.what}", typed, error.column) from None


def ordinal_of(heap: LightHeap, identifier: int, options: Namespace) -> int:
    """The object of an id; raises UserError where there is none."""
    ordinal = heap.object_with_id(identifier)
    if ordinal is None:
        raise UserError(f"{options.file}: there is no object @{identifier}")
    return ordinal


def no_class(options: Namespace, heap: LightHeap) -> UserError:
    """The error for a class that is not there."""
    from difflib import get_close_matches

    from heaptui.heap.patterns import brief

    near = get_close_matches(options.class_name, heap.classes.names, 1)
    meant = f"; perhaps {near[0]!r}" if near else ""
    return UserError(f"{options.file}: no object of a class named {brief(options.class_name)!r}{meant}")
