"""What a file's header tells, for `heaptui info`."""

from __future__ import annotations

import os
from typing import TextIO

from heaptui.report.formats import SCHEMA, write_csv, write_json
from heaptui.snapshot.peek import Peek
from heaptui.views import text


def write_info(out: TextIO, form: str, found: Peek) -> None:
    """Print the header's counts and what loading the file will take."""
    header = found.header
    file = {
        "name": os.path.basename(found.path),
        "bytes": found.size,
        "node_count": header.node_count,
        "edge_count": header.edge_count,
    }
    record = {
        "trace_function_count": header.trace_function_count,
        "extra_native_bytes": header.extra_native_bytes,
        "node_fields": list(header.node_fields),
        "edge_fields": list(header.edge_fields),
        "location_fields": list(header.location_fields),
        "memory": found.memory,
    }
    if form == "json":
        write_json(out, {"schema": SCHEMA, "command": "info", "files": [file], **record}, None, ())
        return
    if form == "csv":
        write_csv(out, [{**file, **record}])
        return
    lines = [
        ("File", text.escape(found.path)),
        ("Size", text.size(found.size)),
        ("Objects", _count(header.node_count)),
        ("Edges", _count(header.edge_count)),
        ("Fields of an object", text.escape(", ".join(header.node_fields))),
        ("Allocation stacks", "yes" if header.trace_function_count else "no"),
        ("Memory outside V8's heap", text.size(header.extra_native_bytes)),
        ("Memory to load it", "unknown" if found.memory is None else f"about {text.size(found.memory)}"),
    ]
    if form == "markdown":
        out.write("| | |\n| --- | --- |\n" + "".join(f"| {name} | {value} |\n" for name, value in lines))
        return
    width = max(len(name) for name, _ in lines)
    out.write("".join(f"{name:<{width}}  {value}\n" for name, value in lines))


def _count(value: int | None) -> str:
    return "unknown" if value is None else text.count(value)
