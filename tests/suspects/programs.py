"""Snapshots of small programs made by hand: what a run keeps has the same id in each of its snapshots."""

from __future__ import annotations

from collections.abc import Hashable

from tests.building import Draft

SCRIPT = "/srv/app/app.js"


class Run:
    """One run of a program: hands out ids by the key of an object."""

    def __init__(self, first: int = 1, step: int = 2) -> None:
        self._first, self._step = first, step
        self._ids: dict[Hashable, int] = {}

    def id(self, key: Hashable) -> int:
        """The id of an object, the next free one where it is new."""
        return self._ids.setdefault(key, self._first + self._step * len(self._ids))


class Program:
    """One snapshot: a global object, the module SCRIPT with its variables, and what is put there.

    Attributes:
        draft: the snapshot; moved: how often backing stores were replaced by larger ones.
        root, globals, native, module: ordinals of its fixed parts.
    """

    def __init__(self, run: Run, script: str = SCRIPT, filler: int = 100_000, moved: int = 0) -> None:
        self.run, self.draft, self.moved = run, Draft(), moved
        self._scripts: dict[str, int] = {}
        self.root = self.node("root", "synthetic", "")
        self.globals = self.node("global", "object", "global", 40)
        self.gc_roots = self.node("roots", "synthetic", "(GC roots)")
        self.draft.link(self.root, self.globals, 1, "element")
        self.draft.link(self.root, self.gc_roots, 2, "element")
        self.native = self.node("native", "hidden", "system / NativeContext", 300)
        self.draft.link(self.gc_roots, self.native, 0, "element")
        # What any program has beside its leak, so that a leak is not the whole heap.
        self.put(self.globals, "filler", "filler", "Filler", filler)
        self.module = self.scope("module", script, self.native)

    def script_id(self, script: str) -> int:
        """The number of a script."""
        return self._scripts.setdefault(script, len(self._scripts) + 1)

    def node(self, key: Hashable, type: str, name: str, size: int = 0, **more: int) -> int:
        """An object that nothing refers to yet; returns its ordinal."""
        return self.draft.add(type, name, size, id=self.run.id(key), **more)

    def put(
        self, holder: int, edge: str | int, key: Hashable, name: str = "Object", size: int = 32,
        kind: str = "property", type: str = "object", **more: int,
    ) -> int:  # fmt: skip
        """An object at an edge of its holder."""
        ordinal = self.node(key, type, name, size, **more)
        self.draft.link(holder, ordinal, edge, kind)
        return ordinal

    def variable(self, name: str, class_name: str = "Object", size: int = 32, key: Hashable = None) -> int:
        """An object in a variable of the module."""
        return self.put(self.module, name, key or ("variable", name), class_name, size, "context")

    def scope(self, key: Hashable, script: str, previous: int, function: str = "", info: Hashable = None) -> int:
        """A context, used by a closure that was written in a script; its ScopeInfo tells the function's name."""
        context = self.node(("context", key), "object", "system / Context", 40)
        self.draft.link(context, previous, "previous", "internal")
        shared = ("info", info or key)
        scope_info = self.put(context, "scope_info", shared, "system / ScopeInfo", 40, "internal", "hidden")
        if function:
            self.put(scope_info, 4, ("name", shared), function, 24, "hidden", "string")
        closure = self.closure(self.gc_roots, len(self.draft.nodes), ("user", key), "", script, "element")
        self.draft.link(closure, context, "context", "internal")
        return context

    def closure(
        self, holder: int, edge: str | int, key: Hashable, name: str, script: str = SCRIPT, kind: str = "property",
        line: int = 9,
    ) -> int:  # fmt: skip
        """A function written in a script."""
        function = self.put(holder, edge, key, name, 56, kind, "closure")
        shared = self.put(function, "shared", ("shared", key), name, 8, "internal", "code")
        written = self.put(shared, "script", ("script", key), "system / Script", 8, "internal", "code")
        self.put(written, "name", ("script name", key), script, 24, "internal", "string")
        self.draft.locations.append((function, self.script_id(script), line, 4))
        return function

    def fill_list(
        self, holder: int, count: int, class_name: str = "Entry", size: int = 64, first: int = 0
    ) -> list[int]:
        """Elements of an array by way of its backing store."""
        key = self.draft.nodes[holder].id
        store = self.put(holder, "elements", ("elements", key, self.moved), "", 16, "internal", "array")
        return [self.put(store, i, (key, "entry", first + i), class_name, size, "element") for i in range(count)]

    def fill_table(
        self, holder: int, count: int, class_name: str = "Entry", size: int = 64, first: int = 0
    ) -> list[int]:
        """Entries of a Map by way of its table, as V8 numbers them."""
        key = self.draft.nodes[holder].id
        table = self.put(holder, "table", ("table", key, self.moved), "", 16, "internal", "array")
        found = []
        for i in range(first, first + count):
            self.put(table, str(3 * i + 5), (key, "key", i), f"key {i}", 24, "internal", "string")
            found.append(self.put(table, str(3 * i + 6), (key, "value", i), class_name, size, "internal"))
        return found

    def fill_keys(
        self, holder: int, count: int, class_name: str = "Entry", size: int = 64, first: int = 0
    ) -> list[int]:
        """Properties of an object that is used as a dictionary."""
        key = self.draft.nodes[holder].id
        return [self.put(holder, f"user-{i}", (key, "entry", i), class_name, size) for i in range(first, first + count)]
