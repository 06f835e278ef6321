"""The `snapshot` section: what the columns are called, and how many rows there are."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import ijson

from heaptui.snapshot.errors import SnapshotError

_LARGEST = 16 << 20
_DEEPEST = 64
_STEPS = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
_MOST_TYPES = 200


@dataclass(frozen=True, slots=True)
class Header:
    """The file's own description of its format; counts are None where it has none.

    `node_types` and `edge_types` are the names of the values of the field `type`.
    """

    node_fields: Sequence[str]
    node_types: Sequence[str]
    edge_fields: Sequence[str]
    edge_types: Sequence[str]
    location_fields: Sequence[str]
    sample_fields: Sequence[str]
    trace_function_fields: Sequence[str]
    trace_node_fields: Sequence[str]
    node_count: int | None
    edge_count: int | None
    trace_function_count: int
    extra_native_bytes: int
    root_index: int

    def edge_type(self, name: str) -> int:
        """The number of an edge type, 255 where the file has no such type."""
        return self.edge_types.index(name) if name in self.edge_types else 255

    def node_type(self, name: str) -> int:
        """The number of a node type, 255 where the file has no such type."""
        return self.node_types.index(name) if name in self.node_types else 255


def parse_header(text: bytes, start: int) -> Header:
    """Read the `snapshot` section, which begins at byte `start` of the file."""
    if len(text) > _LARGEST:
        raise SnapshotError("larger than any real header", section="snapshot", byte=start)
    try:
        value = read_value(io.BytesIO(text))
    except (ijson.JSONError, ValueError):
        raise SnapshotError("not valid JSON", section="snapshot", byte=start) from None
    return parse_header_value(value, start)


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def read_value(stream: _Readable, skip: int = 0) -> object:
    """The first JSON value of a stream, or the one that begins after `skip` events of the parser.

    Raises ijson.JSONError or ValueError for bad JSON.
    """
    builder, depth = ijson.ObjectBuilder(), 0
    for event, value in islice(ijson.basic_parse(stream, use_float=True), skip, None):
        depth += _STEPS.get(event, 0)
        if depth > _DEEPEST:
            raise SnapshotError("nested deeper than any real header", section="snapshot")
        builder.event(event, value)
        if not depth:
            return builder.value
    raise ValueError("no value")


def parse_header_value(value: object, start: int) -> Header:
    """Read the decoded value of the `snapshot` section."""
    if not isinstance(value, dict) or not isinstance(value.get("meta"), dict):
        raise SnapshotError("has no `meta`: this is not a V8 heap snapshot", section="snapshot", byte=start)
    return _Reader(value, start).header()


class _Reader:
    def __init__(self, value: dict[str, Any], start: int) -> None:
        self._value = value
        self._meta = value["meta"]
        self._start = start

    def _error(self, what: str) -> SnapshotError:
        return SnapshotError(what, section="snapshot", byte=self._start)

    def header(self) -> Header:
        node_fields = self._names("node_fields", ("type", "name", "id", "self_size", "edge_count"))
        edge_fields = self._names("edge_fields", ("type", "name_or_index", "to_node"))
        return Header(
            node_fields=node_fields,
            node_types=self._types("node_types", node_fields),
            edge_fields=edge_fields,
            edge_types=self._types("edge_types", edge_fields),
            location_fields=self._names("location_fields", ()),
            sample_fields=self._names("sample_fields", ()),
            trace_function_fields=self._names("trace_function_info_fields", ()),
            trace_node_fields=self._names("trace_node_fields", ()),
            node_count=self._count("node_count"),
            edge_count=self._count("edge_count"),
            trace_function_count=self._count("trace_function_count") or 0,
            extra_native_bytes=self._count("extra_native_bytes") or 0,
            root_index=self._count("root_index") or 0,
        )

    def _names(self, key: str, required: Sequence[str]) -> list[str]:
        names = self._meta.get(key)
        if names is None and not required:
            return []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._error(f"`meta.{key}` is no list of names: not a V8 heap snapshot")
        if len(set(names)) != len(names):
            raise self._error(f"`meta.{key}` names a field twice")
        for name in required:
            if name not in names:
                raise self._error(f"`meta.{key}` has no field `{name}`")
        return names

    def _types(self, key: str, fields: Sequence[str]) -> list[str]:
        column = self._meta.get(key)
        at = fields.index("type")
        types = column[at] if isinstance(column, list) and len(column) > at else None
        if not isinstance(types, list) or not all(isinstance(name, str) for name in types):
            raise self._error(f"`meta.{key}` does not list the types")
        if len(types) > _MOST_TYPES:
            raise self._error(f"`meta.{key}` lists {len(types):,} types, more than {_MOST_TYPES}")
        return types

    def _count(self, key: str) -> int | None:
        value = self._value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 63:
            raise self._error(f"`{key}` is no whole number of objects: {value!r:.40}")
        return value
