"""What is wrong with the terminal or the machine."""

from __future__ import annotations

import json
import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from textwrap import wrap

from heaptui.commands.command import OK, Command
from heaptui.commands.versions import versions

_BROKEN = 1
_NARROWEST, _WIDTH = 40, 120
_ABOUT = (
    "Looks at the terminal (size, colours, characters, clipboard), the cache of compiled kernels, the kernels "
    "themselves and the room there is, and says what to do about what is not well. Prints no more of your files than "
    "the paths of heaptui's own. Exit status 1 if something does not work at all."
)


def _arrange_doctor(to: ArgumentParser) -> None:
    to.add_argument("--format", choices=("table", "json"), default="table", help="default: table")


def _doctor(options: Namespace) -> int:
    from heaptui.doctor.examine import examine
    from heaptui.report.formats import SCHEMA

    found = []
    for one in examine(os.environ):
        found.append(one)
        if options.format == "table":
            _print(one.state, one.topic, one.said)
            if one.state != "ok":
                _print("", "", one.advice)
    if options.format == "json":
        findings = [{"topic": f.topic, "state": f.state, "said": f.said, "advice": f.advice or None} for f in found]
        document = {"schema": SCHEMA, "command": "doctor", "findings": findings, "versions": dict(versions())}
        sys.stdout.write(json.dumps(document) + "\n")
    else:
        _print("", "versions", ", ".join(f"{name} {version}" for name, version in versions()))
    return _BROKEN if any(one.state == "broken" for one in found) else OK


def _print(state: str, topic: str, said: str) -> None:
    """A line, at once, and more of them where the terminal is narrow."""
    from heaptui.views.text import escape

    head = f"{state:<7}  {topic:<10}  "
    width = max(_NARROWEST, shutil.get_terminal_size((_WIDTH, 0)).columns)
    lines = wrap(escape(said), width, initial_indent=head, subsequent_indent=" " * len(head), break_long_words=False)
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


COMMANDS = (Command("doctor", "whether all is well with terminal and machine", _arrange_doctor, _doctor, _ABOUT),)
