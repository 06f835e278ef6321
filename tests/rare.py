"""Small snapshots made by hand that make DevTools' rare rules fire; their goldens are the oracle's.

python -m tests.rare        writes them to tests/data; then run tests/goldens/make.py
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.building import Draft

DATA = Path(__file__).parent / "data"


def _rooted() -> tuple[Draft, int, int]:
    """A root with a user's global object and system roots."""
    draft = Draft()
    root = draft.add("synthetic", "")
    window = draft.add("object", "Window", 40)
    roots = draft.add("synthetic", "(GC roots)")
    draft.link(root, window, 1, "element")
    draft.link(root, window, "global", "shortcut")
    draft.link(root, roots, 2, "element")
    return draft, window, roots


def walks() -> Draft:
    """Distances, dominators and owners of shallow sizes."""
    draft, window, roots = _rooted()
    draft.link(0, window, "12 of them", "shortcut")
    # Section 4: data outside the heap and arrays go to their sole owner, not to a synthetic one.
    text = draft.add("string", "external", 24)
    data = draft.add("native", "system / ExternalStringData", 5000)
    draft.link(window, text, "text")
    draft.link(text, data, "data", "internal")
    shared = draft.add("array", "(shared)", 100)
    for name in ("a", "b"):
        owner = draft.add("object", "Owner", 10)
        draft.link(window, owner, name)
        draft.link(owner, shared, "list", "internal")
        private = draft.add("array", "", 70)
        draft.link(owner, private, "own", "internal")
        deeper = draft.add("hidden", "system / Thing", 7)
        draft.link(private, deeper, 1, "hidden")
        draft.link(shared, deeper, 2, "weak")
    system = draft.add("hidden", "system / Root thing", 33)
    draft.link(roots, system, 3, "hidden")
    only_shared = draft.add("array", "(below shared)", 9)
    draft.link(shared, only_shared, "next", "internal")
    # Section 7 (i): the map of sloppy functions does not bring a context's functions near.
    context = draft.add("hidden", "system / NativeContext", 300)
    draft.link(window, context, "native_context", "internal")
    functions = draft.add("object shape", "system / Map", 80)
    draft.link(context, functions, "sloppy_function_map", "internal")
    far = draft.add("object", "Far", 8)
    draft.link(window, far, "far")
    draft.link(far, draft.add("object", "Farther", 8), "more")
    draft.link(len(draft.nodes) - 1, functions, "map", "internal")
    # Section 7 (ii): of map descriptors every third link is skipped, by number or by name.
    descriptors = draft.add("array", "(map descriptors)", 90)
    draft.link(functions, descriptors, "descriptors", "internal")
    for i in range(8):
        key = draft.add("object", f"Descriptor{i}", 8)
        draft.link(descriptors, key, i if i % 2 else str(i), "hidden" if i % 2 else "internal")
    draft.link(descriptors, draft.add("object", "Named", 8), "name", "internal")
    draft.link(descriptors, draft.add("object", "Link", 8), "4 and more", "internal")
    draft.link(descriptors, draft.add("object", "Other link", 8), "10", "property")
    # Section 7 (iii) and 6a: the value of a WeakMap is as far as the farther of key and table.
    table = draft.add("array", "", 64, id=901)
    weak_map = draft.add("object", "WeakMap", 32)
    draft.link(window, weak_map, "cache")
    draft.link(weak_map, table, "table", "internal")
    for i in range(3):
        key, value = draft.add("object", "Key", 16), draft.add("object", "Value", 160)
        key_id, value_id = draft.nodes[key].id, draft.nodes[value].id
        pair = f" / part of key (Key @{key_id}) -> value (Value @{value_id}) pair in WeakMap (table @901)"
        draft.link(table, value, f"{3 * i}{pair}", "internal")
        draft.link(key, value, f"{i + 5}{pair}", "internal")
        draft.link(table, key, i, "weak")
        # The first key is near, the second far, the third only kept by system roots.
        draft.link((window, far, roots)[i], key, f"key{i}")
    odd = draft.add("object", "Odd", 8)
    draft.link(table, odd, "7 / part of key (no such) pair in WeakMap (table @901)", "internal")
    # Section 6 b-e: weak, to itself, shortcuts below the root, from outside the page into it.
    draft.link(odd, odd, "self")
    draft.link(odd, far, "near", "shortcut")
    inspector = draft.add("object", "Inspector", 16)
    draft.link(roots, inspector, 4, "element")
    held = draft.add("object", "Held", 500)
    draft.link(inspector, held, "held")
    draft.link(far, held, "held too")
    # Unreachable: an orphan kept by a weak edge, what hangs from it, and a cycle of its own.
    orphan = draft.add("object", "Orphan", 50)
    draft.link(far, orphan, "maybe", "weak")
    below = draft.add("object", "Below orphan", 60)
    draft.link(orphan, below, "below")
    draft.link(orphan, held, "also holds")
    selfish = draft.add("object", "Selfish", 55)
    draft.link(selfish, selfish, "me")
    draft.link(selfish, draft.add("object", "Below selfish", 65), "below")
    ring = [draft.add("object", f"Ring{i}", 70) for i in range(3)]
    for i, node in enumerate(ring):
        draft.link(node, ring[(i + 1) % 3], "next")
    draft.link(ring[0], held, "from the ring")
    return draft


