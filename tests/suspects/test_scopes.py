"""Scopes of modules and functions in snapshots of many versions, against naive loops and the programs' sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from heaptui.suspects.paths import find_paths
from heaptui.suspects.scopes import Scopes, is_internal
from tests.building import Draft
from tests.conftest import DATA

Load = Callable[[Draft], Heap]
SCENARIOS = Path(__file__).parent.parent / "scenarios"
FOLDERS = (DATA, SCENARIOS / "data")
DEMO = FILES[1]


@cache
def scopes_of(file: str) -> Scopes:
    name = f"{file}.heapsnapshot.gz"
    (where,) = [DEMO] if file == "demo" else [at for d in FOLDERS if (at := d / name).exists()]
    return find_paths(load_heap(str(where))).scopes


def variables(scopes: Scopes, index: int) -> set[str]:
    heap, context = scopes.heap, int(scopes.contexts[index])
    return {heap.names.edge(int(e)) for e in heap.edges(context) if heap.edge_type(int(e)) == "context"}


def with_variable(scopes: Scopes, name: str) -> list[int]:
    return [i for i in range(len(scopes.contexts)) if name in variables(scopes, i) and not scopes.internal[i]]


VERSIONS = ["node12", "node16", "node20", "node22", "node26", "deno-v8", "chrome-detached", "bun-v8module"]


@pytest.mark.parametrize("file", VERSIONS)
def test_contexts_and_what_they_belong_to_are_those_of_naive_loops(file: str) -> None:
    scopes = scopes_of(file)
    heap = scopes.heap

    def named(ordinal: int | None, name: str) -> bool:
        return ordinal is not None and re.match(rf"{name}( / |$)", heap.names.raw(ordinal)) is not None

    def target(ordinal: int, edge: str) -> int | None:
        for e in heap.edges(ordinal):
            if heap.names.edge(int(e)) == edge and heap.edge_type(int(e)) == "internal":
                return int(heap.snapshot.edges.to_node[e])
        return None

    contexts = [i for i in range(heap.node_count) if named(i, "system / Context")]
    assert scopes.contexts.tolist() == contexts
    infos = [target(context, "scope_info") for context in contexts]
    count = Counter(infos)
    assert scopes.once.tolist() == [info is not None and count[info] == 1 for info in infos]
    assert scopes.top.tolist() == [
        named(target(context, "previous"), "system / NativeContext")
        or named(target(context, "extension"), "system / SourceTextModule")
        for context in contexts
    ]
    closures: dict[int, int] = {}
    for ordinal in sorted(set(heap.snapshot.locations.ordinal.tolist())):
        if heap.node_type(ordinal) == "closure" and (used := target(ordinal, "context")) is not None:
            closures.setdefault(used, ordinal)
    assert scopes.closure.tolist() == [closures.get(context, -1) for context in contexts]
    places = {context: heap.scripts.of(closure) for context, closure in closures.items()}
    assert scopes.internal.tolist() == [
        (place := places.get(context)) is not None and is_internal(place.script or "") for context in contexts
    ]
    assert [scopes.index(context) for context in contexts] == list(range(len(contexts)))
    assert scopes.index(heap.snapshot.root) is None


@pytest.mark.parametrize(
    ("file", "variable", "script"),
    [
        *((version, "Kennel", "/srv/shop/scripts/versions/small.js") for version in VERSIONS[:5]),
        ("chrome-detached", "CardModel", "http://localhost:32983/dom.html"),
        ("demo", "producer", "/srv/shop/scripts/seed/seed.js"),
        ("gateway-1", "sessions", "file:///tmp/scenarios/app/sessions.mjs"),
        ("gateway-1", "articles", "file:///tmp/scenarios/app/gateway.mjs"),
        ("gateway-1", "LENGTH_CALCULATOR", "/tmp/scenarios/app/node_modules/lru-cache/index.js"),
        ("metrics-1", "flushes", "file:///tmp/scenarios/app/metrics.mjs"),
        ("orders-1", "auditTrail", "/tmp/scenarios/app/orders.js"),
        ("mailer-1", "receipts", "/tmp/scenarios/app/mailer.js"),
        ("shop-1", "undo", "http://localhost:39403/shop.html"),
    ],
)
def test_variables_of_modules(file: str, variable: str, script: str) -> None:
    scopes = scopes_of(file)
    (index,) = with_variable(scopes, variable)
    assert scopes.is_module(index)
    assert scopes.once[index]
    assert scopes.function(index) == ""
    place = scopes.place(index)
    assert place is not None
    assert place.script == script


@pytest.mark.parametrize(
    ("file", "variable", "function"),
    [
        *((version, "kennel", "fill") for version in [*VERSIONS[:5], "deno-v8"]),
        ("demo", "innerData", "run3"),
        ("chrome-detached", "model", "CardView"),
        ("mailer-1", "cache", "memoize"),
        ("mailer-2", "previous", "reconnect"),
        ("chat-1", "member", "join"),
        ("chat-1", "peer", "watch"),
    ],
)
def test_variables_of_functions(file: str, variable: str, function: str) -> None:
    scopes = scopes_of(file)
    found = with_variable(scopes, variable)
    assert found
    assert {scopes.function(index) for index in found} == {function}
    assert not any(scopes.is_module(index) for index in found)


def test_a_function_around_a_script_of_a_page_is_no_module() -> None:
    scopes = scopes_of("chrome-detached")
    (index,) = with_variable(scopes, "kFunctionBindingPrefix")
    assert scopes.top[index]
    assert not scopes.is_module(index)


def sources(scopes: Scopes) -> Iterator[tuple[int, str]]:
    """The scopes of the scenarios' own programs, with the source of each."""
    for index in range(len(scopes.contexts)):
        place = scopes.place(index)
        program = SCENARIOS / "programs" / Path((place and place.script) or "-").name
        if place and "/app/" in (place.script or "") and "node_modules" not in str(place.script) and program.exists():
            yield index, program.read_text()


