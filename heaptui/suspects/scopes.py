"""Scopes of modules and functions: the contexts in which V8 keeps variables that closures use."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from heaptui.heap.heap import Heap
from heaptui.heap.scripts import Place
from heaptui.suspects.vocabulary import Vocabulary

Ordinals = npt.NDArray[np.uint32]
Slots = npt.NDArray[np.int64]

CONTEXT = "system / Context"
NATIVE_CONTEXT = "system / NativeContext"
MODULE_OBJECT = "system / SourceTextModule"
CELL = "system / Cell"
MODULE_RECORD, MODULE_ENVIRONMENT = "ModuleRecord", "system / JSModuleEnvironment"
"""A module and its scope in JavaScriptCore, which Bun runs on."""
_LONGEST_NAME = 200
_MOST_EXPORTS = 4000
_NEAR = 20
_PACKAGE = re.compile(r".*/node_modules/((?:@[^/]+/)?[^/]+)/")
GLOBAL_EDGES = ("global_object", "global_proxy_object")
WORDS = (
    CONTEXT, NATIVE_CONTEXT, MODULE_OBJECT, *GLOBAL_EDGES, "previous", "extension", "scope_info", "context",
)  # fmt: skip

_INTERNAL = re.compile(r"^(node:|internal/|ext:|extensions::|chrome-extension:|chrome://|devtools:|[a-z_0-9]+\.js$)")


def is_internal(script: str) -> bool:
    """Whether a script belongs to the runtime and not to the program."""
    return _INTERNAL.match(script) is not None


def package_of(script: str) -> str | None:
    """The npm package that a script belongs to; None for the program's own."""
    match = _PACKAGE.match(script)
    return match[1] if match else None


@dataclass(frozen=True)
class Scopes:
    """All contexts of a heap; arrays by their position in `contexts`.

    Attributes:
        contexts: uint32, ordinals, ascending.
        top: bool, directly below the global scope: modules, and functions of a page's scripts.
        once: bool, no other context has the same ScopeInfo: the function ran once.
        internal: bool, the runtime's own; packaged: bool, of an npm package.
        closure: int64, a closure that uses it and whose place is known, -1 for none.
    """

    heap: Heap
    contexts: Ordinals
    info: Slots
    top: npt.NDArray[np.bool_]
    once: npt.NDArray[np.bool_]
    internal: npt.NDArray[np.bool_]
    packaged: npt.NDArray[np.bool_]
    closure: Slots

    def index(self, ordinal: int) -> int | None:
        """The position of a context, None for other objects."""
        at = int(np.searchsorted(self.contexts, ordinal))
        return at if at < len(self.contexts) and self.contexts[at] == ordinal else None

    def function(self, index: int) -> str:
        """The name of the function whose scope it is; empty for modules and anonymous functions.

        A ScopeInfo refers to the names of its variables first and then to the function's name;
        older versions of V8 number the references by field, with a gap between the two.
        """
        info = int(self.info[index])
        if info < 0:
            return ""
        heap, header = self.heap, self.heap.snapshot.header
        strings = {header.node_type("string"), header.node_type("concatenated string")}
        by_field = False
        run: list[str] = []
        last = -1
        for edge in heap.edges(info).tolist():
            number, kind = heap.names.edge(edge), heap.edge_type(edge)
            if kind not in ("hidden", "internal") or not number.isdecimal():
                continue
            target = int(heap.snapshot.edges.to_node[edge])
            if int(heap.snapshot.nodes.type[target]) not in strings:
                break
            name = heap.names.node(target, _LONGEST_NAME)
            if kind == "internal" and run and int(number) > last + 1:
                return name
            by_field, last = kind == "internal", int(number)
            run.append(name)
        variables = {heap.names.edge(int(e)) for e in heap.edges(int(self.contexts[index]))}
        return "" if by_field or not run or run[-1] in variables else run[-1]

    def is_module(self, index: int) -> bool:
        """Whether it is the scope of a module or script, rather than of a function with a name."""
        if not self.top[index]:
            return False
        edges = self.heap.edges(int(self.info[index])) if self.info[index] >= 0 else ()
        kinds = [
            self.heap.names.node(int(self.heap.snapshot.edges.to_node[edge]), _LONGEST_NAME)
            for edge in edges
            if self.heap.names.edge(int(edge)) == "scope_type_name"
        ]
        return kinds[0] in ("MODULE_SCOPE", "SCRIPT_SCOPE") if kinds else not self.function(index)

    def exported(self, cell: int) -> tuple[str, str] | None:
        """The name under which an ES module exports what a cell holds, and its script ("" where unknown).

        The module's table of exports has the name in the slot before the cell's.
        """
        heap = self.heap
        for edge, table in zip(*heap.retaining_edges(cell), strict=True):
            slot = heap.names.edge(int(edge))
            if heap.node_type(int(table)) != "array" or not slot.isdecimal():
                continue
            name = self._slot(int(table), int(slot) - 1)
            if name is not None and heap.node_type(name) == "string":
                return heap.names.node(name, _LONGEST_NAME), self._script_of(int(table))
        return None

    def _slot(self, table: int, slot: int) -> int | None:
        heap, wanted = self.heap, str(slot)
        for edge in heap.edges(table)[:_MOST_EXPORTS]:
            if heap.names.edge(int(edge)) == wanted:
                return int(heap.snapshot.edges.to_node[edge])
        return None

    def _script_of(self, exports: int) -> str:
        """The script of the module that a table of exports belongs to, told by a function of it."""
        heap = self.heap
        _, modules = heap.retaining_edges(exports)
        for module in modules.tolist():
            if heap.names.raw(module).startswith(MODULE_OBJECT):
                near = [int(heap.snapshot.edges.to_node[edge]) for edge in heap.edges(module)]
                near += [int(heap.snapshot.edges.to_node[edge]) for node in near for edge in heap.edges(node)[:_NEAR]]
                for node in near:
                    place = heap.scripts.of(node) if heap.node_type(node) == "closure" else None
                    if place is not None and place.script:
                        return place.script
        return ""

    def place(self, index: int) -> Place | None:
        """Where a function that uses the scope was written: the same script, further down."""
        closure = int(self.closure[index])
        return None if closure < 0 else self.heap.scripts.of(closure)


