"""Names like `{id, name, tags}` for plain objects of one shape, section 10 of DevTools' rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.distances import edges_of
from heaptui.heap.essential import group_equal
from heaptui.heap.names import Names, format_property
from heaptui.kernels import shapes as kernels
from heaptui.kernels import text
from heaptui.snapshot.progress import Progress
from heaptui.snapshot.snapshot import Snapshot

Ordinals = npt.NDArray[np.uint32]

_LONGEST_NAME = 120
_FEWEST_OBJECTS = 2
_FEWEST_SHARE = 1000
_RUN = 1 << 18


@dataclass(frozen=True, slots=True)
class Interface:
    """A definition: the objects that have all these properties carry this name."""

    name: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The plain objects of a snapshot, grouped by their property names in order.

    Attributes:
        nodes: ordinals of all plain objects, in file order.
        shape: for each of them the number of its shape.
        examples: for each shape the ordinal of its first object.
        definitions: the interfaces that DevTools infers from them, most common first.
    """

    nodes: Ordinals
    shape: Ordinals
    examples: Ordinals
    definitions: Sequence[Interface]


def find_shapes(snapshot: Snapshot, names: Names, progress: Progress) -> Shapes:
    """Group the plain objects and infer the interfaces."""
    nodes = names.nodes_named("Object", "object")
    strings, edges = snapshot.strings, snapshot.edges
    width = np.zeros(len(strings), np.uint8)
    width[strings.find("__proto__")] = kernels.NOT_COUNTED
    candidate = np.empty(len(nodes), np.uint64)
    shape = np.empty(len(nodes), np.uint64)
    for low in range(0, len(nodes), _RUN):
        progress.check()
        kernels.hash_shapes(
            strings.source.data, strings.base, strings.offset, strings.end,
            nodes, snapshot.nodes.first_edge, edges.type, edges.name_or_index,
            snapshot.header.edge_type("property"), low, min(len(nodes), low + _RUN), width, candidate, shape,
        )  # fmt: skip
    number, first = group_equal(shape)
    return Shapes(nodes, number, nodes[first], _infer(names, nodes, candidate))


def _infer(names: Names, nodes: Ordinals, candidate: npt.NDArray[np.uint64]) -> list[Interface]:
    number, first = group_equal(candidate)
    counts = np.bincount(number, minlength=len(first))
    counts[candidate[first] == 0] = 0
    fewest = max(_FEWEST_OBJECTS, len(nodes) / _FEWEST_SHARE)
    # Stable, so that of equally common ones the first met comes first.
    popular = [i for i in np.argsort(-counts, kind="stable") if counts[i] >= fewest]
    found: dict[str, Interface] = {}
    for i in popular:
        interface = _candidate(names, int(nodes[first[i]]))
        found.setdefault(interface.name, interface)
    return list(found.values())


def _candidate(names: Names, ordinal: int) -> Interface:
    """The definition that an object suggests: its first properties, while the name is short enough."""
    name, properties = "{", []
    for _, prop in names.properties(ordinal):
        formatted = format_property(prop)
        if len(name) > 1 and _units(name) + _units(formatted) > _LONGEST_NAME:
            break
        name += (", " if len(name) != 1 else "") + formatted
        properties.append(prop)
    return Interface(name + "}", tuple(properties))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def match_interfaces(snapshot: Snapshot, shapes: Shapes, definitions: Sequence[Interface]) -> npt.NDArray[np.int32]:
    """For each shape the index of the interface it matches, or -1."""
    match = np.full(len(shapes.examples), -1, np.int32)
    if not definitions or not len(shapes.examples):
        return match
    numbers: dict[str, int] = {}
    uses: list[list[tuple[int, int]]] = [[]]
    for k, interface in enumerate(definitions):
        occurrences: dict[str, int] = {}
        for name in interface.properties:
            if name not in numbers:
                numbers[name] = len(uses)
                uses.append([])
            occurrences[name] = occurrences.get(name, -1) + 1
            uses[numbers[name]].append((k, occurrences[name]))
    edges = snapshot.edges
    kernels.match_interfaces(
        shapes.examples, snapshot.nodes.first_edge, edges.type, edges.name_or_index,
        snapshot.header.edge_type("property"),
        _property_numbers(snapshot, shapes, numbers),
        np.cumsum([0, 0, *(len(use) for use in uses[1:])]).astype(np.uint32),
        np.array([k for use in uses for k, _ in use], np.uint32),
        np.array([nth for use in uses for _, nth in use], np.uint32),
        np.array([len(interface.properties) for interface in definitions], np.uint32),
        np.zeros(len(uses), np.uint32),
        np.zeros(len(definitions), np.uint32),
        np.zeros(sum(len(use) for use in uses) + 1, np.uint32),
        match,
    )  # fmt: skip
    return match


def _property_numbers(snapshot: Snapshot, shapes: Shapes, numbers: dict[str, int]) -> Ordinals:
    """By string: the number of the property that it names, 0 for none."""
    strings = snapshot.strings
    used = np.zeros(len(strings), bool)
    property_type = snapshot.header.edge_type("property")
    for low in range(0, len(shapes.examples), _RUN):
        run = edges_of(snapshot.nodes.first_edge, shapes.examples[low : low + _RUN])
        run = run[snapshot.edges.type[run] == property_type]
        used[snapshot.edges.name_or_index[run]] = True
    index = np.flatnonzero(used).astype(np.uint32)
    hashes = np.empty(len(index), np.uint64)
    text.hash_plain(strings.source.data, strings.base, strings.offset, strings.end, index, hashes)
    wanted = np.array([plain_hash(name) for name in numbers], np.uint64)
    result = np.zeros(len(strings), np.uint32)
    for i in index[(hashes == 0) | np.isin(hashes, wanted)]:
        result[i] = numbers.get(strings[int(i)], 0)
    return result


def plain_hash(name: str) -> int:
    """The hash that `kernels.text.hash_plain` gives a string of that text."""
    h = 14695981039346656037
    for byte in name.encode("utf-8", "replace"):
        h = (h ^ byte) * 1099511628211 & 0xFFFFFFFFFFFFFFFF
    return h
