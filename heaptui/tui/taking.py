"""What can be taken along: texts for the clipboard, and lists written to a file."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

from heaptui.views import text
from heaptui.views.lines import Line
from heaptui.views.model import Row, View
from heaptui.views.outline import Outline

MOST = 74_000
"""Bytes that terminals take into their clipboard, encoded; some take no more."""

FORMATS = {".json": "json", ".csv": "csv", ".md": "markdown", ".markdown": "markdown", ".txt": "table"}


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


def trace_text(view: View, line: Line) -> str:
    """The trace of the suspect that a line is, or stands below; empty in other views."""
    from heaptui.views.suspects import SuspectsView

    if line.row is None or not isinstance(view, SuspectsView):
        return ""
    return view.trace_of(line.row, line.ancestors)


def name_text(view: View, row: Row) -> str:
    """What a row is called; of a suspect its trace."""
    from heaptui.views.suspects import SuspectsView

    if isinstance(view, SuspectsView) and isinstance(row.key, int):
        return view.trace_of(row)
    return text.escape(row.label.name)


def write_list(outline: Outline, lines: Sequence[Line], path: str) -> int:
    """Write a list as it stands to a file that only the user can read; the ending of its name is the format.

    `lines` are the outline's at the moment of asking. Returns how many rows were written; raises
    ValueError, with a sentence for the user, and OSError.
    """
    from heaptui.report.command import report_of
    from heaptui.report.files import private_file
    from heaptui.report.suspects import write_suspects
    from heaptui.views.suspects import SuspectsView

    form = FORMATS.get(Path(path).suffix.lower())
    if form is None:
        raise ValueError(f"The name should end in {', '.join(FORMATS)}.")
    if isinstance(outline.view, SuspectsView):
        keys = [line.row.key for line in lines if line.row and not line.depth]
        suspects = [key for key in keys if isinstance(key, int)]
        with private_file(path) as out:
            write_suspects(out, form, outline.view, suspects)
        return len(suspects)
    try:
        with private_file(path) as out:
            report_of(outline.view).write_shown(out, form, lines)
    except RecursionError:
        raise ValueError("Rows are open too deep for one JSON document; the other formats have no limit.") from None
    return sum(1 if line.row else 0 if line.depth else line.hidden for line in lines)


def write_text(path: str, content: str) -> None:
    """Write a text to a file that only the user can read."""
    from heaptui.report.files import private_file

    with private_file(path) as out:
        out.write(content)
