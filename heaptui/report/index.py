"""What is kept of files that were opened, for `heaptui index list`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TextIO

from heaptui.opening.index.keeping import Kept
from heaptui.report.formats import SCHEMA, write_csv, write_json, write_markdown_lines
from heaptui.views import text

_TITLES = ("File", "Size", "Last used", "State")
_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def write_kept(out: TextIO, form: str, kept: Sequence[Kept]) -> None:
    """Print a line an index: of which file, its size, when it was used, and whether it will be."""
    if form in ("json", "csv"):
        records = [{**asdict(one), "used": _date(one.used)} for one in kept]
        if form == "csv":
            write_csv(out, records)
        else:
            total = sum(one.size for one in kept)
            write_json(out, {"schema": SCHEMA, "command": "index", "total": {"size": total}}, "indexes", records)
        return
    if not kept:
        out.write("Nothing is kept.\n")
        return
    now = time.time()
    lines = [_TITLES, *(_cells(one, now) for one in kept)]
    if form == "markdown":
        write_markdown_lines(out, _TITLES, lines[1:])
        return
    widths = [max(text.cell_width(line[i]) for line in lines) for i in range(len(_TITLES))]
    for file, size, used, state in lines:
        name = file + " " * (widths[0] - text.cell_width(file))
        out.write(f"{name}  {size:>{widths[1]}}  {used:>{widths[2]}}  {state}\n")


def write_cleared(out: TextIO, form: str, count: int, size: int) -> None:
    """Print how many indexes were removed, and how many bytes that were."""
    if form == "json":
        write_json(out, {"schema": SCHEMA, "command": "index", "removed": {"count": count, "size": size}}, None, ())
    elif form == "csv":
        write_csv(out, [{"count": count, "size": size}])
    else:
        of = f", {text.counted(count, 'file')}" if count > 1 else ""
        out.write(f"Removed {text.size(size)}{of}.\n" if count else "Nothing is kept.\n")


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")


def _cells(one: Kept, now: float) -> tuple[str, ...]:
    path = "?" if one.path is None else text.escape(one.path)
    return (path + (" (--raw)" if one.raw else ""), text.size(one.size), f"{_age(now - one.used)} ago", one.state)


def _age(seconds: float) -> str:
    for unit, length in _UNITS:
        if seconds >= 2 * length:
            return f"{int(seconds / length)} {unit}"
    return "1 s"
