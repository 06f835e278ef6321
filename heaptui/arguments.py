"""What may be typed: the commands and their options."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from heaptui import __version__

TABLE_LIMIT = 50
SUSPECTS = 5
FORMATS = ("table", "json", "csv", "markdown")
THEMES = ("dark", "light", "ansi", "ansi-dark", "ansi-light")

USAGE = """heaptui [OPTIONS] FILE [FILE...]    open the app: one file on Summary, two on Comparison
       heaptui COMMAND ...                 print one view and exit"""

SUSPECTS_ABOUT = (
    "Prints the verdict - a leak, growth, or no growth - and for each suspect its path from the root, what piled up, "
    "where that was written, the evidence and what is usually done. Of three snapshots or more only what grew in every "
    "step is called a leak; of one, what is large is shown, which is weaker evidence. Take them after the same load "
    "each, when the process is warm."
)

FILTERS = (
    "duplicate-strings, detached-dom, console, event-handlers, contexts, native-context:@ID, shared-native-context, "
    "no-native-context, unreachable, new-since:FILE, ids:AFTER-UPTO, allocated-by:FUNCTION"
)
_FILE = "a .heapsnapshot or .heaptimeline, plain, gzip or zstd, or - for standard input"
_SALVAGE = "open a file that ends too early as far as it goes"


def object_id(text: str) -> int:
    """An id as the user types it: `@123` or `123`."""
    digits = text.removeprefix("@")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        raise argparse.ArgumentTypeError(f"{text!r} is no object id; ids look like @123")
    return int(digits)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _depth(text: str) -> int:
    if not 1 <= _whole(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no depth from 1 to 100")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The parser of the commands."""
    top = argparse.ArgumentParser(
        prog="heaptui",
        usage=USAGE,
        description="Opens V8 heap snapshots in a terminal and shows what keeps the memory alive.",
        epilog="heaptui COMMAND --help tells more. A file that is called like a command is opened as ./summary.",
    )
    top.add_argument("--version", action="version", version=f"heaptui {__version__}")
    add_app_options(top)
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    _add(commands, "info", "the header alone, in milliseconds", ("file",), rows=False)
    _add(commands, "summary", "classes: count, distance, shallow and retained size", ("file",))
    instances = _add(commands, "instances", "the objects of a class", ("file",))
    instances.add_argument("class_name", metavar="CLASS", help="its name as in Summary")
    search = _add(commands, "search", "the objects whose name contains a text", ("file",))
    search.add_argument("text", metavar="TEXT", help="what to look for; small and capital letters are equal")
    _add(commands, "compare", "classes that changed between two snapshots", ("base", "current"))
    containment = _add(commands, "containment", "references outwards, from the root or an object", ("file",), tree=True)
    containment.add_argument("id", metavar="@ID", type=object_id, nargs="?", help="the object; default: the root")
    retainers = _add(commands, "retainers", "who refers to an object", ("file",), tree=True)
    retainers.add_argument("id", metavar="@ID", type=object_id, help="the object")
    retainers.add_argument("--weak", action="store_true", help="weak references too")
    retainers.add_argument(
        "--ignore", metavar="@ID", type=object_id, action="append", default=[], help="as if this one kept nothing"
    )
    object_ = _add(commands, "object", "one object whole", ("file",), rows=False)
    object_.add_argument("id", metavar="@ID", type=object_id, help="the object")
    object_.add_argument(
        "--limit", type=_whole, default=TABLE_LIMIT, metavar="N", help="references and retainers, 0 = all"
    )
    path = _add(
        commands, "path", "shortest retaining paths to the root", ("file",), limit="5 paths; of a class as others"
    )
    path.add_argument("id", metavar="@ID", type=object_id, nargs="?", help="the object")
    path.add_argument("--class", dest="class_name", metavar="NAME", help="all objects of a class, their paths merged")
    dominators = _add(commands, "dominators", "the dominator tree", ("file",), tree=True)
    dominators.add_argument("id", metavar="@ID", type=object_id, nargs="?", help="the object; default: the root")
    _add(commands, "strings", "duplicated strings and what they waste", ("file",))
    suspects = _add(commands, "suspects", "what leaks, where it is held, and why", (), rows=False)
    suspects.description = SUSPECTS_ABOUT
    suspects.add_argument("files", metavar="FILE", nargs="+", help="snapshots of one process, oldest first")
    suspects.add_argument(
        "--limit", type=_whole, metavar="N", help=f"suspects, 0 = all; default {SUSPECTS} as text, else all"
    )
    _add(commands, "timeline", "what was allocated when and lives still", ("file",))
    _add(commands, "allocations", "who allocated what", ("file",), tree=True)
    export = commands.add_parser(
        "export", help="a row per object for other programs", description="Writes a row per object."
    )
    export.add_argument("what", choices=("nodes",), help="what to write")
    export.add_argument("file", metavar="FILE", help=_FILE)
    export.add_argument("-o", dest="out", metavar="OUT", required=True, help="file to write: .csv, .jsonl or .npz")
    statistics = _add(commands, "statistics", "the memory by kind", ("file",))
    statistics.add_argument("current", metavar="CURRENT", nargs="?", help="a later snapshot to compare with")
    for name in ("summary", "instances", "search", "path", "export"):
        commands.choices[name].add_argument("--filter", metavar="NAME", help=f"only these objects: {FILTERS}")
    for name, command in commands.choices.items():
        if name not in ("info", "strings", "timeline", "allocations"):
            command.add_argument("--raw", action="store_true", help="the file's own shallow sizes")
        command.add_argument("--salvage", action="store_true", default=argparse.SUPPRESS, help=_SALVAGE)
    commands.add_parser("config", help="where the app's configuration is, and its defaults")
    demo = commands.add_parser("demo", help="open the app on the bundled pair of snapshots")
    add_app_options(demo, nested=True)
    return top