def find_scopes(heap: Heap, vocabulary: Vocabulary) -> Scopes:
    """Find the contexts of a heap and what each belongs to."""
    snapshot = heap.snapshot
    word = vocabulary.word[snapshot.nodes.name]
    contexts = np.flatnonzero(word == vocabulary.number(CONTEXT)).astype(np.uint32)
    native = word == vocabulary.number(NATIVE_CONTEXT)
    previous = targets(heap, contexts, "previous", vocabulary)
    extension = targets(heap, contexts, "extension", vocabulary)
    info = targets(heap, contexts, "scope_info", vocabulary)
    in_module = (extension >= 0) & (word[extension] == vocabulary.number(MODULE_OBJECT))
    top = in_module | ((previous >= 0) & native[previous])
    _, group, sizes = np.unique(info, return_inverse=True, return_counts=True)
    once = (info >= 0) & (sizes[group] == 1)
    closure = _closures(heap, contexts, vocabulary)
    script = _scripts(heap, closure)
    names = heap.scripts.names.items()
    internal = np.isin(script, [identifier for identifier, name in names if is_internal(name)])
    packaged = np.isin(script, [identifier for identifier, name in names if package_of(name) is not None])
    return Scopes(heap, contexts, info, top, once, internal, packaged, closure)


def targets(heap: Heap, nodes: Ordinals, edge: str, vocabulary: Vocabulary) -> Slots:
    """Where the internal edge of a name, one of WORDS, leads from each node; -1 where there is none (int64)."""
    wanted = (vocabulary.word == vocabulary.number(edge)).view(np.uint8)
    edges = heap.names.first_edges(nodes, edge, "internal", wanted)
    found = np.full(len(nodes), -1, np.int64)
    found[edges >= 0] = heap.snapshot.edges.to_node[edges[edges >= 0]]
    return found


def _closures(heap: Heap, contexts: Ordinals, vocabulary: Vocabulary) -> Slots:
    """For each context, the first closure in the file with a place that has it as its scope; -1 for none."""
    located = heap.snapshot.locations.ordinal
    closures = np.unique(located[heap.snapshot.nodes.type[located] == heap.snapshot.header.node_type("closure")])
    scope = targets(heap, closures.astype(np.uint32), "context", vocabulary)
    found = np.full(len(contexts), -1, np.int64)
    at = np.searchsorted(contexts, scope)
    at[at == len(contexts)] = 0
    fits = contexts[at] == scope if len(contexts) else np.zeros(len(scope), bool)
    # Written backwards, so that the first one stays.
    found[at[fits][::-1]] = closures[fits][::-1]
    return found


def _scripts(heap: Heap, closure: Slots) -> Slots:
    """The numbers of the scripts in which closures were written, -1 where there is no closure."""
    found = np.full(len(closure), -1, np.int64)
    locations = heap.snapshot.locations
    if not len(locations.ordinal):
        return found
    order = np.argsort(locations.ordinal, kind="stable")
    at = np.searchsorted(locations.ordinal, closure, sorter=order)
    known = closure >= 0
    script = locations.script_id[order[np.where(known, at, 0)]]
    found[known] = script[known]
    return found
