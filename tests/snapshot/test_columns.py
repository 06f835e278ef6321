"""Rows become columns of the right width; a value that cannot be is told with its byte."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heaptui.kernels import numbers as kernels
from heaptui.snapshot import layout
from heaptui.snapshot.errors import SnapshotError
from heaptui.snapshot.snapshot import load_snapshot
from tests.building import EDGE_FIELDS, NODE_FIELDS, Draft, chain
from tests.snapshot.reading import Read, write

Document = dict[str, list[object]]
MARK = 8_888_888_888_888


def error_at(read: Read, data: bytes) -> tuple[SnapshotError, bytes]:
    """The error for these bytes, and the value that stands at the byte it names."""
    with pytest.raises(SnapshotError) as caught:
        read(data)
    byte = caught.value.byte
    assert byte is not None
    found = re.compile(rb"[^,\s\]]*").match(data, byte)
    assert found is not None
    return caught.value, found[0]


def with_value(draft: Draft, section: str, row: int, field: str, value: object) -> bytes:
    """The draft's file with another value in it, written as the JSON of that value."""
    document = draft.document()
    fields = draft.fields() if section == "nodes" else list(EDGE_FIELDS)
    values = document[section]
    assert isinstance(values, list)
    values[row * len(fields) + fields.index(field)] = value
    return json.dumps({name: document[name] for name in draft.order}, indent=1).encode()


@pytest.fixture(params=[7, 40, 1 << 19], ids=["tiny-pieces", "small-pieces", "one-piece"])
def _piece_sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_PIECE", request.param)


@pytest.mark.usefixtures("_piece_sizes")
@pytest.mark.parametrize("row", [0, 3, 9])
@pytest.mark.parametrize(
    ("section", "field", "value", "what"),
    [
        ("nodes", "type", 15, "no node type has the number 15"),
        ("nodes", "name", 4444, "there is no string with the index 4,444"),
        ("nodes", "edge_count", 5555, "claims more edges than there are: 5,555"),
        ("nodes", "edge_count", 2**31, "claims more edges"),
        ("nodes", "trace_node_id", 2**32, "no allocation stack has the number"),
        ("edges", "type", 7, "no edge type has the number 7"),
        ("edges", "type", 300, "no edge type has the number 300"),
        ("edges", "name_or_index", 2**32, "an edge has the index"),
        ("edges", "to_node", 7777, "not there: 7,777"),
        ("edges", "to_node", 15, "into the middle of an object: 15"),
        ("nodes", "id", -3, "a negative number"),
        ("edges", "to_node", 2**63, "a number beyond 64 bits"),
        ("nodes", "self_size", "x", "something that is no number"),
        ("nodes", "self_size", None, "something that is no number"),
    ],
)
def test_a_value_that_cannot_be_is_told_with_its_byte(
    read: Read, section: str, field: str, value: object, what: str, row: int
) -> None:
    error, found = error_at(read, with_value(chain(12), section, row, field, value))
    assert what in error.what
    assert error.section == section
    assert found == json.dumps(value).encode()


@pytest.mark.usefixtures("_piece_sizes")
@pytest.mark.parametrize("value", ["0.5", "7e0", "7E3"])
def test_a_fraction_or_an_exponent_is_told_with_its_byte(read: Read, value: str) -> None:
    data = with_value(chain(12), "nodes", 6, "id", MARK).replace(str(MARK).encode(), value.encode())
    error, found = error_at(read, data)
    assert "a fraction or an exponent" in error.what
    assert found == value[1:].encode()


def test_a_property_without_a_name_is_told_with_its_byte_but_an_element_has_none(read: Read) -> None:
    draft = chain(6)
    error, found = error_at(read, with_value(draft, "edges", 4, "name_or_index", 999))
    assert "there is no string with the index 999" in error.what
    assert found == b"999"
    element = read(with_value(draft, "edges", 0, "name_or_index", 2**32 - 1))
    assert element.edges.name_or_index[0] == 2**32 - 1


def test_ids_and_sizes_beyond_32_bits_are_kept(read: Read) -> None:
    draft = chain(5)
    draft.nodes[2].id, draft.nodes[3].size = 2**53 + 1, 2**40 + 1
    nodes = read(draft.encode()).nodes
    assert (nodes.id.dtype.name, nodes.self_size.dtype.name) == ("uint64", "uint64")
    assert nodes.id.tolist() == [node.id for node in draft.nodes]
    assert nodes.self_size.tolist() == [node.size for node in draft.nodes]


def test_ids_and_sizes_of_32_bits_take_no_more(read: Read) -> None:
    draft = chain(5)
    draft.nodes[2].id, draft.nodes[3].size = 2**32 - 1, 2**32 - 1
    nodes = read(draft.encode()).nodes
    assert (nodes.id.dtype.name, nodes.self_size.dtype.name) == ("uint32", "uint32")
    assert nodes.id[2] == nodes.self_size[3] == 2**32 - 1


