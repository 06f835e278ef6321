"""What a file's header tells, for `heaptui info`."""

from __future__ import annotations

import os
from typing import TextIO

from heaptui.opening.free import free_memory
from heaptui.opening.preflight import lacking, needs
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
        "whole": found.whole,
        **_memory(found),
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
        *_forecast(found),
    ]
    if form == "markdown":
        out.write("| | |\n| --- | --- |\n" + "".join(f"| {name} | {value} |\n" for name, value in lines))
        return
    width = max(len(name) for name, _ in lines)
    out.write("".join(f"{name:<{width}}  {value}\n" for name, value in lines))


def _memory(found: Peek) -> dict[str, object]:
    """What opening the file takes, in bytes and seconds by estimate, and what is free; null where it is not known."""
    wanted, free = needs([found]), free_memory()
    fits = None
    if wanted is not None:
        ways = [("whole", wanted.most()), ("light", wanted.most(light=True))]
        fits = next((name for name, size in ways if lacking(*size, free) is None), "no")
    return {
        "memory": wanted and wanted.loaded,
        "memory_peak": wanted and wanted.peak,
        "memory_light": wanted and wanted.light,
        "seconds": wanted and round(wanted.seconds, 1),
        "free_memory": free[0].size if free else None,
        "free_by": free[0].whose if free else None,
        "fits": fits,
    }


def _forecast(found: Peek) -> list[tuple[str, str]]:
    """The same for people."""
    wanted, free = needs([found]), free_memory()
    left = [("Memory that is free", f"{text.size(free[0].size)} ({free[0].whose})")] if free else []
    cut = "It ends too early: --salvage opens it as far as it goes." if found.whole is False else ""
    if wanted is None:
        return [("Memory to open it", "unknown"), *left, *([("Verdict", cut)] if cut else [])]
    verdict = "It fits."
    if lacking(*wanted.most(), free) is not None:
        light = lacking(*wanted.most(light=True), free) is None
        verdict = "It does not fit whole, but with --light." if light else "It does not fit, not even with --light."
    return [
        ("Memory to open it", f"about {text.size(wanted.peak)} at most, {text.size(wanted.loaded)} when it is open"),
        ("Memory with --light", f"about {text.size(wanted.light)}"),
        *left,
        ("Time to open it", f"about {_duration(wanted.seconds)} on two cores"),
        ("Verdict", f"{cut} {verdict}".lstrip()),
    ]


def _duration(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 100 else f"{round(seconds / 60)} min"


def _count(value: int | None) -> str:
    return "unknown" if value is None else text.count(value)
