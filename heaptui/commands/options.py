"""Arguments that several commands take."""

from __future__ import annotations

import argparse
import re
from argparse import ArgumentParser, ArgumentTypeError

from heaptui.query import vocabulary

TABLE_LIMIT = 50
FORMATS = ("table", "json", "csv", "markdown")
THEMES = ("dark", "light", "ansi", "ansi-dark", "ansi-light")
FILE = "a .heapsnapshot or .heaptimeline, plain, gzip or zstd, or - for standard input"
_LIGHT = "compute neither dominators nor retained sizes: needs a third of the memory"
_FORCE = "read it even where memory seems too short"
_SALVAGE = "open a file that ends too early as far as it goes"
_HIDE = "placeholders for the user's data: strings, rare properties, source text, paths; as redact writes them"
_NO_INDEX = "neither use nor write the index, from which a file opens at once the next time"
_INDEX_LIMIT = "bytes that all indexes may take (500M, 5G); default 5G"
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}

WITH_VALUE = ("--theme", "--index-limit")
"""The options of the app that a value follows."""


def object_id(text: str) -> int:
    """An id as the user types it: `@123` or `123`."""
    digits = text.removeprefix("@")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        raise ArgumentTypeError(f"{text!r} is no object id; ids look like @123")
    return int(digits)


def whole(text: str) -> int:
    """A whole number from 0."""
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"{text!r} is no whole number from 0 on")
    return int(text)


def depth(text: str) -> int:
    """Levels of a tree."""
    if not 1 <= whole(text) <= 100:
        raise ArgumentTypeError(f"{text!r} is no depth from 1 to 100")
    return int(text)


def size(text: str) -> int:
    """Bytes as the user types them: `5G`, `500MB`, `1000000`."""
    match = re.fullmatch(r"(\d{1,18}(?:\.\d{1,3})?)\s*([kmgt]?)b?", text.strip().lower(), re.ASCII)
    if match is None:
        raise ArgumentTypeError(f"{text!r} is no size; sizes look like 500M or 5G")
    return int(float(match[1]) * _UNITS[match[2]])


def add_file(to: ArgumentParser, name: str = "file") -> None:
    """A snapshot to read."""
    to.add_argument(name, metavar=name.upper(), help=FILE)


def add_id(to: ArgumentParser, *, optional: bool = False) -> None:
    """An object; the root where it may be left out and is."""
    if optional:
        to.add_argument("id", metavar="@ID", type=object_id, nargs="?", help="the object; default: the root")
    else:
        to.add_argument("id", metavar="@ID", type=object_id, help="the object")


def add_reading(to: ArgumentParser, *, raw: bool = True, index: bool = True) -> None:
    """How files are read."""
    if raw:
        to.add_argument("--raw", action="store_true", help="the file's own shallow sizes")
    # Without defaults: the parser of the app that comes before has them.
    to.add_argument("--light", action="store_true", default=argparse.SUPPRESS, help=_LIGHT)
    to.add_argument("--salvage", action="store_true", default=argparse.SUPPRESS, help=_SALVAGE)
    to.add_argument("--hide-values", action="store_true", default=argparse.SUPPRESS, help=_HIDE)
    to.add_argument("--force", action="store_true", default=argparse.SUPPRESS, help=_FORCE)
    if index:
        _add_index(to)


def _add_index(to: ArgumentParser) -> None:
    to.add_argument("--no-index", action="store_true", default=argparse.SUPPRESS, help=_NO_INDEX)
    to.add_argument("--index-limit", type=size, default=argparse.SUPPRESS, metavar="SIZE", help=_INDEX_LIMIT)


def add_output(to: ArgumentParser) -> None:
    """In which format to print, and where to."""
    to.add_argument("--format", choices=FORMATS, default="table", help="default: table")
    to.add_argument("-o", dest="out", metavar="OUT", help="write to this file instead of standard output")


def add_rows(to: ArgumentParser, *, tree: bool = False, limit: str = f"{TABLE_LIMIT} for tables, else all") -> None:
    """Which rows to print, in which order; of a tree, how many levels."""
    to.add_argument("--limit", type=whole, metavar="N", help=f"rows, 0 = all; default {limit}")
    to.add_argument("--sort", metavar="COLUMN", help="column to sort by, as JSON names it")
    to.add_argument("--reverse", action="store_true", help="the other way round")
    to.add_argument("--match", default="", metavar="TEXT", help="only names with this text, or /REGEX/")
    if tree:
        to.add_argument("--depth", type=depth, default=1, metavar="N", help="levels to open; default 1")


def add_filter(to: ArgumentParser) -> None:
    """Which objects to count."""
    to.add_argument("--filter", metavar="QUERY", help="only objects that a query finds, such as 'retained>1MB'")
    to.formatter_class = argparse.RawDescriptionHelpFormatter
    to.epilog = vocabulary.as_text()


def add_app(to: ArgumentParser, *, nested: bool = False) -> None:
    """The options of the app, for a parser that opens it; a nested one leaves what was given before it."""
    default = argparse.SUPPRESS if nested else None
    flag = argparse.SUPPRESS if nested else False
    to.add_argument("--no-mouse", action="store_true", default=flag, help="app: leave the mouse to the terminal")
    to.add_argument(
        "--low-bandwidth", action="store_true", default=flag, help="app: for slow lines, no mouse and few colours"
    )
    to.add_argument("--light", action="store_true", default=flag, help=_LIGHT)
    to.add_argument("--salvage", action="store_true", default=flag, help=_SALVAGE)
    to.add_argument("--hide-values", action="store_true", default=flag, help=_HIDE)
    to.add_argument("--force", action="store_true", default=flag, help=_FORCE)
    _add_index(to)
    to.add_argument("--theme", choices=THEMES, default=default, help="app: colours; default: the configuration's, dark")
