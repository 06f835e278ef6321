"""Headers that lack something or say something else than the data; sections that are not what they should be."""

from __future__ import annotations

from collections.abc import Sequence

from tests.snapshot.hostile.base import (
    DOCUMENT,
    EITHER,
    FIELDS,
    OK,
    REJECT,
    TEXT,
    WIDTH,
    Case,
    Document,
    Make,
    at,
    changed,
    compact,
    holding,
    literal,
    replaced,
    without,
)  # fmt: skip

_NEEDED = ("snapshot", "nodes", "edges", "strings")
_REVERSED = ("strings", "edges", "nodes", "locations", "snapshot")
_DEEP = b"[" * 100_000 + b"]" * 100_000
_LONG = b'"' + b"x" * (20 << 20) + b'"'


def _no_counts(document: Document) -> None:
    del document["snapshot"]["node_count"], document["snapshot"]["edge_count"]


def _without_meta(key: str) -> Make:
    return changed(lambda document: document["snapshot"]["meta"].pop(key))


def _other_name(field: str) -> Make:
    def change(document: Document) -> None:
        fields = document["snapshot"]["meta"]["node_fields"]
        fields[fields.index(field)] = f"zzz_{field}"

    return changed(change)


def _counts(node_count: object, edge_count: object) -> Make:
    return changed(lambda document: document["snapshot"].update(node_count=node_count, edge_count=edge_count))


def _with_fields(fields: Sequence[str]) -> Make:
    """The base's nodes in other columns; what is new in them is 9."""

    def change(document: Document) -> None:
        meta, old = document["snapshot"]["meta"], document["nodes"]
        starts = range(0, len(old), WIDTH)
        document["nodes"] = [old[i + FIELDS.index(f)] if f in FIELDS else 9 for i in starts for f in fields]
        types = dict(zip(FIELDS, meta["node_types"], strict=True))
        meta["node_types"] = [types.get(field, "number") for field in fields]
        meta["node_fields"] = list(fields)
        document["edges"][2::3] = [to // WIDTH * len(fields) for to in document["edges"][2::3]]
        document["locations"][::4] = [to // WIDTH * len(fields) for to in document["locations"][::4]]

    return changed(change)


def _future_edge_field(document: Document) -> None:
    old = document["edges"]
    document["edges"] = [value for i in range(0, len(old), 3) for value in (*old[i : i + 3], 7)]
    document["snapshot"]["meta"]["edge_fields"].append("future")


def _future_types(document: Document) -> None:
    meta = document["snapshot"]["meta"]
    for key, section, index in (("node_types", "nodes", 5 * WIDTH), ("edge_types", "edges", 3)):
        meta[key][0].append("future type")
        document[section][index] = len(meta[key][0]) - 1


def _types_reversed(document: Document) -> None:
    types = document["snapshot"]["meta"]["node_types"][0]
    types.reverse()
    document["nodes"][::WIDTH] = [len(types) - 1 - number for number in document["nodes"][::WIDTH]]


_NODES, _EDGES = DOCUMENT["snapshot"]["node_count"], DOCUMENT["snapshot"]["edge_count"]

CASES = [
    *(Case(f"missing-{key}", REJECT, without(key), f"no section `{key}`") for key in _NEEDED),
    *(Case(f"missing-{key}", OK, without(key)) for key in DOCUMENT if key not in _NEEDED),
    *(
        Case(f"{kind}-{key}", REJECT if key in _NEEDED else EITHER, holding(key, value), f"`{key}`")
        for key in DOCUMENT
        for kind, value in (("null", None), ("object", {"a": 1}))
    ),
    Case("missing-meta", REJECT, changed(lambda document: document["snapshot"].pop("meta")), "has no `meta`"),
    *(
        Case(f"missing-meta-{key}", REJECT, _without_meta(key), f"`meta.{key}`")
        for key in ("node_fields", "node_types", "edge_fields", "edge_types")
    ),
    *(Case(f"no-field-{field}", REJECT, _other_name(field), f"no field `{field}`") for field in FIELDS[:5]),
    Case("field-twice", REJECT, replaced(b'"trace_node_id"', b'"id"'), "names a field twice"),
    Case("meta-order", OK, literal(compact({key: DOCUMENT[key] for key in _REVERSED}))),
    Case("no-counts", EITHER, changed(_no_counts)),
    Case("count-low", EITHER, _counts(_NODES - 10, _EDGES - 10)),
    Case("count-high", EITHER, _counts(_NODES + 10, _EDGES + 10)),
    Case("count-zero", EITHER, _counts(0, 0)),
    Case("count-negative", EITHER, _counts(-5, -5)),
    Case("count-huge", EITHER, _counts(2**62, 2**62)),
    Case("count-float", EITHER, _counts(_NODES + 0.5, _EDGES + 0.5)),
    Case("count-string", EITHER, _counts("12", "12")),
    Case("count-beyond-64-bits", REJECT, _counts(10**400, 1), "`snapshot`"),
    Case("count-deep", REJECT, replaced(f'"node_count":{_NODES}'.encode(), b'"node_count":' + _DEEP), "nested deeper"),
    Case("meta-deep", REJECT, replaced(b'"meta":{', b'"meta":{"deep":' + _DEEP + b","), "nested deeper"),
    Case("header-invalid-utf8", REJECT, replaced(b'"meta":{', b'"meta":{"\xff":1,'), at("snapshot")),
    Case("header-twenty-megabytes", REJECT, replaced(b'"meta":{', b'"meta":{"x":' + _LONG + b","), "larger"),
    Case("root-index-past-end", REJECT, replaced(b'"meta":', b'"root_index":5243,"meta":'), "`root_index` 5,243"),
    Case("root-index-not-multiple", REJECT, replaced(b'"meta":', b'"root_index":1,"meta":'), "`root_index` 1"),
    Case("extra-native-bytes-huge", EITHER, replaced(b'"meta":', b'"extra_native_bytes":9223372036854775807,"meta":')),
    Case("fields-reordered", OK, _with_fields(FIELDS[::-1])),
    Case("fields-extra", OK, _with_fields([*FIELDS, "future_field", "another"])),
    Case("fields-minimal", OK, _with_fields(FIELDS[:5])),
    Case("fields-children-count", REJECT, replaced(b'"detachedness"]', b'"detachedness","x"]'), at("nodes")),
    Case("edge-fields-extra", OK, changed(_future_edge_field)),
    Case("types-unknown", OK, changed(_future_types)),
    Case("types-other-order", OK, changed(_types_reversed)),
    Case("types-two-hundred-and-one", REJECT, replaced(b'"hidden",', b'"hidden",' + b'"x",' * 185), "more than 200"),
    Case("types-empty-first", EITHER, literal(TEXT.replace(b'["hidden"', b'["",' + b'"hidden"', 1))),
]