def test_sizes_whose_sum_needs_more_than_64_bits_are_refused(read: Read) -> None:
    draft = chain(9)
    for node in draft.nodes:
        node.size = 2**61
    with pytest.raises(SnapshotError, match="add up to more"):
        read(draft.encode())


@pytest.mark.parametrize("field", [f for f in NODE_FIELDS if f not in ("trace_node_id", "detachedness")])
def test_a_field_that_is_needed_must_be_there(read: Read, field: str) -> None:
    draft = chain(3)
    draft.dropped_fields = [field]
    with pytest.raises(SnapshotError, match=f"has no field `{field}`"):
        read(draft.encode())


def test_fields_that_old_producers_lack_are_none(read: Read) -> None:
    draft = chain(3)
    assert read(draft.encode()).nodes.detachedness is not None
    draft.dropped_fields = ["detachedness", "trace_node_id"]
    nodes = read(draft.encode()).nodes
    assert nodes.detachedness is None
    assert nodes.trace_node_id is None


def test_allocation_stacks_are_read_where_a_node_has_one(read: Read) -> None:
    assert read(chain(3).encode()).nodes.trace_node_id is None
    trace = read(with_value(chain(3), "nodes", 2, "trace_node_id", 77)).nodes.trace_node_id
    assert trace is not None
    assert trace.tolist() == [0, 0, 77, 0]


@pytest.mark.parametrize("order", [EDGE_FIELDS[::-1], ("to_node", "future", "type", "name_or_index")], ids=str)
def test_edge_fields_may_come_in_any_order(read: Read, order: tuple[str, ...]) -> None:
    draft = chain(4)
    plain = read(draft.encode()).edges
    document = json.loads(draft.encode())
    rows = np.array(document["edges"]).reshape(-1, len(EDGE_FIELDS))
    fields = {**dict(zip(EDGE_FIELDS, rows.T.tolist(), strict=True)), "future": [9] * len(rows)}
    document["edges"] = [value for row in zip(*(fields[name] for name in order), strict=True) for value in row]
    meta = document["snapshot"]["meta"]
    meta["edge_types"] = [meta["edge_types"][0] if name == "type" else "number" for name in order]
    meta["edge_fields"] = list(order)
    found = read(json.dumps(document).encode()).edges
    for column in ("type", "name_or_index", "to_node"):
        assert getattr(found, column).tolist() == getattr(plain, column).tolist()


def _spoil(change: Callable[[Document], object]) -> bytes:
    document = json.loads(chain(4).encode())
    change(document)
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("change", "section", "what"),
    [
        (lambda d: d["nodes"].append(1), "nodes", "36 numbers are no whole number of rows of 7"),
        (lambda d: d["edges"].pop(), "edges", "11 numbers are no whole number of rows of 3"),
        (lambda d: d["locations"].extend([0, 1, 2]), "locations", "3 numbers are no whole number of rows of 4"),
        (lambda d: d["locations"].extend([3, 1, 2, 3]), "locations", "an object that is not there"),
        (lambda d: d["locations"].extend([0, 1, 2, 3, 700, 1, 2, 3]), "locations", "an object that is not there"),
        (lambda d: d["snapshot"].update(node_count=6), "nodes", "the header says 6 rows, the section has 5"),
        (lambda d: d["snapshot"].update(edge_count=3), "edges", "the header says 3 rows, the section has 4"),
        (lambda d: d["nodes"].__setitem__(4, 0), "nodes", "the objects claim 3 edges, the section `edges` has 4"),
    ],
)
def test_counts_that_do_not_fit_are_told(
    read: Read, change: Callable[[Document], object], section: str, what: str
) -> None:
    with pytest.raises(SnapshotError) as caught:
        read(_spoil(change))
    assert what in caught.value.what
    assert caught.value.section == section


def test_an_error_in_one_piece_keeps_the_rest_from_being_read(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_PIECE", 16)
    scanned = []
    plain = kernels.scan_nodes

    def counted(*arguments: Any) -> None:
        scanned.append(1)
        plain(*arguments)

    monkeypatch.setattr(kernels, "scan_nodes", counted)
    data = with_value(chain(5000), "nodes", 0, "type", 99)
    with pytest.raises(SnapshotError, match="no node type"):
        read(data)
    assert len(scanned) < 5000


@pytest.mark.parametrize(
    ("counts", "what"),
    [
        ({"node_count": 1 << 31}, "2,147,483,648 objects, more than heaptui can hold: it can hold 2,147,483,647"),
        ({"edge_count": 1 << 32}, "4,294,967,296 edges, more than heaptui can hold: it can hold 4,294,967,295"),
    ],
    ids=["objects", "edges"],
)
def test_what_cannot_be_held_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counts: dict[str, int], what: str
) -> None:
    draft = chain(3)
    draft.header = {**draft.header, **counts}
    path = write(tmp_path, draft.encode())
    monkeypatch.setattr("heaptui.snapshot.snapshot.open_source", None)
    with pytest.raises(SnapshotError, match=what):
        load_snapshot(path)
