"""The header tells fields, types and counts, or is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.header import parse_header, parse_header_value
from tests.building import EDGE_TYPES, LOCATION_FIELDS, NODE_FIELDS, NODE_TYPES, chain


def value(**changes: object) -> dict[str, Any]:
    """A good header with changes; what begins with `meta_` is changed in its `meta`, None takes a key away."""
    header: dict[str, Any] = json.loads(chain(3).encode())["snapshot"]
    for key, changed in changes.items():
        place = header["meta"] if key.startswith("meta_") else header
        place[key.removeprefix("meta_")] = changed
        if changed is None:
            del place[key.removeprefix("meta_")]
    return header


def test_a_header_is_read() -> None:
    header = parse_header(json.dumps(value()).encode(), 0)
    assert tuple(header.node_fields) == NODE_FIELDS
    assert tuple(header.node_types) == NODE_TYPES
    assert tuple(header.edge_types) == EDGE_TYPES
    assert tuple(header.location_fields) == LOCATION_FIELDS
    assert (header.node_count, header.edge_count, header.root_index, header.extra_native_bytes) == (4, 3, 0, 0)


def test_types_have_the_number_of_their_place_and_255_where_there_is_none() -> None:
    header = parse_header_value(value(), 0)
    assert (header.node_type("closure"), header.edge_type("weak")) == (5, 6)
    assert (header.node_type("future"), header.edge_type("future")) == (255, 255)


def test_types_stand_where_the_field_type_stands() -> None:
    fields, types = list(NODE_FIELDS), [list(NODE_TYPES), *["number"] * 6]
    header = parse_header_value(value(meta_node_fields=fields[::-1], meta_node_types=types[::-1]), 0)
    assert tuple(header.node_types) == NODE_TYPES


def test_counts_and_later_fields_may_be_missing() -> None:
    header = parse_header_value(
        value(node_count=None, edge_count=None, meta_location_fields=None, meta_sample_fields=None), 0
    )
    assert (header.node_count, header.edge_count) == (None, None)
    assert list(header.location_fields) == list(header.sample_fields) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"meta": None}, "has no `meta`"),
        ({"meta": []}, "has no `meta`"),
        ({"meta_node_fields": None}, "`meta.node_fields` is no list of names"),
        ({"meta_node_fields": "type"}, "`meta.node_fields` is no list of names"),
        ({"meta_node_fields": [*NODE_FIELDS, 5]}, "`meta.node_fields` is no list of names"),
        ({"meta_node_fields": [*NODE_FIELDS, "id"]}, "`meta.node_fields` names a field twice"),
        ({"meta_node_fields": list(NODE_FIELDS[1:])}, "`meta.node_fields` has no field `type`"),
        ({"meta_edge_fields": ["type", "to_node"]}, "`meta.edge_fields` has no field `name_or_index`"),
        ({"meta_location_fields": 7}, "`meta.location_fields` is no list of names"),
        ({"meta_node_types": None}, "`meta.node_types` does not list the types"),
        ({"meta_node_types": []}, "`meta.node_types` does not list the types"),
        ({"meta_node_types": ["object"]}, "`meta.node_types` does not list the types"),
        ({"meta_edge_types": [[1, 2]]}, "`meta.edge_types` does not list the types"),
        ({"meta_edge_types": [["x"] * 201]}, "`meta.edge_types` lists 201 types"),
        ({"node_count": -1}, "`node_count` is no whole number"),
        ({"edge_count": 1.5}, "`edge_count` is no whole number"),
        ({"node_count": "7"}, "`node_count` is no whole number"),
        ({"node_count": True}, "`node_count` is no whole number"),
        ({"root_index": 2**63}, "`root_index` is no whole number"),
        ({"extra_native_bytes": ["\n"] * 99}, "`extra_native_bytes` is no whole number"),
    ],
    ids=str,
)
def test_what_no_header_says_is_refused_with_where_it_begins(changes: dict[str, object], what: str) -> None:
    with pytest.raises(SnapshotError) as caught:
        parse_header_value(value(**changes), 4321)
    assert what in caught.value.what
    assert (caught.value.section, caught.value.byte) == ("snapshot", 4321)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "text",
    [b"", b" ", b"{", b'{"a":}', b"{'a':1}", b'{"a":NaN}', b'{"a":1e999}', b'{"\xff":1}', b"tru", b'{"a":\x00}'],
    ids=str,
)
def test_a_header_that_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(SnapshotError, match=r"not valid JSON \(section `snapshot`, byte 12\)"):
        parse_header(text, 12)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["arrays", "objects"])
def test_a_header_nested_as_deep_as_none_is_refused_and_not_built(opening: bytes, closing: bytes) -> None:
    text = b'{"meta":' + opening * 1_000_000 + b"1" + closing * 1_000_000 + b"}"
    with pytest.raises(SnapshotError, match="nested deeper than any real header"):
        parse_header(text, 0)


def test_a_header_larger_than_any_is_refused() -> None:
    with pytest.raises(SnapshotError, match="larger than any real header"):
        parse_header(b'{"meta":"' + b"x" * (16 << 20) + b'"}', 0)
