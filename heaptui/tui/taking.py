"""What can be taken along: texts for the clipboard, and lists written to a file."""

from __future__ import annotations

import base64
import os
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from heaptui.views import text
from heaptui.views.model import Order, Row, View
from heaptui.views.outline import Line, Outline

MOST = 74_000
"""Bytes that terminals take into their clipboard, encoded; some take no more."""

FORMATS = {".json": "json", ".csv": "csv", ".md": "markdown", ".markdown": "markdown", ".txt": "table"}
_KEYS = {"summary": "classes", "comparison": "classes", "containment": "references", "strings": "strings"}
_COMMANDS = {"comparison": "compare", "allocations": "allocation"}


def clipboard_sequence(content: str, environment: Mapping[str, str]) -> str:
    """What makes a terminal take a text into its clipboard (OSC 52); raises ValueError where it is too long.

    Inside tmux and screen it is sent to the terminal around them as well.
    """
    encoded = base64.b64encode(content.encode("utf-8", "backslashreplace")).decode("ascii")
    if len(encoded) > MOST:
        raise ValueError(
            f"This is {text.size(len(content.encode('utf-8', 'replace')))}, more than terminals take into the "
            "clipboard; i shows it, e writes lists to a file."
        )
    plain = f"\x1b]52;c;{encoded}\x07"
    if environment.get("TMUX"):
        # tmux takes the plain one where `set-clipboard` is on, and hands on the wrapped one
        # where `allow-passthrough` is; there is no way to know which.
        return f"{plain}\x1bPtmux;\x1b{plain}\x1b\\"
    if environment.get("STY"):
        return f"\x1bP{plain}\x1b\\"
    return plain


def row_text(row: Row, view: View) -> str:
    """A row as one line, its cells apart by tabs, numbers as they are."""
    cells = [row.cells.get(column.key) for column in view.columns[1:]]
    return "\t".join([text.label_text(row.label), *("" if cell is None else str(cell) for cell in cells)])


def path_text(line: Line) -> str:
    """The rows from the top to a line, one below the other."""
    rows = [*line.ancestors, *([line.row] if line.row else [])]
    return "\n".join("  " * depth + text.label_text(row.label) for depth, row in enumerate(rows))


def command_line(tab: str, row: Row | None, outline: Outline | None, paths: Sequence[str], *, lower: bool) -> str:
    """The command that prints this: the retainers of an object where one is selected, else the list."""
    side = -1 if outline is None or row is None or len(outline.view.heaps) == 1 else row.heap
    if row is not None and row.ordinal is not None and row.label.id is not None:
        command = "containment" if tab == "containment" and not lower else "retainers"
        return f"heaptui {command} {shlex.quote(paths[side])} @{row.label.id}"
    files = [paths[0], paths[-1]] if tab in ("comparison", "statistics") and len(paths) > 1 else [paths[-1]]
    words = ["heaptui", _COMMANDS.get(tab, tab), *map(shlex.quote, files)]
    if outline is not None:
        words += _ordered(outline.order, outline.view)
        words += [f"--match={shlex.quote(outline.match)}"] if outline.match else []
    return " ".join(words)


def _ordered(order: Order, view: View) -> list[str]:
    if order == view.order or not order.key:
        return []
    kind = next((column.kind for column in view.columns if column.key == order.key), "name")
    usual = kind not in ("name", "distance")
    return ["--sort", order.key, *(["--reverse"] if order.descending != usual else [])]


def write_list(tab: str, outline: Outline, path: str) -> int:
    """Write the rows of a list, in its order and match, to a file that only the user can read.

    The ending of the name is the format. Returns how many rows were written; raises
    ValueError for an ending that is none, and OSError.
    """
    from heaptui.report.command import Report
    from heaptui.report.rows import Wanted

    form = FORMATS.get(Path(path).suffix.lower())
    if form is None:
        raise ValueError(f"The name should end in {', '.join(FORMATS)}.")
    view = outline.view
    report = Report(_COMMANDS.get(tab, tab), view.heaps, view, _KEYS.get(tab, "objects"))
    folder = os.path.dirname(os.path.abspath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=".heaptui-", dir=folder)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as out:
            report.write(out, form, Wanted(outline.order, outline.match))
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return len(view.roots(outline.order, outline.match))


def write_text(path: str, content: str) -> None:
    """Write a text to a file that only the user can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as out:
        out.write(content)
