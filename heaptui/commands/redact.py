"""Snapshots that may be given away."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from typing import IO, Any, Protocol

from heaptui.commands.command import OK, Command, UsageError
from heaptui.commands.loading import check_inputs
from heaptui.commands.options import TABLE_LIMIT, add_output, whole
from heaptui.commands.output import output
from heaptui.privacy.rules import LEAST_OBJECTS, Rules, pattern

_ABOUT = f"""Writes a snapshot with the same objects, references and sizes, in which placeholders as long as the
text stand for strings, numbers, source text, script paths, attributes of elements, and names of properties that fewer
than {LEAST_OBJECTS} small objects have. Classes, functions, variables and the engine's own names stay. Equal texts have
equal placeholders, also in all files that are given together (IN OUT IN OUT); from run to run they differ. Numbers that
are indexes of arrays, script ids, lines and columns stay. Look at what is kept with --audit before you give a file
away."""


class _Writable(Protocol):
    def write(self, data: Any, /) -> Any: ...


def _arrange(to: ArgumentParser) -> None:
    to.add_argument(
        "files", metavar="IN OUT", nargs="+", help="a snapshot, and the file to write (.gz and .zst too), or -"
    )
    to.add_argument(
        "--keep", metavar="PATTERN", action="append", default=[], help="names with this text, or /REGEX/, stay"
    )
    to.add_argument("--keep-scripts", action="store_true", help="names of scripts stay")
    to.add_argument(
        "--audit", action="store_true", help="write nothing, list what would be kept: heaptui redact --audit IN"
    )
    add_output(to)
    to.add_argument(
        "--limit", type=whole, metavar="N", help=f"rows of the audit, 0 = all; default {TABLE_LIMIT} for tables"
    )


def _redact(options: Namespace) -> int:
    try:
        rules = Rules(options.keep_scripts, tuple(pattern(text) for text in options.keep))
    except ValueError as error:
        raise UsageError(str(error)) from None
    if options.audit:
        return _audit(options, rules)
    if len(options.files) % 2:
        raise UsageError("redact needs a file to read and one to write: heaptui redact IN OUT")
    inputs, outputs = options.files[::2], options.files[1::2]
    check_inputs(inputs)
    _check_outputs(inputs, outputs)

    from heaptui.privacy.audit import counts
    from heaptui.privacy.redacting import Job, open_all, redacted
    from heaptui.report.waiting import shown
    from heaptui.views.text import count, escape

    job = Job()
    told = []
    with shown([job]):
        opened, placeholders = open_all(inputs, rules, job)
        for one, out in zip(opened, outputs, strict=True):
            with _binary(out) as file:
                _write(file, redacted(one, placeholders, job))
            strings, hidden, part = counts(one.survey)
            told.append(f"{out}: {count(hidden)} of {count(strings)} strings are hidden, {count(part)} of them in part")
            told += [f"{out}: section `{name}` is left empty: nobody knows what it tells" for name in one.removed]
    for line in told:
        sys.stderr.write(f"heaptui: {escape(line)}\n")
    return OK


def _audit(options: Namespace, rules: Rules) -> int:
    check_inputs(options.files, options.out)
    from heaptui.privacy.redacting import Job, open_all
    from heaptui.report.audit import write_audit
    from heaptui.report.waiting import shown

    job = Job()
    with shown([job]):
        opened, _ = open_all(options.files, rules, job)
    limit = options.limit if options.limit is not None else TABLE_LIMIT if options.format == "table" else 0
    with output(options.out) as out:
        left_out = write_audit(out, options.format, opened, limit)
    if left_out and options.limit is None:
        sys.stderr.write(f"heaptui: {left_out:,} more rows; --limit 0 prints all\n")
    return OK


def _check_outputs(inputs: list[str], outputs: list[str]) -> None:
    places = [os.path.realpath(out) for out in outputs if out != "-"]
    if len(set(places)) < len(places) or outputs.count("-") > 1:
        raise UsageError("two files would be written to the same place")
    for one in inputs:
        if one != "-" and os.path.realpath(one) in places:
            raise UsageError(f"{one} would be overwritten; write to another file")
    if "-" in outputs and sys.stdout.isatty():
        raise UsageError("a snapshot is nothing for a terminal; write it to a file")


@contextlib.contextmanager
def _binary(path: str) -> Iterator[_Writable]:
    """A file of mode 0600 that is there only once it is whole, compressed as its name says; - is standard output."""
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with output(path, binary=True) as file, _packed(path, file) as packed:
        yield packed


@contextlib.contextmanager
def _packed(path: str, file: IO[bytes]) -> Iterator[_Writable]:
    if path.endswith(".gz"):
        # Without a name and a time, which would tell something.
        with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            yield packed
    elif path.endswith(".zst"):
        import zstandard

        with zstandard.ZstdCompressor().stream_writer(file, closefd=False) as packer:
            yield packer
    else:
        yield file


def _write(file: _Writable, blocks: Iterable[bytes]) -> None:
    for block in blocks:
        file.write(block)


COMMANDS = (Command("redact", "a snapshot without the user's data, to give away", _arrange, _redact, _ABOUT),)
