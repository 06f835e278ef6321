"""A query finds what a look at every single object finds, in plain Python."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import cached_property

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heaptui.heap import Heap, load_heap
from heaptui.query.choosing import chosen
from heaptui.query.parsing import parse
from heaptui.query.terms import All, AnyOf, Not, Query, Term
from heaptui.query.vocabulary import UNITS
from heaptui.snapshot.progress import Cancelled, Progress
from tests.building import Draft
from tests.conftest import DATA

_TEXTS = st.sampled_from(
    [
        "",
        "a",
        "S",
        "Sess",
        "system",
        "(string)",
        "length",
        "0",
        "1",
        "node",
        "map",
        "é",
        "Object",
        "{",
        "first",
        "=",
        "\\",
    ]
)
_REGEXES = st.sampled_from(
    ["^[A-Z]", "e$", "a.c|s+t", "map", "\\d\\d", ".", "^$", "[{,]", "(?i)NODE", "ssion", "SSess$"]
)
_WORDS = st.sampled_from(["class", "name", "string", "edge", "script"])
_ORDERED = st.sampled_from(["<", "<=", ">", ">=", "=", "!=", ":"])
_SIZES = st.builds("{}{}".format, st.integers(0, 300), st.sampled_from(["", "B", "kB", "KiB"]))

_COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

terms = (
    st.builds(Term, _WORDS, st.sampled_from([":", "=", "!="]), _TEXTS)
    | st.builds(Term, _WORDS, st.sampled_from([":", "!="]), _REGEXES, st.just(True))
    | st.builds(Term, st.sampled_from(["retained", "shallow"]), _ORDERED, _SIZES)
    | st.builds(Term, st.sampled_from(["distance", "id"]), _ORDERED, st.integers(0, 60).map(str))
    | st.builds(Term, st.just("type"), st.sampled_from([":", "!="]), st.sampled_from(["string", "closure", "object"]))
    | st.sampled_from([Term("detached"), Term("unreachable"), Term("duplicate-strings")])
)
queries: st.SearchStrategy[Query] = st.recursive(
    terms,
    lambda inner: (
        inner.map(Not)
        | st.lists(inner, min_size=2, max_size=3).map(lambda of: All(tuple(of)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda of: AnyOf(tuple(of)))
    ),
    max_leaves=4,
)


def _ropes() -> Draft:
    """Strings in all kinds, a plain object, a detached node, edges with names and numbers."""
    draft = Draft()
    root = draft.add("synthetic", "")
    both, outer = draft.add("concatenated string", "Ses", 20), draft.add("concatenated string", "", 24)
    first, second = draft.add("string", "Sess", 16), draft.add("string", "ion=é\n\\0", 16)
    draft.link(both, first, "first", "internal")
    draft.link(both, second, "second", "internal")
    draft.link(outer, both, "first", "internal")
    draft.link(outer, first, "second", "internal")
    plain = draft.add("object", "Object", 32)
    again = draft.add("object", "Object", 32)
    for source in (plain, again):
        draft.link(source, first, "length")
        draft.link(source, outer, "map")
    node = draft.add("native", "<div class=a>", 48, detachedness=2)
    draft.link(root, plain, 1, "element")
    draft.link(root, again, "0 / DevTools console", "shortcut")
    draft.link(plain, node, 0, "element")
    draft.link(plain, draft.add("sliced string", "ess", 20), 1, "hidden")
    draft.add("closure", "lost", 64)
    made = draft.add("closure", "made", 64)
    draft.link(again, made, "context", "context")
    draft.link(again, made, "cache", "weak")
    draft.locations.append((made, 3, 1, 2))
    return draft


@pytest.fixture(scope="module", params=["ropes", "node20-strings", "chrome-detached"])
def heap(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Heap:
    if request.param != "ropes":
        return load_heap(DATA / f"{request.param}.heapsnapshot.gz")
    file = tmp_path_factory.mktemp("drafts") / "ropes.heapsnapshot"
    file.write_bytes(_ropes().encode())
    return load_heap(file)


def _fits(term: Term, text: str) -> bool:
    if term.regex:
        return re.search(term.value, text) is not None
    return term.value.casefold() in text.casefold() if term.operator == ":" else text == term.value


def _compares(term: Term, value: float) -> bool:
    number = re.fullmatch(r"(\d+)(\w*)", term.value)
    assert number
    wanted = int(number[1]) * UNITS.get(number[2], 1)
    return bool(_COMPARISONS.get(term.operator, operator.eq)(value, wanted))


class _Naive:
    """Looks at one object after the other."""

    def __init__(self, heap: Heap) -> None:
        self.heap = heap
        self.said = [heap.names.node(i) for i in range(heap.node_count)]
        self.edges: list[list[str]] = [[] for _ in range(heap.node_count)]
        self.numbers: list[list[str]] = [[] for _ in range(heap.node_count)]
        for edge, target in enumerate(heap.snapshot.edges.to_node.tolist()):
            if heap.edge_type(edge) in ("element", "hidden"):
                self.numbers[target].append(str(int(heap.snapshot.edges.name_or_index[edge])))
            else:
                self.edges[target].append(heap.names.text(int(heap.snapshot.edges.name_or_index[edge])))
        self.ids = [heap.id(i) for i in range(heap.node_count)]
        self.doubled = set(heap.duplicates.nodes.tolist())

    def finds(self, query: Query, i: int) -> bool:
        match query:
            case Not():
                return not self.finds(query.of, i)
            case All():
                return all(self.finds(one, i) for one in query.of)
            case AnyOf():
                return any(self.finds(one, i) for one in query.of)
        return self._term(query, i) != (query.operator == "!=")

    def _term(self, term: Term, i: int) -> bool:
        heap = self.heap
        match term.word:
            case "class":
                return _fits(term, heap.classes.names[int(heap.classes.of[i])])
            case "name":
                return _fits(term, self.said[i])
            case "string":
                return heap.node_type(i).endswith("string") and _fits(term, self.said[i])
            case "edge":
                by_number = not term.regex and term.value in self.numbers[i]
                return by_number or any(_fits(term, name) for name in self.edges[i])
            case "script":
                place = heap.scripts.of(i)
                return place is not None and place.script is not None and _fits(term, place.script)
            case "type":
                return heap.node_type(i) == term.value
            case "id":
                return _compares(term, self.ids[i])
            case "retained":
                return _compares(term, int(heap.retained_size[i]))
            case "shallow":
                return _compares(term, int(heap.shallow_size[i]))
            case "distance":
                shown = heap.shown_distance(i)
                return _compares(term, float("inf") if shown is None else shown)
            case "detached":
                return int(heap.detachedness[i]) == 2
            case "duplicate-strings":
                return i in self.doubled
        return heap.shown_distance(i) is None and not self._reached[i]

    @cached_property
    def _reached(self) -> list[bool]:
        heap = self.heap
        seen, todo = [False] * heap.node_count, [heap.snapshot.root]
        seen[heap.snapshot.root] = True
        while todo:
            node = todo.pop()
            for edge in heap.edges(node).tolist():
                target = int(heap.snapshot.edges.to_node[edge])
                if not seen[target] and heap.edge_type(edge) != "weak":
                    seen[target] = True
                    todo.append(target)
        return seen


@pytest.fixture(scope="module")
def naive(heap: Heap) -> _Naive:
    return _Naive(heap)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries)
def test_each_object_is_found_or_not(naive: _Naive, query: Query) -> None:
    found = chosen(naive.heap, str(query))
    step = max(1, naive.heap.node_count // 400)
    for i in range(0, naive.heap.node_count, step):
        assert found[i] == naive.finds(query, i), (str(query), i, naive.said[i])


def test_it_can_be_cancelled(heap: Heap) -> None:
    progress = Progress()
    progress.cancel()
    for typed in ("name:/a/", "string:/a/", "edge:/a/", "retained>1 or class:x"):
        with pytest.raises(Cancelled):
            chosen(heap, typed, progress)


def test_new_is_what_the_base_lacks(demo: tuple[Heap, Heap]) -> None:
    base, current = demo
    found = chosen(current, "new", base=base)
    assert np.array_equal(found, chosen(current, f"new-since:{base.snapshot.path}"))
    assert np.array_equal(found, ~np.isin(current.snapshot.nodes.id, base.snapshot.nodes.id))
    with pytest.raises(LookupError, match="`new` needs an earlier snapshot"):
        chosen(current, "new")


def test_an_expression_that_hangs_others_ends(load_draft: Callable[[Draft], Heap]) -> None:
    draft = Draft()
    root = draft.add("synthetic", "")
    long = draft.add("string", "a" * 2_000_000 + "!", 2_000_000)
    draft.link(root, long, 1, "element")
    heap = load_draft(draft)
    for expression in ("(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*a){20}$", "([a-z]+)*="):
        assert not chosen(heap, f"string:/{expression}/").any()
    assert chosen(heap, "string:/(a+)+!$/")[long]


def test_types_are_those_of_the_file(demo: tuple[Heap, Heap]) -> None:
    with pytest.raises(LookupError, match="no node type 'klosure'; there are hidden, array, string"):
        chosen(demo[0], "type:klosure")


def test_what_is_typed_is_what_is_written(demo: tuple[Heap, Heap]) -> None:
    typed = 'class:/^Buf/ (retained>=1kB or -distance<6) name!="x y"'
    assert np.array_equal(chosen(demo[1], typed), chosen(demo[1], str(parse(typed))))
