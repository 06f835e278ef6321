"""The objects that a query finds: of filters with an argument, and beside a look at every single object."""

from __future__ import annotations

import numpy as np
import pytest

from heaptui.demo import FILES
from heaptui.heap import Heap, load_heap
from heaptui.heap.filters import FILTERS
from heaptui.heap.heap import load_light
from heaptui.query.choosing import chosen
from heaptui.query.vocabulary import WHOLE, WORDS
from tests.conftest import DATA


@pytest.fixture(scope="module")
def recorded() -> Heap:
    return load_heap(DATA / "chrome-timeline.heaptimeline.gz")


def test_all_filters_are_words() -> None:
    assert {name for name in FILTERS if name not in WORDS} == set()


def test_ids_are_those_after_the_first(demo: tuple[Heap, Heap]) -> None:
    ids = demo[1].snapshot.nodes.id
    assert set(ids[chosen(demo[1], "ids:@100-@200")]) == {i for i in ids if 100 < i <= 200}


def test_new_since_a_file(demo: tuple[Heap, Heap]) -> None:
    mask = chosen(demo[1], f"new-since:{FILES[0]}")
    assert set(demo[1].snapshot.nodes.id[~mask]) <= set(demo[0].snapshot.nodes.id)
    assert not set(demo[1].snapshot.nodes.id[mask]) & set(demo[0].snapshot.nodes.id)


def test_allocated_by_a_function_called_by_another(recorded: Heap) -> None:
    found = recorded.allocations
    assert found is not None
    names = [found.frame(i).function for i in range(len(found.traces.function_name))]
    function = names.index("allocInner")
    mask = chosen(recorded, "allocated-by:allocInner")
    stacks = {node: found.stack(node) for node in np.flatnonzero(mask)[::50].tolist()}
    assert all(stack[0].function == "allocInner" for stack in stacks.values())
    assert np.array_equal(mask, chosen(recorded, f"allocated-by:{function}"))
    caller = next(iter(stacks.values()))[1].function
    called = chosen(recorded, f"allocated-by:allocInner,{caller or '(anonymous)'}")
    assert 0 < called.sum() <= mask.sum()
    assert not (called & ~mask).any()
    for node in np.flatnonzero(called)[::50].tolist():
        assert found.stack(node)[1].function == caller


def test_others_are_not_allocated_by_it(recorded: Heap) -> None:
    found = recorded.allocations
    assert found is not None
    mask = chosen(recorded, "allocated-by:allocInner")
    others = np.flatnonzero(~mask)[::200].tolist()
    assert not any(stack and stack[0].function == "allocInner" for stack in map(found.stack, others))


@pytest.mark.parametrize(
    ("written", "said"), [("allocated-by:nobody", "no function 'nobody'"), ("native-context:@3", "@3 is no native")]
)
def test_what_a_heap_lacks(recorded: Heap, written: str, said: str) -> None:
    with pytest.raises(LookupError, match=said):
        chosen(recorded, written)


def test_a_heap_without_stacks(demo: tuple[Heap, Heap]) -> None:
    with pytest.raises(LookupError, match="without allocation stacks"):
        chosen(demo[1], "allocated-by:f")


def test_a_light_heap_says_what_it_cannot_tell(demo: tuple[Heap, Heap]) -> None:
    light = load_light(FILES[1])
    written = {"retained": "retained>1", "distance": "distance<5", "class": "class:/^Buf/", "shallow": "shallow>99"}
    written |= {"edge": "edge=error", "string": "string:error", "script": "script:seed", "type": "type:closure"}
    for name, word in WORDS.items():
        query = name if word.kind == "flag" else written.get(name)
        if query is None or name == "new":
            continue
        if name in WHOLE:
            with pytest.raises(LookupError, match="not known in light mode"):
                chosen(light, query)
        else:
            assert np.array_equal(chosen(light, query), chosen(demo[1], query)), query
