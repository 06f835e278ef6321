"""Files that are something else."""

from __future__ import annotations

from pathlib import Path

from tests.snapshot.hostile.base import EITHER, OK, REJECT, TEXT, Case, changed, compact, literal

_NO_OBJECT = "does not begin with {"
_FRAME = {"functionName": "(root)"}
_CPU_PROFILE = {
    "nodes": [{"id": 1, "callFrame": _FRAME, "children": []}],
    "startTime": 0, "endTime": 1, "samples": [], "timeDeltas": [],
}  # fmt: skip
_HEAP_PROFILE = {"head": {"callFrame": _FRAME, "selfSize": 0, "id": 1, "children": []}, "samples": []}


def _program() -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(9) + bytes(range(256)) * 255


def _utf16() -> bytes:
    return TEXT.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")


_DEEP = b"[" * 200_000 + b"]" * 200_000

CASES = [
    Case("empty", REJECT, literal(b""), "the file is empty"),
    Case("whitespace", REJECT, literal(b" \n\t "), "white space"),
    Case("not-json", REJECT, literal(b"hello, this is no snapshot\n"), _NO_OBJECT),
    Case("html", REJECT, literal(b"<!DOCTYPE html><html><body>404</body></html>"), _NO_OBJECT),
    Case("elf", REJECT, _program, _NO_OBJECT),
    Case("python", REJECT, Path(__file__).read_bytes, _NO_OBJECT),
    Case("zeros", REJECT, literal(bytes(65536)), _NO_OBJECT),
    Case("zstd", REJECT, literal(b"\x28\xb5\x2f\xfd" + bytes(100)), "damaged zstd file"),
    *(
        Case(f"json-{name}", REJECT, literal(text), _NO_OBJECT)
        for name, text in (
            ("null", b"null"), ("number", b"7"), ("string", b'"x"'), ("array", b"[1,2]"), ("nan", b"NaN"),
        )
    ),
    Case("json-object", REJECT, literal(b"{}"), "no section `snapshot`"),
    Case("deep-nesting", REJECT, literal(b'{"snapshot":' + _DEEP + b"}"), "no section `nodes`"),
    Case("cpuprofile", REJECT, literal(compact(_CPU_PROFILE)), "this is a CPU profile"),
    Case("har", REJECT, literal(b'{"log":{"version":"1.2","entries":[]}}'), "this is an HTTP archive"),
    Case("heapprofile", REJECT, literal(compact(_HEAP_PROFILE)), "this is a sampling heap profile"),
    Case("webkit", REJECT, literal(b'{"version":2,"nodes":[],"nodeClassNames":[]}'), 'Bun.generateHeapSnapshot("v8")'),
    Case("trace", REJECT, literal(b'{"traceEvents":[]}'), "this is a performance trace"),
    Case("bom", EITHER, literal(b"\xef\xbb\xbf" + TEXT)),
    Case("utf16", REJECT, _utf16, "iconv"),
    Case("crlf", OK, literal(TEXT.replace(b"\n", b"\r\n"))),
    Case("base-compact", OK, changed(lambda _: None, compact)),
]  # fmt: skip
