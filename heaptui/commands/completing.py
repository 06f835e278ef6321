"""What a shell may complete: commands, options, snapshots and filters, as the parsers tell them.

The shell runs `heaptui` itself with `_ARGCOMPLETE` set, through the code that `heaptui completion` prints.
"""

from __future__ import annotations

import argparse
import os
from argparse import ArgumentParser
from collections.abc import Iterable

import argcomplete
from argcomplete.completers import ChoicesCompleter, FilesCompleter, SuppressCompleter
from argcomplete.lexers import split_line
from argcomplete.shell_integration import shellcode

from heaptui.commands import COMMANDS
from heaptui.commands.parser import app_parser, command_parser, first_word
from heaptui.help import topics
from heaptui.query.vocabulary import completions

_SNAPSHOTS = FilesCompleter(
    [name + packing for name in (".heapsnapshot", ".heaptimeline") for packing in ("", ".gz", ".zst", ".partial")]
)
_READ = ("FILE", "BASE", "CURRENT", "IN")
_WRITTEN = ("OUT",)
_NEW_SINCE = "new-since:"


def complete() -> None:
    """Tell the shell how the words may go on, and leave."""
    line, point = os.environ["COMP_LINE"], int(os.environ["COMP_POINT"])
    first = first_word(split_line(line, point)[3][1:])
    parser = command_parser() if first is None or first in COMMANDS else app_parser()
    _prepare(parser)
    argcomplete.autocomplete(parser, always_complete_options=False, default_completer=SuppressCompleter())


def _prepare(parser: ArgumentParser) -> None:
    """Say of every argument what completes it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            # A file may stand in place of a command.
            _set(action, _SNAPSHOTS)
            for name in action.choices:
                _prepare(action.choices[name])
        elif action.metavar in _READ:
            _set(action, _SNAPSHOTS)
        elif action.metavar in _WRITTEN:
            _set(action, FilesCompleter())
        elif action.dest == "topic":
            _set(action, ChoicesCompleter({**topics(), **{name: COMMANDS[name].about for name in COMMANDS}}))
        elif action.dest == "filter":
            _set(action, _filters)


def _set(action: argparse.Action, completer: object) -> None:
    action.completer = completer  # type: ignore[attr-defined]


def _filters(prefix: str, **_: object) -> Iterable[str]:
    """The words of queries, with the snapshots that objects may be new since."""
    if prefix.startswith(_NEW_SINCE):
        return [_NEW_SINCE + file for file in _SNAPSHOTS(prefix.removeprefix(_NEW_SINCE))]
    return completions(prefix)


def shell_code(shell: str) -> str:
    """What makes bash, zsh or fish ask heaptui."""
    return shellcode(["heaptui"], use_defaults=False, shell=shell)
