"""One report of everything there is to say of some snapshots, for a ticket, a browser or a program.

`content` gathers what the views tell; `page`, `markdown` and `data` write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from heaptui.report.document.content import Content

ROWS: Mapping[str, int] = {".md": 40, ".html": 150, ".json": 150}
"""How many rows of each list a report has where nobody says how many: a ticket takes 65,536 characters."""


def ending_of(path: str) -> str:
    """The ending that tells the format; raises ValueError, with a sentence for the user, for another one."""
    ending = Path(path).suffix
    if ending not in ROWS:
        raise ValueError(f"{path!r} has none of the endings {', '.join(ROWS)}")
    return ending


def write_document(out: TextIO, ending: str, content: Content) -> None:
    """Write a report; the same content gives the same bytes."""
    match ending:
        case ".html":
            from heaptui.report.document.page import write_page as write
        case ".json":
            from heaptui.report.document.data import write_data as write
        case _:
            from heaptui.report.document.markdown import write_markdown as write
    write(out, content)
