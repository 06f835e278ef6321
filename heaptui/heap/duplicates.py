"""Strings that stand in the heap more than once, section 11 of DevTools' rules."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.essential import group_equal
from heaptui.heap.names import Names, leading_number
from heaptui.kernels import text
from heaptui.snapshot.snapshot import Snapshot

Ordinals = npt.NDArray[np.uint32]

_UNKNOWN = -1
_PART = 1 << 19


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The duplicated strings.

    Attributes:
        nodes: ordinals, in file order; group: the number of each one's group of equal strings.
        first: by group, its first string; truncated: by group, whether the file has only the
            string's beginning (equal then means: equal beginning, length and hash).
    """

    nodes: Ordinals
    group: Ordinals
    first: Ordinals
    truncated: npt.NDArray[np.bool_]


def find_duplicates(snapshot: Snapshot, names: Names, shallow: npt.NDArray[np.unsignedinteger]) -> Duplicates:
    """Group the equal strings; sliced strings, flat ropes and strings without a size are left out."""
    types, header = snapshot.nodes.type, snapshot.header
    rope = header.node_type("concatenated string")
    is_text = (types == header.node_type("string")) | (types == rope)
    nodes: Ordinals = np.flatnonzero(is_text & (shallow > 0)).astype(np.uint32)
    is_rope = types[nodes] == rope
    nodes = nodes[~_is_flat(snapshot, names, nodes, is_rope)]
    key = _hashes(snapshot, names, nodes)
    truncated = _truncated(names, nodes)
    cut = np.flatnonzero(truncated)
    with np.errstate(over="ignore"):
        for edge in ("length", "hash"):
            value = _int_values(names, nodes[cut], edge)
            key[cut] = (key[cut] ^ value.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)
    group, first = group_equal(key)
    many = np.bincount(group, minlength=len(first))[group] > 1
    group, position = group_equal(key[many])
    nodes = nodes[many]
    return Duplicates(nodes, group, nodes[position], truncated[many][position])


def _hashes(snapshot: Snapshot, names: Names, nodes: Ordinals) -> npt.NDArray[np.uint64]:
    """A hash of what each string says, worked out on all cores."""
    hashes = np.empty(len(nodes), np.uint64)
    parts = range(0, len(nodes), _PART)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda low: _hash_part(snapshot, names, nodes[low : low + _PART], hashes[low:]), parts):
            pass
    return hashes


def _hash_part(snapshot: Snapshot, names: Names, nodes: Ordinals, hashes: npt.NDArray[np.uint64]) -> None:
    strings = snapshot.strings
    done = 0
    for leaves, bounds in names.leaves(nodes):
        said = snapshot.nodes.name[leaves[: bounds[-1]]]
        text.hash_joined(
            strings.source.data, strings.base, strings.offset, strings.end, said, bounds, hashes[done:]
        )  # fmt: skip
        done += len(bounds) - 1


def _is_flat(
    snapshot: Snapshot, names: Names, nodes: Ordinals, is_rope: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Ropes that V8 has already joined: one half says everything, the other nothing."""
    flat = np.zeros(len(nodes), bool)
    ropes = nodes[is_rope]
    empty = np.zeros(len(ropes), bool)
    for half in ("first", "second"):
        edge = names.first_edges(ropes, half, "internal")
        there = np.flatnonzero(edge >= 0)
        targets = snapshot.edges.to_node[edge[there]]
        inner = snapshot.nodes.type[targets] == snapshot.header.node_type("concatenated string")
        says_nothing = np.isin(snapshot.nodes.name[targets], snapshot.strings.find("")) & ~inner
        says_nothing[inner] = _hashes(snapshot, names, targets[inner]) == text.NO_TEXT
        empty[there] |= says_nothing
    flat[is_rope] = empty
    return flat


def _follow(names: Names, nodes: Ordinals, name: str) -> npt.NDArray[np.int64]:
    """The target of each node's first internal edge of a name, or -1."""
    edge = names.first_edges(nodes, name, "internal")
    target = np.full(len(nodes), _UNKNOWN, np.int64)
    target[edge >= 0] = names.snapshot.edges.to_node[edge[edge >= 0]]
    return target


def _values(names: Names, nodes: Ordinals, name: str, kind: str) -> npt.NDArray[np.int64]:
    """The node that holds the value of the number node of that kind at the end of an edge, or -1."""
    snapshot = names.snapshot
    target = _follow(names, nodes, name)
    at = np.maximum(target, 0)
    fits = (
        (target >= 0)
        & (snapshot.nodes.type[at] == snapshot.header.node_type("number"))
        & np.isin(snapshot.nodes.name[at], snapshot.strings.find(kind))
    )
    value = np.full(len(nodes), _UNKNOWN, np.int64)
    value[fits] = _follow(names, target[fits].astype(np.uint32), "value")
    return value


def _truncated(names: Names, nodes: Ordinals) -> npt.NDArray[np.bool_]:
    value = _values(names, nodes, "truncated", "bool")
    is_true = np.isin(names.snapshot.nodes.name[np.maximum(value, 0)], names.snapshot.strings.find("true"))
    return (value >= 0) & is_true


def _int_values(names: Names, nodes: Ordinals, name: str) -> npt.NDArray[np.int64]:
    value = _values(names, nodes, name, "int")
    different, which = np.unique(names.snapshot.nodes.name[np.maximum(value, 0)], return_inverse=True)
    numbers = [leading_number(names.text(int(index))) for index in different]
    found = np.array([_UNKNOWN if n is None else n for n in numbers], np.int64)[which]
    return np.where(value >= 0, found, _UNKNOWN)