def names() -> Draft:
    """Classes, names, interfaces, strings and statistics."""
    draft, window, _ = _rooted()
    # Section 8, TRAP: an object of the class name of another kind hides its row in DevTools.
    draft.link(window, draft.add("object", "Function", 24), "imposter")
    for i in range(3):
        draft.link(window, draft.add("closure", f"f{i}", 64), f"f{i}")
    draft.link(window, draft.add("regexp", "a+", 48), "re")
    draft.link(window, draft.add("code", "f0", 90), "code", "internal")
    draft.link(window, draft.add("symbol", "iterator", 16), "symbol")
    # Classes of one name by location; of two locations the last counts.
    for line in (3, 3, 8):
        point = draft.add("object", "Point", 32)
        draft.link(window, point, f"point{point}")
        draft.locations.append((point, 7, 1, 1))
        draft.locations.append((point, 7, line, 5))
    # Tags of markup, with and without attributes.
    for name in ("<div>", '<div id="a">', "<p class=x>", "Detached <p class=y>"):
        draft.link(window, draft.add("native", name, 100), f"el{name[:4]}{len(draft.nodes)}")

    # Interfaces: names cut at 120 characters, quoted, sharing properties, with __proto__.
    def plain(*properties: str) -> None:
        node = draft.add("object", "Object", 28)
        draft.link(window, node, f"plain{node}")
        for i, name in enumerate(properties):
            value = draft.add("number", "int", 0)
            draft.link(node, value, name)
            if i == 0:
                draft.link(node, window, "__proto__")
                draft.link(node, value, "map", "internal")

    long_names = [f"a_rather_long_property_name_{i}" for i in range(7)]
    for shape in (("id", "name"), ("name", "id"), ("id", "name", "tags"), ("tags", "id"), ("x",), ("a, b", "it's")):
        for _ in range(2 + len(shape)):
            plain(*shape)
    plain("id", "name", "tags", "extra")
    plain("only once")
    plain()
    for count in (5, 6, 7):
        for _ in range(3):
            plain(*long_names[:count])
    plain("x", "x", "", "y")
    plain("", "x")
    plain("", "x")
    # Statistics: arrays with elements of their own, and shared ones.
    elements = draft.add("array", "(object elements)", 800)
    for i in range(3):
        array = draft.add("object", "Array", 16)
        draft.link(window, array, f"array{i}")
        draft.link(array, elements if i else draft.add("array", "(object elements)", 80), "elements", "internal")
    draft.link(window, draft.add("closure", "Array", 64), "Array")
    draft.link(window, draft.add("native", "system / JSArrayBufferData", 4096), "buffer", "internal")

    # Strings: duplicates, ropes, flat ropes, slices, sizes of zero, truncated ones told apart by length and hash.
    def string(text: str, kind: str = "string", size: int = 24) -> int:
        node = draft.add(kind, text, size)
        draft.link(window, node, f"string{node}")
        return node

    def rope(*halves: int) -> int:
        node = string("(concatenated string)", "concatenated string", 32)
        for name, half in zip(("first", "second"), halves, strict=False):
            draft.link(node, half, name, "internal")
        return node

    string("foobar")
    foo, bar, empty = string("foo"), string("bar"), string("")
    joined = rope(foo, bar)
    rope(joined, empty)
    rope(empty, bar)
    nothing = rope(empty, empty)
    rope(foo, nothing)
    rope(string("foob"), string("ar"))
    string("foobar", "sliced string")
    string("foobar", size=0)

    def number(kind: str, value: str) -> int:
        node = draft.add("number", kind, 0)
        draft.link(node, draft.add("string", value, 0), "value", "internal")
        return node

    for length, hashed in (("2000", "77"), ("2000", "77"), ("2000", "78"), ("2001", "77"), ("", "77")):
        cut = string("the same beginning", size=2000)
        draft.link(cut, number("bool", "true"), "truncated", "internal")
        draft.link(cut, number("int", length), "length", "internal")
        draft.link(cut, number("int", hashed), "hash", "internal")
    for word in ("false", "true"):
        cut = string("the same beginning", size=40)
        draft.link(cut, number("int" if word == "true" else "bool", word), "truncated", "internal")
    return draft


