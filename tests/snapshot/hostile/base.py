"""The valid snapshot that every hostile file is made from, and ways to spoil it.

`hostile-base` is a cut of 749 objects from a snapshot of Node.js 20: those nearest to the root
and those around the object named "Kennel".
"""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Change = Callable[[Document], object]
Make = Callable[[], bytes]

DATA = Path(__file__).parents[2] / "data"
TEXT = gzip.decompress((DATA / "hostile-base.heapsnapshot.gz").read_bytes())
DOCUMENT: Document = json.loads(TEXT)
META = DOCUMENT["snapshot"]["meta"]
FIELDS: list[str] = META["node_fields"]
EDGE_FIELDS: list[str] = META["edge_fields"]
WIDTH = len(FIELDS)

# What a careful reader does: takes the file, refuses it in one line, or either.
OK, REJECT, EITHER = "ok", "reject", "either"


@dataclass(frozen=True)
class Case:
    """A hostile file: the verdict on it, its bytes, and a part of the error where that matters."""

    name: str
    verdict: str
    make: Make
    says: str = ""


def inside(section: str) -> str:
    """What the error says of a file that ends in a section."""
    return f"ends inside `{section}`"


def at(section: str) -> str:
    """How the error begins to name its place."""
    return f"section `{section}`, byte "


def compact(document: object) -> bytes:
    """JSON without white space."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def rows(values: Sequence[object], width: int) -> str:
    """Numbers, one row a line; a text stands in the file as it is."""
    lines = (",".join(map(str, values[i : i + width])) for i in range(0, len(values), width))
    return "[" + "\n,".join(lines) + "\n]"


def as_v8(document: Document) -> bytes:
    """The layout of V8: a row or a string a line."""
    meta = document["snapshot"].get("meta", META)
    widths = {
        "nodes": len(meta.get("node_fields", FIELDS)),
        "edges": len(meta.get("edge_fields", EDGE_FIELDS)),
        "locations": 4,
    }
    parts = []
    for key, value in document.items():
        if key in widths:
            text = rows(value, widths[key])
        elif key == "strings":
            text = "[" + ",\n".join(json.dumps(string, ensure_ascii=False) for string in value) + "]"
        else:
            text = json.dumps(value, separators=(",", ":"))
        parts.append(f'"{key}":{text}')
    return ("{" + ",\n".join(parts) + "}").encode("utf-8", "surrogatepass")


def literal(data: bytes) -> Make:
    """These bytes."""
    return lambda: data


def replaced(old: bytes, new: bytes, count: int = 1) -> Make:
    """The base with other bytes in it."""
    assert old in TEXT
    return lambda: TEXT.replace(old, new, count)


def changed(change: Change, write: Callable[[Document], bytes] = as_v8) -> Make:
    """The base's document with a change."""

    def make() -> bytes:
        document = copy.deepcopy(DOCUMENT)
        change(document)
        return write(document)

    return make


def without(key: str) -> Make:
    """The base without a section."""
    return changed(lambda document: document.pop(key), compact)


def holding(key: str, value: object) -> Make:
    """The base with another value for a section."""
    return changed(lambda document: document.update({key: value}), compact)


def nodes(field: str, **values: object) -> Make:
    """The base with other values in a field of some nodes; keys are `n` and the ordinal."""

    def change(document: Document) -> None:
        for name, value in values.items():
            document["nodes"][int(name[1:]) * WIDTH + FIELDS.index(field)] = value

    return changed(change)


def edge(field: str, row: int, value: object) -> Make:
    """The base with another value in a field of an edge."""

    def change(document: Document) -> None:
        document["edges"][row * len(EDGE_FIELDS) + EDGE_FIELDS.index(field)] = value

    return changed(change)
