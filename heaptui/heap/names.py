"""What nodes and edges are called, as DevTools names them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.kernels import graph, text
from heaptui.snapshot.snapshot import Snapshot

_BATCH = 1 << 18
_RUN = 1 << 17
_LONGEST_PLAIN = 100
_NEEDS_QUOTES = re.compile(r"[,'\"{}]")
_LEADING_NUMBER = re.compile(r"\s*([+-]?\d+)")


def format_property(name: str) -> str:
    """A property's name as an interface or a plain object lists it: quoted where it could confuse."""
    return json.dumps(name, ensure_ascii=False) if _NEEDS_QUOTES.search(name) else name


def leading_number(written: str) -> int | None:
    """What JavaScript's parseInt makes of a name, None where that is NaN."""
    match = _LEADING_NUMBER.match(written)
    return int(match[1]) if match else None


Ordinals = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Names:
    """Names of one snapshot's nodes and edges.

    Attributes:
        index: uint32, by node: its raw name's string; beyond the file's strings, one of `added`.
        added: names that no string of the file has ("Detached " and the node's own).
    """

    snapshot: Snapshot
    index: npt.NDArray[np.unsignedinteger]
    added: Sequence[str] = ()

    def text(self, index: int, most: int | None = None) -> str:
        """The string of that index, at most `most` characters of it where given."""
        strings = self.snapshot.strings
        if index >= len(strings):
            return self.added[index - len(strings)]
        return strings[index] if most is None else strings.clipped(index, most)

    def find(self, wanted: str) -> npt.NDArray[np.uint32]:
        """The indexes of all strings equal to an ASCII text."""
        found = self.snapshot.strings.find(wanted)
        count = len(self.snapshot.strings)
        more = [count + i for i, added in enumerate(self.added) if added == wanted]
        return np.concatenate((found, np.array(more, np.uint32)))

    def nodes_named(self, name: str, node_type: str | None = None) -> npt.NDArray[np.uint32]:
        """The ordinals of all nodes of a raw name (and type)."""
        found = self.find(name)
        ordinals = [np.empty(0, np.uint32)]
        for low in range(0, len(self.index), _RUN):
            index = self.index[low : low + _RUN]
            # Real files have a text once; a search through many would take longer than comparing.
            hits = np.flatnonzero(index == found[0] if len(found) == 1 else np.isin(index, found)) + low
            ordinals.append(hits.astype(np.uint32))
        nodes = np.concatenate(ordinals)
        if node_type is None:
            return nodes
        of_type: Ordinals = nodes[self.snapshot.nodes.type[nodes] == self.snapshot.header.node_type(node_type)]
        return of_type

    def raw(self, ordinal: int) -> str:
        """The name that the file gives a node, "Detached " included."""
        return self.text(int(self.index[ordinal]))

    def node(self, ordinal: int, most: int | None = None) -> str:
        """A node's name: of ropes what they spell, of plain objects their properties.

        `most` bounds how much of a long string is decoded.
        """
        node_type = int(self.snapshot.nodes.type[ordinal])
        if node_type == self._rope_type:
            return self._rope(ordinal)
        if node_type == self._object_type and int(self.index[ordinal]) in self.plain_names:
            return self._plain_object(ordinal)
        return self.text(int(self.index[ordinal]), most)

    def edge(self, edge: int) -> str:
        """An edge's name: its text, or its number."""
        edges, header = self.snapshot.edges, self.snapshot.header
        kind, name = int(edges.type[edge]), int(edges.name_or_index[edge])
        if kind in (header.edge_type("element"), header.edge_type("hidden")):
            return str(name)
        written = self.text(name)
        if kind == header.edge_type("shortcut") and (number := leading_number(written)) is not None:
            return str(number)
        return written

    @cached_property
    def _rope_type(self) -> int:
        return self.snapshot.header.node_type("concatenated string")

    @cached_property
    def _object_type(self) -> int:
        return self.snapshot.header.node_type("object")

    def first_edges(
        self,
        nodes: npt.NDArray[np.uint32],
        name: str,
        edge_type: str | None = None,
        wanted: npt.NDArray[np.uint8] | None = None,
    ) -> npt.NDArray[np.int64]:
        """For each node its first edge of a name (and type), or -1. `wanted` marks the strings that say the name,
        where that is known already."""
        header, edges = self.snapshot.header, self.snapshot.edges
        numbered = np.zeros(256, np.uint8)
        numbered[[header.edge_type("element"), header.edge_type("hidden")]] = 1
        if wanted is None:
            wanted = np.zeros(len(self.snapshot.strings), np.uint8)
            wanted[self.snapshot.strings.find(name)] = 1
        found = np.empty(len(nodes), np.int64)
        graph.find_named_edges(
            nodes,
            self.snapshot.nodes.first_edge,
            edges.type,
            edges.name_or_index,
            numbered,
            -1 if edge_type is None else header.edge_type(edge_type),
            wanted,
            int(name) if name.isdecimal() else -1,
            found,
        )
        return found

    @cached_property
    def plain_names(self) -> frozenset[int]:
        """The strings that say "Object", the raw name of plain objects."""
        return frozenset(int(i) for i in self.find("Object"))

    @cached_property
    def _rope_halves(self) -> npt.NDArray[np.uint8]:
        """By string: 1 for the names of a rope's first half, 2 for those of its second."""
        half = np.zeros(len(self.snapshot.strings), np.uint8)
        half[self.snapshot.strings.find("first")] = 1
        half[self.snapshot.strings.find("second")] = 2
        return half

    def _edges(self, ordinal: int) -> range:
        first = self.snapshot.nodes.first_edge
        return range(int(first[ordinal]), int(first[ordinal + 1]))

    def leaves(self, nodes: Ordinals, batch: int = _BATCH) -> Iterator[tuple[Ordinals, npt.NDArray[np.int64]]]:
        """The strings that nodes are made of, themselves or the leaves of a rope, batch by batch.

        Yields the leaves' ordinals and their bounds: those of the batch's i-th node are
        `leaves[bounds[i]:bounds[i + 1]]`.
        """
        strings, columns, edges = self.snapshot.strings, self.snapshot.nodes, self.snapshot.edges
        stack = np.empty(self._rope_count + 2, np.uint32)
        leaves = np.empty(batch + text.MOST_LEAVES, np.uint32)
        bounds = np.empty(min(len(nodes), batch) + 1, np.int64)
        done = 0
        while done < len(nodes):
            start = done
            done = text.find_leaves(
                strings.source.data,
                strings.base,
                strings.offset,
                strings.end,
                nodes,
                start,
                columns.type,
                columns.name,
                columns.first_edge,
                edges.type,
                edges.name_or_index,
                edges.to_node,
                self._rope_type,
                self.snapshot.header.edge_type("internal"),
                self._rope_halves,
                stack,
                leaves,
                bounds,
            )
            yield leaves, bounds[: done - start + 1]

    def beginnings(self, nodes: Ordinals, width: int) -> npt.NDArray[np.uint8]:
        """The first bytes, as the file has them, of what nodes' raw names or ropes say: a row for each, then zeros."""
        rows = np.zeros((len(nodes), width), np.uint8)

        def copy(low: int) -> None:
            for leaves, bounds in self.leaves(nodes[low : low + _BATCH]):
                said = self.snapshot.nodes.name[leaves[: bounds[-1]]]
                self._copy_beginnings(said, bounds, rows[low : low + len(bounds) - 1])
                low += len(bounds) - 1

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in pool.map(copy, range(0, len(nodes), _BATCH)):
                pass
        return rows

    def beginnings_of_texts(self, indexes: npt.NDArray[np.unsignedinteger], width: int) -> npt.NDArray[np.uint8]:
        """The same of strings of the file."""
        rows = np.zeros((len(indexes), width), np.uint8)
        self._copy_beginnings(indexes.astype(np.uint32), np.arange(len(indexes) + 1), rows)
        return rows

    def _copy_beginnings(self, said: Ordinals, bounds: npt.NDArray[np.int64], rows: npt.NDArray[np.uint8]) -> None:
        strings = self.snapshot.strings
        data, width = strings.source.data, rows.shape[1]
        text.copy_beginnings(data, strings.base, strings.offset, strings.end, said, bounds, width, rows.reshape(-1))

    @cached_property
    def _rope_count(self) -> int:
        return int((self.snapshot.nodes.type == self._rope_type).sum())

    def _rope(self, ordinal: int) -> str:
        ((leaves, bounds),) = self.leaves(np.array([ordinal], np.uint32), 1)
        return "".join(self.text(int(self.index[leaf])) for leaf in leaves[: bounds[1]])

    def properties(self, ordinal: int, backwards: bool = False) -> Iterator[tuple[int, str]]:
        """A node's property edges and their names, without `__proto__`."""
        edges = self.snapshot.edges
        wanted = self.snapshot.header.edge_type("property")
        for edge in reversed(self._edges(ordinal)) if backwards else self._edges(ordinal):
            if edges.type[edge] == wanted:
                name = self.text(int(edges.name_or_index[edge]))
                if name != "__proto__":
                    yield edge, name

    def _plain_object(self, ordinal: int) -> str:
        """`{first, second, …, last}`, from both ends in turn, section 8 of DevTools' rules."""
        ends = (self.properties(ordinal), self.properties(ordinal, backwards=True))
        span = self._edges(ordinal)
        low, high = span.start, span.stop - 1
        start, end, from_end = "{", "}", False
        while low <= high:
            edge, name = next(ends[from_end], (-1, ""))
            if edge < 0 or not low <= edge <= high:
                low = high + 1
                break
            low, high = (low, edge) if from_end else (edge, high)
            formatted = format_property(name)
            if len(start) > 1 and len(start) + len(end) + len(formatted) > _LONGEST_PLAIN:
                break
            if from_end:
                high = edge - 1
                end = formatted + (", " if len(end) > 1 else "") + end
            else:
                low = edge + 1
                start += (", " if len(start) > 1 else "") + formatted
            from_end = not from_end
        if low <= high:
            start += ", …"
        return start + (", " if len(end) > 1 else "") + end
