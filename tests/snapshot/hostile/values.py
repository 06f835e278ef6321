"""Numbers that lead nowhere, are too large or are no numbers; arrays that are not quite JSON."""

from __future__ import annotations

from tests.snapshot.hostile.base import (
    DOCUMENT,
    EDGE_FIELDS,
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
    edge,
    holding,
    literal,
    nodes,
    replaced,
)  # fmt: skip

_NODES: list[int] = DOCUMENT["nodes"]
_NODE_COUNT = len(_NODES) // WIDTH
_STRINGS = len(DOCUMENT["strings"])
_COUNT = FIELDS.index("edge_count")
_NAMED_EDGE = DOCUMENT["edges"][:: len(EDGE_FIELDS)].index(2)
_STRAY_TARGETS = {
    "past-end": len(_NODES), "far": len(_NODES) * 1000, "not-multiple": WIDTH + 1, "negative": -WIDTH,
    "huge": 2**53 + 1, "int64": 2**63, "int200": 10**60, "float-frac": 7.5, "string": '"7"', "null": "null",
    "true": "true", "nan": "NaN",
}  # fmt: skip
_STRAY_NAMES = {"past-end": _STRINGS, "negative": -1, "huge": 2**40}
_STRAY_SIZES = {
    "2-63": 2**63, "2-64": 2**64, "1e100": 10**100, "plus": "+8", "leading-zero": "008", "hex": "0x10",
}  # fmt: skip
_ODD_SIZES = {"negative": -8, "2-53": 2**53 + 1, "float": 16.5, "exp": "1e3", "minus-zero": "-0"}


def _more_edges(**more: int) -> Make:
    """Nodes that claim more edges than they have, or fewer."""
    return nodes("edge_count", **{name: _NODES[int(name[1:]) * WIDTH + _COUNT] + n for name, n in more.items()})


def _appended(section: str, *values: int) -> Make:
    return changed(lambda document: document[section].extend(values))


def _endless_space() -> bytes:
    return TEXT[: TEXT.index(b'"nodes":[') + 9] + b" " * (2 << 20)


def _rows(document: Document) -> None:
    document["nodes"] = [_NODES[i : i + WIDTH] for i in range(0, len(_NODES), WIDTH)]


CASES = [
    Case("type-index-out-of-range", EITHER, nodes("type", n3=99), at("nodes")),
    Case("edge-type-out-of-range", EITHER, edge("type", 3, 99), at("edges")),
    *(Case(f"to-node-{name}", REJECT, edge("to_node", 4, v), at("edges")) for name, v in _STRAY_TARGETS.items()),
    Case("to-node-nested", REJECT, edge("to_node", 4, "[7]"), at("edges")),
    Case("to-node-float", EITHER, edge("to_node", 4, 7.0), at("edges")),
    Case("to-node-exp", EITHER, edge("to_node", 4, "7e0"), at("edges")),
    *(Case(f"name-{name}", EITHER, nodes("name", n4=v), at("nodes")) for name, v in _STRAY_NAMES.items()),
    *(Case(f"edge-name-{name}", EITHER, edge("name_or_index", _NAMED_EDGE, v), at("edges"))
      for name, v in _STRAY_NAMES.items()),
    *(Case(f"size-{name}", REJECT, nodes("self_size", n6=v), at("nodes")) for name, v in _STRAY_SIZES.items()),
    *(Case(f"size-{name}", EITHER, nodes("self_size", n6=v), at("nodes")) for name, v in _ODD_SIZES.items()),
    Case("size-sum-beyond-64-bits", REJECT, nodes("self_size", **{f"n{i}": 2**62 for i in range(8)}), "add up"),
    Case("id-duplicate", EITHER, nodes("id", **{f"n{i}": 77 for i in range(3, 20)})),
    Case("id-2-53", OK, nodes("id", n3=2**53 + 1)),
    Case("id-all-zero", EITHER, nodes("id", **{f"n{i}": 0 for i in range(_NODE_COUNT)})),
    Case("edge-count-overflow", REJECT, nodes("edge_count", n2=2**31), at("nodes")),
    Case("edge-count-negative", REJECT, nodes("edge_count", n2=-1), at("nodes")),
    Case("edge-count-sum-high", REJECT, _more_edges(n2=3), "the objects claim 2,759 edges"),
    Case("edge-count-sum-low", REJECT, _more_edges(n0=-3), "the objects claim 2,753 edges"),
    Case("edge-count-cancel", REJECT, _more_edges(n0=2**32, n3=-(2**32)), at("nodes")),
    Case("nodes-not-multiple", REJECT, _appended("nodes", 1), at("nodes")),
    Case("edges-not-multiple", REJECT, _appended("edges", 1), at("edges")),
    Case("location-out-of-range", EITHER, _appended("locations", 5 * len(_NODES), 1, 2, 3), at("locations")),
    Case("location-not-multiple", EITHER, _appended("locations", 1, 1, 1, 1), at("locations")),
    Case("locations-short", EITHER, _appended("locations", 0), at("locations")),
    Case("nodes-floats", EITHER, holding("nodes", [float(number) for number in _NODES]), at("nodes")),
    Case("nodes-strings", REJECT, holding("nodes", [str(number) for number in _NODES]), at("nodes")),
    Case("nodes-nested-rows", REJECT, changed(_rows, compact), at("nodes")),
    Case("trailing-comma", REJECT, replaced(b'\n],\n"edges"', b',\n],\n"edges"'), at("nodes")),
    Case("missing-comma", REJECT, replaced(b"\n,", b"\n"), at("nodes")),
    Case("minus-alone", REJECT, replaced(b'"nodes":[', b'"nodes":[-,'), at("nodes")),
    Case("row-of-commas", REJECT, replaced(b'"nodes":[', b'"nodes":[,,,,,,,'), at("nodes")),
    Case("comment", REJECT, replaced(b'"nodes":[', b'/* c */"nodes":['), "not valid JSON: byte 0x2f"),
    Case("nodes-of-brackets", REJECT, literal(b'{"snapshot":{},"nodes":[' + b"]" * 100), "not valid JSON"),
    Case("nodes-of-white-space", REJECT, _endless_space, "inside `nodes`"),
]  # fmt: skip
