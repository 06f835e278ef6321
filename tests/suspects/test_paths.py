"""Telling paths on real and random snapshots, against networkx with costs read off the knowledge."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heaptui.heap import Heap, load_heap
from heaptui.suspects.knowledge import costs
from heaptui.suspects.paths import NOBODY, TellingPaths, find_paths
from heaptui.suspects.trail import step
from tests.building import Draft
from tests.conftest import DATA
from tests.suspects.naive import Naive
from tests.suspects.programs import Program, Run

Load = Callable[[Draft], Heap]


def check_paths(heap: Heap) -> None:
    """Every path is as cheap as any, begins where paths may begin, and has its parents first."""
    naive, paths = Naive(heap), find_paths(heap)
    seeds = naive.seeds()
    found: dict[int, int] = {}
    to_node, first_edge = heap.snapshot.edges.to_node, heap.snapshot.nodes.first_edge
    for node in paths.order.tolist():
        parent, edge = int(paths.parent[node]), int(paths.parent_edge[node])
        assert (parent == NOBODY) == (edge == NOBODY)
        if parent == NOBODY:
            found[node] = seeds[node]
            continue
        assert first_edge[parent] <= edge < first_edge[parent + 1]
        assert to_node[edge] == node
        cost = naive.step_cost(parent, heap.edge_type(edge), heap.names.edge(edge), node)
        assert cost is not None
        # A parent that comes later has no cost yet.
        found[node] = found[parent] + cost
    assert found == naive.cheapest()
    rest = np.setdiff1d(np.arange(heap.node_count), paths.order)
    assert (paths.parent[rest] == NOBODY).all()


@pytest.mark.parametrize(
    "file", ["node20-weakmap", "chrome-before", "hostile-base", "rare-page", "rare-walks", "rare-names"]
)
def test_paths_of_a_real_snapshot_are_as_cheap_as_networkx_finds(file: str) -> None:
    check_paths(load_heap(str(DATA / f"{file}.heapsnapshot.gz")))


KINDS = ("element", "property", "internal", "hidden", "weak", "context", "shortcut")
WORDS = [*costs.INTERNAL_EDGES, *costs.NAMED_EDGES, *costs.NODE_NAMES, "scope_info", "system / NativeContext", "other"]


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Graphs of everything that costs something."""
    draft = Draft()
    count = draw(st.integers(1, 12))
    draft.add("synthetic", "")
    types = st.sampled_from(["object", "hidden", "native", "closure", "string", "code", "array", "synthetic"])
    names = st.sampled_from(["system / Context", "system / Context / more", "system / Other", "", *WORDS])
    for _ in range(count):
        draft.add(draw(types), draw(names), 8)
    draft.link(0, 1, 1, "element")
    node = st.integers(0, count)
    for source, target, kind, name in draw(
        st.lists(st.tuples(node, node, st.sampled_from(KINDS), st.sampled_from(WORDS)), max_size=50)
    ):
        numbered = kind in ("element", "hidden")
        draft.link(source, target, len(draft.nodes[source].edges) if numbered else name, kind)
    return draft


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draft=drafts())
def test_paths_of_random_graphs_are_as_cheap_as_networkx_finds(load_draft: Load, draft: Draft) -> None:
    check_paths(load_draft(draft))


def test_a_heap_without_edges_has_paths_to_its_root(load_draft: Load) -> None:
    draft = Draft()
    draft.add("synthetic", "")
    draft.add("object", "system / Context", 8)
    assert find_paths(load_draft(draft)).order.tolist() == [0]


def said(paths: TellingPaths, node: int) -> list[str]:
    """The names of the edges on a path."""
    return [step(paths.heap, edge, at).edge_name for edge, at in paths.steps(node)][1:]


def test_a_path_over_a_variable_tells_more_than_one_over_the_engine(load_draft: Load) -> None:
    program = Program(Run())
    sessions = program.variable("sessions", "Map")
    program.draft.link(program.gc_roots, sessions, 7, "hidden")
    entry = program.fill_table(sessions, 1)[0]
    paths = find_paths(load_draft(program.draft))
    assert paths.steps(entry)[0] == (-1, program.module)
    assert said(paths, entry) == ["sessions", "table", "6"]


def test_a_path_through_the_program_tells_more_than_one_through_a_package(load_draft: Load) -> None:
    program = Program(Run())
    package = program.scope("package", "/srv/node_modules/bus/index.js", program.native)
    store = program.variable("store", "Store")
    channel = program.put(store, "channel", "channel", "Channel")
    program.draft.link(package, channel, "current", "context")
    own = program.put(package, "own", "own", "Own", kind="context")
    paths = find_paths(load_draft(program.draft))
    check_paths(paths.heap)
    assert said(paths, channel) == ["store", "channel"]
    assert said(paths, own) == ["own"]


def test_a_scope_that_is_not_known_from_before_begins_no_path(load_draft: Load) -> None:
    program = Program(Run())
    entry = program.variable("sessions", "Map")
    heap = load_draft(program.draft)
    known = np.ones(heap.node_count, bool)
    known[program.module] = False
    assert find_paths(heap).steps(entry)[0][1] == program.module
    assert find_paths(heap, known).steps(entry)[0][1] != program.module


def test_a_scope_that_there_is_twice_begins_no_path(load_draft: Load) -> None:
    program = Program(Run())
    holder = program.put(program.globals, "handlers", "handlers")
    scopes = []
    for i in range(2):
        scopes.append(program.scope(("handler", i), "/srv/app/a.js", program.native, "handle", "shared info"))
        program.draft.link(holder, scopes[-1], f"x{i}")
    paths = find_paths(load_draft(program.draft))
    assert [paths.steps(scope)[0][1] for scope in scopes] == [program.globals] * 2


def test_weak_edges_lead_nowhere(load_draft: Load) -> None:
    program = Program(Run())
    thing = program.put(program.globals, "thing", "thing", kind="weak")
    paths = find_paths(load_draft(program.draft))
    assert thing not in paths.order
    assert paths.steps(thing) == [(-1, thing)]


def test_a_weak_map_does_not_keep_its_values(load_draft: Load) -> None:
    program = Program(Run())
    cache = program.variable("cache", "WeakMap")
    table = program.put(cache, "table", "table", "", 16, "internal", "array")
    key, other = program.put(program.globals, "key", "key", "Key"), program.put(program.globals, "by", "by", "Other")
    value = program.node("value", "object", "Value", 64)
    of_key, of_table = program.draft.nodes[key].id, program.draft.nodes[table].id
    pair = f"7 / part of key (Key @{of_key}) -> value (Value @9) pair in WeakMap (table @{of_table})"
    program.draft.link(key, value, pair, "internal")
    program.draft.link(table, value, pair, "internal")
    program.draft.link(table, other, "12", "internal")
    paths = find_paths(load_draft(program.draft))
    assert int(paths.parent[value]) == key