def page() -> Draft:
    """DOM state, event handlers, the console, native contexts."""
    draft, window, roots = _rooted()
    trees = draft.add("synthetic", "(Document DOM trees)")
    draft.link(0, trees, 3, "element")
    body = draft.add("native", "HTMLBodyElement", 96, detachedness=1)
    draft.link(trees, body, 1, "element")
    kept = draft.add("object", "Keeper", 24)
    draft.link(window, kept, "keeper")
    loose = draft.add("native", "HTMLDivElement", 96, detachedness=2)
    draft.link(kept, loose, "loose")
    # Below: found detached, found attached, stopped at an object, marked by the object itself.
    for i, (kind, state) in enumerate((("native", 0), ("native", 0), ("object", 0), ("object", 2), ("native", 3))):
        child = draft.add(kind, f"Child{i}", 48, detachedness=state)
        draft.link(loose, child, f"child{i}", "weak" if i == 4 else "property")
        if i == 1:
            draft.link(body, child, "shared")
        draft.link(child, draft.add("native", f"Grandchild{i}", 40), "down")
    draft.link(loose, draft.add("native", "Hidden child", 48), 9, "hidden")
    draft.link(loose, draft.add("native", "Weak child", 48), "maybe", "weak")

    # Event handlers: a function, a wrapper around one, something else, nothing.
    def function(name: str) -> int:
        node = draft.add("closure", name, 64)
        draft.link(node, draft.add("code", name, 16), "code", "internal")
        draft.link(node, draft.add("object", f"Kept by {name}", 200), "scope", "context")
        return node

    wrapper, strange = draft.add("object", "Wrapper", 16), draft.add("object", "Strange", 16)
    draft.link(wrapper, draft.add("object", "Nothing", 8), "first")
    draft.link(wrapper, function("wrapped"), "handler")
    draft.link(wrapper, function("second"), "other")
    for i, callback in enumerate((function("direct"), wrapper, strange, None)):
        listener = draft.add("native", "V8EventListener", 32)
        draft.link(body, listener, f"listener{i}")
        if callback is not None:
            draft.link(listener, callback, 1 if i else "1", "element" if i else "internal")
    # The console's variables hang from a system root by name.
    for i, name in enumerate(("a / DevTools console", "12 / DevTools console", "console")):
        logged = draft.add("object", "Logged", 120)
        draft.link(roots, logged, name, "shortcut" if i == 1 else "internal")
    # Contexts of closures, and two native contexts with what only one, both or none lead to.
    for name in ("system / Context", "system / Context / file.js", "system / Contextual"):
        scope = draft.add("object", name, 32)
        draft.link(kept, scope, name, "internal")
        draft.link(scope, draft.add("object", "In scope", 80), "variable", "context")
    both = draft.add("object", "Of both", 16)
    for i in range(2):
        context = draft.add("hidden", "system / NativeContext" + " / x" * i, 300)
        draft.link(window, context, f"native{i}", "internal")
        meta, shape = draft.add("object shape", "system / Map", 80), draft.add("object shape", "system / Map", 80)
        draft.link(meta, context, "native_context", "internal")
        draft.link(shape, meta, "map", "internal")
        typed = draft.add("object", "Typed", 24)
        draft.link(typed, shape, "map", "internal")
        draft.link(kept, typed, f"typed{i}")
        draft.link(context, draft.add("object", "Of one", 16), "own")
        draft.link(context, both, "both")
        # Neither shortcuts nor weak edges make an object a context's.
        for kind in ("shortcut", "weak"):
            draft.link(context, draft.add("object", f"By {kind}", 16), kind, kind)
            draft.link(kept, len(draft.nodes) - 1, f"{kind}{i}")
    draft.link(both, draft.add("object", "Below both", 16), "below")
    return draft


