"""Small snapshots made by hand, in any layout that JSON allows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

NODE_TYPES = (
    "hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic",
    "concatenated string", "sliced string", "symbol", "bigint", "object shape",
)  # fmt: skip
EDGE_TYPES = ("context", "element", "property", "internal", "hidden", "shortcut", "weak")
NODE_FIELDS = ("type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness")
EDGE_FIELDS = ("type", "name_or_index", "to_node")
LOCATION_FIELDS = ("object_index", "script_id", "line", "column")
FUNCTION_FIELDS = ("function_id", "name", "script_name", "script_id", "line", "column")
TREE_FIELDS = ("id", "function_info_index", "count", "size", "children")
SECTIONS = ("snapshot", "nodes", "edges", "trace_function_infos", "trace_tree", "samples", "locations", "strings")


@dataclass
class Node:
    """A node and the edges from it: (type, name or index, target's ordinal)."""

    type: str
    name: str
    size: int = 0
    id: int = 0
    detachedness: int = 0
    trace: int = 0
    edges: list[tuple[str, str | int, int]] = field(default_factory=list)


@dataclass
class Draft:
    """A snapshot to be written; the first node is the root.

    A recording: `functions` (name, script, script id, line, column), `tree` (nested rows of id,
    function, count, size and children) and `samples` (microseconds, last id).

    Layout: `order` of the sections, `gap` between tokens, `extra_fields` that no reader knows,
    `dropped_fields` that old producers lack.
    """

    nodes: list[Node] = field(default_factory=list)
    locations: list[tuple[int, int, int, int]] = field(default_factory=list)
    functions: list[tuple[str, str, int, int, int]] = field(default_factory=list)
    tree: list[Any] = field(default_factory=list)
    samples: list[tuple[int, int]] = field(default_factory=list)
    order: Sequence[str] = SECTIONS
    gap: str = ""
    extra_fields: int = 0
    dropped_fields: Sequence[str] = ()
    header: dict[str, object] = field(default_factory=dict)

    def add(self, type: str, name: str, size: int = 0, **more: int) -> int:
        """Append a node with an odd id of its own; returns its ordinal."""
        identifier = more.pop("id", 2 * len(self.nodes) + 1)
        self.nodes.append(Node(type, name, size, identifier, more.pop("detachedness", 0), more.pop("trace", 0)))
        return len(self.nodes) - 1

    def link(self, source: int, target: int, name: str | int = "x", type: str = "property") -> None:
        """Append an edge."""
        self.nodes[source].edges.append((type, name, target))

    def fields(self) -> list[str]:
        """The node fields that are written."""
        return [f for f in NODE_FIELDS if f not in self.dropped_fields] + [f"x{i}" for i in range(self.extra_fields)]

    def document(self) -> dict[str, object]:
        """The JSON document."""
        strings: dict[str, int] = {"": 0}

        def index(text: str) -> int:
            return strings.setdefault(text, len(strings))

        fields = self.fields()
        nodes: list[int] = []
        edges: list[int] = []
        for node in self.nodes:
            values = {
                "type": NODE_TYPES.index(node.type),
                "name": index(node.name),
                "id": node.id,
                "self_size": node.size,
                "edge_count": len(node.edges),
                "trace_node_id": node.trace,
                "detachedness": node.detachedness,
            }
            nodes += [values.get(name, 7) for name in fields]
            for kind, name, target in node.edges:
                name_or_index = index(name) if isinstance(name, str) else name
                edges += [EDGE_TYPES.index(kind), name_or_index, target * len(fields)]
        locations = [x for at, *rest in self.locations for x in (at * len(fields), *rest)]
        functions = [
            x
            for i, (name, script, *place) in enumerate(self.functions)
            for x in (i, index(name), index(script), *place)
        ]
        meta = {
            "node_fields": fields,
            "node_types": [list(NODE_TYPES), *["number"] * (len(fields) - 1)],
            "edge_fields": list(EDGE_FIELDS),
            "edge_types": [list(EDGE_TYPES), "string_or_number", "node"],
            "location_fields": list(LOCATION_FIELDS),
            "trace_function_info_fields": list(FUNCTION_FIELDS),
            "trace_node_fields": list(TREE_FIELDS),
            "sample_fields": ["timestamp_us", "last_assigned_id"],
        }
        counts = {"node_count": len(self.nodes), "edge_count": len(edges) // len(EDGE_FIELDS)}
        counts["trace_function_count"] = len(self.functions)
        return {
            "snapshot": {"meta": meta, **counts, **self.header},
            "nodes": nodes,
            "edges": edges,
            "trace_function_infos": functions,
            "trace_tree": self.tree,
            "samples": [x for sample in self.samples for x in sample],
            "locations": locations,
            "strings": list(strings),
        }

    def encode(self) -> bytes:
        """The file's bytes."""
        document = self.document()
        ordered = {name: document[name] for name in self.order}
        separators = (f"{self.gap},{self.gap}", f"{self.gap}:{self.gap}")
        return json.dumps(ordered, separators=separators).encode("utf-8", "surrogatepass") + self.gap.encode()


def chain(length: int) -> Draft:
    """A root and a linked list below it."""
    draft = Draft()
    draft.add("synthetic", "")
    for i in range(length):
        draft.link(i, draft.add("object", "Link", 8), "next" if i else 1, "property" if i else "element")
    return draft