@pytest.mark.parametrize("file", ["orders-4", "chat-2", "jobs-4", "gateway-3", "ingest-4", "mailer-2", "metrics-1"])
def test_scopes_are_those_of_the_source(file: str) -> None:
    scopes = scopes_of(file)
    modules = False
    for index, source in sources(scopes):
        found = variables(scopes, index)
        function = scopes.function(index)
        if scopes.is_module(index):
            modules = True
            # Declared at the left margin, or the wrapper's own.
            declared = set(
                re.findall(r"^(?:export )?(?:async )?(?:const|let|var|class|function) +\**(\w+)", source, re.M)
            )
            imported = re.findall(r"^(?:const|import) +\{?([^}=]+?)\}? (?:=|from)", source, re.M)
            declared |= {name.split(":")[-1].strip() for names in imported for name in names.split(",")}
            assert found <= declared | {"require", "module", "exports", "this"}, found - declared
            assert function == ""
        elif function:
            assert re.search(rf"\b{function}\s*\(|\b{function} =", source)
        assert all(re.search(rf"\b{name}\b", source) for name in found if name.isidentifier())
    assert modules


@pytest.mark.parametrize("script", ["node:internal/timers", "internal/util.js", "timers.js", "ext:core/01_core.js"])
def test_scripts_of_the_runtime(script: str) -> None:
    assert is_internal(script)


@pytest.mark.parametrize(
    "script",
    [
        "/srv/app/timers.js",
        "file:///srv/app/main.mjs",
        "http://localhost/app.js",
        "C:\\app\\main.js",
        "src/main.js",
        "",
    ],
)
def test_scripts_of_the_program(script: str) -> None:
    assert not is_internal(script)


def scope_draft(references: list[tuple[str, str | int, str, str]], variable: str = "cache") -> Draft:
    """A context with one variable; the references of its ScopeInfo are (edge type, name, target's type and name)."""
    draft = Draft()
    root = draft.add("synthetic", "")
    native = draft.add("hidden", "system / NativeContext", 8)
    outer = draft.add("object", "system / Context", 8)
    context = draft.add("object", "system / Context", 8)
    info = draft.add("hidden", "system / ScopeInfo", 8)
    draft.link(root, context, 1, "element")
    draft.link(context, info, "scope_info", "internal")
    draft.link(context, outer, "previous", "internal")
    draft.link(outer, native, "previous", "internal")
    draft.link(context, draft.add("object", "Map", 8), variable, "context")
    for kind, name, node_type, text in references:
        draft.link(info, draft.add(node_type, text, 8), name, kind)
    return draft


@pytest.mark.parametrize(
    ("references", "function"),
    [
        pytest.param(
            [("hidden", 5, "string", "cache"), ("hidden", 6, "string", "memoize"), ("hidden", 7, "code", "outer")],
            "memoize",
            id="numbered in a row",
        ),
        pytest.param([("hidden", 5, "string", "cache"), ("hidden", 6, "hidden", "x")], "", id="without a name"),
        pytest.param([("hidden", 4, "string", "memoize")], "memoize", id="the name alone"),
        pytest.param(
            [
                ("internal", "5", "string", "cache"),
                ("internal", "7", "string", "memoize"),
                ("internal", "9", "code", "x"),
            ],
            "memoize",
            id="numbered by field",
        ),
        pytest.param([("internal", "5", "string", "cache")], "", id="by field without a name"),
        pytest.param([], "", id="no references"),
    ],
)
def test_the_name_of_a_function_stands_behind_its_variables(
    load_draft: Load, references: list[tuple[str, str | int, str, str]], function: str
) -> None:
    scopes = find_paths(load_draft(scope_draft(references))).scopes
    assert scopes.function(1) == function


@pytest.mark.parametrize("file", [*VERSIONS, "metrics-1", "gateway-3"])
def test_a_script_has_a_name_or_none(file: str) -> None:
    """What V8 writes in the place of a text, such as "(sliced string)", is no name."""
    assert not [name for name in scopes_of(file).heap.scripts.names.values() if name.startswith("(")]
