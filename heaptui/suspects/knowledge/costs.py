"""Which steps of a path tell a developer something, and which do not: the more a step costs, the less it tells.

What a program's author wrote (a property, a variable, an element) costs 1; what V8 put
between costs little where it stands for such a step (`table`, `elements`), and much where
it is another way to the same object (compiled code, hidden classes, pending reactions).
"""

from __future__ import annotations

from collections.abc import Mapping

CLOSED = 255

EDGE_TYPES: Mapping[str, int] = {
    "context": 1,
    "element": 1,
    "property": 1,
    "shortcut": 1,
    "internal": 3,
    "hidden": 8,
    "weak": CLOSED,
}

INTERNAL_EDGES: Mapping[str, int] = {
    "elements": 0,
    "properties": 0,
    "table": 0,
    "context": 1,
    "extension": 6,
    "previous": 4,
    "backing_store": 0,
    "first": 0,
    "second": 0,
    "parent": 0,
    "bound_function": 1,
    "getter": 1,
    "setter": 1,
    "reactions_or_result": 12,
    "await_context": 24,
    "generator": 24,
    "native_context": 60,
    "shared": 40,
    "feedback_cell": 60,
    "code": 60,
    "map": 60,
    "prototype": 20,
    "initial_map": 60,
    "global_object": 40,
    "global_proxy": 40,
}
"""By the name of an internal edge; only edges of that type are looked up here."""

NAMED_EDGES: Mapping[str, int] = {
    "__proto__": 20,
    "constructor": 8,
    "prototype": 6,
    "_idlePrev": 12,
    "prev": 2,
    "previousSibling": 4,
    "parentNode": 6,
    "domain": 6,
}
"""By the name of a property or variable, on top of its type."""

NODE_TYPES: Mapping[str, int] = {
    "hidden": 6,
    "code": 40,
    "object shape": 40,
    "synthetic": 12,
    "native": 1,
    "closure": 1,
}

NODE_NAMES: Mapping[str, int] = {
    "system / Context": 0,
    "system / ContextCell": 0,
    "system / PropertyCell": 0,
    "system / Cell": 0,
    "system / PropertyArray": 0,
    "system / ScriptContextTable": 2,
    "system / SourceTextModule": 4,
    "ModuleWrap": 20,
    "system / JSArrayBufferData": 0,
    "system / ExternalStringData": 0,
    "system / PromiseReaction": 20,
    "system / NativeContext": 40,
    "Generator": 24,
    "AsyncGenerator": 24,
    "Module": 1,
    "process": 2,
    "AsyncContextFrame": 8,
    "TimersList": 20,
    "Timeout": 4,
}
"""By the name of a node, instead of its type's cost. Names that V8 gives its own objects begin with "system / "."""

SYSTEM_NODE = 16
"""What other objects of V8's own cost, whatever type a version gives them."""

USER_ROOT = 0
MODULE = 3
"""The scope of a module, as the beginning of a path: a loaded module stays."""
PACKAGE_MODULE = 6
"""The scope of a module of an npm package: the program's own ways to the same object tell more."""
SINGLE_SCOPE = 10
"""The scope of a function that ran once and is still used, such as a program's `main`."""
PACKAGE_SCOPE = 14
"""The scope of such a function of a package."""
INTERNAL_MODULE = 16
"""The scope of a module of the runtime itself."""
ROOT = 30
