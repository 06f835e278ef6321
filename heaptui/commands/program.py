"""What is about the program itself: help pages, completion, and what is wrong with the machine."""

from __future__ import annotations

import shutil
import sys
from argparse import ArgumentParser, Namespace

from heaptui.commands.command import OK, Command, UsageError

SHELLS = ("bash", "zsh", "fish")


def _arrange_help(to: ArgumentParser) -> None:
    to.add_argument("topic", metavar="TOPIC", nargs="?", help="a topic or a command; without one, what there is")


def _help(options: Namespace) -> int:
    from heaptui.commands import COMMANDS as ALL
    from heaptui.commands.groups import overview
    from heaptui.commands.parser import command_parser
    from heaptui.help import page, topics

    titles = topics()
    if options.topic is None:
        width = max(map(len, titles))
        lines = ["heaptui FILE [FILE...] opens the app; in it ? explains keys, words and columns.", "", "Commands:"]
        lines += [f"  {line}" for line in overview(ALL)]
        lines += ["", "Topics:", *(f"  {topic:<{width}}  {title}" for topic, title in titles.items())]
        _show("\n".join([*lines, "", "heaptui help TOPIC and heaptui help COMMAND tell more."]) + "\n")
    elif options.topic in titles:
        _show(page(options.topic))
    elif options.topic in ALL:
        command_parser().parse_args([options.topic, "--help"])
    else:
        raise UsageError(f"no help on {options.topic!r}; there are {', '.join(titles)}, and the commands")
    return OK


def _show(text: str) -> None:
    """Print a text, with the user's pager where it is longer than the terminal."""
    if sys.stdout.isatty() and text.count("\n") >= shutil.get_terminal_size().lines:
        import pydoc

        pydoc.pager(text)
    else:
        sys.stdout.write(text)


def _arrange_completion(to: ArgumentParser) -> None:
    to.add_argument("shell", metavar="|".join(SHELLS), choices=SHELLS, help="the shell that is to complete")


def _completion(options: Namespace) -> int:
    from heaptui.commands.completing import shell_code

    sys.stdout.write(shell_code(options.shell))
    return OK


_COMPLETION = """\
Prints code that makes the shell complete commands, options, filters and snapshots. In ~/.bashrc or ~/.zshrc:
eval "$(heaptui completion bash)"; in ~/.config/fish/config.fish: heaptui completion fish | source."""

COMMANDS = (
    Command("help", "what there is to read", _arrange_help, _help, "Prints a help page."),
    Command("completion", "code for the shell's completion", _arrange_completion, _completion, _COMPLETION),
)
