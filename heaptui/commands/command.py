"""What a command is, and how it fails."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

OK, FORBIDDEN = 0, 3
"""How a command ends: well, or with a `--fail-if` that holds."""


class UserError(Exception):
    """Something asked for is not there; told in one line, exit status 1."""


class UsageError(Exception):
    """The command line is wrong; told in one line, exit status 2.

    `typed` and `column` are what was wrong in it, and where; shown below the line.
    """

    def __init__(self, what: str, typed: str = "", column: int = 0) -> None:
        super().__init__(what)
        self.typed = typed
        self.column = column


@dataclass(frozen=True, slots=True)
class Command:
    """Something to type after `heaptui`.

    Attributes:
        about: what it prints or does, in half a sentence.
        arrange: adds its arguments to its parser.
        run: does it and returns the exit status.
        description: the first lines of its help, where `about` does not say it all.
    """

    name: str
    about: str
    arrange: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    description: str = ""