def internals() -> Draft:
    """Taken with internals exposed: no user roots, so no transfer of sizes, and the root's distance is 0."""
    draft = Draft()
    root = draft.add("synthetic", "")
    roots = draft.add("synthetic", "(GC roots)")
    draft.link(root, roots, 1, "element")
    owner = draft.add("object", "Owner", 10)
    draft.link(roots, owner, 1, "element")
    draft.link(owner, draft.add("array", "", 70), "own", "internal")
    # Section 14: equal sizes by edge name, numbers compared as text and behind names, __proto__ last.
    for name in ("zeta", "__proto__", "alpha"):
        draft.link(owner, draft.add("object", "Item", 8), name)
    for number in range(12):
        draft.link(owner, draft.add("object", "Item", 8), number, "element")
    draft.link(owner, draft.add("object", "Item", 8), "7 shortcuts", "shortcut")
    return draft


def old() -> Draft:
    """As Node 10 wrote them: no detachedness, told by names alone."""
    draft, window, _ = _rooted()
    for name in ("Detached HTMLDivElement", "HTMLDivElement"):
        node = draft.add("native", name, 40)
        draft.link(window, node, name)
        draft.link(node, draft.add("native", "Below", 40), "below")
    draft.link(window, draft.add("object", "Detached object", 40), "object")
    draft.dropped_fields = ("detachedness",)
    return draft


def recording() -> Draft:
    """Allocations: stacks that allocated nothing, one function in several stacks, ids between samples."""
    draft, window, _ = _rooted()
    draft.functions = [
        ("(root)", "", 0, 0, 0),
        ("main", "a.js", 3, 1, 2),
        ("make", "a.js", 3, 8, 4),
        ("idle", "", 4, 9, 9),
    ]
    make_again = [5, 2, 2, 64, []]
    draft.tree = [1, 0, 0, 0, [2, 1, 3, 100, [3, 2, 4, 200, make_again], 4, 3, 0, 0, [6, 2, 1, 8, []], 7, 2, 0, 0, []]]
    for i, trace in enumerate((2, 3, 3, 4, 5, 6, 0, 77, 7)):
        draft.link(window, draft.add("object", "Made", 16, trace=trace, id=21 + 4 * i), f"made{i}")
    draft.link(window, draft.add("native", "Even", 32, id=30), "even")
    draft.samples = [(0, 5), (1000, 21), (2500, 33), (2500, 33), (9000, 41)]
    return draft


def _shaped(size: int, *properties: str) -> Draft:
    """Three plain objects of one shape."""
    draft, window, _ = _rooted()
    for i in range(3):
        node = draft.add("object", "Object", size, id=1001 + 2 * i)
        draft.link(window, node, f"plain{i}")
        for name in properties:
            draft.link(node, window, name)
    return draft


def base_only() -> Draft:
    """Compared with `unnamed`, its objects are of a class that the current snapshot does not count."""
    return _shaped(28, "id", "name", "tags")


def unnamed() -> Draft:
    """Its interface `{id, name}` fits the base's objects, but its own have no size."""
    return _shaped(0, "id", "name")


DRAFTS: Mapping[str, Callable[[], Draft]] = {
    "rare-walks": walks,
    "rare-names": names,
    "rare-page": page,
    "rare-internals": internals,
    "rare-old": old,
    "rare-recording": recording,
    "rare-base-only": base_only,
    "rare-unnamed": unnamed,
}


def file(name: str) -> Path:
    """Where a draft is kept."""
    return DATA / f"{name}.heapsnapshot.gz"


if __name__ == "__main__":
    for name, make in DRAFTS.items():
        file(name).write_bytes(gzip.compress(make().encode(), mtime=0))
