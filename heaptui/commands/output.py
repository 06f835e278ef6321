"""What commands end with: a report written to standard output or a file."""

from __future__ import annotations

import contextlib
import io
import sys
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from heaptui.commands.command import OK, UsageError
from heaptui.commands.options import TABLE_LIMIT

if TYPE_CHECKING:
    from heaptui.report.command import Report


def write(report: Report, options: Namespace) -> int:
    """Write a report as the options ask for; returns the exit status."""
    from heaptui.report.rows import Wanted, column_order
    from heaptui.views.matching import matcher

    try:
        order = column_order(report.view, options.sort, options.reverse)
        matcher(options.match)
    except ValueError as error:
        raise UsageError(str(error)) from None
    limit = options.limit if options.limit is not None else TABLE_LIMIT if options.format == "table" else 0
    wanted = Wanted(order, options.match, limit, getattr(options, "depth", 1))
    with output(options.out) as out:
        left_out = report.write(out, options.format, wanted)
    if left_out and options.limit is None:
        sys.stderr.write(f"heaptui: {left_out:,} more rows; --limit 0 prints all\n")
    return OK


@contextlib.contextmanager
def output(path: str | None, *, binary: bool = False) -> Iterator[Any]:
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
