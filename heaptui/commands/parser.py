"""The parser of the command line, made from the commands."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from textwrap import fill
from typing import Any

from heaptui.commands import COMMANDS
from heaptui.commands.groups import overview
from heaptui.commands.options import WITH_VALUE, add_app
from heaptui.commands.versions import ShowVersions

USAGE = """heaptui [OPTIONS] FILE [FILE...]    open the app: one file on Summary, two on Comparison
       heaptui COMMAND ...                 print one view and exit"""
_WIDTH = 78
_ABOUT = "Opens V8 heap snapshots in a terminal and shows what keeps the memory alive."
_MORE = """heaptui COMMAND --help and heaptui help tell more.
A file that is called like a command is opened as ./summary."""


class _Parser(ArgumentParser):
    """Takes files on both sides of an option, and shows how its own command is used where a word is too many."""

    _mixing = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """What is understood of the arguments, and the rest, which is an error."""
        options, rest = super().parse_known_args(args, namespace)
        if rest and not self._mixing:
            self._mixing = True
            try:
                options, rest = self.parse_known_intermixed_args(args, namespace)
            finally:
                self._mixing = False
            if rest:
                self.error(f"unrecognized arguments: {' '.join(rest)}")
        return options, rest


def command_parser() -> ArgumentParser:
    """The parser of a command line that begins with a command, or has no file."""
    commands = "\n".join(overview(COMMANDS))
    top = ArgumentParser(
        prog="heaptui",
        usage=USAGE,
        description=f"{_ABOUT}\n\n{commands}",
        epilog=_MORE,
        formatter_class=RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=ShowVersions)
    add_app(top)
    # They stand above; what `help` says of one is for shells.
    parsers = top.add_subparsers(dest="command", metavar="COMMAND", prog="heaptui", help=SUPPRESS, parser_class=_Parser)
    for command in COMMANDS.values():
        # Where queries are listed below it, it is printed as it is.
        description = fill(command.description or f"Prints {command.about}.", _WIDTH)
        command.arrange(parsers.add_parser(command.name, help=command.about, description=description))
    return top


def app_parser() -> ArgumentParser:
    """The parser of a command line that opens files in the app."""
    parser = _Parser(prog="heaptui", usage=USAGE, add_help=False)
    add_app(parser)
    parser.add_argument("files", nargs="+", metavar="FILE")
    return parser


def first_word(arguments: Sequence[str]) -> str | None:
    """The command or file that comes first, past the options of the app; None where there is none."""
    is_value = False
    for word in arguments:
        if not is_value and (word == "-" or not word.startswith("-")):
            return word
        is_value = not is_value and word in WITH_VALUE
    return None
