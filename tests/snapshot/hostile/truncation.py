"""Files that end too early, or go on behind their end."""

from __future__ import annotations

import gzip

from tests.snapshot.hostile.base import DATA, EITHER, OK, REJECT, TEXT, Case, Make, inside, literal

_SECTION_AT = {1: "snapshot", 5: "nodes", 10: "nodes", 25: "edges", 50: "edges", 60: "edges"}
_END = f"{len(TEXT):,}"
_BEFORE = {"nodes": "snapshot", "edges": "nodes", "locations": "samples", "strings": "locations"}


def _share(percent: int) -> Make:
    return literal(TEXT[: len(TEXT) * percent // 100])


def _share_of_whole(percent: int) -> Make:
    def make() -> bytes:
        whole = gzip.decompress((DATA / "node20.heapsnapshot.gz").read_bytes())
        return whole[: len(whole) * percent // 100]

    return make


def _up_to(key: str, beyond: int) -> Make:
    return literal(TEXT[: TEXT.index(f'"{key}":['.encode()) + beyond])


CASES = [
    *(
        Case(f"trunc-{percent:02d}pct", REJECT, _share(percent), inside(_SECTION_AT.get(percent, "strings")))
        for percent in (1, 5, 10, 25, 50, 60, 75, 90, 95, 99)
    ),
    *(Case(f"trunc-last-{n}", REJECT, literal(TEXT[:-n]), inside("strings")) for n in (1, 2, 3, 10)),
    *(Case(f"trunc-before-{key}", REJECT, _up_to(key, 0), inside(last)) for key, last in _BEFORE.items()),
    *(Case(f"trunc-after-{key}-key", REJECT, _up_to(key, len(key) + 3), inside(key)) for key in _BEFORE),
    Case("trunc-in-string", REJECT, literal(TEXT[: TEXT.index(b'"Kennel"') + 4]), inside("strings")),
    Case("full-trunc-30pct", REJECT, _share_of_whole(30), inside("edges")),
    Case("full-trunc-70pct", REJECT, _share_of_whole(70), inside("edges")),
    Case("full-trunc-97pct", REJECT, _share_of_whole(97), inside("strings")),
    Case("trunc-in-key-of-two-lines", REJECT, literal(b'{"snapshot":{},"two\\nlines":['), inside(r"two\nlines")),
    Case("trunc-in-first-key", REJECT, literal(b'{"snap'), "ends too early"),
    Case("trailing-garbage", REJECT, literal(TEXT + b"\n}garbage"), "after the end"),
    Case("trailing-nuls", REJECT, literal(TEXT + b"\0" * 4096), "NUL bytes after the end"),
    Case("trailing-newlines", OK, literal(TEXT + b"\n\r\n  \n")),
    Case(
        "two-concatenated", REJECT, literal(TEXT + TEXT), f"another object after the end of the snapshot (byte {_END})"
    ),
    Case("base-small", OK, literal(TEXT)),
    Case("no-last-bracket-but-space", REJECT, literal(TEXT[:-1] + b" " * 100), inside("strings")),
    Case("deep-nesting-unknown-key", EITHER, literal(b'{"extra":' + b"[" * 100_000 + b"]" * 100_000 + b"," + TEXT[1:])),
]
