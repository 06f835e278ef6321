"""What came and what went between two snapshots, against dictionaries and naive walks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from heaptui.heap import Heap, load_heap
from heaptui.suspects.growth import Growth, find_growth
from heaptui.suspects.paths import NOBODY
from tests.building import Draft
from tests.suspects.drafts import PAIRS
from tests.suspects.programs import Program, Run

Load = Callable[[Draft], Heap]
SCENARIOS = Path(__file__).parent.parent / "scenarios" / "data"


def check_growth(growth: Growth) -> None:
    """Matches, weights, and what is gone, against naive loops; sums are conserved."""
    base, current, looks = growth.base, growth.current, growth.looks
    assert base is not None
    assert growth.base_paths is not None
    old = {base.id(i): i for i in range(base.node_count)}
    before = [old.get(current.id(i), NOBODY) for i in range(current.node_count)]
    assert growth.before.tolist() == before
    weight = [
        int(current.shallow_size[i]) - (0 if before[i] == NOBODY else int(base.shallow_size[before[i]]))
        for i in range(current.node_count)
    ]
    assert growth.weight.tolist() == weight
    assert growth.net_size == current.total_size - base.total_size

    reached = set(growth.paths.order.tolist())
    grown = [i for i in reached if before[i] == NOBODY or weight[i] > 0]
    expected = [0] * len(looks)
    for i in grown:
        expected[looks.merged[i]] += weight[i]
    assert looks.own.tolist() == expected
    # All that grew is at some number, and all of it hangs from where paths begin.
    assert int(looks.own.sum()) == sum(max(0, weight[i]) for i in reached)
    assert int(looks.size[looks.above == NOBODY].sum()) == int(looks.own.sum())
    assert int(looks.new.sum()) == sum(before[i] == NOBODY for i in reached)

    # What is gone hangs from the nearest on its path that stays, and in the current heap from the nearest that grew;
    # so does what others lost of their size.
    after = {before[i]: i for i in range(current.node_count) if before[i] != NOBODY}
    ways = {above for i in grown for above in walk_up(growth.paths.parent, i)}
    lost = [(i, 0, -weight[i]) for i in range(current.node_count) if weight[i] < 0]
    for i in growth.base_paths.order.tolist():
        anchor = next((after[above] for above in walk_up(growth.base_paths.parent, i) if above in after), None)
        if i not in after and anchor is not None:
            lost.append((anchor, 1, int(base.shallow_size[i])))
    gone, gone_size = [0] * len(looks), [0] * len(looks)
    for anchor, count, size in lost:
        nearest = next((above for above in walk_up(growth.paths.parent, anchor) if above in ways), None)
        number = NOBODY if nearest is None else int(looks.merged[nearest])
        while number != NOBODY:
            gone[number] += count
            gone_size[number] += size
            number = int(looks.above[number])
    assert growth.gone.tolist() == gone
    assert growth.gone_size.tolist() == gone_size


def walk_up(parent: np.ndarray[tuple[int], np.dtype[np.uint32]], node: int) -> list[int]:
    found = [node]
    while parent[found[-1]] != NOBODY:
        found.append(int(parent[found[-1]]))
    return found


@pytest.mark.parametrize(
    ("base", "current"),
    [("gateway-2", "gateway-3"), ("jobs-1", "jobs-0"), ("shop-0", "shop-1"), ("mailer-1", "mailer-1")],
)
def test_growth_of_real_pairs(base: str, current: str) -> None:
    heaps = [load_heap(str(SCENARIOS / f"{name}.heapsnapshot.gz")) for name in (base, current)]
    check_growth(find_growth(heaps[0], heaps[1]))


def test_growth_of_the_demo(demo: tuple[Heap, Heap]) -> None:
    check_growth(find_growth(*demo))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=PAIRS)
def test_growth_of_random_pairs(load_draft: Load, pair: tuple[Draft, Draft]) -> None:
    base, current = (load_draft(draft) for draft in pair)
    # Ids and classes at random agree too seldom to be taken for those of one process.
    with patch("heaptui.suspects.growth._AGREE", 0.0):
        growth = find_growth(base, current)
    if growth.strangers:
        common = set(base.snapshot.nodes.id.tolist()) & set(current.snapshot.nodes.id[current.counted].tolist())
        assert not common
    else:
        check_growth(growth)


def test_without_a_base_everything_is_new(demo: tuple[Heap, Heap]) -> None:
    heap = demo[1]
    growth = find_growth(None, heap)
    assert growth.new.all()
    assert np.array_equal(growth.weight, heap.shallow_size)
    assert not growth.gone.any()
    assert int(growth.looks.size[growth.looks.above == NOBODY].sum()) == int(
        heap.shallow_size[growth.paths.order].sum()
    )


def test_what_v8_makes_for_itself_is_no_visible_growth(load_draft: Load) -> None:
    run = Run()
    base, current = Program(run), Program(run)
    for i, (kind, size) in enumerate([("code", 1000), ("object shape", 2000), ("hidden", 4000), ("object", 8000)]):
        current.put(current.globals, f"x{i}", i, "Thing", size, type=kind)
    growth = find_growth(load_draft(base.draft), load_draft(current.draft))
    assert growth.net_size == 15_000
    # Hidden things that one object owns alone are that object's.
    assert growth.visible_size == 12_000


@pytest.mark.parametrize("size", [3 << 30, 5 << 30, 1 << 40])
def test_objects_of_more_than_four_gigabytes(load_draft: Load, size: int) -> None:
    run = Run()
    base, current = Program(run, filler=size), Program(run, filler=size)
    added = current.put(current.globals, "large", "large", "Large", size)
    growth = find_growth(load_draft(base.draft), load_draft(current.draft))
    assert growth.net_size == size
    assert int(growth.weight[added]) == size
    assert int(growth.weight.sum()) == size


def test_ids_that_are_there_twice_do_no_harm(load_draft: Load) -> None:
    run = Run()
    base, current = Program(run), Program(run)
    for program in (base, current):
        for i in range(3):
            program.draft.link(program.globals, program.draft.add("object", "Twin", 50, id=999_999), f"twin{i}")
    growth = find_growth(load_draft(base.draft), load_draft(current.draft))
    assert int(growth.weight.sum()) == 0
    assert not growth.new.any()
