"""What opens the app, or is about it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from heaptui.commands.command import OK, Command
from heaptui.commands.loading import check_inputs, manner_of
from heaptui.commands.options import add_app


def open_app(files: Sequence[str], options: Namespace, titles: Sequence[str] | None = None) -> int:
    """Open the app on these files; returns its exit status."""
    from heaptui.tui import run

    check_inputs(files)
    return run(
        files,
        titles=titles,
        mouse=not options.no_mouse,
        low_bandwidth=options.low_bandwidth,
        theme=options.theme or "",
        manner=manner_of(options),
    )


def _arrange_demo(to: ArgumentParser) -> None:
    add_app(to, nested=True)


def _demo(options: Namespace) -> int:
    from heaptui.demo import FILES, TITLES

    if sys.stderr.isatty():
        return open_app(FILES, options, TITLES)
    from heaptui.commands import COMMANDS as ALL
    from heaptui.commands.parser import command_parser

    sys.stderr.write("heaptui: this is no terminal, so here is the Comparison of the demo as text\n")
    return ALL["compare"].run(command_parser().parse_args(["compare", *FILES]))


def _arrange_config(to: ArgumentParser) -> None:
    del to


def _config(options: Namespace) -> int:
    from heaptui.tui.config import describe

    del options
    sys.stdout.write(describe())
    return OK


COMMANDS = (
    Command("config", "where the app's configuration is, and its defaults", _arrange_config, _config),
    Command(
        "demo",
        "open the app on the bundled pair of snapshots",
        _arrange_demo,
        _demo,
        "Opens the app on the bundled pair of snapshots.",
    ),
)