def first_word(arguments: Sequence[str]) -> str | None:
    """The command or file that comes first, past the options of the app; None where there is none."""
    is_value = False
    for word in arguments:
        if not is_value and (word == "-" or not word.startswith("-")):
            return word
        is_value = not is_value and word == "--theme"
    return None


def add_app_options(to: argparse.ArgumentParser, *, nested: bool = False) -> None:
    """The options of the app, for a parser that opens it; a nested one leaves what was given before it."""
    default = argparse.SUPPRESS if nested else None
    flag = argparse.SUPPRESS if nested else False
    to.add_argument("--no-mouse", action="store_true", default=flag, help="app: leave the mouse to the terminal")
    to.add_argument(
        "--low-bandwidth", action="store_true", default=flag, help="app: for slow lines, no mouse and few colours"
    )
    to.add_argument("--salvage", action="store_true", default=flag, help=_SALVAGE)
    to.add_argument("--theme", choices=THEMES, default=default, help="app: colours; default: the configuration's, dark")


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    about: str,
    files: Sequence[str],
    *,
    rows: bool = True,
    tree: bool = False,
    limit: str = f"{TABLE_LIMIT} for tables, else all",
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=f"Prints {about}.")
    for file in files:
        command.add_argument(file, metavar=file.upper(), help=_FILE)
    command.add_argument("--format", choices=FORMATS, default="table", help="default: table")
    command.add_argument("-o", dest="out", metavar="OUT", help="write to this file instead of standard output")
    if rows:
        command.add_argument("--limit", type=_whole, metavar="N", help=f"rows, 0 = all; default {limit}")
        command.add_argument("--sort", metavar="COLUMN", help="column to sort by, as JSON names it")
        command.add_argument("--reverse", action="store_true", help="the other way round")
        command.add_argument("--match", default="", metavar="TEXT", help="only names with this text, or /REGEX/")
    if tree:
        command.add_argument("--depth", type=_depth, default=1, metavar="N", help="levels to open; default 1")
    return command
