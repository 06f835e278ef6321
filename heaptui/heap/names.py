"""What nodes and edges are called, as DevTools names them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from heaptui.snapshot.snapshot import Snapshot

_LONGEST_ROPE = 1024
_LONGEST_PLAIN = 100
_NEEDS_QUOTES = re.compile(r"[,'\"{}]")
_LEADING_NUMBER = re.compile(r"\s*([+-]?\d+)")


def format_property(name: str) -> str:
    """A property's name as an interface or a plain object lists it: quoted where it could confuse."""
    return json.dumps(name, ensure_ascii=False) if _NEEDS_QUOTES.search(name) else name


def leading_number(text: str) -> int | None:
    """What JavaScript's parseInt makes of a name, None where that is NaN."""
    match = _LEADING_NUMBER.match(text)
    return int(match[1]) if match else None


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

    def find(self, text: str) -> npt.NDArray[np.uint32]:
        """The indexes of all strings equal to an ASCII text."""
        found = self.snapshot.strings.find(text)
        count = len(self.snapshot.strings)
        more = [count + i for i, added in enumerate(self.added) if added == text]
        return np.concatenate((found, np.array(more, np.uint32)))

    def nodes_named(self, text: str, node_type: str | None = None) -> npt.NDArray[np.uint32]:
        """The ordinals of all nodes of a raw name (and type)."""
        hits = np.zeros(len(self.index), bool)
        for index in self.find(text):
            hits |= self.index == index
        if node_type is not None:
            hits &= self.snapshot.nodes.type == self.snapshot.header.node_type(node_type)
        return np.flatnonzero(hits).astype(np.uint32)

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
        text = self.text(name)
        if kind == header.edge_type("shortcut") and (number := leading_number(text)) is not None:
            return str(number)
        return text

    @cached_property
    def _rope_type(self) -> int:
        return self.snapshot.header.node_type("concatenated string")

    @cached_property
    def _object_type(self) -> int:
        return self.snapshot.header.node_type("object")

    @cached_property
    def plain_names(self) -> frozenset[int]:
        """The strings that say "Object", the raw name of plain objects."""
        return frozenset(int(i) for i in self.find("Object"))

    @cached_property
    def _rope_halves(self) -> tuple[frozenset[int], frozenset[int]]:
        first, second = self.find("first"), self.find("second")
        return frozenset(int(i) for i in first), frozenset(int(i) for i in second)

    def _edges(self, ordinal: int) -> range:
        first = self.snapshot.nodes.first_edge
        return range(int(first[ordinal]), int(first[ordinal + 1]))

    def _rope(self, ordinal: int) -> str:
        """The joined leaves, until they are long enough for a name."""
        edges, types = self.snapshot.edges, self.snapshot.nodes.type
        internal = self.snapshot.header.edge_type("internal")
        firsts, seconds = self._rope_halves
        stack, text, length, steps = [ordinal], [], 0, 0
        # A rope that contains itself would never end; DevTools relies on there being none.
        while stack and length < _LONGEST_ROPE and steps < 100_000:
            steps += 1
            node = stack.pop()
            if types[node] != self._rope_type:
                leaf = self.text(int(self.index[node]))
                text.append(leaf)
                length += len(leaf)
                continue
            halves = [0, 0]
            for edge in self._edges(node):
                if edges.type[edge] != internal:
                    continue
                name = int(edges.name_or_index[edge])
                if name in firsts:
                    halves[0] = int(edges.to_node[edge])
                elif name in seconds:
                    halves[1] = int(edges.to_node[edge])
                if all(halves):
                    break
            stack += reversed(halves)
        return "".join(text)

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
