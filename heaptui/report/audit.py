"""What a redacted file would keep, for `heaptui redact --audit`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TextIO

from heaptui.privacy.audit import Kept, counts, kept
from heaptui.privacy.redacting import Opened
from heaptui.report.formats import SCHEMA, write_csv, write_json, write_markdown, write_table
from heaptui.report.rows import Printed
from heaptui.views.model import Column, Label, Row

_COLUMNS = (
    Column("name", "Kept, and why", "name", "a text that stays as it is"),
    Column("objects", "Objects", "count", "small objects with a property of that name"),
)


def write_audit(out: TextIO, form: str, files: Sequence[Opened], limit: int) -> int:
    """Print what is kept of each file, at most `limit` texts where that is not 0; returns how many were left out."""
    strings = sum(counts(file.survey)[0] for file in files)
    hidden = sum(counts(file.survey)[1] for file in files)
    rows = list(_rows(files))
    shown = rows[: limit or None]
    if form == "json":
        named = [{"name": file.source.name, "bytes": len(file.source.data)} for file in files]
        head = {"schema": SCHEMA, "command": "redact", "files": named, "strings": strings, "hidden": hidden}
        write_json(out, head, "kept", map(asdict, shown))
    elif form == "csv":
        write_csv(out, map(asdict, shown))
    else:
        write = write_markdown if form == "markdown" else write_table
        write(out, _COLUMNS, {}, (Printed(_row(i, one), 0) for i, one in enumerate(shown)))
    return len(rows) - len(shown)


def _rows(files: Sequence[Opened]) -> Iterator[Kept]:
    """What is kept of all files, each text once."""
    seen: set[str] = set()
    for file in files:
        for one in kept(file.survey):
            if one.name not in seen:
                seen.add(one.name)
                yield one


def _row(index: int, one: Kept) -> Row:
    return Row(key=index, label=Label(one.name, note=one.why), cells={"objects": one.objects or None})
