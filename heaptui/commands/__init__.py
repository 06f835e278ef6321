"""The commands: what may be typed after `heaptui`, and what each one does.

One module a family. Heavy libraries are imported inside the functions that need them, so that
`--help` is there at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from heaptui.commands import (
    app,
    capture,
    doctor,
    export,
    index,
    info,
    lists,
    objects,
    program,
    redact,
    report,
    suspects,
)
from heaptui.commands.command import Command

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for family in (info, lists, objects, suspects, report, export, redact, index, capture, app, program, doctor)
    for command in family.COMMANDS
}
